"""The route of SQL, below /api: one statement that reads, answered under the limits of queries/sql/limits.py."""

import asyncio
import io
import itertools
import re
from collections import deque
from collections.abc import Iterator
from typing import Annotated, Any

import polars as pl
import polars.selectors as cs
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from queries.api.answers import AnswerSlots, LongResponse
from queries.api.errors import Problem
from queries.api.http import get_last_change, get_program_version, is_unchanged, make_etag, make_validators
from queries.api.openapi import describe_bytes_answer, describe_headers, describe_json_answer
from queries.api.parameters import FormatParameters, check_parameters
from queries.database.engine import get_data_version
from queries.export import formats
from queries.service import throttle
from queries.sql import run
from queries.sql.limits import QUERIES_AT_ONCE

router = APIRouter()
TICK = 0.2  # seconds between two looks whether the asker is still there
# What to ask again, in a moment or later; all else is for the asker to change.
STATUS = {"busy": 429, "many": 429, "broken": 503}
WHOLE = 256_000  # bytes up to which an answer is made whole, and kept for who takes it slowly
WHOLE_READ = 4_000_000  # of a result, where there is no place for a long answer
PIECE = 1_000_000  # bytes written at a time, about
WRITTEN = 256_000_000  # of an answer, about
LONG = AnswerSlots(4, 2, "or for fewer rows")  # a result each
# What a statement may contain whose answer changes with time; a name that contains one of these costs a 304.
CHANGING = re.compile(r"random|uuid|now|today|current|transaction|sample|\bage\b", re.IGNORECASE)
BOUNDS = (
    f"At most {run.SECONDS:g} seconds, {run.ROWS:,} rows and {run.BYTES // 1_000_000} MB of result, "
    f"{WRITTEN // 1_000_000} MB as text. {QUERIES_AT_ONCE} statements run at once, one per client; "
    "others wait a moment, the clients in turn."
)


DIGITS = (
    "A column of whole numbers is text in every row where one of them is beyond 9007199254740991 (2^53 - 1), and a "
    "column of decimals where one has more than 15 digits; else numbers, whatever the type in SQL."
)


class SqlParameters(BaseModel):
    """A statement of SQL."""

    sql: str = Field(
        min_length=1,
        max_length=run.LENGTH,
        description="one statement that reads: SELECT, FROM, WITH or VALUES",
        examples=["select period, value from observation where indicator_id = 'total_revenue' limit 5"],
    )


class SqlCsvParameters(FormatParameters, SqlParameters):
    """A statement of SQL, for a table as CSV."""


class QueryProblem(BaseModel):
    """Why a statement has no answer: what, where, how to fix it."""

    error: str
    code: str = Field(description=", ".join(run.MESSAGES))
    line: int | None = Field(description="in the statement, from 1")
    column: int | None = Field(description="in the line, from 1")


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {
        "model": QueryProblem | Problem,
        "description": "The statement is refused, breaks a limit or fails; or a parameter is unknown",
    },
    422: {"model": Problem, "description": "No statement, or one that is too long"},
    429: {
        "model": QueryProblem,
        "description": "Too many queries are running; this one did not get a turn",
        "headers": {"Retry-After": {"schema": {"type": "string"}, "description": "seconds"}},
    },
    503: {
        "model": QueryProblem | Problem,
        "description": "There is no database yet, or this server cannot run queries",
    },
}
JSON = describe_json_answer("The rows", describe_headers()) | REFUSALS
CSV = describe_bytes_answer("One line of names, then the rows", "csv") | REFUSALS


async def answer_refused_query(_: Request, error: Exception) -> JSONResponse:
    """Why there is no answer, and where in the statement."""
    assert isinstance(error, run.Refused)  # noqa: S101 - Starlette types every handler alike
    status = STATUS.get(error.code, 400)
    content = {"error": str(error), "code": error.code, "line": error.line, "column": error.column}
    return JSONResponse(content, status, {"Retry-After": "2"} if status == 429 else None)


async def run_statement(request: Request, sql: str, most: int) -> tuple[pl.DataFrame, str]:
    """The rows, at most so many bytes, and the version of the database they come from. An asker who hangs up ends the
    query.

    Raises sandbox.Refused and DatabaseMissing.
    """
    with run.start_query(sql, throttle.find_client_address(request.scope), most) as running:
        waiting = asyncio.wrap_future(running.answer)
        while not (await asyncio.wait([waiting], timeout=TICK))[0]:
            if await request.is_disconnected():
                running.cancel()
        return await waiting, running.data_version


def make_answer_headers(version: str, suffix: str) -> dict[str, str]:
    """The header with the name of the file. Not from the rows: a column of theirs may be called anything."""
    return {"Content-Disposition": f'inline; filename="park-query-all-{version}.{suffix}"'}


