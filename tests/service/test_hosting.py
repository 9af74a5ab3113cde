"""The server as hosts run it: started bare, behind Debian's nginx with a base path, and from the Dockerfile's steps."""

import contextlib
import http.server
import json
import re
import subprocess
import threading
import tomllib
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect
from websockets.sync.client import connect

from queries.service.headers import build_content_policy
from tests.hosting import dockerfile_steps
from tests.hosting.servers import HOSTING, ROOT, explorer, get, nginx

FIGURES = "observations.csv?theme=economy"
RULES = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-frame-options": "SAMEORIGIN",
    "content-security-policy": build_content_policy("frame-ancestors 'self'").decode(),
}


@pytest.fixture(scope="module")
def direct(tmp_path_factory):
    """The server as `streamlit run app.py` starts it."""
    with explorer(tmp_path_factory.mktemp("hosting") / "direct") as server:
        yield server


@pytest.fixture(scope="module")
def below_park(tmp_path_factory):
    """The server with the base path park."""
    with explorer(tmp_path_factory.mktemp("hosting") / "below", "--server.baseUrlPath", "park", base="/park") as server:
        yield server


@pytest.fixture(scope="module")
def proxy(tmp_path_factory, below_park):
    """nginx with docs/nginx.conf before that server."""
    done = subprocess.run([HOSTING / "install.sh"], check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(done.stderr.strip(), pytrace=False)
    with nginx(tmp_path_factory.mktemp("hosting") / "nginx", below_park.port) as server:
        server.get = lambda path, **headers: get(server.secure, path, headers, server.tls)
        yield server


def notes(server):
    return server.notes.read_text("utf-8").splitlines()


def test_a_bare_start_asks_for_no_mail_address_and_writes_nothing_into_an_empty_home(direct):
    log = direct.log.read_text("utf-8")
    assert "mail" not in log.lower()
    assert f"http://localhost:{direct.port}" in log
    assert list(direct.home.iterdir()) == []


def test_a_bare_start_reaches_no_host_on_the_internet(direct):
    assert [line for line in notes(direct) if line.startswith("reached")] == []
    # The notes do work: the server read its own settings and pages.
    assert any(line.endswith("app.py") for line in notes(direct))


@pytest.mark.parametrize("path", ["/", "/economics", "/_stcore/health", "/api/health", "/api/no-such-route"])
def test_pages_health_and_routes_carry_the_rules_for_browsers(direct, path):
    headers = get(direct.port, path).headers
    assert {name: headers.get(name) for name in RULES} == RULES


def test_the_settings_fit_a_public_host():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["client"]["toolbarMode"] == "viewer"
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["server"]["enableXsrfProtection"] is True
    assert settings["server"]["maxUploadSize"] <= 100
    assert f"client_max_body_size {settings['server']['maxUploadSize']}m;" in (ROOT / "docs/nginx.conf").read_text(
        "utf-8"
    )


@pytest.mark.parametrize("path", ["/park/", "/park/economics", "/park/economics?lang=en"])
def test_a_page_below_park_is_html_with_the_rules_and_one_more_for_tls(proxy, path):
    page = proxy.get(path)
    assert page.status == 200
    assert b"<title>" in page.body
    assert {name: page.headers.get(name) for name in RULES} == RULES
    assert page.headers["strict-transport-security"] == "max-age=31536000"


def test_health_below_park_is_ok_and_its_cookie_stays_below_park(proxy):
    health = proxy.get("/park/_stcore/health")
    assert (health.status, health.body) == (200, b"ok")
    assert "Path=/park/;" in health.headers["set-cookie"]
    assert "secure" in health.headers["set-cookie"].lower()


def test_the_routes_below_park_give_the_same_bytes_as_the_server_itself(proxy, below_park, direct):
    for route in ("health", FIGURES, "park.duckdb"):
        here = proxy.get(f"/park/api/{route}")
        assert here.status == 200
        assert here.body == get(below_park.port, f"/api/{route}").body
        assert {name: here.headers.get(name) for name in RULES} == RULES
    assert proxy.get(f"/park/api/{FIGURES}").body == get(direct.port, f"/api/{FIGURES}").body


def test_below_park_a_link_in_a_chat_is_told_with_addresses_that_lead_through_nginx(proxy):
    page = proxy.get("/park/economics?lang=zh", **{"User-Agent": "Slackbot-LinkExpanding 1.0"}).body.decode()
    here = f"https://localhost:{proxy.secure}/park"
    assert f'<link rel="canonical" href="{here}/economics?lang=zh" />' in page
    assert "<title>技工贸总收入增长43.6%，次年目标40%以上 · 园区指标浏览器</title>" in page
    image = re.search(r'property="og:image" content="([^"]*)"', page)[1].replace("&amp;", "&")
    assert image == f"{here}/api/preview.png?page=economics&lang=zh"
    picture = proxy.get("/park/api/preview.png?page=economics&lang=zh")
    assert (picture.status, picture.headers["content-type"]) == (200, "image/png")


def test_below_park_an_embedded_view_may_be_framed(proxy):
    page = proxy.get("/park/economics?embed=true")
    assert page.headers["content-security-policy"] == build_content_policy("frame-ancestors *").decode()
    assert "x-frame-options" not in page.headers


def test_the_routes_describe_themselves_below_park(proxy):
    described = json.loads(proxy.get("/park/api/openapi.json").body)
    assert described["servers"] == [{"url": "/park/api"}]
    viewer = proxy.get("/park/api/docs").body.decode()
    addresses = re.findall(r"(?:href|src)=\"([^\"]+)\"", viewer)
    assert len(addresses) == 3
    for address in addresses:
        assert not address.startswith(("/", "http")), address
        assert proxy.get(f"/park/api/{address}").status == 200
    assert "url: 'openapi.json'" in viewer


def test_a_route_with_a_slash_too_many_is_led_back_below_park(proxy):
    assert proxy.get("/park/api/health/").headers["location"] == "/park/api/health"
    assert proxy.get("/park").headers["location"] == "/park/"


def test_without_tls_there_is_only_the_way_to_tls(proxy):
    answer = get(proxy.plain, "/park/economics?lang=en", {"Host": "park.example.org"})
    assert (answer.status, answer.headers["location"]) == (301, "https://park.example.org/park/economics?lang=en")


def test_the_bundle_comes_compressed_and_is_kept_by_nginx(proxy):
    script = re.search(rb'src="\./(static/[^"]+\.js)"', proxy.get("/park/").body)[1].decode()
    plain = proxy.get(f"/park/{script}")
    small = proxy.get(f"/park/{script}", **{"Accept-Encoding": "gzip"})
    assert "immutable" in plain.headers["cache-control"]
    assert small.headers["content-encoding"] == "gzip"
    assert len(small.body) < len(plain.body) / 2
    assert any(path.is_file() for path in (proxy.folder / "cache").rglob("*"))


def test_what_the_process_does_is_not_told_through_nginx(proxy, below_park):
    assert proxy.get("/park/_stcore/metrics").status == 404
    assert get(below_park.port, "/park/_stcore/metrics").status == 200


def bounded(proxy, path, most):
    """Answers of one address to `most` requests, all of them at once."""
    with ThreadPoolExecutor(20) as many:
        return list(many.map(lambda _: proxy.get(path), range(most)))


def test_nginx_refuses_more_requests_of_the_routes_than_an_address_may_ask(tmp_path, below_park):
    with nginx(tmp_path / "bounded", below_park.port, {"rate=20r/s": "rate=1r/m", "burst=400": "burst=5"}) as server:
        server.get = lambda path: get(server.secure, path, {}, server.tls)
        answers = bounded(server, "/park/api/no-such-route", 20)
        assert sorted({answer.status for answer in answers}) == [404, 429]
        assert sum(answer.status == 404 for answer in answers) == 6
        refused = next(answer for answer in answers if answer.status == 429)
        assert json.loads(refused.body) == {"error": "Too many requests from this address. Ask again in 5 s."}
        assert refused.headers["retry-after"] == "5"
        assert refused.headers["strict-transport-security"] == "max-age=31536000"
        assert server.get("/park/").status == 200


def test_nginx_refuses_more_uploads_than_an_address_may_send(tmp_path, below_park):
    with nginx(tmp_path / "bounded", below_park.port, {"rate=2r/s": "rate=1r/m", "burst=100": "burst=2"}) as server:
        server.get = lambda path: get(server.secure, path, {}, server.tls)
        answers = bounded(server, "/park/_stcore/upload_file/none/none", 10)
        assert sum(answer.status == 429 for answer in answers) == 7


class Named(http.server.BaseHTTPRequestHandler):
    """Answers every request with the port it came to."""

    def do_GET(self):
        said = str(self.server.server_port).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_):
        pass


