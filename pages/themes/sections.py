"""Show sections that several theme pages share: key numbers, composition, comparison, later years, targets."""

from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.themes import THEMES, Theme
from pages.charts import chart_points, charts, pictures
from pages.themes import headline_chart
from pages.ui import device, downloads, layout, place_links, tables, theme_filters
from pages.wording import figures, headlines, plain_text, target_status
from pages.wording.language import _, localize_name
from queries.figures import precedence

Row = dict[str, Any]


def label_latest_publication(rows: pl.DataFrame) -> str:
    """Return until when the texts behind the rows were published; "" where no day is known."""
    printed = rows.filter(pl.col("evidence") != "own") if "evidence" in rows.columns else rows
    days = printed["source_published"].drop_nulls()
    return _("截至{day}公布", day=figures.format_date(days.max())) if days.len() else ""


def show_theme_head(
    top: DeltaGenerator,
    theme: str,
    place: pl.DataFrame,
    year: int | None,
    rows: pl.DataFrame,
    title: str,
    paragraph: str,
) -> None:
    """Show the head of the page of a theme (its code) in `top`, the place kept for it above the filters."""
    when = figures.format_period(year) if year else ""
    with top:
        layout.show_head(
            [
                place_links.name_place(place.row(0, named=True)),
                figures.label_theme(theme),
                when,
                label_latest_publication(rows),
            ],
            title,
            paragraph,
        )


def show_key_figures(rows: pl.DataFrame, place: pl.DataFrame, columns: int = 2, width: int = 120) -> None:
    """Show figures as key numbers, each with its period, its growth as printed, and what was published of it before.

    place: all figures of the place, with every version.
    """
    entries, others = [], precedence.get_earlier_versions(place)
    for row in rows.iter_rows(named=True):
        entries.append((localize_name(row, "indicator"), figures.format_figure(row), _describe_figure(row, others)))
    layout.show_key_numbers(entries, columns, width)


def _describe_figure(row: Row, others: dict[str, list[Row]]) -> str:
    """Return the quiet line below a number.

    It has the period, whether the number is own, its growth as printed, and other versions.
    """
    kind = figures.label_evidence(row["evidence"]) if row["evidence"] == "own" else ""
    told = (
        figures.format_period(row["period"]),
        kind,
        figures.describe_growth_with_basis(row),
        headlines.describe_earlier_versions(row, others),
    )
    return " · ".join(part for part in told if part)


def show_later_years(place: pl.DataFrame, year: int) -> None:
    """Show the latest figure of each indicator published for years after the targets."""
    rows = headlines.select_annual_rows(place).filter((pl.col("year") > year) & pl.col("value").is_not_null())
    latest = rows.group_by("indicator_id", maintain_order=True).last()
    if latest.is_empty():
        return
    st.subheader(_("后来的年份"), anchor=False)
    show_key_figures(latest.head(12), place, columns=4, width=150)


def show_theme_targets(
    page: str,
    targets: pl.DataFrame,
    link: str,
    title: str,
    indicators: pl.DataFrame,
    view: theme_filters.ThemeView,
) -> None:
    """Show the targets of the view as a table with its own files."""
    if targets.is_empty():
        return
    st.subheader(_("各项目标"), anchor=False)
    derived = "derived" in view.evidence
    tables.show_targets(page, targets, derived=derived)
    if derived:
        st.caption(
            _(
                "推算：按上年公布的数，把增速目标换成数值，把数值目标换成增速；区间和公式见下载文件，也见总览中该目标的页面。"
            )
        )
    layout.show_actions(f"{page}_targets", "targets", targets, link, title, [], indicators, view.span)


def show_chart_figures(page: str, series: pl.DataFrame, link: str, title: str, indicators: pl.DataFrame) -> None:
    """Show the figures of a chart as a table with its own files."""
    if series.is_empty():
        return
    st.subheader(_("图中的数"), anchor=False)
    tables.show_observations(page, series)
    layout.show_actions(page, "observations", series, link, title, [], indicators)


def show_theme_blocks(rows: pl.DataFrame, aims: pl.DataFrame, carried: dict[str, str]) -> None:
    """Show one block for each theme, with a link to its page.

    carried: the parameters that the link takes along.
    """
    st.subheader(_("各方面"), anchor=False)
    results = []
    for column, theme in zip(st.columns(len(THEMES), gap="large"), THEMES, strict=True):
        with column:
            results.append(
                show_theme_block(
                    theme, rows.filter(pl.col("theme") == theme.code), aims.filter(pl.col("theme") == theme.code)
                )
            )
            label = _("查看{theme}", theme=figures.label_theme(theme.code))
            st.page_link(f"{theme.page}.py", label=label, icon=":material/arrow_forward:", query_params=carried)
    downloads.show_extra_downloads("overview", "themes", pl.concat(results))


def show_theme_block(theme: Theme, rows: pl.DataFrame, targets: pl.DataFrame) -> pl.DataFrame:
    """Show a theme on the overview: its two or three numbers, results first, else targets.

    Return the results shown.
    """
    st.markdown(f"**{figures.label_theme(theme.code)}**")
    entries, others = [], precedence.get_earlier_versions(rows)
    _year, results = headlines.find_leading_results(rows, targets)
    shown = results.filter(pl.col("value").is_not_null()).head(theme.shown)
    for row in shown.iter_rows(named=True):
        entries.append((localize_name(row, "indicator"), figures.format_figure(row), _describe_figure(row, others)))
    for row in targets.head(max(0, theme.shown - len(entries))).iter_rows(named=True):
        below = _("{year}年目标", year=row["year"]) + " · " + target_status.label_strength(row["strength"])
        entries.append((localize_name(row, "indicator"), figures.describe_target_value(row), below))
    layout.show_key_numbers(entries, columns=2)
    return shown


