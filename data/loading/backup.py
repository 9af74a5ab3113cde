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
from data.database import shape
from data.ledger import versions
from data.ledger.ledger import CODE_OF_PARK
from data.storage import atomic, batches

MANIFEST_NAME = "backup.json"
BACKUP_FORMAT = 1
CHUNK_BYTES = 1 << 20
EPOCH = (1980, 1, 1, 0, 0, 0)
# The only names that a backup may hold.
NAME_PATTERN = re.compile(
    rf"batches/({batches.IN_USE}|{batches.BATCH_ID_PATTERN.pattern}/[a-z]+\.(parquet|json))"
    rf"|ledgers/{CODE_OF_PARK.pattern}/({versions.CURRENT}|{versions.VERSION_PATTERN.pattern}\.duckdb)"
    r"|sources/(\w[\w .-]*/)*\w[\w .-]*\.csv"
)


def get_backup_folders() -> dict[str, Path]:
    """Return the folders that are backed up, by their name in a backup; the sources only if they are the user's own."""
    own = {"sources": paths.get_sources_path()} if paths.get_sources_path() != paths.DATA / "sources" else {}
    return {"batches": batches.get_batches_folder(), "ledgers": versions.get_ledgers_folder()} | own


def find_backup_files() -> list[tuple[str, Path]]:
    """Return every file of a backup: its name in the backup, and its path. Drafts and foreign files are left out."""
    found = [
        (f"{folder}/{path.relative_to(place).as_posix()}", path)
        for folder, place in get_backup_folders().items()
        for path in sorted(place.rglob("*"))
    ]
    return [(name, path) for name, path in found if NAME_PATTERN.fullmatch(name) and path.is_file()]


def find_ledger_folders() -> list[Path]:
    """Return the folders of the parks that have, or had, a ledger."""
    return sorted(versions.get_ledgers_folder().glob("*/"))


@contextmanager
def hold_stores() -> Iterator[None]:
    """Lock all that is kept against loads; waits for a load under way."""
    with ExitStack() as locks:
        for place in (batches.get_batches_folder(), *find_ledger_folders()):
            locks.enter_context(atomic.hold_lock(place))
        yield


def write_backup(path: Path, *, force: bool = False, verified: bool = True) -> int:
    """Write a backup atomically; return the number of its files.

    An existing backup with the same content is not written again, so that a call killed in its last moment can be
    repeated. verified: what is in use is checked first. Raises FileExistsError, data.storage.batches.DamagedBatch,
    data.ledger.versions.DamagedLedger, StorageError.
    """
    with hold_stores(), atomic.hold_lock(path.parent):
        atomic.delete_abandoned_drafts(path.parent, f"{path.name}.*.draft")
        if path.exists() and not force:
            if not _is_same_backup(path):
                raise FileExistsError(path.name)
            return len(find_backup_files())
        if verified:
            batches.check_batches(batches.get_batch_folders_in_use())
            for home in find_ledger_folders():
                versions.find_park_ledger(home.name)
        with atomic.open_draft(path) as draft:
            return _write_archive(draft)


def _is_same_backup(path: Path) -> bool:
    """Return whether a file is a complete backup of what is kept now."""
    try:
        with zipfile.ZipFile(path) as archive:
            listed = json.loads(archive.read(MANIFEST_NAME))["files"]
            whole = archive.testzip() is None
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, RuntimeError):
        return False
    return whole and listed == {name: _compute_digest(place) for name, place in find_backup_files()}


def _compute_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_archive(draft: Path) -> int:
    digests = {}
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, path in find_backup_files():
            digest = hashlib.sha256()
            with path.open("rb") as source, archive.open(zipfile.ZipInfo(name, EPOCH), "w", force_zip64=True) as target:
                while piece := source.read(CHUNK_BYTES):
                    digest.update(piece)
                    target.write(piece)
            digests[name] = digest.hexdigest()
        about = {
            "format": BACKUP_FORMAT,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "product": read_product_version(),
            "data_version": shape.read_built_version(paths.get_database_path()),
            "files": digests,
        }
        archive.writestr(zipfile.ZipInfo(MANIFEST_NAME, EPOCH), json.dumps(about, ensure_ascii=False, indent=1))
    return len(digests)


def read_product_version() -> str:
    """Return the version of the running product, for the backup's manifest."""
    try:
        return metadata.version("park-explorer")
    except metadata.PackageNotFoundError:  # run from its tree
        listed = Path(__file__).parent.parent / "pyproject.toml"
        found = re.search(r'^version = "(.+)"$', listed.read_text("utf-8") if listed.exists() else "", re.MULTILINE)
        return found[1] if found else ""
