"""The six mechanisms at work: how much each has in hand, and what is red across all six."""

from datetime import date

import polars as pl

from data.ledger.ledger import Ledger
from data.states import RED
from queries.ledger import ledgers
from queries.ledger.efficiency import cases
from queries.ledger.leaders import problems, projects
from queries.ledger.meeting import BAD, FAR, reviewed
from queries.ledger.monthly import carried_over, followups
from queries.ledger.preplan import OPEN, tasks
from queries.ledger.rewards import items, scores, subjects
from queries.ledger.supervision import due_orders, orders
from queries.targets.rules import DEFAULT

SIX = ("preplan", "leader", "monthly", "supervise", "efficiency", "reward")
COLUMNS = {
    "mechanism_id": pl.String, "kind": pl.String, "code": pl.String, "name_zh": pl.String, "name_en": pl.String,
    "state": pl.String, "days": pl.Int64,
}  # fmt: skip


def red(of: Ledger, asof: date, rule: str = DEFAULT, lang: str = "zh") -> pl.DataFrame:
    """What is red on a day across the six mechanisms, in their order, the longest first.

    Overdue or returned tasks; projects without one leader and one team, problems past their promise; targets far behind
    or missed, follow-ups past their day; orders without an answer, things that ought to be ordered and are not; cases
    past their promise; subjects that cannot be scored for want of an input. One row per thing: mechanism_id, kind,
    code, name_zh, name_en, state, days past its own day (working days of a case; null where there is none); whose it is
    and where it stands. A thing that is red in two mechanisms stands in both.
    """
    known, ruled = (of, asof, lang), (of, asof, rule, lang)
    work, held, stuck = tasks(*known), projects(*known), problems(*known)
    aims, told, given, due = reviewed(*ruled), followups(*known), orders(*known), due_orders(*ruled)
    served, ranked = cases(*known), scores(items(*ruled), subjects(*known))
    parts = [
        _red("preplan", "task", work.filter(pl.col("state").is_in(RED["task"])), "task_id", "title",
             days="overdue_days"),
        _red("leader", "project", held.filter(pl.col("breaches").list.len() > 0).with_columns(
            state=pl.col("breaches").list.first()), "project_id", "name"),
        _red("leader", "problem", stuck.filter(pl.col("state") == "late"), "problem_id", "title", days="late_days"),
        _red("monthly", "target", aims.filter(pl.col("status").is_in(FAR)), "target_id",
             "indicator", state="status"),
        _red("monthly", "followup", carried_over(told).filter(pl.col("state") == "late"), "followup_id", "title",
             days="late_days"),
        _red("supervise", "supervision", given.filter(pl.col("state") == "unanswered"), "supervision_id", "about",
             days="late_days"),
        _red("supervise", "due", due.filter(pl.col("order_id").is_null()), "about", "about", state="reason",
             days="days"),
        _red("efficiency", "service_case", served.filter(pl.col("state") == "late_open"), "case_id", "service",
             days="over"),
        _red("reward", "department", ranked.filter((pl.col("items") > 0) & pl.col("score").is_null()).with_columns(
            state=pl.lit("no_score")), "department_id", "department"),
    ]  # fmt: skip
    rows = ledgers.attributed(pl.concat(parts), ledgers.at(of, asof), asof, "task", lang)
    return rows.with_columns(locator=pl.col("code"), rule=pl.lit(rule))


def _red(
    mechanism: str,
    kind: str,
    rows: pl.DataFrame,
    code: str,
    name: str,
    *,
    state: str = "state",
    days: str | None = None,
) -> pl.DataFrame:
    found = rows.select(
        mechanism_id=pl.lit(mechanism), kind=pl.lit(kind), code=code, name_zh=f"{name}_zh", name_en=f"{name}_en",
        state=state, days=pl.col(days) if days else pl.lit(None, pl.Int64),
    )  # fmt: skip
    return found.select(pl.col(column).cast(of) for column, of in COLUMNS.items()).sort(
        "days", descending=True, nulls_last=True, maintain_order=True
    )


def counts(of: Ledger, asof: date, rule: str = DEFAULT, lang: str = "zh") -> pl.DataFrame:
    """How much each mechanism has in hand on a day, and how much of it is red.

    One row per mechanism, in the order of the text: mechanism_id, in_hand (open tasks, unfinished projects, targets
    behind, far behind or missed, orders not closed, cases not finished, scored subjects), every (all it ever had by
    then), red.
    """
    known, ruled = (of, asof, lang), (of, asof, rule, lang)
    work, held, aims, given, served = (
        tasks(*known), projects(*known), reviewed(*ruled), orders(*known), cases(*known)
    )  # fmt: skip
    ranked = scores(items(*ruled), subjects(*known))
    in_hand = {
        "preplan": (work.filter(pl.col("state").is_in(OPEN)).height, work.height),
        "leader": (held.filter(~pl.col("state").is_in(["done", "stopped"])).height, held.height),
        "monthly": (aims.filter(pl.col("status").is_in(BAD)).height, aims.height),
        "supervise": (given.filter(pl.col("state") != "closed").height, given.height),
        "efficiency": (served.filter(pl.col("finished").is_null()).height, served.height),
        "reward": (ranked.filter(pl.col("score").is_not_null()).height, ranked.filter(pl.col("items") > 0).height),
    }
    found = dict(red(*ruled)["mechanism_id"].value_counts().iter_rows())
    lines = [(code, *in_hand[code], found.get(code, 0)) for code in SIX]
    schema = {"mechanism_id": pl.String, "in_hand": pl.Int64, "every": pl.Int64, "red": pl.Int64}
    return pl.DataFrame(lines, schema=schema, orient="row")
