"""Figures computed from published ones, each with its interval and formula. Never chained through a derived one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from queries.figures import precedence
from queries.figures.growth import CONDITION, Break, reading
from queries.figures.intervals import Interval, over

PERCENT = 0.01  # the factor of the unit
FEW = 3  # so many possible counts are listed one by one


@dataclass(frozen=True)
class Derived:
    """One computed number: what is shown, its interval, how it was computed and from which sources."""

    shown: str
    interval: Interval
    formula: str
    unit_id: str
    sources: tuple[str, ...]


def bases(
    published: pl.DataFrame, sums: Collection[str] = (), breaks: Collection[Break] = (), lang: str = "zh"
) -> pl.DataFrame:
    """Last year's values that follow from a level and the growth printed beside it: value / (1 + growth).

    published: rows of observations.sql, all years. Only a final figure is used that counts for its year, of a place
    that is no sum of others (sums), where no break (breaks) lies between, with a nominal growth; where no source says
    what the growth is taken on, the note says under which condition the value holds. None where a value of that year,
    place and definition was published itself.

    One row per value, columns of observations.sql: evidence is derived, value the rounded centre, low and high
    the interval, formula and source those of the inputs; unit and growth_basis as printed: unknown where the value
    is conditional.
    """
    known = {
        (row["park_id"], row["comparable_key"], row["period"])
        for row in published.iter_rows(named=True)
        if row["value"] is not None
    }
    counting = set(precedence.counting(published)["observation_id"])
    rows = []
    for row in published.iter_rows(named=True):
        way = reading(row, sums, breaks) if row["measure"] == "flow" else None
        if way is None or row["observation_id"] not in counting:
            continue
        period = "/".join(f"{row['year'] - 1}{part[4:]}" for part in row["period"].split("/"))
        if (row["park_id"], row["comparable_key"], period) in known:
            continue
        interval = Interval.of(row) / over(lambda percent: 1 + percent / 100, Interval.of(row, "growth_"))
        shown = interval.shown(row["decimals"])
        counts = interval.whole() if row["low"] == row["high"] else []
        if 0 < len(counts) <= FEW:
            shown, text = str(counts[0]), "或".join(str(count) for count in counts)
        else:
            text = f"约{shown}"
        low, high = interval.outward()
        computed = row | {
            "period": period,
            "year": row["year"] - 1,
            "value": float(shown),
            "value_text": text,
            "decimals": decimals_of(shown),
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
            "period_start": _back(row["period_start"]),
            "period_end": _back(row["period_end"]),
            "inputs": row["observation_id"],
            "observation_id": f"{row['observation_id']}-base",
        }
        rows.append(with_facts(computed))
    return pl.DataFrame(rows, schema=published.schema)


def of_homes(aims: pl.DataFrame) -> pl.DataFrame:
    """What follows from the two resettlement targets of a place: area and homes a month, area a home.

    aims: rows of targets(), of which resettlement_area_built and resettlement_homes_allocated are used.

    One row per figure: derivation_id, value_text with 约, low, high, unit_id, formula, inputs (codes of the targets),
    evidence, and place, year and source of the target. Area a home holds only if both targets mean the same homes.
    """
    known = {row["indicator_id"]: row for row in aims.iter_rows(named=True)}
    area, count = known.get("resettlement_area_built"), known.get("resettlement_homes_allocated")
    found: list[tuple[str, Derived, dict[str, Any], str]] = []
    if area:
        source = (area["source_id"],)
        found.append(
            ("area_per_month", per_month(area["value_text"], 1, area["unit_id"], source), area, area["target_id"])
        )
    if count:
        month = per_month(count["value_text"], 0, count["unit_id"], (count["source_id"],), count=True)
        found.append(("homes_per_month", month, count, count["target_id"]))
    if area and count:
        home = area_per_home(area["value_text"], count["value_text"], (area["source_id"], count["source_id"]))
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


def growth_factor(growth: str) -> Interval:
    """1 + g for a growth printed in per cent, with its rounding."""
    return over(lambda percent: 1 + percent / 100, Interval.printed(growth))


def growth_needed(target: str, base: str, sources: tuple[str, ...]) -> Derived:
    """Per cent by which a base must grow to reach a target; the target is a decision, hence exact."""
    interval = over(lambda a, b: (a / b - 1) * 100, Interval.exact(target), Interval.printed(base))
    return Derived(interval.shown(2), interval, f"{target} ÷ {base} − 1", "percent", sources)


def level_needed(growth: str, base: str, unit_id: str, sources: tuple[str, ...]) -> Derived:
    """The level that a growth target asks for; the growth is a decision, hence exact."""
    interval = over(lambda g, b: b * (1 + g / 100), Interval.exact(growth), Interval.printed(base))
    return Derived(interval.shown(decimals_of(base)), interval, f"{base} × (1 + {growth}%)", unit_id, sources)


def per_month(amount: str, decimals: int, unit_id: str, sources: tuple[str, ...], *, count: bool = False) -> Derived:
    """A twelfth of a year's amount. A count of whole things is exact; a measured amount has its rounding."""
    interval = Interval.printed(amount, count=count) / Interval.exact("12")
    return Derived(interval.shown(decimals), interval, f"{amount} ÷ 12", unit_id, sources)


