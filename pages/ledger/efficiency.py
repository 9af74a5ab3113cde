"""The page of efficiency: promises kept, by service, department and month; the cases behind any point."""

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from pages.charts import ledger_groups, pictures
from pages.ledger import listing
from pages.ledger.opening import LedgerView
from pages.ui import cell_text, device, filters, tables
from pages.wording import figures, ledger_status, target_status
from pages.wording.language import _, join_sentences, localize_name
from queries.ledger.efficiency import summarize_cases

Row = dict[str, Any]
CLOSED_CASE_STATES = ("on_time", "late")


def describe_efficiency_title(rows: pl.DataFrame) -> str:
    """Return the title of the page: the share of closed cases that kept their promise."""
    closed = rows.filter(pl.col("state").is_in(CLOSED_CASE_STATES))
    if closed.is_empty():
        return _("{n} 件事项，都还没有办结", n=rows.height)
    kept = closed.filter(pl.col("state") == "on_time").height
    return _("{share} 的事项按承诺办结", share=target_status.format_percent(100 * kept / closed.height))


def describe_efficiency_details(rows: pl.DataFrame, months: pl.DataFrame) -> str:
    """Return the numbers behind the title: cases accepted, closed, late; months outside the control limits.

    months: the points of the control chart, from queries.ledger.efficiency.
    """
    closed = rows.filter(pl.col("state").is_in(CLOSED_CASE_STATES))
    late, over = closed.filter(pl.col("state") == "late").height, rows.filter(pl.col("state") == "late_open").height
    parts = [_("受理 {n} 件，办结 {done} 件，超时办结 **{late} 件**。", n=rows.height, done=closed.height, late=late)]
    if over:
        parts.append(_("还有 {n} 件没办完已经超时。", n=over))
    out = months.filter("out")
    for row in out.head(2).iter_rows(named=True):
        parts.append(
            _(
                "**{month}**按时率 {share}，超出正常波动。", month=figures.format_period(row["month"]),
                share=target_status.format_percent(100 * row["share"]),
            )
        )  # fmt: skip
    return join_sentences(parts)


def choose_cases(rows: pl.DataFrame) -> pl.DataFrame:
    """Show the filters (service, department, month of completion, state); return the cases chosen."""
    months = {month: figures.format_period(month) for month in rows["month"].drop_nulls().unique().sort()}
    states = {
        code: ledger_status.label_state(code, "service_case") for code in ("late_open", "late", "open", "on_time")
    }
    notes = {}
    if months:
        first, *_between, last = [*months.values(), *months.values()]
        notes["month"] = _("台账里有办结事项的月份从{first}到{last}。", first=first, last=last)
    return listing.choose_rows(
        "efficiency", rows,
        listing.ListFilter(
            "service", _("服务"), listing.make_name_options(rows, "service"), "service_id", _("全部服务")
        ),
        listing.make_department_filter(rows, _("承办部门")),
        listing.ListFilter("month", _("办结月份"), months, "month", _("全部月份")),
        listing.ListFilter("state", _("状态"), states, "state", _("全部")),
        notes=notes,
    )  # fmt: skip


def show_control_chart(
    rows: pl.DataFrame, months: pl.DataFrame, opened: LedgerView, link: str
) -> list[pictures.Picture]:
    """Show the control chart, with what its limits mean; return its picture. Fewer than two months give none."""
    if months.height < 2:
        return []
    heading = _("每月按时率")
    drawn = ledger_groups.draw_control_chart(months, device.get_palette(), sample=opened.sample)
    picture = listing.show_ledger_chart("efficiency", drawn, heading, rows, link)
    if months["mean"][0] is None:
        st.caption(_("不足 6 个月，不画上下限。"))
    else:
        st.caption(
            _(
                "上下限为平均值加减三倍标准误，件数越少越宽。落在里面的起伏可能只是偶然，"
                "落在外面的值得查原因。"
            )
        )  # fmt: skip
    return [picture]


def show_service_groups(rows: pl.DataFrame) -> pl.DataFrame:
    """Show cases by service, department or month: share on time, median, 90th percentile. Return the groups."""
    st.subheader(_("谁守承诺"), anchor=False)
    options = {"service": _("服务"), "department": _("承办部门"), "month": _("办结月份")}
    by = filters.choose_pill("efficiency_by", "by", _("分组"), options, "service")
    found = summarize_cases(rows, by)

    def cells(row: Row) -> Row:
        return {
            options[by]: figures.format_period(row["month"]) if by == "month" else localize_name(row, by),
            _("受理"): str(row["cases"]),
            _("办结"): str(row["closed"]),
            _("按时率"): target_status.format_percent(None if row["share"] is None else 100 * row["share"]),
            _("用时中位数"): _("{n} 个工作日", n=f"{row['median']:g}") if row["median"] is not None else "—",
            _("九成在多久内"): _("{n} 个工作日", n=f"{row['p90']:g}") if row["p90"] is not None else "—",
            _("在办超时"): str(row["open_late"]),
            _("满意度"): target_status.format_percent(row["satisfaction"]),
        }

    right = (
        _("受理"), _("办结"), _("按时率"), _("用时中位数"), _("九成在多久内"), _("在办超时"), _("满意度"),
    )  # fmt: skip
    tables.show_table("efficiency_groups", found, cells, right)
    return found


def show_case_table(rows: pl.DataFrame, last: int) -> None:
    """Show the cases behind the numbers, those past their promise first.

    last: the last year for which public holidays are announced.
    """
    st.subheader(_("背后的事项 {n} 件", n=rows.height), anchor=False)
    order = {"late_open": 0, "late": 1, "open": 2, "no_calendar": 3, "on_time": 4}
    rows = rows.sort(
        pl.col("state").replace_strict(order, return_dtype=pl.Int8), pl.col("over"), descending=[False, True]
    )

    def cells(row: Row) -> Row:
        return {
            _("事项"): f"{row['case_id']} {localize_name(row, 'service')}",
            _("状态"): cell_text.MarkdownCell(
                cell_text.format_unbroken(
                    ledger_status.label_state_with_delay(row["state"], "service_case", row["over"]), markdown=True
                )
            ),
            _("承办部门"): localize_name(row, "department"),
            _("受理"): format_day_cell(row["accepted"]),
            _("办结"): format_day_cell(row["finished"]),
            _("承诺，工作日"): str(row["promised_days"]),
            _("实用，工作日"): "—" if row["used"] is None else str(row["used"]),
        }

    tables.show_table("efficiency_cases", rows, cells, right=(_("承诺，工作日"), _("实用，工作日")))
    st.caption(
        _(
            "工作日按国务院公布的放假和调休安排计，从受理的次一工作日算起；放假安排已知到 {year} 年。",
            year=last,
        )
    )  # fmt: skip


def format_day_cell(value: date | None) -> str:
    """Return a date for a cell, without a line break; a dash for None."""
    return "—" if value is None else cell_text.UnbrokenCell(figures.format_date(value.isoformat()))
