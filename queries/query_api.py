"""The route of SQL, below /api: one statement that reads, answered under the limits of queries/sandbox_limits.py."""

import asyncio
from typing import Annotated, Any

import polars as pl
import polars.selectors as cs
from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from queries import files, sandbox
from queries.api import Whole, api, only

__all__ = ["api"]
TICK = 0.2  # seconds between two looks whether the asker is still there
STATUS = {"busy": 429, "broken": 503}  # what to ask again, in a moment or later; all else is for the asker to change


class Asked(BaseModel):
    """A statement of SQL."""

    sql: str = Field(
        min_length=1,
        max_length=sandbox.LENGTH,
        description="one statement that reads: SELECT, FROM, WITH or VALUES",
        examples=["select period, value from observation where indicator_id = 'total_revenue' limit 5"],
    )


class AskedAsCsv(Whole, Asked):
    """A statement of SQL, for a table as CSV."""


class NotAnswered(BaseModel):
    """Why a statement has no answer: what, where, how to mend it."""

    error: str
    code: str = Field(description=", ".join(sandbox.MESSAGES))
    line: int | None = Field(description="in the statement, from 1")
    column: int | None = Field(description="in the line, from 1")


class NotAsked(BaseModel):
    """A parameter that cannot be used: which, what was wrong, what is legal."""

    error: str
    parameter: str
    legal: list[str]


class Answered(BaseModel):
    """The rows of an answer, each an object of its columns."""

    data_version: str
    count: int
    rows: list[dict[str, Any]]


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {
        "model": NotAnswered | NotAsked,
        "description": "The statement is refused, breaks a limit or fails; or a parameter is unknown",
    },
    422: {"model": NotAsked, "description": "No statement, or one that is too long"},
    429: {
        "model": NotAnswered,
        "description": "So many queries run that this one did not get its turn",
        "headers": {"Retry-After": {"schema": {"type": "string"}, "description": "seconds"}},
    },
    503: {"description": "There is no database yet, or no query can be run on this server"},
}
JSON = REFUSALS | {200: {"model": Answered, "description": "The rows"}}
CSV = REFUSALS | {
    200: {"description": "One line of names, then the rows", "content": {"text/csv": {"schema": {"type": "string"}}}}
}


@api.exception_handler(sandbox.Refused)
async def refused(_: Request, error: sandbox.Refused) -> JSONResponse:
    """Why there is no answer, and where in the statement."""
    status = STATUS.get(error.code, 400)
    content = {"error": str(error), "code": error.code, "line": error.line, "column": error.column}
    return JSONResponse(content, status, {"Retry-After": "2"} if status == 429 else None)


async def answered(request: Request, sql: str) -> tuple[pl.DataFrame, str]:
    """The rows, and the version of the database they come from. An asker who hangs up ends the query.

    Raises sandbox.Refused and DatabaseMissing.
    """
    with sandbox.start(sql) as running:
        waiting = asyncio.wrap_future(running.answer)
        while not (await asyncio.wait([waiting], timeout=TICK))[0]:
            if await request.is_disconnected():
                running.cancel()
        return await waiting, running.data_version


def named(version: str, suffix: str) -> dict[str, str]:
    """The header with the name of the file. Not from the rows: a column of theirs may be called anything."""
    return {"Content-Disposition": f'inline; filename="park-query-all-{version}.{suffix}"'}


@api.get("/query.json", response_class=JSONResponse, responses=JSON)
async def get_query_json(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """The answer to one statement that reads: {data_version, count, rows}, days as ISO text, NaN and infinity as null.

    At most 5 seconds, 100,000 rows and 64 MB; two statements run at once, others wait a moment.
    """
    only(request, asked)
    rows, version = await answered(request, asked.sql)

    def content() -> bytes:
        written = rows.with_columns(cs.decimal().cast(pl.Float64)).write_json()
        return f'{{"data_version":"{version}","count":{rows.height},"rows":{written}}}'.encode()

    return Response(await run_in_threadpool(content), media_type=files.TYPES["json"], headers=named(version, "json"))


@api.get("/query.csv", response_class=Response, responses=CSV)
async def get_query_csv(request: Request, asked: Annotated[AskedAsCsv, Query()]) -> Response:
    """The answer to one statement that reads, as CSV under the same limits.

    A cell or name that a spreadsheet would run as a formula begins with an apostrophe.
    """
    only(request, asked)
    rows, version = await answered(request, asked.sql)
    content = await run_in_threadpool(files.as_csv, rows, bom=bool(asked.bom))
    return Response(content, media_type=files.TYPES["csv"], headers=named(version, "csv"))
