"""Supervision and follow-up: orders, their answers, and what ought to be ordered; ?order= opens one with its chain."""

import polars as pl

from pages.ledger import listing, supervision
from queries.ledger import chain
from queries.ledger.supervision import get_ledger_due_orders, get_ledger_orders
from queries.targets.rules import read_rules

page = listing.open_list_page("supervision", judges=True)
opened = page.opened
every = get_ledger_orders(*page.known)
if row := page.find_one("order", every, "supervision_id"):
    code = row["supervision_id"]
    graph = chain.build_chain_graph(*page.judged).around(f"supervision:{code}")
    title = supervision.show_order(page.head, row, graph, opened)
    page.end_with_one("supervision", every.filter(pl.col("supervision_id") == code), title, order=code)

rows, due = supervision.choose_orders(every), get_ledger_due_orders(*page.judged)
page.show_found(rows, every, needed=due.is_empty())
title = supervision.describe_supervision_title(rows, due)
page.show_head(title, supervision.describe_supervision_details(rows))
link = page.link("state", "reason", "department")
supervision.show_due_orders(due, read_rules()[opened.rule], opened)
page.show_actions("due-orders", due, link, title)
if rows.height:
    drawn = supervision.show_order_timeline(rows, opened, link)
    supervision.show_order_table(rows, opened)
    page.show_actions("supervision", rows, link, title, drawn)
page.show_workbook_exchange()
