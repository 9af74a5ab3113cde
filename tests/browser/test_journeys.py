"""Readers' ways through the pages in a real browser against the real server: links, filters, languages, files."""

import csv
import html
import io
import re
import urllib.request
from pathlib import Path

import duckdb
import pytest

from queries.figures.observations import get_observations
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser

MENU = {
    "zh": [
        "总览",
        "经济",
        "创新",
        "民生",
        "对比",
        "地区",
        "园区名录",
        "六大机制",
        "预安消号",
        "领导联点",
        "按月调度",
        "督查督办",
        "效能监查",
        "奖惩考核",
        "自助查询",
        "数据覆盖",
        "数据核验",
        "数据与来源",
    ],
    "en": [
        "Overview",
        "Economy",
        "Innovation",
        "Livelihood",
        "Compare",
        "Place",
        "Directory of zones",
        "Six mechanisms",
        "Pre-arrange and cross off",
        "A leader for each project",
        "Monthly dispatch",
        "Supervision",
        "Efficiency",
        "Rewards and penalties",
        "Explore",
        "Coverage",
        "Findings",
        "Data and sources",
    ],
}
# A deep link of each page, and what its title must say in both languages.
PAGES = {
    "": ({}, "1000亿元", "100 billion yuan"),
    "economics": ({"park": "xthtz", "from": "2013"}, "43.6%", "43.6%"),
    "innovation": ({"indicator": "hightech_output"}, "459.6亿元", "45.96 billion yuan"),
    "livelihood": ({"park": "xthtz"}, "13.4万平方米", "134 thousand square metres"),
    "compare": ({"indicator": "industrial_output"}, "552亿元", "55.2 billion yuan"),
    "place": ({"park": "xthtz"}, "720.1亿元", "72.01 billion yuan"),
    "zones": ({"province": "hunan"}, "同年 2 家", "2 that year"),
    "mechanisms": ({"mechanism": "monthly"}, "36 项承诺", "36 commitments"),
    "preplan": ({"park": "xthtz"}, "预安消号", "no ledger"),
    "leaders": ({"park": "xthtz"}, "领导联点", "no ledger"),
    "monthly": ({"park": "xthtz", "rule": "sanya-2022"}, "按月调度", "no ledger"),
    "supervision": ({"park": "xthtz"}, "督查督办", "no ledger"),
    "efficiency": ({"park": "xthtz"}, "效能监查", "no ledger"),
    "rewards": ({"park": "xthtz"}, "奖惩考核", "no ledger"),
    "explore": ({"evidence": "published"}, "个数", "figures"),
    "coverage": ({"kind": "city"}, "个指标有整年数", "indicators have figures"),
    "findings": ({"rule": "two_versions"}, "19 处", "19 places"),
    "sources": ({"show": "tables", "table": "title"}, "125", "125"),
}
ALL, REVENUE = (28, 9147), (2, 9147)


def fetched(address):
    """What a program gets from the same server."""
    with urllib.request.urlopen(address) as answer:
        return answer.read()


def menu(reader):
    """The names in the menu, without those of the icons."""
    links = reader.page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink")
    return [text.strip().split("\n")[-1] for text in links.all_inner_texts()]


def popover(reader, text):
    """Open the first popover whose button says this; return what it holds, once it is that of this opening.

    One that was closed a moment ago still runs: its buttons would be those of files that are no more.
    """
    reader.settled()
    reader.page.get_by_test_id("stPopover").filter(has_text=text).first.locator("button").click()
    body = reader.page.get_by_test_id("stPopoverBody")
    body.wait_for()
    reader.settled()
    return body


def downloaded(reader, menu, button):
    """Name and content of the file that a button of a menu gives."""
    body = popover(reader, menu)
    with reader.page.expect_download() as arriving:
        body.get_by_test_id("stDownloadButton").get_by_text(re.compile(button)).first.click()
    reader.page.keyboard.press("Escape")
    body.wait_for(state="detached")
    return arriving.value.suggested_filename, Path(arriving.value.path()).read_bytes()


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_at_a_deep_link_on_a_fresh_server_in_either_language(page, fresh_server, reader):
    asked, chinese, english = PAGES[page]
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    with fresh_server() as address:
        visitor = reader().open(f"{address}/{page}?lang=en&{query}".removesuffix("&"))
        assert english in visitor.title
        assert menu(visitor) == MENU["en"]
        assert visitor.parameters == asked | {"lang": "en"}
        visitor.open(f"{address}/{page}?lang=zh&{query}".removesuffix("&"))
        assert chinese in visitor.title
        assert menu(visitor) == MENU["zh"]
        assert visitor.page.get_by_test_id("stException").count() == 0
        assert visitor.complaints == []


