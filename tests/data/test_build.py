"""From the sources to the database: what is in it, what is refused, and what happens when something goes wrong."""

import csv
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest

from data.database import build, shape
from data.storage import atomic
from queries.database import engine
from tests.conftest import BROKEN, ROOT, SOURCES, put, run_build

# Rows and figures of each file of figures; a value and the growth printed beside it are two figures.
OBSERVATIONS = {
    "article": (11, 16),
    "city_panel_gdp": (2182, 3726),
    "city_panel_secondary_share": (1761, 1761),
    "city_yearbook_2021_table_2-1": (152, 152),
    "city_yearbook_2021_table_2-18": (293, 293),
    "city_yearbook_2021_table_2-7": (301, 451),
    "city_yearbook_2021_table_2-8": (453, 453),
    "city_yearbook_2022_table_2-18": (296, 296),
    "city_yearbook_2022_table_2-7": (303, 455),
    "city_yearbook_2022_table_2-8": (450, 450),
    "city_yearbook_2023_table_2-18": (147, 147),
    "city_yearbook_2023_table_2-7": (304, 453),
    "city_yearbook_2023_table_2-8": (455, 455),
    "city_yearbook_2024_table_2-1": (302, 302),
    "city_yearbook_2024_table_2-12": (303, 303),
    "city_yearbook_2024_table_2-13": (151, 300),
    "city_yearbook_2024_table_2-14": (298, 298),
    "city_yearbook_2024_table_2-16": (151, 151),
    "city_yearbook_2024_table_2-17": (304, 304),
    "city_yearbook_2024_table_2-18": (300, 300),
    "city_yearbook_2024_table_2-29": (302, 302),
    "city_yearbook_2024_table_2-6": (304, 456),
    "city_yearbook_2024_table_2-7": (456, 456),
    "city_yearbook_2024_table_2-8": (607, 607),
    "hunan_prefectures": (212, 262),
    "press_2009_to_2020": (11, 16),
    "public": (365, 477),
    "state_council_replies": (8, 8),
    "torch_yearbook_2024_table_1-3": (14, 14),
    "torch_yearbook_2025_table_1-3": (12, 12),
    "zone_catalogue_2018": (163, 163),
}
ROWS = {
    "alias.csv": 92,
    "commitment.csv": 36,
    "indicator.csv": 196,
    "mechanism.csv": 6,
    "mechanism_link.csv": 139,
    "park.csv": 334,
    "same_as.csv": 0,
    "derivation.csv": 4,
    "publication.csv": 12,
    "series_break.csv": 57,
    "source.csv": 125,
    "target/article.csv": 11,
    "target/public.csv": 60,
    "title.csv": 2,
    "unit.csv": 29,
    "zone.csv": 183,
    "zone_source.csv": 404,
} | {f"observation/{file}.csv": rows for file, (rows, _) in OBSERVATIONS.items()}
FIGURES = {file: figures for file, (_, figures) in OBSERVATIONS.items()}


