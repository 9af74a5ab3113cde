"""Coverage: who published what when, so that what is missing is seen before it is asked for."""

import polars as pl
import streamlit as st

from pages.charts.pictures import Picture
from pages.places import coverage_view, profile
from pages.ui import filters, layout, tables
from pages.wording.language import _, join_items, lang, localize_name
from queries.catalogue.catalogue import get_indicators
from queries.figures import comparison
from queries.places.coverage import count_places, list_publishers

head, offered = st.container(), get_indicators()
with filters.make_filter_area():
    which, what, when = st.columns([4, 5, 3], gap="medium")
    with which:
        known = {
            code: profile.label_kind(code) for code in ("zone", "etdz", "city", "province", "aggregate", "country")
        }
        kinds = filters.choose_several(st.pills, "coverage_kind", "kind", _("类别"), known, [], selection_mode="multi")
    asof = filters.choose_asof_day("coverage")
    counts = count_places(kinds, asof)
    with what:
        names = {"": _("全部指标")} | filters.get_names_by_code(
            counts.unique("comparable_key", maintain_order=True), "indicator_id"
        )
        chosen = filters.choose_one("coverage_indicator", "indicator", _("指标"), names, "")
    rows = list_publishers(chosen, kinds, asof) if chosen else counts
    with when:
        years = {"": _("全部年份")} | {str(year): str(year) for year in sorted(set(rows["year"]), reverse=True)}
        asked = filters.choose_one("coverage_year", "year", _("年份"), years, "")
year = int(asked) if asked else None
filters.show_unknown_codes("coverage")
called = join_items([known[code] for code in kinds]) or _("各类地区")
indicator = offered.filter(pl.col("indicator_id") == chosen)
title = (
    coverage_view.describe_publishers(rows, localize_name(indicator.row(0, named=True), "name"), year)
    if chosen
    else coverage_view.describe_counts(rows, called)
)
with head:
    layout.show_head(
        [_("数据覆盖"), called], title, _("空格：没有查到，不等于没有公布过。只计整年的数；点一格看是哪些数。")
    )
if rows.is_empty():
    layout.stop_without_rows(st.container())
codes = {"kind": ",".join(kinds), "indicator": chosen, "year": asked, "asof": asof.isoformat() if asof else ""}
link = layout.build_page_address({"lang": lang()} | {name: text for name, text in codes.items() if text})
if chosen and year:
    figures = comparison.get_definition_figures(chosen, lang(), asof)
    rows = figures.filter((pl.col("year") == year) & pl.col("park_id").is_in(rows["park_id"]))
    drawn: list[Picture] = []
    tables.show_observations("coverage", rows)
elif chosen:
    drawn = coverage_view.show_publishers("coverage", rows, indicator.row(0, named=True), link)
    coverage_view.show_publisher_table("coverage", rows)
else:
    drawn = coverage_view.show_counts("coverage", rows, kinds, link)
    coverage_view.show_count_table("coverage", rows, kinds)
layout.show_actions("coverage", "coverage", rows, link, title, drawn, offered)
