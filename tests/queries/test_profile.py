"""One place: the latest of each indicator with the rank that the comparison gives it, and its zones."""

from datetime import date

import polars as pl
import pytest

from queries.database.engine import fetch
from queries.figures import comparison
from queries.figures.ranking import rank_places
from queries.places.profile import RANKS, get_latest_figures, get_yearly_figures, get_zones_of


@pytest.mark.parametrize("park", ["xiangtan", "xthtz", "zgc", "hunan", "china_htz", "cshtz"])
def test_the_rank_in_a_profile_is_that_of_the_comparison(park):
    rows = fetch("latest", park=park, asof=None)
    assert rows.height > 2
    for row in rows.iter_rows(named=True):
        compared = comparison.get_compared_figures(row["indicator_id"], "level", None, [], park, "zh")
        beside = rank_places(compared, row["year"], park).filter(pl.col("park_id") == park)
        ranked = beside.row(0, named=True)
        if ranked["rank"] is not None:
            assert [row[name] for name in RANKS] == [ranked[name] for name in RANKS], row["indicator_id"]


def test_the_latest_figures_of_xiangtan_stand_with_their_year_and_rank():
    rows = {row["indicator_id"]: row for row in get_latest_figures("xiangtan").iter_rows(named=True)}
    gdp = rows["gdp"]
    assert (gdp["period"], gdp["value_text"], gdp["rank"], gdp["ranked"]) == ("2023", "2742", 100, 152)
    people = rows["resident_population"]  # 270 in whole tens of thousands: one other city has 270 too
    assert (people["rank"], people["rank_first"], people["rank_last"]) == (119, 119, 120)
    assert rows["urban_nonprivate_employees"]["period"] == "2022"


def test_by_a_day_the_latest_is_that_which_was_known():
    gdp = get_latest_figures("xiangtan", asof=date(2012, 12, 31)).filter(pl.col("indicator_id") == "gdp")
    assert gdp["period"].to_list() == ["2011"]


def test_a_sum_of_zones_has_no_ranks():
    rows = get_latest_figures("china_htz")
    assert rows.height > 10
    assert rows.select(RANKS).null_count().row(0) == (rows.height,) * 4


def test_the_figures_over_the_years_are_one_for_each_year():
    rows = get_yearly_figures("changsha").filter(pl.col("comparable_key") == "output.gdp")
    assert rows["year"].to_list() == list(range(2005, 2024))


def test_the_zones_of_a_city_are_those_assigned_to_it_and_a_zone_is_its_own():
    assert set(get_zones_of("xiangtan")["park_id"]) == {"xthtz", "xtetdz"}
    assert get_zones_of("xthtz")["zone_id"].to_list() == ["xiangtan"]
    assert get_zones_of("hunan").is_empty()
