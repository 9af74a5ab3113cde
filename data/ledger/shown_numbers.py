"""Numbers that a sheet of a ledger shows otherwise than they were typed, and what of it its reader does not see."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from data.files.number_format import NumberFormat, Section
from data.files.pages import Page
from data.files.shown_values import loses_digits, show_cell
from data.files.xlsx_package import DAMAGED
from data.ledger.definition import get_number_digits, make_flaw
from data.tables.form import ColumnDefinition
from data.tables.problems import Flaw, UnreadableFile
from data.tables.sheet import get_column_letters

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

SCALED = (
    "单元格格式把数缩小或放大了显示，看到的不是填写的数。请把格式改为常规，按指标的单位填写",
    "the format of the cell shows another magnitude than was typed; set it to General and write the number in its unit",
)
HIDDEN_SHEET = (
    "这张表是隐藏的，照样读取了。不要的请删去",
    "this sheet is hidden and was read all the same; delete it if it does not belong to the ledger",
)
HIDDEN_ROWS = (
    "有 {n} 行是隐藏的（第 {first} 行起），照样读取了。不要的请删去",
    "{n} rows are hidden (from row {first} on) and were read all the same; delete what does not belong to the ledger",
)
HIDDEN_COLUMNS = (
    "有 {n} 列是隐藏的（{letters}），照样读取了。不要的请删去",
    "{n} columns are hidden ({letters}) and were read all the same; delete what does not belong to the ledger",
)
MORE_DECIMALS = (
    "有 {n} 个数超过 {digits} 位小数，已四舍五入到 {digits} 位，首个在第 {row} 行",
    "{n} numbers have more than {digits} decimals and were rounded to {digits}; the first stands in row {row}",
)


def restore_typed_numbers(content: bytes, pages: Sequence[Page]) -> list[Page]:
    """Return the sheets with every digit of those numbers of which their cells show only some.

    content: of the workbook. Raises UnreadableFile.
    """
    if not any(page.rounded for page in pages):
        return list(pages)
    import python_calamine  # noqa: PLC0415 - only who loads a workbook pays for it

    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        names = {name.strip(): name for name in book.sheet_names}
        return [
            _restore_page(page, book.get_sheet_by_name(names[page.name])) if page.rounded else page for page in pages
        ]
    except (python_calamine.CalamineError, OSError, KeyError, ValueError) as error:
        raise UnreadableFile(*DAMAGED) from error


def _restore_page(page: Page, stored: "CalamineSheet") -> Page:
    left = stored.start[1] if stored.start else 0  # rows come from the first on, cells from the first filled column
    found: dict[int, dict[int, str]] = {}
    for row, cells in enumerate(stored.iter_rows()):
        for column, cell in enumerate(cells, start=left):
            style = page.shown.styles.get(column, {}).get(row)
            if style is not None and isinstance(cell, int | float) and loses_digits(cell, style):
                found.setdefault(column, {})[row] = show_whole_number(cell, style)
    columns = []
    for column, texts in found.items():
        shown = page.cells[f"c{column}"].to_list()
        for row, text in texts.items():
            shown[row] = text
        columns.append(pl.Series(f"c{column}", shown, pl.String))
    return replace(page, cells=page.cells.with_columns(columns), rounded=None)


def show_whole_number(cell: float, style: NumberFormat) -> str:
    """Return a number as its format shows it, but with all of its digits."""
    whole = replace(style.choose(cell), least=0, most=-1)
    return show_cell(cell, NumberFormat(whole, whole, whole))


def find_scaled_numbers(page: Page, table: str, heads: Sequence[str | None]) -> list[Flaw]:
    """Return a flaw for each cell whose format shows its number at another magnitude, as thousands for one."""
    flaws = []
    for column, styles in page.shown.styles.items():
        scaled = [row for row, style in styles.items() if row and _is_scaled(style)]
        if not scaled or f"c{column}" not in page.cells.columns:
            continue
        cells, head = page.cells[f"c{column}"], (heads[column] or get_column_letters(column))
        filled = [row for row in scaled if row < cells.len() and cells[row] is not None]
        flaws += [make_flaw(table, row + 1, head, str(cells[row]), *SCALED) for row in filled]
    return flaws


def _is_scaled(style: NumberFormat) -> bool:
    """Return whether a format shows numbers at another magnitude, by a power of ten that no per cent sign explains."""
    sections = (style.positive, style.negative, style.zero, *(section for *_condition, section in style.choices))
    return any(map(_shifts_number, sections))


def _shifts_number(section: Section) -> bool:
    signs = (section.before + section.after).count("%")
    return section.kind == "number" and section.shift not in range(0, 2 * signs + 1, 2)


def find_hidden_parts(page: Page, table: str) -> Iterator[Flaw]:
    """Yield a remark for a hidden sheet, for hidden rows and for hidden columns, where they hold anything."""
    cells = page.cells
    if not cells.height or not cells.width:
        return
    if page.hidden:
        yield make_flaw(table, 0, "", "", *HIDDEN_SHEET, notice=True)
    rows = sorted(row for row in page.shown.hidden_rows if row < cells.height)
    rows = [row for row in rows if any(cell is not None for cell in cells.row(row))]
    if rows:
        zh, en = (words.format(n=len(rows), first=rows[0] + 1) for words in HIDDEN_ROWS)
        yield make_flaw(table, 0, "", "", zh, en, notice=True)
    columns = sorted(column for column in page.shown.hidden_columns if column < cells.width)
    letters = [get_column_letters(at) for at in columns if cells[f"c{at}"].null_count() < cells.height]
    if letters:
        zh = HIDDEN_COLUMNS[0].format(n=len(letters), letters="、".join(letters))
        en = HIDDEN_COLUMNS[1].format(n=len(letters), letters=", ".join(letters))
        yield make_flaw(table, 0, "", "", zh, en, notice=True)


def find_rounded_numbers(
    table: str, column: ColumnDefinition, numbers: Sequence[int], texts: Sequence[str | None]
) -> list[Flaw]:
    """Return a remark on numbers of a column with more decimals than the ledger keeps. numbers: of the rows."""
    if column.kind not in ("number", "percent"):
        return []
    digits = get_number_digits()[column.name][1]
    found = [
        (number, text)
        for number, text in zip(numbers, texts, strict=True)
        if text is not None and len(text.rstrip("%％ ").partition(".")[2].rstrip("0")) > digits
    ]
    if not found:
        return []
    zh, en = (words.format(n=len(found), digits=digits, row=found[0][0]) for words in MORE_DECIMALS)
    return [make_flaw(table, found[0][0], column.name, found[0][1], zh, en, notice=True)]
