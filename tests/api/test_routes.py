"""The routes for programs: the same rows as the questions give, and a plain answer to every slip."""

import io
import json
import zipfile

import duckdb
import fastexcel
import polars as pl
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from queries.api.routes import api
from queries.catalogue import catalogue
from queries.database import engine
from queries.export import formats
from queries.figures.observations import drop_facts, get_observations
from queries.targets.targets import get_judged_targets, get_park_commitments

COLUMNS = [
    "park_id",
    "park_zh",
    "park_en",
    "indicator_id",
    "indicator_zh",
    "indicator_en",
    "period",
    "value",
    "value_text",
    "unit_id",
    "unit_zh",
    "bound",
    "low",
    "high",
    "growth_pct",
    "evidence",
    "source_id",
    "source_title",
    "locator",
    "note",
    "data_version",
]


@pytest.fixture(scope="module")
def client():
    with TestClient(api, raise_server_exceptions=False) as asking:
        yield asking


@pytest.fixture(scope="module")
def mounted():
    with TestClient(Starlette(routes=[Mount("/api", app=api)]), raise_server_exceptions=False) as asking:
        yield asking


def rows_of(answer) -> pl.DataFrame:
    assert answer.status_code == 200, answer.text
    return pl.read_csv(answer.content, infer_schema=False)


def test_720_1_comes_out_of_the_route_as_printed(client):
    rows = rows_of(client.get("/observations.csv?indicator=total_revenue&park=xthtz&from=2013&to=2013"))
    assert rows.select("value", "value_text", "unit_zh", "growth_pct", "low", "high").rows() == [
        ("720.1", "720.1", "亿元", "43.6", "720.05", "720.15")
    ]


def test_the_first_21_columns_stand_in_a_fixed_order(client):
    for suffix in ("csv", "parquet", "xlsx"):
        content = client.get(f"/observations.{suffix}?park=xthtz").content
        if suffix == "csv":
            rows = pl.read_csv(content, infer_schema=False)
        elif suffix == "parquet":
            rows = pl.read_parquet(io.BytesIO(content))
        else:
            rows = fastexcel.read_excel(content).load_sheet("数据").to_polars()
        assert rows.columns[:21] == COLUMNS
        assert len(COLUMNS) == 21


@pytest.mark.parametrize(("suffix", "kind"), [("csv", "text/csv; charset=utf-8"), ("json", "application/json")])
def test_a_route_gives_the_bytes_of_the_file_of_the_page(client, suffix, kind):
    answer = client.get(f"/observations.{suffix}?theme=economy")
    assert answer.content == formats.as_file(get_observations("economy"), suffix)
    assert answer.headers["content-type"] == kind
    version = engine.get_data_version()
    assert answer.headers["content-disposition"] == f'inline; filename="park-observations-all-{version}.{suffix}"'


def test_parquet_and_workbook_hold_the_same_11371_rows(client):
    parquet = pl.read_parquet(io.BytesIO(client.get("/observations.parquet").content))
    assert parquet.equals(drop_facts(get_observations()))
    book = fastexcel.read_excel(client.get("/observations.xlsx").content)
    assert book.sheet_names == ["数据", "说明", "口径"]
    assert book.load_sheet("数据").to_polars()["value"].to_list() == get_observations()["value"].to_list()


def test_json_counts_its_rows_and_names_the_data_version(client):
    content = client.get("/observations.json?park=xthtz&from=2013&to=2013").json()
    assert content["data_version"] == engine.get_data_version()
    assert content["count"] == len(content["rows"]) == 12
    assert content["rows"][0]["value"] == 720.1
    assert content["rows"][0]["note"] is None


def test_parameters_choose_the_rows(client):
    asked = "/observations.csv?indicator=fiscal_revenue,total_revenue&park=xthtz&evidence=derived&lang=en"
    rows = rows_of(client.get(asked))
    assert rows.select("indicator_id", "period", "value_text").rows() == [
        ("total_revenue", "2012", "约501.5"),
    ]
    assert rows["source_title"][0].startswith("Xiangtan High-tech Zone")
    half = rows_of(client.get("/observations.csv?park=xthtz&from=2013-06&to=2013-06"))
    assert "2013-01/2013-06" in half["period"]
    assert "2014" not in half["period"]


