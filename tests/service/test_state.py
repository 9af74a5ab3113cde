"""The state of the data: what a build claims, what is noticed of a damaged file, what is told and when it is over."""

import os
import re
import shutil
import threading
import time
from pathlib import Path, PosixPath

import duckdb
import polars as pl
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from data import settings
from data.database import build, shape
from data.files import open_file
from data.loading import activation
from data.loading.figures_command import LoadOptions, load_figure_files
from data.storage import batches
from queries import server
from queries.database import detached, engine
from queries.database.state import DataDamaged
from queries.service import startup, watch
from tests.conftest import ROOT, SOURCES, put, run_build
from tests.hosting.servers import STREAMLIT, free_port, get, process
from tests.pages.test_pages import opened, said

LINE = "N9,标题,Title,xthtz,2013,CHIN-20140303,第一段,paragraph 1\n"


class Restless(PosixPath):
    """A folder of sources in which a title is added just when one of its files is read for the n-th time in all."""

    reads = 0
    at = (0,)

    def read_bytes(self) -> bytes:
        Restless.reads += 1
        if Restless.reads in Restless.at:
            titles = Path(os.environ["PARK_SOURCES"]) / "title.csv"
            titles.write_text(titles.read_text("utf-8") + row(Restless.reads), "utf-8")
        return super().read_bytes()


def row(number: int) -> str:
    """One more title, like those that there are."""
    last = (SOURCES / "title.csv").read_text("utf-8").splitlines()[-1]
    return last.replace("N2,", f"N{number + 10},", 1) + "\n"


def restless(sources: Path, monkeypatch: pytest.MonkeyPatch, *at: int) -> Restless:
    monkeypatch.setenv("PARK_SOURCES", str(sources))
    Restless.reads, Restless.at = 0, at
    return Restless(sources)


def titles(path: Path) -> int:
    with duckdb.connect(path, read_only=True) as connection:
        return int(connection.sql("select count(*) from title").fetchall()[0][0])


@pytest.mark.parametrize("read", [3, 22, 28, 42])
def test_a_build_claims_the_version_of_what_it_read_though_a_source_changes_meanwhile(
    read, sources, tmp_path, monkeypatch
):
    path = tmp_path / "park.duckdb"
    version = build.build_database(restless(sources, monkeypatch, read), path)
    lines = (sources / "title.csv").read_text("utf-8").splitlines()
    assert len(lines) == 4  # the change came
    assert shape.read_built_version(path) == version == build.compute_data_version(sources)
    assert titles(path) == 3


def test_sources_that_never_rest_fail_the_build_with_a_sentence_and_the_old_file_stays(sources, tmp_path, monkeypatch):
    path = tmp_path / "park.duckdb"
    path.write_bytes(b"older")
    monkeypatch.setattr(build, "PAUSE_SECONDS", 0)
    never = restless(sources, monkeypatch, *range(1, 1000, 20))
    with pytest.raises(
        build.BuildFailed, match=r"changed while they were read, 5 times in a row\. Wait until"
    ) as caught:
        build.build_database(never, path)
    assert caught.value.cause == "restless"
    assert path.read_bytes() == b"older"
    assert [one.name for one in tmp_path.iterdir() if "draft" in one.name] == []


def test_a_defect_of_a_half_written_source_is_told_only_where_it_stays(sources):
    seen = []

    def read(version: str) -> None:
        seen.append(version)
        if len(seen) == 1:
            (sources / "title.csv").write_bytes((SOURCES / "title.csv").read_bytes() + b"\n")
            raise build.BrokenSources([build.Defect("title.csv", 4, "", "", "half a line")])

    assert build.read_until_stable(sources, [], read) == seen[1] != seen[0]


def test_a_change_that_is_taken_back_while_it_is_read_is_noticed_too(sources):
    seen = []
    path = sources / "title.csv"
    content = path.read_bytes()

    def read(version: str) -> None:
        seen.append(version)
        if len(seen) == 1:
            path.write_bytes(content + b"\n")
            path.write_bytes(content)

    assert build.read_until_stable(sources, [], read) == seen[0]
    assert len(seen) == 2


