"""Definitions, problems and workbooks that figures and ledger share."""

import io
from dataclasses import replace
from datetime import date, timedelta

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from data.files.pages import build_sheets
from data.files.xlsx_pages import read_pages, read_xlsx_sheets
from data.tables.form import ColumnDefinition, SheetDefinition
from data.tables.problems import ROW, Defects, Flaw, UnreadableFile
from data.tables.workbook_out import GUIDE, LISTS, WorkbookWriter


def column(name, kind, **more):
    given = {"head": {"zh": f"{name}头", "en": name.title()}, "note": {"zh": "", "en": ""}} | more
    return ColumnDefinition(name, kind, **given)


COLUMNS = (
    column("day", "date", needed=True, note={"zh": "写成日期", "en": "a date"}),
    column("verdict", "choice", words={"pass": ("通过", "Passed"), "stop": ("终止", "Stopped")}),
    column("owner", "text", refers="department"),
    column("share", "percent"),
    column("note", "text"),
)


# Definitions


def test_the_types_of_a_sheet_begin_with_what_its_rows_have_in_common():
    sheet = SheetDefinition("task", {"zh": "任务"}, {"zh": ""}, COLUMNS, implied=("park_id",))
    assert sheet.schema == {
        "park_id": pl.String(), "day": pl.Date(), "verdict": pl.String(), "owner": pl.String(), "share": pl.Float64(),
        "note": pl.String(),
    }  # fmt: skip
    assert sheet.column("share") is COLUMNS[3]


# Problems


def test_a_problem_is_told_by_the_names_that_its_reader_knows():
    names = (("任务", "完成时限"), ("Task", "Due"))
    told = Flaw("task", 3, "due", "年底前", "须是日期", "must be a date", names=names)
    assert told.describe("zh") == "“任务”表，第 3 行，完成时限：'年底前'：须是日期"
    assert told.describe("en") == "sheet Task, row 3, Due: '年底前': must be a date"
    assert Flaw("数据", 0, "", "", "空", "empty").describe("en") == "sheet 数据: empty"
    assert Flaw("", 0, "", "x" * 61, "长", "long").describe("en") == f"'{'x' * 60}…': long"


def test_the_problems_of_columns_are_told_once_by_row_with_their_reasons():
    defects = Defects()
    rows = pl.DataFrame({ROW: [4, 2], "unit": [None, "元"]})
    defects.add(rows, "单位", pl.col("unit"), "不合", "does not fit")
    defects.add(rows, "单位", pl.col("unit"), "不合", "does not fit")
    defects.add(rows.clear(), "单位", pl.col("unit"), "没有", "none")
    defects.add_one(2, "", "", "缺列", "a column is missing")
    assert defects.all().rows() == [
        (2, "单位", "元", "不合", "does not fit"), (2, "", "", "缺列", "a column is missing"),
        (4, "单位", "", "不合", "does not fit"),
    ]  # fmt: skip
    assert sorted(defects.rows()) == [2, 4]
    assert defects.by_row().rows() == [
        (2, "单位：不合；缺列", "单位: does not fit; a column is missing"), (4, "单位：不合", "单位: does not fit"),
    ]  # fmt: skip


# Writing


def written(lang, *, strict):
    book = WorkbookWriter(lang, strict=strict, rows=9)
    guide, page = book.add_sheet(GUIDE[lang]), book.add_sheet("表")
    book.add_lists({"unit": ["家"], "department": ["财政局", "=1+1"]})
    book.write_guide(guide, ["题", "一"], titled=True)
    book.write_heads(page, COLUMNS, [10, 11, 12, 13, 14])
    rows = {"day": [date(2025, 3, 1)], "verdict": ["stop"], "owner": ["=1+1"], "share": [40.0], "note": [None]}
    book.write_rows(page, COLUMNS, pl.DataFrame(rows))
    return openpyxl.load_workbook(io.BytesIO(book.close()))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_workbook_holds_instructions_heads_rows_and_lists(lang):
    book = written(lang, strict=True)
    assert book.sheetnames == [GUIDE[lang], "表", LISTS]
    assert book[LISTS].sheet_state == "hidden"
    assert [cell.value for cell in book[GUIDE[lang]]["A"]] == ["题", "一"]
    assert [cell.value for cell in book["表"][1]] == [one.head[lang] for one in COLUMNS]
    assert [cell.value for cell in book["表"][2]][1:] == ["终止" if lang == "zh" else "Stopped", "=1+1", 40, None]
    assert book["表"]["C2"].data_type == "s"
    assert book["表"]["A2"].value.date() == date(2025, 3, 1)


@pytest.mark.parametrize("strict", [True, False])
def test_cells_offer_lists_and_insist_where_they_are_to(strict):
    rules = {str(rule.sqref): rule for rule in written("zh", strict=strict)["表"].data_validations.dataValidation}
    assert {place: (rule.type, rule.formula1, rule.showErrorMessage) for place, rule in rules.items()} == {
        "A2:A10": ("date", "32874", strict),
        "B2:B10": ("list", '"通过,终止"', strict),
        "C2:C10": ("list", f"{LISTS}!$B$1:$B$2", False),  # other names may be right too
        "D2:D10": ("decimal", "0", strict),
    }
    assert (rules["A2:A10"].promptTitle, rules["A2:A10"].prompt) == ("day头", "写成日期")


# Reading


def test_pages_are_read_as_they_are_and_sheets_with_merged_cells_filled():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name in (GUIDE["en"], "one ", LISTS, "empty"):
            book.add_worksheet(name)
        page = book.get_worksheet_by_name("one ")
        page.hide()
        page.write_row(1, 1, ["name", "share", "time"])
        page.merge_range(2, 1, 3, 1, " a ")
        page.write_number(2, 2, 0.436, book.add_format({"num_format": "0.0%"}))
        page.write_number(3, 2, 552)
        page.write_datetime(3, 3, timedelta(hours=36), book.add_format({"num_format": "[h]:mm"}))
    one, empty = read_pages(buffer.getvalue(), 10**8)
    assert (one.name, one.merged, empty.name, empty.cells.height) == ("one", [((2, 1), (3, 1))], "empty", 0)
    assert one.cells.rows() == [
        (None, None, None, None), (None, "name", "share", "time"), (None, "a", "43.6%", None),
        (None, None, "552", "#FORMAT!"),
    ]  # fmt: skip
    assert one.hidden
    with pytest.raises(UnreadableFile, match="hidden"):
        read_xlsx_sheets(buffer.getvalue(), 10**8)
    [sheet] = build_sheets([replace(one, hidden=False)])
    assert (sheet.heads, sheet.letters, sheet.head_row) == (("name", "share", "time"), ("B", "C", "D"), 2)
    assert sheet.rows.rows() == [(3, "a", "43.6%", None), (4, "a", "552", "#FORMAT!")]
