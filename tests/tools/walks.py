"""Walks through the views of the pages: every choice is found on the page itself, so that a new filter is walked too.

Used by tests/pages/test_every_choice.py and, at full length, by tests/drills/views.py.
"""

import inspect
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from streamlit.runtime.state.query_params_proxy import QueryParamsProxy
from streamlit.testing.v1 import AppTest

from pages.ui import downloads, filters
from tests.conftest import ROOT, failures

ROUTER = str(ROOT / "pages" / "navigation.py")
# A day before everything, days within the year of the sample, a day long after it.
DAYS = ("1990-01-01", "2025-01-02", "2025-02-20", "2025-07-10", "2030-01-01")
WORDS = ("产值", "jgm", "没有这个词")
# Parameters that pages read themselves, without a function of pages/ui/filters.py.
BY_HAND = {
    "weights": ("K01:60", "K01:0", "K99:1", "K01:much"),
    "sql": ("select * from park", "select 1 as x, 2 as y", "select", "select * from nowhere"),
}
LANGUAGES = ("zh", "en")
FILTERS = (
    "choose_several", "get_chosen_codes", "choose_one", "choose_pill", "find_requested_code", "choose_day",
    "choose_search_words", "get_chosen_years",
)  # fmt: skip
DEPTH = 3  # choices, each of which reveals a filter
RUNS = 60  # of one session, before another is opened
Offered = dict[str, list[str]]
Files = dict[str, Callable[[], bytes]]


@dataclass
class Seen:
    """What one run of a page showed. offered: codes by parameter; files: by name; read: parameters."""

    at: AppTest
    title: str
    failures: list[str]
    offered: dict[str, list[str]]
    files: dict[str, Callable[[], bytes]]
    read: set[str]

    @property
    def by_hand(self) -> dict[str, tuple[str, ...]]:
        """Parameters that this page reads itself."""
        return {name: codes for name, codes in BY_HAND.items() if name in self.read}

    @property
    def wrong(self) -> str:
        """Why this is no view for a reader; "" where it is one."""
        boxes = [error.message for error in self.at.exception]
        if self.failures or boxes:
            return "; ".join(self.failures or boxes)
        return "" if self.title.strip() else "no title"


