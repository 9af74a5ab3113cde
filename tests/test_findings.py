"""Findings: each rule by hand, no alarm within rounding, every fault found, and those of the real data."""

import random
import shutil

import duckdb
import polars as pl
import pytest

from queries.database import asking
from queries.findings import FOLDER, BadCheck, broken, check_of, checks, findings

# Tables as the checks read them, with the columns that they need and no more.
TABLES = """
create type bound as enum ('none', 'at_least', 'more_than', 'about', 'expected', 'exceeded');
create table park (park_id varchar, name_zh varchar, name_en varchar);
create table unit (unit_id varchar, name_zh varchar, dimension varchar, factor double, scale_en varchar,
    scaled_name_en varchar);
create table indicator (indicator_id varchar, name_zh varchar, name_en varchar, measure varchar, direction varchar,
    part_of varchar, comparable_key varchar);
create table source (source_id varchar, published varchar);
create table observation (observation_id varchar, park_id varchar, indicator_id varchar, period varchar,
    period_start date, period_end date, value decimal(18, 4), value_text varchar, decimals integer, unit_id varchar,
    bound bound, growth_pct decimal(9, 4), growth_text varchar, evidence varchar, source_id varchar);
create table target (target_id varchar, park_id varchar, indicator_id varchar, year integer, measure varchar,
    growth_basis varchar,
    value decimal(18, 4), value_text varchar, unit_id varchar, evidence varchar, source_id varchar);
insert into unit values ('yi_cny', '亿元', 'money_cny', 1e8, '0.1', 'billion yuan'),
    ('wanyi_cny', '万亿元', 'money_cny', 1e12, '1', 'trillion yuan'), ('percent', '%', 'share', 0.01, '1', '%'),
    ('enterprise', '家', 'count', 1, '1', 'enterprises'), ('zone', '家', 'count', 1, '1', 'zones');
insert into indicator values ('whole', '整体', 'Whole', 'flow', 'up', null, 'x.whole'),
    ('part', '部分', 'Part', 'flow', 'up', 'whole', 'x.part'),
    ('other', '别名', 'Other', 'flow', 'up', null, 'x.other'),
    ('hightech_enterprises_certified', '认定', 'Certified', 'flow', 'up', null, 'x.certified'),
    ('hightech_enterprises_city_share', '占比', 'Share', 'rate', 'up', null, 'x.city_share'),
    ('zones', '园区数', 'Zones', 'stock', null, null, 'x.zones');
insert into source values ('A', '2014-03-03'), ('B', '2015-01-20'), ('C', '2021-03-04');
"""


def figure(indicator: str, period: str, text: str | None, growth: str | None = None, **more) -> dict:
    """One observation of a place, as printed."""
    year, month = int(period[:4]), period[5:7] or "12"
    row = {
        "park_id": "p", "indicator_id": indicator, "period": period, "period_start": f"{year}-01-01",
        "period_end": f"{year}-{month}-28", "value": text, "value_text": text,
        "decimals": len((text or "").partition(".")[2]), "unit_id": "yi_cny", "bound": "none", "growth_pct": growth,
        "growth_text": growth, "evidence": "published", "source_id": "A",
    } | more  # fmt: skip
    return {"observation_id": "-".join([row["park_id"], indicator, period, row["source_id"]])} | row


def target(code: str, measure: str, text: str, **more) -> dict:
    """A target of 2014 for the whole."""
    plain = {
        "target_id": code,
        "park_id": "p",
        "indicator_id": "whole",
        "year": 2014,
        "measure": measure,
        "value": text,
    }
    return (
        plain
        | {
            "value_text": text,
            "unit_id": "yi_cny" if measure == "level" else "percent",
            "evidence": "published",
            "source_id": "A",
        }
        | more
    )


def found(observations: list[dict], targets: list[dict] | None = None, parks: int = 1) -> pl.DataFrame:
    """What the checks find in these rows."""
    names = ["p"] if parks == 1 else [f"p{place}" for place in range(parks)]
    with duckdb.connect(":memory:") as connection:
        connection.execute(TABLES)
        places = pl.DataFrame(
            {"park_id": names, "name_zh": ["某区"] * len(names), "name_en": ["Some zone"] * len(names)}
        )
        for table, rows in (("park", places), ("observation", observations), ("target", targets or [])):
            frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(rows, infer_schema_length=None)
            if frame.height:
                connection.register("given", frame.to_arrow())
                connection.execute(f"insert into {table} by name select * from given")
                connection.unregister("given")
        return broken(connection, checks())


def rules_of(*observations: dict, targets: list[dict] | None = None) -> list[str]:
    return found(list(observations), targets)["rule"].to_list()


