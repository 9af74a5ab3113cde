"""What indicators and places are called, and how well a word names one: names, codes, aliases, pinyin."""

import difflib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from queries.catalogue import catalogue
from queries.database import own_figures
from queries.database.engine import data_version

WHOLE, EXACT, BEGINNING, INSIDE, SPELT, SCATTERED = 110, 100, 80, 60, 40, 20  # how well a word fits
GUESSED = 5  # less, where a character was read by its sound
GOOD = 50  # a fit that is no accident; where one is good, those that are not are left out
FEWEST_LETTERS = 2  # of a word that is looked up inside others
LEFT_OUT = 2  # characters that a reader may leave out of a name
NEAR = 0.75  # of the ratio of difflib: one character of four wrong is still near
P = ParamSpec("P")
T = TypeVar("T")
HAN = re.compile(r"[\u3400-\u9fff]")
SUFFIX = re.compile(r"(市|省|自治州|地区| city| province| prefecture)$")


@dataclass(frozen=True)
class Entry:
    """Something that can be found: its kind (indicator or park), its code, and the texts that name it."""

    kind: str
    code: str
    texts: tuple[str, ...]
    spelt: tuple[tuple[frozenset[str], ...], ...]  # of each Chinese text: the syllables of its characters


@dataclass(frozen=True)
class Word:
    """A word to look up. tight: its characters in a row; loose: others may stand between; guessed: some by sound."""

    text: str
    tight: re.Pattern[str]
    loose: re.Pattern[str] | None
    guessed: int


