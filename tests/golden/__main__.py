"""Record this tree and compare it with the record.

Run: python -m tests.golden [--write | --against REV] [--only TEXT] [--jobs N]
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.golden import against, record
from tests.golden.recorder import recorded
from tests.golden.world import ROOT

MEANT = """The text behind a digest: python -m tests.golden --against HEAD --only NAME
If the changes are meant: make golden-write, and say why in tests/golden/intended.md."""


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__.partition("\n")[0])
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--write", action="store_true", help="rewrite the record")
    what.add_argument("--against", metavar="REV", help="compare with another revision, in full")
    parser.add_argument("--only", default="", metavar="TEXT", help="only what has this text in its name")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="so many at once (2)")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="keep here what was recorded, or the differences")
    return parser.parse_args()


def main() -> int:
    """Do what is asked; return 1 where something differs."""
    asked, began = arguments(), time.monotonic()
    if asked.against:
        return against.compare(asked.against, only=asked.only, jobs=asked.jobs, folder=asked.to)
    entries = record.short(recorded(ROOT, only=asked.only, jobs=asked.jobs))
    seconds = time.monotonic() - began
    if asked.write:
        others = {name: entry for name, entry in record.read().items() if asked.only not in name}
        record.write(dict(sorted((others | entries if asked.only else entries).items())), record.HERE)
        print(f"{len(entries)} entries written in {seconds:.0f} s")
        return 0
    folder = asked.to or Path(tempfile.mkdtemp(prefix="golden-"))
    record.write(entries, folder)
    compared = record.Compared(record.chosen(record.read(), asked.only), entries)
    for difference in compared.differences():
        print(difference)
    print(f"{compared}; {seconds:.0f} s; recorded in {folder}" + ("" if compared.same else f"\n{MEANT}"))
    return 0 if compared.same else 1


if __name__ == "__main__":
    sys.exit(main())
