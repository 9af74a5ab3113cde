"""Questions to the database: known answers, from the figures as printed."""

import random
import re
import threading
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from queries.catalogue import catalogue
from queries.database import engine
from queries.database.state import DatabaseMissing
from queries.figures import periods
from queries.figures.comparison import get_definition_figures
from queries.figures.observations import get_observations
from queries.ledger.mechanisms import get_mechanism_links, get_mechanisms
from queries.targets.targets import get_judged_targets, get_park_commitments, get_park_titles

QUERIES = Path(engine.__file__).parent
YEAR_2013 = {"first": date(2013, 1, 1), "last": date(2013, 12, 31)}
BOTH = ("published", "derived")


def one(**question: object) -> dict[str, object]:
    return get_observations(**question).row(0, named=True)


def test_total_revenue_of_2013_is_720_1_and_grew_43_6():
    rows = get_observations(indicators=["total_revenue"], parks=["xthtz"], **YEAR_2013)
    assert rows.select("value", "value_text", "unit_zh", "growth_pct", "source_id", "locator").rows() == [
        (720.1, "720.1", "亿元", 43.6, "CHIN-20140303", "P2")
    ]


def test_all_published_figures_are_11371_rows_and_nothing_else_unless_asked():
    rows = get_observations()
    assert rows.height == 11371
    assert rows["evidence"].unique().to_list() == ["published"]
    assert get_observations(evidence=("own", "sample")).height == 0


def test_rows_stand_in_the_order_of_indicator_place_and_period():
    for kinds in (("published",), BOTH):
        rows = get_observations(evidence=kinds)
        indicators = {code: place for place, code in enumerate(catalogue.get_indicators()["indicator_id"])}
        after = catalogue.get_derivations().select("derivation_id", "first_id").rows()  # what follows stands after it
        indicators |= {code: indicators[first] + 0.5 for code, first in after}
        parks = {code: place for place, code in enumerate(catalogue.get_parks()["park_id"])}
        order = [
            (indicators[row["indicator_id"]], parks[row["park_id"]], row["period_start"], row["period_end"])
            for row in rows.iter_rows(named=True)
        ]
        assert order == sorted(order)


@pytest.mark.parametrize("question", [{"indicators": []}, {"parks": []}, {"evidence": ()}])
def test_an_empty_list_gives_no_rows_and_keeps_the_columns(question):
    rows = get_observations(**question)
    assert rows.height == 0
    assert rows.columns == get_observations().columns


@pytest.mark.parametrize("question", [{"indicators": []}, {"parks": []}])
@pytest.mark.parametrize("kinds", [BOTH, ("derived",)])
def test_an_empty_list_gives_no_derived_rows_either(question, kinds):
    assert get_observations(evidence=kinds, **question).height == 0


def test_unknown_codes_give_no_rows():
    assert get_observations(indicators=["nothing"]).height == 0
    assert get_observations(parks=["nowhere"]).height == 0
    assert get_observations(theme="weather").height == 0
    assert get_judged_targets(parks=["nowhere"]).height == 0


@pytest.mark.parametrize("question", [get_observations, get_judged_targets])
def test_a_period_that_runs_backwards_is_refused(question):
    with pytest.raises(ValueError, match=r"the period runs backwards: 2014 to 2013\. Put the earlier one first\."):
        question(first=date(2014, 1, 1), last=date(2013, 12, 31))


def test_a_row_belongs_when_its_period_overlaps_the_days_asked_for():
    half = {"indicators": ["industrial_value_added_above_scale"], "parks": ["xthtz"]}
    assert "2013-01/2013-06" in get_observations(**half, first=date(2013, 6, 30), last=date(2013, 6, 30))["period"]
    assert "2013-01/2013-06" not in get_observations(**half, first=date(2013, 7, 1), last=date(2013, 12, 31))["period"]
    assert "2013-01/2013-06" not in get_observations(**half, first=date(2012, 1, 1), last=date(2012, 12, 31))["period"]


