"""All routes for programs. A program that serves them imports this module; a new module of routes is named here."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from queries.api import comparison, figures, ledger, sql, whole
from queries.api.errors import add_error_handlers
from queries.api.http import Encodings, HttpMiddleware
from queries.api.openapi import describe
from queries.sql import run

api = FastAPI(
    title="Park Explorer",
    version="1",
    summary="Figures, targets and commitments of high-tech parks, each with its source.",
    description=(
        "The rows of the pages, by the same functions and byte for byte the files of their buttons. Nothing is "
        "written, no key is needed, and any site may read. A parameter that a route does not have is refused.\n\n"
        "**Formats**: the suffix of the address. CSV begins with a byte order mark unless `bom=0`; `jsonl` is one "
        "JSON object per line; JSON and workbooks take up to 100,000 rows. Long CSV, JSON lines and Parquet are sent "
        "while they are being read.\n\n"
        "**Pages**: `limit=` and `offset=`. `X-Total-Count` says how many rows there are, `Link` where the next page "
        "is.\n\n"
        "**Caching**: send the `ETag` back as `If-None-Match`; 304 means that nothing has changed.\n\n"
        "HEAD and OPTIONS are answered wherever GET is. 各列的中文含义见工作簿的“说明”表。"
    ),
    openapi_tags=[
        {"name": "figures", "description": "Published figures, targets and commitments"},
        {"name": "judgements", "description": "What follows from it: status, findings, rules"},
        {"name": "catalogue", "description": "Indicators, places, sources"},
        {"name": "mechanisms", "description": "The ledger of the six mechanisms"},
        {"name": "whole", "description": "Everything in one piece, and the state of the server"},
    ],
    docs_url=None,  # the usual viewers load their scripts from other hosts; see queries/api/whole.py
    redoc_url=None,
    openapi_url=None,
)
api.add_exception_handler(run.Refused, sql.answer_refused_query)
COLUMNS = figures.COLUMNS | comparison.COLUMNS | ledger.COLUMNS
ROUTERS = (figures.router, comparison.router, ledger.router, sql.router, whole.router)
for router in ROUTERS:
    api.include_router(router)
add_error_handlers(api, [route for router in ROUTERS for route in router.routes])
describe(api, COLUMNS)
api.add_middleware(HttpMiddleware)
api.add_middleware(Encodings)  # the last one added is the outermost
api.mount("/viewer", StaticFiles(directory=whole.VIEWER), name="viewer")
