"""Find the outcome, the base and the missing figures of each target, and judge the targets by them.

Pure apart from judge_targets(), which queries the database. Only figures of one comparable_key are compared,
never across a recorded break in the series, and only those that had been published by the day asked about.
Published figures have priority over loaded ones, which count only where no published figure says anything.
Expected figures decide nothing. Levels of two years give a growth only where queries.figures.growth allows it.
"""

from datetime import date
from typing import Any

import polars as pl

from queries.database import own_figures, run_context
from queries.database.engine import fetch, get_data_version
from queries.database.memo import memoize
from queries.targets.cases import build_cases
from queries.targets.course import OUTCOME_COLUMNS
from queries.targets.rules import DEFAULT_RULE, get_rule_version, read_rules
from queries.targets.status import judge_cases


def judge_targets(rule: str = DEFAULT_RULE, asof: date | None = None, lang: str = "zh") -> pl.DataFrame:
    """Judge all targets and return them with their status.

    rule: code of a rule in data/rules. asof: only what had been published by this day counts, and the targets set
    by then; None: all that is known today. lang: zh or en, for texts of sources.

    One row per target, in the order of targets.sql: its columns and those of queries.targets.status.judge_cases(),
    the outcome (actual_*, growth_*), the base (base_*), the number that would unlock it and where it is published
    (unlock_*, where_*), rule and day. Levels are in level_unit_id; growth and completion gaps are in per cent and
    percentage points.
    Raises KeyError for an unknown rule, DatabaseMissing before the first build.
    """
    asked = (rule, get_rule_version(rule), asof or date.today(), asof is not None, lang)
    version, mine = get_data_version(), run_context.find_held_figures()
    if mine is None:
        return _judge_published(version, *asked)
    rows: pl.DataFrame = mine.remember(("judged", version, *asked), lambda: _judge_all(*asked, mine))
    return rows


@memoize(64)
def _judge_published(version: str, rule: str, rule_version: str, asof: date, limited: bool, lang: str) -> pl.DataFrame:
    """Judge all targets once; `version` is the data version they belong to."""
    with run_context.hide_own_figures():
        return _judge_all(rule, rule_version, asof, limited, lang, None)


def _judge_all(
    rule: str, rule_version: str, asof: date, limited: bool, lang: str, mine: own_figures.OwnFigures | None
) -> pl.DataFrame:
    """Judge all targets, a reader's own included: by published figures, and where these say nothing by loaded ones."""
    known = {"lang": lang, "asof": asof if limited else None}
    targets = fetch("targets", **known)
    if mine is not None:
        targets = pl.concat([targets, mine.fetch("targets", **known)])
    about = _get_related_codes(targets, mine)
    asked: dict[str, Any] = {"theme": None, "first": None, "last": None, "evidence": ["published", "own"]} | about
    figures = fetch("observations", **asked, **known)
    if mine is not None:
        figures = pl.concat([figures, mine.fetch("observations", **asked, **known)])
    published = figures.filter(pl.col("evidence") == "published")
    rows = _judge_under_rule(targets, published, rule, asof).with_columns(lit_evidence=_mark_evidence("published"))
    if published.height < figures.height:
        with_own = _judge_under_rule(targets, figures, rule, asof).with_columns(lit_evidence=_mark_evidence("own"))
        rows = _combine_with_own(rows, with_own)
    rows = rows.with_columns(rule=pl.lit(rule), rule_version=pl.lit(rule_version), asof=pl.lit(asof.isoformat()))
    return add_unlocking_numbers(add_other_form(rows), fetch("publications"), fetch("parks"))


def _mark_evidence(evidence: str) -> pl.Expr:
    return pl.when(pl.col("status") != "cannot_judge").then(pl.lit(evidence))


