"""XLSX files: their sheets as text, with dates, percentages and merged cells as their reader sees them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from data.files.number_format import NumberFormat
from data.files.pages import LEFT_OUT, Page, build_sheets
from data.files.shown_cells import ShownCells
from data.files.shown_values import Cell, loses_digits, show_cell
from data.files.xlsx_bounds import LETTERS, UNPACK_FACTOR, SheetExtent, measure_sheets
from data.files.xlsx_looks import write_looks
from data.files.xlsx_package import DAMAGED
from data.tables.csv_table import strip_cells
from data.tables.problems import UnreadableFile
from data.tables.sheet import Sheet

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MOST_ROWS = 1_100_000  # a spreadsheet has 1,048,576
MOST_TEXT = 600_000_000  # bytes, of one sheet
BLOCK_ROWS = 50_000  # rows turned into text together


def read_pages(content: bytes, most: int) -> list[Page]:
    """Read the sheets of a workbook but for instructions and lists, hidden ones too. Raises UnreadableFile.

    most: bytes that it may unpack to.
    """
    import python_calamine  # noqa: PLC0415 - only who loads a workbook pays for it

    extents = {extent.name: extent for extent in measure_sheets(content, most)}
    try:
        book = python_calamine.load_workbook(io.BytesIO(write_looks(content)))
        seen = {about.name: about.visible == python_calamine.SheetVisibleEnum.Visible for about in book.sheets_metadata}
        names = [name for name in book.sheet_names if name.strip() not in LEFT_OUT]
        return [
            read_page(book.get_sheet_by_name(name), extents.get(name, SheetExtent(name)), hidden=not seen[name])
            for name in names
        ]
    except UnreadableFile:
        raise
    except (python_calamine.CalamineError, OSError, KeyError, zipfile.BadZipFile, ValueError) as error:
        raise UnreadableFile(*DAMAGED) from error


def read_page(page: "CalamineSheet", extent: SheetExtent, *, hidden: bool) -> Page:
    """Read the cells of a sheet as text, stripped; empty ones are null.

    Raises UnreadableFile for too many rows, or more text than a table has.
    """
    left = page.start[1] if page.start else 0  # rows come from the first on, cells from the first filled column
    pieces, at, letters = [], 0, 0
    lines = page.iter_rows()
    rounded: list[tuple[int, int, int]] = []
    while block := list(islice(lines, BLOCK_ROWS)):
        if at + len(block) > MOST_ROWS:
            raise UnreadableFile("表的行数太多，请另存为 CSV", "too many rows; save the sheet as CSV", 0, page.name)
        columns = {}
        for place, stored in enumerate(zip(*block, strict=True), start=left):
            cells = hide_zeros(stored) if extent.shown.zeros_hidden else stored
            styles = extent.shown.styles.get(place, {})
            columns[f"c{place}"] = convert_column(cells, at, styles)
            rounded += find_rounded_cells(cells, at, place, styles)
        piece = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        letters += check_text_size(piece, page.name)
        if letters > MOST_TEXT:
            raise UnreadableFile(
                f"表里的文字超过 {MOST_TEXT / 1e6:,.0f} MB。请分成几个文件",
                f"the texts of the sheet have more than {MOST_TEXT / 1e6:,.0f} MB; split the file", 0, page.name,
            )  # fmt: skip
        pieces.append(piece)
        at += len(block)
    grid = pl.DataFrame()
    if pieces:
        empty = pl.DataFrame({f"c{place}": [None] * at for place in range(left)})
        grid = strip_cells(pl.concat([empty.cast(pl.String), pl.concat(pieces)], how="horizontal"))
    grid = put_faults(grid, extent.shown)
    first = min(rounded, key=lambda one: (one[1], one[0]), default=None)
    told = (first[0], first[1], sum(count for _column, _row, count in rounded)) if first else None
    return Page(page.name.strip(), grid, page.merged_cell_ranges or [], hidden, extent.shown, told)


def convert_column(cells: Sequence[Cell], first: int, styles: Mapping[int, NumberFormat]) -> list[str]:
    """Convert the cells of one column to text. first: the row of the first cell; styles: number formats by row."""
    if not styles:
        return [cell if isinstance(cell, str) else show_cell(cell) for cell in cells]
    return [
        show_cell(cell, styles[row]) if row in styles else cell if isinstance(cell, str) else show_cell(cell)
        for row, cell in enumerate(cells, start=first)
    ]


def hide_zeros(cells: Sequence[Cell]) -> Sequence[Cell]:
    """Return cells with an empty one for each number that is zero: a sheet may be set to show none of them."""
    return [
        "" if isinstance(cell, int | float) and not isinstance(cell, bool) and cell == 0 else cell for cell in cells
    ]


def find_rounded_cells(
    cells: Sequence[Cell], first: int, column: int, styles: Mapping[int, NumberFormat]
) -> list[tuple[int, int, int]]:
    """Find the cells of a column whose numbers have more digits than are shown: column, row and count of the first."""
    rows = [row for row, cell in enumerate(cells, start=first) if row in styles and loses_digits(cell, styles[row])]
    return [(column, rows[0], len(rows))] if rows else []


def put_faults(grid: pl.DataFrame, shown: ShownCells) -> pl.DataFrame:
    """Put the texts of errors, and of formulas without a result, into the cells of a sheet that have them."""
    height = max([grid.height, *(max(rows) + 1 for rows in shown.faults.values())])
    width = max([grid.width, *(column + 1 for column in shown.faults)])
    if height > grid.height:
        grid = pl.concat([grid, pl.DataFrame({"c0": [None] * (height - grid.height)})], how="diagonal_relaxed")
    for column, rows in shown.faults.items():
        cells = grid[f"c{column}"].to_list() if f"c{column}" in grid.columns else [None] * height
        for row, text in rows.items():
            cells[row] = text
        grid = grid.with_columns(pl.Series(f"c{column}", cells, pl.String))
    missing = [pl.lit(None, pl.String).alias(f"c{at}") for at in range(width) if f"c{at}" not in grid.columns]
    return grid.with_columns(missing).select(f"c{at}" for at in range(width)) if width else grid


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


def read_xlsx_sheets(content: bytes, most: int) -> list[Sheet]:
    """Read the sheets of a workbook that hold a table, as build_sheets(). Raises UnreadableFile.

    most: the largest file accepted, in bytes; the workbook may unpack to UNPACK_FACTOR times as many.
    """
    return build_sheets(read_pages(content, most * UNPACK_FACTOR))
