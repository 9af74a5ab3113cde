"""Compare places in charts and tables: by size, as a distribution, over the years, by targets kept."""

from functools import cache
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from pages.charts import chart_points, charts, many_places, pictures
from pages.charts.theme import PALETTES
from pages.exploring.peers import PeerComparison
from pages.ui import device, layout, place_links, tables
from pages.wording import figures, plain_text
from pages.wording.language import _, join_sentences, lang, localize_name
from queries.figures.ranking import add_compared_value

Row = dict[str, Any]
FEWEST_FOR_SPREAD = 4  # places from which on their spread is worth a chart
MOST_BARS, MOST_BESIDE = 30, 6
HALF_WIDTH = 500  # pixels of a chart beside the figures of larger places
TOTALS = ("province", "aggregate", "country")  # places so large that a city beside them lies on the axis


def show_ranking(page: str, standing: pl.DataFrame, asked: PeerComparison, link: str) -> list[pictures.Picture]:
    """Show the places of one kind by size and as a distribution, next to them the larger places; then all in a table.

    Return the charts.
    """
    ranked = standing.filter(pl.col("rank").is_not_null())
    others = standing.filter(pl.col("rank").is_null())
    drawn: list[pictures.Picture] = []
    # A place in a list is no amount: a bar would be longest for the last.
    if ranked.height > 1 and ranked["unit_id"][0] != "rank":
        left, right = st.columns([3, 2], gap="large") if others.height else (st.container(), None)
        with left:
            drawn = _show_charts(page, ranked, asked, link)
        if right:
            with right:
                _show_unranked(others, asked, columns=1)
    elif standing.height > 1:
        _show_unranked(standing, asked)
    _show_ranking_table(page, standing, asked)
    return drawn


def _show_charts(page: str, ranked: pl.DataFrame, asked: PeerComparison, link: str) -> list[pictures.Picture]:
    heading, points = (
        _("{year}年{indicator}", year=asked.year, indicator=asked.indicator),
        make_place_points(ranked, asked),
    )
    if ranked.height > MOST_BARS:
        dots = many_places.draw_ranked_dots(points, device.get_palette(), device.compute_text_room(HALF_WIDTH))
        drawn = [layout.show_chart(page, dots, heading, heading, ranked, link)]
        st.caption(_("一点一地，自上而下按名次；写出名字的是所选地区、同伴（{peers}）和两端。", peers=asked.peers.said))
    else:
        bars = charts.draw_bars(points, device.get_palette(), device.compute_text_room(HALF_WIDTH))
        drawn = [layout.show_chart(page, bars, heading, heading, ranked, link)]
    if ranked.height >= FEWEST_FOR_SPREAD:
        st.markdown("**" + _("分布") + "**")
        spread = draw_strip(make_place_points(ranked, asked), device.get_palette())
        title = _("{heading}的分布", heading=heading)
        drawn.append(layout.show_chart(page, spread, title, title, ranked, link, small=True))
        st.caption(
            _("每个点是一个地区。竖线是中位：{middle}。", middle=plain_text.escape_markdown(_describe_median(ranked)))
        )
    return drawn


def _describe_median(ranked: pl.DataFrame) -> str:
    """Return the place in the middle, or the two between which the middle lies: nothing is computed."""
    half = ranked.height // 2
    rows = ranked[half : half + 1] if ranked.height % 2 else ranked[half - 1 : half + 1]
    told = [
        f"{localize_name(row, 'park')} {figures.format_figure(row)}{figures.format_evidence_mark(row['evidence'])}"
        for row in rows.iter_rows(named=True)
    ]
    return told[0] if len(told) == 1 else _("在{first}与{second}之间", first=told[0], second=told[1])


