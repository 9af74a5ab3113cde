"""What a note or a remark says of some figures of its table is never lost: another unit, period, place or kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data.kinds.drawing import LAWS, PLACE, Figure, draw_flows, draw_numbers, load, make_csv

KINDS = {
    "unit": ("单位为万元", "为万元", "单位：万元", "为万美元"),
    "period": ("为1-8月数据", "为上半年数", "数据截至8月底", "为8月数"),
    "forecast": ("为预计数", "数据为预测数", "为估算数", "数据滞后一个月"),
    "part": ("为规模以上企业数", "为民营企业数据", "为外资企业数", "为核心区数据"),
}
OPENINGS = ("注：", "说明：", "备注：", "注：1.", "")
YEARLY = {
    "period": ("为1-11月数", "为前三季度数", "为上半年数据"),
    "forecast": ("为预计数", "数据为预计数", "为估计数"),
}


@LAWS
@given(st.data())
def test_a_note_on_one_indicator_refuses_its_row_and_no_other(known, data):
    draw = data.draw
    names = draw_flows(draw)
    values = draw_numbers(draw, len(names))
    named = draw(st.integers(0, len(names) - 1))
    said = draw(st.sampled_from(KINDS[draw(st.sampled_from(sorted(KINDS)))]))
    mark = draw(st.sampled_from(["", "①", "*"]))
    opening = draw(st.sampled_from([one for one in OPENINGS if one or mark]))
    note = f"{opening}{mark or names[named]}{said}" + draw(st.sampled_from(["。", ""]))
    rows = [[f"{PLACE}2013年1-9月主要指标"], ["单位：亿元"], ["指标", "数值"]]
    rows += [[name + (mark if at == named else ""), values[at]] for at, name in enumerate(names)]
    above = not mark and draw(st.booleans())
    rows = [rows[0], [note], *rows[1:]] if above and opening not in ("", "注：1.") else [*rows, [note]]
    found = load(make_csv(rows), known)
    assert {one.value for one in found.figures} == {value for at, value in enumerate(values) if at != named}, found.told
    assert found.refused
    assert f"{mark or names[named]}{said}" in found.told  # the note is quoted


@LAWS
@given(st.data())
def test_a_note_or_a_bracket_on_one_year_refuses_that_year_and_leaves_the_others_whole(known, data):
    draw = data.draw
    years = ["2011", "2012", "2013"]
    values = draw_numbers(draw, 3)
    said = draw(st.sampled_from(YEARLY[draw(st.sampled_from(sorted(YEARLY)))]))
    title, heads = f"{PLACE}主要经济指标", ["指标", "单位", *(f"{year}年" for year in years)]
    row = ["工业总产值", "亿元", *values]
    note, place = f"2013年{said}", draw(st.sampled_from(["bracket", "line", "above", "below"]))
    rows = {
        "bracket": [[f"{title}（{note}）"], heads, row],
        "line": [[title], [f"（其中{note}）"], heads, row],
        "above": [[title], [f"注：{note}"], heads, row],
        "below": [[title], heads, row, [f"注：{note}。"]],
    }[place]
    found = load(make_csv(rows), known)
    drawn = {Figure("industrial_output", year, value) for year, value in zip(years[:2], values, strict=False)}
    assert found.figures <= drawn, found.told  # a row with a defect is refused whole
    assert found.refused


@pytest.mark.parametrize(
    "note",
    [
        "注：数据为预计数。",
        "注：1-9月累计数",
        "（1-9月累计数）",
        "备注：数据为1-9月",
        "注：数据截至9月底。",
        "注：本表为规模以上工业企业数据。",
        "注：数据为湘潭市数。",
        "注：2013年为预计数。",
    ],
)
def test_a_note_on_the_whole_table_refuses_it(note, known):
    rows = [[f"{PLACE}2013年主要指标"], ["指标", "单位", "数值"], ["工业总产值", "亿元", "413"], [note]]
    found = load(make_csv(rows), known)
    assert (found.figures, bool(found.refused)) == (set(), True), found.told


@pytest.mark.parametrize(
    "note", ["注：本表数据为1-9月累计数", "（数据为1-9月累计数）", "注：数据截至9月底", "说明：以上数据为1-9月数"]
)
def test_a_note_above_on_the_whole_table_gives_its_period_or_asks(note, known):
    rows = [[f"{PLACE}2013年主要指标"], [note], ["指标", "单位", "数值"], ["工业总产值", "亿元", "413"]]
    found = load(make_csv(rows), known)
    assert found.figures <= {Figure("industrial_output", "2013-01/2013-09", "413")}, found.told


@pytest.mark.parametrize(
    "note",
    [
        "注：增速为1-8月数据。",
        "注：增速为环比。",
        "注：增长为比年初增长。",
        "注：增速为与上月相比。",
        "注：增速为两年平均。",
    ],
)
def test_a_note_on_the_growths_moves_no_value_and_loads_no_growth(note, known):
    heads = ["指标", "单位", "数值", "增速%"]
    rows = [[f"{PLACE}2013年主要指标"], heads, ["工业总产值", "亿元", "413", "11.6"], [note]]
    found = load(make_csv(rows), known)
    assert found.figures <= {Figure("industrial_output", "2013", "413")}, found.told


@pytest.mark.parametrize(
    "note",
    [
        "注：1.地区生产总值按当年价格计算，增速按可比价格计算；2.规模以上工业为年主营业务收入2000万元以上的企业。",
        "注：自2011年起，规模以上工业起点标准为年主营业务收入2000万元。",
        "注：2013年为快报数。",
        "数据来源：湘潭市统计局",
        "注：部分数据因四舍五入，合计数与分项数略有出入。",
        "注：2013年为初步核算数，2012年为年报数。",
        "单位：亿元",
    ],
)
def test_a_note_that_changes_no_figure_refuses_none(note, known):
    rows = [
        [f"{PLACE}2013年主要指标"],
        ["指标", "单位", "数值", "增速%"],
        ["工业总产值", "亿元", "413", "11.6"],
        [note],
    ]
    found = load(make_csv(rows), known)
    assert found.figures == {Figure("industrial_output", "2013", "413", growth="11.6")}, found.told


def test_what_a_note_says_of_the_others_refuses_none_of_those_it_names(known):
    rows = [
        [f"{PLACE}2013年主要指标"],
        ["指标", "单位", "数值"],
        ["工业总产值", "亿元", "413"],
        ["财税收入", "万元", "95"],
    ]
    rows += [["注：财税收入为万元，其余为亿元；带*的为预计数。"]]
    found = load(make_csv(rows), known)
    assert {one.value for one in found.figures} == {"413", "95"}, found.told


@pytest.mark.parametrize("remark", ["单位自报", "单位撤销", "含房地产", "新增5家", "增长较快", "快报"])
def test_a_remark_of_something_else_refuses_no_row(remark, known):
    rows = [[f"{PLACE}2013年"], ["指标", "单位", "数值", "备注"], ["工业总产值", "亿元", "20", remark]]
    assert {one.value for one in load(make_csv(rows), known).figures} == {"20"}


@pytest.mark.parametrize(
    "remark",
    [
        "1-8月数据",
        "为8月数据",
        "上月数",
        "滞后一个月",
        "季度数据",
        "上年同期累计",
        "2012年数据",
        "预计数据",
        "上半年数据",
        "本月数据",
        "全市数",
        "不含烟草",
        "核心区",
        "国有控股企业",
        "亩均",
        "单位为千元",
        "单位：万元",
        "调整前",
    ],
)
def test_a_remark_that_says_another_period_place_unit_or_part_refuses_its_row(remark, known):
    rows = [[f"{PLACE}2013年1-9月主要指标"], ["指标", "单位", "累计", "备注"], ["工业总产值", "亿元", "20", remark]]
    rows += [["固定资产投资", "亿元", "80", "快报"]]
    found = load(make_csv(rows), known)
    assert {one.indicator for one in found.figures} == {"fixed_asset_investment"}, found.told


def test_a_note_above_on_the_unit_of_one_indicator_leaves_that_of_the_others(known):
    rows = [[f"{PLACE}2013年1-9月主要指标"], ["注：工业总产值单位：万元。"], ["单位：亿元"], ["指标", "数值"]]
    found = load(make_csv([*rows, ["工业总产值", "1000"], ["财政收入", "2000"]]), known)
    assert found.figures == {Figure("fiscal_revenue", "2013-01/2013-09", "2000")}
    assert "注里说“工业总产值单位：万元”" in found.told
