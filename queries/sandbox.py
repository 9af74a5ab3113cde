"""SQL of readers: one statement that reads the published tables, in a process of its own, within limits.

    with start("select park_id, value from observation") as running:
        while not running.wait(0.2):
            ...
        rows = running.result()

The statement is judged and run in a worker (queries/sandbox_worker.py): what it can reach is written there, the
functions it may name in queries/sql_functions.txt. Here are the limits, the turns, and the end of a worker that
breaks them. Ended by a signal, it cannot refuse to stop.
"""

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import polars as pl

from data.build import database_path
from queries.database import DatabaseMissing

SECONDS = 5.0
MEMORY = "512MB"
ROWS = 100_000
BYTES = 64_000_000  # of the result as Arrow
AT_ONCE = 2
WAITING = 8  # who comes while so many wait is told at once
TURN_SECONDS = 2.0  # how long to wait for a turn
LENGTH = 20_000
START_SECONDS = 30.0
IDLE_SECONDS = 540.0  # a worker ends itself after 600

WORKER = Path(__file__).parent / "sandbox_worker.py"
PASSED_ON = ("PYTHONPATH", "PYTHONHOME", "SYSTEMROOT")

# What was wrong, where {detail} and {near} come in, and how to mend it.
MESSAGES = {
    "empty": "There is no statement. Write one that begins with SELECT, FROM or WITH.",
    "too_long": "The statement has {detail} characters. Shorten it to {limit}.",
    "several": "These are {detail} statements. Send one; a semicolon may stand at its end.",
    "not_reading": "{detail} is not taken. Write one statement that reads: SELECT, FROM, WITH, VALUES.",
    "table": "There is no table {detail} to read.{near} The tables are those of /api/health.",
    "function": "The function {detail} is not on the list of those that may be used.{near}",
    "syntax": "The statement cannot be read: {detail}",
    "unknown_name": "The name {detail} is not known here.{near}",
    "timeout": "The query took longer than {detail} seconds and was ended. Filter earlier, or join fewer rows.",
    "memory": "The query needs more memory than it may take ({limit}). Aggregate in steps, or take fewer rows.",
    "rows": "The result has more than {detail} rows. Add a limit, or aggregate.",
    "bytes": "The result is larger than {detail} MB. Take fewer columns or rows.",
    "busy": "{detail} queries are running. Try again in a moment.",
    "cancelled": "The query was cancelled.",
    "failed": "The query could not be answered. {detail}",
}


class Refused(ValueError):
    """A query without an answer.

    code: a key of MESSAGES. detail: the table, function, name or number it is about, or DuckDB's own words on the
    statement; never anything about the machine. near: the name that was perhaps meant, or "".
    line, column: where in the statement, both from 1, or None. The message is English: what, where, how to mend.
    """

    def __init__(self, code: str, detail: str = "", near: str = "", place: tuple[int, int] | None = None) -> None:
        self.code, self.detail, self.near = code, detail, near
        self.line: int | None = place[0] if place else None
        self.column: int | None = place[1] if place else None
        limit = f"{LENGTH:,}" if code == "too_long" else MEMORY
        meant = f" Did you mean {near}?" if near else ""
        where = f" (line {self.line}, column {self.column})" if place else ""
        super().__init__(MESSAGES[code].format(detail=detail, near=meant, limit=limit).strip() + where)


def place_of(sql: str, at: int | None) -> tuple[int, int] | None:
    """Line and column, both from 1, of a byte of the statement."""
    if at is None:
        return None
    before = sql.encode()[:at].decode(errors="ignore")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def stamp_of(path: Path) -> tuple[object, ...]:
    """What tells this database file from others. Raises DatabaseMissing."""
    try:
        status = path.stat()
    except OSError as error:
        raise DatabaseMissing(f"No database at {path.name}. Build it: python -m data.build") from error
    return str(path), status.st_ino, status.st_mtime_ns, status.st_size


