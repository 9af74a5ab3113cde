"""The search box of every page: what it suggests, where that leads, and when it is empty again."""

import pytest

from pages.shell.search_box import KEY
from tests.pages.test_pages import again, opened
from tests.tools.pages import PAGES


def searched(at, text):
    """The same session with this text in the box."""
    at.session_state[KEY] = text
    return at.run()


def links(at):
    """Labels and addresses of what is suggested."""
    found = [link for link in at.get("page_link") if link.proto.icon not in {"", None}]
    return {link.proto.label: (link.proto.page, link.proto.query_string) for link in found}


def suggested(text, page="economics", lang="zh"):
    at = opened(page, lang)
    before = set(links(at))
    return {label: where for label, where in links(searched(at, text)).items() if label not in before}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_the_box(page):
    [box] = [one for one in opened(page).sidebar.text_input if one.key == KEY]
    assert (box.value, box.placeholder) == ("", "搜索地区、指标")


def test_a_place_leads_to_its_profile_and_an_indicator_to_its_figures():
    found = suggested("湘潭财政收入")
    assert found["湘潭市"] == ("place", "lang=zh&park=xiangtan")
    assert found["财政收入"] == ("explore", "lang=zh&indicator=fiscal_revenue")
    assert found["湘潭市2014年目标：财政总收入增长12.5%"][1].startswith("lang=zh&target=")
    assert found["在全部的数里查“湘潭财政收入”"][0] == "explore"


def test_the_same_codes_are_suggested_in_english():
    assert suggested("xiangtan", lang="en")["Xiangtan city"] == ("place", "lang=en&park=xiangtan")


@pytest.mark.parametrize(("text", "page"), [("coverage", "coverage"), ("园区名", "zones"), ("核验", "findings")])
def test_a_page_is_found_by_its_name_and_by_its_address(text, page):
    at = opened("overview")
    led = [link.proto.page for link in at.get("page_link")]
    now = [link.proto.page for link in searched(at, text).get("page_link")]
    assert now.count(page) == led.count(page) + 1


def test_a_text_that_names_nothing_says_so_and_offers_the_search_of_figures():
    at = searched(opened("economics"), "zzqq")
    assert "没有叫这个的地区、指标、目标、承诺或页面。" in [one.value for one in at.sidebar.caption]
    assert "在全部的数里查“zzqq”" in links(at)


def test_a_text_with_signs_of_markdown_is_shown_as_it_was_typed():
    assert r"在全部的数里查“\[a\](b)”" in links(searched(opened("economics"), "[a](b)"))


def test_what_leads_to_the_open_page_changes_its_address():
    at = searched(opened("place"), "长沙市")
    [button] = [one for one in at.sidebar.button if one.label == "长沙市"]
    button.click().run()
    assert at.query_params["park"] in ("changsha", ["changsha"])
    assert at.title[0].value.startswith("长沙市：")


def test_the_box_is_empty_once_another_view_is_open():
    at = searched(opened("place"), "长沙")
    assert next(one.value for one in at.sidebar.text_input if one.key == KEY) == "长沙"
    again(at, lang="zh", park="changsha")
    assert next(one.value for one in at.sidebar.text_input if one.key == KEY) == ""
