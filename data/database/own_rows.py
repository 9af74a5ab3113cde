"""Own files in the build: their codes, what they need, their rows beside those of the sources."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from data.database.source_files import Defect, columns_of
from data.storage.batches import CODES, Batch, verify

# Where a row of an own file stands in it; of rows of the sources these are empty.
PLACE = {"row": "integer", "sheet": "varchar", "sheet_no": "integer", "letter": "varchar"}
# What own rows have beside the columns of their table.
BESIDE = {"observation": PLACE | {"growth_decimals": "integer"}, "target": PLACE}


def _rendered(number: str, decimals: str) -> str:
    """A number as text with so many decimals, of which there are four at most."""
    cases = " ".join(f"when {digits} then {number}::decimal(18, {digits})::varchar" for digits in range(4))
    return f"case {decimals} {cases} else {number}::decimal(18, 4)::varchar end"


_CODE = (
    "'own-' || substr(source_id::varchar, 5) || '-' || if(sheet_no > 0, sheet_no || '-', '') || row "
    "|| coalesce('-' || letter, '')"
)
_ROW = {
    "evidence": "'own'::evidence",
    "confidence": "'own'::confidence",
    "locator_zh": "coalesce('“' || sheet || '”表', '') || '第 ' || row || ' 行' || coalesce('，' || letter || ' "
    "列', '')",
    "locator_en": "coalesce('sheet ' || sheet || ', ', '') || 'row ' || row || coalesce(', column ' || letter, '')",
}
# How columns that a batch leaves empty are made of the others.
CITED = {
    "observation": {
        "observation_id": _CODE,
        "value_text": _rendered("value", "decimals"),
        "growth_text": _rendered("growth_pct", "growth_decimals"),
    } | _ROW,
    "target": {"target_id": _CODE} | _ROW,
}  # fmt: skip
POSITION = "(select max(position) from stage_indicator) + row_number() over (order by file, position)"


def codes(files: Sequence[Batch]) -> dict[str, list[str]]:
    """Codes that own files add, by the type they belong to, for data.database.source_files.make_codes."""
    found: dict[str, list[str]] = {"source_code": [], "park_code": [], "indicator_code": []}
    for batch in files:
        found["source_code"].append(batch.source_id)
        for table in CODES:
            found[f"{table}_code"] += batch.adds.get(table, [])
    return found


def checked(connection: duckdb.DuckDBPyConnection, own: Sequence[Path], files: Sequence[Batch]) -> list[Defect]:
    """What own files need and do not find, and codes and names that stand twice. The batch stands in place of the
    file. Raises data.storage.batches.Damaged."""
    verify(own)
    defects = _names(connection, own)
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


def _names(connection: duckdb.DuckDBPyConnection, own: Sequence[Path]) -> list[Defect]:
    """Names of indicators that own files add and that stand elsewhere too."""
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


def filling(connection: duckdb.DuckDBPyConnection, table: str, own: Sequence[Path], order: str) -> str:
    """The statement that fills a table from its staging table and from own files, in order."""
    columns = columns_of(connection, table)
    names = ", ".join(columns)
    rows = Arriving(connection, table, own)
    if not rows.paths:
        return f"insert into main.{table} select {names} from stage_{table} order by {order}"
    if table in CITED:
        # Code and locator are made after the sort, which then carries less; and it takes a third less time by numbers
        # alone, so that codes of the sources take part with their rank.
        code = next(iter(CITED[table]))
        empty = ", ".join(f"null::{kind} as {name}" for name, kind in BESIDE[table].items())
        last = f"{order.replace('file, line', code).replace(code, 'rank')}, source_id, sheet_no, row"
        return (
            f"insert into main.{table} ({names}) select {cited(table, columns)} from (select {names}, {empty}, "
            f"row_number() over (order by {code}) as rank from stage_{table} union all by name "
            f"select *, null as rank from {rows} order by {last})"
        )
    typed = ", ".join(
        f"({POSITION})::integer as position" if name == "position" else f"{name}::{kind} as {name}"
        for name, kind in columns.items()
    )
    return (
        f"insert into main.{table} select {names} from (select {names}, file, line from stage_{table} union all "
        f"select {typed}, '~' || file as file, row_number() over () as line from (select *, filename as file "
        f"from {rows.files}, filename = true))) order by {order}"
    )


class Arriving:
    """Rows of one table in the Parquet files of batches, as a subquery: every column of the table and of BESIDE.

    columns: their types. present: those that any of the files has; the others are empty.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: str, own: Sequence[Path]) -> None:
        self.paths = [path / f"{table}.parquet" for path in own if (path / f"{table}.parquet").exists()]
        self.columns = columns_of(connection, table) | BESIDE.get(table, {})
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in self.paths)
        self.files = f"read_parquet([{listed}], union_by_name = true"
        found = connection.sql(f"from {self.files})").columns if self.paths else []
        self.present = [name for name in self.columns if name in found]

    def __str__(self) -> str:
        parts = (f"{name if name in self.present else 'null'}::{kind} as {name}" for name, kind in self.columns.items())
        return f"(select {', '.join(parts)} from {self.files}))"


def cited(table: str, columns: Iterable[str]) -> str:
    """The columns of a table, where an own row gets its code, locator and kind from its place in the file."""
    made = CITED[table]
    return ", ".join(f"coalesce({name}, {made[name]}) as {name}" if name in made else name for name in columns)


def listed(connection: duckdb.DuckDBPyConnection, files: Sequence[Batch]) -> None:
    """Fill the table batch."""
    for batch in files:
        counts = [batch.rows.get(table, 0) for table in ("park", "indicator", "observation", "target")]
        row = [batch.batch_id, batch.source_id, batch.file_name, batch.day, batch.sha256, *counts]
        connection.execute("insert into batch values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
