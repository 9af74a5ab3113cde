"""Finding indicators and places by what readers type: names, codes, aliases, pinyin, Chinese without word breaks."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from queries import catalogue, own
from queries.database import data_version

EXACT, BEGINNING, INSIDE, SPELT, SCATTERED = 100, 80, 60, 40, 20  # how well a word fits; the better one counts
FEWEST_LETTERS = 2  # of a word that is looked up as pinyin
LEFT_OUT = 2  # characters that a reader may leave out of a name
LONGEST_PART = 16  # characters of one name in a word without spaces
MOST_LETTERS = 40  # of a word; a longer one is no name
HAN = re.compile(r"[\u3400-\u9fff]")
APART = re.compile(r"[\s,，、;；|/]+")
SUFFIX = re.compile(r"(市|省|自治州|地区)$")
YEAR = re.compile(r"(?:19|20)\d\d年?")


@dataclass(frozen=True)
class Entry:
    """Something that can be found: its kind (indicator or park), its code, and the texts that name it."""

    kind: str
    code: str
    texts: tuple[str, ...]
    spelt: tuple[tuple[frozenset[str], ...], ...]  # of each Chinese text: the syllables of its characters


@dataclass(frozen=True)
class Found:
    """What a text asks for. None: it says nothing of that kind. Codes stand in order of fit; unknown: words not found.

    first, last: years named in the text.
    """

    indicators: tuple[str, ...] | None = None
    parks: tuple[str, ...] | None = None
    first: int | None = None
    last: int | None = None
    unknown: tuple[str, ...] = ()


def found(text: str) -> Found:
    """Indicators, places and years that a text asks for; each of its words narrows what the others leave.

    A word names one kind, the one in which it fits better. Words in Chinese need no space between them:
    湘潭财政收入 is a place and an indicator. Letters are tried as code, English name, alias and pinyin, whole
    (jigongmao) or by initials (jgm).
    """
    fits: dict[str, list[dict[str, int]]] = {"indicator": [], "park": []}
    years: list[int] = []
    unknown = []
    for word in words(text):
        if YEAR.fullmatch(word):
            years.append(int(word[:4]))
            continue
        parts = best_parts(word)
        if not parts:
            unknown.append(word)
        for kind, codes in parts:
            fits[kind].append(codes)
    return Found(
        _narrowed(fits["indicator"]),
        _narrowed(fits["park"]),
        min(years, default=None),
        max(years, default=None),
        tuple(unknown),
    )


def _narrowed(fits: list[dict[str, int]]) -> tuple[str, ...] | None:
    """Codes that fit every word; where none fits all, those that fit any: several places are several words."""
    if not fits:
        return None
    places = {entry.code: place for place, entry in enumerate(entries())}
    shared = set.intersection(*map(set, fits)) or set.union(*map(set, fits))
    weights = {code: sum(fit.get(code, 0) for fit in fits) for code in shared}
    return tuple(sorted(shared, key=lambda code: (-weights[code], places[code])))


def words(text: str) -> list[str]:
    """The words of a text in one writing: full width as half width, capitals as small letters, years by themselves."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"((?:19|20)\d\d)年?(?!\d)", r" \1 ", plain)
    return [word[:MOST_LETTERS] for word in APART.split(plain) if word]


def best_parts(word: str) -> list[tuple[str, dict[str, int]]]:
    """What a word names: kind and fitting codes, of the word itself or of the parts it is made of; [] for nothing."""
    whole = _kind(word)
    if whole and (max(whole[1].values()) >= INSIDE or not HAN.search(word)):
        return [whole]
    parted = _parted(word)
    return parted or ([whole] if whole else [])


def _parted(word: str) -> list[tuple[str, dict[str, int]]]:
    """The fewest parts, each of two characters or more, that together are the word; the better fit among equals."""
    known: dict[int, tuple[int, int, list[tuple[str, dict[str, int]]]]] = {0: (0, 0, [])}
    for end in range(2, len(word) + 1):
        ways = []
        for start in range(max(0, end - LONGEST_PART), end - 1):
            part = _kind(word[start:end]) if start in known and HAN.search(word[start:end]) else None
            if part:
                parts, weight, found_parts = known[start]
                ways.append((parts + 1, weight - max(part[1].values()) * (end - start), [*found_parts, part]))
        if ways:
            known[end] = min(ways, key=lambda way: way[:2])
    return known[len(word)][2] if len(word) in known else []