def test_a_change_that_leaves_no_time_behind_is_noticed_by_its_content(sources, monkeypatch):
    monkeypatch.setattr(build, "read_source_stamps", lambda *_: frozenset())
    seen = []

    def read(version: str) -> None:
        seen.append(version)
        if len(seen) == 1:
            (sources / "title.csv").write_bytes((SOURCES / "title.csv").read_bytes() + b"\n")

    assert build.read_until_stable(sources, [], read) == seen[1] != seen[0]


@pytest.mark.parametrize("kind", ["a folder", "a link to nothing"])
def test_a_source_that_is_no_file_is_a_defect_with_its_name(kind, sources, tmp_path):
    path = sources / "title.csv"
    path.unlink()
    path.mkdir() if kind == "a folder" else path.symlink_to(tmp_path / "gone")
    done = run_build("--sources", sources, "--database", tmp_path / "park.duckdb")
    assert done.returncode == 1
    first, second = done.stderr.splitlines()
    assert first == "1 defect in the sources:"
    assert second.startswith("title.csv, line 1: '': cannot be read: ")


def test_the_schema_says_its_columns_and_a_database_has_them(built):
    asked = "select table_name || '.' || column_name from duckdb_columns() where not internal and schema_name = 'main'"
    assert {name for (name,) in built.sql(asked).fetchall()} == shape.get_schema_columns()
    assert built.sql("select schema_version from build").fetchall() == [(shape.compute_schema_version(),)]
    assert shape.read_data_version(built) == build.compute_data_version(SOURCES)
    shape.read_every_cell(built)


def changed(path: Path, *statements: str) -> None:
    with duckdb.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)


def inner_block(path: Path) -> None:
    """Overwrite a block that is met only by who reads that table: the file opens and has every table."""
    good = path.read_bytes()
    for start in range(12_288 + 16_384, len(good) - 16_384, 16_384):
        path.write_bytes(good[:start] + b"\xa5" * 4096 + good[start + 4096 :])
        if shape.read_built_version(path) is None:
            continue
        with duckdb.connect(path, read_only=True) as connection:
            try:
                shape.read_every_cell(connection)
            except duckdb.Error:
                return
    raise AssertionError("no such block")


def cut(part: float) -> "object":
    return lambda path: os.truncate(path, int(path.stat().st_size * part))


HARMS = {
    "empty": cut(0),
    "cut in its head": lambda path: os.truncate(path, 100),
    "cut after its head": lambda path: os.truncate(path, 12_288),
    "cut in half": cut(0.5),
    "cut near its end": cut(0.8),
    "first block overwritten": lambda path: path.write_bytes(b"\xff" * 4096 + path.read_bytes()[4096:]),
    "text": lambda path: path.write_text("not a database\n" * 5000, "utf-8"),
    "without tables": lambda path: (path.unlink(), changed(path, "create table other (one integer)")),
    "a table less": lambda path: changed(path, "drop table zone_source"),
    "a column renamed": lambda path: changed(path, "alter table title rename column title_id to code"),
    "of another schema": lambda path: changed(path, "update build set schema_version = 'older'"),
    "without a schema version": lambda path: changed(path, "alter table build drop column schema_version"),
}


@pytest.fixture
def service(park_database, tmp_path, monkeypatch):
    """A database of one's own in service."""
    path = tmp_path / "park.duckdb"
    shutil.copyfile(park_database, path)
    monkeypatch.setenv("PARK_DATABASE", str(path))
    monkeypatch.setenv("PARK_BATCHES", str(tmp_path / "batches"))
    monkeypatch.setattr(watch, "watch", watch.Watch())
    engine.close_database()
    yield path
    engine.close_database()
    engine.damage.clear()


@pytest.fixture
def client(service):
    with TestClient(
        Starlette(routes=[Mount("/api", app=server.LazyRoutes())]), raise_server_exceptions=False
    ) as asking:
        yield asking


def swapped(path: Path, harm: object) -> None:
    """Have a harmed copy take the place of a file, as a swap does."""
    other = path.with_name("other.duckdb")
    shutil.copyfile(path, other)
    harm(other)
    other.replace(path)


@pytest.mark.parametrize("harm", HARMS)
def test_a_harmed_database_is_built_anew_at_the_start(harm, service):
    HARMS[harm](service)
    assert shape.read_built_version(service) is None
    watch.watch.prepare()
    assert watch.watch.trouble is None
    assert engine.get_data_version() == build.compute_data_version(SOURCES)
    assert engine.get_table_rows("title").height == 2


