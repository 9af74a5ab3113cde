"""Monthly dispatch: the meeting in its order, each target against plan and last year; ?target= opens one."""

import polars as pl

from pages.ledger import agenda, listing, monthly
from queries.ledger import chain, ledgers
from queries.ledger.meeting import count_other_year_targets, get_meeting_targets
from queries.ledger.progress import judge_ledger_targets

page = listing.open_list_page("monthly", judges=True)
opened = page.opened
judged = judge_ledger_targets(*page.judged)
if row := page.find_one("target", judged, "target_id"):
    code = row["target_id"]
    graph = chain.build_chain_graph(*page.judged).around(f"target:{code}")
    title, drawn = monthly.show_monthly_target(page.head, row, graph, opened, page.link(target=code))
    page.end_with_one("monthly", judged.filter(pl.col("target_id") == code), title, drawn, target=code)

others, every = count_other_year_targets(*page.judged), get_meeting_targets(*page.judged)
if every.is_empty():
    monthly.show_no_targets(page.head, opened, others)
aims = monthly.choose_monthly_targets(every)
page.show_found(aims, every)
meeting = agenda.make_agenda(aims, opened)
title = agenda.describe_monthly_title(aims, opened.asof)
page.show_head(title, agenda.describe_monthly_details(meeting))
link = page.link("theme", "status", "department")
drawn = monthly.make_agenda_pictures(meeting, opened, link)
monthly.show_meeting_documents(meeting, drawn, opened, link, ledgers.get_meeting_days(opened.ledger, opened.asof))
monthly.show_agenda(meeting)
monthly.show_monthly_targets(aims, opened)
monthly.show_other_years(others, opened)
page.show_actions("monthly", aims, link, title, drawn)
page.show_workbook_exchange()
monthly.show_target_charts(drawn)
