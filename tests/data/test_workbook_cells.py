"""Cells of workbooks as their reader sees them: errors, hidden parts, raised and struck-out letters; XLSX and XLS."""

import io
import re
from datetime import date

import pytest
import xlwt

from data.files.open_file import read_sheets
from data.files.shown_values import UNCLEAR
from data.tables.problems import UnreadableFile
from tests.tools.workbooks import SHEET, book, changed


def table(workbook):
    page = workbook.add_worksheet("数据")
    page.write_row(0, 0, ["名称", "数", "增速"])
    page.write_row(1, 0, ["甲", 552])
    page.write_number(1, 2, 0.436, workbook.add_format({"num_format": "0.0%"}))
    page.write_row(2, 0, ["乙", 17])
    page.write_number(2, 2, 0.5, workbook.add_format({"num_format": "0.0%"}))


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", text).replace('xmlns="', 'xmlns:x="', 1),
        lambda text: re.sub(r' r="[A-Z]*\d+"', "", text),
        lambda text: text.replace('"', "'"),
        lambda text: re.sub(r'<c r="(\w+)" s="(\d+)"', r'<c s="\2" r="\1"', text),
        lambda text: re.sub(r'(<row) r="\d+"', r"\1", text),
        lambda text: text.replace("><", ">\n  <"),
    ],
    ids=["prefixed", "without references", "single quotes", "order of attributes", "rows without numbers", "indented"],
)
def test_the_same_sheet_is_read_the_same_whichever_program_wrote_it(edit):
    [sheet] = read_sheets(changed(book(table), SHEET, edit), "file.xlsx")
    assert [row[1:] for row in sheet.rows.rows()] == [("甲", "552", "43.6%"), ("乙", "17", "50.0%")]


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
@pytest.mark.parametrize("piece", [0, 700])
def test_an_error_of_a_formula_stands_in_its_cell(error, piece, monkeypatch):
    if piece:
        monkeypatch.setattr("data.files.xlsx_package.PIECE", piece)

    def write(workbook):
        table(workbook)
        workbook.get_worksheet_by_name("数据").write_formula(2, 1, "=1/0", None, error)

    [sheet] = read_sheets(book(write), "file.xlsx")
    assert sheet.rows["c1"].to_list() == ["552", error]


@pytest.mark.parametrize("result", ["", "<v></v>", "<v/>"])
def test_a_formula_whose_result_was_not_saved_is_named_and_an_empty_text_is_none(result):
    def write(workbook):
        table(workbook)
        page = workbook.get_worksheet_by_name("数据")
        page.write_formula(1, 1, "=500+52", None, 0)
        page.write_formula(2, 1, '=""', None, "x")

    content = changed(book(write), SHEET, lambda text: text.replace("<v>0</v>", result).replace("<v>x<", "<v><"))
    [sheet] = read_sheets(content, "file.xlsx")
    assert sheet.rows["c1"].to_list() == ["#FORMULA!", None]


def test_raised_letters_are_marks_and_no_digits_of_the_number():
    def write(workbook):
        table(workbook)
        raised = workbook.add_format({"font_script": 1})
        page = workbook.get_worksheet_by_name("数据")
        page.write_rich_string(1, 1, "552", raised, "2")
        page.write_rich_string(2, 1, "6.8万m", raised, "2")
        page.write_rich_string(2, 0, "乙", raised, "a")

    [sheet] = read_sheets(book(write), "file.xlsx")
    assert [row[1:3] for row in sheet.rows.rows()] == [("甲", "552²"), ("乙[a]", "6.8万m²")]


def write_looks(workbook):
    table(workbook)
    low, struck = (workbook.add_format(look) for look in ({"font_script": 2}, {"font_strikeout": True}))
    page = workbook.get_worksheet_by_name("数据")
    page.write_rich_string(1, 1, "552", low, "1")
    page.write_rich_string(1, 0, "甲CO", low, "2")
    page.write_rich_string(2, 1, struck, "55", "56", struck, "7")
    page.write_rich_string(2, 0, "乙", workbook.add_format({"bold": True}), "丙")


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text,
        lambda text: re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", text).replace('xmlns="', 'xmlns:x="', 1),
        lambda text: text.replace("<strike/>", "<strike val='1' />").replace('val="subscript"', "val = 'subscript'"),
        lambda text: text.replace("<rPr><b/>", '<rPr><b/><strike val="0"/>'),
    ],
    ids=["as written", "prefixed", "other attributes", "switched off"],
)
def test_lowered_letters_are_marks_and_struck_out_ones_are_gone(edit):
    content = changed(book(write_looks), "xl/sharedStrings.xml", edit)
    [sheet] = read_sheets(content, "file.xlsx")
    assert [row[1:3] for row in sheet.rows.rows()] == [("甲CO2", "552¹"), ("乙丙", "56")]


