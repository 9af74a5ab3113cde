"""One target's own view: how it stands, judged step by step, both its forms, and what would tell more."""

from typing import Any

import polars as pl
import streamlit as st

from pages.themes import board
from pages.ui import embed, layout, tables
from pages.wording import figures, plain_text, target_status
from pages.wording.language import _, lang, name, sentences

Row = dict[str, Any]


def show(
    top: Any, aims: pl.DataFrame, rows: pl.DataFrame, one: str, view: board.View, link: str, indicators: pl.DataFrame
) -> None:
    """The whole view. aims: targets of the place, all years; rows: its figures; one: the code of the target."""
    mine = aims.filter(pl.col("target_id") == one)
    if mine.is_empty():
        title = _("那时还没有定这项目标")
        advice = _("所选的日期早于这项目标的公布日期。请选晚一些的日期，或清空日期。")
        embed.said(title, advice)
        top.title(title, anchor=False)
        st.info(advice, icon=":material/event:")
        back(view)
        return
    row = mine.row(0, named=True)
    known = {figure["observation_id"]: figure for figure in rows.iter_rows(named=True)}
    with top:
        back(view)
        title = head(row, known)
    left, right = st.columns([3, 2], gap="large")
    with left:
        steps(row, known)
        taken_on(row, indicators)
        ahead(row)
    with right:
        unlock(row)
        # Two targets of two texts are not one target in two forms.
        same = pl.all_horizontal(pl.col(key) == row[key] for key in ("indicator_id", "year", "source_id"))
        forms(row, aims.filter(same))
    related = [row["indicator_id"], *([row["base_indicator_id"]] if row["base_indicator_id"] else [])]
    beside = (pl.col("comparable_key") == row["comparable_key"]) | pl.col("indicator_id").is_in(related)
    series = rows.filter(beside)
    layout.actions("overview_target", "targets", mine, link, title, [], indicators, (str(row["year"]), None))
    st.subheader(_("相关的数"), anchor=False)
    if series.is_empty():
        st.caption(_("这个指标没有公布过任何数。"))
        return
    tables.observations("overview_target", series)
    layout.actions("overview_series", "observations", series, link, title, [], indicators)


def head(row: Row, known: dict[str, Row]) -> str:
    """Eyebrow, the answer, and what was asked in which words; returns the title."""
    title = _title(row, known)
    asked = _(
        "{place}{year}年{strength}：{indicator}{aim}。",
        place=plain_text.plain(name(row, "park")), year=row["year"], strength=figures.strength(row["strength"]).lower(),
        indicator=plain_text.plain(name(row, "indicator")), aim=plain_text.plain(figures.aim(row)),
    )  # fmt: skip
    cited = _(
        "出处：{source} {locator}。",
        source=plain_text.linked(row["source_title"], row["source_url"]),
        locator=plain_text.plain(row["locator"]),
    )
    note = plain_text.plain(row["note"]) + ("" if row["note"].endswith(("。", ".")) else _("。")) if row["note"] else ""
    eyebrow = [name(row, "park"), figures.theme(row["theme"]), _("{year}年目标", year=row["year"]), row["target_id"]]
    layout.head(
        eyebrow,
        title,
        sentences(
            [
                f"{target_status.light(row)}　{asked}" if lang() == "zh" else f"{target_status.light(row)}. {asked}",
                cited,
                note,
            ]
        ),
    )
    return title


def _title(row: Row, known: dict[str, Row]) -> str:
    said = {"indicator": name(row, "indicator"), "aim": figures.aim(row), "year": row["year"]}
    if row["status"] == "cannot_judge":
        return _("{indicator}{aim}：不可评估，{reason}", reason=target_status.reason(row), **said)
    shown = figures.growth(row) if row["growth_text"] is not None else target_status.outcome(row, _outcome(row, known))
    return _("{indicator}{outcome}，{gap}", outcome=shown, gap=_against(row), **said)


def _against(row: Row) -> str:
    if row["over"] or row["measure"] == "growth":
        return _("比目标{gap}", gap=figures.gap(row))
    return _("比计划进度{gap}", gap=figures.gap(row))


def _outcome(row: Row, known: dict[str, Row]) -> Row | None:
    return known.get(row["growth_observation_id"] or row["actual_observation_id"] or "")