def test_an_empty_list_gives_no_rows_but_the_header(client):
    rows = rows_of(client.get("/observations.csv?indicator="))
    assert rows.height == 0
    assert rows.columns[:21] == COLUMNS


def test_the_byte_order_mark_can_be_left_out(client):
    assert client.get("/observations.csv?park=xthtz").content.startswith(b"\xef\xbb\xbfpark_id,")
    assert client.get("/observations.csv?park=xthtz&bom=0").content.startswith(b"park_id,")


def test_targets_and_commitments_are_those_of_the_questions(client):
    assert client.get("/targets.csv?park=xthtz").content == formats.as_csv(get_judged_targets(parks=["xthtz"]))
    assert rows_of(client.get("/targets.csv?from=2014&to=2014&park=xthtz")).height == 11
    assert (
        client.get("/targets.json?indicator=total_revenue").json()["count"]
        == get_judged_targets(indicators=["total_revenue"]).height
    )
    assert client.get("/commitments.csv").content == formats.as_csv(get_park_commitments())
    assert (
        client.get("/commitments.json?theme=innovation&lang=en").json()["count"]
        == get_park_commitments("innovation").height
    )


@pytest.mark.parametrize(("route", "count"), [("indicators", 196), ("sources", 125), ("parks", 334)])
def test_196_indicators_125_sources_and_334_places_come_as_json_and_csv(client, route, count):
    assert client.get(f"/{route}.json").json()["count"] == count
    assert rows_of(client.get(f"/{route}.csv")).height == count


@pytest.mark.parametrize("name", ["observation", "target", "source", "zone_source", "same_as", "unit", "build"])
def test_a_table_comes_whole(client, name):
    rows = rows_of(client.get(f"/tables/{name}.csv"))
    assert rows.height == engine.get_table_rows(name).height
    assert rows.columns == engine.get_table_rows(name).columns


def test_a_table_prints_720_1_and_552_without_zeros_that_nobody_printed(client):
    rows = rows_of(client.get("/tables/observation.csv"))
    values = dict(rows.select("observation_id", "value").rows())
    assert (values["A01"], values["A02"]) == ("720.1", "552")


def test_the_database_file_opens_and_has_the_11371_rows(client, tmp_path):
    path = tmp_path / "park.duckdb"
    path.write_bytes(client.get("/park.duckdb").content)
    with duckdb.connect(path, read_only=True) as connection:
        assert connection.sql("select count(*) from observation").fetchall() == [(11371,)]
        assert connection.sql("select data_version from build").fetchall() == [(engine.get_data_version(),)]


def test_the_data_package_describes_each_of_its_19_files(client):
    with zipfile.ZipFile(io.BytesIO(client.get("/datapackage.zip").content)) as package:
        assert package.testzip() is None
        described = json.loads(package.read("datapackage.json"))
        assert described["version"] == engine.get_data_version()
        assert len(described["resources"]) == 19
        assert {resource["path"] for resource in described["resources"]} == set(package.namelist()) - {
            "datapackage.json"
        }
        for resource in described["resources"]:
            rows = pl.read_csv(package.read(resource["path"]), infer_schema=False)
            fields = resource["schema"]["fields"]
            assert [field["name"] for field in fields] == rows.columns
            assert all(field["description"] for field in fields)
            assert rows.height == engine.get_table_rows(resource["path"].removesuffix(".csv")).height
            for field in fields:
                kind = {"number": pl.Float64, "integer": pl.Int64, "date": pl.Date}.get(field["type"], pl.String)
                cells = rows[field["name"]]
                assert (cells.str.to_date() if kind == pl.Date else cells.cast(kind)).len() == rows.height
            if "primaryKey" in resource["schema"]:
                assert rows[resource["schema"]["primaryKey"]].is_unique().all()
        [table] = [one for one in described["resources"] if one["name"] == "observation"]
        assert table["schema"]["primaryKey"] == "observation_id"
        assert pl.read_csv(package.read("observation.csv"), infer_schema=False)["value"][0] == "720.1"


