"""Rules of the house that a test can hold. Each message says how to mend what it found."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest
from babel.messages import pofile

from tests.conftest import ROOT

PAGES = ROOT / "pages"
CATALOGUE = PAGES / "locale" / "en" / "LC_MESSAGES" / "park.po"
SHELVES = {"data", "queries", "pages", "tests", "docs", "app"}
HAN = re.compile("[\u4e00-\u9fff]")
# Expressions of Vega that build Chinese dates on an axis.
MONTHS_OF_AXES = (
    "(timeFormat(datum.value, '%m') == '01' ? timeFormat(datum.value, '%Y') + '年' : '') + "
    "toNumber(timeFormat(datum.value, '%m')) + '月'",
    "datum.value == 2 ? '1—2月' : datum.value + '月'",
    "(slice(datum.value, 5) == '01' ? slice(datum.value, 0, 4) + '年' : '') + toNumber(slice(datum.value, 5)) + '月'",
)
# Chinese that is not for the catalogue: it builds Chinese numbers, dates and citations, or matches printed words.
CHINESE_ONLY = {
    "pages/wording/language.py": {"中文"},
    "pages/wording/figures.py": {"以上", "预计", "年", "月", "日", "年月日", "或", "约", "近"},
    "pages/ui/layout.py": {"园区指标浏览器．", "．数据版本 "},
    # Official papers number their parts so, and are set in these typefaces.
    "pages/ledger/circular.py": {"一二三四五六七八九十", "方正小标宋简体", "黑体", "仿宋"},
    "pages/charts/ledger.py": set(MONTHS_OF_AXES),
}


def sources(folder: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """Modules a file imports, wherever in the file; `from queries import files` gives queries.export.formats."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{short(path)}, line {node.lineno}: import from the root, absolutely"
            inside = node.module in ("queries", "data", "pages", "pages.parts")
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if inside else {str(node.module)}
    return found


