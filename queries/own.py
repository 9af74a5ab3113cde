"""Figures that a reader put in for one session: held beside the questions, never in the database or a cache."""

from contextvars import ContextVar
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Own:
    """A reader's own figures and targets, in the columns of observations.sql and targets.sql, for each language."""

    rows: dict[str, pl.DataFrame]

    def observations(self, lang: str) -> pl.DataFrame:
        """The reader's own figures, evidence own."""
        return self.rows[lang]


_held: ContextVar[Own | None] = ContextVar("own", default=None)


def hold(mine: Own | None) -> None:
    """What this run of a page may see besides the database; None: nothing."""
    _held.set(mine)


def held() -> Own | None:
    """What this run of a page may see besides the database."""
    return _held.get()
