"""What readers do, in a real browser on the real server: arrive, filter, go back, share, take away."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import polars as pl
import pytest

from data.build import database_path
from queries import database
from queries.observations import observations
from tests.conftest import SOURCES

pytestmark = pytest.mark.browser

PAGES = {
    "": "1000亿元",
    "economics": "43.6%",
    "innovation": "459.6亿元",
    "livelihood": "13.4万平方米",
    "mechanisms": "36 项承诺",
    "sources": "93",
}
MENU = {
    "zh": ["总览", "经济", "创新", "民生", "六大机制", "数据与来源"],
    "en": ["Overview", "Economics", "Innovation", "Livelihood", "Six mechanisms", "Data and sources"],
}
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
    "Mobile Safari/537.36"
)
ALL, REVENUE = (27, 584), (2, 584)


def menu(reader):
    """The names in the menu, without those of the icons."""
    links = reader.page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink")
    return [text.strip().split("\n")[-1] for text in links.all_inner_texts()]


def pill(reader, name):
    reader.page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True).click()
    return reader.settled()


def popover(reader, text):
    """Open the first popover whose button says this; return what it holds."""
    reader.page.get_by_test_id("stPopover").filter(has_text=text).first.locator("button").click()
    body = reader.page.get_by_test_id("stPopoverBody")
    body.wait_for()
    return body


def download(reader, label, popover_text="下载"):
    """Press one download button of the first table; the name and the bytes of the file."""
    body = popover(reader, popover_text)
    with reader.page.expect_download() as arriving:
        body.get_by_test_id("stDownloadButton").filter(has_text=label).first.locator("button").click()
    file = arriving.value
    content = Path(file.path()).read_bytes()
    reader.page.keyboard.press("Escape")
    body.wait_for(state="detached")
    return file.suggested_filename, content


def fetched(address):
    with urlopen(address, timeout=30) as answer:
        return answer.read()


def test_a_deep_link_on_a_server_that_nobody_opened_draws_its_page_and_the_menu(fresh_server, reader):
    with fresh_server() as address:
        first = reader().open(f"{address}/livelihood?lang=en")
        assert "134 thousand square metres" in first.title
        assert menu(first) == MENU["en"]
        assert first.complaints == []
        # And what was chosen elsewhere opens here as it was.
        second = reader().open(f"{address}/economics?lang=zh&indicator=total_revenue&evidence=published")
        assert second.count == (1, 458)
        assert menu(second) == MENU["zh"]
        assert [row[2] for row in second.cells("数值")] == ["720.1亿元"]


def test_every_page_opens_by_its_address_asks_no_other_host_and_complains_of_nothing(server, reader):
    visitor = reader()
    for page, number in PAGES.items():
        visitor.open(f"{server}/{page}")
        assert number in visitor.title, page
        assert menu(visitor) == MENU["zh"], page
        assert visitor.page.get_by_test_id("stException").count() == 0, page
    hosts = {urlsplit(address).netloc for address in visitor.asked if address.startswith(("http", "ws"))}
    assert hosts == {urlsplit(server).netloc}
    assert visitor.complaints == []


def test_a_filter_changes_chart_table_and_address_and_back_forward_and_reload_follow(server, reader):
    visitor = reader().open(f"{server}/economics")
    assert (visitor.count, visitor.parameters) == (ALL, {})
    assert any(text.startswith("财政收入") for text in visitor.marks())

    visitor.choose("指标", "技工贸总收入")
    assert (visitor.count, visitor.parameters) == (REVENUE, {"indicator": "total_revenue"})
    assert [row[2] for row in visitor.cells("数值")] == ["约501.5亿元", "720.1亿元"]
    assert not any(text.startswith("财政收入") for text in visitor.marks())
    assert any("43.6%" in text for text in visitor.marks())

    pill(visitor, "推算")
    assert (visitor.count, visitor.parameters["evidence"]) == ((1, 458), "published")

    visitor.page.go_back()
    assert (visitor.settled().count, visitor.parameters) == (REVENUE, {"indicator": "total_revenue"})
    visitor.page.go_back()
    assert (visitor.settled().count, visitor.parameters) == (ALL, {})
    visitor.page.go_forward()
    assert (visitor.settled().count, visitor.parameters) == (REVENUE, {"indicator": "total_revenue"})
    visitor.page.reload()
    assert (visitor.settled().count, visitor.parameters) == (REVENUE, {"indicator": "total_revenue"})
    assert visitor.page.get_by_test_id("stMultiSelect").get_by_text("技工贸总收入").is_visible()

    visitor.page.get_by_role("button", name="恢复默认").click()
    assert (visitor.settled().count, visitor.parameters) == (ALL, {})
    assert visitor.complaints == []


def test_the_slider_over_years_writes_from_and_to(server, reader):
    visitor = reader().open(f"{server}/innovation?from=2014&to=2016")
    assert visitor.count == (3, 140)
    visitor.page.get_by_test_id("stSlider").get_by_role("slider").last.focus()
    visitor.page.keyboard.press("ArrowLeft")
    visitor.settled()
    assert (visitor.count, visitor.parameters) == ((2, 140), {"from": "2014", "to": "2015"})


def test_one_link_opens_the_same_view_in_both_languages_and_on_another_server(server, fresh_server, reader):
    view = "park=xtetdz&indicator=total_revenue&from=2016&to=2017"
    chinese = reader().open(f"{server}/economics?lang=zh&{view}")
    english = reader().open(f"{server}/economics?lang=en&{view}")
    values = [[re.search(r"[\d.]+(?=亿元)", row[2])[0] for row in chinese.cells("数值")]]
    values.append([re.search(r"[\d.]+(?=亿元)", row[2])[0] for row in english.cells("Value")])
    assert values == [["1275", "1586.7"]] * 2
    assert english.count == chinese.count == (2, 584)
    with fresh_server() as elsewhere:
        again = reader().open(f"{elsewhere}/economics?lang=en&{view}")
        assert again.cells("Value") == english.cells("Value")
        assert again.title == english.title


def test_the_browser_decides_the_language_and_the_switch_keeps_the_view(server, reader):
    visitor = reader(locale="en-GB").open(f"{server}/economics?park=xtetdz&indicator=total_revenue&from=2016&to=2017")
    assert menu(visitor) == MENU["en"]
    visitor.page.get_by_test_id("stSidebar").get_by_role("button", name="中文").click()
    visitor.settled()
    assert menu(visitor) == MENU["zh"]
    assert visitor.parameters == {
        "lang": "zh", "park": "xtetdz", "indicator": "total_revenue", "from": "2016", "to": "2017",
    }  # fmt: skip
    assert [row[2] for row in visitor.cells("数值")] == ["约1275亿元", "1586.7亿元"]


def test_the_menu_keeps_language_and_place_and_drops_the_rest(server, reader):
    visitor = reader().open(f"{server}/economics?lang=en&park=china_htz&indicator=industrial_output")
    visitor.page.get_by_test_id("stSidebar").get_by_role("link", name="Innovation").click()
    visitor.page.wait_for_url("**/innovation*")
    visitor.settled()
    assert visitor.parameters == {"lang": "en", "park": "china_htz"}
    assert visitor.count == (10, 140)
    assert menu(visitor) == MENU["en"]


def test_an_unknown_code_is_told_and_the_link_still_opens(server, reader):
    visitor = reader().open(f"{server}/economics?indicator=total_revenue,nonsense")
    assert visitor.count == REVENUE
    assert visitor.page.get_by_test_id("stMain").get_by_text("nonsense").is_visible()


def test_the_files_of_the_buttons_are_those_of_the_route_byte_for_byte(server, reader):
    asked = "park=xthtz&indicator=total_revenue,industrial_output&from=2013&to=2014&evidence=published"
    visitor = reader().open(f"{server}/economics?lang=zh&{asked}")
    assert visitor.count == (2, 458)
    for suffix, label in (("csv", "CSV"), ("xlsx", "Excel")):
        name, content = download(visitor, label)
        route = fetched(f"{server}/api/observations.{suffix}?theme=economy&lang=zh&{asked}")
        assert content == route, suffix
        assert re.fullmatch(rf"park-observations-2013-2014-[0-9a-f]{{12}}\.{suffix}", name)
    rows = list(csv.DictReader(io.StringIO(download(visitor, "CSV")[1].decode("utf-8-sig"))))
    assert [(row["indicator_id"], row["value"]) for row in rows] == [
        ("total_revenue", "720.1"),
        ("industrial_output", "552"),
    ]


def test_a_picture_arrives_with_its_link_inside(server, reader):
    visitor = reader().open(f"{server}/?lang=zh")
    name, content = download(visitor, "PNG")
    assert name.endswith(".png")
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(content) > 20_000
    _, drawing = download(visitor, "SVG")
    assert "720.1亿元".encode() in drawing
    assert f"{server}/?lang=zh".encode() in drawing


def test_the_copied_link_is_the_full_address_with_the_defaults(server, reader):
    visitor = reader().open(f"{server}/economics?indicator=total_revenue")
    link = popover(visitor, "复制链接").get_by_test_id("stCode").first.inner_text().strip()
    assert link == (f"{server}/economics?lang=zh&park=xthtz&indicator=total_revenue&evidence=published,derived")
    assert reader(locale="en-GB").open(link).title == visitor.title


def test_on_a_phone_filters_are_folded_and_nothing_is_wider_than_the_screen(server, reader):
    visitor = reader(viewport={"width": 390, "height": 844}, user_agent=PHONE, is_mobile=True, has_touch=True)
    for page in PAGES:
        visitor.open(f"{server}/{page}")
        widths = visitor.page.evaluate(
            """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')].map(e => e.scrollWidth)"""
        )
        assert max(widths) <= 390, page
        if page in ("economics", "innovation", "livelihood"):
            assert not visitor.page.get_by_test_id("stMultiSelect").first.is_visible(), page
            visitor.page.get_by_test_id("stExpander").filter(has_text="筛选").locator("summary").click()
            visitor.page.get_by_test_id("stMultiSelect").first.wait_for(state="visible")
    assert visitor.complaints == []


