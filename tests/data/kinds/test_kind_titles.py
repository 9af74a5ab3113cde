"""What titles and names of sheets say with the heads; growths beside other numbers; rows of a plan or a part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data.kinds.drawing import (
    FLOWS,
    LAWS,
    PLACE,
    Figure,
    draw_growths,
    draw_numbers,
    hold_law,
    load,
    make_csv,
    make_xlsx,
)

PARTS = {
    "1-9月": "01/{0}-09",
    "前三季度": "01/{0}-09",
    "上半年": "01/{0}-06",
    "1—2月": "01/{0}-02",
    "一季度": "01/{0}-03",
}
OTHER_NUMBERS = (
    "主要经济指标计划", "目标任务", "主要指标预测表", "任务分解表", "主要指标同比增速（%）", "主要指标增长率",
    "指数（上年=100）", "人均主要指标", "工作目标",
)  # fmt: skip
VALUES = (
    "主要经济指标完成情况", "主要指标", "目标完成情况", "计划执行情况", "主要指标及增速", "目标任务进度",
    "预算执行情况表",
)  # fmt: skip


@LAWS
@given(st.data())
def test_what_a_title_says_is_cumulated_begins_in_january(known, data):
    draw = data.draw
    month, value = draw(st.integers(2, 12)), draw_numbers(draw, 1)[0]
    title = draw(
        st.sampled_from(
            [
                [f"{PLACE}2013年{month}月主要经济指标（累计）"],
                [f"{PLACE}2013年{month}月累计完成情况"],
                [f"{PLACE}2013年", f"（截至{month}月底）"],
                [f"{PLACE}2013年累计至{month}月"],
                [PLACE, f"2013年1—{month}月累计"],
            ]
        )
    )
    period = f"2013-01/2013-{month:02}" if month < 12 else "2013"
    grid = [*([one] for one in title), ["指标", "单位", "数值"], ["工业总产值", "亿元", value]]
    hold_law(load(make_csv(grid), known), [Figure("industrial_output", period, value)])


@LAWS
@given(st.data())
def test_a_part_of_a_year_in_the_title_holds_for_years_in_heads_and_rows(known, data):
    draw = data.draw
    part, values = draw(st.sampled_from(list(PARTS))), draw_numbers(draw, 2)
    years = draw(st.permutations([2012, 2013]))
    drawn = [
        Figure("industrial_output", f"{year}-{PARTS[part].format(year)}", value)
        for year, value in zip(years, values, strict=True)
    ]
    title = draw(st.sampled_from([f"{PLACE}{part}主要指标", f"{PLACE}历年{part}主要指标"]))
    if draw(st.booleans()):
        grid = [[title], ["指标", "单位", *(f"{year}年" for year in years)], ["工业总产值", "亿元", *values]]
    else:
        grid = [[title], ["年份", "工业总产值（亿元）"], *zip(map(str, years), values, strict=True)]
    hold_law(load(make_csv(grid), known), drawn)


@pytest.mark.parametrize("title", [f"{PLACE}2013年9月", f"{PLACE}9月主要指标", f"{PLACE}2013年三季度"])
@pytest.mark.parametrize("heads", [["指标", "单位", "2013年", "2012年"], ["年份", "工业总产值（亿元）"]])
def test_a_single_month_or_quarter_over_years_is_asked_about(title, heads, known):
    cells = [["工业总产值", "亿元", "55.5", "44.4"]] if len(heads) > 2 else [["2012", "44.4"], ["2013", "55.5"]]
    found = load(make_csv([[title], heads, *cells]), known)
    assert not found.figures
    assert "数值" in found.told


@pytest.mark.parametrize("title", OTHER_NUMBERS)
@pytest.mark.parametrize("place", ["title", "sheet"])
def test_numbers_that_the_title_says_are_no_values_are_asked_about(title, place, known):
    grid = [[f"{PLACE}2013年{title if place == 'title' else ''}"], ["指标", "单位", "数值"], ["专利申请", "项", "55"]]
    content = make_xlsx({title if place == "sheet" else "Sheet1": grid})
    found = load(content, known, "file.xlsx")
    assert not found.figures
    assert "数值" in found.untaken


@pytest.mark.parametrize("title", VALUES)
def test_a_title_that_speaks_of_what_was_done_is_one_of_values(title, known):
    grid = [[f"{PLACE}2013年{title}"], ["指标", "单位", "数值"], ["专利申请", "项", "55"]]
    hold_law(load(make_csv(grid), known), [Figure("patent_applications", "2013", "55", "application")])


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("1-9", "2013-01/2013-09"), ("1-9月", "2013-01/2013-09"), ("Q3", "2013-07/2013-09"), ("Sep", "2013-09"),
        ("9月", "2013-09"), ("上半年", "2013-01/2013-06"), ("Sheet1", "2013"), ("9", None), ("13.9", None),
        ("累计", "2013"), ("上年同期", None),
    ],
)  # fmt: skip
def test_the_name_of_a_sheet_is_one_of_its_titles(name, period, known):
    grid = [[f"{PLACE}2013年主要经济指标"], ["指标", "单位", "数值"], ["工业总产值", "亿元", "55.5"]]
    found = load(make_xlsx({name: grid}), known, "file.xlsx")
    assert found.figures == ({Figure("industrial_output", period, "55.5")} if period else set()), found.told


@pytest.mark.parametrize(
    "title",
    [
        "2013年（1-9）主要指标", "2013年一、二季度", "湘潭统计年鉴2014", "2014年湖南统计年鉴", "2013年10强",
    ],
)  # fmt: skip
def test_a_title_that_is_no_plain_period_is_asked_about(title, known):
    found = load(make_csv([[PLACE], [title], ["指标", "单位", "数值"], ["工业总产值", "亿元", "55.5"]]), known)
    assert not found.figures
    assert "时期" in found.told


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("2013年Ⅲ季度", "2013-07/2013-09"), ("2013年III季度", "2013-07/2013-09"), ("2013年头9个月", "2013-01/2013-09"),
        ("2013年主要指标（2014年3月修订）", "2013"), ("2013年（3月修订）", "2013"), ("湘潭统计年鉴2014 2013年", "2013"),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_part_of_a_year_are_read(title, period, known):
    found = load(make_csv([[PLACE], [title], ["指标", "单位", "数值"], ["工业总产值", "亿元", "55.5"]]), known)
    hold_law(found, [Figure("industrial_output", period, "55.5")])


def test_months_that_had_not_ended_when_the_table_was_made_are_asked_about(known):
    grid = [[f"{PLACE}2014年1月通报"], ["指标", "单位", "12月", "1-12月"], ["工业总产值", "亿元", "5.5", "66.6"]]
    assert not load(make_csv(grid), known).figures


@pytest.mark.parametrize("written", [["2013.8", "2013.9", "2013.1", "2013.11"], ["2013.9", "2013.1"]])
def test_an_october_that_lost_its_zero_is_never_january(written, known):
    rows = [[PLACE, "工业总产值", one, str(at + 50), "亿元"] for at, one in enumerate(written)]
    long = load(make_csv([["地区", "指标", "时期", "数值", "单位"], *rows]), known)
    wide = load(
        make_csv([["地区", "指标", "单位", *written], [PLACE, "工业总产值", "亿元", *(row[3] for row in rows)]]), known
    )
    for found in (long, wide):
        assert "2013-01" not in {figure.period for figure in found.figures}
        assert len(found.figures) == len(written) - 1
    assert "2013.1" in wide.untaken


@LAWS
@given(st.data())
def test_a_growth_beside_a_number_that_is_not_read_belongs_to_none(known, data):
    draw = data.draw
    value, other, growth = *draw_numbers(draw, 2), draw_growths(draw, 1)[0]
    head = draw(st.sampled_from(["2014年计划", "全年预计", "全省", "上月", "年初数", "房地产开发投资（亿元）", ""]))
    rate = draw(st.sampled_from(["增长%", "增速(%)", "增减%"]))
    before = draw(st.booleans())
    heads = ["指标", "单位", *([head, rate, "累计"] if before and head else ["累计", head, rate])]
    cells = ["工业总产值", "亿元", *([other, growth, value] if before and head else [value, other, growth])]
    found = load(make_csv([[f"{PLACE}2013年9月"], heads, cells]), known)
    assert found.figures == {Figure("industrial_output", "2013-01/2013-09", value)}, found.told
    assert rate in found.untaken


@LAWS
@given(st.data())
def test_a_growth_behind_last_year_or_a_column_of_words_belongs_to_the_value(known, data):
    draw = data.draw
    value, other, growth = *draw_numbers(draw, 2), draw_growths(draw, 1)[0]
    head, cell = draw(
        st.sampled_from(
            [("上年同期", other), ("去年同期累计", other), ("位次", "3"), ("责任单位", "某局"), ("完成率(%)", "75.5")]
        )
    )
    grid = [[f"{PLACE}2013年9月"], ["指标", "单位", "累计", head, "增长%"], ["工业总产值", "亿元", value, cell, growth]]
    hold_law(load(make_csv(grid), known), [Figure("industrial_output", "2013-01/2013-09", value, growth=growth)])


@pytest.mark.parametrize("years", [["2013年", "2010年"], ["8月", "9月"], ["2季度", "3季度"]])
def test_a_growth_behind_periods_that_are_not_a_year_apart_belongs_to_none(years, known):
    grid = [
        [f"{PLACE}{'' if '年' in years[0] else '2013年'}"],
        ["指标", "单位", *years, "增长%"],
        ["工业总产值", "亿元", "55.5", "44.4", "25"],
    ]
    found = load(make_csv(grid), known)
    assert len(found.figures) == 2
    assert not any(figure.growth for figure in found.figures)
    assert "增长%" in found.untaken


@LAWS
@given(st.data())
def test_rows_that_say_they_are_a_plan_a_part_or_another_span_are_refused(known, data):
    draw = data.draw
    head, word, good = draw(
        st.sampled_from(
            [
                ("类型", "计划", "实际"), ("类型", "上年同期", "完成"), ("口径", "累计", "当月"), ("", "累计", "本月"),
                ("行业", "装备制造", "合计"), ("所有制", "国有", "总计"), ("口径", "年度目标", "当月"),
                ("", "上年同期", "本月"),
            ]
        )
    )  # fmt: skip
    first, second = draw_numbers(draw, 2)
    names = draw(st.permutations(list(FLOWS)[:6]))
    rows = [[names[0], good, "亿元", first], [names[1], word, "亿元", second]]
    found = load(make_csv([[f"{PLACE}2013年9月"], ["指标", head, "单位", "数值"], *rows]), known)
    assert found.figures == {Figure(FLOWS[names[0]], "2013-09", first)}, found.told
    assert [row for row, _head in found.refused] == [4]


def test_the_sum_below_months_is_the_year_only_where_it_says_so(known):
    rows = [["2013年8月", "48"], ["2013年9月", "44"], ["2013年合计", "392"]]
    found = load(make_csv([[PLACE], ["时间", "工业总产值（亿元）"], *rows]), known)
    assert {figure.period for figure in found.figures} == {"2013-08", "2013-09"}
    wide = load(
        make_csv(
            [[f"{PLACE}2013年"], ["指标", "单位", "8月", "9月", "累计"], ["工业总产值", "亿元", "48", "44", "392"]]
        ),
        known,
    )
    assert {figure.period for figure in wide.figures} == {"2013-08", "2013-09"}
    assert "累计" in wide.untaken


@pytest.mark.parametrize(
    ("heads", "cells", "period"),
    [
        (["指标", "月份", "数值（亿元）"], ["工业总产值", "2013年1-2月", "55.5"], "2013-01/2013-02"),
        (["年份", "报告期", "工业总产值（亿元）"], ["2013", "1-9月", "55.5"], "2013-01/2013-09"),
        (["时间", "工业总产值总量(亿元)"], ["2013年元月", "55.5"], "2013-01"),
    ],
)
def test_year_and_months_are_found_in_whichever_columns_they_stand(heads, cells, period, known):
    hold_law(load(make_csv([[PLACE], heads, cells]), known), [Figure("industrial_output", period, "55.5")])
