"""Routes for programs, below /api: the rows of the pages, by the same functions, in other formats."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, ParamSpec, TypedDict, TypeVar

import polars as pl
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from data.languages import LANGUAGES
from queries.api.answers import make_observations_response, make_rows_response
from queries.api.errors import BadParameter
from queries.api.openapi import TEXT, Columns, describe_file_answers, describe_headers, describe_json_answer
from queries.api.parameters import (
    FindingParameters,
    FormatParameters,
    ObservationParameters,
    PeriodParameters,
    PlaceParameters,
    StatusParameters,
    Suffix,
    TargetParameters,
    ThemeParameters,
    check_format,
    check_parameters,
    parse_code,
    parse_codes,
    parse_day,
    parse_place_filters,
)
from queries.catalogue import catalogue
from queries.database import engine
from queries.export import formats
from queries.figures.observations import EVIDENCE, Filters, Question, drop_facts
from queries.figures.observations import get_observations as observations
from queries.figures.periods import parse_first_day, parse_last_day
from queries.targets.findings import SEVERITIES, get_consistency_findings, read_checks
from queries.targets.rules import get_rule_version, read_rules
from queries.targets.targets import get_judged_targets, get_park_commitments, get_unlocking_numbers

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
router = APIRouter()
FIGURES: dict[str, Any] = {"responses": describe_file_answers(), "response_class": Response, "tags": ["figures"]}
JUDGED: dict[str, Any] = FIGURES | {"tags": ["judgements"]}
LISTED: dict[str, Any] = FIGURES | {"tags": ["catalogue"]}
COLUMNS: Columns = {
    "/observations.{suffix}": lambda: drop_facts(observations(parks=[])),
    "/targets.{suffix}": lambda: get_judged_targets(parks=[]),
    "/commitments.{suffix}": lambda: get_park_commitments(parks=[]),
    "/findings.{suffix}": lambda: get_consistency_findings([], [], [], "zh"),
    "/status.json": lambda: get_judged_targets(parks=[]),
    "/unlock.json": lambda: get_unlocking_numbers(get_judged_targets(parks=[])),
    "/indicators.{suffix}": catalogue.get_indicators,
    "/sources.{suffix}": catalogue.get_sources,
    "/parks.{suffix}": catalogue.get_parks,
}  # fmt: skip


class Judging(TypedDict):
    """The rule by which targets are judged, and the day up to which figures count; None: today."""

    rule: str
    asof: date | None


def get_filters(asked: PeriodParameters) -> Filters:
    """Filters of figures and targets, once they are known to exist."""
    for where, text in (("from", asked.since), ("to", asked.to)):
        try:
            parse_first_day(text)
        except ValueError as error:
            raise BadParameter(where, str(error), ["2013", "2013-06"]) from error
    theme, parks, lang = parse_place_filters(asked)
    indicators = parse_codes("indicator", asked.indicator, catalogue.get_figure_codes())
    first, last = parse_first_day(asked.since), parse_last_day(asked.to)
    return {"theme": theme, "indicators": indicators, "parks": parks, "first": first, "last": last, "lang": lang}


def ask_known_rule(question: Callable[Asked, Answer], *arguments: Asked.args, **filters: Asked.kwargs) -> Answer:
    """What the question gives; a period that runs backwards is a parameter that cannot be used."""
    try:
        return question(*arguments, **filters)
    except ValueError as error:
        if "runs backwards" not in str(error):
            raise
        raise BadParameter("from", str(error)) from error


@router.get("/observations.{suffix}", **FIGURES)
def get_observations(request: Request, suffix: Suffix, asked: Annotated[ObservationParameters, Query()]) -> Response:
    """Figures, one row each. Evidence is published unless asked; derived rows are computed up to 50,000 figures."""
    check_format(suffix, request, asked)
    kinds = parse_codes("evidence", asked.evidence, list(EVIDENCE)) or []
    question = Question(**get_filters(asked), evidence=kinds, asof=parse_day(asked.asof))
    return ask_known_rule(make_observations_response, suffix, asked.bom, question)


@router.get("/targets.{suffix}", **FIGURES)
def get_targets(request: Request, suffix: Suffix, asked: Annotated[TargetParameters, Query()]) -> Response:
    """Targets with their status, one row each."""
    check_format(suffix, request, asked)
    rows = ask_known_rule(get_judged_targets, **get_filters(asked), **get_rule_filters(asked))
    return make_rows_response(rows, suffix, "targets", asked.lang, asked.bom)


@router.get("/commitments.{suffix}", **FIGURES)
def get_commitments(request: Request, suffix: Suffix, asked: Annotated[PlaceParameters, Query()]) -> Response:
    """Commitments without a number, one row each."""
    check_format(suffix, request, asked)
    return make_rows_response(
        get_park_commitments(*parse_place_filters(asked)), suffix, "commitments", asked.lang, asked.bom
    )


LIGHTS = describe_headers(rule=TEXT, rule_version=TEXT, asof={"type": "string", "format": "date"})


@router.get(
    "/status.json", responses=describe_json_answer("The rows", LIGHTS), response_class=Response, tags=["judgements"]
)
def get_status(request: Request, asked: Annotated[StatusParameters, Query()]) -> Response:
    """The status of targets under a rule, on a day."""
    check_parameters(request, asked)
    return make_status_response(asked, get_judged_targets(**get_year_filters(asked), **get_rule_filters(asked)))


@router.get(
    "/unlock.json",
    responses=describe_json_answer("The rows", describe_headers(**LIGHTS["properties"])),
    response_class=Response,
    tags=["judgements"],
)
def get_unlock(request: Request, asked: Annotated[StatusParameters, Query()]) -> Response:
    """What cannot be judged, the one number that would unlock it, and where it is usually published."""
    check_parameters(request, asked)
    return make_status_response(
        asked, get_unlocking_numbers(get_judged_targets(**get_year_filters(asked), **get_rule_filters(asked)))
    )


@router.get("/findings.{suffix}", **JUDGED)
def get_findings(request: Request, suffix: Suffix, asked: Annotated[FindingParameters, Query()]) -> Response:
    """Published figures that do not fit each other, one row each."""
    check_format(suffix, request, asked)
    lang = parse_code("lang", asked.lang, list(LANGUAGES)) or "zh"
    chosen = (
        parse_codes("severity", asked.severity, list(SEVERITIES)),
        parse_codes("rule", asked.rule, [check.rule for check in read_checks()]),
        parse_codes("park", asked.park, catalogue.get_parks()["park_id"].to_list()),
    )
    return make_rows_response(
        get_consistency_findings(*chosen, lang, parse_day(asked.asof)), suffix, "findings", lang, asked.bom
    )


@router.get("/rules.json", responses=describe_json_answer("The rules"), response_class=Response, tags=["judgements"])
def get_rules(request: Request) -> Response:
    """The rules that a link may name, with their texts and versions."""
    check_parameters(request)
    rows = [rule.texts | {"rule_version": get_rule_version(code)} for code, rule in read_rules().items()]
    return JSONResponse({"data_version": engine.get_data_version(), "rows": rows})


def make_status_response(asked: StatusParameters, rows: pl.DataFrame) -> Response:
    """Rows of targets as JSON, headed by the rule and the day they were judged by."""
    head = {
        "rule": asked.rule,
        "rule_version": get_rule_version(asked.rule),
        "asof": asked.asof or date.today().isoformat(),
    }
    return Response(formats.as_json(rows, head), media_type=formats.FORMATS["json"].media_type)


def get_year_filters(asked: StatusParameters) -> Filters:
    """Theme, places, year and language of a route of status, once they are known to exist."""
    theme, parks, lang = parse_place_filters(asked)
    if asked.year is not None and not 1980 <= asked.year <= 2100:
        raise BadParameter("year", f"no targets for {asked.year}", ["1980 to 2100"])
    first, last = (date(asked.year, 1, 1), date(asked.year, 12, 31)) if asked.year else (None, None)
    return {"theme": theme, "indicators": None, "parks": parks, "first": first, "last": last, "lang": lang}


def get_rule_filters(asked: TargetParameters | StatusParameters) -> Judging:
    """Rule and day, once they are known to exist."""
    parse_code("rule", asked.rule, list(read_rules()))
    return {"rule": asked.rule, "asof": parse_day(asked.asof)}


@router.get("/indicators.{suffix}", **LISTED)
def get_indicators(request: Request, suffix: Suffix, asked: Annotated[ThemeParameters, Query()]) -> Response:
    """Indicators with definition, unit and counts, one row each."""
    check_format(suffix, request, asked)
    rows = catalogue.get_indicators(parse_code("theme", asked.theme, list(catalogue.THEMES)))
    return make_rows_response(rows, suffix, "indicators", "zh", asked.bom)


@router.get("/sources.{suffix}", **LISTED)
def get_sources(request: Request, suffix: Suffix, asked: Annotated[FormatParameters, Query()]) -> Response:
    """Sources with the number of rows that rest on each, one row each."""
    check_format(suffix, request, asked)
    return make_rows_response(catalogue.get_sources(), suffix, "sources", "zh", asked.bom)


@router.get("/parks.{suffix}", **LISTED)
def get_parks(request: Request, suffix: Suffix, asked: Annotated[FormatParameters, Query()]) -> Response:
    """Places with their codes, one row each."""
    check_format(suffix, request, asked)
    return make_rows_response(catalogue.get_parks(), suffix, "parks", "zh", asked.bom)