def test_a_walk_through_the_menu_meets_every_page_without_a_complaint_and_asks_no_other_host(server, reader):
    visitor = reader().open(f"{server}/?lang=zh")
    titles = [visitor.title]
    for name in MENU["zh"][1:]:
        visitor.page.get_by_test_id("stSidebar").get_by_role("link", name=name).click()
        visitor.page.wait_for_function("title => document.querySelector('h1')?.innerText !== title", arg=titles[-1])
        titles.append(visitor.settled().title)
        assert menu(visitor) == MENU["zh"]
        assert visitor.parameters == {"lang": "zh"}
        assert visitor.page.get_by_test_id("stException").count() == 0
    assert [chinese in title for (_, chinese, _), title in zip(PAGES.values(), titles, strict=True)] == [True] * 18
    assert visitor.complaints == []
    hosts = {re.sub(r"^\w+://([^/]+)/.*$", r"\1", address) for address in visitor.asked if "://" in address}
    assert {host for host in hosts if not host.startswith("localhost:")} == set()


def test_a_shared_link_with_codes_holds_the_same_rows_in_both_languages(server, fresh_server, reader):
    codes = "park=xthtz&indicator=total_revenue,fiscal_revenue&from=2012&to=2014"
    chinese = reader().open(f"{server}/economics?lang=zh&{codes}")
    assert [row[:3] for row in chinese.cells("数值")] == [
        ["技工贸总收入", "2012年", "约501.5亿元"],
        ["技工贸总收入", "2013年", "720.1亿元"],
        ["财政收入", "2013年", "17亿元"],
    ]
    with fresh_server() as address:
        english = reader().open(f"{address}/economics?lang=en&{codes}")
        assert english.count == chinese.count == (3, 9147)
        assert [re.sub(r".*\((.*)\)", r"\1", row[2]) for row in english.cells("Value")] == [
            row[2] for row in chinese.cells("数值")
        ]


def test_a_filter_changes_count_table_chart_and_address_and_back_undoes_it_step_by_step(server, reader):
    visitor = reader().open(f"{server}/economics?lang=zh")
    assert visitor.count == ALL
    assert any(text.startswith("财政收入") for text in visitor.marks())
    visitor.choose("指标", "技工贸总收入")
    assert visitor.count == REVENUE
    assert not any(text.startswith("财政收入") for text in visitor.marks())
    assert {row[0] for row in visitor.cells("数值")} == {"技工贸总收入"}
    visitor.page.get_by_test_id("stButtonGroup").get_by_text("推算", exact=True).click()
    visitor.settled()
    narrow = {"lang": "zh", "indicator": "total_revenue", "evidence": "published"}
    assert visitor.parameters == narrow
    assert [row[:3] for row in visitor.cells("数值")] == [["技工贸总收入", "2013年", "720.1亿元"]]
    visitor.page.reload()
    assert (visitor.settled().count, visitor.parameters) == ((1, 9132), narrow)
    visitor.page.go_back()
    assert (visitor.settled().count, visitor.parameters) == (REVENUE, {"lang": "zh", "indicator": "total_revenue"})
    assert visitor.page.get_by_test_id("stMultiSelect").get_by_text("技工贸总收入").is_visible()
    visitor.page.go_back()
    assert (visitor.settled().count, visitor.parameters) == (ALL, {"lang": "zh"})
    visitor.page.go_forward()
    assert visitor.settled().count == REVENUE
    visitor.page.get_by_role("button", name="恢复默认").click()
    assert (visitor.settled().count, visitor.parameters) == (ALL, {"lang": "zh"})
    assert visitor.complaints == []


def test_the_slider_over_years_writes_from_and_to(server, reader):
    visitor = reader().open(f"{server}/innovation?from=2014&to=2016")
    assert visitor.count == (3, 888)
    visitor.page.get_by_test_id("stSlider").get_by_role("slider").last.focus()
    visitor.page.keyboard.press("ArrowLeft")
    visitor.settled()
    assert (visitor.count, visitor.parameters) == ((2, 888), {"from": "2014", "to": "2015"})


def test_an_unknown_code_is_told_in_one_line_and_the_rest_of_the_link_holds(server, reader):
    visitor = reader().open(f"{server}/economics?indicator=nothing,total_revenue&park=xthtz")
    assert visitor.count == REVENUE
    assert visitor.page.get_by_text("已忽略：nothing").count() == 1
    assert visitor.page.get_by_test_id("stException").count() == 0


