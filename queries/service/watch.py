"""Watch whether the data in service is intact and up to date: at the start, and again while the server runs.

A trouble is reported as long as it lasts, and no longer. What the present sources can mend is mended: an
unusable file is built anew, and sources that could not be built are tried again when they change.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from data import paths, settings
from data.database import build, shape
from data.storage import batches

log = logging.getLogger("park")
LOOK_SECONDS = 5.0  # between two looks
AGAIN_SECONDS = 60.0  # between two tries where nothing was changed: a disk may have been freed
REBUILDS_AN_HOUR, HOUR_SECONDS = (
    3,
    3600.0,
)  # builds because of damage, in an hour: a broken disk would have one follow the other


@dataclass(frozen=True)
class Trouble:
    """What is wrong with the data. what: sources, disk, folder, store, restless, database, other, settings.

    file: its name, without a folder; line: from 1, 0 for none; said and mend: for programs and the log, in English.
    """

    what: str
    file: str
    line: int
    said: str
    mend: str
    since: datetime

    def to_dict(self) -> dict[str, object]:
        """Return it as a dict, for programs."""
        at = {"line": self.line} if self.line else {}
        return {"what": self.what, "file": self.file, **at, "said": self.said, "mend": self.mend}


REMEDIES = {
    "sources": "correct the file; the server tries again by itself, or run python -m data.build",
    "disk": "free some space; the server tries again within a minute",
    "folder": "give the server the right to write in the folder of the database; it tries again within a minute",
    "store": "do what it says; the server tries again within a minute",
    "restless": "wait until nobody writes in the folder of the sources; the server tries again within a minute",
    "database": "run python -m data.build; the server rebuilds it by itself where the sources have no defect",
    "other": "look into the log of the server",
}


def convert_to_trouble(error: Exception) -> Trouble:
    """Convert an error met while the data was prepared to a Trouble, without folders of this machine."""
    what, file, line, said = "other", "", 0, ""
    if isinstance(error, build.BrokenSources):
        first = error.defects[0]
        more = len(error.defects) - 1
        what, file, line = "sources", first.file, first.line
        said = f"{first}" + (f"; and {more} more" if more else "")
    elif isinstance(error, build.BuildFailed):
        what, file, said = error.cause, paths.get_database_path().name, str(error)
    else:
        if isinstance(error, OSError) and error.filename:
            file = Path(str(error.filename)).name
        why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        said = f"the data could not be prepared: {why}"
    return Trouble(what, file, line, said, REMEDIES[what], datetime.now(UTC))


class Watch:
    """The state of the data of one server.

    trouble: None where nothing is wrong; stale: since when the sources differ from what is in service, or None.
    """

    def __init__(self) -> None:
        self.trouble: Trouble | None = None
        self.stale: datetime | None = None
        self._seen: object = None
        self._tried = 0.0
        self._rebuilt: list[float] = []

    def prepare(self) -> None:
        """Build the database if it is missing, damaged or of other sources. Raises nothing: see trouble."""
        self._try_build(build.build_if_stale)
        self._seen = self._stamps()

    def look(self, *, damaged: bool = False) -> None:
        """Look for changes, and mend what can be mended. damaged: the file is damaged, though it looks intact.

        Without a change it asks the system for the times of some thirty files and does nothing. Raises nothing.
        """
        again = time.monotonic() - self._tried > AGAIN_SECONDS if self.trouble else damaged
        if self._stamps() == self._seen and not again:
            return
        if damaged or (self.trouble is None and not self._in_order()):
            self._rebuild()
        elif self.trouble is not None:
            self._try_build(build.build_if_stale)
        self._seen = self._stamps()

    def _in_order(self) -> bool:
        """Tell whether the file in service can be used; note in stale if the sources have changed since."""
        built = shape.read_built_version(paths.get_database_path())
        try:
            changed = built != build.compute_data_version(paths.get_sources_path())
        except (build.BrokenSources, OSError):
            changed = True
        self.stale = (self.stale or datetime.now(UTC)) if changed else None
        return built is not None

    def _rebuild(self) -> None:
        """Build anew because of damage, at most REBUILDS_AN_HOUR times an hour."""
        now = time.monotonic()
        self._rebuilt = [moment for moment in self._rebuilt if now - moment < HOUR_SECONDS]
        if len(self._rebuilt) < REBUILDS_AN_HOUR:
            log.warning("%s is damaged, missing or of another release: rebuilt", paths.get_database_path().name)
            self._try_build(build.build_database)
            if self.trouble is None:
                self._rebuilt.append(now)

    def _try_build(self, act: Callable[[], str]) -> None:
        """Build, and record what prevented it."""
        self._tried = time.monotonic()
        try:
            version = act()
        except Exception as error:  # whatever it is, somebody waits for the end
            found = convert_to_trouble(error)
            before = self.trouble
            same = before is not None and (before.what, before.said) == (found.what, found.said)
            self.trouble = replace(found, since=before.since) if same and before else found
            self.stale = self.stale or self.trouble.since
            if not same:
                told = error if found.what != "other" else found.said
                log.error("%s", told, exc_info=found.what == "other", extra={"what": found.what, "file": found.file})
        else:
            if self.trouble is not None:
                log.info("fixed: %s", self.trouble.said)
            self.trouble = self.stale = None
            log.info("data version %s", version)

    @staticmethod
    def _stamps() -> object:
        """Return what is equal as long as nothing changed since the last look."""
        try:
            used = batches.get_batch_folders_in_use()
        except OSError:
            used = []
        named = [paths.get_database_path(), batches.get_batches_folder() / batches.IN_USE]
        found: list[object] = [build.read_source_stamps(paths.get_sources_path(), used)]
        for path in named:
            try:
                status = path.stat()
            except OSError:
                found.append(None)
            else:
                found.append((status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns))
        return found


watch = Watch()


def find_trouble() -> Trouble | None:
    """Return what is wrong with the data now, or None."""
    from queries.database import engine  # noqa: PLC0415 - no start has to wait for it

    if watch.trouble is not None:
        return watch.trouble
    worry = engine.find_database_error()
    if worry is None:
        return None
    return Trouble("database", paths.get_database_path().name, 0, str(worry), REMEDIES["database"], datetime.now(UTC))


def get_troubles() -> list[dict[str, object]]:
    """Return everything that is wrong, settings included: one dict each, for programs."""
    found = [one.to_dict() for one in (find_trouble(),) if one is not None]
    for complaint in settings.find_setting_problems():
        said = f"{complaint.must}; {complaint.instead}"
        mend = "correct it and start the server again"
        found.append({"what": "settings", "file": complaint.name, "said": said, "mend": mend})
    return found


def keep_looking(stop: threading.Event) -> None:
    """Look again and again, in this thread, until stop is set; read every new file through once."""
    from queries.database import engine as database  # noqa: PLC0415 - see above
    from queries.database.state import DataDamaged  # noqa: PLC0415

    read: object = None
    while not stop.is_set():
        database.damage.wait(LOOK_SECONDS)
        database.damage.clear()
        if stop.is_set():
            return
        try:
            watch.look(damaged=isinstance(database.find_database_error(), DataDamaged))
            read = _read_through(read)
        except Exception:
            log.exception("the state of the data could not be looked at")


def _read_through(before: object) -> object:
    """Read a new file in service through once; return its stamp, or None where there is none.

    before: the stamp of the file read last. Damage that is met is noted, and mended next.
    """
    from queries.database import detached  # noqa: PLC0415 - see above
    from queries.database import engine as database  # noqa: PLC0415 - see above
    from queries.database.state import DatabaseMissing  # noqa: PLC0415

    try:
        stamp = database.get_file_stamp()
        if stamp != before:
            apart = detached.DetachedConnection()
            try:
                apart.read_through()
            finally:
                apart.close()
    except DatabaseMissing:
        return None
    return stamp
