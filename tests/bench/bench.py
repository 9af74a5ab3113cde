"""Speed of the explorer, as ratios to the least a Streamlit app can do (floor_app.py), or to another revision of it.

Both run one after the other in each repeat: in headless Chromium, on loopback, every start with an empty profile.
Times are milliseconds of the page's own clock: an action runs from the reader's event to the last draw or change
before the page falls quiet. Quote the ratios; times of two runs or two machines cannot be compared.

python tests/bench/bench.py [--repeats 3] [--quick] [--against REV]; CHROME names the browser.
Writes a table, and all samples to bench-results/latest.json. Exit code 0: measured, however slow; 1: it could not be.
"""

import argparse
import contextlib
import http.client
import json
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))
from tests.hosting.visitor import Visitor

RESULTS = PROJECT / "bench-results" / "latest.json"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET_MS = 400  # neither traffic nor draw nor change for so long is settled
PATIENCE_S = 60  # for a start, or for a page to settle
MARGIN = 1.2  # repeats of the same case differ by up to a fifth
STARTS = 3  # of the server alone in each repeat: a start takes a third of a second and varies much
FEWEST = 10  # elements of a page without a chart; one that failed shows fewer
STILL_S = 5  # what a server prepares after the first reader is ready by then
CALM_S = 1  # a browser just started is busy with itself

ONE_CHART = "page switch, pages of one chart"
# Goals are ratios of the explorer to the floor.
TIMES = {
    "launch to healthy": 1.1,
    "launch to all drawn": 1.0,
    "page switch": 0.85,
    ONE_CHART: None,
    "filter change": 0.65,
    "filter narrowed": None,
    "filter widened": None,
}
# The same against another revision, page by page and not by charts, which differ between revisions; filter changes of
# more pages, and memory of the server.
TIMES_AGAINST = {name: 1.05 for name in TIMES if name != ONE_CHART} | {
    "page switch to /economics": 1.05, "page switch to /innovation": 1.05, "page switch to /livelihood": 1.05,
    "filter change of /explore": 0.9, "filter change of /compare": 0.9, "filter change of /preplan": 1.05,
}  # fmt: skip
MORE_FILTERS = {
    "explore": "/explore?park=xthtz", "compare": "/compare?park=xthtz&lang=zh", "preplan": "/preplan?park=sample",
}  # fmt: skip
# What is chosen on /compare by turns, and added on /explore: every revision has as many figures of these, or nearly.
COMPARED = ("规模工业总产值", "工业总产值")
ADDED = {"explore": "全国国家高新区"}
SESSIONS = (1, 50)
VISITED = ("economics", "compare", "explore", "innovation", "livelihood")
MEMORY = "memory, sessions: {}"
MEMORY_AGAINST, SIZE_AGAINST = 1.05, 1.1  # goals against another revision
SIZES = ("first load, HTTP", "first load, WebSocket", "page switch, WebSocket", "filter change, WebSocket")

