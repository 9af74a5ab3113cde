"""Show the choice of the form of a view: measure, chart, base year; and how many figures it can show."""

from datetime import date

import polars as pl
import streamlit as st

from pages.ui import filters
from pages.wording.language import _
from queries.figures import growth_index_share as measuring

FORM_PARAMETERS = ("as", "chart", "base")  # parameters of the form of a view
PLAIN_FORM = ("level", "auto", None)  # figures as they are


def get_chart_labels() -> dict[str, str]:
    """Return the forms of a chart by code."""
    return {
        "auto": _("自动选图"), "line": _("折线"), "bar": _("条形"), "dot": _("散点"), "multiples": _("分地区小图"),
    }  # fmt: skip


def get_measure_labels() -> dict[str, str]:
    """Return what figures can be shown as, by code."""
    return {"level": _("数值"), "growth": _("增速"), "index": _("指数"), "share": _("占比")}


def choose_form(
    page: str, rows: pl.DataFrame, asked: str | None, asof: date | None = None
) -> tuple[str, str, int | None]:
    """Show the choice of measure, chart and base year, and return the three.

    A measure in which the rows cannot be shown is not offered. The base year is None unless an index is chosen.
    asked: the measure that the words of the reader name; asof: the day by which the rows were known.
    """
    years = measuring.find_base_years(rows)
    possible = {"level": True, "growth": True, "index": bool(years), "share": measuring.can_compute_shares(rows, asof)}
    wanted = st.query_params.get("as")  # a link of other rows is told below why it shows nothing
    offered = {code: said for code, said in get_measure_labels().items() if possible[code] or code == wanted}
    # Where mostly growth was printed, levels would be an empty chart.
    bare = rows.filter(pl.col("value").is_null() & pl.col("growth_pct").is_not_null()).height
    default = "growth" if bare * 2 > rows.height else "level"
    base = None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        default = asked if asked and possible.get(asked) else default
        measure = filters.choose_pill(f"{page}_as", "as", _("怎么量"), offered, default)
        kind = filters.choose_pill(f"{page}_chart", "chart", _("图形"), get_chart_labels(), "auto")
        if measure == "index" and years:
            options = {str(year): _("{year}年=100", year=year) for year in sorted(years)}
            base = int(filters.choose_one(f"{page}_base", "base", _("基年"), options, str(years[0])))
    filters.show_unknown_codes(page, FORM_PARAMETERS, here=True)
    return measure, kind, base


def show_coverage(chosen: int, shown: int, measure: str) -> bool:
    """Show how many of the figures chosen can be shown in a measure, and what it takes.

    Return whether any can. chosen, shown: numbers of figures.
    """
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
