"""The content of an answer or of a file as lines: its tables with their rows, or its text."""

import csv
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import python_calamine

from tests.golden.normal import Normal, digest, one_line
from tests.golden.record import SECTION

PACKED = b"PK\x03\x04"  # how a ZIP file begins; a workbook and a document are some, too
DATABASE = b"DUCK"  # from the ninth byte on
MANY = 200  # of a text that is no table


def table(name: str, columns: Iterable[object], rows: Iterable[Iterable[object]]) -> list[str]:
    """Return a table as a section: head with number of rows and columns, then a line for each row."""
    lines = ["  " + " | ".join("" if cell is None else one_line(cell) for cell in row) for row in rows]
    return [f"{SECTION}{name}: {len(lines)} rows; {', '.join(map(one_line, columns))}", *lines]


def of_csv(text: str) -> list[str]:
    """Return the rows of a CSV file."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    return table("csv", rows[0] if rows else [], rows[1:])


def routes(document: Any) -> list[str]:
    """Return the addresses that a description of routes names, each code of a path put in; [] for other documents."""
    found = []
    for path, route in (document.get("paths", {}) if isinstance(document, dict) else {}).items():
        given = {one["name"]: one["schema"].get("enum", []) for one in route.get("get", {}).get("parameters", [])}
        paths = [path]
        for name in re.findall(r"\{(\w+)\}", path):
            paths = [one.replace(f"{{{name}}}", code) for one in paths for code in given.get(name, [])]
        found += [f"route: {one}" for one in paths]
    return found


def of_json(content: Any) -> list[str]:
    """Return a JSON document: what stands alone at the top, then each list of objects as a table."""
    if not isinstance(content, dict):
        return [one_line(json.dumps(content, ensure_ascii=False))]
    lines, tables = [], []
    for key, value in content.items():
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            columns = list(dict.fromkeys(name for one in value for name in one))
            rows = [[plain(one.get(name)) for name in columns] for one in value]
            tables += table(key, columns, rows)
        elif isinstance(value, dict) and len(json.dumps(value)) > MANY:
            tables += table(key, ["key", "value"], [[name, plain(inner)] for name, inner in value.items()])
        else:
            lines.append(f"{key}: {one_line(plain(value))}")
    return lines + tables


def plain(value: object) -> str:
    """Return a value of JSON as text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def of_frame(name: str, frame: pl.DataFrame) -> list[str]:
    """Return a frame with the types of its columns."""
    return table(name, [f"{column} {kind}" for column, kind in frame.schema.items()], frame.iter_rows())


def of_workbook(content: bytes) -> list[str]:
    """Return the sheets of a workbook."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    lines = []
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        lines += table(f"sheet {name}", rows[0] if rows else [], rows[1:])
    return lines


def of_database(content: bytes) -> list[str]:
    """Return the tables of a database, their rows in order."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "read.duckdb"
        path.write_bytes(content)
        with duckdb.connect(path, read_only=True) as connection:
            for (name,) in connection.execute("select table_name from duckdb_tables() order by 1").fetchall():
                found = connection.execute(f'select * from "{name}" order by all')
                lines += table(name, [f"{column[0]} {column[1]}" for column in found.description], found.fetchall())
    return lines


def members(content: bytes, normal: Normal) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of what a ZIP file holds, and of what ZIP files in it hold."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            one = packed.read(name)
            if one.startswith(PACKED):
                yield from ((f"{name}/{inner}", inside) for inner, inside in members(one, normal))
            else:
                yield name, normal.content(one)


def of_package(content: bytes, normal: Normal) -> list[str]:
    """Return the names of what a ZIP file holds, each with size and digest."""
    rows = [[name, len(one), digest(one)] for name, one in members(content, normal)]
    return table("zip", ["name", "bytes", "sha256"], rows)


def of_page(text: str) -> list[str]:
    """Return what previews of links read of a document: its title and its meta elements."""
    said = r"<title>.*?</title>|<html[^>]*>|<meta\s+(?:name|property)=[^>]*>|<link\s+rel=.(?:canonical|alternate)[^>]*>"
    return [one_line(re.sub(r"\s+", " ", found)) for found in re.findall(said, text, re.DOTALL)]


def lines_of(kind: str, content: bytes, normal: Normal) -> list[str]:
    """Return the content of a file of a media type as lines; empty where there is only the digest to tell."""
    if not content:
        return []
    if "zip" in kind or "wordprocessing" in kind:
        return of_package(content, normal)
    if content[8:12] == DATABASE:
        return [normal.text(line) for line in of_database(content)]
    return [normal.text(line) for line in unpacked(kind, content)]


def unpacked(kind: str, content: bytes) -> list[str]:
    """Return the content of a file that is no package as lines."""
    return next((read(content) for word, read in READERS.items() if word in kind), [])


# By a word of the media type; the first that fits.
READERS: dict[str, Callable[[bytes], list[str]]] = {
    "csv": lambda content: of_csv(content.decode()),
    "jsonl": lambda content: of_json({"rows": [json.loads(line) for line in content.splitlines() if line]}),
    "json": lambda content: routes(json.loads(content)) + of_json(json.loads(content)),
    "html": lambda content: of_page(content.decode()),
    "text/": lambda content: [one_line(line) for line in content.decode().splitlines()[:MANY]],
    "parquet": lambda content: of_frame("parquet", pl.read_parquet(io.BytesIO(content))),
    "spreadsheet": of_workbook,
}


def digest_of(kind: str, content: bytes, lines: list[str], normal: Normal) -> str:
    """Return a digest over the bytes; over what is packed, where packing alone may differ with a version inside."""
    if content.startswith(PACKED):
        packed = "".join(f"{name} {digest(one, 64)}\n" for name, one in members(content, normal))
        return f"sha256 of what is packed {digest(packed, 64)}"
    if "parquet" in kind or content[8:12] == DATABASE:
        return f"sha256 of the rows {digest(chr(10).join(lines), 64)}"
    return f"sha256 {digest(normal.content(content), 64)}" if content else "empty"
