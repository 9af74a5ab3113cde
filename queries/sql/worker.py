"""The process in which a reader's SQL runs: it reads one database, and can open, write and reach nothing else.

queries/sql/pool.py starts it; the server never imports it. It takes one JSON line per question from standard
input and answers with one JSON line, followed by as many bytes of Arrow as that line says. It ends when its
input ends, that is, when the server is gone for whatever reason.

Each barrier holds without the others: the statement is judged by its parse tree; the database is open for
reading only, with no access to anything outside it; and the process has no right to open a file, let alone to
write one.
"""

import contextlib
import json
import os
import queue
import sys
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.sqltypes import DuckDBPyType

from data.storage.processes import restrict_process, send_answer, set_alarm, start_listener
from queries.sql.guard import NO_POSITION, Refusal, StatementJudge

HEADROOM = 1_000_000_000  # bytes of address space beyond what the process takes once it is ready
BATCH = 2048
IDLE_SECONDS = 600
RECURSION_DEPTH = 20_000  # of Python's own recursion: a tree of a thousand levels of SQL is three thousand of JSON
EXPLAIN = "explain "

# Known before the database is opened, so that opening already keeps to them.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "access_mode": "read_only",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "allow_extension_repositories": "forbidden",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "enable_external_file_cache": "false",
    "temp_directory": "",  # nothing is spilled to the disk
    "threads": "1",
    "async_threads": "1",
    "errors_as_json": "true",
}
LOCKING_STATEMENTS = ("set TimeZone = 'UTC'", "set enable_external_access = false", "set lock_configuration = true")

# Messages of these kinds speak of the statement. Others may speak of the machine, and are not passed on.
STATEMENT_ERRORS = {"Parser", "Syntax", "Binder", "Catalog"}
PUBLIC_ERRORS = STATEMENT_ERRORS | {
    *("Conversion", "Out of Range", "Invalid Input", "Invalid type", "Mismatch Type", "Divide by Zero"),
    *("Not implemented", "Decimal", "INTERVAL", "Expression", "Parameter Not Allowed"),
}
KEPT_TYPES = {
    *("boolean", "tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger", "ubigint"),
    *("float", "double", "decimal", "varchar", "enum", "date", "timestamp", "timestamp_s", "timestamp_ms"),
    "timestamp_ns",
}
NESTED = {"list", "array", "struct", "map", "union", "variant"}
# What a day of Python can be, in days from 1970.
FIRST_DAY, LAST_DAY = -719_162, 2_932_896
PER_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def build_column_sql(place: int, kind: DuckDBPyType) -> str:
    """Return the SQL of a result column: as it is, or as text where Polars, a file or a page lacks its type."""
    if kind.id in KEPT_TYPES:
        return f"#{place} as c{place}"
    return f"{f'to_json(#{place})' if kind.id in NESTED else f'#{place}'}::varchar as c{place}"


def make_names_unique(names: list[str]) -> list[str]:
    """Return the names, each made unique: a, a_2."""
    found: dict[str, None] = {}
    for name in names:
        number, candidate = 1, name
        while candidate in found or (number > 1 and candidate in names):
            number += 1
            candidate = f"{name}_{number}"
        found[candidate] = None
    return list(found)


def check_days(batch: pa.RecordBatch) -> None:
    """Raise Refusal where a day has no value in Python: infinity, before the year 1, after 9999."""
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if pa.types.is_date32(column.type) or pa.types.is_timestamp(column.type):
            unit = 1 if pa.types.is_date32(column.type) else PER_DAY[column.type.unit]
            days = column.view(pa.int32() if unit == 1 else pa.int64()).drop_null().to_numpy()
            if len(days) and not FIRST_DAY * unit <= days.min() <= days.max() < (LAST_DAY + 1) * unit:
                raise Refusal("days", field.name)


def bind_statement(
    connection: duckdb.DuckDBPyConnection, sql: str, secrets: tuple[str, ...]
) -> duckdb.DuckDBPyRelation:
    """Resolve the names and types of the statement. Raises Refusal, with the position, where they do not fit."""
    try:
        return connection.sql(sql)
    except duckdb.Error:
        try:
            connection.execute(EXPLAIN + sql).fetchall()  # its error names the place, the one before does not
        except duckdb.Error as placed:
            raise convert_error(placed, secrets, len(EXPLAIN)) from placed
        raise


def run_statement(
    rows: duckdb.DuckDBPyRelation, asked: dict[str, Any], secrets: tuple[str, ...]
) -> tuple[dict[str, Any], bytes | memoryview]:
    """Run a statement that was judged; return what the server needs to know about the rows, and the rows as Arrow."""
    names, kinds = make_names_unique(rows.columns), rows.types
    if len(names) > asked["columns"]:
        raise Refusal("columns", f"{len(names):,}")
    changed = any(kind.id not in KEPT_TYPES for kind in kinds)
    if changed:
        rows = rows.project(", ".join(build_column_sql(place, kind) for place, kind in enumerate(kinds, start=1)))
    whole = [name for name, kind in zip(names, kinds, strict=True) if kind.id in ("hugeint", "uhugeint")]
    try:
        with contextlib.closing(rows.to_arrow_reader(BATCH)) as reader:
            return {"whole": whole}, write_arrow(reader, names, asked)
    except duckdb.Error as error:
        raise convert_error(error, secrets, None if changed else 0) from error


