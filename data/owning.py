"""Own files in the build: their codes, what they need, their rows beside those of the sources."""

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

from data.batches import CODES, Batch
from data.reading import Defect, columns_of

POSITION = "(select max(position) from stage_indicator) + row_number() over (order by file, position)"


def codes(files: Sequence[Batch]) -> dict[str, list[str]]:
    """Codes that own files add, by the type they belong to, for data.reading.make_codes."""
    found: dict[str, list[str]] = {"source_code": [], "park_code": [], "indicator_code": []}
    for batch in files:
        found["source_code"].append(batch.source_id)
        for table in CODES:
            found[f"{table}_code"] += batch.adds.get(table, [])
    return found


def checked(connection: duckdb.DuckDBPyConnection, files: Sequence[Batch]) -> list[Defect]:
    """What own files need and do not find, and codes that stand twice. The batch stands in place of the file."""
    defects = []
    known = {
        table: {row[0] for row in connection.sql(f"select {column}::varchar from stage_{table}").fetchall()}
        for table, column in (*CODES.items(), ("unit", "unit_id"))
    }
    for batch in files:
        for table, column in CODES.items():
            for code in batch.adds.get(table, []):
                if code in known[table]:
                    rule = "this code stands in the sources or in another own file too; take one of them out of use"
                    defects.append(Defect(batch.batch_id, 1, column, code, rule))
                known[table].add(code)
    for batch in files:
        for table, needed in batch.needs.items():
            for code in needed:
                if code not in known[table]:
                    rule = f"no such {table} in the sources or in an own file in use; restore it, or remove this batch"
                    defects.append(Defect(batch.batch_id, 1, f"{table}_id", code, rule))
    return defects


def without_keys(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> None:
    """Make an empty table anew without primary and foreign keys, which checked() has tried on every row.

    Each key would be tried once more and kept as an index that no question uses: over a million rows that takes
    three times as long, and twice the file.
    """
    statement = re.search(rf"^create table {table} \(.*?^\);", schema, re.MULTILINE | re.DOTALL)
    comments = re.findall(rf"^comment on (?:table {table} is|column {table}\.).*?;$", schema, re.MULTILINE)
    if statement is None:
        raise ValueError(f"no table {table} in the schema")
    bare = re.sub(r" references \w+ \(\w+\)", "", statement[0]).replace(" primary key", " not null")
    connection.execute(f"drop table main.{table}")
    connection.execute("\n".join([bare, *comments]))


def filling(connection: duckdb.DuckDBPyConnection, table: str, own: Sequence[Path], order: str) -> str:
    """The statement that fills a table from its staging table and from own files, in order."""
    columns = columns_of(connection, table)
    names = ", ".join(columns)
    paths = [path / f"{table}.parquet" for path in own if (path / f"{table}.parquet").exists()]
    if not paths:
        return f"insert into main.{table} select {names} from stage_{table} order by {order}"
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    typed = ", ".join(
        f"({POSITION})::integer as position" if name == "position" else f"{name}::{kind} as {name}"
        for name, kind in columns.items()
    )
    by_line = order == "file, line"
    line = ", '~' || filename as file, row_number() over () as line" if by_line else ""
    first = ", file, line" if by_line else ""
    return (
        f"insert into main.{table} select {names} from (select {names}{first} from stage_{table} union all "
        f"select {typed}{line} from (select *, filename as file from read_parquet([{listed}], filename = true))) "
        f"order by {order}"
    )


def listed(connection: duckdb.DuckDBPyConnection, files: Sequence[Batch]) -> None:
    """Fill the table batch."""
    for batch in files:
        counts = [batch.rows.get(table, 0) for table in ("park", "indicator", "observation", "target")]
        row = [batch.batch_id, batch.source_id, batch.file_name, batch.day, batch.sha256, *counts]
        connection.execute("insert into batch values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