def test_a_derived_row_belongs_to_its_own_year_and_not_to_that_of_its_input():
    asked = {"indicators": ["total_revenue"], "parks": ["xthtz"], "evidence": BOTH}
    in_2012 = get_observations(**asked, first=date(2012, 1, 1), last=date(2012, 12, 31))
    assert in_2012.select("period", "evidence").rows() == [("2012", "derived")]
    assert get_observations(**asked, **YEAR_2013)["evidence"].to_list() == ["published"]


def test_a_theme_gives_its_indicators_only():
    rows = get_observations("livelihood", evidence=BOTH)
    assert rows["theme"].unique().to_list() == ["livelihood"]
    parts = [get_observations(theme).height for theme in catalogue.THEMES]
    assert sum(parts) == 11371
    assert min(parts) > 0


def test_titles_locators_and_notes_are_in_the_language_asked_for():
    chinese, english = (one(indicators=["fiscal_revenue"], parks=["xthtz"], lang=lang) for lang in ("zh", "en"))
    assert chinese["source_title"] == "湘潭高新区确定年度目标，建成千亿园区"
    assert english["source_title"].startswith("Xiangtan High-tech Zone sets its goals")
    assert "财税收入" in chinese["note"]
    assert english["note"].startswith("The 2014 target is worded")
    assert chinese["value"] == english["value"] == 17


def test_a_figure_of_which_only_the_growth_was_printed_has_no_value_and_says_so():
    row = one(indicators=["industrial_output_above_scale"], parks=["xthtz"], first=date(2014, 1, 1))
    assert (row["value"], row["low"], row["high"], row["growth_pct"]) == (None, None, None, 18)
    assert row["status"] == "not_published"


@pytest.mark.parametrize(
    ("indicator", "value", "low", "high"),
    [
        ("total_revenue", 720.1, 720.05, 720.15),
        ("industrial_output", 552, 551.5, 552.5),
        ("innovation_rewards", 190, 190, 200),
        ("patent_applications", 302, 302, 302),
        ("hightech_enterprises_certified", 8, 8, 8),
        ("hightech_enterprises_city_share", 47, 46.5, 47.5),
        ("national_titles", 9, 9, 9),
    ],
)
def test_720_1_leaves_0_05_open_a_count_nothing_and_190_and_a_little_up_to_200(indicator, value, low, high):
    row = one(indicators=[indicator], parks=["xthtz"], **YEAR_2013)
    assert (row["value"], row["low"], row["high"]) == (value, low, high)


@pytest.mark.parametrize(
    ("text", "bound", "low", "high"),
    [
        ("1000以上", "at_least", 1000, None),
        ("突破2000", "exceeded", 2000, None),
        ("约67.07", "about", None, None),
        ("近40", "about", None, None),
        ("470多", "more_than", 470, 480),
        ("5000余", "more_than", 5000, 6000),
    ],
)
def test_or_more_is_open_above_and_about_open_on_both_sides(text, bound, low, high):
    rows = get_observations().filter(pl.col("value_text") == text)
    assert rows.select("bound", "low", "high").unique().rows() == [(bound, low, high)]


def test_every_value_is_inside_its_interval():
    rows = get_observations(evidence=("published",)).filter(pl.col("value").is_not_null())
    assert rows.filter(pl.col("low") > pl.col("value")).height == 0
    assert rows.filter(pl.col("high") < pl.col("value")).height == 0


def test_total_revenue_of_2012_follows_as_about_501_5():
    row = one(indicators=["total_revenue"], parks=["xthtz"], evidence=("derived",))
    assert (row["period"], row["value"], row["value_text"], row["bound"]) == ("2012", 501.5, "约501.5", "about")
    assert (row["low"], row["high"]) == (501.253, 501.6719)
    assert row["formula"] == "720.1 ÷ (1 + 43.6%)"
    assert (row["source_id"], row["locator"], row["status"]) == ("CHIN-20140303", "P2", "derived")
    assert (row["period_start"], row["period_end"]) == (date(2012, 1, 1), date(2012, 12, 31))
    assert (row["growth_pct"], row["growth_text"]) == (None, None)


