"""What was refused, to mend and load again: the rows as in the file, with their reasons."""

import polars as pl

from data.intake.reader import Entries
from data.tables.sheet import ROW
from data.values.safe_cells import harmless

HEADS = {"zh": ("原行号", "原因"), "en": ("row in the file", "reason")}


def refused_table(read: Entries, lang: str) -> pl.DataFrame:
    """The refused rows under the heads of the file, then the row's number and its reasons in a language."""
    number, reason = HEADS[lang]
    cells = read.refused.drop(ROW, "reasons_zh", "reasons_en")
    return cells.with_columns(read.refused[ROW].alias(number), read.refused[f"reasons_{lang}"].alias(reason))


def refused_csv(read: Entries, lang: str) -> bytes:
    """The same as CSV for a spreadsheet: UTF-8 with its mark; cells that would run as formulas begin with '."""
    return b"\xef\xbb\xbf" + harmless(refused_table(read, lang)).write_csv().encode()
