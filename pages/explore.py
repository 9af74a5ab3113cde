"""Explore: any indicator, place, period and evidence, as chart, table and file; or a question in SQL."""

import polars as pl
import streamlit as st

from pages.exploring import chart_form, chart_panels, facets, sql_editor, view_panels
from pages.themes import sections
from pages.ui import address, device, filters, layout, tables
from pages.wording.language import _, lang
from queries.catalogue import catalogue
from queries.exploring import addresses, exploration, search
from queries.figures import growth_index_share

head, bar = st.container(), st.container(horizontal=not device.is_phone(), vertical_alignment="center")
tabs = {"figures": _("按条件查"), "sql": _("用 SQL 查")}
with bar:
    tab = filters.choose_pill("explore_tab", "tab", _("怎么查"), tabs, "figures")
if tab == "sql":
    sql_editor.show_sql_tab(head, catalogue.get_tables(), catalogue.get_units())
    layout.stop_page()

offered, places = catalogue.get_indicators(), catalogue.get_parks()
computed = catalogue.get_derivations(lang()).select("name_zh", "name_en", indicator_id="derivation_id")
named = pl.concat([offered.select("indicator_id", "name_zh", "name_en"), computed], how="diagonal")
starts = {"indicator": named, "park": places}
choice, counts = facets.choose_facets("explore", named, places, bar)
total, asked = counts["all"][""], search.parse_search_text(choice.text)
whole = exploration.get_figure_counts(choice.asof)
filters.show_filter_summary("explore", total, int(whole["figures"].sum()), chart_panels.OWN_FILTERS)
if not total:
    facets.stop_if_only_targets(head, choice)
    facets.stop_without_matches("explore", head, choice, asked.unknown)
program = layout.build_route_address("observations.csv", addresses.make_route_parameters(choice))
if total > exploration.MOST_FIGURES:
    facets.stop_with_too_many_rows("explore", head, program, starts, counts, narrowed=choice.is_narrowed)

found = exploration.get_chosen_figures(choice, lang())
form = (found, asked.measure, choice.asof)
measure, kind, base = chart_form.choose_form("explore", *form) if choice.is_narrowed else chart_form.PLAIN_FORM
rows = growth_index_share.convert_to_measure(found, measure, base, lang(), choice.asof)
breaks, units, home = catalogue.get_series_breaks(), catalogue.get_units(), catalogue.get_home_park()
split = view_panels.split_into_panels(rows, units, home) if choice.is_narrowed else []
panel = chart_panels.choose_panel("explore", split)
shown = addresses.make_link_parameters(choice, address.get_address_parameters(*exploration.PARAMETERS), measure)
link = layout.build_page_address({"lang": lang(), "evidence": ",".join(choice.evidence)} | shown)
title = chart_panels.describe_panels(rows, split, breaks)
with head:
    layout.show_head([_("自助查询"), sections.label_latest_publication(found)], title, "")
if not chart_form.show_coverage(found.height, rows.height, measure):
    layout.stop_page()
if not choice.is_narrowed:
    facets.show_starting_points("explore", starts, counts)
drawn = chart_panels.show_panels("explore", split, panel, kind, breaks, link, rows) if choice.is_narrowed else []
st.subheader(_("全部数据"), anchor=False)
tables.show_observations("explore", rows)


def more() -> None:
    """The SQL and the address for programs behind this view."""
    sql_editor.show_page_sql(addresses.build_figures_sql(choice), rows)
    facets.show_program_address(program, rows, measure)


layout.show_actions("explore", "observations", rows, link, title, drawn, offered, more=more)
