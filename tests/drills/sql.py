"""Trials of SQL and of who may ask how much, against the real server: python -c "from tests.drills import sql; ..."."""

import contextlib
import os
import re
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from tests.hosting import servers

NAMES = ", ".join(f"range + {number} as a_column_of_a_name_{number:02}" for number in range(60))
LONG = f"select {NAMES} from range(100000)"  # 48 MB of numbers, 230 MB of JSON
SLOW = "with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t"
IDLE = 25
BEFORE = 4220  # MB that 25 idle clients of LONG held where each answer was made whole


@contextlib.contextmanager
def _serving(**settings: str) -> Iterator[tuple[int, int]]:
    """A server of its own, by its process and port; each address is the one that a request names."""
    with tempfile.TemporaryDirectory() as folder:
        port = servers.free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "PARK_"))}
        environment = kept | {"PARK_DATABASE": f"{folder}/park.duckdb", "PARK_PROXIES": "1"} | settings
        command = [*servers.STREAMLIT, "--server.port", str(port), "--server.address", "127.0.0.1"]
        up = lambda: servers.get(port, "/api/health").status == 200  # noqa: E731
        with servers.process(command, f"{folder}/log", up, 60, cwd=servers.ROOT, env=environment) as child:
            yield child.pid, port


def _resident(pid: int) -> float:
    """Resident memory of a process, MB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text("ascii"))
    return int(found[1]) / 1024 if found else 0.0


def _asked(port: int, path: str, address: str) -> servers.SimpleNamespace:
    return servers.get(port, path, {"X-Forwarded-For": address})


def _query(sql: str) -> str:
    return f"/api/query.json?sql={quote(sql)}"


def _idle(port: int, path: str, address: str) -> tuple[socket.socket, int]:
    """A client that reads nothing, and the status it would have read."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(40)
    client.connect(("127.0.0.1", port))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {address}\r\n\r\n".encode())
    return client, int(client.recv(12, socket.MSG_PEEK)[9:12] or 0)


def drill_idle_clients() -> tuple[int, int, str]:
    """Clients that ask the longest answer and read nothing take a tenth of the memory at most."""
    with _serving() as (pid, port), contextlib.ExitStack() as stack:
        _asked(port, _query("select 1"), "10.0.0.1")
        time.sleep(8)  # what is loaded while the server is idle
        before, statuses = _resident(pid), []
        for number in range(IDLE):
            client, status = _idle(port, _query(LONG), f"10.0.{number}.1")
            stack.callback(client.close)
            statuses.append(status)
        grown = _resident(pid) - before
        short = _asked(port, _query("select 1 as a"), "10.1.0.1").status
    held = IDLE if grown <= 0.1 * BEFORE and set(statuses) <= {200, 503} and short == 200 else 0
    return IDLE, held, f"{grown:.0f} MB, {statuses.count(200)} answered, {statuses.count(503)} asked to come again"


def drill_places_of_idle_clients() -> tuple[int, int, str]:
    """The place of a client that takes nothing goes to the next who asks, in seconds and not in a minute."""
    with _serving() as (_, port), contextlib.ExitStack() as stack:
        for number in range(4):
            client, _ = _idle(port, _query(LONG), f"10.0.{number}.1")
            stack.callback(client.close)
        begun, status = time.monotonic(), 503
        while status == 503 and time.monotonic() - begun < 50:
            status = _asked(port, _query("from range(100000)"), "10.2.0.1").status
            time.sleep(0.5)
        seconds = time.monotonic() - begun
    return 1, int(status == 200 and seconds < 40), f"after {seconds:.0f} s"


def drill_flood() -> tuple[int, int, str]:
    """A client that floods with the slowest questions takes no turn of another."""
    with _serving() as (_, port):
        done = threading.Event()

        def flood() -> None:
            while not done.is_set():
                with contextlib.suppress(OSError):
                    _asked(port, _query(SLOW), "10.0.0.1")

        threads = [threading.Thread(target=flood, daemon=True) for _ in range(12)]
        for thread in threads:
            thread.start()
        time.sleep(3)
        answers, slowest = [], 0.0
        for number in range(20):
            begun = time.monotonic()
            answers.append(_asked(port, _query("select 1 as a"), f"10.3.{number}.1").status)
            slowest = max(slowest, time.monotonic() - begun)
        done.set()
        for thread in threads:
            thread.join(20)
    return 20, answers.count(200), f"the slowest after {slowest:.1f} s"


def drill_rate() -> tuple[int, int, str]:
    """A flood of requests from one address is refused, and another address and the health check are answered."""
    with _serving(PARK_RATE="20", PARK_RATE_BURST="200") as (_, port):
        flood = [_asked(port, "/api/parks.csv", "10.0.0.1").status for _ in range(100)]
        others = [_asked(port, "/api/parks.csv", f"10.0.1.{number}").status for number in range(10)]
        health = [_asked(port, "/api/health", "10.0.0.1").status for _ in range(10)]
    held = (others + health).count(200) + flood.count(429)
    return 20 + 100, held + min(flood.count(200), 40), f"{flood.count(429)} of 100 refused"
