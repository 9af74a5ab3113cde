"""Charts and pictures: valid Vega-Lite, one unit on an axis, gaps, colours, and glyphs that are really drawn."""

import csv
import io
import json
import re

import altair as alt
import jsonschema
import polars as pl
import pytest
from PIL import Image, ImageFont

from pages.parts import charts, pictures, words
from queries.catalogue import SELF
from queries.mechanisms import mechanisms
from queries.observations import observations
from queries.targets import targets
from tests.conftest import ROOT, SOURCES

OCHRE = {"light": "#B5651D", "dark": "#E0A366"}
FONT = ROOT / "pages" / "parts" / "fonts" / "ParkExplorerSans-Regular.otf"


@pytest.fixture(autouse=True)
def chinese_again():
    words.choose("zh", None)
    yield
    words.choose("zh", None)


def figures_of(*codes, first=2012, last=2014, lang="zh"):
    rows = observations(indicators=list(codes), parks=[SELF], evidence=("published", "derived"), lang=lang)
    return rows.filter(pl.col("period").str.slice(0, 4).cast(pl.Int64).is_between(first, last))


def drawn(kind, palette, lang):
    """Each kind of chart, of the real figures."""
    words.choose(lang, None)
    revenue = figures_of("total_revenue", lang=lang)
    aims = targets(parks=[SELF], lang=lang)
    if kind == "bars of growth":
        rows = figures_of("total_revenue", "industrial_output", first=2013, lang=lang)
        return charts.bars(charts.points(rows, aims.filter(pl.col("theme") == "economy"), rate=True), palette)
    if kind == "bars of places":
        return charts.bars(
            charts.points(
                observations(indicators=["total_revenue"], lang=lang).filter(pl.col("unit_id") == "yi_cny"), by="park"
            ),
            palette,
        )
    if kind == "periods":
        return charts.periods(charts.points(revenue, aims.filter(pl.col("target_id") == "T01"), by="period"), palette)
    if kind == "composition":
        part, rest = (
            {"value": 438.5, "label": "a", "kind": "published"},
            {"value": 113.5, "label": "b", "kind": "derived"},
        )
        common = {"printed": "", "indicator": "", "place": "", "period": "", "evidence": "", "source": ""}
        return charts.composition(part | common, rest | common, "亿元", palette)
    six = mechanisms(lang).iter_rows(named=True)
    return charts.ring([(row["position"], words.name(row, "name")) for row in six], palette)


KINDS = ("bars of growth", "bars of places", "periods", "composition", "ring")


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


def test_the_check_of_the_schema_can_fail():
    _, spec = drawn("periods", "light", "zh")
    with pytest.raises(jsonschema.exceptions.ValidationError):
        alt.Chart.from_dict(spec | {"data": {"values": []}, "mark": 7}, validate=True)


def test_two_units_on_one_axis_are_refused_and_both_are_named():
    mixed = charts.points(figures_of("total_revenue", "patent_applications"))
    assert sorted(set(mixed["unit"])) == ["亿元", "项"]
    for make in (charts.bars, charts.periods):
        with pytest.raises(charts.MixedUnits, match=r"亿元.*项"):
            make(mixed, "light")


def test_a_name_and_its_numbers_take_two_lines_where_one_would_be_cut():
    rows, spec = drawn("bars of growth", "light", "en")
    assert rows["head"][0].startswith("Total revenue from technology, industry and trade　43.6%")
    words.choose("en", None)
    aims = targets(parks=[SELF], lang="en")
    points = charts.points(figures_of("total_revenue", lang="en"), aims, rate=True)
    rows, narrow = charts.bars(points, "light", room=350)
    assert rows["head"][0].startswith("Total revenue from technology, industry and trade\n43.6%")
    assert narrow["height"]["step"] > spec["height"]["step"]


def test_a_year_without_a_figure_stays_a_gap():
    rows = observations(indicators=["hightech_output"], parks=[SELF])
    _, spec = charts.periods(charts.points(rows, by="period"), "light")
    domain = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert domain == ["2013年", "2014年", "2015年", "2016年"]
    shown = charts.points(rows, by="period")
    assert shown.select("category", "value").rows() == [("2013年", 248.0), ("2016年", 459.6)]


