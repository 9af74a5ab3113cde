"""Compare: one place beside its city, province, peers and the nation, within one definition only."""

import polars as pl
import streamlit as st

from pages.parts import filters, layout, peers, sections, standings
from pages.parts.words import _, lang, name
from queries import compare
from queries.catalogue import SELF, breaks, indicators, parks, units
from queries.ranks import annual, standing
from queries.targets import targets

head = st.container()
offered = indicators()
asked = peers.asked("compare", parks().filter(pl.col("observations") > 0), SELF)
filters.told("compare", asked.rows.height, compare.figures(asked.definition["indicator_id"]).height)
if asked.rows.is_empty():
    peers.nothing(head, asked)

rows = standing(asked.rows, asked.year, asked.place["park_id"])
title = peers.title(rows, asked)
link = layout.address(asked.address)
with head:
    eyebrow = [name(asked.place, "name"), _("对比"), sections.until(rows)]
    layout.head(eyebrow, title, peers.paragraph(rows, asked, compare.zones_named()))
drawn = standings.by_size("compare", rows, asked, link)
peers.merged(asked.rows)
layout.actions("compare", "compare", rows, link, title, drawn, offered)
peers.doors(asked, offered)

years = annual(asked.rows)
if years["period"].n_unique() > 1:
    drawn = standings.over_years("compare", years, units(), breaks(), asked, link)
    layout.actions("compare", "compare-years", years, link, title, drawn, offered)

standings.records("compare", compare.records(targets(lang=lang())), link, offered)
