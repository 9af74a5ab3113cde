"""Link previews: what a chat program reads in the document of an address, and the picture it fetches."""

import html
import io
import json
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

import polars as pl
import pytest
from PIL import Image

from pages.charts import theme
from pages.charts.pictures import Picture
from pages.shell import cards, document, preview
from pages.ui import embed
from pages.wording import plain_text
from queries.service import headers as headers_of
from tests.hosting.servers import ROOT, STREAMLIT, free_port, get, process

ROBOT = {"User-Agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"}
BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
}


@pytest.fixture(scope="module")
def server(park_database, tmp_path_factory):
    """A server that nobody has opened: its first visitors are the robots of these tests."""
    port, log = free_port(), tmp_path_factory.mktemp("preview") / "log"
    command = [*STREAMLIT, "--server.port", str(port)]
    with process(command, log, lambda: get(port, "/_stcore/health").status == 200, 60, cwd=ROOT):
        yield port
    said = Path(log).read_text("utf-8")
    assert "Traceback" not in said, said
    assert "ScriptRunContext" not in said, said


def read(port, address, **headers):
    """What a program that runs nothing reads in the head of a document."""
    answer = get(port, address, ROBOT | {name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status == 200, address
    text = answer.body.decode()
    found = {
        name: html.unescape(said)
        for name, said in re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', text)
    }
    found["title"] = html.unescape(re.search(r"<title>(.*?)</title>", text)[1])
    found["canonical"] = html.unescape(re.search(r'<link rel="canonical" href="([^"]*)"', text)[1])
    found["lang"] = re.search(r'<html lang="([^"]*)"', text)[1]
    return found


TITLES = {
    ("/?lang=zh"): "1000亿元目标须增38.87%，结果未见公布",
    ("/?lang=en"): "The 100 billion yuan target needed 38.87% growth; no outcome was published",
    ("/economics?lang=zh&park=xthtz"): "技工贸总收入增长43.6%，次年目标40%以上",
    ("/economics?lang=en&park=xthtz"): (
        "Total revenue from technology, industry and trade grew 43.6%; next year’s target: at least 40%"
    ),
    ("/?target=T04&lang=zh"): "规模工业总产值同比增长18%，比目标低 7 个百分点",
    ("/?target=T04&lang=en"): (
        "Gross output of industry above designated size: up 18% year on year, 7 percentage points below target"
    ),
    ("/explore?lang=zh&indicator=total_revenue"): "技工贸总收入：9 个地区的 12 个数，1995—2018年",
    ("/preplan?lang=zh&park=sample&asof=2025-10-13"): None,
}


@pytest.mark.parametrize("address", TITLES)
def test_a_robot_that_comes_first_reads_the_title_that_the_page_computes(server, address):
    said = read(server, address)
    here = f"http://localhost:{server}"
    if TITLES[address]:
        assert said["og:title"] == TITLES[address]
    site = "Park Explorer" if "lang=en" in address else "园区指标浏览器"
    assert said["og:title"] != site
    assert said["title"] == f"{said['og:title']} · {site}"
    assert said["canonical"] == said["og:url"] == here + address
    assert (said["lang"], said["og:locale"]) == (("en", "en_US") if site == "Park Explorer" else ("zh-CN", "zh_CN"))
    assert said["twitter:card"] == "summary_large_image"
    assert said["og:image"].startswith(f"{here}/api/preview.png?")
    assert 20 < len(said["description"]) <= document.MOST_DESCRIPTION_LETTERS
    assert not re.search(r"\*\*|\]\(|:gray\[|\\", said["description"]), "marks of Markdown are left"


def test_the_description_is_the_first_paragraph_with_720_1_as_printed(server):
    assert read(server, "/?lang=zh")["description"].startswith(
        "2013年技工贸总收入720.1亿元，同比增长43.6%（口径未说明）；2014年的目标是 1000亿元"
    )


def test_without_a_language_in_the_address_the_robots_own_decides_and_without_that_it_is_chinese(server):
    assert read(server, "/", Accept_Language="en-US,en;q=0.9")["lang"] == "en"
    assert read(server, "/", Accept_Language="*")["lang"] == "zh-CN"
    assert read(server, "/")["og:title"] == TITLES["/?lang=zh"]


@pytest.mark.parametrize("address", ["/no-such-page?lang=en", "/economics?lang=en&x=" + "y" * 5000])
def test_an_address_that_cannot_be_told_has_the_title_of_the_site(server, address):
    said = read(server, address)
    assert said["title"] == said["og:title"] == "Park Explorer"
    assert said["description"].startswith("Indicators, targets and working mechanisms of a high-tech park")


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("/overview?lang=en", "./?lang=en"),
        ("/a/economics?lang=en&park=xthtz", "../economics?lang=en&park=xthtz"),
        ("/a/b/c", "../../c"),
        ("/a/%2F%2Fexample%5Cx", "../--example%5Cx"),
        ("/a%2fb?lang=en", "./a-b?lang=en"),
        ("/%2F%2Fexample", "./--example"),
        ("/a/x%0d%0aSet-Cookie:y", "../x%0d%0aSet-Cookie:y"),
        ("//example/x", "../../x"),
        ("/a/overview/", "../../"),
        ("/economics%E3%80%82", "./economics"),
        ("/economics)?lang=en", "./economics?lang=en"),
        ("/economics.?lang=en", "./economics?lang=en"),
        ("/%E3%80%82", "./"),
    ],
)
def test_an_address_below_a_folder_leads_to_the_page_of_its_last_name(server, address, to):
    answer = get(server, address, ROBOT)
    assert (answer.status, answer.headers["location"]) == (307, to)


