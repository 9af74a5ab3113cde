"""What a database file must hold to be asked: the version of its schema, and every table and column of it."""

import hashlib
import re
from functools import cache
from pathlib import Path

import duckdb

from data.themes import with_themes

SCHEMA = Path(__file__).parent / "schema.sql"
FOUND = """
    select data_version, schema_version, (
        select list(table_name || '.' || column_name) from duckdb_columns()
        where database_name = current_database() and schema_name = 'main' and not internal)
    from build
"""


class OtherSchema(ValueError):
    """The file is a database, but not one of this release: what is other."""


@cache
def schema() -> str:
    """Return the statements that make an empty database; the types of codes come before them."""
    return with_themes(SCHEMA.read_text("utf-8"))


@cache
def schema_version() -> str:
    """Eight digits that name the schema; another text of data/database/schema.sql is another version."""
    return hashlib.sha256(schema().encode()).hexdigest()[:8]


@cache
def columns() -> frozenset[str]:
    """Every column of the schema as table.column; each has its comment there."""
    return frozenset(re.findall(r"^comment on column (\w+\.\w+) is ", schema(), re.MULTILINE))


def look(connection: duckdb.DuckDBPyConnection) -> str:
    """The data version of the database that a connection stands in; reads one small table and the catalogue.

    Raises OtherSchema, and duckdb.Error where the file is damaged as far as it is read.
    """
    try:
        rows = connection.sql(FOUND).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise OtherSchema("it does not say which schema it has") from error
    if len(rows) != 1:
        raise OtherSchema("it does not say what it was built from")
    [(data_version, version, present)] = rows
    missing = sorted(columns() - set(present))
    if missing:
        raise OtherSchema(f"{missing[0]} is missing" + (f", and {len(missing) - 1} more" if missing[1:] else ""))
    if version != schema_version():
        raise OtherSchema(f"its schema is {version}, of another release; this one reads {schema_version()}")
    return str(data_version)


def read_through(connection: duckdb.DuckDBPyConnection) -> None:
    """Read every cell of every table once, which meets every damaged block. Raises duckdb.Error."""
    for table in sorted({name.partition(".")[0] for name in columns()}):
        connection.sql(f"select max(hash({table})) from {table}").fetchall()
