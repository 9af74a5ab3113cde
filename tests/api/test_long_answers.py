"""Long answers: sent while they are read, byte for byte the files of the page, from one state of the database."""

import asyncio
import contextlib
import csv
import gzip
import http.client
import io
import os
import shutil
import signal
import sys
import threading
from datetime import date
from pathlib import Path
from urllib.parse import urljoin

import duckdb
import polars as pl
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from queries.api import answers as api_answers
from queries.api.routes import api
from queries.database import detached, engine
from queries.export import formats, long_answers
from queries.figures.observations import drop_facts, get_observations
from tests.conftest import ROOT
from tests.hosting.servers import free_port, get, in_a_loop, process

sys.path.insert(0, str(ROOT / "tests" / "bench"))
from many_rows import grown

FIGURES = 131_371
ALL = dict.fromkeys(("theme", "indicators", "parks", "first", "last", "asof")) | {
    "lang": "zh",
    "evidence": ["published"],
}


@pytest.fixture(scope="module")
def large(park_database, tmp_path_factory):
    """131,371 figures."""
    return grown(park_database, tmp_path_factory.mktemp("large") / "park.duckdb", 120_000)


@pytest.fixture
def client(large, monkeypatch):
    monkeypatch.setenv("PARK_DATABASE", str(large))
    with TestClient(Starlette(routes=[Mount("/api", app=api)]), raise_server_exceptions=False) as asking:
        asking.headers["accept-encoding"] = "identity"
        yield asking


@pytest.fixture
def few(park_database, tmp_path):
    """The figures of the real sources, to be swapped in."""
    return shutil.copyfile(park_database, tmp_path / "few.duckdb")


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_131371_figures_come_as_the_page_s_file(client, suffix):
    answer = client.get(f"/api/observations.{suffix}")
    rows = get_observations()
    assert rows.height == FIGURES > long_answers.AT_ONCE
    expected = formats.as_file(rows, suffix)
    if suffix == "parquet":  # the same rows, written by another library
        got, expected = (pl.read_parquet(io.BytesIO(content)) for content in (answer.content, expected))
        assert got.schema == expected.schema
        assert got.equals(expected)
    else:
        assert answer.content == expected
    assert answer.headers["x-total-count"] == str(FIGURES)
    assert answer.headers["content-type"] == formats.FORMATS[suffix].media_type
    assert "content-length" not in answer.headers


# Cells that CSV puts in quotes, that a spreadsheet would run, that are empty and not missing, or several of these.
HARD = ('a,"b"', "=1+1", "@a,b", 'line\nbreak "x"', "+x", "一\r二", "", "-\u3000", '-2,"a"', "\t", "=\n", "-3.5", '"')


@pytest.fixture(scope="module")
def hard(large, tmp_path_factory):
    """The same with awkward texts in every table: as they are where a text may be anything, else in front of it."""
    database = shutil.copyfile(large, tmp_path_factory.mktemp("hard") / "park.duckdb")
    with duckdb.connect(database) as connection:
        connection.execute("create temp table awkward as select unnest($1) as text", [list(HARD)])
        texts = "(select list(text) from awkward)"
        for table, columns in TEXTS.items():
            for place, column in enumerate(columns):
                any_text = f"{texts}[1 + (rowid + {place}) % {len(HARD)}]"
                text = any_text if table == "observation" else f"{any_text} || {column}"
                filled = "value is not null" if column == "value_text" else "true"
                connection.execute(f"update {table} set {column} = {text} where {filled}")
        connection.execute("update build set data_version = 'a0a0a0a0a0a0'")  # what is kept of the other is not of this
    return database


