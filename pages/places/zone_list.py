"""The directory of national zones: filters, a square a zone by province and year, and the list."""

from typing import Any

import polars as pl
import streamlit as st

from pages.charts import grids, pictures
from pages.ui import cell_text, device, filters, layout, place_links, tables
from pages.wording import figures, plain_text
from pages.wording.language import _, join_sentences, lang, localize_name

Row = dict[str, Any]


def _make_province_codes(zones: pl.DataFrame) -> dict[str, str]:
    """Return the provinces by code, the English name in small letters, with the names of this run."""
    names = zones.select("province_en", shown=f"province_{lang()}").unique(maintain_order=True).sort("province_en")
    return {english.lower().replace(" ", "-"): shown for english, shown in names.iter_rows()}


def choose_provinces(zones: pl.DataFrame) -> list[str]:
    """Show the choice of provinces and return their codes; none chosen means all."""
    return filters.choose_several(
        st.multiselect, "zones_province", "province", _("所属省份"), _make_province_codes(zones), [],
        placeholder=_("全部省份"), select_all=False,
    )  # fmt: skip


def choose_approval_years(zones: pl.DataFrame) -> tuple[int | None, int | None]:
    """Show the choice of years of approval and return its two ends; None at an end that is not limited."""
    known = zones["approved_year"].drop_nulls()
    return filters.choose_years("zones_years", (int(known.min()), int(known.max())))  # type: ignore[arg-type]


def choose_kinds() -> list[str]:
    """Show the choice of kinds of zones and return their codes."""
    kinds = {"zone": _("高新区"), "etdz": _("经开区")}
    return filters.choose_several(st.pills, "zones_kind", "kind", _("类别"), kinds, ["zone"], selection_mode="multi")


def narrow_zones(
    zones: pl.DataFrame, provinces: list[str], years: tuple[int | None, int | None], kinds: list[str]
) -> pl.DataFrame:
    """Return the zones of the provinces, years and kinds chosen; a zone without a year only where no year is asked."""
    first, last = years
    code = pl.col("province_en").str.to_lowercase().str.replace_all(" ", "-")
    wanted = pl.col("kind").is_in(kinds) if kinds else pl.lit(value=True)
    wanted &= code.is_in(provinces) if provinces else pl.lit(value=True)
    if first is not None:
        wanted &= pl.col("approved_year") >= first
    if last is not None:
        wanted &= pl.col("approved_year") <= last
    return zones.filter(wanted)


def make_address(provinces: list[str], years: tuple[int | None, int | None], kinds: list[str]) -> dict[str, str]:
    """Return the choice as parameters of an address."""
    codes = {"province": ",".join(provinces), "kind": "" if kinds == ["zone"] else ",".join(kinds) or filters.ALL}
    codes |= {name: str(year) for name, year in zip(("from", "to"), years, strict=True) if year}
    return {name: text for name, text in codes.items() if text}


def describe_zones(every: pl.DataFrame, rows: pl.DataFrame, own: str) -> tuple[str, str]:
    """Return title and paragraph: when the own zone was approved and with how many others; how many are listed."""
    mine = every.filter(pl.col("park_id") == own)
    known = every.filter((pl.col("kind") == "zone") & pl.col("approved_year").is_not_null())
    title = _("名录里的 {n} 个国家级园区", n=rows.height)
    if mine.height and mine["approved_year"][0]:
        row = mine.row(0, named=True)
        same = known.filter(pl.col("approved_year") == row["approved_year"]).height
        before = known.filter(pl.col("approved_year") < row["approved_year"]).height
        title = _("{place}{year}年升为国家高新区：同年 {n} 家，此前已有 {before} 家", place=localize_name(row, "short"),
                  year=row["approved_year"], n=same, before=before)  # fmt: skip
    said = [
        _("一格一家，共 {n} 家；查到批准时间的 {known} 家。", n=rows.height,
          known=rows.filter(pl.col("approved_year").is_not_null()).height),
        _("批准时间、核准面积、主导产业出自《中国开发区审核公告目录（2018年版）》，2018年以后批准的没有面积和产业；所在城市由本站判定。"),
        _("核准面积是核准的四至范围，不能用来算单位面积产出。"),
    ]  # fmt: skip
    return title, plain_text.escape_markdown(join_sentences(said))


def show_zone_squares(page: str, zones: pl.DataFrame, own: str, link: str) -> list[pictures.Picture]:
    """Show the squares of the zones whose year is known, and return the charts."""
    if zones.is_empty():
        return []
    heading = _("各省历年获批的国家级园区")
    drawn = grids.draw_zone_squares(zones, own, device.get_palette())
    return [layout.show_chart(page, drawn, heading, heading, zones, link)]


def show_zone_table(page: str, zones: pl.DataFrame) -> None:
    """Show the zones: name, province, city, approval, approved area and leading industries."""

    def cells(row: Row) -> Row:
        name = place_links.link_place(row, "short") if row["park_id"] else localize_name(row, "short")
        day = row["approved_national"]
        city = {"park_id": row["host_park_id"], "name_zh": row["host_zh"], "name_en": row["host_en"]}
        return {
            _("园区"): name,
            _("所属省份"): localize_name(row, "province"),
            _("所在城市"): place_links.link_place(city, "name") if row["host_park_id"] else "—",
            _("批准"): cell_text.UnbrokenCell(figures.format_date(day)) if day else "—",
            _("核准面积（公顷）"): row["approved_area_text"] or "—",
            _("主导产业"): (row["industries_zh"] if lang() == "zh" else row["industries_en"]) or "—",
        }  # fmt: skip

    tables.show_table(f"{page}_list", zones, cells, right=(_("核准面积（公顷）"),))
