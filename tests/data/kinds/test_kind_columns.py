"""Columns that stand beside each other: growths of groups, kinds, two for one thing, months below their year."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data.kinds.drawing import (
    FLOWS,
    LAWS,
    PLACE,
    Figure,
    draw_growths,
    hold_law,
    hold_law_or_refuse,
    load,
    make_csv,
)
from tests.data.kinds.test_kind_sections import read_places
from tests.data.kinds.test_kind_words import FIRST


@pytest.mark.parametrize(
    ("heads", "cells", "drawn"),
    [
        (["", "2013年", "2012年", "增长%"], ["55.5", "44.4", "25"], {("2013", "25"), ("2012", None)}),
        (["", "2012年", "2013年", "增长%"], ["44.4", "55.5", "25"], {("2013", "25"), ("2012", None)}),
        (["", "2010年", "2013年", "增长%"], ["44.4", "55.5", "25"], {("2013", None), ("2010", None)}),
    ],
)
def test_a_growth_in_a_group_of_an_indicator_belongs_to_its_latest_year(heads, cells, drawn, known):
    over = ["地区", "工业总产值（亿元）", *[""] * (len(heads) - 2)]
    found = load(make_csv([["主要指标"], over, heads, [PLACE, *cells]]), known)
    assert {(figure.period, figure.growth) for figure in found.figures} == drawn, found.told


@pytest.mark.parametrize("between", ["计划", "其中：民营", "全年预计", "上年同期"])
def test_a_growth_in_a_group_behind_a_plan_or_a_part_belongs_to_none(between, known):
    order = [between, "增长%", "完成"] if between == "上年同期" else ["完成", between, "增长%"]
    cells = {"完成": "55.5", between: "44.4", "增长%": "25"}
    over = ["地区", "工业总产值（亿元）", "", ""]
    found = load(make_csv([["2013年"], over, ["", *order], [PLACE, *(cells[head] for head in order)]]), known)
    assert found.figures == {FIRST}, found.told


@pytest.mark.parametrize(
    ("head", "word", "good"),
    [
        ("", "株洲高新区", True),
        ("对象", "株洲高新区", True),
        ("", "1-9月", True),
        ("", "2012年", True),
        ("", "万元", True),
        ("类型", "年计划", True),
        ("类型", "考核目标", True),
        ("类型", "民营", True),
        ("规模", "规模以上", True),
        ("备注", "计划", True),
        ("备注", "单位：万元", True),
        ("备注", "1-8月", True),
        ("", "湘潭高新区", False),
        ("备注", "快报数", False),
        ("备注", "2013年", False),
        ("类别", "经济", False),
    ],
)
def test_what_a_row_says_beside_its_number_may_not_contradict_it(head, word, good, known):
    rows = [["工业总产值", "55.5", ""], ["财税收入", "6.5", word]]
    found = load(make_csv([[f"{PLACE}2013年"], ["单位：亿元"], ["指标", "数值", head], *rows]), known)
    rest = set() if good else {Figure("fiscal_tax_revenue", "2013", "6.5")}
    assert found.figures == {FIRST, *rest}, found.told


@pytest.mark.parametrize(
    ("heads", "cells"),
    [
        (["指标", "2013年", "单位", "2012年", "单位"], ["工业总产值", "55.5", "亿元", "44.4", "万元"]),
        (["年份", "时期", "工业总产值（亿元）"], ["2013", "2012年9月", "55.5"]),
        (["年份", "统计时间", "工业总产值（亿元）"], ["2013", "2014-01-15", "55.5"]),
    ],
)
def test_two_columns_for_one_thing_that_disagree_are_refused(heads, cells, known):
    assert not load(make_csv([[PLACE], heads, cells]), known).figures


def test_tables_side_by_side_begin_where_their_heads_begin_again(known):
    grid = [
        ["2013年"],
        ["地区", "指标", "数值（亿元）", "地区", "指标", "数值（亿元）"],
        [PLACE, "工业总产值", "55.5", "长沙高新区", "财税收入", "6.5"],
    ]
    assert read_places(load(make_csv(grid), known)) == {
        ("xthtz", "industrial_output", "2013", "55.5", "yi_cny"),
        ("cshtz", "fiscal_tax_revenue", "2013", "6.5", "yi_cny"),
    }


@pytest.mark.parametrize(
    ("cells", "period"),
    [(["8月", "55.5"], "2013-08"), (["1-9月", "55.5"], "2013-01/2013-09"), (["2013年9月", "55.5"], "2013-09")],
)
def test_months_in_a_column_of_times_take_their_year_from_the_title(cells, period, known):
    found = load(make_csv([[f"{PLACE}2013年"], ["时间", "工业总产值（亿元）"], cells]), known)
    hold_law(found, [Figure("industrial_output", period, "55.5")])


def test_years_above_their_months_give_them_their_year(known):
    rows = [["2012年", ""], ["1月", "50"], ["2013年", ""], ["1月", "52"]]
    found = load(make_csv([[PLACE], ["月份", "工业总产值（亿元）"], *rows]), known)
    hold_law(found, [Figure("industrial_output", "2012-01", "50"), Figure("industrial_output", "2013-01", "52")])


@LAWS
@given(st.data())
def test_a_growth_behind_numbers_that_are_not_read_is_not_taken(known, data):
    draw = data.draw
    head = draw(st.sampled_from(["计划数", "全省", "全年预计", "人均", "上年", "目标", "全市", "户均"]))
    growth_head = draw(st.sampled_from(["增长%", "同比增长(%)", "增速"]))
    [growth], name = draw_growths(draw, 1), draw(st.sampled_from(list(FLOWS)[:6]))
    grid = [[f"{PLACE}2013年"], ["指标", "单位", head, growth_head], [name, "亿元", "1000", growth]]
    found = load(make_csv(grid), known)
    assert not found.figures and {head, growth_head} <= set(found.untaken), found.told


def test_a_growth_that_stands_alone_is_taken(known):
    grid = [[f"{PLACE}2013年"], ["序号", "指标", "增长%"], ["1", "工业总产值", "12.5"]]
    hold_law(load(make_csv(grid), known), [Figure("industrial_output", "2013", None, growth="12.5")])


@pytest.mark.parametrize(
    "head", ["同比增长（倍）", "同比增长（绝对额）", "增长（绝对数）", "增速（点）", "增长（pp）", "同比增长（‰）"]
)
def test_a_growth_in_another_measure_than_per_cent_is_not_taken(head, known):
    found = load(
        make_csv([[f"{PLACE}2013年"], ["指标", "单位", "数值", head], ["工业总产值", "亿元", "55.5", "1.2"]]), known
    )
    hold_law(found, [Figure("industrial_output", "2013", "55.5")], [head])


@pytest.mark.parametrize(
    ("title", "head", "taken"),
    [
        ("主要指标环比情况", "增长%", False),
        ("主要指标及环比增长", "增长%", False),
        ("主要指标环比情况", "同比增长%", True),
        ("主要指标（增速为两年平均增速）", "增速(%)", False),
        ("主要指标及指数（以上年为100）", "增速", False),
        ("主要指标", "增速", True),
    ],
)
def test_a_growth_is_what_the_title_calls_it(title, head, taken, known):
    grid = [[f"{PLACE}2013年{title}"], ["指标", "单位", "数值", head], ["工业总产值", "亿元", "55.5", "12.5"]]
    hold_law(
        load(make_csv(grid), known), [Figure("industrial_output", "2013", "55.5", growth="12.5" if taken else None)]
    )


@pytest.mark.parametrize("cell", ["回落3.2", "提高2.1", "加快1.1", "收窄0.3", "回落3.2个百分点"])
def test_how_a_growth_changed_is_no_growth(cell, known):
    found = load(
        make_csv([[f"{PLACE}2013年"], ["指标", "单位", "数值", "同比(%)"], ["工业总产值", "亿元", "5", cell]]), known
    )
    hold_law_or_refuse(found, [Figure("industrial_output", "2013", "5")])
    assert "百分点之差" in found.told


def test_the_same_number_with_and_without_its_growth_is_taken_once_with_it(known):
    heads = ["月份", "当月", "累计", "累计增长(%)"]
    grid = [
        [f"{PLACE}2013年"],
        ["指标：工业总产值（亿元）"],
        heads,
        ["1月", "40", "40", "10"],
        ["2月", "35", "75", "11"],
    ]
    drawn = [Figure("industrial_output", "2013-01", "40", growth="10"), Figure("industrial_output", "2013-02", "35")]
    hold_law(load(make_csv(grid), known), [*drawn, Figure("industrial_output", "2013-01/2013-02", "75", growth="11")])