PAIRS = {
    # rule: (fits to the last digit, one step beyond)
    "part_exceeds_whole": (
        [figure("whole", "2013", "100"), figure("part", "2013", "100.4")],  # the whole may be 100.49
        [figure("whole", "2013", "100"), figure("part", "2013", "100.6")],
    ),
    "rest_grows_apart": (
        [figure("whole", "2013", "552", "30.6"), figure("part", "2013", "438.5", "20.5")],
        [figure("whole", "2013", "552", "30.6"), figure("part", "2013", "438.5", "19.1")],
    ),
    "growth_and_levels": (
        # 3000 / 2600 lies between 15.34 and 15.43.
        [figure("whole", "2012", "2600"), figure("whole", "2013", "3000", "15.4")],
        [figure("whole", "2012", "2600"), figure("whole", "2013", "3000", "15.5")],
    ),
    "two_versions": (
        [figure("whole", "2013", "1703"), figure("whole", "2013", "1703.4", source_id="B")],
        [figure("whole", "2013", "1703"), figure("whole", "2013", "1703.6", source_id="B")],
    ),
    "series_falls": (
        [figure("whole", "2013", "19.7"), figure("whole", "2014", "19.7", source_id="B")],
        [figure("whole", "2013", "19.7"), figure("whole", "2014", "19.6", source_id="B")],
    ),
    "one_value_two_names": (
        [figure("whole", "2013", "173.92"), figure("other", "2013", "173.93", source_id="B")],
        [figure("whole", "2013", "173.92"), figure("other", "2013", "173.92", source_id="B")],
    ),
    "share_without_a_count": (
        # 8 of 17 are 47.06%.
        [
            figure("hightech_enterprises_certified", "2013", "8", unit_id="enterprise"),
            figure("hightech_enterprises_city_share", "2013", "47", unit_id="percent"),
        ],
        [
            figure("hightech_enterprises_certified", "2013", "8", unit_id="enterprise"),
            figure("hightech_enterprises_city_share", "2013", "48", unit_id="percent"),
        ],
    ),
    "number_jumps": (
        [figure("zones", "2013", "100", unit_id="zone"), figure("zones", "2014", "110", unit_id="zone")],
        [figure("zones", "2013", "100", unit_id="zone"), figure("zones", "2014", "111", unit_id="zone")],
    ),
    "unit_out_of_scale": (
        [figure("whole", "2012", "10.5", unit_id="wanyi_cny"), figure("whole", "2013", "105000")],
        [figure("whole", "2012", "10.5", unit_id="wanyi_cny"), figure("whole", "2013", "10.5")],
    ),
}


@pytest.mark.parametrize("rule", PAIRS)
def test_what_fits_to_the_last_digit_is_no_finding_and_one_step_beyond_is(rule):
    fits, beyond = PAIRS[rule]
    assert rule not in rules_of(*fits)
    assert rule in rules_of(*beyond)


def test_a_target_is_below_its_base_only_beyond_the_rounding_of_the_base():
    assert rules_of(figure("whole", "2013", "550"), targets=[target("T1", "level", "550")]) == []
    assert rules_of(figure("whole", "2013", "550.7"), targets=[target("T1", "level", "550")]) == ["target_below_base"]


def test_two_forms_of_a_target_differ_only_beyond_the_rounding_of_the_base():
    base = figure("whole", "2013", "51.22")  # +31% is 67.09 to 67.11
    forms = [target("T2", "growth", "31")]
    assert rules_of(base, targets=[target("T1", "level", "67.1"), *forms]) == []
    assert rules_of(base, targets=[target("T1", "level", "67.0"), *forms]) == ["two_forms_of_a_target"]


def test_a_target_of_an_own_file_is_no_matter_of_what_was_published():
    own = {"evidence": "own"}
    base = figure("whole", "2013", "550.7")
    assert rules_of(base, targets=[target("T1", "level", "550", **own)]) == []
    forms = [target("T1", "level", "700", **own), target("T2", "growth", "31", **own)]
    assert rules_of(base, targets=forms) == []


def test_forms_from_two_texts_are_two_targets():
    base = figure("whole", "2013", "100")
    assert rules_of(base, targets=[target("T1", "level", "130"), target("T2", "growth", "40", source_id="B")]) == []


def test_a_published_fall_is_no_riddle():
    fall = [figure("whole", "2013", "19.7"), figure("whole", "2014", "17", "-13.7", source_id="B")]
    assert rules_of(*fall) == []


