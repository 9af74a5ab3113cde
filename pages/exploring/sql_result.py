"""The answer to a question in SQL: table, simple chart, link and files."""

from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from pages.charts import charts, pictures
from pages.charts.theme import PALETTES
from pages.ui import device, downloads, filters, layout
from pages.wording import plain_text
from pages.wording.language import _, lang, name

SHOWN = 1_000  # rows of an answer in the table on the page
WINDOW = 15  # of them at once
DRAWN = 200  # rows of an answer in the chart
LINK = 1_000  # characters of a link that a picture prints
UNITS = ("unit_id", "unit_zh", "unit_en", "unit")


def result(rows: pl.DataFrame, sql: str, version: str, units: pl.DataFrame) -> None:
    """The answer: how many rows, the table, a simple chart, the link and the files."""
    title = _("结果 {n} 行", n=f"{rows.height:,}")
    st.subheader(title, anchor=False)
    if rows.is_empty():
        st.info(_("没有符合条件的行。请放宽条件。"), icon=":material/search_off:")
        return
    shown = rows.head(SHOWN)
    height: Any = "content" if shown.height <= WINDOW else 34 + 33 * WINDOW
    st.dataframe(_readable(shown), hide_index=True, height=height, placeholder="—", alt=title)
    cut = _("只列出前 {n} 行，其余在下载的文件里。", n=f"{SHOWN:,}") if rows.height > SHOWN else ""
    st.caption(cut + _("数据版本 {version}。数的单位和来源在 unit_id 和 source_id 列里，请一并选出。", version=version))
    link = layout.address({"lang": lang(), "tab": "sql", "sql": sql} | filters.chosen("x", "y", "draw"))
    drawn = chart(rows, link, units)
    with st.container(horizontal=True):
        with downloads.opened(_("复制链接"), "link", "explore_sql_link") as wanted:
            if wanted:
                st.code(link, language=None, wrap_lines=True)
                st.caption(_("程序用的地址（也有 query.json）"))
                st.code(layout.program("query.csv", {"sql": sql}), language=None, wrap_lines=True)
        downloads.menu("explore_sql", "query", rows, drawn)


def _readable(rows: pl.DataFrame) -> pl.DataFrame:
    """Decimals as numbers and days as text: the table of a page would add zeros that nobody printed."""
    decimals = [column for column, kind in rows.schema.items() if kind.is_decimal()]
    return rows.with_columns(pl.col(decimals).cast(pl.Float64), pl.col(pl.Date).cast(pl.String))


def chart(rows: pl.DataFrame, link: str, units: pl.DataFrame) -> list[pictures.Picture]:
    """A simple chart of two columns of an answer, where it has a column of numbers and one thing to say of each."""
    numbers = [column for column, kind in rows.schema.items() if kind.is_numeric()]
    others = [column for column in rows.columns if column not in numbers] + numbers
    if not numbers or rows.width < 2 or rows.height < 2:
        return []
    kinds = {"bar": _("条形"), "line": _("折线"), "dot": _("散点"), "none": _("不画图")}
    one, two, three = st.columns(3, gap="medium")
    with one:
        x = filters.single("explore_x", "x", _("横轴"), {column: column for column in others}, others[0])
    with two:
        y = filters.single("explore_y", "y", _("数值"), {column: column for column in numbers}, numbers[0])
    with three:
        kind = filters.single("explore_draw", "draw", _("图形"), kinds, "bar")
    if kind == "none":
        return []
    if why := undrawable(rows, x, kind):
        st.caption(":material/bar_chart_off: " + why)
        return []
    measured = kind == "dot" and rows[x].dtype.is_numeric()
    across = pl.col(x).cast(pl.Float64 if measured else pl.String)
    shown = rows.head(DRAWN).select(x=across, y=pl.col(y).cast(pl.Float64))
    unit = unit_of(rows, units)
    title = _("{y}，按 {x}", x=x, y=y)
    spec = simple(kind, x, unit or y, device.palette(), measured=measured)
    st.vega_lite_chart(shown, spec, alt=title)
    if rows.height > DRAWN:
        st.caption(_("图中只有前 {n} 行。", n=DRAWN))
    # A long question would fill the picture; its link then leads to the tab alone.
    printed = link if len(link) <= LINK else layout.address({"lang": lang(), "tab": "sql"})
    return [pictures.Picture(title, shown, spec, _("公布的表，由读者的 SQL 算出"), printed)]


def unit_of(rows: pl.DataFrame, units: pl.DataFrame) -> str:
    """The one unit that the rows name, by its name in the language of this run; "" where they name none."""
    said = next((str(rows[column][0]) for column in UNITS if column in rows.columns), "")
    known = units.filter(pl.col("unit_id") == said).to_dicts()
    return name(known[0], "name") if known else said


def undrawable(rows: pl.DataFrame, x: str, kind: str) -> str:
    """Why a chart would mislead: several units on one axis, or several values where one bar or point belongs."""
    for column in UNITS:
        if column in rows.columns and rows[column].n_unique() > 1:
            return _("没有画图：{column} 列有几种单位。请在查询里只留一种。", column=column)
    if kind != "dot" and rows[x].is_duplicated().any():
        return _("没有画图：{x} 列有相同的值，一处会有几个数。请先汇总，或改用散点。", x=plain_text.plain(x))
    return ""


def simple(kind: str, x: str, y: str, palette: str, *, measured: bool = False) -> charts.Spec:
    """Bars, a line or dots of two columns, in the order of the rows.

    x, y: what stands at the two axes; measured: the one across is a number too.
    """
    colours = PALETTES[palette]
    axis = alt.Axis(
        labelAngle=0, labelLimit=140, labelOverlap=True, ticks=False, domainColor=colours["line"],
        labelColor=colours["quiet"],
    )  # fmt: skip
    across: Any = alt.X("x:Q", title=x, axis=axis) if measured else alt.X("x:N", title=x, sort=None, axis=axis)
    base = alt.Chart().encode(
        x=across,
        y=alt.Y("y:Q", title=None, axis=charts.axis_of(colours, "")),
        tooltip=[alt.Tooltip("x:Q" if measured else "x:N", title=x), alt.Tooltip("y:Q", title=y)],
    )
    colour = colours["figure"]
    marks = {
        "bar": base.mark_bar(color=colour),
        "line": base.mark_line(color=colour, point=alt.OverlayMarkDef(color=colour, filled=True)),
        "dot": base.mark_point(color=colour, filled=True, size=50),
    }
    return charts.finished(marks[kind].properties(height=280), y, colours)
