"""Texts that are not ours are text in every element of every page: those of ledgers, files and addresses."""

import dataclasses
import re

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from data.languages import LANGUAGES
from data.ledger import versions
from data.ledger.definition import get_sheet_definitions
from pages.wording import plain_text
from tests.conftest import ROOT
from tests.pages.test_own_figures import put
from tests.pages.test_pages import ROUTER
from tests.tools.kept import unwrap
from tests.tools.pages import PAGES

# What the browser's part of Streamlit makes something of, each in a form that no text of ours has.
HARM = (
    "1~2月 ~~x~~ [x](http://e.invalid) ![i](http://e.invalid/p.png) :violet[r] $x$ <b>b</b> &lt; `cq` *e* _e_ # | {z} "
    ":material/skull: :skull: www.e.invalid a@e.invalid https://e.invalid -> >= -- "
)
RAW = re.compile(
    r"1~2|~~x|\[x\]|\]\(http://e\.|!\[i|:violet\[|\$x|<b>|&lt|`cq|\*e\*|_e_|\{z|:material/skull|:skull:|www\.e|@e\.|https?://e\."
    r"| -> | >= | -- "
)
CODE = "~1~:violet[r]<b>"  # at the end of every code of the ledger
RAW_CODE = re.compile(r"~1~|:violet\[r|<b>")
# Fields whose text the browser's part shows as it is, or does not show; every other one takes Markdown.
AS_THEY_ARE = {
    "Selectbox.options", "Selectbox.placeholder", "Selectbox.raw_value", "MultiSelect.options",
    "MultiSelect.placeholder", "MultiSelect.raw_values", "MultiSelect.default", "TextInput.placeholder",
    "TextInput.value", "TextInput.default", "TextArea.value", "TextArea.default", "TextArea.placeholder",
    "Code.code_text", "Text.body", "ArrowVegaLiteChart.spec", "ArrowVegaLiteChart.alt", "PageLink.query_string",
    "VegaLiteChart.spec", "VegaLiteChart.alt", "Arrow.alt", "ArrowData.alt",
}  # fmt: skip


def strings(message, place=""):
    """Every text of a protobuf message, with the message and field it stands in."""
    for field, value in message.ListFields():
        name = f"{message.DESCRIPTOR.name}.{field.name}"
        if field.type == field.TYPE_MESSAGE:
            if field.message_type.GetOptions().map_entry:
                continue
            for one in value if field.is_repeated else [value]:
                yield from strings(one)
        elif field.type == field.TYPE_STRING:
            for one in value if field.is_repeated else [value]:
                yield name, one


def walked(node):
    """Every text of every element and block of a page."""
    proto = getattr(node, "proto", None)
    if proto is not None:
        yield from strings(proto)
    for child in getattr(node, "children", {}).values():
        yield from walked(child)


def unescaped(markdown):
    """What is left of Markdown without what is escaped in it, and without what keeps words together."""
    text = unwrap(re.sub(r":color\[\\?.\]", "§", markdown))
    return re.sub(r"\\[!-/:-@\[-`{-~]", "§", text)


def raw(at, found=RAW):
    """The texts of a page of which something else would be made, and all that takes Markdown."""
    seen = [(field, text) for field, text in walked(at._tree) if field not in AS_THEY_ARE and not field.endswith(".id")]
    return [(field, text[:300]) for field, text in seen if found.search(unescaped(text))], seen


def harmed():
    """A ledger that holds harmful texts in every field of text, and a harmful end of every code."""
    sample = versions.read_sample_ledger()
    tables = {}
    for table, given in sample.tables.items():
        rows = given
        if table not in get_sheet_definitions():
            tables[table] = rows
            continue
        for column in get_sheet_definitions()[table].columns:
            code = column.name in get_sheet_definitions()[table].key or (column.refers and column.refers != "park")
            if column.name not in rows.columns or column.name == "indicator_id":
                continue
            if column.kind == "codes":
                rows = rows.with_columns(pl.col(column.name).list.eval(pl.element() + CODE))
            elif column.kind == "text" and code:
                rows = rows.with_columns(pl.col(column.name) + CODE)
            elif column.kind == "text":
                rows = rows.with_columns((pl.lit(HARM) + pl.col(column.name).fill_null("")).alias(column.name))
        tables[table] = rows
    tables = {
        name: rows.with_columns(park_id=pl.lit("demo")) if "park_id" in rows.columns else rows
        for name, rows in tables.items()
    }
    return dataclasses.replace(sample, park_id="demo", version="harmed", file_name=HARM, tables=tables)


