"""The six mechanisms: how they work as one loop, how each stands in a ledger, what each asks for and carries."""

import polars as pl
import streamlit as st

from pages.parts import charts, filters, layout, loop, register, screen, short, turning
from pages.parts.words import _, lang, name
from queries.catalogue import SELF, indicators, parks
from queries.live import counts, red
from queries.mechanisms import links, mechanisms
from queries.rules import rules
from queries.targets import commitments, targets

six = mechanisms(lang())
source = six.row(0, named=True)
head = st.container()
opened = register.opened("mechanisms", parks(), SELF, rules())
if opened is None:
    said = (targets(parks=[SELF]).height, commitments(parks=[SELF]).height)
    title = _("六大机制要保 {targets} 项目标、{promises} 项承诺，台账未见公布", targets=said[0], promises=said[1])
    with head:
        layout.head([_("六大机制"), source["source_title"], source["locator"]], title, loop.paragraph(six))
        register.to_sample("mechanisms")
else:
    known = (opened.ledger, opened.asof, opened.rule, lang())
    live, burning = counts(*known), red(*known)
    title = turning.title(live)
    with head:
        layout.head(opened.eyebrow, title, turning.paragraph(live, six))
left, right = st.columns([2, 3], gap="large")
with left:
    names = [(row["position"], name(row, "name")) for row in six.iter_rows(named=True)]
    ring = loop.circle(charts.ring(names, screen.palette()), source)
with right:
    if opened is None:
        loop.asked(six)
    else:
        turning.doors(live, burning, six, opened)
if opened is not None:
    turning.red(burning, six, opened)
    layout.actions("mechanisms", "red", burning, layout.address(opened.address), title, [], indicators())
    register.exchange("mechanisms", opened.ledger)
    if short.asked():  # what follows is of the newspaper, and nothing of it is this ledger's
        layout.stop()
    loop.asked(six)

st.subheader(_("各管什么"), anchor=False)
chosen, wanted = loop.chosen(six)
rows = links(chosen or None, wanted or None)
filters.told("mechanisms", rows.height, links().height)
if rows.is_empty():
    layout.empty(st.container())
loop.matrix(rows)
loop.table(rows)
parameters = {"lang": lang(), "mechanism": ",".join(chosen) or filters.ALL, "theme": ",".join(wanted) or filters.ALL}
cited = rows.with_columns(pl.lit(source[key]).alias(key) for key in ("source_title", "source_url", "source_published"))
cited = cited.with_columns(locator=pl.col(f"locator_{lang()}"))
layout.actions("mechanisms", "mechanism-links", cited, layout.address(parameters), title, ring, indicators())
