"""Show sections that several theme pages share: key numbers, composition, comparison, later years, targets."""

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from data.themes import THEMES, Theme
from pages.charts import charts, pictures
from pages.ui import device, downloads, filters, layout, tables
from pages.wording import figures, headlines, plain_text
from pages.wording.language import _, join_items, join_sentences, lang, localize_name
from queries.figures import precedence

Row = dict[str, Any]
MOST_COMPARED = 16
THREE_FIFTHS = 530  # pixels of a chart beside key numbers
FEWEST_POINTS = 3  # two numbers are better said than drawn


def label_latest_publication(rows: pl.DataFrame) -> str:
    """Return until when the texts behind the rows were published; "" where no day is known."""
    printed = rows.filter(pl.col("evidence") != "own") if "evidence" in rows.columns else rows
    days = printed["source_published"].drop_nulls()
    return _("截至{day}公布", day=figures.format_date(days.max())) if days.len() else ""


def show_theme_head(
    top: Any, theme: str, place: pl.DataFrame, year: int | None, rows: pl.DataFrame, title: str, paragraph: str
) -> None:
    """Show the head of a theme page in `top`, the place kept for it above the filters."""
    when = figures.format_period(year) if year else ""
    with top:
        layout.show_head(
            [localize_name(place.row(0, named=True), "park"), theme, when, label_latest_publication(rows)],
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


def find_part_and_whole(
    rows: pl.DataFrame, indicators: pl.DataFrame, rest: Callable[..., Any]
) -> tuple[Row, Row, str] | None:
    """Return the first part and whole among the rows of one place and year, or None.

    rest: computes what is left of the whole. Returned are a row of what was published of the part, a row of what is
    left, and their unit.
    """
    wholes = dict(indicators.filter(pl.col("part_of").is_not_null()).select("indicator_id", "part_of").iter_rows())
    printed = rows.filter(pl.col("value").is_not_null() & (pl.col("evidence") == "published"))
    known = {row["indicator_id"]: row for row in printed.iter_rows(named=True)}
    for part, whole in wholes.items():
        if part in known and whole in known and known[part]["unit_id"] == known[whole]["unit_id"]:
            return _build_parts(known[part], known[whole], rest)
    return None


def show_composition(
    page: str, rows: pl.DataFrame, indicators: pl.DataFrame, rest: Callable[..., Any], link: str, *, derived: bool
) -> list[pictures.Picture]:
    """Show a part within its whole, where both were published; what is left of the whole is derived.

    Nothing is shown where derived numbers are not to be seen. Returned is the chart, if any.
    """
    parts = find_part_and_whole(rows, indicators, rest) if derived else None
    if not parts:
        return []
    drawn = charts.draw_composition(*parts, device.get_palette())
    return [layout.show_chart(page, drawn, _("产出的构成"), _("部分与整体"), rows, link)]


def _build_parts(part: Row, whole: Row, rest: Callable[..., Any]) -> tuple[Row, Row, str]:
    left = rest(part["value_text"], whole["value_text"], part["unit_id"], (part["source_id"],))
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
    view: filters.ThemeView,
    rows: pl.DataFrame,
    comparable: Callable[..., pl.DataFrame],
    link: str,
    units: pl.DataFrame,
) -> list[pictures.Picture]:
    """Show other places and years within one definition: whole years, in one unit, in the order of places.

    comparable: returns the figures comparable with those of an indicator. Returned is the chart, if any.
    """
    many = indicators.filter(pl.col("parks") > 1)
    if many.is_empty():
        return []
    options = filters.get_names_by_code(many, "indicator_id")
    first = next((code for code in [*view.indicators, *rows["indicator_id"]] if code in options), next(iter(options)))
    st.subheader(_("同口径对比"), anchor=False)
    chosen = filters.choose_one(f"{page}_compare", "compare", _("对比哪个指标"), options, first)
    filters.show_unknown_codes(page, here=True)
    peers = comparable(chosen, lang=lang(), asof=view.asof)
    peers = headlines.select_annual_rows(
        peers.filter(pl.col("value").is_not_null() & pl.col("evidence").is_in(view.evidence))
    )
    shown = _get_alike_rows(peers).head(MOST_COMPARED)
    if shown.is_empty():
        st.caption(_("这个指标没有可以对比的整年数。"))
        return []
    left_out = peers.height - shown.height
    names = shown["indicator_id"].n_unique()
    picture = layout.show_chart(
        page,
        charts.draw_bars(
            charts.convert_to_one_unit(charts.make_points(shown, by="park"), shown),
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
    st.caption("".join(notes) if lang() == "zh" else " ".join(notes))
    downloads.show_extra_downloads(page, "comparable", peers)
    if peers["park_id"].n_unique() > 1:
        beside = {"lang": lang(), "park": rows["park_id"][0], "indicator": chosen}
        label = _("按同一口径排开，看名次、增速和占比")
        st.page_link("compare.py", label=label, icon=":material/arrow_forward:", query_params=beside)
    return [picture]


def _get_alike_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that measure the same as most of them do: 亿元 and 万元, not 亿元 and 家."""
    return rows.filter(pl.col("dimension").is_in(rows["dimension"].mode().sort().head(1).implode()))


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
    view: filters.ThemeView,
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


def describe_derived_figures(rows: pl.DataFrame) -> str:
    """Return what the dashed outline means, with its interval, and where the figures were printed.

    The same for the diamond of a figure that holds under a condition.
    """
    derived = rows.filter(pl.col("evidence") == "derived")
    said = []
    for row in derived.iter_rows(named=True):
        scale, unit = (1, row["unit_zh"]) if lang() == "zh" else (row["unit_scale"], row["unit_scaled_en"])
        span = figures.format_interval(row["low"], row["high"], scale=scale)
        text = _("虚线框为推算：{formula}，区间 {span} {unit}。")
        if figures.classify_evidence(row) == "conditional":
            text = _("菱形为推算，若增速为同口径名义增速：{formula}，区间 {span} {unit}。")
        said.append(text.format(formula=figures.format_formula(row), span=span, unit=unit))
    cited = rows.select("source_title", "locator").unique(maintain_order=True).rows()
    said.append(_("来源：{sources}", sources=join_items([f"{title} {locator}" for title, locator in cited])))
    return join_sentences(said)


def show_headline_chart(
    page: str, aims: pl.DataFrame, rows: pl.DataFrame, title: str, link: str, units: pl.DataFrame
) -> tuple[list[pictures.Picture], pl.DataFrame]:
    """Show the headline over the years with its target, else growth compared with what was asked.

    No chart is shown where too little is known. Returned are the picture, if any, and the rows that are drawn.
    """
    found = headlines.find_headline_target(aims, rows)
    if found:
        goal, base = found
        series = rows.filter((pl.col("indicator_id") == base["indicator_id"]) & (pl.col("year") <= goal["year"]))
        series = _get_yearly_rows(_get_alike_rows(series))
        goals = aims.filter(pl.col("target_id") == goal["target_id"])
        factors = units.select("unit_id", "factor")
        asked = goals.join(factors, on="unit_id", maintain_order="left")
        asked = asked.with_columns(base_value=pl.col("value") * pl.col("factor"), base_low=None, base_high=None)
        columns = ("unit_id", "unit_zh", "unit_scale", "unit_scaled_en", "evidence", "factor")
        ends = ("base_value", "base_low", "base_high")
        measured = pl.concat([part.select(*columns, pl.col(ends).cast(pl.Float64)) for part in (series, asked)])
        drawn = charts.convert_to_one_unit(charts.make_points(series, goals, by="period"), measured)
        picture = layout.show_chart(
            page,
            charts.draw_period_bars(drawn, device.get_palette()),
            localize_name(goal, "indicator"),
            title,
            series,
            link,
        )
        st.caption(plain_text.escape_markdown(describe_derived_figures(series)))
        return [picture], series
    ids = aims["growth_observation_id"].drop_nulls().to_list()
    results = rows.filter(pl.col("observation_id").is_in(ids))
    wanted = aims.filter(pl.col("growth_observation_id").is_in(ids) & (pl.col("measure") == "growth"))
    points = charts.make_points(results, wanted, rate=True)
    if points.height < FEWEST_POINTS:
        st.subheader(_("结果还太少，不画图"), anchor=False)
        st.caption(_("公布了增速、又定了增速目标的指标不到两个。每项目标的情况见下表。"))
        return [], results.clear()
    heading = _("{year}年增速与当年目标", year=aims["year"][0])
    drawn_bars = charts.draw_bars(points, device.get_palette(), device.compute_text_room(THREE_FIFTHS))
    return [layout.show_chart(page, drawn_bars, heading, title, results, link)], results


def _get_yearly_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return whole years with a value, each with the one version that counts."""
    return precedence.select_counting_versions(rows.filter((pl.col("span") == "year") & pl.col("value").is_not_null()))


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
        below = _("{year}年目标", year=row["year"]) + " · " + figures.label_strength(row["strength"])
        entries.append((localize_name(row, "indicator"), figures.describe_target_value(row), below))
    layout.show_key_numbers(entries, columns=2)
    return shown


def get_first_place(rows: pl.DataFrame, view: filters.ThemeView) -> pl.DataFrame:
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
            lines.append(f"- {called}：{steps}" if lang() == "zh" else f"- {called}: {steps}")
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
    grown = charts.make_points(results, targets.filter(pl.col("year") == following), rate=True)
    if grown.height > 1:
        aimed = grown.filter(pl.col("kind") == "target").height
        title = _("{year}年增速与{next}年目标", year=year, next=following) if aimed else _("{year}年增速", year=year)
        return [
            layout.show_chart(
                page,
                charts.draw_bars(grown, device.get_palette(), device.compute_text_room(THREE_FIFTHS)),
                title,
                title,
                results,
                link,
            )
        ]
    series = get_longest_series(place)
    if series.height < FEWEST_POINTS:
        return []
    title = localize_name(series.row(0, named=True), "indicator")
    points = charts.make_points(series, by="period")
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
    points = charts.make_points(grown, goals, rate=True)
    place = localize_name(city.row(0, named=True), "park")
    st.subheader(
        plain_text.escape_markdown(_("背景：{place}{year}年", place=place, year=year) if year else place), anchor=False
    )
    left, right = st.columns([3, 2], gap="large")
    with right:
        show_key_figures(results.filter(pl.col("value").is_not_null()).head(6), city)
    if points.height < FEWEST_POINTS - 1:
        return []
    with left:
        title = _("{year}年增速与当年目标", year=year)
        return [
            layout.show_chart(
                page,
                charts.draw_bars(points, device.get_palette(), device.compute_text_room(THREE_FIFTHS)),
                title,
                title,
                grown,
                link,
            )
        ]
