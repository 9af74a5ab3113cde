"""The elements of a page as lines, in the order of the page, from the messages that its browser is sent."""

import json
from collections.abc import Iterator
from typing import Any

from google.protobuf.json_format import MessageToDict

from tests.golden.charts import chart
from tests.golden.normal import one_line
from tests.golden.record import SECTION, Entry

HEADINGS = ("title", "header", "subheader")
MAIN = ("body", "label", "content", "text", "title")
# What holds no word for a reader, or a number that is another one each time.
DROPPED = {
    "id", "formId", "url", "deferredFileId", "pageScriptHash", "setValue", "widthConfig", "heightConfig", "elementType",
    "labelVisibility", "hideAnchor", "hideAnchors", "wrap", "arrowData", "spec", "data", "datasets", "tag", "open",
    "useContainerWidth", "gapConfig", "selectionMode", "format", "unsafeAllowHtml", "allowHtml",
    "maxUploadSizeMb", "clickMode", "style", "styledValue", "ignoreRerun", "rowHeight",
}  # fmt: skip


class Reader:
    """Reads the tree of a page; keeps its charts beside the lines. files: name and digest by what a button says."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files, self.charts = files, list[Entry]()

    def page(self, tree: Any) -> Entry:
        """Return the lines of a page: the main part, then the sidebar and what else there is."""
        lines: Entry = []
        for _, block in sorted(tree.children.items()):
            inner = list(self.block(block, 0))
            if inner and block.type != "main":
                lines.append(f"{SECTION}{block.type}")
            lines += inner
        return lines

    def block(self, block: Any, depth: int) -> Iterator[str]:
        """Yield the lines of a block; one with a label indents what is in it."""
        said = label(block)
        if said:
            yield f"{'  ' * depth}[{block.type}] {said}"
        for _, child in sorted(block.children.items()):
            if hasattr(child, "children"):
                yield from self.block(child, depth + bool(said))
            else:
                head, *more = self.element(child)
                section = SECTION if child.type in HEADINGS else ""
                yield f"{section}{'  ' * (depth if not section else 0)}{head}"
                yield from (f"{'  ' * depth}    {line}" for line in more)

    def element(self, element: Any) -> Entry:
        """Return an element as a line, and more of them where it is a table or a text of several lines."""
        kind, proto = element.type, element.proto
        if kind == "vega_lite_chart":
            self.charts.append(chart(proto))
            return [f"chart {len(self.charts)}: {one_line(proto.alt)}"]
        if kind in ("dataframe", "table"):
            return frame(kind, element)
        fields = {name: value for name, value in MessageToDict(proto).items() if name not in DROPPED}
        if kind == "download_button":
            fields["file"] = self.files.get(proto.deferred_file_id or proto.url, "?")
        if kind == "imgs":
            fields = {"images": len(proto.imgs), "captions": [image.caption for image in proto.imgs]}
        main = next((name for name in MAIN if isinstance(fields.get(name), str)), None)
        head, *more = str(fields.pop(main)).split("\n") if main else [""]
        said = [f"{name}={flat(value)}" for name, value in fields.items()]
        return [f"{kind}: {' ; '.join([one_line(head), *said])}", *map(one_line, more)]


def label(block: Any) -> str:
    """Return what is written on a block that opens, as a menu or a tab is."""
    proto = getattr(block, "proto", None)
    if proto is None:
        return ""
    inner = proto
    if hasattr(proto, "WhichOneof") and any(one.name == "type" for one in proto.DESCRIPTOR.oneofs):
        chosen = proto.WhichOneof("type")
        inner = getattr(proto, chosen) if chosen else None
    said = getattr(inner, "label", "") or getattr(inner, "title", "")
    return one_line(said) if isinstance(said, str) else ""


def flat(value: object) -> str:
    """Return a value of a field as text: the words of a list apart by bars."""
    if isinstance(value, list):
        return "[" + " | ".join(map(flat, value)) + "]"
    if isinstance(value, dict):
        kept = {name: one for name, one in value.items() if name not in DROPPED}
        return flat(next(iter(kept.values()))) if len(kept) == 1 else json.dumps(kept, ensure_ascii=False)
    return one_line(value)


def frame(kind: str, element: Any) -> Entry:
    """Return a grid: heads as they are shown, then its rows."""
    rows = element.value
    shown = getattr(element.proto, "columns", "") or "{}"
    heads = json.loads(shown) if isinstance(shown, str) else {}
    names = [str((heads.get(str(column)) or {}).get("label") or column) for column in rows.columns]
    hidden = [str(column) for column in rows.columns if (heads.get(str(column)) or {}).get("hidden")]
    head = f"{kind}: {len(rows)} rows; {' | '.join(map(one_line, names))}"
    lines = [" | ".join(one_line(cell) for cell in row) for row in rows.itertuples(index=False, name=None)]
    return [head + (f"; hidden {' | '.join(hidden)}" if hidden else ""), *lines]
