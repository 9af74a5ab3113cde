"""Show tables and lists of rows, a page at a time; on a phone a table is a list."""

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st
from polars.selectors import ends_with

from pages.ui import device, embed
from pages.ui.cell_text import (
    MarkdownCell,
    UnbrokenCell,
    format_markdown_cards,
    format_markdown_table,
    format_unbroken,
)
from pages.ui.place_links import link_place
from pages.wording import figures, target_status
from pages.wording.language import _, capture_run_context, localize_name
from pages.wording.plain_text import escape_markdown

Row = dict[str, Any]


ROWS_PER_PAGE, CARDS_PER_PAGE, ENTRIES_PER_PAGE = (
    30,
    10,
    20,
)  # on one page: of a table, of a table on a phone, of a list


def show_observations(page: str, rows: pl.DataFrame) -> None:
    """Show a table of figures: indicator, place, period, value as printed, growth, source, evidence and locator.

    Of several versions of a figure it says which one counts.
    """
    several, grown = rows["park_id"].n_unique() > 1, rows["growth_text"].is_not_null().any()

    def cells(row: Row) -> Row:
        place = {_("地区"): link_place(row)} if several else {}
        kind = (
            figures.label_evidence(figures.classify_evidence(row)),
            _describe_version(row),
            figures.format_formula(row) or row["locator"],
        )
        growth = (
            {_("增长"): figures.format_growth_rate(row), _("增速口径"): figures.label_row_basis(row)} if grown else {}
        )
        return (
            {_("指标"): localize_name(row, "indicator")}
            | place
            | {
                _("时期"): UnbrokenCell(figures.format_period(row["period"])),
                _("数值"): figures.format_figure(row, printed=True),
            }
            | growth
            | {_("来源"): figures.format_publication(row), _("性质与依据"): " · ".join(filter(None, kind))}
        )

    show_table(
        f"{page}_observations",
        rows,
        cells,
        right=(_("数值"), *([_("增长")] if grown else [])),
    )


def _describe_version(row: Row) -> str:
    """Say whether this is the one of several versions that counts; "" where a figure has but one."""
    if row["version_of"] is None:
        return ""
    return _("现用此数") if row["version_of"] == row["observation_id"] else _("此前的数，已有更新")


def show_targets(page: str, rows: pl.DataFrame, *, derived: bool) -> None:
    """Show a table of targets: indicator, place, year, what was asked, status, wording, source and locator.

    derived: whether computed numbers may be shown; with them, each target also in its other form.
    """
    several = rows["park_id"].n_unique() > 1

    def cells(row: Row) -> Row:
        place = {_("地区"): link_place(row)} if several else {}
        form = {_("推算"): target_status.describe_other_form(row)} if derived else {}
        return (
            {_("目标"): localize_name(row, "indicator")}
            | place
            | {_("年度"): str(row["year"]), _("要求"): figures.describe_target_value(row)}
            | form
            | {
                _("状态"): MarkdownCell(format_unbroken(target_status.label_status_with_mark(row), markdown=True)),
                _("措辞"): target_status.label_strength(row["strength"]),
                _("来源"): figures.format_publication(row) + figures.format_evidence_mark(row.get("evidence")),
                _("依据"): row["locator"],
            }
        )

    show_table(f"{page}_targets", rows, cells, right=(_("要求"), *([_("推算")] if derived else [])))


def show_table(key: str, rows: pl.DataFrame, cells: Callable[[Row], Row], right: tuple[str, ...] = ()) -> None:
    """Show rows as a table, a page at a time.

    cells: returns the cells of one row, by heading; right: the headings of columns of numbers.
    """
    show_in_pages(
        key,
        rows,
        lambda part: show_whole_table([cells(row) for row in part.iter_rows(named=True)], right),
        device.fit_to_screen(ROWS_PER_PAGE, CARDS_PER_PAGE),
    )


def show_whole_table(shown: list[Row], right: tuple[str, ...] = ()) -> None:
    """Show a few rows of text as one table whose cells wrap; on a phone, where it would be squeezed, as a list.

    In Markdown it costs the browser a third of what a grid costs, and nothing in it is cut.
    """
    if embed.keep_piece(lambda: show_whole_table(shown, right)):
        return
    if not shown:
        st.caption(_("没有。"))
    else:
        st.markdown(
            format_markdown_cards(shown, right) if device.is_phone() else format_markdown_table(shown, right),
            anchors=False,
        )


def show_entries(key: str, rows: pl.DataFrame, entry: Callable[[Row], tuple[str, list[str], str]]) -> None:
    """Show a long list to read, a page at a time.

    entry: returns for one row its name (Markdown), its facts for one quiet line, and a text about it.
    """

    def draw(part: pl.DataFrame) -> None:
        lines = []
        for row in part.iter_rows(named=True):
            called, facts, said = entry(row)
            told = (f"**{called}**", f":gray[{escape_markdown(' · '.join(facts))}]", escape_markdown(said))
            lines.append("  \n".join(line for line in told if line))
        st.markdown("\n\n".join(lines) or _("没有找到。请换个词，或清空查找。"))

    show_in_pages(key, rows, draw, ENTRIES_PER_PAGE)


def show_in_pages(key: str, rows: pl.DataFrame, draw: Callable[[pl.DataFrame], None], most: int) -> None:
    """Show rows, so many at a time; turning a page runs only this part again and not the whole page.

    key: of the widget, with the page's name in front; draw: shows some rows; most: rows at a time.
    Other rows begin at their first page.
    """
    if embed.keep_piece(lambda: embed.show_first_rows(rows, draw)):
        return
    pages = -(-rows.height // most)
    if pages < 2:
        draw(rows)
        return
    key, again = f"{key}_page", capture_run_context()
    codes = rows.select(ends_with("_id"))
    these = (rows.height, codes.row(0), codes.row(-1))
    if st.session_state.get(f"{key}_of", these) != these:
        st.session_state[key] = 1
    st.session_state[f"{key}_of"] = these

    @st.fragment
    def turned() -> None:
        again()  # a fragment runs without the router
        above = st.container()
        with st.container(horizontal=True, vertical_alignment="center"):
            first = (st.pagination(pages, key=key) - 1) * most
            part = rows[first : first + most]
            last, n = first + part.height, f"{rows.height:,}"
            st.caption(_("第 {first}—{last} 条，共 {n} 条", first=first + 1, last=last, n=n))
        with above:
            draw(part)

    turned()
