"""Peers by a rule: of one province, of a like size, approved in the same year; known answers from the sources."""

from datetime import date

import pytest

from queries.places.peer_groups import find_approved_in, find_peer_groups, list_approval_years

HUNAN = {
    "changsha", "zhuzhou", "hengyang", "shaoyang", "yueyang", "changde", "zhangjiajie", "yiyang", "chenzhou",
    "yongzhou", "huaihua", "loudi", "xiangxi",
}  # fmt: skip


def groups_of(park, year=2023, asof=None):
    return {group.rule: group for group in find_peer_groups(park, year, asof)}


def test_the_peers_of_a_city_in_its_province_are_the_other_13_cities_and_no_zone():
    assert set(groups_of("xiangtan")["province"].parks) == HUNAN


def test_the_peers_of_a_zone_are_zones():
    found = groups_of("xthtz")
    assert set(found["province"].parks) == {
        "cshtz", "zzhtz", "yyhtz", "czhtz", "hengyang_htz", "changde_htz", "ningxiang_htz",
    }  # fmt: skip
    assert (found["approval"].parks, found["approval"].year) == (("taizhou_pharmaceutical_htz",), 2009)
    assert "product" not in found  # no product of the zone was published


def test_a_like_product_is_within_a_quarter_of_that_of_the_place():
    found = groups_of("changsha")["product"]  # 14332: from 10749 to 17915
    assert found.year == 2023
    assert set(found.parks) == {
        "dongguan", "foshan", "nanjing", "nantong", "hefei", "tianjin", "ningbo", "wuxi", "quanzhou", "jinan", "xian",
        "zhengzhou", "qingdao", "fuzhou",
    }  # fmt: skip


def test_the_size_is_that_of_the_year_else_of_the_last_year_before():
    assert groups_of("xiangtan", 2021)["people"].year == 2020
    assert groups_of("xiangtan", 2024)["product"].year == 2023
    assert groups_of("xiangtan", 2010)["people"].year == 2020  # none before: the first after


def test_what_was_not_known_by_a_day_makes_no_peers():
    assert "people" not in groups_of("xiangtan", 2014, date(2014, 12, 31))
    assert groups_of("xiangtan", 2014, date(2014, 12, 31))["product"].year == 2013


@pytest.mark.parametrize("park", ["china_htz", "hunan_parks", "nowhere"])
def test_a_sum_of_places_and_an_unknown_one_have_no_peers(park):
    assert find_peer_groups(park, 2023) == []


def test_nobody_is_its_own_peer():
    for park in ("xiangtan", "xthtz", "changsha", "cshtz"):
        assert all(park not in group.parks for group in find_peer_groups(park, 2020))


def test_a_city_has_the_years_of_the_high_tech_zones_in_it_and_not_of_other_zones():
    assert list_approval_years("xiangtan")[1] == 2009
    assert "xiangtan" not in find_approved_in("changsha", 2011, 2011).parks  # of 2011 is its economic zone alone
    assert list_approval_years("changsha")[1] == 1991
    assert list_approval_years("china_htz") == ([], None)


def test_peers_by_years_of_approval_are_the_cities_of_the_zones_approved_in_them():
    found = find_approved_in("xiangtan", 2009, 2009)
    assert found.parks == ("taizhou",)
    assert set(found.parks) < set(find_approved_in("xiangtan", 2009, 2010).parks)
    assert {"dongguan", "jiangmen", "yiyang"} <= set(find_approved_in("xiangtan", 2009, 2011).parks)
    assert find_approved_in("xiangtan", 2011, 2009).parks == ()
