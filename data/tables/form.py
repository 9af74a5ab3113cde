"""Sheets and columns of the ledger as its schema defines them: names, kinds, lists and keys in both languages."""

import re
from dataclasses import dataclass
from functools import cache

import duckdb
import polars as pl

from data.paths import DATA
from data.themes import insert_themes

SCHEMA = DATA / "ledger" / "schema.sql"
INDICATOR = "indicator_id"  # refers to the catalogue, not to a sheet
AIMS = {"target_id": "target", "commitment_id": "commitment"}  # may also be published ones
MONTH = "month"
PERCENTS = ("share", "satisfaction")


@dataclass(frozen=True)
class ColumnDefinition:
    """The definition of one column of a sheet.

    kind: text, date, month, integer, number, percent, choice or codes (several, separated by semicolons).
    words: of a choice, code to the word in the cell, in Chinese and English. refers: sheet of the code it holds.
    """

    name: str
    kind: str
    head: dict[str, str]
    note: dict[str, str]
    needed: bool
    words: dict[str, tuple[str, str]]
    refers: str | None

    @property
    def type(self) -> pl.DataType:
        """Polars type of its values."""
        kinds: dict[str, pl.DataType] = {
            "date": pl.Date(), "integer": pl.Int64(), "number": pl.Float64(), "percent": pl.Float64(),
            "codes": pl.List(pl.String()),
        }  # fmt: skip
        return kinds.get(self.kind, pl.String())


@dataclass(frozen=True)
class SheetDefinition:
    """The definition of one sheet of the workbook: one table of the ledger without its park."""

    table: str
    name: dict[str, str]
    note: dict[str, str]
    columns: tuple[ColumnDefinition, ...]
    key: tuple[str, ...]
    unique: tuple[str, ...]  # columns beside the key whose values must differ

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Polars types of its rows, the park first."""
        return {"park_id": pl.String()} | {column.name: column.type for column in self.columns}

    def column(self, name: str) -> ColumnDefinition:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)


def split_comment(comment: str) -> dict[str, tuple[str, str]]:
    """Split a comment of the schema by language: the text before the first full stop, and the rest."""
    english, _bar, chinese = comment.partition(" | ")
    parts = {"zh": chinese.partition("。"), "en": english.partition(".")}
    return {lang: (head.strip(), rest.strip()) for lang, (head, _stop, rest) in parts.items()}


def _find_kind(table: str, name: str, declared: str) -> str:
    if name == MONTH:
        return "month"
    if declared.startswith("ENUM"):
        return "choice"
    if declared.endswith("[]"):
        return "codes"
    if declared.startswith("DECIMAL"):
        return "percent" if name in PERCENTS else "number"
    return {"DATE": "date", "INTEGER": "integer"}.get(declared, "text")


def _parse_words(declared: str, notes: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    codes = re.findall(r"'(\w+)'", declared) if declared.startswith("ENUM") else []
    found = {}
    for code in codes:
        chinese = re.search(rf"(?:^|，){code} ([^，。]+)", notes["zh"][1])
        english = re.search(rf"(?:^|, ){code} ([^,.]+)", notes["en"][1])
        if not chinese or not english:
            raise ValueError(f"schema.sql: the comment does not say what {code!r} is called; write: {code} word")
        found[code] = (chinese[1], english[1])
    return found


def _find_reference(table: str, name: str, foreign: dict[tuple[str, str], str]) -> str | None:
    if name == INDICATOR:
        return "indicator"
    if name == "leaders":
        return "leader"
    if name in AIMS and table != AIMS[name]:
        return AIMS[name]
    return foreign.get((table, name))


def read_ledger_schema() -> str:
    """Return the SQL statements that make an empty ledger."""
    return insert_themes(SCHEMA.read_text("utf-8"))


@cache
def get_sheet_definitions() -> dict[str, SheetDefinition]:
    """Return the definitions of all sheets of the workbook by table, in the order of the schema."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(read_ledger_schema())
        tables = dict(connection.sql("select table_name, comment from duckdb_tables()").fetchall())
        columns = connection.sql(
            "select table_name, column_name, data_type, is_nullable, comment from duckdb_columns() "
            "where not internal order by column_index"
        ).fetchall()
        keys = connection.sql(
            "select table_name, constraint_type, constraint_column_names, referenced_table from duckdb_constraints()"
        ).fetchall()
    foreign = {(table, names[0]): parent for table, kind, names, parent in keys if kind == "FOREIGN KEY"}
    found = {}
    for table in re.findall(r"^create table (\w+)", read_ledger_schema(), re.MULTILINE):
        if table == "ledger":
            continue
        own = []
        for of, name, declared, nullable, comment in columns:
            if of != table or (name == "park_id" and table != "park"):
                continue
            said = split_comment(comment)
            own.append(
                ColumnDefinition(
                    name,
                    _find_kind(table, name, declared),
                    {lang: head for lang, (head, _rest) in said.items()},
                    {lang: rest for lang, (_head, rest) in said.items()},
                    not nullable,
                    _parse_words(declared, said),
                    _find_reference(table, name, foreign),
                )
            )
        said = split_comment(tables[table])
        key = next(tuple(names) for of, kind, names, _parent in keys if of == table and kind == "PRIMARY KEY")
        unique = tuple(names[0] for of, kind, names, _parent in keys if of == table and kind == "UNIQUE")
        found[table] = SheetDefinition(
            table,
            {lang: head for lang, (head, _rest) in said.items()},
            {lang: rest for lang, (_head, rest) in said.items()},
            tuple(own),
            key,
            unique,
        )
    return found
