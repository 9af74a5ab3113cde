"""Find the peers of a place by a rule: of one province, of a like size, approved in the same year."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from queries.catalogue import catalogue
from queries.database.engine import fetch
from queries.database.memo import memoize_per_data_version
from queries.database.printed_figures import choose_fetch

NEAR = 0.25  # of the size of a place: what is called like it
SIZES = {"product": "output.gdp", "people": "living.resident_population"}  # comparable_key, by rule
RULES = ("province", *SIZES, "approval")


@dataclass(frozen=True)
class PeerGroup:
    """The peers of a place. rule: of RULES; parks: their codes, in the order of the places, without the place itself.

    year: that in which sizes were compared, or the first of approval; None for a province. last: the last of approval.
    """

    rule: str
    parks: tuple[str, ...]
    year: int | None = None
    last: int | None = None


@memoize_per_data_version(256)
def find_peer_groups(park: str, year: int, asof: date | None = None) -> list[PeerGroup]:
    """Find the groups of peers of a place that have a member, in the order of RULES.

    year: sizes are those of this year, else of the last year before it, else of the first after it for which the
    place has one. asof: by the figures known by this day; None: all. Peers are of the kind of the place.
    """
    alike = _select_alike(park)
    if alike.is_empty():
        return []
    groups = [_find_in_province(park, alike)]
    groups += [_find_of_like_size(park, alike, rule, key, year, asof) for rule, key in SIZES.items()]
    own = list_approval_years(park)[1]
    groups += [find_approved_in(park, own, own)] if own else []
    return [group for group in groups if group.parks]


def _select_alike(park: str) -> pl.DataFrame:
    """Return the places of the kind of one; sums of places are like none."""
    places = catalogue.get_parks()
    kind = places.filter(pl.col("park_id") == park)["kind"].to_list()
    return places.filter(pl.col("kind").is_in(kind) & ~pl.col("kind").is_in(catalogue.SUM_KINDS))


def _find_in_province(park: str, alike: pl.DataFrame) -> PeerGroup:
    mine = alike.filter(pl.col("park_id") == park)["province_zh"].drop_nulls().to_list()
    return PeerGroup("province", _list_others(park, alike.filter(pl.col("province_zh").is_in(mine))))


def _find_of_like_size(park: str, alike: pl.DataFrame, rule: str, key: str, year: int, asof: date | None) -> PeerGroup:
    sizes = choose_fetch(whole_years=True)("sizes", key=key, asof=asof)
    mine = dict(sizes.filter(pl.col("park_id") == park).select("year", "size").iter_rows())
    if not mine:
        return PeerGroup(rule, ())
    at = min(mine, key=lambda known: (known > year, abs(known - year)))
    near = (pl.col("size") - mine[at]).abs() <= NEAR * mine[at]
    codes = sizes.filter((pl.col("year") == at) & near)["park_id"].to_list()
    return PeerGroup(rule, _list_others(park, alike.filter(pl.col("park_id").is_in(codes))), at)


@memoize_per_data_version(256)
def list_approval_years(park: str) -> tuple[list[int], int | None]:
    """Return the years in which zones were approved, for places like one, and the first of the place itself, if any.

    For a city the years are those of the national high-tech zones in it.
    """
    years = fetch("zone_years").join(_select_alike(park), on="park_id", how="semi")
    mine = years.filter(pl.col("park_id") == park)["year"].to_list()
    return years["year"].unique().sort().to_list(), min(mine, default=None)


@memoize_per_data_version(256)
def find_approved_in(park: str, first: int, last: int) -> PeerGroup:
    """Find the places like one that became national zones in some years; for a city: those that such a zone lies in."""
    codes = fetch("zone_years").filter(pl.col("year").is_between(first, last))["park_id"].to_list()
    alike = _select_alike(park).filter(pl.col("park_id").is_in(codes))
    return PeerGroup("approval", _list_others(park, alike), first, last)


def _list_others(park: str, rows: pl.DataFrame) -> tuple[str, ...]:
    return tuple(code for code in rows["park_id"].to_list() if code != park)
