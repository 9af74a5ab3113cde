"""Read, check and store the ledger of one park: its tables, their rules, and what was known on a day."""

import csv
import hashlib
import io
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from data.database import source_files
from data.ledger import workbook
from data.ledger.definition import (
    AIMS,
    BrokenLedger,
    get_sheet_definitions,
    make_flaw,
    sort_flaws,
)
from data.paths import get_sources_path
from data.tables.form import ColumnDefinition
from data.tables.problems import Flaw

CHECKS = Path(__file__).parent / "checks"
SAMPLE_PARK = "sample"  # code of the invented park
CODE_OF_PARK = re.compile(r"[a-z0-9][a-z0-9-]{1,30}")
NAMED_TABLES = ("department", "leader", "park")  # a cell may hold the name in place of the code
# Since when a row is known, and which columns of it only since another of its dates.
KNOWN_SINCE = {
    "department": "since", "leader": "since", "target": "set_on", "commitment": "made_on", "monthly_plan": "approved",
    "monthly_return": "reported", "task": "assigned", "project": "assigned", "problem": "raised",
    "supervision": "issued", "followup": "meeting", "service_case": "accepted", "assessment_rule": "declared",
}  # fmt: skip
LATER_COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "task": {"finished": ("proof",), "assessed": ("assessor_id", "verdict"), "returned": ()},
    "step": {"done": ()},
    "project": {"done": (), "stage_since": ("stage",)},
    "problem": {"solved": ()},
    "supervision": {"replied": (), "closed": ()},
    "followup": {"done": ()},
    "service_case": {"finished": ("satisfaction",)},
}


@dataclass(frozen=True)
class Ledger:
    """The tables of one park by name, with columns as in ledger.sql; the same version holds the same rows."""

    park_id: str
    version: str
    file_name: str
    tables: dict[str, pl.DataFrame] = field(repr=False, compare=False, hash=False)
    notices: tuple[Flaw, ...] = field(default=(), repr=False, compare=False, hash=False)

    @property
    def evidence(self) -> str:
        """Return sample for the invented park, own for every other."""
        return SAMPLE_PARK if self.park_id == SAMPLE_PARK else "own"

    @property
    def last_month_end(self) -> date | None:
        """Return the last day of the latest month that has a return; None before the first."""
        months = self.tables["monthly_return"]["month"]
        latest = months.max() if months.len() else None
        return None if latest is None else _compute_month_end(str(latest))

    def as_of(self, day: date) -> "Ledger":
        """Return what the ledger knew on a day: rows entered by then, without what happened to them later."""
        tables = {table: select_known_rows(table, rows, day) for table, rows in self.tables.items()}
        tasks = tables["task"]["task_id"]
        tables["step"] = tables["step"].filter(pl.col("task_id").is_in(tasks.implode()))
        return Ledger(self.park_id, self.version, self.file_name, tables, self.notices)


