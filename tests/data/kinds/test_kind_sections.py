"""Lines inside a table, tables below each other, captions over tables side by side, heads over groups of columns."""

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

PLACES = {"湘潭高新区": "xthtz", "长沙高新区": "cshtz", "株洲高新区": "zzhtz", "湘潭市": "xiangtan"}
NUMBERED = ("", "一、", "（二）", "1.")
PLANS = ("年度目标", "二、2013年计划", "（一）上年同期", "全年预计", "目标任务", "比上年增长（%）", "增速")


def read_places(found):
    """Place, indicator, period and number of everything that was loaded."""
    rows = [read.accepted.select("park_id", "indicator_id", "period", "value_text", "unit_id").rows()
            for read in found.readings if read.accepted.height]  # fmt: skip
    return {row for some in rows for row in some}


@LAWS
@given(st.data())
def test_what_a_line_says_holds_for_the_rows_below_it(known, data):
    draw = data.draw
    titled = draw(st.booleans())
    place, year = draw(st.sampled_from(list(PLACES))), draw(st.integers(2005, 2014))
    grid, drawn = [[f"{place}{year}年主要指标" if titled else "主要指标"], ["单位：亿元"], ["指标", "数值"]], set()
    if not titled:
        grid.append([f"{place}{year}年"])
    line = draw(st.sampled_from(["place", "year", "both"]))  # one kind: a place below a month may or may not keep it
    for _ in range(draw(st.integers(1, 4))):
        names = draw_flows(draw)
        for name, value in zip(names, draw_numbers(draw, len(names)), strict=True):
            if (place, name, year) in {(one, flow, when) for one, flow, when, _value in drawn}:
                continue
            grid.append([name, value])
            drawn.add((place, name, year, value))
        place = draw(st.sampled_from(list(PLACES))) if line != "year" else place
        year = draw(st.integers(2005, 2014)) if line != "place" else year
        said = (place if line != "year" else "") + (f"{year}年" if line != "place" else "")
        grid.append([draw(st.sampled_from(NUMBERED)) + said + draw(st.sampled_from(["", "主要指标"]))])
        if draw(st.booleans()):
            grid.append(["指标", "数值"])
    grid.append(["工业总产值", "7.5"])
    drawn = {
        (one, flow, when, value) for one, flow, when, value in drawn if (one, flow, when) != (place, "工业总产值", year)
    }
    found = load(make_csv(grid), known)
    same = [value for one, flow, when, value in read_drawn(grid) if (one, flow, when) == (place, "工业总产值", year)]
    loaded = read_places(found)
    expected = {(PLACES[one], FLOWS[flow], str(when), value, "yi_cny") for one, flow, when, value in drawn}
    assert expected <= loaded, found.told
    rest = loaded - expected
    assert rest <= {(PLACES[place], "industrial_output", str(year), "7.5", "yi_cny")}, found.told
    assert rest or len(same) > 1


def read_drawn(grid):
    """The rows of a grid again, by a way of their own: place, name, year and number."""
    place = year = None
    for row in grid:
        text = row[0]
        if len(row) == 2 and row[0] != "指标":
            yield place, text, year, row[1]
        else:
            place = next((one for one in sorted(PLACES, key=len, reverse=True) if one in text), place)
            digits = [
                text[at : at + 4]
                for at in range(len(text))
                if text[at : at + 4].isdigit() and text[at + 4 : at + 5] == "年"
            ]
            year = int(digits[0]) if digits else year


@LAWS
@given(st.data())
def test_rows_below_a_plan_or_last_year_are_no_figures(known, data):
    draw = data.draw
    first, second, third = draw_numbers(draw, 3)
    line, back = draw(st.sampled_from(PLANS)), draw(st.booleans())
    grid = [[f"{PLACE}2013年"], ["单位：亿元"], ["指标", "数值"], ["工业总产值", first], [line], ["财税收入", second]]
    grid += [["二、完成情况"], ["营业收入", third]] if back else []
    found = load(make_csv(grid), known)
    kept = [Figure("industrial_output", "2013", first)]
    kept += [Figure("operating_revenue", "2013", third)] if back else []
    assert found.figures == set(kept), found.told
    assert [row for row, _head in found.refused] == [5, 6]
    assert line in found.told


@pytest.mark.parametrize(
    "line", ["注：以下为2012年数", "2012年新开工项目", "长沙高新区（含托管乡镇）", "单位：万美金元"]
)
def test_rows_below_a_line_that_leaves_open_what_it_changes_are_refused(line, known):
    grid = [[f"{PLACE}2013年"], ["单位：亿元"], ["指标", "数值"], ["工业总产值", "55.5"], [line], ["财税收入", "6.5"]]
    found = load(make_csv(grid), known)
    assert found.figures == {Figure("industrial_output", "2013", "55.5")}, found.told
    assert [row for row, _head in found.refused] == [5, 6]
    assert line in found.told


