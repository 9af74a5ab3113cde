"""What whole columns of cells have in common: fields picked out, words looked up once each, defects collected."""

from collections.abc import Callable

import polars as pl

from data.fields import fields_of
from data.incoming import ROW, Sheet
from data.mapping import Mapping

DEFECT = {ROW: pl.Int64, "column": pl.String, "value": pl.String, "zh": pl.String, "en": pl.String}


class Defects:
    """Defects of a sheet, a frame for each rule: row, column, value, zh and en."""

    def __init__(self) -> None:
        self._found: list[pl.DataFrame] = []

    def at(self, row: int, column: str, value: str, zh: str, en: str) -> None:
        """One defect of one cell."""
        self._found.append(pl.DataFrame([(row, column, value, zh, en)], schema=DEFECT, orient="row"))

    def add(self, rows: pl.DataFrame, column: str | pl.Expr, value: str | pl.Expr, zh: object, en: object) -> None:
        """A defect for each row of a frame; column, value, zh and en: texts, or expressions over the frame."""
        if rows.is_empty():
            return
        parts = {"column": column, "value": value, "zh": zh, "en": en}
        told = {name: part if isinstance(part, pl.Expr) else pl.lit(part) for name, part in parts.items()}
        told["value"] = told["value"].fill_null("")
        found = rows.select(ROW, **told)
        self._found.append(found.select(pl.col(name).cast(kind) for name, kind in DEFECT.items()))

    def all(self) -> pl.DataFrame:
        """All of them, by row; each once."""
        found = pl.concat(self._found) if self._found else pl.DataFrame(schema=DEFECT)
        return found.unique(maintain_order=True).sort(ROW, maintain_order=True)

    def by_row(self) -> pl.DataFrame:
        """The rows that have any: row, reasons_zh, reasons_en."""
        said = pl.when(pl.col("column") == "").then(pl.lit("")).otherwise("column")
        shown = self.all().with_columns(
            zh=pl.concat_str(said, pl.when(said == "").then(pl.lit("")).otherwise(pl.lit("：")), "zh"),
            en=pl.concat_str(said, pl.when(said == "").then(pl.lit("")).otherwise(pl.lit(": ")), "en"),
        )
        return shown.group_by(ROW, maintain_order=True).agg(
            reasons_zh=pl.col("zh").str.join("；"), reasons_en=pl.col("en").str.join("; ")
        )


def picked(sheet: Sheet, mapping: Mapping) -> pl.DataFrame:
    """The fields of each row as text, one column a field: from its column, from `fixed`, else null."""
    parts = []
    for one in fields_of(mapping.table):
        if one.name in mapping.columns:
            part = pl.col(f"c{mapping.columns[one.name]}")
            if one.name in mapping.fixed:  # a column that is filled here and there, and a value for the rest
                part = pl.coalesce(part, pl.lit(mapping.fixed[one.name]))
        else:
            part = pl.lit(mapping.fixed.get(one.name), dtype=pl.String)
        parts.append(part.alias(one.name))
    return sheet.rows.select(ROW, *parts)


def head_of(sheet: Sheet, mapping: Mapping, name: str, lang: str = "zh") -> str:
    """The head of the column that holds a field; the field's own name where no column does."""
    if name in mapping.columns:
        return sheet.head(mapping.columns[name])
    return next((one.head(lang) for one in fields_of(mapping.table) if one.name == name), name)


def looked_up(
    rows: pl.DataFrame, columns: list[str], answer: Callable[..., tuple[str | None, ...]], names: list[str]
) -> pl.DataFrame:
    """Rows with more columns (text): what `answer` says to the texts of `columns`, asked once for each combination."""
    asked = rows.select(columns).unique()
    answers = [answer(*row) for row in asked.rows()]
    schema = dict.fromkeys(names, pl.String)
    found = pl.concat([asked, pl.DataFrame(answers, schema=schema, orient="row")], how="horizontal")
    return rows.join(found, on=columns, how="left", nulls_equal=True, maintain_order="left")
