"""A backup of all that was loaded, and its way back; what is no whole backup changes nothing."""

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import pytest

from data.database import build
from data.ledger import ledger, versions
from data.loading import activation, backup, restoring
from data.loading.figures_command import LoadOptions, load_figure_files
from data.storage import batches
from queries.database import engine
from tests.conftest import ROOT, SOURCES

BOOK = ROOT / "tests" / "broken" / "ledger" / "in_order.xlsx"
HEADS = "地区,指标,时期,数值,单位\n"


def named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all that is kept stand in a folder."""
    for name, at in {"DATABASE": "park.duckdb", "BATCHES": "batches", "LEDGERS": "ledgers"}.items():
        monkeypatch.setenv(f"PARK_{name}", str(place / at))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, park_database):
    """Two batches, one in use, and a ledger."""
    place = tmp_path_factory.mktemp("loaded") / "home"
    place.mkdir()
    with pytest.MonkeyPatch.context() as monkeypatch:
        named(place, monkeypatch)
        shutil.copyfile(park_database, place / "park.duckdb")
        for year in (1990, 1995):
            path = place / f"{year}.csv"
            path.write_text(f"{HEADS}湘潭高新区,工业总产值,{year},1.5,亿元\n", "utf-8")
            load_figure_files([path], LoadOptions("zh"))
        activation.set_batches_in_use(batches.get_batch_ids_in_use()[0], use=False)
        versions.keep_ledger(ledger.read_ledger_workbook(BOOK.read_bytes(), "demo.xlsx"))
        yield place
        engine.close_database()


@pytest.fixture
def home(tmp_path, loaded, monkeypatch):
    """A place of its own for all that is kept: two batches, one in use, and a ledger."""
    named(tmp_path, monkeypatch)
    shutil.copytree(loaded, tmp_path, dirs_exist_ok=True)
    yield tmp_path
    engine.close_database()


def command(*options: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """python -m data.backup, as the manual says it."""
    line = [sys.executable, "-W", "error", "-m", "data.backup", *map(str, options)]
    return subprocess.run(
        line, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=120, check=False
    )


def state(home: Path) -> dict[str, str]:
    """Digest of every file that is kept."""
    kept = [path for path in home.rglob("*") if path.is_file() and path.parent != home and path.suffix != ".zip"]
    return {path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


def own(home: Path) -> list[str]:
    with duckdb.connect(home / "park.duckdb", read_only=True) as connection:
        rows = connection.sql("select period from observation where evidence = 'own' order by 1").fetchall()
    return [row[0] for row in rows]


def changed(content: dict[str, bytes], path: Path, **about: object) -> Path:
    """A backup of these files, with a right list of them."""
    listed = {name: hashlib.sha256(text).hexdigest() for name, text in content.items()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text)
        archive.writestr("backup.json", json.dumps({"format": 1, "files": listed} | about))
    return path


def test_a_backup_brings_back_on_an_empty_host_what_was_kept_in_use_and_out_of_use(home):
    before, used, park = state(home), batches.get_batch_ids_in_use(), versions.find_park_ledger("demo")
    done = command(home / "park.zip")
    assert (done.returncode, done.stderr) == (0, "")
    assert "已备份到" in done.stdout
    shutil.rmtree(home / "batches")
    shutil.rmtree(home / "ledgers")
    build.build_database()
    assert own(home) == []
    done = command("--restore", home / "park.zip", "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Restored from" in done.stdout
    assert state(home) == before
    assert (batches.get_batch_ids_in_use(), versions.find_park_ledger("demo").version) == (used, park.version)
    assert own(home) == ["1995"]


def test_what_was_there_before_a_restore_is_kept_as_a_backup_that_can_be_restored(home):
    backup.write_backup(home / "park.zip")
    path = home / "later.csv"
    path.write_text(f"{HEADS}湘潭高新区,工业总产值,1999,1.5,亿元\n", "utf-8")
    load_figure_files([path], LoadOptions("zh"))
    versions.deactivate_ledger("demo")
    later = state(home)
    aside, _ = restoring.restore_backup(home / "park.zip", "20261128T194500")
    assert own(home) == ["1995"]
    assert versions.find_park_ledger("demo") is not None
    kept = aside.read_bytes()
    other, _ = restoring.restore_backup(aside, "20261128T194500")
    assert state(home) == later
    assert (aside.read_bytes(), other.name) == (kept, "before-20261128T194500-2.zip")
    assert own(home) == ["1995", "1999"]
    assert versions.find_park_ledger("demo") is None


def test_a_backup_is_not_written_over_another_unless_told(home):
    (home / "park.zip").write_bytes(b"mine")
    done = command(home / "park.zip")
    assert done.returncode == 1
    assert "已存在" in done.stderr
    assert (home / "park.zip").read_bytes() == b"mine"
    assert command(home / "park.zip", "--force").returncode == 0
    assert zipfile.is_zipfile(home / "park.zip")


def test_a_backup_that_was_killed_after_its_last_step_can_be_repeated_until_something_else_is_kept(home):
    count = backup.write_backup(home / "park.zip")
    before = (home / "park.zip").read_bytes()
    assert backup.write_backup(home / "park.zip") == count
    assert (home / "park.zip").read_bytes() == before
    versions.deactivate_ledger("demo")
    with pytest.raises(FileExistsError):
        backup.write_backup(home / "park.zip")
    versions.restore_version("demo", versions.get_ledger_versions("demo")[0].name)
    (home / "park.zip").write_bytes(before[:-9] + b"\0" + before[-8:])
    with pytest.raises(FileExistsError):
        backup.write_backup(home / "park.zip")


def test_a_batch_in_use_that_is_damaged_is_named_and_no_backup_is_written(home):
    [name] = batches.get_batch_ids_in_use()
    (home / "batches" / name / "observation.parquet").write_bytes(b"PAR1")
    done = command(home / "park.zip")
    assert done.returncode == 1
    assert f"--remove {name}" in done.stderr
    assert not (home / "park.zip").exists()


@pytest.mark.parametrize(
    "name",
    ["../x.csv", "/etc/x.csv", "batches/../../x.json", "sources/../x.csv", "sources\\x.csv", "batches/x.py",
     "ledgers/demo/20250101T000000-abcdefabcdef.duckdb/x", "sources/.hidden/x.csv", "C:/x.csv"],
)  # fmt: skip
def test_an_archive_with_a_name_that_no_backup_holds_changes_nothing(name, home):
    before = state(home)
    with pytest.raises(restoring.InvalidBackup, match="stays as it was"):
        restoring.restore_backup(changed({name: b"x"}, home / "park.zip"), "20261128T194500")
    assert state(home) == before


def test_a_link_in_an_archive_changes_nothing(home):
    before, path = state(home), home / "park.zip"
    link = zipfile.ZipInfo("batches/in_use")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        files = {"batches/in_use": hashlib.sha256(b"/etc/passwd").hexdigest()}
        archive.writestr("backup.json", json.dumps({"format": 1, "files": files}))
    with pytest.raises(restoring.InvalidBackup, match="holds what no backup holds"):
        restoring.restore_backup(path, "20261128T194500")
    assert state(home) == before


def test_a_backup_that_was_cut_or_changed_changes_nothing(home):
    backup.write_backup(home / "whole.zip")
    before, content = state(home), (home / "whole.zip").read_bytes()
    (home / "cut.zip").write_bytes(content[: len(content) // 2])
    assert "不是完整的备份" in command("--restore", home / "cut.zip").stderr
    with zipfile.ZipFile(home / "whole.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name != "backup.json"}
    about = json.loads(zipfile.ZipFile(home / "whole.zip").read("backup.json"))
    name = next(name for name in files if name.endswith(".parquet"))
    changed(files | {name: files[name][:-1] + b"x"}, home / "other.zip", files=about["files"])
    with pytest.raises(restoring.InvalidBackup, match=f"{name} is damaged"):
        restoring.restore_backup(home / "other.zip", "20261128T194500")
    assert state(home) == before


def test_a_backup_of_which_no_database_can_be_built_changes_nothing(home, tmp_path):
    backup.write_backup(home / "park.zip")
    before = state(home)
    with zipfile.ZipFile(home / "park.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name != "backup.json"}
    files["batches/in_use"] = b"20200101-00000000\n"
    with pytest.raises(OSError, match="20200101-00000000 cannot be read"):
        restoring.restore_backup(changed(files, home / "bad.zip"), "20261128T194500")
    assert state(home) == before
    assert own(home) == ["1995"]


def test_own_sources_are_in_the_backup_and_come_back(home, monkeypatch):
    mine = home / "mine"
    shutil.copytree(SOURCES, mine)
    monkeypatch.setenv("PARK_SOURCES", str(mine))
    backup.write_backup(home / "park.zip")
    before = state(home)
    (mine / "park.csv").write_text("broken", "utf-8")
    (mine / "more.csv").write_text("broken", "utf-8")
    restoring.restore_backup(home / "park.zip", "20261128T194500")
    assert state(home) == before
    monkeypatch.delenv("PARK_SOURCES")
    with pytest.raises(restoring.InvalidBackup, match="set PARK_SOURCES"):
        restoring.restore_backup(home / "park.zip", "20261128T194500")