def rows_of(file: str) -> list[dict[str, str]]:
    with (SOURCES / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.mark.parametrize(("file", "count"), ROWS.items())
def test_every_row_of_a_source_file_is_in_the_database(file, count, built):
    table = file.partition("/")[0].removesuffix(".csv")
    together = sum(rows for name, rows in ROWS.items() if name.partition("/")[0].removesuffix(".csv") == table)
    assert len(rows_of(file)) == count
    assert built.sql(f"select count(*) from {table}").fetchall() == [(together,)]


def test_no_source_file_is_left_out():
    assert {path.relative_to(SOURCES).as_posix() for path in SOURCES.rglob("*.csv")} == set(ROWS)


@pytest.mark.parametrize(("file", "count"), FIGURES.items())
def test_values_and_growth_rates_of_a_file_are_its_figures(file, count, built):
    codes = [row["observation_id"] for row in rows_of(f"observation/{file}.csv")]
    figures = "select count(value) + count(growth_pct) from observation where observation_id in $codes"
    assert built.sql(figures, params={"codes": codes}).fetchall() == [(count,)]


def test_all_figures_together_are_11237_values_and_2602_growth_rates(built):
    assert built.sql("select count(value), count(growth_pct) from observation").fetchall() == [(11237, 2602)]


def table_lines() -> list[list[str]]:
    lines = (ROOT / "docs" / "data.md").read_text("utf-8").splitlines()
    return [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


@pytest.mark.parametrize(("file", "count"), FIGURES.items())
def test_the_manual_names_the_rows_and_figures_of_each_file_of_figures(file, count):
    [line] = [line for line in table_lines() if len(line) == 7 and f"observation/{file}.csv" in line[2]]
    assert line[3] == str(ROWS[f"observation/{file}.csv"])
    assert line[6] == str(count)


@pytest.mark.parametrize("file", [file for file in ROWS if not file.startswith("observation/")])
def test_the_manual_names_the_rows_of_each_file(file):
    if file.startswith("target/") or file in ("indicator.csv", "unit.csv"):
        [line] = [line for line in table_lines() if len(line) == 7 and f"data/sources/{file}" in line[2]]
    else:
        [line] = [line for line in table_lines() if len(line) == 4 and line[2] == f"`{file.removesuffix('.csv')}`"]
    assert line[3] == str(ROWS[file])


@pytest.mark.parametrize(
    ("one", "other"),
    [("财政收入", "财税收入"), ("高新技术产值", "高新技术总产值"), ("技工贸总收入", "营业总收入")],
)
def test_names_that_differ_stay_two_indicators_that_share_no_axis(one, other, built):
    question = "select distinct indicator_id::varchar, comparable_key from indicator where name_zh in ($one, $other)"
    found = built.sql(question, params={"one": one, "other": other}).fetchall()
    assert len({code for code, _ in found}) == 2
    assert len({key for _, key in found}) == 2


def test_nobody_has_recorded_yet_that_two_names_are_the_same(built):
    assert built.sql("select * from same_as").fetchall() == []


@pytest.mark.parametrize("table", ["observation", "target"])
def test_every_figure_and_target_names_its_source_and_the_place_in_it(table, built):
    bare = f"""
        select count(*) from {table} left join source using (source_id)
        where source.source_id is null or trim(locator_zh) = '' or trim(locator_en) = '' or title_zh = ''
    """
    assert built.sql(bare).fetchall() == [(0,)]


def test_a_copy_is_cited_and_never_linked(built):
    copies = built.sql("select count(*), count(url) from source where carrier = 'copy'").fetchall()
    assert copies[0][0] > 0
    assert copies[0][1] == 0


def test_every_table_and_column_says_what_it_holds_in_both_languages(built):
    bare = """
        with said as (
            select table_name, '' as column_name, comment from duckdb_tables() where not internal
            union all
            select table_name, column_name, comment from duckdb_columns() where not internal
        )
        select table_name, column_name from said
        where comment is null or not regexp_full_match(comment, '[^|]{5,} \\| [^|]*[\u4e00-\u9fff][^|]*。')
    """
    assert built.sql(bare).fetchall() == []
    assert built.sql("select count(*) from duckdb_tables() where not internal").fetchall() == [(20,)]


def test_the_article_s_eleven_figures_stand_as_printed(built):
    printed = """
        select observation_id, value_text, value::double, bound::varchar, growth_text, unit_id, locator_zh
        from observation where source_id = 'CHIN-20140303' order by length(observation_id), observation_id
    """
    assert built.sql(printed).fetchall() == [
        ("A01", "720.1", 720.1, "none", "43.6", "yi_cny", "P2"),
        ("A02", "552", 552, "none", "30.6", "yi_cny", "P2"),
        ("A03", "438.5", 438.5, "none", "19.1", "yi_cny", "P2"),
        ("A04", "17", 17, "none", "18.2", "yi_cny", "P2"),
        ("A05", "190余", 190, "more_than", None, "wan_cny", "P5"),
        ("A06", "248", 248, "none", None, "yi_cny", "P5"),
        ("A07", "302", 302, "none", "30", "application", "P5"),
        ("A08", "1", 1, "none", None, "application", "P5"),
        ("A09", "8", 8, "none", None, "enterprise", "P5"),
        ("A10", "47", 47, "none", None, "percent", "P5"),
        ("A11", "9", 9, "none", None, "designation", "P5"),
    ]


def test_the_article_s_eleven_targets_stand_as_printed(built):
    printed = """
        select target_id, indicator_id::varchar, measure::varchar, comparator::varchar, strength::varchar, value_text,
        unit_id from target where source_id = 'CHIN-20140303' and year = 2014 order by target_id
    """
    assert built.sql(printed).fetchall() == [
        ("T01", "total_revenue", "level", "reach", "goal", "1000", "yi_cny"),
        ("T02", "total_revenue", "growth", "at_least", "strive", "40以上", "percent"),
        ("T03", "industrial_output", "growth", "at_least", "strive", "30以上", "percent"),
        ("T04", "industrial_output_above_scale", "growth", "at_least", "strive", "25以上", "percent"),
        ("T05", "hightech_gross_output", "growth", "at_least", "strive", "20以上", "percent"),
        ("T06", "fiscal_tax_revenue", "growth", "at_least", "strive", "35以上", "percent"),
        ("T07", "fixed_asset_investment", "growth", "at_least", "strive", "35以上", "percent"),
        ("T08", "investment_attracted", "level", "at_least", "strive", "100以上", "yi_cny"),
        ("T09", "tech_enterprises_introduced", "level", "at_least", "ensure", "50以上", "enterprise"),
        ("T10", "resettlement_area_built", "level", "reach", "ensure", "13.4", "wan_sqm"),
        ("T11", "resettlement_homes_allocated", "level", "reach", "ensure", "1100", "home"),
    ]


# One tiny file for each defect: where it is put, and every defect that must be told about that place:
# line, column, value, a part of the rule. A line of 0 is the first line that was appended.
FILE = "observation"
DEFECTS = {
    "month_13": (FILE, [(2, "period", "2014-13", "a year (2013), a month (2023-02) or a span")]),
    "period_backwards": (
        FILE,
        [
            (2, "period", "2014-09/2014-01", "earlier month first"),
            (2, "period_start, period_end", "2014-09-01, 2014-01-31", "period_start <= period_end"),
        ],
    ),
    "text_in_a_number": (FILE, [(2, "value", "七百二十", "a plain number like 720.1")]),
    "unknown_unit": (FILE, [(2, "unit_id", "yi_yuan", "no such unit_id in unit.csv; add it there or correct")]),
    "unknown_indicator": (FILE, [(2, "indicator_id", "total_revenu", "no such indicator_id in indicator.csv")]),
    "unknown_source": (FILE, [(2, "source_id", "CHIN-2014", "no such source_id in source.csv")]),
    "unknown_park": (FILE, [(2, "park_id", "xthtz2", "no such park_id in park.csv")]),
    "missing_column": (FILE, [(2, "", "B…,xthtz,total_revenue,…,720.1", "fewer cells than the header")]),
    "too_many_columns": (FILE, [(2, "", "…,one more", "more cells than the header")]),
    "comma_without_quotes": (FILE, [(2, "", "B…,1,720.1,1,720.1,…", "put quotes around")]),
    "unclosed_quote": (FILE, [(2, "", '…,"never closed,', "a quote is not closed")]),
    "line_break_in_a_cell": (
        FILE,
        [(2, "", '…,"two', "a cell holds a line break"), (3, "", 'lines",', "a cell holds a line break")],
    ),
    "empty_line": (FILE, [(3, "", "", "the line is empty; delete it")]),
    "saved_as_gbk": (FILE, [(2, "", "B…,xthtz,…", "not UTF-8; save it as CSV UTF-8")]),
    "wrong_header": (FILE, [(1, "", "observation_id,…", "the header must be observation_id,park_id,indicator_id")]),
    "duplicate_id": (FILE, [(2, "observation_id", "A01", "observation_id must be unique")]),
    "empty_locator": (FILE, [(2, "locator_zh", "", "must not be empty")]),
    "value_not_in_its_text": (FILE, [(2, "value_text", "721.0", "value is the number that value_text prints")]),
    "bound_not_in_its_text": (FILE, [(2, "bound", "none", "余 and 多 are more_than")]),
    "neither_value_nor_growth": (FILE, [(2, "value, growth_pct", ", ", "must satisfy")]),
    "growth_not_in_its_text": (FILE, [(2, "growth_text", "46.3", "growth_pct is the number that growth_text prints")]),
    "unknown_bound_word": (FILE, [(2, "bound", "roughly", "'at_least', 'more_than', 'about'")]),
    "unknown_growth_basis": (FILE, [(2, "growth_basis", "real", "'constant_price', 'comparable_scope', 'restated'")]),
    "percent_for_money": (FILE, [(2, "unit_id", "percent", "same kind as its indicator's")]),
    "same_figure_twice": (FILE, [(2, "observation_id", "B…", "the same figure is entered once; delete")]),
    "growth_target_in_yuan": ("target", [(2, "measure, unit_id", "growth, yi_cny", "'percent'")]),
    "year_1914": ("target", [(2, "year", "1914", "BETWEEN 1980 AND 2100")]),
    "target_value_not_in_its_text": ("target", [(2, "value_text", "1000", "value is the number")]),
    "copy_with_address": ("source.csv", [(0, "carrier, url", "copy, https://example.org/a", "must satisfy")]),
    "published_in_slashes": ("source.csv", [(0, "published", "2014/03/03", "must satisfy")]),
    "empty_title": ("source.csv", [(0, "title_zh", "", "must not be empty")]),
    "unknown_kind_of_park": ("park.csv", [(0, "kind", "park", "must be one of 'zone', 'etdz', 'city'")]),
    "unknown_whole": ("indicator.csv", [(0, "part_of", "total_revenu", "no such indicator_id in indicator.csv")]),
    "part_of_itself": ("indicator.csv", [(0, "part_of", "b…", "is not its own whole")]),
    "position_taken": ("indicator.csv", [(0, "position", "1", "position must be unique")]),
    "comparable_key_without_a_dot": ("indicator.csv", [(0, "comparable_key", "somekey", "must satisfy")]),
    "growth_basis_in_words": ("indicator.csv", [(0, "growth_basis", "可比价格", "must be one of 'constant_price'")]),
    "growth_basis_without_a_reason": ("indicator.csv", [(0, "growth_basis_en", "", "must not be empty")]),
    "negative_factor": ("unit.csv", [(0, "factor", "-1.0000", "factor > 0")]),
    "neither_true_nor_false": ("zone.csv", [(0, "in_list_of_53", "maybe", "must be true or false")]),
    "unknown_zone": ("zone_source.csv", [(0, "zone_id", "nowhere", "no such zone_id in zone.csv")]),
    "recorded_on_no_day": ("same_as.csv", [(0, "recorded_on", "2014-02-30", "a date like 2014-03-03")]),
    "same_as_itself": ("same_as.csv", [(0, "indicator_id, same_as", "fiscal_revenue, fiscal_revenue", "must satisfy")]),
    "link_to_a_target_and_a_commitment": (
        "mechanism_link.csv",
        [(0, "target_id, commitment_id", "T01, C01", "must satisfy")],
    ),
    "link_twice": (
        "mechanism_link.csv",
        [(0, "mechanism_id, target_id, commitment_id", "preplan, T01, ", "must be unique")],
    ),
    "granted_in_words": ("title.csv", [(0, "granted", "二〇一三", "must be a whole number")]),
    "unknown_group_of_promises": ("commitment.csv", [(0, "builds", "castles", "must be one of 'strategy'")]),
}
# The good rows that a broken one clashes with.
OTHERS = [
    ("observation/article.csv", 2, "observation_id", "A01"),
    ("indicator.csv", 2, "position", "1"),
    ("mechanism_link.csv", 2, "mechanism_id", "preplan"),
]


def fits(value: str, pattern: str) -> bool:
    return bool(re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), value, re.DOTALL))


