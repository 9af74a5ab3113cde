"""Pick the fields of whole columns and collect their defects."""

import polars as pl

from data.intake.columns import ColumnMapping
from data.intake.fields import get_fields
from data.tables.sheet import ROW, Sheet
from data.values.per_distinct_value import encode_combinations, map_distinct_texts

DEFECT_SCHEMA = {ROW: pl.Int64, "column": pl.String, "value": pl.String, "zh": pl.String, "en": pl.String}
REASON = "reason"


class Defects:
    """The defects of a sheet, a frame for each rule: row, column, value, zh and en."""

    def __init__(self) -> None:
        self._found: list[pl.DataFrame] = []

    def add_one(self, row: int, column: str, value: str, zh: str, en: str) -> None:
        """Add one defect of one cell."""
        self._found.append(pl.DataFrame([(row, column, value, zh, en)], schema=DEFECT_SCHEMA, orient="row"))

    def add(self, rows: pl.DataFrame, column: str | pl.Expr, value: str | pl.Expr, zh: object, en: object) -> None:
        """Add a defect for each row of a frame; column, value, zh and en: texts, or expressions over the frame."""
        if rows.is_empty():
            return
        parts = {"column": column, "value": value, "zh": zh, "en": en}
        told = {name: part if isinstance(part, pl.Expr) else pl.lit(part) for name, part in parts.items()}
        told["value"] = told["value"].fill_null("")
        found = rows.select(ROW, **told)
        self._found.append(found.select(pl.col(name).cast(kind) for name, kind in DEFECT_SCHEMA.items()))

    def rows(self) -> pl.Series:
        """Return the numbers of the rows with a defect, each once."""
        return (
            pl.concat([found[ROW] for found in self._found]).unique() if self._found else pl.Series(ROW, [], pl.Int64)
        )

    def all(self) -> pl.DataFrame:
        """Return all defects by row, each once."""
        return self._numbered().drop(REASON)

    def _numbered(self) -> pl.DataFrame:
        """Return all defects with the number of their reason; numbers are quicker to compare than long texts."""
        found = pl.concat(self._found) if self._found else pl.DataFrame(schema=DEFECT_SCHEMA)
        found = found.with_columns(encode_combinations(found, ["column", "zh", "en"]).alias(REASON))
        return found.unique([ROW, "value", REASON], keep="first", maintain_order=True).sort(ROW, maintain_order=True)

    def by_row(self) -> pl.DataFrame:
        """Return the rows with a defect: row, reasons_zh, reasons_en."""
        found = self._numbered()
        each = found.unique(REASON, maintain_order=True)
        said = {
            number: (f"{column}：{zh}", f"{column}: {en}") if column else (zh, en)
            for number, column, zh, en in each.select(pl.col(REASON).cast(pl.String), "column", "zh", "en").rows()
        }

        def told(several: pl.Series) -> pl.DataFrame:
            words = [[said[number] for number in numbers.split()] for numbers in several]
            return pl.DataFrame(
                {"reasons_zh": ["；".join(zh for zh, _en in one) for one in words],
                 "reasons_en": ["; ".join(en for _zh, en in one) for one in words]},
                schema={"reasons_zh": pl.String, "reasons_en": pl.String},
            )  # fmt: skip

        rows = found.group_by(ROW, maintain_order=True).agg(pl.col(REASON).cast(pl.String).str.join(" "))
        return rows.select(ROW).hstack(map_distinct_texts(rows[REASON], told))


def select_fields(sheet: Sheet, mapping: ColumnMapping) -> pl.DataFrame:
    """Return the fields of each row as text, one column per field: from its column, from `fixed`, else null."""
    parts = []
    for one in get_fields(mapping.table):
        if one.name in mapping.columns:
            part = pl.col(f"c{mapping.columns[one.name]}")
            if one.name in mapping.fixed:  # a column that is filled here and there, and a value for the rest
                part = pl.coalesce(part, pl.lit(mapping.fixed[one.name]))
        else:
            part = pl.lit(mapping.fixed.get(one.name), dtype=pl.String)
        parts.append(part.alias(one.name))
    return sheet.rows.select(ROW, *parts)


def get_field_head(sheet: Sheet, mapping: ColumnMapping, name: str, lang: str = "zh") -> str:
    """Return the head of the column that holds a field; the field's own name if no column does."""
    if name in mapping.columns:
        return sheet.head(mapping.columns[name])
    return next((one.head(lang) for one in get_fields(mapping.table) if one.name == name), name)
