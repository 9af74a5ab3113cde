"""A fuzzer draws requests from the description of the routes, legal ones and illegal ones, and finds nothing."""

import re

import pytest
import schemathesis
from schemathesis.checks import load_all_checks
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from starlette.applications import Starlette
from starlette.routing import Mount

from queries.api.routes import api

EXAMPLES = 1  # drawn at random for each route, besides those that walk along every bound of every parameter
# Only the data know which numbers a ledger has and which place holds another, only DuckDB what is a statement; and a
# description has no word for "not after the other parameter".
ONLY_THE_DATA_KNOW = {
    "department", "aim", "task", "leader", "project", "target", "order", "service", "month", "weights", "commitment",
    "supervision", "followup", "problem", "of", "sql",
}  # fmt: skip
load_all_checks()


@pytest.fixture
def described(park_database):
    app = Starlette(routes=[Mount("/api", app=api)])
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    schema.config.generation.update(max_examples=EXAMPLES, deterministic=True, database="none")
    schema.config.phases.update(phases=["examples", "coverage", "fuzzing"])
    return schema


def excused(case, failure):
    """A legal request that the data refuse, with the parameter and what is legal."""
    if type(failure).__name__ != "RejectedPositiveData":
        return False
    query = case.query or {}
    backwards = "from" in query and "to" in query
    return backwards or bool(ONLY_THE_DATA_KNOW & query.keys())


def test_every_route_answers_as_it_is_described(described):
    found, cases, answered = [], 0, set()
    for event in from_schema(described).execute():
        if isinstance(event, NonFatalError | FatalError):
            found.append(str(event))
        if not isinstance(event, ScenarioFinished):
            continue
        cases += len(event.recorder.cases)
        answered |= {str(one.response.status_code) for one in event.recorder.interactions.values() if one.response}
        for number, checks in event.recorder.checks.items():
            case = event.recorder.cases[number].value
            found += [
                f"{case.method} {case.formatted_path} {case.query}: {check.failure_info.failure}"
                for check in checks
                if check.failure_info and not excused(case, check.failure_info.failure)
            ]
    assert found == []
    assert cases > 1000
    assert {"200", "400", "404", "405", "422"} <= answered


def test_the_description_names_every_route_and_what_each_may_answer(described):
    paths = described.raw_schema["paths"]
    assert described.raw_schema["openapi"] == "3.1.0"
    assert described.raw_schema["servers"] == [{"url": "/api"}]
    assert len(paths) >= 27
    for path, shapes in paths.items():
        assert list(shapes) == ["get"], path
        answers = shapes["get"]["responses"]
        assert {"200", "304", "400", "404", "422", "503"} <= answers.keys(), path
        assert shapes["get"]["summary"] and shapes["get"]["tags"]
        if path.endswith("{suffix}"):
            assert "413" in answers
            assert len(answers["200"]["content"]) == 5
    parameters = {one["name"]: one for one in paths["/observations.{suffix}"]["get"]["parameters"]}
    assert parameters["park"]["schema"]["items"]["enum"][0] == "xthtz"
    assert (parameters["park"]["style"], parameters["park"]["explode"]) == ("form", False)
    assert len(parameters["indicator"]["schema"]["items"]["enum"]) == 200
    assert re.fullmatch(parameters["from"]["schema"]["pattern"], "2013-06")


def test_the_description_tells_type_and_meaning_of_every_column(described):
    answers = described.raw_schema["paths"]["/observations.{suffix}"]["get"]["responses"]["200"]["content"]
    columns = answers["application/json"]["schema"]["allOf"][1]["properties"]["rows"]["items"]["properties"]
    assert columns["value"]["type"] == ["number", "null"]
    assert columns["period_start"] == {
        "type": ["string", "null"],
        "format": "date",
        "description": "First day of the period.",
    }
    assert [name for name, column in columns.items() if not column.get("description")] == []
