"""Pre-arrange and cross off: every task with its state; ?task= opens one with its chain."""

import polars as pl
import streamlit as st

from pages.ledger import opening, preplan
from pages.ui import filters, layout
from pages.wording.language import lang
from queries.catalogue.catalogue import get_home_park, get_indicators, get_parks
from queries.ledger import chain
from queries.ledger.mechanisms import get_mechanism_links
from queries.ledger.preplan import (
    compute_burndown,
    count_tasks,
    filter_tasks_without_aim,
    get_ineffective_tasks,
    get_ledger_tasks,
    get_targets_without_task,
    get_task_steps,
)

head = st.container()
opened = opening.choose_ledger("preplan", get_parks(), get_home_park())
if opened is None:
    opening.show_missing_ledger(
        "preplan", head, get_mechanism_links(["preplan"]), opening.label_current_park(get_parks())
    )
    layout.stop_page()
every = get_ledger_tasks(opened.ledger, opened.asof, lang())
one = filters.find_requested_code("task", every["task_id"].to_list())
if one:
    row = every.row(by_predicate=pl.col("task_id") == one, named=True)
    graph = chain.build_chain_graph(opened.ledger, opened.asof, lang=lang()).around(f"task:{one}")
    title = preplan.show_task(head, row, get_task_steps(opened.ledger, opened.asof, one), graph, opened)
    link = layout.build_page_address(opened.address | {"task": one})
    layout.show_actions("preplan", "tasks", every.filter(pl.col("task_id") == one), link, title, [], get_indicators())
    layout.stop_page()

rows = preplan.sort_tasks(preplan.choose_tasks(every))
bare = get_targets_without_task(opened.ledger, opened.asof, opened.rule, lang())
filters.show_filter_summary("preplan", rows.height, every.height)
if rows.is_empty():
    layout.stop_without_rows(head)
title = preplan.describe_preplan_title(rows)
with head:
    layout.show_head(
        opened.eyebrow, title, preplan.describe_preplan_details(rows, bare, filter_tasks_without_aim(every))
    )
link = layout.build_page_address(
    opened.address | filters.get_address_parameters("state", "theme", "department", "aim", "by")
)
drawn = preplan.show_burn_down(rows, compute_burndown(rows, opened.asof), opened, link)
drawn += preplan.show_task_timeline(rows, opened, link)
preplan.show_task_list(rows, count_tasks, opened)
preplan.show_detail_picker("preplan", "task", preplan.label_task_picker(), rows, "task_id", "title")
layout.show_actions("preplan", "tasks", rows, link, title, drawn, get_indicators())
opening.show_workbook_exchange("preplan", opened.ledger)
preplan.show_task_mismatches(
    bare, filter_tasks_without_aim(every), get_ineffective_tasks(opened.ledger, opened.asof, opened.rule, lang())
)
