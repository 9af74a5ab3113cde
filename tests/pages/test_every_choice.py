"""Every choice that a page offers opens, the sample is marked wherever it goes, and a page that fails says so.

Here the first, the last and one code between of every filter, in both languages in turn, and pairs of two codes
each; python -m tests.drills walks them all.
"""

import io
import json
import logging
import re

import polars as pl
import pytest
from starlette.testclient import TestClient

from pages.ui import error_page, layout
from pages.wording import language
from queries.api.routes import api
from tests.conftest import FAILED, speak
from tests.tools import walks
from tests.tools.pages import MECHANISMS, PAGES

MARK = {"zh": "示例", "en": "Sample"}
CODES, AGAIN, PAIRS = 3, 1, 2
CARRIED = {"lang", "park", "asof"}  # read by the menu of every page
REVEALED = {"base", "chart", "with", "since", "against"}  # offered once something is chosen; the walks find them


@pytest.mark.parametrize("page", PAGES)
def test_every_choice_of_a_page_opens(page):
    wrong = [
        (address, lang, seen.wrong)
        for address, lang, seen in walks.walk(page, most=CODES, again=AGAIN, pairs=PAIRS, both=False)
        if seen.wrong
    ]
    assert wrong == []


def test_every_department_opens_its_scores_and_the_title_names_the_best_of_those_shown():
    reader = walks.Reader("rewards")
    titles = {code: reader.open({"park": "sample", "department": code}, "zh").title for code in ("D01", "D02", "D03")}
    assert all(titles.values()), titles
    assert re.fullmatch(r".+第 \d+，[\d.]+ 分", titles["D01"])
    assert re.fullmatch(r".+第 \d+，[\d.]+ 分", titles["D03"])


def test_cases_of_which_none_is_finished_are_no_group_of_a_month_and_open():
    seen = walks.Reader("efficiency").open({"park": "sample", "asof": "2025-01-02", "by": "month"}, "zh")
    assert seen.wrong == ""
    assert "没有。" in [caption.value for caption in seen.at.caption]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", walks.LANGUAGES)
def test_every_page_opens_in_a_frame(page, lang):
    seen = walks.Reader(page, embedded=True).open({}, lang)
    assert seen.wrong == ""


def test_a_frame_says_of_how_many_rows_it_shows_the_first():
    at = walks.Reader("mechanisms", embedded=True).open({"park": "sample", "asof": "2025-10-13"}, "zh").at
    [told] = [note.value for note in at.caption if note.value.startswith("第 1—6 条，共 ")]
    assert int(re.findall(r"\d+", told)[-1]) > 6
    at = walks.Reader("findings", embedded=True).open({}, "en").at
    assert [note.value for note in at.caption if note.value.startswith("1–6 of ")]


def test_every_parameter_that_a_page_reads_is_walked():
    seen = [walks.Reader(page).open(base, "zh") for page in PAGES for base in ({}, {"park": "sample"})]
    read = set().union(*(each.read for each in seen))
    offered = {name for each in seen for name in each.offered}
    assert read - offered - set(walks.BY_HAND) - CARRIED - REVEALED == set(), (
        "offer it by pages/ui/filters.py, or add it"
    )


@pytest.mark.parametrize("rows", [{"a": ["1", "2", "3"], "b": ["x", "y"], "c": ["p", "q", "r"]}, {"a": ["1"]}, {}])
def test_a_covering_holds_every_pair_and_is_shorter_than_all(rows):
    found = walks.covering(rows)
    for one in rows:
        for two in rows:
            if one != two:
                assert {(row[one], row[two]) for row in found} == {(a, b) for a in rows[one] for b in rows[two]}
    assert len(found) <= 12


@pytest.mark.parametrize("page", MECHANISMS)
@pytest.mark.parametrize("lang", walks.LANGUAGES)
def test_a_frame_of_the_sample_says_so_and_cites_the_ledger_alone(page, lang):
    for day in ("2025-10-13", "1990-01-01"):
        at = walks.Reader(page, embedded=True).open({"park": "sample", "asof": day}, lang).at
        assert MARK[lang] in at.title[-1].value  # one that the page itself drew is hidden
        notes = [caption.value for caption in at.caption]
        assert any(("虚构" if lang == "zh" else "invented") in note for note in notes)
        assert "湘潭日报" not in notes[-1]
        assert "hnxttv" not in notes[-1]


@pytest.mark.parametrize("page", MECHANISMS)
def test_every_file_of_the_sample_says_so_in_its_name_and_in_every_row(page):
    seen = walks.Reader(page).open({"park": "sample", "asof": "2025-10-13"}, "zh", menus=True)
    assert seen.wrong == ""
    told = {name: make for name, make in seen.files.items() if "mechanism-links" not in name and "empty" not in name}
    assert told
    for name, make in told.items():
        assert "sample" in name
        if name.endswith(".csv"):
            rows = pl.read_csv(io.BytesIO(make()), infer_schema_length=0)
            assert set(rows["evidence"]) == {"sample"}, name


def test_every_route_of_the_sample_says_so_in_every_row():
    client = TestClient(api)
    paths = [path for path in client.get("/openapi.json").json()["paths"] if path.endswith(".{suffix}")]
    told = 0
    for path in paths:
        answer = client.get(path.replace("{suffix}", "json"), params={"park": "sample"})
        if answer.status_code != 200:
            continue
        rows = answer.json()["rows"]
        assert {row.get("evidence") for row in rows} <= {"sample"}, path
        told += bool(rows)
    assert told >= 8
    assert client.get("/chain.json", params={"park": "sample"}).json()["evidence"] == "sample"


def broken(*_given, **_named):
    raise ZeroDivisionError("a fault within the page")


@pytest.mark.failing_page
@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_fails_ends_in_one_sentence_with_the_number_that_the_log_has(page, monkeypatch, caplog):
    monkeypatch.setattr(layout, "show_head", broken)
    for embedded in (False, True):
        for lang in walks.LANGUAGES:
            caplog.clear()
            at = walks.Reader(page, embedded=embedded).open({}, lang).at
            (failure,) = [record for record in caplog.records if record.getMessage() == FAILED]
            speak(lang)
            said = language._("本页出错了，请重试；若再出错，请把编号 {number} 告诉运维人员。", number=failure.error_id)
            assert [box.value for box in at.error] == [said]
            assert [box.message for box in at.exception] == []
            assert failure.exc_info[0] is ZeroDivisionError
            assert failure.path == f"/{page}?lang={lang}" or page == "overview"
            assert failure.levelno == logging.ERROR


def test_without_a_catalogue_the_english_sentence_is_the_same():
    speak("en")
    said = language._("本页出错了，请重试；若再出错，请把编号 {number} 告诉运维人员。", number="0a1b2c3d")
    assert error_page.FAILED_IN_ENGLISH.format(number="0a1b2c3d") == said
    assert json.dumps(said).isascii()
