"""What is wrong with a file or a workbook, cell by cell, in both languages."""

from dataclasses import dataclass

from data.tables.form import get_sheet_definitions

SHOWN_CHARACTERS = 60  # characters of a value


@dataclass(frozen=True, order=True)
class Flaw:
    """One broken rule: sheet, row as the spreadsheet counts, column, value, and the rule with how to correct it.

    sheet: table of the ledger, or the sheet's own name if it is none, or "" for the file.
    row: 0 if it concerns no single row. column: of the table, or "". notice: the ledger can be loaded all the same.
    """

    sheet: str
    row: int
    column: str
    value: str
    zh: str
    en: str
    notice: bool = False

    def place(self, lang: str) -> tuple[str, str]:
        """Return the sheet and column by the names that the workbook gives them."""
        sheet = get_sheet_definitions().get(self.sheet)
        if sheet is None:
            return self.sheet, self.column
        heads = {column.name: column.head[lang] for column in sheet.columns}
        return sheet.name[lang], heads.get(self.column, self.column)

    def rule(self, lang: str) -> str:
        """Return the rule and how to correct it in a language."""
        return self.zh if lang == "zh" else self.en

    def describe(self, lang: str) -> str:
        """Describe the flaw in one line: sheet, row, column, value, rule."""
        sheet, column = self.place(lang)
        if lang == "zh":
            where = [f"“{sheet}”表" if sheet else "", f"第 {self.row} 行" if self.row else "", column]
            apart, colon = "，", "："
        else:
            where = [f"sheet {sheet}" if sheet else "", f"row {self.row}" if self.row else "", column]
            apart, colon = ", ", ": "
        shown = self.value if len(self.value) <= SHOWN_CHARACTERS else self.value[:SHOWN_CHARACTERS] + "…"
        parts = [apart.join(part for part in where if part), repr(shown) if shown else "", self.rule(lang)]
        return colon.join(part for part in parts if part)


class BrokenLedger(ValueError):
    """Error: a workbook that cannot be loaded; `flaws` lists all that is wrong, in the order of the sheets."""

    def __init__(self, flaws: list[Flaw]) -> None:
        self.flaws = sort_flaws(flaws)
        super().__init__("\n".join(flaw.describe("en") for flaw in self.flaws))


def sort_flaws(flaws: list[Flaw]) -> list[Flaw]:
    """Sort flaws by sheet, in the order of the workbook, then by row, and remove duplicates."""
    place = {table: number for number, table in enumerate(get_sheet_definitions())}
    return sorted(set(flaws), key=lambda flaw: (place.get(flaw.sheet, -1), flaw.sheet, flaw.row, flaw.column, flaw.zh))
