"""docs/api.md: its examples run as they are written; and the viewer of the routes works without the internet."""

import re
import subprocess
import sys

import pytest

from tests.browser.conftest import serving
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```(sh|python)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
SAID = {
    ("sh", 0): {"figures.csv": b"park_id", "status.json": b'"T04"', "refused.json": b"unknown park 'atlantis'"},
    ("sh", 1): "304",
    ("sh", 2): {"answer.csv": b"2013,720.1"},
    ("python", 0): "720.1",
    ("python", 1): "湘潭",
    ("python", 2): "11371",
    ("python", 3): "19 亿元",
}


@pytest.fixture(scope="module")
def address(park_database, tmp_path_factory):
    with serving(tmp_path_factory.mktemp("docs") / "server.log") as address:
        yield address


def numbered():
    counts = {"sh": 0, "python": 0}
    for kind, text in EXAMPLES:
        yield pytest.param((kind, counts[kind]), text, id=f"{kind}-{counts[kind]}")
        counts[kind] += 1


@pytest.mark.parametrize(("place", "text"), list(numbered()))
def test_an_example_runs_as_it_is_written(address, tmp_path, place, text):
    assert "http://localhost:8501" in text
    program = text.replace("http://localhost:8501", address)
    command = ["sh", "-ec", program] if place[0] == "sh" else [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    said = SAID[place]
    if isinstance(said, str):
        assert said in done.stdout
    else:
        for file, content in said.items():
            assert content in (tmp_path / file).read_bytes()


def test_the_text_says_which_examples_were_not_run():
    others = re.findall(r"^```(\w*)\n", TEXT, re.MULTILINE)
    assert {kind for kind in others if kind} == {"sh", "python", "r"}
    assert "Those for R and Excel were not run" in TEXT
    assert TEXT.count("Not run here.") == 2


@pytest.mark.browser
def test_the_viewer_of_the_routes_asks_no_other_host_and_tries_a_route(address, browser):
    # Under a name of the internet: at localhost the viewer leaves its own questions to other hosts away.
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    asked, complaints = [], []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    def answer(route):
        asked.append(route.request.url)
        if route.request.url.startswith("http://park.example/"):
            route.fulfill(response=route.fetch(url=route.request.url.replace("http://park.example", address)))
        else:
            route.abort()

    page.route("**/*", answer)
    page.goto("http://park.example/api/docs")
    page.get_by_text("/observations.{suffix}").wait_for()
    assert page.locator(".opblock").count() >= 27
    page.get_by_text("/health").click()
    page.get_by_role("button", name="Execute").click()
    page.locator(".live-responses-table").get_by_text('"status": "ok"').wait_for()
    assert [url for url in asked if not url.startswith("http://park.example/")] == []
    assert complaints == []
    assert "http://park.example/api/health" in asked
    page.close()
