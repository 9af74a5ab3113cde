"""Where own figures are kept for good: a folder for each file that was loaded, and a list of those in use.

data/batches/
    20261125-1a2b3c4d/          one file: its rows as Parquet, one for each table, and manifest.json
    in_use                      the codes of those in use, one a line; swapped at once
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

from data.paths import batches_path
from data.storage import atomic
from data.storage.atomic import StoreFailed, locked

if TYPE_CHECKING:  # the server starts by way of this module and needs no Polars for it
    import polars as pl

__all__ = ["StoreFailed", "locked"]  # of data.storage.atomic, for whoever changes batches

FORM = re.compile(r"\d{8}-[0-9a-f]{8}")
IN_USE = "in_use"
MANIFEST = "manifest.json"
PARQUET = b"PAR1"  # a whole file begins and ends so
TABLES = ("park", "indicator", "observation", "target")  # parents first
CODES = {"park": "park_id", "indicator": "indicator_id"}


class Damaged(StoreFailed):
    """A file of a batch is missing, cannot be read, or is not what was written. zh: the same in Chinese."""

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
    return batches_path()


def names_kept() -> list[str]:
    """Codes of every batch there is, in use or not, damaged or not."""
    return sorted(path.name for path in folder().glob("*") if FORM.fullmatch(path.name) and path.is_dir())


def kept() -> list[Batch]:
    """Every batch whose manifest can be read, in use or not, the oldest first."""
    found = []
    for name in names_kept():
        try:
            found.append(read(folder() / name))
        except Damaged:  # told where it is used, and by names_kept()
            continue
    return sorted(found, key=lambda batch: (batch.loaded, batch.batch_id))


def read(path: Path) -> Batch:
    """The batch in a folder. Raises Damaged where its manifest cannot be read."""
    try:
        about = Batch(**json.loads((path / MANIFEST).read_text("utf-8")))
        sound = FORM.fullmatch(about.batch_id) and path.name[:17] == about.batch_id and set(about.rows) <= set(TABLES)
        if not (sound and about.day and about.source_id):
            raise ValueError(about.batch_id)
    except FileNotFoundError as error:
        raise Damaged(path.name[:17], MANIFEST, "不见了", "is missing") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise Damaged(path.name[:17], MANIFEST, "已损坏，读不出来", "is damaged") from error
    return about


def verify(places: Sequence[Path]) -> None:
    """Raise Damaged where a Parquet file of these batches is missing or is not what was written."""
    for place in places:
        about, digest, bad = read(place), hashlib.sha256(), []
        for table in ("source", *TABLES):
            path = place / f"{table}.parquet"
            if table != "source" and table not in about.rows:
                continue
            try:
                content = path.read_bytes()
            except FileNotFoundError as error:
                raise Damaged(about.batch_id, path.name, "不见了", "is missing") from error
            except OSError as error:
                raise Damaged(about.batch_id, path.name, "读不出来", "cannot be read") from error
            if content[:4] != PARQUET or content[-4:] != PARQUET:
                bad = [path.name]
            digest.update(table.encode() + b"\0" + content)
        if digest.hexdigest() != about.digest:
            files = ", ".join(bad or [path.name for path in sorted(place.glob("*.parquet"))])
            raise Damaged(about.batch_id, files, "与载入时不同，已损坏", "is not what was written, it is damaged")


def names_in_use() -> list[str]:
    """Codes of the batches in use, in the order they were loaded. Raises StoreFailed for a list that cannot be read."""
    path = folder() / IN_USE
    try:
        names = path.read_text("utf-8").split()
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise _list_damaged() from error
    if not all(map(FORM.fullmatch, names)) or len(set(names)) < len(names):
        raise _list_damaged()
    return names


def _list_damaged() -> StoreFailed:
    """The complaint about the list of those in use."""
    there = ", ".join(names_kept()) or "—"
    return StoreFailed(
        f"在用批次的清单 {folder().name}/{IN_USE} 读不出来。请每行写一个批次代码，或从备份恢复。现有：{there}",
        f"the list of batches in use, {folder().name}/{IN_USE}, cannot be read; write one code of a batch a line, or "
        f"restore a backup. There are: {there}",
    )


def in_use() -> list[Path]:
    """Folders of the batches in use, in the order they were loaded."""
    return [folder() / name for name in names_in_use()]


def point(names: list[str]) -> None:
    """Say which batches are in use, at once or not at all."""
    atomic.put(folder() / IN_USE, "".join(f"{name}\n" for name in names).encode())


def write(tables: "dict[str, pl.DataFrame]", about: Batch) -> Path:
    """Write a batch into a draft folder and return it: rows of data.intake.provenance.stamped(), and the manifest.

    Raises OSError when the disk refuses; then nothing is left.
    """
    from polars.exceptions import PolarsError  # noqa: PLC0415 - see above

    place = atomic.draft_of(folder() / about.batch_id)
    place.mkdir(parents=True)
    try:
        digest = hashlib.sha256()
        for table in ("source", *TABLES):
            if table in tables:
                path = place / f"{table}.parquet"
                tables[table].write_parquet(path, compression="zstd", compression_level=1, statistics=False)
                atomic.flushed(path)
                digest.update(table.encode() + b"\0" + path.read_bytes())
        manifest = place / MANIFEST
        filled = asdict(about) | {"digest": digest.hexdigest()}
        manifest.write_text(json.dumps(filled, ensure_ascii=False, indent=1), "utf-8")
        atomic.flushed(manifest)
    except PolarsError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise OSError(str(error).rsplit(": ", 1)[-1]) from error
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return place


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
    atomic.sweep(folder())
