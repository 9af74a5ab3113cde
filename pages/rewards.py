"""Rewards and penalties: the declared formula, every input, the scores; other weights can be tried in the address."""

from pages.ledger import listing, rewards
from queries.ledger.progress import judge_ledger_targets
from queries.ledger.rewards import compute_score_items, compute_scores, get_score_subjects

page = listing.open_list_page("rewards", judges=True)
tried = rewards.choose_weights(compute_score_items(*page.judged))
items = compute_score_items(*page.judged, tried)
every = compute_scores(items, get_score_subjects(*page.known))
ranked, rows = rewards.choose_scored_departments(every, items)
page.show_found(ranked, every)
title = rewards.describe_rewards_title(ranked, tried)
page.show_head(title, rewards.describe_rewards_details(ranked))
link = page.link("department", "weights")
drawn = rewards.show_score_chart(ranked, page.opened, link)
rewards.show_score_table(ranked)
page.show_actions("scores", ranked, link, title, drawn)
rewards.show_score_formula()
rewards.show_score_inputs(rows, judge_ledger_targets(*page.judged))
page.show_actions("score-items", rows, link, title)
page.show_workbook_exchange()