def test_720_1_is_the_same_number_from_the_typed_row_to_the_reader_and_the_program(server, reader):
    with (SOURCES / "observation" / "article.csv").open(encoding="utf-8", newline="") as file:
        typed = next(row for row in csv.DictReader(file) if row["observation_id"] == "A01")
    assert (typed["value"], typed["value_text"], typed["unit_id"]) == ("720.1", "720.1", "yi_cny")

    assert database_path().exists()
    stored = database.table("observation").filter(pl.col("observation_id") == "A01").row(0, named=True)
    assert (float(stored["value"]), stored["value_text"]) == (720.1, "720.1")

    asked = observations("economy", ["total_revenue"], ["xthtz"])
    assert asked.select("value", "value_text", "unit_zh", "source_id").rows() == [
        (720.1, "720.1", "亿元", "CHIN-20140303")
    ]

    visitor = reader().open(f"{server}/?lang=zh")
    assert ["技工贸总收入", "2013年", "720.1亿元"] in [row[:3] for row in visitor.cells("数值")]
    assert "720.1亿元" in visitor.marks()

    visitor.open(f"{server}/economics?lang=zh&indicator=total_revenue&evidence=published")
    assert [row[:3] for row in visitor.cells("数值")] == [["技工贸总收入", "2013年", "720.1亿元"]]
    _, content = download(visitor, "CSV")
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert (row["value"], row["unit_zh"], row["evidence"]) == ("720.1", "亿元", "published")

    route = fetched(f"{server}/api/observations.csv?theme=economy&park=xthtz&indicator=total_revenue")
    assert route == content
