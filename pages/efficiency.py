"""Efficiency: services against their promise in working days, and the cases behind any point."""

import streamlit as st

from pages.parts import caselist, filters, layout, register
from pages.parts.words import lang
from queries import workdays
from queries.catalogue import SELF, indicators, parks
from queries.mechanisms import links
from queries.services import cases, control, summary

head = st.container()
opened = register.opened("efficiency", parks(), SELF)
if opened is None:
    register.absent("efficiency", head, links(["efficiency"]), register.place(parks()))
    layout.stop()
every = cases(opened.ledger, opened.asof, lang())
rows = caselist.asked(every)
filters.told("efficiency", rows.height, every.height)
if rows.is_empty():
    layout.empty(head)
months = control(rows)
title = caselist.title(rows)
with head:
    layout.head(opened.eyebrow, title, caselist.paragraph(rows, months))
link = layout.address(opened.address | filters.chosen("service", "department", "month", "state", "by"))
drawn = caselist.draw(rows, months, opened, link)
groups = caselist.grouped(rows, summary)
layout.actions("efficiency", "efficiency-groups", groups, link, title, drawn, indicators())
caselist.table(rows, workdays.LAST)
layout.actions("efficiency", "efficiency", rows, link, title, [], indicators())
register.exchange("efficiency", opened.ledger)
