"""Figures in proportion to the size of their place: to its product, or to its people."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from queries.catalogue import catalogue
from queries.figures.computed_rows import format_figure, make_computed_row
from queries.figures.growth_index_share import EXACT_BOUNDS, PRINTED_EVIDENCE
from queries.figures.intervals import Interval, compute_range
from queries.figures.observations import get_observations
from queries.figures.precedence import mark_versions, select_counting_versions

Row = dict[str, Any]
AMOUNTS = ("money_cny", "money_usd", "energy", "count")  # dimensions; land in proportion to a size misleads
FOR_EACH_PERSON = "cny"  # the unit of incomes and wages, which are averages already


@dataclass(frozen=True)
class Size:
    """A size that figures are set in proportion to. indicator, comparable_key: what it is; amount: for how much of it
    the proportion is given, in Chinese units for the formula, in the base of its unit, and in words of both languages.
    """

    indicator: str
    comparable_key: str
    amount: str
    base_amount: Decimal
    zh: str
    en: str


SIZES = {
    "per_gdp": Size(
        "gdp", "output.gdp", "100亿元", Decimal(10**10),
        "每百亿元地区生产总值的{}", "{} per 10 billion yuan of gross domestic product",
    ),
    "per_people": Size(
        "resident_population", "living.resident_population", "1万人", Decimal(10**4),
        "每万常住人口的{}", "{} per 10,000 residents",
    ),
}  # fmt: skip


def is_amount() -> pl.Expr:
    """Whether an indicator is an amount that a size makes comparable: no rate, average, rank or piece of land.

    Over rows with measure, unit_id and comparable_key.
    """
    units = catalogue.get_units().filter(pl.col("dimension").is_in(AMOUNTS) & (pl.col("unit_id") != FOR_EACH_PERSON))
    keys = [size.comparable_key for size in SIZES.values()]
    amount = pl.col("unit_id").is_in(units["unit_id"].to_list()) & (pl.col("measure") != "rate")
    return amount & ~pl.col("comparable_key").is_in(keys)


def compute_ratios(rows: pl.DataFrame, measure: str, lang: str = "zh", asof: date | None = None) -> pl.DataFrame:
    """Divide figures of whole years by the size of the same place in the same year.

    rows: of get_observations(); measure: a key of SIZES; asof: the day by which sizes were known, None: all.

    One row per figure of which the place has a size, in the order of the rows, columns of get_observations(): value in
    the unit of the figure, for each amount of the size; derived, with 约, low, high, formula and inputs. Only from
    amounts, see is_amount(), that are final.
    """
    usable = _select_final(select_counting_versions(rows.filter(is_amount())))
    parks = usable["park_id"].unique().sort().to_list()
    known = get_observations(
        indicators=[SIZES[measure].indicator], parks=parks, evidence=PRINTED_EVIDENCE, lang=lang, asof=asof
    )
    sizes = {
        (row["park_id"], row["year"]): row
        for row in _select_final(select_counting_versions(known)).iter_rows(named=True)
    }
    made = [
        _make_ratio_row(row, sizes[row["park_id"], row["year"]], measure, lang)
        for row in usable.iter_rows(named=True)
        if (row["park_id"], row["year"]) in sizes
    ]
    return mark_versions(pl.DataFrame(made, schema=rows.schema))


def _select_final(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the printed numbers for whole years that are no limit and no expectation."""
    printed = pl.col("evidence").is_in(PRINTED_EVIDENCE) & pl.col("value").is_not_null()
    return rows.filter(printed & pl.col("bound").is_in(EXACT_BOUNDS) & (pl.col("span") == "year"))


def _make_ratio_row(row: Row, of: Row, measure: str, lang: str) -> Row:
    size = SIZES[measure]

    def divide(number: Decimal, whole: Decimal) -> Decimal:
        return number * size.base_amount / whole

    ratio = compute_range(divide, Interval.of(row), Interval.of(of, "base_"))
    formula = f"{format_figure(row)} ÷ ({format_figure(of)} ÷ {size.amount})"
    return make_computed_row(row, [of], ratio, formula, {"zh": size.zh, "en": size.en}, measure, lang)
