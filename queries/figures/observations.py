"""Figures: what was published, and what is derived from it by a formula."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, TypedDict

import polars as pl

from queries.catalogue import catalogue
from queries.catalogue.catalogue import get_derivations
from queries.database import run_context
from queries.database.engine import KEPT_ANSWERS, fetch_printed, get_data_version
from queries.database.printed_figures import choose_fetch
from queries.figures.derived import compute_previous_values, compute_related_figures
from queries.figures.growth import NOMINAL, UNKNOWN
from queries.figures.precedence import VERSION_OF, mark_versions

EVIDENCE = ("published", "derived", "own", "sample")
MOST_DERIVED_FROM = 50_000  # so many printed figures at most are computed with at once
MOST_READ_AT_ONCE = 10_000  # figures of the places chosen, up to which all of them are read
# What follows from each figure, as the table `figure` has it: columns for programs of this house, in no file.
FACTS = (
    "year", "span", "first_month", "last_month", "dimension", "factor", "base_value", "base_low", "base_high",
    "growth_low", "growth_high", "is_sum", "precedence",
)  # fmt: skip
COMPUTED_FACTS = (*FACTS, *VERSION_OF.values())
# Beside these in one frame the columns of FACTS are those of a question, and no reader's own.
_OBSERVATION_COLUMNS = ("park_zh", "unit_zh", "source_title", "data_version", "comparable_key", "observation_id")


class Filters(TypedDict):
    """The filters of get_observations() that targets have too."""

    theme: str | None
    indicators: list[str] | None
    parks: list[str] | None
    first: date | None
    last: date | None
    lang: str


class Question(Filters):
    """The parameters of observations.sql."""

    evidence: list[str]
    asof: date | None


@dataclass(frozen=True)
class _Selection:
    """The parameters of get_observations(), which can be hashed."""

    theme: str | None = None
    indicators: tuple[str, ...] | None = None
    parks: tuple[str, ...] | None = None
    first: date | None = None
    last: date | None = None
    evidence: tuple[str, ...] = ("published",)
    lang: str = "zh"
    asof: date | None = None
    whole_years: bool = False


def get_observations(
    theme: str | None = None,
    indicators: list[str] | None = None,
    parks: list[str] | None = None,
    first: date | None = None,
    last: date | None = None,
    evidence: Sequence[str] = ("published",),
    lang: str = "zh",
    asof: date | None = None,
    *,
    whole_years: bool = False,
) -> pl.DataFrame:
    """Return the figures of some indicators, places and years.

    theme: its code; None: all.
    indicators, parks: codes; None: all; [] gives no rows. Derived rows are included with either indicator from
    which they are derived; if codes of derived figures are among the indicators, only those are.
    first, last: days; a row is included if its period overlaps them; None: no limit.
    evidence: which kinds to return; derived rows are computed from published ones: bases, shares, remainders,
    wholes. None are computed if the places chosen have more than MOST_DERIVED_FROM figures. own rows are those
    loaded by users of this installation and, in a run of a page, those that its reader loaded; nothing is derived
    from them.
    lang: zh or en, for source_title, locator and note.
    asof: only figures known by this day, and those derived from them; None: all. A text of an unknown date was
    known by no day; one of a month or a year is known from its last day.

    One row per figure, ordered by indicator, place and period. Columns as in observations.sql: value in the
    unit of the row as printed, never rescaled, null if only a growth rate was printed (status says so);
    low and high are its interval; a derived row has its formula and the sources of its inputs. COMPUTED_FACTS
    come last; see drop_facts().

    Raises ValueError if first is after last, DatabaseMissing before the first build.
    """
    if first and last and first > last:
        raise ValueError(f"the period runs backwards: {first.year} to {last.year}. Put the earlier one first.")
    named = None if indicators is None else tuple(indicators)
    placed = None if parks is None else tuple(parks)
    chosen = _Selection(theme, named, placed, first, last, tuple(evidence), lang, asof, whole_years)
    rows = _get_database_observations(get_data_version(), chosen)
    mine = run_context.find_held_figures()
    if mine is None or "own" not in evidence:
        return rows
    asked = {"theme": theme, "indicators": indicators, "parks": parks, "first": first, "last": last, "lang": lang}
    asked |= {"evidence": None, "asof": asof}
    more = _filter_observations(mine.fetch("observations", **asked), chosen)
    return mark_versions(sort_observations(pl.concat([rows.drop(VERSION_OF.values()), more])))


@lru_cache(maxsize=KEPT_ANSWERS)
def _get_database_observations(version: str, chosen: _Selection) -> pl.DataFrame:
    """Return the rows of get_observations() from the database, computed once; `version` names the state of its data."""
    rows = _read_observations(chosen)
    if "derived" not in chosen.evidence:
        return mark_versions(rows)
    derived = _derive_observations(version, chosen.parks, chosen.lang, chosen.asof)
    if chosen.indicators is not None:
        chosen = replace(chosen, indicators=_add_wanted_derived(chosen.indicators))
    return mark_versions(sort_observations(pl.concat([rows, _filter_observations(derived, chosen)])))


def _read_observations(chosen: _Selection) -> pl.DataFrame:
    """Return the stored rows of get_observations().

    To plan the query takes longer than to answer it: where the places chosen have few figures, all of them are read
    once, and every other question about these places is answered from them.
    """
    # In one order, so that like questions are one.
    stored = [kind for kind in EVIDENCE if kind in chosen.evidence and kind != "derived"]
    parks, indicators = chosen.parks, chosen.indicators
    asked: dict[str, Any] = {"lang": chosen.lang, "asof": chosen.asof}
    if parks is not None and _count_at_most(parks) <= MOST_READ_AT_ONCE:
        asked |= {"theme": None, "indicators": None, "first": None, "last": None, "evidence": None}
        rows = choose_fetch(parks=parks)("observations", parks=sorted(set(parks)), **asked)
        return _filter_observations(rows.filter(pl.col("evidence").is_in(stored)), chosen)
    asked |= {"theme": chosen.theme, "first": chosen.first, "last": chosen.last, "evidence": stored}
    lists = {"indicators": indicators, "parks": parks}
    asked |= {name: None if codes is None else list(codes) for name, codes in lists.items()}
    ask = choose_fetch(indicators, parks, whole_years=chosen.whole_years) if "own" in stored else fetch_printed
    return _filter_observations(ask("observations", **asked), _Selection(whole_years=chosen.whole_years))


def _count_at_most(parks: tuple[str, ...]) -> int:
    """Return how many figures some places have, whatever their evidence."""
    return int(catalogue.get_parks().filter(pl.col("park_id").is_in(parks))["observations"].sum())


def _filter_observations(rows: pl.DataFrame, chosen: _Selection) -> pl.DataFrame:
    """Filter rows as get_observations() does, but for their evidence."""
    theme = (chosen.theme,) if chosen.theme else None
    named = {"theme": theme, "park_id": chosen.parks, "indicator_id": chosen.indicators}
    for column, wanted in named.items():
        rows = rows if wanted is None else rows.filter(pl.col(column).is_in(wanted))
    rows = rows.filter(pl.col("period_end") >= chosen.first) if chosen.first else rows
    rows = rows.filter(pl.col("period_start") <= chosen.last) if chosen.last else rows
    return rows.filter(pl.col("span") == "year") if chosen.whole_years else rows


@lru_cache(maxsize=64)
def _derive_observations(version: str, parks: tuple[str, ...] | None, lang: str, asof: date | None) -> pl.DataFrame:
    """Return all derived rows of some places, each derived from figures of its own place that were known by the day."""
    if parks is None or _count_at_most(parks) > MOST_DERIVED_FROM:
        filters: dict[str, Any] = {"theme": None, "indicators": None, "first": None, "last": None, "asof": asof}
        filters |= {"parks": None if parks is None else list(parks), "evidence": ["published"]}
        if fetch_printed("observation_count", **filters)["figures"][0] > MOST_DERIVED_FROM:
            return _read_observations(_Selection(indicators=(), parks=(), lang=lang, asof=asof))
    # All figures of all places are 7 MB for a few that follow from them.
    able = fetch_printed("derivable_places", bases=[NOMINAL, UNKNOWN])["park_id"]
    chosen = tuple(able if parks is None else able.filter(able.is_in(parks)))
    published = _read_observations(_Selection(parks=chosen, lang=lang, asof=asof))
    breaks = set(catalogue.get_series_breaks().select("park_id", "comparable_key", "year").iter_rows())
    return pl.concat(
        [
            compute_previous_values(published, catalogue.get_sum_places(), breaks, lang),
            compute_related_figures(published, get_derivations(lang)),
        ]
    )


def drop_facts(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows of get_observations() without COMPUTED_FACTS, as files and routes give them; others unchanged."""
    return rows.drop(COMPUTED_FACTS, strict=False) if {*FACTS, *_OBSERVATION_COLUMNS} <= set(rows.columns) else rows


