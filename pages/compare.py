"""Compare: one place beside its city, province, peers and the nation, within one definition only."""

import polars as pl
import streamlit as st

from pages.exploring import peers, ranking_charts, scatter, year_charts
from pages.themes import sections
from pages.ui import filters, layout, place_links
from pages.wording.language import _, lang
from queries.catalogue.catalogue import get_home_park, get_indicators, get_parks, get_series_breaks, get_units
from queries.figures import comparison
from queries.figures.ranking import rank_places, select_annual_figures
from queries.targets.targets import get_judged_targets

head = st.container()
offered = get_indicators()
asked = peers.choose_comparison("compare", get_parks().filter(pl.col("observations") > 0), get_home_park())
filters.show_filter_summary(
    "compare",
    asked.rows.height,
    comparison.get_definition_figures(asked.definition["indicator_id"], asof=asked.asof).height,
)
if asked.rows.is_empty():
    peers.stop_without_comparison(head, asked)

rows = rank_places(asked.rows, asked.year, asked.place["park_id"])
title = peers.describe_standing(rows, asked)
link = layout.build_page_address(asked.address)
with head:
    eyebrow = [place_links.name_place(asked.place, "name"), _("对比"), sections.label_latest_publication(rows)]
    layout.show_head(eyebrow, title, peers.describe_standing_limits(rows, asked, comparison.count_named_zones()))
years = select_annual_figures(asked.rows)
if asked.view == "years":
    drawn = year_charts.show_places_by_year("compare", years, get_units(), get_series_breaks(), asked, link)
elif asked.view == "slope":
    drawn = year_charts.show_slopes("compare", years, get_series_breaks(), asked, link)
elif asked.view == "scatter":
    drawn = scatter.show_scatter("compare", rows, asked, link)
else:
    drawn = ranking_charts.show_ranking("compare", rows, asked, link)
peers.show_merged_names(asked.rows)
of_years = asked.view in ("years", "slope")
taken = "compare-years" if of_years else "compare"
layout.show_actions("compare", taken, years if of_years else rows, link, title, drawn, offered)
peers.show_peer_links(asked, offered)

ranking_charts.show_target_records(
    "compare", comparison.compute_target_records(get_judged_targets(lang=lang(), asof=asked.asof)), link, offered
)
