"""From a file that a reader drops on a page to figures of one session: its sheets, how they are read, what is wrong.

Nothing here is written to a disk or to the database; what comes out is handed back, to be held by the session.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256

import duckdb
import polars as pl

from data.database.session import session_database
from data.intake.columns import Mapping, guessed
from data.intake.fields import TABLE_WORDS, Field, fields_of
from data.intake.provenance import Origin, now, stamped
from data.intake.reader import Entries, Progress
from data.intake.templates import csv_form, xlsx_form
from data.isolation import file_reader, pool
from data.isolation.file_reader import FIRST
from data.isolation.pool import MEGABYTE
from data.tables.open_file import limit
from data.tables.sheet import Sheet, Unreadable
from data.values.vocabulary import Known, known_of
from queries.database import own_figures
from queries.database.engine import asking

__all__ = ["Field", "Mapping", "Sheet", "Unreadable", "fields_of", "most_megabytes"]

PREVIEW = 8  # rows


@dataclass(frozen=True, eq=False)
class Draft:
    """A file that was dropped and read as sheets, before anything of it is taken.

    opened: its sheets, with their first rows alone, and what is in those that can be read as they are guessed.
    """

    name: str
    sha256: str
    content: bytes = field(repr=False)
    known: Known = field(repr=False)  # what its cells may name: the catalogue, and what the session has added to it
    opened: file_reader.Opened = field(repr=False)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets that hold a table, in the order of the file."""
        return self.opened.sheets

    def guess(self, place: int, table: str | None = None) -> Mapping:
        """The likeliest reading of a sheet; table: what it holds, where the reader has said it."""
        return guessed(self.sheets[place], self.known, table)


@dataclass(frozen=True, eq=False)
class Report:
    """What the chosen sheets of a file hold: accepted, refused and skipped rows, and every defect."""

    draft: Draft
    known: Known = field(repr=False)  # with the places and indicators that the file adds
    read: tuple[Entries, ...] = field(repr=False)

    @property
    def figures(self) -> int:
        """Figures that can be loaded; a row of a wide table holds several."""
        return self._height("observation")

    @property
    def targets(self) -> int:
        """Targets that can be loaded."""
        return self._height("target")

    @property
    def places(self) -> int:
        """Places that the file adds."""
        return self._height("park")

    @property
    def indicators(self) -> int:
        """Indicators that the file adds."""
        return self._height("indicator")

    def _height(self, table: str) -> int:
        return sum(sheet.accepted.height for sheet in self.read if sheet.table == table)

    @property
    def rows(self) -> dict[str, int]:
        """Rows of the sheets: read, accepted, refused, skipped (neither a number nor a growth in them)."""
        return {
            "read": sum(sheet.read for sheet in self.read),
            "accepted": sum(sheet.rows_accepted for sheet in self.read),
            "refused": sum(sheet.rows_refused for sheet in self.read),
            "skipped": sum(sheet.skipped for sheet in self.read),
        }

    def defects(self, lang: str) -> pl.DataFrame:
        """One row per defect: sheet, row, column, value, and what is wrong with how to mend it."""
        found = [
            sheet.defects.select(pl.lit(sheet.sheet.name).alias("sheet"), "row", "column", "value", told=lang)
            for sheet in self.read
        ]
        return pl.concat(found)

    def notices(self, lang: str) -> list[str]:
        """What was assumed and may be wrong."""
        return [notice.said(lang) for sheet in self.read for notice in sheet.notices]

    def refused(self, lang: str) -> pl.DataFrame:
        """The refused rows under their own heads, each with its reasons in a language; of several sheets one below
        the other."""
        found = []
        for sheet in self.read:
            other = "en" if lang == "zh" else "zh"
            rows = sheet.refused.drop(f"reasons_{other}").rename({f"reasons_{lang}": REASONS[lang]})
            found.append(rows.cast({"row": pl.Int64}).rename({"row": ROWS[lang]}))
        return pl.concat([rows for rows in found if rows.height] or found[:1], how="diagonal")

    def preview(self) -> pl.DataFrame:
        """The first rows as they would be loaded: place, indicator, period, value, unit, growth and its basis."""
        shown = []
        for sheet in self.read:
            if sheet.table in ("observation", "target"):
                when = "period" if sheet.table == "observation" else "year"
                none = {"growth_text": pl.lit(None, pl.String), "growth_basis": pl.lit(None, pl.String)}
                growth = {name: pl.col(name) for name in none} if sheet.table == "observation" else none
                rows = sheet.accepted.head(PREVIEW)
                shown.append(
                    rows.select("park_id", "indicator_id", "value_text", "unit_id", pl.col(when).cast(pl.String),
                                **growth).rename({when: "period"})
                )  # fmt: skip
        return names(pl.concat(shown).head(PREVIEW), self.known) if shown else pl.DataFrame()


