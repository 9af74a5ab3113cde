"""Tables that stand side by side in one sheet, and units in a row of their own: made into plain tables."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from data.layouts import titles
from data.layouts.guessing import list_field_names, measures, names_field
from data.layouts.sections import apply_sections
from data.tables.problems import ROW, Flaw
from data.tables.sheet import NUMERIC, YEAR, Sheet, count_columns
from data.values.period_search import find_periods
from data.values.vocabulary import Vocabulary, normalize_name

NAMING = ("indicator", "park", "period", "year")  # fields whose heads begin a table
HAN = re.compile("[\u4e00-\u9fff]")
ENGLISH_HEAD = re.compile(r"[A-Za-z(][A-Za-z0-9 .,()%/'&-]*[A-Za-z.)%]")


def arrange_tables(sheets: list[Sheet], known: Vocabulary) -> list[Sheet]:
    """Return the tables of some sheets: one a sheet, or several where they stand side by side or below each other."""
    tables = list[Sheet]()
    for sheet in sheets:
        free = count_columns(sheet.letters[-1])
        for part in split_stacked(sheet, known):
            for table in split_side_by_side(join_unit_row(join_english_row(part), known), known):
                tables.append(apply_sections(table, known, free))
                free += len(tables[-1].sectioned)
    return tables


def split_stacked(sheet: Sheet, known: Vocabulary) -> list[Sheet]:
    """Return the tables that stand below each other in a sheet: a new one begins with other heads.

    Lines right above those heads are its titles; of the titles of the sheet it keeps those that say nothing else.
    """
    named = [at for at, head in enumerate(sheet.heads) if any(names_field(head, field) for field in NAMING)]
    if not named:
        return [sheet]
    words = [word for field in NAMING for word in list_field_names(field)] + [sheet.heads[at] for at in named]
    found = sheet.rows.with_row_index("at").filter(pl.any_horizontal(pl.col(f"c{at}").is_in(words) for at in named))
    begins = []
    for at, _row, *cells in found.rows():
        filled = [cell for cell in cells if cell is not None]
        heads = [cell or "" for cell in cells]
        if len(filled) > 1 and heads != [*sheet.heads] and not any(
            NUMERIC.search(cell) and not YEAR.fullmatch(cell) for cell in filled
        ):  # fmt: skip
            begins.append((int(at), tuple(heads)))
    if not begins:
        return [sheet]
    tables, end = list[Sheet](), sheet.rows.height
    for at, heads in reversed(begins):
        first = at
        while first and _count_filled(sheet, first - 1) == 1:
            first -= 1
        rows = sheet.rows[at + 1 : end]
        lines = [(int(row), place, str(cell)) for row, *cells in sheet.rows[first:at].rows()
                 for place, cell in enumerate(cells) if cell is not None]  # fmt: skip
        titles_above = _keep_titles(sheet.above, [text for _row, _place, text in lines], known)
        tables.insert(0, replace(
            sheet, heads=heads, rows=rows, head_row=int(sheet.rows[ROW][at]), remarks=(),
            above=(*(text for _row, _place, text in lines), *titles_above),
            above_at=(*((row, place) for row, place, _text in lines), *sheet.above_at),
        ))  # fmt: skip
        end = first
    return [replace(sheet, rows=sheet.rows[:end]), *tables] if end else tables


def _count_filled(sheet: Sheet, at: int) -> int:
    return sum(cell is not None for cell in sheet.rows.row(at)[1:])


def _keep_titles(above: Sequence[str], lines: Sequence[str], known: Vocabulary) -> list[str]:
    """Return the titles of a sheet without what the lines above a lower table say anew: place, period, unit."""
    place = titles.find_title_place(lines, known)
    dated, measured = any(map(find_periods, lines)), any(map(titles.UNIT_IN_TITLE.search, lines))
    kept = []
    for text in above:
        rest = titles.UNIT_IN_TITLE.sub(" ", text) if measured else text
        gone = [*(find_periods(rest) if dated else ()), titles.find_title_place([rest], known) if place else None]
        for word in gone:
            rest = rest.replace(word or " ", " ")
        kept.append(rest)
    return kept


def join_english_row(sheet: Sheet) -> Sheet:
    """Return a sheet whose row of English heads below the Chinese ones has become part of them: 指标 over Indicator."""
    first = dict(zip(sheet.rows.columns, sheet.rows.row(0), strict=True))
    below = [str(first[f"c{at}"] or "") for at in range(len(sheet.heads))]
    pairs = [(head, cell) for head, cell in zip(sheet.heads, below, strict=True) if cell]
    if sheet.rows.height < 2 or len(pairs) < 2 or not all(
        ENGLISH_HEAD.fullmatch(cell) and HAN.search(head) for head, cell in pairs
    ):  # fmt: skip
        return sheet
    heads = tuple(f"{head} {cell}".strip() for head, cell in zip(sheet.heads, below, strict=True))
    return replace(sheet, heads=heads, rows=sheet.rows.slice(1), head_row=sheet.head_row + 1)


def join_unit_row(sheet: Sheet, known: Vocabulary) -> Sheet:
    """Return a sheet whose row of units below the heads has become part of them: 进出口总额 over 亿美元."""
    first = dict(zip(sheet.rows.columns, sheet.rows.row(0), strict=True))
    cells = {name: str(cell) for name, cell in first.items() if name != ROW and cell is not None}
    units = {name: cell.strip("()（）[]") for name, cell in cells.items()}
    if sheet.rows.height < 2 or not cells or not all(_is_unit(unit, known) for unit in units.values()):
        return sheet
    if not any(known.find_units(unit) and sheet.heads[int(name[1:])] for name, unit in units.items()):
        return sheet
    heads = [
        f"{head}（{units[f'c{at}']}）" if f"c{at}" in units and head else head for at, head in enumerate(sheet.heads)
    ]
    return replace(sheet, heads=tuple(heads), rows=sheet.rows.slice(1), head_row=sheet.head_row + 1)


def _is_unit(text: str, known: Vocabulary) -> bool:
    return normalize_name(text) in ("%", "％", "-", "—", "/") or bool(known.find_units(text))


def split_side_by_side(sheet: Sheet, known: Vocabulary) -> list[Sheet]:
    """Return the tables that stand side by side in a sheet, told by a second column that names the indicators, the
    places or the periods of figures beside it; columns before the first of them belong to each table.
    """
    for field in ("indicator", "park", "period", "year"):
        starts = [at for at, head in enumerate(sheet.heads) if head and names_field(head, field)]
        ends = [*starts[1:], len(sheet.heads)]
        if len(starts) > 1 and all(
            any(measures(head, known) for head in sheet.heads[start + 1 : end])
            for start, end in zip(starts, ends, strict=True)
        ):
            parts = list(zip(starts, ends, strict=True))
            return [_take_columns(sheet, parts, number) for number in range(len(parts))]
    return [sheet]


def _take_columns(sheet: Sheet, parts: list[tuple[int, int]], number: int) -> Sheet:
    """Return one of the tables side by side. parts: where the columns of each begin and end."""
    start, end = parts[number]
    places = [*range(parts[0][0]), *range(start, end)]
    cells = [pl.col(f"c{place}").alias(f"c{at}") for at, place in enumerate(places)]
    rows = sheet.rows.select(ROW, *cells)
    rows = rows.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))
    letters = tuple(sheet.letters[place] for place in places)
    zh = f"并排的第 {number + 1} 个表，{letters[0]} 至 {letters[-1]} 列，单独读取"
    en = f"table {number + 1} of those side by side, columns {letters[0]} to {letters[-1]}, read by itself"
    remark = Flaw(sheet.name, sheet.head_row, "", "", zh, en, notice=True)
    heads = tuple(sheet.heads[place] for place in places)
    above, above_at = _find_own_titles(sheet, parts, number)
    remarks = (*sheet.remarks, remark) if number == 0 else (remark,)
    return replace(sheet, heads=heads, letters=letters, rows=rows, remarks=remarks, above=above, above_at=above_at)


def _find_own_titles(
    sheet: Sheet, parts: list[tuple[int, int]], number: int
) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """Return the titles that hold for one of the tables side by side, and where they stand.

    A title holds for the table above which it stands, and for all if it is the only one of its row and stands above
    the first.
    """
    starts = [start for start, _end in parts]
    over = [max(0, bisect_right(starts, place) - 1) for _row, place in sheet.above_at]
    rows = {row for row, _place in sheet.above_at}
    shared = {
        one for one in rows
        if all(part == 0 for part, (row, _place) in zip(over, sheet.above_at, strict=True) if row == one)
    }  # fmt: skip
    kept = [at for at, (row, _place) in enumerate(sheet.above_at) if row in shared or over[at] == number]
    return tuple(sheet.above[at] for at in kept), tuple(sheet.above_at[at] for at in kept)
