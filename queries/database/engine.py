"""The only door to the database: one read-only connection for each state of the data, a cursor for each question."""

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
from data.paths import database_path

log = logging.getLogger("park")
QUERIES = Path(__file__).parent.parent
KEPT_ANSWERS = 512
SERVED = "served"  # the name under which the file is attached


class DatabaseMissing(FileNotFoundError):
    """The database has not been built on this machine."""


class DataDamaged(DatabaseMissing):
    """A database stands there that cannot be used: damaged, of another release, or not to be read. To whoever asks it
    is as if there were none."""

    def __init__(self, why: str) -> None:
        self.file, self.why = database_path().name, why
        super().__init__(f"{self.file} cannot be used: {why}. Build it anew: python -m data.build")


def is_damage(error: Exception) -> bool:
    """Whether an error of DuckDB speaks of the file and not of the question."""
    # Of a block that is not as written DuckDB says so in words alone; a question fails with a kind of its own. What
    # cannot be written is never the database.
    if "Could not write" in str(error):
        return False
    return isinstance(error, duckdb.IOException | duckdb.FatalException | duckdb.SerializationException) or (
        type(error) is duckdb.Error and "orrupt" in str(error)
    )


def _reason(error: Exception, path: Path) -> str:
    """The first line of an error, without the folder and without what helps nobody here."""
    line = (str(error).splitlines() or [type(error).__name__])[0]
    return line.replace(f"{path.parent}/", "").removeprefix("IO Error: ").rstrip(".!")


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
            with self.borrowed() as cursor:
                shape.look(cursor)
        except BaseException as error:
            self._connection.close()
            if isinstance(error, duckdb.Error | shape.OtherSchema):
                raise DataDamaged(_reason(error, path)) from error
            raise
        self.close = weakref.finalize(self, self._connection.close)

    @property
    def open(self) -> bool:
        return self.close.alive

    def borrowed(self) -> duckdb.DuckDBPyConnection:
        """A cursor for whoever closes it himself, and holds this state until then."""
        cursor = self._connection.cursor()
        cursor.execute(f"use {SERVED}")
        return cursor

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self.borrowed()
        try:
            yield cursor
        except duckdb.Error as error:
            if not is_damage(error):
                raise
            raise _door.harmed(self, error) from error
        finally:
            cursor.close()


def _stamp(path: Path, status: os.stat_result) -> tuple[object, ...]:
    """What tells a database file from others."""
    return str(path), status.st_ino, status.st_mtime_ns, status.st_size


