"""What is suggested while a reader types: places, indicators, targets and promises, the likeliest first."""

import pytest

from queries.exploring.suggestions import MOST, suggest


def places(text):
    return suggest(text).parks["park_id"].to_list()


def indicators(text):
    return suggest(text).indicators["indicator_id"].to_list()


@pytest.mark.parametrize("text", ["湘潭", "xiangtan", "Xiangtan", "XT", "xt", "xiang", "xiangt", "  湘潭 "])
def test_the_city_and_its_zone_come_first_by_name_pinyin_and_initials(text):
    assert {"xiangtan", "xthtz"} <= set(places(text)[:3])


def test_what_is_called_so_wholly_comes_before_what_begins_so():
    assert places("湘潭市")[0] == "xiangtan"
    assert places("长沙高新区")[0] == "cshtz"
    assert indicators("地区生产总值")[0] == "gdp"


def test_an_indicator_is_found_by_its_name_alias_and_english():
    assert indicators("gdp")[0] == "gdp"
    assert "hightech_enterprises" in indicators("高新技术企业")
    assert indicators("patents granted")[0] == "patents_granted"
    assert "resident_population" in indicators("人口")


def test_a_place_and_an_indicator_in_one_word_are_both_suggested():
    found = suggest("湘潭财政收入")
    assert "xiangtan" in found.parks["park_id"].to_list()
    assert found.indicators["indicator_id"][0] == "fiscal_revenue"
    assert set(found.targets["park_id"]) == {"xiangtan"}


def test_the_years_of_a_question_do_not_hide_its_places():
    assert places("长沙 株洲 gdp 2005-2023")[:2] == ["changsha", "zhuzhou"]


def test_targets_of_the_own_park_come_before_those_of_others():
    found = suggest("技工贸总收入").targets
    assert found["park_id"][0] == "xthtz"


def test_a_promise_is_found_by_its_words_but_not_by_two_letters_inside_them():
    assert suggest("安置房").targets["target_id"].to_list()
    assert suggest("technology enterprises").promises.height
    assert suggest("xt").promises.is_empty()


@pytest.mark.parametrize("text", ["", "  ", "zzqqzz", "？？？", "*", "[", "a" * 5000])
def test_what_names_nothing_suggests_nothing(text):
    assert suggest(text).is_empty


@pytest.mark.parametrize("text", ["区", "高新", "率", "city", "h"])
def test_no_more_is_suggested_than_can_be_read(text):
    found = suggest(text)
    assert found.parks.height <= MOST["park"]
    assert found.indicators.height <= MOST["indicator"]
    assert found.targets.height <= MOST["target"]
    assert found.promises.height <= MOST["promise"]
