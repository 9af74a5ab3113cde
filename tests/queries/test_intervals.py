"""Interval arithmetic: the known answers, and that no true value ever falls outside."""

import random
from decimal import Decimal

import pytest

from queries.figures.derived import (
    compute_area_per_home,
    compute_growth_factor,
    compute_monthly_amount,
    compute_remainder,
    compute_share,
    count_decimals,
)
from queries.figures.intervals import Interval

SOURCES = ("CHIN-20140303",)


def ends(interval: Interval, decimals: int) -> tuple[str, str]:
    """Both ends rounded as a reader would write them."""
    return f"{interval.low:.{decimals}f}", f"{interval.high:.{decimals}f}"


def test_720_1_is_between_720_05_and_720_15():
    assert Interval.printed("720.1") == Interval(Decimal("720.05"), Decimal("720.15"), True, False)


def test_552_is_between_551_5_and_552_5_and_552_0_is_ten_times_narrower():
    assert Interval.printed("552") == Interval(Decimal("551.5"), Decimal("552.5"), True, False)
    assert Interval.printed("552.0") == Interval(Decimal("551.95"), Decimal("552.05"), True, False)


def test_a_decision_of_1000_leaves_nothing_open():
    assert Interval.exact("1000") == Interval(Decimal(1000), Decimal(1000))


def test_a_growth_of_43_6_per_cent_is_a_factor_of_1_4355_to_1_4365():
    assert compute_growth_factor("43.6") == Interval(Decimal("1.4355"), Decimal("1.4365"), True, False)


@pytest.mark.parametrize(
    ("level", "growth", "low", "high", "shown"),
    [("720.1", "43.6", "501.25", "501.67", "501.5"), ("17", "18.2", "13.95", "14.81", "14")],
)
def test_the_year_before_720_1_is_about_501_5_and_before_17_about_14(level, growth, low, high, shown):
    base = Interval.printed(level) / compute_growth_factor(growth)
    assert ends(base, 2) == (low, high)
    assert base.shown(count_decimals(level)) == shown


def test_patents_of_2012_are_between_231_4_and_233_2():
    assert ends(Interval.exact("302") / compute_growth_factor("30"), 1) == ("231.4", "233.2")


def test_8_enterprises_are_47_per_cent_of_exactly_17():
    percent = Interval.printed("47")
    whole = Interval.exact("8") / Interval(percent.low / 100, percent.high / 100)
    assert ends(whole, 1) == ("16.8", "17.2")
    assert [count for count in range(100) if whole.low <= count <= whole.high] == [17]


def test_forty_per_cent_more_than_720_1_is_1008_07_to_1008_21_which_is_above_1000():
    # A target's own number is a decision: its factor is exact.
    aim = Interval.printed("720.1")
    aim = Interval(aim.low * Decimal("1.4"), aim.high * Decimal("1.4"))
    assert ends(aim, 2) == ("1008.07", "1008.21")
    assert aim.low > 1000


def test_output_outside_the_above_scale_part_is_112_95_to_114_05():
    below = compute_remainder("438.5", "552", "yi_cny", SOURCES)
    assert ends(below.interval, 2) == ("112.95", "114.05")
    assert (below.formula, below.unit_id) == ("552 − 438.5", "yi_cny")
    assert Decimal(below.shown) in (Decimal("113.5"), Decimal(113), Decimal(114))


def test_the_high_tech_share_of_output_is_44_80_to_45_06_per_cent():
    part = compute_share("248", "552", SOURCES)
    assert ends(part.interval, 2) == ("44.80", "45.06")
    assert part.shown == "45"
    assert part.unit_id == "percent"


def test_a_home_has_121_4_to_122_3_square_metres():
    area = compute_area_per_home("13.4", "1100", SOURCES)
    assert ends(area.interval, 1) == ("121.4", "122.3")
    assert area.unit_id == "sqm"


def test_1100_homes_a_year_are_91_7_a_month_and_13_4_of_area_1_12():
    homes = compute_monthly_amount("1100", 1, "home", SOURCES, count=True)
    assert homes.interval.low == homes.interval.high
    assert homes.shown == "91.7"
    area = compute_monthly_amount("13.4", 2, "wan_sqm", SOURCES)
    assert ends(area.interval, 4) == ("1.1125", "1.1208")
    assert area.shown == "1.12"


def test_half_is_rounded_up_and_not_to_the_even_digit():
    assert Interval.exact("0.25").shown(1) == "0.3"
    assert Interval.exact("2.5").shown(0) == "3"


def test_a_wide_interval_shows_fewer_digits_and_never_scientific_notation():
    assert Interval(Decimal("501.25"), Decimal("501.67")).shown(1) == "501.5"
    assert Interval(Decimal("13.95"), Decimal("14.81")).shown(1) == "14"
    assert "E" not in Interval(Decimal(24798), Decimal(24822)).shown(0)


def test_printed_ends_are_rounded_away_from_the_centre():
    third = Interval.exact("1") / Interval.exact("3")
    assert third.outward() == (0.3333, 0.3334)


def test_a_divisor_that_may_be_zero_is_refused():
    with pytest.raises(ZeroDivisionError, match="the divisor may be zero"):
        Interval.exact("1") / Interval.printed("0.0")


def test_a_fall_of_23_per_cent_has_a_factor_below_one():
    assert compute_growth_factor("-23.0") == Interval(Decimal("0.7695"), Decimal("0.7705"), True, False)


def drawn(chance: random.Random) -> tuple[str, Decimal]:
    """A printed number and a true value that is printed so."""
    decimals = chance.randint(0, 3)
    printed = Decimal(chance.randint(10, 99_999)).scaleb(-decimals)
    inside = Decimal(chance.randint(-500, 500)).scaleb(-decimals - 3)
    return f"{printed:f}", printed + inside


def test_2000_random_true_values_stay_inside_every_computed_interval():
    chance = random.Random(20140303)
    for _ in range(2000):
        (a, true_a), (b, true_b) = drawn(chance), drawn(chance)
        growth = f"{Decimal(chance.randint(-500, 2000)).scaleb(-1):f}"
        true_growth = Decimal(growth) + Decimal(chance.randint(-50, 50)).scaleb(-3)
        answers = [
            (Interval.printed(a), true_a),
            (Interval.printed(a) / Interval.printed(b), true_a / true_b),
            (Interval.printed(a) / compute_growth_factor(growth), true_a / (1 + true_growth / 100)),
            (Interval.printed(a).times(7).plus(-3), true_a * 7 - 3),
            (compute_remainder(a, b, "yi_cny", SOURCES).interval, true_b - true_a),
            (compute_share(a, b, SOURCES).interval, true_a / true_b * 100),
            (compute_area_per_home(a, "1100", SOURCES).interval, true_a * 10_000 / 1100),
            (compute_monthly_amount(a, 2, "yi_cny", SOURCES).interval, true_a / 12),
        ]
        for place, (interval, true) in enumerate(answers):
            tiny = abs(true) * Decimal("1e-24")  # the last digit of 28
            assert interval.low - tiny <= true <= interval.high + tiny, (place, a, b, growth)
            low, high = interval.outward()
            assert low <= float(true) + 1e-9
            assert high >= float(true) - 1e-9
