"""Workbooks to download and fill in: instructions, a sheet for each table, lists to choose from, checks of cells."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from data.tables.form import ColumnDefinition

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

GUIDE = {"zh": "说明", "en": "Instructions"}
LISTS = "_lists"
YEARS = range(1990, 2100)
LOOKS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "bottom": 1, "bg_color": "#DCE7F0", "font_color": "#1F2937", "text_wrap": True},
    "needed": {"bold": True, "bottom": 1, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "text_wrap": True},
    "date": {"num_format": "yyyy-mm-dd"},
    "text": {"num_format": "@"},
    "example": {"italic": True, "font_color": "#6B7280", "num_format": "@"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "title": {"text_wrap": True, "bold": True, "font_size": 14},
}
LOOKS_BY_KIND = {"date": "date", "text": "text", "month": "text", "codes": "text"}


class WorkbookWriter:
    """A workbook in one language while it is written; its sheets stand in the order in which they are added.

    strict: cells take only what their kind or list allows; else lists are offered, and other words may be right too.
    rows: last row with lists and checks. offered: ranges of lists, by what a column refers to.
    """

    def __init__(self, lang: str, *, strict: bool, rows: int) -> None:
        import xlsxwriter  # noqa: PLC0415 - only who downloads a workbook pays for it

        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._book.set_properties({"created": datetime(1980, 1, 1, tzinfo=UTC)})
        self._looks = {name: self._book.add_format(look) for name, look in LOOKS.items()}
        self.lang, self.strict, self.rows, self.offered = lang, strict, rows, dict[str, str]()

    def close(self) -> bytes:
        """Finish the workbook and return its bytes."""
        self._book.close()
        return self._buffer.getvalue()

    def add_sheet(self, name: str) -> "Worksheet":
        """Add an empty sheet."""
        sheet: Worksheet = self._book.add_worksheet(name)
        return sheet

    def add_lists(self, lists: Mapping[str, Sequence[str]]) -> None:
        """Add a hidden sheet with the lists that are longer than a cell may hold, and offer them."""
        hidden = self.add_sheet(LISTS)
        hidden.hide()
        for place, (name, values) in enumerate(lists.items()):
            hidden.write_column(0, place, values)
            letter = chr(ord("A") + place)
            self.offered[name] = f"={LISTS}!${letter}$1:${letter}${max(1, len(values))}"

    def write_guide(
        self, page: "Worksheet", lines: Sequence[str], *, titled: bool = False, legend: Mapping[str, str] | None = None
    ) -> None:
        """Write instructions into a sheet. titled: the first line is a title. legend: lines with another of LOOKS."""
        page.set_column(0, 0, 110, self._looks["wrap"])
        for place, line in enumerate(lines):
            look = "title" if titled and not place else (legend or {}).get(line, "wrap")
            page.write_string(place, 0, line, self._looks[look])

    def write_heads(
        self, page: "Worksheet", columns: Sequence[ColumnDefinition], widths: Sequence[int], example: Sequence[str] = ()
    ) -> None:
        """Write the heads of a sheet, with notes, lists and checks below them. example: cells of the row below."""
        page.set_row(0, 32)
        for place, column in enumerate(columns):
            page.set_column(place, place, widths[place], self._looks.get(LOOKS_BY_KIND.get(column.kind, "")))
            page.write_string(0, place, column.head[self.lang], self._looks["needed" if column.needed else "head"])
            if example:
                page.write_string(1, place, example[place], self._looks["example"])
            if rule := self._make_validation(column):
                page.data_validation(1, place, self.rows, place, rule)

    def write_rows(self, page: "Worksheet", columns: Sequence[ColumnDefinition], rows: pl.DataFrame) -> None:
        """Write rows below the heads."""
        for line, row in enumerate(rows.select(column.name for column in columns).iter_rows(), start=1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                if value is None:
                    continue
                if column.kind == "date":
                    day = datetime(value.year, value.month, value.day)
                    page.write_datetime(line, place, day, self._looks["date"])
                elif isinstance(value, int | float):
                    page.write_number(line, place, value)
                else:
                    page.write_string(line, place, self._format_value(column, value))

    def _format_value(self, column: ColumnDefinition, value: Any) -> str:
        if column.kind == "choice":
            return column.words[value][0 if self.lang == "zh" else 1]
        return "; ".join(value) if column.kind == "codes" else str(value)

    def _make_validation(self, column: ColumnDefinition) -> dict[str, Any]:
        """Make the rule for the cells of a column, so that the spreadsheet checks them before they are loaded."""
        note = column.note[self.lang]
        rule: dict[str, Any] = {"ignore_blank": True, "validate": "any"}
        if column.refers in self.offered:
            # Only offered: a code of a published target, or a name typed by hand, is right as well.
            rule |= {"validate": "list", "source": self.offered[column.refers or ""], "show_error": False}
        elif column.words:
            words = [pair[0 if self.lang == "zh" else 1] for pair in column.words.values()]
            rule |= {"validate": "list", "source": words}
        elif column.kind in LIMITS:
            rule |= {"criteria": "between", **LIMITS[column.kind]}
        elif not note:
            return {}
        if not self.strict:
            rule["show_error"] = False
        if note and column.kind != "choice":  # its note is the list
            rule |= {"input_title": column.head[self.lang][:32], "input_message": note[:255]}
        return rule


LIMITS: dict[str, dict[str, Any]] = {
    "date": {"validate": "date", "minimum": date(YEARS[0], 1, 1), "maximum": date(YEARS[-1], 12, 31)},
    "percent": {"validate": "decimal", "minimum": 0, "maximum": 100},
    "number": {"validate": "decimal", "minimum": -1e12, "maximum": 1e12},
    "integer": {"validate": "integer", "minimum": 0, "maximum": 1_000_000},
}
