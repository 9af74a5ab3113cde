"""A connection of its own to the database in service, for answers that take long."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import duckdb
import polars as pl
import pyarrow as pa
from duckdb.func import ARROW

from data.database import shape
from data.paths import get_database_path
from queries.database.engine import current_database, find_database_error
from queries.database.query_files import read_query
from queries.database.state import is_damage


class DetachedConnection:
    """A separate connection to the current state of the database, for long reads.

    It keeps that state when another file is swapped in, and nobody waits for it. DuckDB opens a path once in a
    process and shares it with every further connection, hence a database in memory that the file is attached to.
    If the file cannot be used, it reads the state that queries still use. Raises DatabaseMissing.
    """

    def __init__(self, path: str = "") -> None:
        """path: the only file that it may write."""
        self._state = current_database.latest()
        self.shared = (
            find_database_error() is not None
        )  # it reads through the connection of everybody, and writes nothing
        self._connection = self._state.borrowed() if self.shared else self._opened(path)

    def _opened(self, path: str) -> duckdb.DuckDBPyConnection:
        # One thread: the long read leaves the other processors to those who wait for a page.
        connection = duckdb.connect(":memory:", config={"threads": "1", "memory_limit": "1GB"})
        try:
            with self._telling():
                quoted = str(get_database_path()).replace("'", "''")
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
        """Note damage that is met, and raise it as DataDamaged."""
        try:
            yield
        except duckdb.Error as error:
            if not is_damage(error):
                raise
            raise current_database.harmed(self._state, error) from error

    def fetch(self, name: str, **parameters: object) -> pl.DataFrame:
        """Run a query as the function fetch() does, but memoize nothing."""
        return self.select(read_query(name), parameters)

    def select(self, statement: str, parameters: Mapping[str, object] | None) -> pl.DataFrame:
        """The rows of a question that is put together elsewhere."""
        with self._telling():
            answer: pl.DataFrame = self._connection.sql(statement, params=parameters or None).pl()
        return answer

    def run(self, statement: str, parameters: Mapping[str, object] | None = None) -> duckdb.DuckDBPyConnection:
        """Run one statement of the house."""
        with self._telling():
            return self._connection.execute(statement, parameters)

    def define(self, name: str, function: Callable[[pa.ChunkedArray], pa.Array]) -> None:
        """Give statements a function of one text that returns a text; it gets many at once, and no missing ones."""
        self._connection.create_function(name, function, ["VARCHAR"], "VARCHAR", type=ARROW)

    def interrupt(self) -> None:
        """End the statement that runs in another thread."""
        self._connection.interrupt()

    def count(self, name: str) -> int:
        """Return the number of rows of a table. Raises KeyError if there is no such table."""
        rows = self.fetch("tables").filter(pl.col("table_id") == name)["rows"]
        if rows.is_empty():
            raise KeyError(name)
        return int(rows[0])

    def pieces(self, name: str, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows of a table, in stored order, `rows` at a time; at least one piece, which may be empty."""
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
            shape.read_every_cell(self._connection)

    def close(self) -> None:
        """Close the connection and release the file."""
        self._connection.close()
