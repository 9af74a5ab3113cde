"""Charts and pictures: valid Vega-Lite, one unit on an axis, gaps, colours, and glyphs that are really drawn."""

import csv
import io
import itertools
import json
import re
from datetime import date

import altair as alt
import jsonschema
import polars as pl
import pytest
from PIL import Image, ImageFont

from pages.charts import chart_points, charts, pictures, ring, theme, trends
from pages.exploring import chart_panels, facets, view_panels
from pages.wording import language
from queries.catalogue.catalogue import get_series_breaks, get_units
from queries.figures.observations import get_observations
from queries.ledger.mechanisms import get_mechanisms
from queries.targets.targets import get_judged_targets
from tests.conftest import HOME, ROOT, SOURCES, speak
from tests.pages.test_pages import opened
from tests.tools.facts import with_facts
from tests.tools.pages import MECHANISMS

OCHRE = {"light": "#B5651D", "dark": "#E0A366"}
FONT = ROOT / "pages" / "fonts" / "ParkExplorerSans-Regular.otf"
PREFECTURES = (
    "xiangtan", "changsha", "zhuzhou", "hengyang", "shaoyang", "yueyang", "changde", "zhangjiajie", "yiyang",
    "chenzhou", "yongzhou", "huaihua", "loudi", "xiangxi",
)  # fmt: skip


@pytest.fixture(autouse=True)
def chinese_again():
    speak("zh")
    yield
    speak("zh")


def figures_of(*codes, first=2012, last=2014, lang="zh"):
    rows = get_observations(indicators=list(codes), parks=[HOME], evidence=("published", "derived"), lang=lang)
    return rows.filter(pl.col("period").str.slice(0, 4).cast(pl.Int64).is_between(first, last))


def drawn(kind, palette, lang):
    """Each kind of chart, of the real figures."""
    speak(lang)
    revenue = figures_of("total_revenue", lang=lang)
    aims = get_judged_targets(parks=[HOME], lang=lang)
    if kind == "bars of growth":
        rows = figures_of("total_revenue", "industrial_output", first=2013, lang=lang)
        return charts.draw_bars(
            chart_points.make_points(rows, aims.filter(pl.col("theme") == "economy"), rate=True), palette
        )
    if kind == "bars of places":
        return charts.draw_bars(
            chart_points.make_points(
                get_observations(indicators=["total_revenue"], lang=lang).filter(pl.col("unit_id") == "yi_cny"),
                by="park",
            ),
            palette,
        )
    if kind == "periods":
        return charts.draw_period_bars(
            chart_points.make_points(revenue, aims.filter(pl.col("target_id") == "T01"), by="period"), palette
        )
    if kind == "composition":
        part, rest = (
            {"value": 438.5, "label": "a", "kind": "published"},
            {"value": 113.5, "label": "b", "kind": "derived"},
        )
        common = {"printed": "", "indicator": "", "place": "", "period": "", "evidence": "", "source": ""}
        return charts.draw_composition(part | common, rest | common, "亿元", palette)
    if kind in EXPLORED:
        return explored(kind, palette, lang)
    six = get_mechanisms(lang).iter_rows(named=True)
    return ring.draw_ring([(row["position"], language.localize_name(row, "name")) for row in six], palette)


def panel_of(*codes, lang="zh", park=HOME, evidence=("published", "derived"), **more):
    """The panel with most figures, as the page of exploring makes it."""
    rows = get_observations(indicators=list(codes), evidence=evidence, lang=lang, **more)
    return max(view_panels.split_into_panels(rows, get_units(), park), key=lambda panel: panel.group.height)


def explored(kind, palette, lang):
    """Each kind of chart of the page of exploring."""
    if kind == "years":
        counted = pl.DataFrame({"year": ["2012", "2013"], "n": [77, 65]})
        return counted, facets.draw_year_bars(palette, lang)
    panel = panel_of("gdp", lang=lang, park="xiangtan", parks=PREFECTURES)
    points = trends.add_line_segments(panel.points, get_series_breaks())
    forms = {
        "lines": lambda: trends.draw_lines(points, palette),
        "lines of a phone": lambda: trends.draw_lines(
            points.filter(pl.col("park_id") == "xiangtan"), palette, narrow=True
        ),
        "dots": lambda: trends.draw_dots(points, palette),
        "multiples": lambda: trends.draw_small_multiples(points, palette, 880),
    }
    return forms[kind]()