# Vega draws SVG, whose marks change by attribute; st.dataframe draws on a canvas and keeps an accessibility tree
# inside it, which it refreshes late and nobody sees.
HOOK = """
(() => {
  const now = () => performance.now(), main = '[data-testid="stMain"]';
  const bench = window.__bench = {};
  bench.arm = start => Object.assign(bench, {start, asked: 0, sent: 0, answered: 0, drawn: 0, out: 0, in: 0});
  bench.arm(0);
  addEventListener('pointerdown', event => { if (bench.start === null) bench.start = event.timeStamp; }, true);
  const size = data => data.byteLength ?? data.size ?? data.length ?? 0;
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      super.addEventListener('message', event => { bench.answered = now(); bench.in += size(event.data); });
    }
    send(data) {
      bench.sent = now();
      bench.asked ||= bench.sent;
      bench.out += size(data);
      super.send(data);
    }
  };
  for (const name of ['clearRect', 'fillRect', 'drawImage', 'fillText']) {
    const native = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...given) {
      if (this.canvas.isConnected && this.canvas.closest(main)) bench.drawn = now();
      return native.apply(this, given);
    };
  }
  const seen = change => {
    const node = change.target.nodeType === Node.ELEMENT_NODE ? change.target : change.target.parentElement;
    if (!node || !node.closest(main) || node.closest('canvas')) return false;
    return change.type !== 'attributes' || node.closest('svg.marks') !== null;
  };
  new MutationObserver(changes => { if (changes.some(seen)) bench.drawn = now(); })
    .observe(document, {childList: true, characterData: true, attributes: true, subtree: true});
  bench.settled = quiet => {
    const app = document.querySelector('[data-testid="stApp"]');
    if (!app || app.dataset.testScriptState !== 'notRunning') return false;
    if (bench.start === null || !bench.asked || !bench.answered) return false;
    if (document.querySelector('[data-testid="stSkeleton"]')) return false;
    const charts = [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')];
    if (charts.some(chart => !chart.querySelector('svg, canvas'))) return false;
    return now() - Math.max(bench.sent, bench.answered, bench.drawn) > quiet;
  };
  bench.read = () => ({
    total: (bench.drawn || bench.answered) - bench.start,
    server: bench.answered - bench.asked,
    in: bench.in, out: bench.out,
    http: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .reduce((sum, entry) => sum + entry.transferSize, 0),
    charts: document.querySelectorAll('[data-testid="stVegaLiteChart"]').length,
    elements: document.querySelectorAll(main + ' [data-testid="stElementContainer"]').length,
    exceptions: [...document.querySelectorAll('[data-testid="stException"]')].map(shown => shown.innerText),
  });
})();
"""


class NotMeasuredError(Exception):
    """Something did not start, or showed what is not to be measured."""


@dataclass(frozen=True)
class Side:
    """One of the two apps: how it starts, its menu, the pages to switch among, and the page whose filter changes."""

    name: str
    script: Path
    folder: Path  # where it starts, whose .streamlit/config.toml counts
    menu: str
    pages: tuple[str, ...]
    singles: tuple[str, ...] = ()
    more_filters: tuple[str, ...] = ()  # of MORE_FILTERS


def sides(elsewhere: Path) -> tuple[Side, Side]:
    """The explorer, and the floor, which starts elsewhere because the project's settings are not its own."""
    themes = ("economics", "innovation", "livelihood")
    menu = '[data-testid="stSidebar"] [data-testid="stPageLink-NavLink"]'
    floor = Path(__file__).with_name("floor_app.py").resolve()
    return (
        Side("app", PROJECT / "app.py", PROJECT, menu, themes),
        Side(
            "floor", floor, elsewhere, '[data-testid="stSidebarNavLink"]', ("first", "second", "third"), ("line", "bar")
        ),
    )


def sides_against(revision: str, elsewhere: Path) -> tuple[Side, Side]:
    """The explorer of this tree, and that of another revision, unpacked and built elsewhere."""
    packed, before = elsewhere / "revision.tar", elsewhere / "before"
    subprocess.run(["git", "archive", "-o", str(packed), revision], cwd=PROJECT, check=True)
    with tarfile.open(packed) as archive:
        archive.extractall(before, filter="data")
    subprocess.run([sys.executable, "-m", "data.build"], cwd=before, stdout=subprocess.DEVNULL, check=True)
    app = replace(sides(elsewhere)[0], more_filters=tuple(MORE_FILTERS))
    return app, replace(app, name=revision, script=before / "app.py", folder=before)


