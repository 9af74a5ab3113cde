"""The only access to the database: one read-only connection for each state of the data, a cursor for each query."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import cachetools
import duckdb
import polars as pl

from data.paths import get_database_path
from queries.database.query_files import read_query
from queries.database.run_context import get_run_context, set_run_context
from queries.database.state import DatabaseMissing, DatabaseState, DataDamaged, describe_error

log = logging.getLogger("park")
KEPT_ANSWERS = 512


def _make_file_stamp(path: Path, status: os.stat_result) -> tuple[object, ...]:
    """Return what identifies a database file: path, inode, time of modification in ns, size in bytes."""
    return str(path), status.st_ino, status.st_mtime_ns, status.st_size


class _CurrentDatabase:
    """Holds the current state; opens the next one when another file was swapped in, without waiting.

    A file that cannot be used does not replace the one that is open: queries go on using that one.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._state: DatabaseState | None = None
        self._harm: tuple[object, DataDamaged] | None = None  # of the file with this stamp
        self._answers: cachetools.LRUCache[object, pl.DataFrame] = cachetools.LRUCache(KEPT_ANSWERS)

    def state(self) -> DatabaseState:
        """Return the state that is pinned for this run, if there is one, else that of the current file. Raises
        DatabaseMissing.
        """
        pinned = get_run_context().state
        return pinned if pinned is not None and pinned.open else self.latest()

    def latest(self) -> DatabaseState:
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
                    self._state = DatabaseState(path, stamp, self.harmed)
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

    def _last(self, path: Path) -> DatabaseState | None:
        """Return the open state if it is of the file of this name, else None."""
        state = self._state
        return state if state is not None and state.open and state.stamp[0] == str(path) else None

    def harmed(self, state: DatabaseState, error: Exception) -> DataDamaged:
        """Note that a query met damage in a file that had been opened; return the error to raise."""
        path = get_database_path()
        told = DataDamaged(describe_error(error, path))
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


def pin_database_state() -> None:
    """Pin one state of the data for this run of a page or this request: all its queries are answered from it, even if
    another is swapped in meanwhile. Without a database nothing is pinned.
    """
    try:
        state = current_database.latest()
    except DatabaseMissing:
        state = None
    set_run_context(replace(get_run_context(), state=state))


def _to_hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def fetch(name: str, **parameters: object) -> pl.DataFrame:
    """Run queries/<name>.sql with its $parameters and return the rows.

    The same query to the same database file is answered from memory; nobody may change a frame.
    Raises DatabaseMissing before the first build.
    """
    return _fetch(name, parameters)


def fetch_printed(name: str, **parameters: object) -> pl.DataFrame:
    """Run queries/<name>.sql as fetch() does, if no own figure can make a difference to its answer.

    To plan a query over the view of many own figures takes as long again as to answer it from a table.
    """
    return _fetch(name, parameters, printed=True)


def _fetch(name: str, parameters: dict[str, object], *, printed: bool = False) -> pl.DataFrame:
    state = current_database.state()
    # The file is part of the key: an answer from the file of before may arrive after the swap.
    key = (state.stamp, name, *((parameter, _to_hashable(value)) for parameter, value in sorted(parameters.items())))
    answer = current_database.kept(key)
    if answer is None:
        with state.cursor(printed=printed) as cursor:
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
