"""Where own rows come from: their source, the place in the file, their codes; entries in the schema's columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from data.entries import Entries
from data.incoming import ROW, letter
from data.periods import ends

PUBLISHER = ("自有数据", "Own data")


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
    """The accepted rows of a file's sheets by table, in the columns of the schema: park, indicator, observation,
    target, with their codes (own-<file>-<row>), evidence own, and source and locator naming file and row; and the
    row of the file in source. Tables without rows are left out."""
    found: dict[str, list[pl.DataFrame]] = {"source": [_source(origin)]}
    several = len(read) > 1
    for number, sheet in enumerate(read, start=1):
        if not sheet.accepted.is_empty():
            rows = _placed(sheet, origin, number if several else 0)
            found.setdefault(sheet.table, []).append(rows)
    return {table: pl.concat(frames) for table, frames in found.items()}


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
            pl.lit(None, dtype=pl.String).alias("part_of"), "definition_zh", "definition_en", "comparable_key", "position",
        )  # fmt: skip
    rows = _cited(rows, read, origin, number)
    if read.table == "target":
        none = pl.lit(None, dtype=pl.String)
        return rows.select(
            pl.col("code").alias("target_id"), "park_id", "indicator_id", none.alias("base_indicator_id"),
            none.alias("base_scope"), "year", "measure", "comparator", "strength", "value", "value_text", "decimals",
            "unit_id", "evidence", "confidence", "source_id", "locator_zh", "locator_en", "note_zh", "note_en",
        )  # fmt: skip
    return rows.select(
        pl.col("code").alias("observation_id"), "park_id", "indicator_id", "period", "period_start", "period_end",
        "value", "value_text", "decimals", "unit_id", "bound", "growth_pct", "growth_text", "evidence", "confidence",
        "source_id", "locator_zh", "locator_en", "note_zh", "note_en",
    )  # fmt: skip


def _cited(rows: pl.DataFrame, read: Entries, origin: Origin, number: int) -> pl.DataFrame:
    """Rows with code, source and the place in the file; of a wide table the column too."""
    wide = rows["place"].n_unique() > 1
    row = pl.col(ROW).cast(pl.String)
    code = [pl.lit(f"own-{origin.short}-" + (f"{number}-" if number else "")), row]
    zh, en = [pl.lit("第 "), row, pl.lit(" 行")], [pl.lit("row "), row]
    if wide:
        letters = dict(enumerate(read.sheet.letters))
        column = pl.col("place").replace_strict(letters, default=letter(0), return_dtype=pl.String)
        code += [pl.lit("-"), column]
        zh += [pl.lit("，"), column, pl.lit(" 列")]
        en += [pl.lit(", column "), column]
    if read.sheet.name:
        zh = [pl.lit(f"“{read.sheet.name}”表"), *zh]
        en = [pl.lit(f"sheet {read.sheet.name}, "), *en]
    rows = rows.with_columns(
        code=pl.concat_str(code), evidence=pl.lit("own"), confidence=pl.lit("own"), source_id=pl.lit(origin.source_id),
        locator_zh=pl.concat_str(zh), locator_en=pl.concat_str(en),
    )  # fmt: skip
    if "period" not in rows.columns:
        return rows
    periods = rows["period"].unique().to_list()
    days = [(period, *ends(period)) for period in periods]
    schema = {"period": pl.String, "period_start": pl.Date, "period_end": pl.Date}
    return rows.join(pl.DataFrame(days, schema=schema, orient="row"), on="period", how="left", maintain_order="left")
