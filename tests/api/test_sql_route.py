"""The routes of SQL: what they answer, refuse and declare."""

import io
import json
import signal
import sys
import threading
from urllib.parse import urlencode

import polars as pl
import polars.selectors as cs
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from pages.exploring import sql_editor
from queries.api import sql as query_api
from queries.api.routes import api
from queries.catalogue.catalogue import get_tables, get_units
from queries.database import engine
from queries.export import formats
from queries.sql import limits, pool, run
from tests.conftest import ROOT, speak
from tests.hosting import servers
from tests.queries.test_sql import ENDLESS, alive, started, until

FIGURE = "select park_id, value, value_text from observation where observation_id = 'A01'"


@pytest.fixture
def client(park_database):
    with TestClient(Starlette(routes=[Mount("/api", app=api)]), raise_server_exceptions=False) as opened:
        yield opened
    run.close_workers()


def asked(client, suffix, sql, **more):
    return client.get(f"/api/query.{suffix}", params={"sql": sql} | more)


def test_the_route_gives_720_1_as_a_number_with_version_and_count(client):
    answer = asked(client, "json", FIGURE)
    rows = [{"park_id": "xthtz", "value": 720.1, "value_text": "720.1"}]
    assert answer.json() == {"data_version": engine.get_data_version(), "count": 1, "rows": rows}
    assert answer.headers["content-type"] == "application/json"
    name = f"park-query-all-{engine.get_data_version()}.json"
    assert answer.headers["content-disposition"] == f'inline; filename="{name}"'


def test_the_same_as_csv_with_and_without_the_byte_order_mark(client):
    lines = b"park_id,value,value_text\r\nxthtz,720.1,720.1\r\n"
    assert asked(client, "csv", FIGURE).content == b"\xef\xbb\xbf" + lines
    assert asked(client, "csv", FIGURE, bom="0").content == lines
    assert asked(client, "csv", FIGURE).headers["content-type"] == "text/csv; charset=utf-8"


def test_the_csv_of_the_route_is_the_csv_of_the_page(client):
    assert asked(client, "csv", "from observation").content == formats.as_csv(run.run_query("from observation"))


def test_what_is_no_number_is_null_in_json(client):
    sql = "select 'nan'::double as a, '-inf'::double as b, 1e300 as c, null as d, date '2014-03-03' as e, true as f"
    row = {"a": None, "b": None, "c": 1e300, "d": None, "e": "2014-03-03", "f": True}
    assert asked(client, "json", sql).json()["rows"] == [row]


SAFE = 2**53 - 1


@pytest.mark.parametrize("kind", ["bigint", "ubigint", "hugeint", "uhugeint", "decimal(20, 0)", "decimal(38, 0)"])
def test_a_whole_number_beyond_what_json_keeps_is_text_in_its_whole_column_whatever_its_type(client, kind):
    sql = f"select unnest([1, {SAFE + 2}])::{kind} as a, 2::{kind} as b, null::{kind} as c, 1 as d"
    rows = [{"a": one, "b": 2, "c": None, "d": 1} for one in ("1", str(SAFE + 2))]
    assert asked(client, "json", sql).json()["rows"] == rows
    assert asked(client, "csv", sql, bom="0").content == f"a,b,c,d\r\n1,2,,1\r\n{SAFE + 2},2,,1\r\n".encode()


@pytest.mark.parametrize("kind", ["bigint", "hugeint"])
@pytest.mark.parametrize("number", [SAFE, -SAFE, 0])
def test_a_whole_number_that_json_keeps_is_a_number(client, kind, number):
    assert asked(client, "json", f"select ({number})::{kind} as a").json()["rows"] == [{"a": number}]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (f"-{SAFE + 1}::bigint", str(-SAFE - 1)),
        ("170141183460469231731687303715884105727::hugeint", "170141183460469231731687303715884105727"),
        ("18446744073709551615::ubigint", "18446744073709551615"),
        ("12345678901234567.25::decimal(22, 4)", "12345678901234567.25"),
        ("123456789012.25::decimal(22, 4)", "123456789012.25"),
        ("12345678901.25::decimal(22, 4)", 12345678901.25),
        ("720.1::decimal(12, 4)", 720.1),
    ],
)
def test_no_digit_of_an_exact_number_is_lost(client, number, said):
    assert asked(client, "json", f"select {number} as a").json()["rows"] == [{"a": said}]
    assert asked(client, "csv", f"select {number} as a", bom="0").text == f"a\r\n{said}\r\n"


