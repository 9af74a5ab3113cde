"""Targets, commitments and titles: what a place set itself, promised and was granted."""

from datetime import date

import polars as pl

from queries.database import fetch


def targets(
    theme: str | None = None,
    indicators: list[str] | None = None,
    parks: list[str] | None = None,
    first: date | None = None,
    last: date | None = None,
    lang: str = "zh",
) -> pl.DataFrame:
    """Numbers that places set themselves for a year; a target is a decision, not a figure.

    Arguments as in queries.observations.observations(); first and last choose the target's year.

    One row per target, by place, year and number. Columns as in targets.sql: measure (level or growth),
    comparator, strength, value in the unit of the row (per cent for a growth), source and locator.

    Raises ValueError when first is after last, DatabaseMissing before the first build.
    """
    if first and last and first > last:
        raise ValueError(f"the period runs backwards: {first.year} to {last.year}. Put the earlier one first.")
    return fetch("targets", theme=theme, indicators=indicators, parks=parks, first=first, last=last, lang=lang)


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
