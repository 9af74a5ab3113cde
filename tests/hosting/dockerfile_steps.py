"""Run the Dockerfile's steps without Docker, in an empty folder that stands for the image, and try the server in it.

Run: python tests/hosting/dockerfile_steps.py                     packages installed from the lock: minutes
     python tests/hosting/dockerfile_steps.py --reuse-packages    with the packages of this Python: seconds

What it does not try: the base images and their Python, the layers, Docker's own network and health check timer.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import site
import subprocess
import sys
import tempfile
import time
from pathlib import Path, PurePosixPath

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.hosting.servers import ROOT, free_port, get, process, recorded

NEVER_IN_THE_IMAGE = (".git", "tests", "docs", "secrets.toml", "Makefile", "requirements-dev.txt")
OURS = re.compile(r"(?<![\w./:-])/(?=(?:opt|srv)/)")


def instructions(text):
    """The instructions of a Dockerfile, one (name, arguments) each; a line that ends in a backslash goes on."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if line.strip():
            name, _, arguments = line.strip().partition(" ")
            yield name.upper(), arguments.strip()


def pattern(text):
    """A line of .dockerignore as a regular expression; it covers what is below a folder, too."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", PurePosixPath(text.strip("/")).as_posix())
    meanings = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meanings.get(part) or re.escape(part) for part in parts) + "(?:/.*)?")


def context(root, ignore):
    """The files that Docker would be sent: the last line of .dockerignore that fits decides."""
    rules = [line.strip() for line in ignore.splitlines() if line.strip() and not line.startswith("#")]
    rules = [(not rule.startswith("!"), pattern(rule.lstrip("!"))) for rule in rules]
    files = []
    for folder, names, found in os.walk(root):
        # What no image needs and what is large here is not even walked; the rules decide about all else.
        names[:] = [name for name in names if name not in (".git", ".venv", "node_modules")]
        for name in found:
            path = (Path(folder) / name).relative_to(root).as_posix()
            out = False
            for excludes, rule in rules:
                out = excludes if rule.fullmatch(path) else out
            if not out:
                files.append(path)
    return sorted(files)


class Image:
    """The folder that stands for the image's file system, and what the Dockerfile says about running it."""

    def __init__(self, work, reuse):
        self.root, self.work, self.reuse = work / "image", work, reuse
        self.files = context(ROOT, (ROOT / ".dockerignore").read_text("utf-8"))
        self.stage, self.identity, self.command, self.health, self.ports = "", "", [], [], []

    def ours(self, text):
        """Absolute paths of the image, moved below the folder."""
        return OURS.sub(lambda _: f"{self.root}/", text)

    def begin(self, arguments):
        if self.stage:
            self.root.rename(self.work / f"stage-{self.stage}")
        self.root.mkdir()
        self.stage = arguments.split()[-1]
        self.folder, self.environment = self.root, {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}

    def workdir(self, arguments):
        self.folder = Path(self.ours(arguments))
        self.folder.mkdir(parents=True, exist_ok=True)

    def env(self, arguments):
        for name, value in re.findall(r"(\w+)=(\S+)", arguments):
            self.environment[name] = self.ours(value).replace("$PATH", self.environment["PATH"])

    def copy(self, arguments):
        stage = re.match(r"--from=(\w+) ", arguments)
        origin, target = arguments.split()[-2:]
        folder = self.folder / self.ours(target)
        if stage:
            shutil.copytree(self.work / f"stage-{stage[1]}" / origin.lstrip("/"), folder, symlinks=True)
            return
        wanted = [path for path in self.files if path == origin or path.startswith(f"{origin}/")]
        assert wanted, f"COPY {origin}: no such file outside .dockerignore"
        for path in wanted:
            goal = folder / PurePosixPath(path).relative_to(origin if path != origin else PurePosixPath(path).parent)
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, goal)

    def run(self, arguments):
        for part in arguments.split("&&"):
            if self.reuse and " install " in part:
                self.borrow(part)
            else:
                command = self.ours(part.strip())
                subprocess.run(command, shell=True, check=True, cwd=self.folder, env=self.environment)

    def borrow(self, part):
        """In place of an installation: the packages of this Python, and the start script that pip would write."""
        assert "--require-hashes" in part
        assert "index-url" not in part
        python = self.ours(re.search(r"--python (\S+)", part)[1])
        venv = Path(python).parents[1]
        (packages,) = venv.glob("lib/python*/site-packages")
        (packages / "reused.pth").write_text("\n".join(site.getsitepackages()) + "\n")
        script = venv / "bin" / "streamlit"
        script.write_text(f"#!{python}\nfrom streamlit.web.cli import main\nmain()\n")
        script.chmod(0o755)

    def user(self, arguments):
        self.identity = arguments

    def expose(self, arguments):
        self.ports += arguments.split()

    def healthcheck(self, arguments):
        self.health = json.loads(arguments.partition("CMD ")[2])

    def cmd(self, arguments):
        self.command = json.loads(arguments)


