"""Supervision: the orders that were given, those that are due, and the escalation ladder of the chosen rule."""

from datetime import date
from functools import lru_cache

import polars as pl

from data.ledger.ledger import Ledger
from data.states import urgency
from queries.database.engine import get_data_version
from queries.ledger import ledgers
from queries.ledger.leaders import get_ledger_problems
from queries.ledger.ledgers import CACHED_STATES
from queries.ledger.meeting import get_meeting_targets
from queries.ledger.preplan import get_ledger_tasks
from queries.ledger.progress import count_months_behind, get_lights_by_month
from queries.targets.rules import DEFAULT_RULE, read_rules

ORDER_REASONS = ("behind", "overdue", "problem", "other")
MONTHS_IN_A_ROW = 2  # months behind after which an order is due
DUE_ORDER_COLUMNS = {
    "reason": pl.String, "about": pl.String, "about_zh": pl.String, "about_en": pl.String, "department_id": pl.String,
    "months": pl.Int64, "days": pl.Int64, "far": pl.Boolean,
}  # fmt: skip


def get_ledger_orders(of: Ledger, asof: date, lang: str = "zh") -> pl.DataFrame:
    """Return every order that had been given by a day: unanswered ones first, then open, answered, closed.

    One row per order: its columns with names in both languages; state: unanswered (past its day without a reply),
    open, answered, closed; age in days until it was closed; days_to_reply, days_to_close; late_days of a reply;
    about: number of the target, task or problem, about_zh and about_en its name; park, evidence, day and source.
    """
    return _get_ledger_orders(of, get_data_version(), asof, lang)


@lru_cache(maxsize=CACHED_STATES)
def _get_ledger_orders(of: Ledger, version: str, asof: date, lang: str) -> pl.DataFrame:
    then = ledgers.get_ledger_at(of, asof)
    rows = then.tables["supervision"]
    answered = pl.coalesce("replied", "closed")
    rows = rows.with_columns(
        state=pl.when(pl.col("closed").is_not_null()).then(pl.lit("closed"))
        .when(pl.col("replied").is_not_null()).then(pl.lit("answered"))
        .when(pl.col("due") < asof).then(pl.lit("unanswered"))
        .otherwise(pl.lit("open")),
        age=(pl.coalesce("closed", pl.lit(asof)) - pl.col("issued")).dt.total_days(),
        days_to_reply=(answered - pl.col("issued")).dt.total_days(),
        days_to_close=(pl.col("closed") - pl.col("issued")).dt.total_days(),
        late_days=(pl.coalesce(answered, pl.lit(asof)) - pl.col("due")).dt.total_days().clip(lower_bound=0),
        about=pl.coalesce("target_id", "task_id", "problem_id"),
    )  # fmt: skip
    rows = rows.join(_get_subject_names(of, asof, lang), on="about", how="left", maintain_order="left")
    rows = ledgers.add_source_columns(ledgers.add_name_columns(rows, then), then, asof, "supervision", lang)
    place = pl.col("state").replace_strict(urgency("supervision"), return_dtype=pl.Int8)
    return rows.sort(place, "issued", "supervision_id", maintain_order=True)


def _get_subject_names(of: Ledger, asof: date, lang: str) -> pl.DataFrame:
    """Return the names of everything that an order can be about: about, about_zh, about_en."""
    aims = ledgers.get_ledger_aims(ledgers.get_ledger_at(of, asof), lang).select(
        about="aim_id", about_zh="name_zh", about_en="name_en"
    )
    work = get_ledger_tasks(of, asof, lang).select(about="task_id", about_zh="title_zh", about_en="title_en")
    stuck = get_ledger_problems(of, asof, lang).select(about="problem_id", about_zh="title_zh", about_en="title_en")
    return pl.concat([aims, work, stuck]).unique("about", keep="first", maintain_order=True)


def get_ledger_due_orders(of: Ledger, asof: date, rule: str = DEFAULT_RULE, lang: str = "zh") -> pl.DataFrame:
    """Return what ought to be ordered on a day, by reason, then the longest first.

    A target of the meeting behind two months in a row, a task past its day, a problem past its promise. One row per
    thing: reason, about with its name, department_id; months in a row (of a target) and days overdue (of a task or
    problem), far (far behind in the last month); order_id of an order about it that is not closed, null where there
    is none; step (position on the ladder of the rule, null below it), step_zh, step_en; park, evidence, day and
    source.
    """
    then = ledgers.get_ledger_at(of, asof)
    history = count_months_behind(get_lights_by_month(of, asof, rule, lang)).filter(pl.col("months") >= MONTHS_IN_A_ROW)
    aims = get_meeting_targets(of, asof, rule, lang).join(history, on="target_id", maintain_order="left")
    behind = aims.select(
        reason=pl.lit("behind"), about="target_id", about_zh="indicator_zh", about_en="indicator_en",
        department_id="department_id", months="months", days=pl.lit(None, pl.Int64), far="far",
    )  # fmt: skip
    late = get_ledger_tasks(of, asof, lang).filter(pl.col("state") == "overdue").select(
        reason=pl.lit("overdue"), about="task_id", about_zh="title_zh", about_en="title_en",
        department_id="department_id", months=pl.lit(None, pl.Int64), days="overdue_days", far=pl.lit(False),
    )  # fmt: skip
    stuck = get_ledger_problems(of, asof, lang).filter(pl.col("state") == "late").select(
        reason=pl.lit("problem"), about="problem_id", about_zh="title_zh", about_en="title_en",
        department_id="department_id", months=pl.lit(None, pl.Int64), days="late_days", far=pl.lit(False),
    )  # fmt: skip
    rows = pl.concat(
        [frame.select(pl.col(c).cast(k) for c, k in DUE_ORDER_COLUMNS.items()) for frame in (behind, late, stuck)]
    )
    given = (
        get_ledger_orders(of, asof, lang).filter(pl.col("state") != "closed").select("about", order_id="supervision_id")
    )
    rows = rows.join(given.unique("about", keep="first"), on="about", how="left", maintain_order="left")
    rows = _add_ladder_step(rows, rule)
    rows = ledgers.add_source_columns(ledgers.add_name_columns(rows, then), then, asof, "supervision", lang)
    rows = rows.with_columns(locator=pl.col("about"), rule=pl.lit(rule))
    order = pl.col("reason").replace_strict({reason: n for n, reason in enumerate(ORDER_REASONS)}, return_dtype=pl.Int8)
    return rows.sort(order, "months", "days", descending=[False, True, True], maintain_order=True)


def _add_ladder_step(rows: pl.DataFrame, rule: str) -> pl.DataFrame:
    """Add the highest step of the rule's ladder that applies."""
    ladder = read_rules()[rule].ladder
    none = pl.lit(None, pl.String)
    step, zh, en = pl.lit(None, pl.Int32), none, none
    asked = rows.with_columns(months=pl.col("months").fill_null(0), days=pl.col("days").fill_null(0))
    for place, rung in enumerate(ladder, start=1):
        holds = asked.select(rung.condition.fill_null(False)).to_series()
        step = pl.when(holds).then(pl.lit(place, pl.Int32)).otherwise(step)
        zh = pl.when(holds).then(pl.lit(rung.name_zh)).otherwise(zh)
        en = pl.when(holds).then(pl.lit(rung.name_en)).otherwise(en)
    return rows.with_columns(step=step, step_zh=zh, step_en=en)
