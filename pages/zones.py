"""Zones: when and where the national zones came to be, what they approved and what they name as their industries."""

import polars as pl
import streamlit as st

from pages.places import zone_list
from pages.ui import filters, layout
from pages.wording.language import _, lang
from queries.catalogue.catalogue import get_home_park, get_indicators
from queries.places.profile import get_zones

head, home = st.container(), get_home_park()
every = get_zones()
with filters.make_filter_area():
    where, when, kind = st.columns([5, 4, 3], gap="medium")
    with where:
        chosen = zone_list.choose_provinces(every)
    with when:
        years = zone_list.choose_approval_years(every)
    with kind:
        kinds = zone_list.choose_kinds()
rows = zone_list.narrow_zones(every, chosen, years, kinds)
filters.show_filter_summary("zones", rows.height, every.height)
title, paragraph = zone_list.describe_zones(every, rows, home)
with head:
    layout.show_head([_("园区名录"), _("2018年目录")], title, paragraph)
if rows.is_empty():
    layout.stop_without_rows(st.container())
link = layout.build_page_address({"lang": lang()} | zone_list.make_address(chosen, years, kinds))
drawn = zone_list.show_zone_squares("zones", rows.filter(pl.col("approved_year").is_not_null()), home, link)
zone_list.show_zone_table("zones", rows)
layout.show_actions("zones", "zones", rows, link, title, drawn, get_indicators())