def _get_related_codes(targets: pl.DataFrame, mine: own_figures.OwnFigures | None) -> dict[str, list[str]]:
    """Return the codes of the places and indicators whose figures matter for the given targets.

    These are the targets' own, the city that a place lies in, and every indicator of the same definition.
    """
    parks, offered = fetch("parks"), fetch("indicators", theme=None)
    if mine is not None:
        offered = pl.concat([offered, mine.fetch("indicators", theme=None)]).unique("indicator_id", maintain_order=True)
    keys = pl.concat([targets["comparable_key"], targets["base_comparable_key"].drop_nulls()]).unique()
    cities = parks.filter(pl.col("role") == "city")["park_id"]
    return {
        "parks": pl.concat([targets["park_id"], cities]).unique().sort().to_list(),
        "indicators": offered.filter(pl.col("comparable_key").is_in(keys.implode()))["indicator_id"].to_list(),
    }


def _combine_with_own(rows: pl.DataFrame, with_own: pl.DataFrame) -> pl.DataFrame:
    """Return of each target the row judged by published figures, or the one that own figures give.

    The second is taken where the first cannot be judged, or where own figures reach a later month.
    """
    later = (pl.col("month_own") > pl.col("month")).fill_null(value=False)
    known = rows.join(with_own.select("target_id", month_own="month"), on="target_id", maintain_order="left")
    kept = known.filter((pl.col("status") != "cannot_judge") & ~later).drop("month_own")
    others = with_own.join(kept, on="target_id", how="anti")
    order = rows.select("target_id")
    return order.join(pl.concat([kept, others.select(kept.columns)]), on="target_id", maintain_order="left")


def _judge_under_rule(targets: pl.DataFrame, figures: pl.DataFrame, rule: str, asof: date) -> pl.DataFrame:
    """Judge the targets under a rule on a day; add the outcome, the base and the names of the unit."""
    asked, units = read_rules()[rule], fetch("units")
    cases = build_cases(
        targets,
        figures,
        asof,
        units=units,
        breaks=fetch("breaks"),
        parks=fetch("parks"),
        stale_months=asked.stale_months,
    )
    rows = targets.join(
        judge_cases(cases, asked, read_rules()[DEFAULT_RULE], asof), on="target_id", maintain_order="left"
    )
    rows = rows.join(cases.select("target_id", *OUTCOME_COLUMNS), on="target_id", maintain_order="left")
    return add_level_unit(rows, units)


