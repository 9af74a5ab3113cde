"""Own files put in use for good, taken out, put back: each change at once and whole, or not at all."""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from data import paths
from data.database import build
from data.intake.columns import Mapping, guessed
from data.intake.provenance import Origin, now, spare, stamped
from data.intake.reader import Entries, Progress, entries
from data.storage import batches
from data.storage.atomic import draft_of, remove, synced
from data.storage.batches import Batch
from data.tables.open_file import sheets_of
from data.tables.sheet import Sheet
from data.values.vocabulary import Known, known_of

FIRST = ("park", "indicator")  # other sheets may name what these add
Mapped = Callable[[Sheet, Known], Mapping]


class AlreadyLoaded(ValueError):
    """The very files are in use already. finished: their load had been interrupted and was finished just now.

    done: all that was asked for holds; else some file is new, or a batch that it was to replace is in use.
    """

    def __init__(self, found: list[Batch], *, finished: bool, done: bool) -> None:
        super().__init__(", ".join(batch.batch_id for batch in found))
        self.batches, self.finished, self.done = found, finished, done


class NoSuchBatch(LookupError):
    """No batch has this code. there: those that there are."""

    def __init__(self, batch_id: str, there: str) -> None:
        super().__init__(batch_id)
        self.batch_id, self.there = batch_id, there


@dataclass(frozen=True)
class Reading:
    """One file as read: its sheets with what is accepted and refused."""

    file_name: str
    sha256: str
    sheets: tuple[Entries, ...] = field(repr=False)

    @property
    def accepted(self) -> int:
        """Figures, targets, places and indicators in it."""
        return sum(sheet.accepted.height for sheet in self.sheets)

    @property
    def refused(self) -> int:
        """Rows that are refused."""
        return sum(sheet.rows_refused for sheet in self.sheets)

    @property
    def skipped(self) -> int:
        """Rows that hold no number."""
        return sum(sheet.skipped for sheet in self.sheets)


def catalogue() -> Known:
    """Places, indicators and units as they stand: of the built database where it is up to date, else built in memory.

    Raises data.build.BrokenSources.
    """
    if build.built_version(paths.database_path()) == build.fingerprint(paths.sources_path()):
        with duckdb.connect(
            paths.database_path(), read_only=True, config={"enable_external_access": "false"}
        ) as connection:
            return known_of(connection)
    with duckdb.connect(":memory:") as connection:
        build.fill(connection, paths.sources_path(), batches.in_use())
        return known_of(connection)


def read_files(
    files: Sequence[tuple[str, bytes]], known: Known, mapped: Mapped = guessed, progress: Progress | None = None
) -> list[Reading]:
    """Read files (name and content) together: places and indicators that one adds may be named by the others.

    mapped: how a sheet is read; the guess, unless told otherwise. Raises Unreadable for a file that is no table.
    """
    found: list[tuple[int, Sheet, Mapping]] = []
    for number, (name, content) in enumerate(files):
        found += [(number, sheet, mapped(sheet, known)) for sheet in sheets_of(content, name)]
    found.sort(key=lambda one: FIRST.index(one[2].table) if one[2].table in FIRST else len(FIRST))
    of: dict[int, list[Entries]] = {number: [] for number in range(len(files))}
    for done, (number, sheet, mapping) in enumerate(found):

        def told(part: float, zh: str, en: str, done: int = done) -> None:
            if progress:
                progress((done + part) / len(found), zh, en)

        if any(table in (read.table for reads in of.values() for read in reads) for table in FIRST):
            read = entries(sheet, mapped(sheet, known), known, told)  # a head may name what was just added
        else:
            read = entries(sheet, mapping, known, told)
        of[number].append(read)
        known = known.having(read.table, read.accepted)
    return [
        Reading(name, hashlib.sha256(content).hexdigest(), tuple(of[number]))
        for number, (name, content) in enumerate(files)
    ]


def overlaps(readings: Sequence[Reading]) -> pl.DataFrame:
    """Figures of files that a batch in use holds as well: batch_id, file_name, same and other (counts of those that
    say the same and that say something else). One row per batch."""
    empty = pl.DataFrame(schema={"batch_id": pl.String, "file_name": pl.String, "same": pl.UInt32, "other": pl.UInt32})
    database = paths.database_path()
    frames = [read.accepted for reading in readings for read in reading.sheets if read.table == "observation"]
    if not frames or not batches.names_in_use() or build.built_version(database) is None:
        return empty
    with duckdb.connect(database, read_only=True, config={"enable_external_access": "false"}) as connection:
        held = connection.sql(
            "select batch_id, file_name, park_id::varchar as park_id, indicator_id::varchar as indicator_id, period, "
            "value_text as held, unit_id as held_unit from observation join batch using (source_id)"
        ).pl()
    about = ["park_id", "indicator_id", "period"]
    mine = pl.concat([frame.select(*about, "value_text", "unit_id") for frame in frames])
    both = mine.join(held, on=about)
    same = pl.col("value_text").eq_missing(pl.col("held")) & (pl.col("unit_id") == pl.col("held_unit"))
    counted = both.group_by("batch_id", "file_name", maintain_order=True).agg(same=same.sum(), other=(~same).sum())
    return counted if counted.height else empty


