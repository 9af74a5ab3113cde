"""How a thing of the ledger stands: a mark and a word, the mark alone with a colour."""

from typing import Any

from data.states import state_of
from pages.wording import figures
from pages.wording.figures import rounded
from pages.wording.language import _, lang
from pages.wording.target_status import amount, mark
from pages.wording.target_status import reason as unjudged

Row = dict[str, Any]


def word(state: str, kind: str = "task") -> str:
    """A state in words. kind: target, task, project, problem, supervision, followup or service_case."""
    found = state_of(state, kind)
    return found.zh if lang() == "zh" else found.en


def shown(state: str, kind: str = "task", more: str = "") -> str:
    """Mark and word, in Markdown, with what is to be added to the word."""
    return f"{mark(state, kind)} {word(state, kind)}{more}"


def of_task(row: Row) -> str:
    """A task: overdue by so many days, due in so many, crossed off late by so many."""
    state, days = row["state"], row["days_left"]
    more = ""
    if state == "overdue":
        more = _(" {n} 天", n=row["overdue_days"])
    elif state == "due_soon":
        more = _("，剩 {n} 天", n=days)
    elif state in ("returned", "waiting") and row["overdue_days"]:
        more = _("，已过期 {n} 天", n=row["overdue_days"])
    elif state == "crossed_off_late":
        more = _(" {n} 天", n=(row["finished"] - row["due"]).days)
    return shown(state, "task", more)


def reason(code: str) -> str:
    """Why an order was, or ought to be, given."""
    return {
        "behind": _("连续滞后"),
        "overdue": _("任务逾期"),
        "problem": _("问题超期"),
        "other": _("其他"),
    }[code]


def lacking(row: Row) -> str:
    """Why a target of a ledger cannot be judged: what is missing of what is reported there, by its month.

    row: of queries.ledger.progress.standing().
    """
    code, year, month = row["reason"], row["year"], row["month"]
    if code == "NO_BASE" and month is not None and row["measure"] == "growth" and row["last"] is None:
        code = "NO_PAST"
    if code == "NO_BASE":
        whole = _("缺上年全年数（{month}）", month=figures.period(f"{year - 1}-12"))
        return whole if month is not None else _("没有报数，也{lacks}", lacks=whole)
    if code == "NO_PAST" and month is not None:
        return _("缺上年同期数（{month}）", month=to_date(year - 1, month))
    told = {
        "NO_ACTUAL": _("没有报数"),
        "NO_PAST": _("缺上年同期数"),
        "NO_PLAN": _("没有计划进度，也没有往年进度"),
        "EXPECTED": _("只有预计数"),
    }
    return told.get(code) or unjudged(row)


def meanwhile(row: Row) -> str:
    """What can be said of a target that cannot be judged: where it stands beside what it asks; empty for nothing."""
    growth = row["growth_of_month"] if row["measured"] is None else row["measured"]
    if row["measure"] == "growth":
        return "" if growth is None else _("累计同比 {growth}%，目标 {aim}", growth=signed(growth), aim=aim_of(row))
    reached = amount(row, row["actual"], 2, exact=True)
    return "" if row["actual"] is None else _("累计 {reached}，目标 {aim}", reached=reached, aim=aim_of(row))


def aim_of(row: Row) -> str:
    """The number that a target asks, with its unit: 9%, 96亿元."""
    return figures.bare(row)


def signed(number: float) -> str:
    """A growth with its sign: +12.6, −3."""
    text = rounded(number, 1)
    return text if text.startswith("−") else f"+{text}"


def to_date(year: int, month: int) -> str:
    """A month up to which a figure counts from January: 2025年10月; January and February are one: 2025年1—2月."""
    return figures.period(f"{year}-01/{year}-02" if month == 2 else f"{year}-{month:02}")


def breach(code: str) -> str:
    """What is broken of one project, one leader, one team."""
    return {"no_leader": _("没有领导"), "two_leaders": _("不止一名领导"), "no_team": _("没有班子")}[code]


def stage(code: str | None) -> str:
    """Stage of a project."""
    return {
        "preparing": _("前期"),
        "building": _("在建"),
        "trial": _("试产"),
        "running": _("投产"),
        "stopped": _("停建"),
        None: "—",
    }[code]


def kind(code: str) -> str:
    """Kind of a thing on the chain."""
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
