"""Numbers as people write them: 1,234.5, １２３, 190余, 约6%, 720.1亿元, 预计1700; parsed by whole columns."""

from decimal import Decimal

import polars as pl

from data.values.marks import strip_marks_of_cells
from data.values.per_distinct_value import map_distinct_texts

MISSING = (
    "-", "--", "—", "——", "–", "－", "/", "\\", "n/a", "na", "nan", "null", "none", "nil", "无", "未公布", "未统计",
    "不详", "缺", "暂无", "未知", "不适用", "…", "……", "...", "*", "not published", "not available", "unknown", ".",
)  # fmt: skip
BEFORE = {
    "大约": "about", "约": "about", "接近": "about", "近": "about", "超过": "exceeded", "超": "exceeded",
    "突破": "exceeded", "逾": "exceeded", "预计完成": "expected", "预计": "expected", "不少于": "at_least",
    "不低于": "at_least", ">=": "at_least", "≥": "at_least", ">": "exceeded", "~": "about", "≈": "about",
    "about ": "about", "over ": "exceeded", "at least ": "at_least", "more than ": "more_than",
}  # fmt: skip
AFTER = {"余": "more_than", "多": "more_than", "以上": "at_least", "左右": "about", "+": "at_least"}
DECIMALS = 4
LEAST = Decimal("0.0001")
WHOLE_DIGITS = 14
SIGNS = {
    "下降": -1,
    "减少": -1,
    "降低": -1,
    "↓": -1,
    "-": -1,
    "增长": 1,
    "上升": 1,
    "增加": 1,
    "↑": 1,
}
NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_OPEN = "|".join(word.replace("+", r"\+").strip() for word in BEFORE)
_CLOSE = "|".join(word.replace("+", r"\+") for word in AFTER)
SHAPE = (
    rf"^(?:达到?|完成|实现)?(?P<before>{_OPEN})?(?:达到?|完成)?(?:¥|cny|rmb|人民币)?(?P<number>[+-]?{NUMBER})(?P<middle>{_CLOSE})?"
    rf"(?P<unit>[^\d+][^\d]*?2?)?(?P<after>{_CLOSE})?$"
)
FASTER = "^(同比|增速|增幅)*(回落|提高|加快|放缓|收窄|扩大|回升)"  # how a rate changed, in percentage points
MOVE = "|".join(word for word in SIGNS if word not in "+-")
GROWTH = rf"^(?:同比|比上年|较上年|可比)*(?P<move>{MOVE})?(?:约|了)?(?P<number>[+-]?{NUMBER})(?P<unit>%|个百分点)?$"


def normalize_number_cells(column: str) -> pl.Expr:
    """Normalize cells: half width, no spaces, one kind of minus sign, no marks of notes; words for a missing number
    become null.
    """
    text = (
        strip_marks_of_cells(pl.col(column))
        .str.normalize("NFKC")
        .str.replace_all(r"[\u200b\ufeff]", "")
        .str.strip_chars()
    )
    # 12 13 stays apart: no single number.
    text = text.str.replace_all(r"\s+([^\d\s])", "${1}").str.replace_all(r"([^\d\s])\s+", "${1}")
    text = text.str.replace(r"^[−–—－](\d)", "-${1}").str.replace(r"^\(([\d.,]+)\)$", "-${1}")
    gone = [word.replace(" ", "") for word in MISSING]
    text = text.str.replace("^-¥", "¥-")  # as a spreadsheet shows it
    return pl.when(~text.str.to_lowercase().is_in(gone) & (text != "")).then(text)


def parse_numbers(texts: pl.Series) -> pl.DataFrame:
    """Parse cells as numbers. One row per cell, in order.

    Columns: value (decimal), text (the number without thousands separators and unit, with its bound word: 190余),
    decimals, bound, unit as written, problem ("" or the code of one of PROBLEMS), rounded (it had more than four
    decimals), marked (a mark of a note was left out). Missing cells have no value and no problem.
    """
    return (
        _parse_plain_numbers(texts) if _are_plain_numbers(texts) else map_distinct_texts(texts, _parse_written_numbers)
    )


