"""Choose the peers of a place, by a rule or by hand; they are lit in the pictures of many places."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from pages.ui import filters
from pages.wording import figures
from pages.wording.language import _, localize_name
from queries.places.peer_groups import PeerGroup, find_peer_groups

Row = dict[str, Any]
BY_HAND = "hand"
MOST_BY_HAND = 30


@dataclass(frozen=True)
class Peers:
    """The peers chosen. rule: of queries.places.peer_groups, BY_HAND, or "" for none.

    said: who they are, in words; default: whether the reader chose nothing.
    """

    rule: str
    parks: tuple[str, ...]
    said: str
    default: bool = False

    @property
    def address(self) -> dict[str, str]:
        """Return the choice as parameters of an address."""
        by_hand = {"with": ",".join(self.parks)} if self.rule == BY_HAND else {}
        return {} if self.default else {"peers": self.rule} | by_hand


def choose_peers(page: str, parks: pl.DataFrame, place: Row, year: int, asof: date | None) -> Peers:
    """Show the choice of peers and return them.

    parks: places with figures; place: the row of the place compared; year: the one that is compared.
    """
    groups = {group.rule: group for group in find_peer_groups(place["park_id"], year, asof)}
    labels = {"province": _("同省"), "product": _("产出相近"), "people": _("人口相近"), "approval": _("同年获批")}
    options = {rule: f"{labels[rule]} {len(group.parks)}" for rule, group in groups.items()} | {BY_HAND: _("自选")}
    default = BY_HAND if st.query_params.get("with") else next(iter(options))
    rule = filters.choose_pill(f"{page}_peers", "peers", _("同伴"), options, default)
    if rule != BY_HAND:
        return Peers(rule, groups[rule].parks, _describe_group(groups[rule], place), default=rule == default)
    alike = parks.filter((pl.col("kind") == place["kind"]) & (pl.col("park_id") != place["park_id"]))
    chosen = filters.choose_several(
        st.multiselect, f"{page}_with", "with", _("自选的地区"), filters.get_names_by_code(alike, "park_id"), [],
        placeholder=_("选几个同类地区"), max_selections=MOST_BY_HAND, select_all=False,
    )  # fmt: skip
    return Peers(BY_HAND, tuple(chosen), _("自选的 {n} 个地区", n=len(chosen)) if chosen else "")


def _describe_group(group: PeerGroup, place: Row) -> str:
    """Return who the peers are, with the number of them."""
    count = len(group.parks)
    if group.rule == "province":
        return _("{province}的其他 {n} 个", province=localize_name(place, "province"), n=count)
    if group.rule == "approval":
        return _("同在{year}年升为国家级的 {n} 个", year=group.year, n=count)
    basis = _("地区生产总值") if group.rule == "product" else _("常住人口")
    year = figures.format_period(str(group.year))
    return _("{year}{basis}相差 25% 以内的 {n} 个", year=year, basis=basis, n=count)
