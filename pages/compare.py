"""Compare: one place beside its city, province, peers and the nation, within one definition only."""

import polars as pl
import streamlit as st

from pages.parts import facets, filters, layout, peers, sections, tables
from pages.parts.words import _, lang
from queries import compare, measures
from queries.catalogue import SELF, breaks, indicators, parks, units
from queries.observations import comparable
from queries.targets import targets

head = st.container()
places, offered = parks(), indicators()
park, definition, measure, roles = peers.asked("compare", compare, places.filter(pl.col("observations") > 0), SELF)
every = comparable(definition["indicator_id"], lang=lang())
beside = places.filter(pl.col("role").is_in(roles or facets.roles()) | (pl.col("park_id") == park))["park_id"].to_list()
when, of = st.columns([3, 9], gap="medium")
with of:
    larger = compare.wholes(park) if measure == "share" else []
    whole = peers.whole_of("compare", larger, compare.annual(every), places)
with when:
    if whole:
        measured = measures.shares_of_place(every, whole, compare.parts(whole), lang())
    else:
        measured = every.clear() if measure == "share" else measures.measured(every, measure, lang=lang())
    measured = measured.filter(pl.col("park_id").is_in(beside) & (pl.col("period").str.len_chars() == 4))
    measured = measured.filter(pl.col("value").is_not_null())
    year = peers.year_of("compare", measured, definition["year"]) if measured.height else 0
filters.told("compare", measured.height, every.height)
if measured.is_empty():
    layout.empty(head)

place = places.filter(pl.col("park_id") == park).row(0, named=True)
rows = compare.standing(measured, year, park)
name = str(measured[f"indicator_{lang()}"][0])
title = peers.title(rows, place, name, year)
link = layout.address(
    {"lang": lang(), "park": park, "indicator": definition["indicator_id"], "year": str(year), "as": measure}
    | filters.chosen("role", "of")
)
with head:
    layout.head([_("对比"), sections.until(measured)], title, peers.paragraph(rows, place, year, compare.zones_named()))
drawn = peers.ranking("compare", rows, park, name, link)
drawn += peers.over_years("compare", compare.annual(measured), units(), breaks(), park, link)
st.caption(peers.names(measured))

st.subheader(_("全部数据"), anchor=False)
tables.observations("compare", measured)
layout.actions("compare", "compare", rows, link, title, drawn, offered)
peers.records("compare", compare.records(targets(lang=lang())), link, offered)
