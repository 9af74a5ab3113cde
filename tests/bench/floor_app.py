"""The least a multipage Streamlit app can do: pages made of constants, to measure the explorer against.

Boards (four metrics, three charts, a table) are the floor of pages with several charts, the other pages of pages
with one. Each page has a filter of its own, because a switch must not carry a choice along.
"""

import pyarrow as pa
import streamlit as st

FACTORS = {"": 1, "double": 2, "triple": 3}
POINTS = range(500)
TABLES = {
    choice: pa.table({"x": list(POINTS), "y": [factor * (7 * x % 89) for x in POINTS]})
    for choice, factor in FACTORS.items()
}
SPECS = {
    mark: {"mark": mark, "encoding": {axis: {"field": axis, "type": "quantitative"} for axis in ("x", "y")}}
    for mark in ("line", "bar", "area", "point")
}


def rows(page: str) -> pa.Table:
    """The constant table of what is chosen on this page; nothing chosen is the plain one."""
    chosen = st.multiselect("Factor", [name for name in FACTORS if name], key=f"{page}_factor")
    return TABLES[chosen[0] if chosen else ""]


def single(page: str, mark: str) -> None:
    """A page of one filter and one chart."""
    st.vega_lite_chart(rows(page).slice(0, 50), SPECS[mark])


def board(page: str, marks: tuple[str, str, str]) -> None:
    """A page of one filter, four metrics, three charts of 300, 20 and 12 points, and a table of 500 rows."""
    shown = rows(page)
    for place, column in enumerate(st.columns(4)):
        column.metric(f"Metric {place + 1}", shown["y"][place + 1].as_py())
    for column, mark, points in zip((*st.columns(2), st), marks, (300, 20, 12), strict=True):
        column.vega_lite_chart(shown.slice(0, points), SPECS[mark])
    st.dataframe(shown, height=240)


def home() -> None:
    """The board that stands at the root."""
    board("home", ("line", "bar", "area"))


def first() -> None:
    """A board."""
    board("first", ("line", "bar", "area"))


def second() -> None:
    """A board with its charts in another order, so that a switch has something to draw."""
    board("second", ("point", "area", "bar"))


def third() -> None:
    """A third board, as the explorer has three themes."""
    board("third", ("area", "line", "point"))


def line() -> None:
    """One chart."""
    single("line", "line")


def bar() -> None:
    """One other chart."""
    single("bar", "bar")


others = [st.Page(page, url_path=page.__name__) for page in (first, second, third, line, bar)]
st.navigation([st.Page(home, default=True), *others]).run()
