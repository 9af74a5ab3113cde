"""Rewards and penalties: the declared formula, every input, the scores; other weights can be tried in the address."""

import streamlit as st

from pages.parts import filters, layout, register, scorelist
from pages.parts.words import lang
from queries.catalogue import SELF, indicators, parks
from queries.mechanisms import links
from queries.progress import standing
from queries.rules import rules
from queries.scores import BadWeight, items, scores, subjects, weights_of

head = st.container()
opened = register.opened("rewards", parks(), SELF, rules())
if opened is None:
    register.absent("rewards", head, links(["reward"]), register.place(parks()))
    layout.stop()
known = (opened.ledger, opened.asof, opened.rule, lang())
declared = items(*known)
tried = scorelist.weights(declared, weights_of, BadWeight)
every = scores(items(*known, tried), subjects(opened.ledger, opened.asof, lang()))
ranked, rows = scorelist.asked(every, items(*known, tried))
filters.told("rewards", ranked.height, every.height)
if ranked.is_empty():
    layout.empty(head)
title = scorelist.title(ranked, tried)
with head:
    layout.head(opened.eyebrow, title, scorelist.paragraph(ranked))
link = layout.address(opened.address | filters.chosen("department", "weights"))
drawn = scorelist.draw(ranked, opened, link)
scorelist.table(ranked)
layout.actions("rewards", "scores", ranked, link, title, drawn, indicators())
scorelist.formula()
scorelist.inputs(rows, standing(*known))
layout.actions("rewards", "score-items", rows, link, title, [], indicators())
register.exchange("rewards", opened.ledger)
