"""The page of supervision: orders and replies, what ought to be ordered, the steps of the rule; one order."""

from statistics import median
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.states import codes, state_of
from pages.charts import ledger, pictures
from pages.ledger import chain, listing
from pages.ledger.opening import LedgerView
from pages.ui import cell_text, device, layout, tables
from pages.wording import figures, ledger_status, plain_text
from pages.wording.language import _, join_items, join_sentences, lang, localize_name
from pages.wording.target_status import label_state_for_choice
from queries.ledger.chain import ChainGraph
from queries.targets.rules import Rule

Row = dict[str, Any]
MAX_ORDER_LINES, MAX_ORDER_LINES_PHONE = 20, 8


def describe_supervision_title(rows: pl.DataFrame, due: pl.DataFrame) -> str:
    """Return the title of the page: how many orders are open, and how many things lack the order they ought to have."""
    lacking = due.filter(pl.col("order_id").is_null()).height
    running = rows.filter(pl.col("state") != "closed").height
    if lacking:
        return _("{n} 张督办单未办结，还有 {m} 件该督办而没有督办", n=running, m=lacking)
    return _("{n} 张督办单未办结，该督办的都已督办", n=running)


def describe_supervision_details(rows: pl.DataFrame) -> str:
    """Return the numbers behind the title: unanswered past the day, median days to reply and to close."""
    reply, close = rows["days_to_reply"].drop_nulls().to_list(), rows["days_to_close"].drop_nulls().to_list()
    late = rows.filter(pl.col("state") == "unanswered").height
    parts = [_("{n} 张逾期未复。", n=late)] if late else []
    if reply:
        parts.append(_("回复用时中位数 **{n} 天**（{k} 张）。", n=f"{median(reply):g}", k=len(reply)))
    if close:
        parts.append(_("办结用时中位数 **{n} 天**（{k} 张）。", n=f"{median(close):g}", k=len(close)))
    return join_sentences(parts)


def choose_orders(rows: pl.DataFrame) -> pl.DataFrame:
    """Show the filters (state, reason, department); return the orders chosen."""
    states = {code: label_state_for_choice(code, "supervision") for code in codes("supervision")}
    reasons = {code: ledger_status.label_order_reason(code) for code in ("behind", "overdue", "problem", "other")}
    return listing.choose_rows(
        "supervision", rows,
        listing.ListFilter("state", _("状态"), states, "state"),
        listing.ListFilter("reason", _("事由"), reasons, "reason"),
        listing.make_department_filter(rows, _("被督办部门")),
    )  # fmt: skip


def show_order_timeline(rows: pl.DataFrame, opened: LedgerView, link: str) -> list[pictures.Picture]:
    """Show the first orders of the list over time, the unanswered first; return the picture."""
    shown = rows.head(device.fit_to_screen(MAX_ORDER_LINES, MAX_ORDER_LINES_PHONE))
    lines = [
        (
            f"{state_of(row['state'], 'supervision').mark} {row['supervision_id']} "
            f"{localize_name(row, 'about') or row['about']}",
            row["issued"], row["due"], row["closed"], ledger_status.label_state(row["state"], "supervision"),
        )
        for row in shown.iter_rows(named=True)
    ]  # fmt: skip
    schema = {"label": pl.String, "start": pl.Date, "due": pl.Date, "done": pl.Date, "state": pl.String}
    frame = pl.DataFrame(lines, schema=schema, orient="row")
    drawn = ledger.draw_timeline(frame, opened.asof, device.get_palette(), sample=opened.sample)
    picture = listing.show_ledger_chart("supervision", drawn, _("督办单：从下达到办结"), rows, link)
    st.caption(_("深色为已用时间，竖线为回复时限。"))
    return [picture]