def _parse_written_numbers(texts: pl.Series) -> pl.DataFrame:
    found = texts.to_frame("cell").with_columns(plain=normalize_number_cells("cell"))
    found = found.with_columns(shape=pl.col("plain").str.to_lowercase().str.extract_groups(SHAPE.replace(" ", "")))
    part = pl.col("shape").struct
    return _convert_parts(
        found.select(
            number=part.field("number").str.replace_all(",", "").str.strip_prefix("+"),
            word=part.field("before").fill_null(""),
            tail=pl.coalesce(part.field("middle"), part.field("after")).fill_null(""),
            unit=part.field("unit").fill_null(""),
            cell="plain",
            marked=_find_marked("cell"),
        )
    )


def _are_plain_numbers(texts: pl.Series, unit: str = "") -> bool:
    """Return whether every cell is empty or a plain number, or one with a unit behind it, as in most files."""
    pattern = rf"^-?[0-9]{{1,{WHOLE_DIGITS}}}(\.[0-9]{{1,{DECIMALS}}})?{unit}$"
    return bool(texts.str.contains(pattern).all())  # ignores empty cells


def _parse_plain_numbers(texts: pl.Series) -> pl.DataFrame:
    """Parse cells that are plain numbers or empty, as _parse_written_numbers() does, in a fifth of the time."""
    cell = pl.col("cell")
    return texts.to_frame("cell").select(
        value=cell.cast(pl.Decimal(18, DECIMALS)), text="cell",
        decimals=(cell.str.len_bytes() - 1 - cell.str.find(".", literal=True)).fill_null(0).cast(pl.Int32),
        bound=pl.lit("none"), unit=pl.lit(""), problem=pl.lit(""), rounded=pl.lit(value=False),
        marked=pl.lit(value=False),
    )  # fmt: skip


def _find_marked(column: str) -> pl.Expr:
    """Return whether cells have marks of notes."""
    return strip_marks_of_cells(pl.col(column)) != pl.col(column).str.strip_chars()


def parse_growths(texts: pl.Series) -> pl.DataFrame:
    """Parse cells as growth rates: one row per cell, as in parse_numbers(); 下降3.2% is -3.2.

    unit: % if it was written.
    """
    if _are_plain_numbers(texts):
        return _parse_plain_numbers(texts)
    if _are_plain_numbers(texts, "%?"):
        unit = pl.when(texts.str.ends_with("%")).then(pl.lit("%")).otherwise(pl.lit(""))
        return _parse_plain_numbers(texts.str.strip_suffix("%")).with_columns(unit=unit)
    return map_distinct_texts(texts, _parse_written_growths)


def _parse_written_growths(texts: pl.Series) -> pl.DataFrame:
    cells = texts.to_frame("cell").with_columns(plain=normalize_number_cells("cell"))
    cells = cells.with_columns(shape=pl.col("plain").str.extract_groups(GROWTH))
    part = pl.col("shape").struct
    sign = part.field("move").replace_strict(SIGNS, default=1, return_dtype=pl.Int8).fill_null(1)
    number = part.field("number").str.replace_all(",", "").str.strip_prefix("+")
    turned = pl.when((sign < 0) & ~number.str.starts_with("-")).then("-" + number).otherwise(number)
    unit = part.field("unit").fill_null("")
    parts = cells.select(
        number=turned, word=pl.lit(""), tail=pl.lit(""), unit=unit, cell="plain", marked=_find_marked("cell")
    )
    found = _convert_parts(parts)
    faster = cells["plain"].str.contains(FASTER).fill_null(value=False)
    points = pl.when(faster | (pl.col("unit") == "个百分点")).then(pl.lit("points")).otherwise("problem")
    return found.with_columns(problem=points)