def test_every_tiny_broken_file_has_its_test():
    assert {path.stem for path in BROKEN.glob("*.csv")} == set(DEFECTS)


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> list[build.Defect]:
    """What is told when all the tiny broken files stand in the sources at once."""
    sources = Path(shutil.copytree(SOURCES, tmp_path_factory.mktemp("broken") / "sources"))
    for defect, (place, _) in DEFECTS.items():
        put(defect, sources, place)
    with pytest.raises(build.BrokenSources) as caught:
        build.check_sources(sources)
    return caught.value.defects


def place_of(defect: str) -> tuple[str, int]:
    """The file a defect stands in, and the first line that is not a good one."""
    place = DEFECTS[defect][0]
    if not place.endswith(".csv"):
        return f"{place}/{defect}.csv", 1
    before = [name for name in DEFECTS if DEFECTS[name][0] == place]
    return place, ROWS[place] + 2 + before.index(defect)


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_told_with_file_line_column_value_and_rule(defect, told):
    file, first = place_of(defect)
    expected = DEFECTS[defect][1]
    here = [row for row in told if row.file == file and (file not in ROWS or row.line == first)]
    assert [(row.line, row.column) for row in here] == [(line or first, column) for line, column, *_ in expected]
    for row, (_, _, value, rule) in zip(here, expected, strict=True):
        assert fits(row.value, value), row
        assert rule in row.rule