@pytest.mark.parametrize("head", ["数值（亿元）", "数值"])
@pytest.mark.parametrize("line", ["单位：万元", "（单位：万元）"])
def test_a_unit_in_a_line_changes_the_unit_or_refuses_what_the_heads_contradict(head, line, known):
    grid = [
        [f"{PLACE}2013年"],
        [] if "亿" in head else ["单位：亿元"],
        ["指标", head],
        ["工业总产值", "55.5"],
        [line],
        ["财税收入", "6.5"],
    ]
    found = load(make_csv([row for row in grid if row]), known)
    rest = set() if "亿" in head else {Figure("fiscal_tax_revenue", "2013", "6.5", "wan_cny")}
    assert found.figures == {Figure("industrial_output", "2013", "55.5"), *rest}, found.told


@LAWS
@given(st.data())
def test_a_row_without_a_number_is_no_line_of_a_section(known, data):
    draw = data.draw
    value = draw_numbers(draw, 1)[0]
    for grid, where in (
        ([["2013年"], ["地区", "工业总产值（亿元）", "财税收入（亿元）"], ["长沙高新区"], [PLACE, value]], "xthtz"),
        ([[PLACE], ["年份", "工业总产值（亿元）"], ["2012"], ["2013", value]], "xthtz"),
        ([[f"{PLACE}2013年"], ["单位：亿元"], ["指标", "数值"], ["财税收入"], ["工业总产值", value]], "xthtz"),
        (
            [[f"{PLACE}2013年"], ["单位：亿元"], ["指标", "数值"], ["长沙高新区财税收入"], ["工业总产值", value]],
            "xthtz",
        ),
    ):
        width = max(map(len, grid))
        found = load(make_csv([[*row, *[""] * (width - len(row))] for row in grid]), known)
        assert read_places(found) == {(where, "industrial_output", "2013", value, "yi_cny")}, found.told


def test_heads_that_are_repeated_are_left_out(known):
    page = [["指标", "数值"], ["工业总产值", "55.5"]]
    found = load(make_csv([[f"{PLACE}2013年"], ["单位：亿元"], *page, ["指标", "数值"], ["财税收入", "6.5"]]), known)
    hold_law(found, [Figure("industrial_output", "2013", "55.5"), Figure("fiscal_tax_revenue", "2013", "6.5")])


def test_a_thousand_sections_and_rows_without_a_number_are_read_and_none_is_lost(known):
    lines = [[line] for year in range(1990, 2025) for line in (f"{year}年", "一、工业") for _ in range(15)]
    rows = [["工业总产值", f"{year}.5"] for year in range(1990, 2025)]
    grid = [[PLACE], ["单位：亿元"], ["指标", "数值"]]
    for at, row in enumerate(rows):
        grid += [*lines[30 * at : 30 * at + 30], row]
    found = load(make_csv(grid), known)
    assert {figure.period for figure in found.figures} == {str(year) for year in range(1990, 2025)}
    assert [read.sheet.rows.height for read in found.readings] == [len(grid) - 3 - 35]


@LAWS
@given(st.data())
def test_a_table_below_another_is_read_by_its_own_heads_and_titles(known, data):
    draw = data.draw
    first, second, last = draw_numbers(draw, 3)
    growth = draw_growths(draw, 1)[0]
    heads = draw(st.permutations(["单位", "数值", "增速(%)", "位次"]))
    cells = {"单位": "亿元", "数值": second, "增速(%)": growth, "位次": "3"}
    lines = draw(
        st.sampled_from([["长沙高新区2012年主要指标"], ["表二", "长沙高新区2012年"], ["长沙高新区", "（2012年）"]])
    )
    gap = draw(st.booleans())
    grid = [[f"{PLACE}2013年"], ["指标", "单位", "2013年"], ["工业总产值", "亿元", first], ["财税收入", "亿元", last]]
    grid += [
        *([[]] if gap else []),
        *([line] for line in lines),
        ["指标", *heads],
        ["营业收入", *(cells[head] for head in heads)],
    ]
    found = load(make_csv([[*row, *[""] * (5 - len(row))] for row in grid]), known)
    assert read_places(found) == {
        ("xthtz", "industrial_output", "2013", first, "yi_cny"),
        ("xthtz", "fiscal_tax_revenue", "2013", last, "yi_cny"),
        ("cshtz", "operating_revenue", "2012", second, "yi_cny"),
    }, found.told  # fmt: skip