def _convert_parts(parts: pl.DataFrame) -> pl.DataFrame:
    decimals = pl.col("number").str.extract(r"\.(\d+)$").str.len_bytes().fill_null(0).cast(pl.Int32)
    whole = pl.col("number").str.extract(r"^-?(\d+)").str.len_bytes()
    parts = parts.with_columns(decimals=decimals, large=whole > WHOLE_DIGITS)
    if parts.select((pl.col("decimals") > DECIMALS).any()).item():
        # By the digits themselves: 6.26505 is less than that as a binary number, and would go down.
        long = pl.col("decimals") > DECIMALS
        kept = pl.col("number").str.extract(rf"^(-?\d+\.\d{{{DECIMALS}}})").cast(pl.Decimal(18, DECIMALS), strict=False)
        up = pl.col("number").str.contains(rf"\.\d{{{DECIMALS}}}[5-9]")
        step = pl.when(pl.col("number").str.starts_with("-")).then(-1).otherwise(1) * up.cast(pl.Int8)
        rounded = kept + (step.cast(pl.Decimal(18, DECIMALS)) * pl.lit(LEAST)).cast(pl.Decimal(18, DECIMALS))
        shown = rounded.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
        parts = parts.with_columns(
            number=pl.when(long & ~pl.col("large")).then(shown).otherwise("number"),
            rounded=long & pl.col("number").is_not_null(),
        ).with_columns(decimals=decimals)
    else:
        parts = parts.with_columns(rounded=pl.lit(value=False))
    word, tail = pl.col("word"), pl.col("tail")
    bound = (
        pl.when(tail != "").then(tail.replace_strict(AFTER, default=None, return_dtype=pl.String))
        .when(word != "").then(word.replace_strict(
            {word.replace(" ", ""): code for word, code in BEFORE.items()}, default=None, return_dtype=pl.String))
        .otherwise(pl.lit("none"))
    )  # fmt: skip
    written, broken = pl.col("cell").is_not_null(), pl.col("number").is_null()
    problem = (
        pl.when(written & broken & (pl.col("cell") == "#FORMULA!")).then(pl.lit("no_result"))
        .when(written & broken & (pl.col("cell") == "#FORMAT!")).then(pl.lit("format"))
        .when(written & broken & (pl.col("cell") == "#MERGED!")).then(pl.lit("merged"))
        .when(written & broken & pl.col("cell").str.starts_with("#")).then(pl.lit("formula"))
        .when(written & broken & pl.col("cell").str.contains(r"^\d+,\d+$|^[\d.]+,\d+$")).then(pl.lit("comma"))
        .when(written & broken).then(pl.lit("number"))
        .when(pl.col("large")).then(pl.lit("large")).otherwise(pl.lit(""))
    )  # fmt: skip
    shown = pl.concat_str(pl.when(word.str.starts_with("预计")).then(pl.lit("")).otherwise(word), "number", tail)
    parts = parts.with_columns(bound=bound, problem=problem, text=shown)
    return parts.select(
        value=pl.when(pl.col("problem") == "").then("number").cast(pl.Decimal(18, DECIMALS), strict=False),
        text=pl.when(pl.col("problem") == "").then("text"), decimals="decimals", bound="bound", unit="unit",
        problem="problem", rounded="rounded", marked="marked",
    )  # fmt: skip


PROBLEMS = {
    "number": (
        "须是数字，可带“约、余、以上、突破、预计”和单位，例如 720.1、190余、720.1亿元；没有数就留空",
        "must be a number, with a bound word or a unit at most: 720.1, 190余, 720.1亿元; leave the cell empty where "
        "there is none",
    ),
    "formula": (
        "这是表格软件的公式错误。请改正公式，或留空",
        "this is an error of a formula in the spreadsheet; fix the formula, or leave the cell empty",
    ),
    "merged": (
        "一个数合并在几个单元格里，看不出各是多少。请取消合并，每格填自己的数",
        "one number stands over several merged cells, and it is not clear what each has; split them and fill each",
    ),
    "no_result": (
        "这是没有保存结果的公式。请在表格软件里打开，重算并保存，或改填数字",
        "this is a formula whose result was not saved; open and save the file in the spreadsheet program, or write the "
        "number",
    ),
    "format": (
        "单元格格式不是数字（例如时间），看不出显示的是多少。请改为常规格式",
        "the format of this cell is no plain number (a time, say), so what it shows is not known; format it as General",
    ),
    "comma": (
        "逗号的位置不对：小数点用“.”，千分位每三位一个逗号，例如 1234.5 或 1,234.5",
        "the comma stands in a wrong place; write decimals with a point and thousands by threes: 1234.5 or 1,234.5",
    ),
    "large": (
        "数太大，最多 14 位整数。请用万元、亿元等单位",
        "the number is too large; use a larger unit, 亿元 for instance",
    ),
    "points": (
        "这是百分点之差，不是增速。请填同比增长百分之几",
        "this is a difference in percentage points, not a growth; write the growth in per cent",
    ),
}  # fmt: skip
