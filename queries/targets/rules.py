"""Read the rules by which targets are given a light: one file each in data/rules/, and a new rule is a new file."""

import hashlib
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from data.paths import get_rules_path

DEFAULT_RULE = "default"
LEVEL_VARIABLES = ("s", "d", "c", "p", "m")
GROWTH_VARIABLES = ("d", "m", "g", "t", "peer")
MILESTONE_VARIABLES = ("done", "late", "overdue")
PLANNED_SHARE_METHODS = ("plan", "own_mean", "last_year", "linear")
LIGHTS = ("met", "on_course", "behind", "far_behind", "watching")
MEASURES = ("level", "growth", "milestone")
LADDER_VARIABLES = ("months", "days", "far")
TEXT_ENTRIES = ("rule_id", "version", "name_zh", "name_en", "source_zh", "source_en", "text_zh", "text_en", "otherwise")
KNOWN_ENTRIES = {
    *TEXT_ENTRIES, "position", "planned_share", "stale_months", "indicators", "measures",
    "light", "growth", "growth_otherwise", "milestone", "milestone_otherwise", "ladder",
}  # fmt: skip


class BadRule(ValueError):
    """The file of a rule cannot be used: the message names the file, the entry, what is wrong and what is allowed."""


@dataclass(frozen=True)
class Light:
    """One light of a rule: its status, and the condition as written in the file."""

    status: str
    when: str

    @property
    def condition(self) -> pl.Expr:
        """Return the condition as an expression over the columns named as in the file."""
        return pl.sql_expr(self.when)

    @property
    def needs(self) -> frozenset[str]:
        """Return the names without which the condition cannot be evaluated."""
        return frozenset(self.condition.meta.root_names())


@dataclass(frozen=True)
class LadderStep:
    """One step of the escalation ladder for an unmet target or an overdue task: its condition, and what is done."""

    when: str
    name_zh: str
    name_en: str

    @property
    def condition(self) -> pl.Expr:
        """Return the condition over months (behind in a row), days (overdue) and far (far behind in the last month)."""
        return pl.sql_expr(self.when)


@dataclass(frozen=True)
class Rule:
    """A named, versioned rule: thresholds, guards, and how the planned share of the year is found."""

    rule_id: str
    version: str
    name_zh: str
    name_en: str
    source_zh: str
    source_en: str
    text_zh: str
    text_en: str
    otherwise: str
    planned_share: tuple[str, ...]
    stale_months: int
    lights: tuple[Light, ...] = ()
    growths: tuple[Light, ...] = ()
    milestones: tuple[Light, ...] = ()
    ladder: tuple[LadderStep, ...] = ()
    growth_otherwise: str = "behind"
    milestone_otherwise: str = "on_course"
    indicators: tuple[str, ...] = ()
    measures: tuple[str, ...] = MEASURES
    position: int = field(default=99, compare=False)

    @property
    def texts(self) -> dict[str, str]:
        """Return the texts in both languages, in the form that localize_name() of the pages reads."""
        return {key: str(getattr(self, key)) for key in TEXT_ENTRIES if key != "otherwise"}


def read_rules() -> dict[str, Rule]:
    """Read all rules, by code, the default first. Raises BadRule with file, entry and how to fix it."""
    paths = sorted(get_rules_path().glob("*.toml"))
    return _read_cached(tuple((path, path.stat().st_mtime_ns) for path in paths))


def get_rule_version(rule: str) -> str:
    """Return the version of a rule as shown with a light: its own number and the digest of its file's content."""
    path = get_rules_path() / f"{rule}.toml"
    return f"{read_rules()[rule].version}-{hashlib.sha256(path.read_bytes()).hexdigest()[:6]}"


@lru_cache(maxsize=4)
def _read_cached(files: tuple[tuple[Path, int], ...]) -> dict[str, Rule]:
    read = [read_rule(path) for path, _stamp in files]
    found = {rule.rule_id: rule for rule in sorted(read, key=lambda rule: (rule.position, rule.rule_id))}
    if DEFAULT_RULE not in found:
        raise BadRule(f"data/rules: there is no {DEFAULT_RULE}.toml. Every target needs a rule: put the file back.")
    return found


