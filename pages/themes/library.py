"""Show the data for reuse: sources, indicators, tables, whole files, addresses for programs."""

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st
from polars.selectors import by_name, string

from pages.ui import downloads, filters, tables
from pages.wording import figures, plain_text
from pages.wording.language import _, join_sentences, lang, localize_name
from queries.export.formats import flatten_lists

Row = dict[str, Any]


def label_carrier(code: str) -> str:
    """Return how a text reached this site: original, repost, copy or own file."""
    return {"original": _("原始发布"), "repost": _("转载"), "copy": _("转抄页，不链接"),
            "own": _("自有文件")}[code]  # fmt: skip


def find_rows_with_words(rows: pl.DataFrame, words: str) -> pl.DataFrame:
    """Return the rows that contain every word, and show how many they are.

    The words are looked for in names, codes and remarks, in either language.
    """
    text = pl.concat_str(string() - by_name("data_version"), separator=" ", ignore_nulls=True).str.to_lowercase()
    shown = rows.filter(pl.lit(True), *(text.str.contains(word, literal=True) for word in words.lower().split()))
    filters.show_row_count(shown.height, rows.height)
    return shown


def show_all_sources(rows: pl.DataFrame, words: str) -> pl.DataFrame:
    """Show the sources with how much rests on each, and return the rows found.

    A copy is cited, never linked.
    """
    rows = find_rows_with_words(rows, words)
    counts = {
        "observations": _("数据 {n}"),
        "targets": _("目标 {n}"),
        "commitments": _("承诺 {n}"),
        "zones": _("名录 {n}"),
    }

    def entry(row: Row) -> tuple[str, list[str], str]:
        facts = [localize_name(row, "publisher"), figures.format_date(row["published"]), label_carrier(row["carrier"])]
        facts += [text.format(n=row[column]) for column, text in counts.items() if row[column]]
        called = plain_text.format_link(localize_name(row, "title"), row["url"])
        return called, [*facts, row["source_id"]], localize_name(row, "note")

    tables.show_entries("sources_sources", rows, entry)
    return rows


def show_all_indicators(rows: pl.DataFrame, words: str) -> pl.DataFrame:
    """Show the indicators with definition, unit and counts, and return the rows found."""
    rows = find_rows_with_words(rows, words)
    counts = {"observations": _("数据 {n}"), "targets": _("目标 {n}"), "parks": _("地区 {n}")}

    def entry(row: Row) -> tuple[str, list[str], str]:
        facts = [figures.label_theme(row["theme"]), localize_name(row, "unit")]
        facts += [text.format(n=row[column]) for column, text in counts.items() if row[column]]
        basis = figures.label_growth_basis(row["growth_basis"])
        told = join_sentences(
            [
                localize_name(row, "definition"),
                _("增速口径：{basis}。{why}", basis=basis, why=localize_name(row, "growth_basis")),
            ]
        )
        return plain_text.escape_markdown(localize_name(row, "name")), [*facts, row["indicator_id"]], told

    tables.show_entries("sources_indicators", rows, entry)
    return rows


def get_table_labels(rows: pl.DataFrame) -> dict[str, str]:
    """Return the label of each table by code: its name, its code, and its number of rows."""
    called = {
        "source": _("来源"),
        "park": _("地区"),
        "unit": _("单位"),
        "indicator": _("指标"),
        "observation": _("数据"),
        "target": _("目标"),
        "commitment": _("承诺"),
        "title": _("称号"),
        "mechanism": _("机制"),
        "mechanism_link": _("机制所管"),
        "zone": _("园区名录"),
        "zone_source": _("名录的来源"),
        "same_as": _("同一指标"),
        "alias": _("别称"),
        "series_break": _("序列中断"),
        "derivation": _("推算关系"),
        "publication": _("通常在哪里公布"),
        "build": _("数据版本"),
    }
    return {
        row["table_id"]: _("{name} {code}（{n} 行）", name=called[row["table_id"]], code=row["table_id"], n=row["rows"])
        for row in rows.iter_rows(named=True)
        if row["table_id"] in called
    }


