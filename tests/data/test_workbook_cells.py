"""Cells of workbooks as their reader sees them: formats, errors, hidden parts, raised letters; XLSX and XLS."""

import io
import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from data.files.number_format import BUILT_IN, parse_number_format
from data.files.open_file import read_sheets
from data.files.shown_values import UNCLEAR, loses_digits, show_cell
from data.tables.problems import UnreadableFile
from tests.tools.workbooks import SHEET, book, changed

DAY = datetime(2013, 9, 30)


@pytest.mark.parametrize(
    ("code", "cell", "shown"),
    [
        ("General", 720.1, "720.1"), ("@", 552, "552"), ("0", 552, "552"), ("#,##0.00", 1234.5, "1234.50"),
        ("0.0%", 0.436, "43.6%"), ("0.0%", -0.032, "-3.2%"), ('0.0"%"', 43.6, "43.6%"), (r"0.0\%", 43.6, "43.6%"),
        ("0!%", 43, "43%"), ('0.0,"千"', 1_900_000, "1900.0千"), ("#,##0.0,,", 1_900_000, "1.9"),
        ('0!.0,"万"', 1_900_000, "190.0万"), ('#"."0,"万"', 1_900_000, "190.0万"), ("0!.0000", 12_345, "1.2345"),
        ('0.0"亿元"', 720.1, "720.1亿元"), ('General"亿元"', 720.1, "720.1亿元"), ('"约"0.0', 6, "约6.0"),
        ('0"余"', 190, "190余"), ("¥#,##0", 5, "¥5"), ("[$¥-804]#,##0", 5, "¥5"), ("0.00", 2013.1, "2013.10"),
        ("0.00_ ;[Red]-0.00 ", -3.2, "-3.20"), ("0.0_);(0.0)", -3.2, "-3.2"), ("0.0;[Red]0.0", -3.2, "-3.2"),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 720.1, "720.10"), ("0.0##", 2.34567, "2.346"),
        ("0.0##", 2, "2.0"), ("#", 0, ""), ("00", 9, "09"), ("0.00E+00", 12_345, "12345"), ("# ?/?", 0.5, "0.5"),
        ("[<100]0.0;0", 720.1, "720"), ('[>=10000]0!.0,"万";0', 720.1, "720"), (";;;", 5, UNCLEAR),
        ("[h]:mm", 30.1, UNCLEAR), ('yyyy"年"', DAY, "2013"), ("yyyy", 41547, "2013"),
        ('yyyy"年"m"月"', DAY, "2013-09"),
        ("yyyy.mm", 41547, "2013-09"), ('m"月"', DAY, "9月"), ("yyyy/m/d", DAY, "2013-09-30"),
        ("[$-804]yyyy\"年\"m\"月\"d\"日\"", DAY, "2013-09-30"), ("General", True, "TRUE"),
        (BUILT_IN[57], DAY, "2013-09"), (BUILT_IN[10], 0.5, "50.00%"), ("0.0", 0.25, "0.3"), ("0.0", -0.04, "0.0"),
        ("General", 4.36e-07, "0.000000436"),
    ],
)  # fmt: skip
def test_a_cell_is_what_its_format_shows(code, cell, shown):
    assert show_cell(cell, parse_number_format(code)) == shown


@given(
    st.integers(-(10**9), 10**9), st.integers(0, 3), st.integers(0, 3), st.booleans(), st.integers(0, 2),
    st.sampled_from(["", '"亿元"', r"\家", '"%"', "_ ", "!余"]), st.sampled_from(["", "[Red]", "* ", '"约"']),
)  # fmt: skip
def test_a_format_of_any_parts_shows_what_spreadsheet_programs_show(
    number, scale, least, percent, commas, after, before
):
    value = number / 10**scale
    code = f"{before}#,##0{'.' + '0' * least if least else ''}{',' * commas}{'%' if percent else ''}{after}"
    style = parse_number_format(code)
    exact = Decimal(f"{value:.15g}").scaleb(2 * percent - 3 * commas)
    digits = exact.quantize(Decimal(1).scaleb(-least), ROUND_HALF_UP)
    text = re.sub(r'^_.|["\\!]|_ $', "", after)
    sign, plain = ("-" if digits < 0 else ""), f"{abs(digits):f}"
    assert (
        show_cell(value, style)
        == f"{sign}{'约' if '约' in before else ''}{plain}{'%' if percent else ''}{text.strip()}"
    )
    assert loses_digits(value, style) == (digits != exact)


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


def test_what_is_hidden_is_left_out_and_named():
    def write(workbook):
        table(workbook)
        page = workbook.get_worksheet_by_name("数据")
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(2, 2, None, None, {"hidden": True})
        other = workbook.add_worksheet("旧")
        other.write_row(0, 0, ["名称", "数"])
        other.write_row(1, 0, ["甲", 999])
        other.hide()

    [sheet] = read_sheets(book(write), "file.xlsx")
    assert (sheet.name, sheet.heads, sheet.rows.rows()) == ("数据", ("名称", "数"), [(2, "甲", "552")])
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
