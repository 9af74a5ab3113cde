"""Format figures: as printed, with the unit, in the reader's language."""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

import polars as pl

from data.themes import THEMES_BY_CODE
from pages.wording.language import _, lang
from queries.figures import formulas
from queries.figures.growth import GROWTH_BASIS_NAMES

Row = dict[str, object]
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def find_digits(text: object) -> str:
    """Return the number in a printed text: 190 in 190余; empty where there is none."""
    match = re.search(r"-?\d+(\.\d+)?", str(text))
    return match[0] if match else ""


def format_minus(text: str) -> str:
    """Replace the hyphens of a number in prose by minus signs."""
    return text.replace("-", "−")


def format_scaled_number(number: str, scale: str) -> str:
    """Format digits in the unit that English readers expect, exactly, with commas between thousands.

    720.1 × 0.1 is 72.01.
    """
    factor = Decimal(scale)
    if factor == 1:
        return f"{Decimal(number):,}"
    product = (Decimal(number) * factor).normalize()
    return f"{product:,f}"


def format_quantity(row: Row) -> str:
    """Format the number of a row with its unit, without bound words: 720.1亿元, 72.01 billion yuan."""
    number = find_digits(row["value_text"])
    if lang() == "zh":
        return format_minus(number) + str(row["unit_zh"])
    unit = str(row["unit_scaled_en"])
    shown = format_minus(format_scaled_number(number, str(row["unit_scale"])))
    if unit == "%":
        return shown + "%"
    if unit == "place":
        return f"place {shown}"
    # Points of an index have no unit.
    return f"{shown} {unit.removesuffix('s') if shown == '1' and unit.endswith('s') else unit}".rstrip()


def format_figure(row: Row, *, printed: bool = False) -> str:
    """Format the value of a row as printed, with unit and bound word; — where none was printed.

    printed: in English, add the printed Chinese in brackets where the unit was converted.
    """
    if row["value_text"] is None:
        return "—"
    text, unit, bound = str(row["value_text"]), str(row["unit_zh"]), row["bound"]
    if "或" in text:  # a derived count with two or three possible values
        return format_minus(text) + unit if lang() == "zh" else f"{text.replace('或', ' or ')} {row['unit_scaled_en']}"
    chinese = text.removesuffix("以上") + unit + ("以上" if text.endswith("以上") else "")
    if bound == "expected":
        chinese = "预计" + chinese
    chinese = format_minus(chinese)
    if lang() == "zh":
        return chinese
    # 余 is over the number and below the next round one, 突破 above it, 近 a little below, 约 on either side.
    words = {
        "more_than": "over {}",
        "at_least": "at least {}",
        "about": "nearly {}" if "近" in text else "about {}",
        "exceeded": "above {}",
        "expected": "{} (expected)",
    }
    english = words.get(str(bound), "{}").format(format_quantity(row))
    converted = Decimal(str(row["unit_scale"])) != 1
    return f"{english} ({chinese})" if printed and converted else english


def get_unit_scale(row: Row, of: str = "unit_") -> float:
    """Return the factor that converts a number in the unit of a row to the unit that this language shows.

    of: prefix of the row's columns; level_unit_ for the unit of the levels of a target.
    """
    return 1.0 if lang() == "zh" else float(str(row[f"{of}scale"]))


def label_unit(row: Row, of: str = "unit_") -> str:
    """Return the name of the unit that this language shows. of: as in get_unit_scale()."""
    return str(row[f"{of}zh" if lang() == "zh" else f"{of}scaled_en"])


def format_rounded(number: float | Decimal, decimals: int = 1) -> str:
    """Format a number rounded half up, without trailing zeros and without −0."""
    text = f"{to_decimal(number).quantize(_make_rounding_step(decimals), ROUND_HALF_UP):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else format_minus(text)


def format_interval_ends(
    low: float | Decimal, high: float | Decimal, decimals: int = 2, scale: object = 1
) -> tuple[str, str]:
    """Format both ends of an interval, rounded outward: the interval shown contains the true one.

    scale: factor by which both ends are multiplied before rounding.
    """
    factor, step = Decimal(str(scale)), _make_rounding_step(decimals)
    lower = (to_decimal(low) * factor).quantize(step, ROUND_FLOOR)
    upper = (to_decimal(high) * factor).quantize(step, ROUND_CEILING)
    return format_minus(f"{lower + 0:f}"), format_minus(f"{upper + 0:f}")


