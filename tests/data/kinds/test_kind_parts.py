"""Which part of a year a number is of; heads in two lines, repeated, hidden; lines that name another indicator."""

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.files.open_file import read_sheets
from data.isolation.mending import write_sheet
from tests.data.kinds.drawing import (
    LAWS,
    PLACE,
    Figure,
    draw_growths,
    draw_numbers,
    hold_law,
    load,
    make_csv,
)
from tests.data.kinds.test_kind_sections import read_places

QUARTERS = ("2013-01/2013-03", "2013-04/2013-06", "2013-07/2013-09", "2013-10/2013-12")
OUTPUT, REVENUE = "industrial_output", "fiscal_tax_revenue"


@LAWS
@given(st.data())
def test_numbers_below_a_head_of_quarters_are_quarters(known, data):
    draw = data.draw
    head = draw(st.sampled_from(["季度", "季", "所属季度", "quarter"]))
    written = draw(st.sampled_from(["1234", "一二三四"])) if head != "quarter" else "1234"
    chosen, values = draw(st.lists(st.integers(0, 3), min_size=1, unique=True)), draw_numbers(draw, 4)
    tail = draw(st.sampled_from(["", "季度"])) if head != "quarter" else ""
    if draw(st.booleans()):
        heads, rows = ["地区", "年份", head, "指标", "数值", "单位"], []
        rows = [[PLACE, "2013", written[at] + tail, "工业总产值", values[at], "亿元"] for at in chosen]
        grid = [heads, *rows]
    else:
        rows = [[written[at] + tail, values[at]] for at in chosen]
        grid = [[f"{PLACE}2013年主要指标"], [head, "工业总产值（亿元）"], *rows]
    hold_law(load(make_csv(grid), known), [Figure(OUTPUT, QUARTERS[at], values[at]) for at in chosen])


@pytest.mark.parametrize(
    ("head", "cell", "period"),
    [
        ("季度", "5", None),
        ("季度", "1-3", "2013-01/2013-09"),
        ("季度", "3-1", None),
        ("半年度", "2", "2013-07/2013-12"),
        ("半年", "上", "2013-01/2013-06"),
        ("半年", "3", None),
        ("旬", "1", None),
        ("周次", "12", None),
    ],
)
def test_a_part_of_a_year_in_a_column_of_its_own_is_that_part_or_refused(head, cell, period, known):
    heads = ["地区", "年份", head, "指标", "数值", "单位"]
    found = load(make_csv([heads, [PLACE, "2013", cell, "工业总产值", "55.5", "亿元"]]), known)
    assert found.figures == ({Figure(OUTPUT, period, "55.5")} if period else set()), found.told
    assert period or found.refused


@LAWS
@given(st.data())
def test_years_with_a_word_of_their_numbers_are_those_of_the_title(known, data):
    draw = data.draw
    last, title = draw(st.sampled_from([(9, "1-9月"), (6, "上半年"), (9, "前三季度"), (2, "1—2月")]))
    word = draw(st.sampled_from(["", "完成", "累计", "实绩", "完成数", "实际", "累计数"]))
    values, [growth] = draw_numbers(draw, 2), draw_growths(draw, 1)
    heads = ["指标", "单位", f"2012年{word}", f"2013年{word}", "同比增长(%)"]
    found = load(make_csv([[f"{PLACE}2013年{title}"], heads, ["工业总产值", "亿元", *values, growth]]), known)
    before, now = (f"{year}-01/{year}-{last:02}" for year in (2012, 2013))
    hold_law(found, [Figure(OUTPUT, before, values[0]), Figure(OUTPUT, now, values[1], growth=growth)])


