"""Make the workbook to download: instructions, heads, lists to choose from; empty, or filled with a ledger."""

from dataclasses import replace
from functools import lru_cache

import polars as pl

from data.ledger import ledger as ledgers
from data.ledger.definition import HEAD_UNITS, VALUE, get_sheet_definitions, is_per_cent
from data.tables.form import ColumnDefinition
from data.tables.workbook_out import GUIDE, WorkbookWriter

GUIDE_LINES = {
    "zh": (
        "园区工作台账",
        "1. 先填“园区”一行：这是谁的台账。一个工作簿只装一个园区。",
        "2. 再填“部门”“领导”，其余各表从下拉列表里选。不用的表留空，或整张删去。",
        "3. 深色表头必填，浅色表头可不填，如下面两行。表头不要改，不要合并单元格，一行一件事。",
        "必填",
        "可不填",
        "4. 日期写成 2025-03-01，月份写成 2025-03。1—2月合为一期，填在2月。累计数从年初算起。"
        "百分数写 40 或 40%，都是 40%。",
        "5. 消号须有报完日期、佐证材料、验收日期，验收部门不能是承办部门。",
        "6. 已公布过的目标和承诺不必再填，任务里直接写它们的编号（例如 T05）。",
        "7. 填好后放到机制页面上看（只在本次会话里有效），或运行 python -m data.load 台账.xlsx 长期载入。",
        "8. 有错会一次列全：哪张表、哪一行、哪一列、写了什么、该怎么改。有错时原有台账不变。",
        "各表：",
    ),
    "en": (
        "Ledger of a park",
        "1. Fill in the one row of the sheet Park first: whose ledger this is. One workbook holds one park.",
        "2. Then departments and leaders; the other sheets offer them in lists. Leave a sheet that you do not use "
        "empty, or delete it.",
        "3. Dark heads are required, light ones are not, as the next two lines show. Leave the heads as they are, "
        "merge no cells, write one thing in one row.",
        "Required",
        "May be left empty",
        "4. Dates as 2025-03-01, months as 2025-03. January and February are one period, written as February. "
        "Cumulative figures count from the start of the year. Per cent as 40 or as 40%: both are 40 %.",
        "5. To be crossed off, a task needs the day it was finished, evidence, an assessor other than the owner, "
        "and the day of assessment.",
        "6. Targets and commitments that were published need no row; tasks name their numbers, T05 for instance.",
        "7. Drop the file on a page of the mechanisms to see it (in your session only), or run python -m data.load "
        "ledger.xlsx to load it for good.",
        "8. All mistakes are listed at once: sheet, row, column, what is there and how to fix it. Until they are "
        "fixed the ledger in use stays as it is.",
        "Sheets:",
    ),
}
LEGEND = {"必填": "needed", "可不填": "head", "Required": "needed", "May be left empty": "head"}  # line: look
EITHER_WAY = {"zh": "写 40 或 40% 都可以。", "en": "40 and 40% mean the same."}
LIST_ROWS = 2_000  # rows below the heads that offer a list
# Sheets whose cells others refer to, and the column that is offered there: the name, or the number.
LISTED_COLUMNS = {
    "department": "B", "leader": "B", "target": "A", "commitment": "A", "task": "A", "project": "A", "problem": "A",
}  # fmt: skip
SAMPLE_NOTICE = {
    "zh": "示例数据：园区、人员、数字均为虚构，只用来说明用法。",
    "en": "Sample data: park, people and figures are invented, to show how it works.",
}


@lru_cache(maxsize=8)
def make_ledger_template(ledger: ledgers.Ledger | None, lang: str) -> bytes:
    """Return the workbook in a language: empty for None, else with the rows of a ledger."""
    sample = ledger is not None and ledger.evidence == ledgers.SAMPLE_PARK
    guide = [*([SAMPLE_NOTICE[lang]] if sample else []), *GUIDE_LINES[lang]]
    apart = "：" if lang == "zh" else ": "
    guide += [f"{sheet.name[lang]}{apart}{sheet.note[lang]}" for sheet in get_sheet_definitions().values()]
    listed = ledgers.read_published_references().indicators
    tables = {} if ledger is None else _replace_codes_by_names(ledger.tables, listed, lang)
    return _write_workbook(tables, {"indicator": listed[f"name_{lang}"].to_list()}, guide, lang)


def _write_workbook(tables: dict[str, pl.DataFrame], lists: dict[str, list[str]], guide: list[str], lang: str) -> bytes:
    """Write the workbook: instructions, and a sheet for each table with its rows, if any, and lists to choose from."""
    book, sheets = WorkbookWriter(lang, strict=True, rows=LIST_ROWS), get_sheet_definitions()
    book.write_guide(book.add_sheet(GUIDE[lang]), guide, titled=True, legend=LEGEND)
    pages = {table: book.add_sheet(sheet.name[lang]) for table, sheet in sheets.items()}
    book.add_lists(lists)
    for table, letter in LISTED_COLUMNS.items():
        book.offered[table] = f"='{sheets[table].name[lang]}'!${letter}$2:${letter}${LIST_ROWS}"
    for table, page in pages.items():
        columns = [_explain_unit(table, column) for column in sheets[table].columns]
        page.freeze_panes(1, 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        book.write_heads(page, columns, [_choose_width(column) for column in columns])
        if table in tables:
            book.write_rows(page, columns, tables[table])
    return book.close()


def _explain_unit(table: str, column: ColumnDefinition) -> ColumnDefinition:
    """Return the column with its unit in the head, and with how per cent is written in the note.

    Cells of per cent have no format: 40 and 40% stay as they are typed, and both are read as 40.
    """
    head, note = column.head, column.note
    if unit := HEAD_UNITS.get((table, column.name)):
        head = {"zh": f"{head['zh']}（{unit['zh']}）", "en": f"{head['en']} ({unit['en']})"}
    if is_per_cent(column):
        ends = {"zh": "。", "en": ". "}
        note = {lang: (text and text.rstrip(ends[lang]) + ends[lang]) + EITHER_WAY[lang] for lang, text in note.items()}
    return replace(column, head=head, note=note)


def _choose_width(column: ColumnDefinition) -> int:
    worded = column.kind == "text" and not column.refers and not column.name.endswith("_id")
    if worded or column.refers == "indicator":
        return 30
    return 24 if column.name == VALUE else 15  # the unit of a value stands in its head


def _replace_codes_by_names(
    tables: dict[str, pl.DataFrame], listed: pl.DataFrame, lang: str
) -> dict[str, pl.DataFrame]:
    """Replace codes by names where a cell refers to an indicator, department or leader, as the lists offer them.

    Codes stay if a name is ambiguous, and in cells that hold several.
    """
    called = {"indicator": (listed, f"name_{lang}"), "department": (tables["department"], "name"),
              "leader": (tables["leader"], "name")}  # fmt: skip
    for table, sheet in get_sheet_definitions().items():
        for column in sheet.columns:
            if column.refers not in called or column.kind == "codes" or table not in tables:
                continue
            rows, name = called[column.refers]
            code = f"{column.refers}_id"
            once = rows.filter(pl.col(name).is_unique(), ~pl.col(name).is_in(rows[code].implode()))
            names = dict(zip(once[code], once[name], strict=True))
            tables = tables | {table: tables[table].with_columns(pl.col(column.name).replace(names))}
    return tables
