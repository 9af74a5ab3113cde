"""The command line of own files and ledgers: copies, kinds of names, and what --json says in every outcome."""

import json
import shutil

import pytest

from data.ledger import versions
from data.loading.comparing import find_overlaps
from data.loading.figures_command import LoadOptions, load_figure_files
from data.storage import batches
from tests.conftest import ROOT
from tests.data.test_batches import HEADS, PUBLISHED, command, figures, home, own, put

BROKEN = ROOT / "tests" / "broken" / "ledger"

__all__ = ["home"]  # a fixture


@pytest.fixture(autouse=True)
def ledgers(home, monkeypatch):
    monkeypatch.setenv("PARK_LEDGERS", str(home / "ledgers"))


def load(*paths):
    assert load_figure_files(paths, LoadOptions("zh")) == 0


def test_a_file_that_lacks_a_column_is_told_so_where_batches_are_in_use(home):
    load(figures(home))
    done = command(put(home, "no_place.csv", "指标,时期,数值,单位\n工业总产值,2013,552,亿元\n"), "--check")
    assert done.returncode == 1
    assert "缺“地区”" in done.stderr
    assert find_overlaps([]).is_empty()


def test_the_same_bytes_twice_in_one_command_are_loaded_once_and_told(home):
    path = figures(home)
    copy, link = home / "copy.csv", home / "link.csv"
    shutil.copyfile(path, copy)
    link.symlink_to(path)
    done = command(path, copy, link, path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split("/")[-1] for line in done.stdout.splitlines() if "内容完全相同，只载入一次" in line] == [
        "mine.csv 内容完全相同，只载入一次。"
    ] * 3
    assert own(home) == (PUBLISHED, 3, 3)
    assert len(batches.get_batches()) == 1


def test_a_batch_and_a_ledger_are_taken_out_together_and_with_an_unknown_name_neither(home):
    load(figures(home))
    [batch] = batches.get_batch_ids_in_use()
    assert command(BROKEN / "in_order.xlsx").returncode == 0
    done = command("--remove", batch, "demo", "nopark")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"没有这样的批次或台账：nopark。什么都没有停用。现有批次：{batch}；现有台账：demo\n"
    assert (batches.get_batch_ids_in_use(), versions.get_ledger_park_codes()) == ([batch], ["demo"])
    for _again in range(2):  # as every command
        assert command("--remove", batch, "demo").returncode == 0
        assert (batches.get_batch_ids_in_use(), versions.get_ledger_park_codes()) == ([], [])


def test_with_json_every_outcome_is_one_object_and_the_exit_code_stays(home):
    path = figures(home)
    bad, heads = put(home, "bad.csv", HEADS + "火星,工业总产值,2013,1,亿元\n"), put(home, "heads.csv", HEADS)

    def told(*options):
        done = command(*options, "--json")
        return done.returncode, json.loads(done.stdout)

    for options, said in [
        ((home / "missing.csv",), "没有文件"), ((home,), "是文件夹"), ((put(home, "empty.csv", ""),), "文件是空的"),
        ((heads,), "没有表格"), ((path, "--map", "指标=丙"), "没有“丙”这一列"), ((path, "--map", "指标"), "要写成"),
        ((path, "--sheet", "丙"), "没有“丙”这张表"), ((bad,), "没有载入任何数据"),
        ((path, "--map", "数值=数值", "--map", "时期=数值"), "“数值”只能给一次，不能既是 value、period"),
        ((path, "--fix", "地区=湘潭市", "--fix", "地区=长沙市"), "“地区”只能给一次，不能既是 湘潭市、长沙市"),
    ]:  # fmt: skip
        code, found = told(*options)
        assert (code, list(found)[:2]) == (1, ["files", "overlaps"])
        assert said in found["error"]["zh"]
        assert found["error"]["en"] != found["error"]["zh"]
    code, found = told(path, path)
    assert (code, [one["rows"] for one in found["loaded"]], len(found["copies"])) == (0, [{"observation": 3}], 1)
    code, found = told(path)
    assert (code, "已在使用" in found["note"]["zh"], "error" in found) == (0, True, False)
    code, found = told(path, bad)
    assert (code, "已在使用" in found["error"]["zh"], len(found["in_use"])) == (1, True, 1)


def test_with_json_a_ledger_is_one_object_too(home):
    done = command(BROKEN / "in_order.xlsx", "--json")
    found = json.loads(done.stdout)["ledger"]
    assert (done.returncode, found["park"], found["defects"], found["version"]) == (
        0, "demo", [], versions.read_current_version("demo"),
    )  # fmt: skip
    done = command(BROKEN / "three_mistakes.xlsx", "--json", "--check")
    told = json.loads(done.stdout)
    assert (done.returncode, len(told["ledger"]["defects"]), told["error"]["en"][:9]) == (1, 3, "3 defects")
    assert told["ledger"]["defects"][0] | {"zh": "", "en": ""} == {
        "sheet": "task", "row": 3, "column": "department_id", "value": "不知道", "zh": "", "en": "",
    }  # fmt: skip


# Several files together


def test_two_files_that_contradict_each_other_are_refused_in_both_with_both_cells(home):
    one = put(home, "one.csv", HEADS + "湘潭高新区,技工贸总收入,2017,999,亿元\n湘潭高新区,工业总产值,2017,5,亿元\n")
    other = put(home, "other.csv", HEADS + "湘潭高新区,技工贸总收入,2017,998,亿元\n")
    done = command(one, other)
    assert done.returncode == 1
    assert done.stderr.count("有不同的数（“one.csv”!D2、“other.csv”!D2）。请只留对的一个") == 2
    assert "(“one.csv”!D2, “other.csv”!D2); keep the right one" in command(one, other, "--check", "--lang", "en").stderr
    assert command(one, other, "--accept").returncode == 0
    assert own(home) == (PUBLISHED, 1, 1)


def test_what_two_files_say_alike_is_loaded_once_with_a_remark_and_the_command_can_be_repeated(home):
    one = put(home, "one.csv", HEADS + "湘潭高新区,技工贸总收入,2017,999,亿元\n")
    other = put(home, "other.csv", HEADS + "湘潭高新区,技工贸总收入,2017,999,亿元\n\n")
    done = command(one, other)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 个数与前面的文件或表完全相同，只留一次" in done.stdout
    assert own(home) == (PUBLISHED, 1, 1)
    done = command(one, other)
    assert (done.returncode, "已在使用" in done.stdout) == (0, True)


# Values for rows that have none


def test_a_value_for_every_row_is_refused_where_no_row_takes_it(home):
    path = figures(home)
    for options in (("--fix", "地区=火星"), ("--fix", "比较=about")):
        done = command(path, "--check", *options)
        assert (done.returncode, done.stdout) == (1, "")
        assert "没有用处" in done.stderr
    assert "has no effect" in command(path, "--fix", "park=Mars", "--check", "--lang", "en").stderr


def test_a_value_for_the_empty_cells_of_a_column_is_told_as_such_and_must_be_known(home):
    rows = "湘潭高新区,工业总产值,2013,552,亿元\n,工业总产值,2014,600,亿元\n"
    path = put(home, "mine.csv", HEADS + rows)
    done = command(path, "--check", "--fix", "地区=湘潭高新区")
    assert (done.returncode, done.stderr) == (0, "")
    assert "  空着的格 湘潭高新区 → 地区" in done.stdout.splitlines()
    done = command(path, "--check", "--fix", "地区=火星")
    assert done.returncode == 1
    assert "第 3 行，地区：'火星'：目录里没有这个地区" in done.stderr
