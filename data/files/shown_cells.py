"""What is said of the cells of a sheet apart from their values: number formats, errors, formulas, hidden rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from data.files.number_format import NumberFormat
from data.files.xlsx_package import DAMAGED
from data.tables.problems import UnreadableFile
from data.tables.sheet import count_columns

COLUMNS = 16_384  # as many as a spreadsheet has
NO_RESULT = "#FORMULA!"  # stands for a formula whose result was not saved
PLACES = {"row": pl.Int64, "column": pl.Int64}


def parse_column_letters(letters: str) -> int:
    """Parse the letters of a column as its number, from 1: A is 1, XFD is the last. Raises UnreadableFile."""
    place = count_columns(letters[:4].upper()) if re.fullmatch("[A-Za-z]+", letters) else 0
    if not 0 < place <= COLUMNS:
        raise UnreadableFile(*DAMAGED)
    return place


@dataclass
class ShownCells:
    """The cells of a sheet that do not show what is stored in them; rows and columns count from 0.

    styles: by column and row, the number format. faults: by column and row, the text of an error (#REF!), or NO_RESULT.
    hidden_rows, hidden_columns: those that the reader of the sheet does not see. zeros_hidden: nor does he see zeros.
    """

    styles: dict[int, dict[int, NumberFormat]] = field(default_factory=dict)
    faults: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    zeros_hidden: bool = False


@dataclass
class CellScanner:
    """Collects the shown cells of a sheet, piece by piece. formats: number formats by the number of the style.

    row, column: of the last cell, from 1; a cell that does not say where it stands comes right after the one before.
    """

    formats: Mapping[str, NumberFormat]
    shown: ShownCells = field(default_factory=ShownCells)
    row: int = 0
    column: int = 0

    def scan(self, found: pl.DataFrame) -> pl.DataFrame:
        """Take in a piece: tags as of data.files.xlsx_package.parse_tags(), beginning with a cell or a row.

        Returns its cells with their places: letters, row and column (from 1), style, kind, faulty (the error, or
        NO_RESULT) or null.
        """
        self._note_hidden(found)
        cells = self._place(found)
        if "v" in found["tag"] or "f" in found["tag"]:
            cells = self._note_faults(found, cells)
        if self.formats:
            styled = cells.filter(pl.col("style").is_in(list(self.formats)))
            for column, style, rows in styled.group_by("column", "style").agg(pl.col("row") - 1).iter_rows():
                self.shown.styles.setdefault(column - 1, {}).update(dict.fromkeys(rows, self.formats[style]))
        return cells

    def _note_hidden(self, found: pl.DataFrame) -> None:
        hidden = found.filter("hidden")
        if hidden.is_empty():
            return
        for least, most in hidden.filter(pl.col("tag") == "col").select("least", "most").rows():
            if str(least).isdecimal() and str(most).isdecimal():
                self.shown.hidden_columns.update(range(int(least) - 1, min(int(most), COLUMNS)))
        self.shown.hidden_rows.update((hidden.filter(pl.col("tag") == "row")["number"].drop_nulls() - 1).to_list())

    def _place(self, found: pl.DataFrame) -> pl.DataFrame:
        """Return the cells with the row and the column at which they stand."""
        cells = found.filter(pl.col("tag") == "c")
        if cells["letters"].null_count() or cells["number"].null_count():
            return self._place_one_by_one(found)
        if cells.is_empty():
            return cells.with_columns(row=pl.lit(0, pl.Int64), column=pl.lit(0, pl.Int64))
        letters = cells["letters"].unique().to_list()
        numbers = {one: parse_column_letters(one) for one in letters}
        placed = cells.with_columns(
            row="number", column=pl.col("letters").replace_strict(numbers, return_dtype=pl.Int64)
        )
        self.row, self.column = placed["row"][-1], placed["column"][-1]
        return placed

    def _place_one_by_one(self, found: pl.DataFrame) -> pl.DataFrame:
        rows, columns = [], []
        for tag, letters, number in found.select("tag", "letters", "number").rows():
            if tag == "row":
                self.row, self.column = int(number or self.row + 1), 0
            elif tag == "c":
                self.row = int(number or self.row)
                self.column = parse_column_letters(letters) if letters else self.column + 1
                rows.append(self.row)
                columns.append(self.column)
        cells = found.filter(pl.col("tag") == "c")
        return cells.with_columns(row=pl.Series(rows, dtype=pl.Int64), column=pl.Series(columns, dtype=pl.Int64))

    def _note_faults(self, found: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
        """Note the cells with an error, and those with a formula and no result."""
        of_cell = (pl.col("tag") == "c").cum_sum()
        about = found.with_columns(of_cell=of_cell).filter(pl.col("tag").is_in(["f", "v"]) & (pl.col("of_cell") > 0))
        told = about.group_by("of_cell").agg(
            formula=(pl.col("tag") == "f").any(),
            value=pl.col("written").filter(pl.col("tag") == "v").fill_null("").str.join(""),
        )
        numbered = cells.with_row_index("of_cell", offset=1)
        joined = numbered.join(told, on=pl.col("of_cell"), how="left")
        no_result = pl.col("formula") & (pl.col("value") == "") & (pl.col("kind").fill_null("n") != "str")
        wrong = joined.filter((pl.col("kind") == "e") | no_result)
        for row, column, kind, value in wrong.select("row", "column", "kind", "value").rows():
            text = (value or "#ERROR!") if kind == "e" else NO_RESULT
            self.shown.faults.setdefault(column - 1, {})[row - 1] = text
        return cells
