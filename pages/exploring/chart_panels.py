"""Show a view as charts: one panel for each definition and kind of unit, in the form that suits its figures."""

from typing import Any

import polars as pl
import streamlit as st

from pages.charts import charts, pictures, trends
from pages.exploring import chart_form, view_panels
from pages.ui import address, device, embed, filters, layout
from pages.wording import figures, headlines, plain_text
from pages.wording.language import _, join_items, join_sentences, lang, localize_name
from queries.figures import precedence

Row = dict[str, Any]
MOST_PANELS_IN_WORDS = 8
WIDGETS = ("panel", "panels")  # a row of choices, or a list where it would be too long
OWN_FILTERS = (*chart_form.FORM_PARAMETERS, *WIDGETS)  # further down the page, where unknown codes of them are told
MOST_TABS, MOST_LETTERS_OF_TABS = 6, 60  # beyond them definitions stand in a list
MOST_FRAMED = 6  # charts of a view that a frame on another site can show
MOST_FIGURES_IN_WORDS = 2  # figures that are better said than drawn
LEAST_SHARE_OF_TITLE = 0.7  # of the rows: a panel that has so many speaks for the view
MOST_EARLIER = 4  # figures whose other versions are named below a chart
FEWEST_PLACES = 3  # from which on a range says something


def choose_panel(page: str, panels: list[view_panels.Panel]) -> view_panels.Panel | None:
    """Show the definitions of a view with the number of their figures, and return the one to draw.

    One is drawn at a time: a chart takes longer to draw than all else of a page. None where all can be said in words.
    """
    drawable = {panel.code: panel for panel in _find_drawable(panels)}
    for widget in WIDGETS:
        address.remove_stale_choice(f"{page}_{widget}", "panel", drawable)
    if len(drawable) < 2:
        return next(iter(drawable.values()), None)
    options = {code: _("{name}（{n}）", name=one.heading, n=f"{one.count:,}") for code, one in drawable.items()}
    few = len(options) <= MOST_TABS and sum(map(len, options.values())) <= MOST_LETTERS_OF_TABS
    in_row = few and not device.is_phone()
    widget, show = (WIDGETS[0], filters.choose_pill) if in_row else (WIDGETS[1], filters.choose_one)
    code = show(f"{page}_{widget}", "panel", _("画哪一项"), options, next(iter(options)))
    filters.show_unknown_codes(page, WIDGETS, here=True)
    return drawable[code]


def _find_drawable(panels: list[view_panels.Panel]) -> list[view_panels.Panel]:
    return [panel for panel in panels if panel.count > MOST_FIGURES_IN_WORDS]


def show_panels(
    page: str, panels: list[view_panels.Panel], chosen: view_panels.Panel | None, kind: str, breaks: pl.DataFrame,
    link: str, rows: pl.DataFrame,
) -> list[pictures.Picture]:  # fmt: skip
    """Show the chart of the panel chosen, and in words those of one or two figures; return the charts.

    Below them it is said why they are separate and what is not drawn. A frame on another site keeps the other charts
    too, so that it can show each of them.
    """
    drawable = _find_drawable(panels)
    shown = [chosen] if chosen else []
    if embed.is_short():
        shown = [*shown, *(panel for panel in drawable if panel is not chosen)][:MOST_FRAMED]
    alone = len(drawable) == 1  # else the choice above is its heading
    drawn = [show_panel(page, panel, kind, breaks, link, headed=alone) for panel in shown]
    small = [panel for panel in panels if panel.count <= MOST_FIGURES_IN_WORDS]
    if small:
        show_panels_in_words(small[:MOST_PANELS_IN_WORDS])
    said = [
        *_explain_separation(panels),
        *_explain_mixture(shown, kind),
        *_describe_earlier(shown),
        *_describe_breaks(shown + small[:MOST_PANELS_IN_WORDS], breaks),
        *_describe_left_out(
            len(small) - MOST_PANELS_IN_WORDS, rows, cut=any(p.leaves_out_figures(kind) for p in shown)
        ),
    ]
    st.caption(plain_text.escape_markdown(join_sentences(said)))
    return drawn


def show_panels_in_words(panels: list[view_panels.Panel]) -> None:
    """Show the figures of panels as key numbers: one or two figures are better said than drawn."""
    entries = []
    for panel in panels:
        others = precedence.get_earlier_versions(panel.rows)
        for row in panel.figures.iter_rows(named=True):
            told = (
                localize_name(row, "park"),
                figures.format_period(row["period"]),
                figures.describe_growth_with_basis(row),
                headlines.describe_earlier_versions(row, others),
            )
            below = " · ".join(filter(None, told))
            entries.append(
                (
                    localize_name(row, "indicator"),
                    figures.format_figure(row) + figures.format_evidence_mark(row["evidence"]),
                    below,
                )
            )
    layout.show_key_numbers(entries, columns=4, width=190)


