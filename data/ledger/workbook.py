"""Read the workbook of a ledger cell by cell; report every malformed cell."""

import io
import math
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from data.ledger.definition import BrokenLedger, get_sheet_definitions, make_flaw
from data.tables.form import ColumnDefinition, SheetDefinition
from data.tables.open_file import read_file_bytes
from data.tables.problems import Flaw, UnreadableFile
from data.tables.workbook_out import GUIDE, LISTS
from data.tables.xlsx_bounds import DAMAGED, list_bounded_sheets, measure_sheets

MOST_ROWS = 200_000  # of one sheet
MOST_BYTES = 2_000_000_000  # of the unpacked file
CODE_SEPARATOR = re.compile(r"[;；、,，]\s*")
DAY_PATTERN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
MONTH_PATTERN = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
YEARS = range(1990, 2100)
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Rows = dict[str, list[tuple[int, dict[str, Any]]]]


class MisshapenCell(ValueError):
    """A cell that does not hold what its column requires; zh and en say what that is."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def make_file_error(zh: str, en: str) -> BrokenLedger:
    """Return the error for a file that cannot be read at all."""
    return BrokenLedger([Flaw("", 0, "", "", zh, en)])


def open_ledger_workbook(content: bytes) -> Any:
    """Open the workbook in the bytes. Raises BrokenLedger with the one reason if it cannot be opened."""
    import python_calamine  # noqa: PLC0415 - only who loads a workbook pays for it

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
        measure_sheets(content, MOST_BYTES)
        return python_calamine.load_workbook(io.BytesIO(content))
    except UnreadableFile as error:
        if (error.flaw.zh, error.flaw.en) != DAMAGED:
            raise BrokenLedger([error.flaw]) from error
        raise make_file_error(*NO_WORKBOOK) from error
    except (zipfile.BadZipFile, python_calamine.CalamineError, OSError) as error:
        raise make_file_error(*NO_WORKBOOK) from error


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
    book = open_ledger_workbook(content)
    names = {name: table for table, sheet in get_sheet_definitions().items() for name in (table, *sheet.name.values())}
    rows: Rows = {table: [] for table in get_sheet_definitions()}
    flaws: list[Flaw] = []
    for name in book.sheet_names:
        if name.strip() in (*GUIDE.values(), LISTS):
            continue
        table = names.get(name.strip())
        if table is None:
            known = "、".join(sheet.name["zh"] for sheet in get_sheet_definitions().values())
            english = ", ".join(sheet.name["en"] for sheet in get_sheet_definitions().values())
            flaws.append(
                Flaw(
                    name, 0, "", "", f"不认识的工作表，请改名或删除；可用：{known}",
                    f"no sheet of a ledger; rename or delete it. There are {english}",
                )
            )  # fmt: skip
            continue
        if rows[table]:
            flaws.append(
                make_flaw(table, 0, "", "", "同一张表出现两次，请合成一张", "the sheet stands twice; make it one")
            )
        read_rows, complaints = read_ledger_sheet(book.get_sheet_by_name(name), get_sheet_definitions()[table])
        rows[table], flaws = read_rows, flaws + complaints
    return rows, flaws


def read_ledger_sheet(found: Any, sheet: SheetDefinition) -> tuple[list[tuple[int, dict[str, Any]]], list[Flaw]]:
    """Return the rows of one sheet with their numbers, and the flaws of what could not be read."""
    flaws = []
    for first, _last in found.merged_cell_ranges or []:
        flaws.append(
            make_flaw(
                sheet.table, first[0] + 1, "", "", "有合并的单元格。请取消合并，每格填写",
                "merged cells; split them and fill each",
            )
        )  # fmt: skip
    lines = found.to_python(skip_empty_area=False)
    if not lines or not any(str(cell).strip() for cell in lines[0]):
        flaws.append(
            make_flaw(
                sheet.table, 1, "", "", "第一行没有表头。请从空白工作簿抄回表头，或删去这张表",
                "the first row has no heads; copy them from the empty workbook, or delete the sheet",
            )
        )  # fmt: skip
        return [], flaws
    if len(lines) - 1 > MOST_ROWS:
        zh = f"有 {len(lines) - 1} 行，一张表最多 {MOST_ROWS} 行。请按年度分成几个工作簿"
        en = f"{len(lines) - 1:,} rows; a sheet takes {MOST_ROWS:,}. Split the ledger by year"
        return [], [*flaws, make_flaw(sheet.table, 0, "", "", zh, en)]
    places, complaints = match_heads(lines[0], sheet)
    flaws += complaints
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell != "" for cell in line):
            continue
        row: dict[str, Any] = {}
        for place, column in places.items():
            try:
                row[column.name] = CELL_PARSERS[column.kind](line[place], column)
            except MisshapenCell as error:
                row[column.name] = None
                flaws.append(make_flaw(sheet.table, number, column.name, format_cell(line[place]), error.zh, error.en))
            else:
                if row[column.name] is None and column.needed:
                    flaws.append(make_flaw(sheet.table, number, column.name, "", "不能空着", "must not be empty"))
        rows.append((number, row))
    return rows, flaws


def match_heads(line: list[Any], sheet: SheetDefinition) -> tuple[dict[int, ColumnDefinition], list[Flaw]]:
    """Return the columns by place, and a flaw for each head that is unknown, repeated or missing."""
    named = {text: column for column in sheet.columns for text in (column.name, *column.head.values())}
    places: dict[int, ColumnDefinition] = {}
    flaws = []
    for place, cell in enumerate(line):
        text = str(cell).strip()
        column = named.get(text)
        if column is not None and column not in places.values():
            places[place] = column
        elif text:
            zh = "表头重复" if column else "不认识的表头，请改回空白工作簿里的写法"
            en = "the head stands twice" if column else "no head of this sheet; write it as in the empty workbook"
            flaws.append(make_flaw(sheet.table, 1, text, "", zh, en))
    for column in sheet.columns:
        if column.needed and column not in places.values():
            flaws.append(make_flaw(sheet.table, 1, column.name, "", "缺这一列", "this column is missing"))
    return places, flaws


def format_cell(cell: Any) -> str:
    """Return a cell as its reader sees it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _parse_text(cell: Any, _column: ColumnDefinition) -> str | None:
    return format_cell(cell) or None


