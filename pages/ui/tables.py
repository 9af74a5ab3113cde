"""Tables and lists of rows, a page at a time; on a phone a table is a list."""

import re
from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st
from polars.selectors import ends_with

from pages.ui import device, embed
from pages.wording import figures, target_status
from pages.wording.language import _, lang, name, resumed
from pages.wording.plain_text import JOINER, plain
from queries.figures import precedence

Row = dict[str, Any]


class Rich(str):
    """A cell that is Markdown already: a link, a mark with its colour."""

    __slots__ = ()


ROWS, CARDS, ENTRIES = 30, 10, 20  # on one page: of a table, of a table on a phone, of a list
UNBROKEN = 22  # letters; a Chinese character is nearly two
NO_BREAK = "\u00a0"
CHINESE_PAIR = re.compile(r"(?<=\S)(?=[\u2e80-\uffef—])|(?<=[\u2e80-\uffef—])(?=\S)")


def observations(page: str, rows: pl.DataFrame) -> None:
    """Figures: what, where, when, how much as printed, which kind, from where; of several versions which one counts."""
    several, grown = rows["park_id"].n_unique() > 1, rows["growth_text"].is_not_null().any()

    def cells(row: Row) -> Row:
        place = {_("地区"): name(row, "park")} if several else {}
        kind = (figures.evidence(figures.kind(row)), _version(row), figures.formula(row) or row["locator"])
        growth = {_("增长"): figures.percent(row), _("增速口径"): figures.taken_on(row)} if grown else {}
        return (
            {_("指标"): name(row, "indicator")}
            | place
            | {
                _("时期"): figures.period(row["period"]).replace(" ", NO_BREAK),
                _("数值"): figures.number(row, printed=True),
            }
            | growth
            | {_("来源"): figures.cited(row), _("性质与依据"): " · ".join(filter(None, kind))}
        )

    table(f"{page}_observations", precedence.marked(rows), cells, right=(_("数值"), *([_("增长")] if grown else [])))


def _version(row: Row) -> str:
    """Whether this is the one of several versions that counts; empty where a figure has but one."""
    if row["version_of"] is None:
        return ""
    return _("现用此数") if row["version_of"] == row["observation_id"] else _("此前的数，已有更新")


def targets(page: str, rows: pl.DataFrame, *, derived: bool) -> None:
    """Targets: what, for which year, what was asked, in which other form, how firmly, how it stands, from where.

    derived: whether computed numbers are to be seen.
    """
    several = rows["park_id"].n_unique() > 1

    def cells(row: Row) -> Row:
        place = {_("地区"): name(row, "park")} if several else {}
        form = {_("推算"): target_status.form(row)} if derived else {}
        return (
            {_("目标"): name(row, "indicator")}
            | place
            | {_("年度"): str(row["year"]), _("要求"): figures.aim(row)}
            | form
            | {
                _("状态"): Rich(joined(target_status.light(row), markdown=True)),
                _("措辞"): figures.strength(row["strength"]),
                _("来源"): figures.cited(row) + figures.mark(row.get("evidence")),
                _("依据"): row["locator"],
            }
        )

    table(f"{page}_targets", rows, cells, right=(_("要求"), *([_("推算")] if derived else [])))


def table(key: str, rows: pl.DataFrame, cells: Callable[[Row], Row], right: tuple[str, ...] = ()) -> None:
    """Rows as a table; cells: of one row, by heading; right: headings of the columns of numbers."""
    paged(
        key,
        rows,
        lambda part: whole([cells(row) for row in part.iter_rows(named=True)], right),
        device.fit(ROWS, CARDS),
    )


def whole(shown: list[Row], right: tuple[str, ...] = ()) -> None:
    """A few rows of text as one table whose cells wrap; on a phone, where it would be squeezed, as a list.

    In Markdown it costs the browser a third of what a grid costs, and nothing in it is cut.
    """
    if embed.kept(lambda: whole(shown, right)):
        return
    if not shown:
        st.caption(_("没有。"))
    else:
        st.markdown(cards(shown, right) if device.phone() else written(shown, right), anchors=False)


