"""Who published what when: counts by hand from the files, and the way to the figures."""

from queries.places.coverage import count_places
from tests.pages.test_pages import opened, points, table


def test_three_places_published_industrial_output_for_2013():
    page = opened("coverage", indicator="industrial_output", year="2013")
    assert page.title[0].value.startswith("2013年工业总产值：查到 3 个地区，")
    assert table(page, "地区", "时期", "数值") == [
        ("湘潭高新区", "2013年", "552亿元"), ("长春高新区", "2013年", "3966亿元"),
        ("全国国家高新区", "2013年", "19.7万亿元"),
    ]  # fmt: skip


def test_a_cell_counts_the_places_with_a_figure_and_leads_to_them():
    cells = {(cell["name"], cell["year"]): cell for cell in points(opened("coverage", kind="city"))}
    assert cells["常住人口", 2023]["count"] == 151
    assert ("常住人口", 2021) not in cells
    assert cells["地区生产总值", 2017]["count"] == 131
    assert cells["地区生产总值", 2017]["href"] == "coverage?indicator=gdp&lang=zh&kind=city&year=2017"


def test_one_indicator_shows_its_places_and_each_cell_leads_to_its_figures():
    page = opened("coverage", "en", indicator="resident_population", kind="city")
    assert page.title[0].value == "Resident population: 152 places have figures for whole years"
    [cell] = [cell for cell in points(page) if (cell["name"], cell["year"]) == ("Xiangtan city", 2023)]
    assert cell["href"] == "explore?indicator=resident_population&lang=en&park=xiangtan&from=2023&to=2023"
    assert ("Xiangtan city", "2020", "2023", "2") in table(page, "Place", "First", "Last", "Years")


def test_the_grid_and_the_table_of_indicators_agree():
    page = opened("coverage", kind="etdz")
    cells = points(page)
    listed = dict(table(page, "指标", "一年最多几个地区"))
    assert listed
    for name, most in listed.items():
        assert max(cell["count"] for cell in cells if cell["name"] == name) == int(most)


def test_the_counts_are_those_of_the_database(built):
    counted = {
        (key, year): n for key, year, n in count_places([]).select("comparable_key", "year", "places").iter_rows()
    }
    by_hand = built.sql(
        "select comparable_key, year, count(distinct park_id) from figure where span = 'year' group by all"
    ).fetchall()
    assert counted == {(key, year): n for key, year, n in by_hand}
