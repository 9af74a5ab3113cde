"""How one number is shown: as printed, with its unit, in the reader's language."""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

import polars as pl

from data.themes import BY_CODE
from pages.wording.language import _, lang
from queries.figures import formulas
from queries.figures.growth import WORDS

Row = dict[str, object]
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def digits(text: object) -> str:
    """The number in a printed text: 190 in 190余."""
    match = re.search(r"-?\d+(\.\d+)?", str(text))
    return match[0] if match else ""


def minus(text: str) -> str:
    """A number in prose: its minus is a minus, and not a hyphen."""
    return text.replace("-", "−")


def scaled(number: str, scale: str) -> str:
    """Digits in the unit that English readers expect, exactly: 720.1 × 0.1 is 72.01; thousands apart."""
    factor = Decimal(scale)
    if factor == 1:
        return f"{Decimal(number):,}"
    product = (Decimal(number) * factor).normalize()
    return f"{product:,f}"


def bare(row: Row) -> str:
    """The number with its unit and without bound words: 720.1亿元, 72.01 billion yuan."""
    number = digits(row["value_text"])
    if lang() == "zh":
        return minus(number) + str(row["unit_zh"])
    unit = str(row["unit_scaled_en"])
    shown = minus(scaled(number, str(row["unit_scale"])))
    if unit == "%":
        return shown + "%"
    if unit == "place":
        return f"place {shown}"
    # Points of an index have no unit.
    return f"{shown} {unit.removesuffix('s') if shown == '1' and unit.endswith('s') else unit}".rstrip()


def number(row: Row, *, printed: bool = False) -> str:
    """The value of a row as printed, with unit and bound word; — where none was printed.

    printed: in English, add the printed Chinese in brackets where the unit was converted.
    """
    if row["value_text"] is None:
        return "—"
    text, unit, bound = str(row["value_text"]), str(row["unit_zh"]), row["bound"]
    if "或" in text:  # a derived count with two or three possible values
        return minus(text) + unit if lang() == "zh" else f"{text.replace('或', ' or ')} {row['unit_scaled_en']}"
    chinese = text.removesuffix("以上") + unit + ("以上" if text.endswith("以上") else "")
    if bound == "expected":
        chinese = "预计" + chinese
    chinese = minus(chinese)
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
    english = words.get(str(bound), "{}").format(bare(row))
    converted = Decimal(str(row["unit_scale"])) != 1
    return f"{english} ({chinese})" if printed and converted else english


def scale(row: Row, of: str = "unit_") -> float:
    """By what a number in the unit of a row is multiplied for the unit that this language shows.

    of: level_unit_ for the unit in which levels of a target stand.
    """
    return 1.0 if lang() == "zh" else float(str(row[f"{of}scale"]))


def unit(row: Row, of: str = "unit_") -> str:
    """The name of the unit that this language shows; of: as in scale()."""
    return str(row[f"{of}zh" if lang() == "zh" else f"{of}scaled_en"])


def rounded(number: float | Decimal, decimals: int = 1) -> str:
    """Half up, without zeros at the end and without −0."""
    text = f"{_exact(number).quantize(_step(decimals), ROUND_HALF_UP):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else minus(text)


def ends(low: float | Decimal, high: float | Decimal, decimals: int = 2, scale: object = 1) -> tuple[str, str]:
    """Both ends of an interval, rounded outward: between those shown lies all that lies between the true ones.

    scale: by what both are multiplied before.
    """
    factor, step = Decimal(str(scale)), _step(decimals)
    lower = (_exact(low) * factor).quantize(step, ROUND_FLOOR)
    upper = (_exact(high) * factor).quantize(step, ROUND_CEILING)
    return minus(f"{lower + 0:f}"), minus(f"{upper + 0:f}")


