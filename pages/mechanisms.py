"""The six mechanisms: how they work as one loop, how each stands in a ledger, what each asks for and carries."""

import polars as pl
import streamlit as st

from pages.charts import charts
from pages.ledger import mechanism_table, opening, summary
from pages.ui import device, embed, filters, layout
from pages.wording.language import _, lang, name
from queries.catalogue.catalogue import home_park, indicators, parks
from queries.ledger.mechanisms import links, mechanisms
from queries.ledger.summary import counts, red
from queries.targets.rules import rules
from queries.targets.targets import commitments, targets

six = mechanisms(lang())
source = six.row(0, named=True)
head = st.container()
opened = opening.opened("mechanisms", parks(), home_park(), rules())
if opened is None:
    said = (targets(parks=[home_park()]).height, commitments(parks=[home_park()]).height)
    title = _("六大机制要保 {targets} 项目标、{promises} 项承诺，台账未见公布", targets=said[0], promises=said[1])
    with head:
        layout.head([_("六大机制"), source["source_title"], source["locator"]], title, mechanism_table.paragraph(six))
        opening.to_sample("mechanisms")
else:
    known = (opened.ledger, opened.asof, opened.rule, lang())
    live, burning = counts(*known), red(*known)
    title = summary.title(live)
    with head:
        layout.head(opened.eyebrow, title, summary.paragraph(live, six))
left, right = st.columns([2, 3], gap="large")
with left:
    names = [(row["position"], name(row, "name")) for row in six.iter_rows(named=True)]
    ring = mechanism_table.circle(charts.ring(names, device.palette()), source)
with right:
    if opened is None:
        mechanism_table.asked(six)
    else:
        summary.doors(live, burning, six, opened)
if opened is not None:
    summary.red(burning, six, opened)
    layout.actions("mechanisms", "red", burning, layout.address(opened.address), title, [], indicators())
    opening.exchange("mechanisms", opened.ledger)
    if embed.asked():  # what follows is of the newspaper, and nothing of it is this ledger's
        layout.stop()
    mechanism_table.asked(six)

st.subheader(_("各管什么"), anchor=False)
chosen, wanted = mechanism_table.chosen(six)
rows = links(chosen or None, wanted or None)
filters.told("mechanisms", rows.height, links().height)
if rows.is_empty():
    layout.empty(st.container())
mechanism_table.matrix(rows)
mechanism_table.table(rows)
parameters = {"lang": lang(), "mechanism": ",".join(chosen) or filters.ALL, "theme": ",".join(wanted) or filters.ALL}
cited = rows.with_columns(pl.lit(source[key]).alias(key) for key in ("source_title", "source_url", "source_published"))
cited = cited.with_columns(locator=pl.col(f"locator_{lang()}"))
layout.actions("mechanisms", "mechanism-links", cited, layout.address(parameters), title, ring, indicators())
