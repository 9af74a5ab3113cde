"""One state of the data: a database file that stays open as long as anything uses it, and what can be wrong with it."""

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data.database import shape
from data.paths import get_database_path

DATABASE_ALIAS = "served"  # the name under which the file is attached
PRINTED_FIGURES = "select 1 from duckdb_tables() where schema_name = 'kept' and table_name = 'figure'"


class DatabaseMissing(FileNotFoundError):
    """The database has not been built on this machine."""


class DataDamaged(DatabaseMissing):
    """The database file exists but cannot be used: damaged, of another release, or not readable. A caller may treat it
    as if there were no database.
    """

    def __init__(self, why: str) -> None:
        self.file, self.why = get_database_path().name, why
        super().__init__(f"{self.file} cannot be used: {why}. Rebuild it: python -m data.build")


def is_damage(error: Exception) -> bool:
    """Return whether an error of DuckDB is about the file and not about the query."""
    # Of a block that is not as written DuckDB says so in words alone; a question fails with a kind of its own. What
    # cannot be written is never the database.
    if "Could not write" in str(error):
        return False
    return isinstance(error, duckdb.IOException | duckdb.FatalException | duckdb.SerializationException) or (
        type(error) is duckdb.Error and "orrupt" in str(error)
    )


def describe_error(error: Exception, path: Path) -> str:
    """Return the first line of an error, without the folder and without what does not help a reader."""
    line = (str(error).splitlines() or [type(error).__name__])[0]
    return line.replace(f"{path.parent}/", "").removeprefix("IO Error: ").rstrip(".!")


class DatabaseState:
    """One state of the data: one database file, open as long as anything uses it, even after another replaced it.

    The file is attached to a database in memory: DuckDB opens a path once in a process and would go on with the
    previous file. It closes by itself when the last query, stream or page that holds it is done.
    """

    def __init__(
        self, path: Path, stamp: tuple[object, ...], harmed: "Callable[[DatabaseState, Exception], DataDamaged]"
    ) -> None:
        """path: of the file; stamp: what identifies it; harmed: told of damage that a query meets, returns what to
        raise.
        """
        self.stamp, self._harmed = stamp, harmed
        # What a query needed goes back to the system a few seconds later; else a hundred megabytes stay for good.
        self._connection = duckdb.connect(":memory:", config={"allocator_background_threads": "true"})
        try:
            literal = str(path).replace("'", "''")
            self._connection.execute(f"attach '{literal}' as {DATABASE_ALIAS} (read_only)")
            # A reader needs no file but this one: reading others would let a question reach the disk.
            self._connection.execute("set enable_external_access = false")
            with self.borrowed() as cursor:
                shape.read_data_version(cursor)
                # Own figures are many: `figure` is a view, and a table of that name holds the printed ones alone.
                self.keeps_printed = bool(cursor.sql(PRINTED_FIGURES).fetchall())
        except BaseException as error:
            self._connection.close()
            if isinstance(error, duckdb.Error | shape.SchemaMismatch):
                raise DataDamaged(describe_error(error, path)) from error
            raise
        self.close = weakref.finalize(self, self._connection.close)

    @property
    def open(self) -> bool:
        """Whether the connection is open."""
        return self.close.alive

    def borrowed(self) -> duckdb.DuckDBPyConnection:
        """Open a cursor that its caller must close, and that holds this state until then."""
        cursor = self._connection.cursor()
        cursor.execute(f"use {DATABASE_ALIAS}")
        return cursor

    @contextmanager
    def cursor(self, *, printed: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open a cursor for one query. Raises DataDamaged where the query meets damage in the file.

        printed: for a query that needs no own figure; where they are many, its `figure` is the table without them.
        """
        cursor = self.borrowed()
        try:
            if printed and self.keeps_printed:
                cursor.execute(f"set search_path = '{DATABASE_ALIAS}.kept,{DATABASE_ALIAS}.main'")
            yield cursor
        except duckdb.Error as error:
            if not is_damage(error):
                raise
            raise self._harmed(self, error) from error
        finally:
            cursor.close()
