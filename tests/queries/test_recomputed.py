"""What the product computes against the same computed another way: exact fractions, plain Python, from the sources.

Each part tells how many numbers were compared, how many are equal and which differ; none may.
"""

import math
import shutil
import sys
from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from data.database import build
from data.ledger import versions
from queries.database import engine
from queries.figures import observations
from queries.ledger import efficiency, progress, rewards
from queries.targets import findings as product_findings
from queries.targets import outcomes
from queries.targets.rules import read_rules
from tests.conftest import SOURCES
from tests.tools import recomputed
from tests.tools import recomputed_findings as found_again
from tests.tools import recomputed_ledger as ledger_again
from tests.tools.recomputed_sources import ALTERED

Day = date
DAYS = [
    Day(2014, 3, 3), Day(2014, 12, 31), Day(2015, 1, 31), Day(2015, 9, 15), Day(2015, 9, 30), Day(2016, 1, 31),
    Day(2016, 6, 30), Day(2018, 2, 28), Day(2021, 6, 30), Day(2026, 11, 29),
]  # fmt: skip
# In the middle of years that have targets, and when the last of them was long over.
YEARS = [Day(year, 12, 1) for year in (2013, 2014, 2015, 2016, 2018, 2020, 2025)] + [
    Day(2016, 2, 29),
    Day(2026, 11, 29),
]
MEETINGS = [Day(2025, 4, 10), Day(2025, 7, 10), Day(2025, 10, 10), Day(2026, 1, 6)]
NEAR = 1e-9


class Count:
    """How many were compared, and which differ."""

    def __init__(self, part: str) -> None:
        self.part, self.compared, self.differing = part, 0, []

    def compare(self, where, mine, theirs, within=NEAR):
        self.compared += 1
        if not same(mine, theirs, within):
            told = float(mine) if isinstance(mine, Fraction) else mine
            self.differing.append(f"{where}: {told!r} here, {theirs!r} in the product")

    def end(self):
        equal = self.compared - len(self.differing)
        sys.stdout.write(
            f"\n{self.part}: compared {self.compared}, equal {equal}, differ {len(self.differing)}\n"
            + "".join(f"  {line}\n" for line in self.differing[:40])
        )
        assert self.compared > 0
        assert not self.differing, "\n".join(self.differing[:40])


def same(mine, theirs, within):
    if mine is None or theirs is None:
        return mine is None and theirs is None
    if isinstance(mine, Fraction | float) and not isinstance(theirs, str):
        return math.isclose(float(mine), float(theirs), rel_tol=within, abs_tol=within)
    return mine == theirs


def by(rows, code):
    found = {row[code]: row for row in rows.iter_rows(named=True)}
    assert len(found) == rows.height
    return found


def test_every_derived_figure():
    compare_derived("derived figures")


def compare_derived(part):
    count = Count(part)
    theirs = by(observations.get_observations(evidence=("derived",)), "observation_id")
    mine = recomputed.base_rows() | recomputed.related_rows()
    count.compare("codes", sorted(mine), sorted(theirs))
    for code in sorted(set(mine) & set(theirs)):
        row, other = mine[code], theirs[code]
        # Ends are the very decimals, rounded outward.
        count.compare(f"{code} low", row["low"], Fraction(str(other["low"])), 0)
        count.compare(f"{code} high", row["high"], Fraction(str(other["high"])), 0)
        count.compare(f"{code} text", row["text"], other["value_text"])
        value = Fraction(str(other["value"]))
        count.compare(f"{code} value", row["value"], value, 0)
        count.compare(f"{code} lies inside", True, row["span"].holds(value))
        count.compare(f"{code} ends", (row["span"].low_in, row["span"].high_in), (other["low_in"], other["high_in"]))
        for of in ("period", "inputs", "formula"):
            count.compare(f"{code} {of}", row[of], other[of])
        if row["conditional"] is not None:
            told = "前提" in (other["note"] or "")
            count.compare(f"{code} condition", row["conditional"], told)
            count.compare(f"{code} basis", "unknown" if told else "nominal", other["growth_basis"])
        count.compare(f"{code} bound", "about" if row["about"] else "none", other["bound"])
    count.end()


@pytest.mark.parametrize("rule", sorted(recomputed.rules()))
def test_every_target_on_ten_days(rule):
    compare_targets(f"targets under {rule}", rule)


def compare_targets(part, rule, days=DAYS):
    count = Count(part)
    statuses = Counter()
    for day in days:
        theirs = by(outcomes.judge_targets(rule, day), "target_id")
        mine = recomputed.standing(rule, day)
        count.compare(f"{day} codes", sorted(mine), sorted(theirs))
        for code in sorted(set(mine) & set(theirs)):
            row, other = mine[code], theirs[code]
            statuses[other["status"]] += 1
            for of in ("status", "reason", "near", "gap_points", "measured", "completion", "planned_share"):
                count.compare(f"{day} {code} {of}", row[of], other[of])
            for of in ("form_low", "form_high"):
                count.compare(f"{day} {code} {of}", row[of], other[of], 1e-6)
    sys.stdout.write(f"\n{dict(sorted(statuses.items()))}")
    count.end()


