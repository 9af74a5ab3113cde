"""Routes of the mechanisms, below /api: the rows of their pages, by the same functions, in other formats."""

from datetime import date
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from data import states
from data.ledger.ledger import Ledger
from queries.api.answers import answer
from queries.api.errors import BadParameter
from queries.api.openapi import Columns, as_bytes, as_files, as_json
from queries.api.parameters import Suffix, Whole, codes, dated, day, listed, one, only, single, wanted
from queries.catalogue.catalogue import LANGUAGES, THEMES
from queries.export import formats
from queries.ledger import chain, ledgers
from queries.ledger.efficiency import CASE_GROUPS, get_service_cases, summarize_cases
from queries.ledger.leaders import BREACHES, get_ledger_projects
from queries.ledger.meeting import get_meeting_targets
from queries.ledger.preplan import get_ledger_tasks
from queries.ledger.progress import judge_ledger_targets
from queries.ledger.rewards import BadWeight, compute_score_items, compute_scores, get_score_subjects, parse_weights
from queries.ledger.supervision import ORDER_REASONS, get_ledger_due_orders, get_ledger_orders
from queries.targets.rules import DEFAULT_RULE, read_rules
from queries.targets.status import STATUSES

router = APIRouter()
MECHANISMS: dict[str, Any] = {"responses": as_files(), "response_class": Response, "tags": ["mechanisms"]}
THING = ("target", "task", "project", "leader", "commitment", "supervision", "followup", "problem")


class Kept(Whole):
    """Whose ledger, and as of which day."""

    park: str = single(ledgers.SAMPLE_PARK, "code of a park that has a ledger", "ledgers")
    asof: str | None = dated("what the ledger knew on this day; none: today, or when its months end", "2025-09-15")
    lang: str = single("zh", "language of sentences", LANGUAGES)
    department: str | None = Field(None, description="codes of departments, several by comma")


class Tasked(Kept):
    """Filters of tasks."""

    state: str | None = listed("states", states.codes("task"))
    theme: str | None = listed("themes", THEMES)
    aim: str | None = Field(None, description="numbers of targets or commitments, by comma")
    task: str | None = Field(None, description="one number")


class Paired(Kept):
    """Filters of projects."""

    kind: str | None = listed("kinds", ("project", "enterprise"))
    breach: str | None = listed("what is broken", tuple(BREACHES))
    leader: str | None = Field(None, description="one code")
    project: str | None = Field(None, description="one number")


class Ruled(Kept):
    """The rule by which targets are judged."""

    rule: str = single(DEFAULT_RULE, "code of a rule", "rules")


class Dispatched(Ruled):
    """Filters of targets."""

    theme: str | None = listed("themes", THEMES)
    status: str | None = listed("statuses", tuple(STATUSES))
    target: str | None = Field(None, description="one number")


class Ordered(Ruled):
    """Filters of orders."""

    state: str | None = listed("states", states.codes("supervision"))
    reason: str | None = listed("reasons", tuple(ORDER_REASONS))
    order: str | None = Field(None, description="one number")


class Served(Kept):
    """Filters of service cases."""

    service: str | None = Field(None, description="names as written, by comma")
    month: str | None = Field(None, description="months of completion, by comma")
    state: str | None = listed("states", states.codes("service_case"))


class Grouped(Served):
    """What service cases are grouped by."""

    by: str = single("service", "what a group is", tuple(CASE_GROUPS))


class Scored(Ruled):
    """Weights to try."""

    weights: str = Field("", description="K01:30,K02:25 in place of the declared ones")


class Spoken(BaseModel):
    """The language."""

    lang: str = single("zh", "language of instructions and lists", LANGUAGES)


class Chained(BaseModel):
    """One thing, by its kind."""

    park: str = single(ledgers.SAMPLE_PARK, "code of a park that has a ledger", "ledgers")
    asof: str | None = dated("what the ledger knew on this day; none: today, or when its months end", "2025-09-15")
    lang: str = single("zh", "language of sentences", LANGUAGES)
    rule: str = single(DEFAULT_RULE, "code of a rule", "rules")
    target: str | None = None
    task: str | None = None
    project: str | None = None
    leader: str | None = None
    commitment: str | None = None
    supervision: str | None = None
    followup: str | None = None
    problem: str | None = None