@LAWS
@given(st.data())
def test_months_under_a_title_of_sums_begin_in_january(known, data):
    draw = data.draw
    title = draw(st.sampled_from(["各月累计", "（累计数）", "累计完成情况", "主要指标累计"]))
    months = sorted(draw(st.lists(st.integers(1, 11), min_size=1, max_size=3, unique=True)))
    values = draw_numbers(draw, len(months))
    period = {month: f"2013-01/2013-{month:02}" if month > 1 else "2013-01" for month in months}
    drawn = [Figure(OUTPUT, period[month], value) for month, value in zip(months, values, strict=True)]
    form = draw(st.integers(0, 2))
    if form == 0:
        rows = [[f"{PLACE}2013年{title}"], ["指标", "单位", *(f"{month}月" for month in months)]]
        rows += [["工业总产值", "亿元", *values]]
    elif form == 1:
        rows = [[f"{PLACE}2013年{title}"], ["月份", "工业总产值（亿元）"]]
        rows += [[f"{month}月", value] for month, value in zip(months, values, strict=True)]
    else:
        rows = [[f"{PLACE}{title}"], ["指标", "时期", "数值", "单位"]]
        rows += [["工业总产值", f"2013年{m}月", value, "亿元"] for m, value in zip(months, values, strict=True)]
    hold_law(load(make_csv(rows), known), drawn)


@pytest.mark.parametrize(
    ("head", "drawn"),
    [
        ("4-6月累计", "2013-04/2013-06"),
        ("7—9月累计", "2013-07/2013-09"),
        ("下半年累计", "2013-07/2013-12"),
        ("三季度累计", "2013-01/2013-09"),
        ("1-9月累计", "2013-01/2013-09"),
        ("截至9月底", "2013-01/2013-09"),
        ("今年以来累计", "2013"),
        ("9月末", None),
        ("9月底", None),
        ("三季度末", None),
        ("2013年9月末", None),
    ],
)
def test_a_span_begins_where_it_is_written_to_begin(head, drawn, known):
    found = load(make_csv([[f"{PLACE}2013年"], ["指标", "单位", head], ["工业总产值", "亿元", "55.5"]]), known)
    assert found.figures == ({Figure(OUTPUT, drawn, "55.5")} if drawn else set()), found.told
    assert drawn or found.refused


@pytest.mark.parametrize(
    ("cell", "period"),
    [
        ("2013-1～9", "2013-01/2013-09"),
        ("2013-1至9", "2013-01/2013-09"),
        ("2013.1—9", "2013-01/2013-09"),
        ("2013-1-9", None),
        ("2013-01-09", "2013-01"),
        ("2013年9月末", None),
        ("至2013年9月", "2013-01/2013-09"),
        ("2013年7-9月累计", "2013-07/2013-09"),
        ("2013年4月至今", None),
        ("2013年1)", None),
        ("2013年²⁾", "2013"),
        ("（2013年9月）", "2013-09"),
        ("2013年9月（累计）", "2013-01/2013-09"),
    ],
)
def test_a_period_in_a_cell_is_what_is_written_or_asked_for(cell, period, known):
    heads = ["地区", "指标", "时期", "数值", "单位"]
    found = load(make_csv([heads, [PLACE, "工业总产值", cell, "55.5", "亿元"]]), known)
    assert found.figures == ({Figure(OUTPUT, period, "55.5")} if period else set()), found.told
    assert period or found.refused == [(2, "时期")]


def test_the_end_of_a_year_in_a_table_of_a_month_is_asked_about(known):
    heads = ["指标", "单位", "年末"]
    found = load(make_csv([[f"{PLACE}2013年9月"], heads, ["高新技术企业数", "家", "80"]]), known)
    assert not found.figures and found.refused
    found = load(make_csv([[f"{PLACE}2013年"], heads, ["高新技术企业数", "家", "80"]]), known)
    hold_law(found, [Figure("hightech_enterprises", "2013", "80", "enterprise")])


@pytest.mark.parametrize("title", ["2013年年中", "2013年当月", "2013年月度", "2013年统计月报"])
def test_a_title_that_leaves_the_part_of_its_year_open_gives_no_period(title, known):
    found = load(
        make_csv([[f"{PLACE}{title}主要指标"], ["指标", "单位", "数值"], ["工业总产值", "亿元", "55.5"]]), known
    )
    assert not found.figures
    assert {lack.name for read in found.readings for lack in read.mapping.lacking} == {"period"}


@pytest.mark.parametrize(
    "note", ["注：本表数据为2013年1-9月累计数。", "注：以上均为1-9月累计数", "说明：表中数据为2013年前三季度数"]
)
def test_a_note_that_speaks_of_the_whole_table_counts_as_a_title(note, known):
    grid = [[f"{PLACE}2013年主要指标"], ["指标", "单位", "数值"], ["工业总产值", "亿元", "55.5"], [note]]
    hold_law(load(make_csv(grid), known), [Figure(OUTPUT, "2013-01/2013-09", "55.5")])


