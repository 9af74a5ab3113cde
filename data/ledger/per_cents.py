"""Per cent in a ledger: which rows take the sign, and numbers that look like 0.4 for 40%."""

from typing import Any

import polars as pl

from data.ledger import workbook
from data.ledger.cells import NO_PER_CENT, PerCentNumber
from data.ledger.definition import get_sheet_definitions, is_per_cent, make_flaw, takes_per_cent
from data.tables.problems import Flaw

PER_CENT = "percent"  # unit


def find_per_cent_flaws(rows: workbook.Rows, indicators: pl.DataFrame) -> list[Flaw]:
    """Find per cent signs on numbers that are no per cent, and remark on columns of per cent without one above 1.

    rows: with codes of indicators. indicators: indicator_id, unit_id. A number counts as it was written all the same.
    """
    units = dict(indicators.select("indicator_id", "unit_id").iter_rows())
    flaws = []
    for table, sheet in get_sheet_definitions().items():
        for column in sheet.columns:
            if not takes_per_cent(column):
                continue
            bare = []
            for number, row in rows[table]:
                value = row.get(column.name)
                meant = True if is_per_cent(column) else is_per_cent_row(row, units)
                if isinstance(value, PerCentNumber):
                    if meant is False:
                        flaws.append(make_flaw(table, number, column.name, f"{value:.15g}%", *NO_PER_CENT))
                elif value and meant:
                    bare.append((number, value))
            if bare and all(abs(value) <= 1 for _number, value in bare):
                number, value = bare[0]
                zh, en = (words.format(len(bare)) for words in ALL_BELOW_ONE)
                flaws.append(make_flaw(table, number, column.name, f"{value:.15g}", zh, en, notice=True))
    return flaws


ALL_BELOW_ONE = (
    "这一列的百分数里，没写 % 的 {} 格都不大于 1，已按原数载入：0.4 就是 0.4%。如果是指 40%，请写 40 或 40%",
    "of the per cent in this column, the {} written without a sign are all at most 1; they count as written: 0.4 is "
    "0.4 %. If 40 % is meant, write 40 or 40%",
)


def is_per_cent_row(row: dict[str, Any], units: dict[str, str]) -> bool | None:
    """Return whether the value of a target, return or plan is per cent: a growth, or its indicator is given in it.

    None if the row does not say, because its form or indicator is wrong or missing. units: by indicator.
    """
    if row.get("measure") == "growth":
        return True
    if row.get("indicator_id") not in units or row.get("measure", "") is None:
        return None
    return units[row["indicator_id"]] == PER_CENT
