"""The shelf of data: sources, indicators, tables, whole files, addresses for programs."""

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from pages.parts import downloads, figures, layout
from pages.parts.words import _, lang, name
from queries.files import flat

Row = dict[str, Any]


def carrier(code: str) -> str:
    """How a text reached us."""
    return {"original": _("原始发布"), "repost": _("转载"), "copy": _("转抄页，不链接")}[code]


def sources(rows: pl.DataFrame) -> None:
    """Every source with what rests on it; a copy is cited, never linked."""
    shown = [
        {
            _("来源"): name(row, "title"),
            _("发布者"): name(row, "publisher"),
            _("日期"): figures.day(row["published"]),
            _("数据"): row["observations"],
            _("目标"): row["targets"],
            _("承诺"): row["commitments"],
            _("名录"): row["zones"],
            _("转载情况"): carrier(row["carrier"]),
            _("链接"): row["url"],
            _("说明"): name(row, "note"),
        }
        for row in rows.iter_rows(named=True)
    ]
    columns: dict[str, Any] = {
        _("来源"): st.column_config.TextColumn(width=310, pinned=True),
        _("发布者"): st.column_config.TextColumn(width=150),
        _("日期"): st.column_config.TextColumn(width=108),
        **{label: st.column_config.NumberColumn(width=48) for label in (_("数据"), _("目标"), _("承诺"), _("名录"))},
        _("转载情况"): st.column_config.TextColumn(width=105),
        _("链接"): st.column_config.LinkColumn(display_text=_("打开"), width=56),
    }
    st.dataframe(
        pl.DataFrame(shown, infer_schema_length=None),
        hide_index=True,
        column_config=columns,
        height=500,
        placeholder="—",
        alt=_("全部来源及各自所载的数据条数"),
    )


def cited(rows: pl.DataFrame) -> pl.DataFrame:
    """Source rows with the columns that citations read."""
    return rows.with_columns(
        source_title=pl.col(f"title_{lang()}"),
        source_url=pl.col("url"),
        source_published=pl.col("published"),
        locator=pl.col("source_id"),
    )


def indicators(rows: pl.DataFrame) -> None:
    """Every indicator with definition, unit and counts."""
    shown = [
        {
            _("指标"): name(row, "name"),
            _("方面"): figures.theme(row["theme"]),
            _("单位"): name(row, "unit"),
            _("数据"): row["observations"],
            _("目标"): row["targets"],
            _("地区"): row["parks"],
            _("口径"): name(row, "definition"),
            _("代码"): row["indicator_id"],
        }
        for row in rows.iter_rows(named=True)
    ]
    columns: dict[str, Any] = {
        _("指标"): st.column_config.TextColumn(width=240, pinned=True),
        _("口径"): st.column_config.TextColumn(width=520),
    }
    frame = pl.DataFrame(shown)
    alt = _("全部指标及其口径")
    st.dataframe(frame, hide_index=True, column_config=columns, height=500, placeholder="—", alt=alt)


def table_names(rows: pl.DataFrame) -> dict[str, str]:
    """Tables by code, each with its number of rows."""
    return {
        row["table_id"]: f"{row['table_id']}（{row['rows']}）"
        if lang() == "zh"
        else f"{row['table_id']} ({row['rows']})"
        for row in rows.iter_rows(named=True)
        if row["table_id"] != "build"
    }


def table(rows: pl.DataFrame, code: str, content: pl.DataFrame) -> None:
    """One table to look at and to take away, with what its columns hold."""
    row = rows.filter(pl.col("table_id") == code).row(0, named=True)
    st.caption(row["comment"])
    if content.is_empty():
        st.info(_("这张表还没有记录。"), icon=":material/table_rows:")
    else:
        height = min(38 + 35 * content.height, 420)
        days: Any = {
            column: st.column_config.DateColumn() for column, kind in content.schema.items() if kind == pl.Date
        }
        frame, alt = flat(content), row["comment"]
        st.dataframe(frame, hide_index=True, height=height, column_config=days, placeholder="—", alt=alt)
    with st.expander(_("各列含义"), icon=":material/view_column:"):
        st.markdown(
            "\n".join(
                f"- `{column}`：{layout.plain(comment)}"
                for column, comment in zip(row["columns"], row["comments"], strict=True)
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
        "/api/observations.xlsx?park=xthtz&lang=zh",
        "/api/targets.json?park=xthtz",
        "/api/commitments.csv?theme=innovation",
        "/api/indicators.json",
        "/api/sources.json",
        "/api/tables/zone.csv",
        "/api/park.duckdb",
        "/api/datapackage.zip",
        "/api/health",
        "/api/openapi.json",
    ]
    st.code("\n".join(base + example for example in examples), language=None, wrap_lines=True)
    st.caption(_("参数：theme、indicator、park、from、to、evidence、lang；多个代码用逗号分开；bom=0 去掉字节序标记。"))
