"""The page of pre-arrange and cross off: title, counts, list, timeline, what has no match; one task."""

from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.states import codes, urgency
from pages.charts import ledger, pictures
from pages.ledger import chain, listing
from pages.ledger.opening import LedgerView
from pages.ui import cell_text, device, downloads, filters, layout, tables
from pages.wording import figures, ledger_status, plain_text, target_status
from pages.wording.language import _, join_items, join_sentences, localize_name
from queries.ledger.chain import ChainGraph
from queries.ledger.preplan import count_tasks

Row = dict[str, Any]
MAX_TASK_LINES, MAX_TASK_LINES_PHONE = 20, 8  # lines of the timeline, on a phone


def describe_preplan_title(rows: pl.DataFrame) -> str:
    """Return the title of the page: how many tasks there are, how many are crossed off, how many overdue."""
    count = dict(rows["state"].value_counts().iter_rows())
    done = count.get("crossed_off", 0) + count.get("crossed_off_late", 0)
    late = count.get("overdue", 0)
    if late:
        return _("{n} 项任务，已消号 {done} 项，逾期 {late} 项", n=rows.height, done=done, late=late)
    return _("{n} 项任务，已消号 {done} 项，没有逾期", n=rows.height, done=done)


def describe_preplan_details(rows: pl.DataFrame, bare: pl.DataFrame, lost: pl.DataFrame) -> str:
    """Return the numbers behind the title: longest overdue, crossed off late, targets and tasks without a match.

    bare: targets without an open task; lost: tasks that serve nothing.
    """
    count = dict(rows["state"].value_counts().iter_rows())
    worst = rows.filter(pl.col("state") == "overdue").sort("overdue_days", descending=True)
    parts = []
    if worst.height:
        first = worst.row(0, named=True)
        parts.append(
            _(
                "最久的是 {task}，已逾期 **{n} 天**。",
                task=plain_text.format_bold(localize_name(first, "title")),
                n=first["overdue_days"],
            )
        )
    if count.get("crossed_off_late"):
        parts.append(_("消号的任务里有 {n} 项是逾期后补上的，一直记着。", n=count["crossed_off_late"]))
    if bare.height:
        parts.append(_("{n} 项目标没有在办任务（已完成的不算）。", n=bare.height))
    if lost.height:
        parts.append(_("{n} 项任务不对应任何目标或承诺。", n=lost.height))
    return join_sentences(parts)


def show_task_counts(rows: pl.DataFrame) -> None:
    """Show how many tasks are in each state, worst first."""
    count = dict(rows["state"].value_counts().iter_rows())
    entries = [
        (target_status.label_state_for_choice(state, "task"), str(count[state]), "")
        for state in codes("task")
        if state in count
    ]
    layout.show_key_numbers(entries)


def choose_tasks(rows: pl.DataFrame) -> pl.DataFrame:
    """Show the filters (state, theme, department, and the target or commitment served); return the tasks chosen."""
    held = set(rows["state"].unique())
    states = {state: target_status.label_state_for_choice(state, "task") for state in codes("task") if state in held}
    served = {code: f"{code} {called}" for code, called in listing.make_name_options(rows, "aim").items()}
    return listing.choose_rows(
        "preplan", rows,
        listing.ListFilter("state", _("状态"), states, "state"),
        listing.ListFilter("theme", _("方面"), figures.label_themes(), "theme"),
        listing.make_department_filter(rows, _("承办部门")),
        listing.ListFilter("aim", _("对应目标或承诺"), served, "aim_id", _("全部")),
        widths=(4, 3, 3, 3),
    )  # fmt: skip


def sort_tasks(rows: pl.DataFrame) -> pl.DataFrame:
    """Sort tasks by state, worst first, then by the day they are due."""
    place = pl.col("state").replace_strict(urgency("task"), return_dtype=pl.Int8)
    return rows.sort(place, "due", maintain_order=True)


