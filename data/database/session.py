"""Build a database in memory for one reader: the catalogue of the built database, and the reader's own rows."""

import re

import duckdb
import polars as pl

from data.database.constraints import CODE_COLUMNS
from data.database.own_rows import EXTRA_TYPES, OWN_ROW_EXPRESSIONS, make_own_select_list
from data.database.shape import read_schema
from data.database.source_files import get_column_types, get_source_tables, make_enum_types

EXCLUDED_TABLES = ("observation", "target", "batch", "mechanism_link")  # what rests on published figures and targets


def build_session_database(own: dict[str, pl.DataFrame], base: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return a database in memory with the tables of the schema: the built catalogue and the own rows.

    own: from data.intake.provenance.add_provenance(). base: a connection to the built database, or a cursor of one;
    it is only read. observation and target hold own rows only, so that every query over them is about those. The
    caller closes the connection. Raises duckdb.Error if the rows break a rule of the schema, the keys of
    observation aside; read_mapped_sheet() has refused such rows before.
    """
    connection = duckdb.connect(":memory:", config={"enable_external_access": "false"})
    try:
        tables = [*get_source_tables(connection), "build"]
        built = {table: base.table(table).pl() for table in tables if table not in EXCLUDED_TABLES}
        codes = {}
        for name, (table, column) in CODE_COLUMNS.items():
            codes[name] = built[table][column].cast(pl.String).to_list()
            if table in own:
                codes[name] += own[table][column].to_list()
        make_enum_types(connection, codes)
        connection.execute(remove_table_keys(read_schema(), "observation"))
        for table in tables:
            for frame in (built.get(table), own.get(table)):
                if frame is not None and not frame.is_empty():
                    insert_rows(connection, table, frame)
    except BaseException:
        connection.close()
        raise
    return connection


def remove_table_keys(schema: str, table: str) -> str:
    """Return the schema without the keys of one table that may receive many rows.

    Their indexes would take most of the time of adding the rows. Codes of rows are made from their places in the
    file, and read_mapped_sheet() has checked the others.
    """
    before, name, rest = schema.partition(f"create table {table} (")
    columns, end, after = rest.partition("\n);")
    columns = re.sub(r" references \w+ \(\w+\)", "", columns.replace(" primary key", " not null"))
    return before + name + columns + end + after


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Insert the rows of a frame into a table, columns by name."""
    connection.register("arriving", frame)
    if table in OWN_ROW_EXPRESSIONS:
        columns = list(get_column_types(connection, table))
        lacking = [name for name in dict.fromkeys([*columns, *EXTRA_TYPES[table]]) if name not in frame.columns]
        missing = ", ".join(f"null as {name}" for name in lacking)
        rows = f"select {make_own_select_list(table, columns)} from (select *, {missing} from arriving)"
    else:
        columns = frame.columns
        rows = f"select {', '.join(columns)} from arriving"
    connection.execute(f"insert into {table} ({', '.join(columns)}) {rows}")
    connection.unregister("arriving")
