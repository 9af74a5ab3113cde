"""Pre-arrange and cross off: the state of every task, the burn-down of the year, and targets without a task."""

from datetime import date, timedelta
from functools import lru_cache

import polars as pl

from data.ledger.ledger import Ledger
from queries.database.engine import get_data_version
from queries.ledger import ledgers
from queries.ledger.ledgers import CACHED_STATES
from queries.ledger.meeting import BEHIND_STATUSES, get_meeting_targets
from queries.ledger.progress import get_lights_by_month, get_month_end
from queries.targets.rules import DEFAULT_RULE

OPEN_STATES = ("overdue", "returned", "due_soon", "waiting", "in_progress", "not_started")
SOON_DAYS = 3  # days before it is due
BURNDOWN_MONTHS = 36  # that a burn-down shows


def judge_task_state(asof: date) -> pl.Expr:
    """Return the state of a task on a day as an expression, from what was known then; the first that fits.

    Crossed off needs evidence, an assessor who is not the owner, and a day. A task done after it was due stays
    crossed off late.
    """
    proven = pl.col("proof").is_not_null() & pl.col("assessed").is_not_null() & pl.col("finished").is_not_null()
    other = (pl.col("assessor_id") != pl.col("department_id")).fill_null(False)
    passed = (pl.col("verdict") == "pass").fill_null(False) & proven & other
    return (
        pl.when(pl.col("verdict") == "stop").then(pl.lit("stopped"))
        .when(passed & (pl.col("finished") > pl.col("due"))).then(pl.lit("crossed_off_late"))
        .when(passed).then(pl.lit("crossed_off"))
        .when(pl.col("verdict") == "return").then(pl.lit("returned"))
        .when(pl.col("finished").is_not_null()).then(pl.lit("waiting"))
        .when(pl.col("due") < asof).then(pl.lit("overdue"))
        .when(pl.col("due") <= asof + timedelta(days=SOON_DAYS)).then(pl.lit("due_soon"))
        .when(pl.col("start") > asof).then(pl.lit("not_started"))
        .otherwise(pl.lit("in_progress"))
    )  # fmt: skip


def get_ledger_tasks(of: Ledger, asof: date, lang: str = "zh") -> pl.DataFrame:
    """Return every task that the ledger knew on a day, by number.

    One row per task: its columns with names in both languages; state (of data.states); overdue_days of one that is
    open and past its day, else 0; days_left until it is due (negative after), null once it is closed; steps and
    steps_done; aim_zh, aim_en: the target or commitment it serves, null for none; park, evidence, day and source.
    """
    return _get_ledger_tasks(of, get_data_version(), asof, lang)


@lru_cache(maxsize=CACHED_STATES)
def _get_ledger_tasks(of: Ledger, version: str, asof: date, lang: str) -> pl.DataFrame:
    then = ledgers.get_ledger_at(of, asof)
    rows = then.tables["task"].with_columns(state=judge_task_state(asof))
    left = (pl.col("due") - pl.lit(asof)).dt.total_days()
    running = pl.col("state").is_in(OPEN_STATES)
    rows = rows.with_columns(
        days_left=pl.when(running).then(left), overdue_days=pl.when(running & (left < 0)).then(-left).otherwise(0)
    )
    steps = then.tables["step"].group_by("task_id").agg(
        steps=pl.len(), steps_done=pl.col("done").is_not_null().sum()
    )  # fmt: skip
    rows = rows.join(steps, on="task_id", how="left", maintain_order="left")
    rows = rows.with_columns(pl.col("steps", "steps_done").fill_null(0))
    served = (
        ledgers.get_ledger_aims(then, lang).select(aim_id="aim_id", aim_zh="name_zh", aim_en="name_en").unique("aim_id")
    )
    rows = rows.with_columns(aim_id=pl.coalesce("target_id", "commitment_id"))
    rows = rows.join(served, on="aim_id", how="left", maintain_order="left")
    rows = ledgers.add_source_columns(ledgers.add_name_columns(rows, then), then, asof, "task", lang)
    return rows.sort(pl.col("task_id").str.len_chars(), "task_id", maintain_order=True)


def get_task_steps(of: Ledger, asof: date, task: str) -> pl.DataFrame:
    """Return the steps of one task with names in both languages. One row per step, in order."""
    then = ledgers.get_ledger_at(of, asof)
    return ledgers.add_name_columns(then.tables["step"].filter(pl.col("task_id") == task), then).sort("number")


