"""The page of monthly dispatch: the meeting in its order, each target against plan and last year; one target."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from pages.parts import (
    chained,
    circular,
    downloads,
    figures,
    filters,
    layout,
    lights,
    pictures,
    plots,
    screen,
    states,
    tables,
    tasklist,
    texts,
)
from pages.parts.words import _, lang, listed, name, sentences
from queries import files

Row = dict[str, Any]
CHARTS = 3  # of the worst, on the page and in the circular
MOST = 40  # lines of one point of the agenda


@dataclass(frozen=True)
class Agenda:
    """What the meeting goes through, in its order; each a frame of the rows it was made from."""

    carried: pl.DataFrame  # follow-ups of the last meeting, and older open ones
    far: pl.DataFrame
    changed: pl.DataFrame
    due: pl.DataFrame  # tasks
    missing: pl.DataFrame
    aims: pl.DataFrame


def month_of(aims: pl.DataFrame, asof: date) -> str:
    """The period that the meeting is about, in words: 2025年1—9月."""
    known = aims.filter(pl.col("month").is_not_null())
    if known.is_empty():
        return figures.day(asof.isoformat())
    year = int(known["year"].max())  # type: ignore[arg-type]
    last = int(known.filter(pl.col("year") == year)["month"].max())  # type: ignore[arg-type]
    return figures.period(str(year) if last == 12 else f"{year}-01/{year}-{last:02}")


def title(aims: pl.DataFrame, asof: date) -> str:
    """The answer."""
    far = aims.filter(pl.col("status").is_in(["far_behind", "missed"])).height
    good = aims.filter(pl.col("status").is_in(["on_course", "met"])).height
    if (aims["status"] == "cannot_judge").all():
        return _("{month}：{n} 项目标，都还不能评估", month=month_of(aims, asof), n=aims.height)
    said = _("{month}：{n} 项目标，{good} 项正常或已完成", month=month_of(aims, asof), n=aims.height, good=good)
    return said + (_("，{n} 项严重滞后或未完成", n=far) if far else "")


def paragraph(agenda: Agenda) -> str:
    """The numbers behind it."""
    parts = []
    for row in agenda.far.head(2).iter_rows(named=True):
        parts.append(
            _(
                "**{indicator}**完成 {completion}，{points}。", indicator=texts.within_bold(name(row, "indicator")),
                completion=lights.completion(row), points=lights.points(row),
            )
        )  # fmt: skip
    late = agenda.carried.filter(pl.col("state") == "late").height
    if late:
        parts.append(_("会议交办的事有 {n} 件超期未办。", n=late))
    if agenda.missing.height:
        parts.append(_("{n} 项目标缺最近一月的数。", n=agenda.missing.height))
    return sentences(parts)


def asked(aims: pl.DataFrame) -> pl.DataFrame:
    """The filters: theme, status, department."""
    with filters.fold():
        one, two, three = st.columns(3, gap="medium")
        with one:
            themes = {code: figures.theme(code) for code in ("economy", "innovation", "livelihood")}
            of_theme = filters.several(
                st.pills, "monthly_theme", "theme", _("方面"), themes, [], selection_mode="multi"
            )
        with two:
            present = [status for status in lights.ORDER if status in aims["status"].to_list()]
            options = {status: f"{lights.MARKS[status]} {lights.word(status)}" for status in present}
            wanted = filters.several(
                st.pills, "monthly_status", "status", _("状态"), options, [], selection_mode="multi"
            )
        with three:
            owners = filters.several(
                st.multiselect, "monthly_department", "department", _("责任部门"),
                tasklist.choices(aims, "department"), [], placeholder=_("全部部门"), select_all=False,
            )  # fmt: skip
    for column, chosen in (("theme", of_theme), ("status", wanted), ("department_id", owners)):
        aims = aims.filter(pl.col(column).is_in(chosen)) if chosen else aims
    return aims


def show(agenda: Agenda) -> None:
    """The agenda: what was told to do, far behind, changed lights, due next, missing."""
    for number, (heading, lines) in enumerate(spoken(agenda), 1):
        st.markdown(f"**{number}. {heading}**\n\n" + ("\n".join(f"- {line}" for line in lines) or _("没有。")))


def spoken(agenda: Agenda, *, plain: bool = False) -> list[tuple[str, list[str]]]:
    """The agenda in words, heading by heading. plain: without marks and Markdown, for a document."""

    def text(said: str) -> str:
        return said if plain else texts.plain(said)

    def state(row: Row, kind: str) -> str:
        if plain:
            return states.word(row["state"], kind)
        return states.of_task(row) if kind == "task" else states.shown(row["state"], kind)

    def light(row: Row) -> str:
        return lights.word(row["status"]) if plain else lights.light(row)

    carried = [
        _(
            "{day}交办，{department}：{what}（{due}前）——{state}", day=figures.day(row["meeting"].isoformat()),
            department=text(name(row, "department") or name(row, "leader") or "—"), what=text(name(row, "title")),
            due=figures.day(row["due"].isoformat()), state=state(row, "followup"),
        )
        for row in agenda.carried.iter_rows(named=True)
    ]  # fmt: skip
    far = [
        _(
            "{indicator}：{light}，完成 {completion}，{points}；全年要{aim}", indicator=text(name(row, "indicator")),
            light=light(row), completion=lights.completion(row), points=lights.points(row), aim=text(figures.aim(row)),
        )
        for row in agenda.far.iter_rows(named=True)
    ]  # fmt: skip
    changed = [
        _(
            "{indicator}：由{before}变为{now}", indicator=text(name(row, "indicator")),
            before=lights.word(row["before"]), now=lights.word(row["status"]),
        )
        for row in agenda.changed.iter_rows(named=True)
    ]  # fmt: skip
    due = [
        _(
            "{day}　{number} {task}（{department}）——{state}", day=figures.day(row["due"].isoformat()),
            number=text(row["task_id"]), task=text(name(row, "title")), department=text(name(row, "department")),
            state=state(row, "task"),
        )
        for row in agenda.due.iter_rows(named=True)
    ]  # fmt: skip
    missing = [
        _("{indicator}：缺 {month}", indicator=text(owned(row)), month=figures.period(row["lacks"]))
        + (_("，最近的是 {month}", month=month_label(row)) if row["month"] else _("，一次也没有报过"))
        for row in agenda.missing.iter_rows(named=True)
    ]
    parts = [
        (_("上次会议交办的事"), carried), (_("严重滞后和未完成"), far), (_("状态有变化"), changed),
        (_("一个月内到期的任务"), due), (_("缺报的数"), missing),
    ]  # fmt: skip
    return [(heading, shortened(lines)) for heading, lines in parts]


def shortened(lines: list[str]) -> list[str]:
    """As many lines as a meeting reads; how many more there are stands in the last."""
    return lines if len(lines) <= MOST else [*lines[:MOST], _("另有 {n} 项", n=len(lines) - MOST)]


def owned(row: Row) -> str:
    """A target and the department responsible for it, where one is named."""
    if not row["department_id"]:
        return name(row, "indicator")
    return _("{indicator}（{department}）", indicator=name(row, "indicator"), department=name(row, "department"))


def month_label(row: Row) -> str:
    """Up to which month a target has data: 2025年1—8月; January and February are one period."""
    year, month = row["year"], row["month"]
    return figures.period(f"{year}-01/{year}-{month:02}") if month > 1 else figures.period(f"{year}-01")


def amount(row: Row, value: float | None) -> str:
    """A value of a return or a plan, in the unit of the reader's language."""
    return lights.amount(row, value, 2, exact=True)


