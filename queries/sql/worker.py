"""The process in which a reader's SQL runs: it reads one database, and can open, write and reach nothing else.

Run by queries/sql/pool.py, never imported by the server. It takes one JSON line a question from standard input
and answers with one JSON line, followed by as many bytes of Arrow as that line says. It ends when its input ends,
which is when the server is gone, in whatever way.

Each wall stands alone: the statement is judged by its parse tree; the database is open for reading only, with no
access to anything outside it; and the process has no right to open a file, let alone to write one.
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

from data.storage.processes import alarm, listen, restrict, send
from queries.sql.guard import NOWHERE, Judge, Refusal

HEADROOM = 1_000_000_000  # bytes of address space beyond what the process takes once it is ready
BATCH = 2048
IDLE_SECONDS = 600
DEPTH = 20_000  # of Python's own recursion: a tree of a thousand levels of SQL is three thousand of JSON
CHECK = "explain "

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
AFTERWARDS = ("set TimeZone = 'UTC'", "set enable_external_access = false", "set lock_configuration = true")

# Messages of these kinds speak of the statement. Others may speak of the machine, and are not passed on.
READING = {"Parser", "Syntax", "Binder", "Catalog"}
HARMLESS = READING | {
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


def cast(place: int, kind: Any) -> str:
    """A column as it travels: as it is, or as text where Polars, a file or a page has no value for it."""
    if kind.id in KEPT_TYPES:
        return f"#{place} as c{place}"
    return f"{f'to_json(#{place})' if kind.id in NESTED else f'#{place}'}::varchar as c{place}"


def unlike(names: list[str]) -> list[str]:
    """The names, each once: a, a_2."""
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


def bound(connection: duckdb.DuckDBPyConnection, sql: str, secrets: tuple[str, ...]) -> duckdb.DuckDBPyRelation:
    """The statement with its names found and types checked. Raises Refusal where they do not fit, and says where."""
    try:
        return connection.sql(sql)
    except duckdb.Error:
        try:
            connection.execute(CHECK + sql).fetchall()  # its error names the place, the one before does not
        except duckdb.Error as placed:
            raise refusal(placed, secrets, len(CHECK)) from placed
        raise


def result(
    rows: duckdb.DuckDBPyRelation, asked: dict[str, Any], secrets: tuple[str, ...]
) -> tuple[dict[str, Any], Any]:
    """Run a statement that was judged; return what the server needs to know of it, and the rows as Arrow."""
    names, kinds = unlike(rows.columns), rows.types
    if len(names) > asked["columns"]:
        raise Refusal("columns", f"{len(names):,}")
    changed = any(kind.id not in KEPT_TYPES for kind in kinds)
    if changed:
        rows = rows.project(", ".join(cast(place, kind) for place, kind in enumerate(kinds, start=1)))
    whole = [name for name, kind in zip(names, kinds, strict=True) if kind.id in ("hugeint", "uhugeint")]
    try:
        with contextlib.closing(rows.to_arrow_reader(BATCH)) as reader:
            return {"whole": whole}, as_arrow(reader, names, asked)
    except duckdb.Error as error:
        raise refusal(error, secrets, None if changed else 0) from error


def as_arrow(reader: pa.RecordBatchReader, names: list[str], asked: dict[str, Any]) -> Any:
    """The rows as a stream of Arrow, as far as they keep within the limits. Raises Refusal."""
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
    return sink.getvalue()


def refusal(error: BaseException, secrets: tuple[str, ...], shift: int | None) -> Refusal:
    """An error of DuckDB as a refusal; nothing of it is passed on that could speak of the machine.

    shift: bytes that stood before the statement; None where places of the error are not places of the statement.
    """
    head, _, text = str(error).partition(": ")
    try:
        said = json.loads(text)
    except ValueError:
        said = {"exception_type": head.removesuffix(" Error"), "exception_message": text}
    kind, message = said.get("exception_type", ""), str(said.get("exception_message", ""))
    if kind == "Out of Memory" or "malloc" in str(error) or "bad_alloc" in str(error):
        return Refusal("memory")
    if kind not in HARMLESS or any(secret in message for secret in secrets):
        return Refusal("failed")
    if "expression depth" in message:
        return Refusal("syntax", "It is nested too deeply.")
    position = str(said.get("position", ""))
    at = int(position) - shift if shift is not None and position.isdigit() and int(position) != NOWHERE else None
    if said.get("error_subtype") in ("COLUMN_NOT_FOUND", "MISSING_ENTRY"):
        return Refusal("unknown_name", str(said.get("name", "")), at, str(said.get("candidates", "")).split(",")[0])
    return Refusal("syntax" if kind in READING else "failed", message.split("\n", maxsplit=1)[0][:300], at)


class Asker:
    """One connection, one question at a time."""

    def __init__(self, database: str, memory: str) -> None:
        self.connection = duckdb.connect(database, config=SETTINGS | {"memory_limit": memory})
        for setting in AFTERWARDS:
            self.connection.execute(setting)
        self.judge = Judge(self.connection)
        self.secrets = tuple(text for text in (str(Path(database).parent), Path(database).name) if text != "/")
        self.version = str(self.connection.execute("select data_version from build").fetchall()[0][0])
        # What is loaded at the first use is loaded now, while files can still be opened.
        for first in ("select date '2000-01-01' as d, [1.5::double] as x, now() as t", "select unknown"):
            self.answer({"sql": first, "rows": 1, "columns": 3, "bytes": 10**6})

    def answer(self, asked: dict[str, Any]) -> tuple[dict[str, Any], Any]:
        """The result of one question, or why there is none."""
        try:
            self.judge.judge(asked["sql"])
            return result(bound(self.connection, asked["sql"], self.secrets), asked, self.secrets)
        except Refusal as refused:
            return refused.told, b""
        except duckdb.Error as error:
            return refusal(error, self.secrets, 0).told, b""
        except RecursionError:
            return Refusal("syntax", "It is nested too deeply.").told, b""
        except (MemoryError, pa.ArrowMemoryError):
            return Refusal("memory").told, b""


def main() -> None:
    """Open the database that the first line names, then answer questions until there are no more."""
    incoming = sys.stdin.buffer
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but answers reaches the server
    sys.setrecursionlimit(DEPTH)
    start = json.loads(incoming.readline())
    try:
        asker = Asker(start["database"], start["memory"])
    except Exception as error:
        send(outgoing, {"version": "", "trouble": f"{type(error).__name__}: {error}"})
        raise
    restrict(HEADROOM, files=0)
    send(outgoing, {"version": asker.version, "trouble": ""})
    questions: queue.Queue[tuple[dict[str, Any], bytes]] = queue.Queue()
    listen(incoming, questions)
    try:
        while True:
            asked, _ = questions.get(timeout=IDLE_SECONDS)
            alarm(asked["seconds"] + 2)
            send(outgoing, *asker.answer(asked))
            alarm(0)
    except queue.Empty:
        os._exit(0)
    finally:  # Python would wait for the thread that reads, and give up
        os._exit(1)


if __name__ == "__main__":
    main()
