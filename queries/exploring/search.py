"""Finding indicators and places by what readers type: several words, Chinese without word breaks, years among them."""

import re
from dataclasses import dataclass, field

from queries.catalogue import names
from queries.catalogue.names import GOOD, HAN, WHOLE, remembered

LONGEST_PART = 16  # characters of one name in a word without spaces
LONGEST_PHRASE = 6  # English words of one name
MOST_LETTERS = 80  # of a text; what is longer is no question
WORD = re.compile(r"[\w&][\w&.'\-]*")
YEAR = r"(?<!\d)((?:19|20)\d\d)(?!\d)年?"
SPAN = re.compile(rf"{YEAR}\s*(?:-|—|–|~|到|至)+\s*{YEAR}")
# Words that ask for a measure, and words that a sentence has between the others.
MEASURES = {
    "增速": "growth", "增长": "growth", "增长率": "growth", "同比": "growth", "同比增长": "growth", "涨幅": "growth",
    "growth": "growth", "指数": "index", "占比": "share",
}  # fmt: skip
BETWEEN = frozenset(re.findall(
    r"\S+", "的 之 和 与 及 是 是多少 有多少 多少 数据 情况 历年 各地 年 of in the for and by a an what is how much"
))  # fmt: skip
Part = tuple[str, dict[str, int]]  # a kind (indicator, park, measure, or nothing), the codes that fit and how well


@dataclass(frozen=True)
class Found:
    """What a text asks for. None: it says nothing of that kind. Codes stand in order of fit; unknown: words not found.

    first, last: years named in the text. measure: growth, index or share, where the text asks for one.
    """

    indicators: tuple[str, ...] | None = None
    parks: tuple[str, ...] | None = None
    first: int | None = None
    last: int | None = None
    measure: str | None = None
    unknown: tuple[str, ...] = ()


@dataclass
class _Way:
    """A way to read the beginning of a word; the best skips least, then has the fewest parts, then the best fits."""

    skipped: str = ""
    parts: list[Part] = field(default_factory=list)
    weight: int = 0

    @property
    def cost(self) -> tuple[int, int, int]:
        return len(self.skipped), len(self.parts), -self.weight


@remembered(1024)
def found(text: str) -> Found:
    """Indicators, places and years that a text asks for; each of its words narrows what the others leave.

    A word names one kind, the one in which it fits better. Words in Chinese need no space between them:
    湘潭财政收入 is a place and an indicator. Letters are tried as code, English name, alias and pinyin, whole
    (jigongmao) or by initials (jgm).
    """
    asked, years = words(text)
    fits: dict[str, list[dict[str, int]]] = {"indicator": [], "park": [], "measure": [], "": []}
    unknown = [] if asked or years or not text.strip() else [text.strip()]
    for word in asked:
        way = best(word)
        unknown += [way.skipped] if way.skipped else []
        for kind, codes in way.parts:
            fits[kind].append(codes)
    return Found(
        _narrowed(fits["indicator"]),
        _narrowed(fits["park"]),
        min(years, default=None),
        max(years, default=None),
        next((measure for codes in fits["measure"] for measure in codes), None),
        tuple(unknown),
    )


def instead(text: str) -> str | None:
    """What a reader may have meant by a text with words that name nothing: each put right, or left out; None: no
    idea."""
    asked, years = words(text)
    meant = []
    for word in asked:
        skipped = best(word).skipped
        near = (names.nearest(word) or word.replace(skipped, names.nearest(skipped) or "")) if skipped else word
        meant.append(near)
    other = " ".join([part for part in meant if part] + [str(year) for year in sorted(set(years))])
    return other if other and not found(other).unknown else None


def _narrowed(fits: list[dict[str, int]]) -> tuple[str, ...] | None:
    """Codes that fit every word; where none fits all, those that fit any: several places are several words."""
    if not fits:
        return None
    places = {entry.code: place for place, entry in enumerate(names.entries())}
    shared = set.intersection(*map(set, fits)) or set.union(*map(set, fits))
    weights = {code: sum(fit.get(code, 0) for fit in fits) for code in shared}
    return tuple(sorted(shared, key=lambda code: (-weights[code], places[code])))


def words(text: str) -> tuple[list[str], list[int]]:
    """The words of a text in one writing, English ones that name something together as one; and its years."""
    plain = names.plain(text[:MOST_LETTERS])
    years = [int(year) for span in SPAN.findall(plain) for year in span]
    plain = SPAN.sub(" ", plain)
    years += [int(year) for year in re.findall(YEAR, plain)]
    apart = [word.strip("_.'-") for word in WORD.findall(re.sub(YEAR, " ", plain))]
    return _phrases([word for word in apart if word]), years


def _phrases(apart: list[str]) -> list[str]:
    """Words, the longest runs of them that name something as one: east lake, total revenue."""
    together, place = [], 0
    while place < len(apart):
        longest = min(len(apart), place + LONGEST_PHRASE)
        ends = range(longest, place + 1, -1) if apart[place].isascii() else range(0)
        whole = (
            end for end in ends if not BETWEEN & {apart[place], apart[end - 1]} and _kind(" ".join(apart[place:end]))
        )
        end = next(whole, place + 1)
        together.append(" ".join(apart[place:end]))
        place = end
    return together


def best(word: str) -> _Way:
    """What a word names, itself or by the parts it is made of; skipped: what of it names nothing."""
    whole = _kind(word)
    if whole and (not HAN.search(word) or max(whole[1].values(), default=GOOD) >= GOOD):
        return _Way(parts=[whole])
    parted = _parted(word)
    if whole and parted.skipped:
        return _Way(parts=[whole])
    return parted if any(kind for kind, _codes in parted.parts) else _Way(skipped=word)


def _parted(word: str) -> _Way:
    """The best way to read a word as parts, each of two characters or more, letters never cut."""
    ways = [_Way()]
    for end in range(1, len(word) + 1):
        before = ways[end - 1]
        here = [_Way(before.skipped + word[end - 1], before.parts, before.weight)]
        for start in range(max(0, end - LONGEST_PART), end):
            part = _kind(word[start:end]) if _may_cut(word, start) and _may_cut(word, end) else None
            if part and (end - start > 1 or not part[0]):
                fit = max(part[1].values(), default=0) * (end - start)
                way = ways[start]
                here.append(_Way(way.skipped, [*way.parts, part], way.weight + fit))
        ways.append(min(here, key=lambda way: way.cost))
    return ways[-1]


def _may_cut(word: str, place: int) -> bool:
    """Whether a part may end here: not between two letters."""
    return not word[max(0, place - 1) : place + 1].isascii() or place in (0, len(word))


def _kind(word: str) -> Part | None:
    """The kind in which a word fits better, among equals the one with more codes, and the codes that fit well."""
    if word in BETWEEN:
        return "", {}
    if word in MEASURES:
        return "measure", {MEASURES[word]: GOOD}
    fitting = names.fits(word)
    kind, codes = max(fitting.items(), key=lambda item: (max(item[1].values(), default=0), len(item[1])))
    if not codes:
        return None
    top = max(codes.values())
    least = top if top >= WHOLE or top < GOOD else GOOD
    return kind, {code: weight for code, weight in codes.items() if weight >= least}
