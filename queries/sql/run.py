"""Run readers' SQL: one statement that reads the published tables, in a separate process, within limits.

    with start_query("select park_id, value from observation") as running:
        while not running.wait(0.2):
            ...
        rows = running.result()

A worker (queries/sql/worker.py) judges the statement by its parse tree (queries/sql/guard.py, with the list of
functions in queries/sql/functions.txt) and runs it with no right to open anything. Limits and messages are in
queries/sql/limits.py. A query is ended by ending its process, which it cannot refuse.
"""

import atexit
import contextlib
import logging
import threading
from collections.abc import Hashable, Iterator
from concurrent.futures import Future, wait
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any

import cachetools
import polars as pl

from data.paths import get_database_path
from queries.database.engine import get_data_version
from queries.database.state import DatabaseMissing
from queries.sql.limits import BYTES, COLUMNS, LENGTH, MESSAGES, ROWS, SECONDS, Refused, check_statement, find_position
from queries.sql.pool import QueryPool, QueryWorker, RefusalReason

__all__ = ["BYTES", "LENGTH", "MESSAGES", "ROWS", "SECONDS", "Refused", "get_data_version"]
START_SECONDS = 30.0
EXACT_WHOLE, EXACT_DIGITS = 2**53 - 1, 10**15  # what a double keeps: the largest whole number, and 15 digits
KEPT_BYTES = 256_000_000  # of answers that pages hold, all readers together

log = logging.getLogger("park")
_query_pool = QueryPool()
_answers: cachetools.LRUCache[object, pl.DataFrame] = cachetools.LRUCache(KEPT_BYTES, pl.DataFrame.estimated_size)
_answers_lock = threading.Lock()


def get_database_file_stamp(path: Path) -> tuple[object, ...]:
    """Return what distinguishes this database file from others. Raises DatabaseMissing."""
    try:
        status = path.stat()
    except OSError as error:
        raise DatabaseMissing(f"No database at {path.name}. Build it: python -m data.build") from error
    return str(path), status.st_ino, status.st_mtime_ns, status.st_size


