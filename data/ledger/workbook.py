"""Read the workbook of a ledger cell by cell; report every malformed cell."""

import re
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
from data.ledger.definition import BrokenLedger, get_sheet_definitions, make_flaw
from data.tables.form import ColumnDefinition, SheetDefinition
from data.tables.problems import ROW, Flaw, UnreadableFile

MOST_ROWS = 200_000  # of one sheet
MOST_BYTES = 2_000_000_000  # of the unpacked file
UNIT_OF_HEAD = re.compile(r"\s*[（(][^（()）]*[)）]$")  # which the workbook to fill in writes behind some heads
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
        return read_pages(content, MOST_BYTES)
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
        if file.read(2) != b"PK":
            return False
    try:
        found = {sheet.name.strip() for sheet in list_bounded_sheets(read_file_bytes(path), MOST_BYTES)}
    except (UnreadableFile, OSError):
        return False
    names = {table: {table, *sheet.name.values()} for table, sheet in get_sheet_definitions().items()}
    return bool(found & names["park"]) and any(found & names[table] for table in names if table != "park")


def read_ledger_sheets(content: bytes) -> tuple[Rows, list[Flaw]]:
    """Return the rows of every sheet, each with its number, and the flaws of what could not be read.

    Values have the kind their column requires; a malformed one is None and a flaw. Codes are not looked up here.
    Raises BrokenLedger if the file is not a workbook.
    """
    pages = read_ledger_pages(content)
    names = {name: table for table, sheet in get_sheet_definitions().items() for name in (table, *sheet.name.values())}
    rows: Rows = {table: [] for table in get_sheet_definitions()}
    flaws: list[Flaw] = []
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
    return rows, flaws


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
    flaws += complaints
    filled = page.cells.with_row_index(ROW, offset=1).slice(1).filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))
    numbers = filled[ROW].to_list()
    columns: dict[str, list[CellValue]] = {}
    for place, column in places.items():
        texts = filled[f"c{place}"]
        answers = read_cells(texts.unique(), column)
        columns[column.name] = [answers[text][0] for text in texts]
        flaws += [
            make_flaw(sheet.table, number, column.name, *wrong)
            for number, text in zip(numbers, texts, strict=True)
            if (wrong := answers[text][1])
        ]
    named = columns.items()
    return [(number, {name: values[at] for name, values in named}) for at, number in enumerate(numbers)], flaws


def match_heads(heads: Sequence[str | None], sheet: SheetDefinition) -> tuple[dict[int, ColumnDefinition], list[Flaw]]:
    """Return the columns by place, and a flaw for each head that is unknown, repeated or missing."""
    named = {text: column for column in sheet.columns for text in (column.name, *column.head.values())}
    places: dict[int, ColumnDefinition] = {}
    flaws = []
    for place, text in enumerate(heads):
        column = named.get(text or "") or named.get(UNIT_OF_HEAD.sub("", text or ""))
        if column is not None and column not in places.values():
            places[place] = column
        elif text:
            zh = "表头重复" if column else "不认识的表头，请改回空白工作簿里的写法"
            en = "the head stands twice" if column else "no head of this sheet; write it as in the empty workbook"
            try:
                refuse_error(text)
            except MisshapenCell as error:
                zh, en = error.zh, error.en
            flaws.append(make_flaw(sheet.table, 1, text, "", zh, en))
    for column in sheet.columns:
        if column.needed and column not in places.values():
            flaws.append(make_flaw(sheet.table, 1, column.name, "", "缺这一列", "this column is missing"))
    return places, flaws