def opened(asked: Kept | Chained) -> tuple[Ledger, date, str]:
    """Ledger, day and language, once they are known to exist."""
    lang = one("lang", asked.lang, list(LANGUAGES)) or "zh"
    one("park", asked.park, ledgers.get_parks_with_ledger())
    ledger = ledgers.find_ledger(asked.park)
    if broken := ledgers.find_damage(asked.park) if ledger is None else None:
        raise broken
    if ledger is None:
        raise BadParameter("park", f"{asked.park} has no ledger", ledgers.get_parks_with_ledger())
    return ledger, day(asked.asof) or ledgers.get_default_day(ledger), lang


def rule_of(asked: Ruled | Chained) -> str:
    """The rule, once it is known to exist."""
    return one("rule", asked.rule, list(read_rules())) or DEFAULT_RULE


def kept(rows: pl.DataFrame, where: str, column: str, text: str | None, legal: list[str] | None = None) -> pl.DataFrame:
    """Rows whose column holds one of the codes; a code that no row holds is refused, unless it is a legal one."""
    known = legal or rows[column].drop_nulls().unique().sort().to_list()
    chosen = codes(where, text, known)
    return rows if chosen is None else rows.filter(pl.col(column).is_in(chosen))


@router.get("/tasks.{suffix}", **MECHANISMS)
def get_tasks(request: Request, suffix: Suffix, asked: Annotated[Tasked, Query()]) -> Response:
    """Tasks with their state on a asof, one row each."""
    wanted(suffix, request, asked)
    ledger, asof, lang = opened(asked)
    rows = get_ledger_tasks(ledger, asof, lang)
    rows = kept(rows, "state", "state", asked.state, list(states.codes("task")))
    rows = kept(rows, "theme", "theme", asked.theme, list(THEMES))
    rows = kept(rows, "department", "department_id", asked.department)
    rows = kept(kept(rows, "aim", "aim_id", asked.aim), "task", "task_id", asked.task)
    return answer(rows, suffix, "tasks", lang, asked.bom)


@router.get("/projects.{suffix}", **MECHANISMS)
def get_projects(request: Request, suffix: Suffix, asked: Annotated[Paired, Query()]) -> Response:
    """Projects and enterprises with leader and team, one row each."""
    wanted(suffix, request, asked)
    ledger, asof, lang = opened(asked)
    rows = kept(get_ledger_projects(ledger, asof, lang), "kind", "kind", asked.kind, ["project", "enterprise"])
    rows = kept(kept(rows, "department", "department_id", asked.department), "project", "project_id", asked.project)
    broken = codes("breach", asked.breach, list(BREACHES))
    if broken is not None:
        rows = rows.filter(pl.col("breaches").list.set_intersection(broken).list.len() > 0)
    if one("leader", asked.leader, ledgers.get_ledger_at(ledger, asof).tables["leader"]["leader_id"].to_list()):
        rows = rows.filter(pl.col("leaders").list.contains(asked.leader))
    return answer(rows, suffix, "projects", lang, asked.bom)


@router.get("/monthly.{suffix}", **MECHANISMS)
def get_monthly(request: Request, suffix: Suffix, asked: Annotated[Dispatched, Query()]) -> Response:
    """Targets of the meeting's year against plan and last year, one row each; one that is named may be of any year."""
    wanted(suffix, request, asked)
    ledger, asof, lang = opened(asked)
    rows = (judge_ledger_targets if asked.target else get_meeting_targets)(ledger, asof, rule_of(asked), lang)
    rows = kept(rows, "theme", "theme", asked.theme, list(THEMES))
    rows = kept(rows, "status", "status", asked.status, list(STATUSES))
    rows = kept(kept(rows, "department", "department_id", asked.department), "target", "target_id", asked.target)
    return answer(rows, suffix, "monthly", lang, asked.bom)


