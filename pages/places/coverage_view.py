"""Who published what when, as a grid that leads to the figures."""

from typing import Any
from urllib.parse import urlencode

import polars as pl

from pages.charts import grids, pictures
from pages.places import profile
from pages.ui import cell_text, device, layout, place_links, tables
from pages.wording.language import _, join_items, lang, localize_name

Row = dict[str, Any]
MOST_ROWS = 50  # of a grid
MOST_NAMED = 4  # places in the title


def describe_counts(rows: pl.DataFrame, kinds: str) -> str:
    """Return the title over all indicators: how many have figures, and since when. rows: of count_places()."""
    return _("{kinds}：{n} 个指标有整年数，{first}—{last}年", kinds=kinds, n=rows["comparable_key"].n_unique(),
             first=rows["year"].min(), last=rows["year"].max())  # fmt: skip


def describe_publishers(rows: pl.DataFrame, indicator: str, year: int | None) -> str:
    """Return the title over one indicator: who has it, in a year or in any. rows: of list_publishers()."""
    here = rows if year is None else rows.filter(pl.col("year") == year)
    names = here[f"name_{lang()}"].unique(maintain_order=True).to_list()
    called = join_items(names[:MOST_NAMED]) + (_("等") if len(names) > MOST_NAMED else "")
    said = {"indicator": indicator, "n": len(names), "places": called}
    if year is None:
        return _("{indicator}：{n} 个地区有整年数", **said)
    if not names:
        return _("{year}年{indicator}：没有查到", year=year, **said)
    return _("{year}年{indicator}：查到 {n} 个地区，{places}", year=year, **said)


def show_counts(page: str, rows: pl.DataFrame, kinds: list[str], link: str) -> list[pictures.Picture]:
    """Show the grid of indicators and years, each cell with the number of places; return the charts."""
    keys = rows["comparable_key"].unique(maintain_order=True).to_list()[:MOST_ROWS]
    drawn = rows.filter(pl.col("comparable_key").is_in(keys))
    led = drawn.select("indicator_id", "year").iter_rows()
    hrefs = [_build_address("coverage", code, year, kinds) for code, year in led]
    cells = drawn.select(
        name=f"name_{lang()}", year="year", count="places", said=pl.format(_("{} 个地区"), "places"),
        href=pl.Series(hrefs, dtype=pl.String),
    )  # fmt: skip
    names = cells["name"].unique(maintain_order=True).to_list()
    heading = _("有数的地区个数")
    grid = grids.draw_coverage(cells, names, device.get_palette(), counted=True, narrow=device.is_phone())
    return [layout.show_chart(page, grid, heading, heading, drawn, link)]


def show_publishers(page: str, rows: pl.DataFrame, indicator: Row, link: str) -> list[pictures.Picture]:
    """Show the grid of places and years for one indicator; return the charts."""
    parks = rows["park_id"].unique(maintain_order=True).to_list()[:MOST_ROWS]
    drawn = rows.filter(pl.col("park_id").is_in(parks))
    led, code = drawn.select("park_id", "year").iter_rows(), indicator["indicator_id"]
    hrefs = [_build_address("explore", code, year, park=park) for park, year in led]
    cells = drawn.select(
        name=f"name_{lang()}", year="year", count="figures", said=pl.format(_("{} 个数"), "figures"),
        href=pl.Series(hrefs, dtype=pl.String),
    )  # fmt: skip
    names = cells["name"].unique(maintain_order=True).to_list()
    heading = _("谁公布过{indicator}", indicator=localize_name(indicator, "name"))
    grid = grids.draw_coverage(cells, names, device.get_palette(), counted=False, narrow=device.is_phone())
    return [layout.show_chart(page, grid, heading, heading, drawn, link)]


def _build_address(
    page: str, indicator: str, year: int, kinds: list[str] | None = None, park: str | None = None
) -> str:
    """Return the address behind a cell: the places of an indicator and year, or the figures of one of them."""
    asked = {"indicator": indicator, "lang": lang()}
    asked |= {"kind": ",".join(kinds)} if kinds else {}
    asked |= {"year": str(year)} if park is None else {"park": park, "from": str(year), "to": str(year)}
    return f"{page}?{urlencode(asked, safe=',')}"


def show_publisher_table(page: str, rows: pl.DataFrame) -> None:
    """Show who has figures of the indicator: kind, first and last year, how many years."""
    listed = rows.group_by("park_id", "name_zh", "name_en", "kind", maintain_order=True).agg(
        first=pl.col("year").min(), last=pl.col("year").max(), years=pl.col("year").n_unique()
    )

    def cells(row: Row) -> Row:
        return {
            _("地区"): place_links.link_place(row, "name"), _("类别"): profile.label_kind(row["kind"]),
            _("最早"): str(row["first"]), _("最近"): str(row["last"]), _("年数"): str(row["years"]),
        }  # fmt: skip

    tables.show_table(f"{page}_places", listed, cells, right=(_("年数"),))


def show_count_table(page: str, rows: pl.DataFrame, kinds: list[str]) -> None:
    """Show the indicators with figures: first and last year, most places in a year, and where each leads."""
    listed = rows.group_by("comparable_key", "indicator_id", "name_zh", "name_en", maintain_order=True).agg(
        first=pl.col("year").min(),
        last=pl.col("year").max(),
        most=pl.col("places").max(),
        figures=pl.col("figures").sum(),
    )

    def cells(row: Row) -> Row:
        asked = {"indicator": row["indicator_id"], "lang": lang()} | ({"kind": ",".join(kinds)} if kinds else {})
        name = cell_text.format_unbroken(localize_name(row, "name"))
        return {
            _("指标"): cell_text.MarkdownCell(f"[{name}](coverage?{urlencode(asked, safe=',')})"),
            _("最早"): str(row["first"]), _("最近"): str(row["last"]), _("一年最多几个地区"): str(row["most"]),
            _("共几个数"): f"{row['figures']:,}",
        }  # fmt: skip

    tables.show_table(f"{page}_indicators", listed, cells, right=(_("一年最多几个地区"), _("共几个数")))
