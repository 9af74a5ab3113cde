"""The directory of zones: when and where, counted by hand from the catalogue; filters in the address."""

from tests.pages.test_pages import opened, points, said, table


def has(page, text):
    return any(text in one for one in said(page))


def test_the_park_was_approved_in_2009_with_one_other_zone_after_54():
    page = opened("zones")
    assert page.title[0].value == "湘潭高新区2009年升为国家高新区：同年 2 家，此前已有 54 家"
    assert has(page, "共 175 家；查到批准时间的 157 家")
    squares = points(page)
    assert len(squares) == 157
    [mine] = [square for square in squares if square["main"]]
    assert (mine["zone"], mine["approved"], mine["area"]) == ("湘潭高新技术产业开发区", "2009-03-18", "1170.28")


def test_provinces_years_and_kinds_narrow_the_list_and_stand_in_the_address():
    page = opened("zones", province="hunan", from_="2009", to="2012")
    assert [row[0] for row in table(page, "园区", "批准")] == ["湘潭高新区", "益阳高新区", "衡阳高新区"]
    page = opened("zones", province="hunan", kind="etdz")
    assert len(table(page, "园区")) == 8


def test_the_list_names_city_area_and_industries_in_both_languages():
    row = ("湘潭高新区", "湘潭市", "1170.28", "新能源装备、钢材加工、智能装备")
    assert row in table(opened("zones", province="hunan"), "园区", "所在城市", "核准面积（公顷）", "主导产业")
    english = table(opened("zones", "en", province="hunan"), "Zone", "Its city", "Leading industries")
    assert (
        "Xiangtan High-tech Zone",
        "Xiangtan city",
        "new energy equipment; steel processing; smart equipment",
    ) in english


def test_squares_of_one_province_and_year_do_not_cover_each_other():
    squares = points(opened("zones"))
    places = [(round(square["x"], 3), round(square["y"], 3)) for square in squares]
    assert len(set(places)) == len(places)
