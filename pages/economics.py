"""Economics: what the park earned and made, what it aims at, and how that compares within one definition."""

import polars as pl
import streamlit as st

from pages.themes import sections
from pages.ui import filters, layout, tables
from pages.wording import headlines
from pages.wording.language import _
from queries.catalogue.catalogue import home_park, indicators, parks, units
from queries.exploring.exploration import how_many
from queries.figures.derived import rest
from queries.figures.observations import comparable, observations
from queries.targets.targets import targets

offered = indicators("economy").filter(pl.col("observations") > 0)
head = st.container()
view = filters.bar("economics", "economy", parks().filter(pl.col("observations") > 0), offered, [home_park()])
rows = observations(**view.question)
aims = targets(**view.aims)
filters.told("economics", rows.height, how_many("economy", view.evidence, view.asof))
if rows.is_empty():
    layout.empty(head)

place = sections.first_place(rows, view)
asked = aims.filter(pl.col("park_id") == place["park_id"][0])
year, results = headlines.led(place, asked)
title, paragraph = headlines.results(place, asked)
link = layout.address(view.address)
sections.head(head, _("经济"), place, year, rows, title, paragraph)

left, right = st.columns([3, 2], gap="large")
with left:
    drawn = sections.lead_chart("economics", place, results, asked, year, link)
with right:
    sections.key_numbers(results.filter(pl.col("value").is_not_null()).head(6), place)

# Each section has its own place on the page, so that one that is empty does not make the browser draw the others anew.
with st.container():
    drawn += sections.composition("economics", results, offered, rest, link, derived="derived" in view.evidence)
with st.container():
    drawn += sections.comparison("economics", offered, view, rows, comparable, link, units())
with st.container():
    sections.later(place, (year or 0) + 1)

st.subheader(_("全部数据"), anchor=False)
tables.observations("economics", rows)
layout.actions("economics", "observations", rows, link, title, drawn, offered, view.span)
sections.aims("economics", aims, link, title, offered, view)
