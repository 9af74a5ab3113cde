"""The sheets of a workbook as they are, and the tables in them without what is hidden."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from data.files.shown_cells import ShownCells
from data.tables.problems import Flaw, UnreadableFile
from data.tables.sheet import NUMERIC, Sheet, build_sheet, get_column_letters
from data.tables.workbook_out import GUIDE, LISTS

LEFT_OUT = frozenset({*GUIDE.values(), LISTS})  # sheets that only explain the others
MERGED = "#MERGED!"  # stands for each of several cells over which one number is written
DATED = re.compile(r"(19|20)\d\d([.]?\d{1,2})?")
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

    Cells merged within one column are filled. Sheets and rows that are hidden are left out and named in the remarks of
    a sheet, as its hidden columns are, which stay in it; those on hidden sheets in the remarks of the first one.
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
            hidden_columns = tuple(map(get_column_letters, sorted(page.shown.hidden_columns)))
            sheets.append(replace(sheet, remarks=tuple(remarks), hidden=hidden_columns))
    if hidden and not sheets:
        raise UnreadableFile(
            "能读的工作表都是隐藏的。请取消隐藏再载入", "all sheets that could be read are hidden; show them first"
        )
    return [replace(sheet, remarks=(*hidden, *sheet.remarks)) if sheet is sheets[0] else sheet for sheet in sheets]


def make_remark(sheet: str, zh: str, en: str, row: int = 0, column: str = "") -> Flaw:
    """Make a remark about a sheet, or one of its cells."""
    return Flaw(sheet, row, column, "", zh, en, notice=True)


def clear_hidden_cells(page: Page) -> tuple[pl.DataFrame, list[Flaw]]:
    """Return the cells of a page without the numbers in hidden rows, and remarks that say what is not read.

    Hidden rows of words stay: they may be a part of the heads, or say what the rows below them are.
    """
    cells, remarks = page.cells, []
    columns = [name for at, name in enumerate(cells.columns) if at in page.shown.hidden_columns]
    filled = [name for name in columns if cells[name].null_count() < cells.height]
    if filled:
        letters = [get_column_letters(int(name[1:])) for name in filled]
        zh = f"有 {len(filled)} 列是隐藏的，没有读取：{'、'.join(letters)}"
        en = f"{len(filled)} hidden columns were not read: {', '.join(letters)}"
        remarks.append(make_remark(page.name, zh, en))
    if page.shown.hidden_rows and cells.width:
        hidden = pl.int_range(pl.len()).is_in(list(page.shown.hidden_rows))
        hidden &= pl.any_horizontal(pl.all().str.contains(NUMERIC.pattern).fill_null(value=False))
        lost = cells.filter(hidden).height
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


def fill_merged_cells(cells: pl.DataFrame, ranges: list[CellRange]) -> pl.DataFrame:
    """Fill cells merged over several rows of one column, each with the value that the reader sees over all of them.

    One number over several cells is that of none of them alone, and each gets MERGED; years and months hold in each.
    """
    merged: dict[str, list[str | None]] = {}
    for (first, left), (last, right) in ranges:
        name = f"c{left}"
        if (first, left) == (last, right) or name not in cells.columns or last >= cells.height:
            continue
        text = merged[name][first] if name in merged else cells[name][first]
        one_number = text is not None and left and NUMERIC.fullmatch(text) and not DATED.fullmatch(text)
        if not one_number and left != right:
            continue
        for column in (one for one in (f"c{at}" for at in range(left, right + 1)) if one in cells.columns):
            if column not in merged:
                merged[column] = cells[column].to_list()
            merged[column][first : last + 1] = [MERGED if one_number else text] * (last + 1 - first)
    return cells.with_columns(pl.Series(name, column, pl.String) for name, column in merged.items())
