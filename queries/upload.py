"""From a file that a reader drops to figures of one session: its sheets, how they are read, and what is wrong.

Nothing is written to disk or to the database; the result is returned, to be held by the session.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256

import duckdb
import polars as pl

from data.database.session import build_session_database
from data.files.open_file import get_size_limit
from data.intake.plausibility import EARLIER, EARLIER_FIGURES, find_doubtful_figures, list_codes
from data.intake.provenance import Origin, add_provenance, get_utc_now
from data.intake.reader import PARENT_TABLES, Progress, SheetReading
from data.intake.templates import make_csv_template, make_xlsx_template
from data.isolation import file_reader, pool
from data.isolation.file_reader import MendedCells
from data.isolation.pool import MEGABYTE
from data.layouts.columns import ColumnMapping, SpreadColumn
from data.layouts.fields import FIELDS, get_fields
from data.layouts.guessing import guess_mapping
from data.tables.form import ColumnDefinition
from data.tables.problems import Flaw, UnreadableFile
from data.tables.sheet import Sheet
from data.values.vocabulary import Vocabulary, read_vocabulary
from queries.database import own_figures, run_context
from queries.database.engine import open_cursor
from queries.upload_shapes import get_sheet_key, label_sheets, select_answers

__all__ = [
    "ColumnDefinition", "ColumnMapping", "MendedCells", "Sheet", "SheetReading", "SpreadColumn", "UnreadableFile",
    "get_fields",
]  # fmt: skip

PREVIEW_ROWS = 8  # rows
NO_UNIT = "没有单位"  # how the defect begins of a row without one; of data.intake.lookup


@dataclass(frozen=True, eq=False)
class UploadedFile:
    """A file that was dropped and read as sheets, before anything of it is loaded.

    opened: its sheets, with their first rows alone, and the content of those that can be read as guessed.
    """

    name: str
    sha256: str
    content: bytes = field(repr=False)
    known: Vocabulary = field(
        repr=False
    )  # what its cells may name: the catalogue, and what the session has added to it
    opened: file_reader.OpenedFile = field(repr=False)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets that hold a table, in the order of the file."""
        return self.opened.sheets

    def guess(self, place: int, table: str | None = None) -> ColumnMapping:
        """Return the likeliest mapping of a sheet; table: what the sheet holds, if the reader has said so."""
        return guess_mapping(self.sheets[place], self.known, table)


