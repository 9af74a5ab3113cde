"""Words in both languages: Chinese stands in the page, English in the catalogue beside it."""

import gettext
import io
import string
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from functools import cache
from pathlib import Path

LANGUAGES = {"zh": "中文", "en": "English"}
CATALOGUES = Path(__file__).parent.parent / "locale"
CARRIED = ("language", "own")  # what a run holds beside the state of its session, by name

_language: ContextVar[str] = ContextVar("language", default="zh")


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of a language, compiled in memory from its .po file; Chinese needs none."""
    if language == "zh":
        return gettext.NullTranslations()
    from babel.messages import mofile, pofile  # noqa: PLC0415 - only a reader of English waits for it

    compiled = io.BytesIO()
    with (CATALOGUES / language / "LC_MESSAGES" / "park.po").open("rb") as file:
        mofile.write_mo(compiled, pofile.read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class _Filling(string.Formatter):
    """str.format with a choice of number: {n:task|tasks} is task where n is 1."""

    def format_field(self, value: object, format_spec: str) -> str:
        one, apart, many = format_spec.partition("|")
        if not apart:
            return str(format(value, format_spec))
        return one if str(value) == "1" else many


_filling = _Filling()


def choose(asked: str | None, browser: str | None) -> str:
    """Set the language of this run: the one asked for in the address, else the browser's, else Chinese."""
    if asked not in LANGUAGES:
        asked = "zh" if not browser or browser.lower().startswith("zh") else "en"
    _language.set(asked)
    return asked


def resumed() -> Callable[[], None]:
    """What sets the language of this run, and the reader's own figures that it holds, in a later run of a fragment,
    which has no router before it."""
    held = {variable: value for variable, value in copy_context().items() if variable.name in CARRIED}

    def again() -> None:
        for variable, value in held.items():
            variable.set(value)

    return again


def lang() -> str:
    """The language of this run: zh or en."""
    return _language.get()


def _(text: str, **values: object) -> str:
    """The text in the language of this run, with {names} filled in."""
    said = catalogue(lang()).gettext(text)
    return _filling.vformat(said, (), values) if values else said


def name(row: dict[str, object], column: str) -> str:
    """A name that the data holds in both languages: name(row, "park") is park_zh or park_en."""
    return str(row.get(f"{column}_{lang()}") or "")


def listed(items: list[str]) -> str:
    """Items in one sentence: with 、 in Chinese, with commas in English."""
    return ("、" if lang() == "zh" else ", ").join(items)


def sentences(parts: list[str]) -> str:
    """Sentences one after another: no space between them in Chinese, one in English."""
    return ("" if lang() == "zh" else " ").join(part for part in parts if part)
