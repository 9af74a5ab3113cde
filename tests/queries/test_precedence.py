"""Of several versions of a figure one counts, the same in title, chart, table, key number, comparison and route."""

import polars as pl
import pytest
from starlette.testclient import TestClient

from pages.exploring import chart_panels, view_panels
from pages.wording import headlines
from queries.api.routes import api
from queries.catalogue.catalogue import get_series_breaks, get_units
from queries.figures import comparison, precedence
from queries.figures.observations import get_observations
from queries.figures.ranking import rank_places, select_annual_figures
from tests.conftest import speak
from tests.pages.test_pages import opened, points, said, table
from tests.queries.test_figure import entry, figures

client = TestClient(api)
GDP = {"indicators": ["gdp"], "parks": ["xiangtan"]}
# Place, definition and year; what counts; what was published before, oldest first. Of a yearbook the year alone is
# known, so it stands before what a day of that year printed; of two texts of one year the one of the higher confidence
# counts, and between equals the code decides.
SEVERAL = [
    ("changde", "output.gdp", "2015", "2709.02", ["2709.0169"]),
    ("changsha", "output.gdp", "2015", "8510.13", ["8510.1328"]),
    ("chenzhou", "output.gdp", "2015", "2012.07", ["2012.0654"]),
    ("hengyang", "output.gdp", "2015", "2601.57", ["2601.5749"]),
    ("huaihua", "output.gdp", "2015", "1273.25", ["1273.2479"]),
    ("loudi", "output.gdp", "2015", "1291.38", ["1291.6626"]),
    ("shaoyang", "output.gdp", "2015", "1387.0", ["1386.9988"]),
    ("xiangtan", "fiscal.local_general_public_budget_revenue", "2023", "1240440", ["124.04"]),
    ("xiangtan", "output.gdp", "2005", "366.8", ["366.8374"]),
    ("xiangtan", "output.gdp", "2010", "894", ["894.005", "850"]),
    ("xiangtan", "output.gdp", "2014", "1570.6", ["1570.5611"]),
    ("xiangtan", "output.gdp", "2015", "1633.07", ["1700", "1703.0972", "1703.1"]),
    ("xiangtan", "output.gdp", "2016", "1762.02", ["1866.7869"]),
    ("xiangtan", "output.gdp", "2020", "2343.15", ["2343"]),
    ("xiangtan", "output.gdp", "2021", "2548", ["2580"]),
    ("xiangtan", "output.gdp", "2023", "2742", ["2741.84"]),
    ("yiyang", "output.gdp", "2015", "1354.41", ["1354.4119"]),
    ("yongzhou", "output.gdp", "2015", "1418.18", ["1418.1762"]),
    ("yueyang", "output.gdp", "2015", "2886.28", ["2886.28"]),
    ("zhangjiajie", "output.gdp", "2015", "447.7", ["447.7004"]),
    ("zhuzhou", "output.gdp", "2015", "2335.11", ["2335.1075"]),
]


def figure(value, published, bound="none", evidence="published", unit="yi_cny", period="2015"):
    """One figure of a place, for a database of its own: see tests.test_figure."""
    return entry(
        str(value), source=published or "", bound=bound, evidence=evidence, unit_id=unit, period=period
    )  # fmt: skip


def counting(*rows):
    return precedence.select_counting_versions(precedence.mark_versions(figures(*rows)))["value"].to_list()


def test_a_final_figure_goes_before_an_expected_one_published_later():
    assert counting(figure(1.0, "2015-01-01"), figure(2.0, "2020-01-01", "expected")) == [1.0]


def test_of_final_figures_the_one_published_last_counts_and_a_day_that_nobody_knows_is_the_first():
    assert counting(figure(1.0, "2016"), figure(2.0, "2021-03-04"), figure(3.0, None)) == [2.0]


def test_of_two_texts_of_one_date_the_one_of_the_higher_confidence_counts_whatever_its_code():
    for codes in (("A", "B"), ("B", "A")):
        copied, yearbook = (
            figure(value, "2024") | {"observation_id": code, "confidence": confidence}
            for value, code, confidence in zip((1.0, 2.0), codes, ("medium", "high"), strict=True)
        )
        assert counting(copied, yearbook) == [2.0]
        assert counting(copied | {"source_id": "2025"}, yearbook) == [1.0], "a later text goes before a surer one"


def test_what_was_published_goes_before_what_was_loaded_and_that_before_what_was_computed():
    published, own = figure(1.0, "2010", "expected"), figure(2.0, None, evidence="own")
    derived = figure(3.0, "2021", "about", "derived")
    assert counting(derived, own, published) == [1.0]
    assert counting(derived, own) == [2.0]