def test_all_defects_of_all_files_are_told_at_once_and_nothing_else(told):
    bad = {place_of(defect) for defect in DEFECTS}
    elsewhere = [row for row in told if (row.file, row.line) not in bad and row.file in ROWS]
    expected = {(file, line, value.split(",")[0]) for file, line, _, value in OTHERS}
    assert {(row.file, row.line, row.value.split(",")[0]) for row in elsewhere} == expected
    assert {row.file for row in told} == {file for file, _ in bad} | {file for file, *_ in OTHERS}
    assert told == sorted(told, key=lambda row: (row.file, row.line, row.column))


def test_the_message_counts_the_defects_and_gives_each_a_line(sources):
    for defect in ("month_13", "unknown_park", "copy_with_address"):
        put(defect, sources, DEFECTS[defect][0])
    with pytest.raises(build.BrokenSources) as caught:
        build.check_sources(sources)
    first, *lines = str(caught.value).splitlines()
    assert first == "3 defects in the sources:"
    assert lines == [str(defect) for defect in caught.value.defects]
    assert [line.partition(",")[0] for line in lines] == [
        "observation/month_13.csv",
        "observation/unknown_park.csv",
        "source.csv",
    ]


def test_a_broken_date_names_file_line_column_and_value(refused):
    [defect] = refused("recorded_on_no_day", "same_as.csv")
    expected = "same_as.csv, line 2: column recorded_on: '2014-02-30': must be a date like 2014-03-03"
    assert str(defect) == expected


