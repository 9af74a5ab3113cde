"""Rows as files. The same rows give the same bytes, on a page and at a route."""

import io
import json
import math
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl

from data.build import database_path
from queries import catalogue, database

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "duckdb": "application/octet-stream",
    "png": "image/png",
    "svg": "image/svg+xml",
}
XLSX_ROWS = 100_000
EPOCH = (1980, 1, 1, 0, 0, 0)
SHEETS = {"zh": ("数据", "说明", "口径"), "en": ("Data", "Notes", "Definitions")}
HARMFUL = r"^([=+\-@\t\r\n\x00-\x1f])"
NUMBER = r"^[+\-]?\d+(\.\d+)?$"


class TooManyRows(ValueError):
    """More rows than the format is made for; the message names another format."""


def name(view: str, rows: pl.DataFrame, suffix: str, period: tuple[str | None, str | None] = (None, None)) -> str:
    """File name: view, period, data version. ASCII only."""
    span = "-".join(part for part in period if part) or "all"
    version = (
        database.data_version() if "data_version" not in rows.columns or rows.is_empty() else rows["data_version"][0]
    )
    return f"park-{view}-{span}-{version}.{suffix}"


def harmless(rows: pl.DataFrame) -> pl.DataFrame:
    """Text cells that a spreadsheet would run get an apostrophe in front; numbers stay numbers."""
    text = [column for column, kind in rows.schema.items() if kind == pl.String]
    cells = pl.col(text)
    dangerous = cells.str.contains(HARMFUL) & ~cells.str.contains(NUMBER)
    return (
        rows.with_columns(pl.when(dangerous).then(pl.lit("'") + cells).otherwise(cells).name.keep()) if text else rows
    )


def as_csv(rows: pl.DataFrame, *, bom: bool = True) -> bytes:
    """UTF-8 CSV with ASCII column names; with a byte order mark for spreadsheets, without for programs."""
    text = harmless(flat(plain(rows))).write_csv(line_terminator="\r\n")
    return (b"\xef\xbb\xbf" if bom else b"") + text.encode()


def plain(rows: pl.DataFrame) -> pl.DataFrame:
    """Numbers as text without zeros that nobody printed: 552, not 552.0 or 552.0000."""
    floats = [column for column, kind in rows.schema.items() if kind.is_float()]
    decimals = [column for column, kind in rows.schema.items() if kind.is_decimal()]
    return rows.with_columns(
        pl.col(floats).cast(pl.String).str.strip_suffix(".0"),
        pl.col(decimals).cast(pl.String).str.replace(r"(\.\d*?)0+$", "$1").str.strip_suffix("."),
    )


def as_json(rows: pl.DataFrame) -> bytes:
    """{data_version, count, rows: [...]}, numbers as numbers, dates as ISO text."""
    content = {"data_version": database.data_version(), "count": rows.height, "rows": rows.to_dicts()}
    return json.dumps(content, ensure_ascii=False, default=_json, allow_nan=False).encode()


def as_parquet(rows: pl.DataFrame) -> bytes:
    """Parquet with the columns of the CSV and their types."""
    buffer = io.BytesIO()
    rows.write_parquet(buffer)
    return buffer.getvalue()


def as_xlsx(rows: pl.DataFrame, lang: str = "zh") -> bytes:
    """A workbook: the rows with a frozen header and real numbers, notes on columns, definitions of the indicators.

    Raises TooManyRows above 100,000 rows.
    """
    import xlsxwriter  # noqa: PLC0415 - 60 ms that only a download pays

    if rows.height > XLSX_ROWS:
        raise TooManyRows(
            f"{rows.height:,} rows: a workbook takes up to {XLSX_ROWS:,}. Take CSV or Parquet, or filter."
        )
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(1980, 1, 1, tzinfo=UTC)})
    head = book.add_format({"bold": True, "bottom": 1})
    data, notes, definitions = (book.add_worksheet(sheet) for sheet in SHEETS[lang])
    _sheet(data, harmless(flat(rows)), head)
    _sheet(notes, _notes(rows, lang), head, width=60)
    _sheet(definitions, _definitions(rows, lang), head, width=40)
    book.close()
    return buffer.getvalue()


def _sheet(sheet: object, rows: pl.DataFrame, head: object, width: int = 14) -> None:
    sheet.write_row(0, 0, rows.columns, head)  # type: ignore[attr-defined]
    sheet.freeze_panes(1, 0)  # type: ignore[attr-defined]
    sheet.set_column(0, max(0, len(rows.columns) - 1), width)  # type: ignore[attr-defined]
    if rows.width and rows.height:
        sheet.autofilter(0, 0, rows.height, rows.width - 1)  # type: ignore[attr-defined]
    for place, row in enumerate(rows.iter_rows(), start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, bool) or (isinstance(cell, int | float) and math.isfinite(cell)):
                sheet.write(place, column, cell)  # type: ignore[attr-defined]
            elif cell is not None:
                sheet.write_string(place, column, str(cell))  # type: ignore[attr-defined]


def _notes(rows: pl.DataFrame, lang: str) -> pl.DataFrame:
    comments: dict[str, str] = {}
    for table in catalogue.tables().iter_rows(named=True):
        for column, comment in zip(table["columns"], table[f"comments_{lang}"], strict=True):
            comments.setdefault(column, comment)
    comments |= {column: chinese if lang == "zh" else english for column, (chinese, english) in COLUMN_NOTES.items()}
    noted = [(column, comments.get(column, "")) for column in rows.columns]
    return pl.DataFrame(noted, schema={"column": pl.String, "meaning": pl.String}, orient="row")


