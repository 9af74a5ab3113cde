"""Show the headline of a theme over the years with its target, and what its marks mean."""

import polars as pl
import streamlit as st

from pages.charts import chart_points, charts, pictures
from pages.themes import comparison
from pages.ui import device, layout
from pages.wording import figures, headlines, plain_text
from pages.wording.language import _, join_items, join_sentences, lang, localize_name
from queries.figures import precedence

THREE_FIFTHS = 530  # pixels of a chart beside key numbers
FEWEST_POINTS = 3  # two numbers are better said than drawn


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
        series = _get_yearly_rows(comparison.get_alike_rows(series))
        goals = aims.filter(pl.col("target_id") == goal["target_id"])
        factors = units.select("unit_id", "factor")
        asked = goals.join(factors, on="unit_id", maintain_order="left")
        asked = asked.with_columns(base_value=pl.col("value") * pl.col("factor"), base_low=None, base_high=None)
        columns = ("unit_id", "unit_zh", "unit_scale", "unit_scaled_en", "evidence", "factor")
        ends = ("base_value", "base_low", "base_high")
        measured = pl.concat([part.select(*columns, pl.col(ends).cast(pl.Float64)) for part in (series, asked)])
        drawn = chart_points.convert_to_one_unit(chart_points.make_points(series, goals, by="period"), measured)
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
    points = chart_points.make_points(results, wanted, rate=True)
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
