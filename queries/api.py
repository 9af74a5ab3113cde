"""Routes for programs, below /api: the rows of the pages, by the same functions, in other formats."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import polars as pl
from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from queries import catalogue, database, files
from queries.findings import SEVERITIES, BadCheck, checks, findings
from queries.observations import EVIDENCE, observations
from queries.period import first_day, last_day
from queries.rules import DEFAULT, BadRule, rules, version_of
from queries.targets import commitments, locked, targets

FORMATS = ("csv", "json", "parquet", "xlsx")

api = FastAPI(
    title="Park Explorer",
    version="1",
    summary="Figures, targets and commitments of high-tech parks, each with its source.",
    docs_url=None,  # the usual viewers load their scripts from other hosts
    redoc_url=None,
    openapi_url="/openapi.json",
)


class BadParameter(ValueError):
    """A parameter that cannot be used: which, what was wrong, what is legal."""

    def __init__(self, where: str, what: str, legal: list[str] | None = None) -> None:
        super().__init__(what)
        self.where, self.what, self.legal = where, what, legal or []


@api.exception_handler(BadParameter)
async def bad_parameter(_: Request, error: BadParameter) -> JSONResponse:
    """400 with what, where and the legal values."""
    return JSONResponse({"error": error.what, "parameter": error.where, "legal": error.legal}, 400)


@api.exception_handler(RequestValidationError)
async def unreadable(_: Request, error: RequestValidationError) -> JSONResponse:
    """422 for a value of the wrong type."""
    first = error.errors()[0]
    return JSONResponse({"error": first["msg"], "parameter": str(first["loc"][-1]), "legal": []}, 422)


@api.exception_handler(database.DatabaseMissing)
async def not_built(_: Request, error: database.DatabaseMissing) -> JSONResponse:
    """503 before the first build."""
    return JSONResponse({"error": str(error)}, 503)


@api.exception_handler(BadRule)
@api.exception_handler(BadCheck)
async def broken_file(_: Request, error: ValueError) -> JSONResponse:
    """503 while a file of a rule or a check cannot be used: which, and how to mend it."""
    return JSONResponse({"error": str(error)}, 503)


@api.exception_handler(files.TooManyRows)
async def too_many(_: Request, error: files.TooManyRows) -> JSONResponse:
    """413 for a workbook of too many rows."""
    return JSONResponse({"error": str(error)}, 413)


@api.exception_handler(HTTPException)
async def unknown(request: Request, error: HTTPException) -> JSONResponse:
    """404 that lists what there is."""
    routes = sorted({route.path for route in api.routes if getattr(route, "include_in_schema", False)})  # type: ignore[attr-defined]
    content = {"error": f"{error.detail}: {request.url.path}", "routes": [f"/api{path}" for path in routes]}
    return JSONResponse(content, error.status_code)


@api.exception_handler(Exception)
async def failed(_: Request, __: Exception) -> JSONResponse:
    """500 without a traceback or a path of the server; the log has both."""
    return JSONResponse({"error": "The server could not answer this. Its log says why."}, 500)


def only(request: Request, asked: BaseModel | None = None) -> None:
    """Refuse a parameter that the route does not have: a slip would silently give other rows."""
    known = sorted(field.alias or name for name, field in type(asked).model_fields.items()) if asked else []
    for parameter in request.query_params:
        if parameter not in known:
            raise BadParameter(parameter, f"unknown parameter {parameter!r}", known)


def codes(where: str, text: str | None, legal: list[str]) -> list[str] | None:
    """A list by comma, each one of the legal codes; None when the parameter is not given."""
    if text is None:
        return None
    chosen = [code for code in text.split(",") if code]
    for code in chosen:
        if code not in legal:
            raise BadParameter(where, f"unknown {where} {code!r}", legal)
    return chosen


def one(where: str, text: str | None, legal: list[str]) -> str | None:
    """One of the legal codes, or None when the parameter is not given."""
    if text is not None and text not in legal:
        raise BadParameter(where, f"{where} takes one of these values, got {text!r}", legal)
    return text


class Whole(BaseModel):
    """Parameters of a route without filters."""

    bom: int = Field(1, description="0: CSV without the byte order mark")


class Themed(Whole):
    """Filter of rows of a theme."""

    theme: str | None = None


class Placed(Themed):
    """Filters of rows that belong to a place."""

    park: str | None = Field(None, description="codes, by comma")
    lang: str = "zh"


class Dated(Placed):
    """Filters of rows of an indicator and a period."""

    indicator: str | None = Field(None, description="codes, by comma")
    since: str | None = Field(None, alias="from", description="2013 or 2013-06")
    to: str | None = Field(None, description="2014 or 2014-09")


class Judged(Dated):
    """Filters of targets, the rule by which they are judged, and what was known by which day."""

    rule: str = Field(DEFAULT, description="code of a rule in data/rules")
    asof: str | None = Field(None, description="2015-09-15: only what had been published by then")


class Lit(Placed):
    """Parameters of the routes of status."""

    year: int | None = Field(None, description="of the target")
    rule: str = Field(DEFAULT, description="code of a rule in data/rules")
    asof: str | None = Field(None, description="2015-09-15: only what had been published by then")


class Found(Whole):
    """Filters of findings."""

    severity: str | None = Field(None, description="codes, by comma")
    rule: str | None = Field(None, description="codes, by comma")
    park: str | None = Field(None, description="codes, by comma")
    lang: str = "zh"


class Observed(Dated):
    """Filters of figures."""

    evidence: str = Field("published", description="kinds, by comma")


def chosen_rows(asked: Dated, question: Callable[..., pl.DataFrame], **more: object) -> pl.DataFrame:
    """Check the filters and ask."""
    for where, text in (("from", asked.since), ("to", asked.to)):
        try:
            first_day(text)
        except ValueError as error:
            raise BadParameter(where, str(error), ["2013", "2013-06"]) from error
    theme, parks, lang = placed(asked)
    indicators = codes("indicator", asked.indicator, catalogue.figure_codes())
    days = {"first": first_day(asked.since), "last": last_day(asked.to)}
    try:
        return question(theme=theme, indicators=indicators, parks=parks, lang=lang, **days, **more)
    except ValueError as error:
        raise BadParameter("from", str(error)) from error


def placed(asked: Placed) -> tuple[str | None, list[str] | None, str]:
    """Theme, places and language, once they are known to exist."""
    return (
        one("theme", asked.theme, list(catalogue.THEMES)),
        codes("park", asked.park, catalogue.parks()["park_id"].to_list()),
        one("lang", asked.lang, list(catalogue.LANGUAGES)) or "zh",
    )


def answer(rows: pl.DataFrame, suffix: str, view: str, lang: str, bom: int = 1) -> Response:
    """The rows in the format of the suffix, named as the button on the page names them."""
    content = files.as_csv(rows, bom=bool(bom)) if suffix == "csv" else files.as_file(rows, suffix, lang)
    headers = {"Content-Disposition": f'inline; filename="{files.name(view, rows, suffix)}"'}
    return Response(content, media_type=files.TYPES[suffix], headers=headers)


@api.get("/observations.{suffix}")
def get_observations(request: Request, suffix: str, asked: Annotated[Observed, Query()]) -> Response:
    """Figures, one row each: csv, json, parquet or xlsx. Lists by comma; evidence is published unless asked."""
    wanted(suffix, request, asked)
    kinds = tuple(codes("evidence", asked.evidence, list(EVIDENCE)) or [])
    rows = chosen_rows(asked, observations, evidence=kinds)
    return answer(rows, suffix, "observations", asked.lang, asked.bom)


@api.get("/targets.{suffix}")
def get_targets(request: Request, suffix: str, asked: Annotated[Judged, Query()]) -> Response:
    """Targets with their status, one row each: csv, json, parquet or xlsx."""
    wanted(suffix, request, asked)
    return answer(chosen_rows(asked, targets, **ruled(asked)), suffix, "targets", asked.lang, asked.bom)


@api.get("/status.json")
def get_status(request: Request, asked: Annotated[Lit, Query()]) -> Response:
    """The status of targets under a rule, on a day: {data_version, rule, rule_version, asof, rows}."""
    return lights(request, asked, targets(**of_year(asked), **ruled(asked)))


@api.get("/unlock.json")
def get_unlock(request: Request, asked: Annotated[Lit, Query()]) -> Response:
    """What cannot be judged, the one number that would unlock it, and where it is usually published."""
    return lights(request, asked, locked(targets(**of_year(asked), **ruled(asked))))


@api.get("/findings.{suffix}")
def get_findings(request: Request, suffix: str, asked: Annotated[Found, Query()]) -> Response:
    """Published figures that do not fit each other, one row each: csv, json, parquet or xlsx."""
    wanted(suffix, request, asked)
    lang = one("lang", asked.lang, list(catalogue.LANGUAGES)) or "zh"
    chosen = (
        codes("severity", asked.severity, list(SEVERITIES)),
        codes("rule", asked.rule, [check.rule for check in checks()]),
        codes("park", asked.park, catalogue.parks()["park_id"].to_list()),
    )
    return answer(findings(*chosen, lang), suffix, "findings", lang, asked.bom)


@api.get("/rules.json")
def get_rules(request: Request) -> Response:
    """The rules that a link may name, with their texts and versions."""
    only(request)
    rows = [rule.texts | {"rule_version": version_of(code)} for code, rule in rules().items()]
    return JSONResponse({"data_version": database.data_version(), "rows": rows})


def lights(request: Request, asked: Lit, rows: pl.DataFrame) -> Response:
    """Rows of targets as JSON, headed by the rule and the day they were judged by."""
    only(request, asked)
    head = {"rule": asked.rule, "rule_version": version_of(asked.rule), "asof": asked.asof or date.today().isoformat()}
    return Response(files.as_json(rows, head), media_type=files.TYPES["json"])


def of_year(asked: Lit) -> dict[str, Any]:
    """Theme, places, year and language of a route of status, once they are known to exist."""
    theme, parks, lang = placed(asked)
    if asked.year is not None and not 1980 <= asked.year <= 2100:
        raise BadParameter("year", f"no targets for {asked.year}", ["1980 to 2100"])
    first, last = (date(asked.year, 1, 1), date(asked.year, 12, 31)) if asked.year else (None, None)
    return {"theme": theme, "parks": parks, "first": first, "last": last, "lang": lang}


def ruled(asked: Judged | Lit) -> dict[str, Any]:
    """Rule and day, once they are known to exist."""
    one("rule", asked.rule, list(rules()))
    try:
        return {"rule": asked.rule, "asof": date.fromisoformat(asked.asof) if asked.asof else None}
    except ValueError as error:
        raise BadParameter("asof", f"{asked.asof!r} is no day", ["2015-09-15"]) from error


@api.get("/commitments.{suffix}")
def get_commitments(request: Request, suffix: str, asked: Annotated[Placed, Query()]) -> Response:
    """Commitments without a number, one row each: csv, json, parquet or xlsx."""
    wanted(suffix, request, asked)
    return answer(commitments(*placed(asked)), suffix, "commitments", asked.lang, asked.bom)


@api.get("/indicators.{suffix}")
def get_indicators(request: Request, suffix: str, asked: Annotated[Themed, Query()]) -> Response:
    """Indicators with definition, unit and counts: csv, json, parquet or xlsx."""
    wanted(suffix, request, asked)
    rows = catalogue.indicators(one("theme", asked.theme, list(catalogue.THEMES)))
    return answer(rows, suffix, "indicators", "zh", asked.bom)


@api.get("/sources.{suffix}")
def get_sources(request: Request, suffix: str, asked: Annotated[Whole, Query()]) -> Response:
    """Sources with the number of rows that rest on each: csv, json, parquet or xlsx."""
    wanted(suffix, request, asked)
    return answer(catalogue.sources(), suffix, "sources", "zh", asked.bom)


@api.get("/parks.{suffix}")
def get_parks(request: Request, suffix: str, asked: Annotated[Whole, Query()]) -> Response:
    """Places with their codes: csv, json, parquet or xlsx."""
    wanted(suffix, request, asked)
    return answer(catalogue.parks(), suffix, "parks", "zh", asked.bom)


@api.get("/tables/{name}.csv")
def get_table(request: Request, name: str, asked: Annotated[Whole, Query()]) -> Response:
    """One table of the database, whole."""
    only(request, asked)
    if not re.fullmatch(r"\w+", name) or name not in catalogue.tables()["table_id"].to_list():
        raise HTTPException(404, f"no table {name!r}")
    return answer(database.table(name), "csv", name, "zh", asked.bom)


@api.get("/park.duckdb")
def get_database(request: Request) -> Response:
    """The whole database as a DuckDB file."""
    only(request)
    database.data_version()
    return Response(files.database_file(), media_type=files.TYPES["duckdb"])


@api.get("/datapackage.zip")
def get_datapackage(request: Request) -> Response:
    """Every table as CSV with a Frictionless datapackage.json."""
    only(request)
    return Response(files.datapackage(), media_type=files.TYPES["zip"])


@api.get("/health")
def get_health(request: Request) -> Response:
    """Status, data version and row counts; 503 while there is no database."""
    only(request)
    tables = catalogue.tables()
    rows = dict(zip(tables["table_id"], tables["rows"], strict=True))
    return JSONResponse({"status": "ok", "data_version": database.data_version(), "rows": rows})


def wanted(suffix: str, request: Request, asked: Whole) -> None:
    """404 for a format that there is not, 400 for a parameter that the route does not have."""
    if suffix not in FORMATS:
        raise HTTPException(404, f"no format {suffix!r}; there are {', '.join(FORMATS)}")
    only(request, asked)
