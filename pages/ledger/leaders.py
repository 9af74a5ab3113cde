"""The page of leaders: who stays with which project, where that is broken, what is stuck; one leader, one project."""

from typing import Any

import polars as pl
import streamlit as st

from data.states import urgency
from pages.charts import ledger, pictures
from pages.ledger import chain, preplan
from pages.ui import device, downloads, filters, layout, tables
from pages.wording import figures, ledger_status, plain_text
from pages.wording.language import _, lang, listed, name, sentences

Row = dict[str, Any]
DRAWN, SMALL = 40, 15
PAPER = 20  # lines of lists on one sheet beside heads and title


def title(rows: pl.DataFrame) -> str:
    """The answer."""
    broken = rows.filter(pl.col("breaches").list.len() > 0).height
    if not broken:
        return _("{n} 个项目和企业，个个有一名领导、一套班子", n=rows.height)
    return _("{n} 个项目和企业，{broken} 个没有做到一名领导、一套班子", n=rows.height, broken=broken)


def paragraph(rows: pl.DataFrame, problems: pl.DataFrame) -> str:
    """The numbers behind it."""
    open_ones = problems.filter(pl.col("state") != "solved")
    late = open_ones.filter(pl.col("state") == "late")
    parts = []
    if open_ones.height:
        first = open_ones.sort("age", descending=True).row(0, named=True)
        parts.append(
            _(
                "未解决的问题 {n} 个，其中 {late} 个超过承诺；提出最久的是 **{problem}**，已 **{days} 天**。",
                n=open_ones.height, late=late.height, days=first["age"],
                problem=plain_text.within_bold(name(first, "title")),
            )
        )  # fmt: skip
    overdue = rows.filter(pl.col("state") == "overdue").height
    if overdue:
        parts.append(_("{n} 个项目已过时限。", n=overdue))
    return sentences(parts)


def asked(rows: pl.DataFrame) -> pl.DataFrame:
    """The filters: kind, breach, department."""
    with filters.fold():
        one, two, three = st.columns(3, gap="medium")
        with one:
            kinds = {"project": _("项目"), "enterprise": _("企业")}
            of_kind = filters.several(st.pills, "leaders_kind", "kind", _("类别"), kinds, [], selection_mode="multi")
        with two:
            broken = {code: ledger_status.breach(code) for code in ("no_leader", "two_leaders", "no_team")}
            wanted = filters.several(
                st.pills, "leaders_breach", "breach", _("没有做到的"), broken, [], selection_mode="multi"
            )
        with three:
            departments = preplan.choices(rows, "department")
            owners = filters.several(
                st.multiselect, "leaders_department", "department", _("牵头部门"), departments, [],
                placeholder=_("全部部门"), select_all=False,
            )  # fmt: skip
    rows = rows.filter(pl.col("kind").is_in(of_kind)) if of_kind else rows
    rows = rows.filter(pl.col("department_id").is_in(owners)) if owners else rows
    if wanted:
        rows = rows.filter(pl.any_horizontal(pl.col("breaches").list.contains(code) for code in wanted))
    return rows


def ordered(rows: pl.DataFrame) -> pl.DataFrame:
    """What is broken first, then what is overdue."""
    place = pl.col("state").replace_strict(urgency("project"), return_dtype=pl.Int8)
    return rows.sort(pl.col("breaches").list.len() == 0, place, "project_id", maintain_order=True)


def draw(rows: pl.DataFrame, carried: pl.DataFrame, opened: Any, link: str) -> list[pictures.Picture]:
    """The matrix of projects by leader beside what each leader carries."""
    most = device.fit(DRAWN, SMALL)
    shown = rows.head(most)
    names = dict(carried.select("leader_id", f"leader_{lang()}").iter_rows())
    lines = [
        (f"{row['project_id']} {name(row, 'name')}", [names.get(code, code) for code in row["leaders"]])
        for row in shown.iter_rows(named=True)
    ]
    frame = pl.DataFrame(lines, schema={"label": pl.String, "leaders": pl.List(pl.String)}, orient="row")
    heading = _("谁联哪个项目：前 {n} 个", n=most) if rows.height > most else _("谁联哪个项目")
    drawn = ledger.matrix(frame, list(names.values()), device.palette(), sample=opened.sample, narrow=device.phone())
    picture = preplan.charted("leaders", drawn, heading, rows, link)
    st.caption(_("● 一对一；:red[■] 没有领导，或不止一名。"))
    return [picture]


