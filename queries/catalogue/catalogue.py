"""What there is to choose from: indicators, places, units, sources, tables.

In a run of a page, what its reader loaded is included: in the counts, and as places, indicators and sources
that only the reader's files have. Evidence is not included: it is a column of the rows.
"""

from collections.abc import Callable, Sequence

import polars as pl

from data import settings, themes
from queries.database import own_figures, run_context
from queries.database.engine import fetch, get_data_version

THEMES = tuple(themes.THEMES_BY_CODE)
SUM_KINDS = ("country", "aggregate")  # kinds of places that are sums of others, of other members every year
COUNTS = ("observations", "targets", "commitments", "zones", "own")


def get_home_park() -> str:
    """Return the code of the place that this installation is about, and with which pages open.

    PARK_HOME if it names a place of the database; else the one whose role in park.csv is self.
    """
    rows, named = fetch("parks"), settings.get_setting("PARK_HOME")
    if named in rows["park_id"].to_list():
        return named
    own = rows.filter(pl.col("role") == "self")
    return str((own if own.height else rows)["park_id"][0])


def get_home_places() -> list[str]:
    """Return the codes of the home park and of the cities in which it lies, as park.csv has them."""
    rows = fetch("parks")
    return [get_home_park(), *rows.filter(pl.col("role") == "city")["park_id"]]


def get_indicators(theme: str | None = None) -> pl.DataFrame:
    """Return indicators in display order, with definition, unit and counts. One row per printed name.

    theme: None: all.
    """
    rows, mine = fetch("indicators", theme=theme), run_context.find_held_figures()
    if mine is None:
        return rows
    return _remember_rows(mine, f"indicators {theme}", lambda: _add_own_indicators(rows, mine, theme))


def _add_own_indicators(rows: pl.DataFrame, mine: own_figures.OwnFigures, theme: str | None) -> pl.DataFrame:
    """Add a reader's own figures to the indicators; a place is counted once."""
    theirs = mine.fetch("indicators", theme=theme)
    years = theirs.group_by("indicator_id").agg(pl.col("first_year").min(), pl.col("last_year").max())
    cubes = pl.concat([fetch("cube", asof=None), mine.fetch("cube", asof=None)])
    places = cubes.group_by("indicator_id").agg(n=pl.col("park_id").n_unique())
    together = _add_own_counts(rows, theirs, "indicator_id")
    for more in (years, places):
        together = together.join(more, on="indicator_id", how="left", suffix="_theirs", maintain_order="left")
    return together.with_columns(
        first_year=pl.min_horizontal("first_year", "first_year_theirs"),
        last_year=pl.max_horizontal("last_year", "last_year_theirs"),
        parks=pl.col("n").cast(pl.Int64).fill_null(0),
    ).select(rows.columns)


def _add_own_counts(rows: pl.DataFrame, theirs: pl.DataFrame, key: str) -> pl.DataFrame:
    """Add the counts of a reader's files to the rows, and append the rows that only these files have."""
    counts = [column for column in COUNTS if column in rows.columns]
    new = theirs.join(rows, on=key, how="anti", maintain_order="left").unique(key, keep="first", maintain_order=True)
    new = new.with_columns(pl.lit(0, rows.schema[column]).alias(column) for column in counts)
    added = theirs.group_by(key).agg(pl.col(counts).sum())
    together = pl.concat([rows, new]).join(added, on=key, how="left", suffix="_added", maintain_order="left")
    sums = [pl.col(column) + pl.col(f"{column}_added").fill_null(0) for column in counts]
    return together.with_columns(sums).select(rows.columns)


def _remember_rows(mine: own_figures.OwnFigures, question: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    rows: pl.DataFrame = mine.remember((question, get_data_version()), make)
    return rows


def get_derivations(lang: str = "zh") -> pl.DataFrame:
    """Return the figures that are derived from two published ones. One row per figure, with the indicators it is
    derived from.
    """
    return fetch("derivations", lang=lang)


def get_figure_codes() -> list[str]:
    """Return all codes that a figure can have: indicators as printed, then those derived from them."""
    return [*get_indicators()["indicator_id"], *get_derivations()["derivation_id"]]


def add_derived_codes(indicators: Sequence[str]) -> list[str]:
    """Return the codes of indicators, followed by those of the figures derived from any of them."""
    ways = get_derivations()
    either = pl.col("first_id").is_in(indicators) | pl.col("second_id").is_in(indicators)
    return [*indicators, *ways.filter(either & ~pl.col("derivation_id").is_in(indicators))["derivation_id"]]


def get_parks() -> pl.DataFrame:
    """Return places in display order, the park of this installation first. One row per place, with counts."""
    rows, mine = fetch("parks"), run_context.find_held_figures()
    if mine is None:
        return rows
    return _remember_rows(mine, "parks", lambda: _add_own_counts(rows, mine.fetch("parks"), "park_id"))


def get_sum_places() -> frozenset[str]:
    """Return the codes of the places that are sums of others, whose members may differ from year to year."""
    return frozenset(get_parks().filter(pl.col("kind").is_in(SUM_KINDS))["park_id"])


def get_aliases() -> pl.DataFrame:
    """Return other words by which readers look for an indicator or a place. One row per word and code. An alias does
    not state that two names mean the same.
    """
    return fetch("aliases")


def get_units() -> pl.DataFrame:
    """Return units as printed, with the factor into the unit that English readers expect. One row per unit."""
    return fetch("units")


def get_series_breaks() -> pl.DataFrame:
    """Return the years from which on a series must not be compared with the years before. One row per place,
    definition and year.
    """
    return fetch("breaks")


def get_sources() -> pl.DataFrame:
    """Return published texts with the number of rows that rest on each, most first. One row per source."""
    rows, mine = fetch("sources"), run_context.find_held_figures()
    if mine is None:
        return rows
    return _remember_rows(mine, "sources", lambda: _add_own_sources(rows, mine.fetch("sources")))


def _add_own_sources(rows: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Return a reader's own files first, then the published texts."""
    mine = theirs.join(rows, on="source_id", how="anti", maintain_order="left")
    return pl.concat([mine, rows])


def get_tables() -> pl.DataFrame:
    """Return the tables of the database with their comments and row counts, in the order of the schema. One row per
    table.
    """
    return fetch("tables")
