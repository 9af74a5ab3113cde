"""Monthly dispatch: what a monthly meeting goes through, in its order, from what the ledger knew that day."""

from datetime import date, timedelta

import polars as pl

from data.ledger.ledger import Ledger
from queries.ledger import ledgers
from queries.ledger.meeting import FAR
from queries.ledger.preplan import OPEN, tasks
from queries.ledger.progress import closed_month, standing
from queries.targets.rules import DEFAULT

AHEAD = 31  # days that "due next" looks ahead
STATES = ("late", "open", "done_late", "done")


def followups(of: Ledger, asof: date, lang: str = "zh") -> pl.DataFrame:
    """What meetings told somebody to do, the latest meeting first.

    One row per follow-up raised by the day: its columns with names in both languages; state: late (open past its
    day), open, done_late, done; late_days; last: of the latest meeting before the day; whose it is and where it stands.
    """
    then = ledgers.at(of, asof)
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
    rows = ledgers.attributed(ledgers.dressed(rows, then), then, asof, "followup", lang)
    return rows.sort("meeting", "followup_id", descending=[True, False], maintain_order=True)


def carried_over(rows: pl.DataFrame) -> pl.DataFrame:
    """What the meeting begins with: follow-ups of the last meeting, and older ones that are still open."""
    held = rows.filter("last")["meeting"]
    if held.is_empty():
        return rows.clear()
    # What this very meeting tells to do is for the next one.
    before = pl.col("meeting") <= held[0]
    return rows.filter(before & (pl.col("last") | pl.col("state").is_in(["late", "open"])))


def far_behind(aims: pl.DataFrame) -> pl.DataFrame:
    """Targets far behind or missed, the widest gap first. aims: of reviewed()."""
    return _widest(aims.filter(pl.col("status").is_in(FAR)))


def behind(aims: pl.DataFrame) -> pl.DataFrame:
    """Targets behind, but not far, the widest gap first. aims: of reviewed()."""
    return _widest(aims.filter(pl.col("status") == "behind"))


def _widest(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("gap_points", nulls_last=True, maintain_order=True)


def unjudged(aims: pl.DataFrame) -> pl.DataFrame:
    """Targets that cannot be judged, in their order. aims: of reviewed()."""
    return aims.filter(pl.col("status") == "cannot_judge")


def changed(aims: pl.DataFrame) -> pl.DataFrame:
    """Targets whose light is another one than by the month before. aims: of reviewed()."""
    return aims.filter(pl.col("before").is_not_null() & (pl.col("before") != pl.col("status")))


def missing(aims: pl.DataFrame, asof: date) -> pl.DataFrame:
    """Targets of the year under way that lack the return of the last closed month, with the month they have.

    aims: of reviewed(). Adds lacks: the month that is missing, as 2025-09. In January nothing is due: January and
    February are one period.
    """
    year, month = closed_month(asof)
    rows = aims.filter(pl.col("year") == year)
    if month < 2:
        return rows.clear().with_columns(lacks=pl.lit(None, pl.String))
    late = pl.col("month").is_null() | (pl.col("month") < month)
    return rows.filter(late).with_columns(lacks=pl.lit(f"{year}-{month:02}"))


def due_next(of: Ledger, asof: date, lang: str = "zh") -> pl.DataFrame:
    """Open tasks that are due within the next 31 days, the nearest first. Rows of tasks()."""
    rows = tasks(of, asof, lang)
    soon = (pl.col("due") >= asof) & (pl.col("due") <= asof + timedelta(days=AHEAD))
    return rows.filter(pl.col("state").is_in(OPEN) & soon).sort("due", "task_id", maintain_order=True)


def course(of: Ledger, target: str, asof: date, rule: str = DEFAULT, lang: str = "zh") -> pl.DataFrame:
    """One target through its year: what was reached, planned, and reached the year before, month by month.

    One row per month and kind, in order: month (1 to 12), kind (actual, plan, last; of a stock that is counted from
    the end of last year also base and target, the same number in every month), value in the unit of the indicator.
    """
    then = ledgers.at(of, asof)
    row = standing(of, asof, rule, lang).filter(pl.col("target_id") == target)
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