@pytest.mark.parametrize(
    ("indicator", "low", "high"),
    [("patent_applications", 231.4176, 233.2047)],
)
def test_the_interval_of_2012_is_that_of_level_and_growth_together(indicator, low, high):
    row = one(indicators=[indicator], parks=["xthtz"], evidence=("derived",))
    assert (row["period"], row["low"], row["high"]) == ("2012", low, high)


def test_of_fiscal_revenue_no_year_before_is_derived_and_of_output_only_under_a_condition():
    assert get_observations(indicators=["fiscal_revenue"], parks=["xthtz"], evidence=("derived",)).is_empty()
    row = one(indicators=["industrial_output"], parks=["cchtz"], evidence=("derived",))
    assert (row["value_text"], row["decimals"], row["growth_basis"]) == ("约3401", 0, "unknown")


def test_patents_of_2012_are_232_or_233():
    row = one(indicators=["patent_applications"], parks=["xthtz"], evidence=("derived",))
    assert row["value_text"] == "232或233"


@pytest.mark.parametrize(
    ("park", "indicator", "year", "published"),
    [("wlmqhtz", "gdp", "2012", "686.5"), ("cdhtz", "industries_value_added", "2013", "1039.7")],
)
def test_nothing_is_derived_where_the_year_before_was_published_itself(park, indicator, year, published):
    rows = get_observations(indicators=[indicator], parks=[park], evidence=BOTH)
    after = rows.filter(pl.col("period") == str(int(year) + 1))
    assert after["growth_text"].null_count() == 0  # a base would follow, had it not been published
    assert rows.filter(pl.col("period") == year).select("value_text", "evidence").rows() == [(published, "published")]


def test_nothing_is_derived_from_a_figure_with_a_bound_word_or_from_a_derived_one():
    published = {row["observation_id"]: row for row in get_observations().iter_rows(named=True)}
    derived = get_observations(evidence=("derived",)).filter(pl.col("observation_id").str.ends_with("-base"))
    assert derived.height == 20
    for row in derived.iter_rows(named=True):
        base = published[row["observation_id"].removesuffix("-base")]
        assert base["bound"] == "none"
        assert base["growth_text"] is not None
        assert row["formula"] == f"{base['value_text']} ÷ (1 + {base['growth_text']}%)"
        assert row["low"] < row["high"]


def test_comparable_gives_all_places_of_one_definition_and_not_operating_revenue():
    rows = get_definition_figures("total_revenue")
    assert rows["comparable_key"].unique().to_list() == ["revenue.total_revenue"]
    assert set(rows["indicator_zh"]) == {"技工贸总收入", "技工贸收入"}
    assert {"xthtz"} < set(rows["park_id"])
    asked = ["total_revenue", "tech_industry_trade_revenue"]
    assert rows.equals(get_observations(indicators=asked, whole_years=True))
    assert rows.equals(get_observations(indicators=asked).filter(pl.col("span") == "year"))
    assert rows.height < get_observations(indicators=asked).height


def test_comparable_joins_names_that_share_a_key():
    yearly = get_observations(whole_years=True)
    named = yearly.group_by("comparable_key").agg(pl.col("indicator_id").unique().sort()).sort("comparable_key")
    several = named.filter(pl.col("indicator_id").list.len() > 1)["indicator_id"].to_list()
    assert several
    for names in several:
        assert get_definition_figures(names[0])["indicator_id"].unique().sort().to_list() == names


def test_comparable_gives_no_rows_for_an_unknown_indicator():
    assert get_definition_figures("nothing").height == 0


def test_the_park_has_11_targets_for_2014_in_the_order_of_the_text():
    rows = get_judged_targets(parks=["xthtz"], first=date(2014, 1, 1), last=date(2014, 12, 31))
    codes = [code for code in rows["target_id"] if code.startswith("T")]
    assert codes == [f"T{number:02}" for number in range(1, 12)]
    headline = rows.filter(pl.col("target_id") == "T01").row(0, named=True)
    assert (headline["value"], headline["unit_zh"], headline["measure"]) == (1000, "亿元", "level")
    assert (headline["strength"], headline["comparator"]) == ("goal", "reach")


