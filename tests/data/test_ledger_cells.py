"""Cells of a ledger as people and spreadsheets write them: per cent, errors, months; and the names in complaints."""

import polars as pl
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from data.files.xlsx_pages import Page
from data.ledger import ledger as ledgers
from data.ledger.cells import read_cells
from data.ledger.definition import BrokenLedger, get_sheet_definitions, is_per_cent, takes_per_cent
from data.ledger.workbook import read_ledger_sheet
from data.values.period_search import find_ambiguous_months
from tests.data.test_ledger import changed, content

LAWS = settings(deadline=None)
SHEETS = get_sheet_definitions()
COLUMNS = [(table, column) for table, sheet in SHEETS.items() for column in sheet.columns]
NUMBERS = [one for one in COLUMNS if one[1].kind in ("number", "integer", "percent")]
PER_CENT = [
    ("monthly_return", "growth"), ("step", "share"), ("service_case", "satisfaction"), ("assessment_rule", "weight"),
    ("assessment_rule", "cap"),
]  # fmt: skip
ERRORS = (
    "#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA",
    "#FORMULA!",
)  # fmt: skip


def read_sheet(table, **columns):
    """Read a sheet with these columns only, the texts of each in order."""
    heads = {name: SHEETS[table].column(name).head["zh"] for name in columns}
    cells = {f"c{place}": [heads[name], *columns[name]] for place, name in enumerate(columns)}
    rows, flaws = read_ledger_sheet(Page("", pl.DataFrame(cells), []), SHEETS[table])
    return [row for _number, row in rows], [flaw for flaw in flaws if flaw.row > 1 and flaw.value]


def read_book(change):
    return ledgers.read_ledger_workbook(changed(change), "book.xlsx")


def complaints(change):
    with pytest.raises(BrokenLedger) as caught:
        read_book(change)
    return [flaw for flaw in caught.value.flaws if not flaw.notice]


def told(change):
    return [(flaw.sheet, flaw.row, flaw.column, flaw.value) for flaw in complaints(change)]


def written(cell, text):
    """Write a text into a cell as text, whatever it looks like."""
    cell.value, cell.number_format = text, "@"
    cell.data_type = "s"


# Per cent


def test_the_columns_of_per_cent_are_those_whose_head_or_definition_says_so():
    assert [(table, column.name) for table, column in COLUMNS if is_per_cent(column)] == PER_CENT
    by_row = [(table, column.name) for table, column in COLUMNS if takes_per_cent(column) and not is_per_cent(column)]
    assert by_row == [("target", "value"), ("monthly_plan", "value"), ("monthly_return", "value")]


@LAWS
@given(
    st.sampled_from(NUMBERS), st.decimals(0, 100, places=2).map(lambda number: f"{number.normalize():f}"),
    st.sampled_from(["", "%", "％", " %"]),
)  # fmt: skip
@example(("step", SHEETS["step"].column("share")), "40", "%")
@example(("assessment_rule", SHEETS["assessment_rule"].column("per_point")), "2", "%")
def test_a_sign_of_per_cent_changes_no_number_and_is_refused_where_none_is_meant(of, number, sign):
    table, column = of
    assume(column.kind != "integer" or sign or "." not in number)
    rows, flaws = read_sheet(table, **{column.name: [number + sign]})
    if not sign or takes_per_cent(column):
        assert ([row[column.name] for row in rows], flaws) == ([float(number)], [])
    else:
        assert (rows[0][column.name], [flaw.value for flaw in flaws]) == (None, [number + sign])
        assert "%" in flaws[0].zh


def test_cells_shown_as_per_cent_are_their_number_in_every_column_of_per_cent():
    def change(book):
        for place, share in (("E2", 0.4), ("E3", 0.6)):
            book["节点"][place].value, book["节点"][place].number_format = share, "0%"
        book["效能事项"]["H2"].value, book["效能事项"]["H2"].number_format = 0.9, "0%"
        sheet = book.create_sheet("考核办法")
        sheet.append(["考核项编号", "被考核部门", "目标编号", "权重（分）", "上限%", "公布日期"])
        sheet.append(["K1", "产业局", "M1", 0.4, 1.2, "2025-02-01"])
        for place in ("D2", "E2"):
            sheet[place].number_format = "0%"

    ledger = read_book(change)
    assert ledger.tables["step"]["share"].to_list() == [40, 60]
    assert ledger.tables["service_case"]["satisfaction"].to_list() == [90]
    assert ledger.tables["assessment_rule"].select("weight", "cap").rows() == [(40, 120)]
    assert ledger.notices == ()


