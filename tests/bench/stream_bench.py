"""A million rows by address, as ratios to the same rows written as CSV by PyArrow in memory, or to another revision.

python tests/bench/stream_bench.py [--rows 1000000] [--repeats 3] [--against REV]. Prints a table: seconds until the
last byte has arrived on the same machine, seconds until the first, seconds of processors that the process took, which
others on the machine hardly change, and by how much it grew at its peak (Linux). Both sides are asked in turns, each
over a database that its own code built.
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import bench

sys.path.insert(0, str(bench.PROJECT))
from tests.hosting.servers import free_port, get, process

GOALS = {"time": 1.2, "memory": 0.5}  # of CSV, against PyArrow
BEFORE = {"processors": 0.65, "memory": 0.1}  # against another revision
GROW = """
import sys
from pathlib import Path
sys.path[:0] = ["tests/bench", "."]
from many_rows import grown
grown(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
"""
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
    filters = dict.fromkeys(("theme", "indicators", "parks", "first", "last", "evidence", "asof")) | {"lang": "zh"}
    connection.sql(question, params=filters | {"parks": ["xthtz"]}).to_arrow_table()
    before, start, worked = peak(), time.perf_counter(), time.process_time()
    rows = connection.sql(question, params=filters).to_arrow_table()
    pyarrow.csv.write_csv(rows, io.BytesIO())
    print(time.perf_counter() - start, 0, time.process_time() - worked, peak() - before)
"""
MEASURES = (("time", "s"), ("first byte", "s"), ("processors", "s"), ("memory", "MB"))


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
    return [float(told) for told in done.stdout.split()[-4:]]  # after the bar that DuckDB draws while it works


def streamed(database: Path, suffix: str, project: Path) -> list[float]:
    """MEASURES of the server of a project that sends the same rows."""
    port = free_port()
    routes = "queries.api.routes" if (project / "queries" / "api").is_dir() else "queries.routes"
    command = [sys.executable, "-m", "uvicorn", f"{routes}:api", "--port", str(port), "--log-level", "warning"]
    environment = os.environ | {"PARK_DATABASE": str(database)}
    log = database.with_name("log")

    def is_up() -> bool:
        return get(port, "/health").status == 200

    with process(command, log, is_up, cwd=project, env=environment) as server:
        get(port, "/observations.csv?park=xthtz&limit=10")
        before, taken, start = peak(server.pid), worked(server.pid), time.perf_counter()
        connection = http.client.HTTPConnection("localhost", port, timeout=600)
        connection.request("GET", f"/observations.{suffix}")
        answer = connection.getresponse()
        answer.read(1)
        first = time.perf_counter() - start
        while answer.read(1 << 20):
            pass
        if answer.status != 200:
            raise SystemExit(f"{suffix}: status {answer.status}")
        seconds = time.perf_counter() - start
        connection.close()
        return [seconds, first, worked(server.pid) - taken, peak(server.pid) - before]


def made(project: Path, database: Path, rows: int) -> Path:
    """A database of so many figures, by the code of a project."""
    small = database.with_suffix(".small")
    build = [sys.executable, "-m", "data.build"]
    subprocess.run(
        build, cwd=project, env=os.environ | {"PARK_DATABASE": str(small)}, stdout=subprocess.DEVNULL, check=True
    )
    subprocess.run([sys.executable, "-c", GROW, str(small), str(database), str(rows)], cwd=project, check=True)
    return database


def unpacked(revision: str, folder: Path) -> Path:
    """The files of a revision."""
    packed = folder / "revision.tar"
    subprocess.run(["git", "archive", "-o", str(packed), revision], cwd=bench.PROJECT, check=True)
    with tarfile.open(packed) as archive:
        archive.extractall(folder / "before", filter="data")
    return folder / "before"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="figures in the database")
    parser.add_argument("--repeats", type=int, default=3, help="starts of each side")
    parser.add_argument("--against", help="a revision of git to compare with, in place of PyArrow")
    parser.add_argument("--suffix", nargs="*", default=["csv", "jsonl", "parquet"], help="formats")
    options = parser.parse_args()
    taken: dict[str, list[list[float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        database = made(bench.PROJECT, Path(folder) / "park.duckdb", options.rows)
        if options.against:
            project = unpacked(options.against, Path(folder))
            other = made(project, Path(folder) / "before.duckdb", options.rows)
        for repeat in range(options.repeats):
            print(f"repeat {repeat + 1} of {options.repeats}", file=sys.stderr)
            if not options.against:
                taken.setdefault("floor", []).append(floor(database))
            for suffix in options.suffix:
                taken.setdefault(suffix, []).append(streamed(database, suffix, bench.PROJECT))
                if options.against:
                    taken.setdefault(f"before {suffix}", []).append(streamed(other, suffix, project))
    medians = {side: [statistics.median(values) for values in zip(*of, strict=True)] for side, of in taken.items()}
    lines = []
    for suffix in options.suffix:
        for place, (what, unit) in enumerate(MEASURES):
            mine, floors = medians[suffix][place], medians[f"before {suffix}" if options.against else "floor"][place]
            goal = BEFORE.get(what) if options.against else GOALS.get(what) if suffix == "csv" else None
            ratio = mine / floors if floors else 0.0
            told = [f"<= {goal}" if goal else "", bench.verdict(ratio, goal)]
            lines.append([f"{suffix}, {what}", f"{mine:,.2f} {unit}", f"{floors:,.2f} {unit}", f"{ratio:.2f}", *told])
    other_side = options.against or "PyArrow CSV in memory"
    print(bench.table(f"{options.rows:,} rows | streamed | {other_side} | ratio | goal | within", lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
