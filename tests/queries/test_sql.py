"""Readers' SQL: what it answers, its limits, and what becomes of its processes."""

import contextlib
import datetime
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import wait
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from data.database import build
from queries.database.state import DatabaseMissing
from queries.sql import pool, run
from tests.conftest import ROOT, SOURCES

ENDLESS = "with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t"
ZONE = "from observation where park_id = 'xthtz' and indicator_id = 'total_revenue' and period = '2013'"

ANSWERS = {
    "a_figure_as_printed": (f"select value, value_text {ZONE}", [(Decimal("720.1000"), "720.1")]),
    "from_first": ("from observation select value::double where observation_id = 'A01'", [(720.1,)]),
    "values": ("values (1, 'a'), (2, 'b')", [(1, "a"), (2, "b")]),
    "table": ("select count(*) > 400 from (table observation)", [(True,)]),
    "a_semicolon_at_the_end": ("select 1;", [(1,)]),
    "comments": ("-- the zone\nselect /* one */ 1 -- end", [(1,)]),
    "a_semicolon_in_a_text": ("select ';select 2;' as a", [(";select 2;",)]),
    "capitals": ("SELECT PARK_ID FROM MAIN.PARK WHERE PARK_ID = 'xthtz'", [("xthtz",)]),
    "chinese": ("select name_zh as 名称 from park where name_zh like '%高%' and park_id = 'xthtz'", [("湘潭高新区",)]),
    "join": (
        "select p.name_zh, i.name_zh, o.value::double from observation o join park p using (park_id) "
        "join indicator i using (indicator_id) where o.observation_id = 'A01'",
        [("湘潭高新区", "技工贸总收入", 720.1)],
    ),
    "left_join_and_antijoin": ("select count(*) from park anti join park p using (park_id)", [(0,)]),
    "asof_join": (
        "select a.x, b.y from (values (5)) a(x) asof join (values (1, 'early'), (4, 'late')) b(t, y) on a.x >= b.t",
        [(5, "late")],
    ),
    "group_by_all": (
        f"select park_id, indicator_id, max(value)::double as most {ZONE} group by all",
        [("xthtz", "total_revenue", 720.1)],
    ),
    "group_by_rollup": (
        "select a, sum(b) from (values ('x', 1), ('y', 2)) t(a, b) group by rollup (a) order by a nulls last",
        [("x", 1), ("y", 2), (None, 3)],
    ),
    "having": ("select a from (values (1), (1), (2)) t(a) group by a having count(*) > 1", [(1,)]),
    "filter_of_an_aggregate": ("select count(*) filter (where a > 1) from (values (1), (2)) t(a)", [(1,)]),
    "window": (
        "select a, sum(a) over (order by a), lag(a) over (order by a) from range(3) t(a)",
        [(0, 0, None), (1, 1, 0), (2, 3, 1)],
    ),
    "named_window": ("select rank() over w from (values (3), (1)) t(a) window w as (order by a)", [(1,), (2,)]),
    "qualify": (
        "select a from (values (1), (2), (3)) t(a) qualify row_number() over (order by a desc) = 1",
        [(3,)],
    ),
    "with": ("with a as (select 1 as x), b as (select x + 1 as y from a) select y from b", [(2,)]),
    "with_the_name_of_a_table": ("with park as (select 7 as x) select x from park", [(7,)]),
    "with_inside_with": ("with a as (with b as (select 3 as x) from b) select x from a", [(3,)]),
    "materialized": ("with a as materialized (select 4 as x) select x from a", [(4,)]),
    "a_small_recursion": (
        "with recursive t(n) as (select 1 union all select n + 1 from t where n < 5) select sum(n) from t",
        [(15,)],
    ),
    "a_recursion_named_in_capitals": (
        "with recursive T(n) as (select 1 union select n * 2 from t where n < 10) select max(n) from T",
        [(16,)],
    ),
    "union_intersect_except": ("(select 1 union select 2) intersect select 2 except select 3", [(2,)]),
    "union_by_name": ("select 1 as a union all by name select 2 as b order by a", [(1, None), (None, 2)]),
    "distinct_on": ("select distinct on (a) a, b from (values (1, 2), (1, 1)) t(a, b) order by a, b", [(1, 1)]),
    "order_limit_offset": ("select a from range(10) t(a) order by a desc limit 2 offset 1", [(8,), (7,)]),
    "limit_percent": ("select count(*) from (select * from range(10) limit 50%)", [(5,)]),
    "subquery_exists_any": ("select 1 where exists (select 1) and 2 = any (select 2)", [(1,)]),
    "lateral": ("select a, b from range(2) t(a), lateral (select a * 10 as b)", [(0, 0), (1, 10)]),
    "case_and_between": ("select case when 5 between 1 and 9 then 'in' else 'out' end", [("in",)]),
    "in_and_like": ("select 'abc' in ('abc', 'd') and 'abc' like 'a%' and 'ABC' ilike 'a_c'", [(True,)]),
    "null_and_coalesce": ("select coalesce(null, 1), null is null, nullif(1, 1)", [(1, True, None)]),
    "cast_and_try_cast": ("select '7'::int + cast('1' as bigint), try_cast('x' as int)", [(8, None)]),
    "a_decimal": ("select 1.10::decimal(5, 2) + 2", [(Decimal("3.10"),)]),
    "dates": (
        "select date '2014-03-03' + interval 1 month, date_part('year', date '2014-03-03'), "
        "strftime(date '2014-03-03', '%Y-%m')",
        [(datetime.datetime(2014, 4, 3), 2014, "2014-03")],
    ),
    "extract_and_trunc": (
        "select extract(month from date '2014-09-30'), date_trunc('year', date '2014-09-30')::date",
        [(9, datetime.date(2014, 1, 1))],
    ),
    "texts": ("select upper('a') || replace('xy', 'x', 'z'), length('湘潭'), 'ab'[1]", [("Azy", 2, "a")]),
    "method_syntax": ("select 'abc'.upper().reverse()", [("CBA",)]),
    "regular_expressions": ("select regexp_extract('2013年', '([0-9]+)年', 1), 'a1' ~ '[a-z][0-9]'", [("2013", True)]),
    "unnest": ("select unnest([1, 2, 3]) as a", [(1,), (2,), (3,)]),
    "from_unnest": ("select sum(a) from unnest([1, 2, 3]) t(a)", [(6,)]),
    "a_list_as_json": ("select [1, 2], {'a': 1, 'b': 'x'}, map {'k': 1}", [("[1,2]", '{"a":1,"b":"x"}', '{"k":1}')]),
    "list_functions": ("select list_sum([1, 2]), list_transform([1, 2], lambda x: x * 10)[2]", [(3, 20)]),
    "list_comprehension": ("select list_sum([x * 2 for x in [1, 2, 3] if x > 1])", [(10,)]),
    "json": (
        """select ('{"a": [1, 2]}'::json -> 'a')::varchar, '{"a": {"b": "x"}}'::json ->> '$.a.b'""",
        [("[1,2]", "x")],
    ),
    "from_json_each": ("""select sum(value::int) from json_each('{"a": 1, "b": 2}')""", [(3,)]),
    "pivot_with_values": (
        "pivot (select period, value::double as v from observation where observation_id = 'A01') "
        "on period in ('2013') using sum(v)",
        [(720.1,)],
    ),
    "unpivot": ("unpivot (select 1 as a, 2 as b) on a, b", [("a", 1), ("b", 2)]),
    "columns_by_pattern": ("select columns('^park_id$') from park where park_id = 'xthtz'", [("xthtz",)]),
    "star_without_and_with": (
        "select * exclude (b) replace (a + 1 as a) from (values (1, 2)) t(a, b)",
        [(2,)],
    ),
    "statistics": (
        "select median(a), round(stddev(a), 3), quantile_cont(a, 0.25), mode(b) "
        "from (values (1, 'x'), (2, 'x'), (6, 'y')) t(a, b)",
        [(2.0, 2.646, 1.5, "x")],
    ),
    "arg_max": ("select arg_max(a, b) from (values ('x', 1), ('y', 2)) t(a, b)", [("y",)]),
    "string_agg": ("select string_agg(a, '、' order by a) from (values ('乙'), ('甲')) t(a)", [("乙、甲",)]),
    "series": ("select count(*), max(generate_series) from generate_series(1, 100)", [(100, 100)]),
    "a_sample_of_rows": ("select count(*) from (select * from range(100) using sample 7 rows)", [(7,)]),
    "a_code_is_text": ("select typeof(park_id)[:4], park_id from park where park_id = 'xthtz'", [("ENUM", "xthtz")]),
    "a_sum_of_whole_numbers_is_a_number": ("select sum(a) from range(4) t(a)", [(6,)]),
    "a_number_of_128_bits_is_text": (
        "select 170141183460469231731687303715884105727::hugeint as a",
        [("170141183460469231731687303715884105727",)],
    ),
    "a_time_with_a_zone_is_text_in_utc": (
        "select timestamptz '2014-03-03 08:00:00+08' as a",
        [("2014-03-03 00:00:00+00",)],
    ),
    "what_has_no_other_form_is_text": (
        "select interval 1 day as a, time '08:00:00' as b, '\\xAA'::blob as c, b'101' as d",
        [("1 day", "08:00:00", "\\xAA", "101")],
    ),
    "collation": ("select 'Ä' collate noaccent = 'A'", [(True,)]),
    "time_zones": (
        "select timezone('Asia/Shanghai', timestamptz '2014-03-03 00:00:00+00')",
        [(datetime.datetime(2014, 3, 3, 8),)],
    ),
    "no_rows": ("select 1 as a where false", []),
}  # fmt: skip

