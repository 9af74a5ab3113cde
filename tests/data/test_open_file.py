"""A user's file as it comes: encodings, delimiters, sheets, and files that are no table."""

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest
import xlsxwriter

from data.files.open_file import read_file_bytes, read_sheets
from data.tables.csv_table import read_csv_head
from data.tables.problems import UnreadableFile

TABLE = "地区,指标,2013年\n湘潭高新区,工业总产值,552\n"


def rows(content: bytes, name: str = "file.csv") -> list[tuple]:
    [sheet] = read_sheets(content, name)
    return sheet.rows.rows()


def told(content: bytes, name: str = "file.csv", most: int | None = None) -> tuple[str, str]:
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(content, name, most)
    return caught.value.flaw.zh, caught.value.flaw.en


def book(*sheets: tuple[str, list[list[object]]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as workbook:
        for name, lines in sheets:
            page = workbook.add_worksheet(name)
            for number, line in enumerate(lines):
                page.write_row(number, 0, line)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_is_read_in_each_encoding_and_with_each_delimiter(encoding, mark, end):
    content = TABLE.replace(",", mark).replace("\n", end).encode(encoding)
    [sheet] = read_sheets(content, "file.csv")
    assert sheet.heads == ("地区", "指标", "2013年")
    assert sheet.rows.rows() == [(2, "湘潭高新区", "工业总产值", "552")]


def test_titles_above_the_heads_are_kept_aside_and_rows_keep_the_numbers_of_the_spreadsheet():
    text = "湘潭高新区2013年主要指标,,\n,,单位：亿元\n指标,2012年,2013年\n\n工业总产值,,552\n,,\n财政收入,,17\n"
    [sheet] = read_sheets(text.encode(), "file.csv")
    assert (sheet.heads, sheet.head_row) == (("指标", "2012年", "2013年"), 3)
    assert sheet.above == ("湘潭高新区2013年主要指标", "单位：亿元")
    assert sheet.rows["row"].to_list() == [5, 7]


def test_a_quote_holds_commas_line_breaks_and_doubled_quotes_and_the_next_row_counts_one_further():
    content = b'a,b\n"1,5","x\ny ""z"""\n2,5" pipe\n'
    assert rows(content) == [(2, "1,5", 'x\ny "z"'), (3, "2", '5" pipe')]


def test_a_row_with_more_cells_than_heads_loses_none():
    [sheet] = read_sheets(b"a,b\n1,2\n" + b"3,4\n" * 60 + b"5,6,7\n", "file.csv")
    assert sheet.heads == ("a", "b", "")
    assert sheet.head(2) == "C"
    assert sheet.rows.row(-1) == (63, "5", "6", "7")


def test_an_unclosed_quote_is_refused_with_its_row():
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(b'a,b\n1,2\n"3,4\n5,6\n', "file.csv")
    assert caught.value.flaw.row == 3
    assert "引号没有闭合" in caught.value.flaw.zh


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_the_start_of_a_large_file_has_the_columns_of_the_whole(encoding, ends):
    late = [f"湘潭,{number},," for number in range(20_000)] + ["湘潭,5,备注,x"]
    content = ends.join(["主要指标,,,", "地区,数值,备注,", *late, ""]).encode(encoding)
    start, [whole] = read_csv_head(content), read_sheets(content, "file.csv")
    assert start is not None
    assert (start.heads, start.letters, start.head_row, start.above) == (
        whole.heads, whole.letters, whole.head_row, whole.above,
    )  # fmt: skip
    assert start.rows.height < whole.rows.height == 20_001
    assert start.rows.rows() == whole.rows.head(start.rows.height).rows()


@pytest.mark.parametrize("content", ['a,b\n"1,2\n' + "3,4\n" * 40_000, "a,b\n1,2\n" * 3, "a" * 300_000])
def test_a_start_that_does_not_tell_the_table_is_left_alone(content):
    start = read_csv_head(content.encode())
    assert start is None or (start.heads == ("a", "b") and content.count("\n") == 6)


def test_spaces_around_cells_go_full_width_ones_too():
    assert rows("a,b\n\u3000湘潭 , 5\xa0\n".encode()) == [(2, "湘潭", "5")]


def test_cells_of_a_workbook_are_text_as_their_reader_sees_them():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet("数据")
        percent, day = workbook.add_format({"num_format": "0.0%"}), workbook.add_format({"num_format": "yyyy/m/d"})
        page.write_row(3, 1, ["数", "小数", "增速", "日期", "对错"])
        page.write_row(4, 1, [552, 720.1])
        page.write_number(4, 3, 0.436, percent)
        page.write_datetime(4, 4, datetime(2013, 3, 1), day)
        page.write_boolean(4, 5, True)
    [sheet] = read_sheets(buffer.getvalue(), "file.xlsx")
    assert (sheet.name, sheet.head_row, sheet.letters) == ("数据", 4, ("B", "C", "D", "E", "F"))
    assert sheet.rows.rows() == [(5, "552", "720.1", "43.6%", "2013-03-01", "TRUE")]


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0.00004, "0.00004"), (4.36e-07, "0.000000436"), (1e15, "1000000000000000"), (2.5e16, "25000000000000000")],
)
def test_a_very_small_or_large_number_of_a_workbook_keeps_every_digit(number, shown):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        page.write_row(0, 0, ["园区", "数"])
        page.write_row(1, 0, ["湘潭", number])
    [sheet] = read_sheets(buffer.getvalue(), "file.xlsx")
    assert sheet.rows.rows() == [(2, "湘潭", shown)]


