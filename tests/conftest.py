"""What several tests share: one database of the real sources, and copies of the sources to break."""

import contextlib
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, sync_playwright

from data.database import build
from queries.database import engine, run_context
from queries.database.own_figures import OwnFigures
from tests.tools.component_scan import scan_packages_once

scan_packages_once()
ROOT = Path(__file__).parent.parent
HOME = "xthtz"  # the park of this installation
SOURCES = ROOT / "data" / "sources"
BROKEN = ROOT / "tests" / "broken"


NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


FAILED = "page failed"

# Modules whose tests take five seconds or more: servers, processes, pages by the dozen, laws over drawn cases. `make
# test-fast` leaves them out, and all of tests/browser.
SLOW = (
    "api/test_docs", "api/test_fuzz", "api/test_http", "api/test_long_answers", "api/test_sql_route",
    "data/kinds/test_kind_cells", "data/kinds/test_kind_files", "data/kinds/test_kind_heads",
    "data/kinds/test_kind_periods", "data/kinds/test_kind_tables", "data/test_backup", "data/test_batches",
    "data/test_build", "data/test_file_reader", "data/test_ledger", "data/test_own_table", "golden/test_golden",
    "pages/test_asof", "pages/test_charts", "pages/test_every_choice", "pages/test_explore_page",
    "pages/test_incoming", "pages/test_mechanism_pages", "pages/test_own_figures", "pages/test_own_repair",
    "pages/test_page_numbers", "pages/test_pages", "pages/test_plain_text", "pages/test_preview",
    "queries/test_comparison",
    "queries/test_exploration", "queries/test_findings", "queries/test_light_laws", "queries/test_package",
    "queries/test_queries", "queries/test_recomputed", "queries/test_sql", "queries/test_sql_attacks",
    "queries/test_status", "service/test_hosting", "service/test_state", "service/test_throttle",
    "service/test_uploads",
)  # fmt: skip
SLOW_FILES = frozenset(ROOT / "tests" / f"{name}.py" for name in SLOW)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import what `-m "not slow"` leaves out: that takes longer than many tests."""
    left_out = config.option.markexpr == "not slow" and collection_path in SLOW_FILES
    return True if left_out else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of SLOW."""
    assert all(path.is_file() for path in SLOW_FILES), "a module of SLOW in tests/conftest.py has another name now"
    for item in items:
        if item.path in SLOW_FILES:
            item.add_marker("slow")


class _Failures(logging.Handler):
    """Keeps what the log says of pages that failed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage() == FAILED:
            self.found.append(repr(record.exc_info[1]) if record.exc_info else FAILED)


@contextlib.contextmanager
def failures() -> Iterator[list[str]]:
    """The errors in which pages end while this is open: a reader is told one sentence, and a test sees no exception."""
    handler = _Failures()
    logging.getLogger("park").addHandler(handler)
    try:
        yield handler.found
    finally:
        logging.getLogger("park").removeHandler(handler)


@pytest.fixture(autouse=True)
def pages_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """No page fails in a test, but where the test says so by @pytest.mark.failing_page."""
    with failures() as found:
        yield
    if not request.node.get_closest_marker("failing_page"):
        assert found == []


@pytest.fixture(scope="session", autouse=True)
def park_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The database of the real sources, built once; processes that a test starts find it too."""
    path = tmp_path_factory.mktemp("built") / "park.duckdb"
    before = os.environ.get("PARK_DATABASE")
    os.environ["PARK_DATABASE"] = str(path)
    build.build_database(SOURCES, path)
    yield path
    engine.close_database()
    if before is None:
        del os.environ["PARK_DATABASE"]
    else:
        os.environ["PARK_DATABASE"] = before


@pytest.fixture(autouse=True)
def without_what_another_test_set() -> None:
    """Every test begins as a new reader: in Chinese, without own figures."""
    run_context.set_run_context(run_context.RunContext())


def speak(language: str) -> None:
    """Set the language of this run, as the router does."""
    run_context.set_run_context(replace(run_context.get_run_context(), language=language))


def hold(mine: OwnFigures | None) -> None:
    """Set the own figures of this run, as the router does."""
    run_context.set_run_context(replace(run_context.get_run_context(), own=mine))


@pytest.fixture
def built(park_database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a copy of that database, beside the one that the questions use."""
    copy = park_database.with_name("copy.duckdb")
    shutil.copyfile(park_database, copy)
    with duckdb.connect(copy, read_only=True) as connection:
        yield connection


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the sources that a test may break."""
    return Path(shutil.copytree(SOURCES, tmp_path / "sources"))


def put(defect: str, sources: Path, place: str) -> str:
    """Put tests/broken/<defect>.csv into the sources; return the name of the file it stands in.

    place: a folder (observation, target): it stands there as a file of its own;
    a file (park.csv): its rows, without the header, are appended.
    """
    broken = BROKEN / f"{defect}.csv"
    if place.endswith(".csv"):
        with (sources / place).open("ab") as file:
            file.write(broken.read_bytes().split(b"\n", 1)[1])
        return place
    shutil.copyfile(broken, sources / place / broken.name)
    return f"{place}/{broken.name}"


@pytest.fixture
def refused(sources: Path) -> Callable[..., list[build.Defect]]:
    """Check the sources with one broken file: refused("month_13", "observation") gives the defects."""

    def check(defect: str, place: str) -> list[build.Defect]:
        put(defect, sources, place)
        with pytest.raises(build.BrokenSources) as caught:
            build.check_sources(sources)
        return caught.value.defects

    return check


def run_build(*options: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """python -m data.build, as a reader of the manual runs it."""
    command = [sys.executable, "-W", "error", "-m", "data.build", *map(str, options)]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False
    )


def chrome() -> str:
    """The browser that CHROME names, else the first one on the path; without one, the line of install.sh."""
    for name in [os.environ["CHROME"]] if os.environ.get("CHROME") else NAMES:
        if found := shutil.which(name):
            return found
    script = (Path(__file__).parent / "browser" / "install.sh").read_text("utf-8")
    line = re.findall(r'^echo "(The browser tests need.*?)" >&2$', script, re.M)[-1]
    pytest.fail(re.sub(r"\$\{packages:\+[^}]*\}", " chromium", line), pytrace=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chrome()
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=list(QUIET), headless=True)
        yield chromium
        chromium.close()