def test_a_row_with_growth_alone_is_no_point_of_a_level():
    rows = figures_of("industrial_output_above_scale", first=2014)
    assert rows.select("value", "growth_text").rows() == [(None, "18")]
    assert charts.points(rows).height == 0
    assert charts.points(rows, rate=True)["value"].to_list() == [18.0]


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
    assert bar["mark"]["color"] == charts.PALETTES[palette]["figure"] != OCHRE[palette]


@pytest.mark.parametrize("palette", ["light", "dark"])
@pytest.mark.parametrize("kind", ["bars of growth", "periods"])
def test_own_bars_are_as_full_as_published_ones_with_a_thin_line_of_paper_inside(kind, palette):
    _, spec = drawn(kind, palette, "zh")
    bar, inner = [layer for layer in spec["layer"] if layer["mark"]["type"] == "bar"]
    assert "own" not in json.dumps(bar["encoding"]["fillOpacity"])
    assert inner["transform"][-1] == {"filter": "datum.kind === 'own'"}
    assert 2 in (inner["mark"].get("height"), inner["mark"].get("width"))
    assert inner["mark"]["color"] == charts.PALETTES[palette]["paper"]


def test_english_points_are_converted_exactly_with_their_interval():
    words.choose("en", None)
    rows = charts.points(
        figures_of("total_revenue", lang="en"),
        targets(parks=[SELF], lang="en").filter(pl.col("target_id") == "T01"),
        by="period",
    )
    shown = [(row["category"], round(row["value"], 9), row["unit"], row["kind"]) for row in rows.iter_rows(named=True)]
    assert shown == [
        ("2012", 50.15, "billion yuan", "derived"),
        ("2013", 72.01, "billion yuan", "published"),
        ("2014", 100.0, "billion yuan", "target"),
    ]
    assert rows["printed"][1] == "72.01 billion yuan (720.1亿元)"
    assert [round(rows[end][1], 6) for end in ("low", "high")] == [72.005, 72.015]
    words.choose("zh", None)
    chinese = charts.points(figures_of("total_revenue"), by="period")
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
    content = pictures.png(picture())
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    image = Image.open(io.BytesIO(content)).convert("RGB")
    assert image.width > 1500
    head = (0, 0, image.width, 110)
    # A private-use character is in no font: a renderer without the font would draw both titles alike.
    boxes = Image.open(io.BytesIO(pictures.png(picture("\ue123" * len(TITLE))))).convert("RGB")
    empty = Image.open(io.BytesIO(pictures.png(picture(" ")))).convert("RGB")
    assert ink(image, head) > ink(empty, head) + 2000
    assert image.crop(head).tobytes() != boxes.crop(head).tobytes()
    # Boxes repeat one shape; characters do not: the columns of ink under each differ.
    first, second = (Image.open(io.BytesIO(pictures.png(picture(one * 8)))).crop(head).tobytes() for one in "亿园")
    assert first != second


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_the_svg_holds_title_unit_source_and_link_on_white(palette):
    content = pictures.svg(picture(palette=palette)).decode()
    texts = "".join(re.findall(r"<text[^>]*>(.*?)</text>", content, re.S))
    texts = re.sub(r"<[^>]+>", "", texts).replace("&amp;", "&")
    for text in (TITLE, "亿元", f"来源：{CITED}", LINK, "720.1亿元", "1000亿元"):
        assert text in texts, text
    assert "Park Explorer Sans" in content
    assert "#ffffff" in content.lower()
    assert charts.PALETTES["light"]["target"].lower() in content.lower()
    dark = set(charts.PALETTES["dark"].values()) - set(charts.PALETTES["light"].values())
    assert [colour for colour in dark if colour.lower() in content.lower()] == []


def test_a_long_source_line_is_wrapped_and_none_of_it_is_lost():
    text = "湘潭高新区确定年度目标，建成千亿园区、" * 12
    lines = pictures.wrapped(text, 58)
    assert "".join(lines) == text
    assert max(len(line) for line in lines) <= 58
    assert pictures.wrapped("abcd", 1) == ["ab", "cd"]


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
