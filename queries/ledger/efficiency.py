"""Efficiency: whether services keep their promised time, in working days of the Chinese calendar."""

import math
from datetime import date
from functools import lru_cache

import polars as pl

from data.ledger.ledger import Ledger
from data.values import workdays
from queries.ledger import ledgers
from queries.ledger.ledgers import CACHED_STATES

CASE_GROUPS = ("service", "department", "month")
LEAST_MONTHS = 6  # with a case closed, below which limits say nothing
LEAST_CASES = 5  # of a month, below which it has none
LIMIT_ERRORS = 3  # standard errors


def get_service_cases(of: Ledger, asof: date, lang: str = "zh") -> pl.DataFrame:
    """Return every case that had been accepted by a day, by day and number.

    One row per case: its columns with names in both languages; used, working days from the one after acceptance to
    the day it was finished, or to the day asked about; over, those beyond the promise; state: on_time, late, open,
    late_open (past its promise), no_calendar where the holidays of a year are not announced; month it was finished
    in; service_id, the name as written; park, evidence, day and source.
    """
    return _get_service_cases(of, asof, lang)


@lru_cache(maxsize=CACHED_STATES)
def _get_service_cases(of: Ledger, asof: date, lang: str) -> pl.DataFrame:
    then = ledgers.get_ledger_at(of, asof)
    rows = then.tables["service_case"].with_columns(until=pl.coalesce("finished", pl.lit(asof)))
    rows = workdays.add_workday_counts(rows, "accepted", "until", "used").drop("until")
    over = pl.col("used") - pl.col("promised_days")
    done = pl.col("finished").is_not_null()
    rows = rows.with_columns(
        over=pl.when(over > 0).then(over).otherwise(0),
        state=pl.when(pl.col("used").is_null()).then(pl.lit("no_calendar"))
        .when(done & (over <= 0)).then(pl.lit("on_time"))
        .when(done).then(pl.lit("late"))
        .when(over > 0).then(pl.lit("late_open"))
        .otherwise(pl.lit("open")),
        month=pl.col("finished").dt.strftime("%Y-%m"),
        service_id="service",
    )  # fmt: skip
    rows = ledgers.add_source_columns(ledgers.add_name_columns(rows, then), then, asof, "service_case", lang)
    return rows.sort("accepted", "case_id", maintain_order=True)


def summarize_cases(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """Summarize how each service, department or month kept its promises.

    rows: of get_service_cases(). One row per group, in the order of its code: its code, and its name in both
    languages except for a month; cases, closed, on_time, share (of the closed, null for none), median of the
    working days used (of an even number the mean of the middle two), p90 (nearest rank: the value of rank ceil(0.9
    n)), open_late, satisfaction (mean of those asked, per cent).
    """
    key = {"service": "service_id", "department": "department_id", "month": "month"}[by]
    names = [] if by == "month" else [f"{by}_zh", f"{by}_en"]
    rows = rows.filter(pl.col("month").is_not_null()) if by == "month" else rows
    closed = pl.col("state").is_in(["on_time", "late"])
    used = pl.col("used").filter(closed)
    found = rows.group_by(key, maintain_order=True).agg(
        *(pl.col(name).first() for name in names),
        cases=pl.len(),
        closed=closed.sum(),
        on_time=(pl.col("state") == "on_time").sum(),
        median=used.median(),
        p90=compute_nearest_rank(used, 9),
        open_late=(pl.col("state") == "late_open").sum(),
        satisfaction=pl.col("satisfaction").mean(),
        **{column: pl.col(column).first() for column in SOURCE_COLUMNS},
    )
    share = pl.when(pl.col("closed") > 0).then(pl.col("on_time") / pl.col("closed"))
    return found.with_columns(share=share).sort(key)


def compute_nearest_rank(values: pl.Expr, tenths: int) -> pl.Expr:
    """Compute the value at or below which so many tenths lie: of n in order the one of rank ceil(n * tenths / 10)."""
    rank = (values.len().cast(pl.Int64) * tenths + 9) // 10
    return values.sort().get(rank - 1, null_on_oob=True)


SOURCE_COLUMNS = (
    "park_id", "park_zh", "park_en", "evidence", "asof", "source_id", "source_title", "source_url",
    "source_published", "locator", "data_version",
)  # fmt: skip


def compute_control_limits(rows: pl.DataFrame) -> pl.DataFrame:
    """Compute the monthly share of cases that kept their promise, with its control limits.

    rows: of get_service_cases(). One row per month in which a case was closed: as in summarize_cases(), with mean
    (of all months), lower and upper: the mean less and plus three standard errors sqrt(mean (1 - mean) / closed),
    within 0 and 1; out: beyond them. There are no limits below six months, and none for a month of fewer than five
    cases.
    """
    months = summarize_cases(rows, "month").filter(pl.col("closed") > 0)
    total = int(months["closed"].sum())
    if months.height < LEAST_MONTHS or not total:
        nothing = {name: pl.lit(None, pl.Float64) for name in ("mean", "lower", "upper")}
        return months.with_columns(**nothing, out=pl.lit(False))
    mean = int(months["on_time"].sum()) / total
    spread = LIMIT_ERRORS * math.sqrt(mean * (1 - mean)) / pl.col("closed").sqrt()
    enough = pl.col("closed") >= LEAST_CASES
    months = months.with_columns(
        mean=pl.lit(mean),
        lower=pl.when(enough).then((mean - spread).clip(lower_bound=0.0)),
        upper=pl.when(enough).then((mean + spread).clip(upper_bound=1.0)),
    )
    beyond = (pl.col("share") < pl.col("lower")) | (pl.col("share") > pl.col("upper"))
    return months.with_columns(out=beyond.fill_null(False))