def test_the_other_language_keeps_the_view_and_the_menu_keeps_language_and_place(server, reader):
    visitor = reader().open(f"{server}/economics?park=cdhtz&from=2013&to=2015")
    count = visitor.count
    visitor.page.get_by_role("button", name="English").click()
    visitor.settled()
    assert visitor.parameters == {"park": "cdhtz", "from": "2013", "to": "2015", "lang": "en"}
    assert visitor.count == count
    assert "value added" in visitor.title.lower()
    visitor.page.get_by_test_id("stSidebar").get_by_text("Innovation").click()
    visitor.page.wait_for_url("**/innovation**")
    assert visitor.settled().parameters == {"park": "cdhtz", "lang": "en"}


def test_the_browser_decides_the_language_until_the_reader_does(server, reader):
    visitor = reader(locale="en-GB").open(f"{server}/economics?park=xtetdz&indicator=total_revenue&from=2016&to=2017")
    assert menu(visitor) == MENU["en"]
    assert [row[2] for row in visitor.cells("Value")] == [
        "about 127.5 billion yuan (约1275亿元)",
        "158.67 billion yuan (1586.7亿元)",
    ]
    visitor.page.get_by_test_id("stSidebar").get_by_role("button", name="中文").click()
    visitor.settled()
    assert menu(visitor) == MENU["zh"]
    view = {"lang": "zh", "park": "xtetdz", "indicator": "total_revenue", "from": "2016", "to": "2017"}
    assert visitor.parameters == view
    assert [row[2] for row in visitor.cells("数值")] == ["约1275亿元", "1586.7亿元"]
    visitor.page.reload()
    assert (visitor.settled().parameters, menu(visitor)) == (view, MENU["zh"])


def test_a_copied_link_holds_the_whole_view_and_shows_it_to_another_reader(server, reader):
    visitor = reader().open(f"{server}/economics?indicator=total_revenue&to=2013")
    link = popover(visitor, "复制链接").get_by_test_id("stCode").first.inner_text().strip()
    view = "lang=zh&park=xthtz&indicator=total_revenue&to=2013&evidence=published,derived"
    assert link == f"{server}/economics?{view}"
    other = reader(locale="en-GB").open(link)
    assert (other.title, other.count, menu(other)) == (visitor.title, visitor.count, MENU["zh"])
    assert other.cells("数值") == visitor.cells("数值")


def test_the_buttons_give_byte_for_byte_what_the_routes_give(server, reader):
    visitor = reader().open(f"{server}/economics?lang=zh&park=xthtz&indicator=total_revenue,fiscal_revenue")
    same = "theme=economy&park=xthtz&indicator=total_revenue,fiscal_revenue&evidence=published,derived&lang=zh"
    for suffix, button in (("csv", "CSV · 3 行"), ("xlsx", "Excel · 3 行"), ("parquet", "Parquet · 3 行")):
        name, content = downloaded(visitor, "下载 3 行", button)
        assert name.endswith(f".{suffix}")
        assert content == fetched(f"{server}/api/observations.{suffix}?{same}"), suffix


def test_a_downloaded_picture_names_its_number_its_source_and_its_link(server, reader):
    visitor = reader().open(f"{server}/?lang=zh")
    name, picture = downloaded(visitor, "下载", "^PNG$")
    assert (name[-4:], picture[:8]) == (".png", b"\x89PNG\r\n\x1a\n")
    name, drawing = downloaded(visitor, "下载", "^SVG$")
    assert name.endswith(".svg")
    texts = html.unescape(re.sub(r"<[^>]+>", "\n", drawing.decode()))
    for text in ("720.1亿元", "1000亿元", "湘潭高新区确定年度目标，建成千亿园区", "2014年3月3日"):
        assert text in texts, text
    (link,) = set(re.findall(r"https?://\S+", texts))
    assert link.startswith(server)
    assert link.endswith("?lang=zh&park=xthtz&year=2014&rule=default")
    assert reader(locale="en-GB").open(link).title == visitor.title


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_shows_each_page_and_chart_whole_without_scrolling_sideways(lang, server, reader):
    visitor = reader(viewport={"width": 390, "height": 844}, user_agent=PHONE, is_mobile=True, has_touch=True)
    ends = """() => [...document.querySelectorAll("[data-testid=stVegaLiteChart] text")]
        .map(text => Math.ceil(text.getBoundingClientRect().right))"""
    for page in PAGES:
        visitor.open(f"{server}/{page}?lang={lang}")
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390, page
        assert max([0, *visitor.page.evaluate(ends)]) <= 390, page