@dataclass(frozen=True, eq=False)
class UploadReport:
    """What the chosen sheets of a file hold: accepted, refused and skipped rows, and every defect.

    known: with the places and indicators that the file adds. mended: cells that were mended by hand. doubts: remarks
    on figures whose size is doubtful.
    """

    draft: UploadedFile
    known: Vocabulary = field(repr=False)
    read: tuple[SheetReading, ...] = field(repr=False)
    mended: MendedCells = field(default_factory=dict, repr=False)
    doubts: tuple[Flaw, ...] = ()

    @property
    def figures(self) -> int:
        """Number of figures that can be loaded; a row of a wide table holds several."""
        return self._height("observation")

    @property
    def targets(self) -> int:
        """Number of targets that can be loaded."""
        return self._height("target")

    @property
    def places(self) -> int:
        """Number of places that the file adds."""
        return self._height("park")

    @property
    def indicators(self) -> int:
        """Number of indicators that the file adds."""
        return self._height("indicator")

    def _height(self, table: str) -> int:
        return sum(sheet.accepted.height for sheet in self.read if sheet.table == table)

    @property
    def rows(self) -> dict[str, int]:
        """Number of rows of the sheets: read, accepted, refused, skipped (with neither a number nor a growth)."""
        return {
            "read": sum(sheet.read for sheet in self.read),
            "accepted": sum(sheet.rows_accepted for sheet in self.read),
            "refused": sum(sheet.rows_refused for sheet in self.read),
            "skipped": sum(sheet.skipped for sheet in self.read),
        }

    @property
    def rows_mended(self) -> int:
        """Number of rows of the sheets in which a cell was mended by hand."""
        return sum(len(rows) for rows in self.mended.values())

    def find_place(self, sheet: Sheet) -> int:
        """Return the place in the file of a sheet that was read."""
        same = [  # the start of a large file may lack a column far to the right
            place for place, one in enumerate(self.draft.sheets)
            if (one.name, one.head_row) == (sheet.name, sheet.head_row)
            and all(a == b for a, b in zip(one.letters, sheet.letters, strict=False))
        ]  # fmt: skip
        return same[0]

    def find_places_without_unit(self) -> list[int]:
        """Return the places of the sheets in which rows were refused as nothing gives their unit."""
        without = pl.col("zh").str.starts_with(NO_UNIT)
        return [self.find_place(one.sheet) for one in self.read if one.defects.filter(without).height]

    def label(self, sheet: Sheet, lang: str) -> str:
        """Return what to call a sheet that was read."""
        return label_sheets(self.draft.sheets, lang)[get_sheet_key(sheet)]

    def defects(self, lang: str) -> pl.DataFrame:
        """Return one row per defect: sheet, row, column, value, and what is wrong with how to correct it."""
        found = [
            sheet.defects.select(pl.lit(self.label(sheet.sheet, lang)).alias("sheet"), "row", "column", "value",
                                 told=lang)
            for sheet in self.read
        ]  # fmt: skip
        return pl.concat(found)

    def notices(self, lang: str) -> list[str]:
        """Return what was assumed and may be wrong; not the remarks that the sheets had before they were read."""
        found = [one for sheet in self.read for one in sheet.notices if one not in sheet.sheet.remarks]
        return [notice.describe(lang) for notice in found]

    def refused(self, lang: str) -> pl.DataFrame:
        """Return the refused rows under their own heads, each with its reasons in one language; those of several sheets
        one below the other.
        """
        found = []
        for sheet in self.read:
            other = "en" if lang == "zh" else "zh"
            rows = sheet.refused.drop(f"reasons_{other}").rename({f"reasons_{lang}": REASON_HEADS[lang]})
            found.append(rows.cast({"row": pl.Int64}).rename({"row": ROW_HEADS[lang]}))
        return pl.concat([rows for rows in found if rows.height] or found[:1], how="diagonal")

    def preview(self) -> pl.DataFrame:
        """Return the first rows as they would be loaded: place, indicator, period, value, unit, growth and basis."""
        shown = []
        for sheet in self.read:
            if sheet.table in ("observation", "target"):
                when = "period" if sheet.table == "observation" else "year"
                none = {"growth_text": pl.lit(None, pl.String), "growth_basis": pl.lit(None, pl.String)}
                growth = {name: pl.col(name) for name in none} if sheet.table == "observation" else none
                rows = sheet.accepted.head(PREVIEW_ROWS)
                shown.append(
                    rows.select("park_id", "indicator_id", "value_text", "unit_id", pl.col(when).cast(pl.String),
                                **growth).rename({when: "period"})
                )  # fmt: skip
        return add_names(pl.concat(shown).head(PREVIEW_ROWS), self.known) if shown else pl.DataFrame()


REASON_HEADS = {"zh": "原因", "en": "reasons"}
ROW_HEADS = {"zh": "原行号", "en": "row"}


def get_upload_megabytes() -> int:
    """Return the size of the largest file accepted, in megabytes."""
    return get_size_limit() // MEGABYTE


def start_file_reader() -> None:
    """Start the process that reads files, while a page runs and its reader has not yet chosen a file."""
    pool.start_reader()


def read_upload(content: bytes, name: str, progress: Progress | None = None) -> UploadedFile:
    """Read a file as sheets, in a separate process. Raises Unreadable with what is wrong and how to correct it."""
    with _open_catalogue() as cursor:
        known = read_vocabulary(cursor)
    found = file_reader.open_figures(content, name, known, progress)
    return UploadedFile(name, sha256(content).hexdigest(), content, known, found)


