"""Words for a target: its status with a mark, the outcome, the gap, the reason."""

from decimal import Decimal
from typing import Any

from data.states import state_of
from pages.wording import figures
from pages.wording.language import _, lang, localize_name
from queries.figures.intervals import Interval

Row = dict[str, Any]


def format_state_mark(code: str, thing: str = "target") -> str:
    """Return the mark of a state in its colour, in Markdown. thing: a kind of data.states."""
    state = state_of(code, thing)
    return f":{state.colour}[{state.mark}]" if state.colour else state.mark


def label_state_for_choice(code: str, thing: str = "target") -> str:
    """Return mark and word of a state without colour, as the label of an option. thing: a kind of data.states."""
    state = state_of(code, thing)
    return f"{state.mark} {state.zh if lang() == 'zh' else state.en}"


def label_status(status: str) -> str:
    """Return a status in words."""
    state = state_of(status, "target")
    return state.zh if lang() == "zh" else state.en


def label_status_with_mark(row: Row) -> str:
    """Return mark and word of a target's status, in Markdown.

    Only the mark has a colour, which says nothing that the word does not. ≈ is added where rounding could change
    the status, and the evidence mark where it depends on own or sample figures.
    """
    near = " ≈" if row["near"] and row["status"] != "borderline" else ""
    ahead = row["status"] == "on_course" and (row["pace"] or 0) >= 1
    said = _("正常，超前") if ahead else label_status(row["status"])
    return f"{format_state_mark(row['status'])} {said}{near}{figures.format_evidence_mark(row.get('lit_evidence'))}"


def describe_status_reason(row: Row) -> str:
    """Describe why a target cannot be judged, or what its status is based on."""
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
        return _("按公布的增速（{basis}）", basis=figures.label_growth_basis(row["growth_basis"]))
    return _("按公布的数值")


def format_percent(number: float | None, decimals: int = 1) -> str:
    """Format a number of per cent, without trailing zeros; — for None."""
    if number is None:
        return "—"
    return f"{figures.format_rounded(number, decimals)}%"


def format_gap_points(row: Row) -> str:
    """Format the gap as a number of percentage points: −7; — where it is not known."""
    number = row["gap_points"]
    return "—" if number is None else figures.format_rounded(number, _get_gap_decimals(number))


def _get_gap_decimals(number: float) -> int:
    return 2 if 0 < abs(number) < 0.1 else 1


def format_completion(row: Row) -> str:
    """Format the share of the target that is reached, in per cent; — where it is not known."""
    return format_percent(None if row["completion"] is None else row["completion"] * 100)


def describe_outcome(row: Row, figure: Row | None) -> str:
    """Describe what was published for the target's year, marking a growth that was computed.

    figure: its row of observations, None where there is none.
    """
    if row["growth_text"] is not None:
        level = figures.format_figure(figure) if figure and figure["value_text"] else ""
        shown = " ".join(part for part in (level, f"{_format_signed(row['growth_text'])}%") if part)
        return shown + figures.format_evidence_mark(row.get("growth_evidence"))
    if figure is None:
        return "—"
    shown = figures.format_figure(figure) + figures.format_evidence_mark(figure["evidence"])
    if row["measure"] == "growth" and row["basis"] == "levels":
        return _("{figure}（约{rate}%）", figure=shown, rate=_format_signed(format_computed_growth(row)))
    return shown


def format_computed_growth(row: Row) -> str:
    """Format the growth of two levels in per cent, inside its interval and with no more digits than that supports."""
    return figures.format_minus(_make_interval(row["low"], row["high"]).shown(1))


def _make_interval(low: float, high: float) -> Interval:
    return Interval(Decimal(str(low)), Decimal(str(high)))


def describe_base(row: Row, figure: Row | None) -> str:
    """Describe what was published for the year before, naming its indicator where that is another.

    figure: its row of observations, None where there is none.
    """
    if figure is None:
        return "—"
    other = row["base_indicator_id"] and row["base"] is None
    shown = figures.format_figure(figure) + figures.format_evidence_mark(figure["evidence"])
    if not other:
        return shown
    return _("{figure} （{indicator}）", figure=shown, indicator=localize_name(row, "base_indicator"))


