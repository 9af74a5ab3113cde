"""Words that decide what a number is: in lines inside a table, in titles, in columns of kinds, behind a name."""

import pytest

from tests.data.kinds.drawing import PLACE, Figure, hold_law, load, make_csv
from tests.data.kinds.test_kind_sections import read_places

FIRST = Figure("industrial_output", "2013", "55.5")


def load_with_line(line, known, place=PLACE, extra=()):
    """A table of two rows with a line between them."""
    cells = [[line, *[""] * (1 + len(extra))], ["财税收入", "6.5", *extra]]
    heads = ["指标", "数值", *(["备注"] if extra else [])]
    grid = [[f"{place}2013年"], ["单位：亿元"], heads, ["工业总产值", "55.5", *extra], *cells]
    return load(make_csv(grid), known)


@pytest.mark.parametrize(
    "line",
    [
        "上月",
        "年初计划",
        "考核目标",
        "奋斗目标",
        "下达任务",
        "人均指标",
        "指数（上年=100）",
        "同比",
        "环比",
        "占全省比重",
        "占全省比重（%）",
        "完成率",
        "位次",
        "增减额",
        "规模以上",
        "其中：民营",
        "比上年增减额",
        "2013年人均",
        "湘潭高新区（核心区）",
        "2013年（不含托管区）",
        "湘乡经开区",
        "双马街道",
        "湘潭高新区和株洲高新区合计",
        "湘潭高新区（不含托管区）",
        "年度计划",
        "三、上年同期情况",
    ],
)
def test_rows_below_a_line_that_says_they_are_something_else_are_refused(line, known):
    found = load_with_line(line, known)
    assert found.figures == {FIRST}, found.told
    assert {row for row, _head in found.refused} == {5, 6}


@pytest.mark.parametrize(
    "line",
    [
        "一、工业",
        "（二）财政",
        "科技创新",
        "数据来源：湘潭市统计局",
        "湘潭高新区",
        "2013年",
        "湘潭高新区2013年工业运行",
        "财政税收部分",
        "1.经济指标",
    ],
)
def test_lines_that_name_a_theme_or_what_holds_already_change_nothing(line, known):
    hold_law(load_with_line(line, known), [FIRST, Figure("fiscal_tax_revenue", "2013", "6.5")])


@pytest.mark.parametrize("line", ["全市", "全市合计", "合计", "各区县"])
def test_the_whole_after_a_place_leaves_the_place_open(line, known):
    grid = [
        ["湘潭市2013年"],
        ["单位：亿元"],
        ["指标", "数值"],
        ["湘潭高新区", ""],
        ["工业总产值", "55.5"],
        [line, ""],
        ["财税收入", "6.5"],
    ]
    assert load(make_csv(grid), known).figures == {FIRST}


@pytest.mark.parametrize(
    ("cells", "heads"),
    [
        (["二", "上年同期", ""], ["序号", "指标", "数值（亿元）"]),
        (["", "上年同期", "—"], ["序号", "指标", "数值（亿元）"]),
        (["上年同期", "亿元", ""], ["指标", "单位", "数值"]),
        (["上年同期", "", "仅供参考"], ["指标", "数值（亿元）", "备注"]),
    ],
)
def test_a_line_may_have_a_number_of_its_item_a_unit_a_dash_or_a_remark_beside_it(cells, heads, known):
    rows = {"序号": "1", "指标": "工业总产值", "单位": "亿元", "数值": "55.5", "数值（亿元）": "55.5", "备注": ""}
    below = rows | {"指标": "财税收入", "数值": "6.5", "数值（亿元）": "6.5"}
    grid = [[f"{PLACE}2013年"], heads, [rows[head] for head in heads], cells, [below[head] for head in heads]]
    assert load(make_csv(grid), known).figures == {FIRST}


@pytest.mark.parametrize(
    ("line", "period"),
    [("2012", "2012"), ("2012年", "2012"), ("本年累计完成情况", None), ("2012.1", None), ("1-9月", "2013-01/2013-09")],
)
def test_a_line_of_a_period_may_be_a_number_or_a_span(line, period, known):
    found = load_with_line(line, known)
    rest = {one for one in found.figures if one != FIRST}
    expected = {"本年累计完成情况": "2013"}.get(line, period)
    assert rest == ({Figure("fiscal_tax_revenue", expected, "6.5")} if expected else set()), found.told


