"""Efficiency: services against their promise in working days, and the cases behind any point."""

from data.values import workdays
from pages.ledger import efficiency, listing
from queries.ledger.efficiency import compute_control_limits, get_service_cases

page = listing.open_list_page("efficiency")
every = get_service_cases(*page.known)
rows = efficiency.choose_cases(every)
page.show_found(rows, every)
months = compute_control_limits(rows)
title = efficiency.describe_efficiency_title(rows)
page.show_head(title, efficiency.describe_efficiency_details(rows, months))
link = page.link("service", "department", "month", "state", "by")
drawn = efficiency.show_control_chart(rows, months, page.opened, link)
groups = efficiency.show_service_groups(rows)
page.show_actions("efficiency-groups", groups, link, title, drawn)
efficiency.show_case_table(rows, workdays.LAST_YEAR)
page.show_actions("efficiency", rows, link, title)
page.show_workbook_exchange()
