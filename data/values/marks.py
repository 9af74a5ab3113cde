"""Marks of notes beside a number, a period or a name: ①, ², [1], *. They point to a note and mean nothing else."""

import re
from functools import lru_cache

import polars as pl

# Raised digits and letters, circled numbers, daggers and stars; numbers in square brackets; 注 with its number.
_SIGNS = "①-⓿❶-➓㈠-㈩㊀-㊉¹²³⁰⁴-⁹₀-₉ᵃ-ᶻ*＊※†‡§△▲☆★"
_BRACKETED = r"[\[［〔【]\s*(?:注\s*)?(?:[0-9]{1,2}|[a-z]|[一二三四五六七八九十]{1,2})\s*[\]］〕】]"
_NAMED = r"[(（]\s*见?\s*注\s*[0-9①-⑳一二三四五六七八九十]{0,2}\s*[)）]|注\s*[0-9①-⑳]{1,2}"
# A triangle before or behind a number may be a minus or a rise, so it is no mark of a note there: the cell is refused.
_CELL_SIGNS = re.sub("[△▲]", "", _SIGNS)
_COUNTING = "①-⓿❶-➓㈠-㈩㊀-㊉¹²³⁰⁴-⁹₀-₉"  # marks that would become digits where a text is made half width
# For Polars, which looks neither ahead nor behind. A raised 2 or 3 behind a letter is part of a unit: m², CO₂.


def _make_patterns(signs: str) -> tuple[str, str, str]:
    """Return the patterns of marks behind and before a text; the first group of each is what they stand beside."""
    return (
        rf"([^a-zA-Z\s(（⁽])(?:\s*(?:[(（⁽]?[{signs}][)）⁾]?|{_BRACKETED}|{_NAMED}))+\s*$",
        rf"([a-zA-Z])(?:\s*(?:[{re.sub('²³|₀-₉', '', signs)}]|{_BRACKETED}|{_NAMED}))+\s*$",
        rf"^\s*(?:(?:[{signs}]|{_BRACKETED})\s*)+(.)",
    )


TEXT_PATTERNS, CELL_PATTERNS = _make_patterns(_SIGNS), _make_patterns(_CELL_SIGNS)
BEFORE_UNIT = rf"(\d)\s*(?:[{_CELL_SIGNS}]|{_BRACKETED}|{_NAMED})+\s*([^\d\s])"
AS_DIGIT = rf"(^|[^a-zA-Z])[{_COUNTING}]"
NUMBERING = re.compile(
    r"^\s*(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}[、)）]|\d{1,2}[.．](?!\d)|[①-⑳]"
    r"|\d{1,2}\s+(?=[\u4e00-\u9fff])|[Ⅰ-Ⅻ]+[、.．\s]|[•●■◆])\s*"
)


@lru_cache(maxsize=4_096)  # heads and names come again in every sheet
def strip_note_marks(text: str) -> str:
    """Return a text without the marks of notes before and behind it; a text of marks alone stays."""
    for pattern in TEXT_PATTERNS:
        text = re.sub(pattern, r"\1", text)
    return text.strip()


def strip_marks_of_cells(cells: pl.Expr) -> pl.Expr:
    """Return cells without the marks of notes, those between a number and its unit too: 552①亿元.

    A mark that is left becomes a question mark, never a digit, but for one behind a letter: m².
    """
    for pattern in CELL_PATTERNS:
        cells = cells.str.replace(pattern, "${1}")
    cells = cells.str.replace(BEFORE_UNIT, "${1}${2}")
    return cells.str.replace_all(AS_DIGIT, "${1}?").str.strip_chars()


def strip_numbering(text: str) -> str:
    """Return a name without the number of its item: 一、工业总产值, （二）财政收入, 1. 出口."""
    return NUMBERING.sub("", text) or text
