"""Marks of notes beside a number, a period or a name: ①, ², [1], *. They point to a note and mean nothing else."""

import re

import polars as pl

# Raised digits and letters, circled numbers, daggers and stars; numbers in square brackets; 注 with its number.
_SIGNS = "①-⓿❶-➓㈠-㈩㊀-㊉¹²³⁰⁴-⁹ᵃ-ᶻ*＊※†‡§△▲☆★"
_BRACKETED = r"[\[［〔【]\s*(?:注\s*)?(?:[0-9]{1,2}|[a-z]|[一二三四五六七八九十]{1,2})\s*[\]］〕】]"
_NAMED = r"[(（]\s*见?\s*注\s*[0-9①-⑳一二三四五六七八九十]{0,2}\s*[)）]|注\s*[0-9①-⑳]{1,2}"
# For Polars, which looks neither ahead nor behind. A raised 2 or 3 behind a letter is part of a unit: m², km².
BEHIND_OTHERS = rf"([^a-zA-Z\s])(?:\s*(?:[{_SIGNS}]|{_BRACKETED}|{_NAMED}))+\s*$"
BEHIND_LETTERS = rf"([a-zA-Z])(?:\s*(?:[{_SIGNS.replace('²³', '')}]|{_BRACKETED}|{_NAMED}))+\s*$"
BEFORE_ALL = rf"^\s*(?:(?:[{_SIGNS}]|{_BRACKETED})\s*)+(.)"
NUMBERING = re.compile(
    r"^\s*(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}[、)）]|\d{1,2}[.．](?!\d)|[①-⑳])\s*"
)


def strip_note_marks(text: str) -> str:
    """Return a text without the marks of notes before and behind it; a text of marks alone stays."""
    for pattern in (BEHIND_OTHERS, BEHIND_LETTERS, BEFORE_ALL):
        text = re.sub(pattern, r"\1", text)
    return text.strip()


def strip_marks_of_cells(cells: pl.Expr) -> pl.Expr:
    """Return cells without the marks of notes, as strip_note_marks() does."""
    for pattern in (BEHIND_OTHERS, BEHIND_LETTERS, BEFORE_ALL):
        cells = cells.str.replace(pattern, "${1}")
    return cells.str.strip_chars()


def strip_numbering(text: str) -> str:
    """Return a name without the number of its item: 一、工业总产值, （二）财政收入, 1. 出口."""
    return NUMBERING.sub("", text) or text
