"""Rows of a user's file: what is accepted, what is refused and with which words, in both encodings."""

import io
from dataclasses import replace
from decimal import Decimal

import duckdb
import polars as pl
import pytest
import xlsxwriter

from data.database import session, shape
from data.database.constraints import CODE_COLUMNS
from data.database.source_files import make_enum_types
from data.files.open_file import read_sheets
from data.intake.provenance import Origin, add_provenance, get_utc_now
from data.intake.reader import SheetReading, make_refused_csv, make_refused_table, read_mapped_sheet
from data.intake.templates import EXAMPLE_MARKS, make_csv_template, make_xlsx_template
from data.layouts.blocks import arrange_tables
from data.layouts.fields import TABLES, get_fields
from data.layouts.guessing import guess_mapping
from data.values.numbers import parse_growths, parse_numbers
from data.values.period_search import find_periods
from data.values.periods import parse_period
from data.values.vocabulary import read_vocabulary
from queries.database.engine import open_cursor
from queries.database.query_files import read_query
from tests.tools.make_own import BROKEN, FILES, SAID


@pytest.fixture(scope="module")
def known(park_database):
    with open_cursor() as connection:
        return read_vocabulary(connection)


def read(text: str | bytes, known, name: str = "file.csv") -> SheetReading:
    """What a file with one sheet holds, as guessed."""
    content = text.encode() if isinstance(text, str) else text
    [sheet] = read_sheets(content, name)
    return read_mapped_sheet(sheet, guess_mapping(sheet, known), known)


def figures(found: SheetReading) -> list[tuple]:
    return found.accepted.select(
        "park_id", "indicator_id", "period", "value_text", "unit_id", "bound", "growth_text"
    ).rows()


# Defects


def test_every_tiny_broken_file_has_its_test():
    assert {path.name.partition(".")[0] for path in BROKEN.glob("*.csv")} == set(FILES) == set(SAID)


@pytest.mark.parametrize("encoding", ["", ".gb18030"])
@pytest.mark.parametrize("defect", FILES)
def test_a_defect_is_told_with_row_column_value_rule_and_mend_in_both_languages(defect, encoding, known):
    found = read((BROKEN / f"{defect}{encoding}.csv").read_bytes(), known)
    told = [(flaw.row, flaw.column, flaw.value) for flaw in found.flaws()]
    assert told == [(row, column, value) for row, column, value, _, _ in SAID[defect]]
    for flaw, (_, _, _, zh, en) in zip(found.flaws(), SAID[defect], strict=True):
        assert zh in flaw.zh
        assert en in flaw.en
    lines = len(FILES[defect][1])
    bad = len({row for row, *_ in SAID[defect]})
    good = 0 if defect == "no_value_column" else lines - bad
    assert (found.rows_accepted, found.rows_refused, found.read) == (good, lines - good, lines)


@pytest.mark.parametrize("defect", ["unknown_place", "serial_number_of_a_date", "unit_told_twice"])
def test_the_same_defect_in_a_workbook_is_told_in_the_same_place(defect, known):
    heads, lines = FILES[defect]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet("数据")
        for number, line in enumerate([heads, *lines]):
            page.write_row(number, 0, line.split(","))
    found = read(buffer.getvalue(), known, "file.xlsx")
    assert [(flaw.sheet, flaw.row, flaw.column, flaw.value) for flaw in found.flaws()] == [
        ("数据", *SAID[defect][0][:3])
    ]


def test_a_refused_row_comes_back_with_its_own_cells_its_number_and_its_reasons(known):
    found = read(
        "地区,指标,时期,数值,单位\n火星,工业总产值,13年,=1+1,亿元\n湘潭高新区,工业总产值,2013,-5,亿元\n", known
    )
    table = make_refused_table(found, "zh")
    assert table.columns == ["地区", "指标", "时期", "数值", "单位", "原行号", "原因"]
    assert table.row(0)[:6] == ("火星", "工业总产值", "13年", "=1+1", "亿元", 2)
    assert "地区：目录里没有这个地区" in table["原因"][0]
    assert "时期：年份要写四位数" in table["原因"][0]
    assert make_refused_table(found, "en").columns[-2:] == ["row in the file", "reason"]
    text = make_refused_csv(found, "zh")
    assert text.startswith("\ufeff".encode())
    assert "'=1+1" in text.decode()


