"""The chain of one thing of the ledger, as links: figure, target, task, leader, project, order, follow-up, evidence."""

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages.ledger.opening import LedgerView
from pages.ui import cell_text
from pages.wording import figures, ledger_status, plain_text
from pages.wording.language import _, lang, localize_name
from queries.ledger.chain import ChainGraph, ChainNode

# Where a thing is shown: page and parameter.
DETAIL_PAGES = {
    "target": ("monthly.py", "target"), "task": ("preplan.py", "task"), "leader": ("leaders.py", "leader"),
    "project": ("leaders.py", "project"), "supervision": ("supervision.py", "order"),
    "commitment": ("preplan.py", "aim"),
}  # fmt: skip
NODE_KIND_ORDER = (
    "figure", "target", "commitment", "task", "evidence", "leader", "project", "problem", "supervision", "followup",
)  # fmt: skip
MAX_NODES_PER_KIND = 12  # of one kind


def make_link_cell(opened: LedgerView, kind: str, code: str, said: str) -> str:
    """Return a cell that links to the thing's own view, in a new tab.

    Plain text where the kind has no view, or where another tab would not have the ledger.
    """
    if kind not in DETAIL_PAGES or opened.private:
        return said
    page, parameter = DETAIL_PAGES[kind]
    query = urlencode(opened.address | {parameter: code})
    return cell_text.MarkdownCell(f"[{cell_text.format_breakable(said)}]({page.removesuffix('.py')}?{query})")


def show_chain(graph: ChainGraph, start: str, carried: dict[str, str]) -> None:
    """Show what belongs to one thing, by kind; each item links to its own view with ledger and day kept.

    graph: from queries.ledger.chain, around the thing; start: its id;
    carried: query parameters that every link keeps.
    """
    st.subheader(_("来龙去脉"), anchor=False)
    kinds = [
        kind for kind in NODE_KIND_ORDER if any(node.kind == kind and node.id != start for node in graph.nodes.values())
    ]
    if not kinds:
        st.caption(_("台账里没有与它相连的事项。"))
        return
    for kind in kinds:
        nodes = [node for node in graph.of_kind(kind) if node.id != start]
        with st.container(gap="xsmall"):
            st.markdown(f":gray[{ledger_status.label_link_kind(kind)} {len(nodes)}]")
            for node in nodes[:MAX_NODES_PER_KIND]:
                show_chain_node(node, carried)
            if len(nodes) > MAX_NODES_PER_KIND:
                st.caption(_("另有 {n} 项", n=len(nodes) - MAX_NODES_PER_KIND))


def show_chain_node(node: ChainNode, carried: dict[str, str]) -> None:
    """Show one thing of the chain, as a link where it has a view of its own."""
    said = label_chain_node(node)
    if node.kind in DETAIL_PAGES:
        page, parameter = DETAIL_PAGES[node.kind]
        st.page_link(page, label=said, query_params=carried | {parameter: node.code})
    else:
        st.markdown(said)


def label_chain_node(node: ChainNode) -> str:
    """Return number, name, state and most telling fact of one thing, in Markdown."""
    called = node.name_zh if lang() == "zh" else node.name_en
    shown = "" if node.kind in ("figure", "evidence", "leader") else f"{node.code} "
    state = ledger_status.label_state_with_mark(node.state, node.kind) if node.state else ""
    return "　".join(
        part
        for part in (
            plain_text.escape_markdown(f"{shown}{called}"),
            state,
            plain_text.escape_markdown(describe_chain_node(node)),
        )
        if part
    )


def describe_chain_node(node: ChainNode) -> str:
    """Return the most telling fact of one thing; empty for a kind that has none."""
    facts = node.facts
    if node.kind == "figure":
        unit = {"unit_zh": facts["level_unit_zh"], "unit_scale": facts["level_unit_scale"]}
        text = {
            "value_text": figures.format_rounded(facts["actual"], 2),
            "unit_scaled_en": facts["level_unit_scaled_en"],
        }
        period = f"{facts['year']}-01/{facts['year']}-{facts['month']:02}" if facts["month"] > 1 else str(facts["year"])
        return f"{figures.format_period(period)} {figures.format_quantity(unit | text)}"
    if node.kind == "leader":
        return _("项目 {n}，在办任务 {m}", n=facts["projects"], m=facts["tasks_open"])
    if node.kind == "problem":
        return _("提出 {n} 天", n=facts["age"])
    days = {"task": "due", "supervision": "issued", "followup": "meeting"}
    if node.kind not in days:
        return ""
    day = figures.format_date(facts[days[node.kind]].isoformat())
    told = {"task": _("{day}到期"), "supervision": _("{day}下达"), "followup": _("{day}会议")}
    return told[node.kind].format(day=day)


def label_code_and_name(row: dict[str, Any], code: str, title: str) -> str:
    """Return number and name of a thing, in Markdown.

    code: the column of the number; title: that of the name, without its language.
    """
    return plain_text.escape_markdown(f"{row[code]} {localize_name(row, title)}")