def show_burn_down(rows: pl.DataFrame, burned: pl.DataFrame, opened: LedgerView, link: str) -> list[pictures.Picture]:
    """Show the burn-down next to the counts; return its picture.

    burned: the points of the burn-down; fewer than two give no chart.
    """
    left, right = st.columns([3, 2], gap="large")
    drawn = []
    with left:
        if burned.height > 1:
            heading = _("还剩多少没有消号")
            picture = listing.show_ledger_chart(
                "preplan", ledger.draw_burndown(burned, device.get_palette(), sample=opened.sample), heading, rows, link
            )
            drawn.append(picture)
    with right:
        st.subheader(_("{n} 项任务", n=rows.height), anchor=False)
        show_task_counts(rows)
    return drawn


def show_task_timeline(rows: pl.DataFrame, opened: LedgerView, link: str) -> list[pictures.Picture]:
    """Show the first tasks of the list over time; return the picture."""
    most = device.fit_to_screen(MAX_TASK_LINES, MAX_TASK_LINES_PHONE)
    shown = rows.head(most)
    heading = _("时间线：前 {n} 项", n=shown.height) if rows.height > most else _("时间线")
    drawn = ledger.draw_timeline(ledger.make_task_lines(shown), opened.asof, device.get_palette(), sample=opened.sample)
    picture = listing.show_ledger_chart("preplan", drawn, heading, rows, link)
    st.caption(
        _("浅色为计划起止，深色为已用时间，竖线为时限，虚线为{day}。", day=figures.format_date(opened.asof.isoformat()))
    )
    return [picture]


def show_task_table(rows: pl.DataFrame, opened: LedgerView) -> None:
    """Show every task, worst first; each links to its own view."""

    def cells(row: Row) -> Row:
        return {
            _("任务"): chain.make_link_cell(
                opened, "task", row["task_id"], f"{row['task_id']} {localize_name(row, 'title')}"
            ),
            _("状态"): cell_text.MarkdownCell(
                cell_text.format_unbroken(ledger_status.label_task_state(row), markdown=True)
            ),
            _("对应"): f"{row['aim_id']} {localize_name(row, 'aim')}" if row["aim_id"] else _("无"),
            _("承办与领导"): join_items(
                [part for part in (localize_name(row, "department"), localize_name(row, "leader")) if part]
            ),
            _("时限"): cell_text.UnbrokenCell(figures.format_date(row["due"].isoformat())),
        }

    tables.show_table("preplan_tasks", rows, cells)


def show_task_list(rows: pl.DataFrame, opened: LedgerView) -> None:
    """Show all tasks as a table, then counted by group, and the box that opens one."""
    st.subheader(_("任务清单"), anchor=False)
    show_task_table(rows, opened)
    st.subheader(_("谁的任务，怎么样"), anchor=False)
    show_task_groups(rows)
    listing.show_detail_picker("preplan", "task", _("打开一项任务"), rows, "task_id", "title")


def show_task_groups(rows: pl.DataFrame) -> None:
    """Show how many tasks are in each state by department, theme or leader, as the reader chooses."""
    options = {"department": _("承办部门"), "theme": _("方面"), "leader": _("责任领导")}
    by = filters.choose_pill("preplan_by", "by", _("分组"), options, "department")
    key = "theme" if by == "theme" else f"{by}_id"
    called = (
        {code: figures.label_theme(code) for code in rows["theme"].unique()}
        if by == "theme"
        else listing.make_name_options(rows, by)
    )
    counts = count_tasks(rows, key)
    shown = []
    held = set(counts["state"].unique())
    present = [state for state in codes("task") if state in held]
    of_groups: dict[str, dict[str, int]] = {}
    for code, state, tasks in counts.iter_rows():
        of_groups.setdefault(code, {})[state] = tasks
    for code, label in called.items():
        of_group = of_groups[code]
        cells = {options[by]: label}
        shown.append(
            cells
            | {_("合计"): str(sum(of_group.values()))}
            | {ledger_status.label_state(state): str(of_group.get(state, "")) for state in present}
        )
    if shown:
        tables.show_whole_table(shown, right=(_("合计"), *(ledger_status.label_state(state) for state in present)))


