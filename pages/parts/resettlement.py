"""Resettlement: what is to be built and allocated, what that is per month and per home, and what would tell."""

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from pages.parts import figures, layout
from pages.parts.words import _, lang, name

Row = dict[str, Any]


def show(
    homes: pl.DataFrame, per_month: Callable[..., Any], area_per_home: Callable[..., Any], *, derived: bool
) -> None:
    """The two targets, three derived numbers with their formulas, and the one number that is missing."""
    if homes.is_empty():
        return
    known = {row["indicator_id"]: row for row in homes.iter_rows(named=True)}
    area, count = known.get("resettlement_area_built"), known.get("resettlement_homes_allocated")
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(_("安置：目标"), anchor=False)
        layout.numbers([_target(row) for row in (area, count) if row])
        if derived:
            st.subheader(_("安置：推算"), anchor=False)
            layout.numbers(_derived(area, count, per_month, area_per_home), columns=3, width=150)
            st.caption(_("推算不是公布数。每套面积只有在两项目标说的是同一批房时才成立，原文没有说明。"))
    with right:
        st.subheader(_("知道什么，不知道什么"), anchor=False)
        st.markdown("\n".join(f"- {line}" for line in _known(homes)))


def _target(row: Row) -> tuple[str, str, str]:
    below = " · ".join([_("{year}年目标", year=row["year"]), figures.strength(row["strength"]), row["locator"]])
    return name(row, "indicator"), figures.bare(row), below


def _derived(
    area: Row | None, count: Row | None, per_month: Callable[..., Any], area_per_home: Callable[..., Any]
) -> list[tuple[str, str, str]]:
    entries = []
    if area:
        month = per_month(area["value_text"], 1, area["unit_id"], (area["source_id"],))
        entries.append((_("平均每月新建"), _about(month.shown, area), _formula(month, area)))
    if count:
        month = per_month(count["value_text"], 0, count["unit_id"], (count["source_id"],), count=True)
        entries.append((_("平均每月分配"), _about(month.shown, count), _formula(month, count)))
    if area and count:
        home = area_per_home(area["value_text"], count["value_text"], (area["source_id"], count["source_id"]))
        span = figures.span(home.interval.low, home.interval.high, 1)
        value = _("约{number}平方米", number=home.shown)
        entries.append((_("平均每套面积"), value, _("推算：{formula}，区间 {span}", formula=home.formula, span=span)))
    return entries


def _about(shown: str, row: Row) -> str:
    return _("约{value}", value=figures.bare(row | {"value_text": shown}))


def _formula(month: Any, row: Row) -> str:
    if month.interval.high == month.interval.low:
        return _("推算：{formula}", formula=month.formula)
    scale = 1.0 if lang() == "zh" else float(row["unit_scale"])
    span = figures.span(float(month.interval.low) * scale, float(month.interval.high) * scale)
    return _("推算：{formula}，区间 {span}", formula=month.formula, span=span)


def _known(homes: pl.DataFrame) -> list[str]:
    notes = [layout.plain(note) for note in homes["note"].drop_nulls().unique(maintain_order=True).to_list()]
    year = homes["year"][0]
    return [
        *notes,
        _("{year}年的建成面积和分配套数都没有找到公布的结果；{before}年的数也没有。", year=year, before=year - 1),
        _("只差一个数：截至{year}年底实际分配的安置房套数。公布了它，就知道分配目标是否兑现。", year=year),
    ]
