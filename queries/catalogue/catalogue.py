"""What there is to choose from: indicators, places, units, sources, tables.

In the run of a page what its reader put in is among them: in the counts, and as places, indicators and sources of its
own. Evidence is not: that is in the rows.
"""

from collections.abc import Callable, Sequence

import polars as pl

from data import settings, themes
from queries.database import own_figures
from queries.database.engine import data_version, fetch

THEMES = tuple(themes.BY_CODE)
LANGUAGES = ("zh", "en")
SUMS = ("country", "aggregate")  # kinds of places that are sums of others, of other members every year
COUNTS = ("observations", "targets", "commitments", "zones", "own")


def home_park() -> str:
    """Return the code of the place that this installation is about, with which pages open.

    PARK_HOME, where it names a place of the database; else the one whose role in park.csv is self.
    """
    rows, named = fetch("parks"), settings.value("PARK_HOME")
    if named in rows["park_id"].to_list():
        return named
    own = rows.filter(pl.col("role") == "self")
    return str((own if own.height else rows)["park_id"][0])


def home_places() -> list[str]:
    """Return the codes of the home park and of the cities it lies in, as park.csv has them."""
    rows = fetch("parks")
    return [home_park(), *rows.filter(pl.col("role") == "city")["park_id"]]


def indicators(theme: str | None = None) -> pl.DataFrame:
    """Indicators in display order, with definition, unit and counts. One row per printed name; theme None: all."""
    rows, mine = fetch("indicators", theme=theme), own_figures.held()
    if mine is None:
        return rows
    return _remembered(mine, f"indicators {theme}", lambda: _indicators_with(rows, mine, theme))


def _indicators_with(rows: pl.DataFrame, mine: own_figures.Own, theme: str | None) -> pl.DataFrame:
    """Indicators with what a reader put in; a place is counted once."""
    theirs = mine.ask("indicators", theme=theme)
    years = theirs.group_by("indicator_id").agg(pl.col("first_year").min(), pl.col("last_year").max())
    cubes = pl.concat([fetch("cube", asof=None), mine.ask("cube", asof=None)])
    places = cubes.group_by("indicator_id").agg(n=pl.col("park_id").n_unique())
    together = _counted_with(rows, theirs, "indicator_id")
    for more in (years, places):
        together = together.join(more, on="indicator_id", how="left", suffix="_theirs", maintain_order="left")
    return together.with_columns(
        first_year=pl.min_horizontal("first_year", "first_year_theirs"),
        last_year=pl.max_horizontal("last_year", "last_year_theirs"),
        parks=pl.col("n").cast(pl.Int64).fill_null(0),
    ).select(rows.columns)


def _counted_with(rows: pl.DataFrame, theirs: pl.DataFrame, key: str) -> pl.DataFrame:
    """Rows with the counts of a reader's files added, and then those that only these files have."""
    counts = [column for column in COUNTS if column in rows.columns]
    new = theirs.join(rows, on=key, how="anti", maintain_order="left").unique(key, keep="first", maintain_order=True)
    new = new.with_columns(pl.lit(0, rows.schema[column]).alias(column) for column in counts)
    added = theirs.group_by(key).agg(pl.col(counts).sum())
    together = pl.concat([rows, new]).join(added, on=key, how="left", suffix="_added", maintain_order="left")
    sums = [pl.col(column) + pl.col(f"{column}_added").fill_null(0) for column in counts]
    return together.with_columns(sums).select(rows.columns)


def _remembered(mine: own_figures.Own, question: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    rows: pl.DataFrame = mine.remember((question, data_version()), make)
    return rows


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
    rows, mine = fetch("parks"), own_figures.held()
    if mine is None:
        return rows
    return _remembered(mine, "parks", lambda: _counted_with(rows, mine.ask("parks"), "park_id"))


def sums() -> frozenset[str]:
    """Codes of the places that are sums of others, whose members may differ from year to year."""
    return frozenset(parks().filter(pl.col("kind").is_in(SUMS))["park_id"])


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
    rows, mine = fetch("sources"), own_figures.held()
    if mine is None:
        return rows
    return _remembered(mine, "sources", lambda: _sources_with(rows, mine.ask("sources")))


def _sources_with(rows: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """A reader's own files first, then the published texts."""
    mine = theirs.join(rows, on="source_id", how="anti", maintain_order="left")
    return pl.concat([mine, rows])


def tables() -> pl.DataFrame:
    """Tables of the database with their comments and row counts, in the order of the schema. One row per table."""
    return fetch("tables")