def show_order_table(rows: pl.DataFrame, opened: LedgerView) -> None:
    """Show every order with its age and the days to reply and to close."""

    def cells(row: Row) -> Row:
        late = row["late_days"] if row["state"] == "unanswered" else None
        return {
            _("督办单"): chain.make_link_cell(
                opened,
                "supervision",
                row["supervision_id"],
                f"{row['supervision_id']} {localize_name(row, 'about') or row['about']}",
            ),
            _("状态"): cell_text.MarkdownCell(
                cell_text.format_unbroken(
                    ledger_status.label_state_with_delay(row["state"], "supervision", late), markdown=True
                )
            ),
            _("事由"): ledger_status.label_order_reason(row["reason"]),
            _("被督办部门"): localize_name(row, "department"),
            _("下达"): cell_text.UnbrokenCell(figures.format_date(row["issued"].isoformat())),
            _("下达以来"): _("{n} 天", n=row["age"]),
            _("回复用时"): _("{n} 天", n=row["days_to_reply"]) if row["days_to_reply"] is not None else "—",
            _("办结用时"): _("{n} 天", n=row["days_to_close"]) if row["days_to_close"] is not None else "—",
        }

    st.subheader(_("督办单"), anchor=False)
    listing.show_detail_picker("supervision", "order", _("打开一张督办单"), rows, "supervision_id", "about")
    tables.show_table("supervision_orders", rows, cells, right=(_("下达以来"), _("回复用时"), _("办结用时")))


def show_due_orders(rows: pl.DataFrame, rule: Rule, opened: LedgerView) -> None:
    """Show what ought to be ordered, why, and whether an order exists; below it the steps of the rule."""
    st.subheader(_("该督办的 {n} 件", n=rows.height), anchor=False)
    st.caption(
        _("连续两个月滞后（含严重滞后、未完成）的目标、逾期的任务、超过承诺的问题；天数从时限或承诺的那天算起。")
    )
    if rows.is_empty():
        st.markdown(_("没有。"))
        return

    kinds = {"behind": "target", "overdue": "task", "problem": "problem"}

    def cells(row: Row) -> Row:
        why = (
            _("连续 {n} 个月滞后", n=row["months"])
            if row["reason"] == "behind"
            else _("逾期 {n} 天", n=row["days"])
            if row["reason"] == "overdue"
            else _("超过承诺 {n} 天", n=row["days"])
        )
        none = _("没有")
        given = row["order_id"] or cell_text.format_red(none)
        return {
            _("事项"): chain.make_link_cell(
                opened, kinds[row["reason"]], row["about"], f"{row['about']} {localize_name(row, 'about')}"
            ),
            _("理由"): why,
            _("责任部门"): localize_name(row, "department") or "—",
            _("督办单"): given,
            _("按规则该到哪一步"): localize_name(row, "step") or "—",
        }

    tables.show_table("supervision_due", rows, cells)
    show_escalation_ladder(rule)


def show_escalation_ladder(rule: Rule) -> None:
    """Show the steps of the chosen rule, in words."""
    called = plain_text.escape_markdown(localize_name(rule.texts, "name"))
    if not rule.ladder:
        st.caption(_("规则“{rule}”没有升级办法。", rule=called))
        return
    steps = [
        f"{n}. {plain_text.escape_markdown(rung.name_zh if lang() == 'zh' else rung.name_en)}　"
        f":gray[{plain_text.escape_markdown(describe_step_condition(rung.when))}]"
        for n, rung in enumerate(rule.ladder, 1)
    ]
    st.markdown("**" + _("升级办法：{rule}", rule=called) + "**\n\n" + "\n".join(steps))


def describe_step_condition(text: str) -> str:
    """Return the condition of a step in words."""
    words = {
        "months": _("连续滞后月数"), "days": _("逾期天数"), "far": _("当月严重滞后"), ">=": "≥", " or ": _(" 或 "),
        " and ": _(" 且 "),
    }  # fmt: skip
    for code, said in words.items():
        text = text.replace(code, said)
    return text


def show_order(top: DeltaGenerator, row: Row, graph: ChainGraph, opened: LedgerView) -> str:
    """Show one order: to whom, why, its days, and its chain. Return its title."""
    called, state = localize_name(row, "about") or row["about"], ledger_status.label_state(row["state"], "supervision")
    heading = _("{order}：{state}", order=called, state=state)
    said = join_items(
        [
            ledger_status.label_order_reason(row["reason"]),
            localize_name(row, "department"),
            *([row["note"]] if row["note"] else []),
        ]
    )
    with top:
        listing.show_back_to_list("supervision", opened)
        layout.show_head([*opened.eyebrow, row["supervision_id"]], heading, plain_text.escape_markdown(said))
    days = ((_("下达"), "issued"), (_("回复时限"), "due"), (_("回复"), "replied"), (_("办结"), "closed"))
    layout.show_key_numbers(
        [(label, figures.format_date(row[c].isoformat()), "") for label, c in days if row[c]], columns=4
    )
    chain.show_chain(graph, f"supervision:{row['supervision_id']}", opened.address)
    return heading