def steps(row: Row, known: dict[str, Row]) -> None:
    """How it is judged, one step after the other, with the numbers put in."""
    if embed.kept(lambda: steps(row, known), lead=True):
        return
    st.subheader(_("怎样评定"), anchor=False)
    lines = [_("目标：{aim}。目标是决定，数字没有舍入。", aim=plain_text.plain(figures.aim(row)))]
    lines += _missing(row, known) if row["status"] == "cannot_judge" else [*_known(row, known), *_compared(row)]
    st.markdown("\n".join(f"{place}. {line}" for place, line in enumerate(lines, 1)))


def taken_on(row: Row, indicators: pl.DataFrame) -> None:
    """What the growth of a growth target is taken on, and why."""
    told = indicators.filter(pl.col("indicator_id") == row["indicator_id"])
    if row["measure"] != "growth" or told.is_empty():
        return
    of = told.row(0, named=True)
    same = of["growth_basis"] == row["growth_basis"]
    why = name(of, "growth_basis") if same else _("按目标的原文，或按合计的范围逐年不同判断。")
    st.caption(_("增速口径：{basis}。{why}", basis=figures.basis(row["growth_basis"]), why=plain_text.plain(why)))


def _missing(row: Row, known: dict[str, Row]) -> list[str]:
    base = known.get(row["base_observation_id"] or "")
    lines = []
    if base:
        lines.append(_("上年：{value}。", value=_cited(target_status.base(row, base), base)))
    elif row["measure"] == "growth":
        lines.append(_("上年：同一名称的数没有公布。"))
    outcome = _outcome(row, known)
    found = _cited(target_status.outcome(row, outcome), outcome) if outcome else _("没有找到同名的公布数")
    lines.append(_("结果：{value}。", value=found))
    return [*lines, _("结论：**不可评估**，{reason}。", reason=target_status.reason(row))]


def _known(row: Row, known: dict[str, Row]) -> list[str]:
    outcome, base = _outcome(row, known), known.get(row["base_observation_id"] or "")
    lines = []
    levels = row["measure"] == "growth" and row["basis"] == "levels"
    before = (base if row["over"] else known.get(row["past_observation_id"] or "")) if levels else None
    if before:
        shown = figures.number(before) + figures.mark(before["evidence"])
        said = _("上年：{value}。") if row["over"] else _("上年同期：{value}。")
        lines.append(said.format(value=_cited(shown, before)))
    if outcome:
        lines.append(_("结果：{value}。", value=_cited(target_status.outcome(row, outcome), outcome)))
    span = _span(row)
    if levels and before:
        formula = figures.formula(
            {"formula": f"{row['actual_value_text']} ÷ {before['value_text']} − 1", "unit_scale": before["unit_scale"]}
        )
        shown = f"{target_status.growth_of(row)}%"
        lines.append(_("增速：{formula} = 约{value}，区间 {span}。", formula=formula, value=shown, span=span))
    else:
        lines.append(_("原文的舍入留下的区间：{span}。", span=span))
    return lines


def _span(row: Row) -> str:
    """The interval that is held against the target, in its unit."""
    growth, chinese = row["measure"] == "growth", lang() == "zh"
    scale = 1 if growth or chinese else row["level_unit_scale"]
    unit = "%" if growth else row["level_unit_zh"] if chinese else f" {row['level_unit_scaled_en']}"
    known = [end for end in (row["low"], row["high"]) if end is not None]
    if not known:
        return _("不限")
    first, last = (figures.trimmed(end) for end in figures.ends(known[0], known[-1], 2 if growth else 4, scale))
    low = first + unit if row["low"] is not None else _("不限")
    high = last + unit if row["high"] is not None else _("不限")
    return plain_text.plain(low if low == high else _("{low} 至 {high}", low=low, high=high))


def _compared(row: Row) -> list[str]:
    target = figures.bare(row)
    if row["over"]:
        verdict = {
            "met": _("区间内的数都达到 {target}，结论：{light}。", target=target, light=target_status.light(row)),
            "missed": _(
                "区间内没有一个数达到 {target}，结论：{light}。", target=target, light=target_status.light(row)
            ),
        }.get(row["status"], _("{target} 落在区间之内，结论：{light}。", target=target, light=target_status.light(row)))
        if row["status"] == "met" and row["near"]:
            verdict = _(
                "结果与 {target} 相同，且比目标多印了小数，结论：{light}。",
                target=target,
                light=target_status.light(row),
            )
        said = [_("差距：{gap}。", gap=figures.gap(row))]
        return [*said, verdict]
    if row["measure"] == "growth":
        gap = _("差距：前 {m} 个月的增速减去全年目标，{gap}。", m=row["month"], gap=figures.gap(row))
        return [gap, _("结论：{light}。", light=target_status.light(row))]
    plan = target_status.percent(row["planned_share"] * 100)
    return [
        _("完成率 c：{c}。", c=target_status.completion(row)),
        _(
            "计划进度 p：前 {m} 个月 {p}，取自{method}。",
            m=row["month"],
            p=plan,
            method=target_status.plan(row["planned_by"]),
        ),
        _("进度比 s = c ÷ p：{s}；差距 d：{d}。", s=figures.rounded(row["pace"], 2), d=figures.gap(row)),
        _("结论：{light}。", light=target_status.light(row)),
    ]


