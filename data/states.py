"""The states of a target and of each thing of the ledger, the most urgent first. A light more is a line here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """One state: its code in data and addresses, its mark, the colour of the mark (none: that of text), its words."""

    code: str
    mark: str
    colour: str
    zh: str
    en: str


STATES: dict[str, tuple[State, ...]] = {
    "target": (
        State("missed", "■", "red", "未完成", "missed"),
        State("far_behind", "■", "red", "严重滞后", "far behind"),
        State("behind", "▲", "orange", "滞后", "behind"),
        State("borderline", "≈", "", "临界", "borderline"),
        State("watching", "◌", "", "观察期", "watching"),
        State("on_course", "●", "green", "正常", "on course"),
        State("met", "✔", "green", "已完成", "met"),
        State("cannot_judge", "—", "", "不可评估", "cannot be judged"),
    ),
    "task": (
        State("overdue", "■", "red", "逾期", "Overdue"),
        State("returned", "■", "red", "退回", "Returned"),
        State("due_soon", "▲", "orange", "临期", "Due soon"),
        State("waiting", "◌", "", "待验收", "Awaiting assessment"),
        State("in_progress", "●", "", "进行中", "In progress"),
        State("not_started", "○", "", "未开始", "Not started"),
        State("crossed_off_late", "✔", "orange", "逾期消号", "Crossed off late"),
        State("crossed_off", "✔", "green", "已消号", "Crossed off"),
        State("stopped", "—", "", "终止", "Stopped"),
    ),
    "project": (
        State("overdue", "■", "red", "逾期", "Overdue"),
        State("due_soon", "▲", "orange", "临期", "Due soon"),
        State("running", "●", "", "推进中", "Under way"),
        State("not_started", "○", "", "未开始", "Not started"),
        State("done", "✔", "green", "已办", "Done"),
        State("stopped", "—", "", "停建", "Stopped"),
    ),
    "problem": (
        State("late", "■", "red", "超过承诺", "Past its promise"),
        State("open", "●", "", "在办", "Open"),
        State("solved", "✔", "green", "已解决", "Solved"),
    ),
    "followup": (
        State("late", "■", "red", "逾期未办", "Overdue"),
        State("open", "●", "", "在办", "Open"),
        State("done_late", "✔", "orange", "逾期办结", "Done late"),
        State("done", "✔", "green", "已办", "Done"),
    ),
    "supervision": (
        State("unanswered", "■", "red", "逾期未复", "Unanswered"),
        State("open", "●", "", "在办", "Open"),
        State("answered", "◌", "", "已复未结", "Answered, open"),
        State("closed", "✔", "green", "办结", "Closed"),
    ),
    # A case that was closed past its promise is over, as a task that was finished late; a problem past its own is not.
    "service_case": (
        State("late_open", "■", "red", "在办超时", "Open and late"),
        State("late", "✔", "orange", "超时办结", "Closed late"),
        State("open", "●", "", "在办", "Open"),
        State("on_time", "✔", "green", "按时", "On time"),
        State("no_calendar", "—", "", "无日历", "No calendar"),
    ),
}
RED = {thing: tuple(state.code for state in states if state.colour == "red") for thing, states in STATES.items()}


def codes(thing: str) -> tuple[str, ...]:
    """Return the codes of the states of a thing, the most urgent first."""
    return tuple(state.code for state in STATES[thing])


def urgency(thing: str) -> dict[str, int]:
    """Return the place of each state of a thing, the most urgent first, to sort by."""
    return {code: place for place, code in enumerate(codes(thing))}


def state_of(code: str, thing: str) -> State:
    """Return a state of a thing. Raises KeyError where it has none of that code."""
    for state in STATES[thing]:
        if state.code == code:
            return state
    raise KeyError(f"{thing} has no state {code}; it has {', '.join(codes(thing))}")