def checked(sql: str) -> str:
    """The statement, once it is known to be a text that can be judged. Raises Refused."""
    if len(sql) > LENGTH:
        raise Refused("too_long", f"{len(sql):,}")
    if not sql.strip():
        raise Refused("empty")
    try:
        sql.encode()
    except UnicodeEncodeError as error:
        raise Refused("syntax", "It holds half a character. Type it anew.") from error
    if "\0" in sql:
        raise Refused("syntax", "It holds the character NUL. Take it out.", "", place_of(sql, sql.index("\0")))
    return sql


class _Worker:
    """A process that answers one question at a time."""

    def __init__(self, path: Path, stamp: tuple[object, ...]) -> None:
        self.stamp, self.used = stamp, time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-P", str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=WORKER.parent,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            start_new_session=True,  # Ctrl-C at the terminal is for the server, which ends its workers
        )
        self.version = ""
        self.write({"database": str(path.absolute()), "memory": MEMORY})

    def ready(self) -> None:
        """Wait until the database is open."""
        self.version = str(self.read()[0]["version"])

    def write(self, line: dict[str, Any]) -> None:
        if self.process.stdin:
            self.process.stdin.write(json.dumps(line).encode() + b"\n")
            self.process.stdin.flush()

    def read(self) -> tuple[dict[str, Any], bytes]:
        """One answer. Raises EOFError when the process ended instead."""
        if self.process.stdout is None:
            raise EOFError
        line = self.process.stdout.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        head: dict[str, Any] = json.loads(line)
        body = self.process.stdout.read(head["bytes"])
        if len(body) != head["bytes"]:
            raise EOFError
        return head, body

    def kill(self) -> None:
        """End the process; whoever reads from it sees the end."""
        with contextlib.suppress(OSError):
            self.process.kill()

    def bury(self) -> None:
        """End the process and give back what it held."""
        self.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def fits(self, stamp: tuple[object, ...]) -> bool:
        """Whether it lives and has this very database file open."""
        fresh = time.monotonic() - self.used < IDLE_SECONDS
        return fresh and self.stamp == stamp and self.process.poll() is None


class _Desk:
    """Gives turns, and keeps workers for the next question."""

    def __init__(self) -> None:
        self.turn = threading.Condition()
        self.idle: list[_Worker] = []
        self.running = 0
        self.waiting = 0

    @contextlib.contextmanager
    def place(self, running: "Running") -> Iterator[None]:
        """A turn. Raises Refused: busy or cancelled."""
        with self.turn:
            if self.waiting >= WAITING:
                raise Refused("busy", str(self.running))
            self.waiting += 1
            try:
                free = self.turn.wait_for(lambda: running.why or self.running < AT_ONCE, TURN_SECONDS)
            finally:
                self.waiting -= 1
            if running.why or not free:
                raise Refused(*(running.why or ("busy", str(self.running))))
            self.running += 1
        try:
            yield
        finally:
            with self.turn:
                self.running -= 1
                self.turn.notify_all()

    def take(self, path: Path, stamp: tuple[object, ...]) -> tuple[_Worker, bool]:
        """A worker for this file, and whether it is a new one."""
        with self.turn:
            idle, self.idle = self.idle, []
            fitting = [worker for worker in idle if worker.fits(stamp)]
            self.idle = fitting[1:]
        for worker in idle:
            if worker not in fitting:
                worker.bury()
        return (fitting[0], False) if fitting else (_Worker(path, stamp), True)

    def keep(self, worker: _Worker) -> None:
        worker.used = time.monotonic()
        with self.turn:
            self.idle.append(worker)

    def close(self) -> None:
        with self.turn:
            idle, self.idle = self.idle, []
        for worker in idle:
            worker.bury()


_desk = _Desk()


