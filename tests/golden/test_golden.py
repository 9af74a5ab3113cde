"""The golden record as a test: a chosen part of it, since all of it takes some minutes (make golden).

Chosen are about a third of the addresses, every page in Chinese, and in English every page with the sample or plain.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.golden import asking, record
from tests.golden.normal import digest
from tests.golden.recorder import recorded, views
from tests.golden.world import ROOT

MEANT = "if the change is meant: make golden-write, and say why in tests/golden/intended.md"
SHARE = 3
ALWAYS = ("/api/openapi.json", "/api/park.duckdb", "/api/datapackage.json", "/api/health", "/api/status.json")
TOLD = 8  # differences that are printed
CHART = " chart "


def pages() -> set[str]:
    """Return the names of the views that are run: by page and language the first one with the sample, or the plain."""
    plain: dict[tuple[object, str], str] = {}
    sample: dict[tuple[object, str], str] = {}
    for view in views():
        name, lang = str(view["name"]), view["asked"]["lang"]
        plain.setdefault((view["page"], lang), name)
        if "park=sample" in name or "own " in name:
            sample.setdefault((view["page"], lang), name)
    return {name for (_, lang), name in plain.items() if lang == "zh"} | {
        sample.get(key, name) for key, name in plain.items() if key[1] == "en"
    }


def addresses() -> set[str]:
    """Return the names of the addresses that are asked, always the same ones."""
    return {one.name for one in asking.addresses() if one.path in ALWAYS or int(digest(one.name), 16) % SHARE == 0}


@pytest.fixture(scope="module")
def compared():
    """Return what differs between the record and this tree, of the chosen part."""
    names = pages() | addresses()
    now = record.short(recorded(ROOT, names=names))
    seen = {name.replace("pages-", "charts-", 1) for name in names}
    kept = {name: entry for name, entry in record.read().items() if name in names or name.rpartition(CHART)[0] in seen}
    return record.Compared(kept, now)


@pytest.mark.parametrize("group", ["api", "web", "pages-zh", "pages-en", "charts-zh", "charts-en"])
def test_what_is_served_and_shown_is_as_recorded(compared, group):
    wrong = [text for text in compared.differences() if group in text.partition("\n")[0]]
    assert any(name.startswith(group) for name in compared.new), f"nothing of {group} was recorded"
    if wrong:
        told = "\n".join(wrong[:TOLD])
        pytest.fail(f"{len(wrong)} of {group} differ from the record:\n{told}\n{MEANT}", pytrace=False)


def test_every_route_of_the_description_is_asked_in_each_of_its_formats():
    [described] = [entry for name, entry in record.read().items() if name == "api-openapi//api/openapi.json"]
    routes = [line.removeprefix("route: ") for line in described if line.startswith("route: ")]
    asked = {one.path.partition("?")[0].removeprefix("/api") for one in asking.addresses()}
    assert len(routes) > 100
    assert [route for route in routes if route not in asked] == []


def test_every_page_of_the_menu_is_shown():
    menu = record.read()["pages-zh-overview/overview"]
    linked = {found[1] for line in menu if (found := re.search(r"^page_link: .* page=(\w+)", line))}
    assert len(linked) > 10
    assert linked - {str(view["page"]) for view in views()} == set()


def test_a_changed_text_is_told_by_page_place_and_words():
    old = {"pages-zh-economics/economics": ["§ title: 增长43.6%", "caption: 一"]}
    new = {"pages-zh-economics/economics": ["§ title: 增长43.7%", "caption: 一"]}
    [text] = record.Compared(old, new).differences()
    assert "pages-zh-economics/economics" in text
    assert "-§ title: 增长43.6%" in text
    assert "+§ title: 增长43.7%" in text


def test_a_long_section_is_kept_by_its_beginning_and_a_digest_of_its_rest():
    entry = ["§ title: 一", *(f"caption: {number} {'long ' * 20}" for number in range(100))]
    kept = record.shortened("pages-zh-economics/economics", entry)
    assert len(kept) < 10
    changed = record.shortened("pages-zh-economics/economics", [*entry[:-1], "caption: another"])
    assert kept[:-1] == changed[:-1]
    assert kept[-1] != changed[-1]


def test_what_was_written_is_read_again(tmp_path):
    entries = {"api-x//api/x.csv": ["200 text/csv", "§ csv: 1 rows; a", "  1"], "web//?lang=zh": ["200", ""]}
    record.write(entries, tmp_path)
    (tmp_path / "gone.txt").write_text("=== a\nb\n", "utf-8")
    record.write(entries, tmp_path)
    assert record.read(tmp_path) == entries | {"web//?lang=zh": ["200"]}


def test_the_calendar_stands_for_every_process_of_a_recording():
    told = "import datetime as d; print(d.date.today(), type(d.date.today()).__name__, d.datetime.now(d.UTC).hour)"
    environment = os.environ | {"GOLDEN_NOW": "1772438400", "PYTHONPATH": str(Path(__file__).parent / "frozen")}
    done = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2026-03-02", "date", "8"]
