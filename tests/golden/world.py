"""The world in which a tree is recorded: a folder with database, ledger and own figures, and a calendar that stands."""

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
DAY = "2026-03-02"  # after the year of the sample; every process of a recording takes it for today
OWN = HERE / "own.csv"
LEDGER = HERE / "ledger.xlsx"
KEPT = ("PATH", "LD_LIBRARY_PATH", "PYTHONHASHSEED", "TMPDIR")


@dataclass(frozen=True)
class World:
    """Where one state of the data stands. name: base, or own: with own figures and a ledger of its own."""

    name: str
    tree: Path
    folder: Path

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.folder / "park.duckdb"

    def environment(self) -> dict[str, str]:
        """Return what processes of this world find set, and nothing of whoever records."""
        day = datetime.fromisoformat(os.environ.get("GOLDEN_DAY", DAY)).replace(hour=8, tzinfo=UTC)
        return {name: os.environ[name] for name in KEPT if name in os.environ} | {
            "GOLDEN_NOW": str(day.timestamp()),
            "PYTHONPATH": str(HERE / "frozen"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "TZ": "Asia/Shanghai",
            "PARK_DATABASE": str(self.database),
            "PARK_BATCHES": str(self.folder / "batches"),
            "PARK_LEDGERS": str(self.folder / "ledgers"),
            "PARK_RATE": "0",
            "PARK_LOG": "text",
        }

    def run(self, *command: str) -> None:
        """Run a command of the tree; raise with what it said where it fails."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.tree,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} in {self.tree}:\n{done.stdout}{done.stderr}")


def worlds(tree: Path, folder: Path, names: set[str]) -> list[World]:
    """Build the states of the data that are wanted: base, of the sources alone; own, with own figures and a ledger."""
    base, own = (World(name, tree, folder / name) for name in ("base", "own"))
    base.folder.mkdir(parents=True)
    base.run("-m", "data.build")
    if own.name not in names:
        return [base]
    shutil.copytree(base.folder, own.folder)
    for file in (OWN, LEDGER):  # by a plain name: it is shown
        shutil.copyfile(file, own.folder / file.name)
        own.run("-m", "data.load", str(own.folder / file.name))
    return [base, own]


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(world: World) -> Iterator[int]:
    """Serve a tree by `streamlit run app.py` until the block ends; yield the port once its routes are ready."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    log = world.folder / "server.log"
    with log.open("wb") as output:
        child = subprocess.Popen(
            [*command, *options], cwd=world.tree, env=world.environment(), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        until = time.monotonic() + 60
        while not ready(port):
            if child.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server of {world.tree} did not start:\n{log.read_text('utf-8')}")
            time.sleep(0.1)
        yield port
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def ready(port: int) -> bool:
    """Whether the server answers and its data is prepared."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/api/ready")
            answer = connection.getresponse()
            return answer.status == 200 and json.loads(answer.read())["status"] == "ready"
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            return False
