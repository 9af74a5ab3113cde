"""What every answer of the routes knows of HTTP: has it changed, who may read it, which methods there are."""

import gc
import gzip
import os
import time
import warnings
from datetime import date
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from data.ledger import versions
from queries.api import http
from queries.api.routes import api
from queries.database import engine
from tests.hosting import servers

KINDS = [
    "observations.csv?park=xthtz",
    "observations.json?park=xthtz",
    "observations.jsonl?park=xthtz",
    "observations.parquet",
    "targets.xlsx?park=xthtz",
    "status.json?park=xthtz",
    "tasks.csv",
    "chain.json",
    "ledger-empty.xlsx",
    "tables/unit.csv",
    "park.duckdb",
    "datapackage.json",
    "datapackage.zip",
    "openapi.json",
    "rules.json",
]


@pytest.fixture(scope="module")
def client():
    with TestClient(Starlette(routes=[Mount("/api", app=api)]), raise_server_exceptions=False) as asking:
        asking.headers["accept-encoding"] = "identity"
        yield asking


@pytest.mark.parametrize("address", KINDS)
def test_what_has_not_changed_is_not_sent_again(client, address):
    first = client.get(f"/api/{address}")
    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-cache"
    for asked in (
        {"if-none-match": first.headers["etag"]},
        {"if-none-match": f'"other", W/{first.headers["etag"]}'},
        {"if-none-match": "*"},
        {"if-modified-since": first.headers["last-modified"]},
    ):
        again = client.get(f"/api/{address}", headers=asked)
        assert (again.status_code, again.content) == (304, b""), asked
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["access-control-allow-origin"] == "*"
    for asked in (
        {"if-none-match": '"other"'},
        {"if-none-match": '"other"', "if-modified-since": first.headers["last-modified"]},
        {"if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT"},
        {"if-modified-since": "yesterday"},
    ):
        assert client.get(f"/api/{address}", headers=asked).content == first.content, asked


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    free = servers.free_port()
    command = [*servers.STREAMLIT, "--server.port", str(free), "--server.address", "127.0.0.1"]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("STREAMLIT_")}
    up = lambda: servers.get(free, "/api/ready").status == 200  # noqa: E731
    log = tmp_path_factory.mktemp("server") / "log"
    with servers.process(command, log, up, 90, cwd=servers.ROOT, env=environment):
        yield free


SQL = f"query.csv?sql={quote('from range(100000)')}"


@pytest.mark.parametrize("address", [*KINDS, SQL])
def test_compressed_bytes_have_an_etag_of_their_own_and_either_is_known_again(port, address):
    plain, packed = (servers.get(port, f"/api/{address}", {"accept-encoding": how}) for how in ("identity", "gzip"))
    assert "content-encoding" not in plain.headers
    assert [answer.headers["vary"] for answer in (plain, packed)] == ["Accept-Encoding"] * 2
    if packed.headers.get("content-encoding") == "gzip":
        assert plain.headers["etag"] != packed.headers["etag"]
        assert gzip.decompress(packed.body) == plain.body
    else:
        assert (address, packed.headers["etag"], packed.body) == (address, plain.headers["etag"], plain.body)
    for known in (plain.headers["etag"], packed.headers["etag"]):
        for how in ("identity", "gzip"):
            for sent in (known, f'"other", W/{known}'):
                asked = {"accept-encoding": how, "if-none-match": sent}
                again = servers.get(port, f"/api/{address}", asked)
                assert (again.status, again.body, again.headers["etag"]) == (304, b"", known), asked
                assert "Accept-Encoding" in again.headers["vary"]


def test_a_part_of_the_plain_bytes_is_not_put_together_with_compressed_ones(port):
    packed = servers.get(port, "/api/observations.csv?park=xthtz", {"accept-encoding": "gzip"})
    asked = {"range": "bytes=10-19", "if-range": packed.headers["etag"]}
    assert servers.get(port, "/api/observations.csv?park=xthtz", asked).status == 200
    assert servers.get(port, "/api/park.duckdb", asked).status == 200
    assert servers.get(port, "/api/observations.csv?park=xthtz", {"range": "bytes=10-19"}).status == 206


