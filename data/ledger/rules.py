"""The rules that the rows of a ledger keep to: the keys of its schema, and data/ledger/checks/.

A check is a query of sheet, row, column and value of each defect; further columns fill the {} of its rule. It tells a
code by what the workbook calls it: name_of('task', task_id).
"""

import re
from pathlib import Path

import duckdb
import polars as pl

from data.ledger.codes import list_names
from data.ledger.definition import get_sheet_definitions, make_flaw
from data.tables.problems import Flaw

CHECKS = Path(__file__).parent / "checks"
NAME_MACRO = """
    create macro name_of(asked_table, asked) as
    coalesce((select any_value(name) from called where "table" = asked_table and code = asked), asked)
"""


def find_ledger_flaws(frames: dict[str, pl.DataFrame], indicators: pl.DataFrame, written: dict[str, str]) -> list[Flaw]:
    """Return what breaks a key of the schema or a rule of data/ledger/checks/.

    frames: tables with the number of each row. written: of data.ledger.codes.replace_names_by_codes().
    """
    flaws, names = [], list_names(frames, written)
    called = {(table, code): name for table, code, name in names.select("table", "code", "name").iter_rows()}
    for table, sheet in get_sheet_definitions().items():
        for columns in (sheet.key, *((name,) for name in sheet.unique)):
            twice = frames[table].filter(pl.struct(columns).is_duplicated())
            twice = twice.filter(pl.all_horizontal(pl.col(columns).is_not_null()))
            for row in twice.iter_rows(named=True):
                parts = [(str(sheet.column(column).refers), str(row[column])) for column in columns]
                value = ", ".join(called.get(part, part[1]) for part in parts)
                flaws.append(
                    make_flaw(table, row["row"], columns[-1], value, "重复，须唯一", "stands twice; it must be unique")
                )
    with duckdb.connect(":memory:") as connection:
        for table, frame in frames.items():
            connection.register(table, frame.to_arrow())
        connection.register("indicator", indicators.to_arrow())
        connection.register("called", names.to_arrow())
        connection.execute(NAME_MACRO)
        for path in sorted(CHECKS.glob("*.sql")):
            sql = path.read_text("utf-8")
            zh, en = parse_check_rule(sql)
            notice = re.search(r"^-- Notice$", sql, re.MULTILINE) is not None
            for sheet_name, number, column, value, *more in connection.sql(sql).fetchall():
                shown = "" if value is None else str(value)
                told = zh.format(*more), en.format(*more)
                flaws.append(make_flaw(sheet_name, number, column, shown, *told, notice=notice))
    return flaws


def parse_check_rule(sql: str) -> tuple[str, str]:
    """Return the rule and correction of a check, in Chinese and English, from its first lines."""
    found = re.search(r"^-- Rule: (.+) \| (.+)$", sql, re.MULTILINE)
    if found is None:
        raise ValueError("a check begins with: -- Rule: English | 中文")
    return found[2], found[1]
