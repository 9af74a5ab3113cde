"""Figures that a reader put in for one session: held beside the questions, never in the database or a cache.

What a run of a page holds is set by the router, from the state of its reader's session, and by nobody else: routes
hold nothing. An answer that rests on it is kept in the data itself and goes with it.
"""

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import cachetools
import duckdb
import polars as pl

from queries.database.engine import question

KEPT = 64  # answers
MOST_ROWS = 3_000_000  # figures and targets of all readers together, some 300 bytes each


_files: "weakref.WeakSet[File]" = weakref.WeakSet()


def room(rows: int) -> bool:
    """Whether so many figures and targets more can be held; those of a session go when it ends."""
    return sum(file.rows for file in list(_files)) + rows <= MOST_ROWS


@dataclass(frozen=True, eq=False)
class File:
    """One file that was put in: its rows in a database in memory that has the tables of the schema and those of no
    other file; evidence is own in every row."""

    name: str
    sha256: str  # of its content
    database: duckdb.DuckDBPyConnection
    observations: int
    targets: int

    def __post_init__(self) -> None:
        _files.add(self)

    @property
    def rows(self) -> int:
        """How many figures and targets it holds."""
        return self.observations + self.targets

    def fetch(self, name: str, **parameters: object) -> pl.DataFrame:
        """Run queries/<name>.sql with its $parameters over this file alone."""
        with self.database.cursor() as cursor:
            rows: pl.DataFrame = cursor.sql(question(name), params=parameters or None).pl()
        return rows


@dataclass(frozen=True, eq=False)
class Own:
    """All that one reader put in. Another file, or one less, is another Own: what was kept of the one before ends."""

    files: tuple[File, ...] = ()
    _kept: cachetools.LRUCache[Any, Any] = field(default_factory=lambda: cachetools.LRUCache(KEPT), repr=False)

    @property
    def rows(self) -> int:
        """How many figures and targets it holds."""
        return sum(file.rows for file in self.files)

    def ask(self, name: str, **parameters: object) -> pl.DataFrame:
        """Run queries/<name>.sql with its $parameters over every file, one after the other; their rows together."""
        return pl.concat([file.fetch(name, **parameters) for file in self.files])

    def codes(self, place: int) -> pl.DataFrame:
        """What the figures and targets of one file speak of: indicator_id and park_id, those of figures first."""
        return self.files[place].fetch("codes")

    def remember(self, key: object, make: Callable[[], Any]) -> Any:
        """The answer to a question, made once; key: the question, with the state of the data it was asked over."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def with_file(self, file: File) -> "Own":
        """The same and one file more."""
        return Own((*self.files, file))

    def without(self, place: int) -> "Own | None":
        """The same without the file at a place; None where no other is left."""
        files = (*self.files[:place], *self.files[place + 1 :])
        return Own(files) if files else None


_held: ContextVar[Own | None] = ContextVar("own", default=None)


def hold(mine: Own | None) -> None:
    """What this run of a page may see besides the database; None: nothing."""
    _held.set(mine)


def held() -> Own | None:
    """What this run of a page may see besides the database."""
    return _held.get()


@contextmanager
def aside() -> Iterator[None]:
    """While an answer is made that all readers share, nothing of one reader is held."""
    token = _held.set(None)
    try:
        yield
    finally:
        _held.reset(token)
