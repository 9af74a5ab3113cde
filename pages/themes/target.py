"""Show one target: its status, judged step by step, both its forms, and what would tell more."""

from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.themes import board, judging
from pages.ui import embed, layout, place_links, tables
from pages.wording import figures, plain_text, target_status
from pages.wording.language import _, join_sentences, lang, localize_name

Row = dict[str, Any]


def show_target(
    top: DeltaGenerator,
    aims: pl.DataFrame,
    rows: pl.DataFrame,
    one: str,
    view: board.BoardView,
    link: str,
    indicators: pl.DataFrame,
) -> None:
    """Show the whole view of one target.

    aims: targets of the place, all years; rows: its figures; one: the code of the target.
    """
    mine = aims.filter(pl.col("target_id") == one)
    if mine.is_empty():
        title = _("那时还没有定这项目标")
        advice = _("所选的日期早于这项目标的公布日期。请选晚一些的日期，或清空日期。")
        embed.keep_title(title, advice)
        top.title(title, anchor=False)
        st.info(advice, icon=":material/event:")
        show_board_link(view)
        return
    row = mine.row(0, named=True)
    known = {figure["observation_id"]: figure for figure in rows.iter_rows(named=True)}
    with top:
        show_board_link(view)
        title = show_target_head(row, known)
    left, right = st.columns([3, 2], gap="large")
    with left:
        judging.show_judging_steps(row, known)
        judging.show_growth_basis(row, indicators)
        show_outlook(row)
    with right:
        show_needed_number(row)
        # Two targets of two texts are not one target in two forms.
        same = pl.all_horizontal(pl.col(key) == row[key] for key in ("indicator_id", "year", "source_id"))
        show_target_forms(row, aims.filter(same))
    related = [row["indicator_id"], *([row["base_indicator_id"]] if row["base_indicator_id"] else [])]
    beside = (pl.col("comparable_key") == row["comparable_key"]) | pl.col("indicator_id").is_in(related)
    series = rows.filter(beside)
    layout.show_actions("overview_target", "targets", mine, link, title, [], indicators, (str(row["year"]), None))
    st.subheader(_("相关的数"), anchor=False)
    if series.is_empty():
        st.caption(_("这个指标没有公布过任何数。"))
        return
    tables.show_observations("overview_target", series)
    layout.show_actions("overview_series", "observations", series, link, title, [], indicators)


def show_target_head(row: Row, known: dict[str, Row]) -> str:
    """Show the eyebrow, the answer, and what was asked in which words; return the title."""
    title = _describe_target(row, known)
    asked = _(
        "{place}{year}年{strength}：{indicator}{aim}。",
        place=place_links.name_place(row),
        year=row["year"],
        strength=target_status.label_strength(row["strength"]).lower(),
        indicator=plain_text.escape_markdown(localize_name(row, "indicator")),
        aim=plain_text.escape_markdown(figures.describe_target_value(row)),
    )
    cited = _(
        "来源：{source} {locator}。",
        source=plain_text.format_link(row["source_title"], row["source_url"]),
        locator=plain_text.escape_markdown(row["locator"]),
    )
    note = plain_text.escape_markdown(row["note"]) if row["note"] else ""
    if note and not note.endswith(("。", ".")):
        note = _("{note}。", note=note)
    eyebrow = [
        place_links.name_place(row),
        figures.label_theme(row["theme"]),
        _("{year}年目标", year=row["year"]),
        row["target_id"],
    ]
    layout.show_head(
        eyebrow,
        title,
        join_sentences(
            [
                _("{status}　{asked}", status=target_status.label_status_with_mark(row), asked=asked),
                cited,
                note,
            ]
        ),
    )
    return title


def _describe_target(row: Row, known: dict[str, Row]) -> str:
    said = {
        "indicator": localize_name(row, "indicator"),
        "aim": figures.describe_target_value(row),
        "year": row["year"],
    }
    if row["status"] == "cannot_judge":
        return _("{indicator}{aim}：不可评估，{reason}", reason=target_status.describe_status_reason(row), **said)
    shown = (
        figures.describe_growth(row)
        if row["growth_text"] is not None
        else target_status.describe_outcome(row, judging.find_outcome(row, known))
    )
    return _("{indicator}{outcome}，{gap}", outcome=shown, gap=_describe_gap(row), **said)