def get_first_place(rows: pl.DataFrame, view: theme_filters.ThemeView) -> pl.DataFrame:
    """Return the rows of the place that the page leads with.

    It is the first one chosen that has any rows, else the first among the rows.
    """
    present = rows["park_id"].unique(maintain_order=True).to_list()
    lead = next((park for park in view.parks if park in present), present[0])
    return rows.filter(pl.col("park_id") == lead)


def show_values_by_year(place: pl.DataFrame) -> None:
    """Show indicators with more than one whole year: two numbers are better said than drawn."""
    rows = headlines.select_annual_rows(place).filter(pl.col("value").is_not_null())
    lines = []
    for _code, group in rows.group_by("indicator_id", maintain_order=True):
        if group.height > 1:
            steps = " → ".join(
                f"{figures.format_period(row['period'])} {plain_text.format_bold(figures.format_figure(row))}"
                f"{figures.format_evidence_mark(row['evidence'])}"
                for row in group.iter_rows(named=True)
            )
            called = plain_text.escape_markdown(localize_name(group.row(0, named=True), "indicator"))
            lines.append("- " + _("{indicator}：{steps}", indicator=called, steps=steps))
    if lines:
        st.subheader(_("前后对照"), anchor=False)
        st.markdown("\n".join(lines))


def show_designations(rows: pl.DataFrame) -> None:
    """Show the designations that were named with their year."""
    if rows.is_empty():
        return
    st.subheader(_("点名的国家级称号"), anchor=False)
    years = [_("{year}年获得", year=year) for year in rows["granted"]]
    named = [plain_text.escape_markdown(localize_name(row, "name")) for row in rows.iter_rows(named=True)]
    st.markdown("\n".join(f"- {title} :gray[{year}]" for title, year in zip(named, years, strict=True)))
    st.caption(_("只有这 {n} 项公布了名称和年份，其余的名单未见公布。", n=rows.height))


def show_lead_chart(
    page: str, place: pl.DataFrame, results: pl.DataFrame, targets: pl.DataFrame, year: int | None, link: str
) -> list[pictures.Picture]:
    """Show the chart that a page of results leads with.

    It is growth with the targets of the next year, else the longest series of years. Returned is the chart, if any.
    """
    following = (year or 0) + 1
    grown = chart_points.make_points(results, targets.filter(pl.col("year") == following), rate=True)
    if grown.height > 1:
        aimed = grown.filter(pl.col("kind") == "target").height
        title = _("{year}年增速与{next}年目标", year=year, next=following) if aimed else _("{year}年增速", year=year)
        return [
            layout.show_chart(
                page,
                charts.draw_bars(grown, device.get_palette(), device.compute_text_room(headline_chart.THREE_FIFTHS)),
                title,
                title,
                results,
                link,
            )
        ]
    series = get_longest_series(place)
    if series.height < headline_chart.FEWEST_POINTS:
        return []
    title = localize_name(series.row(0, named=True), "indicator")
    points = chart_points.make_points(series, by="period")
    return [layout.show_chart(page, charts.draw_period_bars(points, device.get_palette()), title, title, series, link)]


def get_longest_series(place: pl.DataFrame) -> pl.DataFrame:
    """Return the published whole years of the indicator and unit that has most of them.

    The first in order among equals; no row where there are none.
    """
    rows = headlines.select_annual_rows(place).filter(pl.col("value").is_not_null())
    if rows.is_empty():
        return rows
    by = ["indicator_id", "unit_id"]
    counts = rows.group_by(by, maintain_order=True).len().sort("len", descending=True, maintain_order=True)
    return rows.join(counts.head(1).drop("len"), on=by, maintain_order="left")


def show_context(page: str, city: pl.DataFrame, targets: pl.DataFrame, link: str) -> list[pictures.Picture]:
    """Show results of a place together with its targets for the same year; return the chart, if any."""
    year, results = headlines.find_leading_results(city, targets.clear())
    known = pl.col("indicator_id").is_in(results["indicator_id"].to_list())
    goals = targets.filter((pl.col("park_id") == city["park_id"][0]) & (pl.col("year") == (year or 0)) & known)
    # A growth may have been printed with a first release only, and not with the revision of its level.
    grown = headlines.select_year_rows(city, year, "growth_pct").filter(pl.col("growth_pct").is_not_null())
    points = chart_points.make_points(grown, goals, rate=True)
    place = localize_name(city.row(0, named=True), "park")
    st.subheader(
        plain_text.escape_markdown(_("背景：{place}{year}年", place=place, year=year) if year else place), anchor=False
    )
    left, right = st.columns([3, 2], gap="large")
    with right:
        show_key_figures(results.filter(pl.col("value").is_not_null()).head(6), city)
    if points.height < headline_chart.FEWEST_POINTS - 1:
        return []
    with left:
        title = _("{year}年增速与当年目标", year=year)
        return [
            layout.show_chart(
                page,
                charts.draw_bars(points, device.get_palette(), device.compute_text_room(headline_chart.THREE_FIFTHS)),
                title,
                title,
                grown,
                link,
            )
        ]
