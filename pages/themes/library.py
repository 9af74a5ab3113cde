"""The shelf of data: sources, indicators, tables, whole files, addresses for programs."""

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st
from polars.selectors import by_name, string

from pages.ui import downloads, filters, tables
from pages.wording import figures, plain_text
from pages.wording.language import _, lang, name, sentences
from queries.export.formats import flat

Row = dict[str, Any]


def carrier(code: str) -> str:
    """How a text reached us."""
    return {"original": _("原始发布"), "repost": _("转载"), "copy": _("转抄页，不链接"),
            "own": _("自有文件")}[code]  # fmt: skip


def found(rows: pl.DataFrame, words: str) -> pl.DataFrame:
    """Rows in whose names, codes or remarks, in either language, every word stands; and how many they are."""
    text = pl.concat_str(string() - by_name("data_version"), separator=" ", ignore_nulls=True).str.to_lowercase()
    shown = rows.filter(pl.lit(True), *(text.str.contains(word, literal=True) for word in words.lower().split()))
    filters.counted(shown.height, rows.height)
    return shown


def sources(rows: pl.DataFrame, words: str) -> pl.DataFrame:
    """Sources with what rests on each; a copy is cited, never linked. Returned are the rows found."""
    rows = found(rows, words)
    counts = {
        "observations": _("数据 {n}"),
        "targets": _("目标 {n}"),
        "commitments": _("承诺 {n}"),
        "zones": _("名录 {n}"),
    }

    def entry(row: Row) -> tuple[str, list[str], str]:
        facts = [name(row, "publisher"), figures.day(row["published"]), carrier(row["carrier"])]
        facts += [text.format(n=row[column]) for column, text in counts.items() if row[column]]
        called = plain_text.linked(name(row, "title"), row["url"])
        return called, [*facts, row["source_id"]], name(row, "note")

    tables.entries("sources_sources", rows, entry)
    return rows


def indicators(rows: pl.DataFrame, words: str) -> pl.DataFrame:
    """Indicators with definition, unit and counts. Returned are the rows found."""
    rows = found(rows, words)
    counts = {"observations": _("数据 {n}"), "targets": _("目标 {n}"), "parks": _("地区 {n}")}

    def entry(row: Row) -> tuple[str, list[str], str]:
        facts = [figures.theme(row["theme"]), name(row, "unit")]
        facts += [text.format(n=row[column]) for column, text in counts.items() if row[column]]
        basis = figures.basis(row["growth_basis"])
        told = sentences(
            [name(row, "definition"), _("增速口径：{basis}。{why}", basis=basis, why=name(row, "growth_basis"))]
        )
        return plain_text.plain(name(row, "name")), [*facts, row["indicator_id"]], told

    tables.entries("sources_indicators", rows, entry)
    return rows


def table_names(rows: pl.DataFrame) -> dict[str, str]:
    """Tables by code: what each is called, its code, and its number of rows."""
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


def table(rows: pl.DataFrame, code: str, content: pl.DataFrame) -> None:
    """One table to look at and to take away, with what its columns hold."""
    row = rows.filter(pl.col("table_id") == code).row(0, named=True)
    st.caption(plain_text.plain(name(row, "comment")))
    if content.is_empty():
        st.info(_("这张表还没有记录。"), icon=":material/table_rows:")
    else:
        height = min(38 + 35 * content.height, 420)
        days: Any = {
            column: st.column_config.DateColumn() for column, kind in content.schema.items() if kind == pl.Date
        }
        frame, alt = flat(content), name(row, "comment")
        st.dataframe(frame, hide_index=True, height=height, column_config=days, placeholder="—", alt=alt)
    with st.expander(_("各列含义"), icon=":material/view_column:"):
        st.markdown(
            "\n".join(
                f"- `{column}`：{plain_text.plain(comment)}"
                for column, comment in zip(row["columns"], row[f"comments_{lang()}"], strict=True)
            )
        )
    download(f"sources_table_{code}", code, content)


def download(page: str, view: str, rows: pl.DataFrame) -> None:
    """Files of one table."""
    downloads.menu(page, view, rows, [])


def whole(database: Callable[[], bytes], package: Callable[[], bytes], version: str) -> None:
    """The whole database, as one file and as CSVs with their description."""
    with st.container(horizontal=True):
        downloads.button(_("整个数据库（DuckDB）"), database, f"park-{version}.duckdb", "duckdb", "sources_duckdb")
        downloads.button(
            _("全部表 CSV（zip，含 datapackage.json）"), package, f"park-{version}.zip", "zip", "sources_zip"
        )


def addresses(base: str) -> None:
    """The addresses for programs."""
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
            docs=plain_text.safe(f"{base}/api/docs"),
        )
    )
    st.caption(_("台账的路由另有 asof、state、department 等；不认识的参数会被拒绝，并列出可用的。"))
