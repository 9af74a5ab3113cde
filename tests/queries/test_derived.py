"""Derived figures: the known answers, open ends, no width twice, and laws that hold for any printed numbers."""

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.catalogue import catalogue
from queries.figures.derived import (
    compute_area_per_home,
    compute_growth_factor,
    compute_previous_values,
    compute_related_figures,
    compute_remainder,
    compute_resettlement_figures,
    compute_share,
    compute_whole_of_share,
    count_decimals,
)
from queries.figures.growth import CONDITION
from queries.figures.intervals import OPEN, Interval, compute_range
from queries.figures.observations import get_observations, sort_observations
from queries.figures.precedence import mark_versions
from queries.targets.outcomes import judge_targets
from queries.targets.targets import get_judged_targets

SOURCES = ("CHIN-20140303",)
LAWS = settings(derandomize=True, deadline=None, max_examples=300, database=None)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_follows_is_the_same_whether_all_places_are_read_or_those_from_which_something_may_follow(lang):
    printed = get_observations(lang=lang)
    breaks = set(catalogue.get_series_breaks().select("park_id", "comparable_key", "year").iter_rows())
    all_of_them = pl.concat(
        [
            compute_previous_values(printed, catalogue.get_sum_places(), breaks, lang),
            compute_related_figures(printed, catalogue.get_derivations(lang)),
        ]
    )
    derived = get_observations(evidence=("derived",), lang=lang)
    assert derived.height > 20
    assert derived.equals(mark_versions(sort_observations(all_of_them)))


# Open ends.


def test_190_and_a_little_over_lies_strictly_between_190_and_200():
    interval = Interval.printed("190", "more_than")
    assert interval == Interval(Decimal(190), Decimal(200), False, False)
    assert interval.whole_numbers() == list(range(191, 200))
    assert Interval.printed("5000", "more_than").high == 6000
    assert Interval.printed("82", "more_than").high == 83


def test_or_more_and_exceeded_stay_open_above_through_every_operation():
    more = Interval.printed("100", "at_least")
    assert (more.low, more.low_in, more.high) == (100, True, OPEN)
    assert not Interval.printed("100", "exceeded").low_in
    for result in (more.plus(5), more.times(2), more / Interval.printed("4"), more - Interval.printed("4")):
        assert result.high == OPEN
        assert not result.high_in
        assert result.outward()[1] is None
    assert (Interval.printed("100") - more).low == -OPEN
    assert (Interval.printed("100") / more).high == Decimal("1.005")
    assert (more / more).outward() == (0.0, None)


def test_an_open_interval_has_no_centre_and_no_list_of_whole_numbers():
    more = Interval.printed("100", "at_least")
    with pytest.raises(ValueError, match="no centre"):
        more.shown(0)
    with pytest.raises(ValueError, match="too many"):
        more.whole_numbers()


def test_about_has_no_interval():
    with pytest.raises(ValueError, match="约40 has no interval"):
        Interval.printed("40", "about")


def test_an_upper_end_from_rounding_is_not_possible_itself():
    assert not Interval.printed("13").holds(Decimal("13.5"))
    assert Interval.printed("13").holds(Decimal("12.5"))
    assert Interval.printed("0.5").whole_numbers() == []
    assert Interval.printed("13", count=True).whole_numbers() == [13]


# No width twice.


def test_a_part_that_stands_above_and_below_the_line_is_not_widened_twice():
    part, other = Interval.printed("40"), Interval.printed("60")
    found = compute_range(lambda a, b: a / (a + b) * 100, part, other)
    # 39.5 / (39.5 + 60.5) to 40.5 / (40.5 + 59.5); with the part taken twice it would be 39.1 to 40.9.
    assert (round(found.low, 2), round(found.high, 2)) == (Decimal("39.50"), Decimal("40.50"))
    twice = part / (part + other)
    assert twice.high - twice.low > (found.high - found.low) / 100


def test_a_figure_less_itself_is_nothing():
    same = compute_range(lambda a: a - a, Interval.printed("552"))
    assert (same.low, same.high) == (0, 0)
    assert (Interval.printed("552") - Interval.printed("552")).high > 0  # two figures that look alike


# Known answers.


@pytest.mark.parametrize(
    ("figure", "low", "high", "shown"),
    [
        (compute_share("248", "552", SOURCES), "44.80", "45.06", "45"),
        (compute_remainder("438.5", "552", "yi_cny", SOURCES), "112.95", "114.05", "114"),
        (compute_area_per_home("13.4", "1100", SOURCES), "121.36", "122.27", "122"),
        (compute_whole_of_share("8", "47", "enterprise", SOURCES), "16.84", "17.20", "17"),
        (compute_whole_of_share("302", "61", "enterprise", SOURCES), "491.06", "499.17", "495"),
    ],
)
def test_known_answers(figure, low, high, shown):
    assert (f"{figure.interval.low:.2f}", f"{figure.interval.high:.2f}") == (low, high)
    assert figure.shown == shown


