"""Sheets of a ledger as offices keep them: old files, heads, hidden parts, formats, numbers, names that two share."""

import duckdb
import pytest
import xlwt

from data.ledger import ledger as ledgers
from data.ledger.cells import read_cells
from data.ledger.definition import get_number_digits, get_sheet_definitions, read_ledger_schema
from tests.data.test_batches import command
from tests.data.test_ledger import content
from tests.data.test_ledger_cells import complaints, read_book, read_sheet, told

SHEETS = get_sheet_definitions()


def unchanged(change):
    """Whether a workbook holds the same rows after a change."""
    return read_book(change).version == ledgers.read_ledger_workbook(content("in_order"), "in_order.xlsx").version


def remarks(change):
    return [(flaw.sheet, flaw.row, flaw.column, flaw.zh) for flaw in read_book(change).notices]


# Files


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_ledger_in_an_old_xls_is_known_as_one_and_told_what_to_do(lang, tmp_path):
    book = xlwt.Workbook()
    for name in ("说明", "园区", "任务"):
        book.add_sheet(name).write(0, 0, "园区代码")
    book.save(str(tmp_path / "ledger.xls"))
    done = command(tmp_path / "ledger.xls", "--check", "--lang", lang)
    said = {"zh": "这是旧格式 .xls", "en": "this is an old .xls"}[lang]
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr


# Heads


@pytest.mark.parametrize(
    ("table", "place", "head"),
    [
        ("月报", "C1", "累计完成数（指标单位）"), ("月报", "C1", "累计完成数 (unit of the indicator)"),
        ("月报", "C1", "累计完成数(亿元)"), ("目标", "G1", "目标值（指标单位，增长为％）"),
        ("目标", "G1", "目标值（亿元）"),
    ],
)  # fmt: skip
def test_a_head_takes_the_bracket_of_the_empty_workbook_or_the_unit_of_all_its_rows(table, place, head):
    assert unchanged(lambda book: book[table].__setitem__(place, head))


@pytest.mark.parametrize("bracket", ["万元", "上年同期", "元", "分"])
def test_a_bracket_that_is_not_the_unit_of_the_rows_is_a_flaw_of_its_head(bracket):
    [flaw] = complaints(lambda book: book["月报"].__setitem__("C1", f"累计完成数（{bracket}）"))
    assert (flaw.sheet, flaw.row, flaw.column, flaw.value) == ("monthly_return", 1, "value", bracket)
    assert "第 2 行的单位是亿元" in flaw.zh
    assert "100 million yuan" in flaw.en


def test_a_unit_that_holds_for_some_rows_alone_is_a_flaw():
    def change(book):
        book["目标"]["G1"] = "目标值（亿元）"
        book["目标"].append(["M2", "经济", "技工贸总收入", 2025, "增长%", "达到", 12, "产业局", "2025-01-02"])

    assert told(change) == [("target", 1, "value", "亿元")]


def test_a_head_without_a_unit_in_the_empty_workbook_takes_no_bracket():
    assert ("task", 1, "承办部门（全称）", "") in told(lambda book: book["任务"].__setitem__("G1", "承办部门（全称）"))


def test_a_column_with_cells_and_no_head_is_named_by_its_letter():
    def change(book):
        book["月报"]["E1"], book["月报"]["E3"] = None, "数据修订"

    assert told(change) == [("monthly_return", 1, "E", "")]
    assert unchanged(lambda book: book["月报"].__setitem__("H1", None))


# Numbers


def formatted(place, value, style, sheet="月报"):
    def change(book):
        book[sheet][place].value, book[sheet][place].number_format = value, style

    return change


@pytest.mark.parametrize(
    ("value", "style", "read"),
    [(5.16, "0.0", 5.16), (1234.56, "#,##0", 1234.56), (5.16, "General", 5.16), (5.16, "0.000", 5.16)],
)
def test_a_number_counts_with_all_its_digits_whatever_its_format_shows(value, style, read):
    ledger = read_book(formatted("C4", value, style))
    assert (ledger.tables["monthly_return"]["value"][2], ledger.notices) == (read, ())


@pytest.mark.parametrize(("style", "value"), [("0%", 0.4567), ("0.0\\%", 45.67)])
def test_a_per_cent_counts_with_all_its_digits(style, value):
    ledger = read_book(formatted("H2", value, style, "效能事项"))
    assert ledger.tables["service_case"]["satisfaction"].to_list() == [45.67]


