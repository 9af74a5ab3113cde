"""Overview: the headline, one block for each theme with a door to its page, and what is not known."""

import polars as pl
import streamlit as st

from pages.parts import answers, charts, figures, layout, screen, sections, tables
from pages.parts.words import _, lang, name
from queries.catalogue import SELF, indicators
from queries.derived import growth_needed
from queries.observations import observations
from queries.targets import commitments, targets

rows = observations(parks=[SELF], evidence=("published", "derived"), lang=lang())
aims = targets(parks=[SELF], lang=lang())
goal = aims.filter(pl.col("measure") == "level").row(0, named=True)
series = rows.filter(pl.col("indicator_id") == goal["indicator_id"])
base = series.filter(pl.col("period") == str(goal["year"] - 1)).row(0, named=True)
outcome = answers.of_year(series, goal["year"])
needed = growth_needed(goal["value_text"], base["value_text"], (goal["source_id"], base["source_id"]))
asked_twice = aims.filter((pl.col("indicator_id") == goal["indicator_id"]) & (pl.col("measure") == "growth"))

title = answers.headline(goal, outcome, needed)
parts = [name(base, "park"), _("{year}年目标", year=goal["year"]), sections.until(rows)]
layout.head(parts, title, answers.headline_paragraph(base, goal, needed, asked_twice, aims, rows))

link = layout.address({"lang": lang(), "park": SELF})
left, right = st.columns([3, 2], gap="large")
with left:
    drawn = charts.points(series, aims.filter(pl.col("target_id") == goal["target_id"]), by="period")
    heading = name(goal, "indicator")
    picture = layout.chart("overview", charts.periods(drawn, screen.palette()), heading, title, series, link)
    st.caption(sections.explained(series))
with right:
    st.subheader(_("尚不知道的"), anchor=False)
    sections.unknown(aims, rows)

st.subheader(_("三个方面"), anchor=False)
doors = {"economy": ("economics.py", 3), "innovation": ("innovation.py", 3), "livelihood": ("livelihood.py", 2)}
for column, (theme, (script, most)) in zip(st.columns(3, gap="large"), doors.items(), strict=True):
    with column:
        sections.block(theme, rows.filter(pl.col("theme") == theme), aims.filter(pl.col("theme") == theme), most)
        st.page_link(
            script,
            label=_("查看{theme}", theme=figures.theme(theme)),
            icon=":material/arrow_forward:",
            query_params=layout.carried(),
        )
promised = commitments(parks=[SELF]).height
st.page_link(
    "mechanisms.py",
    label=_("六大机制如何保证 {targets} 项目标和 {promises} 项承诺", targets=aims.height, promises=promised),
    icon=":material/arrow_forward:",
    query_params=layout.carried(),
)

st.subheader(_("图中的数"), anchor=False)
tables.observations("overview", series)
layout.actions("overview", "observations", series, link, title, [picture], indicators())
sections.aims("overview", aims, link, title, indicators(), (None, None))
