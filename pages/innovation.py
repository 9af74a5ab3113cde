"""Innovation: high-tech output, patents, certified enterprises, titles, targets, and what was to be built."""

import polars as pl
import streamlit as st

from pages.themes import commitment_list, comparison, sections
from pages.ui import filters, layout, tables, theme_filters
from pages.wording import headlines
from pages.wording.language import _
from queries.catalogue.catalogue import get_home_park, get_indicators, get_parks, get_units
from queries.exploring.exploration import count_theme_figures
from queries.figures.observations import get_observations
from queries.targets.targets import get_judged_targets, get_park_commitments, get_park_titles

offered = get_indicators("innovation").filter(pl.col("observations") > 0)
head = st.container()
view = theme_filters.choose_theme_view(
    "innovation", "innovation", get_parks().filter(pl.col("observations") > 0), offered, [get_home_park()]
)
rows = get_observations(**view.observation_filters)
aims = get_judged_targets(**view.target_filters)
filters.show_filter_summary("innovation", rows.height, count_theme_figures("innovation", view.evidence, view.asof))
if rows.is_empty():
    layout.stop_without_rows(head)

place = sections.get_first_place(rows, view)
asked = aims.filter(pl.col("park_id") == place["park_id"][0])
year, results = headlines.find_leading_results(place, asked)
granted = get_park_titles([place["park_id"][0]], view.target_filters["lang"])
title, paragraph = headlines.describe_changes(place, results)
link = layout.build_page_address(view.address)
sections.show_theme_head(head, "innovation", place, year, rows, title, paragraph)

left, right = st.columns([3, 2], gap="large")
with left:
    sections.show_key_figures(results.filter(pl.col("value").is_not_null()).head(9), place, columns=3, width=130)
with right:
    sections.show_values_by_year(place)
    sections.show_designations(granted)

with st.container():
    drawn = comparison.show_comparison("innovation", offered, view, rows, link, get_units())
with st.container():
    sections.show_later_years(place, (year or 0) + 1)
with st.container():
    sections.show_theme_targets("innovation", aims, link, title, offered, view)
with st.container():
    promised = get_park_commitments("innovation", view.parks or None, view.target_filters["lang"])
    commitment_list.show_commitments("innovation", promised, link, title, offered)

st.subheader(_("全部数据"), anchor=False)
tables.show_observations("innovation", rows)
layout.show_actions("innovation", "observations", rows, link, title, drawn, offered, view.span)