@pytest.mark.parametrize("line", ["（万元）", "以下单位为万元", "单位（万元）", "万元", "以万元计"])
def test_a_line_of_a_unit_may_be_written_in_many_ways(line, known):
    found = load_with_line(line, known)
    assert found.figures == {FIRST, Figure("fiscal_tax_revenue", "2013", "6.5", "wan_cny")}, found.told


def test_a_plan_goes_on_below_a_place_or_a_month_until_something_is_said_to_be_done(known):
    grid = [
        ["2013年"],
        ["单位：亿元"],
        ["指标", "数值"],
        [PLACE, ""],
        ["工业总产值", "55.5"],
        ["二、上年同期", ""],
        [PLACE, ""],
        ["财税收入", "6.5"],
    ]
    assert load(make_csv(grid), known).figures == {FIRST}


def test_the_month_of_one_place_is_not_that_of_the_next(known):
    grid = [
        ["2013年"],
        ["单位：亿元"],
        ["指标", "数值"],
        [PLACE, ""],
        ["工业总产值", "55.5"],
        ["9月", ""],
        ["财税收入", "6.5"],
        ["株洲高新区", ""],
        ["营业收入", "7.5"],
    ]
    found = load(make_csv(grid), known)
    assert {figure.period for figure in found.figures} == {"2013", "2013-09"}
    assert "operating_revenue" not in {figure.indicator for figure in found.figures}


@pytest.mark.parametrize(
    "title",
    [
        "湘潭市高新区",
        "湘潭市雨湖区",
        "湖南省高新区",
        "长沙、湘潭市",
        "除湘潭高新区外全市",
        "湘潭市本级",
        "湘潭高新区（核心区）",
        "抄送：湘潭市政府",
        "湘潭市统计局",
        "注：不含湘潭经开区",
    ],
)
def test_a_title_with_more_behind_a_place_or_an_office_names_no_place(title, known):
    found = load(make_csv([[title], ["2013年"], ["指标", "单位", "数值"], ["工业总产值", "亿元", "55.5"]]), known)
    assert not [row for read in found.readings for row in read.accepted.rows()]
    assert "地区" in found.told


@pytest.mark.parametrize(
    "title", ["湘潭市2013年全市主要经济指标", "湘潭市 2013年", "湘潭市统计局：湘潭市2013年主要指标"]
)
def test_a_place_that_titles_name_is_read(title, known):
    found = load(make_csv([[title], ["指标", "单位", "数值"], ["工业总产值", "亿元", "55.5"]]), known)
    assert read_places(found) == {("xiangtan", "industrial_output", "2013", "55.5", "yi_cny")}, found.told


@pytest.mark.parametrize(
    "title",
    [
        "国民经济和社会发展计划",
        "工业和投资增速",
        "主要指标（计划）",
        "主要指标上年同期数",
        "计划草案",
        "主要指标计划的通知",
        "比上年增长（%）",
        "占全市比重",
        "人均",
        "月均值",
        "完成率",
    ],
)
def test_titles_of_other_numbers_in_any_form_are_asked_about(title, known):
    found = load(make_csv([[f"{PLACE}2013年{title}"], ["指标", "单位", "数值"], ["专利申请", "项", "55"]]), known)
    assert not found.figures


@pytest.mark.parametrize(
    ("texts", "period"),
    [
        (["2013年全年及四季度"], None),
        (["2013年3月至今"], None),
        (["建区以来至2013年累计"], None),
        (["2013年1-9月", "（2013年10月15日）"], "2013-01/2013-09"),
    ],
)
def test_titles_of_open_spans_are_asked_about_and_the_day_of_a_table_is_no_period(texts, period, known):
    found = load(
        make_csv([[PLACE], *([text] for text in texts), ["指标", "单位", "数值"], ["工业总产值", "亿元", "55.5"]]),
        known,
    )
    assert found.figures == ({Figure("industrial_output", period, "55.5")} if period else set())
