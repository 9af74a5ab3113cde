"""Facets, the figures that a choice leaves, and the SQL and the address for programs that give the same rows."""

import random
import shutil
from urllib.parse import urlencode

import duckdb
import polars as pl
import pytest
from starlette.testclient import TestClient

from queries.api.routes import api
from queries.database import engine
from queries.exploring import addresses, exploration
from queries.exploring.exploration import Choice, compute_facet_counts, count_without_each_part, get_chosen_figures
from queries.export.formats import as_file
from queries.figures.observations import get_observations
from tests.conftest import HOME
from tests.tools.figure_view import restore_figure_view

ALL = Choice()
COLUMNS = {
    "theme": "theme", "indicator": "indicator_id", "park": "park_id", "evidence": "evidence",
}  # fmt: skip
PARTS = {"theme": "themes", "indicator": "indicators", "role": "roles", "park": "parks", "evidence": "evidence"}
EVERY = ("published", "derived")


def some_choices():
    """Choices as readers make them, each facet with and without others, the same in every run."""
    dice = random.Random(13)
    whole = exploration.get_figure_counts()
    for _ in range(40):
        part = {}
        for facet, column in exploration.FACETS.items():
            if dice.random() < 0.4:
                values = whole[column].unique().sort().to_list()
                part[PARTS[facet]] = tuple(dice.sample(values, min(len(values), dice.randint(1, 4))))
        if dice.random() < 0.3:
            part["first"], part["last"] = sorted(dice.sample(range(1991, 2025), 2))
        if dice.random() < 0.3:
            part["text"] = dice.choice(["jgm", "湘潭", "gdp 长沙", "工业 2013", "高新区"])
        yield Choice(**part)


def test_without_a_choice_the_published_figures_are_counted_by_each_facet():
    found = compute_facet_counts(ALL)
    published = get_observations()
    assert found["all"] == {"": published.height}
    for facet, column in COLUMNS.items():
        if facet != "evidence":
            assert found[facet] == dict(published[column].value_counts().iter_rows())
    assert found["evidence"] == {
        "published": published.height,
        "derived": get_observations(evidence=("derived",)).height,
    }
    assert list(found["indicator"].values()) == sorted(found["indicator"].values(), reverse=True)


def test_the_zone_has_47_published_figures_and_its_headline_one():
    assert compute_facet_counts(Choice(parks=(HOME,)))["all"] == {"": 47}
    found = compute_facet_counts(Choice(parks=(HOME,), indicators=("total_revenue",)))
    assert found["all"] == {"": 1}
    assert found["year"] == {"2013": 1}
    assert found["evidence"] == {"published": 1, "derived": 1}


def test_a_choice_counts_in_the_other_facets_and_not_in_its_own():
    without = compute_facet_counts(ALL)
    found = compute_facet_counts(Choice(parks=("changsha",)))
    assert found["park"] == without["park"]
    assert found["indicator"] != without["indicator"]
    assert sum(found["indicator"].values()) == without["park"]["changsha"]
    assert set(found["role"]) == {"hunan_peer"}
    years = compute_facet_counts(Choice(first=2013, last=2013))
    assert years["year"] == without["year"]
    assert years["all"] == {"": without["year"]["2013"]}


def test_the_counts_of_every_choice_are_the_rows_that_it_shows():
    for choice in some_choices():
        found, rows = compute_facet_counts(choice), get_chosen_figures(choice)
        assert found["all"] == {"": rows.height}, choice
        for facet, column in COLUMNS.items():
            if choice.without(facet) == choice:
                assert found[facet] == dict(rows[column].value_counts().iter_rows()), (choice, facet)


@pytest.fixture
def over_new_year(park_database, tmp_path, monkeypatch):
    """The database with one more figure, of the twelve months from July 2012 on."""
    path = tmp_path / "more.duckdb"
    shutil.copyfile(park_database, path)
    with duckdb.connect(path) as connection:
        connection.execute("""
            insert into observation select * replace (
                'N1' as observation_id, '2012-07/2013-06' as period, date '2012-07-01' as period_start,
                date '2013-06-30' as period_end)
            from observation where indicator_id = 'total_revenue' and park_id = 'xthtz'
        """)
        restore_figure_view(connection)
        connection.execute("update build set data_version = 'f00d'")
    monkeypatch.setenv("PARK_DATABASE", str(path))


@pytest.mark.usefixtures("over_new_year")
def test_a_figure_of_two_years_counts_in_each_and_is_found_by_either():
    zone = Choice(parks=(HOME,), indicators=("total_revenue",))
    assert compute_facet_counts(zone)["year"] == {"2012": 1, "2013": 2}
    assert compute_facet_counts(zone)["all"] == {"": 2}
    with engine.open_cursor() as connection:
        spans = ((2012, 2012, ["N1"]), (2013, 2013, ["N1", "A01"]), (2014, 2014, []), (None, 2012, ["N1"]))
        for first, last, found in spans:
            choice = Choice(parks=(HOME,), indicators=("total_revenue",), first=first, last=last)
            assert compute_facet_counts(choice)["all"] == {"": len(found)}
            assert sorted(get_chosen_figures(choice)["observation_id"]) == sorted(found)
            answer = connection.execute(addresses.build_figures_sql(choice)).fetchall()
            assert sorted(row[0] for row in answer) == sorted(found)


