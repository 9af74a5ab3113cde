"""Show the answer to a question in SQL: table, simple chart, link and files."""

from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from pages.charts import charts, pictures
from pages.charts.theme import PALETTES
from pages.ui import address, device, downloads, filters, layout
from pages.wording import plain_text
from pages.wording.language import _, join_sentences, lang, localize_name

MOST_ROWS_SHOWN = 1_000  # rows of an answer in the table on the page
ROWS_IN_WINDOW = 15  # of them at once
MOST_ROWS_DRAWN = 200  # rows of an answer in the chart
MOST_LINK_LETTERS = 1_000  # characters of a link that a picture prints
UNIT_COLUMNS = ("unit_id", "unit_zh", "unit_en", "unit")


def show_answer(rows: pl.DataFrame, sql: str, version: str, units: pl.DataFrame) -> None:
    """Show the answer: how many rows, the table, a simple chart, the link and the files.

    version: of the data; units: of queries.catalogue.catalogue.
    """
    title = _("结果 {n} 行", n=f"{rows.height:,}")
    st.subheader(title, anchor=False)
    if rows.is_empty():
        st.info(_("没有符合条件的行。请放宽条件。"), icon=":material/search_off:")
        return
    shown = rows.head(MOST_ROWS_SHOWN)
    height: Any = "content" if shown.height <= ROWS_IN_WINDOW else 34 + 33 * ROWS_IN_WINDOW
    st.dataframe(_make_readable(shown), hide_index=True, height=height, placeholder="—", alt=title)
    cut = _("只列出前 {n} 行，其余在下载的文件里。", n=f"{MOST_ROWS_SHOWN:,}") if rows.height > MOST_ROWS_SHOWN else ""
    units_named = _("数据版本 {version}。数的单位和来源在 unit_id 和 source_id 列里，请一并选出。", version=version)
    st.caption(join_sentences([cut, units_named]))
    link = layout.build_page_address(
        {"lang": lang(), "tab": "sql", "sql": sql} | address.get_address_parameters("x", "y", "draw")
    )
    drawn = show_answer_chart(rows, link, units)
    with st.container(horizontal=True):
        with downloads.show_popover(_("复制链接"), "link", "explore_sql_link") as wanted:
            if wanted:
                st.code(link, language=None, wrap_lines=True)
                st.caption(_("程序用的地址（也有 query.json）"))
                st.code(layout.build_route_address("query.csv", {"sql": sql}), language=None, wrap_lines=True)
        downloads.show_download_menu("explore_sql", "query", rows, drawn)


def _make_readable(rows: pl.DataFrame) -> pl.DataFrame:
    """Return decimals as numbers and days as text: the table of a page would add zeros that nobody printed."""
    decimals = [column for column, kind in rows.schema.items() if kind.is_decimal()]
    return rows.with_columns(pl.col(decimals).cast(pl.Float64), pl.col(pl.Date).cast(pl.String))


def show_answer_chart(rows: pl.DataFrame, link: str, units: pl.DataFrame) -> list[pictures.Picture]:
    """Show a simple chart of two columns of an answer, and return it.

    None where the answer has no column of numbers, or fewer than two columns or rows, or where it would mislead.
    """
    numbers = [column for column, kind in rows.schema.items() if kind.is_numeric()]
    others = [column for column in rows.columns if column not in numbers] + numbers
    if not numbers or rows.width < 2 or rows.height < 2:
        return []
    kinds = {"bar": _("条形"), "line": _("折线"), "dot": _("散点"), "none": _("不画图")}
    one, two, three = st.columns(3, gap="medium")
    with one:
        x = filters.choose_one("explore_x", "x", _("横轴"), {column: column for column in others}, others[0])
    with two:
        y = filters.choose_one("explore_y", "y", _("数值"), {column: column for column in numbers}, numbers[0])
    with three:
        kind = filters.choose_one("explore_draw", "draw", _("图形"), kinds, "bar")
    if kind == "none":
        return []
    if why := explain_missing_chart(rows, x, kind):
        st.caption(":material/bar_chart_off: " + why)
        return []
    measured = kind == "dot" and rows[x].dtype.is_numeric()
    across = pl.col(x).cast(pl.Float64 if measured else pl.String)
    shown = rows.head(MOST_ROWS_DRAWN).select(x=across, y=pl.col(y).cast(pl.Float64))
    unit = find_unit_name(rows, units)
    title = _("{y}，按 {x}", x=x, y=y)
    spec = draw_simple_chart(kind, x, unit or y, device.get_palette(), measured=measured)
    st.vega_lite_chart(shown, spec, alt=title)
    if rows.height > MOST_ROWS_DRAWN:
        st.caption(_("图中只有前 {n} 行。", n=MOST_ROWS_DRAWN))
    # A long question would fill the picture; its link then leads to the tab alone.
    printed = link if len(link) <= MOST_LINK_LETTERS else layout.build_page_address({"lang": lang(), "tab": "sql"})
    return [pictures.Picture(title, shown, spec, _("公布的表，由读者的 SQL 算出"), printed)]


def find_unit_name(rows: pl.DataFrame, units: pl.DataFrame) -> str:
    """Return the unit that the rows name, in the language of this run; "" where they name none."""
    said = next((str(rows[column][0]) for column in UNIT_COLUMNS if column in rows.columns), "")
    known = units.filter(pl.col("unit_id") == said).to_dicts()
    return localize_name(known[0], "name") if known else said


def explain_missing_chart(rows: pl.DataFrame, x: str, kind: str) -> str:
    """Return why a chart would mislead; "" where it would not.

    Several units on one axis, or several values where one bar or point belongs.
    """
    for column in UNIT_COLUMNS:
        if column in rows.columns and rows[column].n_unique() > 1:
            return _("没有画图：{column} 列有几种单位。请在查询里只留一种。", column=column)
    if kind != "dot" and rows[x].is_duplicated().any():
        return _("没有画图：{x} 列有相同的值，一处会有几个数。请先汇总，或改用散点。", x=plain_text.escape_markdown(x))
    return ""


def draw_simple_chart(kind: str, x: str, y: str, palette: str, *, measured: bool = False) -> charts.Spec:
    """Return the spec of bars, a line or dots of two columns, in the order of the rows.

    x, y: the titles of the two axes; measured: the horizontal axis is a number too.
    """
    colours = PALETTES[palette]
    axis = alt.Axis(
        labelAngle=0, labelLimit=140, labelOverlap=True, ticks=False, domainColor=colours["line"],
        labelColor=colours["quiet"],
    )  # fmt: skip
    across: Any = alt.X("x:Q", title=x, axis=axis) if measured else alt.X("x:N", title=x, sort=None, axis=axis)
    base = alt.Chart().encode(
        x=across,
        y=alt.Y("y:Q", title=None, axis=charts.make_value_axis(colours, "")),
        tooltip=[alt.Tooltip("x:Q" if measured else "x:N", title=x), alt.Tooltip("y:Q", title=y)],
    )
    colour = colours["figure"]
    marks = {
        "bar": base.mark_bar(color=colour),
        "line": base.mark_line(color=colour, point=alt.OverlayMarkDef(color=colour, filled=True)),
        "dot": base.mark_point(color=colour, filled=True, size=50),
    }
    return charts.finish_spec(marks[kind].properties(height=280), y, colours)