def test_another_period_and_another_kind_of_unit_are_no_versions():
    rows = (figure(1.0, "2016"), figure(2.0, "2017", period="2016"), figure(3.0, "2018", unit="enterprise"))
    assert counting(*rows) == [1.0, 2.0, 3.0]
    assert counting(figure(1.0, "2016"), figure(2.0, "2017", unit="wanyi_cny")) == [2.0]


def test_a_growth_without_a_level_is_no_version_of_a_level():
    bare = entry(None, growth="5", source="2021")
    assert precedence.select_counting_versions(precedence.mark_versions(figures(figure(1.0, "2016"), bare))).height == 2


def test_every_figure_with_several_versions_is_known():
    rows = get_observations()
    several = precedence.get_earlier_versions(rows)
    told_apart = [entry for entry in SEVERAL if entry[3] not in entry[4]]  # the same number twice is one version
    known = {row["observation_id"]: row for row in rows.iter_rows(named=True)}
    found = [
        (
            *(known[code][key] for key in ("park_id", "comparable_key", "period", "value_text")),
            [row["value_text"] for row in others],
        )
        for code, others in several.items()
    ]
    assert sorted(found) == told_apart
    keys = rows.filter(pl.col("value").is_not_null()).group_by(*precedence.KEYS).len().filter(pl.col("len") > 1)
    assert sorted(keys.drop("len", "dimension").rows()) == [entry[:3] for entry in SEVERAL]


@pytest.mark.parametrize(
    ("park", "key", "year", "counts", "others"), [entry for entry in SEVERAL if entry[1] == "output.gdp"]
)
def test_title_answer_chart_comparison_and_route_take_the_same_version(park, key, year, counts, others):
    speak("zh")
    rows = get_observations(indicators=["gdp"], parks=[park])
    of_year = rows.filter((pl.col("comparable_key") == key) & (pl.col("period") == year))
    assert headlines.select_year_rows(rows, int(year))["value_text"].to_list() == [counts]
    _title, paragraph = headlines.describe_results(
        of_year, pl.DataFrame(schema={"year": pl.Int64, "indicator_id": pl.String, "measure": pl.String})
    )
    assert all(paragraph.count(f"{number}亿元") == 1 for number in (counts, *others))
    (panel,) = view_panels.split_into_panels(of_year, get_units(), "xthtz")
    assert panel.points.filter("best")["label"].to_list() == [f"{counts}亿元"]
    assert chart_panels.describe_panels(of_year, [panel], get_series_breaks()).endswith(f"{year}年 {counts}亿元")
    levels = comparison.get_compared_figures("gdp", "level", None, [], park, "zh")
    assert rank_places(levels, int(year), park).filter(pl.col("park_id") == park)["value_text"].to_list() == [counts]
    assert select_annual_figures(levels).filter(pl.col("park_id") == park, pl.col("period") == year)[
        "value_text"
    ].to_list() == [counts]
    routed = client.get(f"/compare.json?park={park}&indicator=gdp&year={year}").json()["rows"]
    assert [row["value_text"] for row in routed if row["park_id"] == park] == [counts]


def test_the_page_shows_one_number_and_names_the_versions_before_it_once():
    at = opened("economics", park="xiangtan", indicator="gdp", from_="2015", to="2015")
    text = "\n".join(said(at)).replace("\\", "")
    assert "1633.07亿元" in at.title[0].value
    assert "1633.07亿元**（此前公布：预计1700亿元、1703.0972亿元、1703.1亿元）" in text
    rows = table(at, "数值", "性质与依据")
    told = {value: " · ".join(basis.split(" · ")[:2]) for value, basis in rows if "744.5" not in value}
    earlier = dict.fromkeys(("1703.0972亿元", "预计1700亿元", "1703.1亿元"), "公布 · 此前的数，已有更新")
    assert told == {"1633.07亿元": "公布 · 现用此数"} | earlier


def test_a_chart_has_one_bar_for_a_figure_and_the_page_names_the_others():
    at = opened("explore", park="xiangtan,changsha,zhuzhou", indicator="gdp", chart="bar", from_="2015", to="2015")
    drawn = [point["label"] for point in points(at, 1) if point["place"] == "湘潭市"]
    assert drawn == ["1633.07亿元"]
    assert any(
        "湘潭市2015年用1633.07亿元，此前公布过预计1700亿元、1703.0972亿元、1703.1亿元。" in text for text in said(at)
    )