def show_panel(
    page: str, panel: view_panels.Panel, kind: str, breaks: pl.DataFrame, link: str, *, headed: bool
) -> pictures.Picture:
    """Show the chart of one panel in the form asked for, or the one that fits; return it.

    headed: whether it has a heading.
    """
    shape = panel.kind if kind == "auto" else kind
    shape = "line" if shape == "multiples" and panel.group["park_id"].n_unique() == 1 else shape
    palette, counting = device.get_palette(), panel.points.filter("counts")
    if shape == "bar":
        drawn = charts.draw_bars(_sort_bars(counting), palette, device.compute_text_room(charts.PAGE_WIDTH))
    elif shape == "dot":
        drawn = trends.draw_dots(_pick_places(counting, view_panels.MOST_BARS), palette)
    else:
        few = _pick_places(counting, view_panels.MOST_MULTIPLES)
        points = trends.add_line_segments(few, breaks.select("park_id", "comparable_key", "year"), panel.step)
        if shape == "line":
            drawn = trends.draw_lines(points, palette, narrow=device.is_phone())
        else:
            drawn = trends.draw_small_multiples(points, palette, device.compute_text_room(charts.PAGE_WIDTH))
    places = panel.group[f"park_{lang()}"].unique().to_list()
    called = _("{place}{indicator}", place=places[0], indicator=panel.heading) if len(places) == 1 else panel.heading
    return layout.show_chart(
        page, drawn, panel.heading, panel.heading, panel.rows, link, small=not headed, called=called
    )