PLACES = {
    "an_unknown_column": ("select park_id,\n  valu\nfrom observation", "unknown_name", 2, 3),
    "a_column_of_a_table": ("select o.valu from observation o", "syntax", 1, 8),
    "a_slip_of_the_pen": ("select 1\nfrm park", "syntax", 2, 5),
    "after_chinese": ("select '湘潭', nope from park", "unknown_name", 1, 14),
    "an_unknown_table": ("select *\nfrom observations", "table", 2, 6),
    "a_function": ("select\n getenv('A')", "function", 2, 2),
    "a_cast": ("select 'x'::integer", "failed", 1, 11),
    "an_aggregate_without_a_group": ("select park_id, count(*) from park", "syntax", 1, 8),
}


@pytest.fixture(autouse=True)
def in_service(park_database):
    """The database, and workers that are gone afterwards."""
    yield park_database
    run.close_workers()


def alive(pid):
    """Whether a process runs; one that has ended and was not yet buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] not in ("Z", "X")
    except OSError:
        return False


def until(condition, seconds=20.0):
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def started(sql=ENDLESS, client=None):
    """A query that has reached its process, and that process."""
    running = run.start_query(sql, client)
    assert until(lambda: (running._worker and running._worker.version) or running.answer.done())
    return running, running.pid


@pytest.mark.parametrize(("sql", "rows"), ANSWERS.values(), ids=ANSWERS)
def test_a_statement_that_reads_is_answered(sql, rows):
    assert run.run_query(sql).rows() == rows


@pytest.mark.parametrize(("sql", "code", "line", "column"), PLACES.values(), ids=PLACES)
def test_an_error_says_where(sql, code, line, column):
    with pytest.raises(run.Refused) as caught:
        run.run_query(sql)
    assert (caught.value.code, caught.value.line, caught.value.column) == (code, line, column)
    assert str(caught.value).endswith(f"(line {line}, column {column})")


def test_a_name_that_was_perhaps_meant_is_offered():
    for sql, meant in (
        ("from obsrvation", "observation"),
        ("select coont(1)", "count"),
        ("select nam_zh from park", "name_zh"),
    ):
        with pytest.raises(run.Refused) as caught:
            run.run_query(sql)
        assert caught.value.near.startswith(meant)
        assert f"Did you mean {caught.value.near}?" in str(caught.value)


def test_columns_of_one_name_are_told_apart():
    assert run.run_query("select 1 as a, 2 as a, 3 as a_2, 4 as a").columns == ["a", "a_3", "a_2", "a_4"]


def test_a_day_that_no_calendar_has_is_refused_with_the_way_out():
    with pytest.raises(run.Refused, match=r"The column d holds a day outside the years 1 to 9999\. Cast it"):
        run.run_query("select date 'infinity' as d")
    assert run.run_query("select (date 'infinity')::varchar as d, date '9999-12-31' as e").rows() == [
        ("infinity", datetime.date(9999, 12, 31))
    ]
    with pytest.raises(run.Refused, match="outside the years"):
        run.run_query("select timestamp '0044-03-15 (BC) 00:00:00' as d")


def test_a_query_is_ended_after_its_seconds_and_its_process_with_it(monkeypatch):
    run.run_query("select 1")
    monkeypatch.setattr(run, "SECONDS", 0.5)
    running, pid = started()
    with pytest.raises(run.Refused, match=r"took longer than 0\.5 seconds and was ended") as caught:
        running.result()
    assert (caught.value.code, alive(pid)) == ("timeout", False)
    assert run.run_query("select 2 as a").rows() == [(2,)]


def test_a_process_ends_itself_where_the_server_does_not_end_it(monkeypatch):
    monkeypatch.setattr(run.RunningQuery, "_end", lambda self, *why: None)
    monkeypatch.setattr(run, "SECONDS", -1.0)  # its own alarm rings a while after the server's
    running, pid = started()
    with pytest.raises(run.Refused) as caught:
        running.result()
    assert (caught.value.code, alive(pid)) == ("timeout", False)


def test_memory_that_is_not_there_is_told_with_its_limit():
    with pytest.raises(run.Refused, match=r"needs more memory than it may take \(512MB\)") as caught:
        run.run_query("select length(string_agg(repeat('x', 1000000), '')) from range(100000)")
    assert caught.value.code == "memory"
    assert run.run_query("select 1 as a").rows() == [(1,)]


def test_100_000_rows_are_answered_and_one_more_is_not():
    assert run.run_query("from range(100000)").height == 100_000
    with pytest.raises(run.Refused, match=r"more than 100,000 rows\. Add a limit") as caught:
        run.run_query("from range(100001)")
    assert caught.value.code == "rows"


def test_64_megabytes_are_the_most_of_an_answer():
    assert run.run_query("select repeat('x', 600) as a from range(100000)").estimated_size() > 50_000_000
    with pytest.raises(run.Refused, match=r"larger than 64 MB\. Take fewer columns or rows") as caught:
        run.run_query("select repeat('x', 700) as a from range(100000)")
    assert caught.value.code == "bytes"


def test_a_thousand_columns_are_the_most():
    assert run.run_query(f"select {','.join(['1'] * 1000)}").width == 1000
    with pytest.raises(run.Refused, match=r"has 1,001 columns\. Name the ones you need, 1,000 at most"):
        run.run_query(f"select {','.join(['1'] * 1001)}")


@pytest.fixture
def unhurried(monkeypatch):
    """Time enough, however slow the machine: what is tested here is who waits for whom."""
    monkeypatch.setattr(run, "SECONDS", 120.0)
    monkeypatch.setattr(pool, "TURN_SECONDS", 60.0)


def test_two_run_at_once_a_third_waits_and_one_that_waits_too_long_is_told(monkeypatch, unhurried):
    first, one = started()
    second, two = started()
    assert (one != two, alive(one), alive(two)) == (True, True, True)
    monkeypatch.setattr(pool, "TURN_SECONDS", 0.3)
    with pytest.raises(run.Refused, match=r"2 queries are running\. Try again in a moment") as caught:
        run.run_query("select 1 as a")
    assert caught.value.code == "busy"
    monkeypatch.setattr(pool, "TURN_SECONDS", 60.0)
    third = run.start_query("select 3 as a")
    assert not third.wait(0.2)
    first.cancel()
    assert third.result().rows() == [(3,)]
    second.cancel()
    assert second.wait(10)


def test_who_comes_while_as_many_clients_wait_as_may_is_told_at_once(unhurried, monkeypatch):
    monkeypatch.setattr(pool, "WAITING", 8)
    running = [started()[0] for _ in range(2)]
    waiting = [run.start_query("select 1 as a") for _ in range(8)]
    assert until(lambda: run._query_pool.waiting == 8)
    with pytest.raises(run.Refused) as caught:
        run.run_query("select 1 as a")
    assert caught.value.code == "busy"
    for one in running:
        one.cancel()
    assert [one.result().rows() for one in waiting] == [[(1,)]] * 8


def order_of(questions):
    """Names of questions in the order in which they were answered."""
    named = {running.answer: name for name, running in questions.items()}
    answered = []
    for answer in named:
        answer.add_done_callback(lambda done: answered.append(named[done]))
    wait(named, 60)
    return answered


def test_a_client_that_floods_takes_no_turn_of_another(unhurried):
    """One process at a time gives the turns, so that their order is known."""
    first, _ = started(client="flood")
    second, _ = started(client="other")
    asked = [("f1", "flood"), ("f2", "flood"), ("f3", "flood"), ("a1", "a"), ("a2", "a"), ("b1", "b"), ("b2", "b")]
    questions = {name: run.start_query("select 1 as a", client) for name, client in asked}
    assert until(lambda: run._query_pool.waiting == 7)
    second.cancel()
    order = order_of({name: questions[name] for name in ("a1", "a2", "b1", "b2")})
    assert order == ["a1", "b1", "a2", "b2"]
    assert not questions["f1"].answer.done()  # its client has one running
    third, _ = started(client="third")
    questions |= {"c1": run.start_query("select 1 as a", "c")}
    assert until(lambda: run._query_pool.waiting == 4)
    first.cancel()
    assert order_of({name: questions[name] for name in ("f1", "f2", "f3", "c1")}) == ["f1", "c1", "f2", "f3"]
    third.cancel()
    assert until(lambda: not run._query_pool.running)


def test_one_question_of_a_client_runs_and_four_wait_the_sixth_is_told(unhurried):
    running, _ = started(client="one")
    waiting = [run.start_query("select 1 as a", "one") for _ in range(4)]
    assert until(lambda: run._query_pool.waiting == 4)
    with pytest.raises(run.Refused, match=r"4 queries of yours wait for their turn already") as caught:
        run.start_query("select 1 as a", "one").result()
    assert caught.value.code == "many"
    assert run.start_query("select 2 as a", "another").result().rows() == [(2,)]  # the second place stood free
    running.cancel()
    assert [one.result().rows() for one in waiting] == [[(1,)]] * 4


def test_where_all_places_to_wait_are_taken_who_waits_most_makes_room(unhurried, monkeypatch):
    monkeypatch.setattr(pool, "WAITING", 4)
    running = [started()[0] for _ in range(2)]
    flood = []
    for number in range(1, 5):
        flood.append(run.start_query("select 1 as a", "flood"))
        assert until(lambda: run._query_pool.waiting == number)  # noqa: B023 - asked at once
    other = run.start_query("select 2 as a", "other")
    with pytest.raises(run.Refused) as caught:
        flood[-1].result()
    assert (caught.value.code, run._query_pool.waiting) == ("busy", 4)
    for one in running:
        one.cancel()
    assert other.result().rows() == [(2,)]
    assert [one.result().rows() for one in flood[:3]] == [[(1,)]] * 3


def test_a_query_cancelled_from_another_thread_ends_at_once_and_harms_no_other(unhurried):
    running, pid = started()
    threading.Timer(0.1, running.cancel).start()
    with pytest.raises(run.Refused, match=r"The query was cancelled\.") as caught:
        running.result()
    assert (caught.value.code, until(lambda: not alive(pid), 2)) == ("cancelled", True)
    assert run.run_query("select 5 as a").rows() == [(5,)]


def test_a_query_that_waits_for_its_turn_can_be_cancelled(unhurried):
    running = [started()[0] for _ in range(2)]
    waiting = run.start_query("select 1")
    assert until(lambda: run._query_pool.waiting == 1)
    waiting.cancel()
    with pytest.raises(run.Refused) as caught:
        waiting.result()
    assert caught.value.code == "cancelled"
    for one in running:
        one.cancel()


def test_leaving_a_query_ends_its_process(unhurried):
    with run.start_query(ENDLESS) as running:
        assert until(lambda: running.pid is not None)
        pid = running.pid
    assert until(lambda: not alive(pid), 5)


def test_to_cancel_what_has_ended_changes_nothing():
    running = run.start_query("select 1 as a")
    assert running.result().rows() == [(1,)]
    running.cancel()
    assert running.result().rows() == [(1,)]


def test_a_process_killed_from_outside_does_not_hurt_the_next_question(unhurried):
    running, pid = started()
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(run.Refused) as caught:
        running.result()
    assert caught.value.code == "memory"  # what the system kills took too much
    assert run.run_query("select 1 as a").rows() == [(1,)]


def test_a_process_killed_while_it_waits_is_replaced():
    run.run_query("select 1")
    (idle,) = run._query_pool.idle
    os.kill(idle.process.pid, signal.SIGKILL)
    assert until(lambda: idle.process.poll() is not None)
    assert run.run_query("select 2 as a").rows() == [(2,)]


def test_one_process_answers_one_question_after_the_other():
    pids = set()
    for _ in range(3):
        run.run_query("select 1")
        pids |= {worker.process.pid for worker in run._query_pool.idle}
    assert len(pids) == 1


def test_twenty_questions_at_once_are_answered_or_told_to_come_again(unhurried):
    running = [run.start_query(f"select {number} as a from range(1000) limit 1") for number in range(20)]
    answers = []
    for number, one in enumerate(running):
        try:
            answers.append(one.result().rows() == [(number,)])
        except run.Refused as error:
            answers.append(error.code == "busy")
    assert answers == [True] * 20
    assert len(run._query_pool.idle) <= 2


def test_the_answer_after_a_swap_is_of_the_new_file(tmp_path, monkeypatch):
    path = tmp_path / "own.duckdb"
    build.build_database(SOURCES, path)
    monkeypatch.setenv("PARK_DATABASE", str(path))
    before = run.start_query("select count(*) as n from park")
    count = before.result()["n"][0]
    changed = Path(shutil.copytree(SOURCES, tmp_path / "changed"))
    lines = (changed / "alias.csv").read_text("utf-8").splitlines(keepends=True)
    (changed / "alias.csv").write_text("".join(lines[:-1]), "utf-8")
    aliases = run.run_query("select count(*) as n from alias")["n"][0]
    build.build_database(changed, path)
    after = run.start_query("select count(*) as n from alias")
    assert after.result()["n"][0] == aliases - 1
    assert before.data_version != after.data_version
    assert run.run_query("select count(*) as n from park")["n"][0] == count


def test_before_the_first_build_there_is_nothing_to_ask(tmp_path, monkeypatch):
    monkeypatch.setenv("PARK_DATABASE", str(tmp_path / "none.duckdb"))
    with pytest.raises(DatabaseMissing, match=r"No database at none\.duckdb"):
        run.start_query("select 1")


def test_a_file_that_is_no_database_says_that_the_log_tells_more(tmp_path, monkeypatch, caplog):
    (tmp_path / "broken.duckdb").write_bytes(b"nothing" * 5000)
    monkeypatch.setenv("PARK_DATABASE", str(tmp_path / "broken.duckdb"))
    with pytest.raises(run.Refused, match="Its log says why") as caught:
        run.run_query("select 1")
    assert (caught.value.code, str(tmp_path) in str(caught.value)) == ("broken", False)
    assert "the process of queries could not start" in caplog.text


def test_an_answer_is_held_for_one_reader_and_no_other():
    rows = run.run_query("select 1 as a")
    run.keep_answer("one", "select 1 as a", rows)
    assert run.find_kept_answer("one", "select 1 as a") is rows
    assert run.find_kept_answer("another", "select 1 as a") is None


def test_answers_that_are_held_make_room_for_later_ones():
    large = pl.DataFrame({"a": ["x" * 1_000_000] * 60})
    for number in range(6):
        run.keep_answer("one", str(number), large)
    assert [number for number in range(6) if run.find_kept_answer("one", str(number)) is not None] == [2, 3, 4, 5]


def limits_of(pid):
    lines = Path(f"/proc/{pid}/limits").read_text("ascii").splitlines()
    return {line[:26].strip(): line[26:].split()[:2] for line in lines}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_process_has_no_right_to_open_or_write_and_sees_no_environment(unhurried):
    running, pid = started()
    with contextlib.closing(contextlib.ExitStack()) as stack:
        stack.callback(running.cancel)
        limits = limits_of(pid)
        assert (limits["Max open files"], limits["Max file size"]) == (["0", "0"], ["0", "0"])
        assert int(limits["Max address space"][0]) < 6_000_000_000
        assert os.getpriority(os.PRIO_PROCESS, pid) == os.getpriority(os.PRIO_PROCESS, 0) + 10
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        names = {entry.partition(b"=")[0] for entry in environment if entry}
        assert names <= {b"PYTHONPATH", b"PYTHONHOME", b"LD_LIBRARY_PATH", b"LC_CTYPE"}
        opened = {str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()}
        files = {entry for entry in opened if entry.startswith("/") and entry != "/dev/null"}
        assert files == {os.environ["PARK_DATABASE"]}


SERVER = """
import sys, time
from queries.sql import run as sandbox
sandbox.SECONDS = 120.0
running = sandbox.start_query(sys.argv[1])
idle = sandbox.run_query("select 1") is not None and sandbox._query_pool.idle[0].process.pid
while running.pid is None:
    time.sleep(0.01)
print(running.pid, idle, flush=True)
running.wait()
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=["term", "kill"])
def test_no_process_outlives_the_server(end):
    server = subprocess.Popen([sys.executable, "-c", SERVER, ENDLESS], cwd=ROOT, stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.DEVNULL)  # fmt: skip
    busy, idle = (int(pid) for pid in server.stdout.readline().split())
    assert (alive(busy), alive(idle), busy != idle) == (True, True, True)
    server.send_signal(end)
    server.wait(20)
    assert until(lambda: not alive(busy) and not alive(idle), 3)
    server.stdout.close()
