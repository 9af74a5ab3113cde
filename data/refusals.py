"""What was refused, to mend and load again: the rows as in the file, with their reasons."""

import polars as pl

from data.entries import Entries
from data.incoming import ROW

HEADS = {"zh": ("原行号", "原因"), "en": ("row in the file", "reason")}
RISKY = r"^\s*([=+@]|-[^\d.])"  # what a spreadsheet would run as a formula


def refused_table(read: Entries, lang: str) -> pl.DataFrame:
    """The refused rows under the heads of the file, then the row's number and its reasons in a language."""
    number, reason = HEADS[lang]
    cells = read.refused.drop(ROW, "reasons_zh", "reasons_en")
    return cells.with_columns(read.refused[ROW].alias(number), read.refused[f"reasons_{lang}"].alias(reason))


def refused_csv(read: Entries, lang: str) -> bytes:
    """The same as CSV for a spreadsheet: UTF-8 with its mark; cells that would run as formulas begin with '."""
    text = pl.col(pl.String)
    safe = pl.when(text.str.contains(RISKY)).then("'" + text).otherwise(text).name.keep()
    return b"\xef\xbb\xbf" + refused_table(read, lang).with_columns(safe).write_csv().encode()
