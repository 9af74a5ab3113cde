"""The same figures as another measure: growth on the year before, index to a base year, share of a whole.

Everything is computed from printed figures alone, by interval arithmetic, never from a derived one; within one
definition, and not across a recorded break of its series. Every row states its formula and its input rows.
"""

from datetime import date
from typing import Any

import polars as pl

from data.languages import LANGUAGES
from queries.catalogue import catalogue
from queries.figures.computed_rows import (
    Row,
    compute_growth,
    compute_percentage,
    format_figure,
    make_computed_row,
    make_indicator_names,
    make_percent_unit,
)
from queries.figures.derived import PERCENT_FACTOR, count_decimals, to_base_unit
from queries.figures.growth import GROWTH_BASIS_NAMES, NOMINAL
from queries.figures.intervals import Interval, compute_range
from queries.figures.observations import get_observations
from queries.figures.precedence import mark_versions

MEASURES = ("level", "growth", "index", "share")
Key = tuple[str, str, int, int]  # place, definition, and the months of the year that the period covers
PRINTED_EVIDENCE = ("published", "own")
EXACT_BOUNDS = ("none",)  # bounds of a figure that is final and a number, not a limit


def convert_to_measure(
    rows: pl.DataFrame, measure: str, base: int | None = None, lang: str = "zh", asof: date | None = None
) -> pl.DataFrame:
    """Convert figures to growth, to an index or to shares; as levels they are unchanged.

    rows: of get_observations(). measure: one of MEASURES. base: year that is 100 in an index. asof: the day by
    which the rows were known, and by which the wholes of shares are looked up; None: all.

    One row per figure that can be converted, in the order of the rows, columns of get_observations(): value in per
    cent, or in points of an index; the name says what was done. A growth that was printed with a value stays
    published and goes before a computed one; what is computed is derived, with 约, low, high, formula and inputs.
    Growth is computed only from final, nominal figures of places that are not sums of others: see
    queries.figures.growth. An index of other totals has a name that says what it contains besides growth. From a
    rate nothing is computed: a percentage of a percentage misleads.
    Raises ValueError for an unknown measure.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure takes {', '.join(MEASURES)}, got {measure!r}")
    if measure == "level" or rows.is_empty():
        return rows
    printed = [row for row in rows.iter_rows(named=True) if row["evidence"] in PRINTED_EVIDENCE]
    made: list[Row] = []
    if measure == "growth":
        made = _compute_growth_rows(printed, lang)
    elif measure == "index" and base is not None:
        made = _compute_index_rows(printed, base, lang)
    elif measure == "share":
        made = _compute_share_rows(printed, lang, asof)
    return mark_versions(pl.DataFrame(made, schema=rows.schema))


def find_base_years(rows: pl.DataFrame) -> list[int]:
    """Return the years that an index can start from, those in which most series of the rows have a figure first."""
    usable = rows.filter(
        pl.col("evidence").is_in(PRINTED_EVIDENCE), pl.col("value").is_not_null(), pl.col("bound").is_in(EXACT_BOUNDS)
    )
    usable = usable.filter(pl.col("measure") != "rate")
    years = usable.select("park_id", "comparable_key", "first_month", "last_month", "year").unique()
    several = years.filter(pl.len().over("park_id", "comparable_key", "first_month", "last_month") > 1)
    ordered = several.group_by("year").agg(n=pl.len()).sort("n", "year", descending=[True, False])
    return [int(year) for year in ordered["year"]]


def can_compute_shares(rows: pl.DataFrame, asof: date | None = None) -> bool:
    """Return whether any of the rows is a part of something with a known figure; asof: as in convert_to_measure()."""
    parts = catalogue.get_indicators().filter(pl.col("part_of").is_not_null())["indicator_id"].to_list()
    return not convert_to_measure(rows.filter(pl.col("indicator_id").is_in(parts)), "share", asof=asof).is_empty()


def _make_series_key(row: Row) -> Key:
    """Return what a figure measures, without its year: figures of other years with the same key compare to it."""
    return row["park_id"], row["comparable_key"], row["first_month"], row["last_month"]


def _select_nominal(rows: list[Row]) -> list[Row]:
    """Return the rows from which a growth may be computed."""
    sums = catalogue.get_sum_places()
    return [row for row in rows if row["growth_basis"] == NOMINAL and row["park_id"] not in sums]


def _group_series(rows: Any) -> dict[Key, dict[int, Row]]:
    """Return, for each place, definition and part of the year, the version of each year that counts."""
    series: dict[Key, dict[int, Row]] = {}
    for row in rows:
        if row["value"] is None or row["bound"] not in EXACT_BOUNDS or row["measure"] == "rate":
            continue
        of_years = series.setdefault(_make_series_key(row), {})
        of_years[row["year"]] = min(row, of_years.get(row["year"], row), key=_get_precedence)
    return series


def _get_precedence(row: Row) -> str:
    return str(row["precedence"])


def _get_break_keys() -> dict[tuple[str, str, int], bool]:
    """Return the breaks: place, definition and year, each with whether it holds for whole years alone."""
    rows = catalogue.get_series_breaks().select("park_id", "comparable_key", "year", "years_only")
    return {(park, key, year): years_only for park, key, year, years_only in rows.iter_rows()}


def _has_break_between(row: Row, other: Row, breaks: dict[tuple[str, str, int], bool]) -> bool:
    """Return whether the series of a place changes its definition between two of its figures.

    They cover the same months; a break that holds for whole years alone does not part those of half-years.
    """
    first, last = sorted((row["year"], other["year"]))
    found = [breaks.get((row["park_id"], row["comparable_key"], year)) for year in range(first + 1, last + 1)]
    return any(years_only is not None and (row["span"] == "year" or not years_only) for years_only in found)


def _make_base_interval(row: Row) -> Interval:
    return Interval.of(row, "base_")


def _is_same_dimension(row: Row, other: Row) -> bool:
    return bool(row["dimension"] == other["dimension"])


def _compute_growth_rows(rows: list[Row], lang: str) -> list[Row]:
    """Return printed growth as it is; if none was printed, the quotient of two printed years."""
    series, breaks, made = _group_series(_select_nominal(rows)), _get_break_keys(), list[Row]()
    told = {_make_figure_key(row) for row in rows if row["growth_pct"] is not None}
    for row in rows:
        if row["growth_pct"] is not None:
            made.append(_make_printed_growth_row(row))
            continue
        same = series.get(_make_series_key(row), {})
        before, year = same.get(row["year"] - 1), row["year"]
        if (
            same.get(year) is not row
            or before is None
            or _has_break_between(row, before, breaks)
            or _make_figure_key(row) in told
        ):
            continue  # a growth that was printed knows of revisions and prices; a quotient does not
        if _is_same_dimension(row, before):
            quotient = compute_range(compute_growth, _make_base_interval(row), _make_base_interval(before))
            formula = f"{format_figure(row)} ÷ {format_figure(before)} − 1"
            made.append(make_computed_row(row, [before], quotient, formula, _make_growth_names(row), "growth", lang))
    return made


def _make_figure_key(row: Row) -> tuple[str, str, str]:
    return row["park_id"], row["comparable_key"], row["period"]


def _make_growth_names(row: Row) -> dict[str, str]:
    """Return the names of a growth, with its basis: growth on different bases belongs to different series."""
    zh, en = (GROWTH_BASIS_NAMES[lang][row["growth_basis"]] for lang in LANGUAGES)
    return {"zh": f"{{}}，比上年增长（{zh}）", "en": f"{{}}, growth on the year before ({en})"}


def _make_printed_growth_row(row: Row) -> Row:
    # The growth becomes the value, and the order of versions stays.
    kept = {"precedence": row["precedence"], "growth_low": None, "growth_high": None}
    ends = {"low": row["growth_low"], "high": row["growth_high"]}
    based = {
        f"base_{end}": to_base_unit(number, PERCENT_FACTOR)
        for end, number in (ends | {"value": row["growth_pct"]}).items()
    }
    return row | make_indicator_names(row, _make_growth_names(row)) | make_percent_unit() | kept | ends | based | {
        "value": row["growth_pct"], "value_text": row["growth_text"], "decimals": count_decimals(row["growth_text"]),
        "bound": row["bound"] if row["bound"] == "expected" else "none", "low_in": True,
        "high_in": False, "growth_pct": None, "growth_text": None, "measure": "rate", "status": "published",
        "observation_id": f"{row['observation_id']}-growth",
    }  # fmt: skip


def _compute_index_rows(rows: list[Row], base: int, lang: str) -> list[Row]:
    """Divide each figure by that of the base year, which is 100. If the quotient is not a growth, its name says so."""
    series, breaks, made = _group_series(rows), _get_break_keys(), list[Row]()
    nominal = {row["observation_id"] for row in _select_nominal(rows)}
    plain = {"zh": f"{{}}，{base}年=100", "en": f"{{}}, {base} = 100"}
    totals = {
        "zh": f"{{}}，总量之比，{base}年=100（含价格和统计范围的变动）",
        "en": f"{{}}, ratio of totals, {base} = 100 (changes of prices and of coverage included)",
    }
    for row in rows:
        same = series.get(_make_series_key(row), {})
        start = same.get(base)
        if start is None or same.get(row["year"]) is not row or _has_break_between(row, start, breaks):
            continue
        if not _is_same_dimension(row, start) or all(
            other is start or _has_break_between(other, start, breaks) for other in same.values()
        ):
            continue  # a base alone says nothing
        points = (
            Interval.exact("100")
            if start is row
            else compute_range(compute_percentage, _make_base_interval(row), _make_base_interval(start))
        )
        formula = f"{format_figure(row)} ÷ {format_figure(start)} × 100"
        names = plain if {row["observation_id"], start["observation_id"]} <= nominal else totals
        made.append(make_computed_row(row, [start], points, formula, names, "index", lang))
    return made


def _compute_share_rows(rows: list[Row], lang: str, asof: date | None) -> list[Row]:
    """Divide each part by its whole, of the same place and period."""
    offered = catalogue.get_indicators()
    wholes = dict(offered.filter(pl.col("part_of").is_not_null()).select("indicator_id", "part_of").iter_rows())
    named = {row["indicator_id"]: row for row in offered.iter_rows(named=True)}
    wanted = sorted({wholes[row["indicator_id"]] for row in rows if row["indicator_id"] in wholes})
    parks = sorted({row["park_id"] for row in rows})
    known = get_observations(indicators=wanted, parks=parks, evidence=PRINTED_EVIDENCE, lang=lang, asof=asof)
    found: dict[tuple[str, str, str], Row] = {}
    for row in [*known.iter_rows(named=True), *rows]:
        key = (row["park_id"], row["indicator_id"], row["period"])
        if row["value"] is not None and row["bound"] in EXACT_BOUNDS:
            found[key] = min(row, found.get(key, row), key=_get_precedence)
    made = []
    for row in rows:
        whole = found.get((row["park_id"], wholes.get(row["indicator_id"], ""), row["period"]))
        part = found.get((row["park_id"], row["indicator_id"], row["period"]))
        if whole and part is row and _is_same_dimension(row, whole):
            told = named[whole["indicator_id"]]
            names = {"zh": f"{{}}占{told['name_zh']}", "en": f"{{}} as a share of {told['name_en']}"}
            percent = compute_range(compute_percentage, _make_base_interval(row), _make_base_interval(whole))
            made.append(
                make_computed_row(
                    row, [whole], percent, f"{format_figure(row)} ÷ {format_figure(whole)}", names, "share", lang
                )
            )
    return made


def compute_shares_of_place(
    rows: pl.DataFrame, whole: str, parts: dict[str, int | None], lang: str = "zh"
) -> pl.DataFrame:
    """Compute shares of places in the figure that a larger place printed for the same definition and period.

    rows: of get_observations(); whole: code of the larger place; parts: places that it contains, with the year from
    which on, None: always. One row per share, as in convert_to_measure(). Places that are not parts have none.
    """
    printed = [row for row in rows.iter_rows(named=True) if row["evidence"] in PRINTED_EVIDENCE]
    series, made = _group_series(printed), []
    for row in printed:
        year, key = row["year"], _make_series_key(row)[1:]
        if row["park_id"] not in parts or year < (parts[row["park_id"]] or 0):
            continue
        of = series.get((whole, *key), {}).get(year)
        mine = series.get((row["park_id"], *key), {}).get(year)
        if of and mine is row and _is_same_dimension(row, of):
            names = {"zh": f"{{}}占{of['park_zh']}", "en": f"{{}} as a share of {of['park_en']}"}
            percent = compute_range(compute_percentage, _make_base_interval(row), _make_base_interval(of))
            made.append(
                make_computed_row(
                    row, [of], percent, f"{format_figure(row)} ÷ {format_figure(of)}", names, "share", lang
                )
            )
    return pl.DataFrame(made, schema=rows.schema)
