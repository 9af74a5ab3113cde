"""A view as charts: one panel for each definition and kind of unit, in the form that its figures ask for."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl
import streamlit as st

from pages.charts import charts, pictures, trends
from pages.ui import device, filters, layout
from pages.wording import figures, headlines, plain_text
from pages.wording.language import _, lang, listed, name, sentences
from queries.figures import growth_index_share as measuring
from queries.figures import precedence

Row = dict[str, Any]
MOST_PANELS, MOST_SAID = 6, 8
FEW_WORDS = 2  # figures that are better said than drawn
MOSTLY = 0.7  # of the rows: a panel that has so many speaks for the view
MOST_EARLIER = 4  # figures whose other versions are named below a chart
FEW_PLACES = 3  # from which on a range says something
NAMES = 3  # of one definition, in a heading
SERIES = 3  # years of one place from which a line says something
FEW_BARS, MOST_BARS, FEW_LINES, MOST_MULTIPLES = 24, 60, 6, 24
FORM = ("as", "chart", "base")  # parameters of the form of a view
MONTH = "month"  # single months may stand in one row, spans of different months may not
PLAIN = ("level", "auto", None)  # figures as they are
KEYS = ["comparable_key", "axis", "months"]


@dataclass(frozen=True)
class Panel:
    """Figures that may share an axis; what a chart needs is made when it is drawn.

    group: their rows with axis, months and at; park: the place in the accent.
    """

    group: pl.DataFrame
    park: str

    @cached_property
    def rows(self) -> pl.DataFrame:
        """Rows of observations()."""
        return self.group.drop("axis", "months", "at")

    @cached_property
    def points(self) -> pl.DataFrame:
        """Points of charts.points() in one unit, the main place first, with park_id, comparable_key, at, main, counts
        and best.

        counts: whether it is the version of its figure that counts; best: and holds under no condition, so that a line
        goes through it.
        """
        here = self.park in self.group["park_id"]
        codes = precedence.marked(self.group).select(
            "park_id", "comparable_key", "at",
            counts=~precedence.is_earlier(),
            best=~precedence.is_earlier() & ~figures.is_conditional(),
            main=pl.col("park_id") == self.park if here else pl.lit(value=True),
        )  # fmt: skip
        points = charts.in_one_unit(charts.points(self.rows, by="park").hstack(codes), self.group)
        return points.sort(~pl.col("main"), maintain_order=True)

    @cached_property
    def figures(self) -> pl.DataFrame:
        """Rows of observations(), of each figure the version that counts."""
        return precedence.counting(self.rows)

    @cached_property
    def heading(self) -> str:
        """What the figures are, and of which part of the year."""
        months, text, period = self.group["months"][0], _names(self.group), self.group["period"][0]
        if not months:
            return text
        part = _("各月") if months == MONTH else figures.period(period).replace(figures.period(period[:4]), "").strip()
        return _("{indicator}（{months}）", indicator=text, months=part)

    def cut(self, kind: str) -> bool:
        """Whether a chart of this kind leaves some of the figures out."""
        places = self.group["park_id"].n_unique()
        left_out = {"bar": self.figures.height > MOST_BARS, "multiples": places > MOST_MULTIPLES}
        return left_out.get(self.kind if kind == "auto" else kind, False)

    @property
    def step(self) -> float:
        """Years between two figures that a line joins."""
        return 1 / 12 if self.group["months"][0] == MONTH else 1

    @property
    def kind(self) -> str:
        """The chart that says most: lines of a few places, small ones of many that have series, else bars, or dots."""
        years = self.group.group_by("park_id").agg(pl.col("at").n_unique())["at"]
        places, series = len(years), int((years >= SERIES).sum())
        if series and places <= FEW_LINES:
            return "line"
        if series * 2 > places:
            return "multiples"
        return "bar" if self.figures.height <= FEW_BARS else "dot"


def kinds() -> dict[str, str]:
    """The forms of a chart by code."""
    return {
        "auto": _("自动选图"), "line": _("折线"), "bar": _("条形"), "dot": _("散点"), "multiples": _("分地区小图"),
    }  # fmt: skip


def measures() -> dict[str, str]:
    """What figures can be shown as, by code."""
    return {"level": _("数值"), "growth": _("增速"), "index": _("指数"), "share": _("占比")}


def form(page: str, rows: pl.DataFrame, asked: str | None, asof: date | None = None) -> tuple[str, str, int | None]:
    """The reader's choice of measure, chart and base year; what the rows cannot be shown in is not offered.

    asked: the measure that the words of the reader name; asof: the day by which the rows
    were known.
    """
    years = measuring.base_years(rows)
    possible = {"level": True, "growth": True, "index": bool(years), "share": measuring.can_share(rows, asof)}
    wanted = st.query_params.get("as")  # a link of other rows is told below why it shows nothing
    offered = {code: said for code, said in measures().items() if possible[code] or code == wanted}
    # Where mostly growth was printed, levels would be an empty chart.
    bare = rows.filter(pl.col("value").is_null() & pl.col("growth_pct").is_not_null()).height
    default = "growth" if bare * 2 > rows.height else "level"
    base = None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        default = asked if asked and possible.get(asked) else default
        measure = filters.single_pills(f"{page}_as", "as", _("怎么量"), offered, default)
        kind = filters.single_pills(f"{page}_chart", "chart", _("图形"), kinds(), "auto")
        if measure == "index" and years:
            options = {str(year): _("{year}年=100", year=year) for year in sorted(years)}
            base = int(filters.single(f"{page}_base", "base", _("基年"), options, str(years[0])))
    filters.ignored(page, FORM, here=True)
    return measure, kind, base


def reached(chosen: int, shown: int, measure: str) -> bool:
    """Say how many of the figures chosen can be shown in a measure, and what it takes; whether any can."""
    if not shown:
        reasons = {
            "growth": _("这些数没有公布增速，也没有可比的上一年，算不出增速。"),
            "index": _("这些数在同一地区没有可比的两年，排不成指数。"),
            "share": _("这些数没有公布过所属的整体，算不出占比。"),
        }
        st.info(reasons.get(measure, _("没有符合条件的数据")), icon=":material/info:")
    elif shown < chosen:
        counts = {"chosen": f"{chosen:,}", "shown": f"{shown:,}"}
        parts = {
            "growth": _("{chosen} 个数中 {shown} 个有增速：原文印有，或可与同口径的上一年相比。", **counts),
            "index": _("{chosen} 个数中 {shown} 个有指数：可与同一地区、同一口径、同一时段的基年相比。", **counts),
            "share": _("{chosen} 个数中 {shown} 个有占比：同一地区、同一时期有所属整体的数可比。", **counts),
        }
        st.caption(parts.get(measure, ""))
    return shown > 0


def split(rows: pl.DataFrame, units: pl.DataFrame, self_park: str) -> list[Panel]:
    """Panels of the rows that have a value, in their order: one for each definition, kind of unit and part of the year.

    Values of one kind are drawn in the unit that most of them were printed in.
    self_park: the place in the accent; where it has no figure, all are.
    """
    single, stock = pl.col("span").is_in(["month", "date"]), pl.col("measure") == "stock"
    dated = (single | stock) & (pl.col("span") != "year")
    months = pl.when(single).then(pl.lit(MONTH)).otherwise(pl.format("{}-{}", "first_month", "last_month"))
    valued = rows.filter(pl.col("value").is_not_null()).with_columns(
        axis=pl.coalesce("dimension", "unit_id"),
        # Parts of a year are another thing than whole years; a stock stands at its date.
        months=pl.when((pl.col("span") == "year") | stock).then(pl.lit("")).otherwise(months),
        at=pl.col("year") + pl.when(dated).then((pl.col("last_month") - 1) / 12).otherwise(0.0),
    )
    return [Panel(group, self_park) for _key, group in valued.group_by(KEYS, maintain_order=True)]


def _names(rows: pl.DataFrame) -> str:
    names = rows[f"indicator_{lang()}"].unique(maintain_order=True).to_list()
    return listed(names[:NAMES]) + (_("等") if len(names) > NAMES else "")


def draw(
    page: str, panels: list[Panel], kind: str, breaks: pl.DataFrame, link: str, rows: pl.DataFrame
) -> list[pictures.Picture]:
    """The charts of the panels, those of one or two figures in words, and why they are apart and what is not drawn."""
    large = [panel for panel in panels if panel.figures.height > FEW_WORDS]
    shown = large[:MOST_PANELS]
    drawn = [one(page, panel, kind, breaks, link) for panel in shown]
    small = [panel for panel in panels if panel.figures.height <= FEW_WORDS]
    if small:
        in_words(small[:MOST_SAID])
    left = len(large) - len(shown) + max(0, len(small) - MOST_SAID)
    cut = any(panel.cut(kind) for panel in shown)
    said = [
        *_apart(panels),
        *_beside(shown, kind),
        *_earlier(shown),
        *_broken(shown + small, breaks),
        *_left_out(left, rows, cut=cut),
    ]
    st.caption(plain_text.plain(sentences(said)))
    return drawn


def in_words(panels: list[Panel]) -> None:
    """One or two figures are better said than drawn."""
    entries = []
    for panel in panels:
        others = precedence.earlier(panel.rows)
        for row in panel.figures.iter_rows(named=True):
            told = (
                name(row, "park"),
                figures.period(row["period"]),
                figures.growth_on(row),
                headlines.earlier(row, others),
            )
            below = " · ".join(filter(None, told))
            entries.append((name(row, "indicator"), figures.number(row) + figures.mark(row["evidence"]), below))
    layout.numbers(entries, columns=4, width=190)


def one(page: str, panel: Panel, kind: str, breaks: pl.DataFrame, link: str) -> pictures.Picture:
    """The chart of one panel in the form asked for, or the one that fits."""
    shape = panel.kind if kind == "auto" else kind
    shape = "line" if shape == "multiples" and panel.group["park_id"].n_unique() == 1 else shape
    palette, counting = device.palette(), panel.points.filter("counts")
    if shape == "bar":
        drawn = charts.bars(_sorted(counting), palette, device.room(charts.ROOM))
    elif shape == "dot":
        drawn = trends.dots(counting, palette)
    else:
        points = trends.in_segments(counting, breaks.select("park_id", "comparable_key", "year"), panel.step)
        if shape == "line":
            drawn = trends.lines(points, palette, narrow=device.phone())
        else:
            first = points["park_id"].unique(maintain_order=True).to_list()[:MOST_MULTIPLES]
            shown = points.filter(pl.col("park_id").is_in(first))
            drawn = trends.multiples(shown, palette, device.room(charts.ROOM))
    places = panel.group[f"park_{lang()}"].unique().to_list()
    called = _("{place}{indicator}", place=places[0], indicator=panel.heading) if len(places) == 1 else panel.heading
    return layout.chart(page, drawn, panel.heading, panel.heading, panel.rows, link, called=called)


def _sorted(points: pl.DataFrame) -> pl.DataFrame:
    """Bars of one period stand by size; of several, as the rows do. So many that a page can hold."""
    if points["at"].n_unique() == 1:
        return points.sort("value", descending=True).head(MOST_BARS)
    return points.head(MOST_BARS)


def _apart(panels: list[Panel]) -> list[str]:
    """Why there are several charts."""
    keys = len({panel.rows["comparable_key"][0] for panel in panels})
    if keys > 1:
        return [_("{n} 个口径分开列：口径不同的数不能放在同一坐标轴上。", n=keys)]
    return [_("单位或时段不同的数分开列。")] if len(panels) > 1 else []


def _beside(panels: list[Panel], kind: str) -> list[str]:
    """What stands together in one chart: names of one definition, kinds of evidence."""
    said = []
    if any(panel.rows["indicator_id"].n_unique() > 1 for panel in panels):
        said.append(_("一张图里有几个名称的，按本站归类口径相同，并非公布。"))
    points = [panel for panel in panels if (panel.kind if kind == "auto" else kind) != "bar"]
    plain = (pl.col("evidence") == "derived") & ~figures.is_conditional()
    if any(panel.group.select(plain.any()).item() for panel in points):
        said.append(_("实心点是公布的，空心点是推算的。"))
    if any(panel.group.select(figures.is_conditional().any()).item() for panel in panels):
        said.append(_("菱形是以增速为同口径名义增速为前提推算的，原文没有说明。"))
    if kind == "line" and any(panel.group["park_id"].n_unique() > FEW_LINES for panel in panels):
        said.append(_("写不下的地名，把光标移到点上看；也可选“分地区小图”。"))
    if any("own" in panel.group["evidence"] for panel in points):
        said.append(_("中间留空的点是自有的。"))
    return said


def _earlier(panels: list[Panel]) -> list[str]:
    """What was published before of figures that stand in the charts: it is named, and not drawn a second time."""
    told = []
    for panel in panels:
        known = {row["observation_id"]: row for row in panel.figures.iter_rows(named=True)}
        for code, others in precedence.earlier(panel.rows).items():
            told.append(_("{place}{period}用{value}，此前公布过{numbers}。", place=name(known[code], "park"),
                          period=figures.period(known[code]["period"]), value=figures.number(known[code]),
                          numbers=listed([figures.number(other) for other in others])))  # fmt: skip
    more = [_("另有 {n} 个数也公布过几次，见表。", n=len(told) - MOST_EARLIER)] if len(told) > MOST_EARLIER else []
    return told[:MOST_EARLIER] + more


def _broken(panels: list[Panel], breaks: pl.DataFrame) -> list[str]:
    """Where the definition of a series changes, so that nothing is joined across, and why."""
    series = [panel.rows.select("park_id", "comparable_key", "park_zh", "park_en") for panel in panels]
    if not series:
        return []
    found = breaks.join(pl.concat(series).unique(), on=["park_id", "comparable_key"], maintain_order="left")
    return [
        _("{place}从{year}年起换了口径，前后不相连：{reason}", place=name(row, "park"), year=row["year"],
          reason=name(row, "reason"))
        for row in found.iter_rows(named=True)
    ]  # fmt: skip


def _left_out(panels: int, rows: pl.DataFrame, *, cut: bool) -> list[str]:
    """Which figures stand in no chart."""
    said = [_("图里只画得下一部分，其余见表：条形最多 {bars} 条，小图最多 {places} 个地区。", bars=MOST_BARS,
              places=MOST_MULTIPLES)] if cut else []  # fmt: skip
    said += [_("另有 {n} 组没有画，见表；请少选几个指标。", n=panels)] if panels else []
    bare = rows.filter(pl.col("value").is_null()).height
    return said + ([_("{n} 条只公布了增速，没有数值，见表；也可选“增速”。", n=bare)] if bare else [])


def title(rows: pl.DataFrame, panels: list[Panel], breaks: pl.DataFrame) -> str:
    """What the view says, in one sentence: how a series went, how far places lie apart, else how much there is."""
    if rows.is_empty():
        return _("这些数不能这样量")
    places, names = rows["park_id"].n_unique(), rows["indicator_id"].n_unique()
    main = max(panels, key=lambda panel: panel.group.height) if panels else None
    if main and main.group.height >= MOSTLY * rows.height:
        said = _series(main, breaks) if main.group["park_id"].n_unique() == 1 else _range(main)
        if said:
            return said
    first, years = rows.row(0, named=True), _years(rows)
    counted = {"n": rows.height, "names": names, "places": places, "years": years}
    if names == 1 or rows["comparable_key"].n_unique() == 1:
        of = {"place": name(first, "park"), "indicator": _names(rows)}
        if places == 1:
            return _("{place}{indicator}：{years}有 {n} 个数", **of, **counted)
        return _("{indicator}：{places} 个地区的 {n} 个数，{years}", **of, **counted)
    if places == 1:
        return _("{place}：{names} 个指标的 {n} 个数，{years}", place=name(first, "park"), **counted)
    return _("{places} 个地区、{names} 个指标，共 {n} 个数，{years}", **counted)


def _series(panel: Panel, breaks: pl.DataFrame) -> str:
    """The first and the last figure of one place between which its definition does not change."""
    best = panel.points.filter("best").sort("at")
    if best.is_empty():  # all of it holds under a condition
        return ""
    changes = breaks.join(best, on=["park_id", "comparable_key"], how="semi").filter(pl.col("year") <= best["at"][-1])
    if changes.height:
        best = best.filter(pl.col("at") >= changes["year"].max())
    ends = [best.row(0, named=True), *([best.row(-1, named=True)] if best.height > 1 else [])]
    steps = [
        _("{period} {value}", period=row["period"], value=row["label"] + figures.mark(row["kind"])) for row in ends
    ]
    return _("{place}{indicator}：{steps}", place=ends[0]["place"], indicator=panel.heading, steps=" → ".join(steps))


def _range(panel: Panel) -> str:
    """How far places lie apart in the period that most of them have, the latest of several; empty for a few places."""
    best = panel.points.filter("best")
    most = best.group_by("at").agg(n=pl.len()).sort("n", "at")
    if most["n"][-1] < FEW_PLACES:
        return ""
    places = best.filter(pl.col("at") == most["at"][-1]).sort("value", maintain_order=True)
    low, high = places.row(0, named=True), places.row(-1, named=True)
    least, most_of_all = (row["label"] + figures.mark(row["kind"]) for row in (low, high))
    return _(
        "{indicator}：{period}有数的 {n} 个地区，从{low} {least}到{high} {most}", indicator=panel.heading,
        period=low["period"], n=places.height, low=low["place"], least=least, high=high["place"],
        most=most_of_all,
    )  # fmt: skip


def _years(rows: pl.DataFrame) -> str:
    first, last = rows["period_start"].min().year, rows["period_end"].max().year  # type: ignore[union-attr]
    if first == last:
        return figures.period(first)
    return _("{first}—{last}年", first=first, last=last)