def test_a_long_answer_has_one_kind_of_value_in_a_column(client):
    sql = f"select if(range = 99999, {SAFE + 1}, range)::bigint as a, range as b from range(100000)"
    rows = asked(client, "json", sql).json()["rows"]
    assert {type(row["a"]) for row in rows} == {str}
    assert {type(row["b"]) for row in rows} == {int}


def test_no_rows_are_an_answer_too(client):
    assert asked(client, "json", "select 1 as a where false").json()["rows"] == []
    assert asked(client, "csv", "select 1 as a where false", bom="0").content == b"a\r\n"


def test_cells_and_names_that_a_spreadsheet_would_run_are_made_harmless(client):
    sql = """select '=1+1' as "=cmd()", '@x' as "+a", '-1.5' as "-1", '-x' as "'=cmd()" """
    lines = asked(client, "csv", sql, bom="0").text.splitlines()
    assert lines == ["''=cmd(),'+a,-1,'=cmd()", "'=1+1,'@x,-1.5,'-x"]


def test_a_column_called_like_ours_changes_neither_version_nor_file_name(client):
    sql = """select 'x"; evil' as data_version, 1 as evidence, 2 as indicator_id"""
    for suffix in ("json", "csv"):
        assert f"all-{engine.get_data_version()}.{suffix}" in asked(client, suffix, sql).headers["content-disposition"]
    assert asked(client, "json", sql).json()["data_version"] == engine.get_data_version()
    rows = run.run_query(sql)
    assert formats.make_file_name("query", rows, "csv") == f"park-query-all-{engine.get_data_version()}.csv"
    assert pl.read_excel(io.BytesIO(formats.as_xlsx(rows)))["indicator_id"].to_list() == [2]


def test_a_refusal_says_what_where_and_how_to_mend_it(client):
    answer = asked(client, "json", "select park_id,\n  valu from observation")
    content = {
        "error": "The name valu is not known here. Did you mean value? (line 2, column 3)",
        "code": "unknown_name",
        "line": 2,
        "column": 3,
    }
    assert (answer.status_code, answer.json()) == (400, content)
    refused = asked(client, "csv", "select getenv('HOME')")
    assert (refused.status_code, refused.json()["code"]) == (400, "function")


def test_a_limit_is_for_the_asker_to_change(client, monkeypatch):
    monkeypatch.setattr(run, "SECONDS", 0.3)
    answer = asked(client, "json", ENDLESS)
    assert (answer.status_code, answer.json()["code"]) == (400, "timeout")
    answer = asked(client, "csv", "from range(100001)")
    assert (answer.status_code, answer.json()["code"]) == (400, "rows")


def test_who_gets_no_turn_is_told_when_to_come_again(client, monkeypatch):
    monkeypatch.setattr(run, "SECONDS", 120.0)
    monkeypatch.setattr(pool, "TURN_SECONDS", 0.2)
    running = [started()[0] for _ in range(2)]
    answer = asked(client, "json", "select 1")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (429, "busy", "2")
    for one in running:
        one.cancel()


@pytest.mark.parametrize("sql", ["", "x" * 10_001], ids=["none", "too_long"])
def test_a_statement_of_no_or_too_much_length_is_refused_before_any_process_sees_it(sql, client):
    answer = asked(client, "json", sql)
    assert (answer.status_code, answer.json()["parameter"]) == (422, "sql")


