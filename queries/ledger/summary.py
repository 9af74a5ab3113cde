"""The six mechanisms at work: how much each has in hand, and what is red across all six."""

from datetime import date

import polars as pl

from data.ledger.ledger import Ledger
from data.states import RED
from queries.ledger import ledgers
from queries.ledger.efficiency import get_service_cases
from queries.ledger.leaders import get_ledger_problems, get_ledger_projects
from queries.ledger.meeting import BEHIND_STATUSES, FAR_STATUSES, get_meeting_targets
from queries.ledger.monthly import filter_carried_over, get_ledger_followups
from queries.ledger.preplan import OPEN_STATES, get_ledger_tasks
from queries.ledger.rewards import compute_score_items, compute_scores, get_score_subjects
from queries.ledger.supervision import get_ledger_due_orders, get_ledger_orders
from queries.targets.rules import DEFAULT_RULE

MECHANISM_CODES = ("preplan", "leaders", "monthly", "supervision", "efficiency", "rewards")
RED_COLUMNS = {
    "mechanism_id": pl.String, "kind": pl.String, "code": pl.String, "name_zh": pl.String, "name_en": pl.String,
    "state": pl.String, "days": pl.Int64,
}  # fmt: skip


def get_red_entries(of: Ledger, asof: date, rule: str = DEFAULT_RULE, lang: str = "zh") -> pl.DataFrame:
    """Return what is red on a day across the six mechanisms, in their order, the longest first.

    Overdue or returned tasks; projects without exactly one leader and a team, problems past their promise; targets
    far behind or missed, follow-ups past their day; orders without an answer, things that ought to be ordered and
    are not; cases past their promise; departments that cannot be scored because an input is missing. One row per
    thing: mechanism_id, kind, code, name_zh, name_en, state, days past its own day (working days of a case; null
    where there is none); park, evidence, day and source. A thing that is red in two mechanisms is listed in both.
    """
    known, ruled = (of, asof, lang), (of, asof, rule, lang)
    work, held, stuck = get_ledger_tasks(*known), get_ledger_projects(*known), get_ledger_problems(*known)
    aims, told, given, due = (
        get_meeting_targets(*ruled),
        get_ledger_followups(*known),
        get_ledger_orders(*known),
        get_ledger_due_orders(*ruled),
    )
    served, ranked = get_service_cases(*known), compute_scores(compute_score_items(*ruled), get_score_subjects(*known))
    without_one = held.filter(pl.col("breaches").list.len() > 0).with_columns(state=pl.col("breaches").list.first())
    unscored = ranked.filter((pl.col("items") > 0) & pl.col("score").is_null()).with_columns(state=pl.lit("no_score"))
    far = aims.filter(pl.col("status").is_in(FAR_STATUSES)).with_columns(state="status")
    overdue = work.filter(pl.col("state").is_in(RED["task"]))
    not_ordered = due.filter(pl.col("order_id").is_null()).with_columns(state="reason")
    # mechanism, kind of thing, rows, columns of its code, its name and its days
    parts = [
        _build_red_rows(*part)
        for part in (
            ("preplan", "task", overdue, "task_id", "title", "overdue_days"),
            ("leaders", "project", without_one, "project_id", "name", None),
            ("leaders", "problem", _late(stuck), "problem_id", "title", "late_days"),
            ("monthly", "target", far, "target_id", "indicator", None),
            ("monthly", "followup", _late(filter_carried_over(told)), "followup_id", "title", "late_days"),
            ("supervision", "supervision", _late(given, "unanswered"), "supervision_id", "about", "late_days"),
            ("supervision", "due", not_ordered, "about", "about", "days"),
            ("efficiency", "service_case", _late(served, "late_open"), "case_id", "service", "over"),
            ("rewards", "department", unscored, "department_id", "department", None),
        )
    ]
    rows = ledgers.add_source_columns(pl.concat(parts), ledgers.get_ledger_at(of, asof), asof, "task", lang)
    return rows.with_columns(locator=pl.col("code"), rule=pl.lit(rule))


def _late(rows: pl.DataFrame, state: str = "late") -> pl.DataFrame:
    return rows.filter(pl.col("state") == state)


def _build_red_rows(
    mechanism: str, kind: str, rows: pl.DataFrame, code: str, name: str, days: str | None
) -> pl.DataFrame:
    found = rows.select(
        mechanism_id=pl.lit(mechanism), kind=pl.lit(kind), code=code, name_zh=f"{name}_zh", name_en=f"{name}_en",
        state="state", days=pl.col(days) if days else pl.lit(None, pl.Int64),
    )  # fmt: skip
    return found.select(pl.col(column).cast(of) for column, of in RED_COLUMNS.items()).sort(
        "days", descending=True, nulls_last=True, maintain_order=True
    )


def count_by_mechanism(of: Ledger, asof: date, rule: str = DEFAULT_RULE, lang: str = "zh") -> pl.DataFrame:
    """Count how much each mechanism has in hand on a day, and how much of it is red.

    One row per mechanism, in the order of the text: mechanism_id, in_hand (open tasks, unfinished projects, targets
    behind, far behind or missed, orders not closed, cases not finished, scored departments), every (all it ever had
    by then), red.
    """
    known, ruled = (of, asof, lang), (of, asof, rule, lang)
    work, held, aims, given, served = (
        get_ledger_tasks(*known),
        get_ledger_projects(*known),
        get_meeting_targets(*ruled),
        get_ledger_orders(*known),
        get_service_cases(*known),
    )
    ranked = compute_scores(compute_score_items(*ruled), get_score_subjects(*known))
    in_hand = {
        "preplan": (work.filter(pl.col("state").is_in(OPEN_STATES)).height, work.height),
        "leaders": (held.filter(~pl.col("state").is_in(["done", "stopped"])).height, held.height),
        "monthly": (aims.filter(pl.col("status").is_in(BEHIND_STATUSES)).height, aims.height),
        "supervision": (given.filter(pl.col("state") != "closed").height, given.height),
        "efficiency": (served.filter(pl.col("finished").is_null()).height, served.height),
        "rewards": (ranked.filter(pl.col("score").is_not_null()).height, ranked.filter(pl.col("items") > 0).height),
    }
    found = dict(get_red_entries(*ruled)["mechanism_id"].value_counts().iter_rows())
    lines = [(code, *in_hand[code], found.get(code, 0)) for code in MECHANISM_CODES]
    schema = {"mechanism_id": pl.String, "in_hand": pl.Int64, "every": pl.Int64, "red": pl.Int64}
    return pl.DataFrame(lines, schema=schema, orient="row")
