"""What there is to choose from: indicators, places, units, sources, tables."""

from collections.abc import Sequence

import polars as pl

from queries.database import fetch

THEMES = ("economy", "innovation", "livelihood")
LANGUAGES = ("zh", "en")
SELF = "xthtz"


def indicators(theme: str | None = None) -> pl.DataFrame:
    """Indicators in display order, with definition, unit and counts. One row per printed name; theme None: all."""
    return fetch("indicators", theme=theme)


def derivations(lang: str = "zh") -> pl.DataFrame:
    """Figures that follow from two published ones. One row per figure, with the indicators it follows from."""
    return fetch("derivations", lang=lang)


def figure_codes() -> list[str]:
    """Codes of all that a figure can be of: indicators as printed, then what follows from them."""
    return [*indicators()["indicator_id"], *derivations()["derivation_id"]]


def with_derived(indicators: Sequence[str]) -> list[str]:
    """Codes of indicators, and of what follows from any of them."""
    ways = derivations()
    either = pl.col("first_id").is_in(indicators) | pl.col("second_id").is_in(indicators)
    return [*indicators, *ways.filter(either & ~pl.col("derivation_id").is_in(indicators))["derivation_id"]]


def parks() -> pl.DataFrame:
    """Places in display order, the park of this installation first. One row per place, with counts."""
    return fetch("parks")


def aliases() -> pl.DataFrame:
    """Other words by which readers look for an indicator or a place. One row per word and code; no statement that
    two names mean the same."""
    return fetch("aliases")


def units() -> pl.DataFrame:
    """Units as printed, with the factor into the unit that English readers expect. One row per unit."""
    return fetch("units")


def breaks() -> pl.DataFrame:
    """Years from which on a series must not be compared with those before. One row per place, definition and year."""
    return fetch("breaks")


def sources() -> pl.DataFrame:
    """Published texts with the number of rows that rest on each, most first. One row per source."""
    return fetch("sources")


def tables() -> pl.DataFrame:
    """Tables of the database with their comments and row counts, in the order of the schema. One row per table."""
    return fetch("tables")