def test_a_count_is_exact_and_a_bound_word_leaves_its_side_open():
    more = figure("part", "2013", "90余", bound="more_than") | {"value": "90"}
    assert rules_of(figure("whole", "2013", "100"), more) == []
    assert rules_of(figure("whole", "2013", "80"), more) == ["part_exceeds_whole"]
    about = figure("part", "2013", "约120", bound="about") | {"value": "120"}
    assert rules_of(figure("whole", "2013", "100"), about) == []


def test_growth_of_value_added_is_at_comparable_prices_and_only_a_note():
    rows = findings(parks=["wlmqhtz"], rules=["growth_and_levels"])
    severities = dict(rows.select("finding_id", "severity").rows())
    assert severities["growth_and_levels:wlmqhtz:gdp:2013:P204:P198"] == "note"
    assert severities["growth_and_levels:wlmqhtz:operating_total_revenue:2013:P203:P197"] == "needs_definition"


def printed(number: float, decimals: int) -> str:
    return f"{number:.{decimals}f}"


def consistent(chance: random.Random, park: str) -> list[dict]:
    """A table of true values, rounded as a source would: part and whole, two years, growth beside the later one."""
    whole = chance.uniform(200, 5000)
    growth, rest_growth = chance.uniform(-20, 40), chance.uniform(-40, 90)
    share = chance.uniform(0.2, 0.9)
    part, rest = whole * share, whole * (1 - share)
    part_now, rest_now = part * (1 + growth / 100), rest * (1 + rest_growth / 100)
    whole_now = part_now + rest_now
    whole_growth, decimals, of_growth = 100 * (whole_now / whole - 1), chance.randint(0, 2), chance.randint(0, 1)
    count, total = chance.randint(3, 40), chance.randint(41, 200)
    zones = chance.randint(50, 200)
    p = {"park_id": park}
    return [
        figure("whole", "2012", printed(whole, decimals), **p),
        figure("part", "2012", printed(part, decimals), **p),
        figure("whole", "2013", printed(whole_now, decimals), printed(whole_growth, of_growth), **p),
        figure("part", "2013", printed(part_now, decimals), printed(growth, of_growth), **p),
        figure("whole", "2013", printed(whole_now, 2 - decimals), source_id="B", **p),
        figure("hightech_enterprises_certified", "2013", str(count), unit_id="enterprise", **p),
        figure("hightech_enterprises_city_share", "2013", printed(100 * count / total, 1), unit_id="percent", **p),
        figure("zones", "2012", str(zones), unit_id="zone", **p),
        figure("zones", "2013", str(int(zones * chance.uniform(0.92, 1.09))), unit_id="zone", **p),
    ]


def test_10_000_random_tables_that_are_consistent_raise_no_alarm():
    chance = random.Random(20140303)
    rows = [row for place in range(10_000) for row in consistent(chance, f"p{place}")]
    alarms = found(rows, parks=10_000)
    assert alarms.select("rule", "sentence_en").rows() == []


def test_of_3000_seeded_faults_every_one_is_found_and_no_other():
    chance = random.Random(7)
    rows, seeded = [], []
    for place in range(3000):
        park, table = f"p{place}", {}
        for row in consistent(chance, f"p{place}"):
            table[row["indicator_id"], row["period"], row["source_id"]] = row
        rule = ("part_exceeds_whole", "growth_and_levels", "two_versions", "number_jumps", "unit_out_of_scale")[
            place % 5
        ]
        spoil(table, rule, chance)
        rows += table.values()
        seeded.append((rule, park))
    raised = set(found(rows, parks=3000).select("rule", "park_id").rows())
    missed = [fault for fault in seeded if fault not in raised]
    assert missed == []
    assert len(seeded) == 3000


def spoil(table: dict, rule: str, chance: random.Random) -> None:
    """Put one fault beyond rounding into a table."""

    def put(key: tuple[str, str, str], number: float, decimals: int) -> None:
        text = printed(number, decimals)
        table[key] |= {"value": text, "value_text": text, "decimals": decimals}

    whole, later, part = ("whole", "2012", "A"), ("whole", "2013", "A"), ("part", "2012", "A")
    if rule == "part_exceeds_whole":
        put(part, float(table[whole]["value"]) + 10 ** -table[whole]["decimals"] * 2, 2)
    elif rule == "growth_and_levels":
        growth = float(table[later]["growth_text"]) + chance.choice([-3, 3])
        table[later] |= {"growth_text": printed(growth, 1), "growth_pct": printed(growth, 1)}
    elif rule == "two_versions":
        put(("whole", "2013", "B"), float(table[later]["value"]) * 1.02 + 2, 1)
    elif rule == "number_jumps":
        put(("zones", "2013", "A"), int(float(table["zones", "2012", "A"]["value"]) * 1.3) + 1, 0)
    else:
        put(whole, float(table[later]["value"]) * 10_000, 0)


