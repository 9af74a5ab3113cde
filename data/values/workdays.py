"""Working days of the Chinese calendar, with its holidays and the weekends worked in exchange for them."""

from datetime import date
from functools import cache

import chinese_calendar
import polars as pl

FIRST_YEAR = min(day.year for day in chinese_calendar.holidays)
LAST_YEAR = max(day.year for day in chinese_calendar.holidays)  # the next year is announced each November


@cache
def get_calendar() -> pl.DataFrame:
    """Return the calendar of all announced years. One row per day: day, working, so_far (working days up to it)."""
    days = pl.date_range(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31), eager=True)
    working = [chinese_calendar.is_workday(day) for day in days]
    return pl.DataFrame({"day": days, "working": working}).with_columns(
        so_far=pl.col("working").cast(pl.Int32).cum_sum()
    )


def add_workday_counts(rows: pl.DataFrame, first: str, last: str, name: str) -> pl.DataFrame:
    """Add a column `name` with the number of working days after one date and up to another.

    first, last: the columns of the dates. Null if a date is missing or its year is not announced. A request
    received on Friday and done on Monday took one; one that is done on the day it came took none.
    """
    count = get_calendar().select("day", "so_far")
    for column, joined in ((first, "_first"), (last, "_last")):
        rows = rows.join(count.rename({"day": column, "so_far": joined}), on=column, how="left", maintain_order="left")
    days = pl.col("_last") - pl.col("_first")
    return rows.with_columns(days.alias(name)).drop("_first", "_last")
