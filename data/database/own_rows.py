"""Add own files to the build: their codes, what they need, and their rows after those of the sources."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from data.database.constraints import Defect
from data.database.source_files import get_column_types
from data.storage.batches import BATCH_CODE_COLUMNS, Batch, check_batches

# Where a row of an own file stands in it; of rows of the sources these are empty.
PLACE_TYPES = {"row": "integer", "sheet": "varchar", "sheet_no": "integer", "letter": "varchar"}
# What own rows have beside the columns of their table.
EXTRA_TYPES = {"observation": PLACE_TYPES | {"growth_decimals": "integer"}, "target": PLACE_TYPES}


def _make_number_expression(number: str, decimals: str) -> str:
    """Return the SQL expression that writes a number as text with so many decimals, four at most."""
    cases = " ".join(f"when {digits} then {number}::decimal(18, {digits})::varchar" for digits in range(4))
    return f"case {decimals} {cases} else {number}::decimal(18, 4)::varchar end"


_CODE_EXPRESSION = (
    "'own-' || substr(source_id::varchar, 5) || '-' || if(sheet_no > 0, sheet_no || '-', '') || row "
    "|| coalesce('-' || letter, '')"
)
_ROW_EXPRESSIONS = {
    "evidence": "'own'::evidence",
    "confidence": "'own'::confidence",
    "locator_zh": "coalesce('“' || sheet || '”表', '') || '第 ' || row || ' 行' || coalesce('，' || letter || ' "
    "列', '')",
    "locator_en": "coalesce('sheet ' || sheet || ', ', '') || 'row ' || row || coalesce(', column ' || letter, '')",
}
# How columns that a batch leaves empty are made of the others.
OWN_ROW_EXPRESSIONS = {
    "observation": {
        "observation_id": _CODE_EXPRESSION,
        "value_text": _make_number_expression("value", "decimals"),
        "growth_text": _make_number_expression("growth_pct", "growth_decimals"),
    } | _ROW_EXPRESSIONS,
    "target": {"target_id": _CODE_EXPRESSION} | _ROW_EXPRESSIONS,
}  # fmt: skip
POSITION_EXPRESSION = "(select max(position) from stage_indicator) + row_number() over (order by file, position)"


def collect_own_codes(files: Sequence[Batch]) -> dict[str, list[str]]:
    """Return the codes that own files add, by code type, for data.database.source_files.make_code_types."""
    found: dict[str, list[str]] = {"source_code": [], "park_code": [], "indicator_code": []}
    for batch in files:
        found["source_code"].append(batch.source_id)
        for table in BATCH_CODE_COLUMNS:
            found[f"{table}_code"] += batch.adds.get(table, [])
    return found


def find_own_row_defects(
    connection: duckdb.DuckDBPyConnection, own: Sequence[Path], files: Sequence[Batch]
) -> list[Defect]:
    """Return what own files need but do not find, and codes and names that occur twice.

    The batch takes the place of the file in a defect. Raises data.storage.batches.DamagedBatch.
    """
    check_batches(own)
    defects = _find_duplicate_names(connection, own)
    known = {
        table: {row[0] for row in connection.sql(f"select {column}::varchar from stage_{table}").fetchall()}
        for table, column in (*BATCH_CODE_COLUMNS.items(), ("unit", "unit_id"))
    }
    for batch in files:
        for table, column in BATCH_CODE_COLUMNS.items():
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


def _find_duplicate_names(connection: duckdb.DuckDBPyConnection, own: Sequence[Path]) -> list[Defect]:
    """Return a defect for each indicator name added by an own file that occurs elsewhere too."""
    import polars as pl  # noqa: PLC0415 - the server starts by way of this module and needs it for own files alone

    defects = []
    for column in ("name_zh", "name_en"):
        taken = {row[0] for row in connection.sql(f"select {column} from stage_indicator").fetchall()}
        for path in own:
            if (path / "indicator.parquet").exists():
                for name in pl.read_parquet(path / "indicator.parquet")[column]:
                    if name in taken:
                        rule = "this name stands in the sources or in another own file too; take one of them out of use"
                        defects.append(Defect(path.name[:17], 1, column, name, rule))
                    taken.add(name)
    return defects


def make_fill_statement(connection: duckdb.DuckDBPyConnection, table: str, own: Sequence[Path], order: str) -> str:
    """Return the statement that fills a table from its staging table and from own files, in order."""
    columns = get_column_types(connection, table)
    names = ", ".join(columns)
    rows = OwnRowsSubquery(connection, table, own)
    if not rows.paths:
        return f"insert into main.{table} select {names} from stage_{table} order by {order}"
    if table in OWN_ROW_EXPRESSIONS:
        # Code and locator are made after the sort, which then carries less; and it takes a third less time by numbers
        # alone, so that codes of the sources take part with their rank.
        code = next(iter(OWN_ROW_EXPRESSIONS[table]))
        empty = ", ".join(f"null::{kind} as {name}" for name, kind in EXTRA_TYPES[table].items())
        last = f"{order.replace('file, line', code).replace(code, 'rank')}, source_id, sheet_no, row"
        return (
            f"insert into main.{table} ({names}) select {make_own_select_list(table, columns)} "
            f"from (select {names}, {empty}, "
            f"row_number() over (order by {code}) as rank from stage_{table} union all by name "
            f"select *, null as rank from {rows} order by {last})"
        )
    typed = ", ".join(
        f"({POSITION_EXPRESSION})::integer as position" if name == "position" else f"{name}::{kind} as {name}"
        for name, kind in columns.items()
    )
    return (
        f"insert into main.{table} select {names} from (select {names}, file, line from stage_{table} union all "
        f"select {typed}, '~' || file as file, row_number() over () as line from (select *, filename as file "
        f"from {rows.files}, filename = true))) order by {order}"
    )


class OwnRowsSubquery:
    """A subquery over the rows of one table in the Parquet files of batches: all columns of the table and EXTRA_TYPES.

    columns: their types. present: those that any of the files has; the others are empty.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: str, own: Sequence[Path]) -> None:
        self.paths = [path / f"{table}.parquet" for path in own if (path / f"{table}.parquet").exists()]
        self.columns = get_column_types(connection, table) | EXTRA_TYPES.get(table, {})
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in self.paths)
        self.files = f"read_parquet([{listed}], union_by_name = true"
        found = connection.sql(f"from {self.files})").columns if self.paths else []
        self.present = [name for name in self.columns if name in found]

    def __str__(self) -> str:
        parts = (f"{name if name in self.present else 'null'}::{kind} as {name}" for name, kind in self.columns.items())
        return f"(select {', '.join(parts)} from {self.files}))"


def make_own_select_list(table: str, columns: Iterable[str]) -> str:
    """Return the select list of a table's columns, where an own row gets its code, locator and kind from its place in
    the file.
    """
    made = OWN_ROW_EXPRESSIONS[table]
    return ", ".join(f"coalesce({name}, {made[name]}) as {name}" if name in made else name for name in columns)


def fill_batch_table(connection: duckdb.DuckDBPyConnection, files: Sequence[Batch]) -> None:
    """Fill the table batch, one row per own file."""
    for batch in files:
        counts = [batch.rows.get(table, 0) for table in ("park", "indicator", "observation", "target")]
        row = [batch.batch_id, batch.source_id, batch.file_name, batch.loaded_at, batch.sha256, *counts]
        connection.execute("insert into batch values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
