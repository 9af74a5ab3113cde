"""Commands run in processes forked from one that has imported all of it, which spares each the second of a start.

Run by tests/drills/store.py: a job is a line of JSON on standard input, its end another on standard output. Processes
that read or load files are forked as well; they do what they do when they are started.
"""

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data.isolation import worker
from data.loading import command as load_commands

CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHILDREN = {"data.isolation.worker": worker.main, "data.loading.command": load_commands.main}
MODULES = {
    name: importlib.import_module(name) for name in ("data.load", "data.backup", "data.loading.restoring", "openpyxl")
}


class Forked(subprocess.Popen[bytes]):
    """A module of ours, without a new interpreter. Forked before its parent has begun to ask DuckDB or Polars."""

    def _execute_child(self, arguments: list[str], *others: Any) -> None:
        environment, read, written = others[5], others[9], others[12]
        at = arguments.index("-m") + 1
        main = CHILDREN[arguments[at]]
        self.pid = os.fork()
        if not self.pid:
            os.dup2(read, 0)
            if written >= 0:
                os.dup2(written, 1)
            os.closerange(3, 256)
            sys.stdin = os.fdopen(0)
            os.environ.clear()
            os.environ.update(environment)
            sys.argv = arguments[at:]
            ended(main)
        self._child_created = True
        for end in (read, written):
            if end >= 0:
                os.close(end)


def recorded(place: str, into: Path) -> None:
    """From now on keep a copy of a folder from just before each change of a file in it: what a kill there leaves."""
    seen, copying = 0, False

    def keep(event: str, given: tuple[Any, ...]) -> None:
        nonlocal seen, copying
        changes = event in CHANGES or (event == "open" and isinstance(given[2], int) and given[2] & WRITING)
        if not changes or copying or not str(given[0]).startswith(place):
            return
        copying, seen = True, seen + 1
        shutil.copytree(place, into / f"{seen}")
        copying = False

    sys.addaudithook(keep)


def command(job: dict[str, Any]) -> None:
    """In the child: one command to its end."""
    for number, name in enumerate(("stdout", "stderr"), start=1):
        os.dup2(os.open(job[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ.update(job["environment"])
    sys.argv = [job["module"], *job["options"]]
    subprocess.Popen = Forked  # type: ignore[misc]
    if job["record"]:
        recorded(job["place"], Path(job["record"]))
    ended(MODULES[job["module"]].main)


def ended(main: Callable[[], int | None]) -> None:
    """Run a command to its end, and this process with it."""
    code: int = 1
    try:
        code = main() or 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Do jobs, one after the other, until there is none."""
    for line in sys.stdin:
        job, begun = json.loads(line), time.monotonic()
        child = os.fork()
        if not child:
            command(job)
        if job["after"]:
            time.sleep(job["after"])
            os.kill(child, signal.SIGKILL)  # nobody has waited for it yet, so the number is still its own
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(json.dumps({"code": code, "seconds": time.monotonic() - begun}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
