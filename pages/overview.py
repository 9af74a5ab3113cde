"""Overview: the headline, the board of every target with its status, what is not known; ?target= opens one target."""

import polars as pl
import streamlit as st

from pages.themes import board, finding_view, sections, target
from pages.ui import filters, layout
from pages.wording import headlines
from pages.wording.language import _, lang, name
from queries.catalogue.catalogue import home_park, indicators, parks, units
from queries.figures.observations import observations
from queries.ledger import ledgers
from queries.targets.findings import findings
from queries.targets.rules import rules
from queries.targets.targets import aimed, locked, targets

head = st.container()
one = filters.one("target", aimed(lang())["target_id"].to_list())
view = board.asked(parks().filter(pl.col("targets") > 0), aimed(), rules(), home_park(), one)
aims = targets(parks=[view.park], rule=view.rule, asof=view.asof, lang=lang())
rows = observations(parks=[view.park], evidence=("published", "derived", "own"), lang=lang(), asof=view.asof)
link = layout.address(view.address | ({"target": one} if one else {}))
if one:
    target.show(head, aims, rows, one, view, link, indicators())
    target.to_ledger(ledgers.ledger(view.park) is not None, one, view)
    layout.stop()

aims = aims.filter(pl.col("year") == view.year)
if aims.is_empty():
    layout.empty(head)
title, paragraph = headlines.judged(aims, rows)
with head:
    layout.head(
        [name(aims.row(0, named=True), "park"), _("{year}年目标", year=view.year), sections.until(rows)],
        title,
        paragraph,
    )
left, right = st.columns([3, 2], gap="large")
with left:
    drawn, series = sections.headline_chart("overview", aims, rows, title, link, units())
with right:
    board.counts(aims)
    board.unlocked(locked(aims))

st.subheader(_("目标总览"), anchor=False)
board.judged_by(rules()[view.rule], aims)
shown = board.chosen(aims)
board.show(shown, rows, view)
layout.actions("overview", "targets", shown, link, title, drawn, indicators(), (str(view.year), None))
board.locked(locked(aims))
sections.drawn("overview", series, link, title, indicators())

finding_view.newest(findings(parks=[view.park], lang=lang(), asof=view.asof))
sections.doors(rows, aims, board.carried(view))
label = _("和别的地区同口径比，看各地目标兑现几项")
st.page_link("compare.py", label=label, icon=":material/arrow_forward:", query_params=layout.carried())
if view.park == home_park():
    label = _("六大机制如何保证这些目标")
    st.page_link("mechanisms.py", label=label, icon=":material/arrow_forward:", query_params=layout.carried())
