"""Routes of everything in one piece: tables, the database, the data package, the description of the routes, health."""

import base64
import contextlib
import hashlib
import json
import re
import tempfile
from pathlib import Path as Folder
from typing import IO, Annotated, Any

import fastapi_offline
from fastapi import APIRouter, Path, Query, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from data.database import shape
from data.paths import get_database_path
from queries.api.answers import get_page, make_file_name_header, make_long_response, make_paging_headers
from queries.api.http import get_last_change, get_program_version, is_unchanged, make_etag, make_validators
from queries.api.openapi import TEXT, describe_bytes_answer, describe_json_answer
from queries.api.parameters import FormatParameters, check_parameters
from queries.catalogue import catalogue
from queries.database import engine
from queries.database.state import DatabaseMissing
from queries.export import formats, long_answers, package
from queries.service import startup, watch
from queries.service.headers import OWN_FRAMES, build_content_policy

VIEWER = Folder(fastapi_offline.__file__).parent / "static"
router = APIRouter()
BLOCK = 1 << 18
HEALTH = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "status": {"const": "ok"},
        "data_version": TEXT,
        "rows": {"type": "object", "additionalProperties": {"type": "integer"}},
    },
}
PROBLEM = {
    "type": "object",
    "required": ["what", "file", "said", "mend"],
    "properties": {
        "what": {"enum": ["sources", "disk", "folder", "store", "restless", "database", "settings", "other"]},
        "file": {"type": "string", "description": "The file, or the setting, that is wrong; never a folder"},
        "line": {"type": "integer"},
        "said": {"type": "string", "description": "What is wrong, in one sentence"},
        "mend": {"type": "string", "description": "How to fix it"},
    },
}
READY = {
    "type": "object",
    "required": ["status", "data_version", "schema_version", "stale", "since", "why", "problems"],
    "properties": {
        "status": {"enum": ["ready", "preparing", "unavailable"]},
        "data_version": {"type": ["string", "null"], "description": "Of what is in service"},
        "schema_version": {"type": "string", "description": "Of the schema that this release reads"},
        "stale": {"type": "boolean", "description": "Whether the sources differ from what is in service"},
        "since": {"type": ["string", "null"], "format": "date-time", "description": "When that was first seen, UTC"},
        "why": {"type": ["string", "null"], "description": "Why they were not built"},
        "problems": {"type": "array", "items": PROBLEM},
    },
}
NOT_READY: dict[int | str, dict[str, Any]] = {
    503: {"description": "Not in service: the same content", "content": {"application/json": {"schema": READY}}}
}
RANGES: dict[str, Any] = {
    "Accept-Ranges": {"description": "bytes: send Range to get a part", "schema": TEXT},
}


@router.get(
    "/tables/{name}.csv", responses=describe_bytes_answer("The rows", "csv"), response_class=Response, tags=["whole"]
)
def get_table(
    request: Request,
    name: Annotated[str, Path(description="code of a table", json_schema_extra={"x-codes": "tables", "x-many": False})],
    asked: Annotated[FormatParameters, Query()],
) -> Response:
    """One table of the database, in stored order. bom=0 is for programs: the cells are exactly those of the table.

    With the byte order mark, cells that a spreadsheet would run get an apostrophe in front.
    """
    check_parameters(request, asked)
    sizes = dict(catalogue.get_tables().select("table_id", "rows").rows())
    if name not in sizes:
        raise HTTPException(404, f"no table {name!r}")
    if sizes[name] > long_answers.AT_ONCE:
        return make_long_response(long_answers.LongAnswer(name), "csv", name, "zh", asked.bom, safe=bool(asked.bom))
    offset, limit = get_page()
    rows = engine.get_table_rows(name)
    content = formats.as_csv(rows.slice(offset, limit), bom=bool(asked.bom), safe=bool(asked.bom))
    headers = make_paging_headers(rows.height) | make_file_name_header(formats.make_file_name(name, rows, "csv"))
    return Response(content, media_type=formats.FORMATS["csv"].media_type, headers=headers)


@router.get(
    "/park.duckdb",
    responses=describe_bytes_answer("The file", "duckdb", **RANGES),
    response_class=Response,
    tags=["whole"],
)
def get_database(request: Request) -> Response:
    """The whole database as a file for DuckDB 1.2 and later. A Range gives a part of it (206)."""
    check_parameters(request)
    engine.get_data_version()
    path = get_database_path()
    if trouble := engine.find_database_error():
        raise trouble  # what answers meanwhile is no file any more
    status = path.stat()
    etag, changed = make_etag(status.st_mtime_ns, status.st_size, status.st_ino), get_last_change(daily=False)
    headers = make_validators(etag, changed)
    if is_unchanged(request.headers, etag, changed):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=formats.FORMATS["duckdb"].media_type, headers=headers, stat_result=status)