def test_a_broken_source_is_told_once_and_not_again_by_every_figure_that_cites_it(sources):
    path = sources / "source.csv"
    path.write_bytes(path.read_bytes().replace(b",repost,", b",reprint,", 1))
    with pytest.raises(build.BrokenSources) as caught:
        build.check_sources(sources)
    [defect] = caught.value.defects
    assert (defect.file, defect.line, defect.column, defect.value) == ("source.csv", 2, "carrier", "reprint")


@pytest.mark.parametrize("file", ["unit.csv", "source.csv"])
def test_a_wrong_header_is_told_once_and_not_by_every_row_of_other_files(file, sources):
    path = sources / file
    path.write_bytes(b"code" + path.read_bytes()[4:])
    with pytest.raises(build.BrokenSources) as caught:
        build.check_sources(sources)
    assert [(defect.file, defect.line) for defect in caught.value.defects] == [(file, 1)]


def test_a_missing_file_is_named(sources):
    (sources / "unit.csv").unlink()
    with pytest.raises(build.BrokenSources, match=r"unit\.csv, line 1: '': the file is missing; put it back"):
        build.check_sources(sources)


@pytest.mark.parametrize("end", ["\n", "", "\r\n"])
def test_a_row_after_a_refused_one_keeps_its_line_number(end, sources):
    header, *rows = (BROKEN / "text_in_a_number.csv").read_text("utf-8").splitlines()
    bad = rows[0].replace("七百二十,七百二十", "720.1,721.0").replace("B01", "B02").replace("2015", "2016")
    (sources / "observation" / "two.csv").write_text("\n".join([header, *rows, bad]) + end, "utf-8", newline="")
    with pytest.raises(build.BrokenSources) as caught:
        build.check_sources(sources)
    assert [(row.line, row.column) for row in caught.value.defects] == [(2, "value"), (3, "value_text")]


def test_a_refused_row_at_the_end_of_a_file_without_a_line_end_is_told(sources):
    text = (BROKEN / "text_in_a_number.csv").read_text("utf-8").rstrip("\n")
    (sources / "observation" / "two.csv").write_text(text, "utf-8", newline="")
    with pytest.raises(build.BrokenSources, match=r"two\.csv, line 2"):
        build.check_sources(sources)


def test_files_that_a_spreadsheet_saved_with_byte_order_mark_and_crlf_are_read(sources):
    for path in sources.rglob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    build.check_sources(sources)


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if "draft" in path.name or path.suffix == ".wal")


def read_storage_version(path: Path) -> int:
    """The number in the head of a DuckDB file: 64 is read by 1.0 and later, 65 by 1.2 and later, 67 by 1.4."""
    return int.from_bytes(path.read_bytes()[12:20], "little")