def test_a_cell_merged_over_rows_stands_in_each_of_them():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        page.write_row(0, 0, ["地区", "年份", "数值"])
        page.merge_range(1, 0, 3, 0, "湘潭高新区")
        for row in range(1, 4):
            page.write_row(row, 1, [2010 + row, row])
    [sheet] = read_sheets(buffer.getvalue(), "file.xlsx")
    assert sheet.rows["c0"].to_list() == ["湘潭高新区"] * 3


def test_each_sheet_with_a_table_is_offered_and_empty_ones_and_instructions_are_not():
    table = [["a", "b"], [1, 2]]
    found = read_sheets(book(("一", table), ("空", []), ("说明", [["读我"], ["请读"]]), ("二", table)), "file.xlsx")
    assert [sheet.name for sheet in found] == ["一", "二"]


def test_a_workbook_that_another_program_wrote_is_read_too():
    workbook = openpyxl.Workbook()
    workbook.active.append(["地区", "同比"])
    workbook.active.append(["湘潭高新区", 0.436])
    workbook.active["B2"].number_format = "0.0%"
    buffer = io.BytesIO()
    workbook.save(buffer)
    assert rows(buffer.getvalue()) == [(2, "湘潭高新区", "43.6%")]


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        (b"", "文件是空的", "empty"),
        (b"\xef\xbb\xbf\r\n", "文件是空的", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "已损坏", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "有密码", "password"),
        (b"%PDF-1.7 ...", "PDF", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "图片", "a picture"),
        (b"<html><table><tr><td>1</td></tr></table>", "网页", "web page"),
        (b"PK\x03\x04 broken", "已损坏", "damaged"),
        (bytes(range(1, 256)) * 4, "认不出", "no text"),
        (b"only heads,and no row\n", "没有表格", "no table"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_what_it_is_and_how_to_mend_it(content, zh, en):
    said_zh, said_en = told(content)
    assert zh in said_zh
    assert en in said_en


def test_a_zip_that_is_no_workbook_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("a.csv", TABLE)
    assert "先解压" in told(buffer.getvalue())[0]


def test_a_workbook_that_unpacks_to_much_more_than_it_says_is_refused_before_it_is_read():
    buffer = io.BytesIO(book(("一", [["a", "b"], [1, 2]])))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/bomb.bin", b"\0" * 30_000_000)
    content = bytearray(buffer.getvalue())
    # The directory may lie about sizes: say that the entry unpacks to 10 bytes.
    place = content.rfind(b"PK\x01\x02")
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")
    assert "MB" in told(bytes(content), "file.xlsx", most=1_000_000)[1]


def test_a_stray_cell_at_the_far_end_of_a_sheet_is_refused_and_not_allocated():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet("表")
        page.write_row(0, 0, ["a", "b"])
        page.write(1_048_575, 16_383, "x")
    zh, en = told(buffer.getvalue(), "file.xlsx")
    assert "1,048,576 行、16,384 列" in zh
    assert "stray cell" in en


def test_more_than_the_limit_is_refused_with_its_size_and_the_way_around_before_it_is_read(tmp_path, monkeypatch):
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(201_000_000)
    with pytest.raises(UnreadableFile, match=r"201 MB, at most 200 MB .* PARK_UPLOAD_MB"):
        read_file_bytes(large)
    monkeypatch.setenv("PARK_UPLOAD_MB", "202")
    assert len(read_file_bytes(large)) == 201_000_000
    assert told(TABLE.encode(), most=10)[0].startswith("文件有 0 MB")