def _parse_codes(cell: Any, _column: ColumnDefinition) -> list[str] | None:
    return [part for part in CODE_SEPARATOR.split(format_cell(cell)) if part] or None


def _parse_number(cell: Any, column: ColumnDefinition) -> float | None:
    if cell == "":
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
        return float(cell)
    text = format_cell(cell)
    if re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
        return float(text)
    raise MisshapenCell("须是数字，不带单位、逗号和文字", "must be a number, without unit, comma or words")


def _parse_percent(cell: Any, column: ColumnDefinition) -> float | None:
    number = _parse_number(cell, column)
    if number is not None and not 0 <= number <= 100:
        raise MisshapenCell("百分数须在 0 与 100 之间", "per cent must lie between 0 and 100")
    return number


def _parse_integer(cell: Any, column: ColumnDefinition) -> int | None:
    number = _parse_number(cell, column)
    if number is None:
        return None
    if not number.is_integer() or abs(number) > 1_000_000:
        raise MisshapenCell("须是整数", "must be a whole number")
    return int(number)


def _parse_date(cell: Any, _column: ColumnDefinition) -> date | None:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        found: date | None = cell
    else:
        text = format_cell(cell)
        if not text:
            return None
        match = DAY_PATTERN.fullmatch(text)
        found = _make_day(*match.groups()) if match else None
    if found is None or found.year not in YEARS:
        raise MisshapenCell("须是日期，写成 2025-03-01", "must be a date like 2025-03-01")
    return found


def _make_day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _parse_month(cell: Any, _column: ColumnDefinition) -> str | None:
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    text = format_cell(cell)
    if not text:
        return None
    match = MONTH_PATTERN.fullmatch(text)
    if not match or not 1 <= int(match[2]) <= 12 or int(match[1]) not in YEARS:
        raise MisshapenCell("须是月份，写成 2025-03", "must be a month like 2025-03")
    return f"{match[1]}-{int(match[2]):02}"


def _parse_choice(cell: Any, column: ColumnDefinition) -> str | None:
    text = format_cell(cell)
    if not text:
        return None
    for code, words in column.words.items():
        if text.lower() in (code, *(word.lower() for word in words)):
            return code
    zh = "、".join(words[0] for words in column.words.values())
    en = ", ".join(words[1] for words in column.words.values())
    raise MisshapenCell(f"须是其中之一：{zh}", f"must be one of {en}")


CELL_PARSERS: dict[str, Callable[[Any, ColumnDefinition], Any]] = {
    "text": _parse_text,
    "codes": _parse_codes,
    "number": _parse_number,
    "percent": _parse_percent,
    "integer": _parse_integer,
    "date": _parse_date,
    "month": _parse_month,
    "choice": _parse_choice,
}
