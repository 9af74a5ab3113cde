"""A database in memory for one reader: the catalogue of the built one, and the reader's own rows."""

import re

import duckdb
import polars as pl

from data.database.own_rows import BESIDE, CITED, cited
from data.database.shape import schema
from data.database.source_files import CODES, code_types, columns_of, tables_of

LEFT_OUT = ("observation", "target", "batch", "mechanism_link")  # what rests on published figures and targets


def session_database(own: dict[str, pl.DataFrame], base: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A database in memory with the tables of the schema: those of the catalogue as built, and the own rows.

    own: of data.intake.provenance.stamped(). base: a connection to the built database, or a cursor of one; it is only
    read.
    observation and target hold own rows alone, so that every query over them answers about those. The caller closes
    it. Raises duckdb.Error where the rows break a rule of the schema, the keys of observation aside; entries() has
    refused such rows before.
    """
    connection = duckdb.connect(":memory:", config={"enable_external_access": "false"})
    try:
        tables = [*tables_of(connection), "build"]
        built = {table: base.table(table).pl() for table in tables if table not in LEFT_OUT}
        codes = {}
        for name, (table, column) in CODES.items():
            codes[name] = built[table][column].cast(pl.String).to_list()
            if table in own:
                codes[name] += own[table][column].to_list()
        code_types(connection, codes)
        connection.execute(unkeyed(schema(), "observation"))
        for table in tables:
            for frame in (built.get(table), own.get(table)):
                if frame is not None and not frame.is_empty():
                    insert(connection, table, frame)
    except BaseException:
        connection.close()
        raise
    return connection


def unkeyed(schema: str, table: str) -> str:
    """The schema without the keys of one table, to which many rows may come: their indexes would take most of the time
    of adding them. Codes of rows are made of their places in the file, and entries() has looked at the others."""
    before, name, rest = schema.partition(f"create table {table} (")
    columns, end, after = rest.partition("\n);")
    columns = re.sub(r" references \w+ \(\w+\)", "", columns.replace(" primary key", " not null"))
    return before + name + columns + end + after


def insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Add the rows of a frame to a table, column by name."""
    connection.register("arriving", frame)
    if table in CITED:
        columns = list(columns_of(connection, table))
        lacking = [name for name in dict.fromkeys([*columns, *BESIDE[table]]) if name not in frame.columns]
        missing = ", ".join(f"null as {name}" for name in lacking)
        rows = f"select {cited(table, columns)} from (select *, {missing} from arriving)"
    else:
        columns = frame.columns
        rows = f"select {', '.join(columns)} from arriving"
    connection.execute(f"insert into {table} ({', '.join(columns)}) {rows}")
    connection.unregister("arriving")
