"""Define what a database file must contain to be read: the version of its schema, and all its tables and columns."""

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import duckdb

from data.themes import insert_themes

Answer = TypeVar("Answer")
SCHEMA = Path(__file__).parent / "schema.sql"
CONTENTS_QUERY = """
    select data_version, schema_version, (
        select list(table_name || '.' || column_name) from duckdb_columns()
        where database_name = current_database() and schema_name = 'main' and not internal)
    from build
"""


class SchemaMismatch(ValueError):
    """The file is a database, but not of this release; the message says what differs."""


@cache
def read_schema() -> str:
    """Return the statements that make an empty database; the code types must be created before them."""
    return insert_themes(SCHEMA.read_text("utf-8"))


@cache
def compute_schema_version() -> str:
    """Return eight hex digits that identify the schema; any change to data/database/schema.sql changes them."""
    return hashlib.sha256(read_schema().encode()).hexdigest()[:8]


@cache
def get_schema_columns() -> frozenset[str]:
    """Return every column of the schema as table.column; each has its comment there."""
    return frozenset(re.findall(r"^comment on column (\w+\.\w+) is ", read_schema(), re.MULTILINE))


def read_data_version(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the data version of the database behind a connection; reads one small table and the catalogue.

    Raises SchemaMismatch, and duckdb.Error if the part of the file that is read is damaged.
    """
    try:
        rows = connection.sql(CONTENTS_QUERY).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise SchemaMismatch("it does not say which schema it has") from error
    if len(rows) != 1:
        raise SchemaMismatch("it does not say what it was built from")
    [(data_version, version, present)] = rows
    missing = sorted(get_schema_columns() - set(present))
    if missing:
        raise SchemaMismatch(f"{missing[0]} is missing" + (f", and {len(missing) - 1} more" if missing[1:] else ""))
    if version != compute_schema_version():
        raise SchemaMismatch(f"its schema is {version}, of another release; this one reads {compute_schema_version()}")
    return str(data_version)


def ask_built_database(database: Path, ask: Callable[[duckdb.DuckDBPyConnection, str], Answer]) -> Answer | None:
    """Return what `ask` reads of a database file; None if it is missing, unreadable or of another schema.

    ask: called with a connection that only reads and the data version in the file. Raises what it raises.
    """
    if not database.is_file():
        return None
    try:
        # Settings as in queries.database.engine: DuckDB opens a file that this process has open with the same ones
        # only.
        connection = duckdb.connect(database, read_only=True, config={"enable_external_access": "false"})
    except duckdb.Error:
        return None
    with connection:
        try:
            version = read_data_version(connection)
        except (duckdb.Error, SchemaMismatch):
            return None
        return ask(connection, version)


def read_built_version(database: Path) -> str | None:
    """Return the data version in a database file; None if missing, unreadable or of another schema."""
    return ask_built_database(database, lambda _connection, version: version)


def read_every_cell(connection: duckdb.DuckDBPyConnection) -> None:
    """Read every cell of every table once, which finds every damaged block. Raises duckdb.Error."""
    for table in sorted({name.partition(".")[0] for name in get_schema_columns()}):
        connection.sql(f"select max(hash({table})) from {table}").fetchall()
