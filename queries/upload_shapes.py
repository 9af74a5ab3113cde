"""What files of one shape share: how a sheet was read once is proposed for the next one with the same heads."""

from collections.abc import Sequence

from data.layouts.columns import ColumnMapping
from data.layouts.description import ColumnDescription, describe_columns
from data.layouts.titles import find_title_period
from data.tables.sheet import Sheet, count_columns
from data.values.vocabulary import Vocabulary, normalize_name

__all__ = ["ColumnDescription", "describe_columns"]

# What one file says of all its rows and the next one does not repeat: it is asked for again.
OF_ONE_FILE = ("park", "indicator", "period", "year", "month")
USUAL_UNITS = ("亿元", "万元", "万平方米", "平方公里")  # of what is never without one
Shape = tuple[str, ...]


def identify_shape(sheet: Sheet) -> Shape:
    """Return what tells sheets of one shape from others: their heads, however they are written, in their order."""
    return tuple(normalize_name(head) for head in sheet.heads)


def carry_mapping(chosen: ColumnMapping, guess: ColumnMapping) -> ColumnMapping:
    """Return the mapping of a sheet by one that was chosen for another sheet of its shape.

    Its columns are those that were chosen. What holds for the whole table is what this sheet itself says; a unit or
    the like comes from the other sheet where this one says nothing, place, indicator and period never do.
    """
    held = {name: text for name, text in chosen.fixed.items() if name not in OF_ONE_FILE}
    said = {name: text for name, text in guess.fixed.items() if name not in chosen.columns}
    return chosen.changed(fixed=held | said)


def select_answers(chosen: ColumnMapping, guess: ColumnMapping) -> ColumnMapping:
    """Return a mapping with what its reader said of the whole table alone, and not what the sheet says itself."""
    return chosen.changed(fixed={name: text for name, text in chosen.fixed.items() if guess.fixed.get(name) != text})


def suggest_answers(field: str, file_name: str, known: Vocabulary, lang: str) -> list[str]:
    """Return what a field of a whole table may be: names of the catalogue, units, the period in the file's name."""
    if field in ("park", "indicator"):
        rows = known.parks if field == "park" else known.indicators
        return list(rows[f"name_{lang}"].drop_nulls().unique(maintain_order=True))
    if field == "period":
        return list(filter(None, [find_title_period([file_name.rpartition(".")[0]])]))
    return list(USUAL_UNITS) if field == "unit" else []


def is_same_reading(one: ColumnMapping, other: ColumnMapping) -> bool:
    """Return whether two mappings say the same of files of one shape."""
    held = [{name: text for name, text in of.fixed.items() if name not in OF_ONE_FILE} for of in (one, other)]
    return (one.table, one.columns, one.spread, held[0]) == (other.table, other.columns, other.spread, held[1])


SheetKey = tuple[str, int, tuple[str, ...]]


def get_sheet_key(sheet: Sheet) -> SheetKey:
    """Return what tells the tables of a file apart: the sheet, the row of the heads and the columns."""
    return sheet.name, sheet.head_row, sheet.letters


def label_sheets(sheets: Sequence[Sheet], lang: str) -> dict[SheetKey, str]:
    """Return what to call each table: its sheet, and where that comes again, the row of its heads or its columns."""
    names = [sheet.name for sheet in sheets]
    rows = {(sheet.name, sheet.head_row) for sheet in sheets}
    found = {}
    for sheet in sheets:
        columns = _format_letters(sheet.letters, "、" if lang == "zh" else ", ")
        below = f"第 {sheet.head_row} 行起" if lang == "zh" else f"from row {sheet.head_row}"
        said = []
        if sum(name == sheet.name for name, _row in rows) > 1:
            said.append(below)
        if [(one.name, one.head_row) for one in sheets].count((sheet.name, sheet.head_row)) > 1:
            said.append(f"{columns} 列" if lang == "zh" else f"columns {columns}")
        told = ("，" if lang == "zh" else ", ").join(said) if names.count(sheet.name) > 1 else ""
        found[get_sheet_key(sheet)] = " ".join(filter(None, [sheet.name, told]))
    return found


def _format_letters(letters: Sequence[str], apart: str) -> str:
    """Return the columns of a table as ranges: A、D–F."""
    order = [count_columns(one) for one in letters]
    groups: list[list[str]] = []
    for at, one in enumerate(letters):
        if groups and order[at] == order[at - 1] + 1:
            groups[-1].append(one)
        else:
            groups.append([one])
    return apart.join(group[0] if len(group) == 1 else f"{group[0]}–{group[-1]}" for group in groups)
