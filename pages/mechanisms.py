"""The six mechanisms: how they work as one loop, what each asks for, and what each carries."""

import polars as pl
import streamlit as st

from pages.parts import charts, figures, filters, layout, loop, screen
from pages.parts.words import _, lang, name
from queries.catalogue import SELF, THEMES, indicators
from queries.mechanisms import links, mechanisms
from queries.targets import commitments, targets

six = mechanisms(lang())
counts = (targets(parks=[SELF]).height, commitments(parks=[SELF]).height)
source = six.row(0, named=True)
title = _("六大机制要保 {targets} 项目标、{promises} 项承诺，台账未见公布", targets=counts[0], promises=counts[1])
layout.head([_("六大机制"), source["source_title"], source["locator"]], title, loop.paragraph(six))

left, right = st.columns([2, 3], gap="large")
with left:
    st.subheader(_("一个闭环"), anchor=False)
    data, spec = charts.ring(
        [(row["position"], name(row, "name")) for row in six.iter_rows(named=True)], screen.palette()
    )
    st.vega_lite_chart(data, spec, alt=_("六大机制首尾相接"))
    st.caption(
        _("顺序按原文；连成一圈是本站的画法：先安排，再有人管，按月看，落后就督，服务跟上，年终算账，来年再安排。")
    )
with right:
    st.subheader(_("各自要求什么"), anchor=False)
    loop.asks(six)

st.subheader(_("各管什么"), anchor=False)
with filters.fold():
    one, two = st.columns(2, gap="medium")
    with one:
        codes = filters.named(six, "mechanism_id")
        chosen = filters.several(
            st.pills, "mechanisms_mechanism", "mechanism", _("机制"), codes, [], selection_mode="multi"
        )
    with two:
        themes = {code: figures.theme(code) for code in THEMES}
        wanted = filters.several(st.pills, "mechanisms_theme", "theme", _("方面"), themes, [], selection_mode="multi")
rows = links(chosen or None, wanted or None)
filters.told("mechanisms", rows.height, links().height)
if rows.is_empty():
    layout.empty(st.container())
loop.matrix(rows)
loop.table(rows)
parameters = {"lang": lang(), "mechanism": ",".join(chosen) or filters.ALL, "theme": ",".join(wanted) or filters.ALL}
cited = rows.with_columns(
    source_title=pl.lit(source["source_title"]),
    source_url=pl.lit(source["source_url"]),
    source_published=pl.lit(source["source_published"]),
    locator=pl.col(f"locator_{lang()}"),
)
layout.actions("mechanisms", "mechanism-links", cited, layout.address(parameters), title, [], indicators())
