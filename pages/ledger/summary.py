"""The six mechanisms at work: a link to each with its live count, and what is red across all six."""

from typing import Any

import polars as pl
import streamlit as st

from pages.ledger import chain, preplan
from pages.ui import tables
from pages.wording import ledger_status, plain_text
from pages.wording.language import _, join_items, join_sentences, lang, localize_name

Row = dict[str, Any]
MAX_RED_LINKS = 12


def describe_work_in_hand(code: str, row: Row) -> str:
    """Return how much a mechanism has in hand, and of how many, in words."""
    values = {"n": row["in_hand"], "every": row["every"]}
    return {
        "preplan": _("在办任务 {n} 项，共 {every} 项", **values),
        "leaders": _("推进中的项目 {n} 个，共 {every} 个", **values),
        "monthly": _("滞后、严重滞后或未完成的目标 {n} 项，共 {every} 项", **values),
        "supervision": _("未办结的督办单 {n} 张，共 {every} 张", **values),
        "efficiency": _("未办结的事项 {n} 件，共 {every} 件", **values),
        "rewards": _("能评分的部门 {n} 个，有办法的 {every} 个", **values),
    }[code]


def describe_summary_title(counts: pl.DataFrame) -> str:
    """Return the title of the page: how many things are red in all six mechanisms."""
    count = int(counts["red"].sum())
    return _("六大机制里有 {n} 处亮红", n=count) if count else _("六大机制没有亮红的事")


def describe_summary_details(counts: pl.DataFrame, six: pl.DataFrame) -> str:
    """Return which mechanisms have red things, and how many, most first."""
    named = {row["mechanism_id"]: localize_name(row, "name") for row in six.iter_rows(named=True)}
    worst = counts.filter(pl.col("red") > 0).sort("red", descending=True)
    said = [f"{named[row['mechanism_id']]} **{row['red']}**" for row in worst.iter_rows(named=True)]
    return join_sentences(["、".join(said) + "。"]) if said and lang() == "zh" else ", ".join(said)


def show_mechanism_doors(counts: pl.DataFrame, rows: pl.DataFrame, six: pl.DataFrame, opened: Any) -> None:
    """Show a link to each mechanism, with what it has in hand and how much of it is red.

    counts: one row per mechanism; rows: the red things; both from queries.ledger.summary.
    """
    named = {row["mechanism_id"]: localize_name(row, "name") for row in six.iter_rows(named=True)}
    for row in counts.iter_rows(named=True):
        code = row["mechanism_id"]
        red = f"　:red[■] {row['red']}" if row["red"] else ""
        with st.container(gap=None):
            st.page_link(
                f"{code}.py",
                label=f"{plain_text.format_bold(named[code])}{red}",
                query_params=opened.address,
            )
            st.caption(
                describe_work_in_hand(code, row)
                + "　"
                + describe_red_kinds(rows.filter(pl.col("mechanism_id") == code))
            )


def describe_red_kinds(rows: pl.DataFrame) -> str:
    """Return how many red things of one mechanism there are of each kind and state; empty for none."""
    kinds: dict[str, int] = {}
    for row in rows.iter_rows(named=True):
        said = _describe_red_kind(row)
        kinds[said] = kinds.get(said, 0) + 1
    if not kinds:
        return ""
    # In a line of its own: Babel 2.18 does not find a text inside a call inside a text.
    counted = [_("{kind} {n}", kind=said, n=n) for said, n in kinds.items()]
    return _("亮红的：{kinds}", kinds=join_items(counted))


def _describe_red_kind(row: Row) -> str:
    if row["kind"] == "due":
        return _("该督办而没有督办")
    if row["kind"] == "project":
        return _("没有做到一名领导、一套班子")
    kinds = {"task": _("任务"), "problem": _("问题"), "followup": _("会议交办"), "supervision": _("督办单")}
    if row["kind"] not in kinds:
        return describe_red_reason(row)
    kind, said = kinds[row["kind"]], describe_red_reason(row)
    return f"{kind}{said}" if lang() == "zh" else f"{kind} {said[0].lower()}{said[1:]}"


def show_red_items(rows: pl.DataFrame, six: pl.DataFrame, opened: Any) -> None:
    """Show what is red across all six mechanisms: a table, and links to the first MAX_RED_LINKS that have a view."""
    st.subheader(_("亮红的 {n} 处", n=rows.height), anchor=False)
    if rows.is_empty():
        st.caption(_("没有。"))
        return
    named = {row["mechanism_id"]: localize_name(row, "name") for row in six.iter_rows(named=True)}

    def cells(row: Row) -> Row:
        return {
            _("机制"): named[row["mechanism_id"]],
            _("事项"): chain.make_link_cell(
                opened, to_link_kind(row), row["code"], f"{row['code']} {localize_name(row, 'name')}"
            ),
            _("怎么了"): tables.MarkdownCell(
                f":red[■]{tables.NO_BREAK}{tables.format_unbroken(describe_red_reason(row))}"
            ),
            _("超期"): "—" if not row["days"] else _("{n} 天", n=row["days"]),
        }

    tables.show_table("mechanisms_red", rows, cells, right=(_("超期"),))
    st.caption(
        _(
            "同一件事在两个机制里都亮红的，各算一处；共 {n} 件事。超期从时限或承诺的那天算起，效能事项按工作日。",
            n=rows["code"].n_unique(),
        )
    )
    with st.expander(_("逐件打开"), icon=":material/link:"):
        for row in (
            rows.filter(pl.col("kind").is_in(list(chain.DETAIL_PAGES))).head(MAX_RED_LINKS).iter_rows(named=True)
        ):
            page, parameter = chain.DETAIL_PAGES[row["kind"]]
            st.page_link(
                page, label=f"{preplan.label_code_and_name(row, 'code', 'name')}　{describe_red_reason(row)}",
                query_params=opened.address | {parameter: row["code"]},
            )  # fmt: skip


def to_link_kind(row: Row) -> str:
    """Return the kind under which a red thing is linked.

    For something that ought to be ordered, it is the kind of that thing itself: target, task or problem.
    """
    about = {"behind": "target", "overdue": "task", "problem": "problem"}
    return about[row["state"]] if row["kind"] == "due" else str(row["kind"])


def describe_red_reason(row: Row) -> str:
    """Return why a thing is red."""
    if row["kind"] == "project":
        return ledger_status.label_breach(row["state"])
    if row["kind"] == "due":
        return _("{reason}，没有督办", reason=ledger_status.label_order_reason(row["state"]))
    if row["kind"] == "department":
        return _("缺数，不能评分")
    return ledger_status.label_state(row["state"], row["kind"])
