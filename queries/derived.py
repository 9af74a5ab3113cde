"""Figures computed from published ones, each with its interval and formula. Never chained through a derived one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from queries.intervals import Interval

FEW = 3  # so many possible counts are listed one by one


@dataclass(frozen=True)
class Derived:
    """One computed number: what is shown, its interval, how it was computed and from which sources."""

    shown: str
    interval: Interval
    formula: str
    unit_id: str
    sources: tuple[str, ...]


def bases(published: pl.DataFrame) -> pl.DataFrame:
    """Last year's values that follow from a level and the growth printed beside it: value / (1 + growth).

    published: rows of observations.sql, all years; only whole numbers without a bound word are used, and none
    where a value of that year, place and definition was published itself.

    One row per value, columns of observations.sql: evidence is derived, value the rounded centre, low and high
    the interval, formula and source those of the inputs; unit as printed.
    """
    known = {
        (row["park_id"], row["comparable_key"], row["period"])
        for row in published.iter_rows(named=True)
        if row["value"] is not None
    }
    rows = []
    for row in published.iter_rows(named=True):
        if row["value"] is None or row["growth_pct"] is None or row["bound"] != "none" or row["measure"] != "flow":
            continue
        period = _year_before(row["period"])
        if (row["park_id"], row["comparable_key"], period) in known:
            continue
        level = Interval(Decimal(str(row["low"])), Decimal(str(row["high"])))
        interval = level / growth_factor(row["growth_text"])
        shown = interval.shown(row["decimals"])
        counts = interval.whole() if row["low"] == row["high"] else []
        if 0 < len(counts) <= FEW:
            shown, text = str(counts[0]), "或".join(str(count) for count in counts)
        else:
            text = f"约{shown}"
        low, high = interval.outward()
        rows.append(
            row
            | {
                "period": period,
                "value": float(shown),
                "value_text": text,
                "decimals": decimals_of(shown),
                "bound": "about" if text.startswith("约") else "none",
                "low": low,
                "high": high,
                "growth_pct": None,
                "growth_text": None,
                "evidence": "derived",
                "note": None,
                "status": "derived",
                "formula": f"{row['value_text']} ÷ (1 + {row['growth_text']}%)",
                "period_start": _back(row["period_start"]),
                "period_end": _back(row["period_end"]),
                "observation_id": f"{row['observation_id']}-base",
            }
        )
    return pl.DataFrame(rows, schema=published.schema)


def growth_factor(growth: str) -> Interval:
    """1 + g for a growth printed in per cent, with its rounding."""
    percent = Interval.printed(growth)
    return Interval(1 + percent.low / 100, 1 + percent.high / 100)


def growth_needed(target: str, base: str, sources: tuple[str, ...]) -> Derived:
    """Per cent by which a base must grow to reach a target; the target is a decision, hence exact."""
    ratio = Interval.exact(target) / Interval.printed(base)
    interval = Interval((ratio.low - 1) * 100, (ratio.high - 1) * 100)
    return Derived(interval.shown(2), interval, f"{target} ÷ {base} − 1", "percent", sources)


def per_month(amount: str, decimals: int, unit_id: str, sources: tuple[str, ...], *, count: bool = False) -> Derived:
    """A twelfth of a year's amount. A count of whole things is exact; a measured amount has its rounding."""
    whole = Interval.exact(amount) if count else Interval.printed(amount)
    interval = whole / Interval.exact("12")
    return Derived(interval.shown(decimals), interval, f"{amount} ÷ 12", unit_id, sources)


def area_per_home(area: str, homes: str, sources: tuple[str, ...]) -> Derived:
    """Square metres a home: an area in units of 10,000 square metres over a count of homes."""
    interval = Interval.printed(area).times(10_000) / Interval.exact(homes)
    return Derived(interval.shown(1), interval, f"{area} × 10000 ÷ {homes}", "sqm", sources)


def share(part: str, whole: str, sources: tuple[str, ...]) -> Derived:
    """Per cent that a part is of its whole, both as printed in one unit."""
    ratio = Interval.printed(part) / Interval.printed(whole)
    interval = Interval(ratio.low * 100, ratio.high * 100)
    return Derived(interval.shown(1), interval, f"{part} ÷ {whole}", "percent", sources)


def rest(part: str, whole: str, unit_id: str, sources: tuple[str, ...]) -> Derived:
    """What of a whole is not in the part, both as printed in one unit."""
    a, b = Interval.printed(whole), Interval.printed(part)
    interval = Interval(a.low - b.high, a.high - b.low)
    return Derived(interval.shown(decimals_of(part)), interval, f"{whole} − {part}", unit_id, sources)


def decimals_of(digits: str) -> int:
    """Decimals of a printed number."""
    return max(0, -int(Decimal(digits).as_tuple().exponent))


def _year_before(period: str) -> str:
    return "/".join(f"{int(part[:4]) - 1}{part[4:]}" for part in period.split("/"))


def _back(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