REASONS = {"zh": "原因", "en": "reasons"}
ROWS = {"zh": "原行号", "en": "row"}


def most_megabytes() -> int:
    """The largest file taken."""
    return limit() // MEGABYTE


def ready() -> None:
    """Have the process that reads files started, beside whatever a page does until its reader has chosen one."""
    pool.start()


def opened(content: bytes, name: str, progress: Progress | None = None) -> Draft:
    """Read a file as sheets, in a process of its own. Raises Unreadable with what is wrong and how to mend it."""
    with _catalogue() as cursor:
        known = known_of(cursor)
    found = file_reader.open_figures(content, name, known, progress)
    return Draft(name, sha256(content).hexdigest(), content, known, found)


@contextmanager
def _catalogue() -> Iterator[duckdb.DuckDBPyConnection]:
    """The places, indicators and sources of the database, and those that earlier files of the session added."""
    mine = own_figures.held()
    with mine.files[-1].database.cursor() if mine is not None else asking() as cursor:
        yield cursor


def checked(draft: Draft, mappings: dict[int, Mapping], progress: Progress | None = None) -> Report:
    """Read the chosen sheets of a file, by their places, those that add places and indicators first.

    Read as guessed, they have been read already. Raises Unreadable where it takes too much.
    """
    read = draft.opened.read
    if mappings != draft.opened.mappings:
        read = file_reader.check_figures(draft.content, draft.name, draft.known, mappings, progress)
    known = draft.known
    for sheet in read:
        if sheet.table in FIRST:
            known = known.having(sheet.table, sheet.accepted)
    return Report(draft, known, read)


def loaded(report: Report) -> own_figures.File:
    """The accepted rows of a file in a database in memory, to be held by the session of its reader.

    Raises Unreadable where the server holds as much of its readers as it can.
    """
    if not own_figures.room(report.figures + report.targets):
        raise Unreadable(
            "服务器暂存的自有数据已满，没有载入。请过一会儿再试，或请运维人员在服务器上用 python -m data.load 载入",
            "the server holds as many figures of its readers as it can, so nothing was loaded; try again later, or "
            "have the file loaded on the server with python -m data.load",
        )
    rows = stamped(report.read, Origin(report.draft.name, report.draft.sha256, now()))
    with _catalogue() as cursor:
        database = session_database(rows, cursor)
    return own_figures.File(report.draft.name, report.draft.sha256, database, report.figures, report.targets)


def names(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Rows with the names of their places, indicators and units, in both languages."""
    for kind, frame in (("park", known.parks), ("indicator", known.indicators), ("unit", known.units)):
        called = frame.select(
            pl.col(f"{kind}_id").cast(pl.String),
            pl.col("name_zh").alias(f"{kind}_zh"),
            pl.col("name_en").alias(f"{kind}_en"),
        )
        rows = rows.join(called, on=f"{kind}_id", how="left", maintain_order="left")
    return rows


def tables(lang: str) -> dict[str, str]:
    """What a sheet may hold, by code, in words."""
    return {table: words[0 if lang == "zh" else 1] for table, words in TABLE_WORDS.items()}


def template(table: str, suffix: str, lang: str) -> bytes:
    """An empty table to fill in, as csv or xlsx, with an example row that is left out when it is read."""
    if suffix == "csv":
        return csv_form(table, lang)
    with _catalogue() as cursor:
        return xlsx_form(table, lang, known_of(cursor))
