"""Innovation: high-tech output, patents, certified enterprises, titles, targets, and what was to be built."""

import polars as pl
import streamlit as st

from pages.themes import commitment_list, sections
from pages.ui import filters, layout, tables
from pages.wording import headlines
from pages.wording.language import _
from queries.catalogue.catalogue import home_park, indicators, parks, units
from queries.exploring.exploration import how_many
from queries.figures.observations import comparable, observations
from queries.targets.targets import commitments, targets, titles

offered = indicators("innovation").filter(pl.col("observations") > 0)
head = st.container()
view = filters.bar("innovation", "innovation", parks().filter(pl.col("observations") > 0), offered, [home_park()])
rows = observations(**view.question)
aims = targets(**view.aims)
filters.told("innovation", rows.height, how_many("innovation", view.evidence, view.asof))
if rows.is_empty():
    layout.empty(head)

place = sections.first_place(rows, view)
asked = aims.filter(pl.col("park_id") == place["park_id"][0])
year, results = headlines.led(place, asked)
granted = titles([place["park_id"][0]], view.aims["lang"])
title, paragraph = headlines.changes(place, results)
link = layout.address(view.address)
sections.head(head, _("创新"), place, year, rows, title, paragraph)

left, right = st.columns([3, 2], gap="large")
with left:
    sections.key_numbers(results.filter(pl.col("value").is_not_null()).head(9), place, columns=3, width=130)
with right:
    sections.then_and_later(place)
    sections.titles(granted)

with st.container():
    drawn = sections.comparison("innovation", offered, view, rows, comparable, link, units())
with st.container():
    sections.later(place, (year or 0) + 1)
with st.container():
    sections.aims("innovation", aims, link, title, offered, view)
with st.container():
    promised = commitments("innovation", view.parks or None, view.aims["lang"])
    commitment_list.groups("innovation", promised, link, title, offered)

st.subheader(_("全部数据"), anchor=False)
tables.observations("innovation", rows)
layout.actions("innovation", "observations", rows, link, title, drawn, offered, view.span)
