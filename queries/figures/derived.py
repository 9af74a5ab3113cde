"""Figures computed from published ones, each with its interval and formula. Nothing is derived from a derived one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from queries.figures import precedence
from queries.figures.growth import CONDITION, Break, judge_base_derivation
from queries.figures.intervals import Interval, compute_range

PERCENT_FACTOR = 0.01  # the factor of the unit
MOST_LISTED_COUNTS = 3  # so many possible counts are listed one by one


@dataclass(frozen=True)
class DerivedFigure:
    """One computed number: the text shown, its interval, its formula, its unit and its sources."""

    shown: str
    interval: Interval
    formula: str
    unit_id: str
    sources: tuple[str, ...]


def compute_previous_values(
    published: pl.DataFrame, sums: Collection[str] = (), breaks: Collection[Break] = (), lang: str = "zh"
) -> pl.DataFrame:
    """Compute last year's values from a level and the growth printed with it: value / (1 + growth).

    published: rows of observations.sql, all years. A figure is used only if it is final, counts for its year, is of
    a place that is not a sum of others (sums), has a nominal growth, and no break (breaks) lies between; if no
    source states the basis of the growth, the note says under which condition the value holds. No value is computed
    if one of that year, place and definition was published.

    One row per value, columns of observations.sql: evidence is derived, value the rounded centre, low and high
    the interval, formula and source those of the inputs; unit and growth_basis as printed: unknown if the value
    is conditional.
    """
    known = set(
        published.filter(pl.col("value").is_not_null()).select("park_id", "comparable_key", "period").iter_rows()
    )
    counting = precedence.select_counting_versions(precedence.mark_versions(published)).select(published.columns)
    grown = counting.filter((pl.col("measure") == "flow") & pl.col("growth_pct").is_not_null())
    rows = []
    for row in grown.iter_rows(named=True):
        way = judge_base_derivation(row, sums, breaks)
        if way is None:
            continue
        period = "/".join(f"{row['year'] - 1}{part[4:]}" for part in row["period"].split("/"))
        if (row["park_id"], row["comparable_key"], period) in known:
            continue
        interval = Interval.of(row) / compute_range(lambda percent: 1 + percent / 100, Interval.of(row, "growth_"))
        shown = interval.shown(row["decimals"])
        counts = interval.whole_numbers() if row["low"] == row["high"] else []
        if 0 < len(counts) <= MOST_LISTED_COUNTS:
            shown, text = str(counts[0]), "或".join(str(count) for count in counts)
        else:
            text = f"约{shown}"
        low, high = interval.outward()
        computed = row | {
            "period": period,
            "year": row["year"] - 1,
            "value": float(shown),
            "value_text": text,
            "decimals": count_decimals(shown),
            "bound": "about" if text.startswith("约") else "none",
            "low": low,
            "high": high,
            "growth_pct": None,
            "growth_text": None,
            "evidence": "derived",
            "note": CONDITION[lang] if way == "conditional" else None,
            "status": "derived",
            "low_in": interval.low_in,
            "high_in": interval.high_in,
            "formula": f"{row['value_text']} ÷ (1 + {row['growth_text']}%)",
            "period_start": _move_back_a_year(row["period_start"]),
            "period_end": _move_back_a_year(row["period_end"]),
            "inputs": row["observation_id"],
            "observation_id": f"{row['observation_id']}-base",
        }
        rows.append(add_facts(computed))
    return pl.DataFrame(rows, schema=published.schema)


def compute_resettlement_figures(aims: pl.DataFrame) -> pl.DataFrame:
    """Compute what follows from the two resettlement targets of a place: area and homes per month, area per home.

    aims: rows of get_judged_targets(), of which resettlement_area_built and resettlement_homes_allocated are used.

    One row per figure: derivation_id, value_text with 约, low, high, unit_id, formula, inputs (codes of the
    targets), evidence, and place, year and source of the target. Area per home holds only if both targets mean the
    same homes.
    """
    known = {row["indicator_id"]: row for row in aims.iter_rows(named=True)}
    area, count = known.get("resettlement_area_built"), known.get("resettlement_homes_allocated")
    found: list[tuple[str, DerivedFigure, dict[str, Any], str]] = []
    if area:
        source = (area["source_id"],)
        found.append(
            (
                "area_per_month",
                compute_monthly_amount(area["value_text"], 1, area["unit_id"], source),
                area,
                area["target_id"],
            )
        )
    if count:
        month = compute_monthly_amount(count["value_text"], 0, count["unit_id"], (count["source_id"],), count=True)
        found.append(("homes_per_month", month, count, count["target_id"]))
    if area and count:
        home = compute_area_per_home(area["value_text"], count["value_text"], (area["source_id"], count["source_id"]))
        found.append(("area_per_home", home, area, f"{area['target_id']}; {count['target_id']}"))
    columns = (
        "park_id", "park_zh", "park_en", "year", "source_id", "source_title", "source_url", "source_published",
        "locator", "data_version",
    )  # fmt: skip
    rows = []
    for code, figure, row, inputs in found:
        low, high = figure.interval.outward()
        told = {"derivation_id": code, "value_text": f"约{figure.shown}", "low": low, "high": high}
        told |= {"unit_id": figure.unit_id, "evidence": "derived", "formula": figure.formula, "inputs": inputs}
        rows.append(told | {column: row[column] for column in columns})
    return pl.DataFrame(rows)


def compute_growth_factor(growth: str) -> Interval:
    """Compute 1 + g for a growth printed in per cent, with its rounding."""
    return compute_range(lambda percent: 1 + percent / 100, Interval.printed(growth))


def compute_monthly_amount(
    amount: str, decimals: int, unit_id: str, sources: tuple[str, ...], *, count: bool = False
) -> DerivedFigure:
    """Compute a twelfth of a year's amount. A count of whole things is exact; a measured amount has its rounding."""
    interval = Interval.printed(amount, count=count) / Interval.exact("12")
    return DerivedFigure(interval.shown(decimals), interval, f"{amount} ÷ 12", unit_id, sources)