TEXTS = {
    "observation": ("value_text", "locator_zh", "locator_en", "note_zh", "note_en"),
    "park": ("name_zh", "name_en"),
    "unit": ("name_zh", "name_en"),
    "source": ("title_zh", "title_en", "publisher_zh"),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_any_text_comes_as_it_stands_in_the_page_s_file(hard, monkeypatch, lang):
    monkeypatch.setenv("PARK_DATABASE", str(hard))
    expected = formats.as_csv(get_observations(lang=lang))
    answer = long_answers.LongAnswer(ALL | {"lang": lang})
    assert b"".join(answer.write("csv")) == expected
    answer.close()
    assert {cell for row in csv.reader(io.StringIO(expected.decode(), newline="")) for cell in row} > {
        "'=1+1", "'@a,b", "'+x", "'-2,\"a\"", "'\t", "-3.5", 'line\nbreak "x"', "一\r二",
    }  # fmt: skip


@pytest.mark.parametrize("safe", [True, False])
def test_a_table_of_any_text_comes_as_it_stands_in_the_page_s_file(hard, monkeypatch, safe):
    monkeypatch.setenv("PARK_DATABASE", str(hard))
    answer = long_answers.LongAnswer("observation")
    written = b"".join(answer.write("csv", bom=False, safe=safe))
    answer.close()
    assert written == formats.as_csv(engine.get_table_rows("observation"), bom=False, safe=safe)
    assert (b"'=1+1" in written) == safe


NUMBERS = (
    552.0,
    -0.0,
    0.1,
    0.00005,
    1e-7,
    -2.5e-9,
    123456.75,
    -720.1,
    1e15,
    1.5e16,
    1e22,
    None,
    *map(float, ("nan", "inf", "-inf")),
)


def test_numbers_and_codes_are_written_by_the_database_as_by_the_page():
    texts = [
        *HARD,
        "５",
        "－５",
        "-5亿元",
        "\u200b=1",
        "'=1",
        "“=1",
        "\x85=1",
        "\u0378=1",
        "é",
        "１=",
        None,
        "-1,234.5",
        "+3.5%",
    ]
    door = detached.DetachedConnection()
    long_answers.define_cells(door, safe=True)
    door.run("set search_path = 'memory'")
    [(numbers,)] = door.run("select list(number(unnest)) from unnest($1::double[])", [list(NUMBERS)]).fetchall()
    [(cells,)] = door.run("select list(coalesce(cell(unnest), '')) from unnest($1::varchar[])", [texts]).fetchall()
    door.close()
    assert numbers[:5] == ["552", "0", "0.1", "0.00005", "1e-7"]
    rows = pl.DataFrame({"x": NUMBERS}, schema={"x": pl.Float64})
    assert numbers == formats.format_numbers(rows)["x"].fill_null("").to_list()
    lines = formats.write_csv_lines(pl.DataFrame({"x": texts}), head=False).decode()
    assert "".join(f"{cell}\r\n" for cell in cells) == lines
    assert "'=1" in cells and '"-1,234.5"' in cells and '""' in cells


def test_filters_language_and_evidence_hold_for_long_answers_too(client):
    asked = "/api/observations.csv?theme=economy&lang=en&from=1900-01&to=1900-02&evidence=published,sample&bom=0"
    first, last = date(1900, 1, 1), date(1900, 2, 28)
    rows = get_observations("economy", lang="en")
    rows = rows.filter((pl.col("period_end") >= first) & (pl.col("period_start") <= last))
    assert rows.height < get_observations("economy", lang="en").height
    answer = client.get(asked)
    assert rows.height > long_answers.AT_ONCE
    assert answer.content == formats.as_csv(rows, bom=False)
    assert client.get("/api/observations.csv?evidence=sample").text.count("\r\n") == 1


def test_a_long_table_comes_whole_and_a_page_of_it_is_a_part(client):
    whole = client.get("/api/tables/observation.csv")
    assert whole.content == formats.as_csv(engine.get_table_rows("observation"))
    assert whole.headers["x-total-count"] == str(FIGURES)
    page = client.get("/api/tables/observation.csv?limit=3&offset=100000&bom=0").text.splitlines()
    assert page == [whole.text.lstrip("\ufeff").splitlines()[line] for line in (0, 100_001, 100_002, 100_003)]


def test_pages_by_the_link_of_each_make_up_the_whole(client):
    asked, parts = "http://testserver/api/observations.jsonl?limit=40000", []
    while asked:
        answer = client.get(asked)
        assert answer.headers["x-total-count"] == str(FIGURES)
        parts.append(answer.content)
        link = answer.links.get("next")
        asked = urljoin(asked, link["url"]) if link else None
    assert [part.count(b"\n") for part in parts] == [40_000, 40_000, 40_000, 11_371]
    assert b"".join(parts) == client.get("/api/observations.jsonl").content
    assert answer.links["prev"]["url"] == "observations.jsonl?limit=40000&offset=80000"


def test_a_page_beyond_the_end_is_empty_and_still_a_file(client):
    assert client.get("/api/observations.csv?limit=10&offset=500000&bom=0").text.startswith("park_id,")
    empty = pl.read_parquet(io.BytesIO(client.get("/api/observations.parquet?limit=10&offset=500000").content))
    assert (empty.height, empty.columns) == (0, drop_facts(get_observations(parks=[])).columns)


def test_pages_of_short_answers_count_the_whole_too(client):
    answer = client.get("/api/parks.json?limit=10&offset=330").json()
    assert (answer["count"], answer["total"], answer["offset"], len(answer["rows"])) == (4, 334, 330, 4)
    assert client.get("/api/parks.json").json().keys() == {"data_version", "count", "rows"}


@pytest.mark.parametrize("suffix", ["json", "xlsx"])
def test_json_and_workbooks_of_more_than_100000_rows_are_refused_with_the_other_ways(client, suffix):
    refused = client.get(f"/api/observations.{suffix}")
    assert refused.status_code == 413
    assert refused.json()["error"] == (
        f"131,371 rows: {suffix} takes up to 100,000. "
        "Take jsonl, csv or parquet, filter, or ask for a page: limit=100000"
    )
    page = client.get(f"/api/observations.{suffix}?limit=2&offset=100001")
    assert page.status_code == 200
    if suffix == "json":
        assert page.json()["rows"][0]["observation_id"] == get_observations()["observation_id"][100_001]


def test_a_long_answer_is_pressed_in_its_own_thread_where_the_client_can_read_that(client):
    plain = client.get("/api/observations.csv")
    with client.stream("GET", "/api/observations.csv", headers={"accept-encoding": "gzip"}) as answer:
        pressed = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(pressed) == plain.content
    assert len(pressed) < len(plain.content) / 5
    assert answer.headers["etag"] != plain.headers["etag"]


def test_an_answer_under_way_keeps_its_database_and_others_get_the_new_one(large, few, monkeypatch, tmp_path):
    served = shutil.copyfile(large, tmp_path / "park.duckdb")
    monkeypatch.setenv("PARK_DATABASE", str(served))
    before = drop_facts(get_observations())
    reading = long_answers.LongAnswer(ALL)
    pieces = reading.write("jsonl")
    got = [next(pieces)]
    few.replace(served)
    assert get_observations().height == 11371  # at once: nobody waits for the long answer
    got += list(pieces)
    reading.close()
    assert b"".join(got) == formats.as_jsonl(before)


def asking(path):
    """The scope of a GET, as a server hands it over."""
    return {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": [],
        "root_path": "", "scheme": "http", "server": ("localhost", 80), "client": ("localhost", 1),
        "http_version": "1.1",
    }  # fmt: skip


def test_a_client_that_hangs_up_ends_the_reading_and_leaves_its_place(client, monkeypatch):
    sizes, close = [], long_answers.LongAnswer.close
    noted = lambda self: (sizes.append(os.fstat(self._file.fileno()).st_size), close(self))  # noqa: E731
    monkeypatch.setattr(long_answers.LongAnswer, "close", noted)

    async def one_piece_only():
        gone, sent, asked = asyncio.Event(), [], []

        async def receive():
            if not asked:
                asked.append(True)
                return {"type": "http.request", "body": b"", "more_body": False}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)
            if message["type"] == "http.response.body":
                gone.set()

        await api(asking("/observations.csv"), receive, send)
        return sent

    sent = in_a_loop(one_piece_only())
    assert [message["type"] for message in sent[:2]] == ["http.response.start", "http.response.body"]
    assert len(sizes) == 1
    assert sizes[0] < 30_000_000  # of 58 million
    assert api_answers.ANSWER_SLOTS.taken == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("copy")]


