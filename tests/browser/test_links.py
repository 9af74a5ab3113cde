"""Links, filters and downloads in a real browser against the real server."""

import csv
import io
import re
import urllib.request
from pathlib import Path

import duckdb
import pytest

from queries.observations import observations

TITLES = {
    "": ("1000亿元", "100 billion yuan"),
    "economics": ("43.6%", "43.6%"),
    "innovation": ("459.6亿元", "45.96 billion yuan"),
    "livelihood": ("13.4万平方米", "134 thousand square metres"),
    "mechanisms": ("11", "11"),
    "sources": ("588", "588"),
}


def fetched(address: str) -> bytes:
    """What a program gets from the same server."""
    with urllib.request.urlopen(address) as answer:
        return answer.read()


def rows_of(reader, table: int = 0) -> list[list[str]]:
    """Texts of a plain table, heading first."""
    script = """table => [...table.querySelectorAll("tr")]
        .map(row => [...row.cells].map(cell => cell.innerText.replaceAll("\\u2060", "").trim()))"""
    return reader.page.locator("table").nth(table).evaluate(script)


def downloaded(reader, menu: str, button: str) -> bytes:
    """The file that a button of the download menu gives."""
    reader.page.get_by_test_id("stPopover").get_by_text(re.compile(menu)).first.click()
    with reader.page.expect_download() as waiting:
        reader.page.get_by_test_id("stDownloadButton").get_by_text(re.compile(button)).first.click()
    content = Path(waiting.value.path()).read_bytes()
    reader.page.keyboard.press("Escape")
    return content


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_opens_at_its_own_address_with_its_number_in_the_title(server, reader, lang):
    visitor = reader()
    for page, titles in TITLES.items():
        visitor.open(f"{server}/{page}?lang={lang}")
        assert titles[lang == "en"] in visitor.title, page
        assert visitor.page.get_by_test_id("stSidebar").get_by_test_id("stPageLink").count() == len(TITLES)
    # At a deep link the browser part of Streamlit first asks below the page's own address where the server is.
    assert [complaint for complaint in visitor.complaints if "404" not in complaint] == []


def test_the_first_visitor_of_a_fresh_server_may_come_by_a_deep_link(fresh_server, reader):
    with fresh_server() as address:
        visitor = reader().open(f"{address}/livelihood?lang=en&park=xthtz")
        assert "134 thousand square metres" in visitor.title
        assert visitor.parameters == {"lang": "en", "park": "xthtz"}


def test_a_link_with_codes_opens_the_same_view_in_both_languages_on_a_fresh_server(server, fresh_server, reader):
    codes = "park=xthtz&indicator=total_revenue,industrial_output&from=2012&to=2014"
    chinese = reader().open(f"{server}/economics?lang=zh&{codes}")
    assert chinese.count == (4, 584)
    with fresh_server() as address:
        english = reader().open(f"{address}/economics?lang=en&{codes}")
        assert english.count == (4, 584)
        periods = [row[1] for row in rows_of(english)[1:]]
        assert (
            periods == [row[1].removesuffix("年") for row in rows_of(chinese)[1:]] == ["2012", "2013", "2012", "2013"]
        )


def test_a_filter_changes_the_count_the_table_the_chart_and_the_address_and_back_undoes_it(server, reader):
    visitor = reader().open(f"{server}/economics")
    assert visitor.count == (27, 584)
    before = visitor.marks()
    visitor.choose("指标", "技工贸总收入")
    assert visitor.count == (2, 584)
    assert visitor.parameters == {"indicator": "total_revenue"}
    assert [row[:3] for row in rows_of(visitor)[1:]] == [
        ["技工贸总收入", "2012年", "约501.5亿元"],
        ["技工贸总收入", "2013年", "720.1亿元"],
    ]
    assert visitor.marks() != before
    visitor.page.go_back()
    assert visitor.settled().count == (27, 584)
    assert visitor.parameters == {}
    visitor.page.go_forward()
    assert visitor.settled().count == (2, 584)
    visitor.page.reload()
    assert visitor.settled().count == (2, 584)


def test_the_other_language_keeps_the_view_and_the_menu_keeps_language_and_place(server, reader):
    visitor = reader().open(f"{server}/economics?park=cdhtz&from=2013&to=2015")
    count = visitor.count
    visitor.page.get_by_role("button", name="English").click()
    visitor.settled()
    assert visitor.parameters == {"park": "cdhtz", "from": "2013", "to": "2015", "lang": "en"}
    assert visitor.count == count
    assert "Value added" in visitor.title or "value added" in visitor.title
    visitor.page.get_by_test_id("stSidebar").get_by_text("Innovation").click()
    visitor.page.wait_for_url("**/innovation**")
    assert visitor.settled().parameters == {"park": "cdhtz", "lang": "en"}


