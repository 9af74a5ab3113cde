"""A leader for each project: who stays with what; ?leader= and ?project= open one of them."""

import polars as pl
import streamlit as st

from pages.parts import filters, layout, pairs, register
from pages.parts.words import lang
from queries import chain
from queries.catalogue import SELF, indicators, parks
from queries.mechanisms import links
from queries.orders import orders
from queries.projects import load, problems, projects
from queries.tasks import tasks

head = st.container()
opened = register.opened("leaders", parks(), SELF)
if opened is None:
    register.absent("leaders", head, links(["leader"]), register.place(parks()))
    layout.stop()
known = (opened.ledger, opened.asof, lang())
every, carried, stuck = projects(*known), load(*known), problems(*known)
one = filters.one("leader", carried["leader_id"].to_list())
if one:
    title, rows = pairs.leader(head, one, carried, every, stuck, tasks(*known), orders(*known), opened)
    link = layout.address(opened.address | {"leader": one})
    layout.actions("leaders", "projects", rows, link, title, [], indicators())
    layout.stop()
one = filters.one("project", every["project_id"].to_list())
if one:
    row = every.row(by_predicate=pl.col("project_id") == one, named=True)
    graph = chain.graph(opened.ledger, opened.asof, lang=lang()).around(f"project:{one}")
    title = pairs.project(head, row, graph, opened)
    link = layout.address(opened.address | {"project": one})
    layout.actions("leaders", "projects", every.filter(pl.col("project_id") == one), link, title, [], indicators())
    layout.stop()

rows = pairs.ordered(pairs.asked(every))
filters.told("leaders", rows.height, every.height)
if rows.is_empty():
    layout.empty(head)
title = pairs.title(rows)
with head:
    layout.head(opened.eyebrow, title, pairs.paragraph(rows, stuck))
link = layout.address(opened.address | filters.chosen("kind", "breach", "department"))
drawn = pairs.draw(rows, carried, opened, link)
pairs.loads(carried, opened)
pairs.table(rows, opened)
layout.actions("leaders", "projects", rows, link, title, drawn, indicators())
register.exchange("leaders", opened.ledger)
pairs.problems(stuck)
