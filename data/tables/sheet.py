"""A table of a file as text: its heads and cells, each row with its number in the spreadsheet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from data.tables.problems import ROW, Flaw, UnreadableFile
from data.values.periods import parse_period

HEAD_ROWS = 30  # rows among which the heads stand
MOST_COLUMNS = 500
TITLE = re.compile(
    r"\s*(计量)?(单位|制表|制表人|填报|填报单位|填表人|审核|时间|日期|数据来源|来源|unit|source)\s*[:：]", re.IGNORECASE
)
NUMERIC = re.compile(r"^[-+]?[\d,.]+%?$")
YEAR = re.compile(r"(19|20)\d\d")
# A line that names the table, and is no head over some of its columns.
TABLE_NAME = re.compile(r"表$|报$|情况|统计|[月快通简公]报|一览|汇总|主要|指标$|[（(]续|[局委办处科室]$|中心$|公司$")
HEAD_LENGTH = 20  # letters of a head over several columns


@dataclass(frozen=True)
class BarredRows:
    """Rows from `first` to before `end`, as the spreadsheet counts, that must not be loaded.

    value: what stands in the way. zh, en: why.
    """

    first: int
    end: int
    value: str
    zh: str
    en: str


@dataclass(frozen=True)
class Sheet:
    """One table of a file.

    name: of the sheet, "" in a CSV. heads: as in the file, one for each cell column; one without words is "".
    rows: column `row` (Int64, as the spreadsheet counts, from 1), then c0, c1, ... (String; empty cells are null),
    without empty rows and columns. above: texts above the heads, a title or a unit for the whole table; above_at: the
    row and the column of the spreadsheet, from 0, of each.
    letters: of each column as the spreadsheet names it. head_row: row of the heads in the spreadsheet.
    typed: the cells have types, from a workbook, so that dates are dates and 0.436 is not 43.6%.
    remarks: what was left out of it, or was read as shown. barred: rows of which it is open what they mean.
    sectioned: fields that lines inside the table give, each with the place of the column that holds them.
    hidden: letters of the columns that the spreadsheet hides: none is read, though the others mean what they mean
    beside them.
    """

    name: str
    heads: tuple[str, ...]
    rows: pl.DataFrame = field(repr=False)
    above: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    head_row: int = 1
    typed: bool = False
    remarks: tuple[Flaw, ...] = ()
    above_at: tuple[tuple[int, int], ...] = ()
    barred: tuple[BarredRows, ...] = ()
    sectioned: tuple[tuple[str, int], ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def hidden_places(self) -> set[int]:
        """Return the places of the hidden columns."""
        return {at for at, letters in enumerate(self.letters) if letters in self.hidden}

    def head(self, place: int) -> str:
        """Return the name of a column: its head, or its letters if it has none."""
        return self.heads[place] or self.letters[place]


def get_column_letters(place: int) -> str:
    """Return the name of a column in the spreadsheet: 0 is A, 26 is AA."""
    text, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def count_columns(letters: str) -> int:
    """Return how many columns there are up to one, by its letters: A is 1, AA is 27."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place


