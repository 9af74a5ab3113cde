#!/usr/bin/env bash
# FastAPI 0.165.0: after include_router() the application lists one entry without a path in place of the routes of the
# router, on the application and on a router that includes another. What walks app.routes for paths (a list of addresses
# for an error page, a check that every route is described) finds none, and nothing is said. They answer, and the
# OpenAPI document has them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check fastapi==0.165.0 starlette==1.10.0 httpx2==2.16.2
cat > look.py <<'PYTHON'
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

inner = APIRouter()


@inner.get("/figures")
def figures() -> int:
    return 1


def paths(routes: list) -> list:
    return [getattr(route, "path", None) for route in routes]


app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
app.include_router(inner)
outer = APIRouter()
outer.include_router(inner)
print("router itself:", paths(inner.routes))
print("application:", paths(app.routes))
print("router that includes it:", paths(outer.routes))
print("answers:", TestClient(app).get("/figures").status_code)
print("described:", list(app.openapi()["paths"]))
PYTHON
found=$(venv/bin/python -W ignore look.py)
echo "$found"
expected="router itself: ['/figures']
application: [None]
router that includes it: [None]
answers: 200
described: ['/figures']"
if [ "$found" != "$expected" ]; then
    echo "changed: included routes had no path in the list before" >&2
    exit 1
fi
echo "as seen: app.routes of FastAPI 0.165.0 does not list what was included"
