"""Record a tree: its pages by worker.py, its addresses from a server, each in full."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qsl

from tests.golden import asking
from tests.golden.normal import Normal
from tests.golden.record import Entries
from tests.golden.world import HERE, World, served, worlds

VIEWS = HERE / "views.txt"
LANGUAGES = ("zh", "en")
View = dict[str, object]


def views(path: Path = VIEWS) -> list[View]:
    """Read the list of views, each in both languages: a line is [own] page?parameters; # begins a comment."""
    found: list[View] = []
    for line in path.read_text("utf-8").splitlines():
        said = line.partition("#")[0].strip()
        if not said:
            continue
        world, address = ("own", said.removeprefix("own ")) if said.startswith("own ") else ("base", said)
        page, _, query = address.partition("?")
        for lang in LANGUAGES:
            name = f"pages-{lang}-{page}/{'own ' if world == 'own' else ''}{address}"
            asked = {"lang": lang} | dict(parse_qsl(query, keep_blank_values=True))
            found.append({"name": name, "page": page, "asked": asked, "world": world})
    return found


def parts(wanted: list[View], jobs: int) -> list[list[View]]:
    """Return views in parts of like length, each of one world, those of one page together as they are cheaper so."""
    found = []
    for world in ("base", "own"):
        of_world = [view for view in wanted if view["world"] == world]
        share = -(-len(of_world) // jobs) or 1
        found += [of_world[place : place + share] for place in range(0, len(of_world), share)]
    return found


def pages(world: World, wanted: list[View], place: int) -> Entries:
    """Run views in a process of their own, in the tree of a world."""
    asked, written = (world.folder / f"{name}-{place}.json" for name in ("views", "shown"))
    asked.write_text(json.dumps(wanted, ensure_ascii=False), "utf-8")
    command = [sys.executable, "-W", "ignore", str(HERE / "worker.py"), str(asked), str(written)]
    done = subprocess.run(command, cwd=world.tree, env=world.environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the pages of {world.tree} could not be run:\n{done.stderr[-6000:]}")
    return json.loads(written.read_text("utf-8"))


def answers(world: World, wanted: list[asking.Address]) -> Entries:
    """Ask a server of the tree of a world."""
    with served(world) as port:
        return asking.asked(port, wanted, Normal(world.database, port=port, tree=world.tree))


def recorded(tree: Path, *, only: str = "", jobs: int = 1, names: Iterable[str] | None = None) -> Entries:
    """Return every entry of a tree in full, in a fixed order.

    only: a text that the name must hold; names: the names that are wanted (those of charts come with their views).
    """
    kept = None if names is None else set(names)
    charted = only.replace("charts-", "pages-").partition(" chart ")[0]
    seen = [one for one in views() if charted in str(one["name"]) and (kept is None or one["name"] in kept)]
    asked = [one for one in asking.addresses() if only in one.name and (kept is None or one.name in kept)]
    with tempfile.TemporaryDirectory(prefix="golden-") as folder, ThreadPoolExecutor(jobs) as pool:
        both = worlds(tree, Path(folder) / "world", {str(one["world"]) for one in seen} | {one.world for one in asked})
        tasks = [
            pool.submit(pages, next(world for world in both if world.name == part[0]["world"]), part, place)
            for place, part in enumerate(parts(seen, jobs))
        ]
        for world in both:
            of_world = [one for one in asked if one.world == world.name]
            tasks += [pool.submit(answers, world, of_world)] if of_world else []
        entries: Entries = {}
        for task in tasks:
            entries |= task.result()
    return dict(sorted((name, entry) for name, entry in entries.items() if only in name))