def write_arrow(reader: pa.RecordBatchReader, names: list[str], asked: dict[str, Any]) -> memoryview:
    """Write the rows as an Arrow stream, as long as they keep within the limits. Raises Refusal."""
    sink, count = pa.BufferOutputStream(), 0
    schema = pa.schema([field.with_name(name) for field, name in zip(reader.schema, names, strict=True)])
    with pa.ipc.new_stream(sink, schema) as out:
        for batch in reader:
            count += batch.num_rows
            if count > asked["rows"]:
                raise Refusal("rows", f"{asked['rows']:,}")
            named = batch.rename_columns(names)
            check_days(named)
            out.write_batch(named)
            if sink.tell() > asked["bytes"]:
                raise Refusal("bytes", str(asked["bytes"] // 1_000_000))
    return memoryview(sink.getvalue())


def convert_error(error: BaseException, secrets: tuple[str, ...], shift: int | None) -> Refusal:
    """Convert an error of DuckDB to a Refusal; nothing that could reveal anything about the machine is passed on.

    shift: bytes that preceded the statement; None where positions of the error are not positions of the statement.
    """
    head, _, text = str(error).partition(": ")
    try:
        said = json.loads(text)
    except ValueError:
        said = {"exception_type": head.removesuffix(" Error"), "exception_message": text}
    kind, message = said.get("exception_type", ""), str(said.get("exception_message", ""))
    if kind == "Out of Memory" or "malloc" in str(error) or "bad_alloc" in str(error):
        return Refusal("memory")
    if kind not in PUBLIC_ERRORS or any(secret in message for secret in secrets):
        return Refusal("failed")
    if "expression depth" in message:
        return Refusal("syntax", "It is nested too deeply.")
    position = str(said.get("position", ""))
    at = int(position) - shift if shift is not None and position.isdigit() and int(position) != NO_POSITION else None
    if said.get("error_subtype") in ("COLUMN_NOT_FOUND", "MISSING_ENTRY"):
        return Refusal("unknown_name", str(said.get("name", "")), at, str(said.get("candidates", "")).split(",")[0])
    return Refusal("syntax" if kind in STATEMENT_ERRORS else "failed", message.split("\n", maxsplit=1)[0][:300], at)


class QueryRunner:
    """A database connection that answers one question at a time."""

    def __init__(self, database: str, memory: str) -> None:
        self.connection = duckdb.connect(database, config=SETTINGS | {"memory_limit": memory})
        for setting in LOCKING_STATEMENTS:
            self.connection.execute(setting)
        self.judge = StatementJudge(self.connection)
        self.secrets = tuple(text for text in (str(Path(database).parent), Path(database).name) if text != "/")
        self.version = str(self.connection.execute("select data_version from build").fetchall()[0][0])
        # What is loaded at the first use is loaded now, while files can still be opened.
        for first in ("select date '2000-01-01' as d, [1.5::double] as x, now() as t", "select unknown"):
            self.answer({"sql": first, "rows": 1, "columns": 3, "bytes": 10**6})

    def answer(self, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes | memoryview]:
        """Return the result of one question, or why there is none."""
        try:
            self.judge.judge(asked["sql"])
            return run_statement(bind_statement(self.connection, asked["sql"], self.secrets), asked, self.secrets)
        except Refusal as refused:
            return refused.told, b""
        except duckdb.Error as error:
            return convert_error(error, self.secrets, 0).told, b""
        except RecursionError:
            return Refusal("syntax", "It is nested too deeply.").told, b""
        except (MemoryError, pa.ArrowMemoryError):
            return Refusal("memory").told, b""


def main() -> None:
    """Open the database that the first line names, then answer questions until there are no more."""
    incoming = sys.stdin.buffer
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but answers reaches the server
    sys.setrecursionlimit(RECURSION_DEPTH)
    start = json.loads(incoming.readline())
    try:
        asker = QueryRunner(start["database"], start["memory"])
    except Exception as error:
        send_answer(outgoing, {"version": "", "trouble": f"{type(error).__name__}: {error}"})
        raise
    restrict_process(HEADROOM, files=0)
    send_answer(outgoing, {"version": asker.version, "trouble": ""})
    questions: queue.Queue[tuple[dict[str, Any], bytes]] = queue.Queue()
    start_listener(incoming, questions)
    try:
        while True:
            asked, _ = questions.get(timeout=IDLE_SECONDS)
            set_alarm(asked["seconds"] + 2)
            send_answer(outgoing, *asker.answer(asked))
            set_alarm(0)
    except queue.Empty:
        os._exit(0)
    finally:  # Python would wait for the thread that reads, and give up
        os._exit(1)


if __name__ == "__main__":
    main()
