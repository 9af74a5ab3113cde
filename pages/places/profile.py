"""One place on one page: what it is, its zones, the latest of each indicator with rank and course."""

from typing import Any

import polars as pl
import streamlit as st

from data.themes import THEMES
from pages.charts import trends
from pages.charts.sparkline import make_sparkline
from pages.ui import cell_text, device, place_links, tables
from pages.wording import figures, plain_text
from pages.wording.language import _, join_items, join_sentences, lang, localize_name
from queries.catalogue import catalogue

Row = dict[str, Any]
FEWEST_RANKED = 5  # places from which on a rank is worth the title
HEADLINES = ("output.gdp", "revenue.total_revenue", "revenue.operating_revenue", "revenue.operating_total_revenue")


def label_kind(code: str) -> str:
    """Return what a place is, in words."""
    kinds = {
        "zone": _("国家高新区"), "etdz": _("国家经开区"), "city": _("城市"), "province": _("省"),
        "aggregate": _("若干园区合计"), "country": _("全国合计"),
    }  # fmt: skip
    return kinds.get(code, "")


def describe_place(place: Row, latest: pl.DataFrame, zones: pl.DataFrame) -> str:
    """Return the title: the leading figure with its rank, else since when the zone is a national one."""
    name = localize_name(place, "name")
    leading = {row["comparable_key"]: row for row in latest.iter_rows(named=True)}
    row = next((leading[key] for key in HEADLINES if key in leading), None)
    if row is not None:
        said: Row = {
            "place": name, "period": figures.format_period(row["period"]), "indicator": localize_name(row, "indicator"),
            "value": figures.format_figure(row) + figures.format_evidence_mark(row["evidence"]),
        }  # fmt: skip
        if (row["ranked"] or 0) >= FEWEST_RANKED:
            said |= {"n": row["ranked"], "rank": figures.format_rank(row)}
            return _("{place}：{period}{indicator}{value}，在 {n} 个同类地区里居第 {rank}", **said)
        return _("{place}：{period}{indicator}{value}", **said)
    own = zones.filter(pl.col("park_id") == place["park_id"])
    if own.height and own["approved_national"][0]:
        return _("{place}：{day}升为国家级", place=name, day=figures.format_date(own["approved_national"][0]))
    return _("{place}：查到 {n} 个数", place=name, n=place["observations"])


def describe_place_facts(place: Row, zones: pl.DataFrame) -> str:
    """Return in Markdown what the place is: official name, province, city, zones, industries."""
    name, province = localize_name(place, "full_name"), localize_name(place, "province")
    said = [plain_text.escape_markdown(_("{name}，{province}。", name=name, province=province))] if province else []
    own = zones.filter(pl.col("park_id") == place["park_id"])
    for row in own.iter_rows(named=True):
        said += _describe_zone(row)
    named = {row["park_id"]: row for row in catalogue.get_parks().iter_rows(named=True)}
    within = zones.filter(pl.col("host_park_id") == place["park_id"])["park_id"].drop_nulls().to_list()
    links = [str(place_links.link_place(named[code], "name")) for code in within if code in named]
    said += [_("市内的国家级园区（归属由本站判定）：{zones}。", zones=join_items(links))] if links else []
    hosts = own["host_park_id"].drop_nulls().to_list()
    if hosts and hosts[0] in named:
        city = place_links.link_place(named[hosts[0]], "name")
        said.append(_("所在城市（由本站判定）：{city}；城市的数不是园区的数。", city=city))
    return join_sentences(said)


def _describe_zone(row: Row) -> list[str]:
    said = []
    if row["approved_national"]:
        said.append(_("{day}批准为国家级。", day=figures.format_date(row["approved_national"])))
    if row["catalogue_code"]:
        industries = row["industries_zh"] if lang() == "zh" else row["industries_en"]
        said.append(_("2018年目录代码 {code}，主导产业：{industries}。", code=row["catalogue_code"],
                      industries=plain_text.escape_markdown(industries)))  # fmt: skip
    note = localize_name(row, "note")
    return said + ([plain_text.escape_markdown(note)] if note else [])


def show_latest(page: str, latest: pl.DataFrame, yearly: pl.DataFrame) -> None:
    """Show the latest of each indicator by theme: year, value, rank, course and source.

    yearly: the figures of all years that count.
    """
    courses = _make_courses(yearly)
    latest = latest.sort("year", descending=True, maintain_order=True)
    for theme in THEMES:
        rows = latest.filter(pl.col("theme") == theme.code)
        if rows.is_empty():
            continue
        st.subheader(figures.label_theme(theme.code), anchor=False)

        drawn = any(courses.get(key) for key in rows["comparable_key"])

        def cells(row: Row, *, drawn: bool = drawn) -> Row:
            several = row["rank"] is not None and row["ranked"] > 1
            course = {_("历年"): cell_text.MarkdownCell(courses.get(row["comparable_key"], ""))} if drawn else {}
            return {
                _("指标"): _link_comparison(row),
                _("年份"): figures.format_period(row["period"]),
                _("数值"): figures.format_figure(row, printed=True) + figures.format_evidence_mark(row["evidence"]),
                _("名次"): f"{figures.format_rank(row)} / {row['ranked']}" if several else "—",
                **course,
                _("来源"): figures.format_publication(row),
            }

        tables.show_table(f"{page}_{theme.code}", rows, cells, right=(_("数值"), _("名次")))


def _link_comparison(row: Row) -> cell_text.MarkdownCell:
    """Return the name of the indicator, as a link to the place among others."""
    name = cell_text.format_unbroken(localize_name(row, "indicator"))
    address = f"compare?park={row['park_id']}&indicator={row['indicator_id']}&year={row['year']}&lang={lang()}"
    return cell_text.MarkdownCell(f"[{name}]({address})")


def _make_courses(yearly: pl.DataFrame) -> dict[str, str]:
    """Make the small line of each definition; it stops where a year is missing or the definition changes."""
    if yearly.is_empty():
        return {}
    placed = yearly.with_columns(at=pl.col("year").cast(pl.Float64))
    keys = ["park_id", "comparable_key", "year"]
    lined = trends.add_line_segments(placed, catalogue.get_series_breaks().select(keys))
    made = {}
    for (key,), rows in lined.group_by("comparable_key", maintain_order=True):
        first, last = rows.row(0, named=True), rows.row(-1, named=True)
        alt = _("{first}年{value}到{last}年{now}", first=first["year"], value=figures.format_figure(first),
                last=last["year"], now=figures.format_figure(last))  # fmt: skip
        points = [
            (at, float(value if size is None else size), line)
            for at, value, size, line in rows.select("at", "value", "base_value", "line").iter_rows()
        ]
        made[str(key)] = make_sparkline(points, alt, device.get_palette())
    return made