def test_a_link_that_a_program_changed_leads_to_the_view_that_was_meant(server):
    changed = "/economics?embed=true&amp;park=changsha&amp;amp;from=2012&amp;to=2014%E3%80%82&amp;lang=en-US"
    to = "./economics?embed=true&park=changsha&from=2012&to=2014&lang=en"
    for agent in (ROBOT, {"user-agent": "Mozilla/5.0"}):
        answer = get(server, changed, agent)
        assert (answer.status, answer.headers["location"]) == (307, to)
    assert get(server, to.removeprefix("."), ROBOT).status == 200
    assert read(server, "/economics?lang=en&park=xthtz")["lang"] == "en"


def test_a_browser_is_told_not_to_translate_the_page(server):
    for agent in (ROBOT, {"user-agent": "Mozilla/5.0"}):
        text = get(server, "/economics?lang=zh", agent).body.decode()
        assert '<html lang="zh-CN" translate="no" class="notranslate">' in text
        assert '<meta name="google" content="notranslate" />' in text


def test_an_unknown_code_and_a_broken_year_leave_the_page_and_its_title(server):
    assert read(server, "/economics?lang=zh&park=nowhere&from=%00&to=19x")["og:title"]


ATTACK = '"><script>alert(1)</script><meta x="'


@pytest.mark.parametrize("parameter", ["park", "lang", "target", "find", "sql", "embed", ATTACK])
def test_nothing_of_an_address_becomes_markup(server, parameter):
    for page in ("/", "/sources", "/explore"):
        answer = get(server, f"{page}?tab=sql&{quote(parameter)}={quote(ATTACK)}", ROBOT)
        text = answer.body.decode()
        assert answer.status == 200
        assert "<script>alert" not in text
        assert text.count("<script") == 1, "Streamlit's own"


def test_what_a_page_says_is_text_in_the_document_and_no_markup():
    view = preview.View("https://h.example", ATTACK, "x=1", "zh")
    said = document.make_document_head(view, embed.ShortView(ATTACK, f"**{ATTACK}**"))
    assert "<script" not in said
    assert said.count("alert(1)") == 9
    assert said.count('" />') == said.count("<meta ") + said.count("<link ")


def test_a_path_that_is_markup_is_no_page_and_stays_text(server):
    answer = get(server, f"/{quote(ATTACK.replace('/', ''))}?lang=en", ROBOT)
    assert "<script>alert" not in answer.body.decode()
    assert "<title>Park Explorer</title>" in answer.body.decode()


@pytest.mark.parametrize("host", ['evil.example"><script>', "a b", "x" * 300 + "/", "evil.example@good.example"])
def test_a_host_that_is_none_does_not_reach_the_document(server, host):
    assert read(server, "/?lang=zh", Host=host)["og:url"] == "http://localhost/?lang=zh"


def test_behind_a_proxy_the_addresses_are_those_of_its_host_and_scheme(server):
    said = read(server, "/economics?lang=zh", Host="park.example.org", X_Forwarded_Proto="https")
    assert said["og:url"] == "https://park.example.org/economics?lang=zh"
    assert said["og:image"] == "https://park.example.org/api/preview.png?page=economics&lang=zh"


def test_what_only_a_frame_needs_is_no_part_of_the_address(server):
    said = read(server, "/economics?lang=zh&embed=true&embed_options=dark_theme")
    assert said["canonical"] == f"http://localhost:{server}/economics?lang=zh"


def test_a_browser_waits_for_no_run_and_gets_what_is_known(server):
    fresh = "/economics?lang=zh&from=2011"
    answer = get(server, fresh, BROWSER)
    assert "<title>园区指标浏览器</title>" in answer.body.decode()
    assert f"http://localhost:{server}/api/preview.png?page=economics" in answer.body.decode()
    told = read(server, fresh)["title"]
    assert f"<title>{told}</title>" in get(server, fresh, BROWSER).body.decode()


