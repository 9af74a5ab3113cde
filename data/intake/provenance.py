"""Record where own rows come from, in the columns of the schema: source, place in the file, and code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from data.intake.reader import SheetReading
from data.tables.problems import ROW
from data.values.periods import get_period_ends

PUBLISHER = ("自有数据", "Own data")
# As the database writes a number with so many decimals: no sign before 0, no 007.
PLAIN_NUMBER = r"^(?:-?[1-9]\d*(?:\.\d{1,4})?|-?0\.\d*[1-9]\d*|0(?:\.0{1,4})?)$"
PLACE_COLUMNS = (ROW, "sheet", "sheet_no", "letter")


@dataclass(frozen=True)
class Origin:
    """The file from which own rows were read. loaded: when, in UTC, to the second."""

    file_name: str
    sha256: str
    loaded: datetime

    @property
    def short(self) -> str:
        """Return the eight digits that identify the file in codes."""
        return self.sha256[:8]

    @property
    def source_id(self) -> str:
        """Return the code of its row in the table source."""
        return f"own_{self.short}"


def get_utc_now() -> datetime:
    """Return the time as manifests and tables keep it: UTC, to the second, without a time zone."""
    return datetime.now(UTC).replace(microsecond=0, tzinfo=None)


def add_provenance(read: Sequence[SheetReading], origin: Origin) -> dict[str, pl.DataFrame]:
    """Return the accepted rows of a file's sheets by table, with their source; tables without rows are left out.

    park and indicator have the columns of the schema, source one row for the file. observation and target also have
    the place in the file (`row`, `sheet`, `sheet_no`, `letter` of the column in a wide table), from which
    data.database.own_rows.OWN_ROW_EXPRESSIONS makes code and locator.
    """
    found: dict[str, list[pl.DataFrame]] = {"source": [_make_source_row(origin)]}
    several = len(read) > 1
    for number, sheet in enumerate(read, start=1):
        if not sheet.accepted.is_empty():
            found.setdefault(sheet.table, []).append(_to_table_columns(sheet, origin, number if several else 0))
    return {table: pl.concat(frames) for table, frames in found.items()}


def remove_derivable_values(figures: pl.DataFrame) -> pl.DataFrame:
    """Return figures of add_provenance() without what data.database.own_rows makes again when they are read.

    Left out are texts that only repeat the number and its decimals (for growth these are kept in the new column
    `growth_decimals`), and columns that are entirely empty.
    """
    text, growth = pl.col("value_text"), pl.col("growth_text")
    plain = figures.select(text=text.str.contains(PLAIN_NUMBER), growth=growth.str.contains(PLAIN_NUMBER))
    decimals = (growth.str.len_bytes() - 1 - growth.str.find(".", literal=True)).fill_null(0).cast(pl.Int32)
    kept = figures.with_columns(
        value_text=pl.when(~plain["text"]).then(text),
        growth_text=pl.when(~plain["growth"]).then(growth),
        growth_decimals=pl.when(plain["growth"]).then(decimals),
    )
    return kept.select(one for one in kept if one.null_count() < kept.height)


def _make_source_row(origin: Origin) -> pl.DataFrame:
    texts = dict.fromkeys(
        ("source_id", "title_zh", "title_en", "author", "publisher_zh", "publisher_en", "published", "url", "carrier",
         "note_zh", "note_en"), pl.String,
    )  # fmt: skip
    row = (
        origin.source_id, origin.file_name, origin.file_name, None, *PUBLISHER, origin.loaded.date().isoformat(), None,
        "own", f"SHA-256 {origin.sha256}", f"SHA-256 {origin.sha256}",
    )  # fmt: skip
    return pl.DataFrame([row], schema=texts, orient="row")


def _to_table_columns(read: SheetReading, origin: Origin, number: int) -> pl.DataFrame:
    """Return the accepted rows of one sheet in the columns of their table. number: of the sheet if several, else 0."""
    rows = read.accepted
    if read.table == "park":
        return rows.select(
            "park_id", "name_zh", "name_en", "kind", pl.lit("own").alias("role"), "province_zh", "province_en",
            "full_name_zh", "full_name_en",
        )  # fmt: skip
    if read.table == "indicator":
        return rows.select(
            "indicator_id", "theme", "name_zh", "name_en", "unit_id", "measure", "direction",
            pl.lit(None, dtype=pl.String).alias("part_of"), "definition_zh", "definition_en", "comparable_key",
            "growth_basis", "growth_basis_zh", "growth_basis_en", "position",
        )  # fmt: skip
    rows = _add_locators(rows, read, origin, number)
    if read.table == "target":
        none = pl.lit(None, dtype=pl.String)
        return rows.select(
            "park_id", "indicator_id", none.alias("base_indicator_id"), none.alias("base_scope"), "year", "measure",
            "comparator", "strength", "value", "value_text", none.alias("growth_basis"), "decimals", "unit_id",
            "source_id", "note_zh", "note_en", *PLACE_COLUMNS,
        )  # fmt: skip
    return rows.select(
        "park_id", "indicator_id", "period", "period_start", "period_end", "value", "value_text", "decimals", "unit_id",
        "bound", "growth_pct", "growth_text", "growth_basis", "source_id", "note_zh", "note_en", *PLACE_COLUMNS,
    )  # fmt: skip


def _add_locators(rows: pl.DataFrame, read: SheetReading, origin: Origin, number: int) -> pl.DataFrame:
    """Add the source and the place in the file to the rows, and the first and last day of their period."""
    wide = rows["place"].min() != rows["place"].max()
    letters = dict(enumerate(read.sheet.letters))
    rows = rows.with_columns(
        pl.col(ROW).cast(pl.Int32),
        source_id=pl.lit(origin.source_id),
        sheet=pl.lit(read.sheet.name or None, dtype=pl.String),
        sheet_no=pl.lit(number, dtype=pl.Int32),
        letter=pl.col("place").replace_strict(letters, default=None, return_dtype=pl.String)
        if wide
        else pl.lit(None, dtype=pl.String),
    )
    if "period" not in rows.columns:
        return rows
    days = [(period, *get_period_ends(period)) for period in rows["period"].unique().to_list()]
    schema = {"period": pl.String, "period_start": pl.Date, "period_end": pl.Date}
    return rows.join(pl.DataFrame(days, schema=schema, orient="row"), on="period", how="left", maintain_order="left")
