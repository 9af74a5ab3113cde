"""Suggestions while a reader types: places, indicators, targets and promises that a text may mean."""

from dataclasses import dataclass

import polars as pl

from queries.catalogue import catalogue, names
from queries.exploring import exploration, search
from queries.targets.targets import get_judged_targets

MOST = {"park": 5, "indicator": 5, "target": 3, "promise": 2}  # of each kind
NEAR_ROLES = ("self", "city", "city_peer", "hunan_peer")  # of two that fit alike, the nearer place comes first
WELL, FAIRLY, HARDLY = 2, 1, 0
FEWEST_LETTERS = 3  # by which promises are found


@dataclass(frozen=True)
class Suggestions:
    """What a text may mean, each kind in order of fit.

    parks, indicators: rows of the catalogue; targets: of get_judged_targets(); promises: of get_park_commitments().
    """

    parks: pl.DataFrame
    indicators: pl.DataFrame
    targets: pl.DataFrame
    promises: pl.DataFrame

    @property
    def is_empty(self) -> bool:
        """Whether the text means nothing of all this."""
        return all(rows.is_empty() for rows in (self.parks, self.indicators, self.targets, self.promises))


def suggest(text: str, lang: str = "zh") -> Suggestions:
    """Return what a text may mean, at most MOST of each kind.

    Names, codes, aliases, pinyin and initials count, in Chinese and English; the beginning of a name is enough. Where
    the text as a whole is in no name, its words are looked up one by one, as in the search of figures.
    """
    parks, indicators = _find_codes(text)
    of_targets = indicators or search.parse_search_text(text).indicators
    targets = get_judged_targets(indicators=list(of_targets or ()), parks=list(parks) or None, lang=lang)
    home = pl.col("park_id") == catalogue.get_home_park()
    targets = targets.sort(home, "year", descending=True, maintain_order=True)
    whole = len(text.strip()) >= FEWEST_LETTERS or names.HAN.search(text)  # two letters are inside many English words
    promises = exploration.find_chosen_commitments(exploration.Choice(text if whole else ""), lang)
    return Suggestions(
        _select_rows(catalogue.get_parks(), "park_id", parks[: MOST["park"]]),
        _select_rows(catalogue.get_indicators(), "indicator_id", indicators[: MOST["indicator"]]),
        targets.head(MOST["target"]),
        promises.head(MOST["promise"]),
    )


def _find_codes(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes of places and of indicators that a text may name, those that fit best first."""
    plain = " ".join(names.normalize_search_text(text[: search.MOST_LETTERS]).split())
    fits = names.find_name_matches(plain)
    if any(fits.values()):
        return _order_parks(fits["park"]), _order_indicators(fits["indicator"])
    asked = search.parse_search_text(text)
    return asked.parks or (), asked.indicators or ()


def _rate(fit: int) -> int:
    """Return how well a word fits, in steps: initials that begin a name are no worse than the beginning of a code."""
    return WELL if fit >= names.EXACT else FAIRLY if fit > names.SCATTERED else HARDLY


def _order_parks(fits: dict[str, int]) -> tuple[str, ...]:
    known = {row["park_id"]: row for row in catalogue.get_parks().iter_rows(named=True)}

    def rank(code: str) -> tuple[int, int, int]:
        role = known[code]["role"]
        near = NEAR_ROLES.index(role) if role in NEAR_ROLES else len(NEAR_ROLES)
        return -_rate(fits[code]), near, -known[code]["observations"]

    return _leave_out_accidents(fits, sorted(fits, key=rank))


def _order_indicators(fits: dict[str, int]) -> tuple[str, ...]:
    known = dict(catalogue.get_indicators().select("indicator_id", "observations").iter_rows())
    return _leave_out_accidents(fits, sorted(fits, key=lambda code: (-_rate(fits[code]), -known[code])))


def _leave_out_accidents(fits: dict[str, int], codes: list[str]) -> tuple[str, ...]:
    """Leave out what has the letters only scattered over its name, where something fits better."""
    top = max(map(_rate, fits.values()), default=HARDLY)
    return tuple(code for code in codes if top == HARDLY or _rate(fits[code]) > HARDLY)


def _select_rows(rows: pl.DataFrame, column: str, codes: tuple[str, ...]) -> pl.DataFrame:
    """Return the rows of some codes, in the order of the codes."""
    order = pl.DataFrame({column: list(codes)}, schema={column: pl.String})
    return order.join(rows, on=column, maintain_order="left")
