"""Drills of what is kept for good: loads and backups killed at every step, and repeated as they stand."""

import itertools
import json
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).parent.parent.parent
BOOK = ROOT / "tests" / "broken" / "ledger" / "in_order.xlsx"
HEADS = "地区,指标,时期,数值,单位\n"
POINTS, BACKUP_POINTS, SECONDS, AT_ONCE = 180, 60, 400, 2


class Home:
    """A folder with a database, batches and ledgers of its own."""

    def __init__(self, place: Path) -> None:
        self.place = place
        named = {"DATABASE": "park.duckdb", "BATCHES": "batches", "LEDGERS": "ledgers"}
        self.environment = {f"PARK_{name}": str(place / at) for name, at in named.items()}

    def put(self, name: str, text: str) -> Path:
        """A file to load."""
        path = self.place.parent / name
        path.write_text(text, "utf-8")
        return path

    def state(self) -> tuple[object, ...]:
        """Rows, batches in use and kept, ledgers in use and kept, by what does not follow from the time; drafts."""
        with duckdb.connect(self.place / "park.duckdb", read_only=True) as connection:
            rows = connection.sql(
                "select evidence::varchar, park_id::varchar, indicator_id::varchar, period, value_text "
                "from observation order by all"
            ).fetchall()
            targets = connection.sql("select target_id::varchar from target order by 1").fetchall()
        used = [name[9:] for name in self.used()]
        kept = sorted(path.name[9:] for path in self.place.glob("batches/????????-????????"))
        versions = sorted(path.stem[16:] for path in self.place.glob("ledgers/*/*.duckdb"))
        marks = {path.parent.name: path.read_text()[16:] for path in self.place.glob("ledgers/*/current")}
        left = sorted(path.name for path in self.place.rglob("*") if "draft" in path.name or path.name == "going_back")
        archives = {path.name: sorted(zipfile.ZipFile(path).namelist()) for path in self.place.glob("*.zip")}
        return rows, targets, used, kept, versions, marks, archives, left

    def used(self) -> list[str]:
        """Codes of the batches in use."""
        listed = self.place / "batches" / "in_use"
        return listed.read_text("utf-8").split() if listed.exists() else []


@dataclass(frozen=True)
class Done:
    """How a command ended, what it said, and the seconds it took."""

    code: int
    stdout: str
    stderr: str
    seconds: float


class Runner:
    """Runs commands one after the other: tests/drills/forked.py."""

    def __init__(self, stack: ExitStack) -> None:
        line = [sys.executable, "-m", "tests.drills.forked"]
        piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = stack.enter_context(subprocess.Popen(line, cwd=ROOT, text=True, **piped))  # type: ignore[call-overload]
        self.said = Path(stack.enter_context(tempfile.TemporaryDirectory()))

    def run(
        self, home: Home, command: "list[object]", *, record: Path | None = None, after: float | None = None
    ) -> Done:
        """One command: a module and its options, in which {home} is the home.

        record: folder for what the home is like before each change of a file in it. after: seconds until it is killed.
        """
        module, *options = (str(part).replace("{home}", str(home.place)) for part in command)
        job: dict[str, Any] = {name: str(self.said / name) for name in ("stdout", "stderr")}
        job |= {"module": module, "options": options, "environment": home.environment, "place": str(home.place)}
        self.process.stdin.write(json.dumps(job | {"record": str(record or ""), "after": after}) + "\n")
        self.process.stdin.flush()
        ended = json.loads(self.process.stdout.readline())
        said = [(self.said / name).read_text("utf-8") for name in ("stdout", "stderr")]
        return Done(ended["code"], *said, ended["seconds"])


@dataclass(frozen=True)
class Point:
    """A command that is killed: what is left of the home, and what the same command again is to make of it.

    left: a folder as it was just before a change of a file; None: it is killed after so many seconds.
    """

    name: str
    command: list[object]
    wanted: tuple[object, ...]
    left: Path | None = None
    after: float = 0.0


def commands(home: Home) -> dict[str, list[object]]:
    """What is killed; before it two batches are in use, one is not, and a park has two versions of its ledger."""
    figures = "湘潭高新区,工业总产值,{},7.5,亿元\n"
    parks = home.put("parks.csv", "代码,名称,类别\nmy_park,某某高新区,高新区\n")
    theirs = home.put("theirs.csv", HEADS + "某某高新区,工业总产值,2010,1,亿元\n")
    new = home.put("new.csv", HEADS + figures.format(2001))
    bad = home.put("bad.csv", HEADS + figures.format(2002) + "火星,工业总产值,2013,x,亿元\n")
    third = _as_demo(home.place.parent / "third.xlsx", "第三件")
    former = min(home.place.glob("ledgers/demo/*.duckdb")).stem
    used = home.used()
    [out] = {path.name for path in home.place.glob("batches/????????-????????")} - {*used}
    asked: dict[str, list[object]] = {
        "replace": [new, "--replace", used[0]], "load": [new], "several": [theirs, parks], "accept": [bad, "--accept"],
        "remove": ["--remove", used[0]], "restore": ["--restore", out], "ledger": [third],
        "ledger back": ["--restore", "demo"], "ledger named": ["--restore", "demo", "--version", former],
        "ledger out": ["--remove", "demo"],
    }  # fmt: skip
    return {name: ["data.load", *options] for name, options in asked.items()}


