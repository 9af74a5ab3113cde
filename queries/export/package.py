"""The data package: every table as CSV, described so that a program can read it by its address or from a zip."""

import io
import json
import re
import zipfile
from typing import IO, Any, Protocol

import polars as pl

from queries.database import detached
from queries.export import formats
from queries.export.columns import COMPUTED

PIECE = 32_000  # rows read at a time
EPOCH = (1980, 1, 1, 0, 0, 0)
TYPES = {"INTEGER": "integer", "BIGINT": "integer", "DATE": "date", "BOOLEAN": "boolean", "DOUBLE": "number"}
LICENCES = [
    {
        "name": "MIT",
        "path": "https://opensource.org/license/mit",
        "title": "MIT Licence, for the collection; each figure was published by the source that its row names",
    }
]
Row = dict[str, Any]


class Door(Protocol):
    """Whatever asks the database: the module, or a connection apart."""

    def fetch(self, name: str, **parameters: object) -> pl.DataFrame: ...


def describe_package(door: Door, path: str) -> Row:
    """datapackage.json: the tables with their columns, types, keys and permitted values, and every source.

    path: where the CSV of a table is, {table} for its code.
    """
    tables, rules = door.fetch("tables"), door.fetch("constraints")
    tables = tables.filter(~pl.col("table_id").is_in(COMPUTED))
    return {
        "profile": "tabular-data-package",
        "name": "park-explorer",
        "title": "Park Explorer: figures and targets of Xiangtan High-tech Zone and other places, each with its source",
        "title_zh": "园区指标浏览器：湘潭高新区等地的数据与目标，逐条注明来源",
        "version": door.fetch("build")["data_version"][0],
        "keywords": ["Xiangtan", "high-tech zone", "indicators", "targets"],
        "licenses": LICENCES,
        "sources": [_source(row) for row in door.fetch("sources").iter_rows(named=True)],
        "resources": [
            _resource(table, rules.filter(pl.col("table_id") == table["table_id"]), path)
            for table in tables.iter_rows(named=True)
        ],
    }


def _source(row: Row) -> Row:
    told = {
        "title": f"{row['title_zh']}，{row['publisher_zh']}" + (f"，{row['published']}" if row["published"] else "")
    }
    return told | ({"path": row["url"]} if row["url"] else {})


def _resource(table: Row, rules: pl.DataFrame, path: str) -> Row:
    keys = rules.filter(pl.col("kind") == "PRIMARY KEY")["columns"].to_list()
    foreign = rules.filter(pl.col("kind") == "FOREIGN KEY").select("columns", "other_table", "other_columns")
    references: list[Row] = [
        {"fields": columns, "reference": {"resource": _called(other), "fields": others}}
        for columns, other, others in foreign.iter_rows()
    ]
    schema: Row = {"fields": _fields(table, rules), "missingValues": [""]}
    if keys:
        schema["primaryKey"] = keys[0] if len(keys[0]) > 1 else keys[0][0]
    if references:
        schema["foreignKeys"] = references
    return {
        "profile": "tabular-data-resource",
        "name": _called(table["table_id"]),
        "title": table["table_id"],
        "description": table["comment_en"],
        "description_zh": table["comment_zh"],
        "path": path.format(table=table["table_id"]),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _called(table: str) -> str:
    return table.replace("_", "-")


def _fields(table: Row, rules: pl.DataFrame) -> list[Row]:
    alone = rules.filter(pl.col("columns").list.len() == 1).with_columns(pl.col("columns").list.first())
    held = {
        kind: set(alone.filter(pl.col("kind") == kind)["columns"]) for kind in ("NOT NULL", "UNIQUE", "FOREIGN KEY")
    }
    columns = (table["columns"], table["types"], table["comments_en"], table["comments_zh"])
    fields = []
    for column, kind, english, chinese in zip(*columns, strict=True):
        limits: Row = {"required": True} if column in held["NOT NULL"] else {}
        limits |= {"unique": True} if column in held["UNIQUE"] else {}
        # A code of another table is held by its foreign key; a list of it here would only be long.
        if kind.startswith("ENUM") and column not in held["FOREIGN KEY"]:
            limits["enum"] = [code.replace("''", "'") for code in re.findall(r"'((?:[^']|'')*)'", kind)]
        told = {"name": column, "type": _type(kind), "description": english, "description_zh": chinese}
        fields.append(told | ({"constraints": limits} if limits else {}))
    return fields


def _type(kind: str) -> str:
    return "number" if kind.startswith("DECIMAL") else TYPES.get(re.sub(r"\(.*", "", kind), "string")


def write_package(into: IO[bytes]) -> None:
    """Write the zip: datapackage.json and every table as CSV, all of one state of the database, in pieces.

    The cells are not made harmless for spreadsheets: a program reads these, and an apostrophe would be a wrong value.
    """
    door = detached.DetachedConnection()
    try:
        with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as package:
            tables = door.fetch("tables")["table_id"]
            for table in tables.filter(~tables.is_in(COMPUTED)):
                with package.open(_entry(f"{table}.csv"), "w", force_zip64=True) as file:
                    for place, piece in enumerate(door.pieces(table, PIECE)):
                        file.write(formats.write_csv_lines(piece, head=not place, safe=False))
            content = json.dumps(describe_package(door, "{table}.csv"), ensure_ascii=False, indent=1)
            package.writestr(_entry("datapackage.json"), content)
    finally:
        door.close()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def make_package() -> bytes:
    """The zip, whole."""
    buffer = io.BytesIO()
    write_package(buffer)
    return buffer.getvalue()