def entries(key: str, rows: pl.DataFrame, entry: Callable[[Row], tuple[str, list[str], str]]) -> None:
    """A long list to read; entry: what a row is, its facts for one quiet line, and what there is to say of it."""

    def draw(part: pl.DataFrame) -> None:
        lines = []
        for row in part.iter_rows(named=True):
            called, facts, said = entry(row)
            told = (f"**{called}**", f":gray[{plain(' · '.join(facts))}]", plain(said))
            lines.append("  \n".join(line for line in told if line))
        st.markdown("\n\n".join(lines) or _("没有找到。请换个词，或清空查找。"))

    paged(key, rows, draw, ENTRIES)


def paged(key: str, rows: pl.DataFrame, draw: Callable[[pl.DataFrame], None], most: int) -> None:
    """Draw the rows, so many at a time; to turn a page runs this and not the whole page.

    key: of the widget, with the page's name in front. Other rows begin at their first page.
    """
    if embed.kept(lambda: embed.beginning(rows, draw)):
        return
    pages = -(-rows.height // most)
    if pages < 2:
        draw(rows)
        return
    key, again = f"{key}_page", resumed()
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


def cards(shown: list[Row], right: tuple[str, ...] = ()) -> str:
    """Rows of text for a phone, one below the other: what it is, where, when and how much, and the rest in grey."""
    pair, apart = ("{}：{}", "；") if lang() == "zh" else ("{}: {}", "; ")
    numbers = [list(shown[0]).index(label) for label in right]
    first, last = (min(numbers), max(numbers)) if numbers else (1, 0)
    lines = []
    for row in shown:
        called, *others = [(label, text if isinstance(text, Rich) else text or "—") for label, text in row.items()]
        told = [  # place and period stand before the numbers and need no label
            _told(pair, label, text, bare=place < first or (isinstance(text, Rich) and label not in right))
            for place, (label, text) in enumerate(others, start=1)
            if (place <= last or isinstance(text, Rich)) and text not in ("", "—")
        ]
        # A mark with its colour would lose it in grey.
        quiet_ones = [(label, text) for label, text in others[last:] if not isinstance(text, Rich)]
        rest = [pair.format(label, text) for label, text in quiet_ones if text not in ("", "—")]
        quiet = f":gray[{plain(apart.join(rest))}]" if rest else ""
        lines.append("  \n".join(filter(None, [f"**{_text(called[1])}**", " · ".join(map(_text, told)), quiet])))
    return "\n\n".join(lines)


def _told(pair: str, label: str, text: str, *, bare: bool) -> str:
    if bare:
        return text
    return Rich(pair.format(plain(label), text)) if isinstance(text, Rich) else pair.format(label, text)


def _text(text: object) -> str:
    return text if isinstance(text, Rich) else plain(str(text))


def written(shown: list[Row], right: tuple[str, ...] = ()) -> str:
    """Rows of text as a table in Markdown, the columns of `right` aligned to the right."""
    rules = ["--:" if label in right else ":--" for label in shown[0]]
    cells = [
        [
            text if isinstance(text, Rich) else _cell(str(text or ""), whole=label in right)
            for label, text in row.items()
        ]
        for row in shown
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in [list(map(_cell, shown[0])), rules, *cells])


def _cell(text: str, *, whole: bool = False) -> str:
    """A cell in Markdown; whole: a short number stays with its unit.

    Short words do not break: Chinese would, after any character, to make room for other columns.
    """
    words = [CHINESE_PAIR.sub(JOINER, word) if _width(word) <= UNBROKEN else word for word in text.split(" ")]
    space = NO_BREAK if whole and _width(text) <= UNBROKEN else " "
    return plain(space.join(words))


def joined(text: str, *, markdown: bool = False) -> str:
    """A short text whose words do not break, for a cell that is Markdown; markdown: the text itself is, too."""
    if not markdown:
        return _cell(text, whole=True)
    return " ".join(CHINESE_PAIR.sub(JOINER, word) for word in text.split(" ")).replace(" ", NO_BREAK)


def loose(text: str) -> Rich:
    """A cell that may break at its spaces, in a column of numbers too, and nowhere else."""
    return Rich(" ".join(joined(word) for word in text.split(" ")))


def _width(text: str) -> float:
    return sum(1.8 if ord(character) > 0x2E80 else 1.0 for character in text)