def strip_trailing_zeros(text: str) -> str:
    """Remove trailing zeros after the decimal point."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_interval(low: float | Decimal, high: float | Decimal, decimals: int = 2, scale: object = 1) -> str:
    """Format an interval with its ends rounded outward: 501.25—501.67, in English 50.12–50.17.

    scale: as in format_interval_ends().
    """
    first, last = format_interval_ends(low, high, decimals, scale)
    if first.startswith("−"):
        return _("{low} 至 {high}", low=first, high=last)
    return f"{first}{'—' if lang() == 'zh' else '–'}{last}"


def to_decimal(number: float | Decimal) -> Decimal:
    """Convert a number to Decimal without the noise of binary fractions."""
    return number if isinstance(number, Decimal) else Decimal(str(round(number, 9)))


def _make_rounding_step(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def format_formula(row: Row) -> str:
    """Return the formula by which a figure was computed; empty where it was not computed.

    In English, its numbers are in the units of the figures shown next to it.
    """
    told = str(row.get("formula") or "")
    return told if lang() == "zh" else formulas.translate_formula(told, str(row.get("unit_scale") or 1))


def format_growth_rate(row: Row) -> str:
    """Format the growth of a row in per cent as printed; — where none was printed."""
    return f"{format_minus(str(row['growth_text']))}%" if row["growth_text"] else "—"


def describe_growth(row: Row) -> str:
    """Describe the growth on the year before as printed: 同比增长43.6%; empty where none was printed."""
    text = row["growth_text"]
    if text is None:
        return ""
    if str(text).startswith("-"):
        return _("同比下降{rate}%", rate=str(text)[1:])
    return _("同比增长{rate}%", rate=text)


def describe_growth_with_basis(row: Row, *, bracketed: bool = False) -> str:
    """Describe the growth as printed with its basis: 同比增长9.6%（可比价格）; empty where none was printed.

    bracketed: the text itself will be put in brackets, so the basis follows a comma.
    """
    if row["growth_text"] is None:
        return ""
    told = {"growth": describe_growth(row), "basis": label_growth_basis(row["growth_basis"])}
    return _("{growth}，{basis}", **told) if bracketed else _("{growth}（{basis}）", **told)


def label_row_basis(row: Row) -> str:
    """Return the basis of the growth of a row in words; — where no growth was printed."""
    return label_growth_basis(row["growth_basis"]) if row["growth_text"] else "—"


def label_growth_basis(code: object) -> str:
    """Return the basis of a growth in a word or two."""
    return GROWTH_BASIS_NAMES[lang()][str(code)]


def classify_evidence(row: Row) -> str:
    """Return the kind of evidence of a figure.

    conditional: derived from a growth whose basis no source states.
    """
    conditional = row["evidence"] == "derived" and row.get("growth_basis") == "unknown"
    return "conditional" if conditional else str(row["evidence"])


def is_conditional() -> pl.Expr:
    """Return an expression: whether classify_evidence() of a row of observations is conditional."""
    return ((pl.col("evidence") == "derived") & (pl.col("growth_basis") == "unknown")).fill_null(value=False)


def describe_target_value(row: Row) -> str:
    """Describe the value that a target asks for: 达到1000亿元, 增长40%以上."""
    shown = format_quantity(row | {"unit_zh": row["unit_zh"]})
    if row["measure"] == "growth":
        asks = {"at_least": _("增长{value}以上"), "about": _("增长{value}左右"), "exceed": _("增长超过{value}")}
        return asks.get(str(row["comparator"]), _("增长{value}")).format(value=shown)
    asks = {"at_least": _("{value}以上"), "about": _("{value}左右"), "exceed": _("突破{value}")}
    return asks.get(str(row["comparator"]), _("达到{value}")).format(value=shown)


def format_period(code: object) -> str:
    """Format a period: 2013年, 2023年2月, 2014年1—9月."""
    first, _slash, last = str(code).partition("/")
    year, _dash, month = first.partition("-")
    if lang() == "zh":
        if last:
            return f"{year}年{int(month)}—{int(last[5:])}月"
        return f"{year}年{int(month)}月" if month else f"{year}年"
    if last:
        return f"{MONTHS[int(month) - 1]}–{MONTHS[int(last[5:]) - 1]} {year}"
    return f"{MONTHS[int(month) - 1]} {year}" if month else year


def format_date(text: object) -> str:
    """Format a date of publication as far as it is known: 2014年3月3日, 2015年; 日期未注明 where it is not."""
    parts = [part for part in str(text or "").split("-") if part]
    if not parts:
        return _("日期未注明")
    if lang() == "zh":
        return "".join(str(int(part)) + mark for part, mark in zip(parts, "年月日", strict=False))
    words = [
        parts[0],
        *([MONTHS[int(parts[1]) - 1]] if len(parts) > 1 else []),
        *([str(int(parts[2]))] if len(parts) > 2 else []),
    ]
    return " ".join(reversed(words))


def format_publication(row: Row) -> str:
    """Return publisher and date of publication of a row; for an own row, the name of its file."""
    if row.get("evidence") == "own":
        return str(row["source_title"])
    return f"{row['publisher']}{' ' if lang() == 'zh' else ', '}{format_date(row['source_published'])}"


def label_evidence(code: object) -> str:
    """Return the kind of evidence in words."""
    return {
        "published": _("公布"), "derived": _("推算"), "own": _("自有"), "sample": _("示例"),
        "conditional": _("推算，若增速为同口径名义增速"),
    }.get(str(code), str(code))  # fmt: skip


def format_evidence_mark(code: object) -> str:
    """Return the mark after an own or a sample number, in brackets: （自有）; empty for any other evidence."""
    if code in ("own", "sample"):
        return f"（{label_evidence(code)}）" if lang() == "zh" else f" ({label_evidence(code).lower()})"
    return ""


def is_sample_only(rows: pl.DataFrame) -> bool:
    """Return whether all rows belong to the sample."""
    return "evidence" in rows.columns and bool((rows["evidence"] == "sample").all())


def has_own_figures(rows: pl.DataFrame) -> bool:
    """Return whether any row is a reader's own, or depends on one that is."""
    columns = [column for column in ("evidence", "lit_evidence", "base_evidence") if column in rows.columns]
    return any((rows[column] == "own").any() for column in columns)


def label_theme(code: object) -> str:
    """Return the name of a theme; an unknown code is returned as it is."""
    found = THEMES_BY_CODE.get(str(code))
    return str(code) if found is None else found.zh if lang() == "zh" else found.en


def label_themes() -> dict[str, str]:
    """Return the names of all themes by code."""
    return {code: label_theme(code) for code in THEMES_BY_CODE}


def format_rank(row: Row) -> str:
    """Return a rank in digits, with all that rounding leaves open; — where there is nobody to be ranked with."""
    if row["rank"] is None or row["ranked"] == 1:
        return "—"
    ends = dict.fromkeys((row["rank_first"], row["rank_last"]))
    return ("—" if lang() == "zh" else "–").join(map(str, ends))
