"""The page of leaders: who stays with which project, where that is broken, what is stuck; one leader, one project."""

from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.states import urgency
from pages.charts import ledger_groups, pictures
from pages.ledger import chain, listing, preplan
from pages.ledger.opening import LedgerView
from pages.ui import cell_text, device, downloads, layout, tables
from pages.wording import figures, ledger_status, plain_text
from pages.wording.language import _, join_items, join_sentences, lang, localize_name
from queries.ledger.chain import ChainGraph

Row = dict[str, Any]
MAX_MATRIX_LINES, MAX_MATRIX_LINES_PHONE = 40, 15
SHEET_LINES = 20  # lines of lists on one sheet beside heads and title


def describe_leaders_title(rows: pl.DataFrame) -> str:
    """Return the title of the page: how many projects and enterprises, how many without one leader and one team."""
    broken = rows.filter(pl.col("breaches").list.len() > 0).height
    if not broken:
        return _("{n} 个项目和企业，个个有一名领导、一套班子", n=rows.height)
    return _("{n} 个项目和企业，{broken} 个没有做到一名领导、一套班子", n=rows.height, broken=broken)


def describe_leaders_details(rows: pl.DataFrame, problems: pl.DataFrame) -> str:
    """Return the numbers behind the title: open problems, those past their promise, the oldest; overdue projects."""
    open_ones = problems.filter(pl.col("state") != "solved")
    late = open_ones.filter(pl.col("state") == "late")
    parts = []
    if open_ones.height:
        first = open_ones.sort("age", descending=True).row(0, named=True)
        parts.append(
            _(
                "未解决的问题 {n} 个，其中 {late} 个超过承诺；提出最久的是 {problem}，已 **{days} 天**。",
                n=open_ones.height, late=late.height, days=first["age"],
                problem=plain_text.format_bold(localize_name(first, "title")),
            )
        )  # fmt: skip
    overdue = rows.filter(pl.col("state") == "overdue").height
    if overdue:
        parts.append(_("{n} 个项目逾期。", n=overdue))
    return join_sentences(parts)


def choose_projects(rows: pl.DataFrame) -> pl.DataFrame:
    """Show the filters (kind, breach, department); return the projects chosen."""
    broken = {code: ledger_status.label_breach(code) for code in ("no_leader", "two_leaders", "no_team")}
    return listing.choose_rows(
        "leaders", rows,
        listing.ListFilter("kind", _("类别"), {"project": _("项目"), "enterprise": _("企业")}, "kind"),
        listing.ListFilter("breach", _("没有做到的"), broken, "breaches"),
        listing.make_department_filter(rows, _("牵头部门")),
    )  # fmt: skip


def sort_projects(rows: pl.DataFrame) -> pl.DataFrame:
    """Sort projects: those with a breach first, then by state, overdue first, then by number."""
    place = pl.col("state").replace_strict(urgency("project"), return_dtype=pl.Int8)
    return rows.sort(pl.col("breaches").list.len() == 0, place, "project_id", maintain_order=True)


def show_leader_matrix(
    rows: pl.DataFrame, carried: pl.DataFrame, opened: LedgerView, link: str
) -> list[pictures.Picture]:
    """Show the matrix of projects by leader; return its picture.

    carried: one row per leader, what each carries.
    """
    most = device.fit_to_screen(MAX_MATRIX_LINES, MAX_MATRIX_LINES_PHONE)
    shown = rows.head(most)
    names = dict(carried.select("leader_id", f"leader_{lang()}").iter_rows())
    lines = [
        (f"{row['project_id']} {localize_name(row, 'name')}", [names.get(code, code) for code in row["leaders"]])
        for row in shown.iter_rows(named=True)
    ]
    frame = pl.DataFrame(lines, schema={"label": pl.String, "leaders": pl.List(pl.String)}, orient="row")
    heading = _("谁联哪个项目：前 {n} 个", n=most) if rows.height > most else _("谁联哪个项目")
    drawn = ledger_groups.draw_leader_matrix(
        frame, list(names.values()), device.get_palette(), sample=opened.sample, narrow=device.is_phone()
    )
    picture = listing.show_ledger_chart("leaders", drawn, heading, rows, link)
    st.caption(_("● 一对一；:red[■] 没有领导，或不止一名。"))
    return [picture]