def test_words_narrow_like_facets_and_a_word_that_names_nothing_finds_nothing():
    assert compute_facet_counts(Choice(text="jgm"))["all"] == {"": 14}
    assert compute_facet_counts(Choice(text="湘潭高新区技工贸总收入2013"))["all"] == {"": 1}
    assert get_chosen_figures(Choice(text="湘潭高新区技工贸总收入2013"))["value_text"].to_list() == ["720.1"]
    assert compute_facet_counts(Choice(text="房价"))["all"] == {"": 0}
    assert get_chosen_figures(Choice(text="房价")).is_empty()


def test_years_that_run_backwards_between_words_and_slider_find_nothing():
    choice = Choice(text="2013", first=2014)
    assert compute_facet_counts(choice)["all"] == {"": 0}
    assert get_chosen_figures(choice).is_empty()


def test_a_view_without_figures_tells_what_to_give_up_and_how_many_figures_that_gives():
    choice = Choice(indicators=("gdp",), parks=(HOME,), first=2012, last=2013)
    assert compute_facet_counts(choice)["all"] == {"": 0}
    assert count_without_each_part(choice) == {
        "indicator": compute_facet_counts(choice.without("indicator"))["all"][""],
        "park": compute_facet_counts(choice.without("park"))["all"][""],
    }
    assert count_without_each_part(choice)["indicator"] == 12


def test_what_follows_from_an_indicator_is_shown_with_it():
    rows = get_chosen_figures(Choice(parks=(HOME,), indicators=("industrial_output",), evidence=EVERY, first=2013))
    assert "below_scale_industrial_output" in rows["indicator_id"].to_list()


def test_the_sql_behind_a_view_gives_its_published_rows_in_their_order(built):
    for choice in (ALL, *some_choices()):
        if choice.evidence and "published" not in choice.evidence:
            continue
        rows = get_chosen_figures(choice).filter(pl.col("evidence") == "published")
        answer = built.sql(addresses.build_figures_sql(choice)).pl()
        assert answer["observation_id"].to_list() == rows["observation_id"].to_list(), choice
        for column in ("value_text", "park_zh", "indicator_en", "unit_zh", "period", "source_id"):
            assert answer[column].cast(pl.String).to_list() == rows[column].to_list()
        for column in ("value", "growth_pct"):
            assert answer[column].cast(pl.Float64).to_list() == rows[column].to_list()


def test_the_sql_behind_a_view_is_one_statement_without_a_parameter_left():
    sql = addresses.build_figures_sql(Choice(text="jgm", parks=("xthtz", "cshtz"), first=2004, last=2013))
    assert len(duckdb.extract_statements(sql)) == 1
    assert "$" not in sql
    assert "('xthtz', 'cshtz')" in sql
    assert "date '2004-01-01'" in sql
    assert max(map(len, sql.splitlines())) <= 110


def test_the_address_for_programs_gives_the_file_of_the_view_byte_for_byte():
    client = TestClient(api)
    for choice in (ALL, *some_choices()):
        answer = client.get(f"/observations.csv?{urlencode(addresses.make_route_parameters(choice), safe=',')}")
        assert answer.status_code == 200, answer.text
        assert answer.content == as_file(get_chosen_figures(choice), "csv", "zh"), choice


def test_a_link_holds_codes_where_words_were_typed_and_asks_for_the_same_figures():
    words = exploration.Choice(text="jgm 湘潭高新区 2013")
    shown = {"find": words.text, "chart": "bar"}
    link = addresses.make_link_parameters(words, shown, "level")
    assert link == {
        "chart": "bar",
        "indicator": "total_revenue,tech_industry_trade_revenue",
        "park": "xthtz",
        "from": "2013",
        "to": "2013",
        "as": "level",
    }
    lists = {"indicators": tuple(link["indicator"].split(",")), "parks": ("xthtz",)}
    codes = exploration.Choice(**lists, first=2013, last=2013)
    assert exploration.get_chosen_figures(codes).equals(exploration.get_chosen_figures(words))
    assert exploration.get_chosen_figures(codes)["value_text"].to_list() == ["720.1"]


def test_words_that_find_much_or_nothing_stay_in_the_link():
    for text in ("工业", "没有的词"):
        assert addresses.make_link_parameters(exploration.Choice(text=text), {"find": text}, "level")["find"] == text
    assert addresses.make_link_parameters(exploration.Choice(parks=("xthtz",)), {"park": "xthtz"}, "level") == {
        "park": "xthtz"
    }
