"""Comparing places in a real browser: what, where, which year, how measured; a link in the other language; a phone."""

import csv
import io
import re

import pytest

from tests.browser.conftest import PHONE
from tests.browser.test_journeys import downloaded, fetched, popover

pytestmark = pytest.mark.browser


def pick(reader, label, option):
    """Choose in a select box, by its label, the option that begins so."""
    page = reader.page
    page.get_by_test_id("stSelectbox").filter(has=page.get_by_text(label, exact=True)).locator("input").click()
    page.keyboard.type(option)
    page.get_by_role("option", name=re.compile(f"^{re.escape(option)}")).first.click()
    return reader.settled()


def press(reader, name):
    """Press one of a row of choices."""
    reader.page.get_by_test_id("stMain").get_by_role("radio", name=name, exact=True).click()
    return reader.settled()


def test_from_the_zone_to_the_city_to_its_growth_and_the_link_shows_the_same_rows_in_english(server, reader):
    visitor = reader().open(f"{server}/compare?lang=zh")
    assert visitor.title == "2013年工业总产值：湘潭高新区552亿元，在查到同口径数的 2 个高新区里居第 2"
    pick(visitor, "谁", "湘潭市")
    assert visitor.title == "2023年地区生产总值：湘潭市2742亿元，在查到同口径数的 152 个地市里居第 100"
    press(visitor, "增速")
    assert visitor.title.endswith("湘潭市5.1%，在查到同口径数的 152 个地市里居第 89—94")
    assert visitor.parameters == {"lang": "zh", "park": "xiangtan", "as": "growth"}
    chinese = visitor.cells("名次")
    assert [row[1] for row in chinese[:3]] == ["1—3", "1—3", "1—3"]  # 10.2%, 10.18% and 10%

    link = popover(visitor, "复制链接").locator("code").first.inner_text()
    name, content = downloaded(visitor, "下载", "CSV")
    english = reader(locale="en-GB").open(link.replace("lang=zh", "lang=en"))
    assert english.title.endswith("Xiangtan city, 5.1%, no. 89–94 of the 152 cities whose figure was found")
    assert [row[2] for row in english.cells("Rank")] == [row[2] for row in chinese]

    # The file is that of the button and of the route.
    assert name.startswith("park-compare-all-")
    query = link.partition("?")[2]
    assert fetched(f"{server}/api/compare.csv?{query}") == content
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["rank"] for row in rows][:3] == ["1", "2", "3"]
    assert visitor.complaints == english.complaints == []


def test_a_year_that_another_definition_does_not_have_is_let_go_without_a_word(server, reader):
    visitor = reader().open(f"{server}/compare?lang=zh&park=xiangtan&indicator=gdp")
    pick(visitor, "哪一年", "2010年")
    assert visitor.parameters["year"] == "2010"
    pick(visitor, "比什么", "园区规模工业增加值（")
    assert visitor.title.startswith("2017年园区规模工业增加值：湘潭市746.27亿元")
    assert "year" not in visitor.parameters
    assert visitor.page.get_by_text("链接里有不认识的代码").count() == 0
    visitor.page.go_back()
    visitor.settled()
    assert visitor.complaints == []


def test_a_share_names_its_larger_place_and_reset_leads_back(server, reader):
    visitor = reader().open(f"{server}/compare?lang=zh&park=xiangtan&indicator=park_industrial_value_added_above_scale")
    press(visitor, "占比")
    assert "占湖南省：湘潭市约9.8062%" in visitor.title  # 746.27 / 7610.17
    assert visitor.page.get_by_text("占哪里", exact=True).count() == 1
    visitor.page.get_by_role("button", name="恢复默认").click()
    assert visitor.settled().title.startswith("2013年工业总产值：湘潭高新区552亿元")
    assert visitor.parameters == {"lang": "zh"}
    assert visitor.complaints == []


def test_from_a_place_to_its_figures_and_from_the_economy_to_the_comparison(server, reader):
    visitor = reader().open(f"{server}/economics?lang=zh")
    visitor.page.get_by_test_id("stMain").get_by_role("link", name="按同一口径排开").click()
    visitor.page.wait_for_url("**/compare**")
    assert visitor.settled().title.startswith("2013年技工贸总收入：湘潭高新区720.1亿元")
    visitor.page.get_by_test_id("stMain").get_by_role("link", name="湘潭高新区的技工贸总收入").click()
    visitor.page.wait_for_url("**/explore**")
    assert "720.1亿元" in visitor.settled().title
    assert visitor.complaints == []


def test_on_a_phone_nothing_is_wider_than_the_screen_and_the_filters_are_folded(server, reader):
    visitor = reader(user_agent=PHONE, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    visitor.open(f"{server}/compare?lang=zh&park=xiangtan&indicator=gdp&year=2015")
    assert visitor.title.endswith("湘潭市1633.07亿元，在查到同口径数的 149 个地市里居第 99")
    assert visitor.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert not visitor.page.get_by_text("比什么", exact=True).is_visible()
    visitor.page.get_by_text("筛选", exact=True).click()
    visitor.page.get_by_text("比什么", exact=True).wait_for()
    named = {mark.partition(" ")[0] for mark in visitor.marks()}
    assert {"湘潭市", "长沙市", "广州市", "白银市"} <= named  # its peers, and the largest and the smallest beside it
    assert visitor.complaints == []
