"""Search of indicators and places by what readers type: several words, Chinese without spaces, years among them."""

import re
from dataclasses import dataclass, field

from queries.catalogue import names
from queries.catalogue.names import GOOD_FIT, HAN, WHOLE
from queries.database.memo import memoize_per_data_version

LONGEST_PART = 16  # characters of one name in a word without spaces
LONGEST_PHRASE = 6  # English words of one name
MOST_LETTERS = 80  # of a text; what is longer is no question
WORD = re.compile(r"[\w&][\w&.'\-]*")
YEAR = r"(?<!\d)((?:19|20)\d\d)(?!\d)年?"
SPAN = re.compile(rf"{YEAR}\s*(?:-|—|–|~|到|至)+\s*{YEAR}")
# Words that ask for a measure, and words that a sentence has between the others.
MEASURES_BY_WORD = {
    "增速": "growth", "增长": "growth", "增长率": "growth", "同比": "growth", "同比增长": "growth", "涨幅": "growth",
    "growth": "growth", "指数": "index", "占比": "share",
}  # fmt: skip
STOP_WORDS = frozenset(re.findall(
    r"\S+", "的 之 和 与 及 是 是多少 有多少 多少 数据 情况 历年 各地 年 of in the for and by a an what is how much"
))  # fmt: skip
Part = tuple[str, dict[str, int]]  # a kind (indicator, park, measure, or nothing), the codes that fit and how well


@dataclass(frozen=True)
class SearchResult:
    """What a text asks for. None: it names nothing of that kind. Codes are in order of fit; unknown: words not found.

    first, last: years named in the text. measure: growth, index or share, if the text asks for one.
    """

    indicators: tuple[str, ...] | None = None
    parks: tuple[str, ...] | None = None
    first: int | None = None
    last: int | None = None
    measure: str | None = None
    unknown: tuple[str, ...] = ()


@dataclass
class _WordReading:
    """One way to read the beginning of a word; the best skips least, then has the fewest parts, then fits best."""

    skipped: str = ""
    parts: list[Part] = field(default_factory=list)
    weight: int = 0

    @property
    def cost(self) -> tuple[int, int, int]:
        return len(self.skipped), len(self.parts), -self.weight


@memoize_per_data_version(1024)
def parse_search_text(text: str) -> SearchResult:
    """Return the indicators, places and years that a text asks for; each of its words narrows what the others leave.

    A word names one kind, the one in which it fits better. Words in Chinese need no space between them:
    湘潭财政收入 is a place and an indicator. Letters are tried as code, English name, alias and pinyin, whole
    (jigongmao) or by initials (jgm).
    """
    asked, years = split_search_words(text)
    fits: dict[str, list[dict[str, int]]] = {"indicator": [], "park": [], "measure": [], "": []}
    unknown = [] if asked or years or not text.strip() else [text.strip()]
    for word in asked:
        way = parse_search_word(word)
        unknown += [way.skipped] if way.skipped else []
        for kind, codes in way.parts:
            fits[kind].append(codes)
    return SearchResult(
        _narrow_codes(fits["indicator"]),
        _narrow_codes(fits["park"]),
        min(years, default=None),
        max(years, default=None),
        next((measure for codes in fits["measure"] for measure in codes), None),
        tuple(unknown),
    )


def suggest_correction(text: str) -> str | None:
    """Suggest what a text with unknown words may have meant: each corrected or left out; None: no suggestion."""
    asked, years = split_search_words(text)
    meant = []
    for word in asked:
        skipped = parse_search_word(word).skipped
        near = (
            (names.find_nearest_name(word) or word.replace(skipped, names.find_nearest_name(skipped) or ""))
            if skipped
            else word
        )
        meant.append(near)
    other = " ".join([part for part in meant if part] + [str(year) for year in sorted(set(years))])
    return other if other and not parse_search_text(other).unknown else None