@lru_cache(maxsize=4096)
def _fits(version: str, word: str) -> dict[str, dict[str, int]]:
    with own.aside():
        return _fitting(word)


def _fitting(word: str) -> dict[str, dict[str, int]]:
    fitting: dict[str, dict[str, int]] = {"indicator": {}, "park": {}}
    for entry in entries():
        weight = fit(word, entry)
        if weight:
            fitting[entry.kind][entry.code] = weight
    return fitting


def _kind(word: str) -> tuple[str, dict[str, int]] | None:
    """The kind in which a word fits better, among equals the one with more codes, and the codes that fit well."""
    mine = own.held()
    fitting = (
        _fits(data_version(), word) if mine is None else mine.remember((data_version(), word), lambda: _fitting(word))
    )
    kind, codes = max(fitting.items(), key=lambda item: (max(item[1].values(), default=0), len(item[1])))
    if not codes:
        return None
    least = INSIDE if max(codes.values()) >= INSIDE else max(codes.values())
    return kind, {code: weight for code, weight in codes.items() if weight >= least}


def fit(word: str, entry: Entry) -> int:
    """How well a word names an entry; 0: not at all."""
    best = 0
    for text in entry.texts:
        if word in (text, SUFFIX.sub("", text)):
            return EXACT
        if text.startswith(word):
            best = max(best, BEGINNING)
        elif word in text:
            best = max(best, INSIDE)
        elif len(word) > 1 and HAN.search(word):
            best = max(best, _scattered(word, text))
    letters = len(word) >= FEWEST_LETTERS and word.isascii() and word.isalpha()
    if letters and best < INSIDE and any(spells(word, syllables) for syllables in entry.spelt):
        return SPELT
    return best


def _scattered(word: str, text: str) -> int:
    """How well the characters of a word stand in a text in their order: 工业产值 in 工业总产值 as well as whole."""
    start, end = text.find(word[0]), -1
    for character in word:
        end = text.find(character, end + 1)
        if end < 0:
            return 0
    return INSIDE if end - start + 1 <= len(word) + LEFT_OUT else SCATTERED


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


def entries() -> tuple[Entry, ...]:
    """All that can be found, in order of display."""
    mine = own.held()
    return _entries(data_version()) if mine is None else mine.remember((data_version(), "entries"), _named_entries)


@lru_cache(maxsize=8)
def _entries(version: str) -> tuple[Entry, ...]:
    with own.aside():
        return _named_entries()


def _named_entries() -> tuple[Entry, ...]:
    other: dict[tuple[str, str], list[str]] = {}
    for alias, kind, code in catalogue.aliases().iter_rows():
        other.setdefault((kind, code), []).append(alias)
    made = []
    for kind, rows in (("indicator", catalogue.indicators()), ("park", catalogue.parks())):
        for row in rows.iter_rows(named=True):
            code = row[f"{kind}_id"]
            named = [
                row[column] for column in ("name_zh", "full_name_zh", "name_en", "full_name_en") if row.get(column)
            ]
            texts = dict.fromkeys(_plain(text) for text in [code, *named, *other.get((kind, code), [])])
            made.append(Entry(kind, code, tuple(texts), tuple(_syllables(text) for text in texts if HAN.search(text))))
    return tuple(made)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _syllables(text: str) -> tuple[frozenset[str], ...]:
    """The readings of each character, without tones; a letter stands for itself."""
    from pypinyin import Style, pinyin  # noqa: PLC0415 - a tenth of a second that only a search pays

    characters = [character for character in text if character.isalnum()]
    # One by one: a phrase would fix one reading, and a reader may spell another.
    readings = pinyin(characters, style=Style.NORMAL, heteronym=True, errors=str)
    return tuple(frozenset(reading) for reading in readings)
