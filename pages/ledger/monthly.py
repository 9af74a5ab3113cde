"""The page of monthly dispatch: the meeting in its order, each target against plan and last year; one target."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

import polars as pl
import streamlit as st

from data.states import codes
from pages.charts import ledger, pictures
from pages.ledger import chain, circular, opening, preplan
from pages.ui import device, downloads, filters, layout, tables
from pages.wording import figures, ledger_status, plain_text, target_status
from pages.wording.language import _, join_items, join_sentences, lang, localize_name
from queries.export import formats
from queries.ledger import monthly as dispatch

Row = dict[str, Any]
MAX_TARGET_CHARTS = 3  # of the worst, on the page and in the circular
MAX_AGENDA_LINES = 40  # lines of one point of the agenda
FIRST_PERIOD_LAST_MONTH = 2  # the month with which the first period of a year ends
SMALL_GAP = 0.1  # percentage points of a gap below which it is told with two decimals
YEAR_MEETING_DAY = 31  # day of January by which the meeting about a whole year has been held


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


def make_agenda(aims: pl.DataFrame, opened: opening.LedgerView) -> Agenda:
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
        return _("{month}：{n} 项目标，都还不能评估", month=format_meeting_period(aims, asof), n=aims.height)
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


def show_no_targets(top: Any, opened: Any, others: pl.DataFrame) -> NoReturn:
    """Show that no target is of the meeting's year, and where those of other years are; stop the page."""
    with top:
        layout.show_head(opened.eyebrow, _("{year}没有目标", year=figures.format_period(opened.asof.year)), "")
    show_other_years(others, opened)
    layout.stop_page()


def show_other_years(others: pl.DataFrame, opened: Any) -> None:
    """Show one closed line for targets of other years, with links to them.

    Targets published for the park link to the board; those that the ledger set, to the last meeting of their year.
    others: one row per year, from queries.ledger.meeting.
    """
    if others.is_empty():
        return
    with st.expander(
        _("其他年度的目标 {n} 项，不在本次会议之内", n=others["targets"].sum()), icon=":material/history:"
    ):
        for row in others.iter_rows(named=True):
            label = _("{year}：{n} 项目标", year=figures.format_period(row["year"]), n=row["targets"])
            if row["printed"]:
                to = {"lang": lang(), "park": opened.park, "year": str(row["year"])}
                st.page_link("overview.py", label=label, icon=":material/arrow_forward:", query_params=to)
            elif row["year"] < opened.asof.year:
                to = opened.address | {"asof": date(row["year"] + 1, 1, YEAR_MEETING_DAY).isoformat()}
                st.page_link("monthly.py", label=label, icon=":material/arrow_forward:", query_params=to)
            else:
                st.markdown(label)


def describe_monthly_details(agenda: Agenda) -> str:
    """Return the numbers behind the title: the targets furthest behind, late follow-ups, missing returns."""
    parts = []
    for row in agenda.far.head(2).iter_rows(named=True):
        parts.append(
            _(
                "**{indicator}**{standing}。", indicator=plain_text.escape_for_bold(localize_name(row, "indicator")),
                standing=plain_text.escape_markdown(describe_target_progress(row)),
            )
        )  # fmt: skip
    late = agenda.carried.filter(pl.col("state") == "late").height
    if late:
        parts.append(_("会议交办的事有 {n} 件超期未办。", n=late))
    if agenda.missing.height:
        parts.append(_("{n} 项目标缺最近一月的数。", n=agenda.missing.height))
    return join_sentences(parts)


def choose_monthly_targets(aims: pl.DataFrame) -> pl.DataFrame:
    """Show the filters (theme, status, department); return the targets chosen."""
    with filters.make_filter_area():
        one, two, three = st.columns(3, gap="medium")
        with one:
            of_theme = filters.choose_several(
                st.pills, "monthly_theme", "theme", _("方面"), figures.label_themes(), [], selection_mode="multi"
            )
        with two:
            present = [status for status in codes("target") if status in aims["status"].to_list()]
            options = {status: target_status.label_state_for_choice(status) for status in present}
            wanted = filters.choose_several(
                st.pills, "monthly_status", "status", _("状态"), options, [], selection_mode="multi"
            )
        with three:
            owners = filters.choose_several(
                st.multiselect, "monthly_department", "department", _("责任部门"),
                preplan.make_name_options(aims, "department"), [], placeholder=_("全部部门"), select_all=False,
            )  # fmt: skip
    for column, chosen in (("theme", of_theme), ("status", wanted), ("department_id", owners)):
        aims = aims.filter(pl.col(column).is_in(chosen)) if chosen else aims
    return aims


