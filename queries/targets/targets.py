"""Targets, commitments and titles: what a place set itself, promised and was granted."""

from datetime import date

import polars as pl

from queries.database import own_figures
from queries.database.engine import fetch
from queries.targets.outcomes import judged
from queries.targets.rules import DEFAULT


def targets(
    theme: str | None = None,
    indicators: list[str] | None = None,
    parks: list[str] | None = None,
    first: date | None = None,
    last: date | None = None,
    lang: str = "zh",
    rule: str = DEFAULT,
    asof: date | None = None,
) -> pl.DataFrame:
    """Numbers that places set themselves for a year, each with its status; a target is a decision, not a figure.

    Arguments as in queries.figures.observations.observations(); first and last choose the target's year.
    rule, asof: as in queries.targets.outcomes.judged(): by which rule it is judged, and what was known by which day.

    One row per target, by place, year and number. Columns as in targets.sql: measure (level or growth),
    comparator, strength, value in the unit of the row (per cent for a growth), source and locator; then status and
    all it rests on, as in judged().

    Raises ValueError when first is after last, KeyError for an unknown rule, DatabaseMissing before the first build.
    """
    if first and last and first > last:
        raise ValueError(f"the period runs backwards: {first.year} to {last.year}. Put the earlier one first.")
    rows = judged(rule, asof, lang)
    for column, wanted in (("theme", [theme] if theme else None), ("indicator_id", indicators), ("park_id", parks)):
        rows = rows if wanted is None else rows.filter(pl.col(column).is_in(wanted))
    rows = rows.filter(pl.col("year") >= first.year) if first else rows
    return rows.filter(pl.col("year") <= last.year) if last else rows


def aimed(lang: str = "zh", asof: date | None = None) -> pl.DataFrame:
    """Numbers that places set themselves, not judged: columns and order of targets.sql, those of a reader last.

    asof: those known by this day; None: all.
    """
    rows, mine = fetch("targets", lang=lang, asof=asof), own_figures.held()
    return rows if mine is None else pl.concat([rows, mine.ask("targets", lang=lang, asof=asof)])


def locked(rows: pl.DataFrame) -> pl.DataFrame:
    """What cannot be judged: the code, the one number that would unlock it, and where such a number is published.

    rows: of targets(). One row per target without a status, in their order, its columns a few of theirs.
    """
    return rows.filter(pl.col("status") == "cannot_judge").select(
        "target_id", "park_id", "park_zh", "park_en", "indicator_id", "indicator_zh", "indicator_en", "year", "measure",
        "comparator", "value_text", "unit_zh", "unit_en", "unit_scale", "unit_scaled_en", "reason", "unlock_zh",
        "unlock_en", "where_zh", "where_en", "rule", "rule_version", "asof", "source_id", "data_version",
    )  # fmt: skip


def commitments(theme: str | None = None, parks: list[str] | None = None, lang: str = "zh") -> pl.DataFrame:
    """Promises without a number, by number.

    One row per commitment. Columns as in commitments.sql: builds is our grouping; state is announced, or traced
    where a later figure about the same thing was published, which is no proof. Source: the text it was read in.
    """
    return fetch("commitments", theme=theme, parks=parks, lang=lang)


def titles(parks: list[str], lang: str = "zh") -> pl.DataFrame:
    """National designations that were named with the year they were granted.

    One row per title, by year. Columns as in titles.sql. The full list was never published.
    """
    return fetch("titles", parks=parks, lang=lang)