def show_task_mismatches(bare: pl.DataFrame, lost: pl.DataFrame, unmoved: pl.DataFrame) -> None:
    """Show targets without an open task, tasks that serve nothing, and tasks crossed off without narrowing a gap.

    bare, lost, unmoved: their rows, in this order.
    """
    st.subheader(_("对不上的"), anchor=False)
    if bare.is_empty() and lost.is_empty() and unmoved.is_empty():
        st.caption(_("每项目标都有在办任务（已完成的不算），每项任务都有对应的目标或承诺。"))
        return
    if bare.height:
        st.markdown("**" + _("没有在办任务的目标 {n} 项（已完成的不算）", n=bare.height) + "**")
        st.markdown(
            "\n".join(
                f"- {chain.label_code_and_name(row, 'target_id', 'indicator')}　"
                f"{target_status.label_status_with_mark(row)}"
                for row in bare.iter_rows(named=True)
            )
        )
        downloads.show_extra_downloads("preplan", "without-task", bare)
    if lost.height:
        st.markdown("**" + _("不对应任何目标或承诺的任务 {n} 项", n=lost.height) + "**")
        st.markdown(
            "\n".join(
                f"- {chain.label_code_and_name(row, 'task_id', 'title')}"
                for row in lost.head(MAX_TASK_LINES).iter_rows(named=True)
            )
        )
    if unmoved.height:
        st.markdown("**" + _("消了号、目标差距没有缩小的任务 {n} 项", n=unmoved.height) + "**")
        lines = [
            _(
                "{task}：{aim}的差距从 {then} 到 {now} 个百分点",
                task=chain.label_code_and_name(row, "task_id", "title"),
                aim=plain_text.escape_markdown(localize_name(row, "aim")),
                then=target_status.format_gap_points({"gap_points": row["gap_then"]}),
                now=target_status.format_gap_points({"gap_points": row["gap_now"]}),
            )
            for row in unmoved.head(MAX_TASK_LINES).iter_rows(named=True)
        ]
        st.markdown("\n".join(f"- {line}" for line in lines))
        st.caption(_("按任务完成当月与最近一月的差距比较；差距没有缩小，不等于任务没有用。"))
        downloads.show_extra_downloads("preplan", "unmoved", unmoved)


def show_task(top: DeltaGenerator, row: Row, steps: pl.DataFrame, graph: ChainGraph, opened: LedgerView) -> str:
    """Show one task: state, days, steps, and its chain. Return its title."""
    heading = _(
        "{task}：{state}", task=localize_name(row, "title"), state=ledger_status.label_task_state(row).split(" ", 1)[-1]
    )
    said = [_("{department}承办", department=localize_name(row, "department"))]
    said += [_("{leader}负责", leader=localize_name(row, "leader"))] if row["leader_id"] else []
    with top:
        listing.show_back_to_list("preplan", opened)
        layout.show_head([*opened.eyebrow, row["task_id"]], heading, plain_text.escape_markdown(join_items(said)))
    days = [
        (_("下达"), row["assigned"]), (_("计划开始"), row["start"]), (_("时限"), row["due"]),
        (_("报完"), row["finished"]), (_("验收"), row["assessed"]), (_("曾退回"), row["returned"]),
    ]  # fmt: skip
    entries = [(label, figures.format_date(day.isoformat()), "") for label, day in days if day]
    entries += [(_("佐证材料"), row["proof"], "")] if row["proof"] else []
    layout.show_key_numbers(entries, columns=4)
    if steps.height:
        st.subheader(_("节点"), anchor=False)
        tables.show_whole_table(
            [
                {
                    _("节点"): f"{step['number']} {localize_name(step, 'title')}",
                    _("占比"): f"{step['share']:g}%" if step["share"] is not None else "—",
                    _("时限"): figures.format_date(step["due"].isoformat()),
                    _("完成"): figures.format_date(step["done"].isoformat()) if step["done"] else "—",
                }
                for step in steps.iter_rows(named=True)
            ]
        )
    chain.show_chain(graph, f"task:{row['task_id']}", opened.address)
    return heading