@pytest.mark.parametrize("style", ["0.0,", "#,##0.0,,", "0!.0000"])
def test_a_format_that_shows_another_magnitude_is_refused(style):
    [flaw] = [flaw for flaw in complaints(formatted("C4", 58160, style)) if "格式" in flaw.zh]
    assert (flaw.sheet, flaw.row, flaw.column) == ("monthly_return", 4, "累计完成数")


def test_numbers_with_more_decimals_than_are_kept_are_rounded_with_one_remark():
    def change(book):
        book["月报"]["C3"], book["月报"]["C4"] = 2.500049, 5.123456

    assert read_book(change).tables["monthly_return"]["value"].to_list()[1:] == [2.5, 5.1235]
    assert remarks(change) == [
        ("monthly_return", 3, "value", "有 2 个数超过 4 位小数，已四舍五入到 4 位，首个在第 3 行")
    ]


@pytest.mark.parametrize(
    ("table", "name"),
    [
        (table, one.name)
        for table, sheet in SHEETS.items()
        for one in sheet.columns
        if one.kind in ("number", "percent")
    ],
)
def test_no_number_is_larger_than_what_is_kept_holds(table, name):
    whole, decimals = get_number_digits()[name]
    column = SHEETS[table].column(name)
    for text in ("1" + "0" * whole, "-1" + "0" * whole, "9" * whole + ".99999", "9" * 40):
        assert read_cells([text], column)[text][0] is None
    text = "99.99" if column.kind == "percent" else "9" * whole
    [value] = [answer for answer, _wrong in read_cells([text], column).values()]
    kind = f"decimal({whole + decimals}, {decimals})"
    assert f"{name} {kind}" in read_ledger_schema()
    assert duckdb.sql(f"select {value}::double::{kind}").fetchall()


def test_a_number_that_is_too_large_is_told_before_anything_is_kept():
    [flaw] = complaints(lambda book: book["月报"].__setitem__("C4", "1" + "0" * 20))
    assert (flaw.row, flaw.column, flaw.zh[:2]) == (4, "value", "数太")


# Cells


@pytest.mark.parametrize("text", ["#ERROR!", "#FORMAT!"])
def test_what_stands_for_a_cell_that_cannot_be_read_is_no_text(text):
    rows, [flaw] = read_sheet("monthly_return", note=[text])
    assert (rows, flaw.value) == ([{"note": None}], text)


@pytest.mark.parametrize("text", ["2024-02-30", "2024年2月30日", "2023-02-29", "2024-04-31"])
def test_a_day_that_does_not_exist_is_no_month(text):
    assert read_sheet("monthly_return", month=[text])[0] == [{"month": None}]
    assert read_sheet("monthly_return", month=["2024-02-29"])[0] == [{"month": "2024-02"}]


# Names


def test_a_name_that_two_share_is_refused_with_the_codes_and_a_code_is_not():
    def change(book):
        book["领导"]["C2"] = book["领导"]["C3"] = book["任务"]["H2"] = "Deputy"
        book["任务"]["H3"] = "L2"

    [flaw] = complaints(change)
    assert (flaw.sheet, flaw.row, flaw.column, flaw.value) == ("task", 2, "leader_id", "Deputy")
    assert flaw.zh == "这个名称有几个：L1、L2。请改写代码"
    assert flaw.en == "several bear this name: L1, L2; write the code instead"


# What its reader does not see


def test_hidden_sheets_rows_and_columns_are_read_with_a_remark():
    def change(book):
        book["任务"].sheet_state = "hidden"
        book["月报"].row_dimensions[3].hidden = True
        book["月报"].column_dimensions["D"].hidden = True
        book["月报"].row_dimensions[90].hidden = True
        book["月报"].column_dimensions["Z"].hidden = True

    assert unchanged(change)
    assert [(sheet, said.split("，")[0]) for sheet, _row, _column, said in remarks(change)] == [
        ("monthly_return", "有 1 列是隐藏的（D）"), ("monthly_return", "有 1 行是隐藏的（第 3 行起）"),
        ("task", "这张表是隐藏的"),
    ]  # fmt: skip
