"""The page of pre-arrange and cross off: title, numbers, the list, the timeline, what no task answers for; one task."""

from typing import Any

import polars as pl
import streamlit as st

from data.states import codes, urgency
from pages.charts import ledger, pictures
from pages.ledger import chain
from pages.ui import device, downloads, filters, layout, tables
from pages.wording import figures, ledger_status, plain_text, target_status
from pages.wording.language import _, listed, name, sentences

Row = dict[str, Any]
DRAWN, SMALL = 20, 8  # lines of the timeline, on a phone
PICKED = 300  # to open one of them; a longer list would be sent anew with every run


def title(rows: pl.DataFrame) -> str:
    """The answer."""
    count = dict(rows["state"].value_counts().iter_rows())
    done = count.get("crossed_off", 0) + count.get("crossed_off_late", 0)
    late = count.get("overdue", 0)
    said = _("{n} 项任务，已消号 {done} 项", n=rows.height, done=done)
    return said + (_("，逾期 {n} 项", n=late) if late else _("，没有逾期"))


def paragraph(rows: pl.DataFrame, bare: pl.DataFrame, lost: pl.DataFrame) -> str:
    """The numbers behind it. bare: targets without an open task; lost: tasks that serve nothing."""
    count = dict(rows["state"].value_counts().iter_rows())
    worst = rows.filter(pl.col("state") == "overdue").sort("overdue_days", descending=True)
    parts = []
    if worst.height:
        first = worst.row(0, named=True)
        parts.append(
            _(
                "最久的是 **{task}**，已逾期 **{n} 天**。",
                task=plain_text.within_bold(name(first, "title")),
                n=first["overdue_days"],
            )
        )
    if count.get("crossed_off_late"):
        parts.append(_("消号的任务里有 {n} 项是逾期后补上的，一直记着。", n=count["crossed_off_late"]))
    if bare.height:
        parts.append(_("{n} 项目标没有在办任务（已完成的不算）。", n=bare.height))
    if lost.height:
        parts.append(_("{n} 项任务不对应任何目标或承诺。", n=lost.height))
    return sentences(parts)


def numbers(rows: pl.DataFrame) -> None:
    """How many tasks stand how, worst first."""
    count = dict(rows["state"].value_counts().iter_rows())
    entries = [
        (target_status.called(state, "task"), str(count[state]), "") for state in codes("task") if state in count
    ]
    layout.numbers(entries)


def asked(rows: pl.DataFrame) -> pl.DataFrame:
    """The filters: state, theme, department, leader, and what a task serves."""
    with filters.fold():
        one, two, three, four = st.columns([4, 3, 3, 3], gap="medium")
        with one:
            held = set(rows["state"].unique())
            present = [state for state in codes("task") if state in held]
            options = {state: target_status.called(state, "task") for state in present}
            wanted = _pills("state", _("状态"), options)
        with two:
            of_theme = _pills("theme", _("方面"), figures.themes())
        with three:
            departments = choices(rows, "department")
            owners = filters.several(
                st.multiselect, "preplan_department", "department", _("承办部门"), departments, [],
                placeholder=_("全部部门"), select_all=False,
            )  # fmt: skip
        with four:
            served = {code: f"{code} {called}" for code, called in choices(rows, "aim").items()}
            aims = filters.several(
                st.multiselect, "preplan_aim", "aim", _("对应目标或承诺"), served, [], placeholder=_("全部"),
                select_all=False,
            )  # fmt: skip
    for column, chosen in (("state", wanted), ("theme", of_theme), ("department_id", owners), ("aim_id", aims)):
        rows = rows.filter(pl.col(column).is_in(chosen)) if chosen else rows
    return rows


def _pills(parameter: str, label: str, options: dict[str, str]) -> list[str]:
    return filters.several(st.pills, f"preplan_{parameter}", parameter, label, options, [], selection_mode="multi")


def choices(rows: pl.DataFrame, kind: str) -> dict[str, str]:
    """Codes of departments or leaders in the rows, and what each is called."""
    code = f"{kind}_id"
    known = rows.select(code, f"{kind}_zh", f"{kind}_en").filter(pl.col(code).is_not_null()).unique(code).sort(code)
    return {row[code]: name(row, kind) for row in known.iter_rows(named=True)}


def ordered(rows: pl.DataFrame) -> pl.DataFrame:
    """The worst first, then by the day they are due."""
    place = pl.col("state").replace_strict(urgency("task"), return_dtype=pl.Int8)
    return rows.sort(place, "due", maintain_order=True)


