"""Definition of a table in a file: its columns, their heads in both languages, kinds, lists and keys."""

from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class ColumnDefinition:
    """The definition of one column of a sheet.

    kind: text, date, month, integer, number, percent, choice, codes (several, separated by semicolons), or free for
    a cell in which a spreadsheet may decide what it is. words: of a list, code to the word in the cell, in Chinese
    and English. refers: sheet or list of the code it holds. aliases: other heads it goes by.
    example: a cell, in both languages.
    """

    name: str
    kind: str
    head: dict[str, str]
    note: dict[str, str]
    needed: bool = False
    words: dict[str, tuple[str, str]] = field(default_factory=dict)
    refers: str | None = None
    aliases: tuple[str, ...] = ()
    example: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> pl.DataType:
        """Polars type of its values."""
        kinds: dict[str, pl.DataType] = {
            "date": pl.Date(), "integer": pl.Int64(), "number": pl.Float64(), "percent": pl.Float64(),
            "codes": pl.List(pl.String()),
        }  # fmt: skip
        return kinds.get(self.kind, pl.String())


@dataclass(frozen=True)
class SheetDefinition:
    """The definition of one sheet of a workbook."""

    table: str
    name: dict[str, str]
    note: dict[str, str]
    columns: tuple[ColumnDefinition, ...]
    key: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()  # columns beside the key whose values must differ
    implied: tuple[str, ...] = ()  # columns of text, the same in all rows, that the sheet does not show

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Polars types of its rows, what is implied first."""
        return dict.fromkeys(self.implied, pl.String()) | {column.name: column.type for column in self.columns}

    def column(self, name: str) -> ColumnDefinition:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)