def test_the_rest_of_industrial_output_grew_by_about_108_per_cent():
    # Each year's rest is a figure with an interval of its own: 105 to 112.
    now = Interval.printed("552") - Interval.printed("438.5")
    before = Interval.printed("552") / compute_growth_factor("30.6") - Interval.printed(
        "438.5"
    ) / compute_growth_factor("19.1")
    growth = (now / before).plus(-1).times(100)
    assert (round(growth.low), round(growth.high)) == (105, 112)
    assert round((552 - 438.5) / (552 / 1.306 - 438.5 / 1.191) * 100 - 100) == 108


def test_17_at_growth_of_18_2_gives_14_and_never_14_38():
    base = Interval.printed("17") / compute_growth_factor("18.2")
    assert base.shown(count_decimals("17")) == "14"


# Rows beside published ones.


def test_the_derived_rows_of_the_zone_and_no_others():
    rows = get_observations(parks=["xthtz"], evidence=("derived",))
    found = {row["observation_id"]: (row["value_text"], row["low"], row["high"]) for row in rows.iter_rows(named=True)}
    assert found == {
        "A01-base": ("约501.5", 501.253, 501.6719),
        "A02-base": ("约423", 422.1201, 423.2095),
        "A02-below_scale_industrial_output": ("约114", 112.95, 114.05),
        "A06-hightech_share_of_industrial_output": ("约45", 44.7963, 45.059),
        "A03-above_scale_share_of_industrial_output": ("约79.4", 79.3574, 79.5195),
        "A07-base": ("232或233", 231.4176, 233.2047),
        "A09-city_hightech_enterprises_certified": ("17", 16.8421, 17.2044),
        "P014-base": ("约27", 26.76, 27.4227),
    }
    assert set(rows["evidence"]) == {"derived"}
    assert rows["formula"].null_count() == rows["inputs"].null_count() == 0


def test_last_years_value_that_rests_on_an_unsaid_basis_says_so_and_a_nominal_one_needs_no_condition():
    for lang in ("zh", "en"):
        rows = {
            row["observation_id"]: row
            for row in get_observations(evidence=("derived",), lang=lang).iter_rows(named=True)
        }
        assert (rows["A01-base"]["growth_basis"], rows["A01-base"]["note"]) == ("unknown", CONDITION[lang])
        assert (rows["A07-base"]["growth_basis"], rows["A07-base"]["note"]) == ("nominal", None)
    assert rows["A01-base"]["formula"] == "720.1 ÷ (1 + 43.6%)"
    assert "nominal and like for like" in CONDITION["en"]
    assert "同口径名义增速" in CONDITION["zh"]


# One figure, and what its growth is taken on.


def base_of(**changes) -> list[str]:
    """What follows from the revenue of the zone, 720.1 at 43.6%, were it otherwise."""
    asked = {"sums": changes.pop("sums", ()), "breaks": changes.pop("breaks", ())}
    rows = get_observations(parks=["xthtz"], indicators=["total_revenue"])
    row = rows.filter(pl.col("observation_id") == "A01").row(0, named=True) | changes
    return compute_previous_values(pl.DataFrame([row], schema=rows.schema), **asked)["value_text"].to_list()


def test_last_years_value_follows_from_a_nominal_growth_or_under_a_condition_and_else_not_at_all():
    assert base_of() == base_of(growth_basis="nominal") == base_of(growth_basis="unknown") == ["约501.5"]
    for basis in ("constant_price", "comparable_scope", "restated", None):
        assert base_of(growth_basis=basis) == []


def test_no_value_of_last_year_follows_for_a_sum_across_a_break_or_from_what_is_expected_or_a_limit():
    nominal = {"growth_basis": "nominal"}
    assert base_of(**nominal, sums={"xthtz"}) == []
    assert base_of(**nominal, sums={"china_htz"}) == ["约501.5"]
    key = "revenue.total_revenue"
    assert base_of(**nominal, breaks={("xthtz", key, 2013)}) == []
    assert base_of(**nominal, breaks={("xthtz", key, 2012), ("xthtz", "revenue.other", 2013)}) == ["约501.5"]
    for bound in ("expected", "about", "at_least", "more_than", "exceeded"):
        assert base_of(**nominal, bound=bound, low=None, high=None) == []
    assert base_of(**nominal, measure="stock") == base_of(**nominal, measure="rate") == []


def test_a_published_value_of_last_year_or_a_later_version_leaves_nothing_to_derive():
    rows = get_observations(parks=["xthtz"], indicators=["total_revenue"])
    row = rows.filter(pl.col("observation_id") == "A01").row(0, named=True)
    before = row | {"observation_id": "X1", "period": "2012", "value": 500.0, "value_text": "500", "growth_pct": None}
    assert compute_previous_values(pl.DataFrame([row, before], schema=rows.schema)).is_empty()
    revised = row | {"observation_id": "X2", "value": 719.0, "value_text": "719.0", "precedence": "0-0-00000000-X2"}
    (found,) = compute_previous_values(pl.DataFrame([row, revised], schema=rows.schema)).iter_rows(named=True)
    assert found["formula"] == "719.0 ÷ (1 + 43.6%)"


