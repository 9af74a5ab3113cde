"""Explore: any indicator, place, period and evidence, as chart, table and file; or a question in SQL."""

import polars as pl
import streamlit as st

from pages.parts import asking, facets, filters, layout, panels, sections, tables
from pages.parts.words import _, lang
from queries import explore, measures, sandbox
from queries.catalogue import SELF, breaks, derivations, indicators, parks, units
from queries.catalogue import tables as schema

head = st.container()
tabs = {"figures": _("按条件查"), "sql": _("用 SQL 查")}
if filters.single_pills("explore_tab", "tab", _("怎么查"), tabs, "figures") == "sql":
    asking.show(head, sandbox, schema())
    layout.stop()

offered = indicators()
computed = derivations(lang()).select("name_zh", "name_en", indicator_id="derivation_id")
named = pl.concat([offered.select("indicator_id", "name_zh", "name_en"), computed], how="diagonal")
choice, counts = facets.asked("explore", explore, named, parks())
total = counts["all"][""]
filters.told("explore", total, int(explore.cube()["figures"].sum()))
if total > explore.MOST:
    facets.too_many(total, explore.MOST, layout.program("observations.csv", explore.parameters(choice)))
    layout.stop()

found = explore.figures(choice, lang())
if found.is_empty():
    layout.empty(head)
years = measures.base_years(found)
measure, kind, base = panels.form("explore", found, years, share=measures.can_share(found))
rows = measures.measured(found, measure, base, lang())
link = layout.address({"lang": lang(), "evidence": ",".join(choice.evidence)} | filters.chosen(*explore.PARAMETERS))
title = panels.title(rows) if rows.height else _("这些数不能这样量")
with head:
    layout.head([_("自助查询"), sections.until(found)], title, "")
if choice.any or measure != "level":
    drawn = panels.draw("explore", panels.split(rows, units(), SELF), kind, breaks(), link, rows)
else:
    drawn = facets.whole(named, counts, explore.cube())

st.subheader(_("全部数据"), anchor=False)
tables.observations("explore", rows)
sql = explore.shown_sql(choice)
layout.actions("explore", "observations", rows, link, title, drawn, offered, more=lambda: asking.behind(sql, rows))
