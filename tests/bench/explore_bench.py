"""Speed of exploring 1.8 million figures, beside the same over the shipped data: counts of facets, a search, one view.

The shipped database with made-up months for every indicator and place; and one scan that groups them.

python tests/bench/explore_bench.py [FILE]; FILE: keep the database there. Exit code 0: measured, however slow.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from many_rows import grown

from data import paths
from data.database import build
from queries.database import engine
from queries.exploring import exploration, search
from queries.exploring.exploration import Choice
from queries.figures import growth_index_share

REPEATS = 5
FIGURES = 1_800_000


def median_ms(action: Callable[[], object]) -> float:
    """Median of some repeats after one to warm up, in ms."""
    times = []
    for _ in range(REPEATS + 1):
        start = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times[1:])


def once_ms(action: Callable[[], object]) -> float:
    """The first time alone, in ms."""
    start = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - start)


def view(choice: Choice) -> None:
    """What one view asks for besides drawing, with nothing remembered."""
    exploration.compute_facet_counts(choice)
    rows = exploration.get_chosen_figures(choice)
    growth_index_share.find_base_years(rows)
    growth_index_share.can_compute_shares(rows)


def scan() -> None:
    """The least: one pass over all figures."""
    with engine.open_cursor() as cursor:
        cursor.sql("select indicator_id, park_id, year(period_end), count(*) from observation group by all").pl()


ONE, MANY = Choice(indicators=("gdp",), parks=("xiangtan",)), Choice(indicators=("gdp",))


def measured() -> dict[str, float]:
    """Medians in ms over the database of this process."""
    search.parse_search_text("jgm")  # imports what spells
    return {
        "one scan (the least)": median_ms(scan),
        "counts, the first time": once_ms(exploration.get_figure_counts),
        "counts of every facet, no choice": median_ms(lambda: exploration.compute_facet_counts(Choice())),
        "counts of every facet, one indicator and place": median_ms(lambda: exploration.compute_facet_counts(ONE)),
        "a search that was not asked before": once_ms(lambda: search.parse_search_text("湘潭高新区工业产值2013")),
        "rows of one indicator and place, the first time": once_ms(lambda: exploration.get_chosen_figures(ONE)),
        "rows of one indicator, the first time": once_ms(lambda: exploration.get_chosen_figures(MANY)),
        "growth of the rows of one indicator": median_ms(
            lambda: growth_index_share.convert_to_measure(exploration.get_chosen_figures(MANY), "growth")
        ),
        "counts, rows and what they can be shown as: one place": median_ms(lambda: view(ONE)),
        "counts, rows and what they can be shown as: all places": median_ms(lambda: view(MANY)),
    }


def elsewhere(path: Path) -> dict[str, float]:
    """What a process of its own measures over a database: nothing is remembered from another one."""
    command = [sys.executable, __file__, "--here"]
    told = subprocess.run(
        command, env=os.environ | {"PARK_DATABASE": str(path)}, capture_output=True, text=True, check=True
    )
    return dict(json.loads(told.stdout))


def main() -> None:
    """Measure and print."""
    if "--here" in sys.argv:
        print(json.dumps(measured()))
        return
    build.build_if_stale()
    with tempfile.TemporaryDirectory() as folder:
        large = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "large.duckdb"
        grown(paths.get_database_path(), large, FIGURES)
        small, many = elsewhere(paths.get_database_path()), elsewhere(large)
    print(f"ms | shipped | {FIGURES:,} figures | ratio")
    print("--- | ---: | ---: | ---:")
    for name, ms in small.items():
        print(f"{name} | {ms:.1f} | {many[name]:.1f} | {many[name] / ms:.1f}")


if __name__ == "__main__":
    main()
