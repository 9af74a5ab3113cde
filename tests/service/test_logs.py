"""The log: one line of JSON an event, with the number of its request; robots.txt and the icon."""

import json
import logging
import os
import subprocess
import sys

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from queries.service import logs, site_files
from tests.conftest import ROOT

ICON = ROOT / "pages" / "icon.png"
SCRIPT = """
import logging, threading, warnings
import streamlit.logger
from queries.service import logs
logs.set_up_logging(streamlit.logger)
logs.set_up_logging(streamlit.logger)
late = streamlit.logger.get_logger("streamlit.late")
try:
    1 / 0
except ZeroDivisionError as error:
    late.error("Uncaught app execution", exc_info=error)
logging.getLogger("park").info("asked for %s", "a\\nb\\u2028c\\x1b[31m")
warnings.warn("old", stacklevel=1)
thread = threading.Thread(target=lambda: {}["gone"], name="mine")
thread.start(); thread.join()
raise RuntimeError("the end")
"""


def events(**environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.stderr.decode().split("\n")[:-1]


def test_errors_of_pages_threads_and_the_process_and_warnings_are_one_line_of_json_each():
    found = [json.loads(line) for line in events()]
    assert [(event["level"], event["logger"]) for event in found] == [
        ("error", "streamlit.late"), ("info", "park"), ("warning", "py.warnings"), ("critical", "park"),
        ("critical", "park"),
    ]  # fmt: skip
    assert [event["exception"].splitlines()[-1] for event in found if "exception" in event] == [
        "ZeroDivisionError: division by zero", "KeyError: 'gone'", "RuntimeError: the end",
    ]  # fmt: skip
    assert found[1]["message"] == "asked for a\nb\u2028c\x1b[31m"
    assert all(event["time"].endswith("+00:00") for event in found)


def test_what_a_visitor_wrote_makes_no_line_of_its_own_in_json_or_text():
    [line] = [line for line in events() if "asked for" in line]
    assert "a\\nb\\u2028c\\u001b[31m" in line
    [line] = [line for line in events(PARK_LOG="text") if "asked for" in line]
    assert line.endswith("info park asked for a\\u000ab\\u2028c\\u001b[31m")


@pytest.fixture
def asking():
    """A server with a route that answers, one that fails, and one that logs."""

    async def right(_: object) -> PlainTextResponse:
        logging.getLogger("park").warning("from inside")
        return PlainTextResponse("here")

    async def wrong(_: object) -> PlainTextResponse:
        raise LookupError("nothing there")

    routes = [
        Route("/api/right", right),
        Route("/api/wrong", wrong),
        Route("/page", right),
        *site_files.make_site_routes(ICON, "park"),
    ]
    with TestClient(logs.RequestLogger(Starlette(routes=routes)), raise_server_exceptions=False) as client:
        yield client


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [json.loads(logs.LineFormatter().format(record)) for record in caplog.records if record.name == "park"]


def test_every_request_below_api_is_logged_with_its_number_without_its_query(asking, caplog):
    caplog.set_level(logging.INFO)
    answer = asking.get("/api/right?sql=secret")
    events = told(caplog)
    assert "secret" not in json.dumps(events)
    assert (events[-1]["method"], events[-1]["path"], events[-1]["status"]) == ("GET", "/api/right", 200)
    assert len(answer.headers["x-request-id"]) == 32
    assert asking.get("/api/wrong").status_code == 500
    assert told(caplog)[-1]["status"] == 500
    assert "x-request-id" not in asking.get("/page").headers


def test_events_of_a_request_bear_its_number_and_that_of_a_proxy_is_taken_over_where_it_is_sound(asking, caplog):
    class Seen(logging.Handler):
        lines: list[str] = []  # noqa: RUF012

        def emit(self, record: logging.LogRecord) -> None:
            self.lines.append(logs.LineFormatter().format(record))

    seen = Seen()
    logging.getLogger("park").addHandler(seen)
    try:
        given = {"X-Request-Id": "proxy-12345"}
        assert asking.get("/api/right", headers=given).headers["x-request-id"] == "proxy-12345"
        assert json.loads(seen.lines[0])["request_id"] == "proxy-12345"
    finally:
        logging.getLogger("park").removeHandler(seen)
    for bad in ("short", "a" * 65, "proxy 12345", '{"level":"x"}'):
        assert asking.get("/api/right", headers={"X-Request-Id": bad}).headers["x-request-id"] != bad


def test_robots_and_icon_answer_as_such_at_the_root_and_below_the_base_path(asking):
    for below in ("", "/park"):
        answer = asking.get(f"{below}/robots.txt")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert "Disallow: /api/query\nDisallow: /_stcore/\nDisallow: /park/api/query\n" in answer.text
        answer = asking.get(f"{below}/favicon.ico")
        assert answer.headers["content-type"] == "image/x-icon"
        assert answer.content[:4] == b"\x00\x00\x01\x00"
        assert answer.content[22:] == ICON.read_bytes()
