"""Every view of the pages: each code of each filter, and pairs of codes; sessions of their own, in two processes."""

import multiprocessing
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from data.database import build
from tests.tools import walks
from tests.tools.pages import PAGES, THEMED

ROOT = Path(__file__).parent.parent.parent
LARGE = ("explore", "overview", "compare", *THEMED)
SMALL = tuple(page for page in PAGES if page not in LARGE)
PROCESSES = 2


def _walked(page: str, *, both: bool, pairs: int, embedded: bool = False, most: int | None = None) -> tuple[int, int]:
    views = [
        seen.wrong for _address, _lang, seen in
        walks.walk(page, most=most, again=2, pairs=pairs, both=both, embedded=embedded)
    ]  # fmt: skip
    return len(views), views.count("")


def _all(pages: tuple[str, ...], **how: object) -> tuple[int, int]:
    """Views tried and held of some pages over a database of the real sources."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "park.duckdb"
        build.build_database(ROOT / "data" / "sources", path)
        before = os.environ.get("PARK_DATABASE")
        os.environ["PARK_DATABASE"] = str(path)
        try:
            # Each begins anew: libraries with threads, used here by other drills, do not outlive a fork.
            with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
                counted = [each.result() for each in [pool.submit(_walked, page, **how) for page in pages]]
        finally:
            os.environ.pop("PARK_DATABASE")
            if before is not None:
                os.environ["PARK_DATABASE"] = before
    return sum(tried for tried, _held in counted), sum(held for _tried, held in counted)


def drill_mechanisms() -> tuple[int, int, str]:
    """Every choice that a page of the mechanisms offers opens, in both languages, and in pairs"""
    return *_all(SMALL, both=True, pairs=3), "each code in both languages"


def drill_figures() -> tuple[int, int, str]:
    """Every choice that a page of figures offers opens, and in pairs"""
    return *_all(LARGE, both=False, pairs=2), "each code, the language in turn"


def drill_frames() -> tuple[int, int, str]:
    """Every choice opens in a frame of another site"""
    return *_all((*SMALL, *LARGE), both=False, pairs=0, embedded=True, most=3), "three codes of each filter"
