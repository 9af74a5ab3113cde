"""One growth for several columns, tables side by side, repeated rows and heads, exports of bureaus, units."""

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
    hold_law_or_refuse,
    load,
    make_csv,
)

BETWEEN = ("位次", "全省排名", "环比(%)", "占比(%)", "责任单位", "目标")
COUNTS = {"专利申请": ("patent_applications", "application", "项"), "新引进项目": ("new_projects", "project", "个")}
BELOW = ("数据来源：国家统计局", "注：2013年为快报数", "制表人：王某", "资料来源：统计年鉴")


# One growth for several columns


@LAWS
@given(st.data())
def test_a_growth_belongs_to_the_one_value_beside_which_it_stands(known, data):
    """Indicators in columns, each with its growth behind it, and ranks and other columns between."""
    draw = data.draw
    names = draw_flows(draw)
    heads, cells, drawn, left = ["时期"], ["2013"], [], []
    for name, value, growth in zip(names, draw_numbers(draw, len(names)), draw_growths(draw, len(names)), strict=True):
        between = draw(st.lists(st.sampled_from(BETWEEN[:4]), max_size=2, unique=True))
        named = draw(st.booleans())
        unit = draw(st.sampled_from(["（亿元）", "(亿元)", ",亿元"]))
        heads += [
            f"{name}{unit}",
            *between,
            f"{name}增速(%)" if named else draw(st.sampled_from(["增速(%)", "同比增长(%)"])),
        ]
        cells += [value, *("3" for _ in between), growth]
        drawn.append(Figure(FLOWS[name], "2013", value, growth=growth))
        left += between
    hold_law(load(make_csv([[PLACE], heads, cells]), known), drawn, left)


@LAWS
@given(st.data())
def test_the_growth_behind_several_years_is_that_of_the_last_or_of_none(known, data):
    draw = data.draw
    name, years = (
        draw(st.sampled_from(list(FLOWS)[:6])),
        draw(st.permutations([2011, 2012, 2013]))[: draw(st.integers(2, 3))],
    )
    head = draw(
        st.sampled_from(
            ["增速(%)", "同比增长(%)", f"{max(years)}年增速(%)", f"{max(years)}年比{max(years) - 1}年增长(%)"]
        )
    )
    values, [growth] = draw_numbers(draw, len(years)), draw_growths(draw, 1)
    columns = [*((f"{year}年", value) for year, value in zip(years, values, strict=True)), (head, growth)]
    columns += [(one, "4") for one in draw(st.lists(st.sampled_from(BETWEEN), max_size=2, unique=True))]
    columns = draw(st.permutations(columns))
    grid = [[PLACE], ["单位：亿元"], ["指标", *(head for head, _ in columns)], [name, *(cell for _, cell in columns)]]
    found = load(make_csv(grid), known)
    grown = next((figure.period for figure in found.figures if figure.growth), None)
    assert grown in (None, f"{max(years)}")
    taken = head not in found.untaken
    assert taken == (grown is not None)
    assert taken or head in ("增速(%)", "同比增长(%)")
    drawn = [
        Figure(FLOWS[name], f"{year}", value, growth=growth if taken and year == max(years) else None)
        for year, value in zip(years, values, strict=True)
    ]
    hold_law(found, drawn)


@LAWS
@given(st.data())
def test_the_growth_behind_several_spans_is_that_of_the_longest_beside_it_or_of_none(known, data):
    draw = data.draw
    last = draw(st.integers(2, 11))
    heads = {"本月": f"2013-{last:02}", f"1-{last}月": f"2013-01/2013-{last:02}"}
    if draw(st.booleans()) and last > 2:
        heads = {f"1-{last - 1}月": f"2013-01/2013-{last - 1:02}", f"1-{last}月": f"2013-01/2013-{last:02}"}
    order = draw(st.permutations([*heads, "增速(%)"]))
    cells = dict(zip(order, draw_numbers(draw, 3), strict=True))
    grid = [
        [f"{PLACE}2013年{last}月"],
        ["单位：亿元"],
        ["指标", *order],
        ["工业总产值", *(cells[head] for head in order)],
    ]
    found = load(make_csv(grid), known)
    plain = order[1:] == [f"1-{last}月", "增速(%)"] or order.index("增速(%)") == 1
    owner = order[order.index("增速(%)") - 1] if plain else None
    drawn = [
        Figure("industrial_output", code, cells[head], growth=cells["增速(%)"] if head == owner else None)
        for head, code in heads.items()
    ]
    hold_law(found, drawn, [] if plain else ["增速(%)"])


