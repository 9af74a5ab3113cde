"""The day asked about is part of every question for figures: no page and no route shows one published later."""

from datetime import date

import pytest
from starlette.testclient import TestClient

from queries.api.routes import api
from queries.catalogue import catalogue
from queries.database import engine
from queries.exploring import exploration
from queries.figures import observations
from tests.pages.test_pages import opened, said
from tests.tools.pages import PAGES, THEMED

client = TestClient(api)
EARLY = ("2014-03-01", "1990-01-01")  # after some figures were published, and before any
FIGURES = ("observations", "cube", "compared")  # questions that give figures, or count them
FIGURE_PAGES = ("overview", *THEMED, "compare", "explore")  # they ask in every run
# Pages that list what there is to ask for, whenever it was published.
LISTS = ("sources",)
# Rows of these routes are of a ledger, whose own day of entry is not that of a publication.
LEDGER = ("tasks", "projects", "monthly", "supervision", "due-orders", "efficiency", "scores", "score-items")


@pytest.fixture
def asked(monkeypatch):
    """The day of every question for figures that is put to the database."""
    days, fetch = [], engine._fetch

    def watched(name, parameters, **more):
        if name in FIGURES and parameters.get("indicators") != []:
            days.append(parameters["asof"])
        return fetch(name, parameters, **more)

    observations._get_database_observations.cache_clear()
    observations._derive_observations.cache_clear()
    exploration._count_database_figures.cache_clear()
    monkeypatch.setattr(engine, "_fetch", watched)
    return days


@pytest.mark.parametrize("day", EARLY)
@pytest.mark.parametrize("page", [page for page in PAGES if page not in LISTS])
def test_a_page_asks_for_no_figure_published_later(page, day, asked):
    at = opened(page, asof=day)
    assert said(at)
    assert [other for other in asked if other is None or other > date.fromisoformat(day)] == []
    assert asked or page not in FIGURE_PAGES


def known_on(day):
    with engine.open_cursor() as connection:
        rows = connection.execute("select source_id::varchar from release where known_from <= $day", {"day": day})
        return {code for (code,) in rows.fetchall()}


def routes():
    """Routes that take a day, with the format to ask in."""
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        names = {parameter["name"] for parameter in methods["get"].get("parameters", [])}
        if "asof" in names:
            yield path.removeprefix("/api").replace("{suffix}", "json"), names


@pytest.mark.parametrize("day", EARLY)
def test_a_route_gives_no_figure_published_later(day):
    known, found = known_on(day), {}
    for path, names in routes():
        if any(path.startswith(f"/{name}.") for name in LEDGER):
            continue
        more = "&evidence=published,derived" if "evidence" in names else ""
        for measure in ("level", "growth", "share") if "as" in names else (None,):
            answer = client.get(f"{path}?asof={day}{more}" + (f"&as={measure}" if measure else ""))
            assert answer.status_code == 200, (path, answer.text)
            rows = answer.json().get("rows", [])
            found[path] = len(rows)
            for row in rows:
                cited = row.get("sources") or str(row["source_id"]).replace("；", "; ").split("; ")
                assert set(cited) <= known, (path, row)
    asked = ("observations", "compare", "compare-years", "findings", "targets")
    assert {f"/{name}.json" for name in asked} <= set(found)
    assert bool(found["/observations.json"]) == (day == "2014-03-01")


def test_without_a_day_all_is_asked_for():
    assert len(client.get("/observations.json").json()["rows"]) == 11371
    assert catalogue.get_indicators()["observations"].sum() == 11371
