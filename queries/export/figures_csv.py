"""CSV of figures by the million: what follows from a code is written once for each code, not once for each row."""

import io
from collections.abc import Iterator
from itertools import groupby

import polars as pl

from data.values.safe_cells import escape_formulas
from queries.export import formats

# Columns of observations.sql by the code that they follow from, as observation_names.sql lists them.
FOLLOWING = {
    "park_id": ("park_zh", "park_en"),
    "indicator_id": ("indicator_zh", "indicator_en", "theme", "measure", "comparable_key"),
    "unit_id": ("unit_zh", "unit_en", "unit_scale", "unit_scaled_en"),
    "source_id": (
        "source_title", "data_version", "source_url", "source_published", "publisher", "formula", "inputs",
    ),
}  # fmt: skip
CODES = {column: code for code, following in FOLLOWING.items() for column in (code, *following)}
SPECIAL = r'[,"\r\n]|^$'  # what stands in quotes; an empty text does, a missing one does not


def read(columns: list[str]) -> list[str]:
    """Those of the columns of figures that csv_pieces() needs of each row."""
    return [column for column in columns if column not in CODES or column in FOLLOWING]


def csv_pieces(
    pieces: Iterator[pl.DataFrame], columns: list[str], names: pl.DataFrame, *, bom: bool = True
) -> Iterator[bytes]:
    """The bytes of files.csv_pieces() of the same figures with all columns.

    pieces: the columns that read() names. names: of observation_names.sql, in the language of the pieces.
    """
    runs = [(of, list(run)) for of, run in groupby(columns, lambda column: CODES.get(column, column))]
    written = {code: _written(code, runs, names) for code in FOLLOWING}
    start = (b"\xef\xbb\xbf" if bom else b"") + ",".join(columns).encode() + b"\r\n"
    for piece in pieces:
        own = _quoted(escape_formulas(formats.plain(piece.drop(list(FOLLOWING)))))
        rows = own.with_columns(piece.select(list(FOLLOWING)))
        for code, texts in written.items():
            rows = rows.join(texts, on=code, how="left", maintain_order="left")
        buffer = io.BytesIO()
        buffer.write(start)
        rows.select(_name(run) for _, run in runs).write_csv(
            buffer, include_header=False, line_terminator="\r\n", batch_size=4096, quote_style="never"
        )
        start = b""
        yield buffer.getvalue()


def _written(code: str, runs: list[tuple[str, list[str]]], names: pl.DataFrame) -> pl.DataFrame:
    """One row per code: the code, and each run of columns that follows from it, as it stands in a line of CSV."""
    of_code = names.filter(pl.col("code_column") == code).select(
        pl.col("code").alias(code),
        *(pl.col("texts").list.get(place).alias(column) for place, column in enumerate(FOLLOWING[code])),
    )
    cells = _quoted(escape_formulas(of_code)).fill_null("")
    texts = [pl.concat_str(run, separator=",").alias(_name(run)) for of, run in runs if of == code]
    return of_code.select(code).with_columns(cells.select(texts))


def _name(run: list[str]) -> str:
    """A name for some columns in one; a column of no code keeps its own."""
    return ",".join(run) if run[0] in CODES else run[0]


def _quoted(rows: pl.DataFrame) -> pl.DataFrame:
    """Text cells as CSV writes them."""
    text = [column for column, kind in rows.schema.items() if kind == pl.String]
    # To look through a column in one go is faster than cell by cell, and most columns have none.
    whole, empty = pl.col(text).str.join(""), (pl.col(text) == "").any()
    some = whole.str.contains(r'[,"\r]') | whole.str.contains("\n", literal=True) | empty
    found = rows.select(some).row(0) if text else ()
    cells = pl.col([column for column, holds in zip(text, found, strict=True) if holds])
    quoted = '"' + cells.str.replace_all('"', '""', literal=True) + '"'
    return rows.with_columns(pl.when(cells.str.contains(SPECIAL)).then(quoted).otherwise(cells).name.keep())
