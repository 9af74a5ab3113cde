"""Break the product on purpose, on loopback, and count what held.

Run: make drills, or python -m tests.drills [name...] for some of the files beside this one.
"""

import importlib
import os
import re
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
Drill = Callable[[], tuple[int, int, str]]


def drills(name: str) -> list[Drill]:
    """The drills of one file, in its order."""
    module = importlib.import_module(f"tests.drills.{name}")
    return [value for key, value in vars(module).items() if re.match("drill_", key)]


def main() -> int:
    """Run the drills named, or all; exit code 1 where something did not hold."""
    os.environ.setdefault("PARK_LOG", "json")
    names = sys.argv[1:] or sorted(path.stem for path in HERE.glob("[a-z]*.py"))
    began, broken, rows = time.monotonic(), 0, []
    for name in names:
        for drill in drills(name):
            said = (drill.__doc__ or drill.__name__).strip().splitlines()[0]
            start = time.monotonic()
            try:
                tried, held, remark = drill()
            except Exception:
                traceback.print_exc()
                tried, held, remark = 1, 0, "failed"
            broken += held < tried
            rows.append((name, said, tried, held, time.monotonic() - start, remark))
            print(f"{held:>6,} of {tried:>6,} held  {rows[-1][4]:5.0f} s  {name}: {said} {remark}", flush=True)
    tried, held = sum(row[2] for row in rows), sum(row[3] for row in rows)
    print(f"{held:,} of {tried:,} held, in {(time.monotonic() - began) / 60:.1f} minutes")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
