"""The only access to the database: one read-only connection for each state of the data, a cursor for each query."""

import logging
import os
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

from data.database import shape
from data.paths import get_database_path

log = logging.getLogger("park")
QUERIES = Path(__file__).parent.parent
KEPT_ANSWERS = 512
DATABASE_ALIAS = "served"  # the name under which the file is attached


class DatabaseMissing(FileNotFoundError):
    """The database has not been built on this machine."""


class DataDamaged(DatabaseMissing):
    """The database file exists but cannot be used: damaged, of another release, or not readable. A caller may treat it
    as if there were no database.
    """

    def __init__(self, why: str) -> None:
        self.file, self.why = get_database_path().name, why
        super().__init__(f"{self.file} cannot be used: {why}. Build it anew: python -m data.build")


def is_damage(error: Exception) -> bool:
    """Return whether an error of DuckDB is about the file and not about the query."""
    # Of a block that is not as written DuckDB says so in words alone; a question fails with a kind of its own. What
    # cannot be written is never the database.
    if "Could not write" in str(error):
        return False
    return isinstance(error, duckdb.IOException | duckdb.FatalException | duckdb.SerializationException) or (
        type(error) is duckdb.Error and "orrupt" in str(error)
    )


def _describe_error(error: Exception, path: Path) -> str:
    """Return the first line of an error, without the folder and without what does not help a reader."""
    line = (str(error).splitlines() or [type(error).__name__])[0]
    return line.replace(f"{path.parent}/", "").removeprefix("IO Error: ").rstrip(".!")


class _DatabaseState:
    """One state of the data: one database file, open as long as anything uses it, even after another replaced it.

    The file is attached to a database in memory: DuckDB opens a path once in a process and would go on with the
    previous file. It closes by itself when the last query, stream or page that holds it is done.
    """

    def __init__(self, path: Path, stamp: tuple[object, ...]) -> None:
        self.stamp = stamp
        self._connection = duckdb.connect(":memory:")
        try:
            literal = str(path).replace("'", "''")
            self._connection.execute(f"attach '{literal}' as {DATABASE_ALIAS} (read_only)")
            # A reader needs no file but this one: reading others would let a question reach the disk.
            self._connection.execute("set enable_external_access = false")
            with self.borrowed() as cursor:
                shape.read_data_version(cursor)
        except BaseException as error:
            self._connection.close()
            if isinstance(error, duckdb.Error | shape.SchemaMismatch):
                raise DataDamaged(_describe_error(error, path)) from error
            raise
        self.close = weakref.finalize(self, self._connection.close)

    @property
    def open(self) -> bool:
        return self.close.alive

    def borrowed(self) -> duckdb.DuckDBPyConnection:
        """Open a cursor that its caller must close, and that holds this state until then."""
        cursor = self._connection.cursor()
        cursor.execute(f"use {DATABASE_ALIAS}")
        return cursor

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self.borrowed()
        try:
            yield cursor
        except duckdb.Error as error:
            if not is_damage(error):
                raise
            raise current_database.harmed(self, error) from error
        finally:
            cursor.close()


def _make_file_stamp(path: Path, status: os.stat_result) -> tuple[object, ...]:
    """Return what identifies a database file: path, inode, time of modification in ns, size in bytes."""
    return str(path), status.st_ino, status.st_mtime_ns, status.st_size