def _show_unranked(rows: pl.DataFrame, asked: PeerComparison, columns: int = 4) -> None:
    """Show figures of places that are not ranked, the larger ones first, with what is to be known of a total."""
    order = {kind: place for place, kind in enumerate(("city", "province", "country", "aggregate", "zone", "etdz"))}
    kind = pl.col("kind").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    mine = pl.col("park_id") == asked.place["park_id"]
    rows = rows.sort(~mine, kind, maintain_order=True)
    alone = rows["rank"].is_not_null().any() or asked.place["park_id"] in rows["park_id"]
    st.subheader(_("查到的数") if alone else _("不排名的地区"), anchor=False)
    shown = rows.head(MOST_BESIDE)
    entries = [
        (
            localize_name(row, "park"),
            figures.format_figure(row) + figures.format_evidence_mark(row["evidence"]),
            figures.describe_growth_with_basis(row),
        )
        for row in shown.iter_rows(named=True)
    ]
    layout.show_key_numbers(entries, columns, width=150)
    said = [_("类别不同或计量单位不同，不排名。")] if rows["rank"].is_null().any() else []
    said += [_("另有 {n} 个见表。", n=rows.height - shown.height)] if rows.height > shown.height else []
    totals = shown.filter(pl.col("kind").is_in(TOTALS) & pl.col("note").is_not_null())
    said += [_("{place}：{note}。", place=localize_name(row, "park"), note=str(row["note"]).rstrip("。."))
             for row in totals.iter_rows(named=True)]  # fmt: skip
    st.caption(plain_text.escape_markdown(join_sentences(said)))


def _show_ranking_table(page: str, standing: pl.DataFrame, asked: PeerComparison) -> None:
    """Show the figures of the year, with their rank and where they are from; the place and its peers are marked."""
    standing = standing.with_columns(role=label_roles(standing["park_id"], asked))
    peers = (standing["role"] == "lit").any()
    grown = standing["growth_text"].is_not_null().any()

    def cells(row: Row) -> Row:
        growth = (
            {_("增长"): figures.format_growth_rate(row), _("增速口径"): figures.label_row_basis(row)} if grown else {}
        )
        head = {
            _("地区"): place_links.link_place(row, mark="● " if peers and row["role"] != "other" else ""),
            _("名次"): figures.format_rank(row),
            _("数值"): figures.format_figure(row, printed=True) + figures.format_evidence_mark(row["evidence"]),
        }
        return (
            head
            | growth
            | {
                _("来源"): figures.format_publication(row),
                _(
                    "性质与依据"
                ): f"{figures.label_evidence(row['evidence'])} · {figures.format_formula(row) or row['locator']}",
            }
        )

    if peers:
        said = {"place": localize_name(asked.place, "name"), "peers": asked.peers.said}
        st.caption(plain_text.escape_markdown(_("● 是{place}和同伴（{peers}）", **said)))
    tables.show_table(
        f"{page}_standing", standing, cells, right=(_("名次"), _("数值"), *([_("增长")] if grown else []))
    )


def make_place_points(rows: pl.DataFrame, asked: PeerComparison) -> pl.DataFrame:
    """Return points of places in one unit; main: whether it is the place compared; role: main, lit or other."""
    points = chart_points.make_points(rows.drop("kind", strict=False), by="park")
    alike = rows.filter(pl.col("compared") == pl.col("value"))
    unit = (alike if alike.height else rows).row(0, named=True)
    ratio = rows["compared"] / rows["value"] * figures.get_unit_scale(unit)
    ends = {"value": rows["value"], "low": rows["low"], "high": rows["high"]}
    return points.with_columns(
        *((series.cast(pl.Float64) * ratio).alias(end) for end, series in ends.items()),
        unit=pl.lit(figures.label_unit(unit)),
        category=pl.col("place"),
        main=rows["park_id"] == asked.place["park_id"],
        role=label_roles(rows["park_id"], asked),
        park_id=rows["park_id"],
    )


def add_compared(rows: pl.DataFrame, asked: PeerComparison) -> pl.DataFrame:
    """Add compared, the value in the unit of the place compared, as rank_places() does; drop what has none."""
    return add_compared_value(rows, asked.place["park_id"]).filter(pl.col("compared").is_not_null()).drop("_middle")


def label_roles(parks: pl.Series, asked: PeerComparison) -> pl.Series:
    """Return for each place what it is in a picture: main, lit (a peer) or other."""
    known = dict.fromkeys(asked.peers.parks, "lit") | {asked.place["park_id"]: "main"}
    return parks.replace_strict(known, default="other", return_dtype=pl.String)


