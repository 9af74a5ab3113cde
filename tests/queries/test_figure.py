"""The table `figure`: interval, kind of period, value in a common unit and order of versions, each in one place."""

from datetime import date
from itertools import count

import duckdb
import polars as pl
import pytest

from queries.database.engine import open_cursor
from queries.figures import precedence
from queries.figures.intervals import Interval
from queries.figures.observations import COMPUTED_FACTS, drop_facts, get_observations
from queries.targets import findings
from tests.queries.test_findings import TABLES, TYPES, VIEWS

NUMBERS = count()
GDP = {"indicators": ["gdp"], "parks": ["xiangtan"]}


def entry(text, period="2013", growth=None, source="2014-03-03", **more):
    """One observation as a row for figures(). source: the day on which its source was published; "": nobody knows."""
    digits = "".join(character for character in text or "" if character in "-.0123456789")
    year, start, end = int(period[:4]), period[5:7] or "01", period[-2:] if "-" in period else "12"
    return {
        "observation_id": f"X{next(NUMBERS)}", "park_id": "p", "indicator_id": "whole", "period": period,
        "period_start": f"{year}-{start}-01", "period_end": f"{year}-{end}-28", "value": digits or None,
        "value_text": text, "decimals": len(digits.partition(".")[2]), "unit_id": "yi_cny", "bound": "none",
        "growth_pct": growth, "growth_text": growth, "evidence": "published", "source_id": source,
    } | more  # fmt: skip


