"""Place: one place on one page: what it is, its zones, the latest of each indicator, its targets."""

import polars as pl
import streamlit as st

from pages.places import profile
from pages.themes import sections
from pages.ui import filters, layout, place_links, tables
from pages.wording.language import _, lang, localize_name
from queries.catalogue.catalogue import get_home_park, get_indicators, get_parks
from queries.figures.observations import get_observations
from queries.places.profile import get_latest_figures, get_yearly_figures, get_zones_of
from queries.targets.targets import get_judged_targets

head = st.container()
parks = get_parks()
with filters.make_filter_area():
    names = place_links.get_place_options(parks)
    park = filters.choose_one("place_park", "park", _("地区（可输入拼音）"), names, get_home_park())
    asof = filters.choose_asof_day("place")
filters.show_unknown_codes("place")
place = parks.filter(pl.col("park_id") == park).row(0, named=True)
latest, yearly = get_latest_figures(park, lang(), asof), get_yearly_figures(park, lang(), asof)
rows = get_observations(parks=[park], evidence=("published", "own"), lang=lang(), asof=asof)
aims = get_judged_targets(parks=[park], lang=lang(), asof=asof)
zones = get_zones_of(park)
title = profile.describe_place(place, latest, zones)
with head:
    eyebrow = [localize_name(place, "name"), profile.label_kind(place["kind"]), sections.label_latest_publication(rows)]
    layout.show_head(eyebrow, title, profile.describe_place_facts(place, zones))
link = layout.build_page_address({"lang": lang(), "park": park} | ({"asof": asof.isoformat()} if asof else {}))
if rows.is_empty():
    st.info(_("没有查到{place}的数。", place=localize_name(place, "name")), icon=":material/info:")
profile.show_latest("place", latest, yearly)
if aims.height:
    st.subheader(_("目标"), anchor=False)
    tables.show_targets("place", aims, derived=False)
layout.show_actions("place", "observations", rows, link, title, [], get_indicators())
