"""Choose the peers of a place, by a rule or by hand; they are lit in the pictures of many places."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from pages.ui import address, filters, place_links
from pages.wording import figures
from pages.wording.language import _, localize_name
from queries.places.peer_groups import PeerGroup, find_approved_in, find_peer_groups, list_approval_years

Row = dict[str, Any]
BY_HAND = "hand"
MOST_BY_HAND = 30


@dataclass(frozen=True)
class Peers:
    """The peers chosen. rule: of queries.places.peer_groups, BY_HAND, or "" for none.

    said: who they are, in words; default: whether the reader chose nothing; approved: years of approval as parameters
    of an address, where they are not those of the place.
    """

    rule: str
    parks: tuple[str, ...]
    said: str
    default: bool = False
    approved: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> dict[str, str]:
        """Return the choice as parameters of an address."""
        by_hand = {"with": ",".join(self.parks)} if self.rule == BY_HAND else {}
        return {} if self.default else {"peers": self.rule} | by_hand | self.approved


def choose_peers(page: str, parks: pl.DataFrame, place: Row, year: int, asof: date | None) -> Peers:
    """Show the choice of peers and return them.

    parks: places with figures; place: the row of the place compared; year: the one that is compared.
    """
    groups = {group.rule: group for group in find_peer_groups(place["park_id"], year, asof)}
    labels = {"province": _("同省"), "product": _("产出相近"), "people": _("人口相近"), "approval": _("同期获批")}
    options = {rule: f"{labels[rule]} {len(group.parks)}" for rule, group in groups.items() if rule != "approval"}
    options |= {"approval": labels["approval"]} if "approval" in groups else {}
    options |= {BY_HAND: _("自选")}
    default = BY_HAND if st.query_params.get("with") else next(iter(options))
    rule = filters.choose_pill(f"{page}_peers", "peers", _("同伴"), options, default)
    if rule == "approval":
        first, last, approved = _choose_approval_years(page, place)
        groups[rule] = find_approved_in(place["park_id"], first, last)
        said = _describe_group(groups[rule], place)
        return Peers(rule, groups[rule].parks, said, default=rule == default and not approved, approved=approved)
    if rule != BY_HAND:
        return Peers(rule, groups[rule].parks, _describe_group(groups[rule], place), default=rule == default)
    alike = parks.filter((pl.col("kind") == place["kind"]) & (pl.col("park_id") != place["park_id"]))
    chosen = filters.choose_several(
        st.multiselect, f"{page}_with", "with", _("自选的地区"), place_links.get_place_options(alike), [],
        placeholder=_("选几个同类地区"), max_selections=MOST_BY_HAND, select_all=False,
    )  # fmt: skip
    return Peers(BY_HAND, tuple(chosen), _("自选的 {n} 个地区", n=len(chosen)) if chosen else "")


def _choose_approval_years(page: str, place: Row) -> tuple[int, int, dict[str, str]]:
    """Show the choice of the years of approval; return both ends, and them as parameters where the reader chose any."""
    years, own = list_approval_years(place["park_id"])
    options = {str(year): figures.format_period(str(year)) for year in years}
    first = filters.choose_one(f"{page}_approved", "approved", _("获批自"), options, str(own))
    later = {year: text for year, text in options.items() if year >= first}
    address.remove_stale_choice(f"{page}_until", "until", later)
    last = filters.choose_one(f"{page}_until", "until", _("获批至"), later, first)
    chosen = ({"approved": first} if first != str(own) else {}) | ({"until": last} if last != first else {})
    return int(first), int(last), chosen


def _describe_group(group: PeerGroup, place: Row) -> str:
    """Return who the peers are, with the number of them."""
    count = len(group.parks)
    if group.rule == "province":
        return _("{province}的其他 {n} 个", province=localize_name(place, "province"), n=count)
    if group.rule == "approval":
        if place["kind"] == "city":
            return _("有国家高新区在{when}获批的其他 {n} 个", when=_format_span(group), n=count)
        return _("在{when}升为国家级的其他 {n} 个", when=_format_span(group), n=count)
    basis = _("地区生产总值") if group.rule == "product" else _("常住人口")
    year = figures.format_period(str(group.year))
    return _("{year}{basis}相差 25% 以内的 {n} 个", year=year, basis=basis, n=count)


def _format_span(group: PeerGroup) -> str:
    first, last = str(group.year), str(group.last)
    return figures.format_period(first) if first == last else _("{first}—{last}年", first=first, last=last)