EXPECTED = {
    "rest_grows_apart:xthtz:industrial_output_above_scale:2013:A03:A02": (104.52, 112.20),
    "growth_and_levels:wlmqhtz:operating_total_revenue:2013:P203:P197": (-5.16, -4.07),
    "two_versions:xiangtan:output.gdp:2015": (69.98, 70.09),
    "two_versions:xiangtan:output.gdp:2010": (43, 45),
    "series_falls:china_htz:output.industrial_output:2014": (-16.46, -10.94),
    "series_falls:xiangtan:output.industrial_value_added_above_scale:2015": (-3.52, -3.4),
    "one_value_two_names:xiangtan:2015:general_public_budget_revenue:total_fiscal_revenue": (0, 0),
    "target_below_base:cchtz:G43:P166": (50.65, 50.75),
    "target_below_base:cchtz:G42:P165": (15.5, 16.5),
    "two_forms_of_a_target:xthtz:T01:T02:A01": (8.07, 8.21),
    "number_jumps:china_htz:enterprises.national_zones": (27.19, 27.19),
}


def test_the_real_data_hold_the_findings_that_are_known():
    rows = {row["finding_id"]: row for row in findings().iter_rows(named=True)}
    assert len(rows) == 20
    for code, (low, high) in EXPECTED.items():
        ends = (rows[code]["misfit_low"], rows[code]["misfit_high"])
        assert ends == pytest.approx((low, high), abs=0.01), code
    rest = rows["rest_grows_apart:xthtz:industrial_output_above_scale:2013:A03:A02"]
    assert "增长约108%（105至112）" in rest["sentence_zh"]
    versions = rows["two_versions:xiangtan:output.gdp:2015"]["sentence_zh"]
    assert all(number in versions for number in ("1700亿元", "1703.1亿元", "1633.07亿元"))


def test_each_finding_has_both_languages_its_sources_and_an_innocent_explanation():
    rows = findings()
    for column in ("sentence_zh", "sentence_en", "explanation_zh", "explanation_en", "misfit_zh", "misfit_en"):
        assert rows[column].null_count() == 0
    assert rows.filter(pl.col("sources").list.len() == 0).is_empty()
    words = " ".join([*rows["sentence_zh"], *rows["sentence_en"], *rows["explanation_zh"], *rows["explanation_en"]])
    for accusing in ("错误", "虚假", "造假", "false", "error", "wrong figure"):
        assert accusing not in words


def test_a_quotient_shows_no_more_digits_than_its_interval_supports():
    said = dict(findings().select("finding_id", "sentence_zh").rows())
    assert "增长约1%。" in said["growth_and_levels:wlmqhtz:industrial_value_added:2013:P205:P199"]  # 0.6 to 1.2
    assert "增长约15.4%。" in said["growth_and_levels:wlmqhtz:operating_total_revenue:2013:P203:P197"]


def test_the_known_remarks_come_along():
    told = dict(findings().select("finding_id", "caveats").rows())
    urumqi = told["growth_and_levels:wlmqhtz:operating_total_revenue:2013:P203:P197"]
    assert any("15.4%" in remark for remark in urumqi)
    assert any("114家" in remark for remark in told["series_falls:china_htz:output.industrial_output:2014"])


def test_a_new_rule_is_a_new_file_and_nothing_else(tmp_path):
    folder = tmp_path / "checks"
    shutil.copytree(FOLDER, folder)
    text = (folder / "two_versions.sql").read_text("utf-8").replace("count(*) > 1", "count(*) > 2")
    (folder / "three_versions.sql").write_text(text, "utf-8")
    with asking() as connection:
        rows = broken(connection, checks(folder)).filter(pl.col("rule") == "three_versions")
    assert rows["finding_id"].to_list() == ["three_versions:xiangtan:output.gdp:2015"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("-- severity: contradiction\n", "", "the head lacks severity"),
        ("-- severity: contradiction", "-- severity: wrong", "severity is 'wrong'. Take one of contradiction"),
        ("-- explanation_en:", "-- explanation:", "the head lacks explanation_en"),
        ("as sentence_en,", "as sentence,", "the rows lack sentence_en"),
        ("from figure as part", "from figgure as part", "part_exceeds_whole.sql: Catalog Error"),
    ],
)
def test_a_broken_check_is_told_with_file_and_mend(old, new, said, tmp_path):
    path = tmp_path / "part_exceeds_whole.sql"
    path.write_text((FOLDER / "part_exceeds_whole.sql").read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(BadCheck) as problem, asking() as connection:
        broken(connection, [check_of(path)])
    assert said in str(problem.value)
    assert str(problem.value).startswith("part_exceeds_whole.sql")
