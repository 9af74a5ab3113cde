"""Read the source files into staging tables and report every defect: file, line, column, value, rule, correction."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

from data.database.constraints import CODE_COLUMNS, COMPUTED_COLUMNS, Constraint, Defect
from data.database.shape import read_schema

HERE = Path(__file__).parent
BUILD_TABLES = ("batch", "build")  # filled by the build itself
DECIMALS_EXPRESSION = "length(regexp_extract(value_text, '\\d+\\.(\\d+)', 1))"
COMPUTED_EXPRESSIONS = {
    "observation": {
        "period_start": "try_cast(left(period, 4) || '-' || "
        "coalesce(nullif(substr(period, 6, 2), ''), '01') || '-01' as date)",
        "period_end": "last_day(try_cast(left(right(period, 7), 4) || '-' || "
        "if(length(period) = 4, '12', right(period, 2)) || '-01' as date))",
        "decimals": DECIMALS_EXPRESSION,
        "evidence": "'published'::evidence",
    },
    "target": {"decimals": DECIMALS_EXPRESSION, "evidence": "'published'::evidence"},
}
REJECT_RULES = {
    "UNQUOTED VALUE": "a quote is not closed, or stands inside a cell; double it",
    "LINE SIZE OVER MAXIMUM": "the line is too long; a quote may not be closed",
    "INVALID STATE": "the line cannot be split into cells; look at its quotes and commas",
}
NOT_UTF8 = "the file is not UTF-8; save it as CSV UTF-8"
OPTIONS = "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', parallel = false"
OPEN_QUOTE = "a quote is not closed, or a cell holds a line break; close the quote, and write one row on one line"
EMPTY_LINE = "the line is empty; delete it"
TOO_FEW_CELLS = "the row has fewer cells than the header; add the empty ones too"
TOO_MANY_CELLS = "the row has more cells than the header; put quotes around a cell that holds a comma"


def find_source_files(sources: Path, table: str) -> list[Path]:
    """Return the files of one table: <table>.csv, or every CSV in the folder <table>/."""
    single = sources / f"{table}.csv"
    return [single] if single.exists() else sorted((sources / table).glob("*.csv"))


def make_code_types(
    connection: duckdb.DuckDBPyConnection, sources: Path, own: dict[str, list[str]] | None = None
) -> None:
    """Create the ENUM types of the codes, in the order of the source files.

    own: codes of own rows, by type; they follow those of the sources.
    """
    codes: dict[str, list[str]] = {}
    for name, (table, column) in CODE_COLUMNS.items():
        found = codes.setdefault(name, [])
        for path in find_source_files(sources, table):
            # Line by line and by place: a broken header or quote shall not make every code unknown.
            lines = path.read_bytes().decode("utf-8-sig", errors="replace").split("\n")
            rows = [next(csv.reader([line]), []) for line in lines]
            found += [row[0] for row in rows if row and row[0] not in ("", column)]
        found += (own or {}).get(name, [])
    make_enum_types(connection, codes)


def make_enum_types(connection: duckdb.DuckDBPyConnection, codes: dict[str, list[str]]) -> None:
    """Create an ENUM type for each list of codes."""
    for name, values in codes.items():
        literals = ", ".join("'" + code.replace("'", "''") + "'" for code in dict.fromkeys(values)) or "'none'"
        connection.execute(f"create type {name} as enum ({literals})")


def get_column_types(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Return the columns of a table of the schema with their types, in order."""
    rows = connection.table(f"main.{table}")
    return dict(zip(rows.columns, map(str, rows.types), strict=True))


