"""Supervision and follow-up: orders, their answers, and what ought to be ordered; ?order= opens one with its chain."""

import polars as pl
import streamlit as st

from pages.ledger import opening, supervision
from pages.ui import filters, layout
from pages.wording.language import lang
from queries.catalogue.catalogue import get_home_park, get_indicators, get_parks
from queries.ledger import chain
from queries.ledger.mechanisms import get_mechanism_links
from queries.ledger.supervision import get_ledger_due_orders, get_ledger_orders
from queries.targets.rules import read_rules

head = st.container()
opened = opening.choose_ledger("supervision", get_parks(), get_home_park(), read_rules())
if opened is None:
    opening.show_missing_ledger(
        "supervision", head, get_mechanism_links(["supervision"]), opening.label_current_park(get_parks())
    )
    layout.stop_page()
every = get_ledger_orders(opened.ledger, opened.asof, lang())
one = filters.find_requested_code("order", every["supervision_id"].to_list())
if one:
    row = every.row(by_predicate=pl.col("supervision_id") == one, named=True)
    graph = chain.build_chain_graph(opened.ledger, opened.asof, opened.rule, lang()).around(f"supervision:{one}")
    title = supervision.show_order(head, row, graph, opened)
    link = layout.build_page_address(opened.address | {"order": one})
    layout.show_actions(
        "supervision", "supervision", every.filter(pl.col("supervision_id") == one), link, title, [], get_indicators()
    )
    layout.stop_page()

rows = supervision.choose_orders(every)
due = get_ledger_due_orders(opened.ledger, opened.asof, opened.rule, lang())
filters.show_filter_summary("supervision", rows.height, every.height)
if rows.is_empty() and due.is_empty():
    layout.stop_without_rows(head)
title = supervision.describe_supervision_title(rows, due)
with head:
    layout.show_head(opened.eyebrow, title, supervision.describe_supervision_details(rows))
link = layout.build_page_address(opened.address | filters.get_address_parameters("state", "reason", "department"))
supervision.show_due_orders(due, read_rules()[opened.rule], opened)
layout.show_actions("supervision", "due-orders", due, link, title, [], get_indicators())
if rows.height:
    drawn = supervision.show_order_timeline(rows, opened, link)
    supervision.show_order_table(rows, opened)
    layout.show_actions("supervision", "supervision", rows, link, title, drawn, get_indicators())
opening.show_workbook_exchange("supervision", opened.ledger)