EXPLORED = ("years", "lines", "lines of a phone", "dots", "multiples")
KINDS = ("bars of growth", "bars of places", "periods", "composition", "ring", *EXPLORED)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("palette", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_chart_is_valid_vega_lite_in_both_languages_and_palettes(kind, palette, lang):
    rows, spec = drawn(kind, palette, lang)
    assert rows.height > 0
    whole = spec | {"data": {"values": json.loads(json.dumps(rows.to_dicts(), allow_nan=False))}}
    alt.Chart.from_dict(whole, validate=True)
    fields = set(re.findall(r'"field": "(\w+)"', json.dumps(spec)))
    assert fields - set(rows.columns) - {"arrow"} == set(), "the spec reads columns that the rows do not have"


SHOWN = [
    ("compare", {"park": "xiangtan", "indicator": "gdp"}),
    ("compare", {"park": "xiangtan", "indicator": "gdp", "view": "slope"}),
    ("compare", {"park": "xiangtan", "indicator": "gdp", "view": "years", "with": "changsha,zhuzhou"}),
    ("compare", {"park": "xiangtan", "indicator": "hightech_enterprises", "view": "scatter"}),
    *((page, {"park": "sample"}) for page in MECHANISMS),
    *((page, {}) for page in ("overview", "economics", "innovation", "zones", "coverage")),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("page", "asked"), SHOWN)
def test_every_chart_of_a_page_is_valid_vega_lite(page, asked, lang):
    charts = opened(page, lang, **asked).get("vega_lite_chart")
    specs = [json.loads(chart.proto.spec) for chart in charts]
    assert specs
    for spec in specs:
        alt.Chart.from_dict(spec | {"data": {"values": []}}, validate=True)


def test_the_check_of_the_schema_can_fail():
    _, spec = drawn("periods", "light", "zh")
    with pytest.raises(jsonschema.exceptions.ValidationError):
        alt.Chart.from_dict(spec | {"data": {"values": []}, "mark": 7}, validate=True)


def test_two_units_on_one_axis_are_refused_and_both_are_named():
    mixed = chart_points.make_points(figures_of("total_revenue", "patent_applications"))
    assert sorted(set(mixed["unit"])) == ["亿元", "项"]
    for make in (charts.draw_bars, charts.draw_period_bars):
        with pytest.raises(chart_points.MixedUnits, match=r"亿元.*项"):
            make(mixed, "light")


def test_a_name_and_its_numbers_take_two_lines_where_one_would_be_cut():
    rows, spec = drawn("bars of growth", "light", "en")
    assert rows["head"][0].startswith("Total revenue from technology, industry and trade　43.6%")
    speak("en")
    aims = get_judged_targets(parks=[HOME], lang="en")
    points = chart_points.make_points(figures_of("total_revenue", lang="en"), aims, rate=True)
    rows, narrow = charts.draw_bars(points, "light", room=350)
    assert rows["head"][0].startswith("Total revenue from technology, industry and trade\n43.6%")
    assert narrow["height"]["step"] > spec["height"]["step"]


def test_a_year_without_a_figure_stays_a_gap():
    rows = get_observations(indicators=["hightech_output"], parks=[HOME])
    _, spec = charts.draw_period_bars(chart_points.make_points(rows, by="period"), "light")
    domain = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert domain == ["2013年", "2014年", "2015年", "2016年"]
    shown = chart_points.make_points(rows, by="period")
    assert shown.select("category", "value").rows() == [("2013年", 248.0), ("2016年", 459.6)]


def test_a_row_with_growth_alone_is_no_point_of_a_level():
    rows = figures_of("industrial_output_above_scale", first=2014)
    assert rows.select("value", "growth_text").rows() == [(None, "18")]
    assert chart_points.make_points(rows).height == 0
    assert chart_points.make_points(rows, rate=True)["value"].to_list() == [18.0]


@pytest.mark.parametrize("palette", ["light", "dark"])
@pytest.mark.parametrize("kind", ["bars of growth", "periods"])
def test_targets_alone_are_ochre(kind, palette):
    rows, spec = drawn(kind, palette, "zh")
    assert "target" in rows["kind"].to_list()
    layers = [(json.dumps(layer.get("transform", "")), layer["mark"]) for layer in spec["layer"]]
    ticks = [mark for of, mark in layers if "== 'target'" in of and mark["type"] == "tick"]
    assert [mark["color"] for mark in ticks] == [OCHRE[palette]]
    others = json.dumps([mark for of, mark in layers if "== 'target'" not in of])
    assert OCHRE[palette] not in others


@pytest.mark.parametrize("palette", ["light", "dark"])
@pytest.mark.parametrize("kind", ["bars of growth", "periods", "composition"])
def test_derived_bars_are_dashed_and_faint_and_published_ones_full(kind, palette):
    _, spec = drawn(kind, palette, "zh")
    bar = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "bar")
    dashes = {condition["test"]: condition["value"] for condition in bar["encoding"]["strokeDash"]["condition"]}
    fills = {condition["test"]: condition["value"] for condition in bar["encoding"]["fillOpacity"]["condition"]}
    assert dashes["datum.kind === 'derived'"] == [5, 3]
    assert fills["datum.kind === 'derived'"] < 0.3
    assert bar["encoding"]["strokeDash"]["value"] == [1, 0]
    assert bar["encoding"]["fillOpacity"]["value"] == 1
    colour = bar["mark"].get("color") or bar["encoding"]["color"]["value"]
    assert colour == theme.PALETTES[palette]["figure"] != OCHRE[palette]


