"""A leader for each project: who stays with what; ?leader= and ?project= open one of them."""

import polars as pl
import streamlit as st

from pages.ledger import leaders, opening
from pages.ui import filters, layout
from pages.wording.language import lang
from queries.catalogue.catalogue import home_park, indicators, parks
from queries.ledger import chain
from queries.ledger.leaders import load, problems, projects
from queries.ledger.mechanisms import links
from queries.ledger.preplan import tasks
from queries.ledger.supervision import orders

head = st.container()
opened = opening.opened("leaders", parks(), home_park())
if opened is None:
    opening.absent("leaders", head, links(["leader"]), opening.place(parks()))
    layout.stop()
known = (opened.ledger, opened.asof, lang())
every, carried, stuck = projects(*known), load(*known), problems(*known)
one = filters.one("leader", carried["leader_id"].to_list())
if one:
    title, rows = leaders.leader(head, one, carried, every, stuck, tasks(*known), orders(*known), opened)
    link = layout.address(opened.address | {"leader": one})
    layout.actions("leaders", "projects", rows, link, title, [], indicators())
    layout.stop()
one = filters.one("project", every["project_id"].to_list())
if one:
    row = every.row(by_predicate=pl.col("project_id") == one, named=True)
    graph = chain.graph(opened.ledger, opened.asof, lang=lang()).around(f"project:{one}")
    title = leaders.project(head, row, graph, opened)
    link = layout.address(opened.address | {"project": one})
    layout.actions("leaders", "projects", every.filter(pl.col("project_id") == one), link, title, [], indicators())
    layout.stop()

rows = leaders.ordered(leaders.asked(every))
filters.told("leaders", rows.height, every.height)
if rows.is_empty():
    layout.empty(head)
title = leaders.title(rows)
with head:
    layout.head(opened.eyebrow, title, leaders.paragraph(rows, stuck))
link = layout.address(opened.address | filters.chosen("kind", "breach", "department"))
drawn = leaders.draw(rows, carried, opened, link)
leaders.loads(carried, opened)
leaders.table(rows, opened)
layout.actions("leaders", "projects", rows, link, title, drawn, indicators())
opening.exchange("leaders", opened.ledger)
leaders.problems(stuck)