def test_only_the_documents_of_pages_are_touched(server):
    for address in ("/api/observations.json?lang=zh", "/_stcore/health", "/api/docs", "/favicon.png"):
        assert b"og:title" not in get(server, address, ROBOT).body, address
    answer = get(server, "/", BROWSER | {"Accept-Encoding": "gzip"})
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert "etag" not in answer.headers


def opened(server, address):
    """The picture at an address, asked for again as told where the server is too busy to draw it."""
    for _turn in range(5):
        answer = get(server, address)
        if answer.status != 503:
            break
        time.sleep(int(answer.headers["retry-after"]))
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    picture = Image.open(io.BytesIO(answer.body))
    assert picture.size == (1200, 630)
    return picture.convert("L")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "asked", ["", "page=economics", "target=T04", "page=explore&indicator=total_revenue", "page=leaders&park=sample"]
)
def test_the_picture_of_a_view_is_a_png_of_1200_by_630(server, asked, lang):
    picture = opened(server, f"/api/preview.png?{asked}&lang={lang}")
    inked = sum(picture.histogram()[:200])
    assert 5_000 < inked < 300_000, "nearly empty, or nearly full"


def test_the_picture_named_in_the_document_is_there(server):
    address = urlsplit(read(server, "/economics?lang=zh&park=xthtz")["og:image"])
    opened(server, f"{address.path}?{address.query}")


def test_a_page_that_is_not_there_and_codes_that_are_none_have_a_picture_too(server):
    for asked in ("page=nothing", "page=../../etc/passwd", "park=%00&from=x", "page=economics&chart=nothing-9"):
        opened(server, f"/api/preview.png?{asked}")
    assert get(server, "/api/preview.png?find=" + "x" * 5000).status == 414


def test_a_picture_is_not_sent_twice(server):
    first = get(server, "/api/preview.png?page=economics&lang=zh")
    again = get(server, "/api/preview.png?page=economics&lang=zh", {"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    health = json.loads(get(server, "/api/health").body)
    assert first.headers["etag"].startswith(f'"{health["data_version"]}-')


@pytest.mark.parametrize("view", ["page=economics", "page=explore&park=xthtz,china_htz"])
def test_the_chart_that_the_address_names_is_drawn(server, view):
    first, second = (
        get(server, f"/api/preview.png?{view}&lang=zh{more}").body for more in ("", "&chart=observations-2")
    )
    assert first != second


def test_200_previews_at_once_leave_no_session_behind(server):
    addresses = [f"/economics?lang=zh&park=xthtz&from={1900 + n}" for n in range(200)]
    with ThreadPoolExecutor(24) as many:
        answers = list(many.map(lambda address: get(server, address, ROBOT), addresses))
    assert {answer.status for answer in answers} == {200}
    told = re.search(r"^active_sessions(?:\{[^}]*\})? (\d+)", get(server, "/_stcore/metrics").body.decode(), re.M)
    assert told[1] == "0"


def test_chinese_of_a_picture_is_drawn_as_itself_and_not_as_boxes():
    def drawn(title):
        colours = theme.PALETTES["light"]
        said = cards.render_text_lines([title], 10, 60, 40, colours["ink"])
        frame = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="90" font-family="{cards.FONT}">{said}</svg>'
        )
        return Image.open(io.BytesIO(bytes(cards.load_renderer().svg_to_png(frame)))).tobytes()

    characters = [drawn(character) for character in "技工贸总收入湘潭"]
    assert len(set(characters)) == len(characters), "two characters look alike"
    assert drawn("\U0001f9ea") not in characters


def test_a_card_holds_title_source_and_link_and_is_well_formed_whatever_they_hold():
    rows = pl.DataFrame({"x": ["a<b", "c&d"], "y": [1.0, 2.0]})
    spec = {
        "mark": "bar",
        "height": {"step": 30},
        "encoding": {"y": {"field": "x"}, "x": {"field": "y", "type": "quantitative"}},
    }
    picture = Picture("t", rows, spec, "S<1>", "l")
    said = cards.render_card_svg('T"<&>\x00', "", picture, "S<1>", "http://x/?a=1&b=2")
    assert "T&quot;&lt;&amp;&gt;<" in said
    assert "S&lt;1&gt;" in said
    assert "http://x/?a=1&amp;b=2" in said
    with Image.open(io.BytesIO(cards.render_card_png('T"<&>\x00', "", picture, "S", "l"))) as png:
        assert png.size == (1200, 630)


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_a_chart_keeps_to_its_room_however_tall_it_is(rows):
    drawn = pl.DataFrame({"x": [str(n) for n in range(rows)], "y": [1.0] * rows})
    spec = {
        "mark": "bar",
        "height": {"step": 46},
        "encoding": {"y": {"field": "x"}, "x": {"field": "y", "type": "quantitative"}},
    }
    said = cards.render_fitted_chart(Picture("t", drawn, spec, "", ""), 150, 532)
    x, y, width, height = (
        float(re.search(rf'^<svg[^>]*? {name}="([\d.]+)"', said)[1]) for name in ("x", "y", "width", "height")
    )
    assert x + width <= cards.WIDTH - cards.EDGE + 1
    assert y + height <= 533
    assert width > 400 or rows == 40


def test_a_long_title_is_cut_at_three_lines_between_words():
    lines = cards.wrap_and_truncate("one two three four five six seven eight", 5, 3)
    assert lines == ["one two", "three four", "five six s…"] or len(lines) == 3
    assert cards.wrap_and_truncate("短", 5, 3) == ["短"]


PARAGRAPHS = {
    "**720.1亿元**，:gray[约\\[1\\]] [来源](https://x.example/a)": "720.1亿元，约[1] 来源",
    "a\\*b `code`\n\n  c": "a*b code c",
    ":small[:gray[x]] :red[■] 未完成": "x ■ 未完成",
    ":color[不可断] :color[:red[■] 未完成]": "不可断 ■ 未完成",
}


@pytest.mark.parametrize("markdown", PARAGRAPHS)
def test_a_description_is_the_paragraph_without_its_marks(markdown):
    assert plain_text.strip_markdown(markdown) == PARAGRAPHS[markdown]


def scope(path="/", query="", **headers):
    named = [
        (name.replace("_", "-").encode(), value.encode()) for name, value in ({"host": "h.example"} | headers).items()
    ]
    return {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": named, "scheme": "https", "server": ("h.example", 443), "root_path": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("agent", "waits"),
    [
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", True),
        ("TelegramBot (like TwitterBot)", True),
        ("WhatsApp/2.23.20.0", True),
        ("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", True),
        ("LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)", True),
        ("Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", True),
        ("Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Mobile Safari/537.36 MicroMessenger/8.0", True),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/537.36 Chrome/108 Safari/537.36 Lark/6.11", True),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/94 Safari/537.36 dingtalk-win/1.0", True),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605 Mobile QQ/8.9.3", True),
        ("curl/8.5.0", True),
        ("", True),
        (BROWSER["User-Agent"], False),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", False),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1",
            False,
        ),
    ],
)
def test_chat_programs_and_search_engines_wait_for_the_page_and_browsers_do_not(agent, waits):
    assert document.is_robot(scope(user_agent=agent)) is waits


