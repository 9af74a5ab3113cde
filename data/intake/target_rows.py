"""Read rows of targets: kind of number, strength, and comparison."""

import polars as pl

from data.layouts.columns import ColumnMapping, get_field_head
from data.tables.problems import ROW, Defects
from data.tables.sheet import Sheet
from data.values.vocabulary import Vocabulary

TARGET_WORDS = {
    "measure": {
        "level": "level", "水平": "level", "数值": "level", "总量": "level", "绝对值": "level", "growth": "growth",
        "增长": "growth", "增速": "growth", "增幅": "growth",
    },
    "comparator": {
        "reach": "reach", "达到": "reach", "at_least": "at_least", "以上": "at_least", "不低于": "at_least",
        "不少于": "at_least", ">=": "at_least", "≥": "at_least", "about": "about", "左右": "about", "约": "about",
        "exceed": "exceed", "突破": "exceed", "超过": "exceed", ">": "exceed",
    },
    "strength": {
        "ensure": "ensure", "确保": "ensure", "strive": "strive", "力争": "strive", "goal": "goal", "目标": "goal",
    },
}  # fmt: skip
COMPARATORS_BY_BOUND = {
    "none": "reach", "expected": "reach", "at_least": "at_least", "more_than": "at_least", "about": "about",
    "exceeded": "exceed",
}  # fmt: skip


def add_target_kinds(rows: pl.DataFrame, known: Vocabulary) -> pl.DataFrame:
    """Add measure_code, and grows (target) where it is growth.

    The measure is the one stated; else growth if 增长 precedes the number, or % is not a share.
    """
    shares = known.indicators.filter(pl.col("dimension") == "share")["indicator_id"]
    told = _make_code_expression("measure")
    percent = pl.coalesce(pl.when(pl.col("unit_in_cell") != "").then("unit_in_cell"), "unit").str.strip_chars()
    grows = pl.col("said").str.contains("增长|提高|同比|比上年") | (
        percent.is_in(["%", "％", "percent"]) & ~pl.col("indicator_id").is_in(shares.implode())
    )
    measure = pl.coalesce(told, pl.when(grows).then(pl.lit("growth")).otherwise(pl.lit("level")))
    return rows.with_columns(measure_code=measure, grows=pl.when(measure == "growth").then(pl.lit("target")))


def _make_code_expression(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars().str.to_lowercase().replace_strict(
        TARGET_WORDS[name], default=None, return_dtype=pl.String
    )  # fmt: skip


def make_targets(
    rows: pl.DataFrame, sheet: Sheet, mapping: ColumnMapping, defects: Defects, known: Vocabulary
) -> pl.DataFrame:
    """Return the targets in the columns of the schema, those with a defect included."""
    for name, words in TARGET_WORDS.items():
        wrong = rows.filter(pl.col(name).is_not_null() & _make_code_expression(name).is_null())
        offered = "、".join(word for word in words if not word.isascii())
        codes = ", ".join(dict.fromkeys(words.values()))
        defects.add(
            wrong, get_field_head(sheet, mapping, name), pl.col(name), f"须是其中之一：{offered}，或留空",
            f"must be one of {codes}, or empty",
        )  # fmt: skip
    said = pl.col("said")
    firm = (
        pl.when(said.str.contains("确保")).then(pl.lit("ensure")).when(said.str.contains("力争")).then(pl.lit("strive"))
    )
    in_cell = pl.col("bound_in_cell").replace_strict(COMPARATORS_BY_BOUND, default="reach", return_dtype=pl.String)
    return rows.select(
        ROW,
        "place",
        "park_id",
        "indicator_id",
        year=pl.col("period_code").cast(pl.Int32, strict=False),
        measure="measure_code",
        comparator=pl.coalesce(_make_code_expression("comparator"), in_cell),
        strength=pl.coalesce(_make_code_expression("strength"), firm, pl.lit("goal")),
        value="number",
        value_text="value_text",
        decimals="decimals",
        unit_id="unit_id",
        note_zh="note",
        note_en="note",
    )
