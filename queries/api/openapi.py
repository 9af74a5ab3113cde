"""The description of the routes for programs: what each answers, in which form, with which codes and columns.

FastAPI writes the frame from the signatures; this adds what only the data know: the codes there are, the columns of
each answer with their types and meaning. Until there is a database it says less, and is right.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import polars as pl
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field

from queries.api.errors import Problem
from queries.api.http import get_program_version
from queries.catalogue import catalogue
from queries.database import engine
from queries.database.state import DatabaseMissing
from queries.export import formats
from queries.export.columns import get_column_meanings
from queries.ledger import ledgers
from queries.targets.findings import read_checks
from queries.targets.rules import read_rules

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
BINARY: Json = {"type": "string", "format": "binary"}
# Columns of the answers, by path: a question that gives them, asked when the description is.
Columns = dict[str, Callable[[], pl.DataFrame]]
LISTS: dict[str, Callable[[], list[str]]] = {
    "parks": lambda: list(catalogue.get_parks()["park_id"]),
    "indicators": catalogue.get_figure_codes,
    "tables": lambda: list(catalogue.get_tables()["table_id"]),
    "rules": lambda: list(read_rules()),
    "checks": lambda: [check.rule for check in read_checks()],
    "ledgers": ledgers.get_parks_with_ledger,
    "roles": lambda: catalogue.get_parks()["role"].unique(maintain_order=True).to_list(),
}
HEADERS: Json = {
    "ETag": {"description": "Identifies this exact answer; send it back as If-None-Match", "schema": TEXT},
    "Last-Modified": {"description": "When data, ledgers, rules or programs last changed", "schema": TEXT},
    "Cache-Control": {"description": "Always no-cache: keep it, and ask whether it is still current", "schema": TEXT},
}
PAGING: Json = {
    "X-Total-Count": {"description": "Total number of rows, before limit and offset", "schema": {"type": "integer"}},
    "Link": {"description": "rel=next and rel=prev, relative to the address asked; with limit", "schema": TEXT},
    "Content-Disposition": {"description": "A file name with view, period and data version", "schema": TEXT},
}
ERRORS: dict[int | str, Json] = {
    206: {"description": "The part that a Range asked for; answers sent while they are being read have no parts"},
    304: {"description": "You have it: the ETag or the date you sent is that of the current answer"},
    400: {"model": Problem, "description": "A parameter that cannot be used: which one, why, and what is allowed"},
    404: {"model": Problem, "description": "No such address"},
    416: {"description": "A Range beyond the end"},
    422: {"model": Problem, "description": "Not a number, or a number out of bounds"},
    503: {
        "model": Problem,
        "description": "No database yet, a rule that cannot be read, or too many long answers under way",
        "headers": {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}},
    },
}


class Rows(BaseModel):
    """Rows as JSON."""

    data_version: str = Field(description="State of the sources")
    count: int = Field(description="Rows in this answer")
    rows: list[dict[str, Any]] = Field(description="One object per row; dates as text, lists as arrays")
    total: int | None = Field(None, description="Total number of rows, where limit or offset was given")
    offset: int | None = Field(None, description="Rows left out before these, where limit or offset was given")


def describe_file_answers() -> dict[int | str, Json]:
    """Answers of a route of rows, in every format."""
    shapes = {"text": TEXT, "rows": _ref("Rows"), "binary": BINARY}
    offered = [formats.FORMATS[suffix] for suffix in formats.ROWS]
    content = {kind.media_type: {"schema": shapes[kind.schema]} for kind in offered}
    rows = {"description": "The rows, in the format of the suffix", "content": content, "headers": HEADERS | PAGING}
    too_many = {
        "model": Problem,
        "description": "More rows than this format takes: name another format, or ask for a page",
    }
    return {200: rows, 413: too_many, **ERRORS}


def describe_json_answer(what: str, schema: Json | None = None) -> dict[int | str, Json]:
    """Answers of a route of JSON."""
    content = {formats.FORMATS["json"].media_type: {"schema": schema or {"type": "object"}}}
    return {200: {"description": what, "content": content, "headers": HEADERS}, **ERRORS}


def describe_bytes_answer(what: str, suffix: str, **more: Json) -> dict[int | str, Json]:
    """Answers of a route of one file."""
    shape = TEXT if suffix == "csv" else BINARY
    content = {formats.FORMATS[suffix].media_type: {"schema": shape}}
    return {200: {"description": what, "content": content, "headers": HEADERS | more}, **ERRORS}


def describe_headers(**head: Json) -> Json:
    """Schema of rows as JSON below a head."""
    properties = {"data_version": TEXT, **head}
    properties |= {"count": {"type": "integer"}, "rows": {"type": "array", "items": {"type": "object"}}}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _ref(model: str) -> Json:
    return {"$ref": f"#/components/schemas/{model}"}


def describe(api: FastAPI, columns: Columns) -> None:
    """Let the application describe itself so."""

    @lru_cache(maxsize=2)
    def described(_: tuple[str, ...]) -> Json:
        return _described(api, columns)

    def openapi() -> Json:
        try:
            return described((engine.get_data_version(), get_program_version()[0], *ledgers.get_parks_with_ledger()))
        except DatabaseMissing:
            return _frame(api)

    api.openapi = openapi  # type: ignore[method-assign]


def _described(api: FastAPI, columns: Columns) -> Json:
    document = _frame(api)
    for path, question in columns.items():
        rows = question()
        content = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        inner = {"type": "array", "items": _columns(rows)}
        if "$ref" in content["schema"]:
            content["schema"] = {"allOf": [content["schema"], {"properties": {"rows": inner}}]}
        else:
            content["schema"]["properties"]["rows"] = inner
    return document


def _columns(rows: pl.DataFrame) -> Json:
    notes = dict(get_column_meanings(rows, "en").rows())
    properties = {}
    for column, kind in rows.schema.items():
        told = {"description": notes[column]} if notes.get(column) else {}
        properties[column] = _type(kind) | told
    return {"type": "object", "properties": properties, "required": rows.columns}


def _type(kind: pl.DataType) -> Json:
    if isinstance(kind, pl.List):
        return {"type": ["array", "null"], "items": TEXT}
    if kind == pl.Date:
        return {"type": ["string", "null"], "format": "date"}
    name = "integer" if kind.is_integer() else "number" if kind.is_numeric() else "string"
    return {"type": ["boolean" if kind == pl.Boolean else name, "null"]}


def _frame(api: FastAPI) -> Json:
    document = get_openapi(
        title=api.title, version=api.version, summary=api.summary, description=api.description, routes=api.routes,
        tags=api.openapi_tags, openapi_version="3.1.0",
    )  # fmt: skip
    schemas = document["components"]["schemas"]
    schemas["Rows"] = Rows.model_json_schema()
    for shapes in document["paths"].values():
        said = shapes["get"]
        said["summary"], _, said["description"] = said["description"].partition(". ")
        said["summary"] = said["summary"].removesuffix(".")
        for parameter in said.get("parameters", []):
            _shape(parameter)
    return document


def _shape(parameter: Json) -> None:
    """What a parameter may be, in the terms of the standard: a list by comma, one of these codes, a pattern."""
    schema = parameter["schema"]
    marks = {name: schema.pop(name) for name in list(schema) if name.startswith("x-")}
    for kind in schema.pop("anyOf", []):
        schema |= kind if kind.get("type") != "null" else {}
    schema.pop("title", None)
    if "x-form" in marks:
        schema["format" if marks["x-form"] == "date" else "pattern"] = marks["x-form"]
    if "x-codes" in marks:
        _codes(parameter, schema, marks)
    if schema.get("default", "") is None:
        del schema["default"]
    if marks.get("x-example"):
        parameter["example"] = [marks["x-example"]] if marks.get("x-many") else marks["x-example"]


def _codes(parameter: Json, schema: Json, marks: Json) -> None:
    codes = marks["x-codes"]
    if isinstance(codes, str):
        try:
            codes = LISTS[codes]()
        except DatabaseMissing:
            codes = None
    legal: Json = {"type": "string"} | ({"enum": codes} if codes else {})
    if not marks["x-many"]:
        schema |= legal
        return
    default = schema.get("default")
    schema.clear()
    schema |= {"type": "array", "items": legal} | ({"default": default.split(",")} if default else {})
    parameter |= {"style": "form", "explode": False}
