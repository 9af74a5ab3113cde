"""Names of places that lead to their profile, for cells of tables and for lists."""

from typing import Any
from urllib.parse import urlencode

from pages.ui.cell_text import MarkdownCell, format_unbroken
from pages.wording.language import lang, localize_name


def build_place_address(park: str) -> str:
    """Return the address of the profile of a place, from any page of the site."""
    return f"place?{urlencode({'park': park, 'lang': lang()})}"


def link_place(row: dict[str, Any], column: str = "park") -> MarkdownCell:
    """Return the name of the place of a row, as a link to its profile. row: has <column>_id and its names."""
    name = localize_name(row, column)
    return MarkdownCell(f"[{format_unbroken(name)}]({build_place_address(row['park_id'])})")
