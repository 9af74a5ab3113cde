"""Cells of tables as Markdown: what breaks and what does not, marks with their colour, tables and lists of them."""

import re
from functools import lru_cache
from typing import Any

from pages.wording.language import lang
from pages.wording.plain_text import BREAKS, escape_markdown, keep_together

Row = dict[str, Any]
UNBROKEN_LETTERS = 22  # letters; a Chinese character is nearly two
DOT = " · "  # between parts
CHINESE_PAIR = re.compile(r"(?<=\S)(?=[\u2e80-\uffef—])|(?<=[\u2e80-\uffef—])(?=\S)")
BREAKABLE = re.compile(f" |{CHINESE_PAIR.pattern}")


class MarkdownCell(str):
    """A cell that is Markdown already: a link, a mark with its colour."""

    __slots__ = ()


class UnbrokenCell(str):
    """A cell of text that does not break, except at the dots between its parts."""

    __slots__ = ()


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