def write_struck_cells(workbook):
    table(workbook)
    page = workbook.get_worksheet_by_name("数据")
    bold, struck = (workbook.add_format(look) for look in ({"bold": True}, {"font_strikeout": True}))
    page.write_row(3, 0, ["丙", 8], bold)
    page.write(2, 1, 17, struck)
    page.write_number(1, 2, 0.436, workbook.add_format({"font_strikeout": True, "num_format": "0.0%"}))
    page.write_row(4, 0, ["丁", 9], struck)


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        (lambda text: text, [("甲", "552", None), ("乙", None, "50.0%"), ("丙", "8", None)]),
        (
            lambda text: text.replace("<strike/>", '<strike val="0"/>'),
            [("甲", "552", "43.6%"), ("乙", "17", "50.0%"), ("丙", "8", None), ("丁", "9", None)],
        ),
    ],
    ids=["struck out", "switched off"],
)
def test_a_cell_that_is_struck_out_as_a_whole_is_empty(edit, found):
    [sheet] = read_sheets(changed(book(write_struck_cells), "xl/styles.xml", edit), "file.xlsx")
    assert [row[1:] for row in sheet.rows.rows()] == found


def write_zeros(workbook):
    table(workbook)
    page = workbook.get_worksheet_by_name("数据")
    page.write_number(1, 1, 0)
    page.write_number(2, 2, 0, workbook.add_format({"num_format": "0.0%"}))


@pytest.mark.parametrize("edit", ['showZeros="0"', "showZeros = 'false'", 'showZeros="1"'])
def test_zeros_that_a_sheet_does_not_show_are_empty(edit):
    content = changed(
        book(write_zeros), SHEET, lambda text: text.replace("<sheetView ", f"<sheetView rightToLeft='0' {edit} ")
    )
    [sheet] = read_sheets(content, "file.xlsx")
    zeros = ["0", "0.0%"] if "1" in edit else [None, None]
    assert [row[2:] for row in sheet.rows.rows()] == [(zeros[0], "43.6%"), ("17", zeros[1])]


def test_a_currency_in_letters_is_none_of_a_date():
    def write(workbook):
        table(workbook)
        for row, code in enumerate(["US$#,##0.0", "RMB#,##0"], start=1):
            workbook.get_worksheet_by_name("数据").write(row, 1, 552, workbook.add_format({"num_format": code}))

    [sheet] = read_sheets(book(write), "file.xlsx")
    assert sheet.rows["c1"].to_list() == ["US$552.0", "RMB552"]


@pytest.mark.parametrize(
    "edit",
    [lambda text: text, lambda text: re.sub(' hidden="1"(?! custom)', ' ht="0"', text).replace(" hidden=", " a=")],
)
def test_what_is_hidden_or_has_no_height_or_width_is_left_out_and_named(edit):
    def write(workbook):
        table(workbook)
        page = workbook.get_worksheet_by_name("数据")
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(2, 2, None, None, {"hidden": True})
        other = workbook.add_worksheet("旧")
        other.write_row(0, 0, ["名称", "数"])
        other.write_row(1, 0, ["甲", 999])
        other.hide()

    [sheet] = read_sheets(changed(book(write), SHEET, edit), "file.xlsx")
    assert (sheet.name, sheet.heads, sheet.hidden_places) == ("数据", ("名称", "数", "增速"), {2})
    assert sheet.rows["c1"].to_list() == ["552"]
    said = [flaw.describe("zh") for flaw in sheet.remarks]
    assert ["“旧”表：是隐藏" in said[0], "1 列是隐藏" in said[1], "1 行是隐藏" in said[2]] == [True, True, True]