def test_a_phone_folds_the_filters_and_shows_a_table_as_a_list(server, reader):
    visitor = reader(viewport={"width": 390, "height": 844}, user_agent=PHONE, is_mobile=True, has_touch=True)
    visitor.open(f"{server}/economics?indicator=total_revenue")
    assert visitor.page.get_by_text("2013年 · 数值：720.1亿元 · 增长：43.6%").is_visible()
    assert not visitor.page.get_by_test_id("stMultiSelect").first.is_visible()
    visitor.page.get_by_test_id("stExpander").get_by_text("筛选").click()
    visitor.page.get_by_test_id("stMultiSelect").first.wait_for(state="visible")


def test_720_1_is_the_same_number_from_the_source_to_the_file(server, reader, park_database):
    with (Path("data/sources/observation/article.csv")).open(encoding="utf-8") as file:
        typed = next(csv.DictReader(file))
    assert (typed["indicator_id"], typed["value_text"], typed["growth_text"]) == ("total_revenue", "720.1", "43.6")
    with duckdb.connect(park_database, read_only=True, config={"enable_external_access": "false"}) as connection:
        stored = connection.sql("select value, value_text from observation where observation_id = 'A01'").fetchall()
    assert [(float(value), text) for value, text in stored] == [(720.1, "720.1")]
    asked = get_observations(indicators=["total_revenue"], parks=["xthtz"])
    assert asked.select("value", "unit_zh", "growth_pct").rows() == [(720.1, "亿元", 43.6)]

    visitor = reader().open(f"{server}/economics?lang=zh&park=xthtz&indicator=total_revenue&evidence=published")
    assert visitor.cells("数值")[0][:4] == ["技工贸总收入", "2013年", "720.1亿元", "43.6%"]
    assert any("43.6%" in text for text in [*visitor.marks(), visitor.title])
    _, content = downloaded(visitor, "下载 1 行", "CSV · 1 行")
    filed = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [(row["value"], row["value_text"], row["unit_zh"], row["growth_pct"]) for row in filed] == [
        ("720.1", "720.1", "亿元", "43.6")
    ]
    same = "theme=economy&park=xthtz&indicator=total_revenue&evidence=published&lang=zh"
    assert fetched(f"{server}/api/observations.csv?{same}") == content


def test_from_the_board_to_a_target_judged_step_by_step_and_back(server, reader):
    visitor = reader().open(f"{server}/?lang=zh&park=xiangtan&year=2014")
    assert "6 项未完成、1 项已完成" in visitor.title
    link = visitor.page.locator("table a").nth(1)
    assert link.inner_text() == "固定资产投资"
    address = link.get_attribute("href")
    assert address == "?lang=zh&rule=default&target=G15"
    alone = reader().open(f"{server}/{address}")
    assert alone.title == "固定资产投资同比增长23.7%，比目标低 1.3 个百分点"
    assert "区间内没有一个数达到 25%" in alone.page.get_by_test_id("stMain").inner_text()
    alone.page.get_by_role("link", name="返回目标总览").click()
    alone.page.wait_for_function("() => !location.search.includes('target=')")
    assert alone.settled().title == visitor.title
    assert alone.parameters["park"] == "xiangtan"


def test_choosing_a_status_filters_the_board_and_the_address_and_back_undoes_it(server, reader):
    visitor = reader().open(f"{server}/?lang=en&park=wlmqhtz")
    rows = visitor.page.get_by_role("link", name=re.compile("revenue|product|value added", re.IGNORECASE))
    everything = rows.count()
    visitor.page.get_by_test_id("stButtonGroup").locator("button").nth(1).click()  # ✔ met 2
    visitor.page.wait_for_function("() => location.search.includes('status=met')")
    assert 0 < visitor.settled().page.get_by_role("link", name=re.compile("Local fiscal revenue")).count() < everything
    visitor.page.go_back()
    visitor.page.wait_for_function("() => !location.search.includes('status=')")


def test_a_link_with_a_day_shows_the_same_light_on_a_fresh_server(server, fresh_server, reader):
    link = "?lang=zh&target=G22&asof=2015-09-15"
    here = reader().open(f"{server}/{link}").page.get_by_test_id("stMain").inner_text()
    assert "前 6 个月的增速减去全年目标，高 0.2 个百分点" in here
    with fresh_server() as address:
        assert reader().open(f"{address}/{link}").page.get_by_test_id("stMain").inner_text() == here
