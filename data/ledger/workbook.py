"""The workbook of a ledger, read cell by cell with every misshapen one named."""

import io
import math
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from data.tables.form import Column, Sheet, sheets
from data.tables.open_file import content_of
from data.tables.problems import BrokenLedger, Flaw
from data.tables.sheet import Unreadable
from data.tables.workbook_out import GUIDE, LISTS
from data.tables.xlsx_bounds import DAMAGED, bounded, inspect

MOST_ROWS = 200_000  # of one sheet
MOST_BYTES = 2_000_000_000  # of the unpacked file
APART = re.compile(r"[;；、,，]\s*")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
YEARS = range(1990, 2100)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Rows = dict[str, list[tuple[int, dict[str, Any]]]]


class Misshapen(ValueError):
    """A cell that does not hold what its column asks for: what it asks for, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def refused(zh: str, en: str) -> BrokenLedger:
    """The whole file cannot be read."""
    return BrokenLedger([Flaw("", 0, "", "", zh, en)])


def opened(content: bytes) -> Any:
    """The workbook behind the bytes. Raises BrokenLedger with the one reason why there is none."""
    import python_calamine  # noqa: PLC0415 - only who loads a workbook pays for it

    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refused(
                "工作簿有密码。请在表格软件里去掉密码，另存后再载入",
                "the workbook is protected by a password; remove it in the spreadsheet program and save again",
            )
        raise refused(
            "这是旧格式 .xls（改名不算转换）。请在表格软件里另存为 .xlsx",
            "this is an old .xls, whatever its name says; save it as .xlsx in the spreadsheet program",
        )
    try:
        inspect(content, MOST_BYTES)
        return python_calamine.load_workbook(io.BytesIO(content))
    except Unreadable as error:
        if (error.flaw.zh, error.flaw.en) != DAMAGED:
            raise BrokenLedger([error.flaw]) from error
        raise refused(*NO_WORKBOOK) from error
    except (zipfile.BadZipFile, python_calamine.CalamineError, OSError) as error:
        raise refused(*NO_WORKBOOK) from error


NO_WORKBOOK = (
    "这不是 .xlsx 工作簿，或文件已损坏。请下载空白工作簿，重新填写",
    "this is no .xlsx workbook, or it is damaged; download the empty workbook and fill it in",
)


def is_ledger(path: Path) -> bool:
    """Whether a file is a workbook of a ledger: one that has its sheet of the park and another of its sheets."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return False
    try:
        found = {sheet.name.strip() for sheet in bounded(content_of(path), MOST_BYTES)}
    except (Unreadable, OSError):
        return False
    names = {table: {table, *sheet.name.values()} for table, sheet in sheets().items()}
    return bool(found & names["park"]) and any(found & names[table] for table in names if table != "park")


def read(content: bytes) -> tuple[Rows, list[Flaw]]:
    """The rows of every sheet, each with its number, and what could not be read.

    Values are of the kind their column asks for; a misshapen one is None and a flaw. Codes are not looked up here.
    Raises BrokenLedger where the file is no workbook.
    """
    book = opened(content)
    names = {name: table for table, sheet in sheets().items() for name in (table, *sheet.name.values())}
    rows: Rows = {table: [] for table in sheets()}
    flaws: list[Flaw] = []
    for name in book.sheet_names:
        if name.strip() in (*GUIDE.values(), LISTS):
            continue
        table = names.get(name.strip())
        if table is None:
            known = "、".join(sheet.name["zh"] for sheet in sheets().values())
            english = ", ".join(sheet.name["en"] for sheet in sheets().values())
            flaws.append(
                Flaw(
                    name, 0, "", "", f"不认识的工作表，请改名或删除；可用：{known}",
                    f"no sheet of a ledger; rename or delete it. There are {english}",
                )
            )  # fmt: skip
            continue
        if rows[table]:
            flaws.append(Flaw(table, 0, "", "", "同一张表出现两次，请合成一张", "the sheet stands twice; make it one"))
        read_rows, complaints = read_sheet(book.get_sheet_by_name(name), sheets()[table])
        rows[table], flaws = read_rows, flaws + complaints
    return rows, flaws


