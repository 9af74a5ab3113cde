"""The process in which a reader's SQL runs: it reads one database, and can open, write and reach nothing else.

Run by queries/sandbox.py, never imported by the server. It takes one JSON line a question from standard input and
answers with one JSON line, followed by as many bytes of Arrow as that line says. It ends when its input ends, which
is when the server is gone, in whatever way.

Each wall stands alone: the statement is judged by its parse tree; the database is open for reading only, with no
access to anything outside it; and the process has no right to open a file, let alone to write one.
"""

import contextlib
import difflib
import json
import math
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa

HERE = Path(__file__).parent
HEADROOM = 1_500_000_000  # bytes of address space beyond what the process takes once it is ready
BATCH = 2048
IDLE_SECONDS = 600
DEPTH = 20_000  # of Python's own recursion: a tree of a thousand levels of SQL is three thousand of JSON
NOWHERE = 2**64 - 1

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

# Forms of the parse tree that only read. A form that is not here is refused, also one that a later DuckDB brings.
NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
TABLES = {"EMPTY", "BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "PIVOT"}
MODIFIERS = {"ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER"}
ORDERS = {"ORDER_DEFAULT", "ASCENDING", "DESCENDING"}
CLASSES = {
    *("BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT", "FUNCTION"),
    *("LAMBDA", "LAMBDA_REF", "OPERATOR", "POSITIONAL_REFERENCE", "STAR", "SUBQUERY", "TYPE", "WINDOW"),
}
# Words that DuckDB reads as functions where no column has that name.
BARE_FUNCTIONS = {"current_catalog", "current_role", "current_schema", "current_user", "session_user", "user"}
# Messages of these kinds speak of the statement. Others may speak of the machine, and are not passed on.
HARMLESS = {
    *("Parser", "Syntax", "Binder", "Catalog", "Conversion", "Out of Range", "Invalid Input", "Invalid type"),
    *(
        "Mismatch Type",
        "Divide by Zero",
        "Not implemented",
        "Decimal",
        "INTERVAL",
        "Expression",
        "Parameter Not Allowed",
    ),
}
KEPT_TYPES = {
    *("boolean", "tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger", "ubigint"),
    *("float", "double", "decimal"),
}
DAYS = {"date", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns"}
# What a day of Python can be; beyond it, and for infinity, days travel as text.
FIRST_DAY, LAST_DAY = -719_162, 2_932_896
PER_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


class Refusal(Exception):
    """A statement that is not run, or a result that is not handed out: a code of queries/sandbox.py and its detail."""

    def __init__(self, code: str, detail: str = "", at: int | None = None, near: str = "") -> None:
        super().__init__(code)
        self.told = {"code": code, "detail": detail, "at": None if at in (None, NOWHERE) else at, "near": near}


def lower(name: str) -> str:
    """Lower case as DuckDB means it: of ASCII letters only. Python would make a plain k of the sign of Kelvin."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)


def read_functions() -> tuple[frozenset[str], frozenset[str]]:
    """Functions that may be named in an expression, and those that may stand after FROM."""
    named: dict[str, set[str]] = {}
    section = ""
    for line in (HERE / "sql_functions.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line
        elif line and not line.startswith("#"):
            named.setdefault(section, set()).add(lower(line))
    return frozenset(named["[functions]"] | named["[operators]"]), frozenset(named["[from]"])


class Judge:
    """Decides by the parse tree whether a statement only reads published tables and only computes."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.functions, self.table_functions = read_functions()
        tables = "select lower(table_name) from duckdb_tables() where not internal and schema_name = 'main'"
        types = "select lower(type_name) from duckdb_types() where type_name <> 'type'"
        self.tables = {str(row[0]) for row in connection.execute(tables).fetchall()}
        self.types = {str(row[0]) for row in connection.execute(types).fetchall()} | {"double precision"}

    def judge(self, sql: str) -> None:
        """Raise Refusal unless the text is one statement that may run. Raises duckdb.Error where it cannot be read."""
        statements: list[Any] = self.connection.extract_statements(sql)
        if not statements:
            raise Refusal("empty")
        if len(statements) > 1:
            raise Refusal("several", str(len(statements)))
        kind = statements[0].type.name
        if kind == "MULTI":
            raise Refusal("not_reading", "PIVOT")
        if kind != "SELECT":
            raise Refusal("not_reading", kind.replace("_", " "))
        row = self.connection.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchone()
        tree: dict[str, Any] = json.loads(row[0]) if row else {"error": True}
        if tree["error"] or len(tree["statements"]) != 1:
            raise Refusal("not_reading", "this form")
        self.walk(tree["statements"][0], frozenset())

    def walk(self, part: Any, ctes: frozenset[str]) -> None:
        """Judge a part of the tree; ctes are the names of WITH that can be seen from there."""
        if isinstance(part, list):
            for one in part:
                self.walk(one, ctes)
        elif isinstance(part, dict):
            self.form(part)
            ctes = self.with_names(part, ctes)
            self.names(part, ctes)
            for key, value in part.items():
                if key != "cte_map":
                    self.walk(value, ctes)

    def form(self, part: dict[str, Any]) -> None:
        """Refuse a form that is not known to read."""
        kind, at = part.get("type"), part.get("query_location")
        if "class" in part:
            if part["class"] == "PARAMETER":
                raise Refusal("syntax", "A parameter has no value here: write the value itself.", at)
            if part["class"] not in CLASSES:
                raise Refusal("not_reading", str(part["class"]), at)
        elif isinstance(kind, str) and kind not in NODES | TABLES | MODIFIERS | ORDERS:
            if kind == "SHOW_REF":
                raise Refusal("not_reading", {"SUMMARY": "SUMMARIZE"}.get(part["show_type"], "DESCRIBE"), at)
            raise Refusal("not_reading", kind.removesuffix("_QUERY_NODE").removesuffix("_NODE"), at)

    def with_names(self, part: dict[str, Any], ctes: frozenset[str]) -> frozenset[str]:
        """Judge the queries of a WITH, each with the names before it; return the names that its statement sees."""
        if part.get("type") == "RECURSIVE_CTE_NODE":
            ctes |= {lower(part["cte_name"])}
        for entry in (part.get("cte_map") or {"map": []})["map"]:
            self.walk(entry["value"], ctes)
            ctes |= {lower(entry["key"])}
        return ctes

    def names(self, part: dict[str, Any], ctes: frozenset[str]) -> None:
        """Refuse a table, a function, a type or a word that reaches beyond the published tables."""
        at = part.get("query_location")
        if part.get("type") == "BASE_TABLE":
            self.table(part, ctes)
        elif part.get("type") == "TABLE_FUNCTION":
            self.function(part["function"]["function_name"], self.table_functions, at)
        elif "function_name" in part:
            self.function(part["function_name"], self.functions | self.table_functions, at)
            if part.get("export_state"):
                raise Refusal("function", "export_state", at)
        elif part.get("class") == "TYPE" and lower(part["type_name"]) not in self.types:
            near = difflib.get_close_matches(lower(part["type_name"]), self.types, 1)
            raise Refusal("unknown_name", part["type_name"], at, *near)
        elif part.get("class") == "COLUMN_REF" and len(part["column_names"]) == 1:
            self.bare(part["column_names"][0], at)

    def bare(self, name: str, at: int | None) -> None:
        """Refuse a word that DuckDB would read as a function."""
        if lower(name) in BARE_FUNCTIONS:
            raise Refusal("function", name, at)

    def table(self, part: dict[str, Any], ctes: frozenset[str]) -> None:
        """Only a table of the schema, or a name of WITH."""
        path = part["qualified_name"]["path"]
        name, at = part["table_name"], part["query_location"]
        plain = path == [name] and not part["schema_name"] and not part["catalog_name"]
        of_schema = [lower(step) for step in path] == ["main", lower(name)] and not part["catalog_name"]
        published = (plain or of_schema) and lower(name) in self.tables
        if part["at_clause"] is not None or not (published or (plain and lower(name) in ctes)):
            near = difflib.get_close_matches(lower(name), self.tables | ctes, 1)
            raise Refusal("table", ".".join(path) or name, at, *near)

    def function(self, name: str, allowed: frozenset[str], at: int | None) -> None:
        """Only a function of the list."""
        if lower(name) not in allowed:
            raise Refusal("function", name, at, *difflib.get_close_matches(lower(name), allowed, 1))


class OddDays(Exception):
    """A day that Python has no value for: infinity, before the year 1, after 9999."""


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def within(kind: Any) -> str:
    """The type in which a value inside a list or struct travels."""
    if kind.id in KEPT_TYPES:
        return str(kind)
    if kind.id in ("list", "array"):
        return f"{within(kind.children[0][1])}[]"
    if kind.id == "struct" and all(name for name, _ in kind.children):
        return f"struct({', '.join(f'{quoted(name)} {within(child)}' for name, child in kind.children)})"
    return "varchar"


def travels_as(kind: Any, days_as_text: bool) -> str:
    """The type in which a column travels: its own, or text where Polars, JSON or a page has no value for it."""
    if kind.id in DAYS:
        return "varchar" if days_as_text else str(kind)
    return within(kind)


def unlike(names: list[str]) -> list[str]:
    """The names, each once: a, a_2."""
    found: list[str] = []
    for name in names:
        number, candidate = 1, name
        while candidate in found or (number > 1 and candidate in names):
            number += 1
            candidate = f"{name}_{number}"
        found.append(candidate)
    return found


def check_days(batch: pa.RecordBatch) -> None:
    """Raise OddDays where a day of this batch has no value in Python."""
    for column in batch.columns:
        if pa.types.is_date32(column.type) or pa.types.is_timestamp(column.type):
            unit = 1 if pa.types.is_date32(column.type) else PER_DAY[column.type.unit]
            days = column.view(pa.int32() if unit == 1 else pa.int64()).drop_null()
            if (
                len(days)
                and not FIRST_DAY * unit <= min(days.to_numpy()) <= max(days.to_numpy()) < (LAST_DAY + 1) * unit
            ):
                raise OddDays


def batches(reader: pa.RecordBatchReader, rows: int) -> Iterator[pa.RecordBatch]:
    """The result, piece by piece, as far as it may go."""
    count = 0
    for batch in reader:
        count += batch.num_rows
        if count > rows:
            raise Refusal("rows", f"{rows:,}")
        check_days(batch)
        yield batch


def result(connection: duckdb.DuckDBPyConnection, asked: dict[str, Any], days_as_text: bool) -> tuple[Any, Any]:
    """Run a statement that was judged; return what the server needs to know of it, and the rows as Arrow."""
    rows = connection.sql(asked["sql"])
    names, kinds = unlike(rows.columns), rows.types
    types = [travels_as(kind, days_as_text) for kind in kinds]
    if any(new != str(kind) for new, kind in zip(types, kinds, strict=True)):
        casts = (f"#{place}::{new} as c{place}" for place, new in enumerate(types, start=1))
        rows = rows.project(", ".join(casts))
    reader = rows.to_arrow_reader(BATCH)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(
        sink, pa.schema([field.with_name(n) for field, n in zip(reader.schema, names, strict=True)])
    ) as out:
        for batch in batches(reader, asked["rows"]):
            out.write_batch(batch.rename_columns(names))
            if sink.tell() > asked["bytes"]:
                raise Refusal("bytes", str(asked["bytes"] // 1_000_000))
    whole = [name for name, kind in zip(names, kinds, strict=True) if kind.id in ("hugeint", "uhugeint")]
    return {"whole": whole}, sink.getvalue()


def told(error: BaseException, secrets: tuple[str, ...]) -> dict[str, Any]:
    """An error of DuckDB as a refusal; nothing of it is passed on that could speak of the machine."""
    _, _, text = str(error).partition(": ")
    try:
        said = json.loads(text)
    except ValueError:
        said = {}
    kind, message = said.get("exception_type", ""), str(said.get("exception_message", ""))
    if isinstance(error, MemoryError) or kind == "Out of Memory" or "malloc" in str(error) or "bad_alloc" in str(error):
        return Refusal("memory").told
    if kind not in HARMLESS or any(secret in message for secret in secrets):
        return Refusal("failed").told
    at = int(said["position"]) if str(said.get("position", "")).isdigit() else None
    if said.get("error_subtype") in ("COLUMN_NOT_FOUND", "MISSING_ENTRY"):
        near = str(said.get("candidates", "")).split(",")[0]
        return Refusal("unknown_name", str(said.get("name", "")), at, near).told
    code = "syntax" if kind in ("Parser", "Syntax", "Binder", "Catalog") else "failed"
    return Refusal(code, message.split("\n\n", maxsplit=1)[0][:500], at).told


class Worker:
    """One connection, one question at a time."""

    def __init__(self, database: str, memory: str) -> None:
        self.connection = duckdb.connect(database, config=SETTINGS | {"memory_limit": memory})
        for setting in AFTERWARDS:
            self.connection.execute(setting)
        self.judge = Judge(self.connection)
        self.secrets = (str(Path(database).parent), Path(database).name)
        version = self.connection.execute("select data_version from build").fetchone()
        self.version = str(version[0]) if version else ""
        # What is loaded at the first use is loaded now, while files can still be opened.
        self.answer({"sql": "select date '2000-01-01' as d, [1.5::double] as x, now() as t", "rows": 1, "bytes": 10**6})

    def answer(self, asked: dict[str, Any]) -> tuple[dict[str, Any], Any]:
        """The result of one question, or why there is none."""
        try:
            self.judge.judge(asked["sql"])
            try:
                return result(self.connection, asked, days_as_text=False)
            except OddDays:
                return result(self.connection, asked, days_as_text=True)
        except Refusal as refusal:
            return refusal.told, b""
        except RecursionError:
            return Refusal("syntax", "The statement is nested too deeply.").told, b""
        except (duckdb.Error, MemoryError, OSError, ValueError, RuntimeError, pa.ArrowException) as error:
            return told(error, self.secrets), b""


def address_space() -> int:
    """Bytes of address space that this process takes; 0 where the system does not say."""
    with contextlib.suppress(OSError, ValueError):
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def restrict() -> None:
    """Take from this process what reading needs not: other files, the network, much memory, precedence."""
    if hasattr(os, "nice"):
        os.nice(10)
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    limits = {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": 0, "RLIMIT_NOFILE": 0}
    if taken := address_space():
        limits["RLIMIT_AS"] = taken + HEADROOM
    for name, limit in limits.items():
        with contextlib.suppress(OSError, ValueError):  # a system that refuses one limit keeps the other walls
            resource.setrlimit(getattr(resource, name), (limit, limit))


def listen(incoming: BinaryIO, questions: "queue.Queue[dict[str, Any]]") -> None:
    """Take in questions; end the process, whatever it is doing, once the server is gone."""
    for line in incoming:
        questions.put(json.loads(line))
    os._exit(0)


def alarm(seconds: float) -> None:
    """Have the system end this process then, also where DuckDB keeps every thread of Python waiting; 0: not at all."""
    if hasattr(signal, "alarm"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(math.ceil(seconds))


def send(outgoing: BinaryIO, head: dict[str, Any], body: Any = b"") -> None:
    """One answer: a line of JSON, then the bytes it announces."""
    outgoing.write(json.dumps(head | {"bytes": len(body)}).encode() + b"\n")
    outgoing.write(body)
    outgoing.flush()


def main() -> None:
    """Open the database that the first line names, then answer questions until there are no more."""
    incoming = sys.stdin.buffer
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but answers reaches the server
    sys.setrecursionlimit(DEPTH)
    start = json.loads(incoming.readline())
    worker = Worker(start["database"], start["memory"])
    restrict()
    send(outgoing, {"version": worker.version})
    questions: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=listen, args=(incoming, questions), daemon=True).start()
    with contextlib.suppress(queue.Empty):
        while True:
            asked = questions.get(timeout=IDLE_SECONDS)
            alarm(asked["seconds"] + 2)
            send(outgoing, *worker.answer(asked))
            alarm(0)
    os._exit(0)


if __name__ == "__main__":
    main()
