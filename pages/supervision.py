"""Supervision and follow-up: orders, their answers, and what ought to be ordered; ?order= opens one with its chain."""

import polars as pl
import streamlit as st

from pages.parts import filters, layout, orderlist, register
from pages.parts.words import lang
from queries import chain
from queries.catalogue import SELF, indicators, parks
from queries.mechanisms import links
from queries.orders import due_orders, orders
from queries.rules import rules

head = st.container()
opened = register.opened("supervision", parks(), SELF, rules())
if opened is None:
    register.absent("supervision", head, links(["supervise"]), register.place(parks()))
    layout.stop()
every = orders(opened.ledger, opened.asof, lang())
one = filters.one("order", every["supervision_id"].to_list())
if one:
    row = every.row(by_predicate=pl.col("supervision_id") == one, named=True)
    graph = chain.graph(opened.ledger, opened.asof, opened.rule, lang()).around(f"supervision:{one}")
    title = orderlist.one(head, row, graph, opened)
    link = layout.address(opened.address | {"order": one})
    layout.actions(
        "supervision", "supervision", every.filter(pl.col("supervision_id") == one), link, title, [], indicators()
    )
    layout.stop()

rows = orderlist.asked(every)
due = due_orders(opened.ledger, opened.asof, opened.rule, lang())
filters.told("supervision", rows.height, every.height)
if rows.is_empty() and due.is_empty():
    layout.empty(head)
title = orderlist.title(rows, due)
with head:
    layout.head(opened.eyebrow, title, orderlist.paragraph(rows))
link = layout.address(opened.address | filters.chosen("state", "reason", "department"))
orderlist.due(due, rules()[opened.rule], opened)
layout.actions("supervision", "due-orders", due, link, title, [], indicators())
if rows.height:
    drawn = orderlist.draw(rows, opened, link)
    orderlist.table(rows, opened)
    layout.actions("supervision", "supervision", rows, link, title, drawn, indicators())
register.exchange("supervision", opened.ledger)