@LAWS
@given(st.data())
def test_one_growth_behind_several_indicators_is_not_taken_and_named(known, data):
    draw = data.draw
    names = draw(st.permutations(list(FLOWS)))[: draw(st.integers(2, 3))]
    values, [growth] = draw_numbers(draw, len(names)), draw_growths(draw, 1)
    head = draw(st.sampled_from(["增速(%)", "同比增长(%)", "比上年增长%"]))
    grid = [[PLACE], ["时期", *(f"{name}(亿元)" for name in names), head], ["2013", *values, growth]]
    drawn = [Figure(FLOWS[name], "2013", value) for name, value in zip(names, values, strict=True)]
    hold_law(load(make_csv(grid), known), drawn, [head])


# Side by side and repeated


@LAWS
@given(st.data())
def test_tables_side_by_side_are_read_as_tables_of_their_own(known, data):
    """With a first column of numbers in common or none, an empty column between, and of different widths."""
    draw = data.draw
    number, shared, apart = draw(st.integers(2, 3)), draw(st.booleans()), draw(st.booleans())
    height = draw(st.integers(1, 3))
    names = draw(st.permutations([name for name in FLOWS if name != "增加值"]))
    heads, lines, drawn = ["序号"] if shared else [], [[f"{at + 1}"] if shared else [] for at in range(height)], []
    for one in range(number):
        extra = draw(st.lists(st.sampled_from(["位次", "上年同期", "备注"]), max_size=2, unique=True))
        if one and apart:
            heads.append("")
        heads += ["指标", "单位", "数值", *extra]
        for at, value in enumerate(draw_numbers(draw, height)):
            name = names[(one * height + at) % len(names)]
            if one and apart:
                lines[at].append("")
            short = one and at and one * height + at >= len(names)
            lines[at] += ["", "", "", *("" for _ in extra)] if short else [name, "亿元", value, *("5" for _ in extra)]
            if not short:
                drawn.append(Figure(FLOWS[name], "2013", value))
    hold_law(load(make_csv([[f"{PLACE}2013年主要指标"], heads, *lines]), known), drawn)


@LAWS
@given(st.data())
def test_what_is_said_twice_alike_is_taken_once_and_what_contradicts_is_refused(known, data):
    draw = data.draw
    names = draw_flows(draw, 3)
    values = draw_numbers(draw, len(names) + 1)
    lines = [[name, "2013", value] for name, value in zip(names, values, strict=False)]
    again = draw(st.sampled_from([lines[0], [names[0], "2013年", values[-1]]]))
    rows = draw(st.permutations([*lines, again]))
    found = load(make_csv([[PLACE], ["单位：亿元"], ["指标", "时期", "数值"], *rows]), known)
    good = lines if again == lines[0] else lines[1:]
    hold_law_or_refuse(found, [Figure(FLOWS[name], "2013", value) for name, _, value in good])
    assert len(found.figures) == len(good)
    refused = [4 + at for at, row in enumerate(rows) if again != lines[0] and row in (lines[0], again)]
    assert sorted({row for row, _ in found.refused}) == refused
    assert refused or "只留一次" in found.told


@LAWS
@given(st.data())
def test_the_same_head_twice_is_no_reason_to_lose_a_number_in_silence(known, data):
    draw = data.draw
    head = draw(st.sampled_from(["2013年", "累计", "数值", "1-9月", "本年累计"]))
    first, second = draw_numbers(draw, 2)
    same = draw(st.booleans())
    grid = [[f"{PLACE}2013年1-9月" if head != "2013年" else PLACE], ["单位：亿元"], ["指标", head, head]]
    found = load(make_csv([*grid, ["工业总产值", first, first if same else second]]), known)
    code = "2013" if head == "2013年" else "2013-01/2013-09"
    assert found.figures == ({Figure("industrial_output", code, first)} if same else set())
    assert found.refused if not same else "只留一次" in found.told


# Exports of bureaus and of programs


