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

import polars as pl

from data.database import source_files
from data.ledger import workbook
from data.ledger.codes import PublishedReferences, replace_names_by_codes
from data.ledger.definition import (
    AIMS,
    BrokenLedger,
    get_sheet_definitions,
    make_flaw,
    sort_flaws,
)
from data.ledger.head_units import find_head_unit_flaws
from data.ledger.per_cents import find_per_cent_flaws
from data.ledger.rules import find_ledger_flaws
from data.paths import get_sources_path
from data.tables.problems import Flaw

SAMPLE_PARK = "sample"  # code of the invented park
CODE_OF_PARK = re.compile(r"[a-z0-9][a-z0-9-]{1,30}")
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
    units = {row["unit_id"]: (row["name_zh"], row["name_en"]) for row in _read_source_rows(sources, "unit")}
    return PublishedReferences(pl.DataFrame(listed), aims, units)


def _read_source_rows(sources: Path, table: str) -> list[dict[str, str]]:
    found = []
    for path in source_files.find_source_files(sources, table):
        found += list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    return found


def read_ledger_workbook(content: bytes, file_name: str) -> Ledger:
    """Read the ledger in a workbook; what is doubtful is in its `notices`.

    Raises BrokenLedger with every defect of the workbook at once.
    """
    rows, flaws, units = workbook.read_ledger_sheets(content)
    if not any(rows[table] for table in get_sheet_definitions() if table != "park"):
        flaws.append(
            Flaw(
                "", 0, "", "", "工作簿里没有一行记录。至少填写“园区”和一张别的表",
                "the workbook holds no row; fill in the park and at least one other sheet",
            )
        )  # fmt: skip
    park, complaints = find_park_code(rows["park"])
    flaws += complaints
    published = read_published_references()
    complaints, written = replace_names_by_codes(rows, park, published)
    flaws += complaints + find_per_cent_flaws(rows, published.indicators)
    flaws += find_head_unit_flaws(rows, units, published)
    frames = {}
    for table, sheet in get_sheet_definitions().items():
        of_table = [{"park_id": park, **row, "row": number} for number, row in rows[table]]
        frames[table] = pl.DataFrame(of_table, schema=sheet.schema | {"row": pl.Int64()}, orient="row")
    told = {(flaw.sheet, flaw.row, flaw.column) for flaw in flaws if not flaw.notice}  # one cell, one complaint
    broken = find_ledger_flaws(frames, published.indicators, written)
    flaws += [flaw for flaw in broken if (flaw.sheet, flaw.row, flaw.column) not in told]
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
