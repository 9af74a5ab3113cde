"""Rules of the house that a test can hold. Each message says how to mend what it found."""

import ast
import graphlib
import re
import sys
from collections import Counter
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from babel.messages import pofile

from tests.conftest import ROOT

PAGES = ROOT / "pages"
CATALOGUE = PAGES / "locale" / "en" / "LC_MESSAGES" / "park.po"
SHELVES = {"data", "queries", "pages"}
MOST_MODULES = 12
MOST_LINES = 300
MOST_LINES_OF_A_PAGE = 65
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
    "pages/wording/figures.py": {"以上", "预计", "年", "月", "日", "年月日", "或", "约", "近"},
    "pages/ui/layout.py": {"园区指标浏览器．", "．数据版本 "},
    # Official papers number their parts so, and are set in these typefaces.
    "pages/ledger/circular.py": {"一二三四五六七八九十", "方正小标宋简体", "黑体", "仿宋"},
    "pages/charts/ledger.py": set(MONTHS_OF_AXES),
    "pages/charts/ledger_groups.py": set(MONTHS_OF_AXES),
}


def sources(folder: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)


def parse_python(path: Path) -> ast.Module:
    """The tree of a file; again where a thread of another test compiled at that moment, which Python 3.11 mixes up."""
    for _again in range(5):
        with suppress(SystemError):
            return ast.parse(path.read_text("utf-8"))
    return ast.parse(path.read_text("utf-8"))


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def imported(path: Path) -> set[str]:
    """Modules a file imports, wherever in it; `from queries.export import formats` gives queries.export.formats."""
    found = set()
    for node in ast.walk(parse_python(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{short(path)}, line {node.lineno}: import from the root, absolutely"
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in modules() else str(node.module) for name in named}
    return found


@cache
def modules() -> dict[str, Path]:
    """Every module of the shelves by its dotted name."""
    paths = [path for shelf in SHELVES for path in sources(shelf) if path.name != "__init__.py"]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}


def room_of(module: str) -> str:
    """The package of a module, or the module itself where it stands on the shelf."""
    return ".".join(module.split(".")[:2])


def rooms() -> dict[str, Path]:
    """The packages of the shelves by their dotted names."""
    folders = {path.parent for shelf in SHELVES for path in (ROOT / shelf).rglob("__init__.py")}
    return {".".join(path.relative_to(ROOT).parts): path for path in folders if path.parent != ROOT}


@cache
def map_of(room: Path) -> tuple[set[str], set[str]]:
    """What the docstring of a package says: its modules, and what they may import."""
    text = ast.get_docstring(parse_python(room / "__init__.py")) or ""
    described, _, allowed = text.partition("May import:")
    return set(re.findall(r"^  (\w+)  ", described, re.MULTILINE)), set(re.findall(r"[a-z_]+\.[a-z_]+", allowed))