def cells(row: Row, *, running: bool = True, bare: bool = False) -> Row:
    """One target against its plan and the year before, in words; the circular prints the same.

    running: whether months are left, for which there is something to extrapolate; bare: as text, for a document.
    """
    growth, need = row["growth_of_month"], row["needed_growth"]
    loose: Callable[[str], str] = str if bare else tables.loose
    light = lights.word(row["status"]) if bare else tables.Rich(tables.joined(lights.light(row), markdown=True))
    last = amount(row, row["last"]) + ("" if growth is None else f" {signed(growth)}%")
    told = {
        _("目标"): f"{name(row, 'indicator')} {figures.aim(row)}",
        _("状态"): light,
        _("累计完成"): loose(amount(row, row["actual"])),
        _("月计划"): loose(amount(row, row["plan"])),
        _("上年同期与同比"): loose(last),
        _("完成率"): lights.completion(row),
        _("差距，百分点"): lights.gap(row),
    }
    ahead = {
        _("外推全年"): loose(lights.amount(row, row["outlook"])) if row["outlook"] else "—",
        _("余月须增长"): "—" if need is None else signed(need) + "%",
    }
    return told | ahead if running else told


def left(aims: pl.DataFrame) -> bool:
    """Whether any target has months left."""
    return bool(aims["outlook"].is_not_null().any())


def signed(number: float) -> str:
    """A growth with its sign: +12.6, −3."""
    text = lights.rounded(number, 1)
    return text.replace("-", "−") if text.startswith("-") else f"+{text}"


def table(aims: pl.DataFrame, opened: Any) -> None:
    """Every target with its month; each leads to its own view."""
    st.subheader(_("各项目标"), anchor=False)
    running = left(aims)
    right = [_("累计完成"), _("月计划"), _("上年同期与同比"), _("完成率"), _("差距，百分点")]
    right += [_("外推全年"), _("余月须增长")] if running else []

    def with_link(row: Row) -> Row:
        said = f"{name(row, 'indicator')} {figures.aim(row)}"
        return cells(row, running=running) | {_("目标"): chained.linked(opened, "target", row["target_id"], said)}

    tables.table("monthly_aims", aims, with_link, tuple(right))
    tasklist.pick("monthly", "target", _("打开一项目标"), aims, "target_id", "indicator")
    st.caption(
        _("差距为完成率减计划进度；外推为照现在的进度推到年底，不是预测；余月须增长是与上年同月相比。1—2月合为一期。")
    )


