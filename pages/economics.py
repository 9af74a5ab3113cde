"""Economics: what the park earned and made, what it aims at, and how that compares within one definition."""

import polars as pl
import streamlit as st

from pages.themes import comparison, sections
from pages.ui import filters, layout, tables, theme_filters
from pages.wording import headlines
from pages.wording.language import _
from queries.catalogue.catalogue import get_home_park, get_indicators, get_parks, get_units
from queries.exploring.exploration import count_theme_figures
from queries.figures.observations import get_observations
from queries.targets.targets import get_judged_targets

offered = get_indicators("economy").filter(pl.col("observations") > 0)
head = st.container()
view = theme_filters.choose_theme_view(
    "economics", "economy", get_parks().filter(pl.col("observations") > 0), offered, [get_home_park()]
)
rows = get_observations(**view.observation_filters)
aims = get_judged_targets(**view.target_filters)
filters.show_filter_summary("economics", rows.height, count_theme_figures("economy", view.evidence, view.asof))
if rows.is_empty():
    layout.stop_without_rows(head)

place = sections.get_first_place(rows, view)
asked = aims.filter(pl.col("park_id") == place["park_id"][0])
year, results = headlines.find_leading_results(place, asked)
title, paragraph = headlines.describe_results(place, asked)
link = layout.build_page_address(view.address)
sections.show_theme_head(head, "economy", place, year, rows, title, paragraph)

left, right = st.columns([3, 2], gap="large")
with left:
    drawn = sections.show_lead_chart("economics", place, results, asked, year, link)
with right:
    sections.show_key_figures(results.filter(pl.col("value").is_not_null()).head(6), place)

# Each section has its own place on the page, so that one that is empty does not make the browser draw the others anew.
with st.container():
    drawn += comparison.show_composition("economics", results, offered, link, derived="derived" in view.evidence)
with st.container():
    drawn += comparison.show_comparison("economics", offered, view, rows, link, get_units())
with st.container():
    sections.show_later_years(place, (year or 0) + 1)

st.subheader(_("全部数据"), anchor=False)
tables.show_observations("economics", rows)
layout.show_actions("economics", "observations", rows, link, title, drawn, offered, view.span)
sections.show_theme_targets("economics", aims, link, title, offered, view)