def test_a_file_has_at_most_300_lines():
    long = {
        name: n for name, path in modules().items() if (n := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    }
    assert not long, f"part the file by subject: {long}"


def test_the_docstring_of_each_package_is_its_map():
    wrong = []
    for name, room in rooms().items():
        described, there = map_of(room)[0], {path.stem for path in room.glob("*.py")} - {"__init__"}
        wrong += [f"{name}: {module} is not described" for module in sorted(there - described)]
        wrong += [f"{name}: {module} is described and not there" for module in sorted(described - there)]
    assert not wrong, f"in the docstring of __init__.py, a line for each module (two spaces, name, what): {wrong}"


def test_a_package_imports_only_what_its_docstring_names():
    wrong = []
    for module, path in modules().items():
        if room_of(module) == module:
            continue
        allowed = map_of(path.parent)[1] | {room_of(module)}
        used = {room_of(name) for name in imported(path) if name in modules()}
        wrong += [f"{module} imports {name}" for name in sorted(used - allowed)]
    assert not wrong, f"move what is shared down, or name the package after May import: in __init__.py: {wrong}"


def test_every_import_that_a_docstring_allows_is_made():
    used: dict[str, set[str]] = {name: set() for name in rooms()}
    for module, path in modules().items():
        if room_of(module) != module:
            used[room_of(module)] |= {room_of(name) for name in imported(path) if name in modules()}
    idle = [f"{name}: {other}" for name, room in rooms().items() for other in sorted(map_of(room)[1] - used[name])]
    assert not idle, f"take these out of the docstrings, after May import: {idle}"


def test_packages_import_each_other_in_no_circle():
    arrows: dict[str, set[str]] = {}
    for module, path in modules().items():
        used = {room_of(name) for name in imported(path) if name in modules()}
        arrows.setdefault(room_of(module), set()).update(used - {room_of(module)})
    try:
        graphlib.TopologicalSorter(arrows).prepare()
    except graphlib.CycleError as circle:
        pytest.fail(f"move what both need into a package below: {' -> '.join(circle.args[1])}")


def test_modules_of_a_package_import_each_other_in_no_circle():
    arrows = {module: imported(path) & set(modules()) - {module} for module, path in modules().items()}
    try:
        graphlib.TopologicalSorter(arrows).prepare()
    except graphlib.CycleError as circle:
        pytest.fail(f"move what both need into a module below: {' -> '.join(circle.args[1])}")


def test_a_package_has_at_most_12_modules():
    many = {name: n for name, room in rooms().items() if (n := len(list(room.glob("*.py"))) - 1) > MOST_MODULES}
    assert not many, f"divide these by what they know: {many}"


def test_shelves_know_only_those_below_them():
    below = {"data": {"data"}, "queries": {"data", "queries"}, "pages": {"data", "queries", "pages"}}
    libraries = {"data": {"streamlit", "altair"}, "queries": {"streamlit", "altair"}, "pages": {"duckdb"}}
    wrong = []
    for module, path in modules().items():
        shelf, used = module.partition(".")[0], {name.partition(".")[0] for name in imported(path)}
        wrong += [f"{module} imports {name}" for name in sorted(used & (SHELVES - below[shelf] | libraries[shelf]))]
    assert not wrong, f"data knows nobody, queries know no page, pages ask through queries: {wrong}"


def test_words_charts_and_elements_ask_no_questions():
    pure = (
        r"data\.(languages|paths|states|themes)\b|queries\.database\.run_context\b|"
        r"queries\.(export|figures\.(formulas|growth|intervals|precedence))\b"
    )
    wrong = [
        f"{module} imports {name}"
        for module, path in modules().items()
        if module.startswith(("pages.wording.", "pages.charts.", "pages.ui."))
        for name in sorted(imported(path))
        if name.startswith(("queries.", "data.")) and not re.match(pure, name)
    ]
    assert not wrong, f"hand the rows in, or move it to a package that may ask: {wrong}"


def scripts() -> list[Path]:
    """The script of each page, and the router."""
    return [path for path in sorted(PAGES.glob("*.py")) if path.stem != "__init__"]


def test_a_page_imports_no_other_page():
    others = {f"pages.{path.stem}" for path in scripts()}
    wrong = [f"{short(path)} imports {name}" for path in scripts() for name in sorted(imported(path) & others)]
    assert not wrong, f"share through a package of pages/: {wrong}"


def test_a_page_is_a_short_script():
    lines = {short(path): len(path.read_text("utf-8").splitlines()) for path in scripts() if path.stem != "navigation"}
    long = {name: n for name, n in lines.items() if n >= MOST_LINES_OF_A_PAGE}
    assert not long, f"name a part of it and move it to a package of pages/: {long}"


def untyped(annotation: ast.expr | None) -> bool:
    """Whether an annotation says Any, except for the values of a mapping, as of JSON."""
    if annotation is None:
        return False
    if isinstance(annotation, ast.Subscript) and re.search("(dict|Mapping)$", ast.unparse(annotation.value)):
        return isinstance(annotation.slice, ast.Tuple) and untyped(annotation.slice.elts[0])
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return untyped(ast.parse(annotation.value, mode="eval").body)
    return getattr(annotation, "id", "") == "Any" or any(
        untyped(part) for part in ast.iter_child_nodes(annotation) if isinstance(part, ast.expr)
    )


def test_a_public_function_says_what_it_takes_and_returns():
    wrong = []
    for path in sources("data") + sources("queries") + sources("pages"):
        tree = parse_python(path)
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        for node in [*tree.body, *(part for each in classes for part in each.body)]:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or re.match("_[^_]", node.name):
                continue
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
            said = {part.arg: part.annotation for part in every if part} | {"return": node.returns}
            wrong += [f"{short(path)}: {node.name}: {name}" for name, given in said.items() if untyped(given)]
    assert not wrong, f"name the type in place of Any: {wrong}"


def test_no_page_writes_html():
    paths = [ROOT / "app.py", *sources("pages")]
    wrong = [short(path) for path in paths if "unsafe_allow_html" in path.read_text("utf-8")]
    assert not wrong, f"use Streamlit's own elements instead: {wrong}"


def test_no_page_hands_a_function_to_polars():
    found = [
        short(path)
        for path in sources("pages")
        if re.search(r"\.map_(elements|batches|groups)\(", path.read_text("utf-8"))
    ]
    assert found == [], "make the texts in a list: a thread of Polars does not know the language of the run"


def test_a_page_that_ends_early_can_still_be_shown_in_a_frame():
    paths = [path for path in sources("pages") if path.stem not in ("navigation", "layout")]
    wrong = [short(path) for path in paths if "st.stop()" in path.read_text("utf-8")]
    assert not wrong, f"call layout.stop(); after st.stop() a frame is empty: {wrong}"


def _get_called_name(call: ast.Call) -> str:
    """The name of what is called; of choose_fetch(...)("name") that of the inner call."""
    called = call.func.func if isinstance(call.func, ast.Call) else call.func
    return str(getattr(called, "id", getattr(called, "attr", "")))


def test_every_question_is_asked_and_has_a_name_of_its_own():
    files = sorted((ROOT / "queries").rglob("*.sql"))
    paths = [path for path in files if path.parent.name not in ("checks", "view", "shown")]
    calls = {
        str(node.args[0].value)
        for source in [*sources("queries"), *sources("pages")]
        for node in ast.walk(parse_python(source))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        if _get_called_name(node) in ("fetch", "fetch_printed", "choose_fetch")
    }
    idle = [short(path) for path in paths if path.stem not in calls]
    assert not idle, f'call fetch("name"), or delete the file: {idle}'
    twice = [name for name, n in Counter(path.stem for path in files).items() if n > 1]
    assert not twice, f"two files of one name below queries/; fetch() finds them by it: {twice}"


def test_no_file_of_the_pages_hides_a_shelf_or_a_library():
    libraries = {"streamlit", "altair", "duckdb", "polars", "pyarrow", "fastapi", "babel", "cachetools", "xlsxwriter"}
    taken = SHELVES | {"tests", "docs", "app"} | libraries | set(sys.stdlib_module_names)
    names = {path.stem for path in scripts()} | {room.name for room in rooms().values() if room.parent == PAGES}
    assert not names & taken, f"pages/ comes first where Python looks for modules; rename {names & taken}"


def test_a_list_of_requirements_holds_no_address_and_a_hash_for_each():
    for path in sorted(ROOT.glob("requirements*.txt")):
        text = path.read_text("utf-8")
        found = [line for line in text.splitlines() if re.search(r"https?:|://|index-url|find-links", line)]
        assert not found, f"{short(path)}: {found[:3]}: make it again with make lock, which leaves addresses out"
        pinned = re.findall(r"^[a-z0-9][\w.-]*==\S+ \\\n    --hash=sha256:", text, re.MULTILINE)
        lines = re.findall(r"^[a-z0-9]", text, re.MULTILINE)
        assert len(pinned) == len(lines), f"{short(path)}: make it with make lock"


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
    found.visit(parse_python(path))
    return found


def test_every_chinese_text_of_a_page_can_be_translated():
    bare = [
        f"{short(path)}, line {line}: {text!r}"
        for path in sources("pages")
        for line, text in texts(path).bare
        if text not in CHINESE_ONLY.get(short(path), set())
    ]
    assert not bare, f"put these into _(), and their English into {short(CATALOGUE)}: {bare}"


def test_a_text_for_translation_stands_there_as_it_is():
    made = PAGES / "wording" / "language.py"  # where _ itself is made
    found = [f"{short(path)}, line {n}" for path in sources("pages") if path != made for n in texts(path).computed]
    assert not found, f"_() takes a plain text with {{names}}; hand the values in after it: {found}"


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
