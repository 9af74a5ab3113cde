"""Bounds by address: who is counted as one, what is let in, and what is said to who asks too much."""

import asyncio
import contextlib
import json
import logging

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from data import settings
from queries.api.routes import api
from queries.service import throttle
from tests.hosting import servers


@pytest.fixture(autouse=True)
def unset(monkeypatch):
    for name in ("PARK_RATE", "PARK_RATE_BURST", "PARK_CONNECTIONS", "PARK_PROXIES"):
        monkeypatch.delenv(name, raising=False)


def asked(peer, forwarded=()):
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"type": "http", "client": (peer, 1), "headers": headers, "path": "/"}


PEERS = {
    "1.2.3.4": "1.2.3.4",
    "::ffff:1.2.3.4": "1.2.3.4",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
    "2001:db8:1:2::9": "2001:db8:1:2::/64",
    "testclient": "testclient",
}


@pytest.mark.parametrize(("peer", "counted"), PEERS.items(), ids=PEERS)
def test_without_a_proxy_it_is_the_peer_that_is_counted_whatever_it_says(peer, counted):
    assert throttle.find_client_address(asked(peer, ["9.9.9.9"])) == counted


FORWARDED = {
    "one_proxy": ("1", ["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
    "with_a_port": ("1", ["1.2.3.4:567"], "1.2.3.4"),
    "ipv6_with_a_port": ("1", ["[2001:db8::1]:567"], "2001:db8::/64"),
    "two_proxies": ("2", ["6.6.6.6, 1.2.3.4, 10.0.0.1"], "1.2.3.4"),
    "in_two_headers": ("2", ["6.6.6.6", "1.2.3.4,10.0.0.1"], "1.2.3.4"),
    "fewer_than_named": ("3", ["1.2.3.4, 10.0.0.1"], "1.2.3.4"),
    "none_named": ("1", [], "10.0.0.9"),
    "no_number": ("many", ["1.2.3.4"], "10.0.0.9"),
}


@pytest.mark.parametrize(("proxies", "named", "counted"), FORWARDED.values(), ids=FORWARDED)
def test_behind_proxies_it_is_whom_the_first_of_them_saw(proxies, named, counted, monkeypatch):
    monkeypatch.setenv("PARK_PROXIES", proxies)
    assert throttle.find_client_address(asked("10.0.0.9", named)) == counted


def test_a_setting_that_is_no_number_counts_as_not_set_and_is_complained_of(monkeypatch):
    monkeypatch.setenv("PARK_RATE", "fast")
    monkeypatch.setenv("PARK_CONNECTIONS", "7")
    bounds = throttle.Throttle(page)
    assert (bounds.rate, bounds.most, bounds.burst) == (400, 7, 10_000)
    [complaint] = settings.find_setting_problems({"PARK_RATE": "fast", "PARK_CONNECTIONS": "7"})
    assert str(complaint).startswith("PARK_RATE=fast: must be a whole number of units a second from 0")


def page(_):
    return PlainTextResponse("page")


async def session(websocket):
    await websocket.accept()
    with contextlib.suppress(WebSocketDisconnect):
        await websocket.receive_text()


@pytest.fixture
def served(park_database, monkeypatch):
    """The routes, a page and a session behind bounds: 21 units at once, 1 a second."""
    monkeypatch.setenv("PARK_RATE", "1")
    monkeypatch.setenv("PARK_RATE_BURST", "21")
    routes = [Mount("/api", app=api), Route("/page", page), WebSocketRoute("/_stcore/stream", session)]
    return Starlette(routes=routes, middleware=[Middleware(throttle.Throttle)])


def visitor(app, address):
    return TestClient(app, client=(address, 50_000))


def test_who_asks_too_much_gets_429_with_the_seconds_to_wait_and_others_are_served(served):
    client = visitor(served, "1.2.3.4")
    assert [client.get("/api/parks.csv").status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get("/api/parks.csv")
    assert 7 <= int(refused.headers["retry-after"]) <= 10
    assert refused.json() == {
        "error": f"Too many requests from this address. Ask again in {refused.headers['retry-after']} s."
    }
    assert refused.headers["access-control-allow-origin"] == "*"
    assert visitor(served, "1.2.3.5").get("/api/parks.csv").status_code == 200


def test_a_file_weighs_a_tenth_of_an_answer_and_is_refused_in_plain_words_of_both_languages(served):
    client = visitor(served, "1.2.3.4")
    assert [client.get("/page").status_code for _ in range(21)] == [200] * 21
    refused = client.get("/page")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert refused.headers["content-type"] == "text/plain; charset=utf-8"
    assert refused.text.startswith("此地址的请求太多，请在 1 秒后再试。\nToo many requests")


def test_health_is_never_refused(served):
    client = visitor(served, "1.2.3.4")
    for path in ("/api/health", "/api/ready"):
        assert {client.get(path).status_code for _ in range(40)} == {200}


def test_what_was_taken_comes_back_with_time(served):
    throttled = throttle.Throttle(served)
    seen = throttled._visitor("1.2.3.4")
    assert [throttled._must_wait(seen, 10, False) for _ in range(3)] == [0, 0, 9]
    seen.since -= 9
    assert throttled._must_wait(seen, 10, False) == 0
    seen.since -= 1_000_000  # never more than the burst
    assert [throttled._must_wait(seen, 10, False) for _ in range(3)] == [0, 0, 9]


def test_a_session_too_many_is_refused_before_it_is_opened(served, monkeypatch):
    monkeypatch.setenv("PARK_CONNECTIONS", "2")
    monkeypatch.setenv("PARK_RATE", "0")
    client = visitor(served, "1.2.3.4")
    with client.websocket_connect("/_stcore/stream"), client.websocket_connect("/_stcore/stream"):
        with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect("/_stcore/stream"):
            pass
        assert (refused.value.status_code, refused.value.headers["retry-after"]) == (429, "2")
        with visitor(served, "1.2.3.5").websocket_connect("/_stcore/stream"):
            pass
    with client.websocket_connect("/_stcore/stream"):
        pass


def through(throttled, scope):
    """What is sent to one request."""
    sent = []

    async def send(message):
        sent.append(message)

    async def one():
        await throttled(scope, None, send)

    servers.in_a_loop(one())
    return sent


def test_a_server_without_words_for_a_refused_session_closes_it_with_1013():
    throttled = throttle.Throttle(None)
    throttled._visitor("1.2.3.4").sessions = 500
    scope = asked("1.2.3.4") | {"type": "websocket", "path": "/_stcore/stream"}
    assert [(message["type"], message["code"]) for message in through(throttled, scope)] == [("websocket.close", 1013)]


def test_only_so_much_of_an_address_is_under_way_at_once(monkeypatch):
    monkeypatch.setenv("PARK_CONNECTIONS", "20")
    answers = []

    async def waiting(scope, receive, send):
        await asyncio.sleep(60)

    throttled = throttle.Throttle(waiting)

    async def noted(message):
        answers.append(message)

    async def asking():
        scope = asked("1.2.3.4") | {"path": "/api/parks.csv"}
        held = [asyncio.create_task(throttled(scope, None, noted)) for _ in range(2)]
        await asyncio.sleep(0)
        await throttled(scope, None, noted)
        for one in held:
            one.cancel()
        await asyncio.gather(*held, return_exceptions=True)

    servers.in_a_loop(asking())
    assert [message.get("status") for message in answers] == [429, None]
    assert json.loads(answers[1]["body"])["error"].endswith("Ask again in 2 s.")
    assert throttled.visitors["1.2.3.4"].under_way == 0


def test_0_leaves_every_bound_out(served, monkeypatch):
    monkeypatch.setenv("PARK_RATE", "0")
    monkeypatch.setenv("PARK_CONNECTIONS", "0")
    client = visitor(served, "1.2.3.4")
    assert {client.get("/page").status_code for _ in range(60)} == {200}


def test_the_table_of_addresses_is_bounded_and_keeps_who_has_something_under_way(monkeypatch):
    monkeypatch.setattr(throttle, "ADDRESSES", 10)
    throttled = throttle.Throttle(None)
    throttled._visitor("busy").sessions = 1
    for number in range(100):
        throttled._visitor(str(number))
    assert len(throttled.visitors) == 10
    assert {"busy", "99", "98"} <= set(throttled.visitors)


def test_an_office_of_fifty_that_opens_its_pages_at_one_moment_is_let_in():
    throttled = throttle.Throttle(None)
    seen = throttled._visitor("1.2.3.4")
    units = [1] * 140 + [throttle.HEAVY] * 2  # the files of a page, its session and one answer of the routes
    assert [throttled._must_wait(seen, weight, False) for weight in units * 50] == [0] * len(units) * 50


def test_a_proxy_that_no_setting_names_is_told_once_in_the_log(served, caplog):
    caplog.set_level(logging.WARNING, "park")
    client = visitor(served, "10.0.0.9")
    for _ in range(3):
        client.get("/page", headers={"x-forwarded-for": "1.2.3.4"})
    assert caplog.text.count("set PARK_PROXIES=1") == 1


def test_the_real_server_bounds_pages_routes_and_sessions_by_address(park_database, tmp_path, monkeypatch):
    """Its pages, its files and its routes go through the same door."""
    for name, value in {"PARK_RATE": "1", "PARK_RATE_BURST": "30", "PARK_PROXIES": "1"}.items():
        monkeypatch.setenv(name, value)
    port = servers.free_port()
    command = [*servers.STREAMLIT, "--server.port", str(port)]
    up = lambda: servers.get(port, "/api/health").status == 200  # noqa: E731
    with servers.process(command, tmp_path / "server.log", up, 60, cwd=servers.ROOT):
        for path in ("/", "/api/parks.csv", "/static/no-such-file.js"):
            address = {"X-Forwarded-For": f"192.0.2.{len(path)}"}
            answers = [servers.get(port, path, address) for _ in range(45)]
            assert {answer.status for answer in answers} >= {429}, path
            assert answers[0].status != 429
            assert answers[-1].headers["x-content-type-options"] == "nosniff"
        assert servers.get(port, "/", {"X-Forwarded-For": "192.0.2.200"}).status == 200
        assert servers.get(port, "/_stcore/health", {"X-Forwarded-For": "192.0.2.1"}).status == 200
