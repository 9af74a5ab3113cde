"""Where own rows come from: their source, the place in the file, their codes; entries in the schema's columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from data.intake.reader import Entries
from data.tables.sheet import ROW
from data.values.periods import ends

PUBLISHER = ("自有数据", "Own data")
# As the database writes a number with so many decimals: no sign before 0, no 007.
PLAIN = r"^(?:-?[1-9]\d*(?:\.\d{1,4})?|-?0\.\d*[1-9]\d*|0(?:\.0{1,4})?)$"
PLACE = (ROW, "sheet", "sheet_no", "letter")


@dataclass(frozen=True)
class Origin:
    """The file that own rows were read in. loaded: when, in UTC, to the second."""

    file_name: str
    sha256: str
    loaded: datetime

    @property
    def short(self) -> str:
        """Eight digits that name the file in codes."""
        return self.sha256[:8]

    @property
    def source_id(self) -> str:
        """Code of its row in the table source."""
        return f"own_{self.short}"


def now() -> datetime:
    """The time as manifests and tables keep it: UTC, to the second, without a zone."""
    return datetime.now(UTC).replace(microsecond=0, tzinfo=None)


def stamped(read: Sequence[Entries], origin: Origin) -> dict[str, pl.DataFrame]:
    """The accepted rows of a file's sheets by table: park and indicator in the columns of the schema, source with the
    row of the file; observation and target with the place in the file (`row`, `sheet`, `sheet_no`, `letter` of the
    column in a wide table) from which data.database.own_rows.CITED makes code and locator. Tables without rows are
    left out.
    """
    found: dict[str, list[pl.DataFrame]] = {"source": [_source(origin)]}
    several = len(read) > 1
    for number, sheet in enumerate(read, start=1):
        if not sheet.accepted.is_empty():
            found.setdefault(sheet.table, []).append(_placed(sheet, origin, number if several else 0))
    return {table: pl.concat(frames) for table, frames in found.items()}


def spare(figures: pl.DataFrame) -> pl.DataFrame:
    """Figures of stamped() without what data.database.own_rows makes again when they are read: texts that say no more
    than the
    number and its decimals (of growth in the new column `growth_decimals`), and columns that are empty throughout."""
    text, growth = pl.col("value_text"), pl.col("growth_text")
    plain = figures.select(text=text.str.contains(PLAIN), growth=growth.str.contains(PLAIN))
    decimals = (growth.str.len_bytes() - 1 - growth.str.find(".", literal=True)).fill_null(0).cast(pl.Int32)
    kept = figures.with_columns(
        value_text=pl.when(~plain["text"]).then(text),
        growth_text=pl.when(~plain["growth"]).then(growth),
        growth_decimals=pl.when(plain["growth"]).then(decimals),
    )
    return kept.select(one for one in kept if one.null_count() < kept.height)


def _source(origin: Origin) -> pl.DataFrame:
    texts = dict.fromkeys(
        ("source_id", "title_zh", "title_en", "author", "publisher_zh", "publisher_en", "published", "url", "carrier",
         "note_zh", "note_en"), pl.String,
    )  # fmt: skip
    row = (
        origin.source_id, origin.file_name, origin.file_name, None, *PUBLISHER, origin.loaded.date().isoformat(), None,
        "own", f"SHA-256 {origin.sha256}", f"SHA-256 {origin.sha256}",
    )  # fmt: skip
    return pl.DataFrame([row], schema=texts, orient="row")


def _placed(read: Entries, origin: Origin, number: int) -> pl.DataFrame:
    """The accepted rows of one sheet in the columns of their table. number: of the sheet among several, else 0."""
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
    rows = _located(rows, read, origin, number)
    if read.table == "target":
        none = pl.lit(None, dtype=pl.String)
        return rows.select(
            "park_id", "indicator_id", none.alias("base_indicator_id"), none.alias("base_scope"), "year", "measure",
            "comparator", "strength", "value", "value_text", none.alias("growth_basis"), "decimals", "unit_id",
            "source_id", "note_zh", "note_en", *PLACE,
        )  # fmt: skip
    return rows.select(
        "park_id", "indicator_id", "period", "period_start", "period_end", "value", "value_text", "decimals", "unit_id",
        "bound", "growth_pct", "growth_text", "growth_basis", "source_id", "note_zh", "note_en", *PLACE,
    )  # fmt: skip


def _located(rows: pl.DataFrame, read: Entries, origin: Origin, number: int) -> pl.DataFrame:
    """Rows with their source and the place in the file."""
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
    days = [(period, *ends(period)) for period in rows["period"].unique().to_list()]
    schema = {"period": pl.String, "period_start": pl.Date, "period_end": pl.Date}
    return rows.join(pl.DataFrame(days, schema=schema, orient="row"), on="period", how="left", maintain_order="left")