# Columns that questions add to those of the tables.
COLUMN_NOTES = {
    "low": (
        "区间下限：舍入或界限词所允许的最小值。",
        "Lower end of the interval that rounding or a bound word leaves open.",
    ),
    "high": ("区间上限；没有上限则空。", "Upper end; empty where it is open."),
    "status": (
        "published 公布；derived 推算；not_published 原文只给增速。",
        "published; derived; not_published: only a growth rate was printed.",
    ),
    "formula": ("推算所用的公式。", "How a derived figure was computed."),
    "source_title": ("来源的标题。", "Title of the source."),
    "source_url": (
        "来源的地址；只引用、不给链接的留空。",
        "Address of the source; empty where it is cited and not linked.",
    ),
    "locator": ("在材料中的位置。", "Where in the source."),
    "data_version": ("生成本文件的数据版本。", "State of the sources this file was made from."),
    "park_zh": ("地区简称，中文。", "Short name of the place, in Chinese."),
    "park_en": ("地区简称，英文。", "Short name of the place, in English."),
    "indicator_zh": ("指标名称，按原文。", "Name of the indicator as printed."),
    "indicator_en": ("指标的英文名称。", "Name of the indicator in English."),
    "base_indicator_zh": ("公布基年所用的名称，中文。", "Name under which the base year was published, in Chinese."),
    "base_indicator_en": ("公布基年所用的名称，英文。", "Name under which the base year was published, in English."),
    "related_indicator_zh": ("后来公布的相关指标，中文。", "Name of the later published figure, in Chinese."),
    "related_indicator_en": ("后来公布的相关指标，英文。", "Name of the later published figure, in English."),
    "unit_zh": ("单位，按原文。", "Unit as printed."),
    "unit_en": ("单位的英文，逐字。", "Unit in English, word for word."),
    "unit_scale": (
        "乘上它，换算成英文读者习惯的单位。",
        "Multiplies the value into the unit that English readers expect.",
    ),
    "unit_scaled_en": ("英文读者习惯的单位。", "That unit."),
    "note": ("读者须知。", "What a reader must know."),
    "publisher": ("来源的发布者。", "Who published the source."),
    "source_published": ("来源的发布日期，按所知。", "Date of publication of the source as far as known."),
    "state": (
        "announced 已宣布；traced 后来公布过同一事项的数，是线索，不是兑现的证明。",
        "announced, or traced where a later figure about the same thing was published; a trace, not proof.",
    ),
}


def _definitions(rows: pl.DataFrame, lang: str) -> pl.DataFrame:
    used = rows["indicator_id"].unique().to_list() if "indicator_id" in rows.columns else []
    return (
        catalogue.indicators()
        .filter(pl.col("indicator_id").is_in(used))
        .select("indicator_id", f"name_{lang}", f"unit_{lang}", "measure", f"definition_{lang}", "comparable_key")
    )


def as_file(rows: pl.DataFrame, suffix: str, lang: str = "zh") -> bytes:
    """The rows in the format of a suffix: csv (with byte order mark), xlsx, parquet or json."""
    if suffix == "xlsx":
        return as_xlsx(rows, lang)
    return {"csv": as_csv, "parquet": as_parquet, "json": as_json}[suffix](rows)


def flat(rows: pl.DataFrame) -> pl.DataFrame:
    """Lists become text with semicolons; codes of ENUM columns become text."""
    lists = [column for column, kind in rows.schema.items() if isinstance(kind, pl.List)]
    codes = [column for column, kind in rows.schema.items() if isinstance(kind, pl.Enum | pl.Categorical)]
    return rows.with_columns(pl.col(lists).list.join("; "), pl.col(codes).cast(pl.String)) if lists or codes else rows


def database_file() -> bytes:
    """The whole database as a DuckDB file."""
    return database_path().read_bytes()


def datapackage() -> bytes:
    """Every table as CSV, with a Frictionless datapackage.json that names columns, types and keys, in one zip."""
    buffer = io.BytesIO()
    resources = []
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for table in catalogue.tables().iter_rows(named=True):
            rows = flat(plain(database.table(table["table_id"])))
            path = f"{table['table_id']}.csv"
            # Not made harmless: a program reads this one, and an apostrophe would be a wrong value.
            package.writestr(zipfile.ZipInfo(path, EPOCH), rows.write_csv())
            resources.append(_resource(table, path))
        description = {
            "profile": "tabular-data-package",
            "name": "park-explorer",
            "title": "Park Explorer",
            "version": database.data_version(),
            "resources": resources,
        }
        content = json.dumps(description, ensure_ascii=False, indent=1)
        package.writestr(zipfile.ZipInfo("datapackage.json", EPOCH), content)
    return buffer.getvalue()


def _resource(table: dict[str, list[str]], path: str) -> dict[str, object]:
    fields = [
        {"name": column, "type": _frictionless(kind), "description": english, "description_zh": chinese}
        for column, kind, english, chinese in zip(
            table["columns"], table["types"], table["comments_en"], table["comments_zh"], strict=True
        )
    ]
    schema: dict[str, object] = {"fields": fields, "missingValues": [""]}
    if str(table["table_id"]) + "_id" == fields[0]["name"]:
        schema["primaryKey"] = fields[0]["name"]
    return {
        "profile": "tabular-data-resource",
        "name": str(table["table_id"]).replace("_", "-"),
        "description": table["comment_en"],
        "description_zh": table["comment_zh"],
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _frictionless(kind: str) -> str:
    plain = {"INTEGER": "integer", "BIGINT": "integer", "DATE": "date", "BOOLEAN": "boolean", "DOUBLE": "number"}
    return "number" if kind.startswith("DECIMAL") else plain.get(re.sub(r"\(.*", "", kind), "string")


def _json(value: object) -> object:
    if isinstance(value, date | Path):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
