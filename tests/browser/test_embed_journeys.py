"""Views in frames, as a page of another site holds them: title, one chart or table, its source, and nothing else."""

import functools
import html
import http.server
import re
import threading
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.conftest import PHONE, SETTLED

PAGES = {
    "/": "1000亿元目标须增38.87%，结果未见公布",
    "/?target=T04": "规模工业总产值同比增长18%，比目标低 7 个百分点",
    "/economics": "技工贸总收入增长43.6%，次年目标40%以上",
    "/innovation": "高新技术产值：2013年248亿元，2016年459.6亿元",
    "/livelihood": "13.4万平方米、1100套的安置目标，结果未见公布",
    "/compare": "",
    "/mechanisms": "六大机制要保 11 项目标、36 项承诺，台账未见公布",
    "/preplan": "预安消号：没有公布过台账，无从评起",
    "/explore?indicator=total_revenue": "",
    "/findings": "公布的数里有 19 处互相对不上",
    "/sources": "11,371 条数据、71 项目标，出自 125 份公开材料",
} | {f"/{page}?park=sample&asof=2025-10-13": "" for page in (
    "mechanisms", "preplan", "leaders", "monthly", "supervision", "efficiency", "rewards",
)}  # fmt: skip
CHARTLESS = {
    "/?target=T04", "/livelihood", "/preplan", "/findings", "/sources", "/mechanisms?park=sample&asof=2025-10-13",
}  # fmt: skip
SHOWN = """() => [...document.querySelectorAll(
    "[data-testid=stMain] [data-testid^=st]"
)].filter(element => element.checkVisibility() && element.getBoundingClientRect().height > 0)
  .map(element => element.dataset.testid)"""
QUIET = {  # boxes of Streamlit around what is shown
    "stMainBlockContainer", "stVerticalBlock", "stElementContainer", "stLayoutWrapper", "stFullScreenFrame",
    "stMarkdown", "stMarkdownContainer", "stHtml", "stGrid", "stGridCell", "stBlockContainer",
    "stHeadingWithActionElements",
}  # fmt: skip
SAID = {"stHeading", "stCaptionContainer"}
DRAWN = "[data-testid=stVegaLiteChart] :is(svg, canvas):visible"
CHARTS = (
    """() => [...document.querySelectorAll("[data-testid=stVegaLiteChart]")].filter(c => c.checkVisibility()).length"""
)


def framed(address):
    return f"{address}{'&' if '?' in address else '?'}embed=true"


@pytest.mark.browser
@pytest.mark.parametrize("address", PAGES)
def test_a_frame_shows_title_chart_and_source_of_every_page_and_nothing_else(server, reader, address):
    guest = reader(viewport={"width": 800, "height": 700}).open(server + framed(address))
    if PAGES[address]:
        assert guest.title == PAGES[address]
    if address not in CHARTLESS:
        guest.page.locator(DRAWN).first.wait_for()
    assert set(guest.page.evaluate(SHOWN)) - QUIET == (SAID if address in CHARTLESS else SAID | {"stVegaLiteChart"})
    assert guest.page.evaluate(CHARTS) == (0 if address in CHARTLESS else 1)
    last = guest.page.get_by_test_id("stCaptionContainer").last.inner_text()
    assert re.search(r"数据版本 [0-9a-f]{12} · 完整页面$", last)
    assert guest.page.get_by_test_id("stSidebar").count() == 0
    for width in (800, 320):
        guest.page.set_viewport_size({"width": width, "height": 700})
        guest.settled()
        assert guest.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), width
    assert guest.complaints == []


@pytest.mark.browser
def test_what_a_frame_does_not_show_is_not_seen_for_a_moment_either(server, reader):
    guest = reader()
    guest.page.add_init_script(
        """window.seen = 0; window.there = 0;
        (function look() {
            const hidden = document.querySelector(".st-key-whole_page");
            if (hidden) { there++; seen += hidden.getBoundingClientRect().height > 0; }
            requestAnimationFrame(look);
        })()"""
    )
    guest.open(f"{server}/innovation?embed=true")
    assert guest.page.evaluate("() => there") > 0, "the part that is hidden has another name now"
    assert guest.page.evaluate("() => seen") == 0


@pytest.mark.browser
def test_the_way_to_the_whole_page_keeps_the_view_and_opens_beside_the_frame(server, reader):
    guest = reader().open(f"{server}/economics?lang=en&park=xthtz&indicator=total_revenue&embed=true")
    link = guest.page.get_by_role("link", name="Full page")
    assert link.get_attribute("target") == "_blank"
    asked = urlsplit(link.get_attribute("href"))
    assert asked.path == "/economics"
    assert "embed" not in asked.query
    with guest.page.context.expect_page() as opened:
        link.click()
    opened.value.wait_for_function(SETTLED, timeout=30_000)
    assert opened.value.get_by_test_id("stSidebar").count() == 1
    assert parse_qs(asked.query)["indicator"] == ["total_revenue"]