@pytest.mark.parametrize("harm", ["empty", "cut in half", "text", "a table less", "of another schema"])
def test_a_harmed_file_in_place_of_the_one_in_service_leaves_that_in_service_and_is_built_anew(harm, client, service):
    watch.watch.prepare()
    version = engine.get_data_version()
    swapped(service, HARMS[harm])
    assert client.get("/api/tables/title.csv").status_code == 200
    assert engine.get_table_rows("unit").height == 29  # nobody had asked for it before
    told = client.get("/api/ready")
    assert (told.status_code, told.json()["data_version"]) == (200, version)
    [problem] = told.json()["problems"]
    assert (problem["what"], problem["file"]) == ("database", "park.duckdb")
    assert str(service.parent) not in told.text
    assert client.get("/api/park.duckdb").status_code == 503  # that very file is no database
    watch.watch.look()
    assert client.get("/api/ready").json()["problems"] == []
    assert shape.read_built_version(service) == version
    assert client.get("/api/park.duckdb").status_code == 200


@pytest.mark.parametrize("harm", ["text", "a table less"])
def test_without_a_good_state_routes_say_503_and_pages_one_sentence_until_it_is_mended(harm, client, service):
    HARMS[harm](service)
    for address in ("observations.csv", "targets.json", "tables/unit.csv", "park.duckdb", "ready"):
        answer = client.get(f"/api/{address}")
        assert answer.status_code == 503, address
        assert answer.json()
        assert str(service.parent) not in answer.text
    assert client.get("/api/health").json() == {"status": "ok"}
    for lang, sentence in (("zh", "数据库文件已损坏"), ("en", "The database file is damaged")):
        at = opened("overview", lang)
        [error] = at.error
        assert sentence in error.value
        assert len(at.title) == 0
        assert str(service.parent) not in "\n".join(said(at))
    watch.watch.look()
    assert client.get("/api/ready").status_code == 200
    assert len(opened("overview", "en").error) == 0


def test_damage_that_a_question_meets_gives_503_and_has_the_file_built_anew(client, service):
    watch.watch.prepare()
    inner_block(service)
    assert engine.get_data_version() == build.compute_data_version(SOURCES)
    answers = [client.get(f"/api/tables/{table}.csv?bom=0").status_code for table in engine.fetch("tables")["table_id"]]
    assert set(answers) == {200, 503}
    assert engine.damage.is_set()
    [problem] = client.get("/api/ready").json()["problems"]
    assert problem["what"] == "database"
    watch.watch.look(damaged=isinstance(engine.find_database_error(), DataDamaged))
    answers = [client.get(f"/api/tables/{table}.csv?bom=0").status_code for table in engine.fetch("tables")["table_id"]]
    assert set(answers) == {200}
    assert client.get("/api/ready").json()["problems"] == []


def test_damage_that_nobody_asked_for_is_met_by_reading_through(service):
    watch.watch.prepare()
    inner_block(service)
    apart = detached.DetachedConnection()
    with pytest.raises(DataDamaged):
        apart.read_through()
    apart.close()
    assert isinstance(engine.find_database_error(), DataDamaged)


def test_the_server_reads_through_a_new_file_by_itself_and_builds_a_damaged_one_anew(service, monkeypatch):
    watch.watch.prepare()
    inner_block(service)
    harmed = service.read_bytes()
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.05)
    stop = threading.Event()
    looking = threading.Thread(target=watch.keep_looking, args=(stop,))
    looking.start()
    until = time.monotonic() + 60
    while (service.read_bytes() == harmed or shape.read_built_version(service) is None) and time.monotonic() < until:
        time.sleep(0.05)
    stop.set()
    looking.join()
    with duckdb.connect(service, read_only=True, config={"enable_external_access": "false"}) as connection:
        shape.read_every_cell(connection)


def test_where_nothing_was_changed_it_is_tried_again_after_a_while(service, monkeypatch):
    service.unlink()
    with monkeypatch.context() as disk:
        disk.setattr(watch.build, "build_if_stale", full)
        watch.watch.prepare()
    assert watch.watch.trouble.what == "disk"
    watch.watch.look()
    assert watch.watch.trouble is not None
    watch.watch._tried -= watch.AGAIN_SECONDS
    watch.watch.look()
    assert watch.watch.trouble is None
    assert shape.read_built_version(service) == build.compute_data_version(SOURCES)


