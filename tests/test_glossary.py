"""docs/glossary.md holds the interface to its words: labels by code, and no discouraged synonym in either language."""

import csv
import re
import tomllib
from functools import cache

import pytest
from babel.messages.pofile import read_po

from data import states
from data.themes import THEMES
from pages.themes import finding_view
from pages.wording import figures, ledger_status, target_status
from queries.figures.growth import GROWTH_BASIS_NAMES
from queries.figures.observations import EVIDENCE
from queries.ledger.leaders import BREACHES
from queries.ledger.ledgers import AHEAD_DAYS
from queries.ledger.preplan import SOON_DAYS
from queries.targets.findings import SEVERITIES
from queries.targets.status import REASONS
from tests.conftest import ROOT, speak

TEXT = (ROOT / "docs" / "glossary.md").read_text("utf-8")
CATALOGUE = ROOT / "pages" / "locale" / "en" / "LC_MESSAGES" / "park.po"
SCHEMAS = ("data/database/schema.sql", "data/ledger/schema.sql")
STAGES = ("preparing", "building", "trial", "running", "stopped")
STRENGTHS = ("ensure", "strive", "goal")


def tables(text):
    """Every Markdown table as a list of rows, each by its head: {"中文": "指标", "English": "indicator", …}."""
    found = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    lines = [[[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()] for table in found]
    return [[dict(zip(table[0], row, strict=True)) for row in table[2:]] for table in lines]


def terms(text):
    return [row for table in tables(text) for row in table if "中文" in row]


def labels(text):
    """Chinese and English of every code with a list: {"target.met": ("已完成", "met")}."""
    return {
        code: (row["中文"], row["English"]) for row in terms(text) for code in re.findall(r"`(\w+\.\w+)`", row["code"])
    }


def discouraged(text):
    """Synonyms that the interface does not use, by language."""
    words = [word.strip() for row in terms(text) for word in row.get("not 不用", "").split(",") if word.strip()]
    return {
        "zh": [word for word in words if re.search("[\u4e00-\u9fff]", word)],
        "en": [word for word in words if not re.search("[\u4e00-\u9fff]", word)],
    }


def one_words(text):
    """Which words a text of the catalogue does not use, by the Chinese phrases in it: (phrases, term, words, except).

    No phrases: any text. except: phrases of texts that are about something else.
    """
    return [
        (cell("phrases 短语"), row["term 术语"], cell("not 不用"), cell("except 除外"))
        for table in tables(text)
        for row in table
        if "phrases 短语" in row
        for cell in [lambda head, row=row: [part.strip() for part in row[head].strip("—").split(",") if part.strip()]]
    ]


def misused(rows, chinese, english):
    """Words of a text of the catalogue for which another is the term: ["goal (target)"]."""
    english = re.sub(r"\{\w+\}", "{}", english)  # names of values are not read
    return [
        f"{word} ({term})"
        for phrases, term, words, apart in rows
        if (not phrases or any(phrase in chinese for phrase in phrases))
        and not any(phrase in chinese for phrase in apart)
        for word in words
        if uses(word, *((chinese, "zh") if re.search("[\u4e00-\u9fff]", word) else (english, "en")))
    ]


def short_names(text):
    """Short English names in the menu: {Chinese: (in the menu, in full)}."""
    last = tables(text)[-1]
    return {row["Chinese"]: (row["in the menu"], row["in full"]) for row in last}


@cache
def catalogue():
    with CATALOGUE.open("rb") as file:
        found = [message for message in read_po(file, locale="en") if message.id]
    return {str(message.id): str(message.string) for message in found}


def in_both(say, code):
    """What is said of a code in Chinese and in English."""
    said = {}
    for lang in ("en", "zh"):  # Chinese last, as tests begin
        speak(lang)
        said[lang] = say(code)
    return said["zh"], said["en"]


def spans():
    """Kinds of period as the comment of the column says them."""
    english, chinese = re.search(
        r"comment on column figure\.span is 'Kind of period: (.*?)\. \| 时期的种类：(.*?)。'",
        (ROOT / SCHEMAS[0]).read_text("utf-8"),
    ).groups()
    named = {code: said or code for code, said in re.findall(r"(\w+)(?: \(([^)]*)\))?(?:, |$)", english)}
    return {f"span.{code}": (said, named[code]) for code, said in re.findall(r"(\w+) ([^，]+)", chinese)}


def in_the_code():
    """Chinese and English of every code as the interface says them."""
    found = {f"{thing}.{one.code}": (one.zh, one.en) for thing, known in states.STATES.items() for one in known}
    with (ROOT / "data" / "sources" / "mechanism.csv").open(encoding="utf-8") as file:
        found |= {f"mechanism.{row['mechanism_id']}": (row["name_zh"], row["name_en"]) for row in csv.DictReader(file)}
    found |= {f"theme.{theme.code}": (theme.zh, theme.en) for theme in THEMES}
    found |= {
        f"growth_basis.{code}": (said, GROWTH_BASIS_NAMES["en"][code])
        for code, said in GROWTH_BASIS_NAMES["zh"].items()
    }
    found |= spans()
    for kind, say, codes in (
        ("evidence", figures.label_evidence, (*EVIDENCE, "conditional")),
        ("strength", target_status.label_strength, STRENGTHS),
        ("reason", lambda code: target_status.describe_status_reason({"reason": code}), REASONS),
        ("breach", ledger_status.label_breach, BREACHES),
        ("stage", ledger_status.label_stage, STAGES),
        ("severity", lambda code: finding_view.label_severity(code).partition(" ")[2], SEVERITIES),
    ):
        found |= {f"{kind}.{code}": in_both(say, code) for code in codes}
    return found


def test_days_of_due_soon_are_told_as_they_are_counted():
    told = {code: (row["含义"], row["meaning"]) for row in terms(TEXT) for code in re.findall(r"`(.*)`", row["code"])}
    for code, days in (("task.due_soon", SOON_DAYS), ("project.due_soon", AHEAD_DAYS)):
        assert told[code] == (f"{days}天之内到期。", f"Due within {days} days.")
    ledger = (ROOT / "docs" / "ledger.md").read_text("utf-8")
    assert f"due within {SOON_DAYS} days" in ledger


def said_to_readers():
    """Every text of the interface with its place: the catalogue, words of codes, comments, notes, rules."""
    for chinese, english in catalogue().items():
        yield "zh", chinese, "park.po"
        yield "en", english, "park.po"
    for code, (chinese, english) in in_the_code().items():
        yield "zh", chinese, code
        yield "en", english, code
    with (ROOT / "queries" / "export" / "column_notes.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield "zh", row["zh"], f"column_notes.csv, {row['column']}"
            yield "en", row["en"], f"column_notes.csv, {row['column']}"
    for path in SCHEMAS:
        for comment in re.findall(r"comment on [^\n]*? is '((?:[^']|'')*)'", (ROOT / path).read_text("utf-8")):
            english, _, chinese = comment.replace("''", "'").partition(" | ")
            yield "en", english, path
            yield "zh", chinese, path
    for path in sorted((ROOT / "data" / "rules").glob("*.toml")):
        for key, value in tomllib.loads(path.read_text("utf-8")).items():
            if key.endswith(("_zh", "_en")):
                yield key[-2:], value, path.name
    for path in sorted((ROOT / "queries" / "targets" / "checks").glob("*.sql")):
        for _, lang, said in re.findall(r"^-- (\w+)_(zh|en): (.*)$", path.read_text("utf-8"), re.MULTILINE):
            yield lang, said, path.name


def uses(word, text, lang):
    if lang == "zh":
        return word in text
    return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None


def test_the_tables_are_read_as_they_are_written():
    text = "| 中文 | English | code | not 不用 |\n|---|---|---|---|\n| 已完成 | met | `target.met` | 达标, on track |\n"
    assert labels(text) == {"target.met": ("已完成", "met")}
    assert discouraged(text) == {"zh": ["达标"], "en": ["on track"]}
    assert uses("goal", "Goals and a goal", "en")
    assert not uses("goal", "Goals", "en")


def test_a_text_that_uses_another_word_than_the_term_is_found_with_both():
    text = (
        "| phrases 短语 | term 术语 | not 不用 | except 除外 |\n|---|---|---|---|\n"
        "| 目标, 指标 | target | goal | |\n| — | 逾期 | 超期 | 问题超期 |\n"
    )
    rows = one_words(text)
    assert rows == [(["目标", "指标"], "target", ["goal"], []), ([], "逾期", ["超期"], ["问题超期"])]
    assert misused(rows, "年度目标", "The goal of the year") == ["goal (target)"]
    assert misused(rows, "年度", "The goal of the year") == []
    assert misused(rows, "超期三天", "three days over") == ["超期 (逾期)"]
    assert misused(rows, "问题超期", "problem past its promise") == []


def test_no_text_of_the_catalogue_uses_another_word_than_the_term():
    rows = one_words(TEXT)
    assert len(rows) > 10
    found = {chinese: misused(rows, chinese, english) for chinese, english in catalogue().items()}
    assert {chinese: words for chinese, words in found.items() if words} == {}


def test_no_text_of_the_catalogue_is_the_rest_of_a_sentence():
    separators = {"；", "。"}
    opening = "，；、。：）,;:)"
    assert [text for text in catalogue() if text[0] in opening and text not in separators] == []


def test_every_code_has_the_words_of_the_glossary():
    code, glossary = in_the_code(), labels(TEXT)
    lists = {known.split(".")[0] for known in code}
    in_lists = {known: words for known, words in glossary.items() if known.split(".")[0] in lists}
    assert {known: (zh, en.casefold()) for known, (zh, en) in in_lists.items()} == {
        known: (zh, en.casefold()) for known, (zh, en) in code.items()
    }


@pytest.mark.parametrize("row", terms(TEXT), ids=lambda row: f"{row['中文']}-{row['code']}")
def test_a_term_that_stands_alone_in_the_catalogue_has_the_english_of_the_glossary(row):
    now = catalogue().get(row["中文"])
    if now is None:
        return
    wanted = {one["English"] for one in terms(TEXT) if one["中文"] == row["中文"]}
    if row["中文"] in short_names(TEXT):
        wanted = {short_names(TEXT)[row["中文"]][0]}
    assert re.sub("s$", "", now.casefold()) in {re.sub("s$", "", said.casefold()) for said in wanted}


def test_a_short_name_of_the_menu_differs_from_the_full_one():
    known = {row["中文"]: row["English"] for row in terms(TEXT)}
    for chinese, (now, wanted) in short_names(TEXT).items():
        assert catalogue()[chinese] == now
        assert known[chinese] == wanted != now


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_text_of_the_interface_uses_a_discouraged_synonym(lang):
    words = discouraged(TEXT)[lang]
    assert len(words) > 25
    texts = [(text, place) for of, text, place in said_to_readers() if of == lang]
    assert len(texts) > 1000
    assert [(word, place, text) for text, place in texts for word in words if uses(word, text, lang)] == []
