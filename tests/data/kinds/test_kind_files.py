"""Workbooks and text files: formats of cells, several sheets, hidden ones, line ends, encodings, separators."""

import re
from datetime import date

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
    make_xlsx,
)

HEADS = ["地区", "指标", "时期", "数值", "单位", "同比增速(%)"]


@LAWS
@given(st.data())
def test_a_text_file_is_the_same_in_every_encoding_with_every_line_end_and_separator(known, data):
    draw = data.draw
    names = draw_flows(draw)
    values, growths = draw_numbers(draw, len(names)), draw_growths(draw, len(names))
    lines = [
        [PLACE, name, "2013年", value, "亿元", growth]
        for name, value, growth in zip(names, values, growths, strict=True)
    ]
    quoted, apart = draw(st.booleans()), draw(st.sampled_from([",", ";", "\t"]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = end.join(apart.join(f'"{cell}"' if quoted else cell for cell in row) for row in [HEADS, *lines])
    text += end if draw(st.booleans()) else ""
    content = text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"])))
    hold_law(
        load(content, known),
        [Figure(FLOWS[name], "2013", value, growth=growth) for _, name, _, value, _, growth in lines],
    )


@LAWS
@given(st.data())
def test_a_number_divided_by_its_own_comma_is_named_with_its_row(known, data):
    draw = data.draw
    names = draw_flows(draw)
    thousands = [draw(st.integers(1_000, 9_999_999)) for _ in names]
    values = draw(st.sampled_from([[f"{one:,}" for one in thousands], [f"{one:,}.5" for one in thousands]]))
    growths, rank = draw_growths(draw, len(names)), draw(st.booleans())
    rows = [[PLACE, name, "2013", "亿元", *pair] for name, *pair in zip(names, values, growths, strict=True)]
    rows += [[PLACE, names[0], "2012", "亿元", "155.5", "1.2"]]
    heads = ["地区", "指标", "时期", "单位", "数值", "同比增速(%)"]
    good = make_csv([heads, *([*row, "3"] if rank else row for row in rows)])
    figures = [Figure(FLOWS[row[1]], row[2], row[4].replace(",", ""), growth=row[5]) for row in rows]
    hold_law(load(good, known), figures)
    divided = draw(st.sampled_from(values))
    found = load(
        make_csv([heads, *([*row, "3"] if rank else row for row in rows)]).replace(f'"{divided}"', divided), known
    )
    wrong = {number for number, row in enumerate(rows, start=2) if row[4] == divided}
    assert {row for row, _head in found.refused} == wrong
    assert found.figures == {one for number, one in enumerate(figures, start=2) if number not in wrong}


@LAWS
@given(st.data())
def test_a_cell_of_a_workbook_is_what_its_format_shows(known, data):
    draw = data.draw
    tenths, growth = draw(st.integers(1_001, 99_999)), draw(st.integers(11, 999))
    stored, code, shown, unit = draw(
        st.sampled_from(
            [
                (tenths / 10, "0.0", f"{tenths / 10:.1f}", "yi_cny"),
                (tenths / 10, '0.0"亿元"', f"{tenths / 10:.1f}", "yi_cny"),
                (tenths / 10, "#,##0.00", f"{tenths / 10:.2f}", "yi_cny"),
                (tenths, '0!.0,"万"', None, None),
                (tenths / 10, "General", f"{tenths / 10:.15g}", "yi_cny"),
                (tenths / 10, "0.00_ ", f"{tenths / 10:.2f}", "yi_cny"),
                (-tenths / 10, "#,##0.0;(#,##0.0)", f"-{tenths / 10:.1f}", "yi_cny"),
                (tenths / 10, '"¥"#,##0.0', f"{tenths / 10:.1f}", "yi_cny"),
                (tenths / 10, "[h]:mm", None, None),
                (tenths / 10, '0.0"万元"', None, None),
                (tenths / 10, "US$#,##0.0", None, None),
                (tenths / 10, "0.0 [$€-1]", None, None),
                (-tenths / 10, "0.0;[Red]0.0", f"-{tenths / 10:.1f}", "yi_cny"),
                (-tenths / 10, "0.0;0.0", None, None),
                (-tenths / 10, "[$¥-804]#,##0.0;[$¥-804]-#,##0.0", f"-{tenths / 10:.1f}", "yi_cny"),
                (tenths * 1_000, '[>=1000000]0!.0,"万元";0', None, None),
                (tenths / 10, '#,##0.0;-#,##0.0;"-"', f"{tenths / 10:.1f}", "yi_cny"),
            ]
        )
    )
    kept, percent, said = draw(
        st.sampled_from(
            [
                (growth / 1_000, "0.0%", f"{growth / 10:.1f}"),
                (growth / 10, '0.0"%"', f"{growth / 10:.1f}"),
                (growth / 10, "0.0\\%", f"{growth / 10:.1f}"),
                (growth / 10, "General", f"{growth / 10:.15g}"),
                (growth / 10, "0.0", f"{growth / 10:.1f}"),
                (-growth / 10, '0.0"%"', f"-{growth / 10:.1f}"),
                (growth / 1_000, "+0.0%;-0.0%", f"{growth / 10:.1f}"),
                (-growth / 1_000, "+0.0%;-0.0%;0%", f"-{growth / 10:.1f}"),
                (-growth / 1_000, "↑0.0%;↓0.0%", f"-{growth / 10:.1f}"),
                (0, "0.0%;-0.0%;", None),
                (0, '0.0%;-0.0%;"-"', None),
            ]
        )
    )
    formats = {(1, 3): code, (1, 5): percent}
    row = [PLACE, "工业总产值", "2013", f"{stored}", "亿元", f"{kept}"]
    found = load(make_xlsx({"数据": [HEADS, row]}, lambda _, *at: formats.get(at)), known, "file.xlsx")
    if shown is None:
        assert not found.figures
        assert (2, "数值") in found.refused
    else:
        hold_law(found, [Figure("industrial_output", "2013", shown, unit, said)])


@LAWS
@given(st.data())
def test_a_month_that_a_workbook_shows_is_that_month(known, data):
    draw = data.draw
    year, month = draw(st.integers(1995, 2030)), draw(st.integers(1, 12))
    day, inner = _count_days(year, month), min(max(month, 2), 11)
    stored, code, period = draw(
        st.sampled_from(
            [
                (float(f"{year}.{month:02}"), "0.00", f"{year}-{month:02}"),
                (day, 'yyyy"年"m"月"', f"{year}-{month:02}"),
                (day, "yyyy-mm", f"{year}-{month:02}"),
                (day, 'yyyy"年"', f"{year}"),
                (_count_days(year, inner), 'yyyy"年1-"m"月"', f"{year}-01/{year}-{inner:02}"),
                (year, "General", f"{year}"),
                (year, "0", f"{year}"),
                (year, '0"年"', f"{year}"),
            ]
        )
    )
    [value] = draw_numbers(draw, 1)
    row = [PLACE, "工业总产值", f"{stored}", value, "亿元", ""]
    found = load(make_xlsx({"数据": [HEADS, row]}, lambda _, *at: {(1, 2): code}.get(at)), known, "file.xlsx")
    hold_law(found, [Figure("industrial_output", period, value)])


def _count_days(year, month):
    """The number by which a workbook stores the first day of a month."""
    return (date(year, month, 1) - date(1899, 12, 30)).days


@LAWS
@given(st.data())
def test_sheets_that_agree_are_taken_once_and_sheets_that_contradict_are_both_refused(known, data):
    draw = data.draw
    first, second = draw_numbers(draw, 2)
    name, same = draw(st.sampled_from(list(FLOWS))), draw(st.booleans())
    one = [HEADS, [PLACE, name, "2013", first, "亿元", ""]]
    wide = [[PLACE], ["单位：亿元"], ["指标", "2013年"], [name, first if same else second]]
    sheets = dict(
        draw(st.permutations([("汇总", one), (draw(st.sampled_from(["指标", "Sheet2", "2014年", "附件1"])), wide)]))
    )
    found = load(make_xlsx(sheets), known, "file.xlsx")
    assert found.figures == ({Figure(FLOWS[name], "2013", first)} if same else set())
    assert "只留一次" in found.told if same else sorted(row for row, _ in found.refused) == [2, 4]


@LAWS
@given(st.data())
def test_a_hidden_sheet_is_named_and_not_loaded(known, data):
    draw = data.draw
    first, second = draw_numbers(draw, 2)
    sheets = {
        "现数": [HEADS, [PLACE, "工业总产值", "2013", first, "亿元", ""]],
        "旧数": [HEADS, [PLACE, "财税收入", "2013", second, "亿元", ""]],
    }
    order = dict(draw(st.permutations(list(sheets.items()))))
    found = load(make_xlsx(order, hidden=["旧数"] if next(iter(order)) != "旧数" else []), known, "file.xlsx")
    if next(iter(order)) == "旧数":
        assert len(found.figures) == 2
    else:
        hold_law(found, [Figure("industrial_output", "2013", first)])
        assert "旧数" in found.told


@pytest.mark.parametrize("sign", ["¹", "²", "③"])
def test_a_raised_sign_in_a_workbook_is_no_digit(sign, known):
    found = load(
        make_xlsx({"数据": [HEADS, [PLACE, "工业总产值", "2013", f"552{sign}", "亿元", ""]]}), known, "file.xlsx"
    )
    hold_law(found, [Figure("industrial_output", "2013", "552")])
    assert re.search("注号", found.told)
