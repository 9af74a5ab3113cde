"""What a column is said to hold is what the comment of that table's own column says, in files, package and routes."""

import io

import polars as pl
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from data.ledger import definition
from queries.api import openapi, routes
from queries.catalogue import catalogue
from queries.database import engine as door
from queries.export import columns, formats, package

# The table whose rows a route gives.
OF_ROUTE = {
    "/observations.{suffix}": "observation", "/compare.{suffix}": "observation",
    "/compare-years.{suffix}": "observation",
    "/targets.{suffix}": "target", "/status.json": "target", "/unlock.json": "target",
    "/commitments.{suffix}": "commitment", "/indicators.{suffix}": "indicator", "/sources.{suffix}": "source",
    "/parks.{suffix}": "park",
}  # fmt: skip


def comments(table, lang):
    row = catalogue.get_tables().row(by_predicate=pl.col("table_id") == table, named=True)
    return dict(zip(row["columns"], row[f"comments_{lang}"], strict=True))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_table_as_a_workbook_explains_its_own_columns(lang):
    for table in catalogue.get_tables()["table_id"]:
        rows = pl.DataFrame(schema=dict.fromkeys(comments(table, lang), pl.String))
        assert dict(columns.get_column_meanings(rows, lang).rows()) == comments(table, lang), table


@pytest.mark.parametrize(("path", "table"), OF_ROUTE.items())
def test_a_route_explains_the_columns_of_its_own_table(path, table):
    rows, own = routes.COLUMNS[path](), comments(table, "en")
    told = dict(columns.get_column_meanings(rows, "en").rows())
    described = openapi._columns(rows)["properties"]
    for column in own.keys() & set(rows.columns):
        assert told[column] == described[column]["description"] == own[column], (path, column)
    assert routes.api


def test_a_place_that_only_stands_in_a_row_is_not_the_one_that_promised():
    for path in ("/tasks.{suffix}", "/projects.{suffix}", "/records.{suffix}"):
        told = dict(columns.get_column_meanings(routes.COLUMNS[path](), "en").rows())
        assert told["park_id"] == "Code of the place, as in links."


def test_the_package_explains_each_table_by_its_own_comments():
    for resource in package.describe_package(door, "{table}.csv")["resources"]:
        own = comments(resource["title"], "en")
        assert {field["name"]: field["description"] for field in resource["schema"]["fields"]} == own


# By route of the ledger: the sheet whose rows it gives, with a column whose name another table uses otherwise.
OF_SHEET = {
    "/tasks.{suffix}": ("task", {"title_zh": "任务名称", "title_en": "英文名称", "target_id": "对应目标。目标编号。"}),
    "/projects.{suffix}": ("project", {"name_zh": "名称", "kind": "类别。project 项目，enterprise 企业。"}),
    "/supervision.{suffix}": ("supervision", {"note": "说明", "closed": "办结日期", "target_id": "目标编号"}),
    "/efficiency.{suffix}": ("service_case", {"finished": "办结日期", "service_zh": "服务名称"}),
    "/score-items.{suffix}": ("assessment_rule", {"target_id": "目标编号", "declared": "公布日期"}),
}


@pytest.mark.parametrize(("path", "sheet", "some"), [(path, *of) for path, of in OF_SHEET.items()])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_route_of_the_ledger_explains_the_columns_of_its_own_sheet(path, sheet, some, lang):
    rows = routes.COLUMNS[path]()
    told = dict(columns.get_column_meanings(rows, lang).rows())
    described = openapi._columns(rows)["properties"]
    for column in definition.get_sheet_definitions()[sheet].columns:
        if column.name in rows.columns:
            assert told[column.name].startswith(column.head[lang]), (path, column.name)
            assert lang == "zh" or described[column.name]["description"] == told[column.name]
    if lang == "zh":
        assert {column: told[column] for column in some} == some


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_target_in_a_meeting_is_explained_as_a_target_and_its_department_as_of_the_ledger(lang):
    told = dict(columns.get_column_meanings(routes.COLUMNS["/monthly.{suffix}"](), lang).rows())
    own = comments("target", lang)
    assert all(told[column] == own[column] for column in ("target_id", "measure", "value", "unit_id", "park_id"))
    assert told["department_id"] == {"zh": "部门代码", "en": "Department code"}[lang]


@pytest.mark.parametrize("path", [path for path in routes.COLUMNS if path.endswith("{suffix}")])
def test_no_column_of_a_file_is_without_a_meaning(path):
    for lang in ("zh", "en"):
        told = columns.get_column_meanings(formats.drop_facts(routes.COLUMNS[path]()), lang)
        assert told.filter(pl.col("meaning") == "")["column"].to_list() == [], (path, lang)


MEANINGS_ZH = {
    "targets": {
        "park_id": "定目标的地区。", "measure": "level：要达到的数值；growth：比上年增长的百分数。",
        "unit_id": "单位，按原文。", "source_id": "出自哪份材料。",
    },
    "observations": {
        "park_id": "地区。", "measure": "flow：年内累计；stock：某一时点的存量；rate：占比、比率或名次。",
        "unit_id": "单位，按原文。", "source_id": "出自哪份材料。",
    },
}  # fmt: skip


@pytest.mark.parametrize("view", MEANINGS_ZH)
def test_the_workbook_of_the_route_says_it_in_its_sheet_of_notes(view):
    with TestClient(Starlette(routes=[Mount("/api", app=routes.api)])) as client:
        content = client.get(f"/api/{view}.xlsx?park=xthtz&lang=zh").content
    told = dict(pl.read_excel(io.BytesIO(content), sheet_name="说明").select("column", "meaning").rows())
    assert {column: told[column] for column in MEANINGS_ZH[view] if column in told} == {
        column: said for column, said in MEANINGS_ZH[view].items() if column in told
    }
    assert {"park_id", "unit_id", "source_id"} <= set(told)
