"""Own figures loaded for good: batches, the database built with them, kills, full disks, swaps under readers."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import duckdb
import pytest

from data.database import build, shape
from data.loading import activation
from data.loading.figures_command import LoadOptions, load_figure_files
from data.storage import batches
from queries.database import engine
from queries.targets.findings import get_consistency_findings
from tests.conftest import ROOT, SOURCES
from tests.drills.store import Home, Runner, repeated, steps
from tests.hosting import servers

PUBLISHED = 11371  # figures of the sources
HEADS = "地区,指标,时期,数值,单位\n"


@pytest.fixture
def home(tmp_path, park_database, monkeypatch):
    """A place of its own for database and batches; the database is that of the sources."""
    monkeypatch.setenv("PARK_DATABASE", str(tmp_path / "park.duckdb"))
    monkeypatch.setenv("PARK_BATCHES", str(tmp_path / "batches"))
    shutil.copyfile(park_database, tmp_path / "park.duckdb")
    yield tmp_path
    engine.close_database()


def put(home: Path, name: str, text: str) -> Path:
    path = home / name
    path.write_text(text, "utf-8")
    return path


def figures(home: Path, name: str = "mine.csv", first: int = 2000, count: int = 3) -> Path:
    rows = "".join(f"湘潭高新区,工业总产值,{year},{year % 100}.5,亿元\n" for year in range(first, first + count))
    return put(home, name, HEADS + rows)


def command(*options: object) -> subprocess.CompletedProcess[str]:
    """python -m data.load, as a reader of the manual runs it."""
    line = [sys.executable, "-W", "error", "-m", "data.load", *map(str, options)]
    return subprocess.run(line, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=120, check=False)


def own(home: Path) -> tuple[int, int, int]:
    """Figures of the sources, own figures, and own figures as the table of batches counts them."""
    with duckdb.connect(home / "park.duckdb", read_only=True) as connection:
        [counts] = connection.sql(
            "select count(*) filter (evidence = 'published'), count(*) filter (evidence = 'own'), "
            "(select coalesce(sum(observations), 0)::integer from batch) from observation"
        ).fetchall()
    return counts


def drafts(home: Path) -> list[str]:
    return sorted(path.name for path in home.rglob("*draft*"))


# The command line


def test_a_file_is_loaded_listed_removed_and_restored_with_its_name_time_hash_and_counts(home):
    done = command(figures(home))
    assert (done.returncode, done.stderr) == (0, "")
    [batch] = batches.get_batches()
    assert f"已载入，批次 {batch.batch_id}：数据 3。" in done.stdout
    assert (batch.file_name, batch.rows, len(batch.sha256)) == ("mine.csv", {"observation": 3}, 64)
    assert own(home) == (PUBLISHED, 3, 3)
    line = command("--list").stdout.splitlines()[1].split("\t")
    assert (line[0], line[1], line[5], line[9]) == (batch.batch_id, "正在使用", "3", "mine.csv")
    assert command("--remove", batch.batch_id).returncode == 0
    assert own(home) == (PUBLISHED, 0, 0)
    assert "已停用" in command("--list").stdout
    assert command("--restore", batch.batch_id, "--lang", "en").stdout == f"Batch {batch.batch_id} is in use again.\n"
    assert own(home) == (PUBLISHED, 3, 3)


def test_an_own_row_names_its_file_and_row_and_the_batch_its_source(home):
    load_figure_files([figures(home)], LoadOptions("zh"))
    with duckdb.connect(home / "park.duckdb", read_only=True) as connection:
        rows = connection.sql(
            "select observation_id, evidence::varchar, locator_zh, locator_en, title_zh, publisher_en, "
            "carrier::varchar, batch.file_name from observation join source using (source_id) "
            "join batch using (source_id) order by period"
        ).fetchall()
    short = batches.get_batches()[0].sha256[:8]
    assert rows[0] == (f"own-{short}-2", "own", "第 2 行", "row 2", "mine.csv", "Own data", "own", "mine.csv")
    assert len(rows) == 3


def test_a_file_with_defects_loads_nothing_unless_told_and_then_the_refused_rows_are_written(home):
    path = put(home, "mine.csv", HEADS + "湘潭高新区,工业总产值,2013,552,亿元\n火星,工业总产值,2013,x,亿元\n")
    done = command(path)
    assert done.returncode == 1
    assert "第 3 行，地区：'火星'：目录里没有这个地区" in done.stderr
    assert "第 3 行，数值：'x'：须是数字" in done.stderr
    assert "没有载入任何数据" in done.stderr
    assert batches.get_batches() == []
    done = command(path, "--accept", "--lang", "en")
    assert done.returncode == 0
    assert own(home) == (PUBLISHED, 1, 1)
    text = (home / "mine.csv.refused.csv").read_text("utf-8-sig")
    assert text.splitlines()[0] == "地区,指标,时期,数值,单位,row in the file,reason"
    assert text.splitlines()[1].startswith("火星,工业总产值,2013,x,亿元,3,")


def test_only_checking_writes_nothing(home):
    before = sorted(home.rglob("*"))
    done = command(figures(home), "--check")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "只核对，没有载入。")
    assert sorted(home.rglob("*")) == sorted([*before, home / "mine.csv"])


def test_the_same_file_again_is_not_loaded_twice_under_any_name_and_beside_a_new_one_it_is_refused(home):
    load_figure_files([figures(home)], LoadOptions("zh"))
    shutil.copyfile(home / "mine.csv", home / "other.csv")
    done = command(home / "other.csv", "--lang", "en")
    [batch] = batches.get_batches()
    assert (done.returncode, done.stderr) == (0, "")
    assert f"is in use already, batch {batch.batch_id}" in done.stdout
    done = command(home / "other.csv", figures(home, "new.csv", 2010), "--lang", "en")
    assert done.returncode == 1
    assert f"is in use already, batch {batch.batch_id}" in done.stderr
    assert "Nothing was loaded" in done.stderr
    assert own(home) == (PUBLISHED, 3, 3)


def test_a_park_that_is_not_in_the_list_is_added_by_its_own_file_in_any_order_of_files(home):
    data = put(home, "data.csv", HEADS + "某某高新区,充电桩,2024,120,个\n")
    parks = put(home, "parks.csv", "代码,名称,类别\nmy_park,某某高新区,高新区\n")
    added = put(home, "added.csv", "代码,名称,方面,单位,统计方式\ncharging,充电桩,民生,个,时点\n")
    assert command(data).returncode == 1
    assert command(data, parks, added).returncode == 0
    with duckdb.connect(home / "park.duckdb", read_only=True) as connection:
        found = connection.sql(
            "select park.name_zh, role::varchar, indicator.name_zh, value_text from observation "
            "join park using (park_id) join indicator using (indicator_id) where evidence = 'own'"
        ).fetchall()
    assert found == [("某某高新区", "own", "充电桩", "120")]
    used = {batch.file_name: batch.batch_id for batch in batches.get_batches()}
    done = command("--remove", used["parks.csv"])
    assert done.returncode == 1
    assert f"{used['data.csv']}, line 1: column park_id: 'my_park': no such park" in done.stderr
    assert own(home) == (PUBLISHED, 1, 1)


def test_a_batch_whose_code_or_name_was_taken_meanwhile_is_not_restored_and_both_are_named(home):
    heads = "代码,名称,方面,单位,统计方式\n"
    load_figure_files([put(home, "one.csv", heads + "charging,充电桩,民生,个,时点\n")], LoadOptions("zh"))
    [old] = batches.get_batch_ids_in_use()
    activation.set_batches_in_use(old, use=False)
    load_figure_files(
        [put(home, "two.csv", heads + "piles,充电桩,民生,个,时点\ncharging,充电站,民生,个,时点\n")], LoadOptions("zh")
    )
    done = command("--restore", old)
    assert done.returncode == 1
    assert "column name_zh: '充电桩': this name stands in the sources or in another own file too" in done.stderr
    assert "column indicator_id: 'charging': this code stands in the sources or in another own file" in done.stderr
    assert old not in batches.get_batch_ids_in_use()


def test_options_say_which_column_holds_what_and_give_values_for_every_row(home):
    path = put(home, "mine.csv", "甲,乙\n工业总产值,552\n")
    options = (
        "--map",
        "指标=甲",
        "--map",
        "value=乙",
        "--fix",
        "地区=湘潭高新区",
        "--fix",
        "period=2013",
        "--fix",
        "unit=亿元",
    )
    assert command(path, *options).returncode == 0
    assert own(home) == (PUBLISHED, 1, 1)
    done = command(path, "--map", "指标=丙")
    assert (done.returncode, done.stderr) == (1, "没有“丙”这一列。有：甲、乙\n")
    assert "要写成 字段=内容" in command(path, "--map", "指标").stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("nowhere.csv",), "没有文件 nowhere.csv。"),
        ((".",), ". 是文件夹，不是文件。请写出其中的文件名。"),
        (
            ("--remove", "20200101-00000000"),
            "没有这样的批次或台账：20200101-00000000。什么都没有停用。现有批次：—；现有台账：—",
        ),
        (
            ("--remove", "nopark", "20200101-00000000", "--lang", "en"),
            "There is no batch or ledger nopark, 20200101-00000000; nothing was taken out of use. Batches: —; "
            "ledgers: —",
        ),
        (("--restore", "nopark"), "nopark 没有更早的版本。留存的版本：没有"),
        (("--empty", "/nowhere/new.xlsx"), "/nowhere/new.xlsx：没有这个文件或文件夹"),
        (("--restore", "20200101-00000000", "--lang", "en"), "There is no batch 20200101-00000000. There are: —"),
    ],
)
def test_what_is_not_there_gets_one_line_and_exit_code_1(options, said, home, monkeypatch):
    monkeypatch.setenv("PARK_LEDGERS", str(home / "ledgers"))
    done = command(*options)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said + "\n")


def test_a_file_that_is_no_table_gets_one_line_in_the_chosen_language(home):
    (home / "report.pdf").write_bytes(b"%PDF-1.7")
    assert command(home / "report.pdf").stderr == "这是PDF 文件，不是表格。请把表存为 .xlsx 或 CSV\n"
    assert command(home / "report.pdf", "--lang", "en").stderr == "this is a PDF; save it as .xlsx or CSV\n"


def test_a_workbook_of_a_ledger_is_told_from_one_of_figures(home, monkeypatch):
    monkeypatch.setenv("PARK_LEDGERS", str(home / "ledgers"))
    done = command(ROOT / "tests" / "broken" / "ledger" / "in_order.xlsx", "--check")
    assert (done.returncode, done.stdout[:8]) == (0, "台账没有问题，共")


def test_a_corrected_file_tells_which_batch_it_overlaps_and_takes_its_place_in_one_step(home):
    load_figure_files([figures(home)], LoadOptions("zh"))
    [old] = batches.get_batch_ids_in_use()
    path = put(home, "new.csv", (home / "mine.csv").read_text("utf-8").replace(",1.5,", ",9.5,"))
    done = command(path, "--check", "--lang", "en")
    assert f"Batch {old} (mine.csv) contains some of these figures too: 2 are the same, 1 are not" in done.stdout
    assert command(path, "--replace", old).returncode == 0
    assert own(home) == (PUBLISHED, 3, 3)
    assert [batch.file_name for batch in batches.get_batches() if batch.batch_id in batches.get_batch_ids_in_use()] == [
        "new.csv"
    ]


# Whole or not at all


def grown(home: Path, rows: int = 30_000) -> Path:
    """A file large enough to be killed over."""
    lines = []
    for place in ("湘潭高新区", "长沙高新区", "株洲高新区", "益阳高新区"):
        for indicator in ("工业总产值", "财政收入", "固定资产投资", "地区生产总值", "营业收入", "税收"):
            for year in range(1985, 2025):
                lines += [f"{place},{indicator},{year}-{month:02},{month}.5,亿元" for month in range(1, 13)]
    return put(home, "grown.csv", HEADS + "\n".join(lines[:rows]) + "\n")


def start(path: Path) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "data.load", str(path)]
    return subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


MOMENTS = [("batches", 0.0), ("batches", 0.05), ("park.duckdb.*draft", 0.0), ("park.duckdb.*draft", 0.3),
           ("park.duckdb.*draft", 0.8), ("batches/in_use", 0.0), ("batches/2*-????????", 0.0)]  # fmt: skip


@pytest.mark.parametrize(("sign", "later"), MOMENTS)
def test_a_load_killed_at_any_moment_leaves_a_whole_state_and_can_be_repeated(sign, later, home):
    path = grown(home)
    count = len(path.read_text("utf-8").splitlines()) - 1
    process = start(path)
    until = time.monotonic() + 60
    while not list(home.glob(sign)) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(later)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    # What a reader sees: all of the file or nothing of it.
    assert own(home) in [(PUBLISHED, 0, 0), (PUBLISHED, count, count)]
    # What a server that starts makes of it: the same, or the finished load.
    build.build_if_stale()
    assert own(home) in [(PUBLISHED, 0, 0), (PUBLISHED, count, count)]
    assert drafts(home) == []
    done = command(path)
    assert own(home) == (PUBLISHED, count, count)
    assert done.returncode == 0
    assert drafts(home) == []
    assert len(batches.get_batch_ids_in_use()) == 1


def test_a_load_killed_between_list_and_database_is_finished_by_the_next(home):
    path = figures(home)
    load_figure_files([path], LoadOptions("zh"))
    [batch] = batches.get_batches()
    old = home / "old.duckdb"
    shape.read_built_version(home / "park.duckdb")
    # The state of that moment: the batch is in the list, the database is that of before.
    monkey = os.environ.pop("PARK_BATCHES")
    build.build_database(SOURCES, old)
    os.environ["PARK_BATCHES"] = monkey
    old.replace(home / "park.duckdb")
    assert own(home) == (PUBLISHED, 0, 0)
    done = command(path)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        0,
        f"mine.csv 上次载入时中断，现已完成，批次 {batch.batch_id}。",
    )
    assert own(home) == (PUBLISHED, 3, 3)


FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
from data.load import main
sys.exit(main())
"""


