"""Livelihood: resettlement first, then what was promised to residents, with the city's incomes as context."""

import polars as pl
import streamlit as st

from pages.themes import commitment_list, resettlement, sections
from pages.ui import filters, layout, place_links, tables, theme_filters
from pages.wording import figures, headlines
from pages.wording.language import _
from queries.catalogue.catalogue import get_home_park, get_home_places, get_indicators, get_parks, get_units
from queries.exploring.exploration import count_theme_figures
from queries.figures.derived import compute_resettlement_figures
from queries.figures.observations import get_observations
from queries.targets.targets import get_judged_targets, get_park_commitments

offered = get_indicators("livelihood").filter(pl.col("observations") > 0)
head = st.container()
places = get_parks().filter((pl.col("observations") > 0) | (pl.col("park_id") == get_home_park()))
view = theme_filters.choose_theme_view("livelihood", "livelihood", places, offered, get_home_places())
rows = get_observations(**view.observation_filters)
aims = get_judged_targets(**(view.target_filters | {"indicators": None}))
promised = get_park_commitments("livelihood", view.parks or None, view.target_filters["lang"])
filters.show_filter_summary("livelihood", rows.height, count_theme_figures("livelihood", view.evidence, view.asof))
if rows.is_empty() and aims.is_empty() and promised.is_empty():
    layout.stop_without_rows(head)

homes = aims.filter(pl.col("indicator_id").str.starts_with("resettlement"))
link = layout.build_page_address(view.address)
title, paragraph = headlines.describe_resettlement(homes, rows)
published = pl.concat([rows.select("source_published"), aims.select("source_published")])
with head:
    first = homes.head(1).to_dicts()
    eyebrow = [*map(place_links.name_place, first), figures.label_theme("livelihood")]
    paragraph = place_links.link_name_within(paragraph, first[0]) if first else paragraph
    layout.show_head([*eyebrow, sections.label_latest_publication(published)], title, paragraph)

with st.container():
    derived = compute_resettlement_figures(homes) if "derived" in view.evidence else homes.clear()
    resettlement.show_resettlement(homes, derived, get_units(), link, title)
with st.container():
    commitment_list.show_commitments("livelihood", promised, link, title, offered)

if rows.height:
    drawn = sections.show_context("livelihood", sections.get_first_place(rows, view), aims, link)
    st.subheader(_("全部数据"), anchor=False)
    tables.show_observations("livelihood", rows)
    layout.show_actions("livelihood", "observations", rows, link, title, drawn, offered, view.span)
sections.show_theme_targets("livelihood", aims, link, title, get_indicators("livelihood"), view)
