"""Compare: one place beside its city, province, peers and the nation, within one definition only."""

import polars as pl
import streamlit as st

from pages.exploring import peers, ranking_charts
from pages.themes import sections
from pages.ui import filters, layout
from pages.wording.language import _, lang, name
from queries.catalogue.catalogue import breaks, home_park, indicators, parks, units
from queries.figures import comparison
from queries.figures.ranking import annual, standing
from queries.targets.targets import targets

head = st.container()
offered = indicators()
asked = peers.asked("compare", parks().filter(pl.col("observations") > 0), home_park())
filters.told("compare", asked.rows.height, comparison.figures(asked.definition["indicator_id"], asof=asked.asof).height)
if asked.rows.is_empty():
    peers.nothing(head, asked)

rows = standing(asked.rows, asked.year, asked.place["park_id"])
title = peers.title(rows, asked)
link = layout.address(asked.address)
with head:
    eyebrow = [name(asked.place, "name"), _("对比"), sections.until(rows)]
    layout.head(eyebrow, title, peers.paragraph(rows, asked, comparison.zones_named()))
drawn = ranking_charts.by_size("compare", rows, asked, link)
peers.merged(asked.rows)
layout.actions("compare", "compare", rows, link, title, drawn, offered)
peers.doors(asked, offered)

years = annual(asked.rows)
if years["period"].n_unique() > 1:
    drawn = ranking_charts.over_years("compare", years, units(), breaks(), asked, link)
    layout.actions("compare", "compare-years", years, link, title, drawn, offered)

ranking_charts.records("compare", comparison.records(targets(lang=lang(), asof=asked.asof)), link, offered)