def compute_area_per_home(area: str, homes: str, sources: tuple[str, ...]) -> DerivedFigure:
    """Compute the square metres per home: an area in units of 10,000 square metres divided by a count of homes."""
    interval = Interval.printed(area).times(10_000) / Interval.exact(homes)
    return DerivedFigure(interval.shown(1), interval, f"{area} × 10000 ÷ {homes}", "sqm", sources)


def compute_share(part: str, whole: str, sources: tuple[str, ...]) -> DerivedFigure:
    """Compute how many per cent of its whole a part is, both as printed in one unit; whole per cent are shown."""
    interval = compute_range(lambda a, b: a / b * 100, Interval.printed(part), Interval.printed(whole))
    return DerivedFigure(interval.shown(0), interval, f"{part} ÷ {whole}", "percent", sources)


def compute_whole_of_share(count: str, percent: str, unit_id: str, sources: tuple[str, ...]) -> DerivedFigure:
    """Compute the whole of which a count of whole things is a printed share: the whole numbers that fit."""
    interval = compute_range(lambda a, b: a / b * 100, Interval.printed(count, count=True), Interval.printed(percent))
    few = interval.whole_numbers()
    shown = "或".join(str(number) for number in few) if 0 < len(few) <= MOST_LISTED_COUNTS else interval.shown(0)
    return DerivedFigure(shown, interval, f"{count} ÷ {percent}%", unit_id, sources)


def compute_remainder(part: str, whole: str, unit_id: str, sources: tuple[str, ...]) -> DerivedFigure:
    """Compute what remains of a whole without a part, both as printed in one unit."""
    interval = Interval.printed(whole) - Interval.printed(part)
    return DerivedFigure(interval.shown(count_decimals(part)), interval, f"{whole} − {part}", unit_id, sources)