def shelves(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize("path", sources("data"), ids=short)
def test_data_imports_neither_queries_nor_pages_nor_streamlit(path):
    wrong = shelves(imported(path)) & {"queries", "pages", "streamlit"}
    assert not wrong, f"{short(path)} imports {wrong}: data knows nobody; move what needs them to queries/ or pages/"


@pytest.mark.parametrize("path", sources("queries"), ids=short)
def test_queries_import_neither_streamlit_nor_pages(path):
    wrong = shelves(imported(path)) & {"streamlit", "pages"}
    assert not wrong, f"{short(path)} imports {wrong}: routes and notebooks use queries/ without a page; hand values in"


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.py")), ids=short)
def test_a_page_imports_no_other_page_and_no_database(path):
    modules = imported(path)
    others = {f"pages.{other.stem}" for other in PAGES.glob("*.py")}
    wrong = {name for name in modules if name in others or shelves({name}) & {"data", "duckdb"}}
    assert not wrong, f"{short(path)} imports {sorted(wrong)}: share through pages/parts/, ask through queries/"


@pytest.mark.parametrize(
    "path", [path for path in sorted(PAGES.glob("*.py")) if path.stem not in ("__init__", "navigation")], ids=short
)
def test_a_page_has_fewer_than_60_lines(path):
    lines = len(path.read_text("utf-8").splitlines())
    assert lines < 60, f"{short(path)} has {lines} lines: name a part of it and move it to pages/parts/"


@pytest.mark.parametrize("path", [ROOT / "app.py", *sources("pages")], ids=short)
def test_no_page_writes_html(path):
    assert "unsafe_allow_html" not in path.read_text("utf-8"), f"{short(path)}: use Streamlit's own elements instead"


@pytest.mark.parametrize(
    "path", [path for path in sources("pages") if path.stem not in ("navigation", "layout")], ids=short
)
def test_a_page_that_ends_early_can_still_be_shown_in_a_frame(path):
    assert "st.stop()" not in path.read_text("utf-8"), (
        f"{short(path)}: call layout.stop(); after st.stop() a frame is empty"
    )


@pytest.mark.parametrize("path", sorted((ROOT / "queries").glob("*.sql")), ids=short)
def test_every_query_has_a_caller(path):
    calls = {
        str(node.args[0].value)
        for source in [*sources("queries"), *sources("pages")]
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        if getattr(node.func, "id", getattr(node.func, "attr", "")) == "fetch"
    }
    assert path.stem in calls, f'{short(path)} is asked by nobody: call fetch("{path.stem}"), or delete the file'


@pytest.mark.parametrize("path", sources("pages"), ids=short)
def test_no_file_of_the_pages_hides_a_shelf_or_a_module(path):
    libraries = {"streamlit", "altair", "duckdb", "polars", "pyarrow", "fastapi", "babel", "cachetools", "xlsxwriter"}
    taken = SHELVES | libraries | (set(sys.stdlib_module_names) - {"__init__"})
    assert path.stem not in taken, f"{short(path)}: pages/ comes first where Python looks for modules; rename the file"


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.txt")), ids=short)
def test_a_list_of_requirements_holds_no_address_and_a_hash_for_each(path):
    text = path.read_text("utf-8")
    found = [line for line in text.splitlines() if re.search(r"https?:|://|index-url|find-links", line)]
    assert not found, f"{short(path)}: {found[:3]}: make it again with make lock, which leaves addresses out"
    pinned = re.findall(r"^[a-z0-9][\w.-]*==\S+ \\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)), f"{short(path)}: make it with make lock"


class Texts(ast.NodeVisitor):
    """Texts of a file: those inside _(), and Chinese ones that are not."""

    def __init__(self) -> None:
        self.translated: dict[str, int] = {}
        self.bare: list[tuple[int, str]] = []
        self.computed: list[int] = []

    def visit_Call(self, node: ast.Call) -> None:
        rest: list[ast.AST] = [*node.args, *node.keywords]
        if isinstance(node.func, ast.Name) and node.func.id == "_":
            first, rest = node.args[0], [*node.args[1:], *node.keywords]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                self.translated[first.value] = node.lineno
            else:
                self.computed.append(node.lineno)
        self.visit(node.func)
        for part in rest:
            self.visit(part)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and HAN.search(node.value):
            self.bare.append((node.lineno, node.value))

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring is for the writer of code
            self.generic_visit(node)


@cache
def texts(path: Path) -> Texts:
    found = Texts()
    found.visit(ast.parse(path.read_text("utf-8")))
    return found


@pytest.mark.parametrize("path", sources("pages"), ids=short)
def test_every_chinese_text_of_a_page_can_be_translated(path):
    allowed = CHINESE_ONLY.get(short(path), set())
    bare = [f"line {line}: {text!r}" for line, text in texts(path).bare if text not in allowed]
    assert not bare, f"{short(path)}: put these into _(), and their English into {short(CATALOGUE)}: {bare}"


@pytest.mark.parametrize("path", sources("pages"), ids=short)
def test_a_text_for_translation_stands_there_as_it_is(path):
    if path.name == "words.py":
        return  # where _ itself is made
    lines = texts(path).computed
    assert not lines, (
        f"{short(path)}, lines {lines}: _() takes a plain text with {{names}}; hand the values in after it"
    )


def english() -> dict[str, str]:
    if not CATALOGUE.exists():
        pytest.fail(f"{short(CATALOGUE)} is missing: make catalogue writes it")
    with CATALOGUE.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in pofile.read_po(file, locale="en") if entry.id}


def said() -> dict[str, str]:
    """Each text for translation, and the file it stands in."""
    return {text: short(path) for path in sources("pages") for text in texts(path).translated}


def test_every_text_of_a_page_has_its_english():
    catalogue = english()
    missing = [f"{path}: {text!r}" for text, path in said().items() if not catalogue.get(text, "").strip()]
    assert not missing, f"run make catalogue, then write the English into {short(CATALOGUE)}: {missing}"


def test_the_english_is_not_chinese():
    left = [text for text, translated in english().items() if HAN.search(translated)]
    assert not left, f"write the English of these into {short(CATALOGUE)}: {left}"


def test_no_english_is_left_of_a_text_that_is_gone():
    here = said()
    gone = [text for text in english() if text not in here]
    assert not gone, f"run make catalogue, which takes these out of {short(CATALOGUE)}: {gone}"


def test_a_text_and_its_english_hold_the_same_placeholders():
    names = re.compile(r"\{(\w*)[^}]*\}")
    unlike = [
        f"{text!r}: {translated!r}"
        for text, translated in english().items()
        if translated and set(names.findall(text)) != set(names.findall(translated))
    ]
    assert not unlike, f"write the same {{names}} in both, in {short(CATALOGUE)}: {unlike}"
