"""Number formats of spreadsheets: what the reader of a sheet sees of a number, a day or a month.

No library that is kept does this: readers of workbooks give the number and, at most, the code of its format. Here a
code is read as far as a table of figures needs it; what is left over is said, never guessed.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

Cell = int | float | str | bool | time | date | datetime | timedelta
UNCLEAR = "#FORMAT!"  # stands for a cell whose shown value is not known
FIRST_DAY = datetime(1899, 12, 30)
# The formats that have a number and no code; those of 27 to 36 and 50 to 58 as a Chinese spreadsheet program has them.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日",
    32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 36: "yyyy年m月", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "##0.0E+0", 49: "@", 50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月",
    53: "m月d日", 54: "m月d日", 55: "h:mm", 56: "h:mm:ss", 57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|[_*](?P<blank>.)|\[(?P<bracket>[^\]]*)\]|(?P<general>general)'
    r"|(?P<date>y+|m+|d+|h+|s+|b+|e+(?![+-])|a/p|am/pm|上午/下午|aaa+)|(?P<power>e[+-])|(?P<digits>[0#?.,]+)"
    r"|(?P<percent>%)|(?P<fraction>/)|(?P<text>@)|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class NumberFormat:
    """The format of a cell.

    kind: general (as a cell without a format, also where it shows a fraction or a power of ten), number, year, month,
    day, month_name, text, or other (a time, a condition: what it shows is not worked out). shift: the power of ten by
    which the number is multiplied, 2 for a per cent. least, most: digits after the point, most -1 for all; whole: the
    fewest before it. before, after: text around the number.
    """

    kind: str
    shift: int = 0
    least: int = 0
    most: int = 0
    whole: int = 1
    before: str = ""
    after: str = ""

    @property
    def is_plain(self) -> bool:
        """Return whether a number is shown as a cell without a format shows it."""
        return self.kind in ("general", "text")


GENERAL = NumberFormat("general")


def split_sections(code: str) -> list[str]:
    """Split the code of a format at its semicolons: for positive and negative numbers, zero and text."""
    sections, start = [], 0
    for match in TOKEN.finditer(code):
        if match["plain"] == ";":
            sections.append(code[start : match.start()])
            start = match.end()
    return [*sections, code[start:]]


@lru_cache(maxsize=4_096)
def parse_number_format(code: str) -> NumberFormat:
    """Parse the code of a format, its section for positive numbers."""
    section = split_sections(code)[0]
    if not section.strip():
        return NumberFormat("other") if code.strip() else GENERAL
    parts = [(str(match.lastgroup), match[match.lastgroup or 0]) for match in TOKEN.finditer(section)]
    marks = {kind for kind, _text in parts}
    if any(kind == "bracket" and re.match(r"[<>=]|[hms]+$", text, re.IGNORECASE) for kind, text in parts):
        # A condition: which section shows a number is not worked out, unless all of them show it as it is.
        return GENERAL if re.fullmatch(r"(\[[<>=][^\]]*\]|[0#?.;]|#,##0)+", code) else NumberFormat("other")
    if "date" in marks:
        return _parse_date_format("".join(text.lower()[:1] for kind, text in parts if kind == "date"))
    if marks & {"power", "fraction"}:
        return GENERAL
    if "text" in marks:
        return NumberFormat("text") if marks <= {"text", "blank", "bracket"} else NumberFormat("other")
    return _parse_digits(parts)


def _parse_date_format(letters: str) -> NumberFormat:
    """Return the format of a date with these parts, in their order: y, m, d, h, s and others."""
    if set(letters) <= {"y", "e"}:
        return NumberFormat("year")
    if set(letters) == {"m"}:
        return NumberFormat("month_name")
    if "y" in letters or "e" in letters or "d" in letters:
        return NumberFormat("day" if "d" in letters else "month")
    return NumberFormat("other")


def _parse_digits(parts: list[tuple[str, str]]) -> NumberFormat:
    """Return the format of a number."""
    before, after, digits, shift = "", "", "", 0
    for place, (kind, text) in enumerate(parts):
        more = any(later == "digits" for later, _text in parts[place + 1 :])
        if kind == "digits":
            digits += text
        elif kind == "general":
            digits += "General"
        elif kind == "bracket":
            before += text[1:].split("-")[0] if text.startswith("$") else ""
        elif kind in ("quoted", "escaped", "plain", "percent"):
            shift += 2 * (kind == "percent")
            if digits and more:
                if text != "." or "|" in digits:
                    return NumberFormat("other")
                digits += "|"  # 0!.0 shows the last digit behind a point: 1900 as 190.0
            else:
                before, after = (before, after + text) if digits else (before + text, after)
    if digits == "General" and not (shift or before or after):
        return GENERAL
    if digits == "General":
        return NumberFormat("number", shift, most=-1, before=before.strip(), after=after.strip())
    bare = digits.rstrip(",")
    shift -= 3 * (len(digits) - len(bare))
    whole, _point, decimals = bare.replace("|", ".").partition(".")
    shift -= 3 * (len(whole) - len(whole.rstrip(","))) if decimals else 0
    decimals = decimals.replace(",", "")
    if not bare or "General" in bare or "." in decimals or ("|" in bare and "." in bare):
        return NumberFormat("other")
    if "|" in bare:
        shift -= len(decimals)
    least = len(decimals.rstrip("#?"))
    return NumberFormat("number", shift, least, len(decimals), max(1, whole.count("0")), before.strip(), after.strip())


def show_plain_number(value: float) -> str:
    """Return a number as a cell without a format has it: every digit that is stored, no exponent."""
    shown = f"{value:.15g}"
    return f"{Decimal(shown):f}" if "e" in shown else shown


def show_cell(cell: Cell, style: NumberFormat = GENERAL) -> str:
    """Return a cell as text, as the reader of its sheet sees it.

    552 without a point, 43.6%, 720.1亿元, 190.0万; of a day what its format shows: 2013, 2013-09 or 2013-09-30. A
    number that its format shows in another way (a time, nothing at all) is UNCLEAR.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        if style.is_plain:
            return show_plain_number(cell)
        if style.kind == "number":
            return _show_number(cell, style)
        if style.kind == "other" or not 1 <= cell < 2_958_466:  # the last day of the year 9999
            return UNCLEAR
        cell = FIRST_DAY + timedelta(days=float(cell))
    return _show_day(cell, style)