def full():
    raise build.BuildFailed("park.duckdb could not be written: no space", "disk")


def test_a_damaged_file_and_broken_sources_are_both_told_and_end_when_the_source_is_mended(
    client, service, sources, monkeypatch
):
    monkeypatch.setenv("PARK_SOURCES", str(sources))
    put("month_13", sources, "observation")
    HARMS["text"](service)
    watch.watch.prepare()
    told = client.get("/api/ready")
    assert told.status_code == 503
    content = told.json()
    assert (content["status"], content["data_version"], content["stale"]) == ("unavailable", None, True)
    [problem] = content["problems"]
    assert (problem["what"], problem["file"], problem["line"]) == ("sources", "observation/month_13.csv", 2)
    [error] = opened("overview", "en").error
    assert "line 2 of the source observation/month_13.csv has a defect" in error.value
    (sources / "observation" / "month_13.csv").unlink()
    watch.watch.look()
    assert client.get("/api/ready").json()["problems"] == []
    assert len(opened("overview", "en").error) == 0


def test_the_warning_names_the_source_and_ends_when_it_is_mended_and_not_before(client, service, sources, monkeypatch):
    monkeypatch.setenv("PARK_SOURCES", str(sources))
    put("month_13", sources, "observation")
    watch.watch.prepare()
    watch.watch.look()
    for lang, sentence in (
        ("zh", "数据源 observation/month_13.csv 第 2 行有误，数据未能更新；本页显示上一版数据"),
        ("en", "line 2 of the source observation/month_13.csv has a defect. This page shows the previous version"),
    ):
        at = opened("overview", lang)
        [warning] = at.warning
        assert sentence in warning.value
        assert len(at.title) == 1
    content = client.get("/api/ready").json()
    assert (content["status"], content["stale"]) == ("ready", True)
    assert content["since"] is not None and "month_13.csv, line 2" in content["why"]
    (sources / "observation" / "month_13.csv").unlink()
    watch.watch.look()
    assert len(opened("overview", "en").warning) == 0
    content = client.get("/api/ready").json()
    assert (content["stale"], content["since"], content["why"], content["problems"]) == (False, None, None, [])


def test_a_warning_ends_when_the_operator_has_built(service, sources, monkeypatch):
    monkeypatch.setenv("PARK_SOURCES", str(sources))
    put("month_13", sources, "observation")
    watch.watch.prepare()
    assert watch.watch.trouble is not None
    (sources / "observation" / "month_13.csv").unlink()
    assert run_build().returncode == 0
    before = service.stat().st_ino
    watch.watch.look()
    assert watch.watch.trouble is None
    assert service.stat().st_ino == before  # and nothing is built twice


def test_sources_that_change_while_the_data_is_in_order_are_told_as_stale_and_wait_for_their_build(
    client, service, sources, monkeypatch
):
    monkeypatch.setenv("PARK_SOURCES", str(sources))
    watch.watch.prepare()
    version = engine.get_data_version()
    (sources / "title.csv").write_bytes((SOURCES / "title.csv").read_bytes().replace(b"N2,", b"N3,"))
    watch.watch.look()
    content = client.get("/api/ready").json()
    assert (content["status"], content["stale"], content["data_version"]) == ("ready", True, version)
    assert content["problems"] == []
    assert len(opened("overview", "en").warning) == 0
    build.build_database()
    watch.watch.look()
    content = client.get("/api/ready").json()
    assert (content["stale"], content["data_version"] != version) == (False, True)


def test_a_folder_in_place_of_the_database_is_told_and_ends_when_it_is_moved_away(client, service):
    service.unlink()
    service.mkdir()
    watch.watch.prepare()
    told = client.get("/api/ready")
    assert told.status_code == 503
    [problem] = [one for one in told.json()["problems"] if one["what"] != "settings"]
    assert (problem["what"], problem["file"]) == ("folder", "park.duckdb")
    assert "park.duckdb is a folder" in problem["said"]
    service.rmdir()
    watch.watch.look()
    assert client.get("/api/ready").status_code == 200


