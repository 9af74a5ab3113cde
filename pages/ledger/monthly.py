"""The page of monthly dispatch: the meeting in its order, each target against plan and last year; one target."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

import polars as pl
import streamlit as st

from data.states import codes
from pages.charts import ledger, pictures
from pages.ledger import chain, circular, preplan
from pages.ui import device, downloads, filters, layout, tables
from pages.wording import figures, ledger_status, plain_text, target_status
from pages.wording.language import _, lang, listed, name, sentences
from queries.export import formats

Row = dict[str, Any]
CHARTS = 3  # of the worst, on the page and in the circular
MOST = 40  # lines of one point of the agenda
JOINED = 2  # the month with which the first period of a year ends
SMALL = 0.1  # percentage points of a gap below which it is told with two decimals
CLOSING = 31  # day of January by which the meeting about a whole year has been held


@dataclass(frozen=True)
class Agenda:
    """What the meeting goes through, in its order; each a frame of the rows it was made from."""

    carried: pl.DataFrame  # follow-ups of the last meeting, and older open ones
    far: pl.DataFrame  # far behind or missed
    behind: pl.DataFrame
    changed: pl.DataFrame
    due: pl.DataFrame  # tasks
    missing: pl.DataFrame
    unjudged: pl.DataFrame
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
    """The answer: how many targets, and how many of each status, which add up to them."""
    if (aims["status"] == "cannot_judge").all():
        return _("{month}：{n} 项目标，都还不能评估", month=month_of(aims, asof), n=aims.height)
    count = dict(aims["status"].value_counts().iter_rows())
    of_each = [_("{n} 项{status}", n=count[one], status=said_within(one)) for one in codes("target") if one in count]
    return _("{month}：{n} 项目标，{counts}", month=month_of(aims, asof), n=aims.height, counts=listed(of_each))


def said_within(status: str) -> str:
    """A status in words, within a sentence."""
    said = target_status.word(status)
    return said if lang() == "zh" else said.lower()


def none(top: Any, opened: Any, others: pl.DataFrame) -> NoReturn:
    """No target is of the meeting's year; where those of other years are."""
    with top:
        layout.head(opened.eyebrow, _("{year}没有目标", year=figures.period(opened.asof.year)), "")
    elsewhere(others, opened)
    layout.stop()


def elsewhere(others: pl.DataFrame, opened: Any) -> None:
    """One closed line for targets of other years, with the way to them: the board for what was published for the park,
    the last meeting of that year for what the ledger set. others: of queries.ledger.meeting.of_other_years()."""
    if others.is_empty():
        return
    with st.expander(
        _("其他年度的目标 {n} 项，不在本次会议之内", n=others["targets"].sum()), icon=":material/history:"
    ):
        for row in others.iter_rows(named=True):
            label = _("{year}：{n} 项目标", year=figures.period(row["year"]), n=row["targets"])
            if row["printed"]:
                to = {"lang": lang(), "park": opened.park, "year": str(row["year"])}
                st.page_link("overview.py", label=label, icon=":material/arrow_forward:", query_params=to)
            elif row["year"] < opened.asof.year:
                to = opened.address | {"asof": date(row["year"] + 1, 1, CLOSING).isoformat()}
                st.page_link("monthly.py", label=label, icon=":material/arrow_forward:", query_params=to)
            else:
                st.markdown(label)


