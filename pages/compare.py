"""Compare: one place beside its city, province, peers and the nation, within one definition only."""

import polars as pl
import streamlit as st

from pages.exploring import peers, ranking_charts
from pages.themes import sections
from pages.ui import filters, layout
from pages.wording.language import _, lang, localize_name
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
    eyebrow = [localize_name(asked.place, "name"), _("对比"), sections.label_latest_publication(rows)]
    layout.show_head(eyebrow, title, peers.describe_standing_limits(rows, asked, comparison.count_named_zones()))
drawn = ranking_charts.show_ranking("compare", rows, asked, link)
peers.show_merged_names(asked.rows)
layout.show_actions("compare", "compare", rows, link, title, drawn, offered)
peers.show_peer_links(asked, offered)

years = select_annual_figures(asked.rows)
if years["period"].n_unique() > 1:
    drawn = ranking_charts.show_comparison_by_year("compare", years, get_units(), get_series_breaks(), asked, link)
    layout.show_actions("compare", "compare-years", years, link, title, drawn, offered)

ranking_charts.show_target_records(
    "compare", comparison.compute_target_records(get_judged_targets(lang=lang(), asof=asked.asof)), link, offered
)
