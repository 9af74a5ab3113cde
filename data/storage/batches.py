"""Permanent store of own figures: a folder for each file that was loaded, and a list of those in use.

data/batches/
    20261125-1a2b3c4d/          one file: its rows as Parquet, one for each table, and manifest.json
    in_use                      the codes of those in use, one a line; replaced atomically
"""

import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from data.paths import get_batches_path
from data.storage import atomic
from data.storage.atomic import StorageError, hold_lock
from data.storage.store import Store

if TYPE_CHECKING:  # the server starts by way of this module and needs no Polars for it
    import polars as pl

__all__ = ["StorageError", "hold_lock"]  # of data.storage.atomic, for whoever changes batches

BATCH_ID_PATTERN = re.compile(r"\d{8}-[0-9a-f]{8}")
IN_USE = "in_use"
MANIFEST = "manifest.json"
PARQUET_MAGIC = b"PAR1"  # a whole file begins and ends so
BATCH_TABLES = ("park", "indicator", "observation", "target")  # parents first
BATCH_CODE_COLUMNS = {"park": "park_id", "indicator": "indicator_id"}


class DamagedBatch(StorageError):
    """Error: a file of a batch is missing, cannot be read, or is not what was written. zh: the message in Chinese."""

    def __init__(self, batch_id: str, file: str, zh: str, en: str) -> None:
        super().__init__(
            f"批次 {batch_id} 的文件 {file} {zh}。请运行 python -m data.load --remove {batch_id} 停用它，"
            "再重新载入原文件；或从备份恢复",
            f"batch {batch_id} cannot be read: its file {file} {en}. Take it out of use with python -m data.load "
            f"--remove {batch_id} and load the original file again, or restore a backup",
        )
        self.batch_id, self.file = batch_id, file


