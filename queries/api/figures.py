"""Routes for programs, below /api: the rows of the pages, by the same functions, in other formats."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from queries.api.answers import answer, figures
from queries.api.errors import BadParameter
from queries.api.openapi import TEXT, Columns, as_files, as_json, headed
from queries.api.parameters import (
    Dated,
    Found,
    Judged,
    Lit,
    Observed,
    Placed,
    Suffix,
    Themed,
    Whole,
    codes,
    day,
    one,
    only,
    placed,
    wanted,
)
from queries.catalogue import catalogue
from queries.database import engine
from queries.export import formats
from queries.figures.observations import EVIDENCE, drop_facts
from queries.figures.observations import get_observations as observations
from queries.figures.periods import parse_first_day, parse_last_day
from queries.targets.findings import SEVERITIES, get_consistency_findings, read_checks
from queries.targets.rules import get_rule_version, read_rules
from queries.targets.targets import get_judged_targets, get_park_commitments, get_unlocking_numbers

router = APIRouter()
FIGURES: dict[str, Any] = {"responses": as_files(), "response_class": Response, "tags": ["figures"]}
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


def chosen(asked: Dated) -> dict[str, Any]:
    """Filters of figures and targets, once they are known to exist."""
    for where, text in (("from", asked.since), ("to", asked.to)):
        try:
            parse_first_day(text)
        except ValueError as error:
            raise BadParameter(where, str(error), ["2013", "2013-06"]) from error
    theme, parks, lang = placed(asked)
    indicators = codes("indicator", asked.indicator, catalogue.get_figure_codes())
    days = {"first": parse_first_day(asked.since), "last": parse_last_day(asked.to)}
    return {"theme": theme, "indicators": indicators, "parks": parks, "lang": lang, **days}


def asking(question: Callable[..., Any], *arguments: Any, **filters: Any) -> Any:
    """What the question gives; a period that runs backwards is a parameter that cannot be used."""
    try:
        return question(*arguments, **filters)
    except ValueError as error:
        if "runs backwards" not in str(error):
            raise
        raise BadParameter("from", str(error)) from error


@router.get("/observations.{suffix}", **FIGURES)
def get_observations(request: Request, suffix: Suffix, asked: Annotated[Observed, Query()]) -> Response:
    """Figures, one row each. Evidence is published unless asked; derived rows are computed up to 50,000 figures."""
    wanted(suffix, request, asked)
    kinds = tuple(codes("evidence", asked.evidence, list(EVIDENCE)) or [])
    filters = chosen(asked) | {"asof": day(asked.asof)}
    lang = filters.pop("lang")
    sent: Response = asking(figures, suffix, asked.bom, lang, kinds, **filters)
    return sent


@router.get("/targets.{suffix}", **FIGURES)
def get_targets(request: Request, suffix: Suffix, asked: Annotated[Judged, Query()]) -> Response:
    """Targets with their status, one row each."""
    wanted(suffix, request, asked)
    rows = asking(get_judged_targets, **chosen(asked), **ruled(asked))
    return answer(rows, suffix, "targets", asked.lang, asked.bom)


@router.get("/commitments.{suffix}", **FIGURES)
def get_commitments(request: Request, suffix: Suffix, asked: Annotated[Placed, Query()]) -> Response:
    """Commitments without a number, one row each."""
    wanted(suffix, request, asked)
    return answer(get_park_commitments(*placed(asked)), suffix, "commitments", asked.lang, asked.bom)


LIGHTS = headed(rule=TEXT, rule_version=TEXT, asof={"type": "string", "format": "date"})


@router.get("/status.json", responses=as_json("The rows", LIGHTS), response_class=Response, tags=["judgements"])
def get_status(request: Request, asked: Annotated[Lit, Query()]) -> Response:
    """The status of targets under a rule, on a day."""
    only(request, asked)
    return lights(asked, get_judged_targets(**of_year(asked), **ruled(asked)))


@router.get(
    "/unlock.json",
    responses=as_json("The rows", headed(**LIGHTS["properties"])),
    response_class=Response,
    tags=["judgements"],
)
def get_unlock(request: Request, asked: Annotated[Lit, Query()]) -> Response:
    """What cannot be judged, the one number that would unlock it, and where it is usually published."""
    only(request, asked)
    return lights(asked, get_unlocking_numbers(get_judged_targets(**of_year(asked), **ruled(asked))))


@router.get("/findings.{suffix}", **JUDGED)
def get_findings(request: Request, suffix: Suffix, asked: Annotated[Found, Query()]) -> Response:
    """Published figures that do not fit each other, one row each."""
    wanted(suffix, request, asked)
    lang = one("lang", asked.lang, list(catalogue.LANGUAGES)) or "zh"
    chosen = (
        codes("severity", asked.severity, list(SEVERITIES)),
        codes("rule", asked.rule, [check.rule for check in read_checks()]),
        codes("park", asked.park, catalogue.get_parks()["park_id"].to_list()),
    )
    return answer(get_consistency_findings(*chosen, lang, day(asked.asof)), suffix, "findings", lang, asked.bom)


@router.get("/rules.json", responses=as_json("The rules"), response_class=Response, tags=["judgements"])
def get_rules(request: Request) -> Response:
    """The rules that a link may name, with their texts and versions."""
    only(request)
    rows = [rule.texts | {"rule_version": get_rule_version(code)} for code, rule in read_rules().items()]
    return JSONResponse({"data_version": engine.get_data_version(), "rows": rows})


def lights(asked: Lit, rows: pl.DataFrame) -> Response:
    """Rows of targets as JSON, headed by the rule and the day they were judged by."""
    head = {
        "rule": asked.rule,
        "rule_version": get_rule_version(asked.rule),
        "asof": asked.asof or date.today().isoformat(),
    }
    return Response(formats.as_json(rows, head), media_type=formats.FORMATS["json"].media_type)


def of_year(asked: Lit) -> dict[str, Any]:
    """Theme, places, year and language of a route of status, once they are known to exist."""
    theme, parks, lang = placed(asked)
    if asked.year is not None and not 1980 <= asked.year <= 2100:
        raise BadParameter("year", f"no targets for {asked.year}", ["1980 to 2100"])
    first, last = (date(asked.year, 1, 1), date(asked.year, 12, 31)) if asked.year else (None, None)
    return {"theme": theme, "parks": parks, "first": first, "last": last, "lang": lang}


def ruled(asked: Judged | Lit) -> dict[str, Any]:
    """Rule and day, once they are known to exist."""
    one("rule", asked.rule, list(read_rules()))
    return {"rule": asked.rule, "asof": day(asked.asof)}


@router.get("/indicators.{suffix}", **LISTED)
def get_indicators(request: Request, suffix: Suffix, asked: Annotated[Themed, Query()]) -> Response:
    """Indicators with definition, unit and counts, one row each."""
    wanted(suffix, request, asked)
    rows = catalogue.get_indicators(one("theme", asked.theme, list(catalogue.THEMES)))
    return answer(rows, suffix, "indicators", "zh", asked.bom)


@router.get("/sources.{suffix}", **LISTED)
def get_sources(request: Request, suffix: Suffix, asked: Annotated[Whole, Query()]) -> Response:
    """Sources with the number of rows that rest on each, one row each."""
    wanted(suffix, request, asked)
    return answer(catalogue.get_sources(), suffix, "sources", "zh", asked.bom)


@router.get("/parks.{suffix}", **LISTED)
def get_parks(request: Request, suffix: Suffix, asked: Annotated[Whole, Query()]) -> Response:
    """Places with their codes, one row each."""
    wanted(suffix, request, asked)
    return answer(catalogue.get_parks(), suffix, "parks", "zh", asked.bom)
