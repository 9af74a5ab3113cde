"""Rows as files. The same rows give the same bytes, on a page and at a route."""

import io
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs

from data.paths import get_database_path
from data.values.safe_cells import escape_formulas
from queries.catalogue import catalogue
from queries.database import engine
from queries.export.columns import get_column_meanings
from queries.figures.observations import drop_facts

XLSX_ROWS = 100_000
JSON_ROWS = 100_000  # it is read and written whole
GROUP = 50_000  # rows of a row group of Parquet
SHEETS = {"zh": ("数据", "说明", "口径"), "en": ("Data", "Notes", "Definitions")}
AUTHOR = {"zh": "园区指标浏览器", "en": "Park Explorer"}  # of a workbook, as the pages call themselves
VERSION = r"[0-9A-Za-z+.-]{4,64}"


class TooManyRows(ValueError):
    """More rows than the format takes; the message names another format."""


def make_file_name(
    view: str, rows: pl.DataFrame, suffix: str, period: tuple[str | None, str | None] = (None, None)
) -> str:
    """File name: view, period, data version, and whether rows are invented or some reader's own. ASCII only."""
    kinds = {
        kind
        for column in ("evidence", "lit_evidence")
        if column in rows.columns
        for kind in rows[column].cast(pl.String)
    }
    if kinds == {"sample"}:
        view = f"sample-{view}"
    elif "own" in kinds:
        view = f"own-{view}" if kinds == {"own"} else f"with-own-{view}"
    span = "-".join(part for part in period if part) or "all"
    # A column of a reader's SQL may bear this name and hold anything.
    told = str(rows["data_version"][0]) if "data_version" in rows.columns and rows.height else ""
    version = told if re.fullmatch(VERSION, told) else engine.get_data_version()
    return f"park-{view}-{span}-{version}.{suffix}"


def as_csv(rows: pl.DataFrame, *, bom: bool = True, safe: bool = True) -> bytes:
    """UTF-8 CSV with ASCII column names; with a byte order mark for spreadsheets, without for programs.

    safe: cells that a spreadsheet would run are made harmless.
    """
    return (b"\xef\xbb\xbf" if bom else b"") + write_csv_lines(rows, safe=safe)


def write_csv_lines(rows: pl.DataFrame, *, head: bool = True, safe: bool = True) -> bytes:
    """Lines of as_csv(); head: the names too."""
    rows = flatten_lists(format_numbers(drop_facts(rows)))
    buffer = io.BytesIO()
    (escape_formulas(rows) if safe else rows).write_csv(
        buffer, include_header=head, line_terminator="\r\n", batch_size=4096
    )
    return buffer.getvalue()


def format_numbers(rows: pl.DataFrame) -> pl.DataFrame:
    """Numbers as text without zeros that nobody printed: 552, not 552.0 or 552.0000."""
    floats = [column for column, kind in rows.schema.items() if kind.is_float()]
    decimals = [column for column, kind in rows.schema.items() if kind.is_decimal()]
    return rows.with_columns(
        pl.when(pl.col(floats) == 0)
        .then(0.0)
        .otherwise(pl.col(floats))
        .name.keep()  # no -0
        .cast(pl.String)
        .str.strip_suffix(".0"),
        pl.col(decimals).cast(pl.String).str.replace(r"(\.\d*?)0+$", "$1").str.strip_suffix("."),
    )


def as_json(rows: pl.DataFrame, head: dict[str, Any] | None = None) -> bytes:
    """{data_version, ...head, count, rows: [...]}, numbers as numbers, dates as ISO text.

    Raises TooManyRows above 100,000 rows.
    """
    if rows.height > JSON_ROWS:
        raise TooManyRows(
            f"{rows.height:,} rows: JSON takes up to {JSON_ROWS:,}. Take JSON lines, CSV or Parquet, or filter."
        )
    own = "data_version" in rows.columns and rows.height > 0
    version = rows["data_version"][0] if own else engine.get_data_version()
    content: dict[str, object] = {"data_version": version, **(head or {})}
    content |= {"count": rows.height, "rows": drop_facts(rows).to_dicts()}
    return json.dumps(content, ensure_ascii=False, default=_json, allow_nan=False).encode()


def as_jsonl(rows: pl.DataFrame) -> bytes:
    """One JSON object per line, each as in the rows of as_json()."""
    buffer = io.BytesIO()  # as text it would be decoded and encoded again, which takes as long as the writing
    drop_facts(rows).with_columns(cs.decimal().cast(pl.Float64)).write_ndjson(buffer)
    return buffer.getvalue()