def draw(rows: pl.DataFrame, burned: pl.DataFrame, opened: Any, link: str) -> list[pictures.Picture]:
    """The burn-down beside the counts."""
    left, right = st.columns([3, 2], gap="large")
    drawn = []
    with left:
        if burned.height > 1:
            heading = _("还剩多少没有消号")
            picture = charted(
                "preplan", ledger.burn_down(burned, device.palette(), sample=opened.sample), heading, rows, link
            )
            drawn.append(picture)
    with right:
        st.subheader(_("{n} 项任务", n=rows.height), anchor=False)
        numbers(rows)
    return drawn


def charted(page: str, drawn: ledger.Drawn, heading: str, rows: pl.DataFrame, link: str) -> pictures.Picture:
    """A chart of the ledger under its heading; returned is what a picture of it needs."""
    row = rows.row(0, named=True)
    source = f"{row['source_title']}, {figures.day(row['source_published'])}"
    return layout.drawn_under(heading, pictures.Picture(heading, *drawn, source, link), heading)


def timeline(rows: pl.DataFrame, opened: Any, link: str) -> list[pictures.Picture]:
    """The first tasks of the list over time."""
    most = device.fit(DRAWN, SMALL)
    shown = rows.head(most)
    heading = _("时间线：前 {n} 项", n=shown.height) if rows.height > most else _("时间线")
    drawn = ledger.timeline(ledger.task_lines(shown), opened.asof, device.palette(), sample=opened.sample)
    picture = charted("preplan", drawn, heading, rows, link)
    st.caption(_("浅色为计划起止，深色为已用时间，竖线为时限，虚线为{day}。", day=figures.day(opened.asof.isoformat())))
    return [picture]


def table(rows: pl.DataFrame, opened: Any) -> None:
    """Every task, worst first; each leads to its own view."""

    def cells(row: Row) -> Row:
        return {
            _("任务"): chain.linked(opened, "task", row["task_id"], f"{row['task_id']} {name(row, 'title')}"),
            _("状态"): tables.Rich(tables.joined(ledger_status.of_task(row), markdown=True)),
            _("对应"): f"{row['aim_id']} {name(row, 'aim')}" if row["aim_id"] else _("无"),
            _("承办与领导"): listed([part for part in (name(row, "department"), name(row, "leader")) if part]),
            _("时限"): figures.day(row["due"].isoformat()).replace(" ", tables.NO_BREAK),
        }

    tables.table("preplan_tasks", rows, cells)


def listing(rows: pl.DataFrame, counted: Any, opened: Any) -> None:
    """All tasks as a table, or counted by group."""
    st.subheader(_("任务清单"), anchor=False)
    table(rows, opened)
    st.subheader(_("谁的任务，怎么样"), anchor=False)
    groups(rows, counted)


def open_label() -> str:
    """Of the box that opens one task."""
    return _("打开一项任务")


def groups(rows: pl.DataFrame, counted: Any) -> None:
    """By theme, department or leader: how many stand how."""
    options = {"department": _("承办部门"), "theme": _("方面"), "leader": _("责任领导")}
    by = filters.single_pills("preplan_by", "by", _("分组"), options, "department")
    key = "theme" if by == "theme" else f"{by}_id"
    called = {code: figures.theme(code) for code in rows["theme"].unique()} if by == "theme" else choices(rows, by)
    counts = counted(rows, key)
    shown = []
    held = set(counts["state"].unique())
    present = [state for state in codes("task") if state in held]
    for code, label in called.items():
        of_group = dict(counts.filter(pl.col(key) == code).select("state", "tasks").iter_rows())
        cells = {options[by]: label}
        shown.append(
            cells
            | {_("合计"): str(sum(of_group.values()))}
            | {ledger_status.word(state): str(of_group.get(state, "")) for state in present}
        )
    if shown:
        tables.whole(shown, right=(_("合计"), *(ledger_status.word(state) for state in present)))


