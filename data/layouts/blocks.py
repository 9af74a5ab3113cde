"""Tables that stand side by side in one sheet, and units in a row of their own: made into plain tables."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import polars as pl

from data.layouts import title_places, titles
from data.layouts.guessing import GIVE_PERIODS, list_field_names, measures, names_field
from data.layouts.heads import ROLE_WORDS
from data.layouts.section_lines import OF_PLACES
from data.layouts.sections import apply_sections
from data.tables.problems import ROW, Flaw
from data.tables.sheet import NUMERIC, TITLE, YEAR, BarredRows, Sheet, count_columns, is_second_head_row, join_heads
from data.values.period_search import find_periods
from data.values.vocabulary import Vocabulary, normalize_name

MOST_TITLES = 3  # cells of a row of titles
NAMING = ("indicator", "park", "period", "year")  # fields whose heads begin a table
HAN = re.compile("[\u4e00-\u9fff]")
REPEATED = re.compile(r"(.*\D)\.\d{1,2}(?=\s|$)")  # as pandas marks a head that it met before
ENGLISH_HEAD = re.compile(r"[A-Za-z(][A-Za-z0-9 .,()%/'&-]*[A-Za-z.)%]")


def arrange_tables(sheets: list[Sheet], known: Vocabulary) -> list[Sheet]:
    """Return the tables of some sheets: one a sheet, or several where they stand side by side or below each other."""
    tables = list[Sheet]()
    for sheet in sheets:
        free = count_columns(sheet.letters[-1])
        for part in split_stacked(bar_hidden_fields(strip_column_numbers(strip_repeat_marks(sheet))), known):
            for table in split_side_by_side(join_unit_row(join_second_heads(part), known), known):
                tables.append(apply_sections(table, known, free))
                free += len(tables[-1].sectioned)
    return tables


def strip_repeat_marks(sheet: Sheet) -> Sheet:
    """Return a sheet without the marks that a program puts behind heads which it met before: 2013年.1 is 2013年."""
    heads = list(sheet.heads)
    for at, head in enumerate(heads):
        marked = REPEATED.match(head)
        if marked and any(other == marked[1] or other.startswith(f"{marked[1]} ") for other in sheet.heads):
            heads[at] = marked[1] + head[marked.end() :]
    return replace(sheet, heads=tuple(heads))


def strip_column_numbers(sheet: Sheet) -> Sheet:
    """Return a sheet without the line below the heads that numbers the columns of a form: 甲, 乙, 1, 2."""
    cells = [cell for cell in sheet.rows.row(0)[1:] if cell is not None] if sheet.rows.height > 1 else []
    signs, numbers = [cell for cell in cells if cell in "甲乙丙丁戊"], [cell for cell in cells if cell.isdecimal()]
    if not signs or len(signs) + len(numbers) < len(cells) or numbers != [str(at + 1) for at in range(len(numbers))]:
        return sheet
    return replace(sheet, rows=sheet.rows.slice(1))


def bar_hidden_fields(sheet: Sheet) -> Sheet:
    """Return a sheet with all its rows barred if a hidden column says their period, or what no other column says."""
    fields = {
        place: field
        for place in sorted(sheet.hidden_places)
        for field in (*NAMING, "month", "unit")
        if names_field(sheet.heads[place], field) and sheet.rows[f"c{place}"].null_count() < sheet.rows.height
    }
    shown = [head for place, head in enumerate(sheet.heads) if place not in sheet.hidden_places]
    for place, field in fields.items():
        if field in GIVE_PERIODS or not any(names_field(head, field) for head in shown):
            zh = f"说明每行含义的 {sheet.letters[place]} 列是隐藏的。请取消隐藏再载入"
            en = f"column {sheet.letters[place]}, which says what each row is, is hidden; show it first"
            ends = int(sheet.rows[ROW][0]), int(sheet.rows[ROW][-1]) + 1
            return replace(sheet, barred=(*sheet.barred, BarredRows(*ends, sheet.heads[place], zh, en)))
    return sheet


def split_stacked(sheet: Sheet, known: Vocabulary) -> list[Sheet]:
    """Return the tables that stand below each other in a sheet: a new one begins with other heads.

    Lines right above those heads are its titles; of the titles of the sheet it keeps those that say nothing else.
    """
    named = [at for at, head in enumerate(sheet.heads) if any(names_field(head, field) for field in NAMING)]
    if not named:
        return [sheet]
    words = [word for field in NAMING for word in list_field_names(field)] + [sheet.heads[at] for at in named]
    found = sheet.rows.with_row_index("at").filter(pl.any_horizontal(pl.col(f"c{at}").is_in(words) for at in named))
    begins, second = list[tuple[int, tuple[str, ...]]](), 0
    for at, _row, *cells in found.rows():
        filled = [cell for cell in cells if cell is not None]
        written = tuple(cell or "" for cell in cells)
        if len(filled) > 1 and written != sheet.heads and not any(
            NUMERIC.search(cell) and not YEAR.fullmatch(cell) for cell in filled
        ):  # fmt: skip
            if int(at) != second:  # else a second line of the heads above it
                begins.append((int(at), written))
            second = int(at) + 1
    if not begins:
        return [sheet]
    tables, end = list[Sheet](), sheet.rows.height
    for at, heads in reversed(begins):
        first = at
        while first and _is_title_line(sheet, first - 1, named, known):
            first -= 1
        start = at + 1
        below = sheet.rows.row(start)[1:] if start < end else ()
        own = [head or None for head in heads]
        if is_second_head_row(own, below):
            own, start = join_heads(own, below), start + 1
        rows = sheet.rows[start:end]
        lines = [
            (int(row), count_columns(letters) - 1, str(cell))
            for row, *cells in sheet.rows[first:at].rows()
            for letters, cell in zip(sheet.letters, cells, strict=True)
            if cell is not None and not titles.PAPERWORK.match(cell) and not titles.NOTE.match(cell)
        ]
        kept = _keep_titles(sheet, [text for _row, _place, text in lines], known)
        tables.insert(0, replace(
            sheet, heads=tuple(head or "" for head in own), rows=rows, remarks=(),
            head_row=int(sheet.rows[ROW][start - 1]),
            above=(*(text for _row, _place, text in lines), *kept),
            above_at=(*((row, place) for row, place, _text in lines), *((0, 0) for _ in kept)),
        ))  # fmt: skip
        end = first
    return [replace(sheet, rows=sheet.rows[:end]), *tables] if end else tables


def _is_title_line(sheet: Sheet, at: int, named: Sequence[int], known: Vocabulary) -> bool:
    """Return whether a row above the heads of a lower table is one of its titles: texts, and no row of the table."""
    cells = sheet.rows.row(at)[1:]
    filled = [str(cell) for cell in cells if cell is not None]
    key = next((str(cells[place]) for place in named if cells[place] is not None), "")
    if not 0 < len(filled) <= MOST_TITLES or any(NUMERIC.search(cell) for cell in filled):
        return False
    ranked = re.fullmatch(ROLE_WORDS["rank"], key)  # the name of an indicator too
    return bool(ranked or not known.find_indicators(key)) and (len(filled) == 1 or any(map(TITLE.match, filled)))


def _keep_titles(sheet: Sheet, lines: Sequence[str], known: Vocabulary) -> list[str]:
    """Return what the titles of a sheet say of a lower table that the lines above it do not: place, period, unit.

    All of them, if there are no such lines.
    """
    if not lines:
        return list(sheet.above)
    kept = []
    if not any(any(title_places.find_place_in(text, known)) or OF_PLACES.search(text) for text in lines):
        kept.append(title_places.find_title_place(sheet.above, known))
    if not any(map(find_periods, lines)):
        kept.append(titles.find_title_period(sheet.above))
    elif not titles.find_title_year(lines) and (year := titles.find_title_year(sheet.above)):
        kept.append(f"{year}年")
    if not any(titles.UNIT_IN_TITLE.search(text) or titles.find_unit_at_end(text, known) for text in lines) and (
        unit := titles.find_title_unit(sheet.above, known)
    ):
        kept.append(f"单位：{unit}")
    return [text for text in kept if text]


def join_second_heads(sheet: Sheet) -> Sheet:
    """Return a sheet whose second line of heads has become part of them: 指标 over Indicator, 计划数 over 数值."""
    first = dict(zip(sheet.rows.columns, sheet.rows.row(0), strict=True))
    below = [str(first[f"c{at}"] or "") for at in range(len(sheet.heads))]
    pairs = [(head, cell) for head, cell in zip(sheet.heads, below, strict=True) if cell]
    english = all(ENGLISH_HEAD.fullmatch(cell) and HAN.search(head) for head, cell in pairs)
    named = any(names_field(head, field) and names_field(cell, field) and head != cell
                for field in NAMING for head, cell in pairs)  # fmt: skip
    words = not any(NUMERIC.search(cell) and not YEAR.fullmatch(cell) for cell in below)
    if sheet.rows.height < 2 or len(pairs) < 2 or not (english or (named and words)):
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
    places, the periods or the units of figures beside it; columns before the first of them belong to each table.
    """
    found = list[list[tuple[int, int]]]()
    for field in (*NAMING, "unit"):
        starts = [at for at, head in enumerate(sheet.heads) if head and names_field(head, field)]
        parts = list(pairwise([*starts, len(sheet.heads)]))
        if len(parts) > 1 and all(
            any(measures(head, known) for head in sheet.heads[start + 1 : end]) for start, end in parts
        ):
            found.append(parts)
    if not found:
        return [sheet]
    parts = min(found, key=lambda parts: parts[0][0])  # 地区, 指标, 数值, 地区, 指标, 数值
    return [_take_columns(sheet, parts, number) for number in range(len(parts))]


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
    starts = [count_columns(sheet.letters[start]) - 1 for start, _end in parts]
    over = [max(0, bisect_right(starts, place) - 1) for _row, place in sheet.above_at]
    rows = {row for row, _place in sheet.above_at}
    shared = {
        one for one in rows
        if all(part == 0 for part, (row, _place) in zip(over, sheet.above_at, strict=True) if row == one)
    }  # fmt: skip
    kept = [at for at, (row, _place) in enumerate(sheet.above_at) if row in shared or over[at] == number]
    return tuple(sheet.above[at] for at in kept), tuple(sheet.above_at[at] for at in kept)
