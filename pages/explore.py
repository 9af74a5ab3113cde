"""Explore: any indicator, place, period and evidence, as chart, table and file; or a question in SQL."""

import polars as pl
import streamlit as st

from pages.exploring import chart_panels, facets, sql_editor
from pages.themes import sections
from pages.ui import device, filters, layout, tables
from pages.wording.language import _, lang
from queries.catalogue.catalogue import breaks, derivations, home_park, indicators, parks, units
from queries.catalogue.catalogue import tables as schema
from queries.exploring import exploration, search
from queries.figures import growth_index_share

head, bar = st.container(), st.container(horizontal=not device.phone(), vertical_alignment="center")
tabs = {"figures": _("按条件查"), "sql": _("用 SQL 查")}
with bar:
    tab = filters.single_pills("explore_tab", "tab", _("怎么查"), tabs, "figures")
if tab == "sql":
    sql_editor.show(head, schema(), units())
    layout.stop()

offered, places = indicators(), parks()
computed = derivations(lang()).select("name_zh", "name_en", indicator_id="derivation_id")
named = pl.concat([offered.select("indicator_id", "name_zh", "name_en"), computed], how="diagonal")
choice, counts = facets.asked("explore", named, places, bar)
total, whole, asked = counts["all"][""], exploration.cube(choice.asof), search.found(choice.text)
filters.told("explore", total, int(whole["figures"].sum()), chart_panels.FORM)
if not total:
    eased = {} if asked.unknown else exploration.eased(choice)
    facets.beside(head, exploration.aimed(choice, lang()), exploration.promised(choice, lang()))
    facets.nothing("explore", head, asked.unknown, search.instead(choice.text) if asked.unknown else None, eased)
if total > exploration.MOST:
    file = layout.program("observations.csv", exploration.parameters(choice))
    facets.too_many("explore", head, exploration.MOST, file, {"indicator": named, "park": places}, counts)

found = exploration.figures(choice, lang())
form = (found, asked.measure, choice.asof)
measure, kind, base = chart_panels.form("explore", *form) if choice.any else chart_panels.PLAIN
rows = growth_index_share.measured(found, measure, base, lang(), choice.asof)
shown = exploration.coded(choice, filters.chosen(*exploration.PARAMETERS), measure)
link = layout.address({"lang": lang(), "evidence": ",".join(choice.evidence)} | shown)
split = chart_panels.split(rows, units(), home_park()) if choice.any else []
title = chart_panels.title(rows, split, breaks())
with head:
    layout.head([_("自助查询"), sections.until(found)], title, "")
if not chart_panels.reached(found.height, rows.height, measure):
    layout.stop()
if not choice.any:
    facets.starts("explore", {"indicator": named, "park": places}, counts)
drawn = chart_panels.draw("explore", split, kind, breaks(), link, rows) if choice.any else []
st.subheader(_("全部数据"), anchor=False)
tables.observations("explore", rows)
sql, program = exploration.shown_sql(choice), layout.program("observations.csv", exploration.parameters(choice))


def more() -> None:
    """The SQL and the address for programs behind this view."""
    sql_editor.behind(sql, rows)
    facets.behind(program, rows, measure)


layout.actions("explore", "observations", rows, link, title, drawn, offered, more=more)