def format_level(row: Row, value: float | None, decimals: int = 1, *, exact: bool = False) -> str:
    """Format a computed level in the unit of the target's levels; counts in whole numbers.

    exact: leave out 约. — where the value or the unit is not known.
    """
    if value is None or row["level_unit_id"] is None:
        return "—"
    unit = {"unit_zh": row["level_unit_zh"], "unit_scale": row["level_unit_scale"]}
    whole = row["level_dimension"] == "count" and Decimal(str(row["level_unit_scale"])) == 1
    number = figures.format_rounded(value, 0 if whole else decimals).replace("−", "-")
    text = {"value_text": number, "unit_scaled_en": row["level_unit_scaled_en"]}
    shown = figures.format_quantity(unit | text)
    return shown if exact else _("约{value}", value=shown)


def describe_other_form(row: Row) -> str:
    """Describe what a target asks for in its other form, with no more digits than the interval supports.

    For a growth target as a level, for a level target as a growth; — where it cannot be computed.
    """
    if row["form_low"] is None:
        return "—"
    most = len(str(row["base_value_text"]).partition(".")[2]) if row["measure"] == "growth" else 2
    shown = _make_interval(row["form_low"], row["form_high"]).shown(most)
    if row["measure"] == "growth":
        return format_level(row, float(shown), len(shown.partition(".")[2]))
    return _("增长约{rate}%", rate=figures.format_minus(shown))


def format_other_form_interval(row: Row) -> str:
    """Format the interval of the other form, in its unit."""
    scale, word = 1, "%"
    if row["measure"] == "growth":
        word = row["level_unit_zh"] if lang() == "zh" else f" {row['level_unit_scaled_en']}"
        scale = 1 if lang() == "zh" else row["level_unit_scale"]
    return figures.format_interval(row["form_low"], row["form_high"], scale=scale) + word


def _format_signed(text: str) -> str:
    return figures.format_minus(text) if text.startswith(("-", "−")) else f"+{text}"


def label_plan_method(method: str | None) -> str:
    """Return in words where the planned share comes from."""
    return {
        "plan": _("批准的月计划"),
        "own_mean": _("本地往年同期占比的均值"),
        "last_year": _("上年同期占比"),
        "linear": _("按月平均"),
    }.get(str(method), "—")


def describe_gap(row: Row) -> str:
    """Describe how far a result is from its target; — where it is not known.

    For a growth, or a completion against its plan, in percentage points: 低 7 个百分点. For a level at the end of
    its year, in per cent of the target and as an amount: 超出 2.1%（20亿元）. row: a row of targets.
    """
    points = row["gap_points"]
    if points is None:
        return "—"
    level = row["measure"] == "level" and row["over"]
    size = figures.format_rounded(abs(float(str(points))), 2 if 0 < abs(float(str(points))) < 0.1 else 1)
    if size == "0":
        return _("持平")
    above = float(str(points)) > 0
    if not level:
        return _("高 {n} 个百分点", n=size) if above else _("低 {n} 个百分点", n=size)
    unit = {
        "unit_zh": row["level_unit_zh"], "unit_scale": row["level_unit_scale"],
        "unit_scaled_en": row["level_unit_scaled_en"],
    }  # fmt: skip
    apart = figures.format_rounded(abs(figures.to_decimal(row["measured"]) - figures.to_decimal(row["value"])), 4)
    amount = figures.format_quantity(unit | {"value_text": apart})
    return (
        _("超出 {n}%（{amount}）", n=size, amount=amount) if above else _("低 {n}%（{amount}）", n=size, amount=amount)
    )


def label_strength(code: object) -> str:
    """Return how firmly a target was stated, in words: 确保, 力争 or 目标."""
    return {"ensure": _("确保"), "strive": _("力争"), "goal": _("目标")}.get(str(code), str(code))


def describe_target_briefly(row: Row) -> str:
    """Return whose target of which year it is, of what, and how much. row: of get_judged_targets()."""
    return _("{place}{year}年目标：{indicator}{aim}", place=localize_name(row, "park"), year=row["year"],
             indicator=localize_name(row, "indicator"), aim=figures.describe_target_value(row))  # fmt: skip


def describe_promise_briefly(row: Row) -> str:
    """Return whose promise of which year it is, and what was promised. row: of get_park_commitments()."""
    return _(
        "{place}{year}年承诺：{promise}",
        place=localize_name(row, "park"),
        year=row["year"],
        promise=localize_name(row, "name"),
    )