def test_without_a_statement_and_with_a_strange_parameter(client):
    assert client.get("/api/query.json").status_code == 422
    answer = asked(client, "json", "select 1", limit="5")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "limit")


def test_before_the_first_build_the_route_is_not_ready(client, tmp_path, monkeypatch):
    monkeypatch.setenv("PARK_DATABASE", str(tmp_path / "none.duckdb"))
    assert asked(client, "json", "select 1").status_code == 503


def test_another_suffix_is_not_found(client):
    assert asked(client, "xml", "select 1").status_code == 404


def test_the_description_declares_every_status_and_the_length(client):
    described = client.get("/api/openapi.json").json()["paths"]
    for suffix in ("json", "csv"):
        operation = described[f"/query.{suffix}"]["get"]
        assert {"200", "304", "400", "404", "422", "429", "503"} <= set(operation["responses"])
        (sql,) = [parameter for parameter in operation["parameters"] if parameter["name"] == "sql"]
        assert (sql["schema"]["minLength"], sql["schema"]["maxLength"], sql["required"]) == (1, run.LENGTH, True)


def test_a_large_answer_is_whole_in_both_formats(client):
    sql = "select range as a, '湘潭' as b from range(100000)"
    content = asked(client, "json", sql)
    assert (json.loads(content.content)["count"], len(content.json()["rows"])) == (100_000, 100_000)
    assert asked(client, "csv", sql, bom="0").content.count(b"\r\n") == 100_001


# 20,000 rows of every kind, and names and cells that need care in JSON and in CSV.
MIXED = """select range as a, range / 7 as b, (range / 3)::decimal(12, 4) as c, '湘潭"' || chr(10) || range as "d ""e",
date '2014-03-03' + range::int as f, range % 2 = 0 as g, null as h, if(range % 5 = 0, 'nan'::double, 1e300) as i,
'=x' || range as "=j" from range(20000)"""


@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_a_long_answer_is_sent_in_pieces_that_are_byte_for_byte_the_whole(client, suffix):
    answer = asked(client, suffix, MIXED)
    rows = run.run_query(MIXED)
    written = rows.with_columns(cs.decimal().cast(pl.Float64)).write_json()
    whole = f'{{"data_version":"{engine.get_data_version()}","count":20000,"rows":{written}}}'.encode()
    assert answer.content == (whole if suffix == "json" else formats.as_csv(rows))
    assert len(answer.content) > 3 * query_api.WHOLE
    assert "content-length" not in answer.headers
    assert answer.headers["content-disposition"].endswith(f'{engine.get_data_version()}.{suffix}"')
    assert answer.headers["access-control-allow-origin"] == "*"
    assert query_api.LONG.taken == []


def test_the_memory_of_a_long_answer_is_a_part_at_a_time():
    rows = pl.DataFrame({f"column_{number}": range(100_000) for number in range(50)})
    parts = query_api.split_rows(rows, "json")
    assert sum(part.height for part in parts) == 100_000
    pieces = list(query_api.write_parts(parts, "0", 100_000, "json", False))
    assert max(map(len, pieces)) < 2 * query_api.PIECE
    assert not parts  # each was let go


def test_a_long_answer_that_the_client_has_is_not_computed_again(client, monkeypatch):
    first = asked(client, "csv", "from range(100000)")
    head = client.head("/api/query.csv", params={"sql": "from range(100000)"})
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])
    assert query_api.LONG.taken == []
    monkeypatch.setattr(run, "start_query", None)
    again = client.get(
        "/api/query.csv", params={"sql": "from range(100000)"}, headers={"if-none-match": first.headers["etag"]}
    )
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


def test_a_long_answer_that_may_be_another_tomorrow_has_no_tag(client):
    answer = asked(client, "csv", "select random() from range(100000)")
    assert (answer.status_code, "etag" in answer.headers) == (200, False)
    assert answer.headers["cache-control"] == "no-cache"