def _of(function: Callable[..., object], bound: dict[str, object]) -> dict[str, list[str]]:
    """The codes that one call of a filter offers, by parameter."""
    options = [str(code) for code in bound.get("options", bound.get("codes", ()))]  # type: ignore[attr-defined]
    match function.__name__:
        case "choose_several" | "get_chosen_codes":
            return {str(bound["parameter"]): [*options, filters.ALL]}
        case "choose_one" | "choose_pill" | "find_requested_code":
            return {str(bound["parameter"]): options}
        case "choose_day":
            return {str(bound["parameter"]): list(DAYS)}
        case "choose_search_words":
            return {str(bound["parameter"]): list(WORDS)}
    low, high = bound["years"]  # type: ignore[misc]
    years = [str(year) for year in dict.fromkeys((low, (low + high) // 2, high))]
    return {"from": years, "to": years}


@contextmanager
def recorded() -> Iterator[tuple[Offered, Files, set[str], set[str]]]:
    """What pages call for while this is open: choices by parameter, files by name, parameters that they read, and the
    keys of their menus."""
    offered: Offered = {}
    files: Files = {}
    read: set[str] = set()
    closed: set[str] = set()
    replaced: list[tuple[object, str, object]] = []

    def listened(module: object, name: str, heard: Callable[..., None]) -> None:
        original = getattr(module, name)
        signature = inspect.signature(original)

        def asked(*given: object, **named: object) -> object:
            heard(original, signature.bind(*given, **named).arguments)
            return original(*given, **named)

        replaced.append((module, name, original))
        setattr(module, name, asked)

    def choices(original: Callable[..., object], bound: dict[str, object]) -> None:
        for parameter, codes in _of(original, bound).items():
            offered[parameter] = list(dict.fromkeys([*offered.get(parameter, []), *codes]))

    for name in FILTERS:
        listened(filters, name, choices)
    listened(QueryParamsProxy, "__getitem__", lambda _, bound: read.add(str(bound["key"])))  # get() calls it, too
    listened(downloads, "show_popover", lambda _, bound: closed.add(str(bound["key"])))
    listened(downloads, "show_download_button", lambda _, bound: files.update({bound["file_name"]: bound["make"]}))
    try:
        yield offered, files, read, closed
    finally:
        for module, name, original in replaced:
            setattr(module, name, original)


class Reader:
    """Somebody who opens one view of a page after the other, with another session now and then."""

    def __init__(self, page: str, *, embedded: bool = False, **state: object) -> None:
        """state: what the session holds from the start."""
        self.page, self.embedded, self.state = page, embedded, state
        self.sessions: dict[str, tuple[AppTest, int]] = {}  # by language: a widget holds what its options are called

    def open(self, address: dict[str, str], lang: str, *, menus: bool = False) -> Seen:
        """The view of an address. menus: with every menu of its rows open."""
        at, runs = self.sessions.get(lang, (None, RUNS))
        if at is None or runs >= RUNS:
            at, runs = self.session(), 0
        self.sessions[lang] = (at, runs + 1)
        try:
            seen = self.shown(at, {"lang": lang} | address, menus=menus)
        except ValueError:  # the test's own browser holds a choice that the new view does not offer
            at = self.session()
            self.sessions[lang] = (at, 1)
            seen = self.shown(at, {"lang": lang} | address, menus=menus)
        if seen.wrong:  # what comes after it begins anew
            del self.sessions[lang]
        return seen

    def session(self) -> AppTest:
        """A session that has opened nothing yet."""
        at = AppTest.from_file(ROUTER, default_timeout=120)
        if self.page != "overview":
            at.switch_page(f"{self.page}.py")
        at.context = {"is_embedded": self.embedded, "url": f"http://localhost/{self.page}", "locale": "zh"}
        for key, value in self.state.items():
            at.session_state[key] = value
        return at

    def shown(self, at: AppTest, asked: dict[str, str], *, menus: bool) -> Seen:
        """What a session shows of an address."""
        at.query_params = asked
        with failures() as found, recorded() as (offered, files, read, closed):
            at.run()
            if menus:
                for key in closed:
                    at.session_state[key] = True
                at.run()
        return Seen(at, at.title[0].value if len(at.title) else "", found, offered, files, read)


def thinned(codes: list[str], most: int | None) -> list[str]:
    """At most so many codes, evenly apart, the first and the last among them."""
    if most is None or len(codes) <= most:
        return codes
    return [codes[place * (len(codes) - 1) // max(1, most - 1)] for place in range(most)]


def covering(levels: dict[str, list[str]]) -> list[dict[str, str]]:
    """Rows in which every two levels of two parameters meet at least once, by greed, always the same ones."""
    names = list(levels)
    every = {name: dict.fromkeys(codes) for name, codes in levels.items()}
    left = {
        ((one, a), (two, b)): None
        for one, two in itertools.combinations(names, 2) for a in every[one] for b in every[two]
    }  # fmt: skip
    rows = []
    while left:
        row = dict(next(iter(left)))
        for name in names:
            if name not in row:
                row[name] = max(every[name], key=lambda code: len(_met(row | {name: code}, name, names) & left.keys()))
        for pair in itertools.combinations([(name, row[name]) for name in names], 2):
            left.pop(pair, None)
        rows.append(row)
    return rows


def _met(row: dict[str, str], new: str, names: list[str]) -> set[tuple[tuple[str, str], tuple[str, str]]]:
    held = [(name, row[name]) for name in names if name in row]
    return {pair for pair in itertools.combinations(held, 2) if new in (pair[0][0], pair[1][0])}


def walk(
    page: str, *, most: int | None, again: int, pairs: int, both: bool, embedded: bool = False
) -> Iterator[tuple[dict[str, str], str, Seen]]:
    """Views of a page: each code by itself, then pairs of codes; from each base, which is the bare page or a choice
    that revealed a filter (another tab, a measure), or the sample.

    most: codes of one filter, None for all; again: of a filter that was walked on an earlier base; pairs: codes of one
    filter in pairs, 0 for no pairs; both: each code in both languages, else in turn. Yields address, language, view.
    """
    reader = Reader(page, embedded=embedded)
    turn = itertools.cycle(LANGUAGES)
    walked: set[str] = set()
    claimed: set[str] = set()
    bases: list[dict[str, str]] = [{}]
    for base in bases:
        lang = next(turn)
        first = reader.open(base, lang)
        yield base, lang, first
        here = {name: codes for name, codes in first.offered.items() if name not in base and codes}
        here |= {name: list(codes) for name, codes in first.by_hand.items()}
        for name, codes in here.items():
            for code in thinned(codes, again if name in walked else most):
                for lang in LANGUAGES if both else (next(turn),):
                    seen = reader.open(base | {name: code}, lang)
                    yield base | {name: code}, lang, seen
                revealed = {
                    name for name in seen.offered | seen.by_hand if name not in {*walked, *here, *base, *claimed}
                }
                if (revealed or code == "sample") and len(base) < DEPTH:
                    claimed |= revealed
                    bases.append(base | {name: code})
        walked |= set(here)
        levels = {name: thinned(codes, pairs) for name, codes in here.items() if len(codes) > 1} if pairs else {}
        for row in covering(levels):
            lang = next(turn)
            yield base | row, lang, reader.open(base | row, lang)
