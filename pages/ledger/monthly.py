"""The page of monthly dispatch: the meeting in its order, each target against plan and last year; one target."""

from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.states import codes
from pages.charts import ledger, pictures
from pages.ledger import agenda, chain, circular, listing
from pages.ledger.opening import LedgerView
from pages.ui import cell_text, device, downloads, layout, tables
from pages.wording import figures, ledger_status, plain_text, target_status
from pages.wording.language import _, join_items, join_sentences, lang, localize_name
from queries.export import formats
from queries.ledger import monthly as dispatch
from queries.ledger.chain import ChainGraph

Row = dict[str, Any]
MAX_TARGET_CHARTS = 3  # of the worst, on the page and in the circular
YEAR_MEETING_DAY = 31  # day of January by which the meeting about a whole year has been held


def show_no_targets(top: DeltaGenerator, opened: LedgerView, others: pl.DataFrame) -> NoReturn:
    """Show that no target is of the meeting's year, and where those of other years are; stop the page."""
    with top:
        layout.show_head(opened.eyebrow, _("{year}没有目标", year=figures.format_period(opened.asof.year)), "")
    show_other_years(others, opened)
    layout.stop_page()


def show_other_years(others: pl.DataFrame, opened: LedgerView) -> None:
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


def choose_monthly_targets(aims: pl.DataFrame) -> pl.DataFrame:
    """Show the filters (theme, status, department); return the targets chosen."""
    held = set(aims["status"])
    states = {status: target_status.label_state_for_choice(status) for status in codes("target") if status in held}
    return listing.choose_rows(
        "monthly", aims,
        listing.ListFilter("theme", _("方面"), figures.label_themes(), "theme"),
        listing.ListFilter("status", _("状态"), states, "status"),
        listing.make_department_filter(aims, _("责任部门")),
    )  # fmt: skip


def show_agenda(meeting: agenda.Agenda) -> None:
    """Show the agenda: follow-ups, far behind, behind, changed status, due next, missing, not judged."""
    for number, (heading, lines) in enumerate(agenda.describe_agenda(meeting), 1):
        st.markdown(f"**{number}. {heading}**\n\n" + ("\n".join(f"- {line}" for line in lines) or _("没有。")))


def show_monthly_targets(aims: pl.DataFrame, opened: LedgerView) -> None:
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
    listing.show_detail_picker("monthly", "target", _("打开一项目标"), aims, "target_id", "indicator")
    if said := describe_target_columns(aims.to_dicts()):
        st.caption(said)


def make_agenda_pictures(meeting: agenda.Agenda, opened: LedgerView, link: str) -> list[pictures.Picture]:
    """Return pictures of the worst targets through their year, for the page and the circular.

    At most MAX_TARGET_CHARTS: of those behind, or of all where none is.
    """
    short_of = pl.concat([meeting.far, meeting.behind])
    worst = short_of if short_of.height else meeting.aims
    return [
        each
        for row in worst.head(MAX_TARGET_CHARTS).iter_rows(named=True)
        for each in make_course_pictures(row, opened, link)
    ]


def make_course_pictures(row: Row, opened: LedgerView, link: str) -> list[pictures.Picture]:
    """Return the picture of one target, as a list; empty before its second month, or without a unit."""
    points = dispatch.get_target_course(opened.ledger, row["target_id"], opened.asof, opened.rule, lang())
    if points.filter(pl.col("kind") == "actual").height < 2 or row["level_unit_id"] is None:
        return []
    return [make_target_picture(row, points, opened, link)]