def show_data_table(rows: pl.DataFrame, code: str, content: pl.DataFrame) -> None:
    """Show one table with what its columns hold, and its downloads.

    rows: the list of tables; code: of the table; content: its rows.
    """
    row = rows.filter(pl.col("table_id") == code).row(0, named=True)
    st.caption(plain_text.escape_markdown(localize_name(row, "comment")))
    if content.is_empty():
        st.info(_("这张表还没有记录。"), icon=":material/table_rows:")
    else:
        height = min(38 + 35 * content.height, 420)
        days: Any = {
            column: st.column_config.DateColumn() for column, kind in content.schema.items() if kind == pl.Date
        }
        frame, alt = flatten_lists(content), localize_name(row, "comment")
        # Of a long table the browser gets what it shows, and more as one scrolls.
        st.dataframe(frame, hide_index=True, height=height, column_config=days, placeholder="—", alt=alt, lazy=True)
    with st.expander(_("各列含义"), icon=":material/view_column:"):
        st.markdown(
            "\n".join(
                f"- `{column}`：{plain_text.escape_markdown(comment)}"
                for column, comment in zip(row["columns"], row[f"comments_{lang()}"], strict=True)
            )
        )
    show_table_downloads(f"sources_table_{code}", code, content)


def show_table_downloads(page: str, view: str, rows: pl.DataFrame) -> None:
    """Show the downloads of one table."""
    downloads.show_download_menu(page, view, rows, [])


def show_database_downloads(database: Callable[[], bytes], package: Callable[[], bytes], version: str) -> None:
    """Show the downloads of the whole database: one file, and CSVs with their description.

    database, package: make these files; version: of the data, for their names.
    """
    with st.container(horizontal=True):
        downloads.show_download_button(
            _("整个数据库（DuckDB）"), database, f"park-{version}.duckdb", "duckdb", "sources_duckdb"
        )
        downloads.show_download_button(
            _("全部表 CSV（zip，含 datapackage.json）"), package, f"park-{version}.zip", "zip", "sources_zip"
        )
    st.caption(_("数据库文件可用 DuckDB 1.2 及以后的版本打开。"))


def show_program_addresses(base: str) -> None:
    """Show examples of addresses for programs.

    base: what comes before /api.
    """
    st.markdown(_("程序可用同样的筛选取数，得到的与页面按钮下载的完全一致："))
    examples = [
        "/api/observations.csv?park=xthtz&theme=economy&from=2012&to=2014",
        "/api/observations.json?indicator=total_revenue",
        "/api/observations.parquet",
        "/api/observations.jsonl?limit=1000&offset=0",
        "/api/observations.xlsx?park=xthtz&lang=zh",
        "/api/targets.json?park=xthtz",
        "/api/status.json?park=xthtz&year=2014&rule=default&asof=2015-12-31",
        "/api/unlock.json?park=xthtz",
        "/api/findings.json?severity=needs_definition",
        "/api/rules.json",
        "/api/tasks.csv?park=sample&state=overdue&asof=2025-10-10",
        "/api/projects.json?park=sample&breach=no_leader,no_team",
        "/api/monthly.xlsx?park=sample&asof=2025-07-10&rule=default",
        "/api/supervision.csv?park=sample",
        "/api/due-orders.csv?park=sample",
        "/api/efficiency.parquet?park=sample&month=2025-10",
        "/api/efficiency-groups.csv?park=sample&by=department",
        "/api/scores.json?park=sample&weights=K01:40",
        "/api/score-items.csv?park=sample",
        "/api/chain.json?park=sample&target=S03",
        "/api/ledgers.json",
        "/api/ledger-empty.xlsx",
        "/api/commitments.csv?theme=innovation",
        "/api/indicators.json",
        "/api/sources.json",
        "/api/tables/zone.csv",
        "/api/park.duckdb",
        "/api/datapackage.json",
        "/api/datapackage.zip",
        "/api/health",
        "/api/openapi.json",
        "/api/docs",
    ]
    st.code("\n".join(base + example for example in examples), language=None, wrap_lines=True)
    st.caption(_("参数：theme、indicator、park、from、to、evidence、lang；多个代码用逗号分开；bom=0 去掉字节序标记。"))
    st.caption(
        _(
            "用 limit、offset 分页取数；附上 ETag，数据未变时返回 304。参数与各列含义（英文）见 [/api/docs]({docs})。",
            docs=plain_text.escape_url(f"{base}/api/docs"),
        )
    )
    st.caption(_("台账的路由另有 asof、state、department 等；不认识的参数会被拒绝，并列出可用的。"))
