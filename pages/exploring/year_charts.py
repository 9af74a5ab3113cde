"""Places over the years: a few beside each other on one axis, all of them between two years, and a table."""

from typing import Any

import polars as pl
import streamlit as st

from pages.charts import charts, many_places, pictures, trends
from pages.exploring import ranking_charts, view_panels
from pages.exploring.peers import PeerComparison
from pages.ui import address, device, filters, layout, place_links, tables
from pages.wording import figures, plain_text
from pages.wording.language import _, join_sentences, lang

Row = dict[str, Any]
YEAR_COLUMNS = {"zh": 8, "en": 5}  # columns of years that fit in the table
MOST_BESIDE_EACH_OTHER = 12  # places
FEWEST_SLOPES = 2  # places with both years


def show_places_by_year(
    page: str, rows: pl.DataFrame, units: pl.DataFrame, breaks: pl.DataFrame, asked: PeerComparison, link: str
) -> list[pictures.Picture]:
    """Show the place and its peers over the years, at most twelve, then a table of them; return the charts.

    A line stops where a year is missing or the definition changes.
    rows: one figure for each place and year.
    """
    near = [asked.place["park_id"], *asked.peers.parks]
    alike = rows.filter(pl.col("park_id").is_in(near))
    few = _pick_beside(alike if alike["park_id"].n_unique() > 1 else rows, asked)
    drawn = _show_lines(page, few, units, breaks, asked, link)
    if not drawn:
        st.subheader(_("历年"), anchor=False)
    left_out = alike["park_id"].n_unique() - few["park_id"].n_unique()
    _show_year_table(page, few, breaks, asked, left_out)
    return drawn


def _pick_beside(rows: pl.DataFrame, asked: PeerComparison) -> pl.DataFrame:
    """Return the rows of at most twelve places: the one compared, and those with most years."""
    mine = pl.col("park_id") == asked.place["park_id"]
    counts = rows.group_by("park_id", maintain_order=True).agg(pl.len(), mine=mine.any())
    codes = counts.sort("mine", "len", descending=True, maintain_order=True).head(MOST_BESIDE_EACH_OTHER)["park_id"]
    return rows.filter(pl.col("park_id").is_in(codes.to_list()))


def _show_year_table(page: str, rows: pl.DataFrame, breaks: pl.DataFrame, asked: PeerComparison, left_out: int) -> None:
    every = sorted(set(rows["period"]))
    latest = sorted(set(every) - {str(asked.year)})[1 - YEAR_COLUMNS[lang()] :]
    years = sorted({*latest, str(asked.year)} & {*every, str(asked.year)})
    figure = {(row["park_id"], row["period"]): row for row in rows.iter_rows(named=True)}
    mine = pl.col("park_id") == asked.place["park_id"]
    places = rows.filter(pl.col("period").is_in(years)).sort(~mine, maintain_order=True)
    places = places.unique("park_id", keep="first", maintain_order=True)

    def cells(row: Row) -> Row:
        here = {year: figure.get((row["park_id"], year)) for year in years}
        return {_("地区"): place_links.link_place(row)} | {
            year: figures.format_figure(known) + figures.format_evidence_mark(known["evidence"]) if known else "—"
            for year, known in here.items()
        }

    tables.show_table(f"{page}_years", places, cells, right=tuple(years))
    said = _describe_years(rows, len(every) - len(years), breaks)
    said += [_("另有 {n} 个同伴没有画出，可在“自选”里挑。", n=left_out)] if left_out > 0 else []
    st.caption(plain_text.escape_markdown(join_sentences(said)))


def _show_lines(
    page: str, rows: pl.DataFrame, units: pl.DataFrame, breaks: pl.DataFrame, asked: PeerComparison, link: str
) -> list[pictures.Picture]:
    """Show a chart of the places with a series, if the place compared has one; return the charts.

    Totals are drawn with it only as rates.
    """
    if asked.measure == "level" and asked.place["kind"] not in ranking_charts.TOTALS:
        large = [park for park, kind in asked.kinds.items() if kind in ranking_charts.TOTALS]
        rows = rows.filter(~pl.col("park_id").is_in(large))
    lengths = rows.group_by("park_id").agg(pl.col("period").n_unique())
    series = lengths.filter(pl.col("period") >= view_panels.FEWEST_YEARS)["park_id"].to_list()
    if asked.place["park_id"] not in series or rows["unit_id"][0] == "rank":
        return []
    heading, palette, drawn = _("{indicator}，历年", indicator=asked.indicator), device.get_palette(), []
    for panel in view_panels.split_into_panels(
        rows.filter(pl.col("park_id").is_in(series)), units, asked.place["park_id"]
    ):
        points = trends.add_line_segments(panel.points, breaks.select("park_id", "comparable_key", "year"), panel.step)
        if len(series) <= view_panels.FEW_LINES:
            shown = trends.draw_lines(points, palette, narrow=device.is_phone())
        else:
            shown = trends.draw_small_multiples(points, palette, device.compute_text_room(charts.PAGE_WIDTH))
        drawn.append(layout.show_chart(page, shown, heading, heading, panel.rows, link))
    return drawn