@router.get(
    "/datapackage.json", responses=describe_json_answer("The description"), response_class=Response, tags=["whole"]
)
def get_description(request: Request) -> Response:
    """A Frictionless data package: every table with columns, types, keys, permitted values and sources.

    The paths of the tables are relative to this address, so a program reads all of them by it.
    """
    check_parameters(request)
    content = package.describe_package(engine, "tables/{table}.csv?bom=0")
    return Response(json.dumps(content, ensure_ascii=False, indent=1), media_type=formats.FORMATS["json"].media_type)


@router.get(
    "/datapackage.zip", responses=describe_bytes_answer("The zip", "zip"), response_class=Response, tags=["whole"]
)
def get_datapackage(request: Request) -> Response:
    """The same package as one file: every table as CSV, and datapackage.json."""
    check_parameters(request)
    etag, changed = make_etag(get_program_version()[0], engine.get_data_version(), "zip"), get_last_change(daily=False)
    headers = make_validators(etag, changed)
    if is_unchanged(request.headers, etag, changed):
        return Response(status_code=304, headers=headers)
    made = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response
    package.write_package(made)
    headers["content-length"] = str(made.tell())
    made.seek(0)
    return OpenFileResponse(made, headers, formats.FORMATS["zip"].media_type)


class OpenFileResponse(StreamingResponse):
    """Sends an open file and closes it in every case: sent, asked by HEAD, or left by the client."""

    def __init__(self, file: IO[bytes], headers: dict[str, str], media_type: str) -> None:
        super().__init__(iter(lambda: file.read(BLOCK), b""), headers=headers, media_type=media_type)
        self.file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.file.close()


@router.get("/health", responses=describe_json_answer("How it is", HEALTH), response_class=Response, tags=["whole"])
def get_health(request: Request) -> Response:
    """That the server is running. It always answers; with data version and row counts where there is data."""
    check_parameters(request)
    content: dict[str, Any] = {"status": "ok"}
    if not startup.is_preparing():
        with contextlib.suppress(DatabaseMissing):
            tables = catalogue.get_tables()
            rows = dict(zip(tables["table_id"], tables["rows"], strict=True))
            content |= {"data_version": engine.get_data_version(), "rows": rows}
    return JSONResponse(content, headers={"Cache-Control": "no-store"})


@router.get(
    "/ready", responses=describe_json_answer("In service", READY) | NOT_READY, response_class=Response, tags=["whole"]
)
def get_ready(request: Request) -> Response:
    """Whether the data is in service, how current it is and what is wrong; 503 while it is not in service."""
    check_parameters(request)
    content = get_readiness()
    return JSONResponse(content, 200 if content["status"] == "ready" else 503, headers={"Cache-Control": "no-store"})


def get_readiness() -> dict[str, Any]:
    """The content of the route /ready."""
    version, status = None, "preparing"
    if not startup.is_preparing():
        try:
            version, status = engine.get_data_version(), "ready"
        except DatabaseMissing:
            status = "unavailable"
    since, trouble = watch.watch.stale, watch.watch.trouble
    why = trouble.said if trouble else "they changed; python -m data.build puts them in service" if since else None
    return {
        "status": status,
        "data_version": version,
        "schema_version": shape.compute_schema_version(),
        "stale": since is not None,
        "since": since.isoformat(timespec="seconds") if since else None,
        "why": why,
        "problems": [] if status == "preparing" else watch.get_troubles(),
    }


@router.get("/openapi.json", include_in_schema=False)
def get_openapi_json(request: Request) -> Response:
    """The description of the routes for programs, in OpenAPI 3.1."""
    check_parameters(request)
    # Below a base path only the proxy knows what comes before /api.
    before = request.headers.get("x-forwarded-prefix", "")
    prefix = before.rstrip("/") if re.fullmatch(r"(/[\w.~-]+)*/?", before, re.ASCII) else ""
    document = {**request.app.openapi(), "servers": [{"url": prefix + request.scope.get("root_path", "") or "/"}]}
    return Response(json.dumps(document, ensure_ascii=False), media_type=formats.FORMATS["json"].media_type)


@router.get("/docs", include_in_schema=False)
def get_docs(request: Request) -> HTMLResponse:
    """The same for people, to read and to try out. All of it comes from this server, by relative addresses."""
    check_parameters(request)
    answer = get_swagger_ui_html(
        openapi_url="openapi.json",
        title="Park Explorer /api",
        swagger_js_url="viewer/swagger-ui-bundle.js",
        swagger_css_url="viewer/swagger-ui.css",
        swagger_favicon_url="viewer/favicon.png",
        # The viewer would send the description to a host of its own to be judged.
        swagger_ui_parameters={"validatorUrl": None, "defaultModelsExpandDepth": 0, "tryItOutEnabled": True},
    )
    within = re.findall(rb"<script>(.*?)</script>", bytes(answer.body), re.DOTALL)
    hashes = (f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in within)
    answer.headers["content-security-policy"] = build_content_policy(OWN_FRAMES, *hashes).decode()
    return answer
