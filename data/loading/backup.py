"""Write all that was loaded into one file: batches, the list of those in use, ledgers, own sources."""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from data import paths
from data.database import build
from data.ledger import versions
from data.ledger.ledger import PARK
from data.storage import atomic, batches

ABOUT = "backup.json"
FORMAT = 1
PIECE = 1 << 20
EPOCH = (1980, 1, 1, 0, 0, 0)
# The only names that a backup may hold.
NAMES = re.compile(
    rf"batches/({batches.IN_USE}|{batches.FORM.pattern}/[a-z]+\.(parquet|json))"
    rf"|ledgers/{PARK.pattern}/({versions.CURRENT}|{versions.FORM.pattern}\.duckdb)"
    r"|sources/(\w[\w .-]*/)*\w[\w .-]*\.csv"
)


def places() -> dict[str, Path]:
    """What is kept, by its folder in a backup; the sources only where they are own ones."""
    own = {"sources": paths.sources_path()} if paths.sources_path() != paths.DATA / "sources" else {}
    return {"batches": batches.folder(), "ledgers": versions.folder()} | own


def files() -> list[tuple[str, Path]]:
    """Every file of a backup: its name in it, and where it stands. Drafts and what others put there are left out."""
    found = [
        (f"{folder}/{path.relative_to(place).as_posix()}", path)
        for folder, place in places().items()
        for path in sorted(place.rglob("*"))
    ]
    return [(name, path) for name, path in found if NAMES.fullmatch(name) and path.is_file()]


def homes() -> list[Path]:
    """Folders of the parks that have, or had, a ledger."""
    return sorted(versions.folder().glob("*/"))


@contextmanager
def held() -> Iterator[None]:
    """Hold all that is kept against loads; waits for one that is under way."""
    with ExitStack() as locks:
        for place in (batches.folder(), *homes()):
            locks.enter_context(atomic.locked(place))
        yield


def made(path: Path, *, force: bool = False, verified: bool = True) -> int:
    """Write a backup at once or not at all; return the number of its files.

    One that is there and holds the very same is not written again, so that a call that was killed in its last moment
    can be repeated. verified: what is in use is checked first. Raises FileExistsError, data.storage.batches.Damaged,
    data.ledger.versions.Damaged, StoreFailed.
    """
    with held(), atomic.locked(path.parent):
        atomic.sweep(path.parent, f"{path.name}.*.draft")
        if path.exists() and not force:
            if not _made_before(path):
                raise FileExistsError(path.name)
            return len(files())
        if verified:
            batches.verify(batches.in_use())
            for home in homes():
                versions.ledger(home.name)
        draft = atomic.draft_of(path)
        try:
            count = _written(draft)
            atomic.flushed(draft)
            draft.replace(path)
            atomic.synced(path.parent)
        finally:
            draft.unlink(missing_ok=True)
    return count


def _made_before(path: Path) -> bool:
    """Whether a file is a whole backup of what is kept now."""
    try:
        with zipfile.ZipFile(path) as archive:
            listed = json.loads(archive.read(ABOUT))["files"]
            whole = archive.testzip() is None
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, RuntimeError):
        return False
    return whole and listed == {name: _digest(place) for name, place in files()}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written(draft: Path) -> int:
    digests = {}
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, path in files():
            digest = hashlib.sha256()
            with path.open("rb") as source, archive.open(zipfile.ZipInfo(name, EPOCH), "w", force_zip64=True) as target:
                while piece := source.read(PIECE):
                    digest.update(piece)
                    target.write(piece)
            digests[name] = digest.hexdigest()
        about = {
            "format": FORMAT, "made": datetime.now(UTC).isoformat(timespec="seconds"), "product": product(),
            "data_version": build.built_version(paths.database_path()), "files": digests,
        }  # fmt: skip
        archive.writestr(zipfile.ZipInfo(ABOUT, EPOCH), json.dumps(about, ensure_ascii=False, indent=1))
    return len(digests)


def product() -> str:
    """The version of the product that writes."""
    try:
        return metadata.version("park-explorer")
    except metadata.PackageNotFoundError:  # run from its tree
        listed = Path(__file__).parent.parent / "pyproject.toml"
        found = re.search(r'^version = "(.+)"$', listed.read_text("utf-8") if listed.exists() else "", re.MULTILINE)
        return found[1] if found else ""