def build_sheet(
    grid: pl.DataFrame, name: str = "", *, typed: bool = False, top: int = 0, keep: bool = False
) -> Sheet | None:
    """Build a sheet from a grid of text cells: find the heads, set titles above aside, drop empty rows and columns.

    grid: columns in the order of the file, cells stripped, empty ones null. top: rows of the spreadsheet above it.
    keep: empty columns too, so that the start of a file has the columns of the whole.
    None if there is no row below the heads. Raises UnreadableFile if there are too many columns.
    """
    first = grid.head(HEAD_ROWS).rows()
    filled = [sum(cell is not None for cell in row) for row in first]
    most = max(filled, default=0)
    # A title or a line "单位：亿元" fills one cell or two; the heads fill at least half as many as any row does.
    place = next(
        (at for at, count in enumerate(filled) if count and count >= min(most, max(2, most / 2)) and not (
            any(TITLE.match(cell) for cell in first[at] if cell) and max(filled[at + 1 :], default=0) >= count
        )), None,
    )  # fmt: skip
    if place is None:
        return None
    place = _skip_captions(first, place)
    named, over = list(first[place]), place
    below = first[place + 1] if place + 1 < len(first) else ()
    if is_second_head_row(named, below):
        named, place = join_heads(named, below), place + 1
    while over and _is_upper_head_row(first[over - 1], named):
        named, over = join_heads(first[over - 1], named), over - 1
    body = grid.with_row_index(ROW, offset=top + 1).with_columns(pl.col(ROW).cast(pl.Int64)).slice(place + 1)
    cells = grid.columns
    if not any(count == 0 for count in body.select(pl.col(cells).null_count()).row(0)):
        body = body.filter(pl.any_horizontal(pl.col(cells).is_not_null()))
    if body.is_empty():
        return None
    used = body.select(pl.col(cells).is_not_null().any()).row(0)
    kept = [at for at, column in enumerate(cells) if keep or used[at] or named[at] is not None]
    if len(kept) > MOST_COLUMNS:
        raise UnreadableFile(
            f"表有 {len(kept)} 列，最多 {MOST_COLUMNS} 列", f"{len(kept)} columns, at most {MOST_COLUMNS} are taken"
        )
    renamed = [pl.col(cells[at]).alias(f"c{number}") for number, at in enumerate(kept)]
    titles = [(row, at, cell) for row in range(over) for at, cell in enumerate(first[row]) if cell is not None]
    heads = tuple(" ".join((named[at] or "").split()) for at in kept)
    letters = tuple(get_column_letters(at) for at in kept)
    return Sheet(
        name, heads, body.select(ROW, *renamed), tuple(cell for _row, _at, cell in titles), letters, top + place + 1,
        typed, above_at=tuple((top + row + 1, at) for row, at, _cell in titles),
    )  # fmt: skip


def is_second_head_row(heads: list[str | None], below: tuple[str | None, ...]) -> bool:
    """Return whether the row below the heads is a second row of heads.

    It is if it has only words, and some are under a head that spans several columns.
    """
    filled = [cell for cell in below if cell is not None]
    under = any(head is None and cell is not None for head, cell in zip(heads, below, strict=False))
    return under and len(filled) > 1 and not any(NUMERIC.search(cell) for cell in filled)


def _skip_captions(rows: Sequence[tuple[str | None, ...]], place: int) -> int:
    """Return the row of the heads where a row above them has captions of tables side by side, else the row itself."""
    filled = sum(cell is not None for cell in rows[place])
    for at in range(place + 1, min(place + 4, len(rows))):
        cells = [cell for cell in rows[at] if cell is not None]
        if any(NUMERIC.search(cell) for cell in cells):
            break
        if cells and not any(TITLE.match(cell) for cell in cells):
            return at if len(cells) > filled and _differ_in_first_column(rows[place], rows[at]) else place
    return place


def _differ_in_first_column(heads: Sequence[str | None], below: Sequence[str | None]) -> bool:
    """Return whether two rows both name the first column, differently: the upper one are captions of tables."""
    return heads[0] is not None and below[0] is not None and heads[0] != below[0]


def _is_upper_head_row(over: tuple[str | None, ...], heads: list[str | None]) -> bool:
    """Return whether the row above the heads has heads of several columns: 本月 and 累计 over 数值 and 增速.

    A title or a line of the unit stands in the first column, or says what it is.
    """
    filled = {at: cell for at, cell in enumerate(over) if cell is not None}
    if not filled or _differ_in_first_column(over, heads):
        return False
    if any(TITLE.match(cell) or len(cell) > HEAD_LENGTH or (NUMERIC.search(cell) and not YEAR.fullmatch(cell))
           for cell in filled.values()):  # fmt: skip
        return False
    if len(filled) > 1:
        return True
    [(at, cell)] = filled.items()
    return at > 0 and not TABLE_NAME.search(cell) and not parse_period(cell, "2000").code


def join_heads(heads: Sequence[str | None], below: Sequence[str | None]) -> list[str | None]:
    """Join two rows of heads into one: 2013年 over 数值 and 增速 becomes 2013年 数值 and 2013年 增速."""
    joined: list[str | None] = []
    over: str | None = None
    for head, cell in zip(heads, below, strict=True):
        over = head or over
        joined.append(" ".join(dict.fromkeys(part for part in (over, cell) if part)) if cell else head)
    return joined
