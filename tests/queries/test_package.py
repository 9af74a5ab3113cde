"""The data package: what a validator of another project says of the zip and of the address."""

import io
import json
import zipfile

import pytest
from frictionless import Package, validate

from queries.database import engine
from queries.export import package
from tests.conftest import ROOT
from tests.hosting.servers import STREAMLIT, free_port, get, process


@pytest.fixture(scope="module")
def unpacked(park_database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    with zipfile.ZipFile(io.BytesIO(package.make_package())) as zipped:
        zipped.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def address(park_database, tmp_path_factory):
    port = free_port()
    log = tmp_path_factory.mktemp("package") / "log"
    command = [*STREAMLIT, "--server.port", str(port)]
    with process(command, log, lambda: get(port, "/api/ready").status == 200, 60, cwd=ROOT):
        yield f"http://localhost:{port}/api/"


def errors(report):
    return [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors] + [
        error.message for error in report.errors
    ]


def test_frictionless_finds_nothing_wrong_with_the_zip(park_database, tmp_path):
    path = tmp_path / "park.zip"
    path.write_bytes(package.make_package())
    report = validate(path.as_posix())
    assert errors(report) == []
    assert report.stats["tasks"] == 19
    assert path.read_bytes() == package.make_package()


@pytest.mark.parametrize(
    ("table", "before", "after", "said"),
    [
        ("observation", "A01,xthtz,", "A01,atlantis,", "atlantis"),
        ("observation", "A02,", "A01,", "primary key"),
        ("observation", ",published,", ",guessed,", "guessed"),
        ("observation", ",720.1,", ",much,", "much"),
        ("unit", "yi_cny,亿元", "yi_cny,", "required"),
    ],
)
def test_the_description_is_strict_enough_for_frictionless_to_see(unpacked, table, before, after, said, tmp_path):
    described = json.loads((unpacked / "datapackage.json").read_text("utf-8"))
    for file in unpacked.iterdir():
        content = file.read_text("utf-8")
        if file.stem == table:
            assert before in content
            content = content.replace(before, after, 1)
        (tmp_path / file.name).write_text(content, "utf-8", newline="")
    assert len(described["resources"]) == 19
    report = validate((tmp_path / "datapackage.json").as_posix())
    assert said in "\n".join(errors(report))


def test_a_program_reads_every_table_by_the_address_of_the_description(address):
    read = Package(f"{address}datapackage.json")
    assert errors(read.validate()) == []
    for table in ("observation", "source", "zone"):
        rows = read.get_resource(table).read_rows()
        assert len(rows) == engine.get_table_rows(table).height
    assert read.get_resource("observation").path == "tables/observation.csv?bom=0"


def test_the_tables_by_address_are_those_in_the_zip(address, unpacked):
    port = int(address.split(":")[2].split("/")[0])
    described = json.loads(get(port, "/api/datapackage.json").body)
    for resource in described["resources"]:
        content = get(port, f"/api/{resource['path']}").body
        assert content == (unpacked / f"{resource['title']}.csv").read_bytes()
    zipped = json.loads((unpacked / "datapackage.json").read_text("utf-8"))
    assert [one | {"path": ""} for one in zipped["resources"]] == [one | {"path": ""} for one in described["resources"]]


def test_the_description_has_keys_permitted_values_licence_and_every_source(park_database):
    described = package.describe_package(engine, "{table}.csv")
    tables = {one["name"]: one for one in described["resources"]}
    fields = {one["name"]: one for one in tables["observation"]["schema"]["fields"]}
    assert tables["observation"]["schema"]["primaryKey"] == "observation_id"
    assert tables["alias"]["schema"]["primaryKey"] == ["alias", "kind", "code"]
    assert {"fields": ["source_id"], "reference": {"resource": "source", "fields": ["source_id"]}} in tables[
        "observation"
    ]["schema"]["foreignKeys"]
    assert fields["evidence"]["constraints"] == {"required": True, "enum": ["published", "derived", "own", "sample"]}
    assert fields["value"]["type"] == "number"
    assert "enum" not in fields["park_id"]["constraints"]
    assert all(
        field["description"] and field["description_zh"] for one in tables.values() for field in one["schema"]["fields"]
    )
    assert described["licenses"][0]["name"] == "MIT"
    assert len(described["sources"]) == 125
    # A copy is cited, never linked.
    assert sum("path" in source for source in described["sources"]) == engine.get_table_rows("source")["url"].count()
