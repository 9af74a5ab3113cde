"""A table of a file as text: its heads and cells, each row with the number that the spreadsheet gives it."""

import re
from dataclasses import dataclass, field

import polars as pl

from data.tables.problems import Flaw

LOOKED_AT = 30  # rows among which the heads stand
MOST_COLUMNS = 500
ROW = "row"
NUMERIC = re.compile(r"^[-+]?[\d,.]+%?$")


class Unreadable(ValueError):
    """A file that cannot be read at all: `flaw` says what it is and how to mend it, in both languages."""

    def __init__(self, zh: str, en: str, row: int = 0, sheet: str = "") -> None:
        self.flaw = Flaw(sheet, row, "", "", zh, en)
        super().__init__(self.flaw.said("en"))

    def at(self, row: int) -> "Unreadable":
        """The same, of one row."""
        return Unreadable(self.flaw.zh, self.flaw.en, row, self.flaw.sheet)


@dataclass(frozen=True)
class Sheet:
    """One table of a file.

    name: of the sheet, "" in a CSV. heads: as in the file, one for each cell column; one without words is "".
    rows: column `row` (Int64, as the spreadsheet counts, from 1), then c0, c1, ... (String; empty cells are null),
    without empty rows and columns. above: texts over the heads, a title or a unit for the whole table.
    letters: of each column as the spreadsheet names it. head_row: where the heads stand.
    typed: the cells came typed from a workbook, so that a date is one and 0.436 is not 43.6%.
    """

    name: str
    heads: tuple[str, ...]
    rows: pl.DataFrame = field(repr=False)
    above: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    head_row: int = 1
    typed: bool = False

    def head(self, place: int) -> str:
        """What a column is called: its head, or its letter where it has none."""
        return self.heads[place] or self.letters[place]


def letter(place: int) -> str:
    """A column as the spreadsheet names it: 0 is A, 26 is AA."""
    text, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def tabled(grid: pl.DataFrame, name: str = "", *, typed: bool = False, top: int = 0) -> Sheet | None:
    """A grid of text cells as a sheet: heads found, titles above them kept aside, empty rows and columns left out.

    grid: columns in the order of the file, cells stripped, empty ones null. top: rows of the spreadsheet before it.
    None where there is no row below the heads.
    """
    first = grid.head(LOOKED_AT).rows()
    filled = [sum(cell is not None for cell in row) for row in first]
    most = max(filled, default=0)
    # A title or a line "单位：亿元" fills one cell or two; the heads fill at least half as many as any row does.
    place = next((at for at, count in enumerate(filled) if count and count >= min(most, max(2, most / 2))), None)
    if place is None:
        return None
    named = list(first[place])
    below = first[place + 1] if place + 1 < len(first) else ()
    if _second_heads(named, below):
        named, place = _joined_heads(named, below), place + 1
    body = grid.with_row_index(ROW, offset=top + 1).with_columns(pl.col(ROW).cast(pl.Int64)).slice(place + 1)
    cells = grid.columns
    if not any(count == 0 for count in body.select(pl.col(cells).null_count()).row(0)):
        body = body.filter(pl.any_horizontal(pl.col(cells).is_not_null()))
    if body.is_empty():
        return None
    used = body.select(pl.col(cells).is_not_null().any()).row(0)
    kept = [at for at, column in enumerate(cells) if used[at] or named[at] is not None]
    if len(kept) > MOST_COLUMNS:
        raise Unreadable(
            f"表有 {len(kept)} 列，最多 {MOST_COLUMNS} 列", f"{len(kept)} columns, at most {MOST_COLUMNS} are taken"
        )
    renamed = [pl.col(cells[at]).alias(f"c{number}") for number, at in enumerate(kept)]
    over = place - 1 if named != list(first[place]) else place
    above = tuple(cell for row in first[:over] for cell in row if cell is not None)
    heads = tuple(" ".join((named[at] or "").split()) for at in kept)
    letters = tuple(letter(at) for at in kept)
    return Sheet(name, heads, body.select(ROW, *renamed), above, letters, top + place + 1, typed)


def _second_heads(heads: list[str | None], below: tuple[str | None, ...]) -> bool:
    """Whether the row below the heads is a second row of heads: words alone, also under a head that reaches over."""
    filled = [cell for cell in below if cell is not None]
    under = any(head is None and cell is not None for head, cell in zip(heads, below, strict=False))
    return under and len(filled) > 1 and not any(NUMERIC.search(cell) for cell in filled)


def _joined_heads(heads: list[str | None], below: tuple[str | None, ...]) -> list[str | None]:
    """Two rows of heads as one: 2013年 over 数值 and 增速 becomes 2013年 数值 and 2013年 增速."""
    joined: list[str | None] = []
    over: str | None = None
    for head, cell in zip(heads, below, strict=True):
        over = head or over
        joined.append(" ".join(dict.fromkeys(part for part in (over, cell) if part)) if cell else head)
    return joined