def test_the_database_can_be_opened_by_duckdb_1_2_and_has_all_of_its_schema(park_database):
    assert read_storage_version(park_database) == 65
    with duckdb.connect(park_database, read_only=True) as connection:
        (counts,) = connection.sql(
            "select (select count(*) from duckdb_constraints()), "
            "(select count(*) from duckdb_columns() where comment is not null), "
            "(select count(*) from duckdb_types() where logical_type = 'ENUM' and not internal)"
        ).fetchall()
    assert all(count >= least for count, least in zip(counts, (100, 200, 9), strict=True)), counts


def test_broken_sources_leave_the_database_in_service_byte_for_byte(park_database, sources, tmp_path):
    service = tmp_path / "park.duckdb"
    shutil.copyfile(park_database, service)
    before = service.read_bytes()
    for broken in ("text_in_a_number", "value_not_in_its_text"):
        put(broken, sources, "observation")
        with pytest.raises(build.BrokenSources):
            build.build_database(sources, service)
    put("unclosed_quote", sources, "observation")
    with pytest.raises(build.BrokenSources):
        build.build_database(sources, service)
    assert service.read_bytes() == before
    assert leftovers(tmp_path) == []


def test_checking_good_sources_gives_exit_code_0_and_writes_nothing(tmp_path):
    done = run_build("--check", "--database", tmp_path / "none.duckdb")
    assert (done.returncode, done.stdout, done.stderr) == (0, "The sources are in order.\n", "")
    assert list(tmp_path.iterdir()) == []


def test_checking_broken_sources_gives_exit_code_1_one_line_a_defect_and_no_traceback(sources, tmp_path):
    put("month_13", sources, "observation")
    before = sorted(tmp_path.rglob("*"))
    done = run_build("--check", "--sources", sources, "--database", tmp_path / "none.duckdb")
    assert (done.returncode, done.stdout) == (1, "")
    first, second = done.stderr.splitlines()
    assert first == "1 defect in the sources:"
    assert second.startswith("observation/month_13.csv, line 2: column period: '2014-13': a period is a year")
    assert sorted(tmp_path.rglob("*")) == before


def test_building_a_second_time_without_a_change_does_not_touch_the_file(tmp_path):
    service = tmp_path / "park.duckdb"
    version = build.compute_data_version(SOURCES)
    first = run_build("--if-stale", "--database", service)
    before = service.stat()
    second = run_build("--if-stale", "--database", service)
    after = service.stat()
    assert first.stdout == second.stdout == f"park.duckdb: data version {version}\n"
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_changed_source_gives_another_data_version_and_a_new_file(park_database, sources, tmp_path):
    service = tmp_path / "park.duckdb"
    shutil.copyfile(park_database, service)
    before = build.build_if_stale(SOURCES, service)
    changed = sources / "title.csv"
    changed.write_bytes(changed.read_bytes().replace(b"N2,", b"N3,"))
    after = build.build_if_stale(sources, service)
    assert before != after
    assert re.fullmatch("[0-9a-f]{12}", after)
    with duckdb.connect(service, read_only=True) as connection:
        assert connection.sql("select data_version from build").fetchall() == [(after,)]
        assert connection.sql("select title_id from title order by title_id").fetchall() == [("N1",), ("N3",)]


def test_a_reader_with_the_file_open_is_no_reason_to_build_again(park_database):
    engine.get_data_version()
    before = park_database.stat()
    build.build_if_stale(SOURCES, park_database)
    assert park_database.stat().st_ino == before.st_ino


def whole(service: Path) -> tuple[str, int]:
    with duckdb.connect(service, read_only=True) as connection:
        [(version,)] = connection.sql("select data_version from build").fetchall()
        [(rows,)] = connection.sql("select count(*) from observation").fetchall()
    return version, rows