def test_behind_nginx_every_request_of_a_visitor_reaches_the_same_of_two_processes(tmp_path, proxy):
    with contextlib.ExitStack() as stack:
        ports = []
        for _ in range(2):
            server = stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Named))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
            ports.append(server.server_port)
        second = {"# server 127.0.0.1:8502;": f"server 127.0.0.1:{ports[1]};"}
        balanced = stack.enter_context(nginx(tmp_path / "two", ports[0], second))
        reached = {get(balanced.secure, f"/park/{number}", {}, balanced.tls).body for number in range(20)}
        assert len(reached) == 1


def session(proxy, origin):
    address = f"wss://localhost:{proxy.secure}/park/_stcore/stream"
    return connect(address, ssl=proxy.tls, origin=origin, subprotocols=["streamlit"], open_timeout=60, proxy=None)


def test_a_session_opens_through_nginx_with_101(proxy):
    with session(proxy, f"https://localhost:{proxy.secure}") as opened:
        assert opened.response.status_code == 101
        assert opened.subprotocol == "streamlit"


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "https://localhost", "null"])
def test_a_page_of_another_site_opens_no_session_and_the_server_asks_nobody(proxy, below_park, origin):
    asks = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Origin": origin}
    answer = proxy.get("/park/_stcore/stream", **asks, **{"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="})
    assert answer.status == 403
    assert [line for line in notes(below_park) if line.startswith("reached")] == []