def test_a_derived_row_names_its_inputs_which_are_published_rows():
    published = set(get_observations()["observation_id"])
    for inputs in get_observations(evidence=("derived",))["inputs"]:
        assert set(inputs.split("; ")) <= published


def test_a_derived_figure_is_shown_with_either_of_its_indicators_and_not_with_others():
    derived = pl.col("observation_id") == "A06-hightech_share_of_industrial_output"
    both = ("published", "derived")
    for indicator, count in (("hightech_output", 1), ("industrial_output", 1), ("patent_applications", 0)):
        assert get_observations(indicators=[indicator], evidence=both).filter(derived).height == count


def test_targets_are_given_in_their_other_form_with_interval_and_formula():
    rows = {row["target_id"]: row for row in judge_targets().iter_rows(named=True)}
    growth, level = rows["T02"], rows["T01"]
    assert (round(growth["form_low"], 2), round(growth["form_high"], 2)) == (1008.07, 1008.21)
    assert growth["form_formula"] == "720.1 × (1 + 40%)"
    assert (round(level["form_low"], 2), round(level["form_high"], 2)) == (38.86, 38.88)
    assert (level["form_unit_id"], level["form_formula"]) == ("percent", "1000 ÷ 720.1 − 1")
    assert rows["T07"]["form_low"] is None


def test_what_follows_from_the_resettlement_targets():
    rows = compute_resettlement_figures(get_judged_targets(parks=["xthtz"], theme="livelihood"))
    found = {row["derivation_id"]: row for row in rows.iter_rows(named=True)}
    assert found["area_per_home"]["value_text"] == "约122"
    assert (found["area_per_home"]["low"], found["area_per_home"]["high"]) == (121.3636, 122.2728)
    assert found["homes_per_month"]["inputs"] == "T11"
    assert found["area_per_month"]["formula"] == "13.4 ÷ 12"


# Laws.


@st.composite
def printed_numbers(draw):
    """A true value above zero and how it is printed, half rounded up."""
    decimals = draw(st.integers(0, 3))
    true = draw(st.decimals("0.6", "99999", places=6))
    text = f"{true.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"
    return true, text if Decimal(text) > 0 else "1"


@LAWS
@given(printed_numbers(), printed_numbers(), st.decimals("-60", "300", places=4))
def test_the_true_value_always_lies_in_the_derived_interval(one, other, growth):
    (a, a_text), (b, b_text) = one, other
    growth_text = f"{growth.quantize(Decimal('0.1'), ROUND_HALF_UP):f}"
    answers = {
        "printed": (Interval.printed(a_text), a),
        "sum": (Interval.printed(a_text) + Interval.printed(b_text), a + b),
        "rest": (compute_remainder(a_text, b_text, "yi_cny", SOURCES).interval, b - a),
        "product": (Interval.printed(a_text) * Interval.printed(b_text), a * b),
        "base": (Interval.printed(a_text) / compute_growth_factor(growth_text), a / (1 + growth / 100)),
        "share": (compute_share(a_text, b_text, SOURCES).interval, a / b * 100),
    }
    for name, (interval, true) in answers.items():
        tiny = abs(true) * Decimal("1e-24")  # the last digit of 28
        assert interval.low - tiny <= true <= interval.high + tiny, name


@LAWS
@given(st.integers(1, 200), st.integers(1, 400))
def test_the_true_whole_is_among_those_that_fit_a_count_and_its_printed_share(count, more):
    total = count + more
    percent = (Decimal(100 * count) / total).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if percent > Decimal("0.1"):
        interval = compute_whole_of_share(str(count), f"{percent:f}", "enterprise", SOURCES).interval
        assert total in interval.whole_numbers()


@LAWS
@given(st.integers(100, 9999), st.sampled_from(["at_least", "more_than", "exceeded"]), st.integers(1, 10**6))
def test_a_value_beyond_a_bound_word_stays_inside_what_is_computed_from_it(number, bound, beyond):
    interval = Interval.printed(str(number), bound)
    true = Decimal(number) + Decimal(beyond) / 1000
    if interval.holds(true):
        assert (interval / Interval.exact("12")).holds(true / 12)
        assert interval.times(3).plus(-7).holds(true * 3 - 7)
    assert bound == "more_than" or interval.holds(true)


@LAWS
@given(printed_numbers(), printed_numbers())
def test_a_wider_input_never_gives_a_narrower_output(one, other):
    fine, coarse = Interval.printed(f"{one[0]:.4f}"), Interval.printed(f"{one[0]:.4f}")
    wider = Interval(coarse.low - Decimal("0.3"), coarse.high + Decimal("0.3"), False, False)
    fixed = Interval.printed(other[1])
    for operation in (
        lambda a: a + fixed,
        lambda a: fixed - a,
        lambda a: a * fixed,
        lambda a: a / fixed,
        lambda a: compute_range(lambda x, y: x / (x + y), a, fixed),
    ):
        narrow, wide = operation(fine), operation(wider)
        assert wide.low <= narrow.low
        assert wide.high >= narrow.high