def trimmed(text: str) -> str:
    """A number without zeros at the end that say nothing."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def span(low: float | Decimal, high: float | Decimal, decimals: int = 2, scale: object = 1) -> str:
    """An interval with its ends rounded outward: 501.25—501.67, in English 50.12–50.17; scale: as in ends()."""
    first, last = ends(low, high, decimals, scale)
    if first.startswith("−"):
        return _("{low} 至 {high}", low=first, high=last)
    return f"{first}{'—' if lang() == 'zh' else '–'}{last}"


def _exact(number: float | Decimal) -> Decimal:
    """A number without the noise of binary fractions."""
    return number if isinstance(number, Decimal) else Decimal(str(round(number, 9)))


def _step(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def formula(row: Row) -> str:
    """How a figure was computed, in English in the units that stand beside it; empty where it was not."""
    told = str(row.get("formula") or "")
    return told if lang() == "zh" else formulas.in_english(told, str(row.get("unit_scale") or 1))


def percent(row: Row) -> str:
    """The growth of a row in per cent, as printed; — where none was."""
    return f"{minus(str(row['growth_text']))}%" if row["growth_text"] else "—"


def growth(row: Row) -> str:
    """Growth on the year before as printed: 同比增长43.6%; empty where none was printed."""
    text = row["growth_text"]
    if text is None:
        return ""
    if str(text).startswith("-"):
        return _("同比下降{rate}%", rate=str(text)[1:])
    return _("同比增长{rate}%", rate=text)


def growth_on(row: Row, *, bracketed: bool = False) -> str:
    """Growth as printed, and what it is taken on: 同比增长9.6%（可比价格）; empty where none was printed.

    bracketed: it stands in brackets itself.
    """
    if row["growth_text"] is None:
        return ""
    told = {"growth": growth(row), "basis": basis(row["growth_basis"])}
    return _("{growth}，{basis}", **told) if bracketed else _("{growth}（{basis}）", **told)


def taken_on(row: Row) -> str:
    """What the growth of a row is taken on; — where none was printed."""
    return basis(row["growth_basis"]) if row["growth_text"] else "—"


def basis(code: object) -> str:
    """What a growth is taken on, in a word or two."""
    return WORDS[lang()][str(code)]


def kind(row: Row) -> str:
    """The kind of evidence of a figure; conditional: it follows from a growth of which no source says on what it is
    taken."""
    conditional = row["evidence"] == "derived" and row.get("growth_basis") == "unknown"
    return "conditional" if conditional else str(row["evidence"])


def is_conditional() -> pl.Expr:
    """Whether kind() of a row of observations() is conditional."""
    return ((pl.col("evidence") == "derived") & (pl.col("growth_basis") == "unknown")).fill_null(value=False)


def gap(row: Row) -> str:
    """How far a result is from its target: a growth, or a completion from its plan, in points: 低 7 个百分点; a level
    at the end of its year in per cent of the target and as an amount: 超出 2.1%（20亿元）. — where it is not known.

    row: of targets().
    """
    points = row["gap_points"]
    if points is None:
        return "—"
    level = row["measure"] == "level" and row["over"]
    size = rounded(abs(float(str(points))), 2 if 0 < abs(float(str(points))) < 0.1 else 1)
    if size == "0":
        return _("持平")
    above = float(str(points)) > 0
    if not level:
        return _("高 {n} 个百分点", n=size) if above else _("低 {n} 个百分点", n=size)
    unit = {
        "unit_zh": row["level_unit_zh"], "unit_scale": row["level_unit_scale"],
        "unit_scaled_en": row["level_unit_scaled_en"],
    }  # fmt: skip
    apart = rounded(abs(_exact(row["measured"]) - _exact(row["value"])), 4)  # type: ignore[arg-type]
    amount = bare(unit | {"value_text": apart})
    return (
        _("超出 {n}%（{amount}）", n=size, amount=amount) if above else _("低 {n}%（{amount}）", n=size, amount=amount)
    )


def aim(row: Row) -> str:
    """What a target asks: 达到1000亿元, 增长40%以上."""
    shown = bare(row | {"unit_zh": row["unit_zh"]})
    if row["measure"] == "growth":
        asks = {"at_least": _("增长{value}以上"), "about": _("增长{value}左右"), "exceed": _("增长超过{value}")}
        return asks.get(str(row["comparator"]), _("增长{value}")).format(value=shown)
    asks = {"at_least": _("{value}以上"), "about": _("{value}左右"), "exceed": _("突破{value}")}
    return asks.get(str(row["comparator"]), _("达到{value}")).format(value=shown)


def period(code: object) -> str:
    """A period in words: 2013年, 2023年2月, 2014年1—9月."""
    first, _slash, last = str(code).partition("/")
    year, _dash, month = first.partition("-")
    if lang() == "zh":
        if last:
            return f"{year}年{int(month)}—{int(last[5:])}月"
        return f"{year}年{int(month)}月" if month else f"{year}年"
    if last:
        return f"{MONTHS[int(month) - 1]}–{MONTHS[int(last[5:]) - 1]} {year}"
    return f"{MONTHS[int(month) - 1]} {year}" if month else year


def day(text: object) -> str:
    """A date of publication as far as it is known: 2014年3月3日, 2015年, or — ."""
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


def cited(row: Row) -> str:
    """Who published a row, and when; of an own one the name of its file."""
    if row.get("evidence") == "own":
        return str(row["source_title"])
    return f"{row['publisher']}{' ' if lang() == 'zh' else ', '}{day(row['source_published'])}"


def evidence(code: object) -> str:
    """The kind of evidence in words."""
    return {
        "published": _("公布"), "derived": _("推算"), "own": _("自有"), "sample": _("示例"),
        "conditional": _("推算，若增速为同口径名义增速"),
    }.get(str(code), str(code))  # fmt: skip


def mark(code: object) -> str:
    """What stands behind a number that was not published, in brackets; nothing behind one that was."""
    if code in ("own", "sample"):
        return f"（{evidence(code)}）" if lang() == "zh" else f" ({evidence(code).lower()})"
    return ""


def invented(rows: pl.DataFrame) -> bool:
    """Whether the rows are of the sample."""
    return "evidence" in rows.columns and bool((rows["evidence"] == "sample").all())


def with_own(rows: pl.DataFrame) -> bool:
    """Whether any of the rows is a reader's own, or rests on such."""
    columns = [column for column in ("evidence", "lit_evidence", "base_evidence") if column in rows.columns]
    return any((rows[column] == "own").any() for column in columns)


def strength(code: object) -> str:
    """How firmly a target was put."""
    return {"ensure": _("确保"), "strive": _("力争"), "goal": _("目标")}.get(str(code), str(code))


def theme(code: object) -> str:
    """A theme in words; a code that is none as it is."""
    found = BY_CODE.get(str(code))
    return str(code) if found is None else found.zh if lang() == "zh" else found.en


def themes() -> dict[str, str]:
    """Every theme by its code, in words."""
    return {code: theme(code) for code in BY_CODE}
