"""Where own figures are kept for good: a folder for each file that was loaded, and a list of those in use.

data/batches/
    20261125-1a2b3c4d/          one file: its rows as Parquet, one for each table, and manifest.json
    in_use                      the codes of those in use, one a line; swapped at once
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the server starts by way of this module and needs no Polars for it
    import polars as pl

HERE = Path(__file__).parent
FORM = re.compile(r"\d{8}-[0-9a-f]{8}")
IN_USE = "in_use"
MANIFEST = "manifest.json"
STALE_DRAFT_SECONDS = 600
PATIENCE_SECONDS = 600
TABLES = ("park", "indicator", "observation", "target")  # parents first
CODES = {"park": "park_id", "indicator": "indicator_id"}


class StoreFailed(OSError):
    """A batch could not be written; what was in use is unchanged. zh: the same in Chinese."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh


@dataclass(frozen=True)
class Batch:
    """One file of own figures. loaded: ISO, UTC. rows: counts by table. adds, needs: codes by table.

    digest: SHA-256 over the Parquet files. refused, skipped: rows of the file that were not taken.
    """

    batch_id: str
    file_name: str
    loaded: str
    sha256: str
    digest: str
    rows: dict[str, int]
    refused: int
    skipped: int
    adds: dict[str, list[str]]
    needs: dict[str, list[str]]

    @property
    def source_id(self) -> str:
        """Code of the file in the table source."""
        return f"own_{self.sha256[:8]}"

    @property
    def day(self) -> datetime:
        """When it was loaded."""
        return datetime.fromisoformat(self.loaded)


def folder() -> Path:
    """Where the batches stand: the folder named by PARK_BATCHES, else data/batches."""
    return Path(os.environ.get("PARK_BATCHES") or HERE / "batches")


def kept() -> list[Batch]:
    """Every batch, in use or not, the oldest first."""
    if not folder().exists():
        return []
    found = [read(path) for path in folder().iterdir() if FORM.fullmatch(path.name) and (path / MANIFEST).exists()]
    return sorted(found, key=lambda batch: (batch.loaded, batch.batch_id))


def read(path: Path) -> Batch:
    """The batch in a folder. Raises StoreFailed where its manifest cannot be read."""
    try:
        return Batch(**json.loads((path / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise StoreFailed(
            f"批次 {path.name} 的清单读不出来。请把该文件夹移走，再重新载入原文件",
            f"the manifest of batch {path.name} cannot be read; move its folder away and load the file again",
        ) from error


def intact(path: Path) -> Batch:
    """The batch in a folder whose rows are still those that were loaded. Raises StoreFailed."""
    batch = read(path)
    try:
        whole = not batch.digest or digest_of(path) == batch.digest
    except OSError:
        whole = False
    if not whole:
        raise StoreFailed(
            f"批次 {batch.batch_id}（{batch.file_name}）的数据文件已损坏。请用 python -m data.load --remove "
            f"{batch.batch_id} 停用它，移走该文件夹，再重新载入原文件",
            f"the rows of batch {batch.batch_id} ({batch.file_name}) are damaged; take it out of use with "
            f"python -m data.load --remove {batch.batch_id}, move its folder away and load the file again",
        )
    return batch


def digest_of(place: Path) -> str:
    """SHA-256 over the Parquet files of a batch. Raises OSError."""
    digest = hashlib.sha256()
    for table in ("source", *TABLES):
        path = place / f"{table}.parquet"
        if path.exists():
            digest.update(table.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def names_in_use() -> list[str]:
    """Codes of the batches in use, in the order they were loaded. Raises StoreFailed where the list cannot be read."""
    try:
        names = (folder() / IN_USE).read_text("utf-8").split()
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, ValueError) as error:
        raise StoreFailed(
            f"在用批次的清单 {IN_USE} 读不出来。请检查该文件的权限与内容，每行一个批次代码",
            f"the list of batches in use, {IN_USE}, cannot be read; check its permissions and its text, one code a "
            "line",
        ) from error
    return [name for name in names if (folder() / name / MANIFEST).exists()]


def in_use() -> list[Path]:
    """Folders of the batches in use, in the order they were loaded."""
    return [folder() / name for name in names_in_use()]


def point(names: list[str]) -> None:
    """Say which batches are in use, at once or not at all."""
    draft = folder() / f"{IN_USE}.{uuid.uuid4().hex}.draft"
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write("".join(f"{name}\n" for name in names))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder() / IN_USE)
        synced(folder())
    finally:
        draft.unlink(missing_ok=True)


def synced(place: Path) -> None:
    """Have the disk know the names in a folder."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(tables: "dict[str, pl.DataFrame]", about: Batch) -> Path:
    """Write a batch into a draft folder and return it: rows of data.origin.stamped(), and the manifest.

    Raises OSError when the disk refuses; then nothing is left.
    """
    from polars.exceptions import PolarsError  # noqa: PLC0415 - see above

    place = folder() / f"{about.batch_id}.{uuid.uuid4().hex}.draft"
    place.mkdir(parents=True)
    try:
        for table in ("source", *TABLES):
            if table in tables:
                path = place / f"{table}.parquet"
                tables[table].write_parquet(path, compression="zstd", compression_level=1, statistics=False)
                _flushed(path)
        manifest = place / MANIFEST
        filled = asdict(about) | {"digest": digest_of(place)}
        manifest.write_text(json.dumps(filled, ensure_ascii=False, indent=1), "utf-8")
        _flushed(manifest)
    except PolarsError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise OSError(str(error).rsplit(": ", 1)[-1]) from error
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return place


def _flushed(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def described(
    tables: "dict[str, pl.DataFrame]", file_name: str, sha256: str, loaded: datetime, left: tuple[int, int]
) -> Batch:
    """What the manifest says of the rows of a file. left: rows refused, rows skipped."""
    adds = {table: tables[table][code].to_list() for table, code in CODES.items() if table in tables}
    needs: dict[str, set[str]] = {"park": set(), "indicator": set(), "unit": set()}
    for table in TABLES[1:]:
        for parent, column in (("park", "park_id"), ("indicator", "indicator_id"), ("unit", "unit_id")):
            if table in tables and column in tables[table].columns and table != parent:
                needs[parent] |= set(tables[table][column].unique())
    own = {table: set(codes) for table, codes in adds.items()}
    return Batch(
        f"{loaded:%Y%m%d}-{sha256[:8]}", file_name, loaded.isoformat(), sha256, "",
        {table: tables[table].height for table in TABLES if table in tables}, *left, adds,
        {table: sorted(codes - own.get(table, set())) for table, codes in needs.items()},
    )  # fmt: skip


def sweep() -> None:
    """Delete drafts that a killed load left behind."""
    for draft in folder().glob("*.draft"):
        with contextlib.suppress(OSError):
            if time.time() - draft.stat().st_mtime > STALE_DRAFT_SECONDS:
                draft.unlink() if draft.is_file() else shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def locked(place: Path, seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold a folder against other builds and loads; waits for them. The system lets go when a process is killed.

    Where the system knows no such locks, or the folder cannot be opened, there is none. Raises StoreFailed after
    `seconds`.
    """
    try:
        import fcntl  # noqa: PLC0415 - not everywhere

        descriptor = os.open(place, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        until = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise StoreFailed(
                        "另一次载入还没有结束。请稍后再试", "another load is under way; try again when it is done"
                    ) from None
                time.sleep(0.05)
            except OSError:
                break  # a file system without locks
        yield
    finally:
        os.close(descriptor)