def _describe_years(rows: pl.DataFrame, earlier: int, breaks: pl.DataFrame) -> list[str]:
    """Return what the dashes, the units and the breaks mean.

    earlier: how many years are not in the table.
    """
    said = [_("“—”：没有查到这一年的数，不补。同一年有几个数的，这里用最后公布的定数。")]
    said += [_("单位按原文，各行可能不同。")] if rows["unit_id"].n_unique() > 1 else []
    said += [_("另有更早的 {n} 年，见下载的文件。", n=earlier)] if earlier > 0 else []
    return said + view_panels.describe_breaks(breaks, rows)


def show_slopes(
    page: str, rows: pl.DataFrame, breaks: pl.DataFrame, asked: PeerComparison, link: str
) -> list[pictures.Picture]:
    """Show all places of the kind between two years, and return the charts.

    rows: one figure for each place and year. The reader chooses the other year, as `since` in the address.
    """
    kinds = pl.DataFrame({"park_id": list(asked.kinds), "kind": list(asked.kinds.values())})
    alike = rows.join(kinds, on="park_id", maintain_order="left").filter(pl.col("kind") == asked.place["kind"])
    alike = alike.drop("kind")
    now = alike.filter(pl.col("year") == asked.year)
    now = now.filter(pl.col("unit_id") == now["unit_id"].mode().sort().first()) if now.height else now
    before = alike.filter((pl.col("year") < asked.year) & pl.col("park_id").is_in(now["park_id"].to_list()))
    counts = before.group_by("year").agg(pl.len()).filter(pl.col("len") >= FEWEST_SLOPES).sort("year")
    if counts.is_empty():
        st.info(_("{year}年以前没有两个以上地区的同口径数，画不出两年之间的变化。", year=asked.year))
        return []
    mine = set(before.filter(pl.col("park_id") == asked.place["park_id"])["year"])
    options = {str(year): _("{year}年（{n} 个地区）", year=year, n=n) for year, n in counts.iter_rows()}
    default = next((year for year in options if int(year) in mine), next(iter(options)))
    address.remove_stale_choice(f"{page}_since", "since", options)
    since = int(filters.choose_one(f"{page}_since", "since", _("从哪一年"), options, default))
    both = pl.concat([before.filter(pl.col("year") == since), now])
    both = both.filter(pl.len().over("park_id") == 2)
    points = ranking_charts.make_place_points(ranking_charts.add_compared(both, asked), asked)
    crossed = breaks.filter((pl.col("year") > since) & (pl.col("year") <= asked.year))
    keys = set(
        crossed.join(both.select("park_id", "comparable_key").unique(), on=["park_id", "comparable_key"])["park_id"]
    )
    # Where all are broken, dashes would tell nothing apart.
    every = len(keys) == both["park_id"].n_unique()
    points = points.with_columns(dashed=pl.col("park_id").is_in([] if every else list(keys)))
    heading = _("{indicator}，{since}年与{year}年", indicator=asked.indicator, since=since, year=asked.year)
    slopes = many_places.draw_slopes(points, device.get_palette())
    drawn = [layout.show_chart(page, slopes, heading, heading, both, link)]
    st.caption(join_sentences(_describe_slopes(points, asked, every=every)))
    return drawn


def _describe_slopes(points: pl.DataFrame, asked: PeerComparison, *, every: bool) -> list[str]:
    """Return who is drawn, how to read the scale, and where the two years do not join."""
    places = points["park_id"].n_unique()
    said = [_("画了两年都有数的 {n} 个地区；写出名字的是所选地区和同伴（{peers}）。", n=places, peers=asked.peers.said)]
    said += [_("纵轴取对数：斜率相同，增长的倍数相同。")] if many_places.is_wide(points["value"]) else []
    if every:
        said.append(_("其间各地的口径都变过，两年的数只能大致相比，原因见“历年”。"))
    elif points["dashed"].any():
        said.append(_("虚线：其间口径或范围变过，两年的数不能直接相比，原因见“历年”。"))
    return said
