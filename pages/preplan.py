"""Pre-arrange and cross off: every task with its state; ?task= opens one with its chain."""

import polars as pl
import streamlit as st

from pages.parts import filters, layout, register, tasklist
from pages.parts.words import lang
from queries import chain
from queries.catalogue import SELF, indicators, parks
from queries.mechanisms import links
from queries.tasks import burn_down, counted, serving_nothing, steps, tasks, unmoved, without_task

head = st.container()
opened = register.opened("preplan", parks(), SELF)
if opened is None:
    register.absent("preplan", head, links(["preplan"]), register.place(parks()))
    layout.stop()
every = tasks(opened.ledger, opened.asof, lang())
one = filters.one("task", every["task_id"].to_list())
if one:
    row = every.row(by_predicate=pl.col("task_id") == one, named=True)
    graph = chain.graph(opened.ledger, opened.asof, lang=lang()).around(f"task:{one}")
    title = tasklist.one(head, row, steps(opened.ledger, opened.asof, one), graph, opened)
    link = layout.address(opened.address | {"task": one})
    layout.actions("preplan", "tasks", every.filter(pl.col("task_id") == one), link, title, [], indicators())
    layout.stop()

rows = tasklist.ordered(tasklist.asked(every))
bare = without_task(opened.ledger, opened.asof, opened.rule, lang())
filters.told("preplan", rows.height, every.height)
if rows.is_empty():
    layout.empty(head)
title = tasklist.title(rows)
with head:
    layout.head(opened.eyebrow, title, tasklist.paragraph(rows, bare, serving_nothing(every)))
link = layout.address(opened.address | filters.chosen("state", "theme", "department", "aim", "by"))
drawn = tasklist.draw(rows, burn_down(rows, opened.asof), opened, link)
drawn += tasklist.timeline(rows, opened, link)
tasklist.listing(rows, counted, opened)
tasklist.pick("preplan", "task", tasklist.open_label(), rows, "task_id", "title")
layout.actions("preplan", "tasks", rows, link, title, drawn, indicators())
register.exchange("preplan", opened.ledger)
tasklist.gaps(bare, serving_nothing(every), unmoved(opened.ledger, opened.asof, opened.rule, lang()))
