"""Working days of the Chinese calendar, with its holidays and the weekends worked in their place."""

from datetime import date
from functools import cache

import chinese_calendar
import polars as pl

FIRST = min(day.year for day in chinese_calendar.holidays)
LAST = max(day.year for day in chinese_calendar.holidays)  # the next year is announced each November


@cache
def calendar() -> pl.DataFrame:
    """Every day of the years that were announced. One row per day: day, working, so_far (working days up to it)."""
    days = pl.date_range(date(FIRST, 1, 1), date(LAST, 12, 31), eager=True)
    working = [chinese_calendar.is_workday(day) for day in days]
    return pl.DataFrame({"day": days, "working": working}).with_columns(
        so_far=pl.col("working").cast(pl.Int32).cum_sum()
    )


def between(rows: pl.DataFrame, first: str, last: str, name: str) -> pl.DataFrame:
    """Adds how many working days lie after one date and up to another; null where one is missing or not announced.

    A request taken in on Friday and done on Monday took one; one that is done on the day it came took none.
    """
    count = calendar().select("day", "so_far")
    for column, joined in ((first, "_first"), (last, "_last")):
        rows = rows.join(count.rename({"day": column, "so_far": joined}), on=column, how="left", maintain_order="left")
    days = pl.col("_last") - pl.col("_first")
    return rows.with_columns(days.alias(name)).drop("_first", "_last")


def after(day: date, count: int) -> date | None:
    """The day so many working days after another; None beyond the announced years. Raises ValueError below 0."""
    if count < 0:
        raise ValueError(f"{count} working days: count from 0 on")
    known = calendar()
    if not known["day"][0] <= day <= known["day"][-1]:
        return None
    if count == 0:
        return day
    start = known.filter(pl.col("day") == day)["so_far"][0]
    found = known.filter(pl.col("so_far") == start + count)
    return found["day"][0] if found.height else None