def as_visitor(image):
    """How to run a command with no more rights than the image's user has: options for Popen, words before it, and who.

    Nothing in the image can be written any more. Root becomes that user where the Python of this shell is not
    closed to others; else it gives up its powers, so that the rights of files hold for it, too.
    """
    paths = [path for path in [image.root, *image.root.rglob("*")] if not path.is_symlink()]
    for path in paths:
        mode = path.stat().st_mode
        assert mode & 0o004 and (mode & 0o001 or not path.is_dir()), f"the image's user cannot read {path}"
        path.chmod(mode & ~0o222)
    if os.geteuid() != 0:
        return {}, [], "the user of this shell"
    number, group = (int(part) for part in image.identity.split(":"))
    become = {"user": number, "group": group, "extra_groups": []}
    with contextlib.suppress(PermissionError):
        python = [image.root / "opt/park/bin/python", "-c", "import streamlit"]
        import_it = {"cwd": "/", "env": image.environment, "capture_output": True}
        if subprocess.run(python, check=False, **import_it, **become).returncode == 0:
            return become, [], f"user {number}"
    return {}, ["setpriv", "--inh-caps=-all", "--bounding-set=-all"], "root without its powers"


def built(work, reuse):
    """The image after all steps; the stages before the last are gone, as they are for who runs it."""
    image = Image(work, reuse)
    for name, arguments in instructions((ROOT / "Dockerfile").read_text("utf-8")):
        getattr(image, {"FROM": "begin"}.get(name, name.lower()))(arguments)
    for stage in work.glob("stage-*"):
        shutil.rmtree(stage)
    return image


def tried(work, reuse=False):
    """Build, start as the image's user, ask; return what was seen. Raises AssertionError for what is not right."""
    image = built(work, reuse)
    found = sorted(
        path.relative_to(image.root / "srv/park").as_posix() for path in (image.root / "srv/park").rglob("*")
    )
    wrong = [path for path in found if set(PurePosixPath(path).parts) & set(NEVER_IN_THE_IMAGE)]
    assert not wrong, f"not for the image: {wrong}"
    assert "data/park.duckdb" in found, "the database is not in the image"
    database = image.root / "srv/park/data/park.duckdb"
    before = database.stat().st_mtime_ns

    work.chmod(0o755)
    port = free_port()
    become, words, who = as_visitor(image)
    record, notes = recorded(work, ROOT, sys.prefix)
    recorder = shutil.copytree(record["PYTHONPATH"], work / "recorder")
    environment = {**image.environment, **record, "PYTHONPATH": str(recorder), "STREAMLIT_SERVER_PORT": str(port)}
    environment["HOME"] = str(image.root)  # "/" for a user without an entry in the list of users
    start = [*words, shutil.which(image.command[0], path=environment["PATH"]), *image.command[1:]]
    options = {"cwd": image.folder, "env": environment, "stdin": subprocess.DEVNULL, **become}
    began = time.monotonic()
    with process(start, work / "log", lambda: get(port, "/_stcore/health").status == 200, **options) as child:
        seconds = time.monotonic() - began
        assert get(port, "/api/parks.json").status == 200  # waits until the data is prepared; health does not
        health = get(port, "/api/health")
        assert health.status == 200, health.body
        assert get(port, "/").status == 200
        check = [shutil.which(image.health[0], path=environment["PATH"]), *image.health[1:]]
        subprocess.run(check, check=True, **options)
        below = {**environment, "STREAMLIT_SERVER_BASE_URL_PATH": "nothing-here/a"}
        wrong_base = subprocess.run(check, check=False, **{**options, "env": below}, capture_output=True)
        assert wrong_base.returncode, "the health check does not look below the base path"
        child.terminate()
        assert child.wait(10) is not None
    for path in image.root.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    assert database.stat().st_mtime_ns == before, "the server built the database anew"
    assert not notes.read_text(), f"touched outside the image:\n{notes.read_text()}"
    rows = json.loads(health.body)["rows"]
    assert rows["observation"] > 0
    return {"files": found, "who": who, "ports": image.ports, "seconds": seconds, "rows": rows}


def main():
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reuse-packages", action="store_true", help="take the packages of this Python")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        seen = tried(Path(work), options.reuse_packages)
    sys.stdout.write(
        f"{len(seen['files'])} files; healthy after {seen['seconds']:.1f} s as {seen['who']}; rows {seen['rows']}\n"
    )


if __name__ == "__main__":
    main()