def get_source_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the tables of the schema that sources fill, parents first."""
    return [
        table for table in re.findall(r"^create table (\w+)", read_schema(), re.MULTILINE) if table not in BUILD_TABLES
    ]


def read_sources(
    connection: duckdb.DuckDBPyConnection, sources: Path, tables: Sequence[str] | None = None
) -> list[Defect]:
    """Fill stage_<table> (file, line and the table's columns) from the CSV files; return what could not be read.

    tables: which of them; None: all.
    """
    defects: list[Defect] = []
    for table in tables or get_source_tables(connection):
        types = get_column_types(connection, table)
        computed = COMPUTED_COLUMNS.get(table, ())
        typed = {name: kind for name, kind in types.items() if name not in computed}
        declared = ", ".join(f"{name} {kind}" for name, kind in typed.items())
        connection.execute(f"create temp table read_{table} (file varchar, line integer, {declared})")
        found = find_source_files(sources, table)
        if not found:
            defects.append(Defect(f"{table}.csv", 1, "", "", "the file is missing; put it back"))
        for path in found:
            defects += read_source_file(connection, sources, path, table, typed)
        extra = "".join(f", {expression} as {name}" for name, expression in COMPUTED_EXPRESSIONS.get(table, {}).items())
        connection.execute(f"create temp view stage_{table} as select *{extra} from read_{table}")
    return defects


def read_source_file(
    connection: duckdb.DuckDBPyConnection, sources: Path, path: Path, table: str, typed: dict[str, str]
) -> list[Defect]:
    """Append one CSV file to read_<table>; return the cells that do not fit, from DuckDB's reject table."""
    name = path.relative_to(sources).as_posix()
    content = path.read_bytes()
    header = next(csv.reader(io.StringIO(content[:10_000].decode("utf-8-sig", errors="replace"))), [])
    if header != list(typed):
        rule = f"the header must be {','.join(typed)}"
        return [Defect(name, 1, "", ",".join(header), rule)]
    misshapen = find_misshapen_lines(name, content, len(typed))
    if any(defect.rule == OPEN_QUOTE for defect in misshapen):
        return misshapen  # from here on nobody knows where a row begins
    rejects, scans = f"rejects_{table}", f"scans_{table}"
    for leftover in (rejects, scans):
        connection.execute(f"drop table if exists {leftover}")
    read = (
        f"read_csv($path, {OPTIONS}, columns = $columns, store_rejects = true, rejects_table = '{rejects}', "
        f"rejects_scan = '{scans}')"
    )
    given: dict[str, object] = {"path": str(path), "columns": typed}
    if not misshapen:
        count = connection.execute(
            f"insert into read_{table} select $name, row_number() over () + 1, * from {read}", given | {"name": name}
        ).fetchall()[0][0]
        if count == content.rstrip(b"\r\n").count(b"\n"):
            return []  # nothing was refused
        connection.execute(f"delete from read_{table} where file = $name", {"name": name})
        connection.execute(f"delete from {rejects}")
    connection.execute(f"create or replace temp table arriving as from {read}", given)
    refused = connection.sql(
        "select line, column_idx, column_name, error_type::varchar, csv_line, error_message "
        f"from {rejects} order by line"
    ).fetchall()
    refused = [row for row in refused if row[0] not in {defect.line for defect in misshapen}]
    kept = "select row_number() over () as place, * from arriving"
    lines = (
        "select row_number() over (order by range) as place, range as line "
        "from range(2, $last + 1) where not list_contains($refused, range)"
    )
    skipped = sorted({row[0] for row in refused} | {defect.line for defect in misshapen})
    count = connection.sql("select count(*) from arriving").fetchall()[0][0] + len(skipped)
    connection.execute(
        f"insert into read_{table} select $name, lines.line, {', '.join('kept.' + column for column in typed)} "
        f"from ({kept}) kept join ({lines}) lines using (place) order by lines.line",
        {"name": name, "last": count + 1, "refused": skipped},
    )
    defects = misshapen + [convert_reject_row(name, typed, *row) for row in refused]
    if content.rstrip(b"\r\n").count(b"\n") != count:
        defects.append(Defect(name, 1, "", "", "the file cannot be split into one row a line; look at its quotes"))
    return defects


def find_misshapen_lines(name: str, content: bytes, width: int) -> list[Defect]:
    """Return a defect for each line below the header that is not one row of `width` cells in UTF-8."""
    defects = []
    for line, written in enumerate(content.rstrip(b"\r\n").split(b"\n")[1:], start=2):
        text = written.decode(errors="replace").rstrip("\r")
        cells = len(next(csv.reader([text]), []))
        if text.encode() != written.rstrip(b"\r"):
            rule = NOT_UTF8
        elif text.count('"') % 2:
            rule = OPEN_QUOTE
        elif cells == width:
            continue
        else:
            rule = TOO_MANY_CELLS if cells > width else TOO_FEW_CELLS if cells else EMPTY_LINE
        defects.append(Defect(name, line, "", text, rule))
    return defects


def convert_reject_row(
    name: str, typed: dict[str, str], line: int, place: int, column: str, kind: str, text: str, message: str
) -> Defect:
    """Convert one row of DuckDB's reject table to a defect."""
    if kind != "CAST":
        return Defect(name, line, "", text, REJECT_RULES.get(kind, message))
    cells = next(csv.reader([text]), [])
    value = cells[place - 1] if place <= len(cells) else text
    wanted = typed.get(column, "")
    for code, (table, key) in CODE_COLUMNS.items():
        if wanted == code or (
            wanted.startswith("ENUM") and key == column.removeprefix("base_").removeprefix("related_")
        ):
            return Defect(name, line, column, value, f"no such {key} in {table}.csv; add it there or correct the code")
    if column in ("same_as", "part_of"):
        return Defect(
            name, line, column, value, "no such indicator_id in indicator.csv; add it there or correct the code"
        )
    if wanted.startswith("ENUM"):
        return Defect(name, line, column, value, f"must be one of {wanted[5:-1]}")
    wishes = {"DATE": "a date like 2014-03-03", "INTEGER": "a whole number", "BOOLEAN": "true or false"}
    return Defect(name, line, column, value, f"must be {wishes.get(wanted, 'a plain number like 720.1')}")


def find_source_defects(connection: duckdb.DuckDBPyConnection) -> list[Defect]:
    """Return what breaks a key or check of the schema, or a rule of data/database/checks/."""
    constraints: dict[str, list[Constraint]] = {}
    for table, *parts in connection.sql(
        "select table_name, constraint_type, constraint_column_names, expression, referenced_table, "
        "referenced_column_names from duckdb_constraints() where schema_name = 'main' order by table_oid, "
        "constraint_index"
    ).fetchall():
        constraints.setdefault(table, []).append(Constraint(table, *parts))
    defects: list[Defect] = []
    for table in get_source_tables(connection):
        asked = [one for one in constraints.get(table, []) if one.can_break(connection)]
        # All of a table at once, which is a tenth of the work: only what is broken is asked for its rows.
        broken = connection.sql(
            f"select {', '.join(map(Constraint.make_break_expression, asked))} from stage_{table}"
        ).fetchall()[0]
        for one, found in zip(asked, broken, strict=True):
            if found:
                defects += one.defects(connection)
    for path in sorted((HERE / "checks").glob("*.sql")):
        sql = path.read_text("utf-8")
        rule = re.search(r"^-- Rule: (.+)$", sql, re.MULTILINE)
        mend = re.search(r"^-- Mend: (.+)$", sql, re.MULTILINE)
        words = "; ".join(match.group(1) for match in (rule, mend) if match)
        for file, line, column, value in connection.sql(sql).fetchall():
            defects.append(Defect(file, line, column, "" if value is None else str(value), words))
    return defects