def test_health_counts_the_rows_of_each_table(client):
    content = client.get("/health").json()
    assert content["status"] == "ok"
    assert content["data_version"] == engine.get_data_version()
    assert content["rows"] == dict(catalogue.get_tables().select("table_id", "rows").rows())
    assert content["rows"]["observation"] == 11371


@pytest.mark.parametrize(
    ("said", "code"), [("EN", "en"), ("en-US", "en"), ("en_GB", "en"), ("ZH", "zh"), ("zh-Hans", "zh")]
)
def test_a_language_is_taken_in_any_case_and_with_any_region(client, said, code):
    for address in (
        "targets.xlsx?park=xthtz",
        "findings.json?park=xthtz",
        "status.json?park=xthtz",
        "tasks.csv?state=overdue",
        "efficiency-groups.csv",
        "compare.xlsx?indicator=gdp",
        "records.json?park=xthtz",
    ):
        answers = [client.get(f"/{address}&lang={lang}".replace("csv&", "csv?")) for lang in (said, code)]
        assert answers[0].status_code == 200, (address, answers[0].text)
        assert answers[0].content == answers[1].content, address


@pytest.mark.parametrize(
    ("address", "parameter", "what", "legal"),
    [
        ("/observations.csv?indicator=total_revenu", "indicator", "unknown indicator 'total_revenu'", "total_revenue"),
        ("/observations.csv?park=xthtz,atlantis", "park", "unknown park 'atlantis'", "xthtz"),
        ("/observations.csv?theme=weather", "theme", "'weather'", "economy"),
        ("/observations.csv?theme=economy,innovation", "theme", "takes one", "innovation"),
        ("/observations.csv?evidence=guess", "evidence", "unknown evidence 'guess'", "derived"),
        ("/observations.csv?lang=fr", "lang", "'fr'", "zh"),
        ("/observations.xlsx?lang=zh,", "lang", "'zh,'", "en"),
        ("/commitments.csv?lang=fr", "lang", "'fr'", "en"),
        ("/observations.csv?years=2013", "years", "unknown parameter 'years'", "from"),
        ("/parks.csv?theme=economy", "theme", "unknown parameter 'theme'", "bom"),
        ("/health?x=1", "x", "unknown parameter 'x'", None),
        ("/observations.csv?from=13", "from", "not a year or month: '13'. Write 2013 or 2013-06.", "2013-06"),
        ("/observations.csv?to=2013-13", "to", "not a year or month: '2013-13'", "2013"),
        ("/targets.csv?from=abcd", "from", "not a year or month: 'abcd'", "2013"),
        ("/observations.csv?from=2014&to=2013", "from", "the period runs backwards: 2014 to 2013", None),
        ("/targets.csv?from=2014&to=2013", "from", "the period runs backwards: 2014 to 2013", None),
        ("/observations.csv?indicator=x' or 1=1 --", "indicator", "unknown indicator", "total_revenue"),
        ("/observations.csv?park=xthtz;drop table observation", "park", "unknown park", "xthtz"),
    ],
)
def test_a_slip_gives_400_with_what_was_wrong_where_and_what_is_legal(client, address, parameter, what, legal):
    answer = client.get(address)
    content = answer.json()
    assert answer.status_code == 400
    assert content["parameter"] == parameter
    assert what in content["error"]
    assert legal in content["legal"] if legal else content["legal"] == []


def test_the_observations_are_still_there_after_somebody_asked_to_drop_them(client):
    client.get("/observations.csv?park=xthtz'; drop table observation; --")
    assert client.get("/health").json()["rows"]["observation"] == 11371


