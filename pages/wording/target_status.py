"""How a target stands, in words: its status with a mark, the outcome, the gap, the reason."""

from decimal import Decimal
from typing import Any

from data.states import state_of
from pages.wording import figures
from pages.wording.language import _, lang, name
from queries.figures.intervals import Interval

Row = dict[str, Any]


def mark(code: str, thing: str = "target") -> str:
    """The mark of a state, in its colour, in Markdown."""
    state = state_of(code, thing)
    return f":{state.colour}[{state.mark}]" if state.colour else state.mark


def called(code: str, thing: str = "target") -> str:
    """Mark and word of a state without colour, for a choice."""
    state = state_of(code, thing)
    return f"{state.mark} {state.zh if lang() == 'zh' else state.en}"


def word(status: str) -> str:
    """A status in words."""
    state = state_of(status, "target")
    return state.zh if lang() == "zh" else state.en


def light(row: Row) -> str:
    """Mark and word, in Markdown; the mark alone has a colour, and says nothing that the word does not."""
    near = " ≈" if row["near"] and row["status"] != "borderline" else ""
    ahead = row["status"] == "on_course" and (row["pace"] or 0) >= 1
    said = _("正常，超前") if ahead else word(row["status"])
    return f"{mark(row['status'])} {said}{near}{figures.mark(row.get('lit_evidence'))}"


def reason(row: Row) -> str:
    """Why it cannot be judged, or on what the status rests."""
    missing = {
        "NO_ACTUAL": _("结果未公布"),
        "NO_BASE": _("基数未公布"),
        "NO_PAST": _("缺上年同期数"),
        "NO_GROWTH": _("增速未公布"),
        "NO_PLAN": _("没有计划进度，也没有往年进度"),
        "EXPECTED": _("预计，待定"),
        "SCOPE_MISMATCH": _("口径待确认"),
        "UNIT_MISMATCH": _("单位不同"),
        "STALE": _("数据过时"),
        "FUTURE": _("未到期"),
        "NO_NUMERIC_TARGET": _("没有数字"),
    }
    if row["reason"]:
        return missing[row["reason"]]
    if row["basis"] == "levels":
        return _("由两年数值推算")
    if row.get("lit_evidence") == "own":
        return _("按自有的增速") if row["measure"] == "growth" else _("按自有的数值")
    if row["measure"] == "growth":
        return _("按公布的增速（{basis}）", basis=figures.basis(row["growth_basis"]))
    return _("按公布的数值")


def percent(number: float | None, decimals: int = 1) -> str:
    """A number of per cent, without zeros that say nothing."""
    if number is None:
        return "—"
    return f"{figures.rounded(number, decimals)}%"


def gap(row: Row) -> str:
    """The gap as a number of percentage points: −7."""
    number = row["gap_points"]
    return "—" if number is None else figures.rounded(number, _digits(number))


def points(row: Row) -> str:
    """The gap in words: 低 7 个百分点."""
    number = row["gap_points"]
    if number is None:
        return "—"
    size = figures.rounded(abs(number), _digits(number))
    if size == "0":
        return _("持平")
    return _("高 {n} 个百分点", n=size) if number > 0 else _("低 {n} 个百分点", n=size)


def _digits(number: float) -> int:
    return 2 if 0 < abs(number) < 0.1 else 1


def completion(row: Row) -> str:
    """How much of the target is reached."""
    return percent(None if row["completion"] is None else row["completion"] * 100)


def outcome(row: Row, figure: Row | None) -> str:
    """What was published for the target's year; a growth that was computed says so. figure: its row of observations."""
    if row["growth_text"] is not None:
        level = figures.number(figure) if figure and figure["value_text"] else ""
        shown = " ".join(part for part in (level, f"{_signed(row['growth_text'])}%") if part)
        return shown + figures.mark(row.get("growth_evidence"))
    if figure is None:
        return "—"
    shown = figures.number(figure) + figures.mark(figure["evidence"])
    if row["measure"] == "growth" and row["basis"] == "levels":
        return shown + _("（约{rate}%）", rate=_signed(growth_of(row)))
    return shown


def growth_of(row: Row) -> str:
    """The growth of two levels in per cent, with no more digits than its interval supports, and inside it."""
    return figures.minus(_interval(row["low"], row["high"]).shown(1))


def _interval(low: float, high: float) -> Interval:
    return Interval(Decimal(str(low)), Decimal(str(high)))


def base(row: Row, figure: Row | None) -> str:
    """What was published for the year before, and under which name where it is another."""
    if figure is None:
        return "—"
    other = row["base_indicator_id"] and row["base"] is None
    shown = figures.number(figure) + figures.mark(figure["evidence"])
    return shown + (" " + _("（{name}）", name=name(row, "base_indicator")) if other else "")


def amount(row: Row, value: float | None, decimals: int = 1, *, exact: bool = False) -> str:
    """A computed level in the unit of the target's levels, with 约 unless it is exact; of a count whole ones."""
    if value is None or row["level_unit_id"] is None:
        return "—"
    unit = {"unit_zh": row["level_unit_zh"], "unit_scale": row["level_unit_scale"]}
    whole = row["level_dimension"] == "count" and Decimal(str(row["level_unit_scale"])) == 1
    number = figures.rounded(value, 0 if whole else decimals).replace("−", "-")
    text = {"value_text": number, "unit_scaled_en": row["level_unit_scaled_en"]}
    shown = figures.bare(unit | text)
    return shown if exact else _("约{value}", value=shown)


def form(row: Row) -> str:
    """What a target asks in its other form, with no more digits than the interval supports."""
    if row["form_low"] is None:
        return "—"
    most = len(str(row["base_value_text"]).partition(".")[2]) if row["measure"] == "growth" else 2
    shown = _interval(row["form_low"], row["form_high"]).shown(most)
    if row["measure"] == "growth":
        return amount(row, float(shown), len(shown.partition(".")[2]))
    return _("增长约{rate}%", rate=figures.minus(shown))


def form_span(row: Row) -> str:
    """The interval of the other form, in its unit."""
    scale, word = 1, "%"
    if row["measure"] == "growth":
        word = row["level_unit_zh"] if lang() == "zh" else f" {row['level_unit_scaled_en']}"
        scale = 1 if lang() == "zh" else row["level_unit_scale"]
    return figures.span(row["form_low"], row["form_high"], scale=scale) + word


def _signed(text: str) -> str:
    return figures.minus(text) if text.startswith(("-", "−")) else f"+{text}"


def plan(method: str | None) -> str:
    """Where the planned share is from."""
    return {
        "plan": _("批准的月计划"),
        "own_mean": _("本地往年同期占比的均值"),
        "last_year": _("上年同期占比"),
        "linear": _("按月平均"),
    }.get(str(method), "—")