@pytest.mark.parametrize(
    "below", [["Indicator", "Unit", "Value", "Growth (%)"], ["指标名称", "计量单位", "数值", "增长"]]
)
@pytest.mark.parametrize(
    ("heads", "drawn", "untaken"),
    [
        (["指标", "单位", "计划数", "同比增长%"], [], ["计划数"]),
        (["指标", "单位", "本月累计", "同比增长%"], [Figure(OUTPUT, "2013-01/2013-09", "55.5", growth="12.5")], []),
        (["指标", "单位", "本月", "环比增长%"], [Figure(OUTPUT, "2013-09", "55.5")], ["环比增长%"]),
    ],
)
def test_two_full_lines_of_heads_are_read_together(below, heads, drawn, untaken, known):
    found = load(make_csv([[f"{PLACE}2013年9月"], heads, below, ["工业总产值", "亿元", "55.5", "12.5"]]), known)
    assert found.figures <= set(drawn), found.told
    assert found.figures == set(drawn) or below[0] != "Indicator"
    assert all(any(head in one for one in found.untaken) for head in untaken)


@pytest.mark.parametrize(
    "line",
    ["指标：财税收入（亿元）", "财税收入（亿元）", "财税收入", "指标：第三产业增加值(亿元)", "指标：工业总产值增长(%)"],
)
def test_rows_below_another_indicator_are_refused(line, known):
    grid = [
        ["指标：工业总产值（亿元）"],
        ["地区", "2013年"],
        [PLACE, "55.5"],
        [line],
        ["地区", "2013年"],
        ["长沙高新区", "6.5"],
    ]
    found = load(make_csv(grid), known)
    assert read_places(found) == {("xthtz", OUTPUT, "2013", "55.5", "yi_cny")}
    assert {row for row, _head in found.refused} == {4, 6}


@pytest.mark.parametrize("heads", [["2012年", "2013年", "2013年.1"], ["数值", "数值.1"], ["9月", "9月.1"]])
def test_the_mark_of_a_repeated_head_is_no_month(heads, known):
    cells = ["44.4", "55.5", "66.6"][-len(heads) :]
    found = load(make_csv([[f"{PLACE}2013年"], ["指标", "单位", *heads], ["工业总产值", "亿元", *cells]]), known)
    assert not [figure for figure in found.figures if figure.value in cells[-2:]], found.told


@pytest.mark.parametrize(
    ("heads", "cells", "hidden", "loaded"),
    [
        (
            ["指标", "单位", "2012年", "2013年", "增长%"],
            ["工业总产值", "亿元", 44.4, 55.5, 25],
            "D",
            {("44.4", "2012")},
        ),
        (
            ["指标", "单位", "2012年", "2013年", "增长%"],
            ["工业总产值", "亿元", 44.4, 55.5, 25],
            "C",
            {("55.5", "2013", "25")},
        ),
        (["指标", "类别", "单位", "2013年"], ["工业总产值", "计划", "亿元", 55.5], "B", set()),
        (["指标", "时期", "单位", "数值"], ["工业总产值", "1-9月", "亿元", 55.5], "B", set()),
        (["指标", "单位", "计划", "2013年"], ["工业总产值", "亿元", 60, 55.5], "C", {("55.5", "2013")}),
    ],
)
def test_what_is_hidden_is_not_read_and_the_rest_means_what_it_means_beside_it(heads, cells, hidden, loaded, known):
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for row in ([f"{PLACE}2013年"] if "时期" in heads else [PLACE], heads, cells):
        book.active.append(row)
    book.active.column_dimensions[hidden].hidden = True
    book.save(buffer)
    found = load(buffer.getvalue(), known, "file.xlsx")
    said = {(one.value, one.period, one.growth) if one.growth else (one.value, one.period) for one in found.figures}
    assert said == loaded, found.told
    assert "隐藏" in found.told
    [again] = read_sheets(write_sheet([found.readings[0].sheet], "xlsx"), "corrected.xlsx")
    assert again.hidden == (hidden,)