def test_a_value_of_the_wrong_type_gives_422_with_the_parameter(client):
    answer = client.get("/observations.csv?bom=perhaps")
    assert answer.status_code == 422
    assert answer.json()["parameter"] == "bom"
    assert "integer" in answer.json()["error"]


def test_a_very_long_list_of_unknown_codes_gives_400_and_of_known_ones_the_rows(client):
    unknown = client.get("/observations.csv?indicator=" + ",".join(f"x{number}" for number in range(5000)))
    assert unknown.status_code == 400
    assert "unknown indicator 'x0'" in unknown.json()["error"]
    known = client.get("/observations.csv?park=" + ",".join(["xthtz"] * 5000))
    assert known.content == formats.as_csv(get_observations(parks=["xthtz"]))


@pytest.mark.parametrize(
    "address",
    [
        "/observations.pdf",
        "/targets.exe",
        "/commitments.",
        "/tables/nothing.csv",
        "/tables/duckdb_settings.csv",
        "/tables/..%2F..%2Fpyproject.csv",
        "/tables/..%5C..%5Cpark.csv",
        "/tables/observation%20limit%201.csv",
        "/tables/%27.csv",
        "/tables/observation.parquet",
        "/nothing",
        "/",
    ],
)
def test_an_unknown_address_gives_404_and_lists_what_there_is(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert "/api/observations.{suffix}" in answer.json()["routes"]
    assert "/work" not in answer.text


def test_the_routes_only_read(client):
    for method in ("post", "put", "delete"):
        assert getattr(client, method)("/observations.csv").status_code == 405


def test_a_database_that_is_missing_gives_503_with_the_command_and_no_folder(client, tmp_path, monkeypatch):
    monkeypatch.setenv("PARK_DATABASE", str(tmp_path / "none.duckdb"))
    addresses = [
        "observations.csv",
        "targets.json",
        "parks.csv",
        "tables/unit.csv",
        "park.duckdb",
        "datapackage.zip",
    ]
    for address in addresses:
        answer = client.get(f"/{address}")
        assert answer.status_code == 503, address
        assert answer.json() == {"error": "No database at none.duckdb. Build it: python -m data.build"}


def test_a_database_that_cannot_be_read_gives_503_without_traceback_or_folder(client, tmp_path, monkeypatch):
    broken = tmp_path / "park.duckdb"
    broken.write_bytes(b"not a database" * 1000)
    monkeypatch.setenv("PARK_DATABASE", str(broken))
    for address in ("observations.csv", "tables/unit.csv", "park.duckdb", "datapackage.zip"):
        answer = client.get(f"/{address}")
        assert answer.status_code == 503, address
        assert answer.json()["error"].startswith("park.duckdb cannot be used: ")
        assert answer.json()["error"].endswith("Rebuild it: python -m data.build")
        assert str(tmp_path) not in answer.text
    monkeypatch.undo()  # the good file stands there again, with the very stamp of before
    assert client.get("/tables/unit.csv").status_code == 200  # never kept in memory


def test_health_answers_without_a_database_and_counts_nothing(client, tmp_path, monkeypatch):
    monkeypatch.setenv("PARK_DATABASE", str(tmp_path / "none.duckdb"))
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_below_api_everything_answers_as_it_does_alone(client, mounted):
    addresses = [
        "observations.csv?park=xthtz",
        "targets.json",
        "commitments.csv",
        "indicators.json",
        "sources.json",
        "parks.json",
        "tables/unit.csv",
        "park.duckdb",
        "datapackage.zip",
        "health",
        "ready",
        "observations.csv?park=atlantis",
    ]
    for address in addresses:
        alone, below = client.get(f"/{address}"), mounted.get(f"/api/{address}")
        assert (below.status_code, below.content) == (alone.status_code, alone.content)
    assert mounted.get("/api/nothing").json()["error"] == "Not Found: /api/nothing"


def test_the_description_for_programs_lists_every_route(client):
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.")
    assert {"/observations.{suffix}", "/targets.{suffix}", "/park.duckdb", "/health"} <= set(described["paths"])


# Status, unlock, findings


def test_status_gives_every_target_of_a_place_and_year_with_code_and_gap(client):
    answer = client.get("/status.json", params={"park": "xthtz", "year": "2014", "asof": "2026-11-24"}).json()
    assert (answer["rule"], answer["asof"], answer["data_version"]) == (
        "default",
        "2026-11-24",
        engine.get_data_version(),
    )
    rows = {row["target_id"]: row for row in answer["rows"]}
    assert len(rows) == 11
    assert (rows["T04"]["status"], rows["T04"]["gap_points"], rows["T04"]["low"]) == ("missed", -7, 17.5)
    assert (rows["T06"]["status"], rows["T06"]["reason"]) == ("cannot_judge", "SCOPE_MISMATCH")
    assert (rows["T07"]["reason"], rows["T01"]["reason"]) == ("NO_GROWTH", "NO_ACTUAL")
    for column in ("indicator_id", "completion", "planned_share", "pace", "high"):
        assert column in rows["T04"]


def test_the_same_day_gives_the_same_light(client):
    asked = {"park": "xiangtan", "year": "2015", "asof": "2015-09-15"}
    rows = {row["target_id"]: row for row in client.get("/status.json", params=asked).json()["rows"]}
    assert (rows["G31"]["status"], rows["G31"]["planned_by"], rows["G31"]["month"]) == ("cannot_judge", None, 6)
    assert client.get("/status.json", params=asked).content == client.get("/status.json", params=asked).content


def test_targets_carry_their_status_the_rule_and_its_version(client):
    rows = pl.read_csv(client.get("/targets.csv?rule=sanya-2022&park=xthtz").content, infer_schema=False)
    assert set(rows["rule"]) == {"sanya-2022"}
    assert rows["rule_version"][0].startswith("2-")
    assert rows.filter(pl.col("target_id") == "T04")["status"][0] == "missed"


def test_unlock_names_the_one_number_for_each_target_without_a_status(client):
    rows = client.get("/unlock.json?park=xthtz").json()["rows"]
    assert len(rows) == 10
    assert rows[0]["unlock_en"].startswith("Total revenue")
    assert rows[0]["where_zh"]


def test_findings_hold_lists_and_both_ends_of_the_misfit(client):
    [one] = client.get("/findings.json?park=xthtz&severity=note").json()["rows"]
    assert (one["rule"], one["indicators"], one["targets"]) == (
        "two_forms_of_a_target",
        ["total_revenue"],
        ["T01", "T02"],
    )
    assert one["sources"] == ["CHIN-20140303"]
    assert (one["misfit_low"], one["misfit_high"]) == (8.07, 8.21)
    [two] = client.get("/findings.json?park=xiangtan&rule=one_value_two_names").json()["rows"]
    assert two["indicators"] == ["general_public_budget_revenue", "total_fiscal_revenue"]
    table = pl.read_csv(client.get("/findings.csv").content, infer_schema=False)
    assert table.height == 19


def test_the_rules_are_listed_with_their_versions(client):
    rows = client.get("/rules.json").json()["rows"]
    assert [row["rule_id"] for row in rows][:2] == ["default", "yinchuan-2025"]


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("/status.json?rule=harsh", "rule"),
        ("/status.json?asof=2015-02-30", "asof"),
        ("/status.json?year=1066", "year"),
        ("/status.json?indicator=gdp", "indicator"),
        ("/unlock.json?park=atlantis", "park"),
        ("/targets.csv?rule=harsh", "rule"),
        ("/findings.json?severity=error", "severity"),
        ("/findings.csv?rule=guess", "rule"),
    ],
)
def test_a_wrong_parameter_of_a_judgement_is_named_with_what_is_legal(client, address, where):
    answer = client.get(address)
    assert answer.status_code == 400
    assert answer.json()["parameter"] == where
    assert answer.json()["legal"]