def test_a_target_under_another_name_than_its_base_names_both():
    rows = get_judged_targets(indicators=["fiscal_tax_revenue"], parks=["xthtz"])
    assert rows.select("target_id", "indicator_zh", "base_indicator_zh").rows() == [("T06", "财税收入", "财政收入")]


def test_all_targets_are_71_and_an_empty_list_gives_none():
    assert get_judged_targets().height == 71
    assert get_judged_targets(indicators=[]).height == get_judged_targets(parks=[]).height == 0
    assert get_judged_targets(first=date(2014, 1, 1), last=date(2014, 12, 31))["year"].unique().to_list() == [2014]


def test_commitments_are_36_of_which_two_left_a_trace():
    rows = get_park_commitments(parks=["xthtz"])
    assert rows["commitment_id"].to_list() == [f"C{number:02}" for number in range(1, 37)]
    assert rows.filter(pl.col("state") == "traced")["commitment_id"].to_list() == ["C13", "C14"]
    assert get_park_commitments(parks=[]).height == 0
    assert set(get_park_commitments("livelihood")["theme"]) == {"livelihood"}


def test_two_titles_of_2013_are_named():
    rows = get_park_titles(["xthtz"])
    assert rows.select("title_id", "granted").rows() == [("N1", 2013), ("N2", 2013)]
    assert get_park_titles([]).height == 0
    assert get_park_titles(["cdhtz"]).height == 0


def test_six_mechanisms_carry_139_targets_and_commitments():
    rows = get_mechanisms()
    assert rows["mechanism_id"].to_list() == ["preplan", "leaders", "monthly", "supervision", "efficiency", "rewards"]
    assert rows["targets"].to_list() == [11, 5, 11, 11, 2, 11]
    assert rows["commitments"].to_list() == [36, 10, 0, 36, 6, 0]
    assert get_mechanism_links().height == 139


def test_only_the_11_links_of_monthly_dispatch_are_stated_by_the_text():
    stated = get_mechanism_links().filter(pl.col("basis") == "stated")
    assert stated["mechanism_id"].to_list() == ["monthly"] * 11
    assert stated["item_id"].to_list() == [f"T{number:02}" for number in range(1, 12)]


def test_links_can_be_asked_by_mechanism_and_theme():
    rows = get_mechanism_links(["leaders"], ["livelihood"])
    assert set(rows["mechanism_id"]) == {"leaders"}
    assert set(rows["theme"]) == {"livelihood"}
    assert {"T10", "T11"} <= set(rows["item_id"])
    assert get_mechanism_links([]).height == get_mechanism_links(themes=[]).height == 0


def test_the_catalogue_counts_196_indicators_334_places_29_units_and_125_sources():
    assert catalogue.get_indicators().height == 196
    assert catalogue.get_parks().height == 334
    assert catalogue.get_units().height == 29
    assert catalogue.get_sources().height == 125
    assert sum(catalogue.get_indicators(theme).height for theme in catalogue.THEMES) == 196
    assert catalogue.get_parks()["park_id"][0] == catalogue.get_home_park() == "xthtz"
    assert catalogue.get_indicators()["indicator_id"][0] == "total_revenue"


def test_the_home_park_is_a_setting_and_else_the_place_whose_role_is_self(monkeypatch):
    assert catalogue.get_home_places() == ["xthtz", "xiangtan"]
    monkeypatch.setenv("PARK_HOME", "zzhtz")
    assert catalogue.get_home_park() == "zzhtz"
    for wrong in ("nowhere", "No Such", ""):
        monkeypatch.setenv("PARK_HOME", wrong)
        assert catalogue.get_home_park() == "xthtz", wrong


def test_the_counts_of_the_catalogue_add_up_to_11371_figures_and_71_targets():
    for rows in (catalogue.get_indicators(), catalogue.get_parks(), catalogue.get_sources()):
        assert rows["observations"].sum() == 11371
        assert rows["targets"].sum() == 71
    assert catalogue.get_sources()["zones"].sum() == 404


def test_the_tables_count_their_rows():
    counts = dict(catalogue.get_tables().select("table_id", "rows").rows())
    for name, rows in counts.items():
        assert engine.get_table_rows(name).height == rows
    assert counts["observation"] == 11371
    assert len(counts) == 22


