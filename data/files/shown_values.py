"""Cells as the reader of a sheet sees them: a number, a day or a text in the format of its cell."""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from data.files.number_format import GENERAL, NumberFormat, Section

Cell = int | float | str | bool | time | date | datetime | timedelta
UNCLEAR = "#FORMAT!"  # stands for a cell whose shown value is not known
FIRST_DAY = datetime(1899, 12, 30)


def show_plain_number(value: float) -> str:
    """Return a number as a cell without a format has it: every digit that is stored, no exponent."""
    shown = f"{value:.15g}"
    return f"{Decimal(shown):f}" if "e" in shown else shown


def show_cell(cell: Cell, style: NumberFormat = GENERAL) -> str:
    """Return a cell as text, as the reader of its sheet sees it.

    552 without a point, 43.6%, 720.1亿元, 190.0万; of a day what its format shows: 2013, 2013-09 or 2013-09-30, and
    2013年1-9月 in full where the format has words of its own; "" for a zero that is not shown. A number that its format
    shows in another way (a time, nothing at all) is UNCLEAR.
    """
    if isinstance(cell, str):
        return _show_text(cell, style.text) if style.text and cell else cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if not isinstance(cell, int | float):
        return _show_stored_day(cell, style)
    return _show_by_section(cell, style.choose(cell))


def _show_by_section(cell: float, section: Section) -> str:
    if section.kind == "general":
        return show_plain_number(cell)
    if section.kind == "number":
        return _show_number(cell, section)
    if section.is_date and 1 <= cell < 2_958_466:  # the last day of the year 9999
        return _show_day(FIRST_DAY + timedelta(days=float(cell)), section)
    return _show_words(cell, section)


def _show_text(text: str, around: Section) -> str:
    return around.before if around.kind == "words" else f"{around.before}{text}{around.after}"


def _show_words(value: float, section: Section) -> str:
    """Return what a section without digits shows; a number that is hidden is not known to be none."""
    if section.kind == "words":
        return f"{'-' if value < 0 and section.signed else ''}{section.before}"
    return "" if section.kind == "hidden" and not value else UNCLEAR


def _show_number(value: float, section: Section) -> str:
    number = Decimal(f"{value:.15g}").scaleb(section.shift)
    if section.most < 0:
        shown = f"{number:f}"
    else:
        shown = f"{number.quantize(Decimal(1).scaleb(-section.most), ROUND_HALF_UP):f}"
        spare = len(shown) - len(shown.rstrip("0")) if "." in shown else 0
        shown = shown[: len(shown) - min(spare, section.most - section.least)].rstrip(".")
    sign, digits = ("-", shown[1:]) if shown.startswith("-") else ("", shown)
    before = section.before
    if not Decimal(shown):
        sign, before = "", before if value == 0 else before.removeprefix("-")
        if section.bare:
            digits = "." if section.most > 0 else ""
            if value == 0 and (before + section.after).strip("¥￥$€£ ") == "-":
                return "-"  # the dash of accounting formats, with or without a currency
    if len(digits.partition(".")[0]) < section.whole and digits.strip("."):
        digits = "0" * (section.whole - len(digits.partition(".")[0])) + digits
    return f"{sign if section.signed else ''}{before}{digits}{section.after}"


def _show_stored_day(cell: time | date | datetime | timedelta, style: NumberFormat) -> str:
    """Return a cell that the library took for a date or a time."""
    if isinstance(cell, timedelta):
        return UNCLEAR
    value = int(cell != time()) if isinstance(cell, time) else (datetime.combine(cell, time()) - FIRST_DAY).days
    section = style.choose(value)
    if section.is_date or section.kind == "general":
        return cell.isoformat() if isinstance(cell, time) else _show_day(cell, section)
    return _show_words(value, section)


def _show_day(cell: date | datetime, section: Section) -> str:
    if section.kind == "dated":
        return "".join(_show_part(cell, text) if kind == "date" else text for kind, text in section.parts).strip()
    parts = {"year": f"{cell.year}", "month": f"{cell.year}-{cell.month:02}", "month_name": f"{cell.month}月"}
    if section.kind in parts:
        return parts[section.kind]
    if isinstance(cell, datetime) and cell.time() != time():
        return cell.isoformat(" ")
    return cell.isoformat()[:10]


def _show_part(cell: date | datetime, code: str) -> str:
    """Return the year, month or day of a date: yyyy, yy, m, mm, d or dd."""
    if code[0] in "ye":
        return f"{cell.year % 100:02}" if code in ("y", "yy") else f"{cell.year}"
    return f"{cell.month if code[0] == 'm' else cell.day:0{len(code)}}"


def loses_digits(cell: Cell, style: NumberFormat) -> bool:
    """Return whether a number has digits that its format does not show."""
    if not isinstance(cell, int | float) or isinstance(cell, bool):
        return False
    section = style.choose(cell)
    if section.kind != "number" or section.most < 0:
        return False
    number = Decimal(f"{cell:.15g}").scaleb(section.shift)
    exponent = number.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent > section.most