def chrome() -> str:
    """The browser to drive: CHROME, else the first one on the path."""
    named = os.environ.get("CHROME")
    found = next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)
    if found is None:
        raise NotMeasuredError(f"No browser: {named or ', '.join(BROWSERS)}. Name one: CHROME=/path/to/chromium")
    return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def healthy(port: int) -> bool:
    """Whether the server answers that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    return False


@contextlib.contextmanager
def server(side: Side):
    """Start one app on a free port; give its address, the milliseconds until it was healthy and its process."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(side.script), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("STREAMLIT_")}
    with tempfile.TemporaryFile() as log:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=side.folder, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            while not healthy(port):
                if process.poll() is not None or time.perf_counter() - begin > PATIENCE_S:
                    raise NotMeasuredError(f"The {side.name} did not start.")
                time.sleep(0.005)
            yield f"http://127.0.0.1:{port}", (time.perf_counter() - begin) * 1000, process.pid
        except NotMeasuredError as error:
            log.seek(0)
            said = log.read().decode(errors="replace").strip().splitlines()
            raise NotMeasuredError("\n".join([str(error), "The server's last words:", *said[-15:]])) from error
        finally:
            end(process)


def end(process: subprocess.Popen) -> None:
    """End a process with all it started: it leads a group of its own."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
            return


def memory(process: int) -> float:
    """What a process and all that it started hold, MB: its share of what they have in common (Linux)."""
    held = 0
    waiting = [process]
    while waiting:
        pid = waiting.pop()
        with contextlib.suppress(OSError):  # it has ended
            told = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
            held += int(told.partition("\nPss:")[2].split()[0])
            waiting += [
                int(child)
                for task in Path(f"/proc/{pid}/task").iterdir()
                for child in (task / "children").read_text().split()
            ]
    return held / 1000


def measure_memory(side: Side) -> dict[str, list[float]]:
    """Memory of the server with so many SESSIONS, each with a page that stays open, in MB."""
    found = {}
    with server(side) as (address, _ready, process), contextlib.ExitStack() as opened:
        port = int(address.rpartition(":")[2])
        for count in range(1, max(SESSIONS) + 1):
            visitor = opened.enter_context(Visitor(port))
            visitor.open(VISITED[count % len(VISITED)] if count > 1 else "", "lang=zh")
            if count in SESSIONS:
                time.sleep(STILL_S)
                found[MEMORY.format(count)] = [memory(process)]
    return found


@contextlib.contextmanager
def blank_page(playwright):
    """A page of a browser just started with an empty profile."""
    browser = playwright.chromium.launch(executable_path=chrome(), args=["--disable-gpu"])
    try:
        context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="zh-CN")
        context.set_default_timeout(PATIENCE_S * 1000)
        context.add_init_script(HOOK)
        page = context.new_page()
        time.sleep(CALM_S)
        yield page
    finally:
        with contextlib.suppress(BrowserError):
            browser.close()


def settled(page, what: str) -> dict:
    """Wait until the page is quiet; give its times in ms and sizes in bytes, or say what is wrong with it."""
    try:
        page.wait_for_function("quiet => window.__bench?.settled(quiet)", arg=QUIET_MS, polling=50)
    except BrowserError as error:
        raise NotMeasuredError(f"{what} did not settle within {PATIENCE_S} s.") from error
    read = page.evaluate("window.__bench.read()")
    if read["exceptions"]:
        raise NotMeasuredError(f"{what} shows an exception:\n{read['exceptions'][0]}")
    if not read["charts"] and read["elements"] < FEWEST:
        shown = page.locator("[data-testid=stMain]").inner_text()
        raise NotMeasuredError(f"{what} shows no chart and little else; it shows:\n{shown}")
    return read


def first_load(page, side: Side, address: str) -> dict:
    """Load the page at the root; its clock starts with the navigation."""
    page.goto(address, wait_until="commit")
    return settled(page, f"The {side.name}'s first page")


def click(page, locator, what: str) -> dict:
    """Click as a reader does, and measure what follows."""
    locator.hover()  # scrolling there and the look under the pointer are no part of the answer
    page.evaluate("window.__bench.arm(null)")
    locator.click()
    return settled(page, what)


def switch(page, side: Side, target: str) -> dict:
    """Go to another page by the menu."""
    links = page.locator(side.menu)
    for link in links.all():
        if urlsplit(link.get_attribute("href") or "").path.rpartition("/")[2] == target:
            return click(page, link, f"The {side.name}'s page /{target}")
    raise NotMeasuredError(f"The menu of the {side.name} has no link to /{target}.")


def change_filter(page, side: Side, name: str, option_name: str = "") -> tuple[dict, dict]:
    """Choose an option of the page's last multiselect, the first or one by name, then take it back."""
    box = page.locator('[data-testid="stMultiSelect"]').last
    what = f"The {side.name}'s page /{name}, its filter changed,"
    box.locator("input").click()
    box.locator("input").fill(option_name)
    option = page.locator('[role="option"]:not([data-key="__select_all__"])').filter(has_text=option_name).first
    option.wait_for()
    narrowed = click(page, option, what)
    page.keyboard.press("Escape")
    widened = click(page, box.locator("[data-tag-index] button").last, what)
    page.keyboard.press("Escape")
    return narrowed, widened


