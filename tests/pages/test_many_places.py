"""Pictures of many places: who is named, where names stand, what a slope and a scatter hold."""

import itertools
import math

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pages.charts import many_places
from pages.charts.name_places import choose_free_names, separate_levels
from tests.pages.test_pages import opened, said, table

LEVELS = st.lists(st.floats(0, 400), max_size=20)


@given(LEVELS)
def test_names_stand_a_line_apart_within_the_chart_in_the_order_of_their_points(levels):
    moved = separate_levels(levels, 15, 0, 400)
    inside = sorted(moved)
    assert all(later - earlier >= 15 - 1e-6 for earlier, later in itertools.pairwise(inside))
    assert all(-1e-6 <= level <= 400 + 1e-6 for level in moved)
    order = sorted(range(len(levels)), key=levels.__getitem__)
    assert [moved[place] for place in order] == inside


def test_names_that_are_apart_stay_and_two_at_one_level_part_by_half_a_line_each():
    assert separate_levels([100, 20, 300], 15, 0, 400) == [100, 20, 300]
    assert separate_levels([100, 100], 15, 0, 400) == [92.5, 107.5]
    assert separate_levels([0, 0], 15, 0, 400) == [0, 15]


def test_a_name_that_would_touch_another_stands_on_the_other_side_or_not_at_all():
    # Two points side by side: the second name fits only to the left of nobody.
    chosen = choose_free_names([(100, 50), (110, 50), (300, 50)], ["甲市", "乙市", "丙市"], [26, 26, 26], 1, 800)
    assert chosen == {0: "right", 2: "right"}
    assert choose_free_names([(790, 50)], ["甲市"], [26], 1, 800) == {0: "left"}


def places(count, lit=()):
    """Points of places in the order of their ranks, the 10th the main one."""
    return pl.DataFrame(
        {
            "place": [f"第{n}市" for n in range(count)],
            "label": [f"{count - n}亿元" for n in range(count)],
            "value": [float(count - n) for n in range(count)],
            "unit": ["亿元"] * count,
            "role": ["main" if n == 10 else "lit" if n in lit else "other" for n in range(count)],
        }
    )


def test_of_150_places_the_main_one_its_peers_and_the_two_ends_are_named():
    rows, spec = many_places.draw_ranked_dots(places(150, lit=(40, 41, 42)), "light", 880)
    named = rows.filter(pl.col("text").is_not_null())["place"].to_list()
    assert named == ["第0市", "第10市", "第40市", "第41市", "第42市", "第149市"]
    assert rows.height == 150
    levels = sorted(rows["at"].drop_nulls() * spec["height"] / 150)
    assert all(later - earlier >= 14.9 for earlier, later in itertools.pairwise(levels))


def test_more_peers_than_lines_of_text_leave_names_out_but_never_the_main_one():
    rows, _spec = many_places.draw_ranked_dots(places(150, lit=range(20, 120)), "light", 880)
    named = rows.filter(pl.col("text").is_not_null())
    assert named.height == many_places.MOST_NAMED
    assert "第10市" in named["place"].to_list()


def test_values_that_differ_by_more_than_twenty_times_are_drawn_on_a_logarithmic_scale():
    assert many_places.is_wide(pl.Series([1.0, 21.0]))
    assert not many_places.is_wide(pl.Series([1.0, 20.0]))
    assert not many_places.is_wide(pl.Series([-1.0, 50.0]))
    assert not many_places.is_wide(pl.Series([], dtype=pl.Float64))


def test_the_numbers_of_a_logarithmic_axis_are_round_and_within_it():
    assert many_places._list_round_numbers(3, 60) == [5, 10, 20, 50]
    assert all(math.log10(number) % 1 < 1e-9 for number in many_places._list_round_numbers(1, 1e7))


# The page


def has(page, text):
    return any(text in one for one in said(page))


def test_the_ranking_of_152_cities_lights_those_of_hunan():
    page = opened("compare", park="xiangtan", indicator="gdp", year="2023")
    assert page.title[0].value.endswith("在查到同口径数的 152 个地市里居第 100")
    assert has(page, "湖南的其他 13 个")


def test_peers_by_hand_and_the_picture_stand_in_the_address_and_open_again():
    for more in ({}, {"peers": "hand"}):
        page = opened("compare", park="xiangtan", view="years", indicator="gdp", with_="changsha,zhuzhou", **more)
        assert table(page, "地区", "2023") == [
            ("湘潭市", "2742亿元"), ("长沙市", "14332亿元"), ("株洲市", "3668亿元"),
        ]  # fmt: skip


def test_two_years_are_drawn_for_the_146_cities_that_have_both():
    page = opened("compare", park="xiangtan", indicator="gdp", view="slope", year="2023", since="2005")
    assert has(page, "画了两年都有数的 146 个地区")
    assert has(page, "纵轴取对数")


def test_two_indicators_stand_beside_each_other_for_the_148_cities_that_have_both():
    page = opened(
        "compare", park="xiangtan", indicator="hightech_enterprises", view="scatter", year="2023",
        against="science_technology_expenditure",
    )  # fmt: skip
    assert table(page, "地区", "高新技术企业数", "科学技术支出")[0] == ("湘潭市", "825个", "170598万元")
    assert has(page, "一点一地，148 个")


def test_a_year_without_a_second_indicator_says_what_to_do():
    page = opened("compare", park="xthtz", indicator="industrial_output", view="scatter", year="2013")
    assert has(page, "请换年份或指标")
