"""Settings from environment variables: what each value must be, and what is used if it is missing or wrong.

To add a setting, add a line to SETTINGS. Problems are reported when the server or a command starts.
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
    """One setting. must: what a value must be, for the message.

    fits: the check; None if whoever reads the value checks it.
    instead: what is used if the value is not set, or is wrong; if `kept`, a wrong value is used as given.
    usual: the default as a number.
    """

    must: str
    instead: str
    fits: Callable[[str], bool] | None = None
    kept: bool = False
    usual: float = 0


@dataclass(frozen=True)
class SettingProblem:
    """A setting that is wrong.

    given: its value, which may name a folder of this machine and must appear in the log only.
    """

    name: str
    given: str
    must: str
    instead: str

    def __str__(self) -> str:
        return f"{self.name}={self.given}: {self.must}; {self.instead}"


def make_range_check(least: float, most: float) -> Callable[[str], bool]:
    """Make a check of whether a text is a number from `least` to `most`."""

    def fits(text: str) -> bool:
        try:
            return least <= float(text) <= most
        except ValueError:
            return False

    return fits


def is_place_code(text: str) -> bool:
    """Return whether a text has the form of a place code; whether the place exists, only the database can tell."""
    return re.fullmatch("[a-z0-9][a-z0-9_-]{0,39}", text) is not None


def _is_folder(text: str) -> bool:
    return Path(text).is_dir()


def _can_be_folder(text: str) -> bool:
    return not Path(text).exists() or Path(text).is_dir()


def _can_be_file(text: str) -> bool:
    return not Path(text).is_dir()


AS_GIVEN = "it is used as given"


def make_number_setting(usual: float, least: float, most: float, of: str, *, whole: bool = False) -> Setting:
    """Make a setting that is a number `of` a unit, from `least` to `most`. whole: without decimals."""
    must = f"must be a {'whole ' if whole else ''}number {of} from {least:g} to {most:g}"
    fits = make_range_check(least, most)
    return Setting(
        must,
        f"{usual:g} is used",
        lambda text: fits(text) and not (whole and not text.strip().isdecimal()),
        usual=usual,
    )


SETTINGS: dict[str, Setting] = {
    "PARK_DATABASE": Setting("must name a file, and there is a folder", AS_GIVEN, _can_be_file, kept=True),
    "PARK_SOURCES": Setting(
        "must name the folder of the CSV files, and there is none", AS_GIVEN, _is_folder, kept=True
    ),
    "PARK_BATCHES": Setting("must name a folder, and there is a file", AS_GIVEN, _can_be_folder, kept=True),
    "PARK_LEDGERS": Setting("must name a folder, and there is a file", AS_GIVEN, _can_be_folder, kept=True),
    "PARK_RULES": Setting("must name the folder of the rules, and there is none", AS_GIVEN, _is_folder, kept=True),
    "PARK_HOME": Setting("must be the code of a place", "the place whose role is self", is_place_code),
    "PARK_UPLOAD_MB": make_number_setting(200, 1, 100_000, "of megabytes"),
    "PARK_READ_SECONDS": make_number_setting(20, 1, 3_600, "of seconds"),
    "PARK_READ_MEMORY_MB": make_number_setting(1_200, 200, 100_000, "of megabytes"),
    "PARK_FRAME_HOSTS": Setting("must be hosts apart by spaces, or none", "any site"),  # checked host by host
    "PARK_RATE": make_number_setting(400, 0, 999_999_999, "of units a second", whole=True),
    "PARK_RATE_BURST": make_number_setting(10_000, 0, 999_999_999, "of units", whole=True),
    "PARK_CONNECTIONS": make_number_setting(500, 0, 999_999_999, "of units under way", whole=True),
    "PARK_PROXIES": make_number_setting(0, 0, 99, "of proxies", whole=True),
    "PARK_LOG": Setting("must be json or text", "json is used, and text at a terminal", ("json", "text").__contains__),
}


def get_number_setting(name: str) -> float:
    """Return the number that a setting holds, or its default if it is not set or does not fit."""
    return float(get_setting(name) or SETTINGS[name].usual)


def find_setting_problems(environment: Mapping[str, str] | None = None) -> list[SettingProblem]:
    """Return what is wrong with the settings, sorted by name: values that do not fit, and names of no setting.

    environment: the variables to check; None for those of this process.
    """
    found = []
    for name, given in sorted((os.environ if environment is None else environment).items()):
        if not name.startswith(PREFIX) or not given:
            continue
        setting = SETTINGS.get(name)
        if setting is None:
            near = difflib.get_close_matches(name, SETTINGS, n=1)
            must = f"there is no such setting{f'; {near[0]} may be meant' if near else ''}"
            found.append(SettingProblem(name, given, must, "it has no effect"))
        elif setting.fits is not None and not setting.fits(given):
            found.append(SettingProblem(name, given, setting.must, setting.instead))
    return found


def get_setting(name: str) -> str:
    """Return the value of a setting if it is set and fits, or is to be used as given; else ""."""
    given, setting = os.environ.get(name, ""), SETTINGS[name]
    return given if setting.kept or setting.fits is None or (given and setting.fits(given)) else ""