def draw_strip(points: pl.DataFrame, palette: str) -> tuple[pl.DataFrame, charts.Spec]:
    """Return rows and spec of a chart of all places on one axis.

    The place compared is large and named above the axis, the two ends below it; the median is a rule.
    points: of charts.points() in one unit, sorted by size, with main.
    """
    ends = pl.int_range(pl.len()).is_in([0, points.height - 1])
    role = pl.when("main").then(pl.lit("main")).when(ends).then(pl.lit("end")).otherwise(pl.lit("other"))
    # A name stands on that side of its point where there is room.
    side = pl.when(pl.col("value") > pl.col("value").max() * 0.6).then(pl.lit("right")).otherwise(pl.lit("left"))
    middle = points.select(value=pl.col("value").median(), role=pl.lit("median"))
    shown = pl.concat([points.with_columns(role=role, side=side), middle], how="diagonal")
    return shown, _build_strip_spec(chart_points.require_one_unit(points), lang(), palette)


@cache
def _build_strip_spec(unit: str, language: str, palette: str) -> charts.Spec:
    colours = PALETTES[palette]
    x = alt.X("value:Q", title=None, axis=charts.make_value_axis(colours, unit), scale=alt.Scale(zero=True, nice=True))
    base = alt.Chart().encode(x=x)
    points = base.encode(tooltip=charts.make_tooltip(language))

    def named(role: str, side: str) -> Any:
        hue, above = (colours["figure"], -17) if role == "main" else (colours["quiet"], 18)
        aligned: Any = {"align": side, "dx": -4 if side == "left" else 4}
        chosen = base.transform_filter(f"datum.role == '{role}' && datum.side == '{side}'")
        return chosen.mark_text(dy=above, fontSize=12, color=hue, **aligned).encode(text="place:N")

    layers = alt.layer(
        base.transform_filter("datum.role == 'median'").mark_rule(color=colours["ink"], strokeWidth=1.5),
        points.transform_filter("datum.role == 'end' || datum.role == 'other'")
        .mark_point(filled=True, size=70, opacity=0.45, color=colours["quiet"]),
        points.transform_filter("datum.role == 'main'")
        .mark_point(filled=True, size=140, opacity=1, color=colours["figure"]),
        *(named(role, side) for role in ("main", "end") for side in ("left", "right")),
    )  # fmt: skip
    return charts.finish_spec(layers.properties(height=80), unit, colours)


def show_target_records(page: str, rows: pl.DataFrame, link: str, indicators: pl.DataFrame) -> None:
    """Show how each place kept its targets."""
    st.subheader(_("各地目标的兑现"), anchor=False)
    if rows.is_empty():
        st.caption(_("没有查到任何地区的目标。"))
        return
    decided, total, running = rows["decided"].sum(), rows["set"].sum(), rows["open"].sum() > 0
    st.markdown(
        _("查到 {places} 个地区的 {total} 项目标，其中 **{decided}** 项可评估：完成 **{reached}**，"
          "未完成 **{missed}**；其余的结果没有查到，或舍入之内两可，不作推断。", places=rows.height, total=total,
          decided=decided, reached=rows["reached"].sum(), missed=rows["missed"].sum())
    )  # fmt: skip

    def cells(row: Row) -> Row:
        years = sorted({row["first_year"], row["last_year"]})
        return {
            _("地区"): place_links.link_place(row),
            _("年度"): ("—" if lang() == "zh" else "–").join(map(str, years)),
            _("目标数"): str(row["set"]),
            _("✔ 完成"): str(row["reached"]),
            _("■ 未完成"): str(row["missed"]),
            **({_("● 进行中"): str(row["open"])} if running else {}),
            _("— 不可评估"): str(row["unknown"]),
        }

    heads = [_("目标数"), _("✔ 完成"), _("■ 未完成"), *([_("● 进行中")] if running else []), _("— 不可评估")]
    tables.show_table(f"{page}_records", rows, cells, right=tuple(heads))
    st.caption(_("查不到目标的地区不在表里。一项目标既有数值又有增速的，按两项计，与总览一致。"))
    layout.show_actions(f"{page}_records", "records", rows, link, _("各地目标的兑现"), [], indicators)