def test_fractions_in_a_column_of_per_cent_stay_with_one_remark_unless_one_is_above_1():
    def change(book, second=0.6):
        book["节点"]["E2"], book["节点"]["E3"] = 0.4, second

    ledger = read_book(change)
    assert ledger.tables["step"]["share"].to_list() == [0.4, 0.6]
    [notice] = ledger.notices
    assert (notice.sheet, notice.row, notice.column, notice.value, notice.notice) == ("step", 2, "share", "0.4", True)
    assert "2 格" in notice.zh
    assert "0.4 is 0.4 %" in notice.en
    assert read_book(lambda book: change(book, 60)).notices == ()
    assert read_book(lambda book: change(book, "60%")).notices[0].row == 2  # the sign says what its own cell means
    for bare in (0, None):
        assert read_book(lambda book, bare=bare: book["效能事项"].cell(2, 8, bare)).notices == ()


def test_a_remark_on_a_column_hides_no_defect_of_its_first_cell():
    def change(book):
        sheet = book.create_sheet("考核办法")
        sheet.append(["考核项编号", "被考核部门", "目标编号", "权重", "公布日期"])
        sheet.append(["K1", "产业局", "M1", -0.4, "2025-02-01"])

    assert told(change) == [("assessment_rule", 2, "weight", "K1")]


def test_a_target_of_growth_and_a_rate_take_the_sign_and_a_level_does_not():
    def change(book):
        book["目标"].append(["M2", "经济", "技工贸总收入", 2025, "增长%", "达到", "12%", "产业局", "2025-01-02"])
        book["目标"].append(["M3", "创新", "新产品销售收入占规模工业主营业务收入比重", 2025, "数值", "达到",
                             "30%", "产业局", "2025-01-02"])  # fmt: skip

    assert read_book(change).tables["target"]["value"].to_list() == [12, 12, 30]

    def wrong(book):
        book["目标"]["G2"], book["月报"]["C4"] = "12%", "4.5%"

    assert told(wrong) == [("target", 2, "value", "12%"), ("monthly_return", 4, "value", "4.5%")]


# Errors


@LAWS
@given(st.sampled_from(COLUMNS), st.sampled_from(ERRORS))
@example(("task", SHEETS["task"].column("finished")), "#VALUE!")
@example(("monthly_return", SHEETS["monthly_return"].column("note")), "#FORMULA!")
def test_an_error_is_a_defect_in_every_column_and_never_an_empty_cell(of, error):
    table, column = of
    rows, [flaw] = read_sheet(table, **{column.name: [error]})
    assert rows == [{column.name: None}]
    assert (flaw.sheet, flaw.row, flaw.column, flaw.value, flaw.notice) == (table, 2, column.name, error, False)
    assert flaw.place("zh") == (SHEETS[table].name["zh"], column.head["zh"])
    assert flaw.place("en") == (SHEETS[table].name["en"], column.head["en"])
    saved = ("没有存", "not saved") if error == "#FORMULA!" else ("公式出错", "error of a formula")
    assert saved[0] in flaw.zh
    assert saved[1] in flaw.en


def test_errors_in_a_workbook_are_told_with_their_place_and_a_head_too():
    def change(book):
        written(book["任务"]["L3"], "#VALUE!")
        written(book["月报"]["E4"], "#N/A")
        written(book["节点"]["G2"], "#FORMULA!")
        written(book["效能事项"]["H1"], "#REF!")

    found = complaints(change)
    assert [(flaw.sheet, flaw.row, flaw.column, flaw.value) for flaw in found] == [
        ("monthly_return", 4, "note", "#N/A"), ("task", 3, "finished", "#VALUE!"), ("step", 2, "done", "#FORMULA!"),
        ("service_case", 1, "#REF!", ""),
    ]  # fmt: skip
    assert "公式出错" in found[-1].zh


