"""Every setting that the environment may hold: what it must be, what holds where it is not set or wrong.

A setting more is a line in SETTINGS. Complaints are told at the start of the server and of the commands.
"""

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

PREFIX = "PARK_"


@dataclass(frozen=True)
class Setting:
    """One setting. must: what a value must be, for the complaint. fits: None: checked by whoever reads it.

    instead: what holds where the value is not set; where it is wrong too, but for `kept` ones, which hold as given.
    """

    must: str
    instead: str
    fits: Callable[[str], bool] | None = None
    kept: bool = False


@dataclass(frozen=True)
class Complaint:
    """A setting that is wrong. given: its value, which may name a folder of this machine and is for the log alone."""

    name: str
    given: str
    must: str
    instead: str

    def __str__(self) -> str:
        return f"{self.name}={self.given}: {self.must}; {self.instead}"


def number(least: float, most: float) -> Callable[[str], bool]:
    """Whether a text is a number from `least` to `most`."""

    def fits(text: str) -> bool:
        try:
            return least <= float(text) <= most
        except ValueError:
            return False

    return fits


def _folder(text: str) -> bool:
    return Path(text).is_dir()


def _folder_to_be(text: str) -> bool:
    return not Path(text).exists() or Path(text).is_dir()


def _file_to_be(text: str) -> bool:
    return not Path(text).is_dir()


AS_GIVEN = "it is used as given"


UPLOAD_MB = 200.0
SETTINGS: dict[str, Setting] = {
    "PARK_DATABASE": Setting("must name a file, and there is a folder", AS_GIVEN, _file_to_be, kept=True),
    "PARK_SOURCES": Setting("must name the folder of the CSV files, and there is none", AS_GIVEN, _folder, kept=True),
    "PARK_BATCHES": Setting("must name a folder, and there is a file", AS_GIVEN, _folder_to_be, kept=True),
    "PARK_LEDGERS": Setting("must name a folder, and there is a file", AS_GIVEN, _folder_to_be, kept=True),
    "PARK_RULES": Setting("must name the folder of the rules, and there is none", AS_GIVEN, _folder, kept=True),
    "PARK_UPLOAD_MB": Setting(
        "must be a number of megabytes from 1 to 100000", f"{UPLOAD_MB:g} is used", number(1, 100_000)
    ),
    "PARK_FRAME_HOSTS": Setting("must be hosts apart by spaces, or none", "any site"),
    "PARK_READ_SECONDS": Setting("must be a number of seconds from 1 to 3600", "20 is used", number(1, 3600)),
    "PARK_READ_MEMORY_MB": Setting(
        "must be a number of megabytes from 1 to 100000", "1000 is used", number(1, 100_000)
    ),
    # Read, and checked, by the modules that they belong to.
    "PARK_LOG": Setting("", ""),
    "PARK_RATE": Setting("", ""),
    "PARK_RATE_BURST": Setting("", ""),
    "PARK_CONNECTIONS": Setting("", ""),
    "PARK_PROXIES": Setting("", ""),
}


def complaints(environment: Mapping[str, str] | None = None) -> list[Complaint]:
    """What is wrong with the settings, by name: values that do not fit, and names that are no setting."""
    found = []
    for name, given in sorted((os.environ if environment is None else environment).items()):
        if not name.startswith(PREFIX) or not given:
            continue
        setting = SETTINGS.get(name)
        if setting is None:
            near = difflib.get_close_matches(name, SETTINGS, n=1)
            must = f"there is no such setting{f'; {near[0]} may be meant' if near else ''}"
            found.append(Complaint(name, given, must, "it has no effect"))
        elif setting.fits is not None and not setting.fits(given):
            found.append(Complaint(name, given, setting.must, setting.instead))
    return found


def value(name: str) -> str:
    """The value of a setting where it is set and fits, or holds as given; else ""."""
    given, setting = os.environ.get(name, ""), SETTINGS[name]
    return given if setting.kept or setting.fits is None or (given and setting.fits(given)) else ""
