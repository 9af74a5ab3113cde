"""Routes of the mechanisms, below /api: the rows of their pages, by the same functions, in other formats."""

from datetime import date
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from data import states
from data.languages import LANGUAGES
from data.ledger.ledger import Ledger
from queries.api.answers import make_rows_response
from queries.api.errors import BadParameter
from queries.api.ledger_parameters import (
    CaseGroupParameters,
    CaseParameters,
    ChainParameters,
    LanguageParameters,
    LedgerParameters,
    MonthlyParameters,
    OrderParameters,
    ProjectParameters,
    RuleParameters,
    ScoreParameters,
    TaskParameters,
)
from queries.api.openapi import Columns, describe_bytes_answer, describe_file_answers, describe_json_answer
from queries.api.parameters import Suffix, check_format, check_parameters, parse_code, parse_codes, parse_day
from queries.catalogue.catalogue import THEMES
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
MECHANISMS: dict[str, Any] = {"responses": describe_file_answers(), "response_class": Response, "tags": ["mechanisms"]}
THING = ("target", "task", "project", "leader", "commitment", "supervision", "followup", "problem")


def open_ledger(asked: LedgerParameters | ChainParameters) -> tuple[Ledger, date, str]:
    """Ledger, day and language, once they are known to exist."""
    lang = parse_code("lang", asked.lang, list(LANGUAGES)) or "zh"
    parse_code("park", asked.park, ledgers.get_parks_with_ledger())
    ledger = ledgers.find_ledger(asked.park)
    if broken := ledgers.find_damage(asked.park) if ledger is None else None:
        raise broken
    if ledger is None:
        raise BadParameter("park", f"{asked.park} has no ledger", ledgers.get_parks_with_ledger())
    return ledger, parse_day(asked.asof) or ledgers.get_default_day(ledger), lang


def check_rule(asked: RuleParameters | ChainParameters) -> str:
    """The rule, once it is known to exist."""
    return parse_code("rule", asked.rule, list(read_rules())) or DEFAULT_RULE


def filter_rows(
    rows: pl.DataFrame, where: str, column: str, text: str | None, legal: list[str] | None = None
) -> pl.DataFrame:
    """Rows whose column holds one of the codes; a code that no row holds is refused, unless it is a legal one."""
    known = legal or rows[column].drop_nulls().unique().sort().to_list()
    chosen = parse_codes(where, text, known)
    return rows if chosen is None else rows.filter(pl.col(column).is_in(chosen))


@router.get("/tasks.{suffix}", **MECHANISMS)
def get_tasks(request: Request, suffix: Suffix, asked: Annotated[TaskParameters, Query()]) -> Response:
    """Tasks with their state on a day, one row each."""
    check_format(suffix, request, asked)
    ledger, asof, lang = open_ledger(asked)
    rows = get_ledger_tasks(ledger, asof, lang)
    rows = filter_rows(rows, "state", "state", asked.state, list(states.codes("task")))
    rows = filter_rows(rows, "theme", "theme", asked.theme, list(THEMES))
    rows = filter_rows(rows, "department", "department_id", asked.department)
    rows = filter_rows(filter_rows(rows, "aim", "aim_id", asked.aim), "task", "task_id", asked.task)
    return make_rows_response(rows, suffix, "tasks", lang, asked.bom)


@router.get("/projects.{suffix}", **MECHANISMS)
def get_projects(request: Request, suffix: Suffix, asked: Annotated[ProjectParameters, Query()]) -> Response:
    """Projects and enterprises with leader and team, one row each."""
    check_format(suffix, request, asked)
    ledger, asof, lang = open_ledger(asked)
    rows = filter_rows(get_ledger_projects(ledger, asof, lang), "kind", "kind", asked.kind, ["project", "enterprise"])
    rows = filter_rows(
        filter_rows(rows, "department", "department_id", asked.department), "project", "project_id", asked.project
    )
    broken = parse_codes("breach", asked.breach, list(BREACHES))
    if broken is not None:
        rows = rows.filter(pl.col("breaches").list.set_intersection(broken).list.len() > 0)
    if parse_code("leader", asked.leader, ledgers.get_ledger_at(ledger, asof).tables["leader"]["leader_id"].to_list()):
        rows = rows.filter(pl.col("leaders").list.contains(asked.leader))
    return make_rows_response(rows, suffix, "projects", lang, asked.bom)