def keep(readings: Sequence[Reading], progress: Progress | None = None, replaced: Sequence[str] = ()) -> list[Batch]:
    """Put the accepted rows of files in use for good, all at once; return their batches.

    replaced: batches that are taken out of use in the same step.

    The running server shows them at its next question. A process that is killed leaves the state of before, or, in
    the last moment, a list of batches that the next load or start of a server builds. Raises AlreadyLoaded,
    data.build.BrokenSources, data.build.BuildFailed and data.storage.batches.StoreFailed; the state of before stays.
    """
    told = progress or (lambda _part, _zh, _en: None)
    try:
        batches.folder().mkdir(parents=True, exist_ok=True)
        with batches.locked(batches.folder()):
            batches.sweep()
            refuse_twice([reading.sha256 for reading in readings], replaced)
            told(0.0, "正在写入批次", "writing the batch")
            return _kept(readings, told, replaced)
    except OSError as error:
        raise _failed(error) from error


def _failed(error: OSError) -> OSError:
    """The complaint about a disk that refuses, unless it is one already."""
    if isinstance(error, batches.StoreFailed | build.BuildFailed):
        return error
    reason = error.strerror or str(error)
    return batches.StoreFailed(
        f"批次写不进去：{reason}。请腾出空间或检查文件夹权限，再载入一次。原有数据不变",
        f"the batch could not be written: {reason}. Free some space or check the folder's permissions, then load it "
        "again. What was in use is unchanged",
    )


def _kept(readings: Sequence[Reading], told: Callable[[float, str, str], None], replaced: Sequence[str]) -> list[Batch]:
    loaded, drafts, made = now(), list[Path](), list[Batch]()
    try:
        for reading in readings:
            origin = Origin(reading.file_name, reading.sha256, loaded)
            tables = stamped(reading.sheets, origin)
            left = (reading.refused, reading.skipped)
            about = batches.described(tables, reading.file_name, reading.sha256, loaded, left)
            kept = {table: spare(rows) if table == "observation" else rows for table, rows in tables.items()}
            drafts.append(batches.write(kept, about))
            made.append(about)
        told(0.2, "正在重建数据库", "building the database")
        names = [name for name in batches.names_in_use() if name not in replaced]
        names += [about.batch_id for about in made]
        _changed(names, dict(zip((about.batch_id for about in made), drafts, strict=True)))
    finally:
        for draft in drafts:
            shutil.rmtree(draft, ignore_errors=True)
    told(1.0, "载入完毕", "loaded")
    return made


def _changed(names: list[str], drafts: dict[str, Path] | None = None) -> None:
    """Build the database of some batches, then put both in use: the list first, since the database follows from it.

    drafts: folders of batches that are new, by code.
    """
    drafts = drafts or {}
    home, database, sources = batches.folder(), paths.database_path(), paths.sources_path()
    before = batches.names_in_use()
    database.parent.mkdir(parents=True, exist_ok=True)
    own = [drafts.get(name, home / name) for name in names]

    def sound() -> bool:
        # The version covers the sources and the code that checks them: those in service need not be checked again.
        try:
            return build.built_version(database) == build.fingerprint(sources)
        except batches.Damaged:  # one that may be on its way out
            return False

    with batches.locked(database.parent), build.drafted(sources, database, own, sound=sound) as draft:
        for name, place in drafts.items():
            for former in home.glob(f"????????-{name[9:]}"):
                _dropped(former)  # the same file, loaded before and taken out of use
            place.rename(home / name)
        synced(home)
        batches.point(names)
        try:
            draft.path.replace(database)
            synced(database.parent)
        except OSError:
            batches.point(before)
            raise


def _dropped(place: Path) -> None:
    """Delete a batch; one that is half deleted never stands under its name."""
    draft = draft_of(place)
    place.rename(draft)
    remove(draft)


def refuse_twice(hashes: Sequence[str], replaced: Sequence[str] = ()) -> None:
    """Raise AlreadyLoaded where a file is in use; finish its load first where that was interrupted.

    hashes: SHA-256 of each file.
    """
    used = {batch.sha256: batch for batch in map(batches.read, batches.in_use())}
    found = [used[sha256] for sha256 in hashes if sha256 in used]
    if found:
        finished = _finished()
        done = len(found) == len(hashes) and not {*replaced} & {*batches.names_in_use()}
        raise AlreadyLoaded(found, finished=finished, done=done)


def _finished() -> bool:
    """Build the database where it is not that of the list of batches; whether that had to be done."""
    stale = build.built_version(paths.database_path()) != build.fingerprint(paths.sources_path())
    if stale:
        build.build()
    return stale


def put(*names: str, use: bool) -> None:
    """Put kept batches in use, or take them out; they stay kept. Those that are damaged can be taken out.

    Raises NoSuchBatch with those that there are; data.build.BrokenSources where another batch needs one, or where one
    needs what is not in use; BuildFailed and StoreFailed.
    """
    there = [*(batch.batch_id for batch in batches.kept())]
    there += [name for name in batches.names_kept() if name not in there]
    for name in names:
        if name not in there and (use or name not in batches.names_in_use()):
            raise NoSuchBatch(name, ", ".join(there) or "—")
    try:
        with batches.locked(batches.folder()):
            batches.sweep()
            left = [name for name in batches.names_in_use() if name not in names]
            if use:
                left = [name for name in there if name in {*left, *names}] + [n for n in left if n not in there]
            _changed(left)
    except OSError as error:
        raise _failed(error) from error