VIEWS = [
    ("mechanisms", {}), ("preplan", {}), ("preplan", {"task": "R001" + CODE}), ("leaders", {}),
    ("leaders", {"leader": "L03" + CODE}), ("leaders", {"project": "X01" + CODE}), ("monthly", {}),
    ("monthly", {"target": "S02" + CODE}), ("supervision", {}), ("supervision", {"order": "B01" + CODE}),
    ("efficiency", {}), ("efficiency", {"by": "department"}), ("rewards", {}),
]  # fmt: skip
SEEN = 100  # texts of the ledger on these pages, at the least


def shown(at, page, **asked):
    """A page of the session at another address, without an error."""
    at.query_params = asked
    at.switch_page(f"{page}.py").run()
    assert [error.message for error in at.exception] == []
    return at


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("phone", [False, True])
def test_no_page_makes_more_of_a_text_in_a_ledger_than_a_text(lang, phone, monkeypatch):
    monkeypatch.setattr("pages.ui.device.is_phone", lambda: phone)
    at = AppTest.from_file(ROUTER, default_timeout=120)
    at.session_state["ledger_own"] = harmed()
    at.query_params.update({"lang": lang})
    at.run()
    found = 0
    for page, asked in VIEWS if not phone else VIEWS[:4]:
        shown(at, page, lang=lang, park="demo", asof="2025-10-13", **asked)
        for pattern in (RAW, RAW_CODE):
            odd, seen = raw(at, pattern)
            assert odd == [], (page, asked)
        found += sum(text.count("§") > 5 for text in (unescaped(text) for _field, text in seen))
    assert found >= (SEEN if not phone else 25), found


