"""A view as charts: one panel for each definition and kind of unit, in the form that its figures ask for."""

from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from pages.parts import charts, figures, filters, layout, pictures, screen, trends
from pages.parts.words import _, lang, listed, name, sentences

Row = dict[str, Any]
MOST_PANELS, MOST_SAID = 6, 8
FEW_WORDS = 2  # figures that are better said than drawn
SERIES = 3  # years of one place from which a line says something
FEW_BARS, MOST_BARS, FEW_LINES, MOST_MULTIPLES = 24, 60, 6, 24
KEYS = ["comparable_key", "dimension", "months"]


@dataclass(frozen=True)
class Panel:
    """Figures that may share an axis: their rows, and points in one unit."""

    rows: pl.DataFrame
    points: pl.DataFrame
    heading: str

    @property
    def kind(self) -> str:
        """The chart that says most: lines of a few places, small ones of many that have series, else bars, or dots."""
        years = self.points.group_by("park_id").agg(pl.col("at").n_unique())["at"]
        places, series = len(years), int((years >= SERIES).sum())
        if series and places <= FEW_LINES:
            return "line"
        if series * 2 > places:
            return "multiples"
        return "bar" if self.points.height <= FEW_BARS else "dot"


def kinds() -> dict[str, str]:
    """The forms of a chart by code."""
    return {
        "auto": _("自动选图"), "line": _("折线"), "bar": _("条形"), "dot": _("散点"), "multiples": _("分地区小图"),
    }  # fmt: skip


def measures(rows: pl.DataFrame, years: list[int], *, share: bool) -> dict[str, str]:
    """The measures that the rows can be shown in, by code. years: those that an index can start from."""
    known = {"level": _("数值")}
    known |= {"growth": _("增速")}
    known |= {"index": _("指数")} if years else {}
    return known | ({"share": _("占比")} if share else {})


def form(page: str, rows: pl.DataFrame, years: list[int], *, share: bool) -> tuple[str, str, int | None]:
    """The reader's choice of measure, chart and base year; what the rows cannot be shown in is not offered."""
    offered = measures(rows, years, share=share)
    # Where only growth was printed, levels would be an empty chart.
    default = "level" if rows["value"].is_not_null().any() or rows["growth_pct"].is_null().all() else "growth"
    base = None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        measure = filters.single_pills(f"{page}_as", "as", _("怎么量"), offered, default)
        kind = filters.single_pills(f"{page}_chart", "chart", _("图形"), kinds(), "auto")
        if measure == "index":
            options = {str(year): _("{year}年=100", year=year) for year in sorted(years)}
            base = int(filters.single(f"{page}_base", "base", _("基年"), options, str(years[0])))
    return measure, kind, base


def split(rows: pl.DataFrame, units: pl.DataFrame, self_park: str) -> list[Panel]:
    """Panels of the rows that have a value, in their order: one for each definition, kind of unit and part of the year.

    units: of catalogue.units(). Values of one kind are drawn in the unit that most of them were printed in.
    self_park: the place in the accent; where it has no figure, the first one.
    """
    measured = units.select("unit_id", "dimension", "factor", "scale_en", "name_zh", "scaled_name_en")
    valued = rows.filter(pl.col("value").is_not_null()).join(measured, on="unit_id", how="left", maintain_order="left")
    month = pl.col("period_end").dt.month()
    annual = pl.col("period").str.len_chars() == 4
    stock = pl.col("measure") == "stock"
    valued = valued.with_columns(
        dimension=pl.coalesce("dimension", "unit_id"),
        factor=pl.col("factor").fill_null(1.0),
        # Parts of a year are another thing than whole years; a stock stands at its date.
        months=pl.when(annual | stock).then(pl.lit("")).otherwise(pl.col("period").str.replace_all(r"\d{4}", "")),
        at=pl.col("period_end").dt.year() + pl.when(annual | ~stock).then(0.0).otherwise((month - 1) / 12),
    )
    return [_panel(group, self_park) for _key, group in valued.group_by(KEYS, maintain_order=True)]


def _panel(group: pl.DataFrame, self_park: str) -> Panel:
    parks = group["park_id"].unique(maintain_order=True).to_list()
    main = self_park if self_park in parks else parks[0]
    points = charts.points(group.drop("dimension", "factor", "months", "at"), by="park")
    codes = group.select("park_id", "comparable_key", "at", "source_published", final=pl.col("bound") != "expected",
                         told=pl.col("evidence") != "own")  # fmt: skip
    points = charts.in_one_unit(points.hstack(codes), group).with_columns(main=pl.col("park_id") == main)
    # Of several versions of a year the line goes through the final one that was published last; an own one comes last.
    order = pl.struct("told", "final", pl.col("source_published").fill_null(""))
    rank = order.rank("ordinal", descending=True).over("park_id", "at")
    points = points.with_columns(best=rank == 1).drop("told", "final", "source_published")
    rows = group.drop("dimension", "factor", "scale_en", "name_zh", "scaled_name_en", "months", "at")
    return Panel(rows, points.sort(~pl.col("main"), maintain_order=True), _heading(group))


def _heading(group: pl.DataFrame) -> str:
    column = f"indicator_{lang()}"
    names = group[column].unique(maintain_order=True).to_list()
    months = group["months"][0]
    text = listed(names[:3]) + (_("等") if len(names) > 3 else "")
    if not months:
        return text
    period = figures.period(group["period"][0])
    part = period.partition("年")[2] if lang() == "zh" else period.rpartition(" ")[0]
    return _("{indicator}（{months}）", indicator=text, months=part)


