"""Monthly dispatch: the meeting in its order, each target against plan and last year; ?target= opens one."""

import polars as pl
import streamlit as st

from pages.ledger import monthly, opening
from pages.ui import filters, layout
from pages.wording.language import lang
from queries.catalogue.catalogue import home_park, indicators, parks
from queries.ledger import chain, ledgers
from queries.ledger import monthly as dispatch
from queries.ledger.mechanisms import links
from queries.ledger.meeting import of_other_years, reviewed
from queries.ledger.progress import standing
from queries.targets.rules import rules

head = st.container()
opened = opening.opened("monthly", parks(), home_park(), rules())
if opened is None:
    opening.absent("monthly", head, links(["monthly"]), opening.place(parks()))
    layout.stop()
known = (opened.ledger, opened.asof, opened.rule, lang())
every = standing(*known)
one = filters.one("target", every["target_id"].to_list())
if one:
    row = every.row(by_predicate=pl.col("target_id") == one, named=True)
    graph = chain.graph(*known).around(f"target:{one}")
    link = layout.address(opened.address | {"target": one})
    title, drawn = monthly.one(head, row, dispatch.course, graph, opened, link)
    layout.actions("monthly", "monthly", every.filter(pl.col("target_id") == one), link, title, drawn, indicators())
    layout.stop()

others, every = of_other_years(*known), reviewed(*known)
if every.is_empty():
    monthly.none(head, opened, others)
aims = monthly.asked(every)
filters.told("monthly", aims.height, every.height)
if aims.is_empty():
    layout.empty(head)
agenda = monthly.Agenda(
    dispatch.carried_over(dispatch.followups(opened.ledger, opened.asof, lang())),
    dispatch.far_behind(aims),
    dispatch.behind(aims),
    dispatch.changed(aims),
    dispatch.due_next(opened.ledger, opened.asof, lang()),
    dispatch.missing(aims, opened.asof),
    dispatch.unjudged(aims),
    aims,
)
title = monthly.title(aims, opened.asof)
with head:
    layout.head(opened.eyebrow, title, monthly.paragraph(agenda))
link = layout.address(opened.address | filters.chosen("theme", "status", "department"))
drawn = monthly.charts_of(agenda, dispatch.course, opened, link)
monthly.papers(agenda, drawn, opened, link, ledgers.meetings(opened.ledger, opened.asof))
monthly.show(agenda)
monthly.table(aims, opened)
monthly.elsewhere(others, opened)
layout.actions("monthly", "monthly", aims, link, title, drawn, indicators())
opening.exchange("monthly", opened.ledger)
monthly.draw(drawn)