class RunningQuery:
    """A query under way. Leaving it as a context manager cancels it and ends its process.

    answer: its rows once they are there, or Refused. data_version: of the database that answered.
    """

    def __init__(self, sql: str, path: Path, stamp: tuple[object, ...], client: Hashable, most: int) -> None:
        self.answer: Future[pl.DataFrame] = Future()
        self.data_version = ""
        self._sql, self._path, self._stamp, self._client, self._most = sql, path, stamp, client, most
        self._lock = threading.Lock()
        self._worker: QueryWorker | None = None
        self._why: RefusalReason | None = None  # why its process was ended from here
        threading.Thread(target=self._run, name="sandbox", daemon=True).start()

    @property
    def pid(self) -> int | None:
        """Return the id of the process in which it runs now, or None."""
        worker = self._worker
        return worker.process.pid if worker else None

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end, at most so many seconds (None: without limit); return whether it came."""
        return bool(wait([self.answer], seconds).done)

    def cancel(self) -> None:
        """End the query at once; has no effect on one that has ended."""
        self._end("cancelled", "")
        _query_pool.wake()

    def result(self) -> pl.DataFrame:
        """Return the rows, once they are there. Raises Refused."""
        return self.answer.result()

    def __enter__(self) -> "RunningQuery":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.cancel()

    def _run(self) -> None:
        try:
            with _query_pool.place(self._client, lambda: self._why):
                rows = self._ask()
        except Refused as refused:
            self.answer.set_exception(refused)
        except Exception:  # whoever waits is told, whatever it was
            log.exception("a query of a reader could not be run")
            self.answer.set_exception(Refused("broken"))
        else:
            self.answer.set_result(rows)

    def _ask(self) -> pl.DataFrame:
        worker = _query_pool.take(self._path, self._stamp)
        with self._lock:
            self._worker = worker
        try:
            head, body = self._ask_worker(worker)
        except (OSError, EOFError):
            head, body = {"code": worker.cause_of_death() if worker.version else "broken"}, b""
        with self._lock:
            self._worker = None  # from here on nobody ends it for this query
        if self._why or not worker.version or head.get("code") == "memory" or worker.process.poll() is not None:
            worker.close()
        else:
            _query_pool.keep(worker)
        if self._why:
            raise Refused(*self._why)
        if "code" in head:
            place = find_position(self._sql, head.get("at"))
            raise Refused(head["code"], head.get("detail", ""), head.get("near", ""), place)
        self.data_version = worker.version
        return read_answer(body, head["whole"])

    def _ask_worker(self, worker: QueryWorker) -> tuple[dict[str, Any], bytes]:
        if self._why:
            raise EOFError
        if not worker.version:
            with self._deadline(START_SECONDS, ("broken", "")):
                if trouble := worker.ready():
                    log.error("the process of queries could not start: %s", trouble)
                    return {"code": "broken"}, b""
        with self._deadline(SECONDS, ("timeout", f"{SECONDS:g}")):
            limits = {"rows": ROWS, "columns": COLUMNS, "bytes": self._most, "seconds": SECONDS}
            worker.write({"sql": self._sql} | limits)
            return worker.read()

    @contextlib.contextmanager
    def _deadline(self, seconds: float, why: RefusalReason) -> Iterator[None]:
        timer = threading.Timer(seconds, self._end, why)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _end(self, *why: str) -> None:
        with self._lock:
            if self.answer.done():
                return
            self._why = self._why or (why[0], why[1])
            if self._worker:
                self._worker.kill()


def read_answer(body: bytes, whole: list[str]) -> pl.DataFrame:
    """Read the rows of an answer.

    Codes become text. Whole numbers of 128 bits, which came as text, become numbers where all of them fit into 64
    bits. Then a column of numbers becomes text where one of them has more digits than a number of JSON or of a
    spreadsheet keeps.
    """
    rows = pl.read_ipc_stream(body)
    numbers = {name: rows[name].cast(pl.Int64, strict=False) for name in whole}
    fitting = [column for name, column in numbers.items() if column.null_count() == rows[name].null_count()]
    codes = pl.col(pl.Categorical, pl.Enum).cast(pl.String)
    rows = rows.with_columns(codes).with_columns(fitting)
    return rows.with_columns([write_digits(column) for column in rows if has_too_many_digits(column)])


def has_too_many_digits(column: pl.Series) -> bool:
    """Return whether a column holds a number that a double of 64 bits does not give back digit by digit."""
    kind = column.dtype
    if not (kind.is_integer() or kind.is_decimal()):
        return False
    ends = [Decimal(end) for end in (column.min(), column.max()) if end is not None]  # type: ignore[arg-type]
    most = EXACT_DIGITS if isinstance(kind, pl.Decimal) else EXACT_WHOLE
    return any(abs(end.scaleb(getattr(kind, "scale", 0))) > most for end in ends)


def write_digits(column: pl.Series) -> pl.Series:
    """Return numbers as text, without zeros after the last digit of a fraction."""
    text = column.cast(pl.String)
    return text.str.replace(r"(\.\d*?)0+$", "$1").str.strip_suffix(".") if column.dtype.is_decimal() else text


def start_query(sql: str, client: Hashable = None, most: int = BYTES) -> RunningQuery:
    """Start a query: one statement that reads the tables of the schema (/api/health lists them).

    At most LENGTH characters, SECONDS of time, MEMORY, ROWS rows and `most` bytes of result. QUERIES_AT_ONCE run at
    the same time, one per client (its address, or the session of a page; None: a client of its own); others wait up
    to TURN_SECONDS, the clients in turn. Columns keep their names, a second one of the same name becomes a_2.
    Numbers, text, truth values, dates and times without a zone keep their types; lists, structs and maps become
    text in JSON; codes and all else become text, times with a zone in UTC.

    Raises Refused for a text that no worker needs to see (empty, too_long, syntax), DatabaseMissing before the
    first build. Everything else is raised by RunningQuery.result.
    """
    path = get_database_path()
    return RunningQuery(
        check_statement(sql), path, get_database_file_stamp(path), object() if client is None else client, most
    )


def run_query(sql: str) -> pl.DataFrame:
    """Return the rows of a query, once they are there. Raises Refused and DatabaseMissing; see start_query()."""
    with start_query(sql) as running:
        running.wait()
        return running.result()


def keep_answer(reader: str, sql: str, rows: pl.DataFrame) -> None:
    """Keep an answer for a reader who sorts, draws and downloads it; the least recently used ones make room."""
    with _answers_lock, contextlib.suppress(ValueError):  # one that is larger than all the room is asked again
        _answers[reader, sql, get_data_version()] = rows


def find_kept_answer(reader: str, sql: str) -> pl.DataFrame | None:
    """Return the answer kept for a reader, if it is of the database in service; else None."""
    with _answers_lock:
        return _answers.get((reader, sql, get_data_version()))


def close_workers() -> None:
    """End all workers; the next question starts a new one."""
    _query_pool.close()


atexit.register(close_workers)
