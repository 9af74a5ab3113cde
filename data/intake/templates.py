"""Make empty tables to download and fill in: CSV and XLSX, in both languages, with lists and one example row."""

import polars as pl

from data.layouts.fields import FIELDS, get_fields
from data.tables.form import ColumnDefinition
from data.tables.problems import ROW
from data.tables.workbook_out import GUIDE, WorkbookWriter
from data.values.vocabulary import Vocabulary

EXAMPLE_MARKS = {"zh": "示例行，载入时略过", "en": "Example row, left out when the file is loaded"}
LIST_ROWS = 5_000  # rows below the heads that offer a list
WIDE_FIELDS = ("park", "indicator", "note", "name_zh", "definition_zh")
NOTE_FIELD = ColumnDefinition("note", "text", {"zh": "备注", "en": "Note"}, {"zh": "", "en": ""})
EXCLUDED_FIELDS = ("year", "month")  # of figures: only for files that keep year and month apart
GUIDES = {
    "zh": (
        "一行一个数。深色表头必填，表头不要改。",
        "灰色的一行是示例，载入时自动略过，也可以删去。",
        "没有数的格子留空，不要填 0。数后可带“余、以上”，数前可带“约、突破、预计”。",
        "填好后在“数据与来源”页上载入（只在本次会话里有效），或在服务器上运行 python -m data.load 文件名。",
        "各列：",
    ),
    "en": (
        "One figure in a row. Dark heads are required; leave the heads as they are.",
        "The grey row is an example. It is left out when the file is loaded; you may delete it.",
        "Leave a cell empty where there is no number; do not write 0.",
        "Load the file on the page Data and sources (for your session only), or on the server with "
        "python -m data.load FILE.",
        "Columns:",
    ),
}


def _get_template_fields(table: str) -> list[ColumnDefinition]:
    left = EXCLUDED_FIELDS if table == "observation" else ()
    fields = [one for one in get_fields(table) if one.name not in left]
    return fields if any(one.name == "note" for one in fields) else [*fields, NOTE_FIELD]


def _make_example_row(table: str, lang: str) -> list[str]:
    fields = _get_template_fields(table)
    return [EXAMPLE_MARKS[lang] if one.name == "note" else one.example[lang] for one in fields]


def remove_example_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a sheet without the example row of its template."""
    first = rows.head(20)
    marked = pl.any_horizontal(pl.exclude(ROW).is_in(list(EXAMPLE_MARKS.values())))
    examples = first.filter(marked)[ROW]
    return rows.filter(~pl.col(ROW).is_in(examples.implode())) if examples.len() else rows


def make_csv_template(table: str, lang: str) -> bytes:
    """Return the empty table as CSV for a spreadsheet: heads and the example row."""
    heads = [one.head[lang] for one in _get_template_fields(table)]
    row = pl.DataFrame([_make_example_row(table, lang)], schema=heads, orient="row")
    return b"\xef\xbb\xbf" + row.write_csv().encode()


def make_xlsx_template(table: str, lang: str, known: Vocabulary) -> bytes:
    """Return the empty table as a workbook: heads with notes, lists of codes and units, the example row."""
    book, fields = WorkbookWriter(lang, strict=False, rows=LIST_ROWS), _get_template_fields(table)
    page, guide = book.add_sheet(FIELDS[table].name[lang]), book.add_sheet(GUIDE[lang])
    units = known.units[f"name_{lang}"].unique(maintain_order=True)
    names = {"park": known.parks[f"name_{lang}"], "indicator": known.indicators[f"name_{lang}"], "unit": units}
    book.add_lists({name: values.to_list() for name, values in names.items()})
    page.freeze_panes(1, 0)
    widths = [30 if one.name in WIDE_FIELDS else 14 for one in fields]
    book.write_heads(page, fields, widths, _make_example_row(table, lang))
    apart, needed = ("：", "（必填）") if lang == "zh" else (": ", " (required)")
    told = [(one.head[lang] + (needed if one.needed else ""), one.note[lang]) for one in fields]
    book.write_guide(guide, [*GUIDES[lang], *(f"{head}{apart}{note}" if note else head for head, note in told)])
    return book.close()