@LAWS
@given(st.data())
def test_captions_over_tables_side_by_side_hold_for_their_own_table(known, data):
    draw = data.draw
    first, second = draw_numbers(draw, 2)
    one, other = draw(st.permutations([("2012年", "2012"), ("2013年", "2013"), ("2013年1-9月", "2013-01/2013-09")]))[:2]
    gap = [""] * draw(st.integers(0, 1))
    units = draw(st.booleans())
    grid = [[PLACE], [one[0], "", *gap, other[0], ""]]
    grid += [["单位：亿元", "", *gap, "单位：万元", ""]] if units else []
    grid += [["指标", "数值" if units else "数值（亿元）", *gap, "指标", "数值" if units else "数值（万元）"]]
    grid += [["工业总产值", first, *gap, "财税收入", second]]
    hold_law(
        load(make_csv(grid), known),
        [Figure("industrial_output", one[1], first), Figure("fiscal_tax_revenue", other[1], second, "wan_cny")],
    )


@LAWS
@given(st.data())
def test_heads_over_groups_of_columns_hold_for_all_columns_of_their_group(known, data):
    """本月 and 累计, or two indicators, over three columns each, in two rows of heads."""
    draw = data.draw
    numbers, growths = draw_numbers(draw, 2), draw_growths(draw, 2)
    value, rate = draw(st.sampled_from(["数值", "总量", "绝对值"])), draw(st.sampled_from(["增速(%)", "同比增长(%)"]))
    below = draw(st.sampled_from([[value, rate, "位次"], [value, "位次", rate], ["位次", value, rate]]))
    cells = [[growth if "增" in head else "3" if head == "位次" else number for head in below]
             for number, growth in zip(numbers, growths, strict=True)]  # fmt: skip
    merged = draw(st.booleans())  # a cell that is merged over both rows stands in both, where a workbook was read
    if draw(st.booleans()):
        names = draw(st.permutations(["工业总产值", "财税收入"]))
        grid = [["2013年1-9月"], ["单位：亿元"], ["地区", names[0], "", "", names[1], "", ""],
                ["地区" if merged else "", *below, *below], [PLACE, *cells[0], *cells[1]]]  # fmt: skip
        drawn = [Figure(FLOWS[name], "2013-01/2013-09", number, growth=growth)
                 for name, number, growth in zip(names, numbers, growths, strict=True)]  # fmt: skip
    else:
        spans = draw(st.permutations([("本月", "2013-09"), ("累计", "2013-01/2013-09")]))
        grid = [[f"{PLACE}2013年1-9月"], ["单位：亿元"], ["指标", spans[0][0], "", "", spans[1][0], "", ""],
                ["指标" if merged else "", *below, *below], ["工业总产值", *cells[0], *cells[1]]]  # fmt: skip
        drawn = [Figure("industrial_output", period, number, growth=growth)
                 for (_span, period), number, growth in zip(spans, numbers, growths, strict=True)]  # fmt: skip
    hold_law(load(make_csv([[*row, *[""] * (7 - len(row))] for row in grid]), known), drawn)


@LAWS
@given(st.data())
def test_one_head_over_a_group_is_never_lost(known, data):
    draw = data.draw
    number, growth = draw_numbers(draw, 1)[0], draw_growths(draw, 1)[0]
    over = draw(st.sampled_from(["累计", "本月", "上年同期", "上月", "年度目标", "全市", "全年预计"]))
    grid = [
        [f"{PLACE}2013年1-9月主要指标"],
        ["", over, "", ""],
        ["指标", "数值（亿元）", "增速(%)", "位次"],
        ["工业总产值", number, growth, "3"],
    ]
    found = load(make_csv([[*row, *[""] * (4 - len(row))] for row in grid]), known)
    period = {"累计": "2013-01/2013-09", "本月": "2013-09"}.get(over)
    assert found.figures == ({Figure("industrial_output", period, number, growth=growth)} if period else set()), (
        found.told
    )


@pytest.mark.parametrize(
    ("rows", "loaded"),
    [
        ([["1-9月", ""], ["2012年", "44"], ["2013年", "55"]], set()),
        ([["2012年", "44"], ["上半年", ""], ["2013年", "55"]], {("2012", "44")}),
        ([["8月", "44"], ["累计", ""], ["9月", "55"]], {("2013-08", "44")}),
        ([["2012", "44"], ["2013", ""], ["2014", "66"]], {("2012", "44"), ("2014", "66")}),
        ([["8月", "44"], ["9月", ""], ["10月", "66"]], {("2013-08", "44"), ("2013-10", "66")}),
    ],
)
def test_a_line_in_the_column_of_periods_that_says_a_part_of_those_below_bars_them(rows, loaded, known):
    found = load(make_csv([[f"{PLACE}2013年"], ["时期", "工业总产值（亿元）"], *rows]), known)
    assert {(figure.period, figure.value) for figure in found.figures} == loaded, found.told
    assert len(loaded) == 2 or found.refused