def test_a_client_that_takes_nothing_is_taken_to_be_gone(client, monkeypatch):
    monkeypatch.setattr(api_answers, "STALLED", 0.1)

    async def never_taken():
        async def receive():
            await asyncio.sleep(60)

        async def send(message):
            if message["type"] == "http.response.body":
                await asyncio.sleep(60)

        await asyncio.wait_for(api(asking("/observations.csv"), receive, send), 30)

    in_a_loop(never_taken())
    assert api_answers.ANSWER_SLOTS.taken == []


def test_who_takes_nothing_has_less_time_once_another_finds_no_place(client, monkeypatch):
    monkeypatch.setattr(api_answers, "PATIENCE", 0.1)
    monkeypatch.setattr(api_answers, "LOOK", 0.05)
    monkeypatch.setattr(api_answers, "ANSWER_SLOTS", places := api_answers.AnswerSlots(1, 1, "or for a page"))
    monkeypatch.setattr(api_answers.LongResponse.__init__, "__defaults__", (places, ""))

    async def two():
        handed = asyncio.Event()

        async def receive():
            await asyncio.sleep(60)

        async def never_taken(message):
            if message["type"] == "http.response.body":
                handed.set()
                await asyncio.sleep(60)

        first = asyncio.create_task(api(asking("/observations.csv"), receive, never_taken))
        await asyncio.wait_for(handed.wait(), 30)
        await asyncio.sleep(0.5)
        still = not first.done()  # nobody else wants its place
        answers = []

        async def noted(message):
            answers.append(message)

        await api(asking("/observations.csv"), receive, noted)
        await asyncio.wait_for(first, 30)
        return still, answers[0]["status"]

    assert in_a_loop(two()) == (True, 503)
    assert places.taken == []