def test_an_unknown_code_is_told_in_one_line_and_the_rest_of_the_link_holds(server, reader):
    visitor = reader().open(f"{server}/economics?indicator=nothing,total_revenue&park=xthtz")
    assert visitor.count == (2, 584)
    assert visitor.page.get_by_text("已忽略：nothing").count() == 1
    assert visitor.page.get_by_test_id("stException").count() == 0


def test_reset_brings_the_defaults_back_and_keeps_the_language(server, reader):
    visitor = reader().open(f"{server}/economics?lang=zh&indicator=total_revenue&park=xthtz&to=2013")
    visitor.page.get_by_role("button", name="恢复默认").click()
    visitor.settled()
    assert visitor.count == (27, 584)
    assert visitor.parameters == {"lang": "zh"}


def test_the_buttons_give_byte_for_byte_what_the_routes_give(server, reader):
    visitor = reader().open(f"{server}/economics?lang=zh&park=xthtz&indicator=total_revenue,fiscal_revenue")
    same = "theme=economy&park=xthtz&indicator=total_revenue,fiscal_revenue&evidence=published,derived&lang=zh"
    for suffix, button in (("csv", "CSV · 4 行"), ("xlsx", "Excel · 4 行"), ("parquet", "Parquet · 4 行")):
        assert downloaded(visitor, "下载 4 行", button) == fetched(f"{server}/api/observations.{suffix}?{same}"), suffix
    assert downloaded(visitor, "下载 4 行", "^PNG$").startswith(b"\x89PNG")
    assert b"<svg" in downloaded(visitor, "下载 4 行", "^SVG$")


def test_the_copied_link_holds_the_whole_view_with_its_defaults(server, reader):
    visitor = reader().open(f"{server}/economics?to=2013")
    visitor.page.get_by_test_id("stPopover").get_by_text("复制链接").first.click()
    link = visitor.page.get_by_test_id("stCode").first.inner_text().strip()
    assert link == f"{server}/economics?lang=zh&park=xthtz&indicator=all&to=2013&evidence=published,derived"


def test_a_phone_shows_the_page_without_scrolling_sideways_and_folds_the_filters(server, reader):
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36"
    visitor = reader(viewport={"width": 390, "height": 844}, user_agent=agent, is_mobile=True, has_touch=True)
    for page in TITLES:
        visitor.open(f"{server}/{page}")
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390, page
    visitor.open(f"{server}/economics")
    assert not visitor.page.get_by_test_id("stMultiSelect").first.is_visible()
    visitor.page.get_by_test_id("stExpander").get_by_text("筛选").click()
    visitor.page.get_by_test_id("stMultiSelect").first.wait_for(state="visible")


def test_no_page_asks_any_other_host(server, reader):
    visitor = reader()
    for page in TITLES:
        visitor.open(f"{server}/{page}")
    hosts = {re.sub(r"^\w+://([^/]+)/.*$", r"\1", address) for address in visitor.asked if "://" in address}
    assert {host for host in hosts if not host.startswith("localhost:")} == set()


def test_720_1_is_the_same_number_from_the_source_to_the_file(server, reader, park_database):
    with (Path("data/sources/observation/article.csv")).open(encoding="utf-8") as file:
        typed = next(csv.DictReader(file))
    assert (typed["indicator_id"], typed["value_text"], typed["growth_text"]) == ("total_revenue", "720.1", "43.6")
    with duckdb.connect(park_database, read_only=True, config={"enable_external_access": "false"}) as connection:
        stored = connection.sql("select value, value_text from observation where observation_id = 'A01'").fetchall()
    assert [(float(value), text) for value, text in stored] == [(720.1, "720.1")]
    asked = observations(indicators=["total_revenue"], parks=["xthtz"])
    assert asked.select("value", "unit_zh", "growth_pct").rows() == [(720.1, "亿元", 43.6)]

    visitor = reader().open(f"{server}/economics?lang=zh&park=xthtz&indicator=total_revenue&evidence=published")
    assert rows_of(visitor)[1][:4] == ["技工贸总收入", "2013年", "720.1亿元", "43.6%"]
    assert any("43.6%" in text for text in [*visitor.marks(), visitor.title])
    content = downloaded(visitor, "下载 1 行", "CSV · 1 行")
    filed = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [(row["value"], row["value_text"], row["unit_zh"], row["growth_pct"]) for row in filed] == [
        ("720.1", "720.1", "亿元", "43.6")
    ]
    same = "theme=economy&park=xthtz&indicator=total_revenue&evidence=published&lang=zh"
    assert fetched(f"{server}/api/observations.csv?{same}") == content