def remembered(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Remember so many answers for each state of the data. What a reader's own figures are called is known to that
    reader alone: beside them the answer is remembered there."""

    def of(answer: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(maxsize=most)
        def kept(_version: str, *key: P.args, **more: P.kwargs) -> T:
            return answer(*key, **more)

        @wraps(answer)
        def asked(*key: P.args, **more: P.kwargs) -> T:
            mine = own_figures.held()
            if mine is not None:
                told: T = mine.remember((answer.__name__, data_version(), *key), lambda: answer(*key, **more))
                return told
            return kept(data_version(), *key, **more)  # type: ignore[arg-type] # texts, which can be hashed

        return asked

    return of


def plain(text: str) -> str:
    """A text in one writing: full width as half width, capitals as small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


@remembered(4096)
def fits(text: str) -> dict[str, dict[str, int]]:
    """For each kind the codes that a word names, and how well."""
    fitting: dict[str, dict[str, int]] = {"indicator": {}, "park": {}}
    word = _word(text)
    # Most words that are tried are in no name at all: one look at all texts tells.
    every = _every() if word else ""
    spelt = text.isascii() and text.isalpha()
    if word and (spelt or word.tight.search(every) or (word.loose and word.loose.search(every))):
        for entry in entries():
            weight = fit(word, entry)
            if weight:
                fitting[entry.kind][entry.code] = weight
    return fitting


def _word(text: str) -> Word | None:
    """A word with its patterns. A Chinese character that no name holds stands for those that sound like it, so that
    技工貿 and a slip of the input method are found. None: no name can hold it."""
    if not HAN.search(text):
        # Letters begin a word: pct, patent and patents, but not the rd of a ward.
        stem = text.removesuffix("s") if len(text) > FEWEST_LETTERS + 1 else text
        return Word(text, re.compile(r"(?<![a-z0-9])" + re.escape(stem)), None, 0)
    known = _characters()
    classes, guessed = [], 0
    for character in text:
        if character in known or not HAN.match(character):
            classes.append(re.escape(character))
            continue
        alike = _alike(character)
        if not alike:
            return None
        classes.append(f"[{alike}]")
        guessed += 1
    if guessed == len(text) <= FEWEST_LETTERS:
        return None  # 十堰 sounds like 实验
    return Word(text, re.compile("".join(classes)), re.compile(".*?".join(classes)), guessed)


def fit(word: Word, entry: Entry) -> int:
    """How well a word names an entry; 0: not at all."""
    best = max(_fit_of_text(word, text) for text in entry.texts)
    letters = len(word.text) >= FEWEST_LETTERS and word.text.isascii() and word.text.isalpha()
    if letters and best < GOOD and any(spells(word.text, syllables) for syllables in entry.spelt):
        return SPELT
    return best


def _fit_of_text(word: Word, text: str) -> int:
    less = GUESSED if word.guessed else 0
    if word.tight.fullmatch(text):
        return (WHOLE if SUFFIX.search(text) else EXACT) - less
    if word.tight.fullmatch(SUFFIX.sub("", text)):
        return EXACT - less
    found = word.tight.search(text) if HAN.search(word.text) or len(word.text) >= FEWEST_LETTERS else None
    if found:
        return (INSIDE if found.start() else BEGINNING) - less
    return max(0, _scattered(word, text) - less) if len(word.text) >= FEWEST_LETTERS else 0


def _scattered(word: Word, text: str) -> int:
    """How well the characters of a word stand in a text in their order: 工业产值 in 工业总产值 as well as whole."""
    found = word.loose.search(text) if word.loose else None
    if found and found.end() - found.start() <= len(word.text) + LEFT_OUT and word.guessed * 2 <= len(word.text):
        return INSIDE
    return SCATTERED if found and not word.guessed else 0


def spells(word: str, syllables: tuple[frozenset[str], ...]) -> bool:
    """Whether letters are the beginnings of syllables that follow each other: jgm, jigongmao, jgmao."""

    def from_here(letters: str, place: int) -> bool:
        if not letters:
            return True
        if place == len(syllables):
            return False
        beginnings = {reading[:length] for reading in syllables[place] for length in range(1, len(reading) + 1)}
        return any(
            letters.startswith(beginning) and from_here(letters[len(beginning) :], place + 1)
            for beginning in beginnings
        )

    return any(from_here(word, place) for place in range(len(syllables)))


@remembered(8)
def entries() -> tuple[Entry, ...]:
    """All that can be found, in order of display."""
    other: dict[tuple[str, str], list[str]] = {}
    for alias, kind, code in catalogue.aliases().iter_rows():
        other.setdefault((kind, code), []).append(alias)
    made = []
    for kind, rows in (("indicator", catalogue.indicators()), ("park", catalogue.parks())):
        for row in rows.iter_rows(named=True):
            code = row[f"{kind}_id"]
            columns = ("name_zh", "full_name_zh", "name_en", "full_name_en")
            named = [row[column] for column in columns if row.get(column)]
            texts = dict.fromkeys(plain(text) for text in [code, *named, *other.get((kind, code), [])])
            made.append(Entry(kind, code, tuple(texts), tuple(syllables(text) for text in texts if HAN.search(text))))
    return tuple(made)


@remembered(8)
def _every() -> str:
    return "\n".join(text for entry in entries() for text in entry.texts)


@remembered(8)
def _characters() -> dict[str, frozenset[str]]:
    """The Chinese characters of all names, with their readings."""
    every = sorted({character for entry in entries() for text in entry.texts for character in HAN.findall(text)})
    return dict(zip(every, syllables("".join(every)), strict=True))


@remembered(4096)
def _alike(character: str) -> str:
    """The characters of all names that sound like one that is in none."""
    return "".join(other for other, sounds in _characters().items() if sounds & syllables(character)[0])


def syllables(text: str) -> tuple[frozenset[str], ...]:
    """The readings of each character, without tones; a letter stands for itself."""
    from pypinyin import Style, pinyin  # noqa: PLC0415 - a tenth of a second that only a search pays

    characters = [character for character in text if character.isalnum()]
    # One by one: a phrase would fix one reading, and a reader may spell another.
    readings = pinyin(characters, style=Style.NORMAL, heteronym=True, errors=str)
    return tuple(frozenset(reading) for reading in readings)


def nearest(word: str) -> str | None:
    """The name, or the word of a name, that is written or spelt most like a word that names nothing; None: none is."""
    known = _spellings()
    close = difflib.get_close_matches(word, known, 1, NEAR) if len(word) >= FEWEST_LETTERS else []
    return known[close[0]] if close else None


@remembered(8)
def _spellings() -> dict[str, str]:
    """What a slip may have been meant for: texts, English words, pinyin; and what it stands for."""
    known: dict[str, str] = {}
    for entry in entries():
        for text in entry.texts:
            if HAN.search(text):
                known.setdefault("".join(min(readings) for readings in syllables(text)), text)
            else:
                known |= {word: word for word in re.findall(r"[a-z&-]{4,}", text)}
            known[text] = text
    return known
