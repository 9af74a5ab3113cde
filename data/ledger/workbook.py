"""Read the workbook of a ledger cell by cell; report every malformed cell."""

import io
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from data.files.open_file import read_file_bytes
from data.files.pages import Page
from data.files.xlsx_bounds import list_bounded_sheets
from data.files.xlsx_package import DAMAGED
from data.files.xlsx_pages import read_pages
from data.ledger.cells import CellValue, MisshapenCell, read_cells, refuse_error
from data.ledger.definition import HEAD_UNITS, VALUE, BrokenLedger, get_sheet_definitions, make_flaw
from data.ledger.shown_numbers import (
    find_hidden_parts,
    find_rounded_numbers,
    find_scaled_numbers,
    restore_typed_numbers,
)
from data.tables.form import ColumnDefinition, SheetDefinition
from data.tables.problems import ROW, Flaw, UnreadableFile
from data.tables.sheet import get_column_letters

MOST_ROWS = 200_000  # of one sheet
MOST_BYTES = 2_000_000_000  # of the unpacked file
UNIT_OF_HEAD = re.compile(r"\s*[（(]([^（()）]*)[)）]$")  # which the workbook to fill in writes behind some heads
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Rows = dict[str, list[tuple[int, dict[str, Any]]]]


def make_file_error(zh: str, en: str) -> BrokenLedger:
    """Return the error for a file that cannot be read at all."""
    return BrokenLedger([Flaw("", 0, "", "", zh, en)])


def read_ledger_pages(content: bytes) -> list[Page]:
    """Read the sheets of the workbook in the bytes. Raises BrokenLedger with the one reason if it cannot be read."""
    if content.startswith(OLE_SIGNATURE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise make_file_error(
                "工作簿有密码。请在表格软件里去掉密码，另存后再载入",
                "the workbook is protected by a password; remove it in the spreadsheet program and save again",
            )
        raise make_file_error(
            "这是旧格式 .xls（改名不算转换）。请在表格软件里另存为 .xlsx",
            "this is an old .xls, whatever its name says; save it as .xlsx in the spreadsheet program",
        )
    try:
        return restore_typed_numbers(content, read_pages(content, MOST_BYTES))
    except UnreadableFile as error:
        damaged = (error.flaw.zh, error.flaw.en) == DAMAGED
        raise (make_file_error(*NO_WORKBOOK) if damaged else BrokenLedger([error.flaw])) from error


NO_WORKBOOK = (
    "这不是 .xlsx 工作簿，或文件已损坏。请下载空白工作簿，重新填写",
    "this is no .xlsx workbook, or it is damaged; download the empty workbook and fill it in",
)


def is_ledger(path: Path) -> bool:
    """Return whether a file is the workbook of a ledger: it has the sheet Park and at least one other of its sheets."""
    with path.open("rb") as file:
        start = file.read(len(OLE_SIGNATURE))
    try:
        if start == OLE_SIGNATURE:
            found = list_old_sheets(read_file_bytes(path))
        elif start.startswith(b"PK"):
            found = {sheet.name.strip() for sheet in list_bounded_sheets(read_file_bytes(path), MOST_BYTES)}
        else:
            return False
    except (UnreadableFile, OSError):
        return False
    names = {table: {table, *sheet.name.values()} for table, sheet in get_sheet_definitions().items()}
    return bool(found & names["park"]) and any(found & names[table] for table in names if table != "park")


def list_old_sheets(content: bytes) -> set[str]:
    """Return the names of the sheets of an .xls; none if it is another kind of file, damaged, or has a password."""
    import xlrd  # noqa: PLC0415 - only who brings such a workbook pays for it

    try:
        with xlrd.open_workbook(file_contents=content, on_demand=True, logfile=io.StringIO()) as book:
            return {name.strip() for name in book.sheet_names()}
    except Exception:  # what the library meets in a damaged file may be of any kind
        return set()


def read_ledger_sheets(content: bytes) -> tuple[Rows, list[Flaw], dict[str, str]]:
    """Return the rows of every sheet, each with its number, the flaws of what could not be read, and by sheet the
    unit that its head claims for all its values.

    Values have the kind their column requires; a malformed one is None and a flaw. Codes are not looked up here.
    Raises BrokenLedger if the file is not a workbook.
    """
    pages = read_ledger_pages(content)
    names = {name: table for table, sheet in get_sheet_definitions().items() for name in (table, *sheet.name.values())}
    rows: Rows = {table: [] for table in get_sheet_definitions()}
    flaws: list[Flaw] = []
    units: dict[str, str] = {}
    for page in pages:
        table = names.get(page.name)
        if table is None:
            known = "、".join(sheet.name["zh"] for sheet in get_sheet_definitions().values())
            english = ", ".join(sheet.name["en"] for sheet in get_sheet_definitions().values())
            zh = f"不认识的工作表，请改名或删除；可用：{known}"
            en = f"no sheet of a ledger; rename or delete it. There are {english}"
            flaws.append(Flaw(page.name, 0, "", "", zh, en))
            continue
        if rows[table]:
            zh, en = "同一张表出现两次，请合成一张", "the sheet stands twice; make it one"
            flaws.append(make_flaw(table, 0, "", "", zh, en))
        rows[table], complaints = read_ledger_sheet(page, get_sheet_definitions()[table])
        flaws += complaints
        if unit := find_claimed_unit(page.cells.row(0) if page.cells.height else (), get_sheet_definitions()[table]):
            units[table] = unit
    return rows, flaws, units


def read_ledger_sheet(page: Page, sheet: SheetDefinition) -> tuple[list[tuple[int, dict[str, Any]]], list[Flaw]]:
    """Return the rows of one sheet with their numbers, and the flaws of what could not be read."""
    zh, en = "有合并的单元格。请取消合并，每格填写", "merged cells; split them and fill each"
    flaws = [make_flaw(sheet.table, first[0] + 1, "", "", zh, en) for first, _last in page.merged]
    heads = page.cells.row(0) if page.cells.height else ()
    count = page.cells.height - 1
    if not any(heads):
        zh = "第一行没有表头。请从空白工作簿抄回表头，或删去这张表"
        en = "the first row has no heads; copy them from the empty workbook, or delete the sheet"
        return [], [*flaws, make_flaw(sheet.table, 1, "", "", zh, en)]
    if count > MOST_ROWS:
        zh = f"有 {count} 行，一张表最多 {MOST_ROWS} 行。请按年度分成几个工作簿"
        en = f"{count:,} rows; a sheet takes {MOST_ROWS:,}. Split the ledger by year"
        return [], [*flaws, make_flaw(sheet.table, 0, "", "", zh, en)]
    places, complaints = match_heads(heads, sheet)
    flaws += [*complaints, *find_headless_columns(page, sheet), *find_hidden_parts(page, sheet.table)]
    flaws += find_scaled_numbers(page, sheet.table, heads)
    filled = page.cells.with_row_index(ROW, offset=1).slice(1).filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))
    numbers = filled[ROW].to_list()
    columns: dict[str, list[CellValue]] = {}
    for place, column in places.items():
        texts = filled[f"c{place}"]
        answers = read_cells(texts.unique(), column)
        columns[column.name] = [answers[text][0] for text in texts]
        flaws += find_rounded_numbers(sheet.table, column, numbers, texts.to_list())
        flaws += [
            make_flaw(sheet.table, number, column.name, *wrong)
            for number, text in zip(numbers, texts, strict=True)
            if (wrong := answers[text][1])
        ]
    named = columns.items()
    return [(number, {name: values[at] for name, values in named}) for at, number in enumerate(numbers)], flaws


