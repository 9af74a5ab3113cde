"""The only door to the database: one read-only connection for the process, a cursor for each question."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import cachetools
import duckdb
import polars as pl

from data.build import database_path

HERE = Path(__file__).parent
KEPT_ANSWERS = 512


class DatabaseMissing(FileNotFoundError):
    """The database has not been built on this machine."""


class _Door:
    """Holds the connection; opens it anew when another file was swapped in, after the last question to the old one."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._asking = 0
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._stamp: tuple[object, ...] = ()
        self._answers: cachetools.LRUCache[object, pl.DataFrame] = cachetools.LRUCache(KEPT_ANSWERS)

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        self.refresh()
        with self._turn:
            if self._connection is None:  # closed between the two lines by close(), in another thread
                raise DatabaseMissing("The database was closed. Ask again.")
            cursor = self._connection.cursor()
            self._asking += 1
        try:
            yield cursor
        finally:
            cursor.close()
            with self._turn:
                self._asking -= 1
                self._turn.notify_all()

    def refresh(self) -> tuple[object, ...]:
        """Open the database, or open it anew when its file is another one; return what tells this file from others.

        Raises DatabaseMissing.
        """
        path = database_path()
        try:
            status = path.stat()
        except OSError as error:
            raise DatabaseMissing(f"No database at {path.name}. Build it: python -m data.build") from error
        stamp = (str(path), status.st_ino, status.st_mtime_ns, status.st_size)
        if stamp == self._stamp:
            return stamp
        with self._turn:
            if stamp == self._stamp:
                return stamp
            self._turn.wait_for(lambda: self._asking == 0, timeout=30)
            if self._connection is not None:
                self._connection.close()
            self._connection, self._stamp = None, ()  # stays so where the new file cannot be read
            # A reader needs no file but this one: reading others would let a question reach the disk.
            self._connection = duckdb.connect(path, read_only=True, config={"enable_external_access": "false"})
            self._answers.clear()
            self._stamp = stamp
        return stamp

    def kept(self, key: object) -> pl.DataFrame | None:
        with self._turn:
            return self._answers.get(key)

    def keep(self, key: object, answer: pl.DataFrame) -> None:
        with self._turn:
            self._answers[key] = answer

    def close(self) -> None:
        with self._turn:
            if self._connection is not None:
                self._connection.close()
            self._connection, self._stamp = None, ()
            self._answers.clear()


_door = _Door()


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
    # The file is part of the key: an answer from the file of before may arrive after the swap.
    key = (_door.refresh(), name, *((parameter, _frozen(value)) for parameter, value in sorted(parameters.items())))
    answer = _door.kept(key)
    if answer is None:
        with _door.cursor() as cursor:
            answer = cursor.sql(question(name), params=parameters or None).pl()
        _door.keep(key, answer)
    return answer


@contextmanager
def asking() -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor for questions that are put together elsewhere, of this file and no other. It only reads."""
    with _door.cursor() as cursor:
        yield cursor


def table(name: str) -> pl.DataFrame:
    """All rows of one table of the schema, in stored order. Raises KeyError for a name that is no table."""
    if name not in fetch("tables")["table_id"].to_list():
        raise KeyError(name)
    with _door.cursor() as cursor:
        rows: pl.DataFrame = cursor.table(name).pl()
        return rows


def data_version() -> str:
    """Twelve hex digits that name the state of the sources this database was built from."""
    return str(fetch("build")["data_version"][0])


def close() -> None:
    """Close the connection; the next question opens it anew."""
    _door.close()