def test_damage_again_and_again_is_not_mended_for_ever(service):
    watch.watch.prepare()
    for _ in range(watch.REBUILDS_AN_HOUR):
        swapped(service, HARMS["text"])
        watch.watch.look()
        assert engine.get_data_version() == build.compute_data_version(SOURCES)
    swapped(service, HARMS["text"])
    watch.watch.look()
    assert shape.read_built_version(service) is None
    assert engine.get_data_version() == build.compute_data_version(SOURCES)  # of the last good state


def test_an_error_nobody_expected_ends_the_wait_and_is_told_with_its_file(tmp_path, client, monkeypatch, caplog):
    monkeypatch.setenv("PARK_DATABASE", str(tmp_path / ("x" * 300)))
    watch.watch.prepare()
    trouble = watch.watch.trouble
    assert trouble is not None
    assert (trouble.what, trouble.file) == ("other", "x" * 300)
    assert "File name too long" in trouble.said
    assert "Traceback" in caplog.text
    assert str(tmp_path) not in client.get("/api/ready").text
    [error] = opened("overview", "en").error
    assert "an error while xxx" in error.value


def test_an_error_of_our_own_ends_the_wait_too(client, monkeypatch, caplog):
    monkeypatch.setattr(watch.build, "build_if_stale", lambda: {}["a fault of ours"])
    watch.watch.prepare()
    assert (watch.watch.trouble.what, watch.watch.trouble.said) == (
        "other", "the data could not be prepared: KeyError",
    )  # fmt: skip
    assert "a fault of ours" in caplog.text
    assert [one["what"] for one in client.get("/api/ready").json()["problems"]] == ["other"]


def test_a_list_of_batches_that_is_no_text_fails_the_build_with_its_name(service, tmp_path):
    (tmp_path / "batches").mkdir()
    (tmp_path / "batches" / "in_use").write_bytes(b"\xff\xfe\x00")
    watch.watch.prepare()
    trouble = watch.watch.trouble
    assert trouble is not None
    assert trouble.what == "store"
    assert "in_use, cannot be read" in trouble.said


@pytest.mark.parametrize("altered", ["other rows", "a byte less"])
def test_a_batch_whose_parquet_was_altered_is_named_by_build_log_and_readiness_with_the_command_that_takes_it_out(
    altered, service, tmp_path, client, caplog
):
    path = tmp_path / "mine.csv"
    path.write_text("地区,指标,时期,数值,单位\n湘潭高新区,工业总产值,1990,1.5,亿元\n", "utf-8")
    load_figure_files([path], LoadOptions("zh"))
    [name] = batches.get_batch_ids_in_use()
    rows = tmp_path / "batches" / name / "observation.parquet"
    if altered == "other rows":
        pl.read_parquet(rows).with_columns(value=pl.lit(99.5)).write_parquet(rows)
    else:
        rows.write_bytes(rows.read_bytes()[:-1])
    service.unlink()
    engine.close_database()
    told = f"batch {name} cannot be read: its file observation.parquet"
    mend = f"python -m data.load --remove {name}"
    done = run_build()
    assert done.returncode == 1
    assert told in done.stderr
    assert mend in done.stderr
    watch.watch.prepare()
    assert told in caplog.text
    assert mend in caplog.text
    answer = client.get("/api/ready")
    assert answer.status_code == 503
    [problem] = answer.json()["problems"]
    assert problem["what"] == "store"
    assert told in problem["said"]
    assert mend in problem["said"]
    activation.set_batches_in_use(name, use=False)
    watch.watch.look()
    assert (client.get("/api/ready").status_code, client.get("/api/ready").json()["problems"]) == (200, [])


def test_a_module_that_cannot_be_made_ready_stops_nothing(caplog):
    startup.import_or_call("queries.service.warmup:no_such_function")
    startup.import_or_call("queries.no_such_module")
    assert caplog.text.count("could not be made ready") == 2


def test_health_and_readiness_are_answered_while_the_data_is_prepared(client, monkeypatch):
    monkeypatch.setattr(server, "PATIENCE_SECONDS", 1)
    startup.started.set()
    try:
        assert client.get("/api/health").json() == {"status": "ok"}
        told = client.get("/api/ready")
        assert (told.status_code, told.json()["status"]) == (503, "preparing")
    finally:
        startup.started.clear()
    assert client.get("/api/ready").json()["status"] == "ready"