def test_another_format_or_filter_has_another_etag(client):
    addresses = [
        "observations.csv",
        "observations.csv?bom=0",
        "observations.json",
        "observations.csv?lang=en",
        "observations.csv?limit=5",
    ]
    assert len({client.get(f"/api/{address}").headers["etag"] for address in addresses}) == len(addresses)


def test_an_error_is_never_kept(client):
    for address in ("observations.csv?park=atlantis", "nothing", "observations.csv?bom=7"):
        answer = client.get(f"/api/{address}", headers={"if-none-match": "*"})
        assert answer.status_code in (400, 404, 422)
        assert "etag" not in answer.headers


def test_what_rests_on_the_day_changes_with_the_day(client, monkeypatch):
    class Tomorrow(date):
        @classmethod
        def today(cls):
            return date(2031, 5, 6)

    named = "/api/status.json?park=xthtz&year=2014&asof=2026-11-25"
    today = "/api/status.json?park=xthtz&year=2014"
    before = {address: client.get(address).headers for address in (named, today)}
    monkeypatch.setattr("queries.api.figures.date", Tomorrow)
    monkeypatch.setattr("queries.api.http.date", Tomorrow)
    after = {address: client.get(address).headers for address in (named, today)}
    assert after[named]["etag"] == before[named]["etag"]
    assert after[named]["last-modified"] == before[named]["last-modified"]
    assert after[today]["etag"] != before[today]["etag"]
    assert after[today]["last-modified"].startswith(("Mon, 05 May 2031", "Tue, 06 May 2031"))


def test_a_new_database_or_ledger_is_a_later_change(client, park_database, tmp_path, monkeypatch):
    before = http.get_last_change(daily=False)
    later = time.time() + 1000
    status = park_database.stat()
    os.utime(park_database, (later, later))
    assert http.get_last_change(daily=False) > before
    os.utime(park_database, ns=(status.st_atime_ns, status.st_mtime_ns))
    monkeypatch.setenv("PARK_LEDGERS", str(tmp_path))
    in_use = tmp_path / "xthtz" / versions.CURRENT
    in_use.parent.mkdir()
    in_use.touch()
    os.utime(in_use, (later, later))
    assert http.get_last_change(daily=False) > before
    assert engine.get_data_version()


def test_health_is_never_kept(client):
    answer = client.get("/api/health")
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


@pytest.mark.parametrize("address", KINDS)
def test_head_gives_the_headers_of_get_and_no_body(client, address):
    asked, headed = client.get(f"/api/{address}"), client.head(f"/api/{address}")
    assert (headed.status_code, headed.content) == (200, b"")
    assert headed.headers == asked.headers


def test_a_file_made_for_one_answer_is_closed_when_only_its_head_is_asked(client):
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", ResourceWarning)
        assert client.head("/api/datapackage.zip").status_code == 200
        gc.collect()
    assert [str(one.message) for one in warned if one.category is ResourceWarning] == []