def start_build(service: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "data.build", "--database", str(service)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_two_builds_at_once_both_succeed_and_the_file_is_whole(tmp_path):
    service = tmp_path / "park.duckdb"
    both = [start_build(service) for _ in range(2)]
    said = [process.communicate(timeout=60)[0].decode() for process in both]
    version = build.compute_data_version(SOURCES)
    assert [process.returncode for process in both] == [0, 0]
    assert said == [f"park.duckdb: data version {version}\n"] * 2
    assert whole(service) == (version, 11371)
    assert leftovers(tmp_path) == []


def test_a_build_killed_at_8_random_moments_never_harms_the_next_one(park_database, tmp_path):
    moments = random.Random(720_1)
    unfinished = 0
    for attempt in range(8):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        service = folder / "park.duckdb"
        if attempt % 2:
            service.write_bytes(b"older")
        process = start_build(service)
        until = time.monotonic() + 30
        while not leftovers(folder) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(moments.uniform(0, 0.45))
        process.kill()
        process.communicate()
        unfinished += bool(leftovers(folder))
        if shape.read_built_version(service) is None:
            assert not service.exists() or service.read_bytes() == b"older"
            shutil.copyfile(park_database, service) if attempt > 1 else None  # two full builds after a kill are enough
        assert build.build_if_stale(SOURCES, service) == build.compute_data_version(SOURCES)
        assert whole(service) == (build.compute_data_version(SOURCES), 11371)
    assert unfinished > 0  # some were killed half-way, or this test would show nothing


@pytest.mark.parametrize("harm", ["cut in half", "zeros", "text", "empty"])
def test_a_broken_database_file_is_built_again(harm, park_database, tmp_path):
    service = tmp_path / "park.duckdb"
    good = park_database.read_bytes()
    content = {
        "cut in half": good[: len(good) // 2],
        "zeros": bytes(len(good)),
        "text": b"not a database",
        "empty": b"",
    }[harm]
    service.write_bytes(content)
    assert build.build_if_stale(SOURCES, service) == build.compute_data_version(SOURCES)
    assert whole(service) == (build.compute_data_version(SOURCES), 11371)


def test_what_a_killed_build_left_is_swept_at_once_but_not_while_another_is_at_work(tmp_path):
    left = [tmp_path / f"park.duckdb.killed.draft{suffix}" for suffix in ("", ".wal")]
    for path in left:
        path.write_bytes(b"half")
    with atomic.hold_lock(tmp_path):
        other = threading.Thread(target=build.delete_database_drafts, args=(tmp_path / "park.duckdb",))
        other.start()
        other.join()
        assert leftovers(tmp_path) == [path.name for path in left]
    build.delete_database_drafts(tmp_path / "park.duckdb")
    assert leftovers(tmp_path) == []


FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
from data.build import main
sys.exit(main())
"""


@pytest.mark.parametrize("room", [0, 100_000, 600_000])
def test_a_full_disk_gives_exit_code_1_and_one_message_and_the_old_file_stays(room, tmp_path):
    service = tmp_path / "park.duckdb"
    service.write_bytes(b"the database of before")
    command = [sys.executable, "-c", FULL_DISK, str(room), "--database", str(service)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("park.duckdb could not be written: ")
    assert done.stderr.endswith(
        "Free some space or check the folder's permissions, then run python -m data.build. "
        "The database in service is unchanged.\n"
    )
    assert len(done.stderr.splitlines()) == 1
    assert str(tmp_path) not in done.stderr
    assert service.read_bytes() == b"the database of before"
    assert leftovers(tmp_path) == []


def test_a_folder_that_cannot_be_made_gives_exit_code_1_and_one_message(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    done = run_build("--database", tmp_path / "file" / "park.duckdb")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("park.duckdb could not be written: ")


def test_a_reader_that_keeps_asking_while_the_file_is_swapped_5_times_sees_no_error_and_the_last_version(
    sources, tmp_path, monkeypatch
):
    service = tmp_path / "park.duckdb"
    monkeypatch.setenv("PARK_DATABASE", str(service))
    versions = [build.build_database(SOURCES, service)]
    problems: list[Exception] = []
    seen: set[str] = set()
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                seen.add(engine.get_data_version())
                assert engine.fetch("tables").height == 22
                assert engine.get_table_rows("title").height == 2
            except Exception as problem:  # whatever it is, it must not happen
                problems.append(problem)
                return
            time.sleep(0.002)

    readers = [threading.Thread(target=ask) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for swap in range(5):
            with (sources / "source.csv").open("a", encoding="utf-8") as file:
                file.write(f"B{swap},标题,Title,,出版者,Publisher,2014,,copy,,\n")
            versions.append(build.build_database(sources, service))
    finally:
        time.sleep(0.2)
        stop.set()
        for reader in readers:
            reader.join(30)
    assert problems == []
    assert len(set(versions)) == 6
    assert versions[-1] in seen
    assert seen <= set(versions)
    assert engine.get_data_version() == versions[-1]
    engine.close_database()
