"""Which column of a user's table holds what: one field a column, or, in a wide table, a period or indicator each."""

from dataclasses import dataclass, field, replace

import polars as pl

from data.layouts.fields import get_fields
from data.tables.form import ColumnDefinition
from data.tables.problems import ROW
from data.tables.sheet import Sheet


@dataclass(frozen=True)
class SpreadColumn:
    """One column of a wide table: its place, what its cells are (value or growth), and what its head says about them.

    period, indicator, unit: as written in the head; None if a column of the sheet or `fixed` gives it. span: how the
    period of the table is meant, of data.layouts.heads.SPANS; "" as it stands. of: the place of the value to which a
    growth belongs; None if it stands alone.
    """

    place: int
    field: str = "value"
    period: str | None = None
    indicator: str | None = None
    unit: str | None = None
    span: str = ""
    of: int | None = None


@dataclass(frozen=True)
class ColumnMapping:
    """How a sheet is read. table: of TABLES. columns: field to the place of its column, from 0 as in sheet.heads.

    spread: the columns of a wide table, one for each period or indicator. fixed: field to a text that holds for
    every row (park, period, unit of a whole table). untaken: why a column is not read, by its place: a key of
    data.layouts.heads.NOT_TAKEN or data.layouts.description.OTHER_REASONS.
    """

    table: str
    columns: dict[str, int] = field(default_factory=dict)
    spread: tuple[SpreadColumn, ...] = ()
    fixed: dict[str, str] = field(default_factory=dict)
    untaken: dict[int, str] = field(default_factory=dict)

    def changed(self, **changes: object) -> "ColumnMapping":
        """Return a copy with other parts."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def lacking(self) -> tuple[ColumnDefinition, ...]:
        """Return the required fields that neither a column, a head nor `fixed` gives: nothing can be read without."""
        given = set(self.columns) | set(self.fixed)
        for part in self.spread:
            given |= {"value", *(["period"] if part.period else []), *(["indicator"] if part.indicator else [])}
        if "year" in given and self.table == "observation":
            given.add("period")
        if "period" in given and self.table == "target":
            given.add("year")
        lacks = [one for one in get_fields(self.table) if one.needed and one.name not in given]
        if self.table == "observation" and not given & {"value", "growth"}:
            lacks.append(next(one for one in get_fields("observation") if one.name == "value"))
        return tuple(lacks)


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
    return next((one.head[lang] for one in get_fields(mapping.table) if one.name == name), name)