def _show_number(value: float, style: NumberFormat) -> str:
    number = Decimal(f"{value:.15g}").scaleb(style.shift)
    if style.most < 0:
        shown = f"{number:f}"
    else:
        shown = f"{number.quantize(Decimal(1).scaleb(-style.most), ROUND_HALF_UP):f}"
        spare = len(shown) - len(shown.rstrip("0")) if "." in shown else 0
        shown = shown[: len(shown) - min(spare, style.most - style.least)].rstrip(".")
    sign, digits = ("-", shown[1:]) if shown.startswith("-") else ("", shown)
    if not Decimal(shown):
        sign = ""
    if len(digits.partition(".")[0]) < style.whole:
        digits = "0" * (style.whole - len(digits.partition(".")[0])) + digits
    return f"{sign}{style.before}{digits}{style.after}"


def _show_day(cell: time | date | datetime | timedelta, style: NumberFormat) -> str:
    if isinstance(cell, timedelta):
        return UNCLEAR
    if isinstance(cell, time):
        return cell.isoformat()
    parts = {"year": f"{cell.year}", "month": f"{cell.year}-{cell.month:02}", "month_name": f"{cell.month}月"}
    if style.kind in parts:
        return parts[style.kind]
    if isinstance(cell, datetime) and cell.time() != time():
        return cell.isoformat(" ")
    return cell.isoformat()[:10]


def loses_digits(cell: Cell, style: NumberFormat) -> bool:
    """Return whether a number has digits that its format does not show."""
    if not isinstance(cell, int | float) or isinstance(cell, bool) or style.kind != "number" or style.most < 0:
        return False
    number = Decimal(f"{cell:.15g}").scaleb(style.shift)
    exponent = number.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent > style.most
