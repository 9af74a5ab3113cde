"""Marks of notes, numbers as people write them, and growths below 1."""

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
    hold_law_or_refuse,
    load,
    make_csv,
)

MARKS = (
    "①", "⑫", "②③", "²", "³", "¹²", "*", "**", "※", "†", "‡", "[1]", "〔2〕", "【3】", "［4］", " ①", "（注）",
    "(注1)", "注1", "注①", "⑴", "㈠", "❶", "★", "[注2]", "ᵃ",
)  # fmt: skip
DOUBTFUL = ("1)", "(1)", "（2）", "a", "△", "▲", "↓", "^1", " 2", "'", "#", "?", "p", "r", "Ⅰ", "/2", "百", "-", ".")


@LAWS
@given(st.data())
def test_a_mark_of_a_note_is_never_a_digit_wherever_it_stands(known, data):
    """Behind or before a value, a growth, a period, a head or a name, and between a number and its unit."""
    draw = data.draw
    name, [value], [growth] = draw(st.sampled_from(list(FLOWS)[:6])), draw_numbers(draw, 1), draw_growths(draw, 1)
    cells = {"指标": name, "时期": "2013年", "数值": value, "同比增长(%)": growth}
    heads, fields = list(cells), list(cells)
    mark = draw(st.sampled_from(MARKS))
    for at in draw(st.lists(st.sampled_from(range(9)), min_size=1, max_size=4, unique=True)):
        if at < 4:
            cells[fields[at]] += mark
        elif at < 8:
            heads[at - 4] = heads[at - 4] + mark if at != 7 else f"同比增长{mark}(%)"
        elif cells["数值"] == value and mark[0] not in "（(注ᵃ":
            cells["数值"] = f"{value}{mark}亿元"
    grid = [[PLACE], ["单位：亿元"], heads, list(cells.values())]
    hold_law(load(make_csv(grid), known), [Figure(FLOWS[name], "2013", value, growth=growth)])


@LAWS
@given(st.data())
def test_what_may_be_a_mark_or_part_of_the_number_is_refused_by_its_cell(known, data):
    draw = data.draw
    name, [value], sign = draw(st.sampled_from(list(FLOWS))), draw_numbers(draw, 1), draw(st.sampled_from(DOUBTFUL))
    written = draw(st.sampled_from([f"{value}{sign}", f"{sign}{value}"] if sign in "△▲↓#?" else [f"{value}{sign}"]))
    head = draw(st.sampled_from(["数值", "同比增长(%)"]))
    row = [name, "2013", "88.8", "9.9"]
    row[2 if head == "数值" else 3] = written
    found = load(make_csv([[PLACE], ["单位：亿元"], ["指标", "时期", "数值", "同比增长(%)"], row]), known)
    turned = {Figure(FLOWS[name], "2013", "88.8", growth=f"-{value}")} if written.startswith("↓") else set()
    assert found.figures in (set(), turned)
    assert bool(found.figures) == bool(turned and head != "数值")
    assert found.figures or [row for row, _head in found.refused] == [4]


@LAWS
@given(st.data())
def test_a_mark_between_digits_or_alone_in_its_cell_refuses_its_row(known, data):
    [value], mark = draw_numbers(data.draw, 1), data.draw(st.sampled_from(["①", "⑫", "②③", "²", "¹²", "㈠", "❶"]))
    cell = data.draw(st.sampled_from([mark, f"{value[:2]}{mark}{value[2:]}", f"{mark} {mark}"]))
    row = ["工业总产值", "2013", "88.8", "9.9"]
    at = data.draw(st.sampled_from([2, 3]))
    row[at] = cell
    found = load(make_csv([[PLACE], ["单位：亿元"], ["指标", "时期", "数值", "同比增长(%)"], row]), known)
    assert not found.figures
    assert [row for row, _head in found.refused] == [4]