def _narrow_codes(fits: list[dict[str, int]]) -> tuple[str, ...] | None:
    """Return the codes that fit every word; if none does, those that fit any: several places are several words."""
    if not fits:
        return None
    places = {entry.code: place for place, entry in enumerate(names.get_search_entries())}
    shared = set.intersection(*map(set, fits)) or set.union(*map(set, fits))
    weights = {code: sum(fit.get(code, 0) for fit in fits) for code in shared}
    return tuple(sorted(shared, key=lambda code: (-weights[code], places[code])))


def split_search_words(text: str) -> tuple[list[str], list[int]]:
    """Split a text into its normalized words, English ones that name something together as one word, and its years."""
    plain = names.normalize_search_text(text[:MOST_LETTERS])
    years = [int(year) for span in SPAN.findall(plain) for year in span]
    plain = SPAN.sub(" ", plain)
    years += [int(year) for year in re.findall(YEAR, plain)]
    apart = [word.strip("_.'-") for word in WORD.findall(re.sub(YEAR, " ", plain))]
    return _join_phrases([word for word in apart if word]), years


def _join_phrases(apart: list[str]) -> list[str]:
    """Join the longest runs of words that together name something: east lake, total revenue."""
    together, place = [], 0
    while place < len(apart):
        longest = min(len(apart), place + LONGEST_PHRASE)
        ends = range(longest, place + 1, -1) if apart[place].isascii() else range(0)
        whole = (
            end
            for end in ends
            if not STOP_WORDS & {apart[place], apart[end - 1]} and _find_word_kind(" ".join(apart[place:end]))
        )
        end = next(whole, place + 1)
        together.append(" ".join(apart[place:end]))
        place = end
    return together


def parse_search_word(word: str) -> _WordReading:
    """Return what a word names, itself or by its parts; skipped: what of it names nothing."""
    whole = _find_word_kind(word)
    if whole and (not HAN.search(word) or max(whole[1].values(), default=GOOD_FIT) >= GOOD_FIT):
        return _WordReading(parts=[whole])
    parted = _parse_parts(word)
    if whole and parted.skipped:
        return _WordReading(parts=[whole])
    return parted if any(kind for kind, _codes in parted.parts) else _WordReading(skipped=word)


def _parse_parts(word: str) -> _WordReading:
    """Return the best way to read a word as parts, each of two characters or more, letters never cut."""
    ways = [_WordReading()]
    for end in range(1, len(word) + 1):
        before = ways[end - 1]
        here = [_WordReading(before.skipped + word[end - 1], before.parts, before.weight)]
        for start in range(max(0, end - LONGEST_PART), end):
            part = _find_word_kind(word[start:end]) if _can_cut(word, start) and _can_cut(word, end) else None
            if part and (end - start > 1 or not part[0]):
                fit = max(part[1].values(), default=0) * (end - start)
                way = ways[start]
                here.append(_WordReading(way.skipped, [*way.parts, part], way.weight + fit))
        ways.append(min(here, key=lambda way: way.cost))
    return ways[-1]


def _can_cut(word: str, place: int) -> bool:
    """Return whether a part may end here: not between two letters."""
    return not word[max(0, place - 1) : place + 1].isascii() or place in (0, len(word))


def _find_word_kind(word: str) -> Part | None:
    """Return the kind in which a word fits better, if equal the one with more codes, and the codes that fit well."""
    if word in STOP_WORDS:
        return "", {}
    if word in MEASURES_BY_WORD:
        return "measure", {MEASURES_BY_WORD[word]: GOOD_FIT}
    fitting = names.find_name_matches(word)
    kind, codes = max(fitting.items(), key=lambda item: (max(item[1].values(), default=0), len(item[1])))
    if not codes:
        return None
    top = max(codes.values())
    least = top if top >= WHOLE or top < GOOD_FIT else GOOD_FIT
    return kind, {code: weight for code, weight in codes.items() if weight >= least}