def show_leader_loads(carried: pl.DataFrame, opened: LedgerView) -> None:
    """Show what each leader carries; each links to the leader's own page."""
    st.subheader(_("各人肩上的"), anchor=False)

    def cells(row: Row) -> Row:
        return {
            _("领导"): chain.make_link_cell(opened, "leader", row["leader_id"], localize_name(row, "leader")),
            _("项目"): str(row["projects"]),
            _("未解决问题"): str(row["problems_open"]),
            _("其中超过承诺"): str(row["problems_late"]),
            _("在办任务"): str(row["tasks_open"]),
            _("其中逾期"): str(row["tasks_overdue"]),
        }

    right = (_("项目"), _("未解决问题"), _("其中超过承诺"), _("在办任务"), _("其中逾期"))
    tables.show_table("leaders_load", carried, cells, right)
    listing.show_detail_picker("leaders", "leader", _("打开一位领导的页"), carried, "leader_id", "leader")
    downloads.show_extra_downloads("leaders", "load", carried)


def show_project_table(rows: pl.DataFrame, opened: LedgerView) -> None:
    """Show every project: leader, team, breaches, state, stage, the day it is due, open problems."""

    def cells(row: Row) -> Row:
        broken = join_items([ledger_status.label_breach(code) for code in row["breaches"]])
        stuck = _("{n} 个，最久已 {days} 天", n=row["problems_open"], days=row["oldest_problem_days"])
        return {
            _("项目"): chain.make_link_cell(
                opened, "project", row["project_id"], f"{row['project_id']} {localize_name(row, 'name')}"
            ),
            _("领导"): row[f"leaders_{lang()}"] or "—",
            _("班子"): localize_name(row, "team") or "—",
            _("没有做到的"): cell_text.format_red(broken) if broken else "—",
            _("状态"): cell_text.MarkdownCell(
                cell_text.format_unbroken(ledger_status.label_state_with_mark(row["state"], "project"), markdown=True)
            ),
            _("阶段"): ledger_status.label_stage(row["stage"]),
            _("时限"): cell_text.UnbrokenCell(figures.format_date(row["due"].isoformat())),
            _("未解决问题"): stuck if row["problems_open"] else "—",
        }

    st.subheader(_("项目与企业"), anchor=False)
    tables.show_table("leaders_projects", rows, cells)


def show_open_problems(rows: pl.DataFrame, key: str = "leaders_problems") -> None:
    """Show the problems that are not solved, the longest past their promise first."""
    rows = rows.filter(pl.col("state") != "solved")
    st.subheader(_("未解决的问题 {n} 个", n=rows.height), anchor=False)
    if rows.is_empty():
        st.caption(_("没有未解决的问题。"))
        return

    def cells(row: Row) -> Row:
        return {
            _("问题"): f"{row['problem_id']} {localize_name(row, 'title')}",
            _("项目"): localize_name(row, "project") or row["task_id"] or "—",
            _("状态"): cell_text.MarkdownCell(
                cell_text.format_unbroken(
                    ledger_status.label_state_with_delay(row["state"], "problem", row["late_days"]), markdown=True
                )
            ),
            _("提出以来"): _("{n} 天", n=row["age"]),
            _("承诺解决"): figures.format_date(row["promised"].isoformat()) if row["promised"] else _("没有承诺"),
            _("解决部门"): localize_name(row, "department") or "—",
        }

    tables.show_table(key, rows, cells, right=(_("提出以来"),))
    st.caption(_("“提出以来”从提出那天算起，“超”从承诺解决的那天算起。"))
    downloads.show_extra_downloads(key, "problems", rows)