def compute_burndown(rows: pl.DataFrame, asof: date) -> pl.DataFrame:
    """Compute how many tasks were open at the end of each month, and how many were to be open by then.

    rows: of get_ledger_tasks(). One row per month from the first task to the last one due (at most three years):
    day, open (null after the day asked about), planned (of all assigned by then, those not yet due).
    """
    if rows.is_empty():
        return pl.DataFrame(schema={"day": pl.Date, "open": pl.Int64, "planned": pl.Int64})
    first: date = rows["assigned"].min()  # type: ignore[assignment]
    last: date = max(rows["due"].max(), asof)  # type: ignore[type-var, assignment]
    days = [get_month_end(year, month) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    days = [day for day in days if first <= day <= get_month_end(last.year, last.month)][:BURNDOWN_MONTHS]
    days = sorted({*days, asof}) if first <= asof <= last else days
    closed = ~pl.col("state").is_in(OPEN_STATES)
    given = rows["assigned"].sort()
    done = rows.filter(closed)["assessed"].drop_nulls().sort()
    # One that was given out late is to be open from then on, if only for that day.
    over = rows.select(pl.max_horizontal("assigned", "due")).to_series().sort()

    ends = pl.Series("day", days, dtype=pl.Date)
    begun, over_by, done_by = (dates.search_sorted(ends, side="right") for dates in (given, over, done))
    return pl.DataFrame({"day": ends, "begun": begun, "over": over_by, "done": done_by}).select(
        "day",
        open=pl.when(pl.col("day") <= asof).then(pl.col("begun").cast(pl.Int64) - pl.col("done")),
        planned=pl.col("begun").cast(pl.Int64) - pl.col("over"),
    )


def count_tasks(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """Count tasks by state within each theme, department or leader. One row per pair: by, state, tasks."""
    return rows.group_by(by, "state", maintain_order=True).agg(tasks=pl.len())


def get_targets_without_task(of: Ledger, asof: date, rule: str = DEFAULT_RULE, lang: str = "zh") -> pl.DataFrame:
    """Return the targets of the meeting that are not met and have no open task; those that are behind first."""
    aims = get_meeting_targets(of, asof, rule, lang)
    running = get_ledger_tasks(of, asof, lang).filter(pl.col("state").is_in(OPEN_STATES))["target_id"].drop_nulls()
    rows = aims.filter(~pl.col("target_id").is_in(running.implode()) & (pl.col("status") != "met"))
    return rows.sort(pl.col("status").is_in(BEHIND_STATUSES), descending=True, maintain_order=True)


def filter_tasks_without_aim(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the tasks that name neither a target nor a commitment. Rows of get_ledger_tasks()."""
    return rows.filter(pl.col("aim_id").is_null())


def get_ineffective_tasks(of: Ledger, asof: date, rule: str = DEFAULT_RULE, lang: str = "zh") -> pl.DataFrame:
    """Return the tasks that were crossed off without narrowing the gap of their target.

    The gap in the last month that has a return is no smaller than in the month in which the task was finished, and
    the target is still behind. Rows of get_ledger_tasks() with gap_then, gap_now (percentage points), month_then
    and month_now.
    """
    done = get_ledger_tasks(of, asof, lang).filter(pl.col("state").is_in(["crossed_off", "crossed_off_late"]))
    history = get_lights_by_month(of, asof, rule, lang)
    if done.is_empty() or history.is_empty():
        return done.clear().with_columns(
            gap_then=pl.lit(None, pl.Float64), gap_now=pl.lit(None, pl.Float64),
            month_then=pl.lit(None, pl.Int32), month_now=pl.lit(None, pl.Int32),
        )  # fmt: skip
    gaps = history.select("target_id", "year", "month", "gap_points")
    latest = history.group_by("target_id", maintain_order=True).last()
    latest = latest.filter(pl.col("status").is_in(BEHIND_STATUSES)).select(
        "target_id", gap_now="gap_points", month_now="month", year="year"
    )
    rows = done.with_columns(
        year=pl.col("finished").dt.year(),
        # January and February are one period.
        month=pl.max_horizontal(pl.col("finished").dt.month().cast(pl.Int32), pl.lit(2, pl.Int32)),
    )
    rows = rows.join(gaps, on=["target_id", "year", "month"], maintain_order="left")
    rows = rows.join(latest, on=["target_id", "year"], maintain_order="left")
    later, same = pl.col("month_now") > pl.col("month"), pl.col("gap_now") <= pl.col("gap_points")
    return rows.filter(later & same).rename({"gap_points": "gap_then", "month": "month_then"}).drop("year")
