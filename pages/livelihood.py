"""Livelihood: resettlement first, then what was promised to residents, with the city's incomes as context."""

import polars as pl
import streamlit as st

from pages.themes import commitment_list, resettlement, sections
from pages.ui import filters, layout, tables
from pages.wording import headlines
from pages.wording.language import _, name
from queries.catalogue.catalogue import home_park, home_places, indicators, parks, units
from queries.exploring.exploration import how_many
from queries.figures.derived import of_homes
from queries.figures.observations import observations
from queries.targets.targets import commitments, targets

offered = indicators("livelihood").filter(pl.col("observations") > 0)
head = st.container()
places = parks().filter((pl.col("observations") > 0) | (pl.col("park_id") == home_park()))
view = filters.bar("livelihood", "livelihood", places, offered, home_places())
rows = observations(**view.question)
aims = targets(**(view.aims | {"indicators": None}))
promised = commitments("livelihood", view.parks or None, view.aims["lang"])
filters.told("livelihood", rows.height, how_many("livelihood", view.evidence, view.asof))
if rows.is_empty() and aims.is_empty() and promised.is_empty():
    layout.empty(head)

homes = aims.filter(pl.col("indicator_id").str.starts_with("resettlement"))
link = layout.address(view.address)
title, paragraph = headlines.resettled(homes, rows)
published = pl.concat([rows.select("source_published"), aims.select("source_published")])
with head:
    place = name(homes.row(0, named=True), "park") if homes.height else ""
    layout.head([place, _("民生"), sections.until(published)], title, paragraph)

with st.container():
    derived = of_homes(homes) if "derived" in view.evidence else homes.clear()
    resettlement.show(homes, derived, units(), link, title)
with st.container():
    commitment_list.groups("livelihood", promised, link, title, offered)

if rows.height:
    drawn = sections.context("livelihood", sections.first_place(rows, view), aims, link)
    st.subheader(_("全部数据"), anchor=False)
    tables.observations("livelihood", rows)
    layout.actions("livelihood", "observations", rows, link, title, drawn, offered, view.span)
sections.aims("livelihood", aims, link, title, indicators("livelihood"), view)