def test_a_client_has_two_long_answers_on_their_way_and_short_ones_besides(client):
    address = "testclient"
    for _ in range(2):
        query_api.LONG.take(address)
    try:
        refused = asked(client, "json", "from range(100000)")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
        assert refused.json()["error"] == (
            "2 long answers are being sent already. Ask again in a few seconds, or for fewer rows."
        )
        large = asked(client, "json", "select repeat('x', 600) as a from range(100000)")
        assert large.status_code == 503  # its process was told to stop long before it had made the rows
        assert asked(client, "json", FIGURE).status_code == 200
        assert asked(client, "json", "select").status_code == 400
    finally:
        for _ in range(2):
            query_api.LONG.leave(address)
    assert asked(client, "json", "from range(100000)").status_code == 200


def test_an_answer_that_would_be_too_long_as_text_is_refused_before_it_is_sent(client):
    names = ", ".join(f"true as a_name_of_some_length_{number}" for number in range(200))
    answer = asked(client, "json", f"select {names} from range(100000)")
    assert (answer.status_code, answer.json()["code"]) == (400, "bytes")
    assert answer.json()["error"] == "The result is larger than 256 MB. Take fewer columns or rows."


def test_the_description_tells_the_limits_that_hold(client):
    described = client.get("/api/openapi.json").json()["paths"]["/query.json"]["get"]["description"]
    assert f"At most {run.SECONDS:g} seconds, {run.ROWS:,} rows and 64 MB" in described
    text = (ROOT / "docs" / "api.md").read_text("utf-8")
    assert f"at most {run.SECONDS:g} seconds, {limits.MEMORY.removesuffix('MB')} MB, {run.ROWS:,} rows" in text
    assert f"four more of a client wait, up to {pool.TURN_SECONDS:g} seconds" in text
    bounds = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    assert f"| one SQL query | {run.SECONDS:g} s, {limits.MEMORY.removesuffix('MB')} MB, {run.ROWS:,} rows" in bounds


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL], ids=["ctrl_c", "kill"])
def test_the_real_server_takes_its_queries_with_it(end, park_database, tmp_path):
    port = servers.free_port()
    command = [*servers.STREAMLIT, "--server.port", str(port)]
    heavy = "/api/query.json?" + urlencode({"sql": ENDLESS})
    up = lambda: servers.get(port, "/_stcore/health").status == 200  # noqa: E731
    with servers.process(command, tmp_path / "server.log", up, 60, cwd=servers.ROOT) as server:
        threading.Thread(target=lambda: servers.answers(lambda: servers.get(port, heavy)), daemon=True).start()
        assert until(lambda: len(servers.children(server.pid)) == 1)
        (pid,) = servers.children(server.pid)
        server.send_signal(end)
        server.wait(20)
        assert until(lambda: not alive(pid), 10)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", sql_editor.EXAMPLES)
def test_every_example_of_the_page_is_answered_in_both_languages(code, lang, client):
    speak(lang)
    rows = run.run_query(sql_editor.get_example_sql(code))
    assert rows.height > 1
    assert all(column.null_count() < rows.height for column in rows)
    assert not [column for column in rows.columns if column.endswith("_zh" if lang == "en" else "_en")]


def test_the_page_has_words_for_every_refusal_in_both_languages():
    for lang in ("zh", "en"):
        speak(lang)
        assert set(sql_editor.get_refusal_texts()) == set(run.MESSAGES) | {"unknown"}
        error = run.Refused("failed", "It is [odd](x).", "", (2, 3))
        said = sql_editor.describe_refusal(error)
        assert "It is \\[odd\\](x)" in said
        assert ("line 2, character 3" if lang == "en" else "第 2 行第 3 个字符") in said
    speak("zh")


def test_the_main_tables_stand_first_in_the_schema_of_the_page(park_database):
    names = get_tables()["table_id"].to_list()
    assert set(sql_editor.MAIN_TABLES.split()) <= set(names)
    assert {"unit_id", "name_zh", "name_en"} <= set(get_units().columns)