def make_answer_etag(request: Request, sql: str, version: str) -> str:
    """The ETag of a long answer, or "" where the same statement may answer otherwise at another time."""
    if CHANGING.search(sql):
        return ""
    return make_etag(get_program_version()[0], version, request.url.path, request.url.query)


async def make_answer_response(request: Request, sql: str, suffix: str, bom: bool) -> Response:
    """The answer to a statement as a file: whole where it is short, else sent while it is written.

    Raises sandbox.Refused, DatabaseMissing, and Busy where it is long and too many long ones are being sent.
    """
    asked_with = request.headers.get("if-none-match", "")
    if asked_with and (etag := make_answer_etag(request, sql, get_data_version())) and etag in asked_with:
        return Response(status_code=304, headers=make_validators(etag, get_last_change(daily=False)))
    client = throttle.find_client_address(request.scope)
    room = LONG.free(client)
    try:
        rows, version = await run_statement(request, sql, run.BYTES if room else WHOLE_READ)
    except run.Refused as refused:
        if not room and refused.code == "bytes":
            raise LONG.busy() from refused
        raise
    pieces = write_parts(split_rows(rows, suffix), version, rows.height, suffix, bom)
    most = estimate_bytes(rows, suffix)
    del rows  # from here on the pieces hold them, each until it is written
    begun = await run_in_threadpool(begin_answer, pieces)
    headers = make_answer_headers(version, suffix)
    if isinstance(begun, bytes):
        return Response(begun, media_type=formats.FORMATS[suffix].media_type, headers=headers)
    if most > WRITTEN:
        raise run.Refused("bytes", str(WRITTEN // 1_000_000))
    headers |= {"cache-control": "no-cache"}
    if etag := make_answer_etag(request, sql, version):
        changed = get_last_change(daily=False)
        headers |= make_validators(etag, changed)
        if is_unchanged(request.headers, etag, changed):
            return Response(status_code=304, headers=headers)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    return LongResponse(begun, lambda: None, formats.FORMATS[suffix].media_type, headers, packed, LONG, client)


def get_cell_bytes(suffix: str, name: str) -> int:
    """About how many bytes are written around a value: in JSON, its name."""
    return len(name.encode()) + 6 if suffix == "json" else 3


def estimate_bytes(rows: pl.DataFrame, suffix: str) -> int:
    """About how many bytes the answer has when it is written."""
    return int(rows.estimated_size()) + rows.height * sum(get_cell_bytes(suffix, name) for name in rows.columns)


def split_rows(rows: pl.DataFrame, suffix: str) -> deque[pl.DataFrame]:
    """The rows in parts of about PIECE bytes when they are written; at least one, which may be empty."""
    step = max(1, rows.height * PIECE // max(1, estimate_bytes(rows, suffix)))
    return deque(rows.slice(start, step) for start in range(0, max(1, rows.height), step))


def write_parts(parts: deque[pl.DataFrame], version: str, count: int, suffix: str, bom: bool) -> Iterator[bytes]:
    """The file in pieces; a part is let go once it is written."""
    kept = _taken(parts)
    if suffix == "csv":
        yield b"\xef\xbb\xbf" if bom else b""
        for place, part in enumerate(kept):
            yield formats.write_csv_lines(part, head=not place)
        return
    yield f'{{"data_version":"{version}","count":{count},"rows":['.encode()
    for place, part in enumerate(kept):
        buffer = io.BytesIO()
        part.with_columns(cs.decimal().cast(pl.Float64)).write_json(buffer)
        yield b"," * bool(place) + buffer.getbuffer()[1:-1]
    yield b"]}"


def _taken(parts: deque[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    while parts:
        yield parts.popleft()


def begin_answer(pieces: Iterator[bytes]) -> bytes | Iterator[bytes]:
    """The whole of a short answer; of a long one all its pieces, the first of which are made."""
    made: list[bytes] = []
    for piece in pieces:
        made.append(piece)
        if sum(map(len, made)) > WHOLE:
            return itertools.chain(made, pieces)
    return b"".join(made)


@router.get(
    "/query.json",
    response_class=Response,
    responses=JSON,
    tags=["figures"],
    description="The answer to one statement that reads: {data_version, count, rows}, days as ISO text, NaN and "
    f"infinity as null. {DIGITS} {BOUNDS}",
)
async def get_query_json(request: Request, asked: Annotated[SqlParameters, Query()]) -> Response:
    """The answer to one statement as JSON."""
    check_parameters(request, asked)
    return await make_answer_response(request, asked.sql, "json", False)


@router.get("/query.csv", response_class=Response, responses=CSV, tags=["figures"])
async def get_query_csv(request: Request, asked: Annotated[SqlCsvParameters, Query()]) -> Response:
    """The answer to one statement that reads, as CSV under the same limits.

    A cell or name that a spreadsheet would run as a formula begins with an apostrophe.
    """
    check_parameters(request, asked)
    return await make_answer_response(request, asked.sql, "csv", bool(asked.bom))
