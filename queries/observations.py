"""Figures: what was published, and what follows from it by a formula."""

from datetime import date
from functools import lru_cache

import polars as pl

from queries.catalogue import derivations
from queries.database import KEPT_ANSWERS, data_version, fetch
from queries.derived import bases, related

EVIDENCE = ("published", "derived", "own", "sample")


def observations(
    theme: str | None = None,
    indicators: list[str] | None = None,
    parks: list[str] | None = None,
    first: date | None = None,
    last: date | None = None,
    evidence: tuple[str, ...] = ("published",),
    lang: str = "zh",
) -> pl.DataFrame:
    """Figures of some indicators, places and years.

    theme: economy, innovation or livelihood; None: all.
    indicators, parks: codes; None: all; [] gives no rows.
    first, last: days; a row belongs when its period overlaps them; None: no limit.
    evidence: which kinds to give; derived rows follow from published ones: bases, shares, rests, wholes.
    lang: zh or en, for source_title, locator and note.

    One row per figure, ordered by indicator, place and period. Columns as in observations.sql: value in the
    unit of the row as printed, never rescaled, null where only a growth rate was printed (status says so);
    low and high are its interval; a derived row has its formula and the sources of its inputs.

    Raises ValueError when first is after last, DatabaseMissing before the first build.
    """
    if first and last and first > last:
        raise ValueError(f"the period runs backwards: {first.year} to {last.year}. Put the earlier one first.")
    codes = tuple(None if chosen is None else tuple(chosen) for chosen in (indicators, parks))
    return _answered(data_version(), theme, *codes, first, last, tuple(evidence), lang)


@lru_cache(maxsize=KEPT_ANSWERS)
def _answered(
    version: str,
    theme: str | None,
    indicators: tuple[str, ...] | None,
    parks: tuple[str, ...] | None,
    first: date | None,
    last: date | None,
    evidence: tuple[str, ...],
    lang: str,
) -> pl.DataFrame:
    """Rows of observations(), put together once; `version` names the state of the data they belong to."""
    codes = {"indicators": indicators, "parks": parks}
    lists = {parameter: None if chosen is None else list(chosen) for parameter, chosen in codes.items()}
    rows = fetch("observations", theme=theme, **lists, first=first, last=last, lang=lang)
    rows = rows.filter(pl.col("evidence").is_in(evidence))
    if "derived" not in evidence:
        return rows
    derived = _all_derived(version, lang)
    for column, wanted in (("theme", [theme] if theme else None), ("park_id", parks)):
        derived = derived if wanted is None else derived.filter(pl.col(column).is_in(wanted))
    if indicators is not None:
        # What follows from two indicators is shown with either of them.
        derived = derived.filter(pl.col("indicator_id").is_in(_with_derived(indicators)))
    if first:
        derived = derived.filter(pl.col("period_end") >= first)
    if last:
        derived = derived.filter(pl.col("period_start") <= last)
    return _in_order(pl.concat([rows, derived]))


@lru_cache(maxsize=4)
def _all_derived(version: str, lang: str) -> pl.DataFrame:
    """All derived rows; `version` only names the state of the data they belong to."""
    published = fetch("observations", theme=None, indicators=None, parks=None, first=None, last=None, lang=lang)
    return pl.concat([bases(published), related(published, derivations(lang))])


def _with_derived(indicators: tuple[str, ...]) -> list[str]:
    ways = derivations()
    either = pl.col("first_id").is_in(indicators) | pl.col("second_id").is_in(indicators)
    return [*indicators, *ways.filter(either)["derivation_id"]]


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    ways = derivations()
    # What follows from an indicator stands after it.
    places = fetch("indicators", theme=None).select("indicator_id").with_row_index("_indicator")
    places = places.with_columns(pl.col("_indicator") * 2)
    after = ways.select(pl.col("derivation_id"), indicator_id="first_id").join(places, on="indicator_id")
    after = after.select(indicator_id="derivation_id", _indicator=pl.col("_indicator") + 1)
    indicators = pl.concat([places.select("indicator_id", "_indicator"), after.cast({"_indicator": pl.UInt32})])
    parks = fetch("parks").select("park_id").with_row_index("_park")
    placed = rows.join(indicators, on="indicator_id").join(parks, on="park_id")
    order = ("_indicator", "_park", "period_start", "period_end", "observation_id")
    return placed.sort(order).drop("_indicator", "_park")


def comparable(indicator: str, parks: list[str] | None = None, lang: str = "zh") -> pl.DataFrame:
    """Published figures of one definition: all rows whose comparable_key is that of the indicator.

    One row per figure, columns and order of observations(). An unknown indicator gives no rows.
    Rows of different names stand together only where the key, our grouping, says that they may.
    """
    offered = fetch("indicators", theme=None)
    keys = offered.filter(pl.col("indicator_id") == indicator)["comparable_key"]
    same = offered.filter(pl.col("comparable_key").is_in(keys.to_list()))["indicator_id"].to_list()
    return observations(indicators=same, parks=parks, lang=lang)