def choose_indicator(page, side: Side, name: str) -> dict:
    """Choose an indicator on /compare, by the words before the bracket with how many places have it."""
    page.get_by_label("比什么").first.click()
    option = page.locator('[role="option"]').filter(has_text=re.compile(f"^{name}（")).first
    option.wait_for()
    return click(page, option, f"The {side.name}'s page /compare, its filter changed,")


def change_filter_of(name: str, page, side: Side) -> tuple[dict, dict]:
    """A pair of changes on one of MORE_FILTERS."""
    if name == "compare":
        first, second = (choose_indicator(page, side, indicator) for indicator in COMPARED)
        return first, second
    return change_filter(page, side, name, ADDED.get(name, ""))


def measure(playwright, side: Side, rounds: int) -> dict[str, list[float]]:
    """One start of one app, then some rounds through its pages and changes of its filter. Keys as TIMES and SIZES."""
    found: dict[str, list[float]] = defaultdict(list)
    for _start in range(STARTS):
        with server(side) as (_address, ready, _process):
            found["launch to healthy"].append(ready)
    with blank_page(playwright) as page, server(side) as (address, ready, _process):
        load = first_load(page, side, address)
        found["launch to all drawn"] = [ready + load["total"]]
        found["first load, HTTP"] = [load["http"]]
        found["first load, WebSocket"] = [load["in"]]
        for measured in range(rounds + 1):
            for target in (*side.pages, *side.singles):
                read = switch(page, side, target)
                if not measured:  # the first visit of a page loads code that later ones have
                    continue
                if target in side.pages:
                    found["page switch"].append(read["total"])
                    found["page switch, server"].append(read["server"])
                    found["page switch, WebSocket"].append(read["in"])
                    found[f"page switch to /{target}"].append(read["total"])
                if read["charts"] == 1:
                    found[ONE_CHART].append(read["total"])
        switch(page, side, side.pages[0])
        for measured in range(rounds + 1):
            pair = change_filter(page, side, side.pages[0])
            if measured:
                note_pair(found, *pair)
        for name in side.more_filters:
            page.goto(address + MORE_FILTERS[name], wait_until="commit")
            settled(page, f"The {side.name}'s page /{name}")
            for measured in range(rounds + 1):
                pair = change_filter_of(name, page, side)
                if measured:
                    found[f"filter change of /{name}"].append(sum(one["total"] for one in pair) / 2)
    return found


def note_pair(found: dict[str, list[float]], narrowed: dict, widened: dict) -> None:
    """A change is the mean of a pair: less and more is drawn by turns."""
    found["filter narrowed"].append(narrowed["total"])
    found["filter widened"].append(widened["total"])
    found["filter change"].append((narrowed["total"] + widened["total"]) / 2)
    found["filter change, server"].append((narrowed["server"] + widened["server"]) / 2)
    found["filter change, WebSocket"].append((narrowed["in"] + widened["in"]) / 2)


def verdict(ratio: float, goal: float | None) -> str:
    """Whether a ratio is within its goal, as far as the noise lets one say."""
    if goal is None:
        return ""
    if ratio <= goal:
        return "yes"
    return "within noise" if ratio <= goal * MARGIN else "no"


