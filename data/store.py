"""Where ledgers are kept: for each park a folder of versions, and which of them is in use."""

import contextlib
import os
import re
import time
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb
import polars as pl

from data.ledger import SAMPLE, Ledger, loaded, of_tables, saved
from data.sheets import sheets

HERE = Path(__file__).parent
FORM = re.compile(r"\d{8}T\d{6}-[0-9a-f]{12}")
CURRENT = "current"
STALE_DRAFT_SECONDS = 600


class StoreFailed(OSError):
    """A ledger could not be kept; the one in use is unchanged."""


class NoSuchVersion(LookupError):
    """There is no such version to go back to."""


@dataclass(frozen=True, order=True)
class Version:
    """One kept ledger: when it was loaded (UTC, sortable), its version, whether it is in use."""

    name: str
    in_use: bool

    @property
    def loaded(self) -> str:
        """When it was loaded, as 2025-03-01 08:30:00."""
        t = self.name
        return f"{t[:4]}-{t[4:6]}-{t[6:8]} {t[9:11]}:{t[11:13]}:{t[13:15]}"


def folder() -> Path:
    """Where the ledgers stand: the folder named by PARK_LEDGERS, else data/ledgers."""
    return Path(os.environ.get("PARK_LEDGERS") or HERE / "ledgers")


def parks() -> list[str]:
    """Parks that have a ledger in use, by code."""
    if not folder().exists():
        return []
    return sorted(path.name for path in folder().iterdir() if (path / CURRENT).exists())


def current(park: str) -> Path | None:
    """The file of the ledger in use; None where there is none."""
    try:
        name = (folder() / park / CURRENT).read_text("utf-8").strip()
    except OSError:
        return None
    path = folder() / park / f"{name}.duckdb"
    return path if FORM.fullmatch(name) and path.exists() else None


def ledger(park: str) -> Ledger | None:
    """The ledger of a park: the sample, the one in use, or None."""
    if park == SAMPLE:
        return sample()
    path = current(park)
    return None if path is None else _loaded(path)


@lru_cache(maxsize=8)
def _loaded(path: Path) -> Ledger:
    return loaded(path)


@lru_cache(maxsize=1)
def sample() -> Ledger:
    """The sample ledger, from data/sample/."""
    tables = {}
    for table, sheet in sheets().items():
        read = {name: pl.String() if isinstance(kind, pl.List) else kind for name, kind in sheet.schema.items()}
        rows = pl.read_csv(HERE / "sample" / f"{table}.csv", schema=read)
        lists = [name for name, kind in sheet.schema.items() if isinstance(kind, pl.List)]
        tables[table] = rows.with_columns(pl.col(name).str.split(";") for name in lists)
    return of_tables(tables, "sample.xlsx")


def keep(new: Ledger) -> Version:
    """Keep a ledger for good and put it in use; the one before stays and can be restored.

    A killed process leaves the old one in use. Raises StoreFailed when the disk refuses.
    """
    home = folder() / new.park_id
    sweep(home)
    name = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{new.version}"
    draft = home / f"{name}.{uuid.uuid4().hex}.draft"
    try:
        home.mkdir(parents=True, exist_ok=True)
        saved(new, draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(home / f"{name}.duckdb")
        _point(home, name)
    except (duckdb.Error, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        raise StoreFailed(
            f"the ledger could not be written: {reason.replace(f'{home}{os.sep}', '')}. Free some space or check the "
            "folder's permissions, then load it again. The ledger in use is unchanged."
        ) from error
    finally:
        for path in (draft, draft.with_name(draft.name + ".wal")):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
    return Version(name, in_use=True)


def _point(home: Path, name: str) -> None:
    """Put a version in use, at once or not at all."""
    draft = home / f"{CURRENT}.{uuid.uuid4().hex}.draft"
    with draft.open("w", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(home / CURRENT)


def sweep(home: Path) -> None:
    """Delete drafts that a killed load left behind."""
    for draft in home.glob("*.draft*"):
        with contextlib.suppress(OSError):
            if time.time() - draft.stat().st_mtime > STALE_DRAFT_SECONDS:
                draft.unlink()


def versions(park: str) -> list[Version]:
    """All kept ledgers of a park, the latest first."""
    home, used = folder() / park, current(park)
    names = [path.stem for path in home.glob("*.duckdb") if FORM.fullmatch(path.stem)] if home.exists() else []
    return [Version(name, used is not None and used.stem == name) for name in sorted(names, reverse=True)]


def restore(park: str, name: str | None = None) -> Version:
    """Put a kept version in use again: the one named, else the one before the one in use.

    name: or the beginning of its name or version. Raises NoSuchVersion with those that there are.
    """
    kept = versions(park)
    if name is None:
        place = next((number for number, version in enumerate(kept) if version.in_use), -1)
        found = kept[place + 1 : place + 2]
    else:
        found = [version for version in kept if version.name.startswith(name) or version.name[16:].startswith(name)]
    if len(found) != 1:
        names = ", ".join(version.name for version in kept) or "none"
        raise NoSuchVersion(f"no such version of {park}: {name or 'the one before'}. There are: {names}")
    try:
        _point(folder() / park, found[0].name)
    except OSError as error:
        raise StoreFailed(f"could not restore: {error.strerror}. The ledger in use is unchanged.") from error
    return Version(found[0].name, in_use=True)


def remove(park: str) -> None:
    """Take the ledger of a park out of use; its versions stay and can be restored."""
    (folder() / park / CURRENT).unlink(missing_ok=True)
