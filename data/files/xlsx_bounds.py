"""Bounds of a workbook, checked before a library opens it: its parts are scanned once, almost nothing is kept.

A library that reads a sheet allocates its whole extent, every merged range and every text; a file of a few
kilobytes can ask for more than any machine has. Here each is counted while it is read, piece by piece, and
refused if it is larger than any real table.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from data.files.number_format import NumberFormat
from data.files.shown_cells import COLUMNS, CellScanner, ShownCells, parse_column_letters
from data.files.xlsx_package import (
    CELL_TAG,
    DAMAGED,
    StartHandler,
    measure_package,
    parse_part,
    parse_tags,
    read_cell_formats,
    read_pieces,
    read_sheet_list,
    split_at_tags,
)
from data.tables.problems import UnreadableFile

UNPACK_FACTOR = 8  # a workbook unpacks to at most so many times the largest file taken
ROWS = 1_048_576  # as many as a spreadsheet has
CELLS = 60_000_000  # of the area of all sheets
EMPTY_CELLS = 10_000_000  # of an area of which less than an eighth is filled
MERGED = 20_000  # ranges of one sheet
MERGED_CELLS = 5_000_000  # in them
LETTERS = 32_767  # of one cell, as in a spreadsheet
ITEM = r"^(?:[^\s<>/:]+:)?si(?:[\s/>]|$)"
VIEW_LENGTH = 20_000  # letters of a sheet, among which its view is set
ZEROS_HIDDEN = re.compile(r"""<(?:[^\s<>/:]+:)?sheetView\s[^<>]*?\bshowZeros\s*=\s*["'](?:0|false)["']""")
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


@dataclass
class SheetExtent:
    """The extent of one sheet: its last row and column, and how many cells and merged ranges it has.

    shown: how its cells are shown.
    """

    name: str
    rows: int = 0
    columns: int = 0
    cells: int = 0
    merged: int = 0
    shown: ShownCells = field(default_factory=ShownCells, repr=False)


def list_bounded_sheets(content: bytes, most: int) -> list[SheetExtent]:
    """Return the sheets of a workbook, once the size of its package and their number are known to be within bounds.

    Only their names are filled in. most: bytes that it may unpack to. Raises UnreadableFile with what is too large,
    or damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            measure_package(package, content, most)
            return [SheetExtent(name) for name, _part in read_sheet_list(package)]
    except (zipfile.BadZipFile, zlib.error, OSError, KeyError, NotImplementedError, EOFError) as error:
        raise UnreadableFile(*DAMAGED) from error


def measure_sheets(content: bytes, most: int) -> list[SheetExtent]:
    """Return the sheets of a workbook with their extents and how their cells are shown; reads the whole package.

    most: bytes that it may unpack to. Raises UnreadableFile with what is too large, or damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            measure_package(package, content, most)
            formats = read_cell_formats(package)
            _check_texts(package)
            found, area = [], 0
            for name, part in read_sheet_list(package):
                sheet = SheetExtent(name)
                if part in package.namelist():
                    _measure_sheet(package, part, sheet, formats)
                area += sheet.rows * sheet.columns
                if area > CELLS:
                    raise _make_too_wide_error(sheet)
                found.append(sheet)
            return found
    except (zipfile.BadZipFile, zlib.error, OSError, KeyError, NotImplementedError, EOFError) as error:
        raise UnreadableFile(*DAMAGED) from error


def _check_texts(package: zipfile.ZipFile) -> None:
    """Check the texts of the list shared by all sheets. Raises UnreadableFile if one is longer than a cell can be."""
    part = "xl/sharedStrings.xml"
    if part not in package.namelist():
        return
    told = pl.col("text")
    begins = told.str.find(">", literal=True).fill_null(0)
    lengths = [
        split_at_tags(text).select(item=told.str.contains(ITEM), length=told.str.len_bytes() - begins)
        for text in read_pieces(package, part)
    ]
    longest = pl.concat(lengths).group_by(pl.col("item").cum_sum()).agg(pl.col("length").sum())["length"].max()
    if int(longest or 0) <= 2 * LETTERS:  # type: ignore[arg-type]
        return
    _check_every_text(package, part)  # written, a text takes more than its letters: &quot; is one, and so is 字


def _check_every_text(package: zipfile.ZipFile, part: str) -> None:
    """Check as _check_texts(), reading every text; for the few lists that need it."""
    length = 0

    def begun(prefix: str) -> StartHandler:
        def start(name: str, _: dict[str, str]) -> None:
            nonlocal length
            if name == f"{prefix}si":
                length = 0

        return start

    def text(piece: str) -> None:
        nonlocal length
        length += len(piece)
        if length > 2 * LETTERS:  # its phonetic guide may stand beside it
            raise UnreadableFile(
                f"有一格的文字超过 {LETTERS:,} 个字。请缩短后再载入",
                f"the text of a cell has more than {LETTERS:,} characters; shorten it",
            )

    parse_part(package, part, begun, text)


def _measure_sheet(
    package: zipfile.ZipFile, part: str, sheet: SheetExtent, formats: Mapping[str, NumberFormat]
) -> None:
    """Measure how far a sheet reaches, what is merged in it, and how its cells are shown. Raises UnreadableFile.

    The result is put into `sheet`.
    """
    scanner = CellScanner(formats, sheet.shown)
    last = unplaced = merged = 0
    begun = False
    for text in read_pieces(package, part, CELL_TAG):
        if not begun:
            sheet.shown.zeros_hidden = ZEROS_HIDDEN.search(text, 0, VIEW_LENGTH) is not None
            begun = True
        found = parse_tags(text)
        rows, ranges = (found.filter(pl.col("tag") == tag) for tag in ("row", "mergeCell"))
        cells = scanner.scan(found)
        for numbers in (cells["row"], rows["number"]):
            last = max(last, int(numbers.max() or 0))  # type: ignore[arg-type]
        if not cells["number"].null_count():
            unplaced += rows["number"].null_count()  # each stands below the one before
        sheet.columns = max(sheet.columns, int(cells["column"].max() or 0))  # type: ignore[arg-type]
        if sheet.columns > COLUMNS:
            raise UnreadableFile(*DAMAGED, 0, sheet.name)
        sheet.cells += cells.height
        sheet.merged += ranges.height
        merged += sum(map(_count_merged_cells, ranges["ref"].fill_null("")))
        if sheet.merged > MERGED or merged > MERGED_CELLS:
            raise _make_too_merged_error(sheet)
    if last + unplaced > ROWS:
        raise UnreadableFile(*DAMAGED, 0, sheet.name)
    sheet.rows = last + unplaced
    area = sheet.rows * sheet.columns
    if area > CELLS or (area > EMPTY_CELLS and area > 8 * sheet.cells):
        raise _make_too_wide_error(sheet)


def _count_merged_cells(reference: str) -> int:
    """Count the cells of a merged range. Raises UnreadableFile."""
    ends = [REFERENCE.fullmatch(end) for end in reference.upper().split(":")]
    if len(ends) > 2 or not all(ends):
        raise UnreadableFile(*DAMAGED)
    (first, top), *rest = [(parse_column_letters(end[1]), int(end[2])) for end in ends if end]
    last, bottom = rest[0] if rest else (first, top)
    return (abs(last - first) + 1) * (abs(bottom - top) + 1)


def _make_too_wide_error(sheet: SheetExtent) -> UnreadableFile:
    return UnreadableFile(
        f"表的范围有 {sheet.rows:,} 行、{sheet.columns:,} 列，太大了。多半是远处有一个多余的单元格或格式："
        "请把表复制到新的工作表里，或另存为 CSV",
        f"the sheet reaches over {sheet.rows:,} rows and {sheet.columns:,} columns, most likely for one stray cell far "
        "away; copy the table into a new sheet, or save it as CSV", 0, sheet.name,
    )  # fmt: skip


def _make_too_merged_error(sheet: SheetExtent) -> UnreadableFile:
    return UnreadableFile(
        f"合并的单元格太多（超过 {MERGED:,} 处或 {MERGED_CELLS:,} 格）。请取消合并，每格填写",
        f"too many merged cells (over {MERGED:,} ranges or {MERGED_CELLS:,} cells); split and fill them", 0, sheet.name,
    )  # fmt: skip
