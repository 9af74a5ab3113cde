"""Longer ways through the pages in a real browser: several filters and back, languages, pictures, a shared link."""

import html
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

MENU = {
    "zh": ["总览", "经济", "创新", "民生", "六大机制", "数据与来源"],
    "en": ["Overview", "Economy", "Innovation", "Livelihood", "Six mechanisms", "Data and sources"],
}
ALL, REVENUE = (27, 584), (2, 584)


def menu(reader):
    """The names in the menu, without those of the icons."""
    links = reader.page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink")
    return [text.strip().split("\n")[-1] for text in links.all_inner_texts()]


def popover(reader, text):
    """Open the first popover whose button says this; return what it holds."""
    reader.page.get_by_test_id("stPopover").filter(has_text=text).first.locator("button").click()
    body = reader.page.get_by_test_id("stPopoverBody")
    body.wait_for()
    return body


def test_a_walk_through_the_menu_meets_every_page_without_a_complaint(server, reader):
    visitor = reader().open(f"{server}/?lang=zh")
    titles = [visitor.title]
    for name in MENU["zh"][1:]:
        visitor.page.get_by_test_id("stSidebar").get_by_role("link", name=name).click()
        visitor.page.wait_for_function("title => document.querySelector('h1')?.innerText !== title", arg=titles[-1])
        titles.append(visitor.settled().title)
        assert menu(visitor) == MENU["zh"]
        assert visitor.parameters == {"lang": "zh"}
        assert visitor.page.get_by_test_id("stException").count() == 0
    numbers = ("1000亿元", "43.6%", "459.6亿元", "13.4万平方米", "36 项承诺", "93")
    assert [number in title for number, title in zip(numbers, titles, strict=True)] == [True] * 6
    assert visitor.complaints == []


def test_two_filters_are_undone_one_by_one_and_reset_clears_the_address(server, reader):
    visitor = reader().open(f"{server}/economics")
    assert any(text.startswith("财政收入") for text in visitor.marks())
    visitor.choose("指标", "技工贸总收入")
    assert visitor.count == REVENUE
    assert not any(text.startswith("财政收入") for text in visitor.marks())
    visitor.page.get_by_test_id("stButtonGroup").get_by_text("推算", exact=True).click()
    visitor.settled()
    assert visitor.parameters == {"indicator": "total_revenue", "evidence": "published"}
    assert [row[:3] for row in visitor.cells("数值")] == [["技工贸总收入", "2013年", "720.1亿元"]]
    visitor.page.go_back()
    assert (visitor.settled().count, visitor.parameters) == (REVENUE, {"indicator": "total_revenue"})
    assert visitor.page.get_by_test_id("stMultiSelect").get_by_text("技工贸总收入").is_visible()
    visitor.page.go_back()
    assert (visitor.settled().count, visitor.parameters) == (ALL, {})
    visitor.page.go_forward()
    visitor.settled()
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


def test_a_copied_link_shows_another_reader_the_same_view(server, reader):
    visitor = reader().open(f"{server}/economics?indicator=total_revenue")
    link = popover(visitor, "复制链接").get_by_test_id("stCode").first.inner_text().strip()
    assert link == f"{server}/economics?lang=zh&park=xthtz&indicator=total_revenue&evidence=published,derived"
    other = reader(locale="en-GB").open(link)
    assert (other.title, other.count, menu(other)) == (visitor.title, visitor.count, MENU["zh"])
    assert other.cells("数值") == visitor.cells("数值")


def test_a_downloaded_picture_names_its_number_its_source_and_its_link(server, reader):
    visitor = reader().open(f"{server}/?lang=zh")
    body = popover(visitor, "下载")
    files = {}
    for label in ("PNG", "SVG"):
        with visitor.page.expect_download() as arriving:
            body.get_by_test_id("stDownloadButton").filter(has_text=label).first.locator("button").click()
        files[label] = Path(arriving.value.path()).read_bytes()
        assert arriving.value.suggested_filename.endswith(f".{label.lower()}")
    assert files["PNG"].startswith(b"\x89PNG\r\n\x1a\n")
    texts = html.unescape(re.sub(r"<[^>]+>", "\n", files["SVG"].decode()))
    for text in ("720.1亿元", "1000亿元", "湘潭高新区确定年度目标，建成千亿园区", "2014年3月3日"):
        assert text in texts, text
    (link,) = set(re.findall(r"https?://\S+", texts))
    assert link.startswith(server)
    assert link.endswith("?lang=zh&park=xthtz")
    again = reader(locale="en-GB").open(link)
    assert again.title == visitor.title
