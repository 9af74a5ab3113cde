"""From a question in pinyin to a view that opens from its link elsewhere; by keyboard, back and forward, on a phone."""

import csv
import io
import re
import urllib.request

import pytest

from tests.browser.conftest import PHONE
from tests.browser.test_journeys import downloaded, popover

pytestmark = pytest.mark.browser


def facet(reader, name):
    """A choice of a facet by what it is called, whatever its count."""
    return reader.page.get_by_test_id("stMain").get_by_role("button", name=re.compile(rf"^{name}[（(]"))


def find(reader, text):
    """Type words and press Enter."""
    box = reader.page.get_by_test_id("stMain").get_by_test_id("stTextInput").locator("input")
    box.fill(text)
    box.press("Enter")
    return reader.settled()


def rows(reader, *headings):
    """The table of figures: its cells below these headings."""
    every = reader.page.locator("table").last
    heads = [text.strip() for text in every.locator("th").all_inner_texts()]
    return [[cells[heads.index(one)] for one in headings] for cells in reader.cells(headings[0])]


def test_from_pinyin_to_a_view_whose_link_opens_the_same_rows_in_the_other_language(server, reader):
    visitor = find(reader().open(f"{server}/explore?lang=zh"), "jgm")
    assert visitor.count == (14, 11395)
    assert visitor.parameters == {"lang": "zh", "find": "jgm"}
    facet(visitor, "省内各地").click()
    visitor.settled()
    visitor.page.get_by_test_id("stMain").get_by_role("radio", name="散点").click()
    visitor.settled()
    assert visitor.parameters == {"lang": "zh", "find": "jgm", "role": "hunan_peer", "chart": "dot"}
    chinese = rows(visitor, "时期", "数值")
    link = popover(visitor, "复制链接").get_by_test_id("stCode").first.inner_text().strip()
    visitor.page.keyboard.press("Escape")
    _name, content = downloaded(visitor, "下载", "CSV")
    file = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(file) == len(chinese) == visitor.count[0] == 5

    other = reader(locale="en-GB").open(link.replace("lang=zh", "lang=en"))
    assert other.count == visitor.count
    assert [re.sub(r"\D*([\d.]+).*", r"\1", row[1]) for row in chinese] == [row["value_text"] for row in file]
    numbers = re.findall(r"\(([\d.]+)", " ".join(row[0] for row in rows(other, "Value")))
    assert numbers == [row["value_text"] for row in file]
    assert other.complaints == visitor.complaints == []


def test_the_address_for_programs_gives_the_file_of_the_button(server, reader):
    visitor = reader().open(f"{server}/explore?lang=zh&find=湘潭 gdp&from=2014")
    address = popover(visitor, "程序地址").get_by_test_id("stCode").first.inner_text().strip()
    visitor.page.keyboard.press("Escape")
    _name, content = downloaded(visitor, "下载", "CSV")
    with urllib.request.urlopen(address) as answer:
        assert answer.read() == content
    assert content.count(b"\n") == visitor.count[0] + 1
    sql = popover(visitor, "这一页的 SQL").get_by_test_id("stCode").first.inner_text()
    assert "'xiangtan'" in sql
    assert "date '2014-01-01'" in sql


def test_back_and_forward_walk_through_the_views(server, reader):
    visitor = reader().open(f"{server}/explore?lang=zh")
    first = visitor.title
    visitor.page.get_by_role("button", name=re.compile("^地区生产总值")).click()
    second = visitor.settled().title
    facet(visitor, "所在城市").click()
    third = visitor.settled().title
    assert third == "湘潭市地区生产总值：2020年 2343.15亿元 → 2023年 2742亿元"
    assert len({first, second, third}) == 3
    visitor.page.go_back()
    assert visitor.settled().title == second
    visitor.page.go_back()
    assert visitor.settled().title == first
    visitor.page.go_forward()
    assert visitor.settled().title == second
    assert visitor.complaints == []


def test_a_view_can_be_built_by_keyboard_alone(server, reader):
    visitor = reader().open(f"{server}/explore?lang=zh")
    page = visitor.page
    page.get_by_test_id("stMain").get_by_test_id("stTextInput").locator("input").focus()
    page.keyboard.type("jigongmao")
    page.keyboard.press("Enter")
    assert visitor.settled().count == (14, 11395)
    page.keyboard.press("Tab")
    page.keyboard.type("技工贸收入")
    page.keyboard.press("Enter")
    assert visitor.settled().count == (2, 11395)
    page.keyboard.press("Escape")
    assert visitor.parameters["indicator"] == "tech_industry_trade_revenue"


def test_on_a_phone_the_answer_comes_first_and_nothing_is_wider_than_the_window(server, reader):
    visitor = reader(user_agent=PHONE, viewport={"width": 390, "height": 844})
    for asked in ("find=jgm", "indicator=gdp&chart=multiples", "find=湘潭房价", "park=china_htz&find=营业总收入", ""):
        visitor.open(f"{server}/explore?lang=en&{asked}")
        wide = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
        assert visitor.page.evaluate(wide) <= 0, asked
        main = (
            "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
        )
        assert visitor.page.evaluate(main) <= 0, asked
        assert visitor.page.locator("h1").bounding_box()["y"] < 200
        assert visitor.complaints == []


def test_a_slip_is_put_right_with_one_click(server, reader):
    visitor = find(reader().open(f"{server}/explore?lang=en"), "total revnue Xiangtan city")
    assert "“revnue”" in visitor.page.get_by_test_id("stAlert").inner_text()
    visitor.page.get_by_role("button", name="Find “total revenue xiangtan city”").click()
    visitor.settled()
    assert visitor.parameters["find"] == "total revenue xiangtan city"
