"""How long a large file of own figures takes to be loaded for good, as a ratio to DuckDB alone.

DuckDB alone: COPY of the same CSV into a table, sorted as the database is sorted, into a file. The load does that and
more: it recognises every place, indicator and unit, reads numbers and periods, looks for duplicates, keeps the rows as
a batch, checks the sources and swaps the database in. Both are processes of their own, in turn.

python tests/bench/load_bench.py [--rows 1700000] [--repeats 3]. Prints a table; seconds of wall clock and of processor.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))
from data.database import build
from data.loading import activation

BARE = """
import duckdb, sys
with duckdb.connect(sys.argv[2]) as connection:
    connection.execute("create table copied (place varchar, indicator varchar, period varchar, value double, "
                       "unit varchar, growth double)")
    connection.execute("copy copied from '" + sys.argv[1] + "' (header)")
    connection.execute("create table sorted as from copied order by indicator, place, period")
    connection.execute("drop table copied")
    connection.execute("checkpoint")
"""


def written(path: Path, rows: int) -> None:
    """A file of figures as an export writes it, in random order: every place, indicator and month until it is full.

    Ranks are left out: each row has a growth, and a rank with one is refused.
    """
    known = activation.read_current_vocabulary()
    units = dict(known.units.select("unit_id", "name_zh").rows())
    indicators = known.indicators.filter(pl.col("dimension") != "rank").select(
        pl.col("name_zh").alias("指标"), pl.col("unit_id").replace_strict(units).alias("单位")
    )
    places = known.parks.select(pl.col("name_zh").alias("地区"))
    months = pl.DataFrame({"时期": [f"{year}-{month:02}" for year in range(1985, 2025) for month in range(1, 13)]})
    table = places.join(months, how="cross").join(indicators, how="cross").sample(rows, seed=1, shuffle=True)
    number = pl.int_range(pl.len()).shuffle(seed=2)
    table.select(
        "地区", "指标", "时期",
        (number % 99_991 / 10).cast(pl.Decimal(12, 1)).alias("数值"), "单位",
        (number % 400 / 10).cast(pl.Decimal(12, 1)).alias("同比增速(%)"),
    ).write_csv(path)  # fmt: skip


def timed(command: list[str], **environment: str) -> tuple[float, float, float]:
    """Seconds of wall clock and of processor of a process, and its largest memory in MB."""
    start = time.monotonic()
    process = subprocess.Popen(
        command, cwd=PROJECT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    told = process.stderr.read().decode() if process.stderr else ""
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{told}")
    return time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> int:
    """Measure in turn, print medians and ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_700_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    found: dict[str, list[tuple[float, float, float]]] = {"DuckDB alone": [], "load": []}
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        os.environ |= {"PARK_DATABASE": str(home / "park.duckdb"), "PARK_BATCHES": str(home / "none")}
        build.build_if_stale()
        written(home / "figures.csv", options.rows)
        print(f"{options.rows:,} rows, {(home / 'figures.csv').stat().st_size / 1e6:.0f} MB")
        for turn in range(options.repeats):
            bare = [sys.executable, "-c", BARE, str(home / "figures.csv"), str(home / f"bare{turn}.duckdb")]
            found["DuckDB alone"].append(timed(bare))
            database = shutil.copy(home / "park.duckdb", home / f"park{turn}.duckdb")  # without own figures, each time
            load = [sys.executable, "-m", "data.load", str(home / "figures.csv")]
            stores = {"PARK_BATCHES": str(home / f"batches{turn}"), "PARK_DATABASE": str(database)}
            found["load"].append(timed(load, **stores))
    for name, runs in found.items():
        shown = [statistics.median(run[part] for run in runs) for part in range(3)]
        print(f"{name:14} {shown[0]:7.2f} s wall {shown[1]:7.2f} s processor {shown[2]:7.0f} MB")
    for part, name in enumerate(("wall", "processor")):
        ratios = [mine[part] / bare[part] for mine, bare in zip(found["load"], found["DuckDB alone"], strict=True)]
        print(f"ratio, {name}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
