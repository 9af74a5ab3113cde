"""Speed of the pages over 1.7 million figures and of the main questions over 100 million, beside the shipped figures.

The large databases are the shipped one with invented months for every indicator and place, as figures of one's own.
The places whose pages are measured get none, unless asked for with --crowded: so their pages have more to search and
as much to draw. A page of a place with 5,000 figures has more to draw, too.
Each is measured in a process of its own: the first run of each page, the median of its repeats, and that of changes
of its filter to codes not asked for before. Of 100 million figures only what a page would ask for is measured, the
first time and again.

python tests/bench/scale_bench.py [--pages 1700000] [--rows 100000000] [--evidence own] [--turns 3] [--repeats 5]
[--memory 4GB]; --rows 0 leaves the largest out, which takes five minutes or more and 3 GB of disk to make: `make bench`
takes a tenth. Prints tables. Exit code 0: measured, however slow.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import bench

sys.path.insert(0, str(bench.PROJECT))
from many_rows import grown
from streamlit.testing.v1 import AppTest

from data import paths
from data.database import build
from queries.catalogue import catalogue
from queries.database import engine
from queries.exploring import exploration
from queries.figures import comparison, observations, ranking
from queries.places import profile

GOAL = 1.2  # of the time over the shipped figures, for a page that is not the first
PATIENCE_S = 600
MOST_COUNTED = 20_000_000  # counts of facets go over all figures
SPARED = ("xthtz", "xiangtan", "changsha", "zhuzhou", "hengyang", "yueyang", "changde")  # they draw what they drew
PLACES = ("xiangtan", "changsha", "zhuzhou", "hengyang", "yueyang", "changde")
NAMES = ("industrial_output", "hightech_enterprises", "hightech_output", "total_revenue", "approved_area", "tech_smes")
# The parameter of a filter of each page, and codes to choose one after the other.
FILTERS = {
    "sources": ("show", ("sources", "indicators", "files", "own", "sources,files", "indicators,own")),
    "overview": ("status", ("met", "missed", "cannot_judge", "met,missed", "met,cannot_judge")),
    "economics": ("park", PLACES),
    "innovation": ("park", PLACES),
    "livelihood": ("park", PLACES),
    "compare": ("indicator", NAMES),
    "place": ("park", PLACES),
    "zones": ("province", ("hunan", "hubei", "jiangsu", "zhejiang", "shandong", "guangdong")),
    "coverage": ("indicator", NAMES),
    "explore": ("park", PLACES),
    "findings": ("severity", ("contradiction", "needs_definition", "note", "contradiction,note")),
}
BEGINNINGS = {"explore": {"park": "xthtz"}}
ROUTER = str(bench.PROJECT / "pages" / "navigation.py")
MEASURES = ("first run", "run again", "filter change")
Spent = tuple[float, float]  # ms by the clock, and ms of processors, which others on the machine hardly change


def once_ms(action: Callable[[], object]) -> Spent:
    """How long an action takes."""
    start, worked = time.perf_counter(), time.process_time()
    action()
    return 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - worked)


def middle(spent: Iterable[Spent]) -> Spent:
    """Medians of the time and of the processors."""
    time_, processors = (statistics.median(values) for values in zip(*spent, strict=True))
    return time_, processors


def run(at: AppTest, page: str) -> Spent:
    """One run of a page; it must show itself."""
    spent = once_ms(at.run)
    if at.exception:
        raise SystemExit(f"/{page} shows an exception: {at.exception[0].message}")
    return spent


def measure_page(page: str, repeats: int) -> dict[str, Spent]:
    """MEASURES of one page."""
    at = AppTest.from_file(ROUTER, default_timeout=PATIENCE_S)
    at.query_params.update({"lang": "zh"} | BEGINNINGS.get(page, {}))
    if page != "overview":
        at.switch_page(f"{page}.py")
    first = run(at, page)
    again = [run(at, page) for _turn in range(repeats)]
    parameter, codes = FILTERS[page]
    changed = []
    for code in codes:
        at.query_params[parameter] = code
        changed.append(run(at, page))
    return dict(zip(MEASURES, (first, middle(again), middle(changed)), strict=True))


def measure_pages(repeats: int) -> dict[str, dict[str, Spent]]:
    """MEASURES of every page over the database of this process."""
    return {page: measure_page(page, repeats) for page in FILTERS}


def measure_questions(repeats: int) -> dict[str, tuple[float, float]]:
    """What the main questions take over the database of this process, ms: the first time, and the median of repeats.

    What is remembered is forgotten before each repeat, so that DuckDB answers again from a file that it has read.
    """
    parks = [code for code in catalogue.get_parks()["park_id"].to_list() if code in PLACES]
    asked: dict[str, Callable[[], object]] = {
        "rows of one indicator and place": lambda: observations.get_observations(
            indicators=["industrial_output"], parks=["xiangtan"], evidence=("published", "own")
        ),
        "rows of one indicator and place, two years": lambda: observations.get_observations(
            indicators=["industrial_output"], parks=["xiangtan"], evidence=("published", "own"),
            first=date(1905, 1, 1), last=date(1906, 12, 31),
        ),
        "latest figures of a place": lambda: profile.get_latest_figures("xiangtan"),
        "ranking of one indicator over all places": rank,
        "definitions that can be compared": lambda: comparison.get_compared_definitions("xthtz"),
        "indicators with their counts": lambda: engine.fetch("indicators", theme=None),
        "counts of facets": lambda: exploration.compute_facet_counts(exploration.Choice(parks=tuple(parks))),
    }  # fmt: skip
    if catalogue.get_parks()["observations"].sum() > MOST_COUNTED:
        del asked["counts of facets"]
    found = {}
    for name, action in asked.items():
        first, _processors = once_ms(action)
        print(f"{name}: {first:,.0f} ms", file=sys.stderr)
        again = []
        for _turn in range(repeats):
            forget()
            again.append(once_ms(action))
        found[name] = (first, middle(again)[0])
    return found


def rank() -> None:
    """Rank the places by one indicator, as Compare does."""
    rows = comparison.get_compared_figures("industrial_output", "level", None, [], "xiangtan", "zh")
    ranking.rank_places(rows, comparison.find_default_year(rows, "xiangtan"), "xiangtan")


def forget() -> None:
    """Forget all answers, but not what DuckDB has read of the file."""
    engine.current_database._answers.clear()
    for module in [module for name, module in sys.modules.items() if name.startswith("queries.")]:
        for kept in vars(module).values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()


def elsewhere(what: str, database: Path, repeats: int) -> dict:
    """What a process of its own measures over a database: nothing is remembered from another one."""
    command = [sys.executable, __file__, "--here", what, "--repeats", str(repeats)]
    environment = os.environ | {"PARK_DATABASE": str(database)}
    told = subprocess.run(command, cwd=bench.PROJECT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(told.stdout.splitlines()[-1]))


def measure_in_turns(databases: list[Path], turns: int, repeats: int) -> list[dict[str, dict[str, Spent]]]:
    """MEASURES of every page over each database, medians of turns: what else the machine does meets all of them."""
    told: list[list[dict]] = [[] for _database in databases]
    for turn in range(turns):
        for place, database in enumerate(databases):
            print(f"pages, turn {turn + 1} of {turns}: {database.name}", file=sys.stderr)
            told[place].append(elsewhere("pages", database, repeats))
    return [
        {page: {name: middle(one[page][name] for one in of) for name in MEASURES} for page in FILTERS} for of in told
    ]


def table_of_pages(small: dict, large: dict, size: str) -> str:
    """Each page over both databases."""
    lines = []
    for measure in MEASURES:
        goal = GOAL if measure != MEASURES[0] else None
        for page in FILTERS:
            before, after = small[page][measure], large[page][measure]
            ratio, of_processors = (mine / other for mine, other in zip(after, before, strict=True))
            told = [f"{ratio:.2f}", f"{of_processors:.2f}", f"<= {goal}" if goal else "", bench.verdict(ratio, goal)]
            lines.append([f"/{page}, {measure}", f"{before[0]:,.0f}", f"{after[0]:,.0f}", *told])
    return bench.table(f"page | shipped ms | {size} ms | ratio | of processors | goal | within", lines)


def table_of_questions(found: dict[str, dict]) -> str:
    """Each question over all databases. found: by the size of the database."""
    names = list(next(iter(found.values())))
    lines = [
        [name, *(f"{ms:,.0f}" for of in found.values() for ms in of.get(name, ())), *[""] * 2 * unasked(name, found)]
        for name in names
    ]
    heads = [f"{size}, {when}" for size in found for when in ("first ms", "again ms")]
    return bench.table(" | ".join(["question", *heads]), lines)


def unasked(name: str, found: dict[str, dict]) -> int:
    """Over how many databases a question was not asked."""
    return sum(name not in of for of in found.values())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=1_700_000, help="invented figures for the pages")
    parser.add_argument("--rows", type=int, default=100_000_000, help="invented figures for the questions; 0: none")
    parser.add_argument("--evidence", choices=("own", "published"), default="own", help="what the figures are")
    parser.add_argument("--crowded", action="store_true", help="the places measured get invented figures, too")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each page and question")
    parser.add_argument("--turns", type=int, default=3, help="processes for the pages of each database")
    parser.add_argument("--memory", default="4GB", help="the most that DuckDB holds while it makes a database")
    parser.add_argument("--here", choices=("pages", "questions"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        measure = measure_pages if options.here == "pages" else measure_questions
        print(json.dumps(measure(options.repeats)))
        return
    build.build_if_stale()
    shipped = paths.get_database_path()
    with tempfile.TemporaryDirectory() as folder:
        sizes = {"shipped": shipped}
        for rows in filter(None, (options.pages, options.rows)):
            print(f"making {rows:,} figures", file=sys.stderr)
            large = Path(folder) / f"{rows}.duckdb"
            spared = () if options.crowded else SPARED
            sizes[f"{rows:,}"] = grown(shipped, large, rows, options.evidence, options.memory, spared)
        if options.pages:
            told = measure_in_turns(list(sizes.values())[:2], options.turns, options.repeats)
            print(table_of_pages(*told, f"{options.pages:,}"), end="\n\n")
        print("questions", file=sys.stderr)
        print(table_of_questions({name: elsewhere("questions", at, options.repeats) for name, at in sizes.items()}))


if __name__ == "__main__":
    main()
