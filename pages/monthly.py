"""Monthly dispatch: the meeting in its order, each target against plan and last year; ?target= opens one."""

import polars as pl
import streamlit as st

from pages.parts import filters, layout, meeting, register
from pages.parts.words import lang
from queries import chain, dispatch, ledgers
from queries.catalogue import SELF, indicators, parks
from queries.mechanisms import links
from queries.meeting import of_other_years, reviewed
from queries.progress import standing
from queries.rules import rules

head = st.container()
opened = register.opened("monthly", parks(), SELF, rules())
if opened is None:
    register.absent("monthly", head, links(["monthly"]), register.place(parks()))
    layout.stop()
known = (opened.ledger, opened.asof, opened.rule, lang())
every = standing(*known)
one = filters.one("target", every["target_id"].to_list())
if one:
    row = every.row(by_predicate=pl.col("target_id") == one, named=True)
    graph = chain.graph(*known).around(f"target:{one}")
    link = layout.address(opened.address | {"target": one})
    title, drawn = meeting.one(head, row, dispatch.course, graph, opened, link)
    layout.actions("monthly", "monthly", every.filter(pl.col("target_id") == one), link, title, drawn, indicators())
    layout.stop()

others, every = of_other_years(*known), reviewed(*known)
if every.is_empty():
    meeting.none(head, opened, others)
aims = meeting.asked(every)
filters.told("monthly", aims.height, every.height)
if aims.is_empty():
    layout.empty(head)
agenda = meeting.Agenda(
    dispatch.carried_over(dispatch.followups(opened.ledger, opened.asof, lang())),
    dispatch.far_behind(aims),
    dispatch.behind(aims),
    dispatch.changed(aims),
    dispatch.due_next(opened.ledger, opened.asof, lang()),
    dispatch.missing(aims, opened.asof),
    dispatch.unjudged(aims),
    aims,
)
title = meeting.title(aims, opened.asof)
with head:
    layout.head(opened.eyebrow, title, meeting.paragraph(agenda))
link = layout.address(opened.address | filters.chosen("theme", "status", "department"))
drawn = meeting.charts_of(agenda, dispatch.course, opened, link)
meeting.papers(agenda, drawn, opened, link, ledgers.meetings(opened.ledger, opened.asof))
meeting.show(agenda)
meeting.table(aims, opened)
meeting.elsewhere(others, opened)
layout.actions("monthly", "monthly", aims, link, title, drawn, indicators())
register.exchange("monthly", opened.ledger)
meeting.draw(drawn)