def make_target_picture(row: Row, points: pl.DataFrame, opened: LedgerView, link: str) -> pictures.Picture:
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
    meeting: agenda.Agenda, drawn: list[pictures.Picture], opened: LedgerView, link: str, meetings: list[date]
) -> None:
    """Show the downloads of the circular (Word and Excel), and links to the meetings that can be reopened."""
    with st.container(horizontal=True):
        place = opened.names["park_zh" if lang() == "zh" else "park_en"]
        head = circular.CircularHeader(
            place, agenda.format_meeting_period(meeting.aims, opened.asof), opened.asof, opened.sample, link
        )
        mark = "sample-" if opened.sample else ""
        downloads.show_download_button(
            _("通报（Word）"),
            lambda: circular.build_circular(
                head,
                agenda.describe_monthly_title(meeting.aims, opened.asof),
                agenda.describe_agenda(meeting, plain=True),
                make_circular_rows(meeting.aims),
                drawn,
                describe_target_columns(meeting.aims.to_dicts()),
            ),
            f"park-{mark}circular-{opened.asof.isoformat()}-{meeting.aims['data_version'][0]}.docx",
            "docx",
            "monthly_circular",
        )
        language = lang()
        downloads.show_download_button(
            _("通报表（Excel）"),
            lambda: formats.as_file(meeting.aims, "xlsx", language),
            f"park-{mark}circular-{opened.asof.isoformat()}-{meeting.aims['data_version'][0]}.xlsx",
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


def show_monthly_target(
    top: DeltaGenerator, row: Row, graph: ChainGraph, opened: LedgerView, link: str
) -> tuple[str, list[pictures.Picture]]:
    """Show one target: state, its year, and its chain. Return its title and pictures."""
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
        listing.show_back_to_list("monthly", opened)
        layout.show_head(
            [*opened.eyebrow, row["target_id"]], heading, plain_text.escape_markdown(join_items(asked_for))
        )
    wide, narrow = st.columns([3, 2], gap="large")
    with wide:
        drawn = make_course_pictures(row, opened, link)
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


def make_target_cells(row: Row, *, running: bool = True, bare: bool = False) -> Row:
    """Return one target against its plan and the year before, in words, by column heading.

    The circular prints the same.
    running: whether months are left, for which there is something to extrapolate; bare: as text, for a document.
    """
    growth, need = row["growth_of_month"], row["needed_growth"]
    loose: Callable[[str], str] = str if bare else cell_text.format_breakable
    light = (
        target_status.label_status(row["status"])
        if bare
        else cell_text.MarkdownCell(cell_text.format_unbroken(target_status.label_status_with_mark(row), markdown=True))
    )
    last = agenda.format_exact_amount(row, row["last"]) + (
        "" if growth is None else f" {ledger_status.format_signed_growth(growth)}%"
    )
    way = agenda.describe_stock_change(row)
    reached = agenda.format_exact_amount(row, row["actual"])
    told = {
        _("目标"): f"{localize_name(row, 'indicator')} {figures.describe_target_value(row)}",
        _("状态"): light,
        _("累计完成"): loose(_("{reached}，{way}", reached=reached, way=way) if way else reached),
        _("月计划"): loose(agenda.format_exact_amount(row, row["plan"])),
        _("上年同期与同比"): loose(last),
        _("完成率"): target_status.format_completion(row),
        _("差距"): loose(agenda.describe_monthly_gap(row)),
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
    if any(not agenda.is_growth_gap(row) and row["over"] for row in told):
        parts.append(_("年度已过的，完成率的差距为完成率减100%。"))
    if any(not agenda.is_growth_gap(row) and not row["over"] for row in told):
        parts.append(_("完成率的差距为完成率减计划进度。"))
    if any(agenda.is_growth_gap(row) for row in told):
        parts.append(_("增速的差距为增速减目标。"))
    if any(agenda.describe_stock_change(row) for row in rows):
        parts.append(_("存量从上年末起算，完成率为已走的路占要走的路。"))
    if any(row["outlook"] is not None for row in rows):
        parts.append(_("外推为照现在的进度推到年底，不是预测；余月须增长是与上年同月相比。"))
    if any(row["month"] == agenda.FIRST_PERIOD_LAST_MONTH for row in rows):
        parts.append(_("1—2月合为一期。"))
    return join_sentences(parts)


def make_circular_rows(aims: pl.DataFrame) -> list[dict[str, str]]:
    """Return the table of the circular: that of the page, without marks."""
    running = has_months_left(aims)
    return [make_target_cells(row, running=running, bare=True) for row in aims.iter_rows(named=True)]
