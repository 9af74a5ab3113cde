"""Answers too long to hold: read in pieces from one state of the database, written in pieces as files.

A piece is a few ten thousand rows. One is sent while the next is written and the one after that is read, and no more
are in memory.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, TypeVar

import polars as pl

from queries.database import engine
from queries.export import figures_csv, formats
from queries.figures.observations import FACTS, MOST_DERIVED_FROM

PIECE = 32_000  # rows read at a time; twice as many where half of the columns are read
AT_ONCE = MOST_DERIVED_FROM  # rows up to which an answer is put together in memory, computed rows among them
Frames = Iterator[pl.DataFrame]
Piece = TypeVar("Piece")


class Reading:
    """Rows that are read in pieces from the database as it stood when this was made, until it is closed."""

    def __init__(self) -> None:
        self.door = engine.DetachedConnection()

    @property
    def version(self) -> str:
        """The data version of the database that is read."""
        return str(self.door.fetch("build")["data_version"][0])

    def pieces(self, offset: int = 0, limit: int | None = None) -> Frames:
        """The rows, but for the first `offset`, and at most `limit`; at least one piece, which may be empty."""
        return cut(ahead(self._read(offset)), limit)

    def _read(self, offset: int) -> Frames:
        raise NotImplementedError

    def close(self) -> None:
        """Let the database go."""
        self.door.close()


class Figures(Reading):
    """The rows of observations() of these filters, from the database alone, in pieces.

    Arguments as in observations(). It sees the database as it stood when it was made, until it is closed.
    Computed rows are not among them, nor does observations() compute any where there are more than AT_ONCE.
    """

    def __init__(
        self,
        theme: str | None,
        indicators: list[str] | None,
        parks: list[str] | None,
        first: date | None,
        last: date | None,
        evidence: tuple[str, ...],
        lang: str,
        asof: date | None = None,
    ) -> None:
        self.evidence, self.lang = evidence, lang
        self.filters = {
            "theme": theme, "indicators": indicators, "parks": parks, "first": first, "last": last, "asof": asof,
        }  # fmt: skip
        super().__init__()
        counts = self.door.fetch("observation_counts", **self.filters)
        self.counts = counts.filter(pl.col("evidence").is_in(evidence))
        self.total = int(self.counts["figures"].sum())

    def written(
        self, suffix: str, offset: int = 0, limit: int | None = None, *, bom: bool = True, safe: bool = True
    ) -> Iterator[bytes]:
        """The rows of pieces() as a file. Their CSV is always safe."""
        if suffix != "csv":
            return WRITERS[suffix](self.pieces(offset, limit))
        columns = self._none().columns
        names = self.door.fetch("observation_names", lang=self.lang)
        pieces = cut(ahead(self._read(offset, figures_csv.read(columns))), limit)
        return figures_csv.csv_pieces(pieces, columns, names, bom=bom)

    def _read(self, offset: int, columns: list[str] | None = None) -> Frames:
        """Whole parts from the one with row `offset` on; of that one what follows it. columns: None: all."""
        yielded = False
        for chosen, rows in parts(self.counts, PIECE if columns is None else 2 * PIECE):
            if rows <= offset:
                offset -= rows
                continue
            yield self._fetch(columns, self.filters | chosen).slice(offset)
            offset, yielded = 0, True
        if not yielded:
            yield self._none(columns)

    def _none(self, columns: list[str] | None = None) -> pl.DataFrame:
        """No rows, with their columns."""
        return self._fetch(columns, self.filters | {"indicators": [], "parks": []})

    def _fetch(self, columns: list[str] | None, filters: dict[str, Any]) -> pl.DataFrame:
        asked = filters | {"evidence": list(self.evidence), "lang": self.lang}
        return self.door.fetch_columns(columns or ["* exclude ({})".format(", ".join(FACTS))], "observations", **asked)


def few(evidence: tuple[str, ...], filters: dict[str, Any]) -> bool:
    """Whether observations() puts these rows together in memory; also where the period runs backwards, as it says."""
    if filters["first"] and filters["last"] and filters["first"] > filters["last"]:
        return True
    counts = engine.fetch("observation_counts", **({"asof": None} | filters))
    return int(counts.filter(pl.col("evidence").is_in(evidence))["figures"].sum()) <= AT_ONCE


def parts(counts: pl.DataFrame, most: int) -> Iterator[tuple[dict[str, list[str]], int]]:
    """Filters that cut figures into parts of about `most` rows, one after another in the order of observations().

    counts: of observation_counts.sql. A part is some whole indicators, or some places of one indicator: only so do
    parts, each in order, make up the whole in order. Given with each are its rows.
    """
    whole: list[str] = []
    held = 0
    for (code,), of_one in counts.group_by("indicator_id", maintain_order=True):
        rows = int(of_one["figures"].sum())
        if held and held + rows > most:
            yield {"indicators": whole}, held
            whole, held = [], 0
        if rows <= most:
            whole, held = [*whole, str(code)], held + rows
            continue
        yield from _places(str(code), of_one, most)
    if held:
        yield {"indicators": whole}, held


def _places(indicator: str, counts: pl.DataFrame, most: int) -> Iterator[tuple[dict[str, list[str]], int]]:
    """Parts of one indicator."""
    places: list[str] = []
    held = 0
    for (code,), of_one in counts.group_by("park_id", maintain_order=True):
        rows = int(of_one["figures"].sum())
        if held and held + rows > most:
            yield {"indicators": [indicator], "parks": places}, held
            places, held = [], 0
        places, held = [*places, str(code)], held + rows
    if held:
        yield {"indicators": [indicator], "parks": places}, held


class Table(Reading):
    """The rows of one table of the schema, in stored order, in pieces."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.total = self.door.count(name)

    def written(
        self, suffix: str, offset: int = 0, limit: int | None = None, *, bom: bool = True, safe: bool = True
    ) -> Iterator[bytes]:
        """The rows of pieces() as a file."""
        more = {"bom": bom, "safe": safe} if suffix == "csv" else {}
        return WRITERS[suffix](self.pieces(offset, limit), **more)

    def _read(self, offset: int) -> Frames:
        yielded = False
        for piece in self.door.pieces(self.name, PIECE):
            if piece.height <= offset and yielded:
                offset -= piece.height
                continue
            yield piece.slice(offset)
            offset, yielded = max(0, offset - piece.height), True


def cut(pieces: Frames, limit: int | None) -> Frames:
    """The pieces up to `limit` rows."""
    for piece in pieces:
        yield piece if limit is None else piece.head(limit)
        if limit is not None:
            limit -= piece.height
            if limit <= 0:
                return


def ahead(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The same pieces, each made while the one before is being used."""
    with ThreadPoolExecutor(1, "ahead") as maker:
        upcoming = maker.submit(next, pieces, None)
        while (piece := upcoming.result()) is not None:
            upcoming = maker.submit(next, pieces, None)
            yield piece


WRITERS: dict[str, Callable[..., Iterator[bytes]]] = {
    "csv": formats.csv_pieces,
    "jsonl": formats.jsonl_pieces,
    "parquet": formats.parquet_pieces,
}