def _cited(text: str, figure: Row) -> str:
    where = f"{plain_text.linked(figures.cited(figure), figure['source_url'])} {plain_text.plain(figure['locator'])}"
    return _("{value}（{where}）", value=plain_text.plain(text), where=where)


def ahead(row: Row) -> None:
    """While the year runs: where it leads, and what the months that are left must bring."""
    if row["over"] or row["status"] == "cannot_judge" or row["needed_per_month"] is None:
        return
    st.subheader(_("往后看"), anchor=False)
    entries = [
        (_("余下每月还要"), target_status.amount(row, row["needed_per_month"]), _("全年所需减去已完成，按月平均"))
    ]
    if row["outlook"] is not None:
        entries.insert(0, (_("照此进度的全年数"), target_status.amount(row, row["outlook"]), _("外推，不是预测")))
    if row["needed_growth"] is not None:
        entries.append(
            (
                _("余下各月须增长"),
                _("约{value}", value=target_status.percent(row["needed_growth"])),
                _("与上年同期各月相比"),
            )
        )
    layout.numbers(entries, columns=3, width=160)


def forms(row: Row, twins: pl.DataFrame) -> None:
    """A target in its other form, and both where it was stated in two: what each asks, its status, which asks more."""
    if row["form_low"] is None:
        return
    st.subheader(_("两种说法") if twins.height > 1 else _("换一种说法"), anchor=False)
    asks = {twin["target_id"]: _level(twin) for twin in twins.iter_rows(named=True)}
    most = max(asks.values())
    lines = []
    for twin in twins.iter_rows(named=True):
        more = _("，这个说法更严") if twins.height > 1 and asks[twin["target_id"]] == most > min(asks.values()) else ""
        lines.append(f"- {plain_text.bold(figures.aim(twin))}{plain_text.plain(_same(twin))}{more}")
        lines += [f"  {target_status.light(twin)}"] if twins.height > 1 else []
    st.markdown("  \n".join(lines).replace("  \n-", "\n-"))
    if twins.height > 1:
        st.caption(_("两种说法分开评定：可以一个完成，另一个没有。"))


def _level(twin: Row) -> float:
    return float(twin["value"] if twin["measure"] == "level" else twin["form_low"])


def _same(twin: Row) -> str:
    formula = figures.formula({"formula": twin["form_formula"], "unit_scale": twin["level_unit_scale"]})
    span = target_status.form_span(twin)
    return _("，即{form}（推算：{formula}，区间 {span}）", form=target_status.form(twin), formula=formula, span=span)


def unlock(row: Row) -> None:
    """The one number that would let it be judged, and where such a number is usually published."""
    if row["status"] != "cannot_judge":
        return
    st.subheader(_("差哪个数"), anchor=False)
    said = [_("公布**{number}**，就能评定。", number=plain_text.within_bold(name(row, "unlock")))]
    if name(row, "where"):
        said.append(_("这种数通常见于{where}。", where=plain_text.plain(name(row, "where"))))
    st.markdown(sentences(said))


def back(view: board.View) -> None:
    """The way back to the board of the same place and year."""
    codes = {key: code for key, code in view.address.items() if key != "status"}
    st.page_link("overview.py", label=_("返回目标总览"), icon=":material/arrow_back:", query_params=codes)


def to_ledger(kept: bool, one: str, view: board.View) -> None:
    """The way to the tasks, orders and follow-ups of a target, where its park keeps a ledger."""
    if kept:
        to = {"lang": lang(), "park": view.park, "target": one} | ({"asof": view.asof.isoformat()} if view.asof else {})
        label = _("台账里的任务、督办和会议交办")
        st.page_link("monthly.py", label=label, icon=":material/arrow_forward:", query_params=to)
