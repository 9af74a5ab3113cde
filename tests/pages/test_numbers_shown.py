"""Numbers as readers see them: inside their interval, with ends that enclose it, in the words and units of the page."""

import io
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from data.values.safe_cells import escape_formulas
from pages.wording import figures, target_status
from queries.export import formats
from queries.figures import formulas
from queries.figures.intervals import Interval
from tests.conftest import speak

NUMBERS = st.decimals(-10_000, 10_000, places=6)
SCALES = st.sampled_from(["1", "0.1", "0.01", "10"])


def number(text):
    return Decimal(text.replace("−", "-"))


@given(NUMBERS, NUMBERS, st.integers(0, 3))
def test_a_value_lies_in_its_interval_and_in_the_one_that_is_shown(one, other, decimals):
    low, high = sorted((one, other))
    assume(low < high)
    shown = Decimal(Interval(low, high).shown(decimals))
    assert low <= shown <= high
    first, last = figures.format_interval_ends(low, high, decimals)
    assert number(first) <= shown <= number(last)


@given(NUMBERS, NUMBERS, st.integers(0, 4), SCALES)
def test_shown_ends_enclose_the_true_ones(one, other, decimals, scale):
    low, high = sorted((one, other))
    first, last = figures.format_interval_ends(low, high, decimals, scale)
    assert number(first) <= low * Decimal(scale) <= high * Decimal(scale) <= number(last)
    assert number(last) - number(first) <= (high - low) * Decimal(scale) + 2 * Decimal(1).scaleb(-decimals)


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_no_number_is_minus_nothing_and_no_minus_is_a_hyphen(value, decimals):
    for text in (figures.format_rounded(value, decimals), *figures.format_interval_ends(value, value, decimals)):
        assert "-" not in text
        assert not (text.startswith("−") and number(text) == 0)


def test_a_value_between_1_11_and_1_12_is_not_1_1():
    assert Interval(Decimal("1.111"), Decimal("1.119")).shown(1) == "1.115"
    assert Interval(Decimal("1.11"), Decimal("1.12")).shown(1) == "1.12"
    assert Interval(Decimal("1.08"), Decimal("1.12")).shown(1) == "1.1"


@pytest.mark.parametrize(
    ("text", "bound", "english"),
    [("近40", "about", "nearly 40"), ("约40", "about", "about 40"), ("40余", "more_than", "over 40"),
     ("40以上", "at_least", "at least 40"), ("突破40", "exceeded", "above 40"), ("-3.5", "none", "−3.5")],
)  # fmt: skip
def test_each_bound_word_has_its_own_in_english_and_a_minus_is_a_minus(text, bound, english):
    speak("en")
    row = {"value_text": text, "bound": bound, "unit_zh": "家", "unit_scale": "1", "unit_scaled_en": "enterprises"}
    assert figures.format_figure(row) == f"{english} enterprises"
    speak("zh")
    assert "-" not in figures.format_figure(row)


@pytest.mark.parametrize(
    ("formula", "scale", "english"),
    [("720.1 ÷ (1 + 43.6%)", "0.1", "72.01 ÷ (1 + 43.6%)"),
     ("1000 ÷ 720.1 − 1", "0.1", "100 ÷ 72.01 − 1"),
     ("552亿元 ÷ 19.7万亿元", "1", "55.2 billion yuan ÷ 19.7 trillion yuan"),
     ("预计90亿元 ÷ 80亿元 − 1", "1", "9 billion yuan (expected) ÷ 8 billion yuan − 1"),
     ("12亿元 ÷ 3亿元 × 100", "1", "1.2 billion yuan ÷ 0.3 billion yuan × 100"),
     ("25家 ÷ 48家", "1", "25 ÷ 48")],
)  # fmt: skip
def test_a_formula_stands_in_english_in_the_units_of_the_page(formula, scale, english):
    assert formulas.translate_formula(formula, scale) == english


def level(measured, value, points, **more):
    unit = {"level_unit_zh": "亿元", "level_unit_scale": "0.1", "level_unit_scaled_en": "billion yuan"}
    row = {"measure": "level", "over": True, "measured": measured, "value": value, "gap_points": points}
    return row | unit | more


@pytest.mark.parametrize(
    ("row", "chinese", "english"),
    [(level(1633.07, 1600, 2.066875), "超出 2.1%（33.07亿元）", "2.1% (3.307 billion yuan) above"),
     (level(800.0, 820, -2.4390244), "低 2.4%（20亿元）", "2.4% (2 billion yuan) below"),
     (level(820.0, 820, 0.0), "持平", "level"),
     (level(18.0, 25, -7.0, measure="growth"), "低 7 个百分点", "7 percentage points below"),
     (level(400.0, 820, -3.0, over=False), "低 3 个百分点", "3 percentage points below"),
     (level(None, 820, None), "—", "—")],
)  # fmt: skip
def test_a_level_differs_from_its_target_in_per_cent_and_amount_and_a_growth_in_points(row, chinese, english):
    speak("zh")
    assert target_status.describe_gap(row) == chinese
    speak("en")
    assert target_status.describe_gap(row) == english or chinese == "持平"


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_numbers_in_a_csv_stay_numbers_in_every_written_form(values):
    text = formats.as_csv(pl.DataFrame({"value": values})).decode("utf-8-sig")
    assert "'" not in text
    assert [float(line) for line in text.split()[1:]] == values
    assert "-0" not in text.split()


def test_a_number_that_is_text_gets_no_apostrophe_in_e_notation():
    rows = pl.DataFrame({"text": ["1e-05", "-1.2e-7", "-1E+5", "+3e2", "-5"]})
    assert escape_formulas(rows)["text"].to_list() == rows["text"].to_list()
    assert b"'" not in formats.as_csv(rows)
    assert pl.read_csv(io.BytesIO(formats.as_csv(rows))).height == 5
