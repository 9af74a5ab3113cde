"""Say how files of figures are understood, before they count: on the command line in words, or as JSON."""

import sys
from collections.abc import Sequence
from typing import Any

from data.intake.reader import SheetReading
from data.layouts.description import ColumnDescription, describe_columns
from data.layouts.fields import FIELDS
from data.loading import comparing
from data.loading.activation import FileReading
from data.loading.messages import COMMAND_MESSAGES, MOST_SHOWN, format_flaws
from data.loading.outcome import Told, tell_flaw
from data.tables.problems import Flaw
from data.values.vocabulary import Vocabulary

FIRST_ROWS = 5
SHOWN_COLUMNS = ("park_id", "indicator_id", "period", "year", "value_text", "unit_id", "growth_text", "name_zh", "code")


def report_readings(
    readings: Sequence[FileReading],
    known: Vocabulary,
    lang: str,
    replaced: Sequence[str],
    told: Told | None = None,
) -> bool:
    """Say what each file holds, how it was understood and what is wrong; return whether anything is.

    told: takes all of it, for --json; without it, it is printed.
    """
    doubts = comparing.find_doubtful(readings, known)
    overlaps = [
        held for held in comparing.find_overlaps(readings).iter_rows(named=True) if held["batch_id"] not in replaced
    ]
    broken = any(not sheet.defects.is_empty() for reading in readings for sheet in reading.sheets)
    if told is not None:
        told |= {"files": [_tell_file(reading, doubts, known) for reading in readings], "overlaps": overlaps}
        return broken
    for reading in readings:
        for sheet in reading.sheets:
            _report_sheet(reading, sheet, doubts, known, lang)
    for held in overlaps:
        print(COMMAND_MESSAGES[lang]["overlap"].format(**held))
    return broken


def _report_sheet(
    reading: FileReading, read: SheetReading, doubts: dict[int, list[Flaw]], known: Vocabulary, lang: str
) -> None:
    words = COMMAND_MESSAGES[lang]
    name = words["sheet"].format(sheet=read.sheet.name) if read.sheet.name else ""
    print(
        words["table"].format(
            name=reading.file_name, sheet=name, table=FIELDS[read.table].name[lang],
            read=read.read, accepted=read.rows_accepted, refused=read.rows_refused, skipped=read.skipped,
        )
    )  # fmt: skip
    print(words["understood"].format(row=read.sheet.head_row))
    for column, where in _describe_columns(read):
        meaning = column.meaning(lang) if column.taken else words["untaken"].format(reason=column.meaning(lang))
        print(f"  {column.letters or words[where]} {column.head} → {meaning}")
    first = list_first_rows(read, known, lang)
    if first:
        print(words["first"].format(n=len(first)))
        for row in first:
            print("  " + format_row(row, lang))
    remarks = [*read.notices, *doubts.get(id(read), [])]
    if remarks:
        print(words["remarks"].format(n=len(remarks)))
        print(format_flaws(remarks, lang))
    if not read.defects.is_empty():
        print(words["refused"].format(n=read.defects.height), file=sys.stderr)
        print(format_flaws(read.flaws(MOST_SHOWN), lang, read.defects.height), file=sys.stderr)


def uses_fixed_value(read: SheetReading, name: str) -> bool:
    """Return whether a value for the whole table stands in any row: no column has the field, or it has empty cells."""
    place = read.mapping.columns.get(name)
    return name in read.mapping.fixed and (place is None or read.sheet.rows[f"c{place}"].null_count() > 0)


def _describe_columns(read: SheetReading) -> list[tuple[ColumnDescription, str]]:
    """Return how each column is read, then each value for the whole table that is in use.

    With each stands for which rows it holds: whole, or empty where a column has it for the others.
    """
    told = describe_columns(read.sheet, read.mapping)
    fixed = list(read.mapping.fixed)
    found = [(column, "whole") for column in told[: len(told) - len(fixed)]]
    for column, name in zip(told[len(told) - len(fixed) :], fixed, strict=True):
        if uses_fixed_value(read, name):
            found.append((column, "empty" if name in read.mapping.columns else "whole"))
    return found


def list_first_rows(read: SheetReading, known: Vocabulary, lang: str) -> list[dict[str, Any]]:
    """Return the first accepted rows as they will stand: by column, names for codes."""
    shown = read.accepted.head(FIRST_ROWS).select(name for name in SHOWN_COLUMNS if name in read.accepted.columns)
    named = {
        f"{kind}_id": dict(rows.select(f"{kind}_id", f"name_{lang}").rows())
        for kind, rows in (("park", known.parks), ("indicator", known.indicators), ("unit", known.units))
    }
    return [
        {column: named.get(column, {}).get(cell, cell) for column, cell in row.items()}
        for row in shown.iter_rows(named=True)
    ]


def format_row(row: dict[str, Any], lang: str) -> str:
    """Return an accepted row in one line: the number with its unit, the growth in words."""
    told = {name: str(cell) for name, cell in row.items() if cell is not None}
    unit, growth = told.pop("unit_id", ""), told.pop("growth_text", "")
    if "value_text" in told:
        times = " × " if unit[:1].isdigit() else " "  # 390 × 100 million yuan
        told["value_text"] += unit if lang == "zh" else times + unit
    if growth:
        told["growth_text"] = f"同比 {growth}%" if lang == "zh" else f"growth {growth}%"
    return " · ".join(told.values())


def _tell_file(reading: FileReading, doubts: dict[int, list[Flaw]], known: Vocabulary) -> dict[str, Any]:
    """Return what is to be said of a file, for a program."""
    return {
        "file": reading.file_name,
        "sha256": reading.sha256,
        "sheets": [_tell_sheet(read, doubts.get(id(read), []), known) for read in reading.sheets],
    }


def _tell_sheet(read: SheetReading, doubts: list[Flaw], known: Vocabulary) -> dict[str, Any]:
    columns = [
        {"column": one.letters, "head": one.head, "taken": one.taken, "zh": one.zh, "en": one.en}
        for one, _where in _describe_columns(read)
    ]
    return {
        "sheet": read.sheet.name, "table": read.table, "head_row": read.sheet.head_row, "rows": read.read,
        "accepted": read.rows_accepted, "refused": read.rows_refused, "skipped": read.skipped, "columns": columns,
        "first": list_first_rows(read, known, "zh"),
        "remarks": [_tell_cell(flaw) for flaw in (*read.notices, *doubts)],
        "defects": [_tell_cell(flaw) for flaw in read.flaws()], "defects_in_all": read.defects.height,
    }  # fmt: skip


def _tell_cell(flaw: Flaw) -> dict[str, Any]:
    """Return what is to be said of a flaw within its sheet."""
    return {name: text for name, text in tell_flaw(flaw).items() if name != "sheet"}
