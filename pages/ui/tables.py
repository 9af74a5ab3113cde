"""Show tables and lists of rows, a page at a time; on a phone a table is a list."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import polars as pl
import streamlit as st
from polars.selectors import ends_with

from pages.ui import device, embed
from pages.wording import figures, target_status
from pages.wording.language import _, capture_run_context, lang, localize_name
from pages.wording.plain_text import BREAKS, escape_markdown, keep_together

Row = dict[str, Any]


class MarkdownCell(str):
    """A cell that is Markdown already: a link, a mark with its colour."""

    __slots__ = ()


class UnbrokenCell(str):
    """A cell of text that does not break, except at the dots between its parts."""

    __slots__ = ()


ROWS_PER_PAGE, CARDS_PER_PAGE, ENTRIES_PER_PAGE = (
    30,
    10,
    20,
)  # on one page: of a table, of a table on a phone, of a list
UNBROKEN_LETTERS = 22  # letters; a Chinese character is nearly two
DOT = " · "  # between parts
CHINESE_PAIR = re.compile(r"(?<=\S)(?=[\u2e80-\uffef—])|(?<=[\u2e80-\uffef—])(?=\S)")
BREAKABLE = re.compile(f" |{CHINESE_PAIR.pattern}")


def show_observations(page: str, rows: pl.DataFrame) -> None:
    """Show a table of figures: indicator, place, period, value as printed, growth, source, evidence and locator.

    Of several versions of a figure it says which one counts.
    """
    several, grown = rows["park_id"].n_unique() > 1, rows["growth_text"].is_not_null().any()

    def cells(row: Row) -> Row:
        place = {_("地区"): localize_name(row, "park")} if several else {}
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
        place = {_("地区"): localize_name(row, "park")} if several else {}
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
            st.caption(_("第 {first}—{last} 条，共 {n} 条", first=first + 1, last=first + part.height, n=rows.height))
        with above:
            draw(part)

    turned()


def format_markdown_cards(shown: list[Row], right: tuple[str, ...] = ()) -> str:
    """Return rows of text in Markdown for a phone, one below the other.

    Each begins with what it is, where, when and how much; the rest is grey.
    """
    pair, apart = ("{}：{}", "；") if lang() == "zh" else ("{}: {}", "; ")
    numbers = [list(shown[0]).index(label) for label in right]
    first, last = (min(numbers), max(numbers)) if numbers else (1, 0)
    lines = []
    for row in shown:
        called, *others = [
            (label, text if isinstance(text, MarkdownCell) else text or "—") for label, text in row.items()
        ]
        told = [  # place and period stand before the numbers and need no label
            _format_card_fact(
                pair, label, text, bare=place < first or (isinstance(text, MarkdownCell) and label not in right)
            )
            for place, (label, text) in enumerate(others, start=1)
            if (place <= last or isinstance(text, MarkdownCell)) and text not in ("", "—")
        ]
        # A mark with its colour would lose it in grey.
        quiet_ones = [(label, text) for label, text in others[last:] if not isinstance(text, MarkdownCell)]
        rest = [pair.format(label, text) for label, text in quiet_ones if text not in ("", "—")]
        quiet = f":gray[{escape_markdown(apart.join(rest))}]" if rest else ""
        lines.append(
            "  \n".join(filter(None, [f"**{_to_markdown(called[1])}**", " · ".join(map(_to_markdown, told)), quiet]))
        )
    return "\n\n".join(lines)


def _format_card_fact(pair: str, label: str, text: str, *, bare: bool) -> str:
    if bare:
        return text
    return (
        MarkdownCell(pair.format(escape_markdown(label), text))
        if isinstance(text, MarkdownCell)
        else pair.format(label, text)
    )


def _to_markdown(text: object) -> str:
    return text if isinstance(text, MarkdownCell) else escape_markdown(str(text))


def format_markdown_table(shown: list[Row], right: tuple[str, ...] = ()) -> str:
    """Return rows of text as a table in Markdown, the columns of `right` aligned to the right."""
    rules = ["--:" if label in right else ":--" for label in shown[0]]
    cells = [[_format_any_cell(text, whole=label in right) for label, text in row.items()] for row in shown]
    return "\n".join(f"| {' | '.join(row)} |" for row in [list(map(_format_cell, shown[0])), rules, *cells])


def _format_any_cell(text: object, *, whole: bool) -> str:
    if isinstance(text, MarkdownCell):
        return text
    if isinstance(text, UnbrokenCell):
        return DOT.join(_format_cell(part, whole=True, most=len(part) * 2) for part in text.split(DOT))
    return _format_cell(str(text or ""), whole=whole)


@lru_cache(maxsize=8192)
def _format_cell(text: str, *, whole: bool = False, most: float = UNBROKEN_LETTERS) -> str:
    """Return a cell in Markdown; whole: a short number stays with its unit.

    Short words, up to `most` wide, do not break: Chinese would, after any character, to make room for other columns.
    """
    bare = BREAKS.sub(" ", text).strip(" ")
    escaped = escape_markdown(bare)
    if whole and _measure_width(bare) <= most:
        return keep_together(escaped) if BREAKABLE.search(bare) else escaped
    words = zip(bare.split(" "), escaped.split(" "), strict=True)
    return " ".join(
        keep_together(shown) if CHINESE_PAIR.search(word) and _measure_width(word) <= most else shown
        for word, shown in words
    )


def format_unbroken(text: str, *, markdown: bool = False) -> str:
    """Return a short text whose words do not break, for a cell that is Markdown.

    markdown: the text itself is Markdown.
    """
    return keep_together(text) if markdown else _format_cell(text, whole=True)


def format_red(text: str) -> MarkdownCell:
    """Return a cell with a red mark before a text, whose first word stays with it."""
    first, space, rest = text.partition(" ")
    if _measure_width(text) <= UNBROKEN_LETTERS:
        first, space, rest = text, "", ""
    return MarkdownCell(
        keep_together(f":red[■] {escape_markdown(first)}") + space + (_format_cell(rest) if rest else "")
    )


def format_breakable(text: str) -> MarkdownCell:
    """Return a cell that may break only at its spaces, in a column of numbers too."""
    return MarkdownCell(" ".join(format_unbroken(word) for word in text.split(" ")))


def _measure_width(text: str) -> float:
    return sum(1.8 if ord(character) > 0x2E80 else 1.0 for character in text)
