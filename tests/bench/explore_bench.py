"""Speed of exploring 1.8 million figures, beside the same over the shipped data: counts of facets, a search, one view.

The shipped database with made-up months of twenty years for every indicator and place; and one scan that groups them.

python tests/bench/explore_bench.py [FILE]; FILE: keep the database there. Exit code 0: measured, however slow.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from data import paths
from data.database import build
from queries.database import engine
from queries.exploring import exploration, search
from queries.exploring.exploration import Choice
from queries.figures import growth_index_share
from tests.tools.figure_view import restore_figure_view

REPEATS = 5
YEARS = (2000, 2019)
MADE_UP = """
create table more as
select
    format('x{}-{}-{}-{}', indicator_id, park_id, year, month) as observation_id, park_id, indicator_id,
    format('{}-{:02d}', year, month) as period, make_date(year, month, 1) as period_start,
    last_day(make_date(year, month, 1)) as period_end,
    100 + (hash(indicator_id, park_id, year, month) % 9000) / 10 as value,
    unit_id
from indicator, park, range($first, $last + 1) as years (year), range(1, 13) as months (month);
insert into observation
select
    observation_id, park_id, indicator_id, period, period_start, period_end, value, value::decimal(18, 1)::varchar, 1,
    unit_id, 'none', null, null, 'published', 'high', $source, '表', 'table', null, null
from more order by indicator_id, park_id, period_start;
drop table more;
"""


def enlarge(path: Path) -> int:
    """Add the made-up figures to a copy of the database; how many there are then."""
    shutil.copyfile(paths.get_database_path(), path)
    with duckdb.connect(path) as connection:
        source = connection.execute("select source_id::varchar from source limit 1").fetchone()[0]
        for statement in MADE_UP.replace("$source", f"'{source}'").split(";\n"):
            if statement.strip():
                named = {"first": YEARS[0], "last": YEARS[1]} if "$first" in statement else None
                connection.execute(statement, named)
        restore_figure_view(connection)
        return connection.execute("select count(*) from observation").fetchone()[0]


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
        figures = enlarge(large)
        small, many = elsewhere(paths.get_database_path()), elsewhere(large)
    print(f"ms | shipped | {figures:,} figures | ratio")
    print("--- | ---: | ---: | ---:")
    for name, ms in small.items():
        print(f"{name} | {ms:.1f} | {many[name]:.1f} | {many[name] / ms:.1f}")


if __name__ == "__main__":
    main()
