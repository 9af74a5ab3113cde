"""Titles, lines and columns that limit a table to a part, name another place or unit, or leave its period open."""

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data.kinds.drawing import LAWS, PLACE, Figure, draw_flows, draw_numbers, hold_law, load, make_csv
from tests.data.kinds.test_kind_sections import read_places

HEADS = ["指标", "单位", "2012年", "2013年"]
OUTPUT, REVENUE = "industrial_output", "fiscal_revenue"
PARTS = (
    "规模以上工业企业",
    "规上工业",
    "限额以上商贸企业",
    "高新技术企业",
    "外商投资企业",
    "民营企业",
    "重点企业",
    "装备制造业",
    "孵化器",
    "双马片区",
    "小微企业",
)
NO_VALUES = (
    "月均主要指标",
    "日均主要指标",
    "每月平均主要指标",
    "主要指标（亩均）",
    "地均主要指标",
    "每平方公里主要指标",
    "主要指标增量",
    "主要指标净增额",
    "主要指标与先进园区差距",
    "主要指标（预估）",
    "主要指标应完成数",
    "主要指标贡献率（%）",
    "企业构成（%）",
    "主要指标考核得分",
    "主要指标上年基数",
    "每万人主要指标",
    "全省平均水平",
)
OPEN = (
    "2013年春节期间",
    "2013年国庆黄金周",
    "2013年9月上旬",
    "2013年第36周",
    "2013年上半月",
    "2013年首季",
    "2013年三个季度",
    "2013年秋季",
    "2013年近12个月",
    "2013年“双过半”",
    "2013年正月",
    "截至2013年9月25日",
    "2013年第三期",
    "2013年    月",
    "2013年__月",
    "2013年第  季度",
)


def get_values(found):
    return {one.value for one in found.figures}


@LAWS
@given(st.data())
def test_a_title_a_line_or_a_name_of_a_part_is_never_taken_for_the_whole(known, data):
    draw = data.draw
    part, values = draw(st.sampled_from(PARTS)), draw_numbers(draw, 2, 2_000)
    row = ["工业总产值", "亿元", *values]
    form = draw(
        st.integers(0, 2 if known.find_indicator_name(part) else 3)
    )  # a line may be one whose number is missing
    grid = {
        0: [[f"{PLACE}{part}主要经济指标"], HEADS, row],
        1: [[f"{PLACE}主要经济指标（{part}）"], HEADS, row],
        2: [[f"{PLACE}主要指标"], [f"统计范围：{part}"], HEADS, row],
        3: [[f"{PLACE}主要指标"], HEADS, ["地区生产总值", "亿元", "100", "120"], [part, "", "", ""], row],
    }[form]
    found = load(make_csv(grid), known)
    assert get_values(found) <= {"100", "120"}, found.told
    assert found.refused


@pytest.mark.parametrize("title", ["规模以上工业增加值", "高新技术产业增加值", "高新技术企业数"])
def test_an_indicator_whose_name_has_the_word_is_read_below_such_a_title(title, known):
    [[code]] = [known.find_indicators(title)]
    unit = dict(known.indicators.select("indicator_id", "unit_id").rows())[code]
    unit = dict(known.units.select("unit_id", "name_zh").rows())[unit]
    rows = [[f"湘潭高新技术产业开发区{title}情况"], ["指标", "单位", "2013年"], [title, unit, "55.5"]]
    found = load(make_csv(rows), known)
    assert {(one.indicator, one.value) for one in found.figures} == {(code, "55.5")}, found.told


@pytest.mark.parametrize(
    "title",
    ["高新技术企业及科技创新", "房地产及固定资产投资", "外资外贸", "规模以上工业和固定资产投资", "企业主要经济指标"],
)
def test_a_title_of_several_topics_limits_no_row(title, known):
    rows = [[f"{PLACE}2013年{title}情况"], ["指标", "单位", "数值"], ["固定资产投资", "亿元", "55.5"]]
    hold_law(load(make_csv(rows), known), [Figure("fixed_asset_investment", "2013", "55.5")])


@pytest.mark.parametrize("title", NO_VALUES)
def test_a_title_of_means_parts_gaps_or_scores_has_no_values(title, known):
    rows = [[f"{PLACE}2013年{title}"], ["指标", "单位", "数值"], ["工业总产值", "亿元", "55.5"]]
    found = load(make_csv(rows), known)
    assert (found.figures, bool(found.refused)) == (set(), True), found.told


def test_a_title_of_growth_has_values_only_beside_growths(known):
    title, row = [f"{PLACE}2013年主要指标增长情况"], ["工业总产值", "55.5"]
    assert load(make_csv([title, ["指标", "2013年"], row]), known).figures == set()
    both = [title, ["单位：亿元"], ["指标", "总量", "增速%"], [*row, "9.1"]]
    hold_law(load(make_csv(both), known), [Figure(OUTPUT, "2013", "55.5", growth="9.1")])


