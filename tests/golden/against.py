"""Compare this tree with another revision: both recorded in full by the recorder of this one."""

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.golden.record import Compared
from tests.golden.recorder import recorded
from tests.golden.world import ROOT


def git(*command: str) -> str:
    """Run git in this tree."""
    done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"git {' '.join(command)}: {done.stderr}")
    return done.stdout.strip()


@contextlib.contextmanager
def worktree(revision: str) -> Iterator[Path]:
    """Check a revision out in a folder of its own until the block ends."""
    with tempfile.TemporaryDirectory(prefix="golden-tree-") as folder:
        tree = Path(folder) / "tree"
        git("worktree", "add", "--detach", str(tree), revision)
        try:
            yield tree
        finally:
            git("worktree", "remove", "--force", str(tree))


def compare(revision: str, *, only: str, jobs: int, folder: Path | None) -> int:
    """Write the full difference of every entry into a folder and print a summary; return 1 where there is one."""
    with worktree(revision) as tree:
        before = recorded(tree, only=only, jobs=jobs)
    compared = Compared(before, recorded(ROOT, only=only, jobs=jobs))
    into = folder or Path(tempfile.mkdtemp(prefix="golden-against-"))
    into.mkdir(parents=True, exist_ok=True)
    for name, text in zip([*compared.differ, *compared.added, *compared.gone], compared.differences(None), strict=True):
        file = into / f"{name.partition('/')[0]}.diff"
        with file.open("a", encoding="utf-8") as written:
            written.write(text + "\n\n")
        print(name)
    print(f"{compared}; differences in {into}")
    return 0 if compared.same else 1