def test_every_rule_is_asked():
    assert set(recomputed.rules()) == set(read_rules())


@pytest.mark.parametrize("rule", sorted(found_again.CHECKS))
def test_every_finding(rule):
    compare_findings(f"findings of {rule}", rule)


def compare_findings(part, rule):
    count = Count(part)
    theirs = by(product_findings.get_consistency_findings(rules=[rule]), "finding_id")
    mine = {f"{rule}:{key}": row for key, row in found_again.CHECKS[rule]().items()}
    count.compare("codes", sorted(mine), sorted(theirs))
    for code in sorted(set(mine) & set(theirs)):
        row, other = mine[code], theirs[code]
        count.compare(f"{code} observations", row["observations"], other["observations"])
        count.compare(f"{code} targets", row["targets"], other["targets"])
        count.compare(f"{code} low", row["low"], other["misfit_low"])
        count.compare(f"{code} high", row["high"], other["misfit_high"])
        if "severity" in row:
            count.compare(f"{code} severity", row["severity"], other["severity"])
    count.end()


@pytest.fixture(params=ALTERED)
def altered(request, tmp_path, monkeypatch):
    """The product and the calculation over sources that were altered."""
    sources = shutil.copytree(SOURCES, tmp_path / "sources")
    ALTERED[request.param](sources)
    build.build_database(sources, tmp_path / "park.duckdb")
    monkeypatch.setenv("PARK_DATABASE", str(tmp_path / "park.duckdb"))
    engine.close_database()
    recomputed.use(sources)
    yield request.param
    recomputed.use(SOURCES)
    engine.close_database()


def test_all_of_it_over_altered_sources(altered):
    """Rules that the published figures seldom touch."""
    compare_derived(f"{altered}, derived figures")
    for rule in ("default", "sanya-2022", "tianjin-2022", "yinchuan-2025"):
        compare_targets(f"{altered}, targets under {rule}", rule, YEARS)
    for rule in sorted(found_again.CHECKS):
        compare_findings(f"{altered}, findings of {rule}", rule)


@pytest.fixture(scope="module")
def sample():
    return versions.read_sample_ledger()


@pytest.mark.parametrize("rule", sorted(recomputed.rules()))
def test_every_light_of_the_sample(sample, rule):
    count = Count(f"lights of the sample under {rule}")
    for day in MEETINGS:
        theirs = by(progress.judge_ledger_targets(sample, day, rule), "target_id")
        mine = ledger_again.standing(day, rule)
        count.compare(f"{day} codes", sorted(mine), sorted(theirs))
        for code in sorted(set(mine) & set(theirs)):
            row, other = mine[code], theirs[code]
            for of in sorted(row):
                count.compare(f"{day} {code} {of}", row[of], other[of])
    count.end()


def test_every_score_of_the_sample(sample):
    count = Count("scores of the sample")
    for day in MEETINGS:
        parts = rewards.compute_score_items(sample, day)
        theirs, mine = by(parts, "rule_id"), ledger_again.items(day)
        count.compare(f"{day} codes", sorted(mine), sorted(theirs))
        for code in sorted(set(mine) & set(theirs)):
            for of in ("completion", "short", "points", "holds", "adjusted", "score", "low", "high"):
                count.compare(f"{day} {code} {of}", mine[code][of], theirs[code][of])
            for of in ("points", "adjusted", "score"):
                if mine[code][of] is not None:
                    count.compare(f"{day} {code} {of}, as shown", mine[code][of], Fraction(str(theirs[code][of])), 0)
        whole = by(rewards.compute_scores(parts, rewards.get_score_subjects(sample, day)), "department_id")
        again = ledger_again.scores(day)
        count.compare(f"{day} departments", sorted(again), sorted(whole))
        for code, row in again.items():
            for of in ("items", "score", "low", "high", "rank"):
                count.compare(f"{day} {code} {of}", row[of], whole[code][of])
    count.end()


@pytest.mark.parametrize("group", ["department", "service", "month"])
def test_every_service_of_the_sample(sample, group):
    count = Count(f"services of the sample by {group}")
    key = {"service": "service_id", "department": "department_id", "month": "month"}[group]
    for day in MEETINGS:
        every = efficiency.get_service_cases(sample, day)
        theirs, mine = by(efficiency.summarize_cases(every, group), key), ledger_again.services(day, group)
        count.compare(f"{day} codes", sorted(mine), sorted(theirs))
        for code in sorted(set(mine) & set(theirs)):
            for of in sorted(mine[code]):
                count.compare(f"{day} {code} {of}", mine[code][of], theirs[code][of])
    count.end()