def find_headless_columns(page: Page, sheet: SheetDefinition) -> list[Flaw]:
    """Return a flaw for each column that has cells and no head."""
    zh, en = (
        "这一列没有表头却有内容。请写上表头，或清空这一列",
        "has cells and no head; write the head, or empty the column",
    )
    heads, below = page.cells.row(0), page.cells.slice(1)
    return [
        make_flaw(sheet.table, 1, get_column_letters(place), "", zh, en)
        for place, head in enumerate(heads)
        if head is None and below[f"c{place}"].null_count() < below.height
    ]


def split_head(text: str, sheet: SheetDefinition) -> tuple[ColumnDefinition | None, str | None]:
    """Return the column that a head names, and what stands in brackets behind it."""
    named = {text: column for column in sheet.columns for text in (column.name, *column.head.values())}
    if text in named:
        return named[text], None
    match = UNIT_OF_HEAD.search(text)
    return (named.get(text[: match.start()]), match[1]) if match else (None, None)


def normalize_unit(text: str) -> str:
    """Return the words of a unit as they are compared: without spaces, full-width signs as plain ones."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def is_template_unit(table: str, column: ColumnDefinition, unit: str) -> bool:
    """Return whether the empty workbook writes a unit behind the head of a column, in either language."""
    written = HEAD_UNITS.get((table, column.name), {})
    return normalize_unit(unit) in {normalize_unit(words) for words in written.values()}


def takes_head_unit(table: str, column: ColumnDefinition, unit: str) -> bool:
    """Return whether a unit may stand behind the head of a column; that of a value must be the one of its rows."""
    return is_template_unit(table, column, unit) or (column.name == VALUE and (table, VALUE) in HEAD_UNITS)


def find_claimed_unit(heads: Sequence[str | None], sheet: SheetDefinition) -> str | None:
    """Return the unit that the head of the values of a sheet claims for all its rows; None if it claims none."""
    for text in heads:
        column, unit = split_head(text or "", sheet)
        if column is not None and unit is not None and column.name == VALUE:
            return None if is_template_unit(sheet.table, column, unit) else unit
    return None


def match_heads(heads: Sequence[str | None], sheet: SheetDefinition) -> tuple[dict[int, ColumnDefinition], list[Flaw]]:
    """Return the columns by place, and a flaw for each head that is unknown, repeated or missing."""
    places: dict[int, ColumnDefinition] = {}
    flaws = []
    for place, text in enumerate(heads):
        column, unit = split_head(text or "", sheet)
        fits = unit is None or (column is not None and takes_head_unit(sheet.table, column, unit))
        if column is not None and column not in places.values() and fits:
            places[place] = column
        elif text:
            zh = "表头重复" if column and fits else "不认识的表头，请改回空白工作簿里的写法"
            en = (
                "the head stands twice"
                if column and fits
                else ("no head of this sheet; write it as in the empty workbook")
            )
            try:
                refuse_error(text)
            except MisshapenCell as error:
                zh, en = error.zh, error.en
            flaws.append(make_flaw(sheet.table, 1, text, "", zh, en))
    for column in sheet.columns:
        if column.needed and column not in places.values():
            flaws.append(make_flaw(sheet.table, 1, column.name, "", "缺这一列", "this column is missing"))
    return places, flaws