@pytest.mark.parametrize("text", ["#1 厂房", "见 #REF!", "N/A", "#"])
def test_words_that_only_look_like_an_error_stay_words(text):
    rows, flaws = read_sheet("task", title=[text])
    assert (rows, flaws) == ([{"title": text}], [])


# Months

FORMS = {
    "dash": "{y}-{m:02}", "short dash": "{y}-{m}", "slash": "{y}/{m}", "chinese": "{y}年{m}月",
    "long chinese": "{y}年{m:02}月", "digits": "{y}{m:02}", "point": "{y}.{m:02}", "day": "{y}-{m:02}-01",
    "short point": "{y}.{m}", "short point, word": "{y}.{m}月",
}  # fmt: skip
MONTH = SHEETS["monthly_return"].column("month")


@LAWS
@given(st.lists(st.tuples(st.integers(2020, 2026), st.integers(1, 12), st.sampled_from(sorted(FORMS))), min_size=1))
@example([(2025, 10, "point"), (2025, 9, "point"), (2025, 1, "short point")])
@example([(2025, 1, "short point"), (2025, 2, "short point")])
def test_a_month_is_read_in_every_form_or_refused_where_it_may_be_two(drawn):
    texts = [FORMS[form].format(y=year, m=month) for year, month, form in drawn]
    rows, flaws = read_sheet("monthly_return", month=texts)
    digits = any(form == "short point" and 2 <= month <= 9 for _year, month, form in drawn)
    refused = set()
    for (year, month, form), row in zip(drawn, rows, strict=True):
        text = FORMS[form].format(y=year, m=month)
        late = {f"{year}.{number}" for number in (9, 11, 12)} & set(texts) and f"{year}.10" not in texts
        if month == 1 and form == "short point" and (not digits or late):
            refused.add(text)
            assert row["month"] is None
        else:
            assert row["month"] == f"{year}-{month:02}"
    assert {flaw.value for flaw in flaws} == refused
    for flaw in flaws:
        year = flaw.value[:4]
        assert f"{flaw.value} may be January or October; write {year}-01 or {year}-10" == flaw.en


@LAWS
@given(st.integers(2020, 2026), st.integers(0, 99).filter(lambda month: not 1 <= month <= 12), st.sampled_from("-/."))
def test_what_is_no_month_is_refused(year, month, between):
    for text in (f"{year}{between}{month:02}", f"{year}{month:02}"):
        [(value, wrong)] = read_cells([text], MONTH).values()
        assert (value, wrong and wrong[0]) == (None, text)


@pytest.mark.parametrize(
    "text", ["20251", "2025", "2025.001", "2025.1.", "2025-1-", "202501月", "1月", "25.10", "2025.1%"]
)
def test_a_month_that_lacks_a_part_or_has_one_too_many_is_refused(text):
    assert read_cells([text], MONTH)[text][0] is None


@LAWS
@given(st.permutations([f"2025.{month}" for month in range(2, 10)]), st.integers(1, 8))
def test_a_column_of_numbers_whose_october_lost_its_zero_is_never_january(shown, count):
    late = "2025.9" in shown[:count]
    assert find_ambiguous_months({*shown[:count], "2025.1"}) == ({"2025.1"} if late else set())


def test_a_month_typed_as_a_number_is_told_with_its_sheet_row_and_both_months():
    def change(book):
        for place, text in (("B2", "2025.02"), ("B3", "2025.03"), ("B4", "2025.1")):
            written(book["月报"][place], text)

    [flaw] = complaints(change)
    assert flaw.describe("zh") == (
        "“月报”表，第 4 行，月份：'2025.1'：2025.1 可能是 1 月，也可能是 10 月；请写成 2025-01 或 2025-10"
    )


# What a complaint calls things


