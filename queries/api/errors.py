"""Errors of the routes: what was wrong, where, and what is legal, in one form for all of them."""

import logging
from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from data.ledger.versions import DamagedLedger
from queries.database.state import DatabaseMissing
from queries.export import formats
from queries.targets.findings import BadCheck
from queries.targets.rules import BadRule

log = logging.getLogger("park")
WAIT = "10"  # seconds after which it is worth asking again
METHODS = "GET, HEAD, OPTIONS"


class Problem(BaseModel):
    """What was wrong."""

    error: str = Field(description="What was wrong, in a sentence", examples=["unknown park 'atlantis'"])
    parameter: str | None = Field(None, description="The parameter that was wrong", examples=["park"])
    legal: list[str] | None = Field(None, description="What it may be", examples=[["xthtz", "xiangtan"]])
    routes: list[str] | None = Field(None, description="Where there is no such address: those that there are")


class BadParameter(ValueError):
    """A parameter that cannot be used: which, what was wrong, what is legal."""

    def __init__(self, where: str, what: str, legal: list[str] | None = None) -> None:
        super().__init__(what)
        self.where, self.what, self.legal = where, what, legal or []


class Busy(RuntimeError):
    """Too many long answers are being sent: one more would take the memory of the others."""


async def answer_bad_parameter(_: Request, error: Exception) -> JSONResponse:
    """400 with what, where and the legal values."""
    assert isinstance(error, BadParameter)  # noqa: S101 - Starlette types every handler alike
    return JSONResponse({"error": error.what, "parameter": error.where, "legal": error.legal}, 400)


async def answer_unreadable(_: Request, error: Exception) -> JSONResponse:
    """422 for a value of the wrong type."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - see above
    first = error.errors()[0]
    return JSONResponse({"error": first["msg"], "parameter": str(first["loc"][-1]), "legal": []}, 422)


async def answer_unavailable(_: Request, error: Exception) -> JSONResponse:
    """503 before the first build, and while a file of a rule, check or ledger cannot be used: which, and how."""
    return JSONResponse({"error": str(error)}, 503)


async def answer_busy(_: Request, error: Exception) -> JSONResponse:
    """503 that says when to ask again."""
    return JSONResponse({"error": str(error)}, 503, headers={"Retry-After": WAIT})


async def answer_too_many_rows(_: Request, error: Exception) -> JSONResponse:
    """413 for a format that does not take so many rows."""
    return JSONResponse({"error": str(error)}, 413)


async def failed(_: Request, __: Exception) -> JSONResponse:
    """500 without a traceback or a path of the server; the log has both."""
    return JSONResponse({"error": "The server could not answer this. Its log says why."}, 500)


def add_error_handlers(api: FastAPI, served: Sequence[BaseRoute]) -> None:
    """Give the application its answers to errors; served: the routes that there are."""

    async def unknown(request: Request, error: Exception) -> JSONResponse:
        """404 that lists what there is; 405 that names what is allowed."""
        assert isinstance(error, HTTPException)  # noqa: S101 - see above
        routes = sorted({str(route.path) for route in served if getattr(route, "include_in_schema", False)})  # type: ignore[attr-defined]
        content = {"error": f"{error.detail}: {request.url.path}", "routes": [f"/api{path}" for path in routes]}
        headers = {"Allow": METHODS} if error.status_code == 405 else error.headers
        return JSONResponse(content, error.status_code, headers)

    for kind, handler in {
        BadParameter: answer_bad_parameter,
        RequestValidationError: answer_unreadable,
        DatabaseMissing: answer_unavailable,
        BadRule: answer_unavailable,
        BadCheck: answer_unavailable,
        DamagedLedger: answer_unavailable,
        Busy: answer_busy,
        formats.TooManyRows: answer_too_many_rows,
        HTTPException: unknown,
        Exception: failed,
    }.items():
        api.add_exception_handler(kind, handler)
