"""The six mechanisms: how they work as one loop, how each stands in a ledger, what each asks for and carries."""

import polars as pl
import streamlit as st

from pages.ledger import opening, summary
from pages.ui import embed, filters, layout
from pages.wording.language import _, lang
from queries.catalogue.catalogue import get_home_park, get_indicators, get_parks
from queries.ledger.mechanisms import get_mechanism_links, get_mechanisms
from queries.ledger.summary import count_by_mechanism, get_red_entries
from queries.targets.rules import read_rules
from queries.targets.targets import get_park_commitments, get_raw_targets

six = get_mechanisms(lang())
source = six.row(0, named=True)
head = st.container()
opened = opening.choose_ledger("mechanisms", get_parks(), get_home_park(), read_rules())
if opened is None:
    aims = get_raw_targets().filter(pl.col("park_id") == get_home_park())
    promised = get_park_commitments(parks=[get_home_park()])
    title = summary.describe_title_without_ledger(aims.height, promised.height)
    with head:
        cited = [_("六大机制"), source["source_title"], source["locator"]]
        layout.show_head(cited, title, summary.describe_mechanisms(six))
        opening.show_sample_link("mechanisms")
else:
    known = (opened.ledger, opened.asof, opened.rule, lang())
    live, burning = count_by_mechanism(*known), get_red_entries(*known)
    title = summary.describe_summary_title(live)
    with head:
        layout.show_head(opened.eyebrow, title, summary.describe_summary_details(live, six))
left, right = st.columns([2, 3], gap="large")
with left:
    drawn = summary.show_mechanism_ring(six)
with right:
    if opened is not None:
        summary.show_mechanism_doors(live, burning, six, opened)
    else:
        summary.show_requirements(six)
if opened is not None:
    summary.show_red_items(burning, six, opened)
    address = layout.build_page_address(opened.address)
    layout.show_actions("mechanisms", "red", burning, address, title, [], get_indicators())
    opening.show_workbook_exchange("mechanisms", opened.ledger)
    if embed.is_short():  # what follows is of the newspaper, and nothing of it is this ledger's
        layout.stop_page()
    summary.show_requirements(six)

st.subheader(_("各管什么"), anchor=False)
chosen, wanted = summary.choose_mechanism_filters(six)
rows = get_mechanism_links(chosen or None, wanted or None)
filters.show_filter_summary("mechanisms", rows.height, get_mechanism_links().height)
if rows.is_empty():
    layout.stop_without_rows(st.container())
summary.show_theme_matrix(rows)
summary.show_mechanism_links(rows)
parameters = {"lang": lang(), "mechanism": ",".join(chosen) or filters.ALL, "theme": ",".join(wanted) or filters.ALL}
rows = summary.add_citation(rows, source)
address = layout.build_page_address(parameters)
layout.show_actions("mechanisms", "mechanism-links", rows, address, title, drawn, get_indicators())
