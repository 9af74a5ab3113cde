"""Put a backup in use: checked completely, then all of it or nothing."""

import hashlib
import itertools
import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from data.database import build
from data.ledger import versions
from data.loading.backup import (
    BACKUP_FORMAT,
    CHUNK_BYTES,
    MANIFEST_NAME,
    NAME_PATTERN,
    find_backup_files,
    get_backup_folders,
    hold_stores,
    write_backup,
)
from data.storage import atomic, batches
from data.storage.atomic import StorageError

MOST_MANIFEST_BYTES = 50_000_000


class InvalidBackup(StorageError):
    """The file is not a complete backup; nothing was changed. zh: the same in Chinese."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"不能恢复：{zh}。现有数据不变", f"this cannot be restored: {en}. Everything stays as it was")


def restore_backup(path: Path, now: str) -> tuple[Path | None, str]:
    """Put a backup in use and build the database; return the backup of what was there before, and the data version.

    Names, kinds and digests are checked before anything is changed; if the database cannot be built from it,
    everything stays as it was. now: as 20261128T194500, for the name of the other backup. Raises InvalidBackup,
    StorageError, data.database.build.BrokenSources, BuildFailed.
    """
    with ExitStack() as stack:
        archive, digests = _open_backup(path, stack)
        folders = {"batches", "ledgers", *(["sources"] if any(name.startswith("sources/") for name in digests) else [])}
        if "sources" in folders - get_backup_folders().keys():
            raise InvalidBackup(
                "备份里有自己的数据源，请先把 PARK_SOURCES 设为存放它的文件夹",
                "it holds sources of its own; set PARK_SOURCES to the folder where they belong",
            )
        for folder in folders:
            get_backup_folders()[folder].mkdir(parents=True, exist_ok=True)
        for name in digests:
            if name.startswith("ledgers/"):
                (versions.get_ledgers_folder() / name.split("/")[1]).mkdir(exist_ok=True)
        stack.enter_context(hold_stores())
        atomic.delete_abandoned_drafts(batches.get_batches_folder())
        staged = atomic.make_draft_path(batches.get_batches_folder() / "backup")
        stack.callback(atomic.delete_path, staged)
        _unpack_files(archive, digests, staged)
        aside = _find_unused_path(batches.get_batches_folder() / f"before-{now}.zip") if find_backup_files() else None
        if aside:
            write_backup(aside, force=True, verified=False)
        version = _swap_files(staged, digests, folders)
    return aside, version


def _find_unused_path(path: Path) -> Path:
    """Return the path, or a numbered one next to it if taken: by another such backup within the same second."""
    names = (path.with_stem(f"{path.stem}-{number}") if number > 1 else path for number in itertools.count(1))
    return next(name for name in names if not name.exists())


def _open_backup(path: Path, stack: ExitStack) -> tuple[zipfile.ZipFile, dict[str, str]]:
    """Return the archive, and the digest of each of its files, once its names and kinds are checked."""
    try:
        archive = stack.enter_context(zipfile.ZipFile(path))
        entries = {entry.filename: entry for entry in archive.infolist()}
        if len(entries) < len(archive.infolist()) or entries[MANIFEST_NAME].file_size > MOST_MANIFEST_BYTES:
            raise ValueError(MANIFEST_NAME)
        about = json.loads(archive.read(MANIFEST_NAME))
        known, digests = (
            about["format"] == BACKUP_FORMAT,
            {str(name): str(digest) for name, digest in about["files"].items()},
        )
    except FileNotFoundError as error:
        raise InvalidBackup(f"没有文件 {path.name}", f"there is no file {path.name}") from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, RuntimeError, EOFError) as error:
        raise InvalidBackup(f"{path.name} 不是完整的备份", f"{path.name} is no whole backup") from error
    if not known:
        raise InvalidBackup("备份出自更新的版本，请先升级", "it was made by a later version; update first")
    for name in {*entries} ^ {*digests, MANIFEST_NAME}:
        raise InvalidBackup(f"文件与清单不符：{name!a}", f"its files are not those of its list: {name!a}")
    for name, entry in entries.items():
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if (
            (name != MANIFEST_NAME and not NAME_PATTERN.fullmatch(name))
            or kind not in (0, stat.S_IFREG)
            or entry.flag_bits & 1
        ):
            raise InvalidBackup(f"其中有不该有的文件：{name!a}", f"it holds what no backup holds: {name!a}")
    if (
        sum(entry.file_size for entry in entries.values()) * 2
        > shutil.disk_usage(batches.get_batches_folder().parent).free
    ):
        raise InvalidBackup("磁盘空间不够", "there is not room enough on the disk")
    return archive, digests


def _unpack_files(archive: zipfile.ZipFile, digests: dict[str, str], staged: Path) -> None:
    """Write every file into a draft folder. Raises InvalidBackup for one that differs from what was written."""
    for name, wanted in digests.items():
        path, digest = staged / name, hashlib.sha256()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with archive.open(name) as source, path.open("wb") as target:
                while piece := source.read(CHUNK_BYTES):
                    digest.update(piece)
                    target.write(piece)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
            raise InvalidBackup(f"{name} 已损坏", f"{name} is damaged") from error
        if digest.hexdigest() != wanted:
            raise InvalidBackup(f"{name} 已损坏", f"{name} is damaged")
        atomic.sync_file(path)


def _swap_files(staged: Path, digests: dict[str, str], folders: set[str]) -> str:
    """Put the files of a backup in place, then the marks that put them in use, remove the others, and build.

    Until the marks are written, readers and loads see the previous state. If anything fails, it is restored.
    """
    before = {name: path for name, path in find_backup_files() if name.split("/")[0] in folders}
    undo: list[Callable[[], object]] = []
    try:
        for name in sorted(digests, key=_is_mark):
            _place_file(name, digests[name], staged, undo)
        for name in sorted(before.keys() - digests.keys(), key=_is_mark, reverse=True):
            moved = staged / "before" / name
            moved.parent.mkdir(parents=True, exist_ok=True)
            before[name].replace(moved)
            undo.append(partial(moved.replace, before[name]))
        return build.build_database()
    except BaseException:
        for step in reversed(undo):
            step()
        raise
    finally:
        for path in [*batches.get_batches_folder().glob("*/"), *versions.get_ledgers_folder().glob("*/")]:
            if not any(path.iterdir()):
                path.rmdir()


def _place_file(name: str, digest: str, staged: Path, undo: list[Callable[[], object]]) -> None:
    """Put one file in place, atomically; an identical file that exists already stays."""
    folder, _, rest = name.partition("/")
    target, kept = get_backup_folders()[folder] / rest, staged / "before" / name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        undo.append(partial(target.unlink, missing_ok=True))
    elif hashlib.sha256(target.read_bytes()).hexdigest() == digest:
        return
    else:
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(target, kept)
        undo.append(partial(kept.replace, target))
    (staged / name).replace(target)
    atomic.sync_folder(target.parent)


def _is_mark(name: str) -> bool:
    return name.rsplit("/", 1)[-1] in (batches.IN_USE, versions.CURRENT)
