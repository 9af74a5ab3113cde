"""Servers for the tests: each a child process on a free port of this machine, ended by its id."""

import asyncio
import contextlib
import http.client
import os
import re
import socket
import ssl
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).parents[2]
HOSTING = ROOT / "tests" / "hosting"
STREAMLIT = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]


def in_a_loop(task):
    """The result of a task in a loop of its own: where a browser is driven, this thread has a loop that runs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, task).result(60)


def children(pid):
    """Processes that a process started."""
    return [int(child) for child in Path(f"/proc/{pid}/task").glob("*/children") for child in child.read_text().split()]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port, path, headers=None, tls=None):
    """Status, headers (small letters; the last of a name) and body of one GET; no redirect is followed."""
    if tls is None:
        connection = http.client.HTTPConnection("localhost", port, timeout=20)
    else:
        connection = http.client.HTTPSConnection("localhost", port, timeout=20, context=tls)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return SimpleNamespace(status=answer.status, headers=names, body=answer.read())


@contextlib.contextmanager
def process(command, log, is_up, seconds=40, **options):
    """Run a command until the block ends; it is up when `is_up` says so."""
    with Path(log).open("wb") as output:
        child = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, **options)
    try:
        deadline = time.monotonic() + seconds
        while not answers(is_up):
            if child.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{command[0]} did not start:\n{Path(log).read_text('utf-8')}")
            time.sleep(0.1)
        yield child
    finally:
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def answers(is_up):
    try:
        return is_up()
    except (OSError, http.client.HTTPException):
        return False


def recorded(folder, watch=ROOT, watch_not=sys.prefix):
    """Environment that makes a Python process note what it touches, and the file of its notes."""
    notes = folder / "notes"
    notes.touch()
    notes.chmod(0o666)
    environment = {
        "PYTHONPATH": str(HOSTING / "recorder"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PARK_RECORD": str(notes),
        "PARK_WATCH": str(watch),
        "PARK_WATCH_NOT": str(watch_not),
    }
    return environment, notes


@contextlib.contextmanager
def explorer(folder, *options, base=""):
    """The real server as a host starts it: an empty home, standard input closed, no address given."""
    folder.mkdir()
    home = folder / "home"
    home.mkdir()
    port = free_port()
    record, notes = recorded(folder)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "PARK_"))}
    environment |= record | {"HOME": str(home), "PARK_DATABASE": str(folder / "park.duckdb")}
    command = ["sh", "-c", 'exec "$@" <&-', "sh", *STREAMLIT, "--server.port", str(port), *options]
    log = folder / "log"

    def is_up():
        return get(port, f"{base}/_stcore/health").status == 200 and get(port, "/api/ready").status == 200

    with process(command, log, is_up, cwd=folder, env=environment):
        yield SimpleNamespace(port=port, home=home, log=log, notes=notes)


@contextlib.contextmanager
def nginx(folder, upstream, others=None):
    """Debian's nginx with docs/nginx.conf: its own words but for the ports, the certificate and the folders.

    others: more words to replace, each by what.
    """
    folder.mkdir()
    plain, secure = free_port(), free_port()
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    site = (ROOT / "docs" / "nginx.conf").read_text("utf-8")
    for theirs, ours in {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{secure} ssl http2;",
        "server 127.0.0.1:8501;": f"server 127.0.0.1:{upstream};",
        "/etc/ssl/park/fullchain.pem": str(certificate),
        "/etc/ssl/park/privkey.pem": str(key),
        "/var/lib/nginx/park": str(folder / "cache"),
        **(others or {}),
    }.items():
        assert site.count(theirs) == 1, (
            f"docs/nginx.conf must say {theirs!r} once; tests/hosting/servers.py replaces it"
        )
        site = site.replace(theirs, ours)
    (folder / "site.conf").write_text(site, "utf-8")
    kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    temporary = "\n".join(f"    {kind}_temp_path {folder / kind};" for kind in kinds)
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\nworker_processes 1;\npid {folder / 'pid'};\nerror_log stderr warn;\nevents {{}}\n"
        f"http {{\n    include /etc/nginx/mime.types;\n    access_log off;\n{temporary}\n    include site.conf;\n}}\n"
    )
    tls = ssl.create_default_context(cafile=certificate)
    command = ["nginx", "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    search = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    with process(command, folder / "log", lambda: get(plain, "/").status == 301, env=search):
        log = folder / "log"
        problems = re.findall(r"\[(?:warn|error|emerg)\].*", log.read_text("utf-8"))
        assert not problems, problems
        yield SimpleNamespace(plain=plain, secure=secure, tls=tls, log=log, folder=folder)