@pytest.mark.parametrize("title", OPEN)
def test_a_title_of_another_part_of_the_year_is_asked_about(title, known):
    rows = [[f"{PLACE}{title}主要指标"], ["指标", "单位", "数值"], ["工业总产值", "亿元", "55.5"]]
    found = load(make_csv(rows), known)
    assert (found.figures, bool(found.refused)) == (set(), True), found.told


@pytest.mark.parametrize(
    "line",
    [
        "编制时间：2013年10月",
        "印发：2013年10月",
        "报出日期：2013年10月",
        "公布时间：2013年10月",
        "查询时间：2013年10月",
        "有效期至：2014年1月",
        "表号：B2013",
        "截稿：2013年10月",
        "（2013年10月整理）",
        "月份：9",
        "报告期：1-9",
        "第9期",
    ],
)
def test_a_line_of_when_a_table_was_made_or_a_month_alone_gives_no_period(line, known):
    rows = [["指标", "单位", "数值"], ["工业总产值", "亿元", "55.5"]]
    for title in ([f"{PLACE}主要指标"], [f"{PLACE}2013年主要指标"]):
        found = load(make_csv([title, [line], *rows]), known)
        year = "2013" in title[0] and "：" in line and not line.startswith(("月份", "报告期")) and "2013" not in line
        year |= "2013" in title[0] and line == "（2013年10月整理）"
        assert found.figures == ({Figure(OUTPUT, "2013", "55.5")} if year else set()), (line, found.told)


@pytest.mark.parametrize(
    "title",
    [
        "湘潭市高新技术产业开发区主要指标",
        "湘潭高新区、经开区主要指标",
        "湘潭高新区及九华主要指标",
        "湘潭高新区等3家园区主要指标",
        "湘潭高新区主要指标（全市）",
        "湘潭高新区主要指标\n口径：全市",
        "湘潭市直主要指标",
        "湘潭高新区主要指标\n九华",
        "湘潭高新区主要指标\n岳塘区",
    ],
)
def test_a_title_of_several_places_or_of_more_than_the_place_is_asked_about(title, known):
    rows = [*([line] for line in title.split("\n")), HEADS, ["工业总产值", "亿元", "60", "70"]]
    assert read_places(load(make_csv(rows), known)) == set()


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("湘潭高新区", "xthtz"),
        ("湘潭国家高新技术产业开发区主要经济指标", "xthtz"),
        ("湘潭国家级高新区", "xthtz"),
        ("湘潭市2013年全市主要指标", "xiangtan"),
        ("湘潭高新区与上年对比表", "xthtz"),
        ("湘潭高新区占全市比重及主要指标", "xthtz"),
        ("全市各园区主要指标：湘潭高新区", "xthtz"),
    ],
)
def test_a_title_of_one_place_is_that_place(title, place, known):
    found = read_places(load(make_csv([[title], HEADS, ["工业总产值", "亿元", "60", "70"]]), known))
    assert {one[0] for one in found} == {place}


@LAWS
@given(st.data())
def test_a_unit_that_changes_in_a_line_wherever_it_stands_holds_below_it(known, data):
    draw = data.draw
    unit, code = draw(st.sampled_from([("万元", "wan_cny"), ("元", "cny"), ("万亿元", "wanyi_cny")]))
    values = draw_numbers(draw, 4)
    line = draw(
        st.sampled_from(
            [
                ["", "", f"单位：{unit}"],
                ["续表1", "", f"单位：{unit}"],
                [f"二、财政（{unit}）", "", ""],
                [f"以下指标单位为{unit}", "", ""],
                [f"续表（{unit}）", "", ""],
                [f"（单位：{unit}）", "", ""],
            ]
        )
    )
    rows = [[f"{PLACE}主要指标"], ["", "", "单位：亿元"], ["指标", "2012年", "2013年"]]
    rows += [["工业总产值", *values[:2]], line, ["财政收入", *values[2:]]]
    years = ("2012", "2013")
    drawn = [Figure(OUTPUT, year, value) for year, value in zip(years, values[:2], strict=True)]
    drawn += [Figure(REVENUE, year, value, code) for year, value in zip(years, values[2:], strict=True)]
    hold_law(load(make_csv(rows), known), drawn)


@pytest.mark.parametrize(
    "title",
    [
        "单位：亿元（进出口为亿美元）",
        "单位：亿元（其中固定资产投资为万元）",
        "单位：亿元（美元）",
        "币种：美元\n单位：亿元",
    ],
)
def test_a_unit_with_an_exception_is_no_unit_of_the_table(title, known):
    rows = [[f"{PLACE}主要指标"], *([line] for line in title.split("\n")), ["指标", "2013年"], ["出口总额", "8"]]
    found = load(make_csv(rows), known)
    assert (found.figures, bool(found.refused)) == (set(), True)


