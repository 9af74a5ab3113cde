"""Show resettlement: homes to be built and allocated, per month and per home, and what would tell more."""

from typing import Any

import polars as pl
import streamlit as st

from pages.ui import layout
from pages.wording import figures, plain_text, target_status
from pages.wording.language import _, lang, localize_name

Row = dict[str, Any]


def show_resettlement(homes: pl.DataFrame, derived: pl.DataFrame, units: pl.DataFrame, link: str, title: str) -> None:
    """Show the two targets, what follows from them with formula and interval, and the one number that is missing.

    homes: the targets.
    derived: rows of compute_resettlement_figures(), empty where computed numbers are not to be seen.
    """
    if homes.is_empty():
        return
    known = {row["indicator_id"]: row for row in homes.iter_rows(named=True)}
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(_("安置：目标"), anchor=False)
        both = ("resettlement_area_built", "resettlement_homes_allocated")
        layout.show_key_numbers([_make_target_entry(known[code]) for code in both if code in known], lead=True)
        if derived.height:
            st.subheader(_("安置：推算"), anchor=False)
            of_unit = {row["unit_id"]: row for row in units.iter_rows(named=True)}
            entries = [_make_derived_entry(row, of_unit[row["unit_id"]]) for row in derived.iter_rows(named=True)]
            layout.show_key_numbers(entries, columns=3, width=150)
            st.caption(_("推算不是公布数。每套面积只有在两项目标说的是同一批房时才成立，原文没有说明。"))
            layout.show_actions("livelihood_derived", "derived", derived, link, title, [], units)
    with right:
        st.subheader(_("知道什么，不知道什么"), anchor=False)
        st.markdown("\n".join(f"- {line}" for line in _describe_known_facts(homes)))


def _make_target_entry(row: Row) -> tuple[str, str, str]:
    below = " · ".join(
        [_("{year}年目标", year=row["year"]), target_status.label_strength(row["strength"]), row["locator"]]
    )
    return localize_name(row, "indicator"), figures.format_quantity(row), below


def _make_derived_entry(row: Row, unit: Row) -> tuple[str, str, str]:
    called = {
        "area_per_month": _("平均每月新建"),
        "homes_per_month": _("平均每月分配"),
        "area_per_home": _("平均每套面积"),
    }[row["derivation_id"]]
    measure = {"unit_zh": unit["name_zh"], "unit_scale": unit["scale_en"], "unit_scaled_en": unit["scaled_name_en"]}
    value = figures.format_quantity(measure | {"value_text": row["value_text"]})
    exact = row["low"] == row["high"] == float(figures.find_digits(row["value_text"]))
    value = value if exact else _("约{value}", value=value)
    formula, scale = row["formula"], "1" if lang() == "zh" else str(unit["scale_en"])
    if row["derivation_id"] == "area_per_month":  # the other two speak of square metres and of homes
        first, rest = formula.split(" ", 1)
        formula = f"{figures.format_scaled_number(first, scale)} {rest}"
    if row["low"] == row["high"] or row["derivation_id"] == "homes_per_month":
        return called, value, _("推算：{formula}", formula=formula)
    span = figures.format_interval(row["low"], row["high"], 1 if row["derivation_id"] == "area_per_home" else 2, scale)
    return called, value, _("推算：{formula}，区间 {span}", formula=formula, span=span)


def _describe_known_facts(homes: pl.DataFrame) -> list[str]:
    notes = [
        plain_text.escape_markdown(note) for note in homes["note"].drop_nulls().unique(maintain_order=True).to_list()
    ]
    year = homes["year"][0]
    return [
        *notes,
        _("{year}年的建成面积和分配套数都没有找到公布的结果；{before}年的数也没有。", year=year, before=year - 1),
        _("只差一个数：截至{year}年底实际分配的安置房套数。公布了它，就知道分配目标是否兑现。", year=year),
    ]