def draw(
    page: str, panels: list[Panel], kind: str, breaks: pl.DataFrame, link: str, rows: pl.DataFrame
) -> list[pictures.Picture]:
    """The charts of the panels, those of one or two figures in words, and why they are apart and what is not drawn."""
    large = [panel for panel in panels if panel.points.height > FEW_WORDS]
    drawn = [one(page, panel, kind, breaks, link) for panel in large[:MOST_PANELS]]
    small = [panel for panel in panels if panel.points.height <= FEW_WORDS]
    if small:
        in_words(small[:MOST_SAID])
    st.caption(told(panels, large, small, rows))
    return drawn


def in_words(panels: list[Panel]) -> None:
    """One or two figures are better said than drawn."""
    entries = []
    for panel in panels:
        for row in panel.rows.iter_rows(named=True):
            below = " · ".join(filter(None, (name(row, "park"), figures.period(row["period"]), figures.growth(row))))
            entries.append((name(row, "indicator"), figures.number(row) + figures.mark(row["evidence"]), below))
    layout.numbers(entries, columns=4, width=190)


def one(page: str, panel: Panel, kind: str, breaks: pl.DataFrame, link: str) -> pictures.Picture:
    """The chart of one panel in the form asked for, or the one that fits."""
    shape = panel.kind if kind == "auto" else kind
    palette = screen.palette()
    if shape == "bar":
        drawn = charts.bars(_sorted(panel), palette, screen.room(charts.ROOM))
    elif shape == "dot":
        drawn = trends.dots(panel.points, palette)
    else:
        points = trends.in_segments(panel.points, breaks.drop("reason_zh", "reason_en"))
        if shape == "line":
            drawn = trends.lines(points, palette)
        else:
            places = points["park_id"].unique(maintain_order=True).to_list()[:MOST_MULTIPLES]
            shown = points.filter(pl.col("park_id").is_in(places))
            drawn = trends.multiples(shown, palette, screen.fit(3, 2), screen.fit(255, 118))
    return layout.chart(page, drawn, panel.heading, panel.heading, panel.rows, link)


def _sorted(panel: Panel) -> pl.DataFrame:
    """Bars of one period stand by size; of several, as the rows do. So many that a page can hold."""
    if panel.points["at"].n_unique() == 1:
        return panel.points.sort("value", descending=True).head(MOST_BARS)
    return panel.points.head(MOST_BARS)


def told(panels: list[Panel], large: list[Panel], small: list[Panel], rows: pl.DataFrame) -> str:
    """Why there are several charts, and which figures stand in none."""
    said = []
    keys = len({panel.rows["comparable_key"][0] for panel in panels})
    if keys > 1:
        said.append(_("{n} 个口径分开列：口径不同的数不能放在同一坐标轴上。", n=keys))
    elif len(panels) > 1:
        said.append(_("单位或时段不同的数分开列。"))
    shown = large[:MOST_PANELS]
    if any(panel.rows["indicator_id"].n_unique() > 1 for panel in shown):
        said.append(_("一张图里有几个名称的，按本站归类口径相同，并非公布。"))
    left = len(large) - len(shown) + max(0, len(small) - MOST_SAID)
    if left:
        said.append(_("另有 {n} 组没有画，见表；请少选几个指标。", n=left))
    bare = rows.filter(pl.col("value").is_null()).height
    if bare:
        said.append(_("{n} 条只公布了增速，没有数值，见表；也可选“增速”。", n=bare))
    return sentences(said)


def title(rows: pl.DataFrame) -> str:
    """What the view says, in one sentence: the first and last figure of a series, else how much there is."""
    places, names = rows["park_id"].n_unique(), rows["indicator_id"].n_unique()
    first_row = rows.row(0, named=True)
    years = _years(rows)
    if places == 1 and names == 1:
        series = rows.filter(pl.col("value").is_not_null() & (pl.col("period").str.len_chars() == 4))
        of = _("{place}{indicator}", place=name(first_row, "park"), indicator=name(first_row, "indicator"))
        if series.is_empty():
            return _("{of}：{years}有 {n} 个数", of=of, years=years, n=rows.height)
        ends = [series.row(0, named=True), *([series.row(-1, named=True)] if series.height > 1 else [])]
        steps = [
            f"{figures.period(row['period'])} {figures.number(row)}{figures.mark(row['evidence'])}" for row in ends
        ]
        return _("{of}：{steps}", of=of, steps=" → ".join(steps))
    if names == 1:
        indicator = name(first_row, "indicator")
        return _("{indicator}：{places} 个地区，{years}共 {n} 个数", indicator=indicator, places=places, years=years,
                 n=rows.height)  # fmt: skip
    if places == 1:
        return _("{place}：{names} 个指标，{years}共 {n} 个数", place=name(first_row, "park"), names=names, years=years,
                 n=rows.height)  # fmt: skip
    return _(
        "{names} 个指标、{places} 个地区，{years}共 {n} 个数", names=names, places=places, years=years, n=rows.height
    )


def _years(rows: pl.DataFrame) -> str:
    first, last = rows["period_start"].min().year, rows["period_end"].max().year  # type: ignore[union-attr]
    if first == last:
        return figures.period(first)
    return f"{first}—{last}年" if lang() == "zh" else f"{first}–{last}"
