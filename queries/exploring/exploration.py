"""Exploration of figures: counts by indicator, place, year and evidence, each count under all other choices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from queries.catalogue import catalogue
from queries.database import run_context
from queries.database.engine import fetch, get_data_version
from queries.database.memo import memoize, memoize_per_data_version
from queries.exploring import search
from queries.figures.observations import EVIDENCE, MOST_DERIVED_FROM, get_observations
from queries.targets.targets import get_judged_targets, get_park_commitments

FACETS = {"theme": "theme", "indicator": "indicator_id", "role": "role", "park": "park_id", "evidence": "evidence"}
PARAMETERS = (
    "find", "theme", "indicator", "role", "park", "evidence", "from", "to", "as", "chart", "base", "panel", "asof",
)  # fmt: skip
MOST_FIGURES = 10_000  # figures that a page draws and lists; beyond them it counts and offers the file
COUNT_KEYS = ["indicator_id", "park_id", "evidence", "first_year", "last_year"]


@dataclass(frozen=True)
class Choice:
    """What a reader chose, as codes; an empty tuple is all.

    text: words to find; first, last: years; asof: the day by which figures were known, None: all of them.
    """

    text: str = ""
    themes: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    parks: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ("published",)
    first: int | None = None
    last: int | None = None
    asof: date | None = None

    def without(self, part: str) -> "Choice":
        """Return the same choice without one of its parts, a key of EMPTY_PARTS."""
        return replace(self, **EMPTY_PARTS[part])

    @property
    def is_narrowed(self) -> bool:
        """Whether anything narrows the view, apart from evidence and asof."""
        return self != Choice(evidence=self.evidence, asof=self.asof)


EMPTY_PARTS: dict[str, dict[str, Any]] = {
    "find": {"text": ""}, "theme": {"themes": ()}, "indicator": {"indicators": ()}, "role": {"roles": ()},
    "park": {"parks": ()}, "evidence": {"evidence": ()}, "year": {"first": None, "last": None},
}  # fmt: skip


def get_figure_counts(asof: date | None = None) -> pl.DataFrame:
    """Count figures. One row per indicator, place, evidence and span of years: the codes, theme, role of the place
    (all of them categories), first_year, last_year, figures.

    asof: figures known by this day; None: all.
    """
    counts = _count_database_figures(get_data_version(), asof)
    mine = run_context.find_held_figures()
    if mine is None:
        return counts
    return pl.concat(
        [counts, _add_theme_and_role(_cast_years(mine.remember(("cube", asof), lambda: mine.fetch("cube", asof=asof))))]
    )


@memoize(4)
def _count_database_figures(version: str, asof: date | None) -> pl.DataFrame:
    """Count the figures of the database, including derived figures if they are computed at all."""
    counts = _cast_years(fetch("cube", asof=asof))
    if counts.filter(pl.col("evidence") == "published")["figures"].sum() > MOST_DERIVED_FROM:
        return _add_theme_and_role(counts)
    with run_context.hide_own_figures():
        return _add_theme_and_role(
            pl.concat([counts, _count_by_key(get_observations(evidence=("derived",), asof=asof))])
        )


def _cast_years(counts: pl.DataFrame) -> pl.DataFrame:
    return counts.with_columns(pl.col("first_year", "last_year").cast(pl.Int32))


@memoize_per_data_version(64)
def count_theme_figures(theme: str, evidence: tuple[str, ...], asof: date | None = None) -> int:
    """Count the figures of a theme, of some kinds of evidence; asof: as in get_figure_counts()."""
    rows = get_figure_counts(asof).filter((pl.col("theme") == theme) & pl.col("evidence").is_in(evidence))
    return int(rows["figures"].sum())


def count_published_figures() -> int:
    """Count the published figures."""
    return int(get_figure_counts().filter(pl.col("evidence") == "published")["figures"].sum())


def _count_by_key(rows: pl.DataFrame) -> pl.DataFrame:
    years = {"first_year": pl.col("period_start").dt.year(), "last_year": pl.col("year")}
    return rows.with_columns(**years).group_by(COUNT_KEYS).agg(figures=pl.len().cast(pl.Int64))


def _add_theme_and_role(counts: pl.DataFrame) -> pl.DataFrame:
    roles = catalogue.get_parks().select("park_id", "role")
    named = counts.join(_get_indicator_themes(), on="indicator_id").join(roles, on="park_id")
    # There are a million rows with many own figures: compared as texts, codes take four times as long.
    return named.with_columns(pl.col(pl.String).cast(pl.Categorical))


def _get_indicator_themes() -> pl.DataFrame:
    """Return theme and code of every indicator, including derived figures."""
    derived = catalogue.get_derivations().select("theme", indicator_id="derivation_id")
    return pl.concat([catalogue.get_indicators().select("theme", "indicator_id"), derived])


@memoize_per_data_version(256)
def compute_facet_counts(choice: Choice) -> dict[str, dict[str, int]]:
    """Count the figures of each code of each facet, and of each year, under all other choices: {facet: {code: n}}.

    A choice within a facet does not limit the counts of that facet, so that another code can be added. Under "all":
    {"": n}, with all choices.
    """
    whole, counted = get_figure_counts(choice.asof), {}
    for facet, column in FACETS.items():
        rows = whole.filter(_build_filter_expression(make_figure_filter(choice.without(facet))))
        sums = rows.group_by(column).agg(pl.col("figures").sum()).sort("figures", column, descending=[True, False])
        counted[facet] = dict(sums.iter_rows())
    counted["year"] = _count_by_year(whole.filter(_build_filter_expression(make_figure_filter(choice.without("year")))))
    counted["all"] = {"": _count_chosen_figures(choice)}
    return counted


def _count_chosen_figures(choice: Choice) -> int:
    return int(
        get_figure_counts(choice.asof).filter(_build_filter_expression(make_figure_filter(choice)))["figures"].sum()
    )


def count_without_each_part(choice: Choice) -> dict[str, int]:
    """Count, for each part of a choice, how many figures there would be without it; parts with none are left out."""
    left = {part: _count_chosen_figures(choice.without(part)) for part in EMPTY_PARTS if choice.without(part) != choice}
    return {part: n for part, n in left.items() if n}


def get_chosen_targets(choice: Choice, lang: str = "zh") -> pl.DataFrame:
    """Return the targets of a choice. One row per target, columns of get_judged_targets().

    If words of the choice name nothing, there are no rows.
    """
    asked = make_figure_filter(choice)
    rows = get_judged_targets(indicators=asked.indicators, parks=asked.parks, lang=lang, asof=choice.asof)
    rows = rows.filter(pl.col("year") >= asked.first) if asked.first else rows
    return rows.filter(pl.col("year") <= asked.last) if asked.last else rows


def find_chosen_commitments(choice: Choice, lang: str = "zh") -> pl.DataFrame:
    """Return the commitments without a number that contain all words of a choice. One row per commitment; none without
    words.
    """
    words = choice.text.split()
    rows = get_park_commitments(lang=lang)
    said = pl.concat_str("name_zh", pl.lit(" "), "name_en").str.to_lowercase()
    for word in words:
        rows = rows.filter(said.str.contains(word.lower(), literal=True))
    return rows if words else rows.clear()


def _count_by_year(rows: pl.DataFrame) -> dict[str, int]:
    spans = rows.select("figures", year=pl.int_ranges("first_year", pl.col("last_year") + 1)).explode("year")
    return {str(year): n for year, n in spans.group_by("year").agg(pl.col("figures").sum()).sort("year").iter_rows()}


@dataclass(frozen=True)
class FigureFilter:
    """A choice resolved to codes and years; None: all."""

    indicators: list[str] | None
    parks: list[str] | None
    evidence: tuple[str, ...]
    first: int | None
    last: int | None


def make_figure_filter(choice: Choice) -> FigureFilter:
    """Return the codes and years that all parts of a choice leave together, including its words to find."""
    found = search.parse_search_text(choice.text)
    first = max((year for year in (choice.first, found.first) if year), default=None)
    last = min((year for year in (choice.last, found.last) if year), default=None)
    apart = first is not None and last is not None and first > last
    # A word that names nothing finds nothing, nor does a year beyond the ends of the slider.
    nothing: tuple[str, ...] | None = () if found.unknown or apart else None
    named = [
        None if found.indicators is None else catalogue.add_derived_codes(found.indicators),
        catalogue.add_derived_codes(choice.indicators) if choice.indicators else None,
        _get_group_codes(_get_indicator_themes(), choice.themes) if choice.themes else None,
        nothing,
    ]
    placed = [
        found.parks,
        choice.parks or None,
        _get_group_codes(catalogue.get_parks().select("role", "park_id"), choice.roles) if choice.roles else None,
    ]
    return FigureFilter(
        _intersect_codes(named),
        _intersect_codes(placed),
        choice.evidence or EVIDENCE,
        None if apart else first,
        None if apart else last,
    )


def _get_group_codes(rows: pl.DataFrame, groups: tuple[str, ...]) -> list[str]:
    """Return the codes of some groups. rows: group and code."""
    return rows.filter(rows.to_series(0).is_in(groups)).to_series(1).to_list()


def _intersect_codes(lists: Sequence[Sequence[str] | None]) -> list[str] | None:
    """Return the codes that are in every list, in the order of the first; None if there is no list."""
    given = [codes for codes in lists if codes is not None]
    return [code for code in given[0] if all(code in codes for codes in given[1:])] if given else None


def _build_filter_expression(asked: FigureFilter) -> pl.Expr:
    """Return an expression: whether a row of get_figure_counts() is within a filter."""
    kept = pl.col("evidence").is_in(asked.evidence)
    kept = kept if asked.indicators is None else kept & pl.col("indicator_id").is_in(asked.indicators)
    kept = kept if asked.parks is None else kept & pl.col("park_id").is_in(asked.parks)
    kept = kept if asked.first is None else kept & (pl.col("last_year") >= asked.first)
    return kept if asked.last is None else kept & (pl.col("first_year") <= asked.last)


def get_chosen_figures(choice: Choice, lang: str = "zh") -> pl.DataFrame:
    """Return the figures of a choice. One row per figure, columns and order of get_observations()."""
    asked = make_figure_filter(choice)
    if asked.first and asked.last and asked.first > asked.last:
        return get_observations(indicators=[], lang=lang)
    return get_observations(
        indicators=asked.indicators,
        parks=asked.parks,
        first=date(asked.first, 1, 1) if asked.first else None,
        last=date(asked.last, 12, 31) if asked.last else None,
        evidence=asked.evidence,
        lang=lang,
        asof=choice.asof,
    )
