"""Run pages of the tree that stands in the current folder; started by recorder.py, with a file of what is wanted.

The folder of this file's own tree is on the path only while the recorder itself is imported: every other module that
a page imports is that of the tree.
"""

import functools
import json
import os
import runpy
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[0] = str(HERE.parent.parent)

import streamlit as st  # noqa: E402
from streamlit.components.v2 import manifest_scanner  # noqa: E402
from streamlit.elements.lib import mutable_expander_container, mutable_popover_container  # noqa: E402
from streamlit.runtime.media_file_manager import MediaFileManager  # noqa: E402
from streamlit.testing.v1 import AppTest  # noqa: E402

from tests.golden.bodies import digest_of  # noqa: E402
from tests.golden.charts import register_fonts  # noqa: E402
from tests.golden.elements import Reader  # noqa: E402
from tests.golden.normal import Normal, digest  # noqa: E402

sys.path[0] = str(Path.cwd())
TREE = Path.cwd()
SECONDS = 120
PICTURES = ("png", "svg")  # drawn from charts that are recorded themselves


def router() -> Path:
    """Return the script that app.py serves; app.py is run as a module, without its server."""
    given: list[Path] = []

    class Heard:
        """Stands in for st.App, of which only the first argument matters here."""

        def __init__(self, script: Path, *_given: object, **_named: object) -> None:
            given.append(Path(script).resolve())

    original, st.App = st.App, Heard
    try:
        runpy.run_path(str(TREE / "app.py"))
    finally:
        st.App = original
    return given[0]


def opened() -> None:
    """Let every menu be open, so that one run shows what is in it."""
    for kind in (mutable_popover_container.PopoverContainer, mutable_expander_container.ExpanderContainer):
        kind.open = property(lambda _self: True, lambda _self, _value: None)


class Files:
    """Hears of every file that a page offers."""

    def __init__(self) -> None:
        self.offered: dict[str, tuple[str, str, Any]] = {}
        later, now = MediaFileManager.add_deferred, MediaFileManager.add

        def add_deferred(manager: Any, data: Any, kind: str, where: str, file_name: str = "", **named: Any) -> str:
            code = later(manager, data, kind, where, file_name, **named)
            self.offered[code] = (file_name or "", kind or "", data)
            return code

        def add(manager: Any, data: Any, kind: str, where: str, file_name: str = "", **named: Any) -> str:
            code = now(manager, data, kind, where, file_name, **named)
            self.offered[code] = (file_name or "", kind or "", lambda: data)
            return code

        MediaFileManager.add_deferred, MediaFileManager.add = add_deferred, add

    def told(self, normal: Normal) -> dict[str, str]:
        """Return name and digest of each file, by the code under which a button has it.

        Rows that are offered as CSV, too, and pictures of charts are named alone.
        """
        names = {name for name, _, _ in self.offered.values()}
        said = {}
        for code, (name, kind, make) in self.offered.items():
            said[code] = normal.text(name)
            stem, _, suffix = name.rpartition(".")
            if suffix not in PICTURES and (suffix == "csv" or f"{stem}.csv" not in names):
                content = make()
                content = content.encode() if isinstance(content, str) else content
                said[code] += f" #{digest(digest_of(kind, content, [], normal))}"
        self.offered.clear()
        return said


def shown(script: Path, view: dict[str, Any], files: Files, normal: Normal) -> dict[str, list[str]]:
    """Return the lines of one view, and those of its charts."""
    at = AppTest.from_file(str(script), default_timeout=SECONDS)
    page = script.parent / f"{view['page']}.py"
    if view["page"] != "overview":
        at.switch_page(str(page if page.exists() else TREE / "pages" / page.name))
    framed = view["asked"].pop("embed", "") == "true"
    at.context = {"is_embedded": framed, "url": f"http://localhost/{view['page']}", "locale": "zh"}
    at.query_params = view["asked"]
    at.run()
    reader = Reader(files.told(normal))
    entries = {view["name"]: reader.page(at._tree)}
    for place, lines in enumerate(reader.charts, 1):
        entries[f"{view['name'].replace('pages-', 'charts-', 1)} chart {place}"] = lines
    return {name: [normal.text(line) for line in lines] for name, lines in entries.items()}


def main() -> None:
    """Read the views that are wanted, write what each shows."""
    wanted, written = sys.argv[1:]
    # AppTest would look through all installed packages anew for each view.
    manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)
    opened()
    files = Files()
    script = router()
    register_fonts(TREE)
    normal = Normal(Path(os.environ["PARK_DATABASE"]), tree=TREE)
    found: dict[str, list[str]] = {}
    for view in json.loads(Path(wanted).read_text("utf-8")):
        found |= shown(script, view, files, normal)
    Path(written).write_text(json.dumps(found, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
