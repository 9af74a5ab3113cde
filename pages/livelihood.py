"""Livelihood: resettlement first, then what was promised to residents, with the city's incomes as context."""

import polars as pl
import streamlit as st

from pages.parts import answers, charts, filters, layout, promises, resettlement, sections
from pages.parts.words import _, name
from queries.catalogue import SELF, indicators, parks
from queries.derived import area_per_home, per_month
from queries.observations import observations
from queries.targets import commitments, targets

offered = indicators("livelihood").filter(pl.col("observations") > 0)
head = st.container()
places = parks().filter((pl.col("observations") > 0) | (pl.col("park_id") == SELF))
view = filters.bar("livelihood", "livelihood", places, offered, [SELF, "xiangtan"])
rows = observations(**view.question)
aims = targets(**(view.aims | {"indicators": None}))
promised = commitments("livelihood", view.parks or None, view.aims["lang"])
filters.told("livelihood", rows.height, observations("livelihood", evidence=view.evidence).height)
if rows.is_empty() and aims.is_empty() and promised.is_empty():
    layout.empty()

homes = aims.filter(pl.col("indicator_id").str.starts_with("resettlement"))
link = layout.address(view.address)
title, paragraph = answers.resettled(homes, rows)
with head:
    place = name(homes.row(0, named=True), "park") if homes.height else ""
    layout.head(
        [
            place,
            _("民生"),
            sections.until(pl.concat([rows.select("source_published"), aims.select("source_published")])),
        ],
        title,
        paragraph,
    )

resettlement.show(homes, per_month, area_per_home, derived="derived" in view.evidence)
promises.groups("livelihood", promised, link, title, offered)

drawn = []
if rows.height:
    city = sections.first_place(rows, view)
    year = answers.result_year(city, city.with_columns(year=pl.col("period_end").dt.year() + 1))
    context, goals = (
        answers.of_year(city, year),
        aims.filter((pl.col("park_id") == city["park_id"][0]) & (pl.col("year") == year)),
    )
    points = charts.points(
        context, goals.filter(pl.col("indicator_id").is_in(context["indicator_id"].to_list())), rate=True
    )
    st.subheader(_("背景：{place}{year}年", place=name(city.row(0, named=True), "park"), year=year), anchor=False)
    left, right = st.columns([3, 2], gap="large")
    with right:
        sections.key_numbers(context.filter(pl.col("value").is_not_null()).head(6))
    if points.height:
        with left:
            heading = _("{year}年增速与当年目标", year=year)
            drawn.append(
                layout.chart("livelihood", charts.bars(points, layout.palette()), heading, heading, context, link)
            )
    st.subheader(_("全部数据"), anchor=False)
    layout.table(rows)
    layout.actions("livelihood", "observations", rows, link, title, drawn, offered, view.span)
sections.aims("livelihood", aims, link, title, indicators("livelihood"), view.span)
