"""What one cell of a ledger holds: the value that its column requires, or what is wrong with it."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from data.files.shown_values import UNCLEAR
from data.ledger.definition import get_number_digits, takes_per_cent
from data.tables.form import ColumnDefinition
from data.tables.workbook_out import YEARS
from data.values.period_search import find_ambiguous_months

CODE_SEPARATOR = re.compile(r"[;；、,，]\s*")
DAY_PATTERN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: \d\d:\d\d:\d\d)?")  # with the time of a cell
MONTH_PATTERN = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})月?|(\d{2}))")
PER_CENT_SIGN = re.compile(r"\s*[%％]$")
NUMBER_PATTERN = re.compile(r"[+-]?\d+(\.\d+)?")
NO_PER_CENT = (
    "这里不是百分数，不带 %；请按所需的单位填写数字",
    "no per cent is meant here; write the number in its unit, without the sign",
)
UNSAVED_FORMULA = "#FORMULA!"
ERROR_PATTERN = re.compile(
    r"#(?:REF!|DIV/0!|N/A|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!"
    r"|EXTERNAL!|PYTHON!|ERROR!)|Err:\d{3}",
    re.IGNORECASE,
)
AMBIGUOUS_MONTH = (
    "{0} 可能是 1 月，也可能是 10 月；请写成 {1}-01 或 {1}-10",
    "{0} may be January or October; write {1}-01 or {1}-10",
)
CellValue = str | int | float | date | list[str] | None
Complaint = tuple[str, str, str]  # the value to show, and the rule in both languages
CellAnswer = tuple[CellValue, Complaint | None]


class PerCentNumber(float):
    """A number that was written or shown with a per cent sign: 40 for 40%."""


class MisshapenCell(ValueError):
    """A cell that does not hold what its column requires; zh and en say what that is."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def read_cells(texts: Iterable[str | None], column: ColumnDefinition) -> dict[str | None, CellAnswer]:
    """Read the distinct texts of a column; a month that may be two is judged by what the others show."""
    asked = set(texts)
    answers = {text: read_cell(text, column) for text in asked}
    if column.kind == "month":
        for text in find_ambiguous_months({text for text in asked if text}):
            zh, en = (words.format(text, text[:4]) for words in AMBIGUOUS_MONTH)
            answers[text] = (None, (text, zh, en))
    return answers


def read_cell(text: str | None, column: ColumnDefinition) -> CellAnswer:
    """Return the value of a cell, and what is wrong with it."""
    try:
        if text is not None:
            refuse_error(text)
        value = None if text is None else CELL_PARSERS[column.kind](text, column)
    except MisshapenCell as error:
        return None, (text or "", error.zh, error.en)
    return value, ("", "不能空着", "must not be empty") if value is None and column.needed else None


def refuse_error(text: str) -> None:
    """Raise MisshapenCell if a text is what a cell shows for the error of a formula, or for one without a result."""
    if text.upper() == UNSAVED_FORMULA:
        raise MisshapenCell(
            "公式的结果没有存在文件里。请在表格软件里打开工作簿，算好后保存，再载入",
            "a formula whose result was not saved; open the workbook in the spreadsheet program, save it and load it "
            "again",
        )
    if text == UNCLEAR:
        raise MisshapenCell(
            "单元格格式特殊，读不出显示的内容。请把格式改为常规或文本，重新填写",
            "the format of the cell shows what cannot be worked out; set it to General or Text and write the cell "
            "again",
        )
    if ERROR_PATTERN.fullmatch(text):
        raise MisshapenCell(
            "公式出错，没有结果。请在表格软件里改正公式，或直接填写内容；没有内容的清空这一格",
            "the error of a formula; correct the formula in the spreadsheet program, write the value itself, or empty "
            "the cell",
        )


def _parse_codes(text: str, _column: ColumnDefinition) -> list[str] | None:
    return [part for part in CODE_SEPARATOR.split(text) if part] or None


def _parse_number(text: str, column: ColumnDefinition) -> float:
    bare = PER_CENT_SIGN.sub("", text)
    if bare != text and NUMBER_PATTERN.fullmatch(bare):
        if takes_per_cent(column):
            return PerCentNumber(_bound_number(bare, column))
        raise MisshapenCell(*NO_PER_CENT)
    if NUMBER_PATTERN.fullmatch(text):
        return _bound_number(text, column)
    raise MisshapenCell("须是数字，不带单位、逗号和文字", "must be a number, without unit, comma or words")


def _bound_number(text: str, column: ColumnDefinition) -> float:
    """Return a number with as many decimals as its column keeps. Raises MisshapenCell if it has too many digits."""
    if column.name not in get_number_digits():  # a whole number
        return float(text)
    whole, decimals = get_number_digits()[column.name]
    number, most = Decimal(text), 10**whole
    if abs(number) < most:
        rounded = float(number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
        if abs(rounded) < most:
            return rounded
    raise MisshapenCell(
        f"数太大，小数点前最多 {whole} 位。请核对单位和位数",
        f"too large, with more than {whole} digits before the point; check its unit and its digits",
    )


def _parse_percent(text: str, column: ColumnDefinition) -> float:
    number = _parse_number(text, column)
    if not 0 <= number <= 100:
        raise MisshapenCell("百分数须在 0 与 100 之间", "per cent must lie between 0 and 100")
    return number


def _parse_integer(text: str, column: ColumnDefinition) -> int:
    number = _parse_number(text, column)
    if not number.is_integer() or abs(number) > 1_000_000:
        raise MisshapenCell("须是整数", "must be a whole number")
    return int(number)


def _parse_date(text: str, _column: ColumnDefinition) -> date:
    match = DAY_PATTERN.fullmatch(text)
    try:
        found = date(*map(int, match.groups())) if match else None
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise MisshapenCell("须是日期，写成 2025-03-01", "must be a date like 2025-03-01")
    return found


def _parse_month(text: str, column: ColumnDefinition) -> str:
    day = DAY_PATTERN.fullmatch(text)
    if day:
        _parse_date(text, column)
    match = day or MONTH_PATTERN.fullmatch(text)
    year, month = (int(match[1]), int(match[2] or match[3])) if match else (0, 0)
    if not 1 <= month <= 12 or year not in YEARS:
        raise MisshapenCell("须是月份，写成 2025-03", "must be a month like 2025-03")
    return f"{year}-{month:02}"


def _parse_choice(text: str, column: ColumnDefinition) -> str:
    for code, words in column.words.items():
        if text.lower() in (code, *(word.lower() for word in words)):
            return code
    zh = "、".join(words[0] for words in column.words.values())
    en = ", ".join(words[1] for words in column.words.values())
    raise MisshapenCell(f"须是其中之一：{zh}", f"must be one of {en}")


CELL_PARSERS: dict[str, Callable[[str, ColumnDefinition], CellValue]] = {
    "text": lambda text, _column: text,
    "codes": _parse_codes,
    "number": _parse_number,
    "percent": _parse_percent,
    "integer": _parse_integer,
    "date": _parse_date,
    "month": _parse_month,
    "choice": _parse_choice,
}
