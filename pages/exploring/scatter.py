"""Two indicators against each other: one dot for each place of the kind that has both in one year."""

from typing import Any

import polars as pl
import streamlit as st

from pages.charts import many_places, pictures
from pages.exploring import ranking_charts
from pages.exploring.peers import PeerComparison
from pages.ui import address, device, filters, layout, tables
from pages.wording import plain_text
from pages.wording.language import _, join_sentences, lang, localize_name
from queries.figures import comparison
from queries.figures.ranking import rank_places

Row = dict[str, Any]
FEWEST_DOTS = 5


def show_scatter(page: str, standing: pl.DataFrame, asked: PeerComparison, link: str) -> list[pictures.Picture]:
    """Show the choice of the other indicator, the chart, and a table of both; return the charts.

    standing: of rank_places() for the year.
    """
    ranked = standing.filter(pl.col("rank").is_not_null())
    options = _list_others(ranked, asked)
    if not options:
        st.info(_("这一年没有另一个指标有足够的同类地区，画不出两个指标。请换年份或指标。"))
        return []
    address.remove_stale_choice(f"{page}_against", "against", options)
    other = filters.choose_one(f"{page}_against", "against", _("和哪个指标"), options, next(iter(options)))
    rows = comparison.get_compared_figures(
        other, "level", None, asked.roles, asked.place["park_id"], lang(), asked.asof
    )
    against = rank_places(rows, asked.year, asked.place["park_id"]).filter(pl.col("rank").is_not_null())
    points = _pair(ranked, against, asked)
    both = pl.concat([ranked.filter(pl.col("park_id").is_in(points["park_id"].to_list())), against], how="diagonal")
    names = localize_name(against.row(0, named=True), "indicator"), asked.indicator
    heading = _("{year}年{indicator}与{other}", year=asked.year, indicator=asked.indicator, other=names[0])
    units = (_label_axis(names[0], points["x_unit"][0]), _label_axis(asked.indicator, points["y_unit"][0]))
    dots = many_places.draw_scatter(points, units, device.get_palette(), device.fit_to_screen(880, 350))
    drawn = [layout.show_chart(page, dots, heading, heading, both, link)]
    said = [_("一点一地，{n} 个；横轴{x}，纵轴{y}。", n=points.height, x=names[0], y=asked.indicator)]
    wide = many_places.is_wide(points["x"]) or many_places.is_wide(points["y"])
    said += [_("相差很大的轴取对数。")] if wide else []
    said += [_("两个数同一年、同一类地区，放在一起不表示谁影响谁。")]
    st.caption(plain_text.escape_markdown(join_sentences(said)))
    _show_table(page, points, names)
    return drawn


def _list_others(ranked: pl.DataFrame, asked: PeerComparison) -> dict[str, str]:
    """List the definitions that enough places of the kind have in the year, by the code of their most used name."""
    offered = comparison.get_compared_definitions(asked.place["park_id"], asked.asof)
    counts = comparison.count_places_with(str(asked.year), ranked["park_id"].to_list(), asked.asof)
    found = offered.join(counts, on="comparable_key").filter(
        (pl.col("shared") >= FEWEST_DOTS) & (pl.col("comparable_key") != asked.definition["comparable_key"])
    )
    return {
        row["indicator_id"]: _("{indicator}（{n} 个地区）", indicator=localize_name(row, "name"), n=row["shared"])
        for row in found.iter_rows(named=True)
    }


def _pair(ranked: pl.DataFrame, against: pl.DataFrame, asked: PeerComparison) -> pl.DataFrame:
    """Return one row for each place with both: role, x and y in one unit each, and what is said of them."""
    y, x = (ranking_charts.make_place_points(rows, asked) for rows in (ranked, against))
    kept = ["park_id", "place", "value", "unit", "printed", "source", "indicator"]
    joined = y.select(*kept, "role", "period", "evidence").join(x.select(kept), on="park_id", suffix="_x")
    return joined.select(
        "park_id", "place", "role", "period", "evidence", y="value", x="value_x", y_unit="unit", x_unit="unit_x",
        y_said="printed", x_said="printed_x", indicator=pl.format("{} · {}", "indicator", "indicator_x"),
        printed=pl.format("{} · {}", "printed", "printed_x"), source=pl.format("{} · {}", "source", "source_x"),
    )  # fmt: skip


def _label_axis(name: str, unit: str) -> str:
    return _("{indicator}（{unit}）", indicator=name, unit=unit) if unit else name


def _show_table(page: str, points: pl.DataFrame, names: tuple[str, str]) -> None:
    order = pl.col("role").replace_strict({"main": 0, "lit": 1}, default=2, return_dtype=pl.Int64)

    def cells(row: Row) -> Row:
        return {_("地区"): row["place"], names[1]: row["y_said"], names[0]: row["x_said"]}

    rows = points.sort(order, "y", descending=[False, True], maintain_order=True)
    tables.show_table(f"{page}_scatter", rows, cells, right=names)