def test_the_ninth_long_answer_at_once_is_asked_to_come_again_and_short_ones_are_not(client):
    for _ in range(api_answers.AT_A_TIME):
        api_answers.ANSWER_SLOTS.take("")
    try:
        refused = client.get("/api/observations.csv")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
        assert refused.json()["error"].startswith("8 long answers are being sent already")
        assert client.get("/api/observations.csv?park=xthtz&to=2014&from=2013").status_code == 200
        assert client.head("/api/parks.csv").status_code == 200
    finally:
        for _ in range(api_answers.AT_A_TIME):
            api_answers.ANSWER_SLOTS.leave("")
    assert client.get("/api/observations.csv").status_code == 200


def test_a_long_answer_that_the_client_has_is_not_read_again(client, monkeypatch):
    first = client.get("/api/observations.csv")
    monkeypatch.setattr(long_answers.LongAnswer, "write", None)
    again = client.get("/api/observations.csv", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    dated = client.get("/api/observations.csv", headers={"if-modified-since": first.headers["last-modified"]})
    assert dated.status_code == 304


def peak(pid):
    """Highest resident memory of a process so far, MB."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    [line] = [line for line in status if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


@contextlib.contextmanager
def serving(database, log, before=()):
    """A server of the routes alone over a database."""
    port = free_port()
    command = [
        *before,
        sys.executable,
        "-m",
        "uvicorn",
        "queries.api.routes:api",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    environment = os.environ | {"PARK_DATABASE": str(database)}
    with process(command, log, lambda: get(port, "/health").status == 200, cwd=ROOT, env=environment) as server:
        yield server.pid, port


def drained(port, path):
    """Lines and MB of an answer, read and let go piece by piece."""
    connection = http.client.HTTPConnection("localhost", port, timeout=120)
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer, lines, size = connection.getresponse(), 0, 0
        assert answer.status == 200
        while block := answer.read(1 << 20):
            lines, size = lines + block.count(b"\n"), size + len(block)
    return lines, size / 2**20


def test_the_memory_of_the_server_grows_far_less_than_what_it_sends(park_database, tmp_path):
    """DuckDB keeps what it read of the file, which grows with the rows (70 bytes each); an answer is never whole."""
    grew, sent = {}, {}
    for rows in (100_000, 500_000):
        database = grown(park_database, tmp_path / f"{rows}.duckdb", rows)
        with serving(database, tmp_path / "log") as (pid, port):
            drained(port, "/observations.csv?limit=60000")  # what is loaded once
            before = peak(pid)
            lines, sent[rows] = drained(port, "/observations.csv")
            assert lines == rows + 11371 + 1
            assert drained(port, f"/observations.jsonl?limit={rows // 2}")[0] == rows // 2
            drained(port, "/observations.parquet")
            grew[rows] = peak(pid) - before
    assert grew[500_000] - grew[100_000] < 0.5 * (sent[500_000] - sent[100_000]), (grew, sent)


def test_an_answer_that_the_disk_does_not_take_breaks_off_and_the_log_says_why(large, tmp_path):
    """No process writes a file of more than 20 MB here, as if the disk were full by then."""
    with serving(large, tmp_path / "log", ("prlimit", "--fsize=20000000")) as (_, port):
        connection = http.client.HTTPConnection("localhost", port, timeout=120)
        connection.request("GET", "/observations.csv")
        answer = connection.getresponse()
        assert answer.status == 200
        with pytest.raises(http.client.IncompleteRead), contextlib.closing(connection):
            answer.read()
        assert get(port, "/ready").status == 200  # nothing is wrong with the database
        assert drained(port, "/observations.csv?limit=10")[0] == 11
    assert "File too large" in (tmp_path / "log").read_text("utf-8")


def test_nothing_of_a_server_that_is_killed_stays_on_the_disk(large, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    with serving(large, tmp_path / "log") as (pid, port):
        connection = http.client.HTTPConnection("localhost", port, timeout=120)
        connection.request("GET", "/observations.jsonl")
        assert connection.getresponse().read(1)
        assert any("scratch" in str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir())
        os.kill(pid, signal.SIGKILL)
        connection.close()
    assert list((tmp_path / "scratch").iterdir()) == []
