"""A leader for each project: who stays with what; ?leader= and ?project= open one of them."""

import polars as pl
import streamlit as st

from pages.ledger import leaders, opening
from pages.ui import filters, layout
from pages.wording.language import lang
from queries.catalogue.catalogue import get_home_park, get_indicators, get_parks
from queries.ledger import chain
from queries.ledger.leaders import compute_leader_loads, get_ledger_problems, get_ledger_projects
from queries.ledger.mechanisms import get_mechanism_links
from queries.ledger.preplan import get_ledger_tasks
from queries.ledger.supervision import get_ledger_orders

head = st.container()
opened = opening.choose_ledger("leaders", get_parks(), get_home_park())
if opened is None:
    opening.show_missing_ledger(
        "leaders", head, get_mechanism_links(["leaders"]), opening.label_current_park(get_parks())
    )
    layout.stop_page()
known = (opened.ledger, opened.asof, lang())
every, carried, stuck = get_ledger_projects(*known), compute_leader_loads(*known), get_ledger_problems(*known)
one = filters.find_requested_code("leader", carried["leader_id"].to_list())
if one:
    title, rows = leaders.show_leader(
        head, one, carried, every, stuck, get_ledger_tasks(*known), get_ledger_orders(*known), opened
    )
    link = layout.build_page_address(opened.address | {"leader": one})
    layout.show_actions("leaders", "projects", rows, link, title, [], get_indicators())
    layout.stop_page()
one = filters.find_requested_code("project", every["project_id"].to_list())
if one:
    row = every.row(by_predicate=pl.col("project_id") == one, named=True)
    graph = chain.build_chain_graph(opened.ledger, opened.asof, lang=lang()).around(f"project:{one}")
    title = leaders.show_project(head, row, graph, opened)
    link = layout.build_page_address(opened.address | {"project": one})
    layout.show_actions(
        "leaders", "projects", every.filter(pl.col("project_id") == one), link, title, [], get_indicators()
    )
    layout.stop_page()

rows = leaders.sort_projects(leaders.choose_projects(every))
filters.show_filter_summary("leaders", rows.height, every.height)
if rows.is_empty():
    layout.stop_without_rows(head)
title = leaders.describe_leaders_title(rows)
with head:
    layout.show_head(opened.eyebrow, title, leaders.describe_leaders_details(rows, stuck))
link = layout.build_page_address(opened.address | filters.get_address_parameters("kind", "breach", "department"))
drawn = leaders.show_leader_matrix(rows, carried, opened, link)
leaders.show_leader_loads(carried, opened)
leaders.show_project_table(rows, opened)
layout.show_actions("leaders", "projects", rows, link, title, drawn, get_indicators())
opening.show_workbook_exchange("leaders", opened.ledger)
leaders.show_open_problems(stuck)
