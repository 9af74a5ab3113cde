"""The page of supervision: orders and their answers, what ought to be ordered, the ladder of the rule; one order."""

from statistics import median
from typing import Any

import polars as pl
import streamlit as st

from data.states import codes, state_of
from pages.charts import ledger, pictures
from pages.ledger import chain, preplan
from pages.ui import device, filters, layout, tables
from pages.wording import figures, ledger_status, plain_text
from pages.wording.language import _, lang, listed, name, sentences
from pages.wording.target_status import called

Row = dict[str, Any]
DRAWN, SMALL = 20, 8


def title(rows: pl.DataFrame, due: pl.DataFrame) -> str:
    """The answer."""
    lacking = due.filter(pl.col("order_id").is_null()).height
    running = rows.filter(pl.col("state") != "closed").height
    if lacking:
        return _("{n} 张督办单未办结，还有 {m} 件该督办而没有督办", n=running, m=lacking)
    return _("{n} 张督办单未办结，该督办的都已督办", n=running)


def paragraph(rows: pl.DataFrame) -> str:
    """The numbers behind it."""
    reply, close = rows["days_to_reply"].drop_nulls().to_list(), rows["days_to_close"].drop_nulls().to_list()
    late = rows.filter(pl.col("state") == "unanswered").height
    parts = [_("{n} 张过了时限还没有回复。", n=late)] if late else []
    if reply:
        parts.append(_("回复用时中位数 **{n} 天**（{k} 张）。", n=f"{median(reply):g}", k=len(reply)))
    if close:
        parts.append(_("办结用时中位数 **{n} 天**（{k} 张）。", n=f"{median(close):g}", k=len(close)))
    return sentences(parts)


def asked(rows: pl.DataFrame) -> pl.DataFrame:
    """The filters: state, reason, department."""
    with filters.fold():
        one, two, three = st.columns(3, gap="medium")
        with one:
            options = {code: called(code, "supervision") for code in codes("supervision")}
            wanted = filters.several(
                st.pills, "supervision_state", "state", _("状态"), options, [], selection_mode="multi"
            )
        with two:
            reasons = {code: ledger_status.reason(code) for code in ("behind", "overdue", "problem", "other")}
            why = filters.several(
                st.pills, "supervision_reason", "reason", _("事由"), reasons, [], selection_mode="multi"
            )
        with three:
            owners = filters.several(
                st.multiselect, "supervision_department", "department", _("被督办部门"),
                preplan.choices(rows, "department"), [], placeholder=_("全部部门"), select_all=False,
            )  # fmt: skip
    for column, chosen in (("state", wanted), ("reason", why), ("department_id", owners)):
        rows = rows.filter(pl.col(column).is_in(chosen)) if chosen else rows
    return rows


def draw(rows: pl.DataFrame, opened: Any, link: str) -> list[pictures.Picture]:
    """Orders over time, the unanswered first."""
    shown = rows.head(device.fit(DRAWN, SMALL))
    lines = [
        (
            f"{state_of(row['state'], 'supervision').mark} {row['supervision_id']} "
            f"{name(row, 'about') or row['about']}",
            row["issued"], row["due"], row["closed"], ledger_status.word(row["state"], "supervision"),
        )
        for row in shown.iter_rows(named=True)
    ]  # fmt: skip
    schema = {"label": pl.String, "start": pl.Date, "due": pl.Date, "done": pl.Date, "state": pl.String}
    frame = pl.DataFrame(lines, schema=schema, orient="row")
    drawn = ledger.timeline(frame, opened.asof, device.palette(), sample=opened.sample)
    picture = preplan.charted("supervision", drawn, _("督办单：从下达到办结"), rows, link)
    st.caption(_("深色为已用时间，竖线为回复时限。"))
    return [picture]


def table(rows: pl.DataFrame, opened: Any) -> None:
    """Every order with its age and its answers."""

    def cells(row: Row) -> Row:
        late = _("，超 {n} 天", n=row["late_days"]) if row["state"] == "unanswered" and row["late_days"] else ""
        return {
            _("督办单"): chain.linked(
                opened,
                "supervision",
                row["supervision_id"],
                f"{row['supervision_id']} {name(row, 'about') or row['about']}",
            ),
            _("状态"): tables.Rich(
                tables.joined(ledger_status.shown(row["state"], "supervision", late), markdown=True)
            ),
            _("事由"): ledger_status.reason(row["reason"]),
            _("被督办部门"): name(row, "department"),
            _("下达"): figures.day(row["issued"].isoformat()).replace(" ", tables.NO_BREAK),
            _("下达以来"): _("{n} 天", n=row["age"]),
            _("回复用时"): _("{n} 天", n=row["days_to_reply"]) if row["days_to_reply"] is not None else "—",
            _("办结用时"): _("{n} 天", n=row["days_to_close"]) if row["days_to_close"] is not None else "—",
        }

    st.subheader(_("督办单"), anchor=False)
    preplan.pick("supervision", "order", _("打开一张督办单"), rows, "supervision_id", "about")
    tables.table("supervision_orders", rows, cells, right=(_("下达以来"), _("回复用时"), _("办结用时")))


def due(rows: pl.DataFrame, rule: Any, opened: Any) -> None:
    """What ought to be ordered, why, and whether an order exists."""
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
        given = row["order_id"] or tables.Rich(f":red[■]{tables.NO_BREAK}{none}")
        return {
            _("事项"): chain.linked(opened, kinds[row["reason"]], row["about"], f"{row['about']} {name(row, 'about')}"),
            _("理由"): why,
            _("责任部门"): name(row, "department") or "—",
            _("督办单"): given,
            _("按规则该到哪一步"): name(row, "step") or "—",
        }

    tables.table("supervision_due", rows, cells)
    ladder(rule)


def ladder(rule: Any) -> None:
    """The steps of the chosen rule, in words."""
    called = plain_text.within_bold(name(rule.texts, "name"))
    if not rule.ladder:
        st.caption(_("规则“{rule}”没有升级办法。", rule=called))
        return
    steps = [
        f"{n}. {plain_text.plain(rung.name_zh if lang() == 'zh' else rung.name_en)}　"
        f":gray[{plain_text.plain(condition(rung.when))}]"
        for n, rung in enumerate(rule.ladder, 1)
    ]
    st.markdown("**" + _("升级办法：{rule}", rule=called) + "**\n\n" + "\n".join(steps))


def condition(text: str) -> str:
    """A condition of a step in words."""
    words = {
        "months": _("连续滞后月数"), "days": _("逾期天数"), "far": _("当月严重滞后"), ">=": "≥", " or ": _(" 或 "),
        " and ": _(" 且 "),
    }  # fmt: skip
    for code, said in words.items():
        text = text.replace(code, said)
    return text


def one(top: Any, row: Row, graph: Any, opened: Any) -> str:
    """One order: to whom, why, its days, and its chain. Returns its title."""
    called, state = name(row, "about") or row["about"], ledger_status.word(row["state"], "supervision")
    heading = _("{order}：{state}", order=called, state=state)
    said = listed(
        [ledger_status.reason(row["reason"]), name(row, "department"), *([row["note"]] if row["note"] else [])]
    )
    with top:
        preplan.back("supervision", opened)
        layout.head([*opened.eyebrow, row["supervision_id"]], heading, plain_text.plain(said))
    days = ((_("下达"), "issued"), (_("回复时限"), "due"), (_("回复"), "replied"), (_("办结"), "closed"))
    layout.numbers([(label, figures.day(row[c].isoformat()), "") for label, c in days if row[c]], columns=4)
    chain.show(graph, f"supervision:{row['supervision_id']}", opened.address)
    return heading