def figures(*rows):
    """These observations as the table `figure` has them, in a database that holds nothing else."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(TYPES + TABLES + VIEWS)
        connection.execute("insert into park values ('p', '某区', 'Some zone', 'zone')")
        for source in {row["source_id"] for row in rows}:
            connection.execute("insert into source values (?, ?)", [source, source or None])
        for row in rows:
            names = ", ".join(row)
            connection.execute(
                f"insert into observation ({names}) values ({', '.join('?' * len(row))})", list(row.values())
            )
        return connection.sql(
            "select * replace (value::double as value, low::double as low, high::double as high, "
            "growth_low::double as growth_low, growth_high::double as growth_high, base_value::double as base_value, "
            "base_low::double as base_low, base_high::double as base_high, span::varchar as span, "
            "bound::varchar as bound) from figure order by length(observation_id), observation_id"
        ).pl()


@pytest.mark.parametrize(
    ("text", "more", "interval"),
    [
        ("720.1", {}, (720.05, 720.15, True, False)),
        ("552", {}, (551.5, 552.5, True, False)),
        ("1.2345", {}, (1.23445, 1.23455, True, False)),
        ("302", {"unit_id": "enterprise"}, (302, 302, True, True)),
        ("190余", {"bound": "more_than"}, (190, 200, False, False)),
        ("5000余", {"bound": "more_than"}, (5000, 6000, False, False)),
        ("470多", {"bound": "more_than"}, (470, 480, False, False)),
        ("80余", {"bound": "more_than", "unit_id": "enterprise"}, (80, 90, False, False)),
        ("2.5余", {"bound": "more_than"}, (2.5, 2.6, False, False)),
        ("1000以上", {"bound": "at_least"}, (1000, None, True, None)),
        ("突破3500", {"bound": "exceeded"}, (3500, None, False, None)),
        ("约67.07", {"bound": "about"}, (None, None, None, None)),
        ("1700", {"bound": "expected"}, (None, None, None, None)),
        (None, {"growth": "5"}, (None, None, None, None)),
    ],
)
def test_the_interval_of_a_printed_number(text, more, interval):
    [row] = figures(entry(text, **more)).iter_rows(named=True)
    assert tuple(row[end] for end in ("low", "high", "low_in", "high_in")) == interval
    if interval[0] is not None:
        digits = "".join(character for character in text if character in ".0123456789")
        printed = Interval.printed(digits, row["bound"], count=row["is_count"])
        same = (printed.low, None if printed.high.is_infinite() else printed.high, printed.low_in, printed.high_in)
        told = [None if end is None else float(end) for end in same]
        assert told == [None if end is None else float(end) for end in (*interval[:3], interval[3] or False)]


def test_the_interval_of_a_printed_growth():
    rows = figures(entry("1", growth="43.6"), entry("1", growth="-0.3"), entry("1", growth="30"), entry("1"),
                   entry("1", growth="7.2", bound="expected"))  # fmt: skip
    ends = rows.select("growth_low", "growth_high", "growth_low_in", "growth_high_in").rows()
    assert ends == [
        (43.55, 43.65, True, False), (-0.35, -0.25, True, False), (29.5, 30.5, True, False), (None,) * 4, (None,) * 4,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("period", "indicator", "kind"),
    [
        ("2013", "whole", ("year", 2013, 1, 12)),
        ("2014-01/2014-09", "whole", ("to_date", 2014, 1, 9)),
        ("2014-01/2014-03", "whole", ("to_date", 2014, 1, 3)),
        ("2014-04/2014-06", "whole", ("quarter", 2014, 4, 6)),
        ("2014-03/2014-05", "whole", ("months", 2014, 3, 5)),
        ("2023-02", "whole", ("month", 2023, 2, 2)),
        ("2023-02", "zones", ("date", 2023, 2, 2)),
        ("2013", "zones", ("year", 2013, 1, 12)),
    ],
)
def test_the_kind_of_a_period(period, indicator, kind):
    [row] = figures(entry("1", period=period, indicator_id=indicator)).iter_rows(named=True)
    assert tuple(row[part] for part in ("span", "year", "first_month", "last_month")) == kind


def test_figures_in_different_units_of_money_compare_in_yuan():
    rows = figures(entry("1.2"), entry("0.0001", unit_id="wanyi_cny"), entry("3", unit_id="percent"))
    assert rows["base_value"].to_list() == [1.2e8, 1e8, 0.03]
    assert rows["base_low"][0] == 1.15e8
    assert rows["base_high"][0] == 1.25e8


def test_what_counted_on_a_day_is_the_first_of_those_known_by_then():
    rows = figures(
        entry("1700", bound="expected", source="2015-01"), entry("1703.1", source="2016-02-20"),
        entry("1633.07", source="2017"), entry("1800", source=""),
    )  # fmt: skip
    found = []
    for day in (date(2015, 1, 30), date(2015, 1, 31), date(2016, 2, 20), date(2017, 12, 30), date(2017, 12, 31)):
        known = precedence.mark_versions(rows.filter(pl.col("known_from") <= day))
        found.append(precedence.select_counting_versions(known)["value_text"].to_list())
    assert found == [[], ["1700"], ["1703.1"], ["1703.1"], ["1633.07"]]
    assert rows.filter(value_text="1800")["known_from"].to_list() == [None]


def test_the_product_of_xiangtan_in_2015_by_what_was_known():
    counted = {}
    for day in (date(2015, 12, 31), date(2016, 12, 31), date(2017, 12, 31), None):
        rows = get_observations(**GDP, asof=day).filter(pl.col("period") == "2015")
        counted[day] = precedence.select_counting_versions(rows)["value_text"].to_list()
    assert counted[None] == ["1633.07"]
    assert len(set(map(tuple, counted.values()))) > 1


def test_pages_and_findings_read_the_same_interval():
    with open_cursor() as connection:
        findings.run_checks(connection, findings.read_checks())
        told = connection.sql("select observation_id, low, high from worded order by observation_id").pl()
    rows = get_observations().sort("observation_id").select("observation_id", "low", "high")
    assert told.equals(rows)
    open_above = get_observations().filter(pl.col("bound") == "more_than").select("value_text", "low", "high").rows()
    assert {text: ends for text, *ends in open_above} == {
        "190余": [190, 200], "5000余": [5000, 6000], "470多": [470, 480], "80余": [80, 90],
    }  # fmt: skip


def test_computed_figures_have_the_same_facts():
    rows = get_observations(evidence=("published", "derived"))
    assert rows.columns == [*drop_facts(rows).columns, *COMPUTED_FACTS]
    derived = rows.filter(pl.col("evidence") == "derived")
    assert derived.height > 0
    for row in derived.iter_rows(named=True):
        assert row["base_value"] == pytest.approx(row["value"] * row["factor"])
        assert row["precedence"].startswith("2-0-")
        assert (row["year"], row["last_month"]) == (row["period_end"].year, row["period_end"].month)