@router.get("/supervision.{suffix}", **MECHANISMS)
def get_supervision(request: Request, suffix: Suffix, asked: Annotated[Ordered, Query()]) -> Response:
    """Supervision orders with their answers, one row each."""
    wanted(suffix, request, asked)
    ledger, asof, lang = opened(asked)
    rule_of(asked)
    rows = kept(get_ledger_orders(ledger, asof, lang), "state", "state", asked.state, list(states.codes("supervision")))
    rows = kept(rows, "reason", "reason", asked.reason, list(ORDER_REASONS))
    rows = kept(kept(rows, "department", "department_id", asked.department), "order", "supervision_id", asked.order)
    return answer(rows, suffix, "supervision", lang, asked.bom)


@router.get("/due-orders.{suffix}", **MECHANISMS)
def get_due_orders(request: Request, suffix: Suffix, asked: Annotated[Ruled, Query()]) -> Response:
    """What ought to be ordered, why, and whether it was, one row each."""
    wanted(suffix, request, asked)
    ledger, asof, lang = opened(asked)
    rows = kept(
        get_ledger_due_orders(ledger, asof, rule_of(asked), lang), "department", "department_id", asked.department
    )
    return answer(rows, suffix, "due-orders", lang, asked.bom)


def served(asked: Served) -> tuple[pl.DataFrame, str]:
    """Service cases of the filters, and the language."""
    ledger, asof, lang = opened(asked)
    rows = kept(get_service_cases(ledger, asof, lang), "service", "service_id", asked.service)
    rows = kept(kept(rows, "department", "department_id", asked.department), "month", "month", asked.month)
    return kept(rows, "state", "state", asked.state, list(states.codes("service_case"))), lang


@router.get("/efficiency.{suffix}", **MECHANISMS)
def get_efficiency(request: Request, suffix: Suffix, asked: Annotated[Served, Query()]) -> Response:
    """Service cases with the working days they took, one row each."""
    wanted(suffix, request, asked)
    rows, lang = served(asked)
    return answer(rows, suffix, "efficiency", lang, asked.bom)


@router.get("/efficiency-groups.{suffix}", **MECHANISMS)
def get_efficiency_groups(request: Request, suffix: Suffix, asked: Annotated[Grouped, Query()]) -> Response:
    """Promises kept by service, department or month, one row each."""
    wanted(suffix, request, asked)
    by = one("by", asked.by, list(CASE_GROUPS)) or "service"
    rows, lang = served(asked)
    return answer(summarize_cases(rows, by), suffix, "efficiency-groups", lang, asked.bom)


def weighed(asked: Scored) -> tuple[pl.DataFrame, pl.DataFrame, str]:
    """Items of the formula with the weights to try, the subjects, and the language."""
    ledger, asof, lang = opened(asked)
    known = (ledger, asof, rule_of(asked), lang)
    declared = compute_score_items(*known)["rule_id"].to_list()
    try:
        rows = compute_score_items(*known, parse_weights(asked.weights, declared))
    except BadWeight as error:
        raise BadParameter("weights", str(error), [f"{code}:30" for code in declared]) from error
    return rows, get_score_subjects(ledger, asof, lang), lang


@router.get("/scores.{suffix}", **MECHANISMS)
def get_scores(request: Request, suffix: Suffix, asked: Annotated[Scored, Query()]) -> Response:
    """The score and rank of each department, one row each."""
    wanted(suffix, request, asked)
    rows, departments, lang = weighed(asked)
    ranked = kept(compute_scores(rows, departments), "department", "department_id", asked.department)
    return answer(ranked, suffix, "scores", lang, asked.bom)


@router.get("/score-items.{suffix}", **MECHANISMS)
def get_score_items(request: Request, suffix: Suffix, asked: Annotated[Scored, Query()]) -> Response:
    """Every item of the declared formula with its inputs and points, one row each."""
    wanted(suffix, request, asked)
    rows, _departments, lang = weighed(asked)
    return answer(kept(rows, "department", "department_id", asked.department), suffix, "score-items", lang, asked.bom)