@pytest.mark.parametrize(("unit", "code"), [("亿元、%", "yi_cny"), ("单 位：亿元", "yi_cny"), ("亿美元", "yi_usd")])
def test_a_unit_is_read_beside_per_cent_and_through_spaces_and_in_a_name_before_the_title(unit, code, known):
    line = unit if "：" in unit else f"单位：{unit}"
    rows = [[f"{PLACE}主要指标"], [line], ["指标", "2013年"], ["出口总额", "8"]]
    assert load(make_csv(rows), known).figures == {Figure("export_total", "2013", "8", code)}
    named = [[f"{PLACE}主要指标"], ["单位：亿元"], ["指标", "2013年"], ["出口总额（万美元）", "8"]]
    assert load(make_csv(named), known).figures == {Figure("export_total", "2013", "8", "wan_usd")}


@pytest.mark.parametrize("unit", ["亿", "万"])
def test_an_amount_abroad_needs_its_currency_and_a_count_of_ten_thousands_its_unit(unit, known):
    rows = [[f"{PLACE}2013年"], ["指标", "单位", "数值"], ["出口总额", unit, "8"], ["年末从业人员数", "", "5000"]]
    found = load(make_csv(rows), known)
    assert (found.figures, len(found.refused)) == (set(), 2), found.told


@LAWS
@given(st.data())
def test_one_number_over_several_cells_is_that_of_none_of_them(known, data):
    draw = data.draw
    names = draw_flows(draw, 4)
    values = draw_numbers(draw, len(names) + 1, 21_000)  # 1900 to 2099 would be a year
    book = openpyxl.Workbook()
    page = book.active
    page.append([f"{PLACE}2013年主要指标"])
    page.append(["指标", "单位", "数值", "备注"])
    for name, value in zip(names, values, strict=False):
        page.append([name, "亿元", float(value), None])
    first = draw(st.integers(0, len(names) - 1))
    down = draw(st.booleans()) and first + 1 < len(names)
    page.merge_cells(start_row=3 + first, end_row=3 + first + down, start_column=3, end_column=3 if down else 4)
    buffer = io.BytesIO()
    book.save(buffer)
    found = load(buffer.getvalue(), known, "file.xlsx")
    gone = {first, first + down}
    assert len(found.figures) == len(names) - len(gone), found.told
    assert {row for row, _head in found.refused} == {3 + at for at in gone}


@pytest.mark.parametrize(
    ("heads", "cells", "growths"),
    [
        (["2013年完成", "2014年目标", "比上年增长%"], ["100", "120", "10"], {None}),
        (["2012年", "2013年计划", "同比增长%"], ["100", "120", "10"], {None}),
        (["2013年计划", "2013年完成", "同比增长%"], ["100", "120", "10"], {"10"}),
        (["2013年1-9月", "2013年同比%"], ["100", "10"], {"10"}),
        (["2013年1月", "2013年一季度", "2013年增速%"], ["30", "100", "10"], {None}),
        (["2013年", "比前年同期增长%"], ["100", "10"], {None}),
        (["2013年", "增速同比增减%"], ["100", "-2"], {None}),
    ],
)
def test_a_growth_of_another_year_span_or_kind_is_not_that_of_the_value(heads, cells, growths, known):
    rows = [[f"{PLACE}主要指标"], ["指标", "单位", *heads], ["工业总产值", "亿元", *cells]]
    found = load(make_csv(rows), known)
    assert {one.growth for one in found.figures} == growths, found.told
    assert all(one.value for one in found.figures)


@pytest.mark.parametrize(
    ("heads", "kept"),
    [
        (["上月", "本月", "增减%"], False),
        (["年初数", "9月末", "增减%"], False),
        (["上月末", "本月末", "增减%"], False),
        (["本月末", "上年末", "增减%"], False),
        (["上年同期", "本月", "增减%"], True),
        (["上月", "本月", "同比增减%"], True),
    ],
)
def test_a_growth_beside_another_past_number_is_on_that(heads, kept, known):
    rows = [[f"{PLACE}2013年9月主要指标"], ["指标", "单位", *heads], ["高新技术企业数", "家", "80", "88", "10"]]
    assert {one.growth for one in load(make_csv(rows), known).figures} == {"10" if kept else None}


@pytest.mark.parametrize("unit", ["亿元", "家"])
def test_a_row_of_growth_in_an_amount_is_refused_and_a_rank_has_none(unit, known):
    rows = [[f"{PLACE}2013年"], ["指标", "单位", "数值"], ["固定资产投资增长", unit, "5"]]
    assert load(make_csv(rows), known).figures == set()
    ranks = [[f"{PLACE}2013年"], ["指标", "单位", "数值", "增减%"], ["国家高新区综合排名", "名", "35", "3"]]
    assert load(make_csv(ranks), known).figures == set()


def test_a_line_that_numbers_the_columns_of_a_form_is_no_row(known):
    rows = [[f"{PLACE}2013年"], ["指标", "单位", "数值"], ["甲", "乙", "1"], ["1.工业总产值", "亿元", "55.5"]]
    hold_law(load(make_csv(rows), known), [Figure(OUTPUT, "2013", "55.5")])
