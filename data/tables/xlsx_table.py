"""XLSX files: their sheets as text, with dates, percentages and merged cells as their reader sees them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from data.tables.csv_table import strip_cells
from data.tables.number_format import GENERAL, Cell, NumberFormat, loses_digits, show_cell
from data.tables.problems import Flaw, UnreadableFile
from data.tables.sheet import Sheet, build_sheet, get_column_letters
from data.tables.workbook_out import GUIDE, LISTS
from data.tables.xlsx_bounds import LETTERS, UNPACK_FACTOR, SheetExtent, measure_sheets
from data.tables.xlsx_cells import ShownCells
from data.tables.xlsx_package import DAMAGED, mark_superscripts

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MOST_ROWS = 1_100_000  # a spreadsheet has 1,048,576
MOST_TEXT = 600_000_000  # bytes, of one sheet
BLOCK_ROWS = 50_000  # rows turned into text together
LEFT_OUT = frozenset({*GUIDE.values(), LISTS})  # sheets that only explain the others
CellRange = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Page:
    """One sheet of a workbook as it is: the first row of its cells is row 1 of the spreadsheet.

    cells: columns c0, c1, ... as text, stripped; empty ones are null. merged: ranges, each first and last cell as row
    and column from 0; only their first cell is filled. hidden: the reader of the workbook does not see the sheet.
    shown: how its cells are shown. rounded: the first cell whose number has more digits than are shown, as column and
    row from 0, and how many there are.
    """

    name: str
    cells: pl.DataFrame = field(repr=False)
    merged: list[CellRange] = field(repr=False)
    hidden: bool = False
    shown: ShownCells = field(default_factory=ShownCells, repr=False)
    rounded: tuple[int, int, int] | None = None


def build_sheets(pages: Sequence[Page]) -> list[Sheet]:
    """Build the sheets of a workbook that hold a table. Raises UnreadableFile.

    Cells merged within one column are filled. Sheets, rows and columns that are hidden are left out and named in the
    remarks of a sheet; those on hidden sheets in the remarks of the first one.
    """
    sheets, hidden = list[Sheet](), list[Flaw]()
    for page in pages:
        if page.hidden:
            if page.cells.height:
                hidden.append(make_remark(page.name, "是隐藏的工作表，没有读取", "is a hidden sheet and was not read"))
            continue
        cells, remarks = clear_hidden_cells(page)
        sheet = build_sheet(fill_merged_cells(cells, page.merged), page.name, typed=True)
        if sheet is not None:
            sheets.append(replace(sheet, remarks=tuple(remarks)))
    if hidden and not sheets:
        raise UnreadableFile(
            "能读的工作表都是隐藏的。请取消隐藏再载入", "all sheets that could be read are hidden; show them first"
        )
    return [replace(sheet, remarks=(*hidden, *sheet.remarks)) if sheet is sheets[0] else sheet for sheet in sheets]


def read_xlsx_sheets(content: bytes, most: int) -> list[Sheet]:
    """Read the sheets of a workbook that hold a table, as build_sheets(). Raises UnreadableFile.

    most: the largest file accepted, in bytes; the workbook may unpack to UNPACK_FACTOR times as many.
    """
    return build_sheets(read_pages(content, most * UNPACK_FACTOR))


def make_remark(sheet: str, zh: str, en: str, row: int = 0, column: str = "") -> Flaw:
    """Make a remark about a sheet, or one of its cells."""
    return Flaw(sheet, row, column, "", zh, en, notice=True)


def clear_hidden_cells(page: Page) -> tuple[pl.DataFrame, list[Flaw]]:
    """Return the cells of a page without those in hidden rows and columns, and remarks that say what was left out."""
    cells, remarks = page.cells, []
    columns = [name for at, name in enumerate(cells.columns) if at in page.shown.hidden_columns]
    filled = [name for name in columns if cells[name].null_count() < cells.height]
    if columns:
        cells = cells.with_columns(pl.lit(None, pl.String).alias(name) for name in columns)
    if filled:
        letters = [get_column_letters(int(name[1:])) for name in filled]
        zh = f"有 {len(filled)} 列是隐藏的，没有读取：{'、'.join(letters)}"
        en = f"{len(filled)} hidden columns were not read: {', '.join(letters)}"
        remarks.append(make_remark(page.name, zh, en))
    if page.shown.hidden_rows and cells.width:
        hidden = pl.int_range(pl.len()).is_in(list(page.shown.hidden_rows))
        lost = cells.filter(hidden & pl.any_horizontal(pl.all().is_not_null())).height
        cells = cells.with_columns(pl.when(~hidden).then(pl.all()))
        if lost:
            first = min(page.shown.hidden_rows) + 1
            zh = f"有 {lost} 行是隐藏的（第 {first} 行起），没有读取。要读取，请先取消隐藏或筛选"
            en = f"{lost} hidden rows (from row {first} on) were not read; show them, or clear the filter, to have them"
            remarks.append(make_remark(page.name, zh, en))
    if page.rounded:
        column, row, count = page.rounded
        zh = (
            f"有 {count} 个数按单元格格式只显示部分小数，已按显示的数读取，首个在 {get_column_letters(column)}{row + 1}"
        )
        en = (
            f"{count} numbers have more digits than their cells show; they were read as shown, the first in "
            f"{get_column_letters(column)}{row + 1}"
        )
        remarks.append(make_remark(page.name, zh, en))
    return cells, remarks


def read_pages(content: bytes, most: int) -> list[Page]:
    """Read the sheets of a workbook but for instructions and lists, hidden ones too. Raises UnreadableFile.

    most: bytes that it may unpack to.
    """
    import python_calamine  # noqa: PLC0415 - only who loads a workbook pays for it

    extents = {extent.name: extent for extent in measure_sheets(content, most)}
    try:
        book = python_calamine.load_workbook(io.BytesIO(mark_superscripts(content)))
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
        for place, cells in enumerate(zip(*block, strict=True), start=left):
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
        cell if isinstance(cell, str) else show_cell(cell, styles.get(row, GENERAL))
        for row, cell in enumerate(cells, start=first)
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