def test_a_refused_file_is_mended_and_read_again_without_a_defect(known):
    found = read("地区,指标,时期,数值,单位\n湘潭高新区,工业总产值,13年,552,亿元\n", known)
    mended = make_refused_csv(found, "zh").decode().replace("13年", "2013年", 1)
    again = read(mended, known)
    assert figures(again) == [("xthtz", "industrial_output", "2013", "552", "yi_cny", "none", None)]


# Names, numbers, periods


@pytest.mark.parametrize(("place", "indicator"), [("全国", "地区生产总值"), ("湘潭市", "就业"), ("湘潭市", "R&D")])
def test_a_word_that_is_good_for_searching_and_too_wide_for_a_cell_is_asked_about(place, indicator, known):
    found = read(f"地区,指标,时期,数值,单位\n{place},{indicator},2013,5,亿元\n", known)
    [flaw] = found.flaws()
    assert (found.accepted.height, flaw.zh.startswith("可能是")) == (0, True)


def test_rows_of_a_bureau_that_hold_spans_and_growths_in_their_names_become_one_figure_each(known):
    text = "数据库：分省月度数据\n地区：湖南省\n指标,2014年3月,2014年2月\n社会消费品零售总额累计值(亿元),2300,1500\n"
    text += "社会消费品零售总额_累计增长(%),12.1,11.8\n社会消费品零售总额当期值(亿元),800,\n数据来源：国家统计局\n"
    found = read(text, known)
    assert [(row[2], row[3], row[6]) for row in figures(found)] == [
        ("2014-01/2014-03", "2300", "12.1"), ("2014-01/2014-02", "1500", "11.8"), ("2014-03", "800", None),
    ]  # fmt: skip
    assert [flaw.zh.startswith("2 个增速在单独的行里") for flaw in found.notices] == [True]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("xthtz", "xthtz"), ("湘潭高新区", "xthtz"), ("湘潭高新技术产业开发区", "xthtz"), ("Xiangtan High-tech Zone",
        "xthtz"),
        (" 湘潭　高新区 ", "xthtz"), ("湘潭国家高新区", "xthtz"), ("湘潭", "xiangtan"), ("湘潭市", "xiangtan"),
        ("麓谷", "cshtz"),
        ("湖南", "hunan"), ("XIANGTAN CITY", "xiangtan"), ("湘西州", "xiangxi"),
    ],
)  # fmt: skip
def test_a_place_is_known_by_code_name_alias_and_without_its_last_word(word, code, known):
    found = read(f"地区,指标,时期,数值,单位\n{word},工业总产值,2013,5,亿元\n", known)
    assert found.accepted["park_id"].to_list() == [code]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("total_revenue", "total_revenue"), ("技工贸总收入", "total_revenue"), ("技工贸总收入（亿元）",
        "total_revenue"),
        ("GDP", "gdp"), ("Gross industrial output", "industrial_output"), ("规模工业总产值",
        "industrial_output_above_scale"),
    ],
)  # fmt: skip
def test_an_indicator_is_known_by_code_name_and_alias(word, code, known):
    found = read(f"地区,指标,时期,数值,单位\n湘潭高新区,{word},2013,5,亿元\n", known)
    assert found.accepted["indicator_id"].to_list() == [code]