def compute_related_figures(published: pl.DataFrame, derivations: pl.DataFrame) -> pl.DataFrame:
    """Compute shares, remainders and wholes from two figures published for one place and period.

    published: rows of observations.sql; derivations: rows of derivations.sql, which say what is derived from what.
    Only figures of one source are used, in one unit if they are subtracted or divided, without a bound word; a
    count and its share may differ in unit.

    One row per figure, columns of observations.sql: evidence is derived, value_text says 约 unless whole numbers are
    meant, low and high are the interval, inputs the two rows that it is derived from.
    """
    plain = published.filter(pl.col("value").is_not_null() & (pl.col("bound") == "none"))
    keys = ["park_id", "period", "source_id"]
    rows = []
    for way in derivations.iter_rows(named=True):
        one = plain.filter(pl.col("indicator_id") == way["first_id"])
        other = plain.filter(pl.col("indicator_id") == way["second_id"])
        pairs = one.join(other, on=keys, suffix="_second", maintain_order="left")
        if way["kind"] != "whole_of_share":
            pairs = pairs.filter(pl.col("unit_id") == pl.col("unit_id_second"))
        rows += [_compute_related_figure(row, way, published.columns) for row in pairs.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=published.schema)


def _compute_related_figure(row: dict[str, Any], way: dict[str, Any], columns: list[str]) -> dict[str, Any]:
    first, second, sources = row["value_text"], row["value_text_second"], (row["source_id"],)
    found = {
        "share": lambda: compute_share(first, second, sources),
        "rest": lambda: compute_remainder(second, first, row["unit_id"], sources),
        "whole_of_share": lambda: compute_whole_of_share(first, second, row["unit_id"], sources),
    }[way["kind"]]()
    low, high = found.interval.outward()
    exact = way["kind"] == "whole_of_share" and len(found.interval.whole_numbers()) <= MOST_LISTED_COUNTS
    number = found.shown.partition("或")[0]
    unit = {key: way[key] for key in ("unit_zh", "unit_en", "unit_scale", "unit_scaled_en")}
    kept = {column: row[column] for column in columns}
    if way["kind"] != "share":
        unit = {key: row[key] for key in unit}
    measured = {"dimension": "share", "factor": PERCENT_FACTOR} if way["kind"] == "share" else {}
    return add_facts(kept | unit | measured | {
        "indicator_id": way["derivation_id"],
        "indicator_zh": way["name_zh"],
        "indicator_en": way["name_en"],
        "theme": way["theme"],
        "comparable_key": f"derived.{way['derivation_id']}",
        "measure": "rate" if way["kind"] == "share" else row["measure"],
        "unit_id": found.unit_id,
        "value": float(number),
        "value_text": found.shown if exact else f"约{found.shown}",
        "decimals": count_decimals(number),
        "bound": "none" if exact else "about",
        "low": low,
        "high": high,
        "growth_pct": None,
        "growth_text": None,
        "growth_basis": None,
        "low_in": found.interval.low_in,
        "high_in": found.interval.high_in,
        "evidence": "derived",
        "note": way["definition"],
        "status": "derived",
        "formula": found.formula,
        "inputs": f"{row['observation_id']}; {row['observation_id_second']}",
        "observation_id": f"{row['observation_id']}-{way['derivation_id']}",
    })  # fmt: skip


def to_base_unit(number: float | None, factor: float) -> float | None:
    """Convert a number to the base unit of its dimension; None for None."""
    # A hundredth is no binary fraction: 9.2 × 0.01 is not the double that 0.092 is, and 9.2 ÷ 100 is.
    return None if number is None else number * factor if factor >= 1 else number / round(1 / factor)


def add_facts(row: dict[str, Any]) -> dict[str, Any]:
    """Return a computed row with the facts derived from its own value: see FACTS in queries.figures.observations.

    row: has dimension and factor of its unit, the precedence of the figure that it is derived from, and its own
    evidence: computed figures come after loaded ones, and those after published ones.
    """
    ends = {f"base_{end}": to_base_unit(row[end], row["factor"]) for end in ("value", "low", "high")}
    kind = 1 if row["evidence"] == "own" else 2
    return row | ends | {"growth_low": None, "growth_high": None, "precedence": f"{kind}{row['precedence'][1:]}"}


def count_decimals(digits: str) -> int:
    """Count the decimals of a printed number."""
    return max(0, -int(Decimal(digits).as_tuple().exponent))


def _move_back_a_year(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
