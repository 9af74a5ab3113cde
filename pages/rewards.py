"""Rewards and penalties: the declared formula, every input, the scores; other weights can be tried in the address."""

import streamlit as st

from pages.ledger import opening, rewards
from pages.ui import filters, layout
from pages.wording.language import lang
from queries.catalogue.catalogue import get_home_park, get_indicators, get_parks
from queries.ledger.mechanisms import get_mechanism_links
from queries.ledger.progress import judge_ledger_targets
from queries.ledger.rewards import BadWeight, compute_score_items, compute_scores, get_score_subjects, parse_weights
from queries.targets.rules import read_rules

head = st.container()
opened = opening.choose_ledger("rewards", get_parks(), get_home_park(), read_rules())
if opened is None:
    opening.show_missing_ledger(
        "rewards", head, get_mechanism_links(["rewards"]), opening.label_current_park(get_parks())
    )
    layout.stop_page()
known = (opened.ledger, opened.asof, opened.rule, lang())
declared = compute_score_items(*known)
tried = rewards.choose_weights(declared, parse_weights, BadWeight)
every = compute_scores(compute_score_items(*known, tried), get_score_subjects(opened.ledger, opened.asof, lang()))
ranked, rows = rewards.choose_scored_departments(every, compute_score_items(*known, tried))
filters.show_filter_summary("rewards", ranked.height, every.height)
if ranked.is_empty():
    layout.stop_without_rows(head)
title = rewards.describe_rewards_title(ranked, tried)
with head:
    layout.show_head(opened.eyebrow, title, rewards.describe_rewards_details(ranked))
link = layout.build_page_address(opened.address | filters.get_address_parameters("department", "weights"))
drawn = rewards.show_score_chart(ranked, opened, link)
rewards.show_score_table(ranked)
layout.show_actions("rewards", "scores", ranked, link, title, drawn, get_indicators())
rewards.show_score_formula()
rewards.show_score_inputs(rows, judge_ledger_targets(*known))
layout.show_actions("rewards", "score-items", rows, link, title, [], get_indicators())
opening.show_workbook_exchange("rewards", opened.ledger)
