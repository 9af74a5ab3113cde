"""Efficiency: services against their promise in working days, and the cases behind any point."""

import streamlit as st

from data.values import workdays
from pages.ledger import efficiency, opening
from pages.ui import filters, layout
from pages.wording.language import lang
from queries.catalogue.catalogue import get_home_park, get_indicators, get_parks
from queries.ledger.efficiency import compute_control_limits, get_service_cases, summarize_cases
from queries.ledger.mechanisms import get_mechanism_links

head = st.container()
opened = opening.choose_ledger("efficiency", get_parks(), get_home_park())
if opened is None:
    opening.show_missing_ledger(
        "efficiency", head, get_mechanism_links(["efficiency"]), opening.label_current_park(get_parks())
    )
    layout.stop_page()
every = get_service_cases(opened.ledger, opened.asof, lang())
rows = efficiency.choose_cases(every)
filters.show_filter_summary("efficiency", rows.height, every.height)
if rows.is_empty():
    layout.stop_without_rows(head)
months = compute_control_limits(rows)
title = efficiency.describe_efficiency_title(rows)
with head:
    layout.show_head(opened.eyebrow, title, efficiency.describe_efficiency_details(rows, months))
link = layout.build_page_address(
    opened.address | filters.get_address_parameters("service", "department", "month", "state", "by")
)
drawn = efficiency.show_control_chart(rows, months, opened, link)
groups = efficiency.show_service_groups(rows, summarize_cases)
layout.show_actions("efficiency", "efficiency-groups", groups, link, title, drawn, get_indicators())
efficiency.show_case_table(rows, workdays.LAST_YEAR)
layout.show_actions("efficiency", "efficiency", rows, link, title, [], get_indicators())
opening.show_workbook_exchange("efficiency", opened.ledger)