def show_leader(
    top: DeltaGenerator, leader: Row, projects: pl.DataFrame, stuck: pl.DataFrame, work: pl.DataFrame,
    orders: pl.DataFrame, opened: LedgerView,
) -> tuple[str, pl.DataFrame]:  # fmt: skip
    """Show one leader's page, made to fit one sheet of paper: projects, tasks, problems, orders.

    leader: the row of what the leader carries; stuck: problems; work: tasks. Returns title and projects.
    """
    one = leader["leader_id"]
    mine = projects.filter(pl.col("leaders").list.contains(one))
    running = work.filter((pl.col("leader_id") == one) & pl.col("days_left").is_not_null())
    problems_of = stuck.filter(pl.col("project_id").is_in(mine["project_id"].implode()) & (pl.col("state") != "solved"))
    ordered_ones = orders.filter(
        pl.col("about").is_in(pl.concat([running["task_id"], problems_of["problem_id"]]).implode())
        & (pl.col("state") != "closed")
    )
    heading = _(
        "{leader}：{n} 个项目，{m} 项在办任务，{k} 个问题",
        leader=localize_name(leader, "leader"),
        n=mine.height,
        m=running.height,
        k=problems_of.height,
    )
    with top:
        listing.show_back_to_list("leaders", opened)
        layout.show_head([*opened.eyebrow, one], heading, "")
    lines = {
        _("项目"): [
            f"{chain.label_code_and_name(row, 'project_id', 'name')}　"
            f"{ledger_status.label_state_with_mark(row['state'], 'project')}　"
            + _("{day}到期", day=figures.format_date(row["due"].isoformat()))
            + "".join(f"　:red[■] {ledger_status.label_breach(code)}" for code in row["breaches"])
            for row in mine.iter_rows(named=True)
        ],
        _("在办任务"): [
            f"{chain.label_code_and_name(row, 'task_id', 'title')}　{ledger_status.label_task_state(row)}　"
            + _("{day}到期", day=figures.format_date(row["due"].isoformat()))
            for row in preplan.sort_tasks(running).iter_rows(named=True)
        ],
        _("未解决的问题"): [
            f"{chain.label_code_and_name(row, 'problem_id', 'title')}　"
            f"{ledger_status.label_state_with_mark(row['state'], 'problem')}　" + _("提出 {n} 天", n=row["age"])
            for row in problems_of.iter_rows(named=True)
        ],
        _("未办结的督办单"): [
            f"{chain.label_code_and_name(row, 'supervision_id', 'about')}　"
            f"{ledger_status.label_state_with_mark(row['state'], 'supervision')}"
            for row in ordered_ones.iter_rows(named=True)
        ],
    }
    most = compute_lines_per_list([len(entries) for entries in lines.values()])
    for label, entries in lines.items():
        said = "\n".join(f"- {entry}" for entry in entries[:most]) or _("没有。")
        more = "\n- " + _("另有 {n} 项", n=len(entries) - most) if len(entries) > most else ""
        st.markdown(f"**{label} {len(entries)}**\n\n{said}{more}")
    return heading, mine


def compute_lines_per_list(lengths: list[int], paper: int = SHEET_LINES) -> int:
    """Return how many lines each list may have so that all of them fit on one sheet of paper lines; at least 1."""
    fits = [most for most in range(1, paper) if sum(min(n, most) + (n > most) for n in lengths) <= paper]
    return max(fits, default=1)


def show_project(top: DeltaGenerator, row: Row, graph: ChainGraph, opened: LedgerView) -> str:
    """Show one project: leader, team, stage, days, and its chain. Return its title."""
    heading = _(
        "{project}：{state}",
        project=localize_name(row, "name"),
        state=ledger_status.label_state(row["state"], "project"),
    )
    broken = [ledger_status.label_breach(code) for code in row["breaches"]]
    said = [_("{leader}联点", leader=row[f"leaders_{lang()}"])] if row["leaders"] else []
    said += [localize_name(row, "team")] if row["team_zh"] else []
    with top:
        listing.show_back_to_list("leaders", opened)
        layout.show_head(
            [*opened.eyebrow, row["project_id"]], heading, plain_text.escape_markdown(join_items([*said, *broken]))
        )
    days = ((_("结对"), "assigned"), (_("计划开始"), "start"), (_("时限"), "due"), (_("完成"), "done"))
    entries = [(label, figures.format_date(row[column].isoformat()), "") for label, column in days if row[column]]
    entries += [(_("阶段"), ledger_status.label_stage(row["stage"]), "")]
    layout.show_key_numbers(entries, columns=4)
    chain.show_chain(graph, f"project:{row['project_id']}", opened.address)
    return heading
