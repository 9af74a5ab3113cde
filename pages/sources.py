"""Data and sources: every source, every indicator, every table, the whole database, the addresses for programs."""

import polars as pl
import streamlit as st

from pages.themes import library
from pages.ui import filters, layout
from pages.upload import own_section
from pages.wording.language import _, lang
from queries import upload
from queries.catalogue.catalogue import indicators, sources, tables
from queries.database import engine, own_figures
from queries.exploring import exploration
from queries.export import formats, package
from queries.targets.targets import targets

texts, named, shelves = sources(), indicators(), tables()
title = _(
    "{figures} 条数据、{targets} 项目标，出自 {sources} 份公开材料",
    figures=exploration.published(),
    targets=targets().filter(pl.col("evidence") == "published").height,
    sources=texts.filter(pl.col("carrier") != "own").height,
)
copies = texts.filter(pl.col("carrier") == "copy").height
layout.head(
    [_("数据与来源"), _("数据版本 {version}", version=engine.data_version())],
    title,
    _("每个数都带出处和位置。{n} 份材料只见于转抄页：照常注明，不给链接，可信度不高于中。", n=copies),
)
shows = {
    "own": _("用自己的数据"), "sources": _("全部来源"), "indicators": _("指标口径"), "tables": _("数据表"),
    "files": _("下载与接口"),
}  # fmt: skip
show = filters.several(
    st.pills, "sources_show", "show", _("看什么"), shows, ["own", "sources"], selection_mode="multi",
    label_visibility="collapsed",
)  # fmt: skip
if "own" in show or not show:
    own_section.section(shows["own"], own_figures, upload)
listed = not show or {"sources", "indicators"} & set(show)
wanted = filters.words("sources_find", "find", _("查找来源、指标、代码")) if listed else ""
parameters = {"lang": lang(), "show": ",".join(show) or filters.ALL}
link = layout.address(parameters | ({"find": wanted} if wanted else {}))

if "sources" in show or not show:
    st.subheader(shows["sources"], anchor=False)
    rows = library.sources(texts, wanted)
    layout.actions("sources", "sources", rows, link, title, [], named)
if "indicators" in show or not show:
    st.subheader(shows["indicators"], anchor=False)
    rows = library.indicators(named, wanted)
    library.download("sources_indicators", "indicators", rows)
if "tables" in show or not show:
    st.subheader(shows["tables"], anchor=False)
    chosen = filters.single("sources_table", "table", _("数据表"), library.table_names(shelves), "observation")
    library.table(shelves, chosen, engine.table(chosen))
if "files" in show or not show:
    st.subheader(shows["files"], anchor=False)
    library.whole(formats.database_file, package.datapackage, engine.data_version())
    library.addresses(layout.address({}).partition("?")[0].rsplit("/", 1)[0])
filters.ignored("sources")