def _add_wanted_derived(indicators: tuple[str, ...]) -> tuple[str, ...]:
    """Add the codes of derived figures to those of indicators, unless the codes already name derived figures."""
    said = get_derivations()["derivation_id"].is_in(indicators).any()
    return indicators if said else tuple(catalogue.add_derived_codes(indicators))


def sort_observations(rows: pl.DataFrame) -> pl.DataFrame:
    """Sort figures as in get_observations(): by indicator, derived figures after their first indicator, by place and
    period.
    """
    ways = get_derivations()
    places = catalogue.get_indicators().select("indicator_id").with_row_index("_indicator")
    places = places.with_columns(pl.col("_indicator") * 2)
    after = ways.select(pl.col("derivation_id"), indicator_id="first_id").join(places, on="indicator_id")
    after = after.select(indicator_id="derivation_id", _indicator=pl.col("_indicator") + 1)
    indicators = pl.concat([places.select("indicator_id", "_indicator"), after.cast({"_indicator": pl.UInt32})])
    parks = catalogue.get_parks().select("park_id").with_row_index("_park")
    placed = rows.join(indicators, on="indicator_id").join(parks, on="park_id")
    order = ("_indicator", "_park", "period_start", "period_end", "observation_id")
    return placed.sort(order).drop("_indicator", "_park")