def show_agenda(agenda: Agenda) -> None:
    """Show the agenda: follow-ups, far behind, behind, changed status, due next, missing, not judged."""
    for number, (heading, lines) in enumerate(describe_agenda(agenda), 1):
        st.markdown(f"**{number}. {heading}**\n\n" + ("\n".join(f"- {line}" for line in lines) or _("没有。")))


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
        _(
            "{indicator}：缺 {month}",
            indicator=text(label_target_and_department(row)),
            month=figures.format_period(row["lacks"]),
        )
        + (_("，最近的是 {month}", month=format_data_period(row)) if row["month"] else _("，一次也没有报过"))
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


def describe_unjudged_target(row: Row) -> str:
    """Return why a target cannot be judged, and what can be said of it meanwhile."""
    said = ledger_status.describe_known_progress(row)
    return ledger_status.describe_unjudged_reason(row) + (_("；{said}", said=said) if said else "")


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


def make_target_cells(row: Row, *, running: bool = True, bare: bool = False) -> Row:
    """Return one target against its plan and the year before, in words, by column heading.

    The circular prints the same.
    running: whether months are left, for which there is something to extrapolate; bare: as text, for a document.
    """
    growth, need = row["growth_of_month"], row["needed_growth"]
    loose: Callable[[str], str] = str if bare else tables.format_breakable
    light = (
        target_status.label_status(row["status"])
        if bare
        else tables.MarkdownCell(tables.format_unbroken(target_status.label_status_with_mark(row), markdown=True))
    )
    last = format_exact_amount(row, row["last"]) + (
        "" if growth is None else f" {ledger_status.format_signed_growth(growth)}%"
    )
    way = describe_stock_change(row)
    told = {
        _("目标"): f"{localize_name(row, 'indicator')} {figures.describe_target_value(row)}",
        _("状态"): light,
        _("累计完成"): loose(format_exact_amount(row, row["actual"]) + (_("，{way}", way=way) if way else "")),
        _("月计划"): loose(format_exact_amount(row, row["plan"])),
        _("上年同期与同比"): loose(last),
        _("完成率"): target_status.format_completion(row),
        _("差距"): loose(describe_monthly_gap(row)),
    }
    ahead = {
        _("外推全年"): loose(target_status.format_level(row, row["outlook"])) if row["outlook"] else "—",
        _("余月须增长"): "—" if need is None else ledger_status.format_signed_growth(need) + "%",
    }
    return told | ahead if running else told


def has_months_left(aims: pl.DataFrame) -> bool:
    """Return whether any target has months left."""
    return bool(aims["outlook"].is_not_null().any())


def describe_target_columns(rows: list[Row]) -> str:
    """Return what the columns of targets mean: only of those that apply to the rows."""
    told = [row for row in rows if row["gap_points"] is not None]
    parts = []
    if any(not is_growth_gap(row) and row["over"] for row in told):
        parts.append(_("年度已过的，完成率的差距为完成率减100%。"))
    if any(not is_growth_gap(row) and not row["over"] for row in told):
        parts.append(_("完成率的差距为完成率减计划进度。"))
    if any(is_growth_gap(row) for row in told):
        parts.append(_("增速的差距为增速减目标。"))
    if any(describe_stock_change(row) for row in rows):
        parts.append(_("存量从上年末起算，完成率为已走的路占要走的路。"))
    if any(row["outlook"] is not None for row in rows):
        parts.append(_("外推为照现在的进度推到年底，不是预测；余月须增长是与上年同月相比。"))
    if any(row["month"] == FIRST_PERIOD_LAST_MONTH for row in rows):
        parts.append(_("1—2月合为一期。"))
    return join_sentences(parts)


def show_monthly_targets(aims: pl.DataFrame, opened: Any) -> None:
    """Show every target with its month; each links to its own view."""
    st.subheader(_("各项目标"), anchor=False)
    running = has_months_left(aims)
    right = [_("累计完成"), _("月计划"), _("上年同期与同比"), _("完成率")]
    right += [_("外推全年"), _("余月须增长")] if running else []

    def with_link(row: Row) -> Row:
        said = f"{localize_name(row, 'indicator')} {figures.describe_target_value(row)}"
        return make_target_cells(row, running=running) | {
            _("目标"): chain.make_link_cell(opened, "target", row["target_id"], said)
        }

    tables.show_table("monthly_aims", aims, with_link, tuple(right))
    preplan.show_detail_picker("monthly", "target", _("打开一项目标"), aims, "target_id", "indicator")
    if said := describe_target_columns(aims.to_dicts()):
        st.caption(said)


def make_agenda_pictures(agenda: Agenda, course: Any, opened: Any, link: str) -> list[pictures.Picture]:
    """Return pictures of the worst targets through their year, for the page and the circular.

    At most MAX_TARGET_CHARTS: of those behind, or of all where none is.
    course: the function that gives the points of one target, from queries.ledger.monthly.
    """
    short_of = pl.concat([agenda.far, agenda.behind])
    worst = short_of if short_of.height else agenda.aims
    return [
        each
        for row in worst.head(MAX_TARGET_CHARTS).iter_rows(named=True)
        for each in make_course_pictures(row, course, opened, link)
    ]