@LAWS
@given(st.data())
def test_an_export_of_a_bureau_is_read_with_what_stands_above_its_heads(known, data):
    """Newest first, empty cells, the source below; the indicator, or the place, above."""
    draw = data.draw
    years = list(range(2014, 2014 - draw(st.integers(2, 5)), -1))
    mark = draw(st.sampled_from(["：", ":"]))
    by_month = draw(st.booleans())
    heads = (
        [f"2014年{month}月" for month in range(len(years) + 1, 1, -1)] if by_month else [f"{year}年" for year in years]
    )
    codes = (
        [f"2014-01/2014-{month:02}" for month in range(len(years) + 1, 1, -1)]
        if by_month
        else [f"{year}" for year in years]
    )
    values = draw_numbers(draw, len(heads))
    empty = draw(st.integers(1, len(heads) - 1))
    cells = [value if at != empty else "" for at, value in enumerate(values)]
    name = draw(st.sampled_from(["工业总产值", "财税收入", "营业收入"]))
    said = f"{name}_累计值(亿元)" if by_month else f"{name}(亿元)"
    if draw(st.booleans()) and not by_month:
        above, row = (
            [[f"指标{mark}{said}"], ["时间：最近5年"]],
            ["地区", *heads],
        )
        grid = [*above, row, [PLACE, *cells]]
    else:
        grid = [[f"地区{mark}{PLACE}"], ["时间：最近5年"], ["指标", *heads], [said, *cells]]
    lines = [["数据库：年度数据"], *grid] if draw(st.booleans()) else list(grid)
    found = load(make_csv(lines), known)
    drawn = [Figure(FLOWS[name], code, cell) for code, cell in zip(codes, cells, strict=True) if cell]
    hold_law(found, drawn)


@LAWS
@given(st.data())
def test_lines_below_a_table_are_no_figures(known, data):
    [value] = draw_numbers(data.draw, 1)
    note = data.draw(st.sampled_from(BELOW))
    grid = [[PLACE], ["单位：亿元"], ["指标", "2013年", "2012年"], ["工业总产值", value, ""], [note, "", ""]]
    hold_law(load(make_csv(grid), known), [Figure("industrial_output", "2013", value)])


@LAWS
@given(st.data())
def test_what_a_program_exports_is_read_with_its_index_and_its_points(known, data):
    """An index without a head, years as 2013.0 and NaN for a missing number."""
    names = draw_flows(data.draw)
    values = draw_numbers(data.draw, len(names))
    missing = data.draw(st.integers(0, len(names)))
    cells = [value if at != missing else "NaN" for at, value in enumerate(values)]
    heads = data.draw(
        st.sampled_from([["地区", "指标", "年份", "数值", "单位"], ["park_id", "indicator", "year", "value", "unit"]])
    )
    lines = [
        [f"{at}", PLACE, name, "2013.0", cell, "亿元"] for at, (name, cell) in enumerate(zip(names, cells, strict=True))
    ]
    drawn = [Figure(FLOWS[name], "2013", cell) for name, cell in zip(names, cells, strict=True) if cell != "NaN"]
    hold_law(load(make_csv([["", *heads], *lines]), known), drawn)


# Units


@LAWS
@given(st.data())
def test_a_unit_holds_for_what_it_stands_beside(known, data):
    """In a column, in the name, in the head, in a row of its own; and several above the table for none of them."""
    draw = data.draw
    (money, code), (count, (counted, item, said)) = (
        draw(st.sampled_from(list(FLOWS.items())[:4])),
        draw(st.sampled_from(list(COUNTS.items()))),
    )
    values = [*draw_numbers(draw, 1), f"{draw(st.integers(1, 999))}"]
    unit, unit_id = draw(st.sampled_from([("亿元", "yi_cny"), ("万元", "wan_cny"), ("亿元人民币", "yi_cny")]))
    drawn = [Figure(code, "2013", values[0], unit_id), Figure(counted, "2013", values[1], item)]
    several = draw(
        st.sampled_from(
            [
                "单位：亿元、项",
                "计量单位: 亿元、%",
                "单位:亿元,个",
                "单位：亿元 %",
                "单位：万元/亿元",
                "金额单位：亿元；%",
            ]
        )
    )
    way = draw(st.sampled_from(["column", "name", "head", "row", "above"]))
    left, right = draw(st.sampled_from(["()", "（）"]))
    if way == "column":
        grid = [["指标", "计量单位", "数值"], [money, unit, values[0]], [count, said, values[1]]]
    elif way == "name":
        grid = [
            ["指标", "数值"],
            [f"{money}{left}{unit}{right}", values[0]],
            [f"{count}{left}{said}{right}", values[1]],
        ]
    elif way == "head":
        grid = [["园区", f"{money}{left}{unit}{right}", f"{count}{left}{said}{right}"], [PLACE, *values]]
    elif way == "row":
        grid = [["园区", money, count], ["", unit, said], [PLACE, *values], [PLACE, *values]]
    else:
        grid = [["指标", "数值"], [money, values[0]], [count, values[1]]]
        drawn = [Figure(code, "2013", values[0]), *drawn[1:]] if "%" in several else drawn[1:]
    above = [several] if draw(st.booleans()) or way == "above" else []
    found = load(make_csv([[f"{PLACE}2013年"], *([line] for line in above), *grid]), known)
    if way == "above":
        hold_law_or_refuse(found, drawn)
        assert ((4, "单位") in found.refused) == ("%" not in several)
    else:
        hold_law(found, drawn)