def as_parquet(rows: pl.DataFrame) -> bytes:
    """Parquet with the columns of the CSV and their types."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - 40 ms that only a download pays

    buffer = io.BytesIO()
    table = drop_facts(rows).rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    pq.write_table(table, buffer, compression="zstd", store_schema=True, row_group_size=GROUP)
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
    rows = drop_facts(rows)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"author": AUTHOR[lang], "created": datetime(1980, 1, 1, tzinfo=UTC)})
    head = book.add_format({"bold": True, "bottom": 1})
    data, notes, definitions = (book.add_worksheet(sheet) for sheet in SHEETS[lang])
    _sheet(data, escape_formulas(flatten_lists(rows)), head)
    _sheet(notes, get_column_meanings(rows, lang), head, width=60)
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


def _definitions(rows: pl.DataFrame, lang: str) -> pl.DataFrame:
    used = rows["indicator_id"].cast(pl.String).unique().to_list() if "indicator_id" in rows.columns else []
    columns = ["indicator_id", f"name_{lang}", f"unit_{lang}", "measure", f"definition_{lang}", "comparable_key"]
    named = catalogue.get_indicators().select(columns)
    derived = catalogue.get_derivations(lang).select(
        pl.col("derivation_id").alias("indicator_id"),
        f"name_{lang}",
        pl.lit(None, pl.String).alias(f"unit_{lang}"),
        pl.col("kind").alias("measure"),
        pl.col("definition").alias(f"definition_{lang}"),
        pl.format("derived.{}", "derivation_id").alias("comparable_key"),
    )
    return pl.concat([named, derived]).filter(pl.col("indicator_id").is_in(used))


def flatten_lists(rows: pl.DataFrame) -> pl.DataFrame:
    """Lists become text with semicolons; codes of ENUM columns become text."""
    lists = [column for column, kind in rows.schema.items() if isinstance(kind, pl.List)]
    codes = [column for column, kind in rows.schema.items() if isinstance(kind, pl.Enum | pl.Categorical)]
    return rows.with_columns(pl.col(lists).list.join("; "), pl.col(codes).cast(pl.String)) if lists or codes else rows


def read_database_file() -> bytes:
    """The whole database as a DuckDB file."""
    return get_database_path().read_bytes()


def to_json_values(content: object) -> object:
    """The content as JSON knows it: dates as ISO text, decimals as numbers."""
    plain: object = json.loads(json.dumps(content, ensure_ascii=False, default=_json, allow_nan=False))
    return plain


def _json(value: object) -> object:
    if isinstance(value, date | Path):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


@dataclass(frozen=True)
class Format:
    """One format of files.

    write: rows and language to bytes; None: no format of rows. most: rows that it takes, as it is made whole; None: any
    number. copied: options of DuckDB's COPY for long answers. label: its name on a button of rows; "": no button.
    schema: what OpenAPI calls the content.
    """

    media_type: str
    write: Callable[[pl.DataFrame, str], bytes] | None = None
    most: int | None = None
    copied: str = ""
    label: str = ""
    schema: str = "binary"


# By suffix, in the order in which routes and buttons offer them. Those that are written are formats of rows.
FORMATS = {
    # Copied as one column, which is the whole line.
    "csv": Format("text/csv; charset=utf-8", lambda rows, _: as_csv(rows), schema="text", label="CSV",
                  copied="format csv, header false, quote '', escape '', delimiter '\x01'"),
    "json": Format("application/json", lambda rows, _: as_json(rows), JSON_ROWS, schema="rows"),
    "jsonl": Format("application/jsonl", lambda rows, _: as_jsonl(rows), copied="format json", schema="text"),
    "parquet": Format("application/vnd.apache.parquet", lambda rows, _: as_parquet(rows), label="Parquet",
                      copied="format parquet, compression zstd, row_group_size 20480"),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx, XLSX_ROWS,
                   label="Excel"),
    "zip": Format("application/zip"),
    "duckdb": Format("application/octet-stream"),
    "png": Format("image/png"),
    "svg": Format("image/svg+xml"),
    "docx": Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}  # fmt: skip
BUTTONS = sorted((suffix for suffix, kind in FORMATS.items() if kind.label), key=lambda suffix: FORMATS[suffix].label)
ROWS = tuple(suffix for suffix, kind in FORMATS.items() if kind.write)


def as_file(rows: pl.DataFrame, suffix: str, lang: str = "zh") -> bytes:
    """The rows in one of the formats of ROWS; CSV with the byte order mark."""
    write = FORMATS[suffix].write
    if write is None:
        raise KeyError(suffix)
    return write(rows, lang)
