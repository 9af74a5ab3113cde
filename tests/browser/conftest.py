"""The real server, on a free port, and one Chromium that looks at it."""

import contextlib
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.hosting import servers

ROOT = servers.ROOT
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
    "Mobile Safari/537.36"
)
SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app && app.dataset.testScriptState === "notRunning" && document.querySelector("h1")
        && !document.querySelector('[data-testid="stSkeleton"]');
}"""


@contextlib.contextmanager
def serving(log: Path) -> Iterator[str]:
    """A server that nobody has opened yet; its address. It is ended by its process."""
    port = servers.free_port()
    command = [*servers.STREAMLIT, "--server.port", str(port)]
    # /_stcore/health opens no page and starts no session.
    with servers.process(command, log, lambda: servers.get(port, "/_stcore/health").status == 200, 60, cwd=ROOT):
        yield f"http://localhost:{port}"


@pytest.fixture
def fresh_server(
    park_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], AbstractContextManager[str]]:
    """Start a server of one's own: with fresh_server() as address."""
    return lambda: serving(tmp_path_factory.mktemp("fresh") / "server.log")


@pytest.fixture(scope="session")
def server(park_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server that most journeys share; its log holds no traceback at the end."""
    log = tmp_path_factory.mktemp("server") / "server.log"
    with serving(log) as address:
        yield address
    assert "Traceback" not in log.read_text("utf-8"), log.read_text("utf-8")


class Reader:
    """One reader with a window: opens pages, waits until they are drawn, keeps what was asked and complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", lambda response: self.refused(response.status, response.url))
        page.on("console", lambda message: self.heard(message.type, message.text))

    def refused(self, status: int, address: str) -> None:
        """Note what the server refused; below a page Streamlit first asks in vain where its server is."""
        if status >= 400 and not re.search(r"/\w+/_stcore/(health|host-config)$", address):
            self.complaints.append(f"{status} {address}")

    def heard(self, kind: str, text: str) -> None:
        """Note an error of the console; one about a resource is noted with its address above."""
        if kind == "error" and "Failed to load resource: the server responded" not in text:
            self.complaints.append(text)

    def open(self, address: str) -> "Reader":
        self.page.goto(address)
        return self.settled()

    def settled(self) -> "Reader":
        """Wait until the run has ended and stayed so: a click takes a moment to reach the server."""
        for _ in range(2):
            self.page.wait_for_function(SETTLED, timeout=30_000)
            self.page.wait_for_timeout(250)
        self.page.wait_for_function(SETTLED, timeout=30_000)
        return self

    @property
    def title(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def parameters(self) -> dict[str, str]:
        """The address after the question mark."""
        pairs = self.page.evaluate("() => [...new URLSearchParams(location.search)]")
        return dict(pairs)

    @property
    def count(self) -> tuple[int, ...]:
        """Rows shown and rows there are, as the line under the filters says."""
        line = self.page.get_by_test_id("stMain").get_by_text(re.compile(r"^(显示|Showing) \d+")).inner_text()
        return tuple(int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", line))

    def cells(self, heading: str) -> list[list[str]]:
        """The rows of the first table that has this heading."""
        script = """heading => {
            const text = cell => cell.textContent.trim();
            const texts = (of, what) => [...of.querySelectorAll(what)].map(cell => text(cell));
            for (const table of document.querySelectorAll("table")) {
                if (!texts(table, "th").includes(heading)) continue;
                return [...table.querySelectorAll("tbody tr")].map(row => texts(row, "td"));
            }
            return null;
        }"""
        return list(self.page.wait_for_function(script, arg=heading).json_value())

    def marks(self) -> list[str]:
        """The accessible texts of the marks that the charts draw."""
        script = "() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] text')].map(t => t.textContent)"
        return list(self.page.evaluate(script))

    def choose(self, label: str, option: str) -> "Reader":
        """Choose one more option of a multiselect."""
        box = self.page.get_by_test_id("stMultiSelect").filter(has=self.page.get_by_text(label, exact=True))
        box.locator("input").click()
        self.page.keyboard.type(option)  # the list is drawn only as far as it is seen
        self.page.get_by_role("option", name=option, exact=True).click()
        self.page.keyboard.press("Escape")
        return self.settled()


@pytest.fixture
def reader(browser: Browser) -> Iterator[Callable[..., Reader]]:
    """A new reader with an empty history; Chinese, at a desk, unless said otherwise."""
    contexts: list[BrowserContext] = []

    def enter(**options: object) -> Reader:
        choices = {"locale": "zh-CN", "viewport": {"width": 1280, "height": 900}, "accept_downloads": True} | options
        contexts.append(browser.new_context(**choices))
        return Reader(contexts[-1].new_page())

    yield enter
    for context in contexts:
        context.close()
