"""Monthly dispatch: the meeting in its order, each target against plan and last year; ?target= opens one."""

import polars as pl
import streamlit as st

from pages.ledger import monthly, opening
from pages.ui import filters, layout
from pages.wording.language import lang
from queries.catalogue.catalogue import get_home_park, get_indicators, get_parks
from queries.ledger import chain, ledgers
from queries.ledger import monthly as dispatch
from queries.ledger.mechanisms import get_mechanism_links
from queries.ledger.meeting import count_other_year_targets, get_meeting_targets
from queries.ledger.progress import judge_ledger_targets
from queries.targets.rules import read_rules

head = st.container()
opened = opening.choose_ledger("monthly", get_parks(), get_home_park(), read_rules())
if opened is None:
    links = get_mechanism_links(["monthly"])
    opening.show_missing_ledger("monthly", head, links, opening.label_current_park(get_parks()))
    layout.stop_page()
known = (opened.ledger, opened.asof, opened.rule, lang())
every = judge_ledger_targets(*known)
one = filters.find_requested_code("target", every["target_id"].to_list())
if one:
    row = every.row(by_predicate=pl.col("target_id") == one, named=True)
    graph = chain.build_chain_graph(*known).around(f"target:{one}")
    link = layout.build_page_address(opened.address | {"target": one})
    title, drawn = monthly.show_monthly_target(head, row, dispatch.get_target_course, graph, opened, link)
    shown = every.filter(pl.col("target_id") == one)
    layout.show_actions("monthly", "monthly", shown, link, title, drawn, get_indicators())
    layout.stop_page()

others, every = count_other_year_targets(*known), get_meeting_targets(*known)
if every.is_empty():
    monthly.show_no_targets(head, opened, others)
aims = monthly.choose_monthly_targets(every)
filters.show_filter_summary("monthly", aims.height, every.height)
if aims.is_empty():
    layout.stop_without_rows(head)
agenda = monthly.make_agenda(aims, opened)
title = monthly.describe_monthly_title(aims, opened.asof)
with head:
    layout.show_head(opened.eyebrow, title, monthly.describe_monthly_details(agenda))
link = layout.build_page_address(opened.address | filters.get_address_parameters("theme", "status", "department"))
drawn = monthly.make_agenda_pictures(agenda, dispatch.get_target_course, opened, link)
monthly.show_meeting_documents(agenda, drawn, opened, link, ledgers.get_meeting_days(opened.ledger, opened.asof))
monthly.show_agenda(agenda)
monthly.show_monthly_targets(aims, opened)
monthly.show_other_years(others, opened)
layout.show_actions("monthly", "monthly", aims, link, title, drawn, get_indicators())
opening.show_workbook_exchange("monthly", opened.ledger)
monthly.show_target_charts(drawn)