@pytest.mark.parametrize("palette", ["light", "dark"])
@pytest.mark.parametrize("kind", ["bars of growth", "periods"])
def test_own_bars_are_as_full_as_published_ones_with_a_thin_line_of_paper_inside(kind, palette):
    _, spec = drawn(kind, palette, "zh")
    bar, inner = [layer for layer in spec["layer"] if layer["mark"]["type"] == "bar"]
    assert "own" not in json.dumps(bar["encoding"]["fillOpacity"])
    assert inner["transform"][-1] == {"filter": "datum.kind === 'own'"}
    assert 2 in (inner["mark"].get("height"), inner["mark"].get("width"))
    assert inner["mark"]["color"] == theme.PALETTES[palette]["paper"]


def test_english_points_are_converted_exactly_with_their_interval():
    speak("en")
    rows = chart_points.make_points(
        figures_of("total_revenue", lang="en"),
        get_judged_targets(parks=[HOME], lang="en").filter(pl.col("target_id") == "T01"),
        by="period",
    )
    shown = [(row["category"], round(row["value"], 9), row["unit"], row["kind"]) for row in rows.iter_rows(named=True)]
    assert shown == [
        ("2012", 50.15, "billion yuan", "conditional"),
        ("2013", 72.01, "billion yuan", "published"),
        ("2014", 100.0, "billion yuan", "target"),
    ]
    assert rows["printed"][1] == "72.01 billion yuan (720.1亿元)"
    assert [round(rows[end][1], 6) for end in ("low", "high")] == [72.005, 72.015]
    speak("zh")
    chinese = chart_points.make_points(figures_of("total_revenue"), by="period")
    assert chinese.select("value", "unit").rows() == [(501.5, "亿元"), (720.1, "亿元")]


def test_the_six_mechanisms_turn_in_a_ring():
    rows, _ = drawn("ring", "light", "zh")
    around = rows.sort("position").select("x", "y").rows()
    steps = [abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in zip(around, [*around[1:], around[0]], strict=True)]
    assert steps == [1] * 6


# Pictures


TITLE = "技工贸总收入：2013年720.1亿元，2014年目标1000亿元"
LINK = "https://park.example/economics?lang=zh&park=xthtz"
CITED = "湘潭高新区确定年度目标，建成千亿园区 (2014年3月3日) P2"


def picture(title=TITLE, palette="light"):
    rows, spec = drawn("periods", palette, "zh")
    return pictures.Picture(title, rows, spec, CITED, LINK)


def ink(image, box):
    """Dark pixels of a part of a picture."""
    histogram = image.crop(box).convert("L").histogram()
    return sum(histogram[:160])


