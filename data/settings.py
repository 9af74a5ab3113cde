"""Every setting that the environment may hold: what it must be, what holds where it is not set or wrong.

A setting more is a line in SETTINGS. Complaints are told at the start of the server and of the commands.
"""

import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

PREFIX = "PARK_"


@dataclass(frozen=True)
class Setting:
    """One setting. must: what a value must be, for the complaint. fits: None: checked by whoever reads it.

    instead: what holds where the value is not set; where it is wrong too, but for `kept` ones, which hold as given.
    usual: the same as a number.
    """

    must: str
    instead: str
    fits: Callable[[str], bool] | None = None
    kept: bool = False
    usual: float = 0


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


def is_code(text: str) -> bool:
    """Whether a text may be the code of a place; whether it is one, the database tells."""
    return re.fullmatch("[a-z0-9][a-z0-9_-]{0,39}", text) is not None


def _folder(text: str) -> bool:
    return Path(text).is_dir()


def _folder_to_be(text: str) -> bool:
    return not Path(text).exists() or Path(text).is_dir()


def _file_to_be(text: str) -> bool:
    return not Path(text).is_dir()


AS_GIVEN = "it is used as given"


def amount(usual: float, least: float, most: float, of: str, *, whole: bool = False) -> Setting:
    """A setting that is a number `of` something, from `least` to `most`. whole: without decimals."""
    must = f"must be a {'whole ' if whole else ''}number {of} from {least:g} to {most:g}"
    fits = number(least, most)
    return Setting(
        must,
        f"{usual:g} is used",
        lambda text: fits(text) and not (whole and not text.strip().isdecimal()),
        usual=usual,
    )


SETTINGS: dict[str, Setting] = {
    "PARK_DATABASE": Setting("must name a file, and there is a folder", AS_GIVEN, _file_to_be, kept=True),
    "PARK_SOURCES": Setting("must name the folder of the CSV files, and there is none", AS_GIVEN, _folder, kept=True),
    "PARK_BATCHES": Setting("must name a folder, and there is a file", AS_GIVEN, _folder_to_be, kept=True),
    "PARK_LEDGERS": Setting("must name a folder, and there is a file", AS_GIVEN, _folder_to_be, kept=True),
    "PARK_RULES": Setting("must name the folder of the rules, and there is none", AS_GIVEN, _folder, kept=True),
    "PARK_HOME": Setting("must be the code of a place", "the place whose role is self", is_code),
    "PARK_UPLOAD_MB": amount(200, 1, 100_000, "of megabytes"),
    "PARK_READ_SECONDS": amount(20, 1, 3_600, "of seconds"),
    "PARK_READ_MEMORY_MB": amount(1_200, 200, 100_000, "of megabytes"),
    "PARK_FRAME_HOSTS": Setting("must be hosts apart by spaces, or none", "any site"),  # checked host by host
    "PARK_RATE": amount(400, 0, 999_999_999, "of units a second", whole=True),
    "PARK_RATE_BURST": amount(10_000, 0, 999_999_999, "of units", whole=True),
    "PARK_CONNECTIONS": amount(500, 0, 999_999_999, "of units under way", whole=True),
    "PARK_PROXIES": amount(0, 0, 99, "of proxies", whole=True),
    "PARK_LOG": Setting("must be json or text", "json is used, and text at a terminal", ("json", "text").__contains__),
}


def quantity(name: str) -> float:
    """The number that a setting holds, or the usual one where it is not set or does not fit."""
    return float(value(name) or SETTINGS[name].usual)


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
