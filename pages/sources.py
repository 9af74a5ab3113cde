"""Data and sources: every source, every indicator, every table, the whole database, the addresses for programs."""

import polars as pl
import streamlit as st

from pages.themes import library
from pages.ui import filters, layout
from pages.upload import own_section
from pages.wording.language import _, lang
from queries.catalogue.catalogue import get_indicators, get_sources, get_tables
from queries.database import engine
from queries.exploring import exploration
from queries.export import formats, package
from queries.targets.targets import get_judged_targets

texts, named, shelves = get_sources(), get_indicators(), get_tables()
title = _(
    "{figures} 条数据、{targets} 项目标，出自 {sources} 份公开材料",
    figures=f"{exploration.count_published_figures():,}",
    targets=get_judged_targets().filter(pl.col("evidence") == "published").height,
    sources=texts.filter(pl.col("carrier") != "own").height,
)
copies = texts.filter(pl.col("carrier") == "copy").height
layout.show_head(
    [_("数据与来源"), _("数据版本 {version}", version=engine.get_data_version())],
    title,
    _("每个数都带来源和位置。{n} 份材料只见于转抄页：照常注明，不给链接，可信度不高于中。", n=copies),
)
shows = {
    "own": _("用自己的数据"), "sources": _("全部来源"), "indicators": _("指标口径"), "tables": _("数据表"),
    "files": _("下载与接口"),
}  # fmt: skip
show = filters.choose_several(
    st.pills, "sources_show", "show", _("看什么"), shows, ["own", "sources"], selection_mode="multi",
    label_visibility="collapsed",
)  # fmt: skip
if "own" in show or not show:
    own_section.show_own_section(shows["own"])
listed = not show or {"sources", "indicators"} & set(show)
wanted = filters.choose_search_words("sources_find", "find", _("查找来源、指标、代码")) if listed else ""
parameters = {"lang": lang(), "show": ",".join(show) or filters.ALL}
link = layout.build_page_address(parameters | ({"find": wanted} if wanted else {}))

if "sources" in show or not show:
    st.subheader(shows["sources"], anchor=False)
    rows = library.show_all_sources(texts, wanted)
    layout.show_actions("sources", "sources", rows, link, title, [], named)
if "indicators" in show or not show:
    st.subheader(shows["indicators"], anchor=False)
    rows = library.show_all_indicators(named, wanted)
    library.show_table_downloads("sources_indicators", "indicators", rows)
if "tables" in show or not show:
    st.subheader(shows["tables"], anchor=False)
    chosen = filters.choose_one("sources_table", "table", _("数据表"), library.get_table_labels(shelves), "observation")
    library.show_data_table(shelves, chosen, engine.get_table_rows(chosen))
if "files" in show or not show:
    st.subheader(shows["files"], anchor=False)
    library.show_database_downloads(formats.read_database_file, package.make_package, engine.get_data_version())
    library.show_program_addresses(layout.build_page_address({}).partition("?")[0].rsplit("/", 1)[0])
filters.show_unknown_codes("sources")