def test_the_png_draws_the_chinese_title_and_not_boxes():
    content = pictures.render_png(picture())
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    image = Image.open(io.BytesIO(content)).convert("RGB")
    assert image.width > 1500
    head = (0, 0, image.width, 110)
    # A private-use character is in no font: a renderer without the font would draw both titles alike.
    boxes = Image.open(io.BytesIO(pictures.render_png(picture("\ue123" * len(TITLE))))).convert("RGB")
    empty = Image.open(io.BytesIO(pictures.render_png(picture(" ")))).convert("RGB")
    assert ink(image, head) > ink(empty, head) + 2000
    assert image.crop(head).tobytes() != boxes.crop(head).tobytes()
    # Boxes repeat one shape; characters do not: the columns of ink under each differ.
    first, second = (
        Image.open(io.BytesIO(pictures.render_png(picture(one * 8)))).crop(head).tobytes() for one in "亿园"
    )
    assert first != second


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_the_svg_holds_title_unit_source_and_link_on_white(palette):
    content = pictures.render_svg(picture(palette=palette)).decode()
    texts = "".join(re.findall(r"<text[^>]*>(.*?)</text>", content, re.S))
    texts = re.sub(r"<[^>]+>", "", texts).replace("&amp;", "&")
    for text in (TITLE, "亿元", f"来源：{CITED}", LINK, "720.1亿元", "1000亿元"):
        assert text in texts, text
    assert "Park Explorer Sans" in content
    assert "#ffffff" in content.lower()
    assert theme.PALETTES["light"]["target"].lower() in content.lower()
    dark = set(theme.PALETTES["dark"].values()) - set(charts.PALETTES["light"].values())
    assert [colour for colour in dark if colour.lower() in content.lower()] == []


def test_a_long_source_line_is_wrapped_and_none_of_it_is_lost():
    text = "湘潭高新区确定年度目标，建成千亿园区、" * 12
    lines = pictures.wrap_text(text, 58)
    assert "".join(lines) == text
    assert max(len(line) for line in lines) <= 58
    assert pictures.wrap_text("abcd", 1) == ["ab", "cd"]


