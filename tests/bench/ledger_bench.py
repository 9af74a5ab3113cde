"""Speed of the pages of the mechanisms over a large ledger, as ratios to the same floor as bench.py.

The ledger is the sample many times over: 20,000 tasks, 2,000 projects, 100,000 cases. The first visit of each page
works its rows out and is told apart; what a reader waits for from then on is the switch and the change of a filter.

python tests/bench/ledger_bench.py [--repeats 3]; CHROME names the browser. Prints a table.
"""

import argparse
import os
import statistics
import sys
import tempfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import bench
import polars as pl
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(bench.PROJECT))
from data.ledger import ledger as ledgers
from data.ledger import versions

PAGES = ("leaders", "monthly", "supervision", "efficiency", "rewards", "mechanisms", "preplan")
PARK = "large"
ROUNDS = 3


def many(rows: pl.DataFrame, key: str, count: int, *also: str) -> pl.DataFrame:
    """Rows so many times over, each time with numbers of its own."""
    times = -(-count // rows.height)
    parts = [
        rows.with_columns(pl.format("{}-{}", column, pl.lit(turn)).alias(column) for column in (key, *also))
        for turn in range(times)
    ]
    return pl.concat(parts).head(count)


def large() -> ledgers.Ledger:
    """The sample grown to the size of the goal."""
    tables = {
        table: rows.with_columns(park_id=pl.lit(PARK)) for table, rows in versions.read_sample_ledger().tables.items()
    }
    first = {"task_id": pl.format("{}-0", "task_id"), "problem_id": pl.format("{}-0", "problem_id")}
    for table in ("supervision", "followup", "assessment_rule"):
        of_table = {column: code for column, code in first.items() if column in tables[table].columns}
        tables[table] = tables[table].with_columns(**of_table)
    tables["task"] = many(tables["task"], "task_id", 20_000)
    tables["step"] = many(tables["step"], "task_id", 20_000)
    tables["project"] = many(tables["project"], "project_id", 2_000)
    tables["problem"] = many(tables["problem"], "problem_id", 3_000, "project_id")
    known = tables["project"]["project_id"].implode()
    tables["problem"] = tables["problem"].filter(pl.col("project_id").is_in(known))
    tables["step"] = tables["step"].filter(pl.col("task_id").is_in(tables["task"]["task_id"].implode()))
    tables["service_case"] = many(tables["service_case"], "case_id", 100_000)
    return ledgers.make_ledger(tables, "large.xlsx")


def measure(playwright, side: bench.Side) -> dict[str, list[float]]:
    """One start: each page once, then some rounds of switches, then changes of the filter of the tasks."""
    found: dict[str, list[float]] = defaultdict(list)
    with bench.blank_page(playwright) as page, bench.server(side) as (address, _ready, _process):
        start = f"{address}/preplan?park={PARK}&lang=zh" if side.name == "app" else address
        bench.first_load(page, side, start)
        for turn in range(ROUNDS + 1):
            for target in side.pages:
                read = bench.switch(page, side, target)
                found["page switch" if turn else "first visit"].append(read["total"])
                if turn:
                    found[f"page switch to /{target}"].append(read["total"])
        bench.switch(page, side, side.pages[-1])
        for turn in range(ROUNDS + 1):
            pair = bench.change_filter(page, side)
            if turn:
                bench.note_pair(found, *pair)
    return found


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3, help="starts of each side")
    repeats = parser.parse_args().repeats
    samples: dict[str, dict[str, list[float]]] = {"app": defaultdict(list), "floor": defaultdict(list)}
    with tempfile.TemporaryDirectory() as elsewhere, sync_playwright() as playwright:
        os.environ["PARK_LEDGERS"] = str(Path(elsewhere) / "ledgers")
        versions.keep_ledger(large())
        app, floor = bench.sides(Path(elsewhere))
        try:
            for repeat in range(repeats):
                for side in (replace(app, pages=PAGES), floor):
                    print(f"repeat {repeat + 1} of {repeats}: {side.name}", file=sys.stderr)
                    for name, values in measure(playwright, side).items():
                        samples[side.name][name] += values
        except (bench.NotMeasuredError, BrowserError) as error:
            print(f"Not measured. {error}", file=sys.stderr)
            return 1
    medians = {name: {key: statistics.median(values) for key, values in of.items()} for name, of in samples.items()}
    lines = []
    for name, value in medians["app"].items():
        beside = medians["floor"].get(name, medians["floor"]["page switch"])
        goal = {"page switch": 0.85, "filter change": 0.65}.get(name)
        if "WebSocket" in name or "server" in name:
            continue
        ratio = value / beside
        told = [f"<= {goal}" if goal else "", bench.verdict(ratio, goal)]
        lines.append([name, f"{value:,.0f}", f"{beside:,.0f}", f"{ratio:.2f}", *told])
    print(bench.table("measure | app ms | floor ms | ratio | goal | within", lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
