"""The record as files: entries under their names, shortened where they are long, and what differs between two."""

import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.golden.normal import digest

HERE = Path(__file__).parent / "record"
HEAD = "=== "
SECTION = "§ "
WHOLE = 4_000  # characters of an entry that is kept whole
STYLE = "html: <style>"
ALIKE = {f"{SECTION}sidebar", f"{SECTION}event"}  # in words only on the first page
FIRST = "-overview/overview"
LINE = 260
BUDGET = 500  # characters of a section of a longer entry
SHOWN = 60  # lines of one difference on the screen
Entry = list[str]
Entries = dict[str, Entry]  # by name: group/address


def sections(entry: Entry) -> list[Entry]:
    """Return the parts of an entry, each from the head of a section on."""
    parts: list[Entry] = [[]]
    for line in entry:
        if line.startswith(SECTION):
            parts.append([])
        parts[-1].append(line)
    return [part for part in parts if part]


def cut(line: str, most: int = LINE) -> str:
    """Return a line, a long one with its beginning, its length and its digest."""
    return line if len(line) <= most else f"{line[: most - 40]} … {len(line)} characters #{digest(line)}"


def shortened(name: str, entry: Entry) -> Entry:
    """Return what the record keeps of an entry: all of a short one, else each section with the digest of its rest."""
    if name.startswith("api"):
        return [line for part in sections(entry) for line in ends(part)]
    if name.startswith(("charts", "web")):
        return [cut(line) for line in entry if not line.startswith("label: ")]  # these have a digest
    parts = sections(entry)
    first = name.endswith(FIRST)
    parts = [kept for part in parts if (kept := part if first or part[0] not in ALIKE else told(part))]
    if sum(len(line) for part in parts for line in part) <= WHOLE:
        return [cut(line, 4 * LINE) for part in parts for line in part]
    return [line for part in parts for line in (part if part[0] in ALIKE else beginning(part))]


def told(part: Entry) -> Entry:
    """Return the digest of a section that is much alike on every page; nothing of one that only holds styles."""
    if len(part) > 1 and all(line.startswith((STYLE, "    ")) for line in part[1:]):
        return []
    return [f"{part[0]}: {len(part) - 1} lines #{digest(chr(10).join(part))}"]


def ends(part: Entry) -> Entry:
    """Return the head of a table with its first and its last row."""
    if not part[0].startswith(SECTION) or len(part) <= 4:
        return [cut(line, 3 * LINE) for line in part]
    return [
        cut(part[0], 3 * LINE),
        cut(part[1]),
        f"  … {len(part) - 3} lines #{digest(chr(10).join(part))}",
        cut(part[-1]),
    ]


def beginning(part: Entry) -> Entry:
    """Return the first lines of a section, as many as it has room for, and the digest of the others."""
    kept, room = [cut(part[0])], BUDGET
    for line in part[1:]:
        room -= min(len(line), LINE)
        if room < 0:
            break
        kept.append(cut(line))
    rest = part[len(kept) :]
    return kept if not rest else [*kept, f"… {len(rest)} lines #{digest(chr(10).join(rest))}"]


def short(entries: Mapping[str, Entry]) -> Entries:
    """Return all entries as the record keeps them, without empty lines at their ends."""
    return {name: "\n".join(shortened(name, entry)).rstrip("\n").split("\n") for name, entry in entries.items()}


def write(entries: Entries, folder: Path) -> None:
    """Write entries into files, one for each group; files of groups that are gone go."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, list[str]] = {}
    for name, entry in entries.items():
        group, _, address = name.partition("/")
        files.setdefault(f"{group}.txt", []).extend([HEAD + address, *entry, ""])
    for path in folder.glob("*.txt"):
        if path.name not in files:
            path.unlink()
    for file, lines in files.items():
        (folder / file).write_text("\n".join(lines), "utf-8")


def read(folder: Path = HERE) -> Entries:
    """Read what was written."""
    entries: Entries = {}
    for path in sorted(folder.glob("*.txt")):
        for text in re.split(rf"^{HEAD}", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            address, *lines = text.rstrip("\n").split("\n")
            entries[f"{path.stem}/{address}"] = lines
    return entries


def chosen(entries: Entries, only: str) -> Entries:
    """Return the entries whose name holds a text."""
    return {name: entry for name, entry in entries.items() if only in name}


def difference(name: str, old: Entry, new: Entry, most: int | None = SHOWN) -> str:
    """Return the unified difference of one entry, at most so many lines of it."""
    lines = list(difflib.unified_diff(old, new, f"record: {name}", f"now: {name}", lineterm="", n=1))
    if most is not None and len(lines) > most:
        lines[most:] = [f"… {len(lines) - most} lines more; python -m tests.golden --against REV writes them all"]
    return "\n".join(cut(line, 2 * LINE) if most is not None else line for line in lines)


class Compared:
    """What two recordings have in common and what not."""

    def __init__(self, old: Entries, new: Entries) -> None:
        self.old, self.new = old, new
        both = [name for name in old if name in new]
        self.differ = [name for name in both if old[name] != new[name]]
        self.equal = len(both) - len(self.differ)
        self.added = [name for name in new if name not in old]
        self.gone = [name for name in old if name not in new]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.differ or self.added or self.gone)

    def differences(self, most: int | None = SHOWN) -> Iterable[str]:
        """Yield the difference of each entry, with those that are only in one."""
        for name in self.differ:
            yield difference(name, self.old[name], self.new[name], most)
        for name in self.added:
            yield f"new: {name}" if most is not None else difference(name, [], self.new[name], most)
        for name in self.gone:
            yield f"gone: {name}" if most is not None else difference(name, self.old[name], [], most)

    def __str__(self) -> str:
        return f"{self.equal} equal, {len(self.differ)} differ, {len(self.added)} new, {len(self.gone)} gone"
