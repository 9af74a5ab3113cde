"""The meeting of monthly dispatch in words: its agenda, each target against plan and last year, what columns mean."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from data.states import codes
from pages.ledger.opening import LedgerView
from pages.wording import figures, ledger_status, plain_text, target_status
from pages.wording.language import _, join_items, join_sentences, lang, localize_name
from queries.ledger import monthly as dispatch

Row = dict[str, Any]
MAX_AGENDA_LINES = 40  # lines of one point of the agenda
FIRST_PERIOD_LAST_MONTH = 2  # the month with which the first period of a year ends
SMALL_GAP = 0.1  # percentage points of a gap below which it is told with two decimals


@dataclass(frozen=True)
class Agenda:
    """What a meeting goes through, in its order; each part is a frame with the rows it was made from."""

    carried: pl.DataFrame  # follow-ups of the last meeting, and older open ones
    far: pl.DataFrame  # far behind or missed
    behind: pl.DataFrame
    changed: pl.DataFrame
    due: pl.DataFrame  # tasks
    missing: pl.DataFrame
    unjudged: pl.DataFrame
    aims: pl.DataFrame


def make_agenda(aims: pl.DataFrame, opened: LedgerView) -> Agenda:
    """Return the agenda of a meeting. aims: the targets that the meeting is about."""
    known = (opened.ledger, opened.asof, lang())
    return Agenda(
        dispatch.filter_carried_over(dispatch.get_ledger_followups(*known)), dispatch.filter_far_behind(aims),
        dispatch.filter_behind(aims), dispatch.filter_changed(aims), dispatch.get_tasks_due_next(*known),
        dispatch.filter_without_return(aims, opened.asof), dispatch.filter_unjudged(aims), aims,
    )  # fmt: skip


def format_meeting_period(aims: pl.DataFrame, asof: date) -> str:
    """Return the period that the meeting is about, in words: 2025年1—9月; the day where no target has a month."""
    known = aims.filter(pl.col("month").is_not_null())
    if known.is_empty():
        return figures.format_date(asof.isoformat())
    year = int(known["year"].max())  # type: ignore[arg-type]
    last = int(known.filter(pl.col("year") == year)["month"].max())  # type: ignore[arg-type]
    return figures.format_period(str(year) if last == 12 else f"{year}-01/{year}-{last:02}")


def describe_monthly_title(aims: pl.DataFrame, asof: date) -> str:
    """Return the title of the page: how many targets, and how many of each status, which add up to them."""
    if (aims["status"] == "cannot_judge").all():
        return _("{month}：{n} 项目标，都还不可评估", month=format_meeting_period(aims, asof), n=aims.height)
    count = dict(aims["status"].value_counts().iter_rows())
    of_each = [
        _("{n} 项{status}", n=count[one], status=label_status_in_sentence(one))
        for one in codes("target")
        if one in count
    ]
    return _(
        "{month}：{n} 项目标，{counts}",
        month=format_meeting_period(aims, asof),
        n=aims.height,
        counts=join_items(of_each),
    )


def label_status_in_sentence(status: str) -> str:
    """Return a status in words, as it is written inside a sentence."""
    said = target_status.label_status(status)
    return said if lang() == "zh" else said.lower()


def describe_monthly_details(agenda: Agenda) -> str:
    """Return the numbers behind the title: the targets furthest behind, late follow-ups, missing returns."""
    parts = []
    for row in agenda.far.head(2).iter_rows(named=True):
        parts.append(
            _(
                "{indicator}{standing}。", indicator=plain_text.format_bold(localize_name(row, "indicator")),
                standing=plain_text.escape_markdown(describe_target_progress(row)),
            )
        )  # fmt: skip
    late = agenda.carried.filter(pl.col("state") == "late").height
    if late:
        parts.append(_("会议交办的事有 {n} 件逾期未办。", n=late))
    if agenda.missing.height:
        parts.append(_("{n} 项目标缺最近一月的数。", n=agenda.missing.height))
    return join_sentences(parts)


def describe_agenda(agenda: Agenda, *, plain: bool = False) -> list[tuple[str, list[str]]]:
    """Return the agenda in words: pairs of a heading and its lines.

    plain: without marks and Markdown, for a document.
    """

    def text(said: str) -> str:
        return said if plain else plain_text.escape_markdown(said)

    def state(row: Row, kind: str) -> str:
        if plain:
            return ledger_status.label_state(row["state"], kind)
        return (
            ledger_status.label_task_state(row)
            if kind == "task"
            else ledger_status.label_state_with_mark(row["state"], kind)
        )

    def light(row: Row) -> str:
        return target_status.label_status(row["status"]) if plain else target_status.label_status_with_mark(row)

    carried = [
        _(
            "{day}交办，{department}：{what}（{due}前）——{state}",
            day=figures.format_date(row["meeting"].isoformat()),
            department=text(localize_name(row, "department") or localize_name(row, "leader") or "—"),
            what=text(localize_name(row, "title")),
            due=figures.format_date(row["due"].isoformat()),
            state=state(row, "followup"),
        )
        for row in agenda.carried.iter_rows(named=True)
    ]
    far = [
        _(
            "{indicator}：{light}，{standing}；全年要{aim}",
            indicator=text(localize_name(row, "indicator")),
            light=light(row),
            standing=text(describe_target_progress(row)),
            aim=text(figures.describe_target_value(row)),
        )
        for row in pl.concat([agenda.far, agenda.behind]).iter_rows(named=True)
    ]
    unjudged = [
        _(
            "{indicator}：{reason}",
            indicator=text(localize_name(row, "indicator")),
            reason=text(describe_unjudged_target(row)),
        )
        for row in agenda.unjudged.iter_rows(named=True)
    ]
    changed = [
        _(
            "{indicator}：由{before}变为{now}", indicator=text(localize_name(row, "indicator")),
            before=target_status.label_status(row["before"]), now=target_status.label_status(row["status"]),
        )
        for row in agenda.changed.iter_rows(named=True)
    ]  # fmt: skip
    due = [
        _(
            "{day}　{number} {task}（{department}）——{state}",
            day=figures.format_date(row["due"].isoformat()),
            number=text(row["task_id"]),
            task=text(localize_name(row, "title")),
            department=text(localize_name(row, "department")),
            state=state(row, "task"),
        )
        for row in agenda.due.iter_rows(named=True)
    ]
    missing = [
        describe_missing_return(row, text(label_target_and_department(row)))
        for row in agenda.missing.iter_rows(named=True)
    ]
    parts = [
        (_("上次会议交办的事"), carried), (_("严重滞后和未完成"), far[: agenda.far.height]),
        (_("滞后的目标"), far[agenda.far.height :]), (_("状态有变化"), changed), (_("一个月内到期的任务"), due),
        (_("缺报的数"), missing), (_("不可评估的目标"), unjudged),
    ]  # fmt: skip
    return [(heading, shorten_lines(lines)) for heading, lines in parts]


def shorten_lines(lines: list[str]) -> list[str]:
    """Return at most MAX_AGENDA_LINES lines; where there are more, a last line says how many."""
    return (
        lines
        if len(lines) <= MAX_AGENDA_LINES
        else [*lines[:MAX_AGENDA_LINES], _("另有 {n} 项", n=len(lines) - MAX_AGENDA_LINES)]
    )


def describe_missing_return(row: Row, indicator: str) -> str:
    """Return which month of a target was not reported, and which was last. indicator: its name as it is shown."""
    told = {"indicator": indicator, "month": figures.format_period(row["lacks"])}
    if row["month"]:
        return _("{indicator}：缺 {month}，最近的是 {last}", last=format_data_period(row), **told)
    return _("{indicator}：缺 {month}，一次也没有报过", **told)


def describe_unjudged_target(row: Row) -> str:
    """Return why a target cannot be judged, and what can be said of it meanwhile."""
    reason, progress = ledger_status.describe_unjudged_reason(row), ledger_status.describe_known_progress(row)
    return _("{reason}；{progress}", reason=reason, progress=progress) if progress else reason


def is_growth_gap(row: Row) -> bool:
    """Return whether the gap of a target is one of growth, not of completion."""
    return bool(row["measure"] == "growth" and (row["over"] or row["completion"] is None))


def describe_target_progress(row: Row) -> str:
    """Return how far a target is, and its gap, in its own measure."""
    if is_growth_gap(row):
        grown = "—" if row["measured"] is None else f"{ledger_status.format_signed_growth(row['measured'])}%"
        return _("累计增长 {growth}，{gap}", growth=grown, gap=describe_monthly_gap(row))
    return _("完成 {completion}，{gap}", completion=target_status.format_completion(row), gap=describe_monthly_gap(row))


def describe_monthly_gap(row: Row) -> str:
    """Return the gap with its kind and unit: 完成率低3.2个百分点, 增速高1.8个百分点; a dash where there is none.

    Two decimals below SMALL_GAP percentage points, else one.
    """
    number = row["gap_points"]
    if number is None:
        return "—"
    size = figures.format_rounded(abs(number), 2 if abs(number) < SMALL_GAP else 1)
    if is_growth_gap(row):
        if size == "0":
            return _("增速与目标持平")
        return _("增速高{n}个百分点", n=size) if number > 0 else _("增速低{n}个百分点", n=size)
    if size == "0":
        return _("完成率与计划持平")
    return _("完成率高{n}个百分点", n=size) if number > 0 else _("完成率低{n}个百分点", n=size)


def describe_stock_change(row: Row) -> str:
    """Return by how much a stock has grown since the end of last year, and by how much it was to grow.

    Only for a level target on a stock with a figure and a base; empty for all others.
    """
    stock = row["measure"] == "level" and row["indicator_measure"] == "stock"
    if not stock or row["actual"] is None or row["base"] is None:
        return ""
    way, wanted = row["actual"] - row["base"], row["value"] - row["base"]
    values = {
        "done": format_exact_amount(row, abs(way)),
        "wanted": format_exact_amount(row, abs(wanted)),
        "base": figures.format_rounded(row["base"], 2),
        "value": figures.format_rounded(row["value"], 2),
    }
    rises = way > 0 or (way == 0 and wanted > 0)
    if wanted > 0:
        return (
            _("增加{done}，应增{wanted}（{base}→{value}）", **values) if rises
            else _("减少{done}，应增{wanted}（{base}→{value}）", **values)
        )  # fmt: skip
    return (
        _("增加{done}，应减{wanted}（{base}→{value}）", **values) if rises
        else _("减少{done}，应减{wanted}（{base}→{value}）", **values)
    )  # fmt: skip


def label_target_and_department(row: Row) -> str:
    """Return the name of a target, with the department responsible for it where one is named."""
    if not row["department_id"]:
        return localize_name(row, "indicator")
    return _(
        "{indicator}（{department}）",
        indicator=localize_name(row, "indicator"),
        department=localize_name(row, "department"),
    )


def format_data_period(row: Row) -> str:
    """Return the period up to which a target has data: 2025年1—8月; January and February are one period."""
    year, month = row["year"], row["month"]
    return figures.format_period(f"{year}-01/{year}-{month:02}") if month > 1 else figures.format_period(f"{year}-01")


def format_exact_amount(row: Row, value: float | None) -> str:
    """Return a value of a return or a plan, in the unit of the reader's language, to two decimals."""
    return target_status.format_level(row, value, 2, exact=True)