def _describe_gap(row: Row) -> str:
    if row["over"] or row["measure"] == "growth":
        return _("比目标{gap}", gap=target_status.describe_gap(row))
    return _("比计划进度{gap}", gap=target_status.describe_gap(row))


def show_outlook(row: Row) -> None:
    """Show, while the year runs, the outcome at this pace, and what the months that are left must bring.

    Nothing is shown once the year is over, or where the target cannot be judged.
    """
    if row["over"] or row["status"] == "cannot_judge" or row["needed_per_month"] is None:
        return
    st.subheader(_("往后看"), anchor=False)
    entries = [
        (_("余下每月还要"), target_status.format_level(row, row["needed_per_month"]), _("全年所需减去已完成，按月平均"))
    ]
    if row["outlook"] is not None:
        entries.insert(0, (_("照此进度的全年数"), target_status.format_level(row, row["outlook"]), _("外推，不是预测")))
    if row["needed_growth"] is not None:
        entries.append(
            (
                _("余下各月须增长"),
                _("约{value}", value=target_status.format_percent(row["needed_growth"])),
                _("与上年同期各月相比"),
            )
        )
    layout.show_key_numbers(entries, columns=3, width=160)


def show_target_forms(row: Row, twins: pl.DataFrame) -> None:
    """Show a target in its other form, and both forms where it was stated in two.

    Of two forms: what each asks, its status, and which asks more. twins: the rows of the target in both forms.
    """
    if row["form_low"] is None:
        return
    st.subheader(_("两种说法") if twins.height > 1 else _("换一种说法"), anchor=False)
    asks = {twin["target_id"]: _get_level(twin) for twin in twins.iter_rows(named=True)}
    most = max(asks.values())
    lines = []
    for twin in twins.iter_rows(named=True):
        stricter = twins.height > 1 and asks[twin["target_id"]] == most > min(asks.values())
        lines.append(f"- {_describe_both_forms(twin, stricter=stricter)}")
        lines += [f"  {target_status.label_status_with_mark(twin)}"] if twins.height > 1 else []
    st.markdown("  \n".join(lines).replace("  \n-", "\n-"))
    if twins.height > 1:
        st.caption(_("两种说法分开评定：可以一个完成，另一个没有。"))


def _get_level(twin: Row) -> float:
    return float(twin["value"] if twin["measure"] == "level" else twin["form_low"])


def _describe_both_forms(twin: Row, *, stricter: bool) -> str:
    """Describe a target as it was stated and in its other form. stricter: it asks more than the other statement."""
    formula = figures.format_formula({"formula": twin["form_formula"], "unit_scale": twin["level_unit_scale"]})
    told = {
        "aim": plain_text.format_bold(figures.describe_target_value(twin)),
        "form": plain_text.escape_markdown(target_status.describe_other_form(twin)),
        "formula": plain_text.escape_markdown(formula),
        "span": plain_text.escape_markdown(target_status.format_other_form_interval(twin)),
    }
    if stricter:
        return _("{aim}，即{form}（推算：{formula}，区间 {span}），这个说法更严", **told)
    return _("{aim}，即{form}（推算：{formula}，区间 {span}）", **told)


def show_needed_number(row: Row) -> None:
    """Show the one number that would let the target be judged, and where such a number is usually published.

    Nothing is shown where the target can be judged.
    """
    if row["status"] != "cannot_judge":
        return
    st.subheader(_("差哪个数"), anchor=False)
    said = [_("公布{number}，就能评定。", number=plain_text.format_bold(localize_name(row, "unlock")))]
    if localize_name(row, "where"):
        said.append(_("这种数通常见于{where}。", where=plain_text.escape_markdown(localize_name(row, "where"))))
    st.markdown(join_sentences(said))


def show_board_link(view: board.BoardView) -> None:
    """Show the link back to the board of the same place and year."""
    codes = {key: code for key, code in view.address.items() if key != "status"}
    st.page_link("overview.py", label=_("返回目标总览"), icon=":material/arrow_back:", query_params=codes)


def show_ledger_link(kept: bool, one: str, view: board.BoardView) -> None:
    """Show the link to the tasks, orders and follow-ups of a target.

    kept: whether its park keeps a ledger; without one no link is shown.
    """
    if kept:
        to = {"lang": lang(), "park": view.park, "target": one} | ({"asof": view.asof.isoformat()} if view.asof else {})
        label = _("台账里的任务、督办和会议交办")
        st.page_link("monthly.py", label=label, icon=":material/arrow_forward:", query_params=to)
