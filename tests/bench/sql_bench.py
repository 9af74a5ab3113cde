"""What a reader's SQL costs others: a route of figures, and a question in SQL, alone and beside heavy queries.

The server is the real one; one client asks the route again and again, while others keep as many queries running as may
run at once. The queries stand back (nice), so that the ratio should stay near 1 even where they use every core.

python tests/bench/sql_bench.py [--asks 60] [--repeats 3]; exit code 0: measured, however slow.
"""

import argparse
import contextlib
import http.client
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from tests.hosting import servers

HEAVY = "select count(*) from range(10000000) a, range(1000) b where sqrt(a.range) + sqrt(b.range) < 0"
PLAIN = "/api/observations.csv"
SMALL = "/api/query.json?" + urlencode({"sql": "select count(*) as n from observation"})
ALONE, SMALL_ALONE = "figures, alone", "a small query, alone"
GOAL = 1.5
WARM = 5


class Heavy:
    """Clients that ask heavy queries one after the other until they are told to stop."""

    def __init__(self, port: int, count: int) -> None:
        self.port, self.stopped = port, threading.Event()
        self.threads = [threading.Thread(target=self.ask, daemon=True) for _ in range(count)]

    def ask(self) -> None:
        while not self.stopped.is_set():
            with contextlib.suppress(OSError):
                get(self.port, "/api/query.json?" + urlencode({"sql": HEAVY}))

    def __enter__(self) -> None:
        for thread in self.threads:
            thread.start()
        time.sleep(1.5)

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()


def get(port: int, path: str) -> int:
    """The status of one answer, read whole."""
    with contextlib.closing(http.client.HTTPConnection("localhost", port, timeout=30)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def times(port: int, path: str, asks: int) -> list[float]:
    """Milliseconds of so many answers, one after the other; a warm-up is not counted."""
    found = []
    for turn in range(asks + WARM):
        start = time.perf_counter()
        status = get(port, path)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
        if turn >= WARM:
            found.append(1000 * (time.perf_counter() - start))
    return found


@contextlib.contextmanager
def serving() -> Iterator[int]:
    """The real server on a free port."""
    port = servers.free_port()
    command = [*servers.STREAMLIT, "--server.port", str(port)]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        with servers.process(command, log, lambda: get(port, "/_stcore/health") == 200, 60, cwd=PROJECT):
            get(port, PLAIN)
            yield port


def rounds(port: int, asks: int, repeats: int) -> dict[str, list[list[float]]]:
    """Milliseconds by what was asked beside what, one list for each round; alone and beside take turns."""
    found: dict[str, list[list[float]]] = {}

    def note(label: str, path: str) -> None:
        found.setdefault(label, []).append(times(port, path, asks))

    for _ in range(repeats):
        note(ALONE, PLAIN)
        with Heavy(port, 1):
            note("figures, beside one heavy query", PLAIN)
        note(SMALL_ALONE, SMALL)
        with Heavy(port, 1):
            note("a small query, beside a heavy one", SMALL)
        with Heavy(port, 2):
            note("figures, beside two heavy queries", PLAIN)
    return found


def line(label: str, measured: list[list[float]], alone: list[list[float]]) -> str:
    """One row of the table: medians over the rounds, the ratio within each round."""
    middle = statistics.median(statistics.median(one) for one in measured)
    most = statistics.median(statistics.quantiles(one, n=20)[-1] for one in measured)
    ratio = statistics.median(
        statistics.median(one) / statistics.median(base) for one, base in zip(measured, alone, strict=True)
    )
    goal = "|" if measured is alone else f"<= {GOAL} | {'yes' if ratio <= GOAL else 'no'}"
    return f"{label} | {middle:,.1f} | {most:,.1f} | {ratio:.2f} | {goal}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--asks", type=int, default=60)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    with serving() as port:
        found = rounds(port, options.asks, options.repeats)
    print("answers | median ms | p95 ms | ratio to alone | goal | within")
    print("--- | ---: | ---: | ---: | --- | ---")
    for label, measured in found.items():
        print(line(label, measured, found[SMALL_ALONE if label.startswith("a small") else ALONE]))
    print()


if __name__ == "__main__":
    main()