def _compute_month_end(month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    following = date(year + number // 12, number % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def select_known_rows(table: str, rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return the rows of one table as they were on a day."""
    if table in KNOWN_SINCE:
        rows = rows.filter(pl.col(KNOWN_SINCE[table]) <= day)
    for when, with_it in LATER_COLUMNS.get(table, {}).items():
        rows = rows.with_columns(
            pl.when(pl.col(when) <= day).then(pl.col(column)).alias(column) for column in (*with_it, when)
        )
    if table == "task":
        # Finished again after a return: before that day it stands as returned.
        back = pl.col("returned").is_not_null() & pl.col("assessed").is_null() & pl.col("finished").is_null()
        rows = rows.with_columns(
            verdict=pl.when(back).then(pl.lit("return")).otherwise("verdict"),
            assessed=pl.when(back).then("returned").otherwise("assessed"),
        )
    return rows


def make_empty_tables() -> dict[str, pl.DataFrame]:
    """Return every table without rows."""
    return {table: pl.DataFrame(schema=sheet.schema) for table, sheet in get_sheet_definitions().items()}


def make_ledger(tables: dict[str, pl.DataFrame], file_name: str, notices: tuple[Flaw, ...] = ()) -> Ledger:
    """Return a ledger of complete tables; its version is a digest of their rows."""
    tables = {
        table: make_empty_tables()[table] if tables.get(table) is None else tables[table].select(
            pl.col(column).cast(kind) for column, kind in sheet.schema.items()
        )
        for table, sheet in get_sheet_definitions().items()
    }  # fmt: skip
    digest = hashlib.sha256()
    for table, rows in tables.items():
        flat = rows.with_columns(
            pl.col(column).list.join(";") for column, kind in rows.schema.items() if isinstance(kind, pl.List)
        )
        digest.update(table.encode() + flat.write_csv().encode())
    return Ledger(tables["park"]["park_id"][0], digest.hexdigest()[:12], file_name, tables, notices)


@dataclass(frozen=True)
class PublishedReferences:
    """What a cell may refer to outside the workbook: indicators of the catalogue, and published targets and
    commitments.
    """

    indicators: pl.DataFrame  # indicator_id, name_zh, name_en, measure, unit_id
    aims: dict[str, dict[str, list[str]]]  # target or commitment: park, codes


@cache
def read_published_references(folder: Path | None = None) -> PublishedReferences:
    """Read the indicators, targets and commitments of the sources."""
    sources = folder or get_sources_path()
    aims: dict[str, dict[str, list[str]]] = {}
    for column, table in AIMS.items():
        of_park: dict[str, list[str]] = {}
        for row in _read_source_rows(sources, table):
            of_park.setdefault(row["park_id"], []).append(row[column])
        aims[table] = of_park
    wanted = ("indicator_id", "name_zh", "name_en", "measure", "unit_id")
    listed = [{key: row[key] for key in wanted} for row in _read_source_rows(sources, "indicator")]
    return PublishedReferences(pl.DataFrame(listed), aims)


def _read_source_rows(sources: Path, table: str) -> list[dict[str, str]]:
    found = []
    for path in source_files.find_source_files(sources, table):
        found += list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    return found


def read_ledger_workbook(content: bytes, file_name: str) -> Ledger:
    """Read the ledger in a workbook; what is doubtful is in its `notices`.

    Raises BrokenLedger with every defect of the workbook at once.
    """
    rows, flaws = workbook.read_ledger_sheets(content)
    if not any(rows[table] for table in get_sheet_definitions() if table != "park"):
        flaws.append(
            Flaw(
                "", 0, "", "", "工作簿里没有一行记录。至少填写“园区”和一张别的表",
                "the workbook holds no row; fill in the park and at least one other sheet",
            )
        )  # fmt: skip
    park, complaints = find_park_code(rows["park"])
    flaws += complaints
    flaws += replace_names_by_codes(rows, park)
    frames = {}
    for table, sheet in get_sheet_definitions().items():
        of_table = [{"park_id": park, **row, "row": number} for number, row in rows[table]]
        frames[table] = pl.DataFrame(of_table, schema=sheet.schema | {"row": pl.Int64()}, orient="row")
    told = {(flaw.sheet, flaw.row, flaw.column) for flaw in flaws}  # one cell, one complaint
    flaws += [flaw for flaw in find_ledger_flaws(frames) if (flaw.sheet, flaw.row, flaw.column) not in told]
    if any(not flaw.notice for flaw in flaws):
        raise BrokenLedger(flaws)
    tables = {table: frame.drop("row") for table, frame in frames.items()}
    return make_ledger(tables, file_name, tuple(sort_flaws(flaws)))


def find_park_code(rows: list[tuple[int, dict[str, Any]]]) -> tuple[str, list[Flaw]]:
    """Return the code of the park that the ledger belongs to, and the flaws of the sheet Park."""
    if len(rows) != 1:
        zh, en = "须正好一行：这是谁的台账", "must have exactly one row: whose ledger this is"
        return "", [make_flaw("park", 0, "", "", zh, en)]
    number, row = rows[0]
    code = row.get("park_id") or ""
    if code and not CODE_OF_PARK.fullmatch(code):
        zh, en = "只用小写字母、数字和连字符，2 至 31 个", "use 2 to 31 lower case letters, digits and hyphens"
        return code, [make_flaw("park", number, "park_id", code, zh, en)]
    return code, []


def replace_names_by_codes(rows: workbook.Rows, park: str) -> list[Flaw]:
    """Replace each name that refers to another sheet or the catalogue by its code; return a flaw for each one not
    found.
    """
    codes = {table: _collect_codes(rows, table) for table in get_sheet_definitions()}
    every = read_published_references()
    codes["indicator"] = {
        text: row["indicator_id"]
        for row in every.indicators.iter_rows(named=True)
        for text in (row["indicator_id"], row["name_zh"], row["name_en"])
    }
    for table, of_park in every.aims.items():
        codes[table] |= {code: code for code in of_park.get(park, [])}
    flaws = []
    for table, sheet in get_sheet_definitions().items():
        for column in sheet.columns:
            if not column.refers:
                continue
            known = codes[column.refers]
            for number, row in rows[table]:
                value = row.get(column.name)
                if value is None:
                    continue
                asked = value if column.kind == "codes" else [value]
                unknown = [part for part in asked if part not in known]
                if unknown:
                    flaws.append(_make_unknown_flaw(table, number, column, unknown))
                found = [known[part] for part in asked if part in known]
                row[column.name] = found if column.kind == "codes" else (found[0] if found else None)
    return flaws


def _collect_codes(rows: workbook.Rows, table: str) -> dict[str, str]:
    sheet = get_sheet_definitions()[table]
    if len(sheet.key) > 1:
        return {}
    key, found = sheet.key[0], {}
    for _number, row in rows[table]:
        names = [row.get("name"), row.get("name_en")] if table in NAMED_TABLES else []
        for text in (*names, row.get(key)):  # a code goes before a name
            if text and row.get(key):
                found[str(text)] = str(row[key])
    return found


def _make_unknown_flaw(table: str, number: int, column: ColumnDefinition, unknown: list[str]) -> Flaw:
    value = "; ".join(unknown)
    if column.refers == "indicator":
        zh, en = (
            "没有这个指标。名称和代码见“数据与来源”页的指标口径",
            "no such indicator; names and codes stand on the page of sources, under definitions",
        )
    else:
        of = get_sheet_definitions()[str(column.refers)].name
        zh = f"“{of['zh']}”表里没有。请在那里加一行，或改正这里"
        en = f"not in the sheet {of['en']}; add it there, or correct it here"
    return make_flaw(table, number, column.name, value, zh, en)


def find_ledger_flaws(frames: dict[str, pl.DataFrame]) -> list[Flaw]:
    """Return what breaks a key of the schema or a rule of data/ledger/checks/. frames: tables with the number of each
    row.
    """
    flaws = []
    for table, sheet in get_sheet_definitions().items():
        for columns in (sheet.key, *((name,) for name in sheet.unique)):
            twice = frames[table].filter(pl.struct(columns).is_duplicated())
            twice = twice.filter(pl.all_horizontal(pl.col(columns).is_not_null()))
            for row in twice.iter_rows(named=True):
                value = ", ".join(str(row[column]) for column in columns)
                flaws.append(
                    make_flaw(table, row["row"], columns[-1], value, "重复，须唯一", "stands twice; it must be unique")
                )
    with duckdb.connect(":memory:") as connection:
        for table, frame in frames.items():
            connection.register(table, frame.to_arrow())
        connection.register("indicator", read_published_references().indicators.to_arrow())
        for path in sorted(CHECKS.glob("*.sql")):
            sql = path.read_text("utf-8")
            zh, en = parse_check_rule(sql)
            notice = re.search(r"^-- Notice$", sql, re.MULTILINE) is not None
            for sheet_name, number, column, value in connection.sql(sql).fetchall():
                flaws.append(
                    make_flaw(sheet_name, number, column, "" if value is None else str(value), zh, en, notice=notice)
                )
    return flaws


def parse_check_rule(sql: str) -> tuple[str, str]:
    """Return the rule and correction of a check, in Chinese and English, from its first lines."""
    found = re.search(r"^-- Rule: (.+) \| (.+)$", sql, re.MULTILINE)
    if found is None:
        raise ValueError("a check begins with: -- Rule: English | 中文")
    return found[2], found[1]