def _pick_places(points: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return the points of the first places of the rows, no more than a chart can hold, the main place among them."""
    first = points.sort(~pl.col("main"), maintain_order=True)["park_id"].unique(maintain_order=True)[:most]
    return points.filter(pl.col("park_id").is_in(first.to_list()))


def _sort_bars(points: pl.DataFrame) -> pl.DataFrame:
    """Return the points of bars, those of one period by size, those of several in the order of the rows.

    No more than a page can hold.
    """
    if points["at"].n_unique() == 1:
        return points.sort("value", descending=True).head(view_panels.MOST_BARS)
    return points.head(view_panels.MOST_BARS)


def _explain_separation(panels: list[view_panels.Panel]) -> list[str]:
    """Return why there are several charts."""
    keys = len({panel.rows["comparable_key"][0] for panel in panels})
    if keys > 1:
        return [_("{n} 个口径分开列：口径不同的数不能放在同一坐标轴上。", n=keys)]
    return [_("单位或时段不同的数分开列。")] if len(panels) > 1 else []


def _explain_mixture(panels: list[view_panels.Panel], kind: str) -> list[str]:
    """Return what one chart has together: names of one definition, kinds of evidence."""
    said = []
    if any(panel.rows["indicator_id"].n_unique() > 1 for panel in panels):
        said.append(_("一张图里有几个名称的，按本站归类口径相同，并非公布。"))
    points = [panel for panel in panels if (panel.kind if kind == "auto" else kind) != "bar"]
    plain = (pl.col("evidence") == "derived") & ~figures.is_conditional()
    if any(panel.group.select(plain.any()).item() for panel in points):
        said.append(_("实心点是公布的，空心点是推算的。"))
    if any(panel.group.select(figures.is_conditional().any()).item() for panel in panels):
        said.append(_("菱形是以增速为同口径名义增速为前提推算的，原文没有说明。"))
    if kind == "line" and any(panel.group["park_id"].n_unique() > view_panels.FEW_LINES for panel in panels):
        said.append(_("写不下的地名，把光标移到点上看；也可选“分地区小图”。"))
    if any("own" in panel.group["evidence"] for panel in points):
        said.append(_("中间留空的点是自有的。"))
    return said


def _describe_earlier(panels: list[view_panels.Panel]) -> list[str]:
    """Return what was published earlier of figures that are in the charts.

    It is named here and not drawn a second time.
    """
    told = []
    for panel in panels:
        for code, others in precedence.get_earlier_versions(panel.group).items():
            row = panel.group.row(by_predicate=pl.col("observation_id") == code, named=True)
            told.append(_("{place}{period}用{value}，此前公布过{numbers}。", place=localize_name(row, "park"),
                          period=figures.format_period(row["period"]), value=figures.format_figure(row),
                          numbers=join_items([figures.format_figure(other) for other in others])))  # fmt: skip
    more = [_("另有 {n} 个数也公布过几次，见表。", n=len(told) - MOST_EARLIER)] if len(told) > MOST_EARLIER else []
    return told[:MOST_EARLIER] + more


def _describe_breaks(panels: list[view_panels.Panel], breaks: pl.DataFrame) -> list[str]:
    """Return where the definition of a series changes, so that nothing is joined across, and why."""
    series = [panel.group.select("park_id", "comparable_key", "park_zh", "park_en") for panel in panels]
    return view_panels.describe_breaks(breaks, pl.concat(series)) if series else []


def _describe_left_out(panels: int, rows: pl.DataFrame, *, cut: bool) -> list[str]:
    """Return which figures are in no chart.

    panels: how many of those said in words are not; cut: whether a chart leaves some of its figures out.
    """
    said = [_("图里只画得下一部分，其余见表：条形和点最多 {bars} 行，线和小图最多 {places} 个地区。",
                      bars=view_panels.MOST_BARS,
              places=view_panels.MOST_MULTIPLES)] if cut else []  # fmt: skip
    said += [_("另有 {n} 组只有一两个数，见表。", n=panels)] if panels > 0 else []
    bare = rows.filter(pl.col("value").is_null()).height
    return said + ([_("{n} 条只公布了增速，没有数值，见表；也可选“增速”。", n=bare)] if bare else [])


def describe_panels(rows: pl.DataFrame, panels: list[view_panels.Panel], breaks: pl.DataFrame) -> str:
    """Return what the view says, in one sentence.

    How a series developed, how far apart places are, else how much there is.
    """
    if rows.is_empty():
        return _("这些数不能这样量")
    places, names = rows["park_id"].n_unique(), rows["indicator_id"].n_unique()
    main = max(panels, key=lambda panel: panel.group.height) if panels else None
    if main and main.group.height >= LEAST_SHARE_OF_TITLE * rows.height:
        said = _describe_series(main, breaks) if main.group["park_id"].n_unique() == 1 else _describe_range(main)
        if said:
            return said
    first, years = rows.row(0, named=True), _format_years(rows)
    counted = {"n": rows.height, "names": names, "places": places, "years": years}
    if names == 1 or rows["comparable_key"].n_unique() == 1:
        of = {"place": localize_name(first, "park"), "indicator": view_panels.list_names(rows)}
        if places == 1:
            return _("{place}{indicator}：{years}有 {n} 个数", **of, **counted)
        return _("{indicator}：{places} 个地区的 {n} 个数，{years}", **of, **counted)
    if places == 1:
        return _("{place}：{names} 个指标的 {n} 个数，{years}", place=localize_name(first, "park"), **counted)
    return _("{places} 个地区、{names} 个指标，共 {n} 个数，{years}", **counted)


def _describe_series(panel: view_panels.Panel, breaks: pl.DataFrame) -> str:
    """Return the first and the last figure of one place between which its definition does not change.

    "" where all of it holds under a condition only.
    """
    best = panel.points.filter("best").sort("at")
    if best.is_empty():  # all of it holds under a condition
        return ""
    changes = breaks.join(best, on=["park_id", "comparable_key"], how="semi").filter(pl.col("year") <= best["at"][-1])
    if changes.height:
        best = best.filter(pl.col("at") >= changes["year"].max())
    ends = [best.row(0, named=True), *([best.row(-1, named=True)] if best.height > 1 else [])]
    steps = [
        _("{period} {value}", period=row["period"], value=row["label"] + figures.format_evidence_mark(row["kind"]))
        for row in ends
    ]
    return _("{place}{indicator}：{steps}", place=ends[0]["place"], indicator=panel.heading, steps=" → ".join(steps))


def _describe_range(panel: view_panels.Panel) -> str:
    """Return how far apart places are in the period that most of them have, the latest of several.

    "" where fewer than FEWEST_PLACES have one.
    """
    best = panel.points.filter("best")
    most = best.group_by("at").agg(n=pl.len()).sort("n", "at")
    if most["n"][-1] < FEWEST_PLACES:
        return ""
    places = best.filter(pl.col("at") == most["at"][-1]).sort("value", maintain_order=True)
    low, high = places.row(0, named=True), places.row(-1, named=True)
    least, most_of_all = (row["label"] + figures.format_evidence_mark(row["kind"]) for row in (low, high))
    return _(
        "{indicator}：{period}有数的 {n} 个地区，从{low} {least}到{high} {most}", indicator=panel.heading,
        period=low["period"], n=places.height, low=low["place"], least=least, high=high["place"],
        most=most_of_all,
    )  # fmt: skip


def _format_years(rows: pl.DataFrame) -> str:
    first, last = rows["period_start"].min().year, rows["period_end"].max().year  # type: ignore[union-attr]
    if first == last:
        return figures.format_period(first)
    return _("{first}—{last}年", first=first, last=last)