def test_complaints_name_departments_tasks_and_projects_as_the_office_does():
    def change(book):
        book["任务"]["N2"] = "D1"  # the code, and still told by name
        book["项目"]["E2"], book["项目"]["F2"] = "督查办", "L1；主任"
        book["任务"]["E3"] = None

    with pytest.raises(BrokenLedger) as caught:
        read_book(change)
    assert {(flaw.sheet, flaw.column, flaw.value) for flaw in caught.value.flaws} == {
        ("task", "assessor_id", "产业局"), ("task", "target_id", "清欠"), ("project", "department_id", "督查办"),
        ("project", "leaders", "主任; 主任"),
    }  # fmt: skip


def test_a_code_stands_behind_a_name_that_two_bear():
    def change(book):
        book["任务"]["C2"] = "清欠"
        book["任务"]["E2"] = book["任务"]["E3"] = None
        book["目标"].append(["M2", "经济", "财政收入", 2025, "数值", "达到", 13, "产业局", "2025-01-02"])

    with pytest.raises(BrokenLedger) as caught:
        read_book(change)
    assert [(flaw.sheet, flaw.value) for flaw in caught.value.flaws] == [
        ("target", "财政收入 2025 (M1)"), ("target", "财政收入 2025 (M2)"), ("task", "清欠 (R1)"),
        ("task", "清欠 (R2)"),
    ]  # fmt: skip


def test_what_stands_twice_is_told_by_the_name_of_its_indicator_or_task():
    def change(book):
        book["月报"]["A3"], book["月报"]["B3"] = "fiscal_revenue", "2025-02"
        book["节点"]["B3"] = 1

    assert [flaw.value for flaw in complaints(change) if "重复" in flaw.zh] == ["财政收入, 2025-02"] * 2 + [
        "走访企业, 1"
    ] * 2


# Months that are missing


def plan(*months):
    def change(book):
        sheet = book.create_sheet("月计划")
        sheet.append(["指标", "月份", "计划累计数", "批准日期"])
        for month in months:
            sheet.append(["财政收入", f"2025-{month:02}", month, "2025-01-06"])

    return change


@pytest.mark.parametrize(
    ("months", "row", "lacking"),
    [
        ((2, 3, 6, 8, 12), 4, "2025-04–2025-05, 2025-07, 2025-09–2025-11"),
        ((2, 3, 4, 6, 7), 5, "2025-05, 2025-08–2025-12"),
        ((4, 5, 6, 7, 8, 9, 10, 11, 12), 2, "2025-02–2025-03"),
        ((12, 2), 2, "2025-03–2025-11"),
    ],
)
def test_a_plan_with_a_gap_lists_all_the_months_that_it_lacks(months, row, lacking):
    [flaw] = complaints(plan(*months))
    assert (flaw.sheet, flaw.row, flaw.column) == ("monthly_plan", row, "month")
    assert f"缺 {lacking}；" in flaw.zh
    assert f"missing: {lacking};" in flaw.en


@pytest.mark.parametrize(
    ("months", "lacking"),
    [((2, 3, 4), "2025-05–2025-12"), (range(1, 12), "2025-12"), ((1,), "2025-02–2025-12"), (range(2, 13), None)],
)
def test_a_plan_that_ends_early_is_loaded_with_a_remark_of_what_it_lacks(months, lacking):
    notices = read_book(plan(*months)).notices
    assert [lacking in notice.zh and lacking in notice.en for notice in notices] == [True] * (lacking is not None)


def test_returns_lack_only_what_lies_before_the_last_of_them():
    def change(book):
        book["月报"]["B4"], book["月报"]["D4"] = "2025-07", "2025-08-05"

    [flaw] = complaints(change)
    assert (flaw.row, flaw.value) == (4, "2025-07")
    assert "缺 2025-04–2025-06；" in flaw.zh


# The workbook to fill in


def test_heads_with_a_unit_in_brackets_are_read_like_those_without():
    def change(book):
        book["月报"]["C1"], book["目标"]["G1"] = "累计完成数（指标单位）", "目标值 (亿元)"

    assert ledgers.read_ledger_workbook(changed(change), "heads.xlsx").version == (
        ledgers.read_ledger_workbook(content("in_order"), "in_order.xlsx").version
    )