@router.get("/monthly.{suffix}", **MECHANISMS)
def get_monthly(request: Request, suffix: Suffix, asked: Annotated[MonthlyParameters, Query()]) -> Response:
    """Targets of the meeting's year against plan and last year, one row each; one that is named may be of any year."""
    check_format(suffix, request, asked)
    ledger, asof, lang = open_ledger(asked)
    rows = (judge_ledger_targets if asked.target else get_meeting_targets)(ledger, asof, check_rule(asked), lang)
    rows = filter_rows(rows, "theme", "theme", asked.theme, list(THEMES))
    rows = filter_rows(rows, "status", "status", asked.status, list(STATUSES))
    rows = filter_rows(
        filter_rows(rows, "department", "department_id", asked.department), "target", "target_id", asked.target
    )
    return make_rows_response(rows, suffix, "monthly", lang, asked.bom)


@router.get("/supervision.{suffix}", **MECHANISMS)
def get_supervision(request: Request, suffix: Suffix, asked: Annotated[OrderParameters, Query()]) -> Response:
    """Supervision orders with their answers, one row each."""
    check_format(suffix, request, asked)
    ledger, asof, lang = open_ledger(asked)
    check_rule(asked)
    rows = filter_rows(
        get_ledger_orders(ledger, asof, lang), "state", "state", asked.state, list(states.codes("supervision"))
    )
    rows = filter_rows(rows, "reason", "reason", asked.reason, list(ORDER_REASONS))
    rows = filter_rows(
        filter_rows(rows, "department", "department_id", asked.department), "order", "supervision_id", asked.order
    )
    return make_rows_response(rows, suffix, "supervision", lang, asked.bom)


@router.get("/due-orders.{suffix}", **MECHANISMS)
def get_due_orders(request: Request, suffix: Suffix, asked: Annotated[RuleParameters, Query()]) -> Response:
    """What an order is due for, why, and whether one was issued, one row each."""
    check_format(suffix, request, asked)
    ledger, asof, lang = open_ledger(asked)
    rows = filter_rows(
        get_ledger_due_orders(ledger, asof, check_rule(asked), lang), "department", "department_id", asked.department
    )
    return make_rows_response(rows, suffix, "due-orders", lang, asked.bom)


def find_cases(asked: CaseParameters) -> tuple[pl.DataFrame, str]:
    """Service cases of the filters, and the language."""
    ledger, asof, lang = open_ledger(asked)
    rows = filter_rows(get_service_cases(ledger, asof, lang), "service", "service_id", asked.service)
    rows = filter_rows(
        filter_rows(rows, "department", "department_id", asked.department), "month", "month", asked.month
    )
    return filter_rows(rows, "state", "state", asked.state, list(states.codes("service_case"))), lang


@router.get("/efficiency.{suffix}", **MECHANISMS)
def get_efficiency(request: Request, suffix: Suffix, asked: Annotated[CaseParameters, Query()]) -> Response:
    """Service cases with the working days they took, one row each."""
    check_format(suffix, request, asked)
    rows, lang = find_cases(asked)
    return make_rows_response(rows, suffix, "efficiency", lang, asked.bom)


