"""Names of indicators and places, and how well a word matches one: names, codes, aliases, pinyin."""

import difflib
import re
import unicodedata
from dataclasses import dataclass

from queries.catalogue import catalogue
from queries.database.memo import memoize_per_data_version

WHOLE, EXACT, BEGINNING, INSIDE, SPELT, SCATTERED = 110, 100, 80, 60, 40, 20  # how well a word fits
GUESSED_PENALTY = 5  # less, where a character was read by its sound
GOOD_FIT = 50  # a fit that is no accident; where one is good, those that are not are left out
FEWEST_LETTERS = 2  # of a word that is looked up inside others
MOST_LEFT_OUT = 2  # characters that a reader may leave out of a name
NEAR_RATIO = 0.75  # of the ratio of difflib: one character of four wrong is still near
HAN = re.compile(r"[\u3400-\u9fff]")
SUFFIX = re.compile(r"(市|省|自治州|地区| city| province| prefecture)$")


@dataclass(frozen=True)
class SearchEntry:
    """An indicator or a place that can be found: its kind (indicator or park), its code, and the texts that name it."""

    kind: str
    code: str
    texts: tuple[str, ...]
    spelt: tuple[tuple[frozenset[str], ...], ...]  # of each Chinese text: the syllables of its characters


@dataclass(frozen=True)
class SearchWord:
    """A word to look up. tight: pattern of its characters in a row; loose: the same with others between them;
    guessed: how many characters were read by their sound.
    """

    text: str
    tight: re.Pattern[str]
    loose: re.Pattern[str] | None
    guessed: int


def normalize_search_text(text: str) -> str:
    """Return a text normalized for comparison: full width to half width (NFKC), and in lower case."""
    return unicodedata.normalize("NFKC", text).casefold()


@memoize_per_data_version(4096)
def find_name_matches(text: str) -> dict[str, dict[str, int]]:
    """Return, for each kind, the codes that a word may name, and how well each fits: {kind: {code: fit}}."""
    fitting: dict[str, dict[str, int]] = {"indicator": {}, "park": {}}
    word = _make_search_word(text)
    # Most words that are tried are in no name at all: one look at all texts tells.
    every = _join_all_texts() if word else ""
    spelt = text.isascii() and text.isalpha()
    if word and (spelt or word.tight.search(every) or (word.loose and word.loose.search(every))):
        for entry in get_search_entries():
            weight = compute_fit(word, entry)
            if weight:
                fitting[entry.kind][entry.code] = weight
    return fitting


def _make_search_word(text: str) -> SearchWord | None:
    """Return a word with its patterns; None if no name can contain it. A Chinese character that is in no name stands
    for those that sound like it, so that 技工貿 and a slip of the input method are found.
    """
    if not HAN.search(text):
        # Letters begin a word: pct, patent and patents, but not the rd of a ward.
        stem = text.removesuffix("s") if len(text) > FEWEST_LETTERS + 1 else text
        return SearchWord(text, re.compile(r"(?<![a-z0-9])" + re.escape(stem)), None, 0)
    known = _get_name_characters()
    classes, guessed = [], 0
    for character in text:
        if character in known or not HAN.match(character):
            classes.append(re.escape(character))
            continue
        alike = _find_homophones(character)
        if not alike:
            return None
        classes.append(f"[{alike}]")
        guessed += 1
    if guessed == len(text) <= FEWEST_LETTERS:
        return None  # 十堰 sounds like 实验
    return SearchWord(text, re.compile("".join(classes)), re.compile(".*?".join(classes)), guessed)


def compute_fit(word: SearchWord, entry: SearchEntry) -> int:
    """Return how well a word names an entry; 0: not at all."""
    best = max(_compute_text_fit(word, text) for text in entry.texts)
    letters = len(word.text) >= FEWEST_LETTERS and word.text.isascii() and word.text.isalpha()
    if letters and best < GOOD_FIT and any(is_pinyin_spelling(word.text, syllables) for syllables in entry.spelt):
        return SPELT
    return best