def loads(carried: pl.DataFrame, opened: Any) -> None:
    """What each leader carries; each leads to the leader's own page."""
    st.subheader(_("各人肩上的"), anchor=False)

    def cells(row: Row) -> Row:
        return {
            _("领导"): chain.linked(opened, "leader", row["leader_id"], name(row, "leader")),
            _("项目"): str(row["projects"]),
            _("未解决问题"): str(row["problems_open"]),
            _("其中超过承诺"): str(row["problems_late"]),
            _("在办任务"): str(row["tasks_open"]),
            _("其中逾期"): str(row["tasks_overdue"]),
        }

    right = (_("项目"), _("未解决问题"), _("其中超过承诺"), _("在办任务"), _("其中逾期"))
    tables.table("leaders_load", carried, cells, right)
    preplan.pick("leaders", "leader", _("打开一位领导的页"), carried, "leader_id", "leader")
    downloads.beside("leaders", "load", carried)


def table(rows: pl.DataFrame, opened: Any) -> None:
    """Every project: leader, team, what is broken, how it stands, what is stuck."""

    def cells(row: Row) -> Row:
        broken = listed([ledger_status.breach(code) for code in row["breaches"]])
        stuck = _("{n} 个，最久已 {days} 天", n=row["problems_open"], days=row["oldest_problem_days"])
        return {
            _("项目"): chain.linked(opened, "project", row["project_id"], f"{row['project_id']} {name(row, 'name')}"),
            _("领导"): row[f"leaders_{lang()}"] or "—",
            _("班子"): name(row, "team") or "—",
            _("没有做到的"): tables.Rich(f":red[■]{tables.NO_BREAK}{tables.joined(broken)}") if broken else "—",
            _("状态"): tables.Rich(tables.joined(ledger_status.shown(row["state"], "project"), markdown=True)),
            _("阶段"): ledger_status.stage(row["stage"]),
            _("时限"): figures.day(row["due"].isoformat()).replace(" ", tables.NO_BREAK),
            _("未解决问题"): stuck if row["problems_open"] else "—",
        }

    st.subheader(_("项目与企业"), anchor=False)
    tables.table("leaders_projects", rows, cells)


def problems(rows: pl.DataFrame, key: str = "leaders_problems") -> None:
    """Problems that are open, the longest past their promise first."""
    rows = rows.filter(pl.col("state") != "solved")
    st.subheader(_("未解决的问题 {n} 个", n=rows.height), anchor=False)
    if rows.is_empty():
        st.caption(_("没有未解决的问题。"))
        return

    def cells(row: Row) -> Row:
        late = _("，超 {n} 天", n=row["late_days"]) if row["late_days"] else ""
        return {
            _("问题"): f"{row['problem_id']} {name(row, 'title')}",
            _("项目"): name(row, "project") or row["task_id"] or "—",
            _("状态"): tables.Rich(tables.joined(ledger_status.shown(row["state"], "problem", late), markdown=True)),
            _("提出以来"): _("{n} 天", n=row["age"]),
            _("承诺解决"): figures.day(row["promised"].isoformat()) if row["promised"] else _("没有承诺"),
            _("解决部门"): name(row, "department") or "—",
        }

    tables.table(key, rows, cells, right=(_("提出以来"),))
    st.caption(_("“提出以来”从提出那天算起，“超”从承诺解决的那天算起。"))
    downloads.beside(key, "problems", rows)