def table(heading: str, lines: list[list[str]]) -> str:
    """A Markdown table."""
    head = heading.split(" | ")
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *lines))


def report(app: dict[str, float], floor: dict[str, float], other: str = "floor") -> str:
    """Times with their goals, then sizes, as Markdown. other: the side beside the explorer."""
    times, sizes = [], []
    for measure_, goal in (TIMES if other == "floor" else TIMES_AGAINST).items():
        if measure_ not in app:  # no page of one chart today
            continue
        ratio = app[measure_] / floor[measure_]
        numbers = [f"{app[measure_]:,.0f}", f"{floor[measure_]:,.0f}", f"{ratio:.2f}"]
        times.append([measure_, *numbers, f"<= {goal}" if goal else "", verdict(ratio, goal)])
    for measure_ in SIZES:
        sizes.append(compared(measure_, app, floor, None if other == "floor" else SIZE_AGAINST, 1000))
    held = [compared(name, app, floor, MEMORY_AGAINST) for name in map(MEMORY.format, SESSIONS) if name in app]
    return "\n\n".join(
        [
            table(f"measure | app ms | {other} ms | ratio | goal | within", times),
            table(f"sent to the browser | app kB | {other} kB | ratio | goal | within", sizes),
            *([table(f"held by the server | app MB | {other} MB | ratio | goal | within", held)] if held else []),
        ]
    )


def compared(name: str, app: dict[str, float], other: dict[str, float], goal: float | None, unit: int = 1) -> list[str]:
    """A line of a table: both sides in the unit, their ratio, the goal and whether it is reached; sizes hardly vary."""
    ratio = app[name] / other[name]
    told = ["", ""] if goal is None else [f"<= {goal}", "yes" if ratio <= goal else "no"]
    return [name, *(f"{side[name] / unit:,.1f}" for side in (app, other)), f"{ratio:.2f}", *told]


def run(repeats: int, rounds: int, against: str | None) -> None:
    """Measure both sides by turns, print the tables and write the samples."""
    other = against or "floor"
    samples: dict[str, dict[str, list[float]]] = {"app": defaultdict(list), other: defaultdict(list)}
    build = [sys.executable, "-m", "data.build", "--if-stale"]
    if subprocess.run(build, cwd=PROJECT, stdout=subprocess.DEVNULL, check=False).returncode:
        raise NotMeasuredError("The database could not be built; see above.")
    with tempfile.TemporaryDirectory() as elsewhere, sync_playwright() as playwright:
        both = sides_against(against, Path(elsewhere)) if against else sides(Path(elsewhere))
        for side in both:  # reads every file once, so that no start waits for the disk
            with blank_page(playwright) as page, server(side) as (address, _ready, _process):
                first_load(page, side, address)
        for repeat in range(repeats):
            for side in both:
                print(f"repeat {repeat + 1} of {repeats}: {side.name}", file=sys.stderr)
                held = measure_memory(side) if against else {}
                for name, values in (measure(playwright, side, rounds) | held).items():
                    samples[side.name][name] += values
    medians = {name: {key: statistics.median(values) for key, values in of.items()} for name, of in samples.items()}
    print(report(medians["app"], medians[other], other))
    RESULTS.parent.mkdir(exist_ok=True)
    about = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "python": platform.python_version()}
    about |= {"streamlit": version("streamlit"), "repeats": repeats, "rounds": rounds, "against": other}
    RESULTS.write_text(json.dumps({"about": about, "medians": medians, "samples": samples}, indent=1) + "\n", "utf-8")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3, help="starts of each side")
    parser.add_argument("--quick", action="store_true", help="one start and one round: a look, not a measurement")
    parser.add_argument("--against", metavar="REV", help="another revision of git in place of the floor")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # unwinds, so that what was started is ended
    try:
        run(1 if options.quick else max(1, options.repeats), 1 if options.quick else 4, options.against)
    except (NotMeasuredError, BrowserError) as error:
        print(f"Not measured. {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; nothing was measured.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
