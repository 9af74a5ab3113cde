"""The ledger: read from a workbook, every defect named at once, kept for good, restored; the sample."""

import datetime
import io
import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from data.ledger import ledger as ledgers
from data.ledger import template, workbook
from data.ledger import versions as store
from data.ledger.definition import BrokenLedger, get_sheet_definitions, is_per_cent
from queries.ledger import ledgers as door
from tests.conftest import ROOT
from tests.tools import make_sample

BROKEN = ROOT / "tests" / "broken" / "ledger"
Day = datetime.date


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty place for ledgers."""
    monkeypatch.setenv("PARK_LEDGERS", str(tmp_path / "ledgers"))
    return tmp_path / "ledgers"


def content(name):
    return (BROKEN / f"{name}.xlsx").read_bytes()


def flaws(name):
    """What is wrong with a broken workbook: sheet, row, column, value."""
    with pytest.raises(BrokenLedger) as caught:
        ledgers.read_ledger_workbook(content(name), f"{name}.xlsx")
    return caught.value.flaws


def places(found):
    return [(flaw.sheet, flaw.row, flaw.column, flaw.value) for flaw in found]


def changed(change):
    """The workbook that is in order, after a change; as bytes."""
    book = openpyxl.load_workbook(BROKEN / "in_order.xlsx")
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# Reading


def test_a_workbook_in_order_gives_its_rows_with_codes_in_place_of_names():
    ledger = ledgers.read_ledger_workbook(content("in_order"), "in_order.xlsx")
    assert ledger.park_id == "demo"
    assert ledger.evidence == "own"
    assert ledger.notices == ()
    task = ledger.tables["task"].row(0, named=True)
    assert (task["task_id"], task["department_id"], task["leader_id"], task["assessor_id"]) == ("R1", "D1", "L1", "D2")
    assert (task["due"], task["verdict"], task["theme"]) == (Day(2025, 3, 31), "pass", "economy")
    assert ledger.tables["monthly_return"]["indicator_id"].to_list() == ["fiscal_revenue"] * 3
    assert ledger.tables["project"]["leaders"].to_list() == [["L1"]]
    assert set(map(len, ledger.tables.values())) == {0, 1, 2, 3}
    assert set(ledger.tables["task"]["park_id"]) == {"demo"}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("unknown_code", [("task", 3, "department_id", "没有的局")]),
        ("unknown_indicator", [("monthly_return", row, "indicator_id", "不存在的指标") for row in (2, 3, 4)]),
        ("due_before_start", [("task", 3, "due", "2025-01-20 < 2025-02-01")]),
        ("month_missing_between_two", [("monthly_return", 3, "month", "2025-04")]),
        ("cumulative_value_falls", [("monthly_return", 4, "value", "1.5")]),
        ("assessor_is_the_owner", [("task", 2, "assessor_id", "产业局")]),
        ("percent_over_100", [("service_case", 2, "satisfaction", "101")]),
        ("duplicate_number", [("task", 2, "task_id", "R1"), ("task", 3, "task_id", "R1")]),
        ("text_in_a_number", [("monthly_return", 4, "value", "约4亿")]),
        ("not_a_date", [("task", 3, "due", "年底前")]),
        ("not_in_the_list", [("task", 2, "verdict", "优秀")]),
        ("pass_without_evidence", [("task", 2, "proof", "走访企业")]),
        ("steps_over_100", [("step", 2, "share", "40.0"), ("step", 3, "share", "70.0")]),
        ("merged_cells", [("task", 2, "", ""), ("task", 3, "title", "")]),
        ("an_empty_sheet", [("step", 1, "", "")]),
        ("unknown_head", [("task", 1, "theme", ""), ("task", 1, "主题", "")]),
        ("unknown_sheet", [("随便写", 0, "", "")]),
        ("two_parks", [("park", 0, "", "")]),
        ("nothing_but_the_park", [("", 0, "", "")]),
        ("password", [("", 0, "", "")]),
        ("renamed_xls", [("", 0, "", "")]),
        ("not_a_workbook", [("", 0, "", "")]),
        (
            "three_mistakes",
            [
                ("task", 3, "department_id", "不知道"), ("task", 3, "due", "下月"),
                ("service_case", 2, "satisfaction", "120"),
            ],
        ),
    ],
)  # fmt: skip
def test_each_broken_workbook_is_refused_with_sheet_row_column_and_value(name, found):
    assert places(flaws(name)) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("two_leaders_on_one_project", ("project", 2, "leaders", "主任; 副主任")),
        ("task_without_target_or_commitment", ("task", 3, "target_id", "清欠")),
    ],
)
def test_what_a_page_shows_as_a_breach_is_loaded_with_a_remark(name, found):
    ledger = ledgers.read_ledger_workbook(content(name), f"{name}.xlsx")
    assert places(ledger.notices) == [found]
    assert ledger.notices[0].notice


def test_a_broken_workbook_of_each_name_has_its_test():
    tested = {
        argument
        for mark in (
            test_each_broken_workbook_is_refused_with_sheet_row_column_and_value.pytestmark
            + test_what_a_page_shows_as_a_breach_is_loaded_with_a_remark.pytestmark
        )
        for argument, _found in mark.args[1]
    }
    assert {path.stem for path in BROKEN.glob("*.xlsx")} == tested | {"in_order"}


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        (
            "text_in_a_number",
            "“月报”表，第 4 行，累计完成数：'约4亿'：须是数字，不带单位、逗号和文字",
            "sheet Monthly return, row 4, Reached, cumulative: '约4亿': must be a number, without unit, comma or words",
        ),
        (
            "password",
            "工作簿有密码。请在表格软件里去掉密码，另存后再载入",
            "the workbook is protected by a password; remove it in the spreadsheet program and save again",
        ),
        (
            "renamed_xls",
            "这是旧格式 .xls（改名不算转换）。请在表格软件里另存为 .xlsx",
            "this is an old .xls, whatever its name says; save it as .xlsx in the spreadsheet program",
        ),
    ],
)
def test_a_complaint_says_where_what_and_how_to_mend_it_in_both_languages(name, zh, en):
    (flaw,) = flaws(name)
    assert (flaw.describe("zh"), flaw.describe("en")) == (zh, en)


def test_dates_months_and_numbers_may_be_written_as_people_write_them():
    def change(book):
        book["任务"]["K3"] = "2025年7月1日"
        book["任务"]["I3"] = "2025/1/6"
        book["月报"]["B2"] = "2025年2月"
        book["月报"]["B3"] = Day(2025, 3, 1)
        book["月报"]["C4"] = "4.5"

    ledger = ledgers.read_ledger_workbook(changed(change), "written.xlsx")
    assert ledger.tables["task"]["due"][1] == Day(2025, 7, 1)
    assert ledger.tables["task"]["assigned"][1] == Day(2025, 1, 6)
    assert ledger.tables["monthly_return"]["month"].to_list() == ["2025-02", "2025-03", "2025-04"]
    assert ledger.tables["monthly_return"]["value"].to_list() == [1.0, 2.0, 4.5]


def test_cells_are_taken_as_the_spreadsheet_shows_them():
    def change(book):
        book["任务"]["K3"] = datetime.datetime(2025, 7, 1, 8, 30)
        book["月报"]["B3"] = "2025-03-01"
        book["节点"]["E2"] = 0.125
        book["节点"]["E2"].number_format = "0.0%"
        book["月报"].append([" ", None])

    ledger = ledgers.read_ledger_workbook(changed(change), "shown.xlsx")
    assert ledger.tables["task"]["due"][1] == Day(2025, 7, 1)
    assert ledger.tables["monthly_return"]["month"][1] == "2025-03"
    assert ledger.tables["step"]["share"].to_list() == [12.5, 60]
    assert ledger.tables["monthly_return"].height == 3


def test_a_cell_of_another_kind_is_told_as_the_spreadsheet_shows_it():
    def change(book):
        book["月报"]["C4"] = 0.045
        book["月报"]["C4"].number_format = "0.0%"
        book["节点"]["B2"] = "一"

    with pytest.raises(BrokenLedger) as caught:
        ledgers.read_ledger_workbook(changed(change), "kinds.xlsx")
    assert places(caught.value.flaws) == [("monthly_return", 4, "value", "4.5%"), ("step", 2, "number", "一")]


def test_a_lower_cumulative_figure_passes_with_a_note():
    def change(book):
        book["月报"]["C4"], book["月报"]["E4"] = 1.5, "核减虚报"

    assert ledgers.read_ledger_workbook(changed(change), "noted.xlsx").tables["monthly_return"]["value"][2] == 1.5


def test_january_may_be_missing_and_a_year_may_begin_with_february_alone():
    def change(book):
        book["月报"].append(["财政收入", "2024-02", 0.9, Day(2024, 3, 5), None])

    assert ledgers.read_ledger_workbook(changed(change), "two.xlsx").tables["monthly_return"].height == 4


def test_a_year_that_begins_with_march_lacks_its_first_period():
    def change(book):
        book["月报"].append(["专利申请", "2025-03", 9, Day(2025, 4, 5), None])

    with pytest.raises(BrokenLedger) as caught:
        ledgers.read_ledger_workbook(changed(change), "march.xlsx")
    assert places(caught.value.flaws) == [("monthly_return", 5, "month", "2025-03")]


def test_a_published_target_of_the_park_needs_no_row_of_its_own():
    def change(book):
        book["园区"]["A2"] = "xthtz"
        book["任务"]["E3"] = "T05"

    assert ledgers.read_ledger_workbook(changed(change), "own.xlsx").tables["task"]["target_id"][1] == "T05"


def test_fifty_thousand_cases_are_read_and_rows_beyond_the_bound_are_refused(monkeypatch):
    def cases(count):
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
        heads = [column.head["zh"] for column in get_sheet_definitions()["service_case"].columns]
        rows = {
            "园区": [["园区代码", "名称"], ["demo", "小园区"]],
            "部门": [["部门代码", "名称", "类别", "起始日期"], ["D1", "审批局", "其他", "2025-01-02"]],
            "效能事项": [heads],
        }
        for name, lines in rows.items():
            page = book.add_worksheet(name)
            for place, line in enumerate(lines):
                page.write_row(place, 0, line)
            if name == "效能事项":
                for place in range(1, count + 1):
                    page.write_row(place, 0, [f"F{place}", "备案", "", "D1", "2025-03-03", 3])
        book.close()
        return buffer.getvalue()

    assert ledgers.read_ledger_workbook(cases(50_000), "many.xlsx").tables["service_case"].height == 50_000
    assert workbook.MOST_ROWS == 200_000
    monkeypatch.setattr(workbook, "MOST_ROWS", 2_000)
    with pytest.raises(BrokenLedger) as caught:
        ledgers.read_ledger_workbook(cases(2_001), "more.xlsx")
    assert [flaw.describe("zh") for flaw in caught.value.flaws][-1].startswith(
        "“效能事项”表：有 2001 行，一张表最多 2000 行"
    )


# The workbook to fill in


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_filled_workbook_gives_back_every_row_of_the_sample(lang):
    sample = store.read_sample_ledger()
    again = ledgers.read_ledger_workbook(template.make_ledger_template(sample, lang), "again.xlsx")
    assert again.version == sample.version
    assert all(again.tables[table].equals(rows) for table, rows in sample.tables.items())
    assert len(again.notices) == 5


def test_the_filled_workbook_names_departments_leaders_and_indicators_as_its_lists_do():
    book = openpyxl.load_workbook(io.BytesIO(template.make_ledger_template(store.read_sample_ledger(), "zh")))
    assert [cell.value for cell in book["任务"][2]][6:8] == ["产业发展局", "分管产业的副主任"]
    assert book["月报"]["A2"].value == "技工贸总收入"
    assert book["部门"]["A2"].value == "D01"


def test_a_department_whose_name_two_bear_stays_a_code_in_the_filled_workbook():
    sample = store.read_sample_ledger()
    same = sample.tables["department"].with_columns(name=pl.lit("同名局"))
    twin = replace(sample, version="twin", tables=sample.tables | {"department": same})
    book = openpyxl.load_workbook(io.BytesIO(template.make_ledger_template(twin, "zh")))
    assert book["任务"]["G2"].value == "D01"


def test_the_empty_workbook_has_a_guide_a_sheet_for_each_table_and_lists_to_choose_from():
    book = openpyxl.load_workbook(io.BytesIO(template.make_ledger_template(None, "zh")))
    assert book.sheetnames[0] == "说明"
    assert book.sheetnames[1:-1] == [sheet.name["zh"] for sheet in get_sheet_definitions().values()]
    assert book[book.sheetnames[-1]].sheet_state == "hidden"
    task = book["任务"]
    assert [cell.value for cell in task[1]] == [column.head["zh"] for column in get_sheet_definitions()["task"].columns]
    assert task.max_row == 1
    offered = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in task.data_validations.dataValidation}
    assert offered["B2"] == '"经济,创新,民生"'
    assert offered["P2"] == '"通过,退回,终止"'
    assert offered["G2"] == "'部门'!$B$2:$B$2000"
    first = book["说明"]["A1"].value
    assert first == "园区工作台账"


def contrast(one, other):
    """The contrast of two colours, FFRRGGBB, as WCAG counts it: 1 to 21."""

    def light(colour):
        parts = [int(colour[place : place + 2], 16) / 255 for place in (2, 4, 6)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05

    darker, lighter = sorted((light(one), light(other)))
    return lighter / darker


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("filled", [False, True])
def test_heads_show_what_is_required_and_the_instructions_show_how(lang, filled):
    sample = store.read_sample_ledger() if filled else None
    book = openpyxl.load_workbook(io.BytesIO(template.make_ledger_template(sample, lang)))
    looks = {}
    for sheet in get_sheet_definitions().values():
        for cell, column in zip(book[sheet.name[lang]][1], sheet.columns, strict=True):
            looks.setdefault(column.needed, set()).add((cell.fill.fgColor.rgb, cell.font.color.rgb))
    [(dark, on_dark)], [(light, on_light)] = looks[True], looks[False]
    assert min(contrast(dark, on_dark), contrast(light, on_light)) >= 7
    assert contrast(dark, light) >= 3
    assert contrast(dark, "FFFFFFFF") > contrast(light, "FFFFFFFF")
    legend = {cell.fill.fgColor.rgb: cell.value for cell in book.worksheets[0]["A"] if cell.fill.fill_type}
    assert legend == (
        {dark: "必填", light: "可不填"} if lang == "zh" else {dark: "Required", light: "May be left empty"}
    )


@pytest.mark.parametrize("filled", [False, True])
def test_columns_keep_days_and_months_as_typed_and_say_their_units(filled):
    sample = store.read_sample_ledger() if filled else None
    book = openpyxl.load_workbook(io.BytesIO(template.make_ledger_template(sample, "zh")))
    formats = {"date": "yyyy-mm-dd", "month": "@", "number": "General", "integer": "General", "percent": "General"}
    units = {}
    for sheet in get_sheet_definitions().values():
        page = book[sheet.name["zh"]]
        spans = [(one.min, one.max, one.number_format) for one in page.column_dimensions.values()]
        prompts = {str(rule.sqref).split(":")[0]: rule.prompt for rule in page.data_validations.dataValidation}
        for place, column in enumerate(sheet.columns, start=1):
            [shown] = [shown for first, last, shown in spans if first <= place <= last]
            assert shown == formats.get(column.kind, shown), column.name
            below = page.cell(2, place)
            assert below.value is None or below.number_format == formats.get(column.kind, below.number_format)
            assert ("写 40 或 40%" in (prompts.get(f"{below.column_letter}2") or "")) == is_per_cent(column)
            if column.kind in formats:
                units[page.cell(1, place).value] = column.kind
    assert [head for head, kind in units.items() if kind in ("number", "integer", "percent")] == [
        "年度", "目标值（指标单位，增长为%）", "计划累计数（指标单位）", "累计完成数（指标单位）", "累计同比%",
        "节点序号", "占比%", "承诺工作日", "满意度%", "权重（分）", "上限%", "每低1个百分点扣分", "加减分（分）",
    ]  # fmt: skip


def test_the_filled_workbook_says_on_its_first_line_that_it_is_invented():
    for lang, word in (("zh", "虚构"), ("en", "invented")):
        book = openpyxl.load_workbook(io.BytesIO(template.make_ledger_template(store.read_sample_ledger(), lang)))
        assert word in book.worksheets[0]["A1"].value


def test_the_empty_workbook_filled_by_hand_can_be_loaded():
    book = openpyxl.load_workbook(io.BytesIO(template.make_ledger_template(None, "zh")))
    book["园区"].append(["demo", "小园区"])
    book["部门"].append(["D1", "产业局", None, "产业", Day(2025, 1, 2)])
    book["任务"].append(
        ["R1", "经济", "走访", None, "S01", None, "产业局", None, *[Day(2025, 1, 6)] * 2, Day(2025, 6, 1)]
    )
    book["目标"].append(["S01", "经济", "财政收入", 2025, "数值", "达到", 12, "产业局", Day(2025, 1, 2)])
    buffer = io.BytesIO()
    book.save(buffer)
    ledger = ledgers.read_ledger_workbook(buffer.getvalue(), "filled.xlsx")
    assert ledger.tables["task"].select("task_id", "department_id").rows() == [("R1", "D1")]


# Kept for good


def test_a_loaded_ledger_is_in_use_and_the_one_before_can_be_restored(home):
    first = ledgers.read_ledger_workbook(content("in_order"), "first.xlsx")

    def change(book):
        book["月报"]["C4"] = 5

    second = ledgers.read_ledger_workbook(changed(change), "second.xlsx")
    store.keep_ledger(first)
    store.keep_ledger(second)
    assert store.find_park_ledger("demo").tables["monthly_return"]["value"][2] == 5.0
    assert [version.in_use for version in store.get_ledger_versions("demo")].count(True) == 1
    store.restore_version("demo", first.version)
    assert store.find_park_ledger("demo").tables["monthly_return"]["value"][2] == 4.0
    assert store.find_park_ledger("demo").version == first.version
    assert len(store.get_ledger_versions("demo")) == 2
    store.deactivate_ledger("demo")
    assert store.find_park_ledger("demo") is None
    assert len(store.get_ledger_versions("demo")) == 2
    with pytest.raises(store.NoSuchVersion, match="There are"):
        store.restore_version("demo", "nothing")
    assert store.restore_version("demo").name.endswith(second.version)  # the latest, where none was in use


def edition(n):
    return ledgers.read_ledger_workbook(changed(lambda book: book["任务"].cell(2, 3, f"第 {n} 版")), "x.xlsx")


def test_versions_keep_the_order_in_which_they_were_loaded_within_one_second_too(home):
    loaded = [store.keep_ledger(edition(n)).name for n in range(6)]
    assert [version.name for version in store.get_ledger_versions("demo")] == loaded[::-1]
    assert store.read_current_version("demo") == loaded[-1]
    for name in loaded[-2::-1]:
        assert store.restore_version("demo").name == name


def test_a_ledger_loaded_after_the_clock_was_put_back_is_the_latest(home):
    name = store.keep_ledger(edition(1)).name
    later = f"29991231T235959{name[15:]}"
    (home / "demo" / f"{name}.duckdb").rename(home / "demo" / f"{later}.duckdb")
    (home / "demo" / "current").write_text(later, "utf-8")
    new = store.keep_ledger(edition(2))
    assert [version.name for version in store.get_ledger_versions("demo")] == [new.name, later]
    assert new.loaded == "3000-01-01 00:00:00"
    assert store.restore_version("demo").name == later


def test_what_was_kept_is_what_was_read(home):
    read = store.read_sample_ledger()
    own = ledgers.make_ledger(
        {t: rows.with_columns(park_id=pl.lit("demo")) for t, rows in read.tables.items()}, "x.xlsx"
    )
    store.keep_ledger(own)
    kept = store.find_park_ledger("demo")
    assert kept.version == own.version
    assert all(kept.tables[table].equals(rows) for table, rows in own.tables.items())


def run(*options, **environment):
    """python -m data.load, as staff run it."""
    command = [sys.executable, "-W", "error", "-m", "data.load", *map(str, options)]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_command_loads_restores_and_names_every_defect(home, tmp_path):
    done = run(BROKEN / "in_order.xlsx")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("已载入 demo，版本 ")
    before = store.find_park_ledger("demo").version
    failed = run(BROKEN / "three_mistakes.xlsx")
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[0] == "3 处有误，没有载入："
    assert "“任务”表，第 3 行，完成时限：'下月'：须是日期，写成 2025-03-01" in failed.stderr
    assert store.find_park_ledger("demo").version == before
    other = tmp_path / "other.xlsx"
    other.write_bytes(changed(lambda book: book["任务"].cell(2, 3, "走访三十家企业")))
    assert run(other, "--lang", "en").stdout.startswith("Loaded demo, version ")
    assert len(run("--versions", "demo").stdout.splitlines()) == 2
    assert "已恢复 demo" in run("--restore", "demo").stdout
    assert store.find_park_ledger("demo").version == before
    assert run("--restore", "demo").returncode == 1
    assert "检查" not in run(BROKEN / "in_order.xlsx", "--check").stderr
    assert run(tmp_path / "missing.xlsx").returncode == 1


def test_the_code_of_the_sample_cannot_be_loaded_for_good(home, tmp_path):
    path = tmp_path / "sample.xlsx"
    assert run("--sample", path).returncode == 0
    failed = run(path)
    assert failed.returncode == 1
    assert "代码 sample 留给示例园区" in failed.stderr
    assert not home.exists()


def test_a_killed_load_and_two_at_once_leave_a_whole_ledger(home):
    store.keep_ledger(ledgers.read_ledger_workbook(content("in_order"), "first.xlsx"))
    (home / "demo" / "20250101T000000-abcdefabcdef.x.draft").write_bytes(b"half a ledger")
    (home / "demo" / "current.x.draft").write_bytes(b"2025")
    assert store.find_park_ledger("demo").tables["task"].height == 2
    versions = [
        ledgers.read_ledger_workbook(changed(lambda book, n=n: book["任务"].cell(2, 3, f"第 {n} 版")), f"{n}.xlsx")
        for n in range(6)
    ]
    threads = [threading.Thread(target=store.keep_ledger, args=(version,)) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.find_park_ledger("demo").version in {version.version for version in versions}
    assert len(store.get_ledger_versions("demo")) == 7
    for version in versions:
        store.restore_version("demo", version.version)
        assert store.find_park_ledger("demo").version == version.version


def test_a_full_disk_leaves_the_ledger_in_use(home):
    store.keep_ledger(ledgers.read_ledger_workbook(content("in_order"), "first.xlsx"))
    before = store.find_park_ledger("demo").version
    script = (
        "import resource, sys\nfrom pathlib import Path\nfrom data.ledger import ledger, versions as store\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try:\n    store.keep_ledger(ledger.read_ledger_workbook(Path(sys.argv[1]).read_bytes(), 'x.xlsx'))\n"
        "except store.StorageError as error:\n    print(error); sys.exit(3)\n"
    )
    path = home.parent / "other.xlsx"
    path.write_bytes(changed(lambda book: book["任务"].cell(2, 3, "另一件")))
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 3, done.stderr
    assert "The ledger in use is unchanged" in done.stdout
    assert str(home) not in done.stdout
    assert store.find_park_ledger("demo").version == before
    assert len(store.get_ledger_versions("demo")) == 1


def test_the_same_ledger_again_is_kept_once_and_a_killed_load_of_it_leaves_no_second_one(home):
    new = ledgers.read_ledger_workbook(content("in_order"), "first.xlsx")
    first = store.keep_ledger(new)
    assert store.keep_ledger(new).name == first.name
    (home / "demo" / "current").unlink()  # killed after the file, before the mark
    store.keep_ledger(new)
    assert len(store.get_ledger_versions("demo")) == 1


def test_going_back_that_was_killed_before_it_told_goes_back_once(home):
    for n in range(3):
        store.keep_ledger(
            ledgers.read_ledger_workbook(changed(lambda book, n=n: book["任务"].cell(2, 3, f"第 {n} 版")), "x.xlsx")
        )
    [_, before, _] = store.get_ledger_versions("demo")
    with store.begin_restore("demo") as killed:
        assert store.restore_version("demo").name == killed.name == before.name
    assert store.read_current_version("demo") == before.name


@pytest.mark.parametrize("damage", [b"", b"no ledger", None])
def test_a_damaged_ledger_is_told_and_can_be_replaced_restored_or_taken_out(home, damage):
    new = ledgers.read_ledger_workbook(content("in_order"), "first.xlsx")
    name = store.keep_ledger(new).name
    path = home / "demo" / f"{name}.duckdb"
    path.unlink() if damage is None else path.write_bytes(damage)
    with pytest.raises(
        store.DamagedLedger, match=rf"its file {path.name} is missing or damaged.*--restore demo.*--remove"
    ):
        store.find_park_ledger("demo")
    assert door.find_ledger("demo") is None
    assert door.find_damage("demo") is not None
    store.keep_ledger(new)
    assert store.find_park_ledger("demo").version == new.version
    store.deactivate_ledger("demo")
    assert door.find_damage("demo") is None


# The sample


def test_the_script_of_the_sample_makes_the_files_of_the_sample():
    for table, rows in make_sample.tables().items():
        path = ROOT / "data" / "sample" / f"{table}.csv"
        assert path.read_bytes() == make_sample.csv_of(rows), f"{path.name}: run python -m tests.tools.make_sample"


def test_every_row_of_the_sample_is_marked_as_such_and_names_no_person():
    for table in get_sheet_definitions():
        assert set(store.read_sample_ledger().tables[table]["park_id"]) == {"sample"}, table
    posts = store.read_sample_ledger().tables["leader"]["name"].to_list()
    assert all(post.endswith(("主任", "书记")) for post in posts)


def test_the_sample_has_returns_for_a_whole_year_and_every_choice_of_every_list():
    sample = store.read_sample_ledger()
    months = sample.tables["monthly_return"].filter(pl.col("indicator_id") == "total_revenue")["month"]
    assert months.filter(months.str.starts_with("2025")).to_list() == [f"2025-{month:02}" for month in range(2, 13)]
    for table in ("department", "task", "project", "supervision", "assessment_rule"):
        for column in get_sheet_definitions()[table].columns:
            if column.kind == "choice":
                assert set(sample.tables[table][column.name].drop_nulls()) == set(column.words), (
                    f"{table}.{column.name}"
                )


def test_what_the_ledger_knew_on_a_day_leaves_out_what_happened_later():
    sample = store.read_sample_ledger()
    then = sample.as_of(Day(2025, 6, 30))
    task = then.tables["task"]
    assert (task["assigned"] <= Day(2025, 6, 30)).all()
    later = task.filter(pl.col("task_id") == "R001").row(0, named=True)
    assert (later["finished"], later["proof"], later["verdict"], later["assessor_id"]) == (None, None, None, None)
    whole = sample.tables["task"].filter(pl.col("task_id") == "R001").row(0, named=True)
    assert whole["verdict"] == "pass"
    assert then.tables["monthly_return"].filter(pl.col("month") == "2025-06").is_empty()
    orders = sample.as_of(Day(2025, 7, 31)).tables["supervision"]
    assert orders.filter(pl.col("supervision_id") == "B08")["closed"].to_list() == [Day(2025, 7, 16)]
    assert orders.filter(pl.col("supervision_id") == "B03")["closed"].to_list() == [None]
    assert then.tables["supervision"].height == 4


def test_the_folder_of_ledgers_is_the_one_the_environment_names(home):
    assert store.get_ledgers_folder() == Path(os.environ["PARK_LEDGERS"])
    assert store.get_ledger_park_codes() == []
