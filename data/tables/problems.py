"""What is wrong with a file, cell by cell, in both languages: one problem, or those of whole columns."""

from dataclasses import dataclass, field

import polars as pl

from data.values.per_distinct_value import encode_combinations, map_distinct_texts

SHOWN_CHARACTERS = 60  # characters of a value
ROW = "row"
DEFECT_SCHEMA = {ROW: pl.Int64, "column": pl.String, "value": pl.String, "zh": pl.String, "en": pl.String}
REASON = "reason"


@dataclass(frozen=True, order=True)
class Flaw:
    """One broken rule: sheet, row as the spreadsheet counts, column, value, and the rule with how to correct it.

    sheet: its name or code, or "" for the file. row: 0 if it concerns no single row. column: its head or code, or "".
    notice: the file can be loaded all the same. names: what its reader calls sheet and column, in Chinese and
    English, where these are codes.
    """

    sheet: str
    row: int
    column: str
    value: str
    zh: str
    en: str
    notice: bool = False
    names: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def place(self, lang: str) -> tuple[str, str]:
        """Return the sheet and column by the names that their reader knows."""
        return self.names[0 if lang == "zh" else 1] if self.names else (self.sheet, self.column)

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


class UnreadableFile(ValueError):
    """Error: a file that cannot be read at all; `flaw` says what is wrong and how to correct it, in both languages."""

    def __init__(self, zh: str, en: str, row: int = 0, sheet: str = "") -> None:
        self.flaw = Flaw(sheet, row, "", "", zh, en)
        super().__init__(self.flaw.describe("en"))

    def at(self, row: int) -> "UnreadableFile":
        """Return the same error for one row."""
        return UnreadableFile(self.flaw.zh, self.flaw.en, row, self.flaw.sheet)


class Defects:
    """The defects of a sheet, a frame for each rule: row, column, value, zh and en."""

    def __init__(self) -> None:
        self._found: list[pl.DataFrame] = []

    def add_one(self, row: int, column: str, value: str, zh: str, en: str) -> None:
        """Add one defect of one cell."""
        self._found.append(pl.DataFrame([(row, column, value, zh, en)], schema=DEFECT_SCHEMA, orient="row"))

    def add(self, rows: pl.DataFrame, column: str | pl.Expr, value: str | pl.Expr, zh: object, en: object) -> None:
        """Add a defect for each row of a frame; column, value, zh and en: texts, or expressions over the frame."""
        if rows.is_empty():
            return
        parts = {"column": column, "value": value, "zh": zh, "en": en}
        told = {name: part if isinstance(part, pl.Expr) else pl.lit(part) for name, part in parts.items()}
        told["value"] = told["value"].fill_null("")
        found = rows.select(ROW, **told)
        self._found.append(found.select(pl.col(name).cast(kind) for name, kind in DEFECT_SCHEMA.items()))

    def take(self, others: "Defects") -> None:
        """Add the defects of another part of the same sheet."""
        self._found += others._found

    def rows(self) -> pl.Series:
        """Return the numbers of the rows with a defect, each once."""
        return (
            pl.concat([found[ROW] for found in self._found]).unique() if self._found else pl.Series(ROW, [], pl.Int64)
        )

    def all(self) -> pl.DataFrame:
        """Return all defects by row, each once."""
        return self._numbered().drop(REASON)

    def _numbered(self) -> pl.DataFrame:
        """Return all defects with the number of their reason; numbers are quicker to compare than long texts."""
        found = pl.concat(self._found) if self._found else pl.DataFrame(schema=DEFECT_SCHEMA)
        found = found.with_columns(encode_combinations(found, ["column", "zh", "en"]).alias(REASON))
        return found.unique([ROW, "value", REASON], keep="first", maintain_order=True).sort(ROW, maintain_order=True)

    def by_row(self) -> pl.DataFrame:
        """Return the rows with a defect: row, reasons_zh, reasons_en."""
        found = self._numbered()
        each = found.unique(REASON, maintain_order=True)
        said = {
            number: (f"{column}：{zh}", f"{column}: {en}") if column else (zh, en)
            for number, column, zh, en in each.select(pl.col(REASON).cast(pl.String), "column", "zh", "en").rows()
        }

        def told(several: pl.Series) -> pl.DataFrame:
            words = [[said[number] for number in numbers.split()] for numbers in several]
            return pl.DataFrame(
                {"reasons_zh": ["；".join(zh for zh, _en in one) for one in words],
                 "reasons_en": ["; ".join(en for _zh, en in one) for one in words]},
                schema={"reasons_zh": pl.String, "reasons_en": pl.String},
            )  # fmt: skip

        rows = found.group_by(ROW, maintain_order=True).agg(pl.col(REASON).cast(pl.String).str.join(" "))
        return rows.select(ROW).hstack(map_distinct_texts(rows[REASON], told))
