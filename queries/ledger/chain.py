"""The chain of one thing: figure, target, task, leader, project, order, follow-up, evidence, and their links."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from data.languages import LANGUAGES
from data.ledger.ledger import Ledger
from queries.database.engine import get_data_version
from queries.ledger.leaders import compute_leader_loads, get_ledger_problems, get_ledger_projects
from queries.ledger.ledgers import CACHED_STATES, get_ledger_at
from queries.ledger.monthly import get_ledger_followups
from queries.ledger.preplan import get_ledger_tasks
from queries.ledger.progress import judge_ledger_targets
from queries.ledger.supervision import get_ledger_orders
from queries.targets.rules import DEFAULT_RULE, get_rule_version


class NotInLedger(LookupError):
    """The ledger holds nothing of this number on the day asked about."""


@dataclass(frozen=True)
class ChainNode:
    """One thing: its kind and number, its name in both languages, its state, and a few of its facts."""

    kind: str
    code: str
    name_zh: str
    name_en: str
    state: str | None = None
    facts: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)

    @property
    def id(self) -> str:
        """Return kind and number, as task:T01."""
        return f"{self.kind}:{self.code}"


@dataclass(frozen=True)
class ChainGraph:
    """The nodes by id, and the pairs of ids that are linked, each once."""

    nodes: dict[str, ChainNode]
    edges: tuple[tuple[str, str], ...]

    def around(self, start: str) -> "ChainGraph":
        """Return the chain of one thing: what is linked to it, and further without passing another target.

        A leader, target or commitment that is reached ends the chain. Raises NotInLedger.
        """
        if start not in self.nodes:
            raise NotInLedger(start)
        beside: dict[str, set[str]] = {}
        for one, other in self.edges:
            beside.setdefault(one, set()).add(other)
            beside.setdefault(other, set()).add(one)
        seen, turn = {start}, [start]
        # A leader or target has hundreds of things: from the second step on they end the chain.
        ends = {"leader", "target", "commitment"}
        while turn:
            now = turn.pop()
            if now != start and self.nodes[now].kind in ends:
                continue
            new = beside.get(now, set()) - seen
            seen |= new
            turn += sorted(new)
        kept = {key: node for key, node in self.nodes.items() if key in seen}
        return ChainGraph(kept, tuple(edge for edge in self.edges if edge[0] in seen and edge[1] in seen))

    def of_kind(self, kind: str) -> list[ChainNode]:
        """Return the nodes of one kind, in order."""
        return [node for node in self.nodes.values() if node.kind == kind]


def build_chain_graph(of: Ledger, asof: date, rule: str = DEFAULT_RULE, lang: str = "zh") -> ChainGraph:
    """Build the graph of everything that the ledger knew on a day."""
    return _build_chain_graph(of, get_data_version(), asof, rule, get_rule_version(rule), lang)


def _add_nodes(
    nodes: list[ChainNode], rows: pl.DataFrame, kind: str, code: str, name: str, state: str | None, *facts: str
) -> None:
    for row in rows.iter_rows(named=True):
        told = {fact: row[fact] for fact in facts}
        nodes.append(
            ChainNode(kind, row[code], row[f"{name}_zh"], row[f"{name}_en"], row[state] if state else None, told)
        )


@lru_cache(maxsize=CACHED_STATES)
def _build_chain_graph(of: Ledger, version: str, asof: date, rule: str, rule_version: str, lang: str) -> ChainGraph:
    then = get_ledger_at(of, asof)
    aims, work, held = (
        judge_ledger_targets(of, asof, rule, lang),
        get_ledger_tasks(of, asof, lang),
        get_ledger_projects(of, asof, lang),
    )
    stuck, given, told = (
        get_ledger_problems(of, asof, lang),
        get_ledger_orders(of, asof, lang),
        get_ledger_followups(of, asof, lang),
    )
    nodes: list[ChainNode] = []
    figures = aims.filter(pl.col("actual").is_not_null()).with_columns(figure=pl.format("{}@{}", "target_id", "month"))
    _add_nodes(nodes, figures, "figure", "figure", "indicator", None, "actual", "month", "year", "level_unit_zh",
         "level_unit_scale", "level_unit_scaled_en")  # fmt: skip
    _add_nodes(nodes, aims, "target", "target_id", "indicator", "status", "gap_points", "completion", "reason")
    served = work.filter(pl.col("commitment_id").is_not_null()).unique("commitment_id", maintain_order=True)
    served = served.with_columns(pl.coalesce(f"aim_{each}", "commitment_id").alias(f"aim_{each}") for each in LANGUAGES)
    _add_nodes(nodes, served, "commitment", "commitment_id", "aim", None)
    _add_nodes(
        nodes, work, "task", "task_id", "title", "state", "due", "finished", "overdue_days", "days_left", "proof"
    )
    proven = work.filter(pl.col("proof").is_not_null()).with_columns(proof_zh="proof", proof_en="proof")
    _add_nodes(nodes, proven, "evidence", "task_id", "proof", None, "assessed", "verdict")
    _add_nodes(
        nodes,
        compute_leader_loads(of, asof, lang),
        "leader",
        "leader_id",
        "leader",
        None,
        "projects",
        "tasks_open",
        "tasks_overdue",
    )
    _add_nodes(nodes, held, "project", "project_id", "name", "state", "due", "breaches")
    _add_nodes(nodes, stuck, "problem", "problem_id", "title", "state", "raised", "promised", "age", "late_days")
    named = given.with_columns(pl.coalesce(f"about_{each}", "about").alias(f"about_{each}") for each in LANGUAGES)
    _add_nodes(nodes, named, "supervision", "supervision_id", "about", "state", "issued", "due", "reason")  # fmt: skip
    _add_nodes(nodes, told, "followup", "followup_id", "title", "state", "meeting", "due")
    found = {node.id: node for node in nodes}
    return ChainGraph(
        found, tuple(edge for edge in _build_edges(then, figures, proven) if edge[0] in found and edge[1] in found)
    )


def _build_edges(then: Ledger, figures: pl.DataFrame, proven: pl.DataFrame) -> list[tuple[str, str]]:
    edges = [(f"figure:{row['figure']}", f"target:{row['target_id']}") for row in figures.iter_rows(named=True)]
    edges += [(f"task:{code}", f"evidence:{code}") for code in proven["task_id"]]
    for table, key in (
        ("task", "task_id"), ("project", "project_id"), ("problem", "problem_id"), ("supervision", "supervision_id"),
        ("followup", "followup_id"),
    ):  # fmt: skip
        rows = then.tables[table]
        for other in ("target", "commitment", "task", "project", "problem", "leader"):
            column = f"{other}_id"
            if column in rows.columns and column != key:
                pairs = rows.filter(pl.col(column).is_not_null()).select(column, key)
                edges += [(f"{other}:{parent}", f"{table}:{child}") for parent, child in pairs.iter_rows()]
    paired = then.tables["project"].select("leaders", "project_id").explode("leaders").drop_nulls()
    edges += [(f"leader:{leader}", f"project:{code}") for leader, code in paired.iter_rows()]
    return list(dict.fromkeys(edges))
