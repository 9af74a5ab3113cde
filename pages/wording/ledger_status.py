"""Words for the states of the things of a ledger, each with a mark; only the mark has a colour."""

from typing import Any

from data.states import state_of
from pages.wording import figures
from pages.wording.figures import format_rounded
from pages.wording.language import _, lang
from pages.wording.target_status import describe_status_reason as unjudged
from pages.wording.target_status import format_level, format_state_mark

Row = dict[str, Any]


def label_state(state: str, kind: str = "task") -> str:
    """Return a state in words. kind: target, task, project, problem, supervision, followup or service_case."""
    found = state_of(state, kind)
    return found.zh if lang() == "zh" else found.en


def label_state_with_mark(state: str, kind: str = "task") -> str:
    """Return mark and word of a state in Markdown."""
    return f"{format_state_mark(state, kind)} {label_state(state, kind)}"


def label_state_with_delay(state: str, kind: str, days: int | None) -> str:
    """Return mark and word of a state in Markdown, with the days by which its thing is late, if it is."""
    marked = label_state_with_mark(state, kind)
    return _("{state}，超 {n} 天", state=marked, n=days) if days else marked


def label_task_state(row: Row) -> str:
    """Return mark and word of the state of a task, with days overdue, days left or days finished late."""
    marked = label_state_with_mark(row["state"], "task")
    match row["state"]:
        case "overdue":
            return _("{state} {n} 天", state=marked, n=row["overdue_days"])
        case "due_soon":
            return _("{state}，剩 {n} 天", state=marked, n=row["days_left"])
        case "returned" | "waiting" if row["overdue_days"]:
            return _("{state}，已逾期 {n} 天", state=marked, n=row["overdue_days"])
        case "crossed_off_late":
            return _("{state} {n} 天", state=marked, n=(row["finished"] - row["due"]).days)
    return marked


def label_order_reason(code: str) -> str:
    """Return in words why an order was given, or is due."""
    return {
        "behind": _("连续滞后"),
        "overdue": _("任务逾期"),
        "problem": _("问题超期"),
        "other": _("其他"),
    }[code]


def describe_unjudged_reason(row: Row) -> str:
    """Describe why a target of a ledger cannot be judged: what is missing from the reports, with its month.

    row: of the standing in queries.ledger.progress.
    """
    code, year, month = row["reason"], row["year"], row["month"]
    if code == "NO_BASE" and month is not None and row["measure"] == "growth" and row["last"] is None:
        code = "NO_PAST"
    if code == "NO_BASE":
        whole = _("缺上年全年数（{month}）", month=figures.format_period(f"{year - 1}-12"))
        return whole if month is not None else _("没有报数，也{lacks}", lacks=whole)
    if code == "NO_PAST" and month is not None:
        return _("缺上年同期数（{month}）", month=format_month_to_date(year - 1, month))
    told = {
        "NO_ACTUAL": _("没有报数"),
        "NO_PAST": _("缺上年同期数"),
        "NO_PLAN": _("没有计划进度，也没有往年进度"),
        "EXPECTED": _("只有预计数"),
    }
    return told.get(code) or unjudged(row)


def describe_known_progress(row: Row) -> str:
    """Describe what is known of a target that cannot be judged: value reached and target; empty if nothing is."""
    growth = row["growth_of_month"] if row["measured"] is None else row["measured"]
    if row["measure"] == "growth":
        return (
            ""
            if growth is None
            else _("累计同比 {growth}%，目标 {aim}", growth=format_signed_growth(growth), aim=format_target_value(row))
        )
    reached = format_level(row, row["actual"], 2, exact=True)
    return (
        "" if row["actual"] is None else _("累计 {reached}，目标 {aim}", reached=reached, aim=format_target_value(row))
    )


def format_target_value(row: Row) -> str:
    """Format the number that a target asks for, with its unit: 9%, 96亿元."""
    return figures.format_quantity(row)


def format_signed_growth(number: float) -> str:
    """Format a growth with its sign: +12.6, −3."""
    text = format_rounded(number, 1)
    return text if text.startswith("−") else f"+{text}"


def format_month_to_date(year: int, month: int) -> str:
    """Format the month up to which a figure counts from January: 2025年10月.

    January and February are reported together: 2025年1—2月.
    """
    return figures.format_period(f"{year}-01/{year}-02" if month == 2 else f"{year}-{month:02}")


def label_breach(code: str) -> str:
    """Return in words which rule a project breaks: one project, one leader, one team."""
    return {"no_leader": _("没有领导"), "two_leaders": _("不止一名领导"), "no_team": _("没有班子")}[code]


def label_stage(code: str | None) -> str:
    """Return the stage of a project in words; — for None."""
    return {
        "preparing": _("前期"),
        "building": _("在建"),
        "trial": _("试产"),
        "running": _("投产"),
        "stopped": _("停建"),
        None: "—",
    }[code]


def label_link_kind(code: str) -> str:
    """Return the kind of a link of the chain in words."""
    return {
        "figure": _("数"),
        "target": _("目标"),
        "commitment": _("承诺"),
        "task": _("任务"),
        "evidence": _("佐证"),
        "leader": _("领导"),
        "project": _("项目"),
        "problem": _("问题"),
        "supervision": _("督办单"),
        "followup": _("会议交办"),
    }[code]
