"""A million rows by address, as ratios to the same rows written as CSV by PyArrow in memory.

python tests/bench/stream_bench.py [--rows 1000000] [--repeats 3]. Prints a table: seconds until the last byte has
arrived on the same machine, seconds of processors that the process took, which others on the machine hardly change, and
by how much it grew at its peak (Linux).
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bench
from many_rows import grown

sys.path.insert(0, str(bench.PROJECT))
from data.database import build
from tests.hosting.servers import free_port, get, process

GOALS = {"time": 1.2, "memory": 0.5}
# The floor: the same question, its answer whole as an Arrow table, written whole into memory.
FLOOR = """
import io, sys, time
from pathlib import Path
import duckdb
import pyarrow.csv
question = Path("queries/figures/observations.sql").read_text("utf-8")
def peak():
    [line] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    filters = dict.fromkeys(("theme", "indicators", "parks", "first", "last")) | {"lang": "zh"}
    connection.sql(question, params=filters | {"parks": ["xthtz"]}).to_arrow_table()
    before, start, worked = peak(), time.perf_counter(), time.process_time()
    rows = connection.sql(question, params=filters).to_arrow_table()
    pyarrow.csv.write_csv(rows, io.BytesIO())
    print(time.perf_counter() - start, time.process_time() - worked, peak() - before)
"""
MEASURES = (("time", "s"), ("processors", "s"), ("memory", "MB"))


def peak(pid: int) -> float:
    """Highest resident memory of a process so far, MB."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def worked(pid: int) -> float:
    """Seconds of processors that a process has taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def floor(database: Path) -> list[float]:
    """MEASURES of PyArrow in memory."""
    done = subprocess.run(
        [sys.executable, "-c", FLOOR, str(database)], cwd=bench.PROJECT, capture_output=True, text=True, check=True
    )
    return [float(told) for told in done.stdout.split()[-3:]]  # after the bar that DuckDB draws while it works


def streamed(database: Path, suffix: str) -> list[float]:
    """MEASURES of the server that sends the same rows."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "queries.api.routes:api", "--port", str(port), "--log-level", "warning"]
    environment = os.environ | {"PARK_DATABASE": str(database)}
    log = database.with_name("log")

    def is_up() -> bool:
        return get(port, "/health").status == 200

    with process(command, log, is_up, cwd=bench.PROJECT, env=environment) as server:
        get(port, "/observations.csv?park=xthtz&limit=10")
        before, taken, start = peak(server.pid), worked(server.pid), time.perf_counter()
        connection = http.client.HTTPConnection("localhost", port, timeout=600)
        connection.request("GET", f"/observations.{suffix}")
        answer = connection.getresponse()
        while answer.read(1 << 20):
            pass
        if answer.status != 200:
            raise SystemExit(f"{suffix}: status {answer.status}")
        seconds = time.perf_counter() - start
        connection.close()
        return [seconds, worked(server.pid) - taken, peak(server.pid) - before]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="figures in the database")
    parser.add_argument("--repeats", type=int, default=3, help="starts of each side")
    options = parser.parse_args()
    taken: dict[str, list[list[float]]] = {"floor": [], "csv": [], "jsonl": [], "parquet": []}
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.duckdb"
        build.build_database(database=small)
        database = grown(small, Path(folder) / "park.duckdb", options.rows)
        for repeat in range(options.repeats):
            print(f"repeat {repeat + 1} of {options.repeats}", file=sys.stderr)
            taken["floor"].append(floor(database))
            for suffix in ("csv", "jsonl", "parquet"):
                taken[suffix].append(streamed(database, suffix))
    medians = {side: [statistics.median(values) for values in zip(*of, strict=True)] for side, of in taken.items()}
    lines = []
    for suffix in ("csv", "jsonl", "parquet"):
        for place, (what, unit) in enumerate(MEASURES):
            mine, floors = medians[suffix][place], medians["floor"][place]
            goal = GOALS.get(what) if suffix == "csv" else None
            told = [f"<= {goal}" if goal else "", bench.verdict(mine / floors, goal)]
            lines.append(
                [f"{suffix}, {what}", f"{mine:,.1f} {unit}", f"{floors:,.1f} {unit}", f"{mine / floors:.2f}", *told]
            )
    print(bench.table(f"{options.rows:,} rows | streamed | PyArrow CSV in memory | ratio | goal | within", lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
