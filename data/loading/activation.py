"""Put own files in use for good, take them out, put them back: each change at once and completely, or not at all."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from data import paths
from data.database import build, shape
from data.database.catalogue_tables import fill_catalogue
from data.files.open_file import read_sheets
from data.intake.provenance import Origin, add_provenance, get_utc_now, remove_derivable_values
from data.intake.reader import MappingFunction, Progress, SheetReading, read_mapped_sheets
from data.layouts.blocks import arrange_tables
from data.layouts.guessing import guess_mapping
from data.storage import batches
from data.storage.atomic import sync_folder
from data.storage.batches import Batch
from data.values.vocabulary import Vocabulary, read_vocabulary


class AlreadyLoaded(ValueError):
    """These files are in use already. finished: their load had been interrupted and was completed just now.

    done: everything requested is in effect; else some file is new, or a batch to be replaced is still in use.
    """

    def __init__(self, found: list[Batch], *, finished: bool, done: bool) -> None:
        super().__init__(", ".join(batch.batch_id for batch in found))
        self.batches, self.finished, self.done = found, finished, done


class NoSuchBatch(LookupError):
    """No batch has this code. there: the codes that exist."""

    def __init__(self, batch_id: str, there: str) -> None:
        super().__init__(batch_id)
        self.batch_id, self.there = batch_id, there


@dataclass(frozen=True)
class FileReading:
    """One file as read: its sheets with what is accepted and refused."""

    file_name: str
    sha256: str
    sheets: tuple[SheetReading, ...] = field(repr=False)

    @property
    def accepted(self) -> int:
        """Return the number of figures, targets, places and indicators in it."""
        return sum(sheet.accepted.height for sheet in self.sheets)

    @property
    def refused(self) -> int:
        """Return the number of refused rows."""
        return sum(sheet.rows_refused for sheet in self.sheets)

    @property
    def skipped(self) -> int:
        """Return the number of rows without a number."""
        return sum(sheet.skipped for sheet in self.sheets)


def read_current_vocabulary() -> Vocabulary:
    """Return the current places, indicators and units: from the built database if up to date, else built in memory.

    Raises data.database.build.BrokenSources.
    """
    version = build.compute_data_version(paths.get_sources_path())
    known = shape.ask_built_database(
        paths.get_database_path(), lambda connection, built: read_vocabulary(connection) if built == version else None
    )
    if known is not None:
        return known
    with duckdb.connect(":memory:") as connection:
        fill_catalogue(connection, paths.get_sources_path(), batches.get_batch_folders_in_use())
        return read_vocabulary(connection)


def read_files(
    files: Sequence[tuple[str, bytes]],
    known: Vocabulary,
    mapped: MappingFunction = guess_mapping,
    progress: Progress | None = None,
) -> list[FileReading]:
    """Read files (name and content) together: places and indicators that one adds may be named by the others.

    Numbers of two files that contradict each other are refused in both; what they say alike is taken once.
    mapped: how a sheet is read; guessed by default. Raises UnreadableFile for a file that is not a table.
    """
    numbered = [
        (number, sheet)
        for number, file in enumerate(files)
        for sheet in arrange_tables(read_sheets(file[1], file[0]), known)
    ]
    sheets = [sheet for _number, sheet in numbered]
    guesses = {place: mapped(sheet, known) for place, sheet in enumerate(sheets)}
    of: dict[int, list[SheetReading]] = {number: [] for number in range(len(files))}
    called = [f"{name} ({n})" if (n := [one for one, _ in files[:at]].count(name) + 1) > 1 else name
              for at, (name, _content) in enumerate(files)]  # fmt: skip
    names = [called[number] for number, _sheet in numbered] if len(files) > 1 else None
    for place, read in read_mapped_sheets(sheets, guesses, known, progress, mapped, names):
        of[numbered[place][0]].append(read)
    return [
        FileReading(name, hashlib.sha256(content).hexdigest(), tuple(of[number]))
        for number, (name, content) in enumerate(files)
    ]


def activate_readings(
    readings: Sequence[FileReading], progress: Progress | None = None, replaced: Sequence[str] = ()
) -> list[Batch]:
    """Put the accepted rows of files in use for good, all at once; return their batches.

    replaced: batches that are taken out of use in the same step.

    The running server shows them at its next query. A killed process leaves the previous state or, in the last
    moment, a list of batches that the next load or start of a server builds. Raises AlreadyLoaded,
    data.database.build.BrokenSources, data.database.build.BuildFailed and data.storage.atomic.StorageError; the
    previous state then stays.
    """
    told = progress or (lambda _part, _zh, _en: None)
    with _hold_store():
        check_not_loaded([reading.sha256 for reading in readings], replaced)
        told(0.0, "正在写入批次", "writing the batch")
        return _write_and_activate(readings, told, replaced)


@contextmanager
def _hold_store() -> Iterator[None]:
    """Hold the store of the batches; raises StorageError where its disk refuses."""
    store = batches.get_batch_store()
    told = (("批次", "batch"), ("原有数据", "What was in use"))
    with store.convert_disk_errors(*told, known=(build.BuildFailed,)), store.hold():
        yield


def _write_and_activate(
    readings: Sequence[FileReading], told: Callable[[float, str, str], None], replaced: Sequence[str]
) -> list[Batch]:
    loaded, drafts, made = get_utc_now(), list[Path](), list[Batch]()
    try:
        for reading in readings:
            origin = Origin(reading.file_name, reading.sha256, loaded)
            tables = add_provenance(reading.sheets, origin)
            left = (reading.refused, reading.skipped)
            about = batches.make_batch(tables, reading.file_name, reading.sha256, loaded, left)
            kept = {
                table: remove_derivable_values(rows) if table == "observation" else rows
                for table, rows in tables.items()
            }
            drafts.append(batches.write_batch(kept, about))
            made.append(about)
        told(0.2, "正在重建数据库", "building the database")
        names = [name for name in batches.get_batch_ids_in_use() if name not in replaced]
        names += [about.batch_id for about in made]
        _activate_batches(names, dict(zip((about.batch_id for about in made), drafts, strict=True)))
    finally:
        for draft in drafts:
            shutil.rmtree(draft, ignore_errors=True)
    told(1.0, "载入完毕", "loaded")
    return made


def _activate_batches(names: list[str], drafts: dict[str, Path] | None = None) -> None:
    """Build the database of some batches, then put both in use: the list first, since the database follows from it.

    drafts: folders of new batches, by code.
    """
    drafts = drafts or {}
    store, database, sources = batches.get_batch_store(), paths.get_database_path(), paths.get_sources_path()
    before = batches.get_batch_ids_in_use()
    database.parent.mkdir(parents=True, exist_ok=True)
    own = [drafts.get(name, store.get_path(name)) for name in names]

    def sound() -> bool:
        # The version covers the sources and the code that checks them: those in service need not be checked again.
        try:
            return shape.read_built_version(database) == build.compute_data_version(sources)
        except batches.DamagedBatch:  # one that may be on its way out
            return False

    with batches.hold_lock(database.parent), build.draft_database(sources, database, own, sound=sound) as draft:
        for name, place in drafts.items():
            for former in store.home.glob(f"????????-{name[9:]}"):
                store.delete(former.name)  # the same file, loaded before and taken out of use
            store.place(place, name)
        store.sync()
        batches.write_batches_in_use(names)
        try:
            draft.path.replace(database)
            sync_folder(database.parent)
        except OSError:
            batches.write_batches_in_use(before)
            raise


def check_not_loaded(hashes: Sequence[str], replaced: Sequence[str] = ()) -> None:
    """Raise AlreadyLoaded if a file is in use; complete its load first if that was interrupted.

    hashes: SHA-256 of each file.
    """
    used = {batch.sha256: batch for batch in map(batches.read_batch, batches.get_batch_folders_in_use())}
    found = [used[sha256] for sha256 in hashes if sha256 in used]
    if found:
        finished = _finish_interrupted_load()
        done = len(found) == len(hashes) and not {*replaced} & {*batches.get_batch_ids_in_use()}
        raise AlreadyLoaded(found, finished=finished, done=done)


def _finish_interrupted_load() -> bool:
    """Build the database if it does not match the list of batches; return whether that was needed."""
    stale = shape.read_built_version(paths.get_database_path()) != build.compute_data_version(paths.get_sources_path())
    if stale:
        build.build_database()
    return stale


def set_batches_in_use(*names: str, use: bool) -> None:
    """Put kept batches in use, or take them out; they stay kept. Damaged ones can be taken out.

    Raises NoSuchBatch with those that exist; data.database.build.BrokenSources if another batch needs one, or one
    needs what is not in use; BuildFailed and StorageError.
    """
    there = [*(batch.batch_id for batch in batches.get_batches())]
    there += [name for name in batches.get_batch_ids() if name not in there]
    for name in names:
        if name not in there and (use or name not in batches.get_batch_ids_in_use()):
            raise NoSuchBatch(name, ", ".join(there) or "—")
    with _hold_store():
        left = [name for name in batches.get_batch_ids_in_use() if name not in names]
        if use:
            left = [name for name in there if name in {*left, *names}] + [n for n in left if n not in there]
        _activate_batches(left)
