"""A leader for each project: who stays with what; ?leader= and ?project= open one of them."""

import polars as pl

from pages.ledger import leaders, listing
from queries.ledger import chain
from queries.ledger.leaders import compute_leader_loads, get_ledger_problems, get_ledger_projects
from queries.ledger.preplan import get_ledger_tasks
from queries.ledger.supervision import get_ledger_orders

page = listing.open_list_page("leaders")
opened, known = page.opened, page.known
every, carried, stuck = get_ledger_projects(*known), compute_leader_loads(*known), get_ledger_problems(*known)
if row := page.find_one("leader", carried, "leader_id"):
    work, orders = get_ledger_tasks(*known), get_ledger_orders(*known)
    title, rows = leaders.show_leader(page.head, row, every, stuck, work, orders, opened)
    page.end_with_one("projects", rows, title, leader=row["leader_id"])
if row := page.find_one("project", every, "project_id"):
    code = row["project_id"]
    graph = chain.build_chain_graph(*page.judged).around(f"project:{code}")
    title = leaders.show_project(page.head, row, graph, opened)
    page.end_with_one("projects", every.filter(pl.col("project_id") == code), title, project=code)

rows = leaders.sort_projects(leaders.choose_projects(every))
page.show_found(rows, every)
title = leaders.describe_leaders_title(rows)
page.show_head(title, leaders.describe_leaders_details(rows, stuck))
link = page.link("kind", "breach", "department")
drawn = leaders.show_leader_matrix(rows, carried, opened, link)
leaders.show_leader_loads(carried, opened)
leaders.show_project_table(rows, opened)
page.show_actions("projects", rows, link, title, drawn)
page.show_workbook_exchange()
leaders.show_open_problems(stuck)
