"""Texts in a real browser: each is shown as it was given; nothing of another host is loaded, and nothing is missed."""

import os
import re

import pytest

from tests.browser.conftest import PHONE
from tests.browser.rendered import TEXTS
from tests.hosting import servers

pytestmark = pytest.mark.browser
READ = """count => [...Array(count).keys()].map(place => {
    const box = document.querySelector(`.st-key-text${place}`);
    const shown = "[data-testid=stMarkdownContainer], h1, h3, [data-testid=stCaptionContainer]";
    return {
        texts: [...box.querySelectorAll(shown)].map(one => one.innerText),
        pictures: box.querySelectorAll("img, .katex, code, del, em, [role=img]").length,
        links: [...box.querySelectorAll("a")].map(one => one.getAttribute("href")),
    };
})"""
HEARD = """() => {
    window.refused = [];
    document.addEventListener("securitypolicyviolation", event =>
        window.refused.push(`${event.effectiveDirective} ${event.blockedURI}`));
}"""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """The address of a server that shows every text in every element."""
    port = servers.free_port()
    script = servers.ROOT / "tests" / "browser" / "rendered.py"
    command = [*servers.STREAMLIT[:-1], str(script), "--server.port", str(port)]
    environment = os.environ | {"TEXTS_DRAWN": "1", "PYTHONPATH": str(servers.ROOT)}
    log = tmp_path_factory.mktemp("rendered") / "server.log"
    up = lambda: servers.get(port, "/_stcore/health").status == 200  # noqa: E731
    with servers.process(command, log, up, 60, cwd=servers.ROOT, env=environment):
        yield f"http://localhost:{port}"


def test_every_text_is_shown_as_it_was_given_in_every_element(rendered, reader):
    desk = reader()
    desk.page.goto(rendered)
    desk.page.locator(f".st-key-text{len(TEXTS) - 1} [role=tab]").first.wait_for(timeout=60_000)
    desk.settled()
    wrong, seen = [], 0
    for text, found in zip(TEXTS, desk.page.evaluate(READ, len(TEXTS)), strict=True):
        given = " ".join(text.split())
        for shown in found["texts"]:
            said = " ".join(shown.split())
            seen += 1
            if said not in ("x", given, f"{given} {given}", f"前{given}后"):
                wrong.append((text, shown))
        strange = [link for link in found["links"] if link != "?x=1" and "link.invalid" not in link]
        if found["pictures"] or strange:
            wrong.append((text, found["pictures"], strange))
    assert wrong == []
    assert seen >= 12 * len(TEXTS)
    assert [address for address in desk.asked if "e.invalid" in address.replace("link.invalid", "")] == []


INVISIBLE = r"""() => [...document.querySelectorAll("td, th, [data-testid=stMarkdownContainer]")]
    .map(cell => cell.innerText)
    .filter(text => /[\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/.test(text))"""
BROKEN = """() => [...document.querySelectorAll("td span:not([class], [style]), th span:not([class], [style])")]
    .filter(kept => getComputedStyle(kept).whiteSpace !== "nowrap" || kept.getBoundingClientRect().height > 40)
    .map(kept => kept.innerText)"""
KEPT = """() => [...document.querySelectorAll("td span:not([class], [style])")].map(kept => kept.innerText)"""


@pytest.mark.parametrize("device", [{}, {"user_agent": PHONE, "viewport": {"width": 390, "height": 800}}])
@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/?lang=zh&park=xiangtan&year=2014", "固定资产投资"),
        ("/economics?lang=zh&park=xthtz", "720.1亿元"),
        ("/economics?lang=en&park=xthtz", "(720.1亿元)"),
        ("/mechanisms?lang=zh&park=sample", "■ 逾期"),
        ("/preplan?lang=en&park=sample", "■ Overdue"),
        ("/supervision?lang=zh&park=sample", ""),
    ],
)
def test_a_text_of_a_table_is_copied_as_it_is_and_its_words_do_not_break(server, reader, path, kept, device):
    desk = reader(**device).open(server + path)
    assert desk.page.evaluate(INVISIBLE) == []
    assert desk.page.evaluate(BROKEN) == []
    if not device:
        found = desk.page.evaluate(KEPT)
        assert [text for text in found if kept in text], found


def test_a_picture_and_a_script_of_another_host_are_refused_in_a_page(server, reader):
    desk = reader().open(f"{server}/?lang=zh")
    desk.page.evaluate(HEARD)
    desk.page.evaluate(
        """() => {
            document.body.insertAdjacentHTML("beforeend", '<img src="http://e.invalid/p.png">');
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
        }"""
    )
    desk.page.wait_for_function("() => window.refused.length > 1")
    assert sorted(desk.page.evaluate("() => window.refused")) == [
        "img-src http://e.invalid/p.png",
        "script-src-elem inline",
    ]
    assert desk.page.evaluate("() => window.ran === undefined")


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/economics?lang=zh", "[data-testid=stVegaLiteChart] :is(canvas, svg)"),
        ("/sources?lang=en&show=tables", "[data-testid=stDataFrame] canvas"),
        (
            "/explore?lang=en&tab=sql&sql=select+period,value+from+observation+limit+5",
            "[data-testid=stDataFrame] canvas",
        ),
        ("/economics?lang=zh&embed=true", "[data-testid=stVegaLiteChart] :is(canvas, svg)"),
    ],
)
def test_no_page_asks_for_what_its_rules_forbid(server, reader, path, what):
    desk = reader()
    desk.page.add_init_script(f"({HEARD})()")
    desk.open(server + path)
    desk.page.locator(what).first.wait_for()
    menu = desk.page.get_by_test_id("stPopover").locator("button:visible")
    if menu.count():
        menu.nth(min(1, menu.count() - 1)).click()
        desk.settled()
    assert desk.page.evaluate("() => window.refused") == []
    assert desk.complaints == []


def test_the_viewer_of_the_routes_works_within_its_rules(server, reader):
    desk = reader()
    desk.page.add_init_script(f"({HEARD})()")
    desk.page.goto(f"{server}/api/docs")
    desk.page.get_by_text(re.compile("Park Explorer")).first.wait_for()
    desk.page.locator(".opblock").first.wait_for()
    assert desk.page.evaluate("() => window.refused") == []
    assert desk.complaints == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", ["", "findings", "livelihood"])
def test_a_bold_sentence_is_read_whole_on_a_phone(page, lang, server, reader):
    phone = reader(viewport={"width": 390, "height": 844}, user_agent=PHONE).open(f"{server}/{page}?lang={lang}")
    bold = phone.page.get_by_test_id("stMain").locator("p strong, li strong")
    ends = bold.evaluate_all("found => found.map(one => one.getBoundingClientRect().right)")
    assert ends
    assert max(ends) <= 390
