"""Routes for programs, below /api: the rows of the pages, by the same functions, in other formats."""

import re
from collections.abc import Callable
from typing import Annotated

import polars as pl
from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from queries import catalogue, database, files
from queries.observations import EVIDENCE, observations
from queries.period import first_day, last_day
from queries.targets import commitments, targets

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


def only(request: Request, *known: str) -> None:
    """Refuse a parameter that the route does not have: a slip would silently give other rows."""
    for parameter in request.query_params:
        if parameter not in known:
            raise BadParameter(parameter, f"unknown parameter {parameter!r}", sorted(known))


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


Code = Annotated[str | None, Query()]
From = Annotated[str | None, Query(alias="from", description="2013 or 2013-06")]


def chosen_rows(
    theme: str | None,
    indicator: str | None,
    park: str | None,
    since: str | None,
    to: str | None,
    lang: str,
    question: Callable[..., pl.DataFrame],
    **more: object,
) -> pl.DataFrame:
    """Check the common parameters and ask."""
    known_indicators = catalogue.indicators()["indicator_id"].to_list()
    known_parks = catalogue.parks()["park_id"].to_list()
    for where, text in (("from", since), ("to", to)):
        try:
            first_day(text)
        except ValueError as error:
            raise BadParameter(where, str(error), ["2013", "2013-06"]) from error
    try:
        return question(
            theme=one("theme", theme, list(catalogue.THEMES)),
            indicators=codes("indicator", indicator, known_indicators),
            parks=codes("park", park, known_parks),
            first=first_day(since),
            last=last_day(to),
            lang=one("lang", lang, list(catalogue.LANGUAGES)) or "zh",
            **more,
        )
    except ValueError as error:
        if isinstance(error, BadParameter):
            raise
        raise BadParameter("from", str(error)) from error


def answer(rows: pl.DataFrame, suffix: str, view: str, lang: str, bom: int = 1) -> Response:
    """The rows in the format of the suffix, named as the button on the page names them."""
    content = files.as_csv(rows, bom=bool(bom)) if suffix == "csv" else files.as_file(rows, suffix, lang)
    headers = {"Content-Disposition": f'inline; filename="{files.name(view, rows, suffix)}"'}
    return Response(content, media_type=files.TYPES[suffix], headers=headers)


@api.get("/observations.{suffix}")
def get_observations(
    request: Request,
    suffix: str,
    theme: Code = None,
    indicator: Code = None,
    park: Code = None,
    since: From = None,
    to: Code = None,
    evidence: str = "published",
    lang: str = "zh",
    bom: int = 1,
) -> Response:
    """Figures, one row each: csv, json, parquet or xlsx. Lists by comma; evidence is published unless asked."""
    wanted(suffix, "csv", "json", "parquet", "xlsx")
    only(request, "theme", "indicator", "park", "from", "to", "evidence", "lang", "bom")
    kinds = tuple(codes("evidence", evidence, list(EVIDENCE)) or [])
    rows = chosen_rows(theme, indicator, park, since, to, lang, observations, evidence=kinds)
    return answer(rows, suffix, "observations", lang, bom)


@api.get("/targets.{suffix}")
def get_targets(
    request: Request,
    suffix: str,
    theme: Code = None,
    indicator: Code = None,
    park: Code = None,
    since: From = None,
    to: Code = None,
    lang: str = "zh",
    bom: int = 1,
) -> Response:
    """Targets, one row each: csv, json, parquet or xlsx."""
    wanted(suffix, "csv", "json", "parquet", "xlsx")
    only(request, "theme", "indicator", "park", "from", "to", "lang", "bom")
    rows = chosen_rows(theme, indicator, park, since, to, lang, targets)
    return answer(rows, suffix, "targets", lang, bom)


@api.get("/commitments.{suffix}")
def get_commitments(
    request: Request, suffix: str, theme: Code = None, park: Code = None, lang: str = "zh", bom: int = 1
) -> Response:
    """Commitments without a number, one row each: csv, json, parquet or xlsx."""
    wanted(suffix, "csv", "json", "parquet", "xlsx")
    only(request, "theme", "park", "lang", "bom")
    chosen = one("lang", lang, list(catalogue.LANGUAGES)) or "zh"
    rows = commitments(
        one("theme", theme, list(catalogue.THEMES)),
        codes("park", park, catalogue.parks()["park_id"].to_list()),
        chosen,
    )
    return answer(rows, suffix, "commitments", chosen, bom)


@api.get("/indicators.{suffix}")
def get_indicators(request: Request, suffix: str, theme: Code = None, bom: int = 1) -> Response:
    """Indicators with definition, unit and counts: json or csv."""
    wanted(suffix, "json", "csv", "xlsx", "parquet")
    only(request, "theme", "bom")
    return answer(catalogue.indicators(one("theme", theme, list(catalogue.THEMES))), suffix, "indicators", "zh", bom)


@api.get("/sources.{suffix}")
def get_sources(request: Request, suffix: str, bom: int = 1) -> Response:
    """Sources with the number of rows that rest on each: json or csv."""
    wanted(suffix, "json", "csv", "xlsx", "parquet")
    only(request, "bom")
    return answer(catalogue.sources(), suffix, "sources", "zh", bom)


@api.get("/parks.{suffix}")
def get_parks(request: Request, suffix: str, bom: int = 1) -> Response:
    """Places with their codes: json or csv."""
    wanted(suffix, "json", "csv", "xlsx", "parquet")
    only(request, "bom")
    return answer(catalogue.parks(), suffix, "parks", "zh", bom)


@api.get("/tables/{name}.csv")
def get_table(request: Request, name: str, bom: int = 1) -> Response:
    """One table of the database, whole."""
    only(request, "bom")
    if not re.fullmatch(r"\w+", name) or name not in catalogue.tables()["table_id"].to_list():
        raise HTTPException(404, f"no table {name!r}")
    return answer(database.table(name), "csv", name, "zh", bom)


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


def wanted(suffix: str, *offered: str) -> None:
    """404 for a format that the route does not have."""
    if suffix not in offered:
        raise HTTPException(404, f"no format {suffix!r}; there are {', '.join(offered)}")
