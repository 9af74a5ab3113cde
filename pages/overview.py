"""Overview: the headline, the board of every target with its status, what is not known; ?target= opens one target."""

import polars as pl
import streamlit as st

from pages.themes import board, finding_view, headline_chart, sections, target
from pages.ui import filters, layout, place_links
from pages.wording import headlines
from pages.wording.language import _, lang
from queries.catalogue.catalogue import get_home_park, get_indicators, get_parks, get_units
from queries.figures.observations import get_observations
from queries.ledger import ledgers
from queries.targets.findings import get_consistency_findings
from queries.targets.rules import read_rules
from queries.targets.targets import get_judged_targets, get_raw_targets, get_unlocking_numbers

head = st.container()
one = filters.find_requested_code("target", get_raw_targets(lang())["target_id"].to_list())
view = board.choose_board_view(
    get_parks().filter(pl.col("targets") > 0), get_raw_targets(), read_rules(), get_home_park(), one
)
aims = get_judged_targets(parks=[view.park], rule=view.rule, asof=view.asof, lang=lang())
rows = get_observations(parks=[view.park], evidence=("published", "derived", "own"), lang=lang(), asof=view.asof)
link = layout.build_page_address(view.address | ({"target": one} if one else {}))
if one:
    target.show_target(head, aims, rows, one, view, link, get_indicators())
    target.show_ledger_link(ledgers.find_ledger(view.park) is not None, one, view)
    layout.stop_page()

aims = aims.filter(pl.col("year") == view.year)
if aims.is_empty():
    layout.stop_without_rows(head)
title, paragraph = headlines.describe_judged_targets(aims, rows)
with head:
    place, published = place_links.name_place(aims.row(0, named=True)), sections.label_latest_publication(rows)
    layout.show_head([place, _("{year}年目标", year=view.year), published], title, paragraph)
left, right = st.columns([3, 2], gap="large")
with left:
    drawn, series = headline_chart.show_headline_chart("overview", aims, rows, title, link, get_units())
with right:
    board.show_status_counts(aims)
    board.show_most_needed_number(get_unlocking_numbers(aims))

st.subheader(_("目标总览"), anchor=False)
board.show_rule(read_rules()[view.rule], aims)
shown = board.choose_by_status(aims)
board.show_board(shown, rows, view)
layout.show_actions("overview", "targets", shown, link, title, drawn, get_indicators(), (str(view.year), None))
board.show_unjudged_targets(get_unlocking_numbers(aims))
sections.show_chart_figures("overview", series, link, title, get_indicators())

finding_view.show_gravest_findings(get_consistency_findings(parks=[view.park], lang=lang(), asof=view.asof))
sections.show_theme_blocks(rows, aims, board.get_theme_link_parameters(view))
label = _("和别的地区同口径比，看各地目标兑现几项")
icon, query = ":material/arrow_forward:", layout.get_link_parameters()
st.page_link("compare.py", label=label, icon=icon, query_params=query)
if view.park == get_home_park():
    label = _("六大机制如何保证这些目标")
    st.page_link("mechanisms.py", label=label, icon=icon, query_params=query)
