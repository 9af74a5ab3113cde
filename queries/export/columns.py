"""What the columns of rows mean, in both languages: for the notes of workbooks and the description of the routes."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from data.ledger.definition import get_sheet_definitions
from data.tables.form import SheetDefinition
from queries.catalogue import catalogue

NOTES = Path(__file__).parent / "column_notes.csv"


def get_column_meanings(rows: pl.DataFrame, lang: str) -> pl.DataFrame:
    """What the columns of these rows mean. One row per column: column, meaning, which is empty where none is known."""
    comments: dict[str, str] = {}
    tables = {table["table_id"]: table for table in catalogue.get_tables().iter_rows(named=True)}
    own = _table_of(rows.columns, tables)
    # The table that the rows are of speaks first: park_id is who measured in one, and who promised in another.
    order = [*([own] if own else []), *ENTITIES, *sorted(tables, key=COMPUTED.__contains__)]
    for table in (tables[code] for code in order if code in tables):
        for column, comment in zip(table["columns"], table[f"comments_{lang}"], strict=True):
            comments.setdefault(column, comment)
    for sheet in get_sheet_definitions().values():
        for column, told in describe_sheet_columns(sheet, lang).items():
            comments.setdefault(column, told)
    held = set(tables[own]["columns"]) if own in tables else set()
    if leading := find_ledger_sheet(rows.columns):
        of_rows = describe_sheet_columns(leading, lang)
        comments, held = comments | of_rows, held | set(of_rows)
    comments |= {column: note for column, note in read_column_notes(lang).items() if column not in held}
    noted = [(column, comments.get(column, "")) for column in rows.columns]
    return pl.DataFrame(noted, schema={"column": pl.String, "meaning": pl.String}, orient="row")


def find_ledger_sheet(columns: list[str]) -> SheetDefinition | None:
    """Return the sheet of a ledger whose rows these columns begin with, after the place; None for other rows."""
    code = next((column for column in columns if column != "park_id"), "")
    sheets = get_sheet_definitions().values()
    return next((sheet for sheet in sheets if sheet.columns[0].name == code and code not in KEYS), None)


def describe_sheet_columns(sheet: SheetDefinition, lang: str) -> dict[str, str]:
    """Return what the columns of a sheet mean; a name is given in both languages, in columns of its own."""
    said = "。" if lang == "zh" else ". "
    told = {column.name: said.join(filter(None, (column.head[lang], column.note[lang]))) for column in sheet.columns}
    named = {name: name.removesuffix("_en") for name in told if name.endswith("_en")}
    return told | {f"{bare}_zh": told[bare] for bare in named.values() if bare in told}


# Tables that rows are of, by their first column; in another place the same code may be that of another table.
KEYS = {
    "target_id": "target", "commitment_id": "commitment", "title_id": "title", "zone_id": "zone",
    "indicator_id": "indicator", "source_id": "source", "park_id": "park",
}  # fmt: skip
COMPUTED = ("figure", "release", "place_break")  # views that follow from the other tables
ENTITIES = ("source", "park", "unit", "indicator", "mechanism")  # whose codes mean the same wherever they are used


@cache
def read_column_notes(lang: str) -> dict[str, str]:
    """Return the meaning of the columns that no table of the database has, by column."""
    with NOTES.open(encoding="utf-8", newline="") as file:
        return {row["column"]: row[lang] for row in csv.DictReader(file)}


def _table_of(columns: list[str], tables: dict[str, dict[str, Any]]) -> str | None:
    """The table whose rows these columns are of: the one with just these, else the one whose code leads; None: none."""
    alike = next((code for code, table in tables.items() if list(table["columns"]) == columns), None)
    if alike or "observation_id" in columns:
        return alike or "observation"
    return KEYS.get(columns[0]) if columns else None
