"""Readers who ask in SQL, in a real browser against the real server."""

import http.client
import json
import re
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser.conftest import PHONE
from tests.browser.test_journeys import downloaded, popover

pytestmark = pytest.mark.browser

ENDLESS = "with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t"
ZONE = "select indicator_id, value, unit_id from observation where park_id = 'xthtz' and period = '2013' order by all"
CITIES = """select park_id, value, unit_id
from observation
where indicator_id = 'park_industrial_value_added_above_scale' and period = '2017' and park_id <> 'hunan'
order by value desc"""


def tab(server, sql=None, lang="zh"):
    return f"{server}/explore?lang={lang}&tab=sql" + (f"&sql={quote(sql)}" if sql else "")


def computing(server):
    """The processes of this server that run a query and compute at this moment."""
    port, found = server.rpartition(":")[2].encode(), set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if b"queries.sql.worker" not in (entry / "cmdline").read_bytes().split(b"\0"):
                continue
            state, parent = (entry / "stat").read_text("ascii").rsplit(")", 1)[1].split()[:2]
            if state == "R" and port in (Path("/proc") / parent / "cmdline").read_bytes().split(b"\0"):
                found.add(int(entry.name))
        except OSError:
            continue
    return found


def busy(server):
    """Those with a heavy query: they compute whenever one looks."""
    looks = []
    for _ in range(5):
        looks.append(computing(server))
        time.sleep(0.08)
    return set.intersection(*looks)


