"""Cells mended by hand stand in place of those of the file, and the sheet written with them reads the same again."""

import io

import openpyxl
import polars as pl
import pytest

from data.files.open_file import read_sheets
from data.isolation.mending import mend_sheets, write_sheet

TEXT = "主要指标,,\n单位：亿元,,\n指标,2013年,2014年\n技工贸总收入,720.1,六百\n\n财政收人,17,20.10\n"


def sheets(text=TEXT):
    return read_sheets(text.encode(), "own.csv")


def test_a_mended_cell_stands_in_its_row_and_the_others_stay():
    [mended] = mend_sheets(sheets(), {0: {4: {2: " 600 "}, 6: {0: "财政收入", 2: ""}}})
    assert mended.rows.rows() == [(4, "技工贸总收入", "720.1", "600"), (6, "财政收入", "17", None)]


def test_a_row_without_any_cell_left_is_gone():
    [mended] = mend_sheets(sheets(), {0: {6: {0: "", 1: None, 2: " "}}})
    assert mended.rows["row"].to_list() == [4]


def test_a_column_or_row_that_is_not_there_changes_nothing():
    [mended] = mend_sheets(sheets(), {0: {4: {9: "x"}, 99: {0: "y"}}, 3: {4: {0: "z"}}})
    assert mended.rows.rows() == sheets()[0].rows.rows()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_written_sheet_reads_the_same_again_with_titles_and_row_numbers(suffix):
    [mended] = mend_sheets(sheets(), {0: {4: {2: "600"}}})
    [again] = read_sheets(write_sheet([mended], suffix), f"own.{suffix}")
    assert again.rows.equals(mended.rows)
    assert (again.heads, again.above, again.head_row) == (mended.heads, mended.above, mended.head_row)


def test_a_csv_begins_with_the_byte_order_mark_and_keeps_empty_rows():
    [mended] = mend_sheets(sheets(), {0: {4: {2: "600"}}})
    content = write_sheet([mended], "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines() == [
        "主要指标,,", "单位：亿元,,", "指标,2013年,2014年", "技工贸总收入,720.1,600", ",,", "财政收人,17,20.10",
    ]  # fmt: skip


def test_formulas_are_escaped_in_both_formats():
    [mended] = mend_sheets(sheets(), {0: {4: {0: "=1+1", 1: "-5"}}})
    assert "'=1+1,-5,六百" in write_sheet([mended], "csv").decode("utf-8-sig")
    page = openpyxl.load_workbook(io.BytesIO(write_sheet([mended], "xlsx"))).active
    assert [cell.value for cell in page[4]] == ["'=1+1", -5, "六百"]


def test_a_number_is_written_as_one_only_where_a_workbook_shows_the_same_text():
    [mended] = mend_sheets(sheets(), {0: {4: {1: "007", 2: "12345678901234567"}}})
    page = openpyxl.load_workbook(io.BytesIO(write_sheet([mended], "xlsx"))).active
    assert [cell.value for cell in page[4]] == ["技工贸总收入", "007", "12345678901234567"]
    assert [cell.value for cell in page[6]] == ["财政收人", 17, "20.10"]


def test_a_title_that_finds_no_row_of_its_own_stands_beside_another():
    [sheet] = sheets("甲,乙,丙\n单位：亿元,,\n指标,2013年,2014年\n技工贸总收入,1,2\n".replace("甲,乙,丙", "甲,,丙"))
    [again] = read_sheets(write_sheet([sheet], "csv"), "own.csv")
    assert again.head_row == sheet.head_row
    assert set(again.above) == set(sheet.above)
    assert isinstance(again.rows, pl.DataFrame)
    assert again.rows.equals(sheet.rows)
