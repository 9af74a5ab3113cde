"""Findings: where published figures do not fit each other, by how much, and what definition would explain it."""

import polars as pl
import streamlit as st

from pages.themes import finding_view
from pages.ui import filters, layout
from pages.wording.language import _, lang
from queries.catalogue.catalogue import indicators
from queries.figures.observations import observations
from queries.targets.findings import findings
from queries.targets.targets import targets

asof = filters.known_by("findings")
every = findings(lang=lang(), asof=asof)
head = st.container()
one = filters.one("finding", every["finding_id"].to_list())
if one:
    rows = every.filter(pl.col("finding_id") == one)
    st.page_link("findings.py", label=_("返回全部"), icon=":material/arrow_back:", query_params={"lang": lang()})
else:
    rows = finding_view.asked(every)
title = finding_view.title(every)
with head:
    layout.head([_("数据核验")], title, finding_view.paragraph(every))
if rows.is_empty():
    layout.empty(st.container())
finding_view.show(rows, observations(lang=lang(), asof=asof), targets(lang=lang(), asof=asof))
link = layout.address(finding_view.address(one))
layout.actions("findings", "findings", rows, link, title, [], indicators())
