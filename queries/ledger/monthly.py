"""Monthly dispatch: the agenda of a monthly meeting, in its order, from what the ledger knew that day."""

from datetime import date, timedelta

import polars as pl

from data.ledger.ledger import Ledger
from queries.ledger import ledgers
from queries.ledger.ledgers import AHEAD_DAYS
from queries.ledger.meeting import FAR_STATUSES
from queries.ledger.preplan import OPEN_STATES, get_ledger_tasks
from queries.ledger.progress import get_last_closed_month, judge_ledger_targets
from queries.targets.rules import DEFAULT_RULE

STATES = ("late", "open", "done_late", "done")


def get_ledger_followups(of: Ledger, asof: date, lang: str = "zh") -> pl.DataFrame:
    """Return what meetings assigned to somebody, the latest meeting first.

    One row per follow-up raised by the day: its columns with names in both languages; state: late (open past its
    day), open, done_late, done; late_days; last: of the latest meeting before the day; park, evidence, day and
    source.
    """
    then = ledgers.get_ledger_at(of, asof)
    rows = then.tables["followup"]
    before = rows.filter(pl.col("meeting") < asof)["meeting"].max()
    end = pl.coalesce("done", pl.lit(asof))
    late = end > pl.col("due")
    rows = rows.with_columns(
        state=pl.when(pl.col("done").is_not_null() & late).then(pl.lit("done_late"))
        .when(pl.col("done").is_not_null()).then(pl.lit("done"))
        .when(late).then(pl.lit("late"))
        .otherwise(pl.lit("open")),
        late_days=(end - pl.col("due")).dt.total_days().clip(lower_bound=0),
        last=(pl.col("meeting") == before).fill_null(False) if before else pl.lit(False),
    )  # fmt: skip
    rows = ledgers.add_source_columns(ledgers.add_name_columns(rows, then), then, asof, "followup", lang)
    return rows.sort("meeting", "followup_id", descending=[True, False], maintain_order=True)


def filter_carried_over(rows: pl.DataFrame) -> pl.DataFrame:
    """Return what the meeting begins with: follow-ups of the last meeting, and older ones that are still open.

    rows: of get_ledger_followups().
    """
    held = rows.filter("last")["meeting"]
    if held.is_empty():
        return rows.clear()
    # What this very meeting tells to do is for the next one.
    before = pl.col("meeting") <= held[0]
    return rows.filter(before & (pl.col("last") | pl.col("state").is_in(["late", "open"])))


def filter_far_behind(aims: pl.DataFrame) -> pl.DataFrame:
    """Return the targets far behind or missed, the widest gap first. aims: of get_meeting_targets()."""
    return _sort_by_gap(aims.filter(pl.col("status").is_in(FAR_STATUSES)))


def filter_behind(aims: pl.DataFrame) -> pl.DataFrame:
    """Return the targets behind, but not far, the widest gap first. aims: of get_meeting_targets()."""
    return _sort_by_gap(aims.filter(pl.col("status") == "behind"))


def _sort_by_gap(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("gap_points", nulls_last=True, maintain_order=True)


def filter_unjudged(aims: pl.DataFrame) -> pl.DataFrame:
    """Return the targets that cannot be judged, in their order. aims: of get_meeting_targets()."""
    return aims.filter(pl.col("status") == "cannot_judge")


def filter_changed(aims: pl.DataFrame) -> pl.DataFrame:
    """Return the targets whose light differs from that of the month before. aims: of get_meeting_targets()."""
    return aims.filter(pl.col("before").is_not_null() & (pl.col("before") != pl.col("status")))


def filter_without_return(aims: pl.DataFrame, asof: date) -> pl.DataFrame:
    """Return the targets of the year under way that lack the return of the last closed month.

    aims: of get_meeting_targets(). month is the month that they have. Adds lacks: the missing month, as 2025-09. In
    January nothing is due: January and February are one period.
    """
    year, month = get_last_closed_month(asof)
    rows = aims.filter(pl.col("year") == year)
    if month < 2:
        return rows.clear().with_columns(lacks=pl.lit(None, pl.String))
    late = pl.col("month").is_null() | (pl.col("month") < month)
    return rows.filter(late).with_columns(lacks=pl.lit(f"{year}-{month:02}"))


def get_tasks_due_next(of: Ledger, asof: date, lang: str = "zh") -> pl.DataFrame:
    """Return the open tasks that are due within the next AHEAD_DAYS, the nearest first. Rows of get_ledger_tasks()."""
    rows = get_ledger_tasks(of, asof, lang)
    soon = (pl.col("due") >= asof) & (pl.col("due") <= asof + timedelta(days=AHEAD_DAYS))
    return rows.filter(pl.col("state").is_in(OPEN_STATES) & soon).sort("due", "task_id", maintain_order=True)


def get_target_course(of: Ledger, target: str, asof: date, rule: str = DEFAULT_RULE, lang: str = "zh") -> pl.DataFrame:
    """Return the year of one target month by month: what was reached, planned, and reached the year before.

    One row per month and kind, in order: month (1 to 12), kind (actual, plan, last; of a stock that is counted from
    the end of last year also base and target, the same number in every month), value in the unit of the indicator.
    """
    then = ledgers.get_ledger_at(of, asof)
    row = judge_ledger_targets(of, asof, rule, lang).filter(pl.col("target_id") == target)
    schema = {"month": pl.Int32, "kind": pl.String, "value": pl.Float64}
    if row.is_empty():
        return pl.DataFrame(schema=schema)
    indicator, year = row["indicator_id"][0], row["year"][0]
    parts = []
    for kind, table, of_year in (
        ("actual", "monthly_return", year), ("plan", "monthly_plan", year), ("last", "monthly_return", year - 1)
    ):  # fmt: skip
        found = then.tables[table].filter(
            (pl.col("indicator_id") == indicator) & (pl.col("month").str.slice(0, 4) == str(of_year))
        )
        number = pl.col("month").str.slice(5, 2).cast(pl.Int32)
        parts.append(found.select(month=number, kind=pl.lit(kind), value="value"))
    stock = row["measure"][0] == "level" and row["indicator_measure"][0] == "stock"
    if stock and row["base"][0] is not None:
        ends = pl.DataFrame({"month": [2, 12]})
        for kind, value in (("base", row["base"][0]), ("target", row["value"][0])):
            parts.append(ends.with_columns(kind=pl.lit(kind), value=pl.lit(value)))
    return pl.concat([part.select(pl.col(c).cast(k) for c, k in schema.items()) for part in parts]).sort(
        "kind", "month"
    )