def paragraph(agenda: Agenda) -> str:
    """The numbers behind it."""
    parts = []
    for row in agenda.far.head(2).iter_rows(named=True):
        parts.append(
            _(
                "**{indicator}**{standing}。", indicator=plain_text.within_bold(name(row, "indicator")),
                standing=plain_text.plain(reached(row)),
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
            of_theme = filters.several(
                st.pills, "monthly_theme", "theme", _("方面"), figures.themes(), [], selection_mode="multi"
            )
        with two:
            present = [status for status in codes("target") if status in aims["status"].to_list()]
            options = {status: target_status.called(status) for status in present}
            wanted = filters.several(
                st.pills, "monthly_status", "status", _("状态"), options, [], selection_mode="multi"
            )
        with three:
            owners = filters.several(
                st.multiselect, "monthly_department", "department", _("责任部门"),
                preplan.choices(aims, "department"), [], placeholder=_("全部部门"), select_all=False,
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
        return said if plain else plain_text.plain(said)

    def state(row: Row, kind: str) -> str:
        if plain:
            return ledger_status.word(row["state"], kind)
        return ledger_status.of_task(row) if kind == "task" else ledger_status.shown(row["state"], kind)

    def light(row: Row) -> str:
        return target_status.word(row["status"]) if plain else target_status.light(row)

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
            "{indicator}：{light}，{standing}；全年要{aim}", indicator=text(name(row, "indicator")),
            light=light(row), standing=text(reached(row)), aim=text(figures.aim(row)),
        )
        for row in pl.concat([agenda.far, agenda.behind]).iter_rows(named=True)
    ]  # fmt: skip
    unjudged = [
        _("{indicator}：{reason}", indicator=text(name(row, "indicator")), reason=text(listed_reason(row)))
        for row in agenda.unjudged.iter_rows(named=True)
    ]
    changed = [
        _(
            "{indicator}：由{before}变为{now}", indicator=text(name(row, "indicator")),
            before=target_status.word(row["before"]), now=target_status.word(row["status"]),
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
        (_("上次会议交办的事"), carried), (_("严重滞后和未完成"), far[: agenda.far.height]),
        (_("滞后的目标"), far[agenda.far.height :]), (_("状态有变化"), changed), (_("一个月内到期的任务"), due),
        (_("缺报的数"), missing), (_("不可评估的目标"), unjudged),
    ]  # fmt: skip
    return [(heading, shortened(lines)) for heading, lines in parts]


def shortened(lines: list[str]) -> list[str]:
    """As many lines as a meeting reads; how many more there are stands in the last."""
    return lines if len(lines) <= MOST else [*lines[:MOST], _("另有 {n} 项", n=len(lines) - MOST)]


def listed_reason(row: Row) -> str:
    """Why a target cannot be judged, and what can be said of it meanwhile."""
    said = ledger_status.meanwhile(row)
    return ledger_status.lacking(row) + (_("；{said}", said=said) if said else "")


def of_growth(row: Row) -> bool:
    """Whether the gap of a target is one of growth, not of completion."""
    return bool(row["measure"] == "growth" and (row["over"] or row["completion"] is None))


def reached(row: Row) -> str:
    """How far a target is, and what it is short of, in its own measure."""
    if of_growth(row):
        grown = "—" if row["measured"] is None else f"{ledger_status.signed(row['measured'])}%"
        return _("累计增长 {growth}，{gap}", growth=grown, gap=gap(row))
    return _("完成 {completion}，{gap}", completion=target_status.completion(row), gap=gap(row))


def gap(row: Row) -> str:
    """The gap with what it is of and its unit: 完成率低3.2个百分点, 增速高1.8个百分点."""
    number = row["gap_points"]
    if number is None:
        return "—"
    size = figures.rounded(abs(number), 2 if abs(number) < SMALL else 1)
    if of_growth(row):
        if size == "0":
            return _("增速与目标持平")
        return _("增速高{n}个百分点", n=size) if number > 0 else _("增速低{n}个百分点", n=size)
    if size == "0":
        return _("完成率与计划持平")
    return _("完成率高{n}个百分点", n=size) if number > 0 else _("完成率低{n}个百分点", n=size)


def added(row: Row) -> str:
    """Of a stock that is counted from the end of last year: by how much it grew, and was to; empty for all others."""
    stock = row["measure"] == "level" and row["indicator_measure"] == "stock"
    if not stock or row["actual"] is None or row["base"] is None:
        return ""
    way, wanted = row["actual"] - row["base"], row["value"] - row["base"]
    values = {
        "done": amount(row, abs(way)), "wanted": amount(row, abs(wanted)), "base": figures.rounded(row["base"], 2),
        "value": figures.rounded(row["value"], 2),
    }  # fmt: skip
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
    return target_status.amount(row, value, 2, exact=True)


def cells(row: Row, *, running: bool = True, bare: bool = False) -> Row:
    """One target against its plan and the year before, in words; the circular prints the same.

    running: whether months are left, for which there is something to extrapolate; bare: as text, for a document.
    """
    growth, need = row["growth_of_month"], row["needed_growth"]
    loose: Callable[[str], str] = str if bare else tables.loose
    light = (
        target_status.word(row["status"])
        if bare
        else tables.Rich(tables.joined(target_status.light(row), markdown=True))
    )
    last = amount(row, row["last"]) + ("" if growth is None else f" {ledger_status.signed(growth)}%")
    way = added(row)
    told = {
        _("目标"): f"{name(row, 'indicator')} {figures.aim(row)}",
        _("状态"): light,
        _("累计完成"): loose(amount(row, row["actual"]) + (_("，{way}", way=way) if way else "")),
        _("月计划"): loose(amount(row, row["plan"])),
        _("上年同期与同比"): loose(last),
        _("完成率"): target_status.completion(row),
        _("差距"): loose(gap(row)),
    }
    ahead = {
        _("外推全年"): loose(target_status.amount(row, row["outlook"])) if row["outlook"] else "—",
        _("余月须增长"): "—" if need is None else ledger_status.signed(need) + "%",
    }
    return told | ahead if running else told


def left(aims: pl.DataFrame) -> bool:
    """Whether any target has months left."""
    return bool(aims["outlook"].is_not_null().any())


def explained(rows: list[Row]) -> str:
    """What the columns of targets mean: of those that stand there, and no others."""
    told = [row for row in rows if row["gap_points"] is not None]
    parts = []
    if any(not of_growth(row) and row["over"] for row in told):
        parts.append(_("年度已过的，完成率的差距为完成率减100%。"))
    if any(not of_growth(row) and not row["over"] for row in told):
        parts.append(_("完成率的差距为完成率减计划进度。"))
    if any(of_growth(row) for row in told):
        parts.append(_("增速的差距为增速减目标。"))
    if any(added(row) for row in rows):
        parts.append(_("存量从上年末起算，完成率为已走的路占要走的路。"))
    if any(row["outlook"] is not None for row in rows):
        parts.append(_("外推为照现在的进度推到年底，不是预测；余月须增长是与上年同月相比。"))
    if any(row["month"] == JOINED for row in rows):
        parts.append(_("1—2月合为一期。"))
    return sentences(parts)


def table(aims: pl.DataFrame, opened: Any) -> None:
    """Every target with its month; each leads to its own view."""
    st.subheader(_("各项目标"), anchor=False)
    running = left(aims)
    right = [_("累计完成"), _("月计划"), _("上年同期与同比"), _("完成率")]
    right += [_("外推全年"), _("余月须增长")] if running else []

    def with_link(row: Row) -> Row:
        said = f"{name(row, 'indicator')} {figures.aim(row)}"
        return cells(row, running=running) | {_("目标"): chain.linked(opened, "target", row["target_id"], said)}

    tables.table("monthly_aims", aims, with_link, tuple(right))
    preplan.pick("monthly", "target", _("打开一项目标"), aims, "target_id", "indicator")
    if said := explained(aims.to_dicts()):
        st.caption(said)


def charts_of(agenda: Agenda, course: Any, opened: Any, link: str) -> list[pictures.Picture]:
    """The worst targets through their year; drawn on the page and in the circular."""
    short_of = pl.concat([agenda.far, agenda.behind])
    worst = short_of if short_of.height else agenda.aims
    return [each for row in worst.head(CHARTS).iter_rows(named=True) for each in pictured(row, course, opened, link)]


def pictured(row: Row, course: Any, opened: Any, link: str) -> list[pictures.Picture]:
    """The picture of one target; none before its second month."""
    points = course(opened.ledger, row["target_id"], opened.asof, opened.rule, lang())
    if points.filter(pl.col("kind") == "actual").height < 2 or row["level_unit_id"] is None:
        return []
    return [picture(row, points, opened, link)]


def picture(row: Row, points: pl.DataFrame, opened: Any, link: str) -> pictures.Picture:
    """One target through its year, with what a picture of it needs."""
    unit = row["level_unit_zh"] if lang() == "zh" else row["level_unit_scaled_en"]
    scale = figures.scale(row, "level_unit_")
    data, spec = ledger.course(points, unit, scale, device.palette(), sample=opened.sample)
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
                head, title(agenda.aims, opened.asof), spoken(agenda, plain=True), circular_rows(agenda.aims), drawn,
                explained(agenda.aims.to_dicts()),
            ),
            f"park-{mark}circular-{opened.asof.isoformat()}-{agenda.aims['data_version'][0]}.docx", "docx",
            "monthly_circular",
        )  # fmt: skip
        language = lang()
        downloads.button(
            _("通报表（Excel）"),
            lambda: formats.as_file(agenda.aims, "xlsx", language),
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


def one(top: Any, row: Row, course: Any, graph: Any, opened: Any, link: str) -> tuple[str, list[pictures.Picture]]:
    """One target: how it stands, its year, and its chain. course: queries.ledger.monthly.course(). Returns title,
    picture.
    """
    heading = _("{indicator}：{state}", indicator=name(row, "indicator"), state=target_status.word(row["status"]))
    asked_for = [figures.aim(row), *([name(row, "department")] if row["department_id"] else [])]
    with top:
        preplan.back("monthly", opened)
        layout.head([*opened.eyebrow, row["target_id"]], heading, plain_text.plain(listed(asked_for)))
    wide, narrow = st.columns([3, 2], gap="large")
    with wide:
        drawn = pictured(row, course, opened, link)
        draw(drawn)
    with narrow:
        told = cells(row, bare=True)
        entries = [(label, value, "") for label, value in told.items() if label not in (_("目标"), _("状态"))]
        if row["reason"]:
            entries.insert(0, (_("原因"), ledger_status.lacking(row), ledger_status.meanwhile(row)))
        layout.numbers([entry for entry in entries if entry[1] != "—"])
        if said := explained([row]):
            st.caption(said)
    chain.show(graph, f"target:{row['target_id']}", opened.address)
    return heading, drawn
