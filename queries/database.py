"""The only door to the database: one read-only connection for each state of the data, a cursor for each question."""

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import cachetools
import duckdb
import polars as pl

from data.build import database_path

HERE = Path(__file__).parent
KEPT_ANSWERS = 512
SERVED = "served"  # the name under which the file is attached


class DatabaseMissing(FileNotFoundError):
    """The database has not been built on this machine."""


class _State:
    """One state of the data: one database file, open as long as somebody asks it, also after another took its place.

    The file is attached to a database in memory: DuckDB opens a path once in a process and would go on with the file
    of before. It closes by itself when the last question, stream or page that holds it is done.
    """

    def __init__(self, path: Path, stamp: tuple[object, ...]) -> None:
        self.stamp = stamp
        self._connection = duckdb.connect(":memory:")
        try:
            literal = str(path).replace("'", "''")
            self._connection.execute(f"attach '{literal}' as {SERVED} (read_only)")
            # A reader needs no file but this one: reading others would let a question reach the disk.
            self._connection.execute("set enable_external_access = false")
        except BaseException:
            self._connection.close()
            raise
        self.close = weakref.finalize(self, self._connection.close)

    @property
    def open(self) -> bool:
        return self.close.alive

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._connection.cursor()
        try:
            cursor.execute(f"use {SERVED}")
            yield cursor
        finally:
            cursor.close()


class _Door:
    """Holds the state that is asked; opens the next one when another file was swapped in, without waiting."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._state: _State | None = None
        self._answers: cachetools.LRUCache[object, pl.DataFrame] = cachetools.LRUCache(KEPT_ANSWERS)

    def state(self) -> _State:
        """The state of this run where one is pinned, else that of the file as it is now. Raises DatabaseMissing."""
        pinned = _pinned.get()
        return pinned if pinned is not None and pinned.open else self.latest()

    def latest(self) -> _State:
        """The state of the file as it is now. Raises DatabaseMissing."""
        path = database_path()
        try:
            status = path.stat()
        except OSError as error:
            raise DatabaseMissing(f"No database at {path.name}. Build it: python -m data.build") from error
        stamp = (str(path), status.st_ino, status.st_mtime_ns, status.st_size)
        state = self._state
        if state is not None and state.stamp == stamp:
            return state
        with self._turn:
            if self._state is None or self._state.stamp != stamp:
                self._state = None  # stays so where the new file cannot be read
                self._state = _State(path, stamp)
                self._answers.clear()
            return self._state

    def kept(self, key: object) -> pl.DataFrame | None:
        with self._turn:
            return self._answers.get(key)

    def keep(self, key: object, answer: pl.DataFrame) -> None:
        with self._turn:
            self._answers[key] = answer

    def close(self) -> None:
        with self._turn:
            if self._state is not None:
                self._state.close()
            self._state = None
            self._answers.clear()


_door = _Door()
_pinned: ContextVar[_State | None] = ContextVar("state", default=None)


def pin() -> None:
    """Have every question of this run of a page, or of this request, answered from one state of the data, also where
    another is swapped in meanwhile. Without a database nothing is pinned."""
    try:
        _pinned.set(_door.latest())
    except DatabaseMissing:
        _pinned.set(None)


@cache
def question(name: str) -> str:
    """The text of queries/<name>.sql."""
    return (HERE / f"{name}.sql").read_text("utf-8")


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def fetch(name: str, **parameters: object) -> pl.DataFrame:
    """Run queries/<name>.sql with its $parameters and return the rows.

    The same question to the same database file is answered from memory; nobody changes a frame.
    Raises DatabaseMissing before the first build.
    """
    state = _door.state()
    # The file is part of the key: an answer from the file of before may arrive after the swap.
    key = (state.stamp, name, *((parameter, _frozen(value)) for parameter, value in sorted(parameters.items())))
    answer = _door.kept(key)
    if answer is None:
        with state.cursor() as cursor:
            answer = cursor.sql(question(name), params=parameters or None).pl()
        _door.keep(key, answer)
    return answer


@contextmanager
def asking() -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor for questions that are put together elsewhere, of this file and no other. It only reads."""
    with _door.state().cursor() as cursor:
        yield cursor


class Apart:
    """A connection of one's own to the database as it stands now, for whoever reads long.

    It keeps that state when another file is swapped in, and nobody waits for it. DuckDB gives a path that is open in
    this process once again to whoever connects to it, hence a database in memory that the file is attached to.
    Raises DatabaseMissing.
    """

    def __init__(self) -> None:
        path = database_path()
        # One thread: the long read leaves the other processors to those who wait for a page.
        self._connection = duckdb.connect(":memory:", config={"threads": "1", "memory_limit": "1GB"})
        try:
            if not path.exists():
                raise DatabaseMissing(f"No database at {path.name}. Build it: python -m data.build")
            quoted = str(path).replace("'", "''")
            self._connection.execute(f"attach '{quoted}' as park (read_only)")
            self._connection.execute("use park")
            self._connection.execute("set enable_external_access = false")
            self._connection.execute("set enable_progress_bar = false")
        except BaseException:
            self._connection.close()
            raise

    def fetch(self, name: str, **parameters: object) -> pl.DataFrame:
        """As fetch() below, but kept nowhere."""
        answer: pl.DataFrame = self._connection.sql(question(name), params=parameters or None).pl()
        return answer

    def fetch_columns(self, columns: list[str], name: str, **parameters: object) -> pl.DataFrame:
        """As fetch(), but some columns alone."""
        rows = self._connection.sql(question(name), params=parameters or None)
        answer: pl.DataFrame = rows.project(", ".join(columns)).pl()
        return answer

    def count(self, name: str) -> int:
        """Rows of a table. Raises KeyError for a name that is no table."""
        rows = self.fetch("tables").filter(pl.col("table_id") == name)["rows"]
        if rows.is_empty():
            raise KeyError(name)
        return int(rows[0])

    def pieces(self, name: str, rows: int) -> Iterator[pl.DataFrame]:
        """All rows of a table, in stored order, so many at a time; at least one piece, which may be empty."""
        reader = self._connection.table(name).to_arrow_reader(rows)
        empty = True
        for batch in reader:
            empty = False
            yield pl.DataFrame(batch)
        if empty:
            yield pl.DataFrame(reader.schema.empty_table())

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()


def table(name: str) -> pl.DataFrame:
    """All rows of one table of the schema, in stored order. Raises KeyError for a name that is no table."""
    if name not in fetch("tables")["table_id"].to_list():
        raise KeyError(name)
    with _door.state().cursor() as cursor:
        rows: pl.DataFrame = cursor.table(name).pl()
        return rows


def data_version() -> str:
    """Twelve hex digits that name the state of the sources this database was built from."""
    return str(fetch("build")["data_version"][0])


def close() -> None:
    """Close the connection; the next question opens it anew."""
    _door.close()
