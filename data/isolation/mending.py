"""Put cells mended by hand into the sheets of a file, and write a sheet with them, each row under its own number."""

import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from data.isolation.file_reader import MendedCells
from data.layouts.columns import ColumnMapping
from data.layouts.fields import get_fields
from data.tables.problems import ROW
from data.tables.sheet import Sheet, count_columns, get_column_letters
from data.values.safe_cells import escape_formulas

PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
MOST_DIGITS = 15  # that a number in a workbook holds


def mend_sheets(sheets: Sequence[Sheet], mended: MendedCells) -> list[Sheet]:
    """Return sheets with the mended cells in place of their own; a row that is left without any cell is gone."""
    return [_mend_sheet(sheet, mended.get(place, {})) for place, sheet in enumerate(sheets)]


def _mend_sheet(sheet: Sheet, mended: dict[int, dict[int, str | None]]) -> Sheet:
    if not mended:
        return sheet
    columns = sorted({place for cells in mended.values() for place in cells if place < len(sheet.heads)})
    rows = sheet.rows
    for place in columns:
        said = {row: (cells[place] or "").strip() or None for row, cells in mended.items() if place in cells}
        name = f"c{place}"
        given = pl.DataFrame(
            {ROW: list(said), "said": list(said.values())}, schema={ROW: pl.Int64, "said": pl.String}
        ).with_columns(mended=True)
        rows = rows.join(given, on=ROW, how="left", maintain_order="left")
        rows = rows.with_columns(pl.when("mended").then("said").otherwise(name).alias(name)).drop("said", "mended")
    return replace(sheet, rows=rows.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null())))


def write_out_answers(
    tables: Mapping[int, Sheet], answered: Mapping[int, ColumnMapping], lang: str
) -> dict[int, Sheet]:
    """Return the tables of one sheet with the answers for the whole of each in a column of its own, behind the others.

    So the sheet says by itself what its reader had to say of it. An answer for the empty cells of a column fills them.
    tables, answered: by place of the table; of a mapping `fixed` is written, all of it. lang: of the heads.
    """
    common = Counter(letters for table in tables.values() for letters in table.letters)
    found, shift = dict[int, Sheet](), 0
    for place in sorted(tables):
        table, moved = tables[place], []
        for letters in table.letters:  # those that tables have in common stand before all of them
            at = count_columns(letters) - 1
            moved.append(get_column_letters(at if common[letters] > 1 else at + shift))
        table = replace(table, letters=tuple(moved), hidden=tuple(moved[at] for at in sorted(table.hidden_places)))
        if place in answered:
            before = len(table.heads)
            table = _write_answers(table, answered[place], lang)
            shift += len(table.heads) - before
        found[place] = table
    return found


def _write_answers(table: Sheet, mapping: ColumnMapping, lang: str) -> Sheet:
    heads = {one.name: one.head[lang] for one in get_fields(mapping.table)}
    rows, last = table.rows, count_columns(table.letters[-1])
    added = [name for name in mapping.fixed if name not in mapping.columns]
    for name, text in mapping.fixed.items():
        if name in mapping.columns:
            column = f"c{mapping.columns[name]}"
            rows = rows.with_columns(pl.col(column).fill_null(pl.lit(text)))
        else:
            rows = rows.with_columns(pl.lit(text).alias(f"c{len(table.heads) + added.index(name)}"))
    letters = tuple(get_column_letters(last + at) for at in range(len(added)))
    return replace(
        table, rows=rows, heads=(*table.heads, *(heads[name] for name in added)), letters=(*table.letters, *letters)
    )


def write_sheet(tables: Sequence[Sheet], suffix: str) -> bytes:
    """Return a sheet as csv (UTF-8 with BOM) or xlsx: titles, heads and rows where they stood, formulas escaped.

    tables: those that stand side by side in it; of a cell that several have, the last says what it is.
    """
    grid = escape_formulas(_lay_out(tables))
    if suffix == "csv":
        return b"\xef\xbb\xbf" + grid.write_csv(include_header=False).encode()
    import xlsxwriter  # noqa: PLC0415 - only who downloads a workbook pays for it

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(tables[0].name[:31] or None)
    for line, row in enumerate(grid.iter_rows()):
        for place, cell in enumerate(row):
            if cell is not None and _is_plain_number(cell):
                page.write_number(line, place, float(cell))
            elif cell is not None:
                page.write_string(line, place, cell)
    for letters in {letters for table in tables for letters in table.hidden if letters in table.letters}:
        page.set_column(f"{letters}:{letters}", None, None, {"hidden": True})
    book.close()
    return buffer.getvalue()


def _lay_out(tables: Sequence[Sheet]) -> pl.DataFrame:
    """Return the cells of a sheet, a row for each of its rows from the first on, a column for each of its columns."""
    last = max(_get_last_row(table) for table in tables)
    grid = pl.DataFrame({ROW: range(1, last + 1)}, schema={ROW: pl.Int64})
    found: dict[int, pl.Series] = {}
    for table in tables:
        heads = pl.DataFrame([(table.head_row, *(head or None for head in table.heads))], schema=table.rows.schema,
                             orient="row")  # fmt: skip
        rows = pl.concat([heads, table.rows])
        cells = grid.join(rows, on=ROW, how="left", maintain_order="left")
        own = grid[ROW].is_in(rows[ROW].implode())  # tables below each other share columns and no row
        for at, letters in enumerate(table.letters):
            place = count_columns(letters) - 1
            before = found.get(place)
            found[place] = cells[f"c{at}"] if before is None else cells[f"c{at}"].zip_with(own, before)
    for place in range(max(found) + 1):
        column = pl.lit(None, pl.String) if place not in found else found[place]
        grid = grid.with_columns(column.alias(f"c{place}"))
    return _put_titles(grid.drop(ROW), tables)


def _get_last_row(table: Sheet) -> int:
    return int(max(table.rows[ROW].to_list()[-1:] or [table.head_row]))


def _put_titles(grid: pl.DataFrame, tables: Sequence[Sheet]) -> pl.DataFrame:
    """Put the titles where they stood: those of the upper table, and of a lower one the lines above its heads."""
    top = min(table.head_row for table in tables)
    for table in tables:
        for text, (row, column) in zip(table.above, table.above_at, strict=True):
            if row and (table.head_row == top or row > top):
                name = f"c{min(column, grid.width - 1)}"
                here = pl.int_range(pl.len()) == row - 1
                grid = grid.with_columns(pl.when(here).then(pl.lit(text)).otherwise(name).alias(name))
    return grid


def _is_plain_number(text: str) -> bool:
    """Return whether a workbook shows a number as this text, if it is written as a number."""
    if not PLAIN_NUMBER.fullmatch(text) or len(text) > MOST_DIGITS:
        return False
    return repr(float(text)).removesuffix(".0") == text
