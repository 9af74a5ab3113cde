"""What is told of a file before it counts: columns, remarks, first figures, doubtful sizes; in words and as JSON."""

import json
from pathlib import Path

import polars as pl
import pytest

from data.intake.plausibility import EARLIER, find_doubtful_figures
from data.intake.reader import read_mapped_sheets
from data.layouts.blocks import arrange_tables
from data.layouts.description import describe_columns
from data.layouts.guessing import guess_mapping
from data.loading import comparing, outcome, report
from data.loading.activation import FileReading, read_files
from data.tables.csv_table import read_csv_sheet
from data.values.vocabulary import read_vocabulary
from queries.database.engine import open_cursor

TABLE = """湘潭高新区2013年1—9月主要指标,,,,,
指标,单位,上年同期,1—9月,同比(%),位次
技工贸总收入,亿元,380,520,36.8,3
工业总产值,亿元,300,390,30,2
"""


def read(text, known):
    sheets = arrange_tables([read_csv_sheet(text.encode())], known)
    mappings = {place: guess_mapping(sheet, known) for place, sheet in enumerate(sheets)}
    return [reading for _place, reading in read_mapped_sheets(sheets, mappings, known)]


def tell(text, known, lang, told=None):
    reading = FileReading("mine.csv", "ab" * 32, tuple(read(text, known)))
    return report.report_readings([reading], known, lang, (), told)


@pytest.fixture(scope="module")
def known(park_database):
    with open_cursor() as connection:
        return read_vocabulary(connection)


@pytest.fixture(autouse=True)
def no_database(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PARK_DATABASE", str(tmp_path / "none.duckdb"))
    monkeypatch.setenv("PARK_BATCHES", str(tmp_path / "batches"))


def test_each_column_is_told_with_its_meaning_or_why_it_is_not_read(known):
    [found] = read(TABLE, known)
    told = [(one.letters, one.head, one.taken, one.zh) for one in describe_columns(found.sheet, found.mapping)]
    assert told == [
        ("A", "指标", True, "指标"), ("B", "单位", True, "单位"), ("C", "上年同期", False, "上年或上期的数"),
        ("D", "1—9月", True, "数值，1—9月"), ("E", "同比(%)", True, "同比增速(%)，属于 D 列"),
        ("F", "位次", False, "位次"), ("", "2013", True, "年"), ("", "湘潭高新区", True, "地区"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        ("zh", ["  C 上年同期 → 没有读取：上年或上期的数", "  E 同比(%) → 同比增速(%)，属于 D 列",
                "  湘潭高新区 · 技工贸总收入 · 2013-01/2013-09 · 520亿元 · 同比 36.8%"]),
        ("en", ["  C 上年同期 → not read: figure of an earlier period",
                "  Xiangtan High-tech Zone · Gross industrial output · 2013-01/2013-09 · 390 × 100 million yuan "
                "· growth 30%"]),
    ],
)  # fmt: skip
def test_the_command_line_tells_it_in_both_languages(lang, lines, known, capsys):
    assert tell(TABLE, known, lang) is False
    said = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line not in said] == []


def test_a_program_gets_the_same_as_json(known, capsys):
    told = {}
    assert tell(TABLE, known, "zh", told) is False
    outcome.print_json(told)
    [file] = json.loads(capsys.readouterr().out)["files"]
    [sheet] = file["sheets"]
    assert (sheet["accepted"], sheet["refused"], sheet["defects"]) == (2, 0, [])
    assert sheet["columns"][2] == {
        "column": "C", "head": "上年同期", "taken": False, "zh": "上年或上期的数", "en": "figure of an earlier period",
    }  # fmt: skip
    assert sheet["first"][0]["value_text"] == "520"


HEADS = "地区,指标,时期,数值,单位\n"


def doubts(text, earlier, known):
    held = pl.DataFrame(earlier, schema=EARLIER, orient="row")
    return [(flaw.row, flaw.zh) for flaw in find_doubtful_figures(read(text, known), held, known)]


def series(*values, unit="亿元"):
    rows = [f"湘潭高新区,工业总产值,{2010 + at},{value},{unit}" for at, value in enumerate(values)]
    return HEADS + "\n".join(rows) + "\n"


@pytest.mark.parametrize("times", [10, 100, 1000, 10_000])
@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_a_figure_off_its_own_series_by_a_power_of_ten_is_named(times, at, known):
    values = [400, 420, 480, 552]
    values[at] *= times
    [(row, said)] = doubts(series(*values), [], known)
    assert (row, f"约为前后各期的 {times:,} 倍" in said) == (at + 2, True)


@pytest.mark.parametrize("values", [(400, 420, 480, 552), (100, 200, 500, 1500), (552,)])
def test_a_series_that_grows_is_not_named(values, known):
    assert doubts(series(*values), [], known) == []


def test_a_unit_that_fits_the_number_is_not_named_and_a_wrong_one_is(known):
    earlier = [("xthtz", "industrial_output", "2009", 390e8), ("xthtz", "industrial_output", "2014", 600e8)]
    assert doubts(series(4_000_000, 4_200_000, unit="万元"), earlier, known) == []
    [(_row, said), _other] = doubts(series(4_000_000, 4_200_000), earlier, known)
    assert "10,000 倍" in said


def test_the_figure_that_changed_most_against_those_in_use_is_named(known):
    earlier = [("xthtz", "industrial_output", str(2010 + at), value * 1e8) for at, value in enumerate((50, 420, 70))]
    [(row, said)] = doubts(series(400, 420, 480), earlier, known)
    assert (row, "相差 8 倍" in said, "有 2 个" in said) == (2, True, True)


def test_of_two_figures_in_use_for_one_thing_the_later_is_compared_and_neither_is_its_own_neighbour(known):
    earlier = [("xthtz", "industrial_output", "2010", value * 1e8) for value in (4_000, 4_100, 410)]
    assert doubts(series(400, 420), earlier, known) == []
    [(row, said)] = doubts(series(410_000), earlier, known)
    assert (row, "相差 1,000 倍" in said, "有 1 个" in said) == (2, True, True)


def test_what_is_in_use_of_other_places_and_indicators_says_nothing(known):
    earlier = [(place, indicator, "2010", 4e15) for place, indicator in
               (("xtetdz", "industrial_output"), ("xthtz", "total_revenue"), ("none", "none"))]  # fmt: skip
    assert doubts(series(400, 420), earlier, known) == []


def test_a_whole_series_off_those_in_use_is_named_whatever_the_next_series_holds(known):
    places = (("湘潭高新区", 4_000), ("湘潭经开区", 40_000))
    rows = [f"{place},工业总产值,{2010 + at},{first + at},亿元" for place, first in places for at in range(3)]
    earlier = [("xthtz", "industrial_output", "2009", 390e8), ("xtetdz", "industrial_output", "2009", 3_900e8)]
    assert [row for row, _said in doubts(HEADS + "\n".join(rows), earlier, known)] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("few", [1, comparing.FEW_HELD])
def test_figures_are_compared_with_those_in_use_be_they_few_or_many(few, known, park_database, monkeypatch):
    monkeypatch.setattr(comparing, "FEW_HELD", few)
    monkeypatch.setenv("PARK_DATABASE", str(park_database))
    content = (HEADS + "湘潭高新区,技工贸总收入,2013,7201,亿元\n湘潭高新区,工业总产值,2013,5520,亿元\n").encode()
    [(remark,)] = comparing.find_doubtful(read_files([("file.csv", content)], known), known).values()
    assert "相差 10 倍，这样的数有 2 个" in remark.zh
