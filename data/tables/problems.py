"""What is wrong with a workbook, cell by cell, in both languages."""

from dataclasses import dataclass

from data.tables.form import sheets

SHOWN = 60  # characters of a value


@dataclass(frozen=True, order=True)
class Flaw:
    """One broken rule: where (sheet, row as the spreadsheet counts, column), what stands there, rule and mend.

    sheet: table of the ledger, or the sheet's own name where it is none, or "" for the file.
    row: 0 where it concerns no single row. column: of the table, or "". notice: the ledger can be loaded all the same.
    """

    sheet: str
    row: int
    column: str
    value: str
    zh: str
    en: str
    notice: bool = False

    def place(self, lang: str) -> tuple[str, str]:
        """Sheet and column as the workbook calls them."""
        sheet = sheets().get(self.sheet)
        if sheet is None:
            return self.sheet, self.column
        heads = {column.name: column.head[lang] for column in sheet.columns}
        return sheet.name[lang], heads.get(self.column, self.column)

    def rule(self, lang: str) -> str:
        """Rule and mend in a language."""
        return self.zh if lang == "zh" else self.en

    def said(self, lang: str) -> str:
        """The whole complaint in one line."""
        sheet, column = self.place(lang)
        if lang == "zh":
            where = [f"“{sheet}”表" if sheet else "", f"第 {self.row} 行" if self.row else "", column]
            apart, colon = "，", "："
        else:
            where = [f"sheet {sheet}" if sheet else "", f"row {self.row}" if self.row else "", column]
            apart, colon = ", ", ": "
        shown = self.value if len(self.value) <= SHOWN else self.value[:SHOWN] + "…"
        parts = [apart.join(part for part in where if part), repr(shown) if shown else "", self.rule(lang)]
        return colon.join(part for part in parts if part)


class BrokenLedger(ValueError):
    """A workbook that cannot be loaded; `flaws` holds all that is wrong, in the order of the sheets."""

    def __init__(self, flaws: list[Flaw]) -> None:
        self.flaws = ordered(flaws)
        super().__init__("\n".join(flaw.said("en") for flaw in self.flaws))


def ordered(flaws: list[Flaw]) -> list[Flaw]:
    """By sheet as in the workbook, then by row; each once."""
    place = {table: number for number, table in enumerate(sheets())}
    return sorted(set(flaws), key=lambda flaw: (place.get(flaw.sheet, -1), flaw.sheet, flaw.row, flaw.column, flaw.zh))
