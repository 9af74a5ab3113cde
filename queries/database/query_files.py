"""Texts of the questions: one .sql file for each, found by its name."""

from functools import cache
from pathlib import Path

QUERIES = Path(__file__).parent.parent


@cache
def read_query(name: str) -> str:
    """Return the text of the one file <name>.sql below queries/. Raises KeyError if there is none."""
    return _find_query_files()[name].read_text("utf-8")


@cache
def _find_query_files() -> dict[str, Path]:
    return {path.stem: path for path in QUERIES.rglob("*.sql")}
