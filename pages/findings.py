"""Findings: where published figures do not fit each other, by how much, and what definition would explain it."""

import polars as pl
import streamlit as st

from pages.parts import filters, layout, misfits
from pages.parts.words import _, lang
from queries.catalogue import indicators
from queries.findings import findings
from queries.observations import observations
from queries.targets import targets

every = findings(lang=lang())
head = st.container()
one = filters.one("finding", every["finding_id"].to_list())
if one:
    rows = every.filter(pl.col("finding_id") == one)
    st.page_link("findings.py", label=_("返回全部"), icon=":material/arrow_back:", query_params={"lang": lang()})
else:
    rows = misfits.asked(every)
title = misfits.title(every)
with head:
    layout.head([_("数据核验")], title, misfits.paragraph(every))
if rows.is_empty():
    layout.empty(st.container())
misfits.show(rows, observations(lang=lang()), targets(lang=lang()))
link = layout.address(misfits.address(one))
layout.actions("findings", "findings", rows, link, title, [], indicators())
