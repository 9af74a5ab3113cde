"""Pre-arrange and cross off: every task with its state; ?task= opens one with its chain."""

import polars as pl
import streamlit as st

from pages.ledger import opening, preplan
from pages.ui import filters, layout
from pages.wording.language import lang
from queries.catalogue.catalogue import home_park, indicators, parks
from queries.ledger import chain
from queries.ledger.mechanisms import links
from queries.ledger.preplan import burn_down, counted, serving_nothing, steps, tasks, unmoved, without_task

head = st.container()
opened = opening.opened("preplan", parks(), home_park())
if opened is None:
    opening.absent("preplan", head, links(["preplan"]), opening.place(parks()))
    layout.stop()
every = tasks(opened.ledger, opened.asof, lang())
one = filters.one("task", every["task_id"].to_list())
if one:
    row = every.row(by_predicate=pl.col("task_id") == one, named=True)
    graph = chain.graph(opened.ledger, opened.asof, lang=lang()).around(f"task:{one}")
    title = preplan.one(head, row, steps(opened.ledger, opened.asof, one), graph, opened)
    link = layout.address(opened.address | {"task": one})
    layout.actions("preplan", "tasks", every.filter(pl.col("task_id") == one), link, title, [], indicators())
    layout.stop()

rows = preplan.ordered(preplan.asked(every))
bare = without_task(opened.ledger, opened.asof, opened.rule, lang())
filters.told("preplan", rows.height, every.height)
if rows.is_empty():
    layout.empty(head)
title = preplan.title(rows)
with head:
    layout.head(opened.eyebrow, title, preplan.paragraph(rows, bare, serving_nothing(every)))
link = layout.address(opened.address | filters.chosen("state", "theme", "department", "aim", "by"))
drawn = preplan.draw(rows, burn_down(rows, opened.asof), opened, link)
drawn += preplan.timeline(rows, opened, link)
preplan.listing(rows, counted, opened)
preplan.pick("preplan", "task", preplan.open_label(), rows, "task_id", "title")
layout.actions("preplan", "tasks", rows, link, title, drawn, indicators())
opening.exchange("preplan", opened.ledger)
preplan.gaps(bare, serving_nothing(every), unmoved(opened.ledger, opened.asof, opened.rule, lang()))
