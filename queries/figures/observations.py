"""Figures: what was published, and what follows from it by a formula."""

from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from queries.catalogue import catalogue
from queries.catalogue.catalogue import derivations
from queries.database import own_figures
from queries.database.engine import KEPT_ANSWERS, data_version, fetch
from queries.figures.derived import bases, related

EVIDENCE = ("published", "derived", "own", "sample")
DERIVED_FROM = 50_000  # so many printed figures at most are computed with at once
# What follows from each figure, as the table `figure` has it: columns for programs of this house, in no file.
FACTS = (
    "year", "span", "first_month", "last_month", "dimension", "factor", "base_value", "base_low", "base_high",
    "growth_low", "growth_high", "is_sum", "precedence",
)  # fmt: skip
# Beside these in one frame the columns of FACTS are those of a question, and no reader's own.
_BESIDE = ("park_zh", "unit_zh", "source_title", "data_version", "comparable_key", "observation_id")


def observations(
    theme: str | None = None,
    indicators: list[str] | None = None,
    parks: list[str] | None = None,
    first: date | None = None,
    last: date | None = None,
    evidence: tuple[str, ...] = ("published",),
    lang: str = "zh",
    asof: date | None = None,
) -> pl.DataFrame:
    """Figures of some indicators, places and years.

    theme: economy, innovation or livelihood; None: all.
    indicators, parks: codes; None: all; [] gives no rows. Derived rows are shown with either indicator from which they
    follow; where codes of derived figures are among the indicators, those alone.
    first, last: days; a row belongs when its period overlaps them; None: no limit.
    evidence: which kinds to give; derived rows follow from published ones: bases, shares, rests, wholes. None are
    computed where the places chosen have more than DERIVED_FROM figures. own rows are those loaded by users of this
    installation, and in the run of a page those that its reader put in; nothing is derived from them.
    lang: zh or en, for source_title, locator and note.
    asof: only figures known by this day, and what follows from them; None: all. A text of an unknown date was known by
    no day; one of a month or a year is known from its last day.

    One row per figure, ordered by indicator, place and period. Columns as in observations.sql: value in the
    unit of the row as printed, never rescaled, null where only a growth rate was printed (status says so);
    low and high are its interval; a derived row has its formula and the sources of its inputs. The columns of FACTS
    come last; see public().

    Raises ValueError when first is after last, DatabaseMissing before the first build.
    """
    if first and last and first > last:
        raise ValueError(f"the period runs backwards: {first.year} to {last.year}. Put the earlier one first.")
    named = None if indicators is None else tuple(indicators)
    placed = None if parks is None else tuple(parks)
    rows = _answered(data_version(), theme, named, placed, first, last, tuple(evidence), lang, asof)
    mine = own_figures.held()
    if mine is None or "own" not in evidence:
        return rows
    asked = {"theme": theme, "indicators": indicators, "parks": parks, "first": first, "last": last, "lang": lang}
    asked |= {"evidence": None, "asof": asof}
    return in_order(pl.concat([rows, mine.ask("observations", **asked)]))


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
    asof: date | None,
) -> pl.DataFrame:
    """Rows of observations() from the database, put together once; `version` names the state of its data."""
    codes = {"indicators": indicators, "parks": parks}
    lists = {parameter: None if chosen is None else list(chosen) for parameter, chosen in codes.items()}
    days = {"first": first, "last": last, "asof": asof}
    rows = fetch("observations", theme=theme, **lists, **days, evidence=list(evidence), lang=lang)
    if "derived" not in evidence:
        return rows
    wanted = None if indicators is None else _with_derived(indicators)
    return in_order(pl.concat([rows, _chosen(_derived(version, parks, lang, asof), theme, wanted, parks, first, last)]))


def _chosen(
    rows: pl.DataFrame,
    theme: str | None,
    indicators: tuple[str, ...] | None,
    parks: tuple[str, ...] | None,
    first: date | None,
    last: date | None,
) -> pl.DataFrame:
    """Rows of the filters of observations()."""
    for column, wanted in (("theme", (theme,) if theme else None), ("park_id", parks), ("indicator_id", indicators)):
        rows = rows if wanted is None else rows.filter(pl.col(column).is_in(wanted))
    rows = rows.filter(pl.col("period_end") >= first) if first else rows
    return rows.filter(pl.col("period_start") <= last) if last else rows


@lru_cache(maxsize=64)
def _derived(version: str, parks: tuple[str, ...] | None, lang: str, asof: date | None) -> pl.DataFrame:
    """All derived rows of some places; each follows from figures of its own place that were known by the day."""
    chosen = None if parks is None else list(parks)
    asked: dict[str, Any] = {"theme": None, "first": None, "last": None, "evidence": ["published"], "lang": lang}
    asked["asof"] = asof
    counted = {name: asked[name] for name in asked if name != "lang"}
    if fetch("observation_count", indicators=None, parks=chosen, **counted)["figures"][0] > DERIVED_FROM:
        return fetch("observations", indicators=[], parks=[], **asked)
    published = fetch("observations", indicators=None, parks=chosen, **asked)
    breaks = set(catalogue.breaks().select("park_id", "comparable_key", "year").iter_rows())
    return pl.concat([bases(published, catalogue.sums(), breaks, lang), related(published, derivations(lang))])


def public(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows as files and routes give them: those of observations() without FACTS, others as they are."""
    return rows.drop(FACTS) if {*FACTS, *_BESIDE} <= set(rows.columns) else rows


def _with_derived(indicators: tuple[str, ...]) -> tuple[str, ...]:
    """The indicators and what follows from them, unless they say themselves which of that is wanted."""
    said = derivations()["derivation_id"].is_in(indicators).any()
    return indicators if said else tuple(catalogue.with_derived(indicators))


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Figures in the order of observations(): by indicator, what follows from one after it, by place and period."""
    ways = derivations()
    places = catalogue.indicators().select("indicator_id").with_row_index("_indicator")
    places = places.with_columns(pl.col("_indicator") * 2)
    after = ways.select(pl.col("derivation_id"), indicator_id="first_id").join(places, on="indicator_id")
    after = after.select(indicator_id="derivation_id", _indicator=pl.col("_indicator") + 1)
    indicators = pl.concat([places.select("indicator_id", "_indicator"), after.cast({"_indicator": pl.UInt32})])
    parks = catalogue.parks().select("park_id").with_row_index("_park")
    placed = rows.join(indicators, on="indicator_id").join(parks, on="park_id")
    order = ("_indicator", "_park", "period_start", "period_end", "observation_id")
    return placed.sort(order).drop("_indicator", "_park")


def comparable(
    indicator: str, parks: list[str] | None = None, lang: str = "zh", asof: date | None = None
) -> pl.DataFrame:
    """Published and own figures of one definition: all rows whose comparable_key is that of the indicator.

    One row per figure, columns and order of observations(). An unknown indicator gives no rows.
    Rows of different names stand together only where the key, our grouping, says that they may.
    """
    offered = catalogue.indicators()
    keys = offered.filter(pl.col("indicator_id") == indicator)["comparable_key"]
    same = offered.filter(pl.col("comparable_key").is_in(keys.to_list()))["indicator_id"].to_list()
    return observations(indicators=same, parks=parks, evidence=("published", "own"), lang=lang, asof=asof)