@LAWS
@given(st.data())
def test_a_number_is_read_as_it_is_written_in_every_usual_way(known, data):
    draw = data.draw
    name, whole, part = draw(st.sampled_from(list(FLOWS))), draw(st.integers(1_000, 9_999_999)), draw(st.integers(1, 9))
    plain = f"{whole}.{part}"
    written, shown = draw(
        st.sampled_from(
            [
                (f"{whole:,}.{part}", plain),
                (_widen(plain), plain),
                (_widen(f"{whole:,}.{part}"), plain),
                (f"（{plain}）", f"-{plain}"),
                (f"({whole:,}.{part})", f"-{plain}"),
                (f"－{plain}", f"-{plain}"),
                (f"−{plain}", f"-{plain}"),
                (f"+{plain}", plain),
                (f"{plain}亿元", plain),
                (f" {plain} 亿元", plain),
                (f"{plain}余", f"{plain}余"),
                (f"约{plain}", f"约{plain}"),
                (f"{plain}亿元以上", f"{plain}以上"),
                (f"预计{plain}", plain),
                (f"近{plain}", f"近{plain}"),
                (f"{plain}\u3000", plain),
            ]
        )
    )
    growth = draw(st.integers(11, 999)) / 10
    said, taken = draw(
        st.sampled_from(
            [
                (f"下降{growth}%", f"-{growth}"),
                (f"增长{growth}%", f"{growth}"),
                (f"（{growth}）", f"-{growth}"),
                (f"－{growth}", f"-{growth}"),
                (f"+{growth}", f"{growth}"),
                (f"{growth}%", f"{growth}"),
                (f"{growth}％", f"{growth}"),
                (f"-{growth}%", f"-{growth}"),
                (f"同比增长{growth}%", f"{growth}"),
                (f"↓{growth}", f"-{growth}"),
            ]
        )
    )
    grid = [[PLACE], ["单位：亿元"], ["指标", "时期", "数值", "同比增长(%)"], [name, "2013", written, said]]
    hold_law(load(make_csv(grid), known), [Figure(FLOWS[name], "2013", shown, growth=taken)])


def _widen(text):
    return text.translate({ord(letter): ord(letter) + 0xFEE0 for letter in "0123456789.,"})


@pytest.mark.parametrize("cell", ["-²0", "+①5", ".³5", "(②)7", "约①9"])
def test_a_mark_behind_a_sign_is_no_digit(cell, known):
    grid = [[PLACE], ["单位：亿元"], ["指标", "时期", "数值"], ["工业总产值", "2013", cell]]
    assert {figure.value for figure in load(make_csv(grid), known).figures} <= {"约9"}


@LAWS
@given(st.text("0123456789.,-+()（）%①②²*亿万元年约余△—/ 增降", max_size=9))
def test_no_cell_becomes_a_number_that_does_not_stand_in_it(known, cell):
    grid = [[PLACE], ["单位：亿元"], ["指标", "时期", "数值"], ["工业总产值", "2013", cell], ["财税收入", "2013", "17"]]
    found = load(make_csv(grid), known)
    for figure in found.figures - {Figure("fiscal_tax_revenue", "2013", "17")}:
        digits = "".join(letter for letter in cell if letter in "0123456789.")
        assert figure.value.strip("约余-+") == digits


@LAWS
@given(st.data())
def test_a_growth_below_one_is_as_written_whatever_the_other_rows_hold(known, data):
    draw = data.draw
    names = list(FLOWS)[:4]
    values = draw_numbers(draw, 4)
    growths = [f"0.{draw(st.integers(100, 999))}", *draw_growths(draw, 2), draw(st.sampled_from(["0.5", "0", "-0.25"]))]
    lines = [[name, "2013", value, growth] for name, value, growth in zip(names, values, growths, strict=True)]
    found = load(make_csv([[PLACE], ["单位：亿元"], ["指标", "时期", "数值", "增速"], *lines]), known)
    hold_law(found, [Figure(FLOWS[name], "2013", value, growth=growth) for name, _, value, growth in lines])
    assert f"'{growths[0]}'" in found.told


@LAWS
@given(st.data())
def test_errors_of_formulas_refuse_their_row_by_name(known, data):
    error = data.draw(st.sampled_from(["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "####"]))
    at = data.draw(st.sampled_from([2, 3]))
    row = ["工业总产值", "2013", "552", "30.6"]
    row[at] = error
    lines = data.draw(st.permutations([row, ["财税收入", "2013", "17", "5.5"]]))
    found = load(make_csv([[PLACE], ["单位：亿元"], ["指标", "时期", "数值", "增速(%)"], *lines]), known)
    hold_law_or_refuse(found, [Figure("fiscal_tax_revenue", "2013", "17", growth="5.5")])
    assert found.refused == [(4 + lines.index(row), ("数值", "增速(%)")[at - 2])]