@pytest.mark.parametrize(
    ("cell", "value", "text", "bound", "unit"),
    [
        ("720.1", "720.1", "720.1", "none", ""), ("552.0", "552", "552.0", "none", ""),
        ("1,234.5", "1234.5", "1234.5", "none", ""), ("１２３．４", "123.4", "123.4", "none", ""),
        (" 12 ", "12", "12", "none", ""), ("-3.5", "-3.5", "-3.5", "none", ""), ("－3.5", "-3.5", "-3.5", "none", ""),
        ("(12.3)", "-12.3", "-12.3", "none", ""), ("190余", "190", "190余", "more_than", ""),
        ("5000余家", "5000", "5000余", "more_than", "家"), ("1000亿元以上", "1000", "1000以上", "at_least", "亿元"),
        ("近40", "40", "近40", "about", ""), ("约6%", "6", "约6", "about", "%"), ("100左右", "100", "100左右",
        "about", ""),
        ("突破2000亿元", "2000", "突破2000", "exceeded", "亿元"), ("预计1700", "1700", "1700", "expected", ""),
        ("720.1亿元", "720.1", "720.1", "none", "亿元"), ("13.4万㎡", "13.4", "13.4", "none", "万m2"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(cell, value, text, bound, unit):
    row = parse_numbers(pl.Series([cell, "x"])).row(0, named=True)
    assert row["value"] == Decimal(value)
    assert (row["text"], row["bound"], row["unit"], row["problem"]) == (text, bound, unit, "")


@pytest.mark.parametrize("cell", ["", " ", "-", "—", "——", "/", "n/a", "N/A", "未公布", "无", "…", None])
def test_a_word_for_missing_is_no_number_and_no_defect(cell):
    for found in (parse_numbers(pl.Series([cell, "x"])), parse_growths(pl.Series([cell, "x"]))):
        assert (found["value"][0], found["problem"][0]) == (None, "")


@pytest.mark.parametrize(
    ("cell", "text"),
    [("43.6", "43.6"), ("43.6%", "43.6"), ("下降3.2%", "-3.2"), ("同比增长 12.5%", "12.5"), ("+5", "5"), ("↓3", "-3")],
)
def test_a_growth_is_read_as_people_write_it(cell, text):
    assert parse_growths(pl.Series([cell, "x"]))["text"][0] == text


@pytest.mark.parametrize("cells", [["12.3%", None, "-3.25%", "4"], ["0.5%", "00.5%", "-0.0%"], ["7", "1.25"]])
def test_growths_that_are_all_plain_are_read_like_those_beside_others(cells):
    alone, beside = parse_growths(pl.Series(cells)), parse_growths(pl.Series([*cells, "下降3.2%"])).head(len(cells))
    assert alone.drop("marked").equals(beside.drop("marked"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2013", "2013"), ("2013年", "2013"), ("2013年度", "2013"), ("2013年全年", "2013"), ("截至2013年底", "2013"),
        ("2013年1-12月", "2013"), ("2013年3月", "2013-03"), ("2013-03", "2013-03"), ("2013/3/1", "2013-03"),
        ("201303", "2013-03"), ("20130301", "2013-03"), ("2013.3", "2013-03"), ("２０１３年３月", "2013-03"),
        ("2013年1—2月", "2013-01/2013-02"), ("2013年1-9月累计", "2013-01/2013-09"), ("2013年上半年", "2013-01/2013-06"),
        ("2013年前三季度", "2013-01/2013-09"), ("2013年一季度", "2013-01/2013-03"), ("2013年第3季度",
        "2013-07/2013-09"),
        ("2013Q1", "2013-01/2013-03"), ("Jan-Feb 2014", "2014-01/2014-02"), ("2013-01/2013-06", "2013-01/2013-06"),
    ],
)  # fmt: skip
def test_a_period_is_read_as_people_write_it(text, code):
    assert parse_period(text).code == code


def test_a_period_in_a_title_is_found():
    assert find_periods("湘潭高新区2013年1—9月主要经济指标") == ["2013年1—9月"]
    assert find_periods("主要经济指标") == []


def test_year_and_month_may_stand_in_two_columns(known):
    found = read(
        "园区,年份,月份,指标,累计(亿元)\n湘潭高新区,2014,1-2月,工业总产值,80\n湘潭高新区,2014,3,工业总产值,120\n", known
    )
    assert [row[2] for row in figures(found)] == ["2014-01/2014-02", "2014-01/2014-03"]


def test_days_at_the_end_of_years_are_taken_as_years_and_the_notice_says_so(known):
    found = read(
        "园区,日期,指标,数值,单位\n湘潭高新区,2013-12-31,工业总产值,80,亿元\n湘潭高新区,2014-12-31,工业总产值,9,亿元\n",
        known,
    )
    assert [row[2] for row in figures(found)] == ["2013", "2014"]
    assert ["按全年理解" in flaw.zh for flaw in found.notices] == [True]


# Shapes of tables


def test_one_column_a_year_with_the_growth_beside_it_becomes_one_row_a_figure(known):
    text = (
        "湘潭高新区主要指标,,,\n单位：亿元,,,\n指标,2012年,2013年,增速(%)\n工业总产值,422.7,552,30.6\n"
        "财政收入,—,17,18.2\n"
    )
    found = read(text, known)
    assert figures(found) == [
        ("xthtz", "industrial_output", "2012", "422.7", "yi_cny", "none", None),
        ("xthtz", "industrial_output", "2013", "552", "yi_cny", "none", "30.6"),
        ("xthtz", "fiscal_revenue", "2013", "17", "yi_cny", "none", "18.2"),
    ]
    assert (found.rows_accepted, found.rows_refused, found.skipped, found.read) == (2, 0, 0, 2)


def test_one_column_an_indicator_with_its_unit_in_the_head(known):
    text = "园区,年份,工业总产值（亿元）,工业总产值增速（%）,专利申请(项)\n湘潭高新区,2013,552,30.6,302\n"
    assert figures(read(text, known)) == [
        ("xthtz", "industrial_output", "2013", "552", "yi_cny", "none", "30.6"),
        ("xthtz", "patent_applications", "2013", "302", "application", "none", None),
    ]


def test_a_guess_can_be_changed_and_what_is_missing_is_named(known):
    [sheet] = read_sheets("甲,乙,丙\n湘潭高新区,工业总产值,552\n".encode(), "file.csv")
    mapping = guess_mapping(sheet, known)
    assert [one.name for one in mapping.lacking] == ["park", "indicator", "period", "value"]
    mapping = mapping.changed(
        columns={"park": 0, "indicator": 1, "value": 2}, fixed={"period": "2013年", "unit": "亿元"}
    )
    assert mapping.lacking == ()
    found = read_mapped_sheet(sheet, mapping, known)
    assert figures(found) == [("xthtz", "industrial_output", "2013", "552", "yi_cny", "none", None)]


def test_rows_without_a_number_are_skipped_and_counted_not_refused(known):
    found = read("地区,指标,时期,数值,单位\n湘潭高新区,工业总产值,2013,—,亿元\n火星,工业总产值,2013,,亿元\n", known)
    assert (found.rows_accepted, found.rows_refused, found.skipped) == (0, 0, 2)


def test_a_growth_alone_is_a_figure_in_the_usual_unit(known):
    found = read("地区,指标,时期,数值,单位,同比\n湘潭高新区,工业总产值,2013,,,30.6\n", known)
    assert figures(found) == [("xthtz", "industrial_output", "2013", None, "yi_cny", "none", "30.6")]


def test_the_same_figure_twice_is_taken_once_with_a_notice(known):
    line = "湘潭高新区,工业总产值,2013,552,亿元\n"
    found = read(f"地区,指标,时期,数值,单位\n{line}{line}", known)
    assert found.accepted.height == 1
    assert "1 个数与前面的完全相同" in found.notices[0].zh


def test_growth_that_looks_like_a_share_is_taken_as_written_and_the_notice_says_so(known):
    lines = "".join(f"湘潭高新区,工业总产值,{year},552,亿元,0.{year % 1000}\n" for year in (2012, 2013, 2014))
    found = read(f"地区,指标,时期,数值,单位,同比\n{lines}", known)
    assert "0.12 就是 0.12%" in found.notices[0].zh
    assert found.accepted["growth_text"].to_list() == ["0.12", "0.13", "0.14"]


def test_a_number_of_many_decimals_is_rounded_to_four_and_counted(known):
    found = read("地区,指标,时期,数值,单位\n湘潭高新区,工业总产值,2013,1.23455,亿元\n", known)
    assert (found.accepted["value_text"][0], found.accepted["decimals"][0]) == ("1.2346", 4)
    assert "1 个数的小数超过四位" in found.notices[0].zh


def test_a_unit_is_kept_as_given_and_one_word_fits_the_indicator(known):
    text = (
        "地区,指标,时期,数值,单位\n湘潭高新区,工业总产值,2013,5520000,万元\n湘潭高新区,获批国家高新技术企业,2013,8,家\n"
    )
    rows = figures(read(text, known))
    assert [(row[3], row[4]) for row in rows] == [("5520000", "wan_cny"), ("8", "enterprise")]


def test_a_target_says_its_kind_strength_and_comparison_in_its_words(known):
    text = (
        "地区,指标,年度,目标值,单位\n湘潭高新区,技工贸总收入,2014,力争增长40%以上,\n湘潭高新区,专利申请,2014,约300,项\n"
    )
    rows = read(text, known).accepted.select("measure", "comparator", "strength", "value_text", "unit_id").rows()
    assert rows == [
        ("growth", "at_least", "strive", "40以上", "percent"),
        ("level", "about", "goal", "约300", "application"),
    ]


# Templates


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("table", TABLES)
def test_a_template_reads_back_without_a_defect_and_its_example_is_left_out(table, lang, known):
    for content in (make_csv_template(table, lang), make_xlsx_template(table, lang, known)):
        [sheet] = read_sheets(content, "template")
        mapping = guess_mapping(sheet, known)
        left = {"year", "month"} if table == "observation" else set()
        assert mapping.table == table
        assert set(mapping.columns) >= {one.name for one in get_fields(table)} - left
        found = read_mapped_sheet(sheet, mapping, known)
        assert (found.read, found.accepted.height, found.defects.height) == (0, 0, 0)
        unmarked = sheet.rows.with_columns(
            pl.when(pl.col(pl.String).is_in(list(EXAMPLE_MARKS.values())))
            .then(None)
            .otherwise(pl.col(pl.String))
            .name.keep()
        )
        found = read_mapped_sheet(replace(sheet, rows=unmarked), mapping, known)
        assert (found.accepted.height, found.flaws()) == (1, [])


@pytest.mark.parametrize(("heads", "cells"), [("2012年,2013年", "422.7,552"), ("2013年,2012年", "552,422.7")])
def test_a_growth_behind_two_years_is_that_of_the_later_one(heads, cells, known):
    text = f"湘潭高新区,,,,\n指标,单位,{heads},增速(%)\n工业总产值,亿元,{cells},30.6\n"
    assert sorted((row[2], row[6]) for row in figures(read(text, known))) == [("2012", None), ("2013", "30.6")]


def test_units_in_a_row_of_their_own_below_the_heads_are_those_of_their_columns(known):
    text = "湘潭市,,\n年份,地区生产总值,进出口总额\n,亿元,亿美元\n2013,1443.1,25\n"
    [sheet] = arrange_tables(read_sheets(text.encode(), "file.csv"), known)
    found = read_mapped_sheet(sheet, guess_mapping(sheet, known), known)
    assert [row[3:5] for row in figures(found)] == [("1443.1", "yi_cny"), ("25", "yi_usd")]


@pytest.mark.parametrize("period", ["2013年1—9月", "2013年9月累计", "2013年9月", "2013年第三季度", "截至2013年9月底"])
def test_a_stock_keeps_the_month_in_which_its_span_ends(period, known):
    found = read(f"地区,指标,时期,数值,单位\n湘潭高新区,高新技术企业数,{period},88,家\n", known)
    assert [row[1:4] for row in figures(found)] == [("hightech_enterprises", "2013-09", "88")]


# A reader's own database


def test_the_questions_of_the_pages_answer_over_own_rows_in_memory(known):
    found = read("地区,指标,时期,数值,单位\n湘潭高新区,工业总产值,2013,552.5,亿元\n", known)
    target = read("地区,指标,年度,目标值,单位\n湘潭高新区,工业总产值,2014,700,亿元\n", known)
    origin = Origin("mine.csv", "ab" * 32, get_utc_now())
    sql = {name: read_query(name) for name in ("observations", "targets")}
    with open_cursor() as base:
        wanted = base.sql(
            sql["observations"],
            params={
                "theme": None,
                "indicators": [],
                "parks": None,
                "first": None,
                "last": None,
                "evidence": None,
                "asof": None,
                "lang": "zh",
            },
        ).pl()
        own = session.build_session_database(add_provenance([found, target], origin), base)
    with own:
        rows = own.sql(
            sql["observations"],
            params={
                "theme": None,
                "indicators": None,
                "parks": None,
                "first": None,
                "last": None,
                "evidence": None,
                "asof": None,
                "lang": "zh",
            },
        ).pl()
        aims = own.sql(sql["targets"], params={"lang": "en", "asof": None}).pl()
    assert rows.schema == wanted.schema
    [row] = rows.rows(named=True)
    assert (row["value_text"], row["low"], row["high"], row["evidence"]) == ("552.5", 552.45, 552.55, "own")
    assert (row["source_title"], row["locator"], row["publisher"]) == ("mine.csv", "第 2 行", "自有数据")
    assert row["observation_id"] == "own-abababab-1-2"
    [aim] = aims.rows(named=True)
    assert (aim["target_id"], aim["value_text"], aim["locator"]) == ("own-abababab-2-2", "700", "row 2")


def test_a_park_and_an_indicator_of_an_own_file_are_known_to_the_next(known):
    parks = read("代码,名称,类别\nmy_park,某某高新区,高新区\n", known)
    known = known.with_rows("park", parks.accepted)
    added = read("代码,名称,方面,单位,统计方式\ncharging,充电桩,民生,个,时点\n", known)
    known = known.with_rows("indicator", added.accepted)
    found = read("地区,指标,时期,数值\n某某高新区,充电桩,2024,120\n", known)
    assert figures(found) == [("my_park", "charging", "2024", "120", "item", "none", None)]


def test_a_monthly_report_with_its_period_in_the_title_gives_the_month_and_what_is_cumulated(known):
    text = (
        "湘潭高新区2014年1—9月主要经济指标,,,,\n序号,指标名称,计量单位,本月,累计,同比增长（%）\n"
        "1,技工贸总收入,亿元,61.2,512.3,—\n注：快报数。,,,,,\n"
    )
    found = read(text, known)
    assert figures(found) == [
        ("xthtz", "total_revenue", "2014-09", "61.2", "yi_cny", "none", None),
        ("xthtz", "total_revenue", "2014-01/2014-09", "512.3", "yi_cny", "none", None),
    ]
    assert (found.skipped, found.rows_refused) == (1, 0)


def test_two_rows_of_heads_are_read_as_one(known):
    text = "湘潭高新区,,,,\n指标,2012年,,2013年,\n,数值（亿元）,增速,数值（亿元）,增速\n工业总产值,422.7,20,552,30.6\n"
    found = read(text, known)
    assert [(row[2], row[3], row[6]) for row in figures(found)] == [("2012", "422.7", "20"), ("2013", "552", "30.6")]
    assert found.accepted["row"].to_list() == [4, 4]


def test_figures_of_a_session_have_no_keys_and_every_other_rule_of_the_schema():
    def rules(schema):
        with duckdb.connect(":memory:") as connection:
            make_enum_types(connection, {name: [name] for name in CODE_COLUMNS})
            connection.execute(schema)
            found = connection.sql("select table_name, constraint_type, constraint_text from duckdb_constraints()")
            return sorted(found.fetchall())

    schema = shape.read_schema()
    gone = [rule for rule in rules(schema) if rule[0] == "observation" and rule[1] in ("PRIMARY KEY", "FOREIGN KEY")]
    assert len(gone) == 5
    left = rules(session.remove_table_keys(schema, "observation"))
    assert [rule for rule in rules(schema) if rule not in gone and rule[1] != "NOT NULL"] == [
        rule for rule in left if rule[1] != "NOT NULL"
    ]
