"""Show how one target was judged, step by step: what is known, what is compared, and what is missing."""

from typing import Any

import polars as pl
import streamlit as st

from pages.ui import embed
from pages.wording import figures, plain_text, target_status
from pages.wording.language import _, lang, localize_name

Row = dict[str, Any]


def find_outcome(row: Row, known: dict[str, Row]) -> Row | None:
    return known.get(row["growth_observation_id"] or row["actual_observation_id"] or "")


def show_judging_steps(row: Row, known: dict[str, Row]) -> None:
    """Show how the target is judged, one step after the other, with the numbers put in."""
    if embed.keep_piece(lambda: show_judging_steps(row, known), lead=True):
        return
    st.subheader(_("怎样评定"), anchor=False)
    lines = [
        _("目标：{aim}。目标是决定，数字没有舍入。", aim=plain_text.escape_markdown(figures.describe_target_value(row)))
    ]
    lines += (
        _describe_missing(row, known)
        if row["status"] == "cannot_judge"
        else [*_describe_known(row, known), *_describe_comparison(row)]
    )
    st.markdown("\n".join(f"{place}. {line}" for place, line in enumerate(lines, 1)))


def show_growth_basis(row: Row, indicators: pl.DataFrame) -> None:
    """Show what the growth of a growth target is taken on, and why."""
    told = indicators.filter(pl.col("indicator_id") == row["indicator_id"])
    if row["measure"] != "growth" or told.is_empty():
        return
    of = told.row(0, named=True)
    same = of["growth_basis"] == row["growth_basis"]
    why = localize_name(of, "growth_basis") if same else _("按目标的原文，或按合计的范围逐年不同判断。")
    st.caption(
        _(
            "增速口径：{basis}。{why}",
            basis=figures.label_growth_basis(row["growth_basis"]),
            why=plain_text.escape_markdown(why),
        )
    )


def _describe_missing(row: Row, known: dict[str, Row]) -> list[str]:
    base = known.get(row["base_observation_id"] or "")
    lines = []
    if base:
        lines.append(_("上年：{value}。", value=_format_cited(target_status.describe_base(row, base), base)))
    elif row["measure"] == "growth":
        lines.append(_("上年：同一名称的数没有公布。"))
    outcome = find_outcome(row, known)
    found = (
        _format_cited(target_status.describe_outcome(row, outcome), outcome) if outcome else _("没有找到同名的公布数")
    )
    lines.append(_("结果：{value}。", value=found))
    return [*lines, _("结论：**不可评估**，{reason}。", reason=target_status.describe_status_reason(row))]


def _describe_known(row: Row, known: dict[str, Row]) -> list[str]:
    outcome, base = find_outcome(row, known), known.get(row["base_observation_id"] or "")
    lines = []
    levels = row["measure"] == "growth" and row["basis"] == "levels"
    before = (base if row["over"] else known.get(row["past_observation_id"] or "")) if levels else None
    if before:
        shown = figures.format_figure(before) + figures.format_evidence_mark(before["evidence"])
        said = _("上年：{value}。") if row["over"] else _("上年同期：{value}。")
        lines.append(said.format(value=_format_cited(shown, before)))
    if outcome:
        lines.append(_("结果：{value}。", value=_format_cited(target_status.describe_outcome(row, outcome), outcome)))
    span = _format_interval(row)
    if levels and before:
        formula = figures.format_formula(
            {"formula": f"{row['actual_value_text']} ÷ {before['value_text']} − 1", "unit_scale": before["unit_scale"]}
        )
        shown = f"{target_status.format_computed_growth(row)}%"
        lines.append(_("增速：{formula} = 约{value}，区间 {span}。", formula=formula, value=shown, span=span))
    else:
        lines.append(_("原文的舍入留下的区间：{span}。", span=span))
    return lines


def _format_interval(row: Row) -> str:
    """Return the interval that is compared with the target, in its unit."""
    growth, chinese = row["measure"] == "growth", lang() == "zh"
    scale = 1 if growth or chinese else row["level_unit_scale"]
    unit = "%" if growth else row["level_unit_zh"] if chinese else f" {row['level_unit_scaled_en']}"
    known = [end for end in (row["low"], row["high"]) if end is not None]
    if not known:
        return _("不限")
    first, last = (
        figures.strip_trailing_zeros(end)
        for end in figures.format_interval_ends(known[0], known[-1], 2 if growth else 4, scale)
    )
    low = first + unit if row["low"] is not None else _("不限")
    high = last + unit if row["high"] is not None else _("不限")
    return plain_text.escape_markdown(low if low == high else _("{low} 至 {high}", low=low, high=high))


def _describe_comparison(row: Row) -> list[str]:
    target = figures.format_quantity(row)
    if row["over"]:
        verdict = {
            "met": _(
                "区间内的数都达到 {target}，结论：{light}。",
                target=target,
                light=target_status.label_status_with_mark(row),
            ),
            "missed": _(
                "区间内没有一个数达到 {target}，结论：{light}。",
                target=target,
                light=target_status.label_status_with_mark(row),
            ),
        }.get(
            row["status"],
            _("{target} 落在区间之内，结论：{light}。", target=target, light=target_status.label_status_with_mark(row)),
        )
        if row["status"] == "met" and row["near"]:
            verdict = _(
                "结果与 {target} 相同，且比目标多印了小数，结论：{light}。",
                target=target,
                light=target_status.label_status_with_mark(row),
            )
        said = [_("差距：{gap}。", gap=target_status.describe_gap(row))]
        return [*said, verdict]
    if row["measure"] == "growth":
        gap = _("差距：前 {m} 个月的增速减去全年目标，{gap}。", m=row["month"], gap=target_status.describe_gap(row))
        return [gap, _("结论：{light}。", light=target_status.label_status_with_mark(row))]
    plan = target_status.format_percent(row["planned_share"] * 100)
    return [
        _("完成率 c：{c}。", c=target_status.format_completion(row)),
        _(
            "计划进度 p：前 {m} 个月 {p}，取自{method}。",
            m=row["month"],
            p=plan,
            method=target_status.label_plan_method(row["planned_by"]),
        ),
        _(
            "进度比 s = c ÷ p：{s}；差距 d：{d}。",
            s=figures.format_rounded(row["pace"], 2),
            d=target_status.describe_gap(row),
        ),
        _("结论：{light}。", light=target_status.label_status_with_mark(row)),
    ]


def _format_cited(text: str, figure: Row) -> str:
    link = plain_text.format_link(figures.format_publication(figure), figure["source_url"])
    where = f"{link} {plain_text.escape_markdown(figure['locator'])}"
    return _("{value}（{where}）", value=plain_text.escape_markdown(text), where=where)