def until(condition, seconds=15.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def write(visitor, sql):
    visitor.page.locator(".st-key-explore_sql textarea").fill(sql)


def run(visitor, sql):
    """Write a question and run it from the keyboard."""
    write(visitor, sql)
    visitor.page.keyboard.press("Control+Enter")
    return visitor.settled()


def headings(visitor):
    return visitor.page.get_by_test_id("stMain").locator("h3").all_inner_texts()


def error(visitor):
    return visitor.page.get_by_test_id("stMain").get_by_test_id("stAlert").inner_text()


def chart_and_file(visitor, heading, rows):
    """The marks of the chart, and the CSV of the rows."""
    assert headings(visitor) == [heading]
    name, content = downloaded(visitor, rows, "^CSV")
    assert re.fullmatch(r"park-query-all-[0-9a-f]{12}\.csv", name)
    return visitor.marks(), content


def test_a_question_written_by_hand_is_the_same_behind_its_link_in_english_on_a_fresh_server(
    server, fresh_server, reader
):
    visitor = run(reader().open(tab(server)), CITIES)
    assert visitor.parameters == {"lang": "zh", "tab": "sql", "sql": CITIES}
    marks, content = chart_and_file(visitor, "结果 14 行", "下载 14 行")
    assert "changsha" in marks
    assert content.decode("utf-8-sig").splitlines()[:2] == ["park_id,value,unit_id", "changsha,2326.32,yi_cny"]
    link = popover(visitor, "复制链接").get_by_test_id("stCode").first.inner_text().strip()
    with fresh_server() as address:
        english = reader(locale="en-GB").open(link.replace(server, address).replace("lang=zh", "lang=en"))
        assert english.title == "The published tables in SQL"
        assert chart_and_file(english, "14 rows", "Download (14)")[1] == content
        assert english.marks()[-1:] != []
        assert english.complaints == []


def test_the_route_in_the_menu_of_the_link_gives_the_same_rows(server, reader):
    visitor = reader().open(tab(server, ZONE))
    codes = popover(visitor, "复制链接").get_by_test_id("stCode")
    codes.nth(1).wait_for()
    with urllib.request.urlopen(codes.nth(1).inner_text().strip()) as answer:
        route = answer.read()
    visitor.page.keyboard.press("Escape")
    assert downloaded(visitor, "下载", "^CSV")[1] == route
    assert b"total_revenue,720.1,yi_cny" in route


def test_leaving_the_box_runs_nothing_and_the_button_does(server, reader):
    visitor = reader().open(tab(server))
    write(visitor, "select 7 as seven")
    visitor.page.locator("h1").click()
    visitor.settled()
    assert (headings(visitor), "sql" in visitor.parameters) == ([], False)
    visitor.page.get_by_role("button", name="运行").click()
    assert headings(visitor.settled()) == ["结果 1 行"]
    visitor.page.get_by_role("button", name="清空").click()
    visitor.settled()
    assert (headings(visitor), visitor.parameters) == ([], {"lang": "zh", "tab": "sql"})


def test_an_example_is_run_and_can_be_taken_up_by_keyboard(server, reader):
    visitor = reader().open(tab(server, lang="en"))
    visitor.page.locator(".st-key-explore_example input").focus()
    visitor.page.keyboard.press("ArrowDown")
    visitor.page.get_by_role("option").filter(has_text="by year").click()
    visitor.settled()
    assert headings(visitor) == ["9 rows"]
    assert "national_zones" in visitor.parameters["sql"]
    visitor.page.go_back()
    assert headings(visitor.settled()) == []


def test_an_error_names_the_place_in_the_readers_language(server, reader):
    visitor = reader().open(tab(server, "select park_id,\n  valu\nfrom observation"))
    assert "没有“valu”这个名称。是不是“value”？见第 2 行第 3 个字符。" in error(visitor)
    assert visitor.page.get_by_role("button", name="停止").count() == 0
    visitor.open(tab(server, "select getenv('HOME')", "en"))
    assert "The function “getenv” cannot be used here." in error(visitor)
    assert "See line 1, character 8." in error(visitor)
    run(visitor, "drop table observation")
    assert "Only queries run here, not DROP." in error(visitor)


def test_a_reader_who_goes_to_another_page_ends_the_query(server, reader):
    visitor = reader()
    visitor.page.goto(tab(server, ENDLESS))
    assert until(lambda: busy(server))
    visitor.page.get_by_test_id("stSidebar").get_by_role("link", name="经济").click()
    assert until(lambda: not busy(server), 3)
    visitor.page.wait_for_url("**/economics**")
    visitor.settled()
    assert visitor.complaints == []
    assert headings(visitor.open(tab(server, "select 1 as a"))) == ["结果 1 行"]


def test_the_stop_button_ends_the_query_and_says_so(server, reader):
    visitor = reader()
    visitor.page.goto(tab(server, ENDLESS))
    assert until(lambda: busy(server))
    visitor.page.get_by_role("button", name="停止").click()
    assert until(lambda: not busy(server), 3)
    assert error(visitor.settled()).strip().endswith("已停止。")
    assert headings(run(visitor, "select 1 as a")) == ["结果 1 行"]


def test_a_link_keeps_its_tab_where_the_reader_acts_before_the_browser_has_drawn_all(server, reader):
    visitor, late = reader(), []

    def hold(route):  # Playwright cannot mark a method of a list as its handler
        late.append(route)

    visitor.page.route(re.compile("/ButtonGroup[^/]*[.]js"), hold)  # the choice of the tab, over a slow line
    visitor.page.goto(tab(server, ENDLESS))
    visitor.page.get_by_role("button", name="停止").click()
    assert until(lambda: not busy(server), 3)
    visitor.page.get_by_text("已停止。").wait_for()
    assert len(late) == 1
    late[0].continue_()
    assert headings(run(visitor, "select 1 as a")) == ["结果 1 行"]
    assert visitor.parameters == {"lang": "zh", "tab": "sql", "sql": "select 1 as a"}


def test_a_query_that_takes_too_long_is_ended_with_a_reason(server, reader):
    visitor = reader()
    visitor.page.goto(tab(server, ENDLESS))
    visitor.page.get_by_text("超过 5 秒，已停止。").wait_for(timeout=30_000)
    assert not busy(server)


def test_a_program_that_hangs_up_ends_its_query(server):
    connection = http.client.HTTPConnection(server.removeprefix("http://"))
    connection.request("GET", f"/api/query.json?sql={quote(ENDLESS)}")
    assert until(lambda: busy(server))
    connection.close()
    assert until(lambda: not busy(server), 2)


def test_pages_and_routes_answer_while_a_heavy_query_runs(server, reader):
    visitor = reader()
    visitor.page.goto(tab(server, ENDLESS))
    assert until(lambda: busy(server))
    with urllib.request.urlopen(f"{server}/api/query.json?sql=select%20720.1%20as%20a") as answer:
        assert json.load(answer)["rows"] == [{"a": 720.1}]
    assert "43.6%" in reader().open(f"{server}/economics?lang=zh").title


def test_names_that_look_like_markdown_or_a_formula_stay_text(server, reader):
    sql = """select 1 as "![x](http://example.invalid/p.png)", '=1+1' as "=cmd", 2 as b union all select 2, 'y', 3"""
    visitor = reader().open(tab(server, sql))
    body = popover(visitor, "下载")
    body.get_by_text("![x]").wait_for()
    visitor.page.keyboard.press("Escape")
    _, content = downloaded(visitor, "下载", "^CSV")
    assert content.decode("utf-8-sig").splitlines()[:2] == ["![x](http://example.invalid/p.png),'=cmd,b", "1,'=1+1,2"]
    assert not [
        address for address in visitor.asked if "example.invalid/p.png" in address and "localhost" not in address
    ]


def test_several_units_are_not_drawn_on_one_axis(server, reader):
    visitor = reader().open(tab(server, ZONE))
    visitor.page.get_by_text("没有画图：unit_id 列有几种单位。").wait_for()
    assert visitor.page.get_by_test_id("stVegaLiteChart").count() == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_asks_in_sql_without_scrolling_sideways(lang, server, reader):
    visitor = reader(viewport={"width": 390, "height": 844}, user_agent=PHONE, is_mobile=True, has_touch=True)
    visitor.open(tab(server, CITIES, lang))
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert headings(visitor) == ["结果 14 行" if lang == "zh" else "14 rows"]
    visitor.page.get_by_test_id("stExpander").get_by_text("可查的表" if lang == "zh" else "Tables").first.click()
    visitor.page.get_by_text("observation_id").first.wait_for(state="visible")