@pytest.mark.parametrize("room", [0, 10_000, 60_000, 600_000])
def test_a_full_disk_gives_exit_code_1_and_one_line_and_everything_stays(room, home):
    load_figure_files([figures(home)], LoadOptions("zh"))
    path, before = grown(home), (home / "park.duckdb").read_bytes()
    line = [sys.executable, "-c", FULL_DISK, str(room), str(path)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "不变" in done.stderr or "unchanged" in done.stderr
    assert (home / "park.duckdb").read_bytes() == before
    assert len(batches.get_batches()) == 1
    assert drafts(home) == []
    assert command(path).returncode == 0


LIMITED = """
import sys
from data import load
from data.isolation import pool
seconds, megabytes = float(sys.argv.pop(1)), int(sys.argv.pop(1))
pool.get_operator_limits = lambda size: pool.Limits(seconds, megabytes * 1_000_000)
sys.exit(load.main())
"""


@pytest.mark.parametrize(
    ("seconds", "megabytes", "lang", "said"),
    [
        ("0.02", "2000", "zh", "读了 0 秒还没读完，已停下，没有载入任何数据"),
        ("0.02", "2000", "en", "Not read within 0 s, so it was ended and nothing was loaded"),
        ("60", "90", "zh", "要用的内存超过 90 MB，已停下，在用的数据完好"),
        ("60", "90", "en", "It takes more than 90 MB of memory, so it was ended; what is in use is intact"),
    ],
)
def test_a_load_beyond_its_limits_is_ended_and_told_and_everything_stays(seconds, megabytes, lang, said, home):
    path, before = grown(home), (home / "park.duckdb").read_bytes()
    line = [sys.executable, "-c", LIMITED, seconds, megabytes, str(path), "--lang", lang]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(said)
    assert (home / "park.duckdb").read_bytes() == before
    assert batches.get_batch_ids_in_use() == []


BROKEN_LOAD = """
import os
from data.loading import command
command.load_files = lambda *chosen: {}["a fault of ours"]
code = command.main()
os._exit(code)
"""


def test_a_fault_of_our_own_in_a_load_is_no_want_of_memory(home):
    limits = b'{"memory": 5000000000, "seconds": 60, "parts": []}\n'
    with subprocess.Popen(
        [sys.executable, "-c", BROKEN_LOAD, str(figures(home))],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        child.stdin.write(limits)
        child.stdin.flush()
        told = child.stderr.read().decode()
        assert child.wait(60) == 1
    assert told.rstrip().endswith("(KeyError: 'a fault of ours')")
    assert "载入程序中断了，在用的数据完好" in told
    assert "Traceback" not in told


def test_a_load_that_is_killed_reads_on_in_no_process(home):
    process = start(grown(home))
    while not (ours := servers.children(process.pid)):
        time.sleep(0.01)
    process.kill()
    process.communicate()
    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in ours):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert batches.get_batch_ids_in_use() == []


def test_two_loads_at_once_are_both_there_in_the_end(home):
    both = [start(figures(home, "one.csv", 1990)), start(figures(home, "two.csv", 1995))]
    for process in both:
        assert process.communicate(timeout=120)[0].count("已载入") == 1
    assert own(home) == (PUBLISHED, 6, 6)
    assert drafts(home) == []


def test_the_same_file_twice_at_once_is_loaded_once(home):
    path = figures(home)
    both = [start(path), start(path)]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("没有再载入一次" in text for text in said) == 1
    assert own(home) == (PUBLISHED, 3, 3)


def test_a_replacement_killed_between_list_and_database_ends_as_an_unbroken_one(home):
    load_figure_files([figures(home)], LoadOptions("zh"))
    [old] = batches.get_batch_ids_in_use()
    killed = Home(home)
    with ExitStack() as stack:
        runner = Runner(stack)
        command = ["data.load", figures(home, "new.csv", 2010), "--replace", old]
        points, _ = steps(killed, runner, "replace", command)
        assert points[0].wanted[2] != [old[9:]]
        for point in points[-3:]:
            assert repeated(killed, runner, point) == "", point.name


DAMAGES = {
    "manifest.json": [b"{", b"", b"[]", None],
    "observation.parquet": [b"PAR1 and no more", None],
    "source.parquet": [b"", None],
}


@pytest.mark.parametrize(("file", "content"), [(file, one) for file, every in DAMAGES.items() for one in every])
def test_a_damaged_file_of_a_batch_is_named_with_the_command_that_takes_it_out_and_that_works(file, content, home):
    load_figure_files([figures(home)], LoadOptions("zh"))
    [name] = batches.get_batch_ids_in_use()
    path = home / "batches" / name / file
    path.unlink() if content is None else path.write_bytes(content)
    (home / "park.duckdb").unlink()
    told = rf"batch {name} cannot be read: its file {file} .*python -m data\.load --remove {name}"
    with pytest.raises(build.BuildFailed, match=told):
        build.build_if_stale()
    with pytest.raises(batches.DamagedBatch, match=told):
        load_figure_files([figures(home, "more.csv", 2010)], LoadOptions("zh"))
    activation.set_batches_in_use(name, use=False)
    assert batches.get_batch_ids_in_use() == []
    assert own(home) == (PUBLISHED, 0, 0)
    load_figure_files([home / "mine.csv"], LoadOptions("zh"))
    assert own(home) == (PUBLISHED, 3, 3)


def test_the_list_of_those_in_use_is_not_taken_for_empty_where_it_cannot_be_read(home):
    load_figure_files([figures(home)], LoadOptions("zh"))
    [name] = batches.get_batch_ids_in_use()
    (home / "batches" / "in_use").write_bytes(b"\xff\xfe")
    with pytest.raises(build.BuildFailed, match=f"write one code of a batch a line.*{name}"):
        build.build_if_stale()
    assert own(home) == (PUBLISHED, 3, 3)


def test_drafts_of_killed_writers_go_at_once_and_those_of_one_at_work_stay(home):
    (home / "batches").mkdir()
    left = [home / "park.duckdb.0.draft", home / "park.duckdb.0.draft.wal", home / "batches" / "in_use.0.draft"]
    for path in left:
        path.write_bytes(b"")
    folders = [home / "park.duckdb.0.draft.tmp", home / "batches" / "20261125-1a2b3c4d.0.draft"]
    for folder in folders:
        folder.mkdir()
        (folder / "part").write_bytes(b"")
    script = (
        "import sys\nfrom pathlib import Path\nfrom data.storage.atomic import hold_lock\n"
        "with hold_lock(Path(sys.argv[1])), hold_lock(Path(sys.argv[2])):\n    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    line = [sys.executable, "-c", script, str(home), str(home / "batches")]
    with subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as working:
        assert working.stdout.readline() == b"held\n"
        build.build_if_stale()
        assert len(drafts(home)) == 5
        working.kill()
    build.build_if_stale()
    assert drafts(home) == []


def test_the_data_version_follows_the_batches_in_use_and_a_start_keeps_them(home):
    before = build.compute_data_version(SOURCES)
    load_figure_files([figures(home)], LoadOptions("zh"))
    [name] = batches.get_batch_ids_in_use()
    version = shape.read_built_version(home / "park.duckdb")
    assert version == build.build_if_stale() == build.compute_data_version(SOURCES) != before
    (home / "park.duckdb").unlink()
    assert build.build_if_stale() == version
    assert own(home) == (PUBLISHED, 3, 3)
    activation.set_batches_in_use(name, use=False)
    assert build.compute_data_version(SOURCES) == before


def test_the_manifest_says_what_the_folder_holds(home):
    load_figure_files([figures(home)], LoadOptions("zh"))
    [name] = batches.get_batch_ids_in_use()
    manifest = json.loads((home / "batches" / name / "manifest.json").read_text("utf-8"))
    assert manifest["needs"] == {"park": ["xthtz"], "indicator": ["industrial_output"], "unit": ["yi_cny"]}
    assert {path.name for path in (home / "batches" / name).iterdir()} == {
        "manifest.json", "observation.parquet", "source.parquet",
    }  # fmt: skip


def test_findings_are_those_of_the_published_figures_alone(home):
    before = get_consistency_findings()["finding_id"].to_list()
    path = put(
        home, "mine.csv", HEADS + "湘潭高新区,规模工业总产值,2013,99999,亿元\n湘潭高新区,工业总产值,2013,1,亿元\n"
    )
    load_figure_files([path], LoadOptions("zh"))
    assert get_consistency_findings()["finding_id"].to_list() == before


# Under readers


def counted_figures() -> int:
    """Figures of every kind that the database in service holds."""
    all_of_them = dict.fromkeys(("theme", "indicators", "parks", "first", "last", "evidence", "asof"))
    return int(engine.fetch("observation_count", **all_of_them)["figures"].sum())


def test_20_readers_see_no_error_and_no_half_state_while_batches_come_and_go(home):
    problems: list[BaseException] = []
    seen: set[int] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                engine.pin_database_state()
                counted = counted_figures()
                with engine.open_cursor() as cursor:
                    [(rows, mine, told)] = cursor.sql(
                        "select count(*), count(*) filter (evidence = 'own'), "
                        "(select coalesce(sum(observations), 0)::integer from batch) from observation"
                    ).fetchall()
                assert (counted, mine) == (rows, told)
                seen.add(mine)
            except BaseException as problem:  # whatever it is, it must not happen
                problems.append(problem)
                return
            time.sleep(random.uniform(0, 0.05))

    readers = [threading.Thread(target=read) for _ in range(20)]
    for reader in readers:
        reader.start()
    try:
        load_figure_files([figures(home, "one.csv", 1990)], LoadOptions("zh"))
        load_figure_files([figures(home, "two.csv", 1995, 4)], LoadOptions("zh"))
        activation.set_batches_in_use(batches.get_batch_ids_in_use()[0], use=False)
    finally:
        time.sleep(0.3)
        stop.set()
        for reader in readers:
            reader.join(60)
    assert problems == []
    assert {0, 3, 7, 4} >= seen >= {4}
    assert len(seen) > 2


def test_a_stream_that_began_before_a_swap_ends_with_the_rows_it_began_with_and_nobody_waits_for_it(home):
    engine.close_database()
    with engine.open_cursor() as cursor:
        stream = cursor.execute("select count(*) over (), observation_id from observation, range(40) order by 2")
        first = stream.fetchmany(10)
        load_figure_files([figures(home)], LoadOptions("zh"))
        assert counted_figures() == PUBLISHED + 3
        rest = stream.fetchall()
    assert len(first) + len(rest) == PUBLISHED * 40
    assert {row[0] for row in [*first, *rest]} == {PUBLISHED * 40}


def test_sources_that_broke_since_the_build_are_named_by_every_change_and_nothing_changes(home, monkeypatch, tmp_path):
    sources = tmp_path / "sources"
    shutil.copytree(SOURCES, sources)
    monkeypatch.setenv("PARK_SOURCES", str(sources))
    build.build_database()
    assert command(figures(home)).returncode == 0
    with (sources / "alias.csv").open("a", encoding="utf-8") as file:
        file.write("没有的地区,park,nowhere,false\n")
    [used] = batches.get_batch_ids_in_use()
    for options in ((figures(home, "more.csv", first=2010),), ("--remove", used)):
        done = command(*options)
        assert (done.returncode, own(home)) == (1, (PUBLISHED, 3, 3))
        assert "alias.csv, line 94" in done.stderr
        assert batches.get_batch_ids_in_use() == [used]
