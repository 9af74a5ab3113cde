"""Pre-arrange and cross off: every task with its state; ?task= opens one with its chain."""

import polars as pl

from pages.ledger import listing, preplan
from queries.ledger import chain
from queries.ledger.preplan import (
    compute_burndown,
    filter_tasks_without_aim,
    get_ineffective_tasks,
    get_ledger_tasks,
    get_targets_without_task,
    get_task_steps,
)

page = listing.open_list_page("preplan")
opened = page.opened
every = get_ledger_tasks(*page.known)
if row := page.find_one("task", every, "task_id"):
    code = row["task_id"]
    graph = chain.build_chain_graph(*page.judged).around(f"task:{code}")
    title = preplan.show_task(page.head, row, get_task_steps(opened.ledger, opened.asof, code), graph, opened)
    page.end_with_one("tasks", every.filter(pl.col("task_id") == code), title, task=code)

rows = preplan.sort_tasks(preplan.choose_tasks(every))
bare, lost = get_targets_without_task(*page.judged), filter_tasks_without_aim(every)
page.show_found(rows, every)
title = preplan.describe_preplan_title(rows)
page.show_head(title, preplan.describe_preplan_details(rows, bare, lost))
link = page.link("state", "theme", "department", "aim", "by")
drawn = preplan.show_burn_down(rows, compute_burndown(rows, opened.asof), opened, link)
drawn += preplan.show_task_timeline(rows, opened, link)
preplan.show_task_list(rows, opened)
page.show_actions("tasks", rows, link, title, drawn)
page.show_workbook_exchange()
preplan.show_task_mismatches(bare, lost, get_ineffective_tasks(*page.judged))
