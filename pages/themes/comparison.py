"""Show figures beside others: a part within its whole, and other places within one definition."""

from typing import Any

import polars as pl
import streamlit as st

from pages.charts import chart_points, charts, pictures
from pages.ui import device, downloads, filters, layout, theme_filters
from pages.wording import figures, headlines
from pages.wording.language import _, join_sentences, lang, localize_name
from queries.figures.comparison import get_definition_figures
from queries.figures.derived import compute_remainder

Row = dict[str, Any]
MOST_COMPARED = 16


def find_part_and_whole(rows: pl.DataFrame, indicators: pl.DataFrame) -> tuple[Row, Row, str] | None:
    """Return the first part and whole among the rows of one place and year, or None.

    Returned are a row of what was published of the part, a row of what is
    left, and their unit.
    """
    wholes = dict(indicators.filter(pl.col("part_of").is_not_null()).select("indicator_id", "part_of").iter_rows())
    printed = rows.filter(pl.col("value").is_not_null() & (pl.col("evidence") == "published"))
    known = {row["indicator_id"]: row for row in printed.iter_rows(named=True)}
    for part, whole in wholes.items():
        if part in known and whole in known and known[part]["unit_id"] == known[whole]["unit_id"]:
            return _build_parts(known[part], known[whole])
    return None


def show_composition(
    page: str, rows: pl.DataFrame, indicators: pl.DataFrame, link: str, *, derived: bool
) -> list[pictures.Picture]:
    """Show a part within its whole, where both were published; what is left of the whole is derived.

    Nothing is shown where derived numbers are not to be seen. Returned is the chart, if any.
    """
    parts = find_part_and_whole(rows, indicators) if derived else None
    if not parts:
        return []
    drawn = charts.draw_composition(*parts, device.get_palette())
    return [layout.show_chart(page, drawn, _("产出的构成"), _("部分与整体"), rows, link)]


def _build_parts(part: Row, whole: Row) -> tuple[Row, Row, str]:
    left = compute_remainder(part["value_text"], whole["value_text"], part["unit_id"], (part["source_id"],))
    printed = figures.format_quantity(part | {"value_text": left.shown})
    share = _("{part}：{value}", part=localize_name(part, "indicator"), value=figures.format_figure(part))
    exact = left.interval.low == left.interval.high  # a count less a count is a count
    printed = printed if exact else _("约{value}", value=printed)
    told = figures.format_formula(whole | {"formula": left.formula})
    remainder = _("其余：{value}（推算：{formula}）", value=printed, formula=told)
    factor = figures.get_unit_scale(part)
    common = {
        "place": localize_name(part, "park"),
        "period": figures.format_period(part["period"]),
        "source": f"{part['source_title']}, {part['locator']}",
    }
    first = {
        "value": part["value"] * factor,
        "label": share,
        "kind": "published",
        "printed": figures.format_figure(part),
        "indicator": localize_name(part, "indicator"),
        "evidence": figures.label_evidence("published"),
        **common,
    }
    second = {
        "value": (whole["value"] - part["value"]) * factor,
        "label": remainder,
        "kind": "derived",
        "printed": printed,
        "indicator": _(
            "{whole}减去{part}", whole=localize_name(whole, "indicator"), part=localize_name(part, "indicator")
        ),
        "evidence": figures.label_evidence("derived"),
        **common,
    }
    return first, second, figures.label_unit(part)


def show_comparison(
    page: str,
    indicators: pl.DataFrame,
    view: theme_filters.ThemeView,
    rows: pl.DataFrame,
    link: str,
    units: pl.DataFrame,
) -> list[pictures.Picture]:
    """Show other places and years within one definition: whole years, in one unit, in the order of places.

    Returned is the chart, if any.
    """
    many = indicators.filter(pl.col("parks") > 1)
    if many.is_empty():
        return []
    options = filters.get_names_by_code(many, "indicator_id")
    first = next((code for code in [*view.indicators, *rows["indicator_id"]] if code in options), next(iter(options)))
    st.subheader(_("同口径对比"), anchor=False)
    chosen = filters.choose_one(f"{page}_compare", "compare", _("对比哪个指标"), options, first)
    filters.show_unknown_codes(page, here=True)
    peers = get_definition_figures(chosen, lang(), view.asof)
    peers = headlines.select_annual_rows(
        peers.filter(pl.col("value").is_not_null() & pl.col("evidence").is_in(view.evidence))
    )
    shown = get_alike_rows(peers).head(MOST_COMPARED)
    if shown.is_empty():
        st.caption(_("这个指标没有可以对比的整年数。"))
        return []
    left_out = peers.height - shown.height
    names = shown["indicator_id"].n_unique()
    picture = layout.show_chart(
        page,
        charts.draw_bars(
            chart_points.convert_to_one_unit(chart_points.make_points(shown, by="park"), shown),
            device.get_palette(),
            device.compute_text_room(charts.PAGE_WIDTH),
        ),
        options[chosen],
        options[chosen],
        shown,
        link,
        small=True,
    )
    notes = [_("只列公布了整年数的地区，不是排名；年份不同，不宜直接相比。")]
    notes += [_("合并了名称不同、按本站归类口径相同的指标，名称见下载文件。")] if names > 1 else []
    notes += [_("另有 {n} 条因单位不同或超出篇幅未画。", n=left_out)] if left_out else []
    st.caption(join_sentences(notes))
    downloads.show_extra_downloads(page, "comparable", peers)
    if peers["park_id"].n_unique() > 1:
        beside = {"lang": lang(), "park": rows["park_id"][0], "indicator": chosen}
        label = _("按同一口径排开，看名次、增速和占比")
        st.page_link("compare.py", label=label, icon=":material/arrow_forward:", query_params=beside)
    return [picture]


def get_alike_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that measure the same as most of them do: 亿元 and 万元, not 亿元 and 家."""
    return rows.filter(pl.col("dimension").is_in(rows["dimension"].mode().sort().head(1).implode()))
