"""Rewards and penalties: the declared formula, every input, the scores; other weights can be tried in the address."""

import streamlit as st

from pages.ledger import opening, rewards
from pages.ui import filters, layout
from pages.wording.language import lang
from queries.catalogue.catalogue import home_park, indicators, parks
from queries.ledger.mechanisms import links
from queries.ledger.progress import standing
from queries.ledger.rewards import BadWeight, items, scores, subjects, weights_of
from queries.targets.rules import rules

head = st.container()
opened = opening.opened("rewards", parks(), home_park(), rules())
if opened is None:
    opening.absent("rewards", head, links(["reward"]), opening.place(parks()))
    layout.stop()
known = (opened.ledger, opened.asof, opened.rule, lang())
declared = items(*known)
tried = rewards.weights(declared, weights_of, BadWeight)
every = scores(items(*known, tried), subjects(opened.ledger, opened.asof, lang()))
ranked, rows = rewards.asked(every, items(*known, tried))
filters.told("rewards", ranked.height, every.height)
if ranked.is_empty():
    layout.empty(head)
title = rewards.title(ranked, tried)
with head:
    layout.head(opened.eyebrow, title, rewards.paragraph(ranked))
link = layout.address(opened.address | filters.chosen("department", "weights"))
drawn = rewards.draw(ranked, opened, link)
rewards.table(ranked)
layout.actions("rewards", "scores", ranked, link, title, drawn, indicators())
rewards.formula()
rewards.inputs(rows, standing(*known))
layout.actions("rewards", "score-items", rows, link, title, [], indicators())
opening.exchange("rewards", opened.ledger)