def read_rule(path: Path) -> Rule:
    """Read one rule from its file. Raises BadRule."""
    try:
        entries = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRule(f"{path.name}: {error}. Fix the line; the other rules in the folder show the form.") from error
    problems = _find_problems(path, entries)
    if problems:
        raise BadRule(f"{path.name}: " + "; ".join(problems))
    return Rule(
        **{key: entries[key] for key in TEXT_ENTRIES},
        planned_share=tuple(entries["planned_share"]),
        stale_months=entries["stale_months"],
        lights=tuple(Light(light["status"], light["when"]) for light in entries.get("light", [])),
        growths=tuple(Light(light["status"], light["when"]) for light in entries.get("growth", [])),
        milestones=tuple(Light(light["status"], light["when"]) for light in entries.get("milestone", [])),
        ladder=tuple(LadderStep(rung["when"], rung["name_zh"], rung["name_en"]) for rung in entries.get("ladder", [])),
        growth_otherwise=entries.get("growth_otherwise", "behind"),
        milestone_otherwise=entries.get("milestone_otherwise", "on_course"),
        indicators=tuple(entries.get("indicators", [])),
        measures=tuple(entries.get("measures", MEASURES)),
        position=entries.get("position", 99),
    )


def _find_problems(path: Path, entries: dict[str, Any]) -> list[str]:
    problems = [
        f"{key} is missing: write it as a text" for key in TEXT_ENTRIES if not isinstance(entries.get(key), str)
    ]
    problems += [
        f"{key} is no entry of a rule; known are {', '.join(sorted(KNOWN_ENTRIES))}"
        for key in set(entries) - KNOWN_ENTRIES
    ]
    if entries.get("rule_id") not in (None, path.stem):
        problems.append(f"rule_id is {entries['rule_id']!r}: the file's name says {path.stem!r}; make them the same")
    methods = entries.get("planned_share")
    if not isinstance(methods, list) or not methods or set(methods) - set(PLANNED_SHARE_METHODS):
        problems.append(
            f"planned_share is {methods!r}: list at least one of {', '.join(PLANNED_SHARE_METHODS)}, in order"
        )
    if not isinstance(entries.get("stale_months"), int):
        problems.append("stale_months is missing: after so many closed months without data a figure is stale")
    if set(entries.get("measures", MEASURES)) - set(MEASURES):
        problems.append(f"measures may hold {', '.join(MEASURES)}")
    for key in ("otherwise", "growth_otherwise", "milestone_otherwise"):
        if entries.get(key, "behind") not in LIGHTS:
            problems.append(f"{key} is {entries[key]!r}: take one of {', '.join(LIGHTS)}")
    for key, names in (("light", LEVEL_VARIABLES), ("growth", GROWTH_VARIABLES), ("milestone", MILESTONE_VARIABLES)):
        for number, light in enumerate(entries.get(key, []), 1):
            problems += [f"{key} {number}: {problem}" for problem in _find_light_problems(light, names)]
    for number, rung in enumerate(entries.get("ladder", []), 1):
        problems += [f"ladder {number}: {problem}" for problem in _find_condition_problems(rung, LADDER_VARIABLES)]
        problems += [
            f"ladder {number}: {key} is missing: write what is done"
            for key in ("name_zh", "name_en")
            if key not in rung
        ]
    return problems


def _find_light_problems(light: dict[str, Any], names: tuple[str, ...]) -> list[str]:
    problems = []
    if light.get("status") not in LIGHTS:
        problems.append(f"status is {light.get('status')!r}: take one of {', '.join(LIGHTS)}")
    return problems + _find_condition_problems(light, names)


def _find_condition_problems(entry: dict[str, Any], names: tuple[str, ...]) -> list[str]:
    try:
        unknown = set(pl.sql_expr(str(entry.get("when"))).meta.root_names()) - set(names)
    except pl.exceptions.PolarsError as error:
        return [f"the condition {entry.get('when')!r} cannot be read: {error}"]
    if unknown:
        return [f"the condition {entry['when']!r} names {sorted(unknown)}: there are {', '.join(names)}"]
    return []
