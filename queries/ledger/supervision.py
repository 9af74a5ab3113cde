"""Supervision: the orders that were given, those that ought to be, and the ladder of the chosen rule."""

from datetime import date
from functools import lru_cache

import polars as pl

from data.ledger.ledger import Ledger
from data.states import urgency
from queries.database.engine import data_version
from queries.ledger import ledgers
from queries.ledger.leaders import problems
from queries.ledger.ledgers import KEPT
from queries.ledger.meeting import reviewed
from queries.ledger.preplan import tasks
from queries.ledger.progress import lights_by_month, months_behind
from queries.targets.rules import DEFAULT, rules

REASONS = ("behind", "overdue", "problem", "other")
IN_A_ROW = 2  # months behind after which an order is due
DUE = {
    "reason": pl.String, "about": pl.String, "about_zh": pl.String, "about_en": pl.String, "department_id": pl.String,
    "months": pl.Int64, "days": pl.Int64, "far": pl.Boolean,
}  # fmt: skip


def orders(of: Ledger, asof: date, lang: str = "zh") -> pl.DataFrame:
    """Every order that had been given by a day: unanswered ones first, then open, answered, closed.

    One row per order: its columns with names in both languages; state: unanswered (past its day without a reply),
    open, answered, closed; age in days until it was closed; days_to_reply, days_to_close; late_days of a reply;
    about: number of the target, task or problem, about_zh and about_en its name; whose it is and where it stands.
    """
    return _orders(of, data_version(), asof, lang)


@lru_cache(maxsize=KEPT)
def _orders(of: Ledger, version: str, asof: date, lang: str) -> pl.DataFrame:
    then = ledgers.at(of, asof)
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
    rows = rows.join(_names(of, asof, lang), on="about", how="left", maintain_order="left")
    rows = ledgers.attributed(ledgers.dressed(rows, then), then, asof, "supervision", lang)
    place = pl.col("state").replace_strict(urgency("supervision"), return_dtype=pl.Int8)
    return rows.sort(place, "issued", "supervision_id", maintain_order=True)


def _names(of: Ledger, asof: date, lang: str) -> pl.DataFrame:
    """What an order may be about: about, about_zh, about_en."""
    aims = ledgers.aims(ledgers.at(of, asof), lang).select(about="aim_id", about_zh="name_zh", about_en="name_en")
    work = tasks(of, asof, lang).select(about="task_id", about_zh="title_zh", about_en="title_en")
    stuck = problems(of, asof, lang).select(about="problem_id", about_zh="title_zh", about_en="title_en")
    return pl.concat([aims, work, stuck]).unique("about", keep="first", maintain_order=True)


def due_orders(of: Ledger, asof: date, rule: str = DEFAULT, lang: str = "zh") -> pl.DataFrame:
    """What ought to be ordered on a day, the longest first.

    A target of the meeting behind two months in a row, a task past its day, a problem past its promise. One row per
    thing: reason, about with its name, department_id; months in a row (of a target) and days overdue (of a task or
    problem), far (far behind in the last month); order_id of an order about it that is not closed, null where there is
    none; step (place on the ladder of the rule, null below it), step_zh, step_en; whose it is and where it stands.
    """
    then = ledgers.at(of, asof)
    history = months_behind(lights_by_month(of, asof, rule, lang)).filter(pl.col("months") >= IN_A_ROW)
    aims = reviewed(of, asof, rule, lang).join(history, on="target_id", maintain_order="left")
    behind = aims.select(
        reason=pl.lit("behind"), about="target_id", about_zh="indicator_zh", about_en="indicator_en",
        department_id="department_id", months="months", days=pl.lit(None, pl.Int64), far="far",
    )  # fmt: skip
    late = tasks(of, asof, lang).filter(pl.col("state") == "overdue").select(
        reason=pl.lit("overdue"), about="task_id", about_zh="title_zh", about_en="title_en",
        department_id="department_id", months=pl.lit(None, pl.Int64), days="overdue_days", far=pl.lit(False),
    )  # fmt: skip
    stuck = problems(of, asof, lang).filter(pl.col("state") == "late").select(
        reason=pl.lit("problem"), about="problem_id", about_zh="title_zh", about_en="title_en",
        department_id="department_id", months=pl.lit(None, pl.Int64), days="late_days", far=pl.lit(False),
    )  # fmt: skip
    rows = pl.concat([frame.select(pl.col(c).cast(k) for c, k in DUE.items()) for frame in (behind, late, stuck)])
    given = orders(of, asof, lang).filter(pl.col("state") != "closed").select("about", order_id="supervision_id")
    rows = rows.join(given.unique("about", keep="first"), on="about", how="left", maintain_order="left")
    rows = _laddered(rows, rule)
    rows = ledgers.attributed(ledgers.dressed(rows, then), then, asof, "supervision", lang)
    rows = rows.with_columns(locator=pl.col("about"), rule=pl.lit(rule))
    order = pl.col("reason").replace_strict({reason: n for n, reason in enumerate(REASONS)}, return_dtype=pl.Int8)
    return rows.sort(order, "months", "days", descending=[False, True, True], maintain_order=True)


def _laddered(rows: pl.DataFrame, rule: str) -> pl.DataFrame:
    """Adds the highest step of the rule's ladder that applies."""
    ladder = rules()[rule].ladder
    none = pl.lit(None, pl.String)
    step, zh, en = pl.lit(None, pl.Int32), none, none
    asked = rows.with_columns(months=pl.col("months").fill_null(0), days=pl.col("days").fill_null(0))
    for place, rung in enumerate(ladder, start=1):
        holds = asked.select(rung.condition.fill_null(False)).to_series()
        step = pl.when(holds).then(pl.lit(place, pl.Int32)).otherwise(step)
        zh = pl.when(holds).then(pl.lit(rung.name_zh)).otherwise(zh)
        en = pl.when(holds).then(pl.lit(rung.name_en)).otherwise(en)
    return rows.with_columns(step=step, step_zh=zh, step_en=en)
