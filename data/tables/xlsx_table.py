"""XLSX files: their sheets as text, with dates, percentages and merged cells as their reader sees them."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from data.tables.csv_table import strip_cells
from data.tables.problems import UnreadableFile
from data.tables.sheet import Sheet, build_sheet
from data.tables.workbook_out import GUIDE, LISTS
from data.tables.xlsx_bounds import LETTERS, UNPACK_FACTOR, measure_sheets, parse_column_letters
from data.tables.xlsx_package import DAMAGED

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MOST_ROWS = 1_100_000  # a spreadsheet has 1,048,576
MOST_TEXT = 600_000_000  # bytes, of one sheet
BLOCK_ROWS = 50_000  # rows turned into text together
Cell = int | float | str | bool | time | date | datetime | timedelta
CellRange = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Page:
    """One sheet of a workbook as it is: the first row of its cells is row 1 of the spreadsheet.

    cells: columns c0, c1, ... as text, stripped; empty ones are null. merged: ranges, each first and last cell as row
    and column from 0; only their first cell is filled.
    """

    name: str
    cells: pl.DataFrame = field(repr=False)
    merged: list[CellRange] = field(repr=False)


def read_xlsx_sheets(content: bytes, most: int) -> list[Sheet]:
    """Read the sheets of a workbook that hold a table, cells merged within one column filled. Raises UnreadableFile.

    most: the largest file accepted, in bytes; the workbook may unpack to UNPACK_FACTOR times as many.
    """
    pages = read_pages(content, most * UNPACK_FACTOR)
    found = (build_sheet(fill_merged_cells(page.cells, page.merged), page.name, typed=True) for page in pages)
    return [sheet for sheet in found if sheet is not None]


def read_pages(content: bytes, most: int) -> list[Page]:
    """Read the sheets of a workbook but for instructions and lists, hidden ones too. Raises UnreadableFile.

    most: bytes that it may unpack to.
    """
    import python_calamine  # noqa: PLC0415 - only who loads a workbook pays for it

    extents = {extent.name: extent for extent in measure_sheets(content, most)}
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        pages = [book.get_sheet_by_name(n) for n in book.sheet_names if n.strip() not in (*GUIDE.values(), LISTS)]
        return [
            Page(
                page.name.strip(),
                read_cells(page, find_percent_rows(extents[page.name].percents) if page.name in extents else {}),
                page.merged_cell_ranges or [],
            )
            for page in pages
        ]
    except UnreadableFile:
        raise
    except (python_calamine.CalamineError, OSError, KeyError, zipfile.BadZipFile, ValueError) as error:
        raise UnreadableFile(*DAMAGED) from error


def find_percent_rows(cells: pl.DataFrame) -> dict[int, set[int]]:
    """Find the rows of the cells shown as per cent by column, both from 0.

    cells: percents of data.tables.xlsx_bounds.SheetExtent.
    """
    return {
        parse_column_letters(str(letters)) - 1: set((rows["number"] - 1).to_list())
        for (letters,), rows in cells.group_by("letters")
    }


def read_cells(page: "CalamineSheet", percents: dict[int, set[int]]) -> pl.DataFrame:
    """Read the cells of a sheet as text, stripped; empty ones are null.

    percents: from find_percent_rows(). Raises UnreadableFile for too many rows, or more text than a table has.
    """
    left = page.start[1] if page.start else 0  # rows come from the first on, cells from the first filled column
    pieces, at, letters = [], 0, 0
    lines = page.iter_rows()
    while block := list(islice(lines, BLOCK_ROWS)):
        if at + len(block) > MOST_ROWS:
            raise UnreadableFile("表的行数太多，请另存为 CSV", "too many rows; save the sheet as CSV", 0, page.name)
        columns = {
            f"c{place}": convert_column(cells, at, percents.get(place))
            for place, cells in enumerate(zip(*block, strict=True), start=left)
        }
        piece = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        letters += check_text_size(piece, page.name)
        if letters > MOST_TEXT:
            raise UnreadableFile(
                f"表里的文字超过 {MOST_TEXT / 1e6:,.0f} MB。请分成几个文件",
                f"the texts of the sheet have more than {MOST_TEXT / 1e6:,.0f} MB; split the file", 0, page.name,
            )  # fmt: skip
        pieces.append(piece)
        at += len(block)
    empty = pl.DataFrame({f"c{place}": [None] * at for place in range(left)})
    if not pieces:
        return pl.DataFrame()
    return strip_cells(pl.concat([empty.cast(pl.String), pl.concat(pieces)], how="horizontal"))


def convert_column(cells: Sequence[Cell], first: int, percents: set[int] | None) -> list[str]:
    """Convert the cells of one column to text. first: the row of the first cell; percents: rows shown as per cent."""
    if percents is None:
        return [cell if isinstance(cell, str) else convert_cell(cell) for cell in cells]
    return [
        cell if isinstance(cell, str) else convert_cell(cell, percent=row in percents)
        for row, cell in enumerate(cells, start=first)
    ]


def check_text_size(cells: pl.DataFrame, name: str) -> int:
    """Return how many bytes of text some rows have. name: of the sheet.

    Raises UnreadableFile if one cell has more than a spreadsheet accepts.
    """
    sizes = cells.select(pl.all().str.len_bytes())
    if max(sizes.max().row(0), default=0) > 4 * LETTERS:
        raise UnreadableFile(
            f"有一格的文字超过 {LETTERS:,} 个字。请缩短后再载入",
            f"the text of a cell has more than {LETTERS:,} characters; shorten it", 0, name,
        )  # fmt: skip
    return sum(sizes.sum().row(0))


def fill_merged_cells(cells: pl.DataFrame, ranges: list[CellRange]) -> pl.DataFrame:
    """Fill cells merged over several rows of one column, each with the value that the reader sees over all of them."""
    merged: dict[str, list[str | None]] = {}
    for (first, left), (last, right) in ranges:
        name = f"c{left}"
        if first < last and left == right and name in cells.columns and last < cells.height:
            if name not in merged:
                merged[name] = cells[name].to_list()
            merged[name][first : last + 1] = [merged[name][first]] * (last + 1 - first)
    return cells.with_columns(pl.Series(name, column, pl.String) for name, column in merged.items())


def convert_cell(cell: Cell, *, percent: bool = False) -> str:
    """Convert a typed cell to text as its reader sees it: 552 without a point, 43.6% if shown so, a day as ISO."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        shown = f"{cell * 100 if percent else cell:.15g}"
        if "e" in shown:
            shown = f"{Decimal(shown):f}"  # every digit: what is too small for a column is refused there, never 0
        return shown + ("%" if percent else "")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
