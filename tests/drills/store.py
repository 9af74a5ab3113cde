"""Drills of what is kept for good: loads killed at every step, and repeated as they stand."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

ROOT = Path(__file__).parent.parent.parent
BOOK = ROOT / "tests" / "broken" / "ledger" / "in_order.xlsx"
HEADS = "地区,指标,时期,数值,单位\n"
POINTS, SECONDS = 180, 200
# A real process that kills itself at the n-th change of a file below a folder; 0: it counts them.
KILLED = """
import os, signal, sys
place, at, seen = sys.argv.pop(1), int(sys.argv.pop(1)), 0
def count(event, args):
    global seen
    changes = event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree") or (
        event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    if changes and str(args[0]).startswith(place):
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from data.load import main
code = main()
sys.stdout.flush()
if not at:
    print(seen)
sys.exit(code)
"""


class Home:
    """A folder with a database, batches and ledgers of its own."""

    def __init__(self, place: Path) -> None:
        self.place = place
        named = {"DATABASE": "park.duckdb", "BATCHES": "batches", "LEDGERS": "ledgers"}
        self.environment = os.environ | {f"PARK_{name}": str(place / at) for name, at in named.items()}

    def put(self, name: str, text: str) -> Path:
        """A file to load."""
        path = self.place.parent / name
        path.write_text(text, "utf-8")
        return path

    def run(self, *options: object, at: int | None = None) -> subprocess.CompletedProcess[str]:
        """python -m data.load; at: killed at this change of a file, 0: their number is the last line."""
        start = ["-m", "data.load"] if at is None else ["-c", KILLED, str(self.place), str(at)]
        line = [sys.executable, *start, *map(str, options)]
        return subprocess.run(
            line, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )

    def state(self) -> tuple[object, ...]:
        """Rows, batches in use and kept, ledgers in use and kept, by what does not follow from the time; drafts."""
        with duckdb.connect(self.place / "park.duckdb", read_only=True) as connection:
            rows = connection.sql(
                "select evidence::varchar, park_id::varchar, indicator_id::varchar, period, value_text "
                "from observation order by all"
            ).fetchall()
            targets = connection.sql("select target_id::varchar from target order by 1").fetchall()
        listed = self.place / "batches" / "in_use"
        used = [name[9:] for name in (listed.read_text("utf-8").split() if listed.exists() else [])]
        kept = sorted(path.name[9:] for path in self.place.glob("batches/????????-????????"))
        versions = sorted(path.stem[16:] for path in self.place.glob("ledgers/*/*.duckdb"))
        marks = {path.parent.name: path.read_text()[16:] for path in self.place.glob("ledgers/*/current")}
        left = sorted(path.name for path in self.place.rglob("*") if "draft" in path.name or path.name == "going_back")
        return rows, targets, used, kept, versions, marks, left


def commands(home: Home) -> dict[str, list[object]]:
    """What is killed; before it two batches are in use, one is not, and a park has two versions of its ledger."""
    figures = "湘潭高新区,工业总产值,{},7.5,亿元\n"
    parks = home.put("parks.csv", "代码,名称,类别\nmy_park,某某高新区,高新区\n")
    theirs = home.put("theirs.csv", HEADS + "某某高新区,工业总产值,2010,1,亿元\n")
    new = home.put("new.csv", HEADS + figures.format(2001))
    bad = home.put("bad.csv", HEADS + figures.format(2002) + "火星,工业总产值,2013,x,亿元\n")
    first, _, out = sorted(path.name for path in home.place.glob("batches/????????-????????"))
    used = (home.place / "batches" / "in_use").read_text("utf-8").split()
    out = next(name for name in (first, _, out) if name not in used)
    return {
        "replace": [new, "--replace", used[0]], "load": [new], "several": [theirs, parks], "accept": [bad, "--accept"],
        "remove": ["--remove", used[0]], "restore": ["--restore", out], "ledger": [BOOK],
        "ledger back": ["--restore", "demo"], "ledger out": ["--remove", "demo"],
    }  # fmt: skip


@contextmanager
def prepared() -> Iterator[Home]:
    """A home with what the commands need."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        home.place.mkdir()
        build = [sys.executable, "-m", "data.build"]
        subprocess.run(build, cwd=ROOT, env=home.environment, capture_output=True, timeout=120, check=True)
        for year in (1990, 1991, 1992):
            home.run(home.put(f"{year}.csv", f"{HEADS}湘潭高新区,工业总产值,{year},1.5,亿元\n"))
        home.run("--remove", sorted((home.place / "batches" / "in_use").read_text("utf-8").split())[2])
        sample = home.place.parent / "sample.xlsx"
        home.run("--sample", sample)
        _as_demo(sample)
        home.run(sample)
        home.run(BOOK)
        yield home


def _as_demo(path: Path) -> None:
    """Another ledger of the park demo: the one in order, with a task renamed."""
    import openpyxl  # noqa: PLC0415 - of this drill alone

    book = openpyxl.load_workbook(BOOK)
    book["任务"].cell(2, 3, "另一件")
    book.save(path)


def whole(home: Home, options: list[object]) -> tuple[tuple[object, ...], int]:
    """The state that one unbroken run gives, and how many changes of files it takes."""
    with kept(home):
        done = home.run(*options, at=0)
        return home.state(), int(done.stdout.split()[-1])


@contextmanager
def kept(home: Home) -> Iterator[None]:
    """What happens to the home in here is undone."""
    aside = home.place.with_name("aside")
    shutil.copytree(home.place, aside)
    try:
        yield
    finally:
        shutil.rmtree(home.place)
        aside.rename(home.place)


def repeated(home: Home, options: list[object], at: int, wanted: tuple[object, ...]) -> str:
    """What is wrong after a kill at a change of a file and the same command again; "" where nothing is."""
    with kept(home):
        killed = home.run(*options, at=at)
        done = home.run(*options)
        if killed.returncode != -signal.SIGKILL:
            return "it was not killed"
        if done.returncode or not done.stdout.strip():
            return f"code {done.returncode}: {done.stderr.strip()}"
        return "" if home.state() == wanted else "another state"


def drill_loads_killed_at_every_step() -> tuple[int, int, str]:
    """A load, a change of batches or of a ledger that is killed at any step can be repeated as it stands"""
    tried, held, until, wrong = 0, 0, time.monotonic() + SECONDS, ""
    with prepared() as home:
        points = []
        for name, options in commands(home).items():
            wanted, count = whole(home, options)
            points += [(name, options, at, wanted) for at in range(1, count + 1)]
        random.Random(7).shuffle(points)
        for name, options, at, wanted in points[:POINTS]:
            if time.monotonic() > until:
                break
            problem = repeated(home, options, at, wanted)
            tried, held = tried + 1, held + (not problem)
            wrong = wrong or (f"{name}, step {at}: {problem}" if problem else "")
    return tried, held, wrong or f"of {len(points)} steps of nine commands"