def test_a_server_with_a_source_that_is_a_folder_says_so_and_needs_no_restart_once_it_is_mended(sources, tmp_path):
    (sources / "title.csv").unlink()
    (sources / "title.csv").mkdir()
    port = free_port()
    environment = os.environ | {
        "PARK_SOURCES": str(sources),
        "PARK_DATABASE": str(tmp_path / "park.duckdb"),
        "PARK_BATCHES": str(tmp_path / "batches"),
        "PARK_UPLOAD_MB": "abc",
    }
    log = tmp_path / "log"
    command = [*STREAMLIT, "--server.port", str(port), "--server.address", "localhost"]
    with process(command, log, lambda: get(port, "/api/health").status == 200, 60, cwd=ROOT, env=environment) as child:
        refused = get(port, "/api/observations.csv")  # waits until the data is prepared, and no longer
        assert refused.status == 503
        told = get(port, "/api/ready")
        assert told.status == 503
        assert b'"title.csv"' in told.body
        assert b'"PARK_UPLOAD_MB"' in told.body
        (sources / "title.csv").rmdir()
        shutil.copyfile(SOURCES / "title.csv", sources / "title.csv")
        for _ in range(600):
            if get(port, "/api/ready").status == 200:
                break
            assert child.poll() is None
            startup.threading.Event().wait(0.1)
        assert get(port, "/api/ready").status == 200
        assert get(port, "/api/observations.csv").status == 200
    assert "PARK_UPLOAD_MB=abc: must be a number of megabytes" in log.read_text("utf-8")


WRONG = {
    "PARK_UPLOAD_MB": ["abc", "0", "-5", "nan", "inf", "1e9", "200 MB"],
    "PARK_SOURCES": ["/no/such/folder"],
    "PARK_RULES": ["/no/such/folder"],
    "PARK_DATABASE": ["/"],
    "PARK_BATCHES": [__file__],
    "PARK_LEDGERS": [__file__],
    "PARK_UPLOADS_MB": ["300"],
    "PARK_READ_SECONDS": ["0", "soon"],
    "PARK_READ_MEMORY_MB": ["-1"],
    "PARK_RATE": ["-1", "400.5"],
    "PARK_PROXIES": ["one", "100"],
    "PARK_LOG": ["xml"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_setting_that_is_wrong_has_one_complaint_with_name_value_and_what_holds(name, value):
    [complaint] = settings.find_setting_problems({name: value, "HOME": "/root", "PARK_FRAME_HOSTS": ""})
    assert str(complaint).startswith(f"{name}={value}: ")
    assert complaint.must and complaint.instead


def test_settings_that_fit_have_no_complaint():
    fits = {"PARK_UPLOAD_MB": "0.5e3", "PARK_SOURCES": str(SOURCES), "PARK_DATABASE": "/tmp/none/park.duckdb"}
    assert settings.find_setting_problems(fits) == []


def test_a_typo_is_told_with_the_name_meant():
    [complaint] = settings.find_setting_problems({"PARK_UPLOAD_MD": "300"})
    assert "PARK_UPLOAD_MB may be meant" in str(complaint)


@pytest.mark.parametrize("value", WRONG["PARK_UPLOAD_MB"])
def test_a_bound_that_is_wrong_is_the_default(value, monkeypatch):
    monkeypatch.setenv("PARK_UPLOAD_MB", value)
    assert open_file.get_size_limit() == 200_000_000


def test_the_commands_tell_a_wrong_setting(tmp_path):
    done = run_build("--check", PARK_UPLOAD_MB="abc")
    assert done.returncode == 0
    assert done.stderr == "PARK_UPLOAD_MB=abc: must be a number of megabytes from 1 to 100000; 200 is used\n"


def test_the_manual_and_the_table_name_the_same_settings():
    manual = (ROOT / "docs" / "hosting.md").read_text("utf-8")
    for name in settings.SETTINGS:
        assert f"`{name}`" in manual


def test_every_variable_that_the_code_reads_is_a_setting():
    files = [
        ROOT / "app.py",
        *(path for shelf in ("data", "queries", "pages") for path in (ROOT / shelf).rglob("*.py")),
    ]
    named = {name for path in files for name in re.findall(r"PARK_[A-Z_]+[A-Z]", path.read_text("utf-8"))}
    assert named - {"PARK_UPLOAD_MD"} == set(settings.SETTINGS)
