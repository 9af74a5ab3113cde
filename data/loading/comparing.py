"""Compare the figures of files with those in use: doubtful in size, or in another batch already."""

from collections.abc import Sequence

import duckdb
import polars as pl

from data import paths
from data.database import shape
from data.intake.plausibility import EARLIER, EARLIER_FIGURES, find_doubtful_figures, list_codes
from data.loading.activation import FileReading
from data.storage import batches
from data.tables.problems import Flaw
from data.values.vocabulary import Vocabulary

FIGURES_OF_BATCHES = (
    "select batch_id, file_name, park_id::varchar as park_id, indicator_id::varchar as indicator_id, period, "
    "value_text as held, unit_id as held_unit from observation join batch using (source_id)"
)
FEW_HELD = 20_000  # figures in use that are compared without Arrow


def find_doubtful(readings: Sequence[FileReading], known: Vocabulary) -> dict[int, list[Flaw]]:
    """Return remarks on figures that are doubtful in size, by the id() of the sheet as read.

    They are compared with the figures in use, published and own.
    """
    every, found = [read for reading in readings for read in reading.sheets], dict[int, list[Flaw]]()
    sheets = [read for read in every if read.table == "observation" and read.accepted.height]
    if not sheets:
        return found
    codes = list_codes(sheets)
    earlier = shape.ask_built_database(
        paths.get_database_path(), lambda connection, _version: _read_earlier(connection, codes)
    )
    held = pl.DataFrame(schema=EARLIER) if earlier is None else earlier
    for read in sheets:
        if doubts := find_doubtful_figures([read], held, known):
            found[id(read)] = doubts
    return found


def _read_earlier(connection: duckdb.DuckDBPyConnection, codes: dict[str, list[str]]) -> pl.DataFrame:
    """Return figures in use; a few not as a table, since that takes Arrow, whose import costs more than most files."""
    question = connection.sql(EARLIER_FIGURES, params=codes)
    few = question.limit(FEW_HELD).fetchall()
    if len(few) < FEW_HELD:
        return pl.DataFrame(few, schema=EARLIER, orient="row")
    figures: pl.DataFrame = question.pl()
    return figures


def find_overlaps(readings: Sequence[FileReading]) -> pl.DataFrame:
    """Return the batches in use that hold figures of the files too, one row per batch.

    Columns batch_id, file_name, same and other: counts of figures that agree and that differ.
    """
    empty = pl.DataFrame(schema={"batch_id": pl.String, "file_name": pl.String, "same": pl.UInt32, "other": pl.UInt32})
    frames = [read.accepted for reading in readings for read in reading.sheets if read.table == "observation"]
    frames = [frame for frame in frames if frame.height]  # of a sheet that lacks a column nothing is read, nor typed
    if not frames or not batches.get_batch_ids_in_use():
        return empty
    held = shape.ask_built_database(
        paths.get_database_path(), lambda connection, _version: connection.sql(FIGURES_OF_BATCHES).pl()
    )
    if held is None:
        return empty
    about = ["park_id", "indicator_id", "period"]
    mine = pl.concat([frame.select(*about, "value_text", "unit_id") for frame in frames])
    both = mine.join(held, on=about)
    same = pl.col("value_text").eq_missing(pl.col("held")) & (pl.col("unit_id") == pl.col("held_unit"))
    counted = both.group_by("batch_id", "file_name", maintain_order=True).agg(same=same.sum(), other=(~same).sum())
    return counted if counted.height else empty