@contextmanager
def prepared() -> Iterator[tuple[Home, list[Runner]]]:
    """A home with what the commands need, and who runs them."""
    with ExitStack() as stack:
        home = Home(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "home")
        home.place.mkdir()
        build = [sys.executable, "-m", "data.build"]
        environment = os.environ | home.environment
        subprocess.run(build, cwd=ROOT, env=environment, capture_output=True, timeout=120, check=True)
        idle = [Runner(stack) for _ in range(AT_ONCE)]
        years = [
            home.put(f"{year}.csv", f"{HEADS}湘潭高新区,工业总产值,{year},1.5,亿元\n") for year in (1990, 1991, 1992)
        ]
        sample = home.place.parent / "sample.xlsx"
        for path in [*years, _as_demo(sample, "另一件"), BOOK]:
            _well(idle[0].run(home, ["data.load", path]))
        _well(idle[0].run(home, ["data.load", "--remove", home.used()[2]]))
        yield home, idle


def _well(done: Done) -> None:
    if done.code:
        raise RuntimeError(done.stderr)


def _as_demo(path: Path, title: str) -> Path:
    """Write another ledger of the park demo: the one in order, with a task renamed."""
    import openpyxl  # noqa: PLC0415 - of this drill alone

    book = openpyxl.load_workbook(BOOK)
    book["任务"].cell(2, 3, title)
    book.save(path)
    return path


@contextmanager
def copied(home: Home, left: Path | None = None) -> Iterator[Home]:
    """A home of its own that is as this one, or as a folder that was left of it."""
    with tempfile.TemporaryDirectory(dir=home.place.parent) as folder:
        other = Home(Path(folder) / "home")
        shutil.copytree(left or home.place, other.place)
        yield other


def steps(home: Home, runner: Runner, name: str, command: list[object]) -> tuple[list[Point], float]:
    """A kill at each step of a command, and the seconds of the whole.

    The command runs once; what it is like before each change of a file is what a process leaves that ends there.
    """
    states = home.place.parent / "states" / name.replace(" ", "_")
    with copied(home) as other:
        done = runner.run(other, command, record=states)
        _well(done)
        wanted = other.state()
    left = sorted(states.iterdir(), key=lambda path: int(path.name))
    return [Point(f"{name}, step {path.name} of {len(left)}", command, wanted, path) for path in left], done.seconds


def repeated(home: Home, runner: Runner, point: Point) -> str:
    """What is wrong after a kill and the same command again; "" where nothing is."""
    with copied(home, point.left) as other:
        told = ""
        if point.left is None:
            told = runner.run(other, point.command, after=point.after).stdout
        finished = told.strip() and not [*other.place.rglob("going_back")] and other.state() == point.wanted
        if finished:  # it had done all and said so: nobody repeats it
            return ""
        done = runner.run(other, point.command)
        if done.code or not done.stdout.strip():
            return f"{point.name}: code {done.code}: {done.stderr.strip()}"
        return "" if other.state() == point.wanted else f"{point.name}: another state"


def all_repeated(home: Home, idle: list[Runner], points: list[Point]) -> tuple[int, int, str]:
    """How many there are, how many held, and the first that did not; one that there was no time for did not."""
    asked: queue.Queue[Point] = queue.Queue()
    for point in points:
        asked.put(point)
    found, until = list[str](), time.monotonic() + SECONDS

    def work(runner: Runner) -> None:
        while time.monotonic() < until:
            try:
                found.append(repeated(home, runner, asked.get_nowait()))
            except queue.Empty:
                return

    workers = [threading.Thread(target=work, args=(runner,)) for runner in idle]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    wrong = [problem for problem in found if problem]
    late = f"no time for {len(points) - len(found)}" if len(found) < len(points) else ""
    return len(points), len(found) - len(wrong), wrong[0] if wrong else late


def drilled(home: Home, idle: list[Runner], every: dict[str, list[object]], count: int) -> tuple[int, int, str]:
    """Commands killed at each of their steps, then at moments by chance, until there are so many points."""
    chance, points, times = random.Random(7), list[Point](), dict[str, tuple[float, tuple[object, ...]]]()
    for name, command in every.items():
        found, seconds = steps(home, idle[0], name, command)
        points += found
        times[name] = (seconds, found[0].wanted)
    at_steps = len(points)
    for name in itertools.islice(itertools.cycle(every), max(0, count - at_steps)):
        seconds, wanted = times[name]
        after = chance.uniform(0, seconds)
        points.append(Point(f"{name}, after {after:.3f} s", every[name], wanted, after=after))
    chance.shuffle(points)
    tried, held, wrong = all_repeated(home, idle, points)
    return tried, held, wrong or f"{at_steps} steps of {len(every)} commands, the others by chance"


def drill_loads_killed_at_every_step() -> tuple[int, int, str]:
    """A load, a change of batches or of a ledger that is killed at any step or moment can be repeated as it stands"""
    with prepared() as (home, idle):
        return drilled(home, idle, commands(home), POINTS)


def drill_backups_killed_at_every_step() -> tuple[int, int, str]:
    """A backup, or its way back, that is killed at any step or moment can be repeated as it stands"""
    with prepared() as (home, idle):
        archive = home.place.parent / "park.zip"
        _well(idle[0].run(home, ["data.backup", archive]))
        later = home.put("later.csv", HEADS + "湘潭高新区,工业总产值,2001,7.5,亿元\n")
        for options in (["--remove", home.used()[0]], [later], ["--restore", "demo"]):
            _well(idle[0].run(home, ["data.load", *options]))
        every: dict[str, list[object]] = {
            "backup": ["data.backup", "{home}/kept.zip"], "way back": ["data.backup", "--restore", archive],
        }  # fmt: skip
        return drilled(home, idle, every, BACKUP_POINTS)
