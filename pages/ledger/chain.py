"""The chain of one thing of the ledger, as links: figure, target, task, leader, project, order, follow-up, evidence."""

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages.ui import tables
from pages.wording import figures, ledger_status, plain_text
from pages.wording.language import _, lang

# Where a thing is shown: page and parameter.
PLACES = {
    "target": ("monthly.py", "target"), "task": ("preplan.py", "task"), "leader": ("leaders.py", "leader"),
    "project": ("leaders.py", "project"), "supervision": ("supervision.py", "order"),
    "commitment": ("preplan.py", "aim"),
}  # fmt: skip
ORDER = (
    "figure", "target", "commitment", "task", "evidence", "leader", "project", "problem", "supervision", "followup",
)  # fmt: skip
MOST = 12  # of one kind


def linked(opened: Any, kind: str, code: str, said: str) -> str:
    """A cell that leads to a thing's own view, in a new tab; plain where another tab would not have the ledger."""
    if kind not in PLACES or opened.private:
        return said
    page, parameter = PLACES[kind]
    query = urlencode(opened.address | {parameter: code})
    return tables.Rich(f"[{tables.loose(said)}]({page.removesuffix('.py')}?{query})")


def show(graph: Any, start: str, carried: dict[str, str]) -> None:
    """What belongs to one thing, by kind; each leads to its own view with ledger and day kept.

    graph: of queries.ledger.chain, around the thing; start: its id; carried: parameters that every link keeps.
    """
    st.subheader(_("来龙去脉"), anchor=False)
    kinds = [kind for kind in ORDER if any(node.kind == kind and node.id != start for node in graph.nodes.values())]
    if not kinds:
        st.caption(_("台账里没有与它相连的事项。"))
        return
    for kind in kinds:
        nodes = [node for node in graph.of_kind(kind) if node.id != start]
        with st.container(gap="xsmall"):
            st.markdown(f":gray[{ledger_status.kind(kind)} {len(nodes)}]")
            for node in nodes[:MOST]:
                link(node, carried)
            if len(nodes) > MOST:
                st.caption(_("另有 {n} 项", n=len(nodes) - MOST))


def link(node: Any, carried: dict[str, str]) -> None:
    """One thing of the chain; a link where it has a view of its own."""
    said = label(node)
    if node.kind in PLACES:
        page, parameter = PLACES[node.kind]
        st.page_link(page, label=said, query_params=carried | {parameter: node.code})
    else:
        st.markdown(said)


def label(node: Any) -> str:
    """Number, name, how it stands, and its most telling fact, in Markdown."""
    called = node.name_zh if lang() == "zh" else node.name_en
    shown = "" if node.kind in ("figure", "evidence", "leader") else f"{node.code} "
    state = ledger_status.shown(node.state, node.kind) if node.state else ""
    return "　".join(
        part for part in (plain_text.plain(f"{shown}{called}"), state, plain_text.plain(fact(node))) if part
    )


def fact(node: Any) -> str:
    """The most telling fact of one thing."""
    facts = node.facts
    if node.kind == "figure":
        unit = {"unit_zh": facts["level_unit_zh"], "unit_scale": facts["level_unit_scale"]}
        text = {"value_text": figures.rounded(facts["actual"], 2), "unit_scaled_en": facts["level_unit_scaled_en"]}
        period = f"{facts['year']}-01/{facts['year']}-{facts['month']:02}" if facts["month"] > 1 else str(facts["year"])
        return f"{figures.period(period)} {figures.bare(unit | text)}"
    if node.kind == "leader":
        return _("项目 {n}，在办任务 {m}", n=facts["projects"], m=facts["tasks_open"])
    if node.kind == "problem":
        return _("提出 {n} 天", n=facts["age"])
    days = {"task": "due", "supervision": "issued", "followup": "meeting"}
    if node.kind not in days:
        return ""
    day = figures.day(facts[days[node.kind]].isoformat())
    told = {"task": _("{day}到期"), "supervision": _("{day}下达"), "followup": _("{day}会议")}
    return told[node.kind].format(day=day)