def add_level_unit(rows: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Add the names of the unit of the levels, and its dimension."""
    named = {"level_unit_zh": "name_zh", "level_unit_scale": "scale_en", "level_unit_scaled_en": "scaled_name_en"}
    told = units.select(level_unit_id="unit_id", level_dimension="dimension", **named)
    return rows.join(told, on="level_unit_id", how="left", maintain_order="left")


def add_other_form(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the other form of each target: the level for a growth target, the growth for a level target.

    form_low and form_high are the interval that the printed base leaves open, the target's own number being exact;
    form_unit_id is its unit, form_formula its computation. Null without a final base, and where the growth is not
    that of the two levels; see queries.figures.growth.
    """
    rate = pl.col("measure") == "growth"
    known = (pl.col("base_bound") == "none") & (pl.col("base") > 0) & pl.col("comparable")
    factor = 1 + pl.col("value") / 100
    number = pl.col("value_text").str.extract(r"(-?\d+(?:\.\d+)?)")
    level = pl.format("{} × (1 + {}%)", "base_value_text", number)
    growth = pl.format("{} ÷ {} − 1", number, "base_value_text")
    return rows.with_columns(
        pl.when(known & rate).then(pl.col("base_low") * factor)
        .when(known).then(100 * (pl.col("value") / pl.col("base_high") - 1)).round(6).alias("form_low"),
        pl.when(known & rate).then(pl.col("base_high") * factor)
        .when(known).then(100 * (pl.col("value") / pl.col("base_low") - 1)).round(6).alias("form_high"),
        pl.when(known & rate).then("level_unit_id").when(known).then(pl.lit("percent")).alias("form_unit_id"),
        pl.when(known & rate).then(level).when(known).then(growth).alias("form_formula"),
    )  # fmt: skip


def add_unlocking_numbers(rows: pl.DataFrame, publications: pl.DataFrame, parks: pl.DataFrame) -> pl.DataFrame:
    """Add the one number that would let a target be judged, and where such numbers are usually published."""
    year, zh, en = pl.col("year").cast(pl.String), pl.col("indicator_zh"), pl.col("indicator_en")
    base_zh, base_en = pl.col("base_indicator_zh"), pl.col("base_indicator_en")
    rate = pl.col("measure") == "growth"
    before = (pl.col("year") - 1).cast(pl.String)
    growth_zh = pl.format("{}年{}比上年的增速", year, zh)
    growth_en = pl.format("Growth of {} in {} on the year before", en, year)
    texts = {
        "unlock_zh": {
            "SCOPE_MISMATCH": pl.when(base_zh.is_not_null())
            .then(pl.format("以“{}”之名公布的{}年增速（基年公布的名称是“{}”）", zh, year, base_zh))
            .otherwise(growth_zh),
            "STALE": pl.when(rate).then(growth_zh).otherwise(pl.format("{}年全年的{}", year, zh)),
            "FUTURE": pl.when(rate).then(growth_zh).otherwise(pl.format("{}年的{}", year, zh)),
            "EXPECTED": pl.when(rate)
            .then(pl.format("{}年{}的最终增速", year, zh))
            .otherwise(pl.format("{}年{}的最终数", year, zh)),
            "NO_NUMERIC_TARGET": pl.format("{}的目标数", zh),
            "NO_GROWTH": growth_zh,
            "NO_BASE": pl.format("{}年的{}，或{}年的增速", before, zh, year),
            "NO_PAST": pl.format("{}年同期的{}，或{}年的累计增速", before, zh, year),
            "NO_PLAN": pl.format("{}的月计划，或往年同月和全年的数", zh),
        },
        "unlock_en": {
            "SCOPE_MISMATCH": pl.when(base_en.is_not_null())
            .then(pl.format("Growth in {} printed for “{}” (the base was printed as “{}”)", year, en, base_en))
            .otherwise(growth_en),
            "STALE": pl.when(rate).then(growth_en).otherwise(pl.format("{} for the whole of {}", en, year)),
            "FUTURE": pl.when(rate).then(growth_en).otherwise(pl.format("{} in {}", en, year)),
            "EXPECTED": pl.when(rate)
            .then(pl.format("The final growth of {} in {}", en, year))
            .otherwise(pl.format("The final figure for {} in {}", en, year)),
            "NO_NUMERIC_TARGET": pl.format("The number of the target for {}", en),
            "NO_GROWTH": growth_en,
            "NO_BASE": pl.format("{} in {}, or its growth in {}", en, before, year),
            "NO_PAST": pl.format("{} in the same months of {}, or its growth so far in {}", en, before, year),
            "NO_PLAN": pl.format("A monthly plan for {}, or the same month and the whole of earlier years", en),
        },
    }
    plain = {"unlock_zh": pl.format("{}年的{}", year, zh), "unlock_en": pl.format("{} in {}", en, year)}
    plain_growth = {
        "unlock_zh": pl.format("{}年的{}，或它的增速", year, zh),
        "unlock_en": pl.format("{} in {}, or its growth", en, year),
    }
    columns = []
    for column, by_reason in texts.items():
        told: Any = pl.when(pl.col("reason").is_null()).then(None)
        for reason, text in by_reason.items():
            told = told.when(pl.col("reason") == reason).then(text)
        columns.append(told.when(rate).then(plain_growth[column]).otherwise(plain[column]).alias(column))
    kinds = parks.select("park_id", park_kind="kind")
    rows = rows.with_columns(columns).join(kinds, on="park_id", how="left", maintain_order="left")
    rows = rows.join(publications, on=["park_kind", "theme"], how="left", maintain_order="left").drop("park_kind")
    locked = pl.col("reason").is_not_null()
    return rows.with_columns(pl.when(locked).then(column).alias(column) for column in ("where_zh", "where_en"))
