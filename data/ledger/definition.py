"""The sheets of the ledger as its schema defines them, and what is wrong with one of its workbooks."""

import re
from functools import cache
from pathlib import Path

import duckdb

from data.tables.form import ColumnDefinition, SheetDefinition
from data.tables.problems import Flaw
from data.themes import insert_themes

SCHEMA = Path(__file__).parent / "schema.sql"
INDICATOR = "indicator_id"  # refers to the catalogue, not to a sheet
AIMS = {"target_id": "target", "commitment_id": "commitment"}  # may also be published ones
MONTH = "month"
PERCENTS = ("share", "satisfaction")  # between 0 and 100
WEIGHT = "weight"  # points of a hundred
VALUE = "value"  # in the unit of an indicator, or per cent where that is its unit or a growth is aimed at

# What stands in brackets behind the head of a column of numbers; a ledger is read with it and without.
OF_INDICATOR = {"zh": "指标单位", "en": "unit of the indicator"}
POINTS = {"zh": "分", "en": "points"}
HEAD_UNITS = {
    ("target", "value"): {"zh": "指标单位，增长为%", "en": "unit of the indicator; growth: %"},
    ("monthly_plan", "value"): OF_INDICATOR,
    ("monthly_return", "value"): OF_INDICATOR,
    ("assessment_rule", "weight"): POINTS,
    ("assessment_rule", "adjustment"): POINTS,
}


class BrokenLedger(ValueError):
    """Error: a workbook that cannot be loaded; `flaws` lists all that is wrong, in the order of the sheets."""

    def __init__(self, flaws: list[Flaw]) -> None:
        self.flaws = sort_flaws(flaws)
        super().__init__("\n".join(flaw.describe("en") for flaw in self.flaws))


def sort_flaws(flaws: list[Flaw]) -> list[Flaw]:
    """Sort flaws by sheet, in the order of the workbook, then by row, and remove duplicates."""
    place = {table: number for number, table in enumerate(get_sheet_definitions())}
    return sorted(set(flaws), key=lambda flaw: (place.get(flaw.sheet, -1), flaw.sheet, flaw.row, flaw.column, flaw.zh))


def make_flaw(table: str, row: int, column: str, value: str, zh: str, en: str, *, notice: bool = False) -> Flaw:
    """Make the flaw of a cell of the ledger, told by the names that the workbook gives to its sheet and column."""
    sheet = get_sheet_definitions()[table]
    heads = {one.name: one.head for one in sheet.columns}.get(column, {"zh": column, "en": column})
    return Flaw(table, row, column, value, zh, en, notice, tuple((sheet.name[lang], heads[lang]) for lang in heads))


def _split_comment(comment: str) -> tuple[dict[str, str], dict[str, str]]:
    """Split a comment of the schema by language: the texts before the first full stop, and the rest."""
    english, _bar, chinese = comment.partition(" | ")
    parts = {"zh": chinese.partition("。"), "en": english.partition(".")}
    return {lang: of[0].strip() for lang, of in parts.items()}, {lang: of[2].strip() for lang, of in parts.items()}


def _find_kind(name: str, declared: str) -> str:
    if name == MONTH:
        return "month"
    if declared.startswith("ENUM"):
        return "choice"
    if declared.endswith("[]"):
        return "codes"
    if declared.startswith("DECIMAL"):
        return "percent" if name in PERCENTS else "number"
    return {"DATE": "date", "INTEGER": "integer"}.get(declared, "text")


def _parse_words(declared: str, note: dict[str, str]) -> dict[str, tuple[str, str]]:
    found = {}
    for code in re.findall(r"'(\w+)'", declared) if declared.startswith("ENUM") else []:
        chinese = re.search(rf"(?:^|，){code} ([^，。]+)", note["zh"])
        english = re.search(rf"(?:^|, ){code} ([^,.]+)", note["en"])
        if not chinese or not english:
            raise ValueError(f"schema.sql: the comment does not say what {code!r} is called; write: {code} word")
        found[code] = (chinese[1], english[1])
    return found


def _find_reference(table: str, name: str, foreign: dict[tuple[str, str], str]) -> str | None:
    if name == INDICATOR:
        return "indicator"
    if name == "leaders":
        return "leader"
    if name in AIMS and table != AIMS[name]:
        return AIMS[name]
    return foreign.get((table, name))


def is_per_cent(column: ColumnDefinition) -> bool:
    """Return whether every number of a column is per cent, so that 40% is 40."""
    return column.kind == "percent" or column.head["zh"].endswith("%") or column.name == WEIGHT


def takes_per_cent(column: ColumnDefinition) -> bool:
    """Return whether a number of a column may have a per cent sign: in all rows, or where its row says that it may."""
    return is_per_cent(column) or column.name == VALUE


def read_ledger_schema() -> str:
    """Return the SQL statements that make an empty ledger."""
    return insert_themes(SCHEMA.read_text("utf-8"))


@cache
def get_number_digits() -> dict[str, tuple[int, int]]:
    """Return how many digits a number takes before and after its point, by the name of its column.

    Raises ValueError if columns of one name differ in it.
    """
    found: dict[str, tuple[int, int]] = {}
    for name, digits, decimals in re.findall(r"^    (\w+) decimal\((\d+), (\d+)\)", SCHEMA.read_text("utf-8"), re.M):
        size = (int(digits) - int(decimals), int(decimals))
        if found.setdefault(name, size) != size:
            raise ValueError(f"schema.sql: {name!r} has two sizes; give one of the columns another name")
    return found


@cache
def get_sheet_definitions() -> dict[str, SheetDefinition]:
    """Return the definitions of all sheets of the workbook by table, in the order of the schema."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(read_ledger_schema())
        tables = dict(connection.sql("select table_name, comment from duckdb_tables()").fetchall())
        columns = connection.sql(
            "select table_name, column_name, data_type, is_nullable, comment from duckdb_columns() "
            "where not internal order by column_index"
        ).fetchall()
        keys = connection.sql(
            "select table_name, constraint_type, constraint_column_names, referenced_table from duckdb_constraints()"
        ).fetchall()
    foreign = {(table, names[0]): parent for table, kind, names, parent in keys if kind == "FOREIGN KEY"}
    found = {}
    for table in re.findall(r"^create table (\w+)", read_ledger_schema(), re.MULTILINE):
        if table == "ledger":
            continue
        own = []
        for of, name, declared, nullable, comment in columns:
            if of == table and (name != "park_id" or table == "park"):
                head, note = _split_comment(comment)
                words, refers = _parse_words(declared, note), _find_reference(table, name, foreign)
                kind = _find_kind(name, declared)
                own.append(ColumnDefinition(name, kind, head, note, not nullable, words, refers))
        key = next(tuple(names) for of, kind, names, _parent in keys if of == table and kind == "PRIMARY KEY")
        unique = tuple(names[0] for of, kind, names, _parent in keys if of == table and kind == "UNIQUE")
        found[table] = SheetDefinition(table, *_split_comment(tables[table]), tuple(own), key, unique, ("park_id",))
    return found
