"""Workbooks to download and fill in: instructions, a sheet for each table, lists to choose from, checks of cells."""

import io
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from data.tables.form import ColumnDefinition, SheetDefinition

ROWS_WITH_LISTS = 2_000  # rows below the header that offer a list
GUIDE = {"zh": "说明", "en": "Instructions"}
LISTS = "_lists"
YEARS = range(1990, 2100)


def write_workbook(
    sheets: dict[str, SheetDefinition],
    tables: dict[str, pl.DataFrame],
    lists: dict[str, list[str]],
    guide: list[str],
    lang: str = "zh",
) -> bytes:
    """Write a workbook in a language: instructions, and a sheet for each table with rows and lists to choose from.

    tables: rows by table, missing ones are empty. lists: allowed values of a column, by the sheet it refers to, if
    that is no sheet of the workbook (indicator). guide: lines of the instructions.
    """
    import xlsxwriter  # noqa: PLC0415 - only who downloads a workbook pays for it

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(1980, 1, 1, tzinfo=UTC)})
    look = {
        "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F5", "text_wrap": True}),
        "needed": book.add_format({"bold": True, "bottom": 1, "bg_color": "#DCE7F0", "text_wrap": True}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "text": book.add_format({"num_format": "@"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "first": book.add_format({"text_wrap": True, "bold": True, "font_size": 14}),
    }
    front = book.add_worksheet(GUIDE[lang])
    front.set_column(0, 0, 110, look["wrap"])
    for place, line in enumerate(guide):
        front.write_string(place, 0, line, look["wrap"] if place else look["first"])
    drawn = {sheet.table: book.add_worksheet(sheet.name[lang]) for sheet in sheets.values()}
    offered = _write_lists(book.add_worksheet(LISTS), sheets, lists, lang)
    for table, sheet in sheets.items():
        _write_sheet(drawn[table], sheet, tables.get(table), offered, look, lang)
    book.close()
    return buffer.getvalue()


def _write_lists(
    hidden: Any, sheets: dict[str, SheetDefinition], lists: dict[str, list[str]], lang: str
) -> dict[str, str]:
    """Write the lists that are longer than a cell may hold to a hidden sheet.

    Returns the ranges of these lists, and of the other sheets, by name.
    """
    hidden.hide()
    ranges = {}
    for number, (name, values) in enumerate(lists.items()):
        hidden.write_column(0, number, values)
        letter = chr(ord("A") + number)
        ranges[name] = f"={LISTS}!${letter}$1:${letter}${max(1, len(values))}"
    for table, place in {"department": "B", "leader": "B", "target": "A", "commitment": "A", "task": "A",
                         "project": "A", "problem": "A"}.items():  # fmt: skip
        ranges[table] = f"='{sheets[table].name[lang]}'!${place}$2:${place}${ROWS_WITH_LISTS}"
    return ranges


def _write_sheet(
    page: Any,
    sheet: SheetDefinition,
    rows: pl.DataFrame | None,
    offered: dict[str, str],
    look: dict[str, Any],
    lang: str,
) -> None:
    page.freeze_panes(1, 1)
    page.set_row(0, 32)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for place, column in enumerate(sheet.columns):
        worded = column.kind == "text" and not column.refers and not column.name.endswith("_id")
        wide = 30 if worded or column.refers == "indicator" else 15
        kind = {"date": look["date"], "text": look["text"], "month": look["text"], "codes": look["text"]}
        page.set_column(place, place, wide, kind.get(column.kind))
        page.write_string(0, place, column.head[lang], look["needed" if column.needed else "head"])
        rule = _make_validation(column, offered, lang)
        if rule:
            page.data_validation(1, place, ROWS_WITH_LISTS, place, rule)
    if rows is None:
        return
    for line, row in enumerate(rows.select(column.name for column in sheet.columns).iter_rows(), start=1):
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            if value is None:
                continue
            if column.kind == "date":
                page.write_datetime(line, place, datetime(value.year, value.month, value.day), look["date"])
            elif isinstance(value, int | float):
                page.write_number(line, place, value)
            else:
                page.write_string(line, place, _format_value(column, value, lang))


def _format_value(column: ColumnDefinition, value: Any, lang: str) -> str:
    if column.kind == "choice":
        return column.words[value][0 if lang == "zh" else 1]
    return "; ".join(value) if column.kind == "codes" else str(value)


def _make_validation(column: ColumnDefinition, offered: dict[str, str], lang: str) -> dict[str, Any]:
    """Make the rule for the cells of a column, so that the spreadsheet checks them before they are loaded."""
    rule: dict[str, Any] = {"ignore_blank": True}
    if column.kind == "choice":
        rule |= {"validate": "list", "source": [words[0 if lang == "zh" else 1] for words in column.words.values()]}
    elif column.refers in offered:
        # Only offered: a code of a published target, or a name typed by hand, is right as well.
        rule |= {"validate": "list", "source": offered[column.refers or ""], "show_error": False}
    elif column.kind == "date":
        span = {"minimum": date(YEARS[0], 1, 1), "maximum": date(YEARS[-1], 12, 31)}
        rule |= {"validate": "date", "criteria": "between", **span}
    elif column.kind == "percent":
        rule |= {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
    elif column.kind in ("number", "integer"):
        whole = "integer" if column.kind == "integer" else "decimal"
        rule |= {"validate": whole, "criteria": "between", "minimum": -1e12, "maximum": 1e12}
        if whole == "integer":
            rule |= {"minimum": 0, "maximum": 1_000_000}
    elif not column.note[lang]:
        return {}
    else:
        rule |= {"validate": "any"}
    note = column.note[lang] if column.kind != "choice" else ""
    if note:
        rule |= {"input_title": column.head[lang][:32], "input_message": note[:255]}
    return rule