@pytest.mark.browser
def test_sample_figures_say_so_in_their_frame(server, reader):
    for page in ("preplan", "leaders", "monthly", "supervision", "efficiency", "rewards"):
        guest = reader().open(f"{server}/{page}?park=sample&asof=2025-10-13&lang=zh&embed=true")
        assert "示例" in guest.page.get_by_test_id("stCaptionContainer").last.inner_text(), page
        assert "示例" in guest.marks(), page


@pytest.mark.browser
@pytest.mark.parametrize(("option", "dark"), [("light_theme", False), ("dark_theme", True)])
def test_the_frame_is_light_or_dark_as_its_address_says(server, reader, option, dark):
    guest = reader(color_scheme="light" if dark else "dark").open(
        f"{server}/economics?embed=true&embed_options={option}"
    )
    colour = guest.page.evaluate(
        "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    assert colour == ("rgb(20, 24, 27)" if dark else "rgb(255, 255, 255)")


@pytest.mark.browser
def test_an_empty_view_says_what_to_change_in_its_frame(server, reader):
    guest = reader().open(f"{server}/economics?park=xthtz&indicator=total_revenue&from=2020&embed=true")
    assert guest.page.locator("h1:visible").inner_text() == "没有符合条件的数据"


@pytest.mark.browser
def test_the_snippet_shows_the_view_in_a_page_of_another_site(server, reader, elsewhere):
    """From the menu of a page to a chart that is drawn inside a document of another origin."""
    staff = reader().open(f"{server}/economics?lang=zh&park=xthtz")
    staff.page.get_by_role("button", name="复制链接").first.click()
    snippet = staff.page.locator("code", has_text="<iframe").first
    snippet.wait_for()
    element = snippet.inner_text().replace("\n", "")
    assert re.fullmatch(
        r'<iframe src="http://localhost:\d+/economics\?lang=zh&amp;park=xthtz[^"]*&amp;embed=true" '
        r'title="技工贸总收入增长43\.6%，次年目标40%以上" '
        r'width="100%" height="\d+" loading="lazy" style="border:0"></iframe>',
        element,
    )
    visitor = reader(viewport={"width": 700, "height": 900})
    visitor.page.goto(elsewhere(element))
    frame = visitor.page.frame_locator("iframe")
    frame.locator("h1:visible").wait_for()
    assert frame.locator("h1:visible").inner_text() == "技工贸总收入增长43.6%，次年目标40%以上"
    frame.locator("[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas").first.wait_for()
    inside = visitor.page.frames[1]
    visitor.page.wait_for_timeout(1000)
    tall = inside.evaluate(
        "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollHeight - m.clientHeight; }"
    )
    assert tall <= 1, f"the frame is {tall} pixels too low and would scroll in itself"
    assert visitor.complaints == []


@pytest.mark.browser
def test_a_chart_that_is_not_the_first_has_a_snippet_of_its_own(server, reader):
    staff = reader().open(f"{server}/economics?lang=zh&park=xthtz")
    staff.page.get_by_role("button", name="复制链接").first.click()
    box = staff.page.get_by_test_id("stSelectbox").filter(has=staff.page.get_by_text("哪一幅图"))
    box.locator("input").click()
    staff.page.get_by_role("option").nth(1).click()
    staff.page.locator("code", has_text="chart=observations-2").wait_for()
    element = staff.page.locator("code", has_text="<iframe").first.inner_text().replace("\n", "")
    address = html.unescape(re.search('src="([^"]*)"', element)[1])
    guest = reader().open(address)
    heading = guest.page.locator("[data-testid=stCaptionContainer]:visible").first.inner_text()
    assert heading == "产出的构成"


@pytest.mark.browser
def test_a_page_that_is_not_embedded_is_refused_in_a_frame_of_another_site(server, reader, elsewhere):
    visitor = reader()
    visitor.page.goto(elsewhere(f'<iframe src="{server}/economics?lang=zh" width="600" height="400"></iframe>'))
    visitor.page.wait_for_timeout(2500)
    assert visitor.page.frame_locator("iframe").get_by_test_id("stApp").count() == 0
    assert any("frame-ancestors" in complaint or "X-Frame-Options" in complaint for complaint in visitor.complaints)


@pytest.mark.browser
def test_on_a_phone_the_frame_fits_its_width(server, reader):
    guest = reader(viewport={"width": 360, "height": 640}, user_agent=PHONE, is_mobile=True, has_touch=True)
    guest.open(f"{server}/leaders?park=sample&asof=2025-10-13&embed=true")
    assert guest.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A site that writes no log."""

    def log_message(self, *_):
        pass


@pytest.fixture
def elsewhere(tmp_path):
    """A page of another site, at 127.0.0.1 where the explorer is at localhost: elsewhere(html) gives its address."""
    handler = functools.partial(Quiet, directory=str(tmp_path))
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=site.serve_forever, daemon=True).start()

    def written(element):
        text = (
            f"<!doctype html><meta charset=utf-8><link rel=icon href=data:,><title>t</title><p>An article.</p>{element}"
        )
        (tmp_path / "article.html").write_text(text, "utf-8")
        return f"http://127.0.0.1:{site.server_address[1]}/article.html"

    yield written
    site.shutdown()
    site.server_close()