def _compute_text_fit(word: SearchWord, text: str) -> int:
    less = GUESSED_PENALTY if word.guessed else 0
    if word.tight.fullmatch(text):
        return (WHOLE if SUFFIX.search(text) else EXACT) - less
    if word.tight.fullmatch(SUFFIX.sub("", text)):
        return EXACT - less
    found = word.tight.search(text) if HAN.search(word.text) or len(word.text) >= FEWEST_LETTERS else None
    if found:
        return (INSIDE if found.start() else BEGINNING) - less
    return max(0, _compute_scattered_fit(word, text) - less) if len(word.text) >= FEWEST_LETTERS else 0


def _compute_scattered_fit(word: SearchWord, text: str) -> int:
    """Return how well a word's characters occur in a text in order: 工业产值 in 工业总产值 too."""
    found = word.loose.search(text) if word.loose else None
    if found and found.end() - found.start() <= len(word.text) + MOST_LEFT_OUT and word.guessed * 2 <= len(word.text):
        return INSIDE
    return SCATTERED if found and not word.guessed else 0


def is_pinyin_spelling(word: str, syllables: tuple[frozenset[str], ...]) -> bool:
    """Return whether letters are the beginnings of consecutive syllables: jgm, jigongmao, jgmao."""

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


@memoize_per_data_version(8)
def get_search_entries() -> tuple[SearchEntry, ...]:
    """Return all that can be found, in order of display."""
    other: dict[tuple[str, str], list[str]] = {}
    for alias, kind, code in catalogue.get_aliases().iter_rows():
        other.setdefault((kind, code), []).append(alias)
    made = []
    for kind, rows in (("indicator", catalogue.get_indicators()), ("park", catalogue.get_parks())):
        for row in rows.iter_rows(named=True):
            code = row[f"{kind}_id"]
            columns = ("name_zh", "full_name_zh", "name_en", "full_name_en")
            named = [row[column] for column in columns if row.get(column)]
            texts = dict.fromkeys(normalize_search_text(text) for text in [code, *named, *other.get((kind, code), [])])
            made.append(
                SearchEntry(kind, code, tuple(texts), tuple(to_syllables(text) for text in texts if HAN.search(text)))
            )
    return tuple(made)


@memoize_per_data_version(8)
def _join_all_texts() -> str:
    return "\n".join(text for entry in get_search_entries() for text in entry.texts)


@memoize_per_data_version(8)
def _get_name_characters() -> dict[str, frozenset[str]]:
    """Return the Chinese characters of all names, with their readings."""
    every = sorted(
        {character for entry in get_search_entries() for text in entry.texts for character in HAN.findall(text)}
    )
    return dict(zip(every, to_syllables("".join(every)), strict=True))


@memoize_per_data_version(4096)
def _find_homophones(character: str) -> str:
    """Return the characters of all names that sound like one that is in no name."""
    return "".join(other for other, sounds in _get_name_characters().items() if sounds & to_syllables(character)[0])


def to_syllables(text: str) -> tuple[frozenset[str], ...]:
    """Return the readings of each character, without tones; a letter is its own reading."""
    from pypinyin import Style, pinyin  # noqa: PLC0415 - a tenth of a second that only a search pays

    characters = [character for character in text if character.isalnum()]
    # One by one: a phrase would fix one reading, and a reader may spell another.
    readings = pinyin(characters, style=Style.NORMAL, heteronym=True, errors=str)
    return tuple(frozenset(reading) for reading in readings)


def find_nearest_name(word: str) -> str | None:
    """Return the name, or the word of a name, that is written or spelt most like a word that names nothing; None if
    none is near.
    """
    known = _get_known_spellings()
    close = difflib.get_close_matches(word, known, 1, NEAR_RATIO) if len(word) >= FEWEST_LETTERS else []
    return known[close[0]] if close else None


@memoize_per_data_version(8)
def _get_known_spellings() -> dict[str, str]:
    """Return what a misspelt word may have been meant for: texts, English words and pinyin, each with what it means."""
    known: dict[str, str] = {}
    for entry in get_search_entries():
        for text in entry.texts:
            if HAN.search(text):
                known.setdefault("".join(min(readings) for readings in to_syllables(text)), text)
            else:
                known |= {word: word for word in re.findall(r"[a-z&-]{4,}", text)}
            known[text] = text
    return known
