"""Spans in cells and heads, and the period in the title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data.kinds.drawing import FLOWS, LAWS, PLACE, Figure, draw_numbers, hold_law, load, make_csv

HAN = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
YEARS = {2013: "二〇一三", 2009: "二〇〇九", 1998: "一九九八", 2020: "二零二零", 2024: "二○二四"}
MADE = (
    "制表日期：2014年2月12日", "填报时间 2013年10月", "报送日期:2014.01.15", "更新日期 2013-10-20",
    "湘统〔2012〕9号", "总第9期", "2014年第3期", "附表3-1", "（2010年不变价）", "数据来源：统计局", "上年=100",
    "",
)  # fmt: skip
OPEN = (
    "2012—2013年", "2012、2013年", "2013年与2012年", "2013年1-9月及9月", "2013年10强", "2013年中报",
    "2013年半年报", "2013年三季报", "第9期", "制表日期：2013年10月12日", "2013.1", "2013年1—本月", "近三年",
    "first half of 2013", "2013年1-9月、1-8月", "2013年第9期", "湘统〔2013〕9号", "9月", "1-9月",
    "2013年2014年",
)  # fmt: skip


@st.composite
def spans(draw):
    """A span of one year as written, and its code."""
    year, last = draw(st.sampled_from(list(YEARS))), draw(st.integers(2, 12))
    first = draw(st.integers(1, last - 1)) if draw(st.booleans()) else 1
    dash = draw(st.sampled_from(["-", "—", "～", "~", "–", "至", "－", "到"]))
    code = f"{year}" if (first, last) == (1, 12) else f"{year}-{first:02}/{year}-{last:02}"
    named = draw(
        st.sampled_from(
            [f"{year}年", f"{YEARS[year]}年", f"{year} 年 ", "".join(chr(ord(d) + 0xFEE0) for d in str(year)) + "年"]
        )
    )
    forms = [
        f"{named}{first}{dash}{last}月",
        f"{named}{first}月{dash}{last}月",
        f"{named}{HAN[first]}{dash}{HAN[last]}月",
        f"{named}{first}{dash}{last}月份",
        f"（{year}年{first}{dash}{last}月）",
    ]
    if dash not in "至到":
        forms += [f"{year}.{first}{dash}{last}月", f"{year}年{first}{dash}{last}"]
    if first == 1:
        forms += [
            f"{named}元{dash}{last}月",
            f"{named}前{last}个月",
            f"{named}前{HAN[last]}个月",
            f"截至{named}{last}月",
            f"{named}{last}月累计",
        ]
    return draw(st.sampled_from(forms)), code


@st.composite
def parts(draw):
    """A month, a quarter, a half or a year as written, and its code."""
    year, month = draw(st.sampled_from(list(YEARS))), draw(st.integers(1, 12))
    names = (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    )
    kind = draw(st.sampled_from(["month", "quarter", "quarters", "half", "year"]))
    if kind == "month":
        forms = [
            f"{year}年{month}月",
            f"{YEARS[year]}年{HAN[month]}月",
            f"（{year}.{month:02}）",
            f"{year}-{month:02}",
            f"{year}年{month}月份",
            f"{names[month - 1]} {year}",
            f"{year}年{month:02}月",
        ]
        code = f"{year}-{month:02}"
    elif kind == "quarter":
        at = (month - 1) // 3 + 1
        forms = [
            f"{year}年第{HAN[at]}季度",
            f"{year}年{HAN[at]}季度",
            f"{year}年{at}季度",
            f"{YEARS[year]}年第{HAN[at]}季度",
            f"{year}年Q{at}",
            f"{year}Q{at}",
        ]
        code = f"{year}-{3 * at - 2:02}/{year}-{3 * at:02}"
    elif kind == "quarters":
        at = draw(st.sampled_from([2, 3]))
        forms = [
            f"{year}年前{HAN[at]}季度",
            f"{year}年一至{HAN[at]}季度",
            f"{year}年1-{at}季度",
            f"{year}年1—{HAN[at]}季度",
            f"{year}年{HAN[at]}季度累计",
            f"January-{names[3 * at - 1]} {year}",
            f"Jan.-{names[3 * at - 1][:3]}., {year}",
            f"{year} Jan-{names[3 * at - 1][:3]}",
        ]
        code = f"{year}-01/{year}-{3 * at:02}"
    elif kind == "half":
        at = draw(st.sampled_from([0, 1]))
        forms, code = (
            [f"{year}年{'上下'[at]}半年", f"{YEARS[year]}年{'上下'[at]}半年"],
            f"{year}-{6 * at + 1:02}/{year}-{6 * at + 6:02}",
        )
    else:
        forms, code = [f"{year}年", f"{year}年度", f"{YEARS[year]}年", f"{year}", f"{year}年全年"], f"{year}"
    return draw(st.sampled_from(forms)), code


@LAWS
@given(st.data())
def test_a_period_in_a_cell_is_the_one_that_is_written(known, data):
    written, code = data.draw(st.one_of(spans(), parts()))
    mark = data.draw(
        st.sampled_from(["", "①", "*", "[1]", *([] if written[-1].isascii() and written[-1].isalpha() else ["²"])])
    )
    [value], name = draw_numbers(data.draw, 1), data.draw(st.sampled_from(list(FLOWS)))
    grid = [[PLACE], ["单位：亿元"], ["指标", "时期", "数值"], [name, written + mark, value]]
    hold_law(load(make_csv(grid), known), [Figure(FLOWS[name], code, value)])


@LAWS
@given(st.data())
def test_a_period_in_the_title_is_the_one_that_is_written(known, data):
    """In one line or in two, before or behind other words, beside the day on which the table was made.

    A year that was not over when the table was made is asked about.
    """
    written, code = data.draw(st.one_of(spans(), parts()))
    [value], name = draw_numbers(data.draw, 1), data.draw(st.sampled_from(list(FLOWS)))
    title = data.draw(
        st.sampled_from(
            [
                f"{PLACE}{written}主要经济指标",
                f"{PLACE}主要经济指标（{written}）",
                f"{written}{PLACE}",
                f"{PLACE} {written}",
            ]
        )
    )
    lines = [[title], ["单位：亿元"]]
    made = data.draw(st.sampled_from(MADE))
    lines = data.draw(st.permutations([*lines, [made]] if made else lines))
    found = load(make_csv([*lines, ["指标", "数值"], [name, value]]), known)
    if code == "2013" and "2013" in made:
        assert not found.figures
        assert "时期" in str(found.told)
    else:
        hold_law(found, [Figure(FLOWS[name], code, value)])


@LAWS
@given(st.data())
def test_year_and_months_may_stand_in_two_lines_of_the_title(known, data):
    last = data.draw(st.integers(2, 12))
    months, code = data.draw(
        st.sampled_from(
            [
                (f"1-{last}月", f"2013-01/2013-{last:02}" if last < 12 else "2013"),
                (f"（{last}月）", f"2013-{last:02}"),
                ("上半年", "2013-01/2013-06"),
                ("前三季度", "2013-01/2013-09"),
                ("第三季度", "2013-07/2013-09"),
            ]
        )
    )
    [value] = draw_numbers(data.draw, 1)
    lines = data.draw(st.permutations([[f"{PLACE}2013年主要指标"], [months], ["单位：亿元"]]))
    hold_law(
        load(make_csv([*lines, ["指标", "数值"], ["工业总产值", value]]), known),
        [Figure("industrial_output", code, value)],
    )


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("title", OPEN)
def test_a_title_that_leaves_the_period_open_is_asked_about(known, title, before):
    lines = [[title if before else f"{PLACE}{title}"], ["单位：亿元"], ["指标", "数值"], ["工业总产值", "552"]]
    found = load(make_csv([[PLACE], *lines] if before else lines), known)
    assert not found.figures
    assert "时期" in found.told


@LAWS
@given(st.data())
def test_months_and_spans_in_heads_take_their_year_from_the_title(known, data):
    draw = data.draw
    month = draw(st.integers(2, 11))
    heads = {
        draw(
            st.sampled_from([f"{month}月", f"{month}月份", f"{HAN[month]}月", f"{month}月当月", f"{month}月完成"])
        ): f"2013-{month:02}",
        draw(
            st.sampled_from(
                [
                    f"1-{month}月",
                    f"1—{month}月",
                    f"1～{month}月累计",
                    f"1至{month}月",
                    f"{month}月累计",
                    f"1-{month}月完成",
                ]
            )
        ): f"2013-01/2013-{month:02}",
    }
    values = draw_numbers(draw, 2)
    order = draw(st.permutations(list(heads)))
    title = draw(st.sampled_from(["2013年", "2013年度", f"2013年1-{month}月", f"2013年{month}月"]))
    grid = [[f"{PLACE}{title}"], ["单位：亿元"], ["指标", *order], ["工业总产值", *values]]
    drawn = [Figure("industrial_output", heads[head], value) for head, value in zip(order, values, strict=True)]
    hold_law(load(make_csv(grid), known), drawn)


@pytest.mark.parametrize("written", ["January 2013", "Jan-Sep 2013", "Q3 2013", "first half of 2013"])
def test_a_part_of_a_year_before_it_is_never_left_out_beside_chinese_words(written, known):
    lines = [[f"{PLACE}{written}主要经济指标"], ["单位：亿元"], ["指标", "数值"], ["工业总产值", "552"]]
    found = load(make_csv(lines), known)
    assert "2013" not in {figure.period for figure in found.figures}