def test_any_site_may_read_and_ask_first(client):
    answer = client.get("/api/parks.json?limit=2", headers={"origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert {"ETag", "Link", "X-Total-Count"} <= set(answer.headers["access-control-expose-headers"].split(", "))
    asked = {
        "origin": "https://example.org",
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match",
    }
    first = client.options("/api/parks.json", headers=asked)
    assert (first.status_code, first.content) == (204, b"")
    assert first.headers["access-control-allow-origin"] == "*"
    assert first.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert first.headers["access-control-allow-headers"] == "*"
    assert "access-control-allow-credentials" not in first.headers
    assert client.get("/api/nothing").headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_another_method_is_told_which_there_are(client, method):
    refused = client.request(method, "/api/parks.json")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_the_database_comes_in_parts_too(client):
    whole = client.get("/api/park.duckdb")
    assert whole.headers["accept-ranges"] == "bytes"
    part = client.get("/api/park.duckdb", headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    same = client.get("/api/park.duckdb", headers={"range": "bytes=100-199", "if-range": whole.headers["etag"]})
    assert same.status_code == 206
    other = client.get("/api/park.duckdb", headers={"range": "bytes=100-199", "if-range": '"other"'})
    assert (other.status_code, len(other.content)) == (200, len(whole.content))


@pytest.mark.parametrize("address", ["observations.csv?park=xthtz", "observations.parquet", "parks.json"])
def test_a_short_answer_comes_in_parts_for_libraries_that_read_by_parts(client, address):
    whole = client.get(f"/api/{address}")
    size = len(whole.content)
    for span, part, told in (
        ("bytes=0-9", whole.content[:10], f"bytes 0-9/{size}"),
        ("bytes=10-", whole.content[10:], f"bytes 10-{size - 1}/{size}"),
        ("bytes=-8", whole.content[-8:], f"bytes {size - 8}-{size - 1}/{size}"),
        (f"bytes=5-{size * 2}", whole.content[5:], f"bytes 5-{size - 1}/{size}"),
    ):
        answer = client.get(f"/api/{address}", headers={"range": span})
        assert (answer.status_code, answer.content, answer.headers["content-range"]) == (206, part, told)
        assert answer.headers["content-length"] == str(len(part))
    for span in (f"bytes={size}-", "bytes=-0"):
        beyond = client.get(f"/api/{address}", headers={"range": span})
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    for asked in ({"range": "bytes=0-1,4-5"}, {"range": "rows=1-2"}, {"range": "bytes=0-9", "if-range": '"other"'}):
        assert client.get(f"/api/{address}", headers=asked).content == whole.content


@pytest.mark.parametrize(
    ("asked", "status", "parameter"),
    [
        ("observations.csv?park=xthtz&park=xiangtan", 400, "park"),
        ("observations.csv?park=xthtz%00", 400, "park"),
        ("observations.csv?from=%EF%BC%92%EF%BC%90%EF%BC%91%EF%BC%93", 400, "from"),
        ("observations.csv?from=0000", 400, "from"),
        ("observations.csv?limit=0", 422, "limit"),
        ("observations.csv?limit=99999999999999999999999", 422, "limit"),
        ("observations.csv?limit=ten", 422, "limit"),
        ("observations.csv?offset=-1", 422, "offset"),
        ("observations.csv?bom=2", 422, "bom"),
        ("status.json?bom=1", 400, "bom"),
        ("status.json?asof=20150915", 400, "asof"),
        ("status.json?asof=2015-W01-1", 400, "asof"),
        ("status.json?asof=", 400, "asof"),
        ("tasks.csv?asof=2015-09-31", 400, "asof"),
        ("efficiency.csv?by=month", 400, "by"),
        ("ledger-empty.xlsx?language=en", 400, "language"),
    ],
)
def test_a_value_that_a_program_could_send_by_a_slip_is_refused_by_name(client, asked, status, parameter):
    answer = client.get(f"/api/{asked}")
    assert (answer.status_code, answer.json()["parameter"]) == (status, parameter)


def test_an_empty_list_of_codes_gives_no_rows_on_every_route(client):
    for asked in ("observations.csv?park=", "tasks.csv?state=", "projects.csv?breach=", "targets.csv?indicator="):
        assert client.get(f"/api/{asked}").text.count("\n") == 1, asked


def test_below_a_base_path_the_description_names_the_address_that_the_proxy_names(client):
    def server(**headers):
        return client.get("/api/openapi.json", headers=headers).json()["servers"]

    assert server() == [{"url": "/api"}]
    assert server(**{"X-Forwarded-Prefix": "/park"}) == [{"url": "/park/api"}]
    assert server(**{"X-Forwarded-Prefix": "//evil.example"}) == [{"url": "/api"}]
