"""Supervision and follow-up: orders, their answers, and what ought to be ordered; ?order= opens one with its chain."""

import polars as pl
import streamlit as st

from pages.ledger import opening, supervision
from pages.ui import filters, layout
from pages.wording.language import lang
from queries.catalogue.catalogue import home_park, indicators, parks
from queries.ledger import chain
from queries.ledger.mechanisms import links
from queries.ledger.supervision import due_orders, orders
from queries.targets.rules import rules

head = st.container()
opened = opening.opened("supervision", parks(), home_park(), rules())
if opened is None:
    opening.absent("supervision", head, links(["supervise"]), opening.place(parks()))
    layout.stop()
every = orders(opened.ledger, opened.asof, lang())
one = filters.one("order", every["supervision_id"].to_list())
if one:
    row = every.row(by_predicate=pl.col("supervision_id") == one, named=True)
    graph = chain.graph(opened.ledger, opened.asof, opened.rule, lang()).around(f"supervision:{one}")
    title = supervision.one(head, row, graph, opened)
    link = layout.address(opened.address | {"order": one})
    layout.actions(
        "supervision", "supervision", every.filter(pl.col("supervision_id") == one), link, title, [], indicators()
    )
    layout.stop()

rows = supervision.asked(every)
due = due_orders(opened.ledger, opened.asof, opened.rule, lang())
filters.told("supervision", rows.height, every.height)
if rows.is_empty() and due.is_empty():
    layout.empty(head)
title = supervision.title(rows, due)
with head:
    layout.head(opened.eyebrow, title, supervision.paragraph(rows))
link = layout.address(opened.address | filters.chosen("state", "reason", "department"))
supervision.due(due, rules()[opened.rule], opened)
layout.actions("supervision", "due-orders", due, link, title, [], indicators())
if rows.height:
    drawn = supervision.draw(rows, opened, link)
    supervision.table(rows, opened)
    layout.actions("supervision", "supervision", rows, link, title, drawn, indicators())
opening.exchange("supervision", opened.ledger)
