"""Figures that a reader loaded for one session: kept apart from the database, never in it or in a shared cache.

What a run of a page sees of them stands in its run_context; routes see nothing.
Answers that depend on own figures are kept in the object that holds those figures and are deleted with it.
"""

import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import cachetools
import duckdb
import polars as pl

from queries.database.query_files import read_query

T = TypeVar("T")
MOST_KEPT_ANSWERS = 64  # answers
MOST_ROWS = 3_000_000  # figures and targets of all readers together, some 300 bytes each


_files: "weakref.WeakSet[OwnFile]" = weakref.WeakSet()


def has_room_for(rows: int) -> bool:
    """Return whether `rows` more figures and targets can be held; those of a session are released when it ends."""
    return sum(file.rows for file in list(_files)) + rows <= MOST_ROWS


@dataclass(frozen=True, eq=False)
class OwnFile:
    """One file that a reader loaded: its rows in a database in memory that has the tables of the schema and no rows
    of any other file; evidence is own in every row.
    """

    name: str
    sha256: str  # of its content
    database: duckdb.DuckDBPyConnection
    observations: int
    targets: int

    def __post_init__(self) -> None:
        _files.add(self)

    @property
    def rows(self) -> int:
        """Number of figures and targets in the file."""
        return self.observations + self.targets

    def fetch(self, name: str, **parameters: object) -> pl.DataFrame:
        """Run queries/<name>.sql with its $parameters over this file alone."""
        return self.select(read_query(name), parameters)

    def select(self, statement: str, parameters: Mapping[str, object] | None) -> pl.DataFrame:
        """Return the rows of a statement with its $parameters over this file alone."""
        with self.database.cursor() as cursor:
            rows: pl.DataFrame = cursor.sql(statement, params=parameters or None).pl()
        return rows


@dataclass(frozen=True, eq=False)
class OwnFigures:
    """All files that one reader loaded.

    Adding or removing a file makes a new object, without the answers kept in the old one.
    """

    files: tuple[OwnFile, ...] = ()
    _kept: cachetools.LRUCache[Any, Any] = field(
        default_factory=lambda: cachetools.LRUCache(MOST_KEPT_ANSWERS), repr=False
    )

    @property
    def rows(self) -> int:
        """Number of figures and targets in all files."""
        return sum(file.rows for file in self.files)

    def fetch(self, name: str, **parameters: object) -> pl.DataFrame:
        """Run queries/<name>.sql with its $parameters over every file in turn; return their rows together."""
        return self.select(read_query(name), parameters)

    def select(self, statement: str, parameters: Mapping[str, object] | None) -> pl.DataFrame:
        """Run a statement with its $parameters over every file in turn; return their rows together."""
        return pl.concat([file.select(statement, parameters) for file in self.files])

    def fetch_codes(self, place: int) -> pl.DataFrame:
        """Return the codes in the figures and targets of one file: indicator_id and park_id, those of figures first."""
        return self.files[place].fetch("codes")

    def remember(self, key: object, make: Callable[[], T]) -> T:
        """Return the answer to a question, computed once.

        key: the question, with the state of the data that it was asked of.
        """
        if key not in self._kept:
            self._kept[key] = make()
        answer: T = self._kept[key]
        return answer

    def with_file(self, file: OwnFile) -> "OwnFigures":
        """Return the same files and one more."""
        return OwnFigures((*self.files, file))

    def without(self, place: int) -> "OwnFigures | None":
        """Return the same files without the one at a position; None if no other is left."""
        files = (*self.files[:place], *self.files[place + 1 :])
        return OwnFigures(files) if files else None