class Running:
    """A query under way. Leaving it as a context manager cancels it, and ends its process."""

    def __init__(self, sql: str, path: Path, stamp: tuple[object, ...]) -> None:
        self.why: tuple[str, str] | None = None  # why its process was ended from here
        self.data_version = ""  # of the database that answered
        self._sql, self._path, self._stamp = sql, path, stamp
        self._lock = threading.Lock()
        self._worker: _Worker | None = None
        self._done = threading.Event()
        self._rows: pl.DataFrame | None = None
        self._refused: Refused | None = None
        threading.Thread(target=self._run, name="sandbox", daemon=True).start()

    @property
    def pid(self) -> int | None:
        """The process in which it runs now."""
        worker = self._worker
        return worker.process.pid if worker else None

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end, at most so long; whether it came."""
        return self._done.wait(seconds)

    def cancel(self) -> None:
        """End the query, at once; nothing happens to one that has ended."""
        self._end("cancelled", "")
        with _desk.turn:
            _desk.turn.notify_all()

    def result(self) -> pl.DataFrame:
        """The rows, once they are there. Raises Refused."""
        self._done.wait()
        if self._rows is None:
            raise self._refused or Refused("failed")
        return self._rows

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.cancel()

    def _run(self) -> None:
        try:
            with _desk.place(self):
                self._ask()
        except Refused as refused:
            self._refused = refused
        finally:
            self._done.set()

    def _ask(self) -> None:
        worker, new = _desk.take(self._path, self._stamp)
        try:
            with self._lock:
                self._worker = worker
                if self.why:
                    raise EOFError
            if new:
                with self._deadline(START_SECONDS, ("failed", "")):
                    worker.ready()
            with self._deadline(SECONDS, ("timeout", f"{SECONDS:g}")):
                worker.write({"sql": self._sql, "rows": ROWS, "bytes": BYTES, "seconds": SECONDS})
                head, body = worker.read()
        except (OSError, EOFError):
            head, body = {"code": self._died(worker, new)}, b""
        with self._lock:
            self._worker = None  # from here on nobody ends it for this query
            ended = self.why is not None
        if ended or head.get("code") == "memory" or worker.process.poll() is not None:
            worker.bury()
        else:
            _desk.keep(worker)
        self._answer(head, body, worker.version)

    def _answer(self, head: dict[str, Any], body: bytes, version: str) -> None:
        if self.why:
            raise Refused(*self.why)
        if "code" in head:
            place = place_of(self._sql, head.get("at"))
            raise Refused(head["code"], head.get("detail", ""), head.get("near", ""), place)
        rows = pl.read_ipc_stream(body)
        self.data_version = version
        self._rows = rows.with_columns(whole(rows[column]) for column in head["whole"])

    def _died(self, worker: _Worker, new: bool) -> str:
        """The code of a query whose process ended without an answer: it never opened, or it broke a limit."""
        worker.kill()
        worker.process.wait()
        return "failed" if new and not worker.version else "memory"

    @contextlib.contextmanager
    def _deadline(self, seconds: float, why: tuple[str, str]) -> Iterator[None]:
        timer = threading.Timer(seconds, self._end, why)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _end(self, *why: str) -> None:
        with self._lock:
            if self._done.is_set():
                return
            self.why = self.why or (why[0], why[1])
            if self._worker:
                self._worker.kill()


def whole(column: pl.Series) -> pl.Series:
    """Whole numbers of 128 bits, as text, become numbers where all of them fit into 64."""
    numbers = column.cast(pl.Int64, strict=False)
    return numbers if numbers.null_count() == column.null_count() else column


def start(sql: str) -> Running:
    """Start a query: one statement that reads the tables of the schema (see docs of the schema for their columns).

    At most LENGTH characters, SECONDS of time, MEMORY, ROWS rows and BYTES of result; AT_ONCE run at the same time,
    others wait up to TURN_SECONDS. Columns keep their names, a second one of the same name becomes a_2. Numbers, text,
    truth values, dates, times of day with a date, lists and structs keep their kinds; codes (ENUM), intervals, times,
    bytes and all else become text; so do dates that no calendar of Python has, and times with a zone, which are UTC.

    Raises Refused for a text that no worker needs to see (empty, too_long, syntax), DatabaseMissing before the first
    build. All else is raised by Running.result.
    """
    path = database_path()
    return Running(checked(sql), path, stamp_of(path))


def run(sql: str) -> pl.DataFrame:
    """The rows of a query, once they are there. Raises Refused and DatabaseMissing; see start()."""
    with start(sql) as running:
        running.wait()
        return running.result()


def close() -> None:
    """End the workers that wait for a question; the next question starts one anew."""
    _desk.close()


atexit.register(close)
