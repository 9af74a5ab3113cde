"""Efficiency: services against their promise in working days, and the cases behind any point."""

import streamlit as st

from data.values import workdays
from pages.ledger import efficiency, opening
from pages.ui import filters, layout
from pages.wording.language import lang
from queries.catalogue.catalogue import home_park, indicators, parks
from queries.ledger.efficiency import cases, control, summary
from queries.ledger.mechanisms import links

head = st.container()
opened = opening.opened("efficiency", parks(), home_park())
if opened is None:
    opening.absent("efficiency", head, links(["efficiency"]), opening.place(parks()))
    layout.stop()
every = cases(opened.ledger, opened.asof, lang())
rows = efficiency.asked(every)
filters.told("efficiency", rows.height, every.height)
if rows.is_empty():
    layout.empty(head)
months = control(rows)
title = efficiency.title(rows)
with head:
    layout.head(opened.eyebrow, title, efficiency.paragraph(rows, months))
link = layout.address(opened.address | filters.chosen("service", "department", "month", "state", "by"))
drawn = efficiency.draw(rows, months, opened, link)
groups = efficiency.grouped(rows, summary)
layout.actions("efficiency", "efficiency-groups", groups, link, title, drawn, indicators())
efficiency.table(rows, workdays.LAST)
layout.actions("efficiency", "efficiency", rows, link, title, [], indicators())
opening.exchange("efficiency", opened.ledger)