def test_numbers_with_more_digits_than_are_shown_are_read_as_shown_and_the_first_is_named():
    def write(workbook):
        table(workbook)
        workbook.get_worksheet_by_name("数据").write_number(2, 1, 17.26, workbook.add_format({"num_format": "0.0"}))

    [sheet] = read_sheets(book(write), "file.xlsx")
    assert sheet.rows["c1"].to_list() == ["552", "17.3"]
    assert "有 1 个数按单元格格式只显示部分小数" in sheet.remarks[0].zh
    assert sheet.remarks[0].zh.endswith("B3")


def old_book(*, hidden=False):
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("数据")

    def style(code):
        return xlwt.easyxf(num_format_str=code)

    raised = xlwt.Font()
    raised.escapement = xlwt.Font.ESCAPEMENT_SUPERSCRIPT
    for at, head in enumerate(["名称", "时期", "数", "增速"]):
        page.write(0, at, head)
    page.write_merge(1, 2, 0, 0, "甲")
    page.write(1, 1, date(2013, 9, 30), style('yyyy"年"m"月"'))
    page.write(1, 2, 720.1, style('0.0"亿元"'))
    page.write(1, 3, 0.436, style("0.0%"))
    page.write(2, 1, 2013.1, style("0.00"))
    page.write_rich_text(2, 2, ("552", ("2", raised)))
    page.write(2, 3, 43.6, style('0.0"%"'))
    page.write(3, 0, "隐藏")
    page.write(3, 2, 999)
    page.row(3).hidden = True
    page.visibility = int(hidden)
    workbook.add_sheet("空")
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def test_an_old_workbook_is_read_with_its_formats_and_without_what_is_hidden():
    [sheet] = read_sheets(old_book(), "file.xls")
    assert (sheet.heads, sheet.typed) == (("名称", "时期", "数", "增速"), True)
    assert sheet.rows.rows() == [(2, "甲", "2013-09", "720.1亿元", "43.6%"), (3, "甲", "2013.10", "552²", "43.6%")]
    assert ["1 行是隐藏" in flaw.zh for flaw in sheet.remarks] == [True]
    with pytest.raises(UnreadableFile, match="hidden"):
        read_sheets(old_book(hidden=True), "file.xls")


def test_an_old_workbook_shows_its_sections_looks_and_zeros():
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("数据")
    page.show_zero_values = False
    low, struck = xlwt.Font(), xlwt.Font()
    low.escapement, struck.struck_out = xlwt.Font.ESCAPEMENT_SUBSCRIPT, True
    for at, head in enumerate(["名称", "时期", "数"]):
        page.write(0, at, head)
    for row, (value, code) in enumerate([(0, "0.0"), (5, "US$0"), (-5, "0;0"), (5, '0;0;0;@"市"')], start=1):
        page.write(row, 0, "甲", xlwt.easyxf(num_format_str=code))
        page.write(row, 1, date(2013, 9, 30), xlwt.easyxf(num_format_str='yyyy"年1-"m"月"'))
        page.write(row, 2, value, xlwt.easyxf(num_format_str=code))
    page.write(5, 1, 7, xlwt.easyxf("font: struck_out on"))
    page.write_rich_text(5, 0, ("甲", ("2", low)))
    page.write_rich_text(5, 2, (("55", struck), "56"))
    buffer = io.BytesIO()
    workbook.save(buffer)
    [sheet] = read_sheets(buffer.getvalue(), "file.xls")
    assert [row[1:] for row in sheet.rows.rows()] == [
        ("甲", "2013年1-9月", None), ("甲", "2013年1-9月", "US$5"), ("甲", "2013年1-9月", UNCLEAR),
        ("甲市", "2013年1-9月", "5"), ("甲²", None, "56"),
    ]  # fmt: skip


@pytest.mark.parametrize("length", [600, 2_000, 4_000])
def test_an_old_workbook_that_is_cut_off_is_damage(length):
    with pytest.raises(UnreadableFile, match="damaged"):
        read_sheets(old_book()[:length], "file.xls")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_lines_may_end_with_lf_cr_or_both(ends, encoding, quote):
    text = ends.join([f"名称,{quote}数{quote}", f"甲,{quote}552{quote}", "乙,17", ""])
    [sheet] = read_sheets(text.encode(encoding), "file.csv")
    assert (sheet.heads, sheet.rows.rows()) == (("名称", "数"), [(2, "甲", "552"), (3, "乙", "17")])