class _Door:
    """Holds the state that is asked; opens the next one when another file was swapped in, without waiting.

    A file that cannot be used does not take the place of the one that is open: that one is asked on.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._state: _State | None = None
        self._harm: tuple[object, DataDamaged] | None = None  # of the file with this stamp
        self._answers: cachetools.LRUCache[object, pl.DataFrame] = cachetools.LRUCache(KEPT_ANSWERS)

    def state(self) -> _State:
        """The state of this run where one is pinned, else that of the file as it is now. Raises DatabaseMissing."""
        pinned = _pinned.get()
        return pinned if pinned is not None and pinned.open else self.latest()

    def latest(self) -> _State:
        """The state of the file as it is now, or the last that could be used. Raises DatabaseMissing."""
        path = database_path()
        try:
            status = path.stat()
        except OSError as error:
            if (state := self._last(path)) is not None:
                return state
            raise DatabaseMissing(f"No database at {path.name}. Build it: python -m data.build") from error
        stamp = _stamp(path, status)
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
                    self._state = _State(path, stamp)
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

    def _last(self, path: Path) -> _State | None:
        """The state that is open, where it is of the file of this name."""
        state = self._state
        return state if state is not None and state.open and state.stamp[0] == str(path) else None

    def harmed(self, state: _State, error: Exception) -> DataDamaged:
        """Note that a question met damage in a file that had been opened; return what is told."""
        path = database_path()
        told = DataDamaged(_reason(error, path))
        log.error("%s", told, extra={"file": path.name})
        with self._turn:
            if state is self._state:
                self._harm = (state.stamp, told)
        damage.set()
        return told

    def worry(self) -> DatabaseMissing | None:
        """What is wrong with the file as it is now, also where the one of before is asked on."""
        try:
            state = self.latest()
        except DatabaseMissing as error:
            return error
        path, harm = database_path(), self._harm
        try:
            current = _stamp(path, path.stat()) == state.stamp
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
    """Return the text of the one file <name>.sql below queries/. Raises KeyError where there is none."""
    return _files()[name].read_text("utf-8")


@cache
def _files() -> dict[str, Path]:
    return {path.stem: path for path in QUERIES.rglob("*.sql")}


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
    Where the file cannot be used it reads the state that is asked on. Raises DatabaseMissing.
    """

    def __init__(self, path: str = "") -> None:
        """path: the only file that it may write."""
        self._state = _door.latest()
        self.shared = worry() is not None  # it reads through the connection of everybody, and writes nothing
        self._connection = self._state.borrowed() if self.shared else self._opened(path)

    def _opened(self, path: str) -> duckdb.DuckDBPyConnection:
        # One thread: the long read leaves the other processors to those who wait for a page.
        connection = duckdb.connect(":memory:", config={"threads": "1", "memory_limit": "1GB"})
        try:
            with self._telling():
                quoted = str(database_path()).replace("'", "''")
                connection.execute(f"attach '{quoted}' as park (read_only)")
                connection.execute("use park")
                if path:
                    connection.execute(f"set allowed_paths = ['{path}']")
                connection.execute("set enable_external_access = false")
                connection.execute("set enable_progress_bar = false")
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Damage that is met is noted and told as such."""
        try:
            yield
        except duckdb.Error as error:
            if not is_damage(error):
                raise
            raise _door.harmed(self._state, error) from error

    def fetch(self, name: str, **parameters: object) -> pl.DataFrame:
        """As fetch() below, but kept nowhere."""
        return self.select(question(name), parameters)

    def select(self, statement: str, parameters: dict[str, object]) -> pl.DataFrame:
        """The rows of a question that is put together elsewhere."""
        with self._telling():
            answer: pl.DataFrame = self._connection.sql(statement, params=parameters or None).pl()
        return answer

    def run(self, statement: str, parameters: dict[str, object] | None = None) -> duckdb.DuckDBPyConnection:
        """Run one statement of the house."""
        with self._telling():
            return self._connection.execute(statement, parameters)

    def interrupt(self) -> None:
        """End the statement that runs in another thread."""
        self._connection.interrupt()

    def count(self, name: str) -> int:
        """Rows of a table. Raises KeyError for a name that is no table."""
        rows = self.fetch("tables").filter(pl.col("table_id") == name)["rows"]
        if rows.is_empty():
            raise KeyError(name)
        return int(rows[0])

    def pieces(self, name: str, rows: int) -> Iterator[pl.DataFrame]:
        """All rows of a table, in stored order, so many at a time; at least one piece, which may be empty."""
        with self._telling():
            reader = self._connection.table(name).to_arrow_reader(rows)
        empty = True
        while True:
            with self._telling():
                batch = next(reader, None)
            if batch is None:
                break
            empty = False
            yield pl.DataFrame(batch)
        if empty:
            yield pl.DataFrame(reader.schema.empty_table())

    def read_through(self) -> None:
        """Read every cell of every table once."""
        with self._telling():
            shape.read_through(self._connection)

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


def stamp() -> object:
    """What tells the file in service from others. Raises DatabaseMissing."""
    return _door.latest().stamp


def worry() -> DatabaseMissing | None:
    """What is wrong with the database file as it is now, also where the one of before is asked on; None: nothing."""
    return _door.worry()


def close() -> None:
    """Close the connection; the next question opens it anew."""
    _door.close()
