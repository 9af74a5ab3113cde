"""Columns beside the value: growths that are none, plans, last year, cumulated figures and the month alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data.kinds.drawing import (
    FLOWS,
    LAWS,
    PLACE,
    Figure,
    draw_flows,
    draw_growths,
    draw_numbers,
    hold_law,
    load,
    make_csv,
)

CUMULATED = (
    "累计", "1-9月累计", "1—9月累计", "本月止累计", "自年初累计", "本年累计", "年初至本月", "1-9月", "1～9月",
    "累计完成", "累计完成数", "累计实际完成", "年初至本月止累计", "截至本月累计", "1至本月累计", "1-本月",
    "本月末累计", "年初以来累计", "9月累计", "累计 Cumulative", "1-9月 Jan.-Sep.", "累计数①", "累计*",
)  # fmt: skip
MONTH = ("本月", "当月", "9月", "9月份", "本月数", "本月完成", "9月当月", "单月", "本月 This month", "本月[1]")
GROWTH = (
    "比上年同期增长(%)", "同比±%", "增减%", "较上年增长（%）", "可比增长", "同比增长(%)", "同比增长%", "增速",
    "同比增速（%）", "增长率", "同比", "同比(%)", "增幅(%)", "比去年同期增长%", "与上年同期相比±%",
    "增长速度(%)", "比上年同期±%", "可比价增长(%)", "增减率", "同比增长 YoY growth (%)", "增速 Growth Rate (%)",
    "比上年增长 Increase over Previous Year (%)", "增速①(%)", "增长(%)²", "比上年同期增长〔2〕(%)",
    "按可比价格计算增长(%)", "累计增长%", "累计同比", "1-9月同比增长(%)",
)  # fmt: skip
# Growths, amounts and ratios that are neither the value nor this year's growth on last year's.
NO_GROWTH = (
    "环比", "环比增长(%)", "增长额", "增减额", "比上年增加(亿元)", "比上年增长（亿元）", "同比增加额",
    "比上年增减（百分点）", "增长±百分点", "年均增长(%)", "年均增长", "贡献率(%)", "增长贡献率", "拉动(百分点)",
    "拉动", "较年初增长%", "比2010年增长(%)", "较上月", "比上月增长%", "比上季末", "上年增速",
    "上年同期增速(%)", "增速（上年同期）", "目标增速", "增速目标(%)", "预期增长", "计划增长%", "增速变化",
    "增速较上年同期", "增速比上年同期提高", "增速排名", "同比位次变化", "增减幅度", "增减", "同比（倍）",
    "两年平均增长(%)", "指数(上年=100)", "发展速度(%)", "占GDP比重", "占GDP比重(%)", "占比", "比重(%)",
    "超计划", "差额", "净增", "增量(亿元)", "全省增速", "全国增速(%)", "预计增速",
)  # fmt: skip
NO_VALUE = (
    "上年同期", "上年同月", "去年同期", "上年同期累计", "上年累计", "去年9月", "上年完成数", "年初数", "上月",
    "基期数", "同期", "全年计划", "年度目标", "年计划(亿元)", "本年计划", "累计计划数", "计划数", "目标值",
    "全年预算", "占年计划%", "完成年计划(%)", "占全年计划(%)", "完成年度目标%", "计划完成率", "完成率(%)",
    "完成率", "预算执行率(%)", "时间进度", "序时进度(%)", "时间进度(%)", "进度", "欠进度", "位次", "全省排名",
    "上年同期位次", "排名变化", "人均", "当月累计", "本季累计", "预计", "全年预计", "Target", "Last year",
    "上年同期 Same period last year", "年计划 Annual plan",
)  # fmt: skip
TITLES = ("2013年1-9月", "2013年9月", "2013年前三季度", "（2013.09）", "2013年1—9月主要经济指标")


@st.composite
def tables(draw, growing=True, with_month=True):
    """A table of one span, with columns of every kind in any order; its figures, and the heads that are not taken."""
    title = draw(st.sampled_from(TITLES))
    names = draw_flows(draw)
    bracket = draw(st.sampled_from(["", "(亿元)", "（亿元）"]))
    cumulated = draw(st.sampled_from(CUMULATED))
    cumulated = cumulated if cumulated.isascii() or cumulated[-1].isascii() else cumulated + bracket
    heads = {"value": cumulated}
    growth = draw(st.sampled_from(GROWTH)) if growing and draw(st.booleans()) else None
    month = draw(st.sampled_from(MONTH)) if with_month and draw(st.booleans()) else None
    if growth and month and not growth.startswith(("累计", "1-9月")):
        month = None
    others = draw(st.lists(st.sampled_from((*NO_GROWTH, *NO_VALUE)), max_size=4, unique=True))
    order = draw(st.permutations([cumulated, *filter(None, (growth, month)), *others]))
    columns = {head: draw_numbers(draw, len(names)) for head in order}
    if growth:
        columns[growth] = draw_growths(draw, len(names))
    drawn = [
        Figure(FLOWS[name], "2013-01/2013-09", columns[cumulated][at], growth=columns[growth][at] if growth else None)
        for at, name in enumerate(names)
    ]
    if month:
        drawn += [Figure(FLOWS[name], "2013-09", columns[month][at]) for at, name in enumerate(names)]
    heads = ["指标", *order]
    lines = [[name, *(columns[head][at] for head in order)] for at, name in enumerate(names)]
    return [[f"{PLACE}{title}"], ["单位：亿元"], heads, *lines], drawn, others


@LAWS
@given(tables(growing=False))
def test_what_is_cumulated_and_the_month_are_told_apart_whatever_stands_beside_them(known, table):
    grid, drawn, others = table
    hold_law(load(make_csv(grid), known), drawn, others)


def hold_law_of_growths(found, table):
    """The law; a growth behind or right before a number that is not read may be named as not taken instead."""
    grid, drawn, others = table
    lost = [head for head in found.untaken if head not in others]
    if lost:
        heads = grid[2][1:]
        assert lost == [head for head in heads if head in GROWTH]
        at = heads.index(lost[0])
        assert {*heads[:at], *heads[at + 1 : at + 2]} & set(others)
        drawn = [replace(one, growth=None) for one in drawn]
    hold_law(found, drawn, others)


@LAWS
@given(tables(with_month=False))
def test_only_growth_on_last_year_in_per_cent_is_growth(known, table):
    hold_law_of_growths(load(make_csv(table[0]), known), table)


@LAWS
@given(tables())
def test_plans_last_years_figures_and_rates_are_neither_value_nor_growth(known, table):
    hold_law_of_growths(load(make_csv(table[0]), known), table)


@LAWS
@given(st.data())
def test_two_rows_of_heads_say_the_same_as_one(known, data):
    """Chinese over English, and the year over 数值 and 增速."""
    value, growth = draw_numbers(data.draw, 2), draw_growths(data.draw, 2)
    name = data.draw(st.sampled_from(list(FLOWS)[:6]))
    if data.draw(st.booleans()):
        rows = [
            ["指标", "2012年", "", "2013年", ""],
            ["", "数值", data.draw(st.sampled_from(GROWTH[:8])), "数值", "增速(%)"],
        ]
        rows += [[name, value[0], growth[0], value[1], growth[1]]]
        drawn = [Figure(FLOWS[name], f"{2012 + at}", value[at], growth=growth[at]) for at in range(2)]
        grid = [[PLACE], ["单位：亿元"], *rows]
    else:
        other = data.draw(
            st.sampled_from([("上年同期", "Same period last year"), ("年计划", "Annual plan"), ("位次", "Rank")])
        )
        rows = [
            ["指标", "累计", "同比增长(%)", other[0]],
            ["Indicator", "Cumulative", "YoY growth (%)", other[1]],
            [name, value[0], growth[0], "7"],
        ]
        drawn = [Figure(FLOWS[name], "2013-01/2013-09", value[0], growth=growth[0])]
        grid = [[f"{PLACE}2013年1-9月"], ["单位：亿元"], *rows, [f"其中：{name}", "", "", ""]]
    hold_law(load(make_csv(grid), known), drawn)


@pytest.mark.parametrize("head", NO_GROWTH + NO_VALUE)
def test_a_head_of_neither_kind_is_named_beside_a_value_and_is_no_figure_where_it_stands_alone(head, known):
    """Alone beside the name there is nothing to load, or a target, and never a figure."""
    above = [[f"{PLACE}2013年1-9月"], ["单位：亿元"]]
    found = load(make_csv([*above, ["指标", head, "累计"], ["工业总产值", "55.5", "66.6"]]), known)
    hold_law(found, [Figure("industrial_output", "2013-01/2013-09", "66.6")], [head])
    found = load(make_csv([*above, ["指标", head], ["工业总产值", "55.5"]]), known)
    assert not any(read.table == "observation" and read.rows_accepted for read in found.readings)


@pytest.mark.parametrize("head", [*CUMULATED, *MONTH, *GROWTH])
def test_every_usual_head_of_a_value_or_a_growth_is_read(head, known):
    heads = ["指标", *dict.fromkeys(["累计", head])]
    grid = [[f"{PLACE}2013年1-9月"], ["单位：亿元"], heads, ["工业总产值", "66.6", "5.5"][: len(heads)]]
    found = load(make_csv(grid), known)
    cumulated = Figure("industrial_output", "2013-01/2013-09", "66.6", growth="5.5" if head in GROWTH else None)
    if head in CUMULATED and head != "累计":
        assert sorted(row for row, _ in found.refused) == [4, 4]  # two numbers for one span
    else:
        hold_law(found, [cumulated, *([Figure("industrial_output", "2013-09", "5.5")] if head in MONTH else [])])


@pytest.mark.parametrize("name", ["规上工业企业R&D", "规上工业企业 R&D", "工业总产值 Exports", "户均GDP"])
def test_letters_behind_a_name_that_are_no_translation_of_it_make_it_another_name(name, known):
    long = load(make_csv([[f"{PLACE}2013年"], ["单位：亿元"], ["指标", "数值"], [name, "5.5"]]), known)
    wide = load(make_csv([[PLACE], ["年份", name], ["2013", "5.5"]]), known)
    assert not long.figures
    assert not wide.figures