def test_a_name_that_is_no_table_is_refused():
    with pytest.raises(KeyError):
        engine.get_table_rows("observation; drop table observation")


def test_the_database_cannot_be_used_to_read_other_files():
    import duckdb  # noqa: PLC0415 - the only place that needs it

    with engine.current_database.latest().cursor() as cursor, pytest.raises(duckdb.PermissionException):
        cursor.sql("from read_csv('/etc/hostname')").fetchall()


def test_without_a_database_the_message_names_the_command_and_no_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PARK_DATABASE", str(tmp_path / "none.duckdb"))
    with pytest.raises(DatabaseMissing, match=r"^No database at none\.duckdb\. Build it: python -m data\.build$"):
        get_observations()


def test_12_threads_that_ask_20_times_each_see_no_error_and_one_answer():
    themes = [None, *catalogue.THEMES]
    expected = {theme: get_observations(theme, evidence=BOTH).height for theme in themes}
    problems: list[object] = []
    together = threading.Barrier(12)
    engine.close_database()

    def ask(number: int) -> None:
        together.wait()
        for turn in range(20):
            theme = themes[(number + turn) % len(themes)]
            try:
                # A day of its own for each: most questions must reach the database and not the memory.
                rows = get_observations(theme, evidence=BOTH, first=date(1900, 1 + number, 1 + turn))
                if rows.height != expected[theme]:
                    problems.append((theme, rows.height))
            except Exception as problem:  # whatever it is, it must not happen
                problems.append(problem)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2013", date(2013, 1, 1), date(2013, 12, 31)),
        ("2013-06", date(2013, 6, 1), date(2013, 6, 30)),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        (None, None, None),
    ],
)
def test_a_year_and_a_month_have_a_first_and_a_last_day(text, first, last):
    assert (periods.parse_first_day(text), periods.parse_last_day(text)) == (first, last)


@pytest.mark.parametrize("text", ["", "13", "2013-13", "2013-6", "2013-06-01", "二〇一三", "0000", "2013 ", "-2013"])
def test_what_is_no_year_or_month_is_refused_with_the_form_wanted(text):
    for reading in (periods.parse_first_day, periods.parse_last_day):
        with pytest.raises(ValueError, match="Write 2013 or 2013-06"):
            reading(text)


@pytest.mark.parametrize("path", sorted(QUERIES.glob("*.sql")), ids=lambda path: path.name)
def test_a_query_says_what_one_row_is_and_names_its_parameters(path):
    lines = path.read_text("utf-8").splitlines()
    assert lines[0].startswith("-- One row: "), f"{path.name}: begin with a line '-- One row: ...'"
    comments = "\n".join(line for line in lines if line.startswith("--"))
    statement = "\n".join(line.partition("--")[0] for line in lines)
    documented = set(re.findall(r"\$(\w+)", comments))
    used = set(re.findall(r"\$(\w+)", statement))
    assert documented == used, f"{path.name}: name each $parameter with its type in the first lines, and no other"


@pytest.mark.parametrize("seed", range(40))
def test_of_few_places_all_figures_are_read_once_and_every_question_gets_the_rows_that_it_asks_for(seed):
    draw = random.Random(seed)
    places, names = catalogue.get_parks()["park_id"].to_list(), catalogue.get_indicators()["indicator_id"].to_list()
    parks = draw.sample(places, draw.choice([1, 2, 5, 40]))
    indicators = draw.choice([None, [], draw.sample(names, 60)])
    asked = {
        "theme": draw.choice([None, "economy", "innovation"]), "indicators": indicators, "parks": parks,
        "first": draw.choice([None, date(2013, 1, 1), date(2020, 6, 1)]), "last": draw.choice([None, date(2022, 3, 1)]),
        "lang": draw.choice(["zh", "en"]), "asof": draw.choice([None, date(2015, 9, 15)]),
        "evidence": draw.choice([["published"], ["published", "own"], ["own"], []]),
    }  # fmt: skip
    rows = get_observations(**asked).select(engine.fetch("observations", **asked).columns)
    assert rows.equals(engine.fetch("observations", **asked))