@dataclass(frozen=True)
class Batch:
    """The manifest of one loaded file of own figures. loaded: ISO, UTC. rows: counts by table.

    adds, needs: codes by table that the batch adds, and that it needs from elsewhere. digest: SHA-256 over the
    Parquet files. refused, skipped: counts of rows of the file that were not taken.
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
    def loaded_at(self) -> datetime:
        """Date and time of loading, UTC."""
        return datetime.fromisoformat(self.loaded)


def get_batches_folder() -> Path:
    """Return the folder of the batches: PARK_BATCHES, else data/batches."""
    return get_batches_path()


def get_batch_store() -> Store:
    """Return the store of the batches."""
    return Store(get_batches_folder(), BATCH_ID_PATTERN, IN_USE)


def get_batch_ids() -> list[str]:
    """Return the codes of all stored batches, sorted, whether in use or not, damaged or not."""
    return get_batch_store().get_names()


def get_batches() -> list[Batch]:
    """Return all stored batches with a readable manifest, whether in use or not, oldest first."""
    found = []
    for name in get_batch_ids():
        try:
            found.append(read_batch(get_batches_folder() / name))
        except DamagedBatch:  # reported where the batch is used
            continue
    return sorted(found, key=lambda batch: (batch.loaded, batch.batch_id))


def read_batch(path: Path) -> Batch:
    """Read the manifest of the batch in a folder. Raises DamagedBatch if it cannot be read."""
    try:
        about = Batch(**json.loads((path / MANIFEST).read_text("utf-8")))
        sound = (
            BATCH_ID_PATTERN.fullmatch(about.batch_id)
            and path.name[:17] == about.batch_id
            and set(about.rows) <= set(BATCH_TABLES)
        )
        if not (sound and about.loaded_at and about.source_id):
            raise ValueError(about.batch_id)
    except FileNotFoundError as error:
        raise DamagedBatch(path.name[:17], MANIFEST, "不见了", "is missing") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise DamagedBatch(path.name[:17], MANIFEST, "已损坏，读不出来", "is damaged") from error
    return about


def check_batches(places: Sequence[Path]) -> None:
    """Check the Parquet files of these batches. Raises DamagedBatch if one is missing or is not what was written."""
    for place in places:
        about, digest, bad = read_batch(place), hashlib.sha256(), []
        for table in ("source", *BATCH_TABLES):
            path = place / f"{table}.parquet"
            if table != "source" and table not in about.rows:
                continue
            try:
                content = path.read_bytes()
            except FileNotFoundError as error:
                raise DamagedBatch(about.batch_id, path.name, "不见了", "is missing") from error
            except OSError as error:
                raise DamagedBatch(about.batch_id, path.name, "读不出来", "cannot be read") from error
            if content[:4] != PARQUET_MAGIC or content[-4:] != PARQUET_MAGIC:
                bad = [path.name]
            digest.update(table.encode() + b"\0" + content)
        if digest.hexdigest() != about.digest:
            files = ", ".join(bad or [path.name for path in sorted(place.glob("*.parquet"))])
            raise DamagedBatch(about.batch_id, files, "与载入时不同，已损坏", "is not what was written, it is damaged")


def get_batch_ids_in_use() -> list[str]:
    """Return the codes of the batches in use, in the order of loading.

    Raises StorageError if the list cannot be read.
    """
    try:
        names = (get_batch_store().read_pointer() or "").split()
    except (OSError, ValueError) as error:
        raise _make_list_error() from error
    if not all(map(BATCH_ID_PATTERN.fullmatch, names)) or len(set(names)) < len(names):
        raise _make_list_error()
    return names


def _make_list_error() -> StorageError:
    """Make the error about a damaged list of the batches in use."""
    there = ", ".join(get_batch_ids()) or "—"
    return StorageError(
        f"在用批次的清单 {get_batches_folder().name}/{IN_USE} 读不出来。"
        f"请每行写一个批次代码，或从备份恢复。现有：{there}",
        f"the list of batches in use, {get_batches_folder().name}/{IN_USE}, cannot be read; "
        f"write one code of a batch a line, or restore a backup. There are: {there}",
    )


def get_batch_folders_in_use() -> list[Path]:
    """Return the folders of the batches in use, in the order of loading.

    Raises StorageError if the list cannot be read.
    """
    return [get_batches_folder() / name for name in get_batch_ids_in_use()]


def write_batches_in_use(names: list[str]) -> None:
    """Write the list of the batches in use, atomically."""
    get_batch_store().write_pointer("".join(f"{name}\n" for name in names))


def write_batch(tables: "dict[str, pl.DataFrame]", about: Batch) -> Path:
    """Write a batch, its Parquet files and its manifest, into a draft folder and return the folder.

    tables: rows as data.intake.provenance.add_provenance() returns them. Raises OSError if they cannot be written;
    then nothing is left.
    """
    from polars.exceptions import PolarsError  # noqa: PLC0415 - see above

    place = atomic.make_draft_path(get_batches_folder() / about.batch_id)
    place.mkdir(parents=True)
    try:
        digest = hashlib.sha256()
        for table in ("source", *BATCH_TABLES):
            if table in tables:
                path = place / f"{table}.parquet"
                tables[table].write_parquet(path, compression="zstd", compression_level=1, statistics=False)
                atomic.sync_file(path)
                digest.update(table.encode() + b"\0" + path.read_bytes())
        manifest = place / MANIFEST
        filled = asdict(about) | {"digest": digest.hexdigest()}
        manifest.write_text(json.dumps(filled, ensure_ascii=False, indent=1), "utf-8")
        atomic.sync_file(manifest)
    except PolarsError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise OSError(str(error).rsplit(": ", 1)[-1]) from error
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return place


def make_batch(
    tables: "dict[str, pl.DataFrame]", file_name: str, sha256: str, loaded: datetime, left: tuple[int, int]
) -> Batch:
    """Make the manifest of a batch from its rows by table; its digest is still empty.

    left: counts of rows refused, rows skipped.
    """
    adds = {table: tables[table][code].to_list() for table, code in BATCH_CODE_COLUMNS.items() if table in tables}
    needs: dict[str, set[str]] = {"park": set(), "indicator": set(), "unit": set()}
    for table in BATCH_TABLES[1:]:
        for parent, column in (("park", "park_id"), ("indicator", "indicator_id"), ("unit", "unit_id")):
            if table in tables and column in tables[table].columns and table != parent:
                needs[parent] |= set(tables[table][column].unique())
    own = {table: set(codes) for table, codes in adds.items()}
    return Batch(
        f"{loaded:%Y%m%d}-{sha256[:8]}", file_name, loaded.isoformat(), sha256, "",
        {table: tables[table].height for table in BATCH_TABLES if table in tables}, *left, adds,
        {table: sorted(codes - own.get(table, set())) for table, codes in needs.items()},
    )  # fmt: skip


def delete_batch_drafts() -> None:
    """Delete drafts that a killed load left behind."""
    get_batch_store().delete_drafts()