def leader(
    top: Any, one: str, carried: pl.DataFrame, projects: pl.DataFrame, stuck: pl.DataFrame, work: pl.DataFrame,
    orders: pl.DataFrame, opened: Any,
) -> tuple[str, pl.DataFrame]:  # fmt: skip
    """One leader's page, made to fit one sheet of paper: projects, tasks, problems. Returns title and projects."""
    row = carried.row(by_predicate=pl.col("leader_id") == one, named=True)
    mine = projects.filter(pl.col("leaders").list.contains(one))
    running = work.filter((pl.col("leader_id") == one) & pl.col("days_left").is_not_null())
    problems_of = stuck.filter(pl.col("project_id").is_in(mine["project_id"].implode()) & (pl.col("state") != "solved"))
    ordered_ones = orders.filter(
        pl.col("about").is_in(pl.concat([running["task_id"], problems_of["problem_id"]]).implode())
        & (pl.col("state") != "closed")
    )
    heading = _(
        "{leader}：{n} 个项目，{m} 项在办任务，{k} 个问题", leader=name(row, "leader"), n=mine.height, m=running.height,
        k=problems_of.height,
    )  # fmt: skip
    with top:
        preplan.back("leaders", opened)
        layout.head([*opened.eyebrow, one], heading, "")
    lines = {
        _("项目"): [
            f"{preplan.numbered(row, 'project_id', 'name')}　{ledger_status.shown(row['state'], 'project')}　"
            + _("{day}到期", day=figures.day(row["due"].isoformat()))
            + "".join(f"　:red[■] {ledger_status.breach(code)}" for code in row["breaches"])
            for row in mine.iter_rows(named=True)
        ],
        _("在办任务"): [
            f"{preplan.numbered(row, 'task_id', 'title')}　{ledger_status.of_task(row)}　"
            + _("{day}到期", day=figures.day(row["due"].isoformat()))
            for row in preplan.ordered(running).iter_rows(named=True)
        ],
        _("未解决的问题"): [
            f"{preplan.numbered(row, 'problem_id', 'title')}　{ledger_status.shown(row['state'], 'problem')}　"
            + _("提出 {n} 天", n=row["age"])
            for row in problems_of.iter_rows(named=True)
        ],
        _("未办结的督办单"): [
            f"{preplan.numbered(row, 'supervision_id', 'about')}　{ledger_status.shown(row['state'], 'supervision')}"
            for row in ordered_ones.iter_rows(named=True)
        ],
    }
    most = fitting([len(entries) for entries in lines.values()])
    for label, entries in lines.items():
        said = "\n".join(f"- {entry}" for entry in entries[:most]) or _("没有。")
        more = "\n- " + _("另有 {n} 项", n=len(entries) - most) if len(entries) > most else ""
        st.markdown(f"**{label} {len(entries)}**\n\n{said}{more}")
    return heading, mine


def fitting(lengths: list[int], paper: int = PAPER) -> int:
    """How many lines each list may have so that all of them fit on one sheet."""
    fits = [most for most in range(1, paper) if sum(min(n, most) + (n > most) for n in lengths) <= paper]
    return max(fits, default=1)


def project(top: Any, row: Row, graph: Any, opened: Any) -> str:
    """One project: leader, team, stage, days, and its chain. Returns its title."""
    heading = _("{project}：{state}", project=name(row, "name"), state=ledger_status.word(row["state"], "project"))
    broken = [ledger_status.breach(code) for code in row["breaches"]]
    said = [_("{leader}联点", leader=row[f"leaders_{lang()}"])] if row["leaders"] else []
    said += [name(row, "team")] if row["team_zh"] else []
    with top:
        preplan.back("leaders", opened)
        layout.head([*opened.eyebrow, row["project_id"]], heading, plain_text.plain(listed([*said, *broken])))
    days = ((_("结对"), "assigned"), (_("计划开始"), "start"), (_("时限"), "due"), (_("完成"), "done"))
    entries = [(label, figures.day(row[column].isoformat()), "") for label, column in days if row[column]]
    entries += [(_("阶段"), ledger_status.stage(row["stage"]), "")]
    layout.numbers(entries, columns=4)
    chain.show(graph, f"project:{row['project_id']}", opened.address)
    return heading