@router.get("/efficiency-groups.{suffix}", **MECHANISMS)
def get_efficiency_groups(request: Request, suffix: Suffix, asked: Annotated[CaseGroupParameters, Query()]) -> Response:
    """Cases closed within their promise, by service, department or month, one row each."""
    check_format(suffix, request, asked)
    by = parse_code("by", asked.by, list(CASE_GROUPS)) or "service"
    rows, lang = find_cases(asked)
    return make_rows_response(summarize_cases(rows, by), suffix, "efficiency-groups", lang, asked.bom)


def find_scores(asked: ScoreParameters) -> tuple[pl.DataFrame, pl.DataFrame, str]:
    """Items of the formula with the weights to try, the subjects, and the language."""
    ledger, asof, lang = open_ledger(asked)
    known = (ledger, asof, check_rule(asked), lang)
    declared = compute_score_items(*known)["rule_id"].to_list()
    try:
        rows = compute_score_items(*known, parse_weights(asked.weights, declared))
    except BadWeight as error:
        raise BadParameter("weights", str(error), [f"{code}:30" for code in declared]) from error
    return rows, get_score_subjects(ledger, asof, lang), lang


@router.get("/scores.{suffix}", **MECHANISMS)
def get_scores(request: Request, suffix: Suffix, asked: Annotated[ScoreParameters, Query()]) -> Response:
    """The score and rank of each department, one row each."""
    check_format(suffix, request, asked)
    rows, departments, lang = find_scores(asked)
    ranked = filter_rows(compute_scores(rows, departments), "department", "department_id", asked.department)
    return make_rows_response(ranked, suffix, "scores", lang, asked.bom)


@router.get("/score-items.{suffix}", **MECHANISMS)
def get_score_items(request: Request, suffix: Suffix, asked: Annotated[ScoreParameters, Query()]) -> Response:
    """Every item of the declared formula with its inputs and points, one row each."""
    check_format(suffix, request, asked)
    rows, _departments, lang = find_scores(asked)
    return make_rows_response(
        filter_rows(rows, "department", "department_id", asked.department), suffix, "score-items", lang, asked.bom
    )


@router.get("/chain.json", responses=describe_json_answer("The chain"), response_class=Response, tags=["mechanisms"])
def get_chain(request: Request, asked: Annotated[ChainParameters, Query()]) -> Response:
    """The chain of one thing: {data_version, park, asof, evidence, start, nodes, edges}; without a thing, all of it."""
    check_parameters(request, asked)
    ledger, asof, lang = open_ledger(asked)
    whole = chain.build_chain_graph(ledger, asof, check_rule(asked), lang)
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
    return JSONResponse(formats.to_json_values(content))


@router.get(
    "/ledgers.json", responses=describe_json_answer("The ledgers"), response_class=Response, tags=["mechanisms"]
)
def get_ledgers(request: Request) -> Response:
    """Parks that have a ledger, each with its version, kind of evidence, and the day it opens on."""
    check_parameters(request)
    found = []
    for park in ledgers.get_parks_with_ledger():
        ledger = ledgers.find_ledger(park)
        if ledger is not None:
            opens = ledgers.get_default_day(ledger).isoformat()
            found.append({"park": park, "version": ledger.version, "evidence": ledger.evidence, "asof": opens})
    return JSONResponse({"rows": found})


@router.get(
    "/ledger-empty.xlsx",
    responses=describe_bytes_answer("The workbook", "xlsx"),
    response_class=Response,
    tags=["mechanisms"],
)
def get_empty(request: Request, asked: Annotated[LanguageParameters, Query()]) -> Response:
    """The empty workbook of a ledger, with instructions and lists."""
    check_parameters(request, asked)
    language = parse_code("lang", asked.lang, list(LANGUAGES)) or "zh"
    headers = {"Content-Disposition": 'attachment; filename="park-ledger-empty.xlsx"'}
    return Response(
        ledgers.make_ledger_workbook(None, language), media_type=formats.FORMATS["xlsx"].media_type, headers=headers
    )


def _sample() -> tuple[Ledger, date, str]:
    return open_ledger(LedgerParameters.model_validate({}))


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