def charts_of(agenda: Agenda, course: Any, opened: Any, link: str) -> list[pictures.Picture]:
    """The worst targets through their year; drawn on the page and in the circular."""
    worst = agenda.far if agenda.far.height else agenda.aims
    drawn = []
    for row in worst.head(CHARTS).iter_rows(named=True):
        points = course(opened.ledger, row["target_id"], opened.asof, opened.rule, lang())
        if points.filter(pl.col("kind") == "actual").height < 2 or row["level_unit_id"] is None:
            continue
        drawn.append(picture(row, points, opened, link))
    return drawn


def picture(row: Row, points: pl.DataFrame, opened: Any, link: str) -> pictures.Picture:
    """One target through its year, with what a picture of it needs."""
    unit = row["level_unit_zh"] if lang() == "zh" else row["level_unit_scaled_en"]
    scale = 1.0 if lang() == "zh" else float(row["level_unit_scale"])
    data, spec = plots.course(points, unit, scale, screen.palette(), sample=opened.sample)
    source = f"{row['source_title']}, {figures.day(opened.asof.isoformat())}"
    return pictures.Picture(f"{row['target_id']} {name(row, 'indicator')}", data, spec, source, link)


def draw(drawn: list[pictures.Picture]) -> None:
    """The pictures, each under its title."""
    for each in drawn:
        layout.drawn_under(each.title, each, each.title)


def papers(agenda: Agenda, drawn: list[pictures.Picture], opened: Any, link: str, meetings: list[date]) -> None:
    """The circular as a document, and the meetings that can be reopened."""
    with st.container(horizontal=True):
        place = opened.names["park_zh" if lang() == "zh" else "park_en"]
        head = circular.Head(place, month_of(agenda.aims, opened.asof), opened.asof, opened.sample, link)
        mark = "sample-" if opened.sample else ""
        downloads.button(
            _("通报（Word）"),
            lambda: circular.document(
                head, title(agenda.aims, opened.asof), spoken(agenda, plain=True), circular_rows(agenda.aims), drawn
            ),
            f"park-{mark}circular-{opened.asof.isoformat()}-{agenda.aims['data_version'][0]}.docx", "docx",
            "monthly_circular",
        )  # fmt: skip
        language = lang()
        downloads.button(
            _("通报表（Excel）"),
            lambda: files.as_file(agenda.aims, "xlsx", language),
            f"park-{mark}circular-{opened.asof.isoformat()}-{agenda.aims['data_version'][0]}.xlsx",
            "xlsx",
            "monthly_circular_table",
        )
        with downloads.opened(_("往次会议"), "history", "monthly_meetings") as wanted:
            if wanted:
                for day in meetings:
                    to = opened.address | {"asof": day.isoformat()}
                    st.page_link("monthly.py", label=figures.day(day.isoformat()), query_params=to)
                if not meetings:
                    st.caption(_("台账里没有记过会议。"))


def circular_rows(aims: pl.DataFrame) -> list[dict[str, str]]:
    """The table of the circular: that of the page, without marks."""
    running = left(aims)
    return [cells(row, running=running, bare=True) for row in aims.iter_rows(named=True)]


def one(
    top: Any, row: Row, points: pl.DataFrame, graph: Any, opened: Any, link: str
) -> tuple[str, list[pictures.Picture]]:
    """One target: how it stands, its year, and its chain. Returns its title and picture."""
    heading = _("{indicator}：{state}", indicator=name(row, "indicator"), state=lights.word(row["status"]))
    asked_for = [figures.aim(row), *([name(row, "department")] if row["department_id"] else [])]
    with top:
        tasklist.back("monthly", opened)
        layout.head([*opened.eyebrow, row["target_id"]], heading, texts.plain(listed(asked_for)))
    drawn = []
    wide, narrow = st.columns([3, 2], gap="large")
    with wide:
        if points.filter(pl.col("kind") == "actual").height > 1 and row["level_unit_id"]:
            drawn = [picture(row, points, opened, link)]
            draw(drawn)
    with narrow:
        told = cells(row, bare=True)
        entries = [(label, value, "") for label, value in told.items() if label not in (_("目标"), _("状态"))]
        if row["reason"]:
            entries.insert(0, (_("原因"), states.lacking(row["reason"]), ""))
        layout.numbers([entry for entry in entries if entry[1] != "—"])
    chained.show(graph, f"target:{row['target_id']}", opened.address)
    return heading, drawn
