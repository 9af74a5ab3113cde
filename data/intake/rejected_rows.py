"""Return refused rows to correct and load again: the rows as in the file, with their reasons."""

import polars as pl

from data.intake.reader import SheetReading
from data.tables.sheet import ROW
from data.values.safe_cells import escape_formulas

EXTRA_HEADS = {"zh": ("原行号", "原因"), "en": ("row in the file", "reason")}


def make_refused_table(read: SheetReading, lang: str) -> pl.DataFrame:
    """Return the refused rows under the heads of the file, then the row's number and its reasons in a language."""
    number, reason = EXTRA_HEADS[lang]
    cells = read.refused.drop(ROW, "reasons_zh", "reasons_en")
    return cells.with_columns(read.refused[ROW].alias(number), read.refused[f"reasons_{lang}"].alias(reason))


def make_refused_csv(read: SheetReading, lang: str) -> bytes:
    """Return the refused rows as CSV for a spreadsheet: UTF-8 with BOM; cells that are formulas begin with '."""
    return b"\xef\xbb\xbf" + escape_formulas(make_refused_table(read, lang)).write_csv().encode()
