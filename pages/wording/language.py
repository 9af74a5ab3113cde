"""Texts in both languages: the code holds the Chinese text, a catalogue of translations the English one."""

import gettext
import io
import string
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from data.languages import find_language_code
from queries.database.run_context import get_run_context, set_run_context

CATALOGUES = Path(__file__).parent.parent / "locale"


@cache
def read_translations(language: str) -> gettext.NullTranslations:
    """Read the translations of a language from its .po file, compiled in memory; Chinese needs none."""
    if language == "zh":
        return gettext.NullTranslations()
    from babel.messages import mofile, pofile  # noqa: PLC0415 - only a reader of English waits for it

    compiled = io.BytesIO()
    with (CATALOGUES / language / "LC_MESSAGES" / "park.po").open("rb") as file:
        mofile.write_mo(compiled, pofile.read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class _PluralFormatter(string.Formatter):
    """A formatter like str.format that also chooses a plural form: {n:task|tasks} is task where n is 1."""

    def format_field(self, value: object, format_spec: str) -> str:
        one, apart, many = format_spec.partition("|")
        if not apart:
            return str(format(value, format_spec))
        return one if str(value) == "1" else many


_plural_formatter = _PluralFormatter()


def find_language(asked: str | None, browser: str | None) -> str:
    """Return the language to answer in: the one asked for in the address, else the browser's, else Chinese.

    asked: in any case and with any region, as in en-US. Any browser language other than Chinese means English.
    """
    if asked and (code := find_language_code(asked)):
        return code
    return "zh" if not browser or browser.lower().startswith("zh") else "en"


def capture_run_context() -> Callable[[], None]:
    """Return a function that restores the language and the reader's own figures of this run.

    For later runs of a fragment, which start without the router.
    """
    run = get_run_context()

    def again() -> None:
        set_run_context(replace(get_run_context(), language=run.language, own=run.own))

    return again


def lang() -> str:
    """Return the language of this run: zh or en."""
    return get_run_context().language


def _(text: str, **values: object) -> str:
    """Return the text in the language of this run, with {names} filled in."""
    said = read_translations(lang()).gettext(text)
    return _plural_formatter.vformat(said, (), values) if values else said


def localize_name(row: Mapping[str, object], column: str) -> str:
    """Return a text that the data hold in both languages: for (row, "park"), park_zh or park_en."""
    return str(row.get(f"{column}_{lang()}") or "")


def join_items(items: list[str]) -> str:
    """Join items within one sentence: with 、 in Chinese, with commas in English."""
    return ("、" if lang() == "zh" else ", ").join(items)


def join_sentences(parts: list[str]) -> str:
    """Join sentences, leaving out empty ones: without a space between them in Chinese, with one in English."""
    return ("" if lang() == "zh" else " ").join(part for part in parts if part)