def gaps(bare: pl.DataFrame, lost: pl.DataFrame, unmoved: pl.DataFrame) -> None:
    """What no task answers for, what serves nothing, and what was crossed off and moved nothing."""
    st.subheader(_("对不上的"), anchor=False)
    if bare.is_empty() and lost.is_empty() and unmoved.is_empty():
        st.caption(_("每项目标都有在办任务（已完成的不算），每项任务都有对应的目标或承诺。"))
        return
    if bare.height:
        st.markdown("**" + _("没有在办任务的目标 {n} 项（已完成的不算）", n=bare.height) + "**")
        st.markdown(
            "\n".join(
                f"- {numbered(row, 'target_id', 'indicator')}　{target_status.light(row)}"
                for row in bare.iter_rows(named=True)
            )
        )
        downloads.beside("preplan", "without-task", bare)
    if lost.height:
        st.markdown("**" + _("不对应任何目标或承诺的任务 {n} 项", n=lost.height) + "**")
        st.markdown(
            "\n".join(f"- {numbered(row, 'task_id', 'title')}" for row in lost.head(DRAWN).iter_rows(named=True))
        )
    if unmoved.height:
        st.markdown("**" + _("消了号、目标差距没有缩小的任务 {n} 项", n=unmoved.height) + "**")
        lines = [
            _(
                "{task}：{aim}的差距从 {then} 到 {now} 个百分点",
                task=numbered(row, 'task_id', 'title'), aim=plain_text.plain(name(row, "aim")),
                then=target_status.gap({"gap_points": row["gap_then"]}), now=target_status.gap({"gap_points":
                row["gap_now"]}),
            )
            for row in unmoved.head(DRAWN).iter_rows(named=True)
        ]  # fmt: skip
        st.markdown("\n".join(f"- {line}" for line in lines))
        st.caption(_("按任务完成当月与最近一月的差距比较；差距没有缩小，不等于任务没有用。"))
        downloads.beside("preplan", "unmoved", unmoved)


def one(top: Any, row: Row, steps: pl.DataFrame, graph: Any, opened: Any) -> str:
    """One task: how it stands, its days, its steps, and its chain. Returns its title."""
    heading = _("{task}：{state}", task=name(row, "title"), state=ledger_status.of_task(row).split(" ", 1)[-1])
    said = [_("{department}承办", department=name(row, "department"))]
    said += [_("{leader}负责", leader=name(row, "leader"))] if row["leader_id"] else []
    with top:
        back("preplan", opened)
        layout.head([*opened.eyebrow, row["task_id"]], heading, plain_text.plain(listed(said)))
    days = [
        (_("下达"), row["assigned"]), (_("计划开始"), row["start"]), (_("时限"), row["due"]),
        (_("报完"), row["finished"]), (_("验收"), row["assessed"]), (_("曾退回"), row["returned"]),
    ]  # fmt: skip
    entries = [(label, figures.day(day.isoformat()), "") for label, day in days if day]
    entries += [(_("佐证材料"), row["proof"], "")] if row["proof"] else []
    layout.numbers(entries, columns=4)
    if steps.height:
        st.subheader(_("节点"), anchor=False)
        tables.whole(
            [
                {
                    _("节点"): f"{step['number']} {name(step, 'title')}",
                    _("占比"): f"{step['share']:g}%" if step["share"] is not None else "—",
                    _("时限"): figures.day(step["due"].isoformat()),
                    _("完成"): figures.day(step["done"].isoformat()) if step["done"] else "—",
                }
                for step in steps.iter_rows(named=True)
            ]
        )
    chain.show(graph, f"task:{row['task_id']}", opened.address)
    return heading


def numbered(row: Row, code: str, title: str) -> str:
    """Number and name of a thing, in Markdown. code, title: the columns in which they stand."""
    return plain_text.plain(f"{row[code]} {name(row, title)}")


def back(page: str, opened: Any) -> None:
    """The way back from one thing to all."""
    st.page_link(f"{page}.py", label=_("返回清单"), icon=":material/arrow_back:", query_params=opened.address)


def pick(page: str, parameter: str, label: str, rows: pl.DataFrame, code: str, title: str) -> None:
    """A box to open one thing by number or name; it leads to its own view."""
    options = {row[code]: f"{row[code]} {name(row, title)}" for row in rows.head(PICKED).iter_rows(named=True)}
    if rows.height > PICKED:
        label = _("{label}（前 {n} 项，可先筛选）", label=label, n=PICKED)

    def go() -> None:
        chosen = st.session_state.get(f"{page}_pick_{parameter}")
        if chosen:
            st.query_params[parameter] = chosen
            st.session_state[f"{page}_pick_{parameter}"] = None

    st.selectbox(
        label, list(options), index=None, key=f"{page}_pick_{parameter}", format_func=options.__getitem__,
        placeholder=_("输入编号或名称"), on_change=go,
    )  # fmt: skip