def make_course_pictures(row: Row, course: Any, opened: Any, link: str) -> list[pictures.Picture]:
    """Return the picture of one target, as a list; empty before its second month, or without a unit."""
    points = course(opened.ledger, row["target_id"], opened.asof, opened.rule, lang())
    if points.filter(pl.col("kind") == "actual").height < 2 or row["level_unit_id"] is None:
        return []
    return [make_target_picture(row, points, opened, link)]


def make_target_picture(row: Row, points: pl.DataFrame, opened: Any, link: str) -> pictures.Picture:
    """Return one target through its year, with what a picture of it needs."""
    unit = row["level_unit_zh"] if lang() == "zh" else row["level_unit_scaled_en"]
    scale = figures.get_unit_scale(row, "level_unit_")
    data, spec = ledger.draw_target_course(points, unit, scale, device.get_palette(), sample=opened.sample)
    source = f"{row['source_title']}, {figures.format_date(opened.asof.isoformat())}"
    return pictures.Picture(f"{row['target_id']} {localize_name(row, 'indicator')}", data, spec, source, link)


def show_target_charts(drawn: list[pictures.Picture]) -> None:
    """Show the pictures, each under its title."""
    for each in drawn:
        layout.show_picture(each.title, each, each.title)


def show_meeting_documents(
    agenda: Agenda, drawn: list[pictures.Picture], opened: Any, link: str, meetings: list[date]
) -> None:
    """Show the downloads of the circular (Word and Excel), and links to the meetings that can be reopened."""
    with st.container(horizontal=True):
        place = opened.names["park_zh" if lang() == "zh" else "park_en"]
        head = circular.CircularHeader(
            place, format_meeting_period(agenda.aims, opened.asof), opened.asof, opened.sample, link
        )
        mark = "sample-" if opened.sample else ""
        downloads.show_download_button(
            _("通报（Word）"),
            lambda: circular.build_circular(
                head,
                describe_monthly_title(agenda.aims, opened.asof),
                describe_agenda(agenda, plain=True),
                make_circular_rows(agenda.aims),
                drawn,
                describe_target_columns(agenda.aims.to_dicts()),
            ),
            f"park-{mark}circular-{opened.asof.isoformat()}-{agenda.aims['data_version'][0]}.docx",
            "docx",
            "monthly_circular",
        )
        language = lang()
        downloads.show_download_button(
            _("通报表（Excel）"),
            lambda: formats.as_file(agenda.aims, "xlsx", language),
            f"park-{mark}circular-{opened.asof.isoformat()}-{agenda.aims['data_version'][0]}.xlsx",
            "xlsx",
            "monthly_circular_table",
        )
        with downloads.show_popover(_("往次会议"), "history", "monthly_meetings") as wanted:
            if wanted:
                for day in meetings:
                    to = opened.address | {"asof": day.isoformat()}
                    st.page_link("monthly.py", label=figures.format_date(day.isoformat()), query_params=to)
                if not meetings:
                    st.caption(_("台账里没有记过会议。"))


def make_circular_rows(aims: pl.DataFrame) -> list[dict[str, str]]:
    """Return the table of the circular: that of the page, without marks."""
    running = has_months_left(aims)
    return [make_target_cells(row, running=running, bare=True) for row in aims.iter_rows(named=True)]


def show_monthly_target(
    top: Any, row: Row, course: Any, graph: Any, opened: Any, link: str
) -> tuple[str, list[pictures.Picture]]:
    """Show one target: state, its year, and its chain. Return its title and pictures.

    course: the function that gives its points, from queries.ledger.monthly.
    """
    heading = _(
        "{indicator}：{state}",
        indicator=localize_name(row, "indicator"),
        state=target_status.label_status(row["status"]),
    )
    asked_for = [
        figures.describe_target_value(row),
        *([localize_name(row, "department")] if row["department_id"] else []),
    ]
    with top:
        preplan.show_back_to_list("monthly", opened)
        layout.show_head(
            [*opened.eyebrow, row["target_id"]], heading, plain_text.escape_markdown(join_items(asked_for))
        )
    wide, narrow = st.columns([3, 2], gap="large")
    with wide:
        drawn = make_course_pictures(row, course, opened, link)
        show_target_charts(drawn)
    with narrow:
        told = make_target_cells(row, bare=True)
        entries = [(label, value, "") for label, value in told.items() if label not in (_("目标"), _("状态"))]
        if row["reason"]:
            entries.insert(
                0, (_("原因"), ledger_status.describe_unjudged_reason(row), ledger_status.describe_known_progress(row))
            )
        layout.show_key_numbers([entry for entry in entries if entry[1] != "—"])
        if said := describe_target_columns([row]):
            st.caption(said)
    chain.show_chain(graph, f"target:{row['target_id']}", opened.address)
    return heading, drawn