class _CurrentDatabase:
    """Holds the current state; opens the next one when another file was swapped in, without waiting.

    A file that cannot be used does not replace the one that is open: queries go on using that one.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._state: _DatabaseState | None = None
        self._harm: tuple[object, DataDamaged] | None = None  # of the file with this stamp
        self._answers: cachetools.LRUCache[object, pl.DataFrame] = cachetools.LRUCache(KEPT_ANSWERS)

    def state(self) -> _DatabaseState:
        """Return the state that is pinned for this run, if there is one, else that of the current file. Raises
        DatabaseMissing.
        """
        pinned = _pinned.get()
        return pinned if pinned is not None and pinned.open else self.latest()

    def latest(self) -> _DatabaseState:
        """Return the state of the current file, or the last one that could be used. Raises DatabaseMissing."""
        path = get_database_path()
        try:
            status = path.stat()
        except OSError as error:
            if (state := self._last(path)) is not None:
                return state
            raise DatabaseMissing(f"No database at {path.name}. Build it: python -m data.build") from error
        stamp = _make_file_stamp(path, status)
        state = self._state
        if state is not None and state.stamp == stamp:
            return state
        # Rights may be mended without a change of the file itself.
        harm = (stamp, status.st_mode, status.st_ctime_ns)
        with self._turn:
            if self._state is not None and self._state.stamp == stamp:
                return self._state
            if self._harm is None or self._harm[0] != harm:
                try:
                    self._state = _DatabaseState(path, stamp)
                except DataDamaged as error:
                    self._harm = (harm, error)
                    log.error("%s", error, extra={"file": path.name})
                    damage.set()
                else:
                    self._harm = None
                    self._answers.clear()
                    return self._state
            if (state := self._last(path)) is not None:
                return state
            raise self._harm[1]

    def _last(self, path: Path) -> _DatabaseState | None:
        """Return the open state if it is of the file of this name, else None."""
        state = self._state
        return state if state is not None and state.open and state.stamp[0] == str(path) else None

    def harmed(self, state: _DatabaseState, error: Exception) -> DataDamaged:
        """Note that a query met damage in a file that had been opened; return the error to raise."""
        path = get_database_path()
        told = DataDamaged(_describe_error(error, path))
        log.error("%s", told, extra={"file": path.name})
        with self._turn:
            if state is self._state:
                self._harm = (state.stamp, told)
        damage.set()
        return told

    def worry(self) -> DatabaseMissing | None:
        """Return what is wrong with the current file, even if queries use the previous one; None: nothing."""
        try:
            state = self.latest()
        except DatabaseMissing as error:
            return error
        path, harm = get_database_path(), self._harm
        try:
            current = _make_file_stamp(path, path.stat()) == state.stamp
        except OSError:
            return DatabaseMissing(f"{path.name} is gone. Build it: python -m data.build")
        return None if harm is None or (current and harm[0] != state.stamp) else harm[1]

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
            self._state = self._harm = None
            self._answers.clear()


damage = threading.Event()  # set when a file that cannot be used was met; who mends it clears it
current_database = _CurrentDatabase()
_pinned: ContextVar[_DatabaseState | None] = ContextVar("state", default=None)


def pin_database_state() -> None:
    """Pin one state of the data for this run of a page or this request: all its queries are answered from it, even if
    another is swapped in meanwhile. Without a database nothing is pinned.
    """
    try:
        _pinned.set(current_database.latest())
    except DatabaseMissing:
        _pinned.set(None)


@cache
def read_query(name: str) -> str:
    """Return the text of the one file <name>.sql below queries/. Raises KeyError if there is none."""
    return _find_query_files()[name].read_text("utf-8")


@cache
def _find_query_files() -> dict[str, Path]:
    return {path.stem: path for path in QUERIES.rglob("*.sql")}


def _to_hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def fetch(name: str, **parameters: object) -> pl.DataFrame:
    """Run queries/<name>.sql with its $parameters and return the rows.

    The same query to the same database file is answered from memory; nobody may change a frame.
    Raises DatabaseMissing before the first build.
    """
    state = current_database.state()
    # The file is part of the key: an answer from the file of before may arrive after the swap.
    key = (state.stamp, name, *((parameter, _to_hashable(value)) for parameter, value in sorted(parameters.items())))
    answer = current_database.kept(key)
    if answer is None:
        with state.cursor() as cursor:
            answer = cursor.sql(read_query(name), params=parameters or None).pl()
        current_database.keep(key, answer)
    return answer


@contextmanager
def open_cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a cursor for queries that are composed elsewhere, on this file and no other. It is read-only."""
    with current_database.state().cursor() as cursor:
        yield cursor


def get_table_rows(name: str) -> pl.DataFrame:
    """Return all rows of one table of the schema, in stored order. Raises KeyError if there is no such table."""
    if name not in fetch("tables")["table_id"].to_list():
        raise KeyError(name)
    with current_database.state().cursor() as cursor:
        rows: pl.DataFrame = cursor.table(name).pl()
        return rows


def get_data_version() -> str:
    """Return twelve hex digits that identify the state of the sources from which this database was built."""
    return str(fetch("build")["data_version"][0])


def get_file_stamp() -> object:
    """Return what identifies the file in service. Raises DatabaseMissing."""
    return current_database.latest().stamp


def find_database_error() -> DatabaseMissing | None:
    """Return what is wrong with the current database file, even if queries use the previous one; None: nothing."""
    return current_database.worry()


def close_database() -> None:
    """Close the connection; the next query opens it again."""
    current_database.close()
