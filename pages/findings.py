"""Findings: where published figures do not fit each other, by how much, and what definition would explain it."""

import polars as pl
import streamlit as st

from pages.themes import finding_view
from pages.ui import filters, layout
from pages.wording.language import _, lang
from queries.catalogue.catalogue import get_indicators
from queries.figures.observations import get_observations
from queries.targets.findings import get_consistency_findings
from queries.targets.targets import get_judged_targets

asof = filters.choose_asof_day("findings")
every = get_consistency_findings(lang=lang(), asof=asof)
head = st.container()
one = filters.find_requested_code("finding", every["finding_id"].to_list())
if one:
    rows = every.filter(pl.col("finding_id") == one)
    st.page_link("findings.py", label=_("返回全部"), icon=":material/arrow_back:", query_params={"lang": lang()})
else:
    rows = finding_view.choose_findings(every)
title = finding_view.describe_finding_count(every)
with head:
    layout.show_head([_("数据核验")], title, finding_view.describe_severities(every))
if rows.is_empty():
    layout.stop_without_rows(st.container())
finding_view.show_findings(rows, get_observations(lang=lang(), asof=asof), get_judged_targets(lang=lang(), asof=asof))
link = layout.build_page_address(finding_view.get_finding_parameters(one))
layout.show_actions("findings", "findings", rows, link, title, [], get_indicators())
