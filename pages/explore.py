"""Explore: any indicator, place, period and evidence, as chart, table and file; or a question in SQL."""

import polars as pl
import streamlit as st

from pages.parts import asking, facets, filters, layout, panels, screen, sections, tables
from pages.parts.words import _, lang
from queries import explore, measures, search
from queries.catalogue import SELF, breaks, derivations, indicators, parks, units
from queries.catalogue import tables as schema

head, bar = st.container(), st.container(horizontal=not screen.phone(), vertical_alignment="center")
tabs = {"figures": _("按条件查"), "sql": _("用 SQL 查")}
with bar:
    tab = filters.single_pills("explore_tab", "tab", _("怎么查"), tabs, "figures")
if tab == "sql":
    asking.show(head, schema(), units())
    layout.stop()

offered, places = indicators(), parks()
computed = derivations(lang()).select("name_zh", "name_en", indicator_id="derivation_id")
named = pl.concat([offered.select("indicator_id", "name_zh", "name_en"), computed], how="diagonal")
choice, counts = facets.asked("explore", named, places, bar)
total, whole, asked = counts["all"][""], explore.cube(), search.found(choice.text)
filters.told("explore", total, int(whole["figures"].sum()), panels.FORM)
if not total:
    eased = {} if asked.unknown else explore.eased(choice)
    facets.beside(head, explore.aimed(choice, lang()), explore.promised(choice, lang()))
    facets.nothing("explore", head, asked.unknown, search.instead(choice.text) if asked.unknown else None, eased)
if total > explore.MOST:
    file = layout.program("observations.csv", explore.parameters(choice))
    facets.too_many("explore", head, explore.MOST, file, {"indicator": named, "park": places}, counts)

found = explore.figures(choice, lang())
measure, kind, base = panels.form("explore", found, asked.measure) if choice.any else panels.PLAIN
rows = measures.measured(found, measure, base, lang())
shown = explore.coded(choice, filters.chosen(*explore.PARAMETERS), measure)
link = layout.address({"lang": lang(), "evidence": ",".join(choice.evidence)} | shown)
split = panels.split(rows, units(), SELF) if choice.any else []
title = panels.title(rows, split, breaks())
with head:
    layout.head([_("自助查询"), sections.until(found)], title, "")
if not panels.reached(found.height, rows.height, measure):
    layout.stop()
if not choice.any:
    facets.starts("explore", {"indicator": named, "park": places}, counts)
drawn = panels.draw("explore", split, kind, breaks(), link, rows) if choice.any else []
st.subheader(_("全部数据"), anchor=False)
tables.observations("explore", rows)
sql, program = explore.shown_sql(choice), layout.program("observations.csv", explore.parameters(choice))


def more() -> None:
    """The SQL and the address for programs behind this view."""
    asking.behind(sql, rows)
    facets.behind(program, rows, measure)


layout.actions("explore", "observations", rows, link, title, drawn, offered, more=more)
