"""A chart of a page as a drawing: the digest of its SVG, and what is written in it."""

import html
import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import vl_convert

from tests.golden.normal import digest, one_line

WIDTH = 700  # of a chart that takes the width of its place
FONT = "Park Explorer Sans"  # measured alike on every machine: the tree carries it
SKIPPED = {".venv", ".git", "node_modules"}


def register_fonts(tree: Path) -> None:
    """Let the renderer find the fonts that a tree carries."""
    for folder in {path.parent for kind in ("otf", "ttf") for path in tree.rglob(f"*.{kind}")}:
        if not SKIPPED & set(folder.relative_to(tree).parts):
            vl_convert.register_font_directory(str(folder))


def rows_of(data: bytes) -> list[dict[str, Any]]:
    """Return the rows that a chart is sent."""
    return json.loads(json.dumps(pa.ipc.open_stream(io.BytesIO(data)).read_all().to_pylist(), default=str))


def with_rows(proto: Any) -> dict[str, Any]:
    """Return the specification of a chart with its rows inside."""
    spec = json.loads(proto.spec)
    if proto.HasField("data") and proto.data.data:
        spec["data"] = {"values": rows_of(proto.data.data)}
    named = {one.name: rows_of(one.data.data) for one in proto.datasets if one.name}
    if named:
        spec["datasets"] = {**spec.get("datasets", {}), **named}
    elif proto.datasets:
        spec["data"] = {"values": rows_of(proto.datasets[0].data.data)}
    if spec.get("width", "container") == "container" and not {"hconcat", "vconcat", "concat", "facet"} & set(spec):
        spec["width"] = WIDTH
    spec["config"] = {**spec.get("config", {}), "font": FONT}
    return spec


@cache
def drawn(spec: str) -> str:
    """Return the SVG of a specification, with the numbers of its parts counted from one."""
    svg = vl_convert.vegalite_to_svg(spec)
    numbers: dict[str, str] = {}
    return re.sub(r"\b(clip|gradient_?)(\d+)", lambda one: numbers.setdefault(one[0], f"{one[1]}n{len(numbers)}"), svg)


def heard(label: str) -> str:
    """Return what a mark says of itself, without the names of columns, which only a program reads."""
    return one_line(re.sub(r"(^|; )[a-z][a-z0-9_]*: ", r"\1", html.unescape(label)))


def chart(proto: Any) -> list[str]:
    """Return a chart as an entry: digest of the drawing, its texts in order, how many marks of which kind."""
    svg = drawn(json.dumps(with_rows(proto), ensure_ascii=False))
    labels = [heard(label) for label in re.findall(r'aria-label="([^"]*)"', svg)]
    plain = re.sub(r' aria-label="[^"]*"', "", svg)
    texts = [html.unescape(re.sub(r"<[^>]+>", " ", one)) for one in re.findall(r"<text\b[^>]*>(.*?)</text>", svg, re.S)]
    roles = re.findall(r'aria-roledescription="([^"]*)"', svg)
    counts = ", ".join(f"{roles.count(role)} {role}" for role in dict.fromkeys(roles))
    size = re.search(r'viewBox="([^"]*)"', svg)
    return [
        f"svg #{digest(plain, 64)} {size[1] if size else ''}",
        f"texts: {' | '.join(map(one_line, texts))}",
        f"marks: {counts}; labels #{digest(chr(10).join(labels))}",
        *(f"label: {label}" for label in dict.fromkeys(labels)),
    ]