def read_sheet(found: Any, sheet: Sheet) -> tuple[list[tuple[int, dict[str, Any]]], list[Flaw]]:
    """The rows of one sheet with their numbers, and what could not be read."""
    flaws = []
    for first, _last in found.merged_cell_ranges or []:
        flaws.append(
            Flaw(
                sheet.table, first[0] + 1, "", "", "有合并的单元格。请取消合并，每格填写",
                "merged cells; split them and fill each",
            )
        )  # fmt: skip
    lines = found.to_python(skip_empty_area=False)
    if not lines or not any(str(cell).strip() for cell in lines[0]):
        flaws.append(
            Flaw(
                sheet.table, 1, "", "", "第一行没有表头。请从空白工作簿抄回表头，或删去这张表",
                "the first row has no heads; copy them from the empty workbook, or delete the sheet",
            )
        )  # fmt: skip
        return [], flaws
    if len(lines) - 1 > MOST_ROWS:
        zh = f"有 {len(lines) - 1} 行，一张表最多 {MOST_ROWS} 行。请按年度分成几个工作簿"
        en = f"{len(lines) - 1:,} rows; a sheet takes {MOST_ROWS:,}. Split the ledger by year"
        return [], [*flaws, Flaw(sheet.table, 0, "", "", zh, en)]
    places, complaints = heads(lines[0], sheet)
    flaws += complaints
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell != "" for cell in line):
            continue
        row: dict[str, Any] = {}
        for place, column in places.items():
            try:
                row[column.name] = READ[column.kind](line[place], column)
            except Misshapen as error:
                row[column.name] = None
                flaws.append(Flaw(sheet.table, number, column.name, shown(line[place]), error.zh, error.en))
            else:
                if row[column.name] is None and column.needed:
                    flaws.append(Flaw(sheet.table, number, column.name, "", "不能空着", "must not be empty"))
        rows.append((number, row))
    return rows, flaws


def heads(line: list[Any], sheet: Sheet) -> tuple[dict[int, Column], list[Flaw]]:
    """Which column stands where; a head that is not known, stands twice or is missing is a flaw."""
    named = {text: column for column in sheet.columns for text in (column.name, *column.head.values())}
    places: dict[int, Column] = {}
    flaws = []
    for place, cell in enumerate(line):
        text = str(cell).strip()
        column = named.get(text)
        if column is not None and column not in places.values():
            places[place] = column
        elif text:
            zh = "表头重复" if column else "不认识的表头，请改回空白工作簿里的写法"
            en = "the head stands twice" if column else "no head of this sheet; write it as in the empty workbook"
            flaws.append(Flaw(sheet.table, 1, text, "", zh, en))
    for column in sheet.columns:
        if column.needed and column not in places.values():
            flaws.append(Flaw(sheet.table, 1, column.name, "", "缺这一列", "this column is missing"))
    return places, flaws


def shown(cell: Any) -> str:
    """A cell as its reader sees it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _text(cell: Any, _column: Column) -> str | None:
    return shown(cell) or None


def _codes(cell: Any, _column: Column) -> list[str] | None:
    return [part for part in APART.split(shown(cell)) if part] or None


def _number(cell: Any, column: Column) -> float | None:
    if cell == "":
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
        return float(cell)
    text = shown(cell)
    if re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
        return float(text)
    raise Misshapen("须是数字，不带单位、逗号和文字", "must be a number, without unit, comma or words")


def _percent(cell: Any, column: Column) -> float | None:
    number = _number(cell, column)
    if number is not None and not 0 <= number <= 100:
        raise Misshapen("百分数须在 0 与 100 之间", "per cent must lie between 0 and 100")
    return number


def _integer(cell: Any, column: Column) -> int | None:
    number = _number(cell, column)
    if number is None:
        return None
    if not number.is_integer() or abs(number) > 1_000_000:
        raise Misshapen("须是整数", "must be a whole number")
    return int(number)


def _date(cell: Any, _column: Column) -> date | None:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        found: date | None = cell
    else:
        text = shown(cell)
        if not text:
            return None
        match = DAY.fullmatch(text)
        found = _day(*match.groups()) if match else None
    if found is None or found.year not in YEARS:
        raise Misshapen("须是日期，写成 2025-03-01", "must be a date like 2025-03-01")
    return found


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _month(cell: Any, _column: Column) -> str | None:
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    text = shown(cell)
    if not text:
        return None
    match = MONTH.fullmatch(text)
    if not match or not 1 <= int(match[2]) <= 12 or int(match[1]) not in YEARS:
        raise Misshapen("须是月份，写成 2025-03", "must be a month like 2025-03")
    return f"{match[1]}-{int(match[2]):02}"


def _choice(cell: Any, column: Column) -> str | None:
    text = shown(cell)
    if not text:
        return None
    for code, words in column.words.items():
        if text.lower() in (code, *(word.lower() for word in words)):
            return code
    zh = "、".join(words[0] for words in column.words.values())
    en = ", ".join(words[1] for words in column.words.values())
    raise Misshapen(f"须是其中之一：{zh}", f"must be one of {en}")


READ: dict[str, Callable[[Any, Column], Any]] = {
    "text": _text, "codes": _codes, "number": _number, "percent": _percent, "integer": _integer, "date": _date,
    "month": _month, "choice": _choice,
}  # fmt: skip