def area_per_home(area: str, homes: str, sources: tuple[str, ...]) -> Derived:
    """Square metres a home: an area in units of 10,000 square metres over a count of homes."""
    interval = Interval.printed(area).times(10_000) / Interval.exact(homes)
    return Derived(interval.shown(1), interval, f"{area} × 10000 ÷ {homes}", "sqm", sources)


def share(part: str, whole: str, sources: tuple[str, ...]) -> Derived:
    """Per cent that a part is of its whole, both as printed in one unit; whole per cent are shown."""
    interval = over(lambda a, b: a / b * 100, Interval.printed(part), Interval.printed(whole))
    return Derived(interval.shown(0), interval, f"{part} ÷ {whole}", "percent", sources)


def share_of_sum(part: str, other: str, sources: tuple[str, ...]) -> Derived:
    """Per cent that a part is of itself and another: the part stands above and below the line, and counts once."""
    interval = over(lambda a, b: a / (a + b) * 100, Interval.printed(part), Interval.printed(other))
    return Derived(interval.shown(0), interval, f"{part} ÷ ({part} + {other})", "percent", sources)


def whole_of_share(count: str, percent: str, unit_id: str, sources: tuple[str, ...]) -> Derived:
    """The whole of which a count of whole things is a printed share: the whole numbers that fit."""
    interval = over(lambda a, b: a / b * 100, Interval.printed(count, count=True), Interval.printed(percent))
    few = interval.whole()
    shown = "或".join(str(number) for number in few) if 0 < len(few) <= FEW else interval.shown(0)
    return Derived(shown, interval, f"{count} ÷ {percent}%", unit_id, sources)


def rest(part: str, whole: str, unit_id: str, sources: tuple[str, ...]) -> Derived:
    """What of a whole is not in the part, both as printed in one unit."""
    interval = Interval.printed(whole) - Interval.printed(part)
    return Derived(interval.shown(decimals_of(part)), interval, f"{whole} − {part}", unit_id, sources)


def related(published: pl.DataFrame, derivations: pl.DataFrame) -> pl.DataFrame:
    """Shares, rests and wholes that follow from two figures published for one place and period.

    published: rows of observations.sql; derivations: rows of derivations.sql, which say what follows from what. Only
    figures of one source, printed in one unit where they are parted or added, without a bound word; a count and its
    share may differ in unit.

    One row per figure, columns of observations.sql: evidence is derived, value_text says 约 unless whole numbers are
    meant, low and high are the interval, inputs the two rows that it follows from.
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
        rows += [_related(row, way, published.columns) for row in pairs.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=published.schema)


def _related(row: dict[str, Any], way: dict[str, Any], columns: list[str]) -> dict[str, Any]:
    first, second, sources = row["value_text"], row["value_text_second"], (row["source_id"],)
    found = {
        "share": lambda: share(first, second, sources),
        "rest": lambda: rest(second, first, row["unit_id"], sources),
        "whole_of_share": lambda: whole_of_share(first, second, row["unit_id"], sources),
    }[way["kind"]]()
    low, high = found.interval.outward()
    exact = way["kind"] == "whole_of_share" and len(found.interval.whole()) <= FEW
    number = found.shown.partition("或")[0]
    unit = {key: way[key] for key in ("unit_zh", "unit_en", "unit_scale", "unit_scaled_en")}
    kept = {column: row[column] for column in columns}
    if way["kind"] != "share":
        unit = {key: row[key] for key in unit}
    measured = {"dimension": "share", "factor": PERCENT} if way["kind"] == "share" else {}
    return with_facts(kept | unit | measured | {
        "indicator_id": way["derivation_id"],
        "indicator_zh": way["name_zh"],
        "indicator_en": way["name_en"],
        "theme": way["theme"],
        "comparable_key": f"derived.{way['derivation_id']}",
        "measure": "rate" if way["kind"] == "share" else row["measure"],
        "unit_id": found.unit_id,
        "value": float(number),
        "value_text": found.shown if exact else f"约{found.shown}",
        "decimals": decimals_of(number),
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


def in_base(number: float | None, factor: float) -> float | None:
    """Return a number in the base of its dimension; None for None."""
    # A hundredth is no binary fraction: 9.2 × 0.01 is not the double that 0.092 is, and 9.2 ÷ 100 is.
    return None if number is None else number * factor if factor >= 1 else number / round(1 / factor)


def with_facts(row: dict[str, Any]) -> dict[str, Any]:
    """Return a computed row with the facts that follow from its own value: see FACTS in queries.figures.observations.

    row: has dimension and factor of its unit, the precedence of the figure that it follows from, and its own evidence:
    what was computed comes after what was loaded, and that after what was published.
    """
    ends = {f"base_{end}": in_base(row[end], row["factor"]) for end in ("value", "low", "high")}
    kind = 1 if row["evidence"] == "own" else 2
    return row | ends | {"growth_low": None, "growth_high": None, "precedence": f"{kind}{row['precedence'][1:]}"}


def decimals_of(digits: str) -> int:
    """Decimals of a printed number."""
    return max(0, -int(Decimal(digits).as_tuple().exponent))


def _back(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
