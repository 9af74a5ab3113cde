"""Workbooks of the old format (.xls, and .et of WPS): their sheets as pages, cells as their reader sees them."""

import re
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from data.files.number_format import GENERAL, STRUCK_OUT, NumberFormat, parse_number_format
from data.files.pages import LEFT_OUT, Page
from data.files.shown_cells import ShownCells
from data.files.shown_values import Cell, loses_digits, show_cell
from data.files.xlsx_looks import raise_letters
from data.files.xlsx_package import DAMAGED
from data.tables.csv_table import strip_cells
from data.tables.problems import UnreadableFile

if TYPE_CHECKING:
    import xlrd

PASSWORD = (
    "文件有密码。请去掉密码，另存后再载入",
    "the file is protected by a password; remove it and save the file again",
)
SUPERSCRIPT, SUBSCRIPT = 1, 2  # the escapements of a font
MOST_CELLS = 5_000_000  # of all sheets; their formats are kept for each


def read_xls_pages(content: bytes) -> list[Page]:
    """Read the sheets of a workbook but for instructions and lists, hidden ones too. Raises UnreadableFile."""
    import xlrd  # noqa: PLC0415 - only who loads such a workbook pays for it

    try:
        with xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=_Silent()) as book:
            if sum(sheet.nrows * sheet.ncols for sheet in book.sheets()) > MOST_CELLS:
                raise UnreadableFile(
                    "表太大，请另存为 .xlsx 或 CSV", "the sheets are too large; save them as .xlsx or CSV"
                )
            return [_read_page(book, sheet) for sheet in book.sheets() if sheet.name.strip() not in LEFT_OUT]
    except (UnreadableFile, MemoryError):
        raise
    except xlrd.XLRDError as error:
        raise _make_error(str(error)) from error
    except Exception as error:  # what the library meets in a damaged file may be of any kind
        raise UnreadableFile(*DAMAGED) from error


class _Silent:
    """Takes what the library would print about a file."""

    def write(self, _text: str) -> None:
        """Take a text."""


def _make_error(said: str) -> UnreadableFile:
    if "encrypt" in said.lower():
        return UnreadableFile(*PASSWORD)
    if "find workbook" in said.lower():
        return UnreadableFile(
            "这是 .doc、.ppt 或类似的文件，不是表格。请把表存为 .xlsx 或 CSV",
            "this is a .doc, .ppt or the like and no table; save the table as .xlsx or CSV",
        )
    return UnreadableFile(*DAMAGED)


def _read_page(book: "xlrd.Book", sheet: "xlrd.sheet.Sheet") -> Page:
    formats = _read_formats(book)
    columns: dict[str, list[str | None]] = {}
    rounded: list[tuple[int, int]] = []
    for column in range(sheet.ncols):
        cells = columns[f"c{column}"] = []
        for row in range(sheet.nrows):
            style = formats[sheet.cell_xf_index(row, column)]
            cells.append(_show(book, sheet, row, column, style))
            if sheet.cell_type(row, column) == 2 and loses_digits(sheet.cell_value(row, column), style):
                rounded.append((row, column))
    shown = ShownCells(
        hidden_rows={row for row, about in sheet.rowinfo_map.items() if about.hidden},
        hidden_columns={column for column, about in sheet.colinfo_map.items() if about.hidden},
    )
    merged = [((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells]
    grid = strip_cells(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))) if columns else pl.DataFrame()
    first = min(rounded, default=None)
    told = (first[1], first[0], len(rounded)) if first else None
    return Page(sheet.name.strip(), grid, merged, bool(sheet.visibility), shown, told)


def _read_formats(book: "xlrd.Book") -> list[NumberFormat]:
    """Return the number format of each style of a cell."""
    return [
        STRUCK_OUT
        if book.font_list[style.font_index].struck_out
        else parse_number_format(book.format_map[style.format_key].format_str)
        if style.format_key in book.format_map
        else GENERAL
        for style in book.xf_list
    ]


def _show(book: "xlrd.Book", sheet: "xlrd.sheet.Sheet", row: int, column: int, style: NumberFormat) -> str | None:
    """Return a cell as text, as the reader of its sheet sees it."""
    from xlrd import biffh  # noqa: PLC0415

    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind == biffh.XL_CELL_TEXT:
        return show_cell(_write_looks(book, sheet, row, column, str(value)), style)
    if kind == biffh.XL_CELL_ERROR:
        return str(biffh.error_text_from_code.get(value, "#ERROR!"))
    if kind == biffh.XL_CELL_BOOLEAN:
        return show_cell(bool(value))
    if kind not in (biffh.XL_CELL_NUMBER, biffh.XL_CELL_DATE) or (value == 0 and not sheet.show_zero_values):
        return None
    return show_cell(_find_day(value, book.datemode) if style.choose(value).is_date else value, style)


def _find_day(value: float, mode: int) -> Cell:
    """Return the day of a serial number; the number itself where it is none. mode: from when days are counted."""
    import xlrd  # noqa: PLC0415

    try:
        day: datetime = xlrd.xldate_as_datetime(value, mode)
    except (xlrd.xldate.XLDateError, OverflowError):
        return value
    return day


def _write_looks(book: "xlrd.Book", sheet: "xlrd.sheet.Sheet", row: int, column: int, text: str) -> str:
    """Return a text as data.files.xlsx_looks.write_looks() has it: raised letters marked, struck-out ones left out."""
    runs = sheet.rich_text_runlist_map.get((row, column))
    if not runs:
        return text
    starts = [0, *(start for start, _font in runs), len(text)]
    fonts = [None, *(book.font_list[font] for _start, font in runs)]
    made = ""
    for (start, end), font in zip(pairwise(starts), fonts, strict=True):
        part = text[start:end]
        if font is not None and font.struck_out:
            continue
        lowered = font is not None and font.escapement == SUBSCRIPT and not re.search("[A-Za-z]$", made)
        raised = font is not None and font.escapement == SUPERSCRIPT
        made += raise_letters(part) if raised or lowered else part
    return made