NAMED = HARM.replace(",", " ").replace('"', "")
OWN = (
    f'代码,名称,英文名称,类别\nnew_park,"新园{NAMED}","Newpark {NAMED}",高新区\n',
    f'代码,名称,英文名称,方面,单位,统计方式,口径\npiles,"桩{NAMED}","Piles {NAMED}",经济,个,时点,"口径{NAMED}"\n',
    f'地区,指标,时期,数值,单位,同比增速(%),备注\nnew_park,piles,2023,120,个,,"备注{NAMED}"\n'
    f'new_park,piles,2024,150,个,25.0,"备注{NAMED}"\n新园{NAMED},piles,2022,100,个,,"{NAMED}"\n',
    f'地区,指标,年度,目标值,单位,备注\nnew_park,piles,2024,160,个,"备注{NAMED}"\n',
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_makes_more_of_a_text_in_a_file_of_ones_own_than_a_text(lang):
    at = AppTest.from_file(ROUTER, default_timeout=120)
    at.session_state["own_data"] = put(*OWN, name=f"{NAMED}.csv".replace("/", "∕"))
    at.query_params.update({"lang": lang})
    at.run()
    found = 0
    for page in (page for page in PAGES if page not in {view for view, _asked in VIEWS}):
        for evidence in ("own", "published,derived,own"):
            asked = {"park": "new_park", "evidence": evidence} if page != "sources" else {"find": "桩"}
            odd, seen = raw(shown(at, page, lang=lang, indicator="piles", **asked))
            assert odd == [], (page, evidence)
            found += sum(text.count("§") > 5 for text in (unescaped(text) for _field, text in seen))
    assert found >= 45, found


PARAMETERS = (
    "park", "indicator", "year", "rule", "asof", "status", "target", "from", "to", "evidence", "compare", "theme",
    "state", "department", "aim", "by", "task", "leader", "project", "kind", "breach", "order", "reason", "service",
    "month", "weights", "mechanism", "severity", "finding", "show", "find", "table", "sql", "tab", "x", "y", "draw",
    "role", "of", "as", "chart", "base", "lang",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_no_page_makes_more_of_a_text_in_an_address_than_a_text(page):
    for lang, park in (("zh", "sample"), ("en", "xthtz")):
        at = AppTest.from_file(ROUTER, default_timeout=120)
        at.query_params.update(dict.fromkeys(PARAMETERS, HARM) | {"lang": lang, "park": park, "tab": "sql"})
        at.run()
        shown(at, page, **dict.fromkeys(PARAMETERS, HARM) | {"lang": lang, "park": park})
        assert raw(at)[0] == []
        shown(at, page, **dict.fromkeys(PARAMETERS, HARM) | {"lang": lang})
        assert raw(at)[0] == []


def test_a_weight_of_an_address_that_cannot_be_used_is_told_as_it_stands_there():
    at = AppTest.from_file(ROUTER, default_timeout=120)
    at.run()
    shown(at, "rewards", lang="zh", park="sample", weights="[x](http://e.invalid):3")
    assert "[x](http://e.invalid)" in plain_text.strip_markdown(at.warning[0].value)
    assert raw(at)[0] == []


def test_the_walk_finds_a_text_that_nobody_escaped():
    def page(text):
        import streamlit as st  # noqa: PLC0415 - the script of this page

        with st.expander("x"):
            st.markdown(text)
        st.pills("x", [text])
        st.checkbox(text)
        st.tabs([text])
        st.metric("x", 1, help=text)

    odd = raw(AppTest.from_function(page, args=(HARM,)).run())[0]
    assert len({field for field, _text in odd}) == 5
    assert raw(AppTest.from_function(page, args=(plain_text.escape_markdown(HARM),)).run())[0] == []


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("1~2月完成厂房3~5栋", r"1\~2月完成厂房3\~5栋"),
        ("A*B，3—5，720.1 (100%)", r"A\*B，3—5，720.1 (100%)"),
        ("1. 总则", r"1\. 总则"),
        ("87.8% 按时", "87.8% 按时"),
        ("- x", r"\- x"),
        ("-5", "-5"),
        ("a: b", "a: b"),
        (":smile:", ":color[\\:]smile:color[\\:]"),
        ("a\n\n# b", r"a \# b"),
        ("x -> y", "x -:color[\\>] y"),
    ],
)
def test_a_text_is_escaped_where_markdown_would_make_something_of_it(text, markdown):
    assert plain_text.escape_markdown(text) == markdown
    assert plain_text.strip_markdown(markdown) == " ".join(text.split())


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//e.invalid", "e.invalid", "http://", "x y"]
)
def test_an_address_that_is_none_of_the_web_is_no_link(url):
    assert plain_text.format_link("a[b", url) == r"a\[b"


def test_an_address_of_the_web_stays_one_link_whatever_stands_in_it():
    assert plain_text.format_link("来源", "https://x.example/a(b)?c=1&d=<e>") == (
        "[来源](https://x.example/a%28b%29?c=1&d=%3Ce%3E)"
    )


def test_a_bold_text_may_begin_and_end_with_a_mark():
    assert plain_text.format_bold("（一）期") == ":color[**（一）期**]"
    assert plain_text.format_bold("2013年") == "**2013年**"
    assert plain_text.format_bold("") == ""


def test_no_module_of_the_pages_writes_invisible_characters():
    invisible = re.compile("[\u00a0\u00ad\u200b-\u200f\u2060-\u206f\ufeff]|u00a0|u200b|u2060|&nbsp;|&zwnj;|&shy;")
    files = [path for kind in ("*.py", "*.po") for path in (ROOT / "pages").rglob(kind)]
    assert [path.name for path in files if invisible.search(path.read_text("utf-8"))] == []
