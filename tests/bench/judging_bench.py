"""Speed of the judgement: 100,000 targets beside twice as many figures, and the least that joining them costs.

The shipped targets and figures are multiplied over made-up places. The floor joins the same tables once and compares.

python tests/bench/judging_bench.py; exit code 0: measured, however slow.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from data.database import build
from queries.database.engine import fetch
from queries.targets.cases import build_cases
from queries.targets.rules import DEFAULT_RULE, read_rules
from queries.targets.status import judge_cases

TARGETS = 100_000
GOAL_MS = 1000
DAY = date(2016, 1, 1)
REPEATS = 5


def multiplied() -> tuple[pl.DataFrame, pl.DataFrame]:
    """The targets and figures of many places."""
    targets = fetch("targets", lang="zh", asof=None)
    figures = fetch(
        "observations", theme=None, indicators=None, parks=None, first=None, last=None, evidence=None, lang="zh"
    )
    copies = TARGETS // targets.height + 1
    places = [pl.col("park_id") + f"-{copy}" for copy in range(copies)]
    many = pl.concat(
        [
            targets.with_columns(place, pl.format("{}-{}", "target_id", pl.lit(copy)))
            for copy, place in enumerate(places)
        ]
    )
    return many.head(TARGETS), pl.concat([figures.with_columns(place) for place in places[: copies // 4]])


def median_ms(action: Callable[[], object]) -> float:
    """Median of some repeats after one to warm up, in ms."""
    times = []
    for _ in range(REPEATS + 1):
        start = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times[1:])


def main() -> None:
    """Measure and print."""
    build.build_if_stale()
    targets, figures = multiplied()
    rule = read_rules()[DEFAULT_RULE]
    tables = {"units": fetch("units"), "breaks": fetch("breaks"), "parks": fetch("parks")}

    def pair() -> pl.DataFrame:
        return build_cases(targets, figures, DAY, stale_months=rule.stale_months, **tables)

    def floor() -> pl.DataFrame:
        dated = figures.with_columns(year=pl.col("period_end").dt.year())
        joined = targets.join(dated, on=["park_id", "comparable_key", "year"], how="left", suffix="_figure")
        return joined.select(met=pl.col("value_figure") >= pl.col("value"))

    cases = pair()
    both, alone, least = (
        median_ms(lambda: judge_cases(pair(), rule, rule, DAY)),
        median_ms(lambda: judge_cases(cases, rule, rule, DAY)),
        median_ms(floor),
    )
    print(f"{targets.height:,} targets beside {figures.height:,} figures | ms | ratio to floor | goal | within")
    print("--- | ---: | ---: | ---: | ---")
    within = "yes" if both <= GOAL_MS else "no"
    print(f"paired and judged | {both:,.0f} | {both / least:.1f} | <= {GOAL_MS:,} ms | {within}")
    print(f"judged alone | {alone:,.0f} | {alone / least:.1f} | |")
    print(f"floor: joined and compared | {least:,.0f} | 1.0 | |\n")


if __name__ == "__main__":
    main()