@pytest.mark.browser
def test_a_deep_link_below_park_draws_its_page_and_leads_on_below_park(proxy, below_park, browser):
    with contextlib.closing(browser.new_context(ignore_https_errors=True)) as context:
        page = context.new_page()
        page.goto(f"https://localhost:{proxy.secure}/park/economics?lang=en")
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=20_000)
        expect(page).to_have_url(re.compile(r"/park/economics\?(.*&)?lang=en"))
        page.get_by_role("link", name="Innovation").first.click()
        expect(page).to_have_url(re.compile(r"/park/innovation\?(.*&)?lang=en"))
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=20_000)
    assert [line for line in notes(below_park) if line.startswith("reached")] == []


def test_the_steps_of_the_dockerfile_make_a_server_that_needs_nothing_else(tmp_path):
    seen = dockerfile_steps.tried(tmp_path, reuse=True)
    assert seen["ports"] == ["8501"]
    assert {path.partition("/")[0] for path in seen["files"]} == {".streamlit", "app.py", "data", "pages", "queries"}


def test_the_dockerfile_names_no_index_and_ends_as_a_user_who_is_not_root():
    steps = list(dockerfile_steps.instructions((ROOT / "Dockerfile").read_text("utf-8")))
    assert [arguments for name, arguments in steps if name == "USER"] == ["10001:10001"]
    assert any("--require-hashes" in arguments for name, arguments in steps if name == "RUN")
    assert any("_stcore/health" in arguments for name, arguments in steps if name == "HEALTHCHECK")
    assert not [arguments for _, arguments in steps if "http" in arguments.replace("http://127.0.0.1", "")]
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    assert "://" not in lock


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("app.py", True),
        (".streamlit/config.toml", True),
        (".streamlit/secrets.toml", False),
        ("data/park.duckdb", False),
        ("data/sources/a.csv", True),
        ("pages/__pycache__/overview.cpython-311.pyc", False),
        ("tests/service/test_hosting.py", False),
        ("docs/hosting.md", False),
        (".env", False),
    ],
)
def test_dockerignore_sends_only_what_the_server_needs(tmp_path, path, sent):
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    found = dockerfile_steps.context(tmp_path, (ROOT / ".dockerignore").read_text("utf-8"))
    assert found == ([path] if sent else [])