def characters():
    """Every character that a picture may have to draw: of the sources, the pages and their English."""
    text = set()
    for path in sorted(SOURCES.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            text |= set("".join(cell for row in csv.reader(file) for cell in row))
    for path in [*(ROOT / "pages").rglob("*.py"), *(ROOT / "pages").rglob("*.po")]:
        text |= set(path.read_text("utf-8"))
    return sorted(character for character in text if character.isprintable() and character != " ")


def test_the_carried_font_has_every_character_of_the_sources_and_the_pages():
    font = ImageFont.truetype(str(FONT), 24)

    def shape(character):
        mask = font.getmask(character)
        return mask.size, bytes(mask)

    missing = shape("\ue123")
    used = characters()
    assert len(used) > 1000
    # The mark of a target that is met stands in tables alone, never in a picture.
    without = [character for character in used if character not in "\u3000✔" and shape(character) == missing]
    assert without == [], "add them to the font, or write the text without them"


def one_place(periods, values, **more):
    """Figures of one place and indicator as observations() gives them."""
    like = (
        get_observations(indicators=["gdp"], parks=["xiangtan"]).filter(pl.col("period") == "2014").row(0, named=True)
    )
    rows = []
    for period, value in zip(periods, values, strict=True):
        first, _slash, last = period.partition("/")
        year, _dash, month = (last or first).partition("-")
        end = date(int(year), int(month or 12), 28)
        changed = {"period": period, "period_end": end, "value": value, "value_text": str(value)}
        rows.append(with_facts(like | changed | more))
    return pl.DataFrame(rows, schema=get_observations(indicators=[]).schema)


def test_definitions_units_and_parts_of_the_year_stand_in_panels_of_their_own():
    rows = get_observations(
        indicators=["gdp", "fixed_asset_investment", "patents_granted"], parks=["xiangtan", "hunan"]
    )
    for panel in view_panels.split_into_panels(rows, get_units(), HOME):
        assert panel.rows["comparable_key"].n_unique() == 1
        assert panel.points["unit"].n_unique() <= 1
        lengths = {period if "/" not in period else period[4:8] + period[12:] for period in panel.rows["period"]}
        assert len({len(one) if len(one) == 4 else one for one in lengths}) == 1
    drawn = sum(panel.rows.height for panel in view_panels.split_into_panels(rows, get_units(), HOME))
    assert drawn == rows.filter(pl.col("value").is_not_null()).height


def test_wanyi_and_yi_stand_on_one_axis_and_are_written_as_printed():
    panel = panel_of("industrial_output", parks=["china_htz"], evidence=("published",))
    assert set(panel.points["unit"]) == {"亿元"}
    of_2013 = panel.points.filter(pl.col("at") == 2013).row(0, named=True)
    assert (of_2013["value"], of_2013["label"]) == (197000, "19.7万亿元")
    speak("en")
    panel = panel_of("industrial_output", lang="en", parks=["china_htz"], evidence=("published",))
    of_2013 = panel.points.filter(pl.col("at") == 2013).row(0, named=True)
    assert (of_2013["value"], of_2013["label"], of_2013["unit"]) == (19700, "19.7 trillion yuan", "billion yuan")


def test_a_line_stops_where_a_year_is_missing_and_where_the_definition_changes():
    panel = panel_of("industrial_value_added_above_scale", parks=["xiangtan"])
    lines = trends.add_line_segments(panel.points, get_series_breaks())
    of = dict(lines.filter("best").select("at", "line").iter_rows())
    assert set(of) == {2014, 2015}  # 2013 does not follow from a growth at comparable prices
    assert of[2014] != of[2015]  # series_break.csv
    gdp = trends.add_line_segments(
        panel_of("gdp", parks=["xiangtan"], evidence=("published",)).points, get_series_breaks()
    )
    of = dict(gdp.filter("best").select("at", "line").iter_rows())
    joined = [range(2005, 2015), range(2015, 2017), range(2017, 2019), range(2019, 2020), range(2020, 2024)]
    assert [{of[year] for year in years} for years in joined] == [{of[years[0]]} for years in joined]
    assert len({of[years[0]] for years in joined}) == 5
    assert len(of) == 19
    hangzhou = panel_of("gdp", parks=["hangzhou"], evidence=("published",))  # 2009 was not found
    lines = trends.add_line_segments(hangzhou.points, get_series_breaks()).filter("best")
    of = dict(lines.select("at", "line").iter_rows())
    assert 2009 not in of
    joined = [range(2005, 2009), range(2010, 2019), range(2019, 2020), range(2020, 2024)]
    assert [{of[year] for year in years} for years in joined] == [{of[years[0]]} for years in joined]
    assert len({of[years[0]] for years in joined}) == 4


def test_single_months_make_one_line_that_stops_at_a_missing_month():
    rows = one_place(["2014-01", "2014-02", "2014-03", "2014-05"], [1.0, 2.0, 3.0, 5.0])
    (panel,) = view_panels.split_into_panels(rows, get_units(), HOME)
    lines = trends.add_line_segments(panel.points, get_series_breaks(), panel.step)
    assert lines["line"].n_unique() == 2
    assert panel.heading == "地区生产总值（各月）"
    assert panel.kind == "line"


def test_months_from_january_on_stand_apart_by_their_length():
    rows = one_place(["2013-01/2013-06", "2014-01/2014-06", "2014-01/2014-09"], [1.0, 2.0, 3.0])
    halves, nine = view_panels.split_into_panels(rows, get_units(), HOME)
    assert (halves.rows.height, nine.rows.height) == (2, 1)
    assert (halves.heading, nine.heading) == ("地区生产总值（1—6月）", "地区生产总值（1—9月）")


def test_of_several_versions_of_a_year_the_line_takes_the_final_one_published_last():
    panel = panel_of("gdp", parks=["xiangtan"], evidence=("published",))
    of_2015 = panel.points.filter(pl.col("at") == 2015)
    assert sorted(of_2015["label"]) == ["1633.07亿元", "1703.0972亿元", "1703.1亿元", "预计1700亿元"]
    assert of_2015.filter("best")["label"].to_list() == ["1633.07亿元"]


@pytest.mark.parametrize(
    ("codes", "parks", "kind"),
    [(["gdp"], ["xiangtan"], "line"), (["gdp"], PREFECTURES, "multiples"),
     (["urban_nonprivate_wage"], PREFECTURES, "dot"), (["total_revenue"], None, "bar"),
     (["industrial_output"], ["xthtz"], "bar")],
)  # fmt: skip
def test_the_data_choose_the_form_of_the_chart(codes, parks, kind):
    assert panel_of(*codes, parks=parks, evidence=("published",)).kind == kind


def test_the_park_of_this_installation_has_the_accent_and_without_it_nobody_has():
    with_it = panel_of("total_revenue", evidence=("published",))
    assert with_it.points.filter("main")["park_id"].unique().to_list() == [HOME]
    assert with_it.points["main"][0]
    without = panel_of("gdp", evidence=("published",))
    assert without.points["main"].all()


def test_evidence_is_told_apart_in_points_without_colour():
    spec = trends.draw_lines(
        trends.add_line_segments(panel_of("gdp", parks=["xiangtan"]).points, get_series_breaks()), "light"
    )[1]
    fills = re.findall(r"datum.kind === '(\w+)'\", \"value\": ([\d.]+)|", json.dumps(spec["layer"][2]))
    told = {kind: float(opacity) for kind, opacity in fills if kind}
    assert told == {"conditional": 0.05}
    middle = spec["layer"][3]
    assert middle["transform"][-1] == {"filter": "datum.kind === 'own'"}
    assert middle["encoding"]["fill"] == {"value": theme.PALETTES["light"]["paper"]}


TITLES = [
    (["total_revenue"], ["xthtz"], "湘潭高新区技工贸总收入：2013年 720.1亿元",
     "Total revenue from technology, industry and trade, Xiangtan High-tech Zone: 72.01 billion yuan in 2013"),
    (["gdp"], ["xiangtan"], "湘潭市地区生产总值：2020年 2343.15亿元 → 2023年 2742亿元",
     "Gross domestic product, Xiangtan city: 234.315 billion yuan in 2020 → 274.2 billion yuan in 2023"),
    (["gdp"], PREFECTURES, "地区生产总值：2015年有数的 14 个地区，从张家界市 447.7亿元到长沙市 8510.13亿元",
     "Gross domestic product: 14 places in 2015, from 44.77 billion yuan (Zhangjiajie city) to 851.013 billion yuan "
     "(Changsha city)"),
    (["gdp"], None, "地区生产总值：2022年有数的 153 个地区，从阜新市 578亿元到上海市 44653亿元",
     "Gross domestic product: 153 places in 2022, from 57.8 billion yuan (Fuxin city) to 4,465.3 billion yuan "
     "(Shanghai city)"),
]  # fmt: skip


@pytest.mark.parametrize(("codes", "parks", "chinese", "english"), TITLES)
def test_the_title_of_a_view_is_a_sentence_with_its_answer(codes, parks, chinese, english):
    for lang, said in (("zh", chinese), ("en", english)):
        speak(lang)
        rows = get_observations(indicators=codes, parks=parks, lang=lang)
        assert (
            chart_panels.describe_panels(
                rows, view_panels.split_into_panels(rows, get_units(), HOME), get_series_breaks()
            )
            == said
        )


def test_no_arrow_leads_over_a_break_of_the_definition():
    rows = get_observations(indicators=["industrial_value_added_above_scale"], parks=["xiangtan"])
    rows = rows.filter(pl.col("value").is_not_null())
    title = chart_panels.describe_panels(
        rows, view_panels.split_into_panels(rows, get_units(), HOME), get_series_breaks()
    )
    assert title == "湘潭市规模工业增加值：2015年 预计840亿元"


@pytest.mark.parametrize("kind", ["lines", "dots", "multiples"])
def test_a_picture_of_several_places_names_them(kind):
    rows, spec = explored(kind, "dark", "zh")
    content = pictures.render_svg(pictures.Picture(TITLE, rows, spec, CITED, LINK)).decode()
    assert "湘潭市" in content
    assert ("长沙市" in content) and ("2742亿元" in content or kind == "lines")


def test_names_at_the_ends_of_lines_stand_apart_and_near_their_lines():
    data, _spec = explored("lines", "light", "zh")
    named = data.filter("last").sort("name_at")
    height = data["value"].max()
    assert named.height >= 5
    assert "湘潭市" in named["name"].to_list()
    assert (named["name_at"] - named["value"]).max() <= trends.MOST_NAME_SHIFT * trends.LABEL_ROOM * height
    for (one, _), (other, _) in itertools.combinations(named.select("name_at", "at").iter_rows(), 2):
        assert one != other
    of_2023 = named.filter(pl.col("at") == 2023)["name_at"].sort().diff().drop_nulls()
    assert of_2023.min() >= trends.LABEL_ROOM * height * 0.999
