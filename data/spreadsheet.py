"""XLSX: its sheets as text, with dates, per cents and merged cells as their reader sees them."""

import contextlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import polars as pl

from data.delimited import stripped
from data.incoming import Sheet, Unreadable, tabled
from data.workbook import GUIDE, LISTS

UNPACKED = 8  # a workbook unpacks to at most so many times the largest file taken
MOST_ROWS = 1_100_000  # a spreadsheet has 1,048,576
MOST_CELLS = 60_000_000  # of the area of a sheet
AT_ONCE = 50_000  # rows turned into text together
PERCENT_FORMATS = {9, 10}
DEFLATED = 8


def sheets(content: bytes, most: int) -> list[Sheet]:
    """The sheets of a workbook that hold a table. Raises Unreadable."""
    import python_calamine  # noqa: PLC0415 - only who loads a workbook pays for it

    unpacked(content, most * UNPACKED)
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        percents = percent_cells(content, book.sheet_names)
        found = []
        for name in book.sheet_names:
            if name.strip() in (*GUIDE.values(), LISTS):
                continue
            page = book.get_sheet_by_name(name)
            if page.height:
                found.append(tabled(grid(page, percents.get(name, set())), name.strip(), typed=True))
    except (python_calamine.CalamineError, OSError, KeyError, zipfile.BadZipFile, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(
            "工作簿已损坏，打不开。请在表格软件里打开，另存为新的 .xlsx",
            "the workbook is damaged; open it in the spreadsheet program and save it as a new .xlsx",
        ) from error
    return [sheet for sheet in found if sheet is not None]


def unpacked(content: bytes, most: int) -> int:
    """How many bytes a package unpacks to, counted and not believed. Raises Unreadable where they are too many."""
    total = 0
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for entry in package.infolist():
            if entry.flag_bits & 1:
                raise Unreadable("文件有密码。请去掉密码，另存后再载入", "the file has a password; remove it")
            for size in _sizes(content, entry):
                total += size
                if total > most:
                    raise Unreadable(
                        f"工作簿解开后超过 {most / 1e6:,.0f} MB。请分成几个文件，或另存为 CSV",
                        f"the workbook unpacks to more than {most / 1e6:,.0f} MB; split it, or save it as CSV",
                    )
    return total


def _sizes(content: bytes, entry: zipfile.ZipInfo) -> Iterator[int]:
    """Sizes of the pieces of one entry, whatever its own statement of its size."""
    start = entry.header_offset
    names, extra = (int.from_bytes(content[start + at : start + at + 2], "little") for at in (26, 28))
    packed = memoryview(content)[start + 30 + names + extra :][: entry.compress_size]
    if entry.compress_type != DEFLATED:
        yield len(packed)
        return
    inflater = zlib.decompressobj(-15)
    rest: bytes | memoryview = packed
    with contextlib.suppress(zlib.error):  # the reader of the workbook tells what is damaged
        while len(rest) and not inflater.eof:
            piece = inflater.decompress(rest, 1 << 20)
            if not piece and not inflater.unconsumed_tail:
                break
            rest = inflater.unconsumed_tail
            yield len(piece)


def percent_cells(content: bytes, names: list[str]) -> dict[str, set[tuple[int, int]]]:
    """Row and column, from 0, of the cells that are shown as per cent, by sheet.

    Raises Unreadable for a sheet so wide and long that its reader would not fit into memory.
    """
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = set(package.namelist())
        styles = package.read("xl/styles.xml").decode("utf-8", "replace") if "xl/styles.xml" in members else ""
        wanted = "|".join(_percent_styles(styles)).encode()
        cell = re.compile(rb'<c\b(?=[^>]*\ss="(?:' + wanted + rb')")[^>]*\sr="([A-Z]+)(\d+)"[^>]*>')
        for name, member in _members(package, names).items():
            if member in members:
                page = package.read(member)
                _bounded(page, name)
                at = cell.findall(page) if wanted else []
                found[name] = {(int(row) - 1, _column(letters)) for letters, row in at}
    return found


def _percent_styles(styles: str) -> list[str]:
    """Numbers of the cell styles that show per cent."""
    formats = re.findall(r'<numFmt\b[^>]*numFmtId="(\d+)"[^>]*formatCode="([^"]*)"', styles)
    custom = {int(number) for number, code in formats if "%" in code}
    block = re.search(r"<cellXfs.*?</cellXfs>", styles, re.DOTALL)
    of = re.findall(r'<xf\b[^>]*?numFmtId="(\d+)"', block[0]) if block else []
    return [str(at) for at, number in enumerate(of) if int(number) in PERCENT_FORMATS | custom]


def _bounded(page: bytes, name: str) -> None:
    """Refuse a sheet whose area, filled or not, is beyond all tables: one stray cell at its far end is enough."""
    last = max((int(row) for row in re.findall(rb"<row\b[^>]*\sr=[\"'](\d+)", page)[-1:]), default=0)
    widest = max((_column(cell.upper()) + 1 for cell in re.findall(rb"\sr=[\"']([A-Za-z]{2,3})\d", page)), default=26)
    if last * widest > MOST_CELLS:
        raise Unreadable(
            f"表的范围有 {last:,} 行、{widest:,} 列，太大了。多半是远处有一个多余的单元格或格式："
            "请把表复制到新的工作表里，或另存为 CSV",
            f"the sheet reaches over {last:,} rows and {widest:,} columns, most likely for one stray cell far away; "
            "copy the table into a new sheet, or save it as CSV", 0, name,
        )  # fmt: skip


def _members(package: zipfile.ZipFile, names: list[str]) -> dict[str, str]:
    """The file of each sheet inside the package."""
    book = package.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = package.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for tag in re.findall(r"<Relationship\b[^>]*>", relations):
        known = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        targets[known.get("Id", "")] = known.get("Target", "")
    tags = re.findall(r"<sheet\b[^>]*>", book)
    codes = [dict(re.findall(r'([\w:]+)="([^"]*)"', tag)).get("r:id", "") for tag in tags]
    files = [targets.get(code, "") for code in codes]
    return {
        name: file.lstrip("/") if file.startswith("/") else f"xl/{file}"
        for name, file in zip(names, files, strict=False)
    }


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1


def grid(page: Any, percents: set[tuple[int, int]]) -> pl.DataFrame:
    """The cells of a sheet as text. Cells merged within one column hold its value in every row."""
    left = page.start[1] if page.start else 0  # rows come from the first on, cells from the first filled column
    pieces, at = [], 0
    lines = page.iter_rows()
    while block := list(islice(lines, AT_ONCE)):
        if at + len(block) > MOST_ROWS:
            raise Unreadable("表的行数太多，请另存为 CSV", "too many rows; save the sheet as CSV", 0, page.name)
        columns = {
            f"c{place}": [
                cell if isinstance(cell, str) else text(cell, percent=(at + number, place) in percents)
                for number, cell in enumerate(cells)
            ]
            for place, cells in enumerate(zip(*block, strict=True), start=left)
        }
        pieces.append(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))
        at += len(block)
    empty = pl.DataFrame({f"c{place}": [None] * at for place in range(left)})
    cells = pl.concat([empty.cast(pl.String), pl.concat(pieces)], how="horizontal") if pieces else pl.DataFrame()
    return filled_down(stripped(cells), page.merged_cell_ranges or [])


def filled_down(cells: pl.DataFrame, ranges: list[Any]) -> pl.DataFrame:
    """Cells merged over several rows of one column, each with the value that the reader sees over all of them."""
    for (first, left), (last, right) in ranges:
        if first < last and left == right and f"c{left}" in cells.columns and last < cells.height:
            column = cells[f"c{left}"].to_list()
            column[first : last + 1] = [column[first]] * (last + 1 - first)
            cells = cells.with_columns(pl.Series(f"c{left}", column, pl.String))
    return cells


def text(cell: Any, *, percent: bool = False) -> str:
    """A typed cell as its reader sees it: 552 without a point, 43.6% where it is shown so, a day as ISO."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        shown = f"{cell * 100 if percent else cell:.15g}"
        if "e" in shown:
            shown = f"{float(shown):.4f}".rstrip("0").rstrip(".")
        return shown + ("%" if percent else "")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell if not isinstance(cell, timedelta) else "")
