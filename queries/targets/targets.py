"""Targets, commitments and titles: what a place set itself, promised and was granted."""

from datetime import date

import polars as pl

from queries.database import run_context
from queries.database.engine import fetch
from queries.targets.outcomes import judge_targets
from queries.targets.rules import DEFAULT_RULE


def get_judged_targets(
    theme: str | None = None,
    indicators: list[str] | None = None,
    parks: list[str] | None = None,
    first: date | None = None,
    last: date | None = None,
    lang: str = "zh",
    rule: str = DEFAULT_RULE,
    asof: date | None = None,
) -> pl.DataFrame:
    """Return the targets that places set themselves for a year, each with its status.

    A target is a decision, not a figure.

    Arguments as in queries.figures.observations.get_observations(); first and last choose the target's year.
    rule, asof: as in queries.targets.outcomes.judge_targets(): the rule to judge by, and the day up to which
    figures count.

    One row per target, by place, year and number. Columns as in targets.sql: measure (level or growth),
    comparator, strength, value in the unit of the row (per cent for a growth), source and locator; then the status
    and all it is based on, as in judge_targets().

    Raises ValueError when first is after last, KeyError for an unknown rule, DatabaseMissing before the first
    build.
    """
    if first and last and first > last:
        raise ValueError(f"the period runs backwards: {first.year} to {last.year}. Put the earlier one first.")
    rows = judge_targets(rule, asof, lang)
    for column, wanted in (("theme", [theme] if theme else None), ("indicator_id", indicators), ("park_id", parks)):
        rows = rows if wanted is None else rows.filter(pl.col(column).is_in(wanted))
    rows = rows.filter(pl.col("year") >= first.year) if first else rows
    return rows.filter(pl.col("year") <= last.year) if last else rows


def get_raw_targets(lang: str = "zh", asof: date | None = None) -> pl.DataFrame:
    """Return the targets without a status: columns and order of targets.sql, those of a reader last.

    asof: those known by this day; None: all.
    """
    rows, mine = fetch("targets", lang=lang, asof=asof), run_context.find_held_figures()
    return rows if mine is None else pl.concat([rows, mine.fetch("targets", lang=lang, asof=asof)])


def get_unlocking_numbers(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the targets that cannot be judged, with the one number that would unlock each.

    The reason is given as its code, and where such a number is published.

    rows: of get_judged_targets(). One row per target that cannot be judged, in their order, with some of its
    columns.
    """
    return rows.filter(pl.col("status") == "cannot_judge").select(
        "target_id", "park_id", "park_zh", "park_en", "indicator_id", "indicator_zh", "indicator_en", "year", "measure",
        "comparator", "value_text", "unit_zh", "unit_en", "unit_scale", "unit_scaled_en", "reason", "unlock_zh",
        "unlock_en", "where_zh", "where_en", "rule", "rule_version", "asof", "source_id", "data_version",
    )  # fmt: skip


def get_park_commitments(theme: str | None = None, parks: list[str] | None = None, lang: str = "zh") -> pl.DataFrame:
    """Return the promises without a number, by their own number.

    One row per commitment. Columns as in commitments.sql: builds is our grouping; state is announced, or traced
    where a later figure about the same thing was published, which is no proof. Source: the text it was read in.
    """
    return fetch("commitments", theme=theme, parks=parks, lang=lang)


def get_park_titles(parks: list[str], lang: str = "zh") -> pl.DataFrame:
    """Return the national designations of places that were named with the year they were granted.

    One row per title, by year. Columns as in titles.sql. The full list was never published.
    """
    return fetch("titles", parks=parks, lang=lang)