@contextmanager
def _open_catalogue() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a cursor on places, indicators and sources: of the database and of earlier files of the session."""
    mine = run_context.find_held_figures()
    with mine.files[-1].database.cursor() if mine is not None else open_cursor() as cursor:
        yield cursor


def check_upload(
    draft: UploadedFile,
    mappings: dict[int, ColumnMapping],
    progress: Progress | None = None,
    mended: MendedCells | None = None,
) -> UploadReport:
    """Read the chosen sheets of a file, by their positions; those that add places and indicators first.

    mended: cells that take the place of those in the file. Sheets mapped as guessed have been read already. Raises
    Unreadable if reading takes too much time or memory.
    """
    read = draft.opened.read
    mended = {place: rows for place, rows in (mended or {}).items() if rows and place in mappings}
    if mended or mappings != draft.opened.mappings:
        read = file_reader.check_figures(draft.content, draft.name, draft.known, mappings, progress, mended)
    known = draft.known
    for sheet in read:
        if sheet.table in PARENT_TABLES:
            known = known.with_rows(sheet.table, sheet.accepted)
    return UploadReport(draft, known, read, mended, tuple(find_doubts(read, known)))


def find_doubts(read: tuple[SheetReading, ...], known: Vocabulary) -> list[Flaw]:
    """Return remarks on figures that are doubtful in size, against those published and those in the session."""
    sheets = [one for one in read if one.table == "observation" and one.accepted.height]
    if not sheets:
        return []
    asked = list_codes(sheets)
    mine = run_context.find_held_figures()
    with open_cursor() as cursor:  # what is asked names what a reader put in, and stays out of shared answers
        earlier = cursor.sql(EARLIER_FIGURES, params=asked).pl()
    if mine is not None:
        earlier = pl.concat([earlier, mine.select(EARLIER_FIGURES, asked)])
    return [doubt for one in sheets for doubt in find_doubtful_figures([one], earlier.cast(EARLIER), known)]


def write_mended_sheet(report: UploadReport, place: int, suffix: str, lang: str) -> bytes:
    """Return a whole sheet of a file with its mended cells and answers, as csv or xlsx, so that it loads by itself.

    lang: of the heads of the columns in which the answers stand. Raises Unreadable.
    """
    draft, answered = report.draft, dict[int, ColumnMapping]()
    for read in report.read:
        at = report.find_place(read.sheet)
        answered[at] = select_answers(read.mapping, draft.guess(at, read.table))
    return file_reader.write_mended_sheet(
        draft.content, draft.name, draft.known, place, report.mended, answered, suffix, lang
    )


def make_own_file(report: UploadReport) -> own_figures.OwnFile:
    """Put the accepted rows of a file into a database in memory, to be held by the session of its reader.

    Raises Unreadable if the server already holds as many own figures as it can.
    """
    if not own_figures.has_room_for(report.figures + report.targets):
        raise UnreadableFile(
            "服务器暂存的自有数据已满，没有载入。请过一会儿再试，或请运维人员在服务器上用 python -m data.load 载入",
            "the server holds as many figures of its readers as it can, so nothing was loaded; try again later, or "
            "have the file loaded on the server with python -m data.load",
        )
    rows = add_provenance(report.read, Origin(report.draft.name, report.draft.sha256, get_utc_now()))
    with _open_catalogue() as cursor:
        database = build_session_database(rows, cursor)
    return own_figures.OwnFile(report.draft.name, report.draft.sha256, database, report.figures, report.targets)


def add_names(rows: pl.DataFrame, known: Vocabulary) -> pl.DataFrame:
    """Add the names of places, indicators and units to rows, in both languages."""
    for kind, frame in (("park", known.parks), ("indicator", known.indicators), ("unit", known.units)):
        called = frame.select(
            pl.col(f"{kind}_id").cast(pl.String),
            pl.col("name_zh").alias(f"{kind}_zh"),
            pl.col("name_en").alias(f"{kind}_en"),
        )
        rows = rows.join(called, on=f"{kind}_id", how="left", maintain_order="left")
    return rows


def label_tables(lang: str) -> dict[str, str]:
    """Return what a sheet may hold, by code, in words."""
    return {table: fields.name[lang] for table, fields in FIELDS.items()}


def make_upload_template(table: str, suffix: str, lang: str) -> bytes:
    """Return an empty table to fill in, as csv or xlsx, with an example row that is left out when it is read."""
    if suffix == "csv":
        return make_csv_template(table, lang)
    with _open_catalogue() as cursor:
        return make_xlsx_template(table, lang, read_vocabulary(cursor))