def test_the_embedded_view_may_be_framed_by_anybody_and_every_other_page_by_its_own_host_alone(server):
    framed = get(server, "/economics?embed=true", BROWSER).headers
    assert framed["content-security-policy"].endswith("; frame-ancestors *")
    assert "x-frame-options" not in framed
    assert framed["x-content-type-options"] == "nosniff"
    for address in (
        "/economics",
        "/economics?embed=1",
        "/economics?embed=false",
        "/api/docs?embed=true",
        "/?x=embed=true",
    ):
        strict = get(server, address, BROWSER).headers
        assert strict["x-frame-options"] == "SAMEORIGIN", address
        assert strict["content-security-policy"].endswith("; frame-ancestors 'self'"), address


@pytest.mark.parametrize(
    ("named", "rule"),
    [
        (None, "frame-ancestors *"),
        ("none", "frame-ancestors 'self'"),
        ("https://www.example.org, *.gov.cn", "frame-ancestors 'self' https://www.example.org *.gov.cn"),
        ("https://a.example:8443 'unsafe'; *", "frame-ancestors 'self' https://a.example:8443"),
    ],
)
def test_the_hosts_that_may_frame_are_those_that_the_environment_names(named, rule):
    assert headers_of.build_frame_rule(named) == rule


def test_below_a_base_path_the_page_is_what_follows_it(monkeypatch):
    monkeypatch.setattr(preview, "get_option", {"server.baseUrlPath": "/park"}.get)
    view = preview.parse_view(scope("/park/economics", "park=xthtz"))
    assert (view.page, view.address) == ("economics", "https://h.example/park/economics?park=xthtz")
    assert view.image == "https://h.example/park/api/preview.png?page=economics&park=xthtz&lang=zh"
    assert preview.parse_view(scope("/park")).page == preview.parse_view(scope("/park/")).page == ""


def test_the_server_starts_without_the_charts():
    script = "import sys; import app; print(sorted({'altair', 'polars', 'duckdb', 'vl_convert'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert "altair" not in done.stdout
    assert "vl_convert" not in done.stdout
