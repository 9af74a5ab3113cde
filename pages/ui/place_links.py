"""Names of places: as links to their profile, and as what boxes offer."""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import polars as pl

from pages.ui.cell_text import MarkdownCell, format_unbroken
from pages.wording.language import lang, localize_name
from pages.wording.plain_text import escape_markdown

DIGIT = re.compile(r"\d")
KIND_IN_NAME = re.compile(r" (city|province|prefecture|High-tech Zone|Economic Development Zone)$")


def get_place_options(rows: pl.DataFrame) -> dict[str, str]:
    """Return what a box offers for each place, by code, in the order of the rows.

    In Chinese the other spelling stands beside the name, because a box searches what it shows: 湘潭 is found by xt and
    Xiangtan too. rows: with park_id and both names.
    """
    if lang() != "zh":
        return dict(rows.select("park_id", "name_en").iter_rows())
    return {
        code: _spell(name_zh, name_en)
        for code, name_zh, name_en in rows.select("park_id", "name_zh", "name_en").iter_rows()
    }


@lru_cache(4096)  # every page lists all places in every run
def _spell(name_zh: str, name_en: str) -> str:
    """Return both names of a place, or one where the name holds a number, which would stand there twice."""
    return name_zh if DIGIT.search(name_en) else f"{name_zh}　{KIND_IN_NAME.sub('', name_en)}"


def build_place_address(park: str) -> str:
    """Return the address of the profile of a place, from any page of the site."""
    return f"place?{urlencode({'park': park, 'lang': lang()})}"


def link_place(row: dict[str, Any], column: str = "park", mark: str = "") -> MarkdownCell:
    """Return the name of the place of a row, as a link to its profile. row: has <column>_id and its names.

    mark: what stands before it.
    """
    name = localize_name(row, column)
    return MarkdownCell(f"{mark}[{format_unbroken(name)}]({build_place_address(row['park_id'])})")


def name_place(row: dict[str, Any], column: str = "park") -> MarkdownCell:
    """Return the name of the place of a row for a line of text, as a link to its profile. row: as in link_place()."""
    return link_name_within(escape_markdown(localize_name(row, column)), row, column)


def link_name_within(markdown: str, row: dict[str, Any], column: str = "park") -> MarkdownCell:
    """Return Markdown in which the name of the place of a row, where it stands first, leads to its profile.

    row: as in link_place(); without a code or a name the Markdown stays as it is.
    """
    name = escape_markdown(localize_name(row, column))
    if not name or not row.get("park_id"):
        return MarkdownCell(markdown)
    return MarkdownCell(markdown.replace(name, f"[{name}]({build_place_address(row['park_id'])})", 1))