@router.get("/chain.json", responses=as_json("The chain"), response_class=Response, tags=["mechanisms"])
def get_chain(request: Request, asked: Annotated[Chained, Query()]) -> Response:
    """The chain of one thing: {data_version, park, asof, evidence, start, nodes, edges}; without a thing, all of it."""
    only(request, asked)
    ledger, asof, lang = opened(asked)
    whole = chain.build_chain_graph(ledger, asof, rule_of(asked), lang)
    named = [(kind, getattr(asked, kind)) for kind in THING if getattr(asked, kind)]
    if len(named) > 1:
        raise BadParameter(named[1][0], "ask for one thing at a time", [named[0][0]])
    start = ":".join(named[0]) if named else None
    if start:
        try:
            whole = whole.around(start)
        except chain.NotInLedger as error:
            legal = [node.code for node in whole.of_kind(named[0][0])]
            raise BadParameter(named[0][0], f"no {named[0][0]} {named[0][1]!r} on {asof}", legal) from error
    nodes: list[dict[str, Any]] = [
        {"id": node.id, "kind": node.kind, "code": node.code, "name_zh": node.name_zh, "name_en": node.name_en}
        | {"state": node.state, "facts": node.facts}
        for node in whole.nodes.values()
    ]
    head = {"data_version": ledger.version, "park": ledger.park_id, "asof": asof.isoformat()}
    head |= {"evidence": ledger.evidence, "start": start or ""}
    content = head | {"nodes": nodes, "edges": [list(edge) for edge in whole.edges]}
    return JSONResponse(formats.jsonable(content))


@router.get("/ledgers.json", responses=as_json("The ledgers"), response_class=Response, tags=["mechanisms"])
def get_ledgers(request: Request) -> Response:
    """Parks that have a ledger, each with its version, kind of evidence, and the day it opens on."""
    only(request)
    found = []
    for park in ledgers.get_parks_with_ledger():
        ledger = ledgers.find_ledger(park)
        if ledger is not None:
            opens = ledgers.get_default_day(ledger).isoformat()
            found.append({"park": park, "version": ledger.version, "evidence": ledger.evidence, "asof": opens})
    return JSONResponse({"rows": found})


@router.get(
    "/ledger-empty.xlsx", responses=as_bytes("The workbook", "xlsx"), response_class=Response, tags=["mechanisms"]
)
def get_empty(request: Request, asked: Annotated[Spoken, Query()]) -> Response:
    """The empty workbook of a ledger, with instructions and lists."""
    only(request, asked)
    language = one("lang", asked.lang, list(LANGUAGES)) or "zh"
    headers = {"Content-Disposition": 'attachment; filename="park-ledger-empty.xlsx"'}
    return Response(
        ledgers.make_ledger_workbook(None, language), media_type=formats.FORMATS["xlsx"].media_type, headers=headers
    )


def _sample() -> tuple[Ledger, date, str]:
    return opened(Kept.model_validate({}))


def _scored() -> tuple[pl.DataFrame, pl.DataFrame]:
    ledger, asof, lang = _sample()
    return compute_score_items(ledger, asof, DEFAULT_RULE, lang), get_score_subjects(ledger, asof, lang)


# Every ledger has the columns of the sample.
COLUMNS: Columns = {
    "/tasks.{suffix}": lambda: get_ledger_tasks(*_sample()),
    "/projects.{suffix}": lambda: get_ledger_projects(*_sample()),
    "/monthly.{suffix}": lambda: get_meeting_targets(*_sample()[:2], DEFAULT_RULE, "zh"),
    "/supervision.{suffix}": lambda: get_ledger_orders(*_sample()),
    "/due-orders.{suffix}": lambda: get_ledger_due_orders(*_sample()[:2], DEFAULT_RULE, "zh"),
    "/efficiency.{suffix}": lambda: get_service_cases(*_sample()),
    "/scores.{suffix}": lambda: compute_scores(*_scored()),
    "/score-items.{suffix}": lambda: _scored()[0],
}
