"""Many own figures: laid out apart, and read as if they were not."""

import hashlib
import json
import random

import duckdb
import polars as pl
import pytest

from data.database import build
from data.intake.provenance import remove_derivable_values
from data.loading import activation
from data.storage import batches
from queries.database import engine
from queries.figures import comparison, observations
from queries.places import peer_groups, profile
from queries.sql import run
from tests.conftest import SOURCES
from tests.data.test_build import read_storage_version

HEADS = "地区,指标,时期,数值,单位,同比增速(%),界限,备注\n"
# Texts as printed that are not what a program would write, and those that are.
NUMBERS = ("720.1", "190余", "约6", "007", "-0.5", "0", "0.0", "-0", "-0.0", "12.50", "1.2345", "", "99999999999999")
GROWTHS = ("43.6", "13.0", "-0.3", "0", "-0", "007.50", "", "12", "1.2345")


def written(rows: int) -> str:
    """A file in which every kind of number and growth stands beside every other, under one name each."""
    lines = []
    for at in range(rows):
        number, growth = NUMBERS[at % len(NUMBERS)], GROWTHS[at // len(NUMBERS) % len(GROWTHS)]
        month = f"{1981 + at // 12 % 40}-{at % 12 + 1:02}"
        place = ("湘潭高新区", "长沙高新区", "株洲高新区")[at // 480 % 3]
        indicator = ("技工贸总收入", "工业总产值", "固定资产投资")[at // 1440 % 3]
        lines.append(f"{place},{indicator},{month},{number},亿元,{growth},,{'注' if at % 1000 == 7 else ''}")
    random.Random(7).shuffle(lines)
    return HEADS + "\n".join(lines) + "\n"


@pytest.fixture
def home(tmp_path, park_database, monkeypatch):
    """A place of its own, in which many is 1,000 and one file of 3,000 rows is in use."""
    monkeypatch.setenv("PARK_DATABASE", str(tmp_path / "park.duckdb"))
    monkeypatch.setenv("PARK_BATCHES", str(tmp_path / "batches"))
    (tmp_path / "park.duckdb").write_bytes(park_database.read_bytes())
    monkeypatch.setattr(build, "MANY_OWN_ROWS", 1_000)
    [batch] = activation.activate_readings(
        activation.read_files([("many.csv", written(3_000).encode())], activation.read_current_vocabulary())
    )
    assert batch.rows["observation"] > 2_900
    yield tmp_path
    engine.close_database()


def rows_of(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Everything in the table, in an order of its own."""
    return connection.sql(
        "select * replace (park_id::varchar as park_id, indicator_id::varchar as indicator_id, "
        "source_id::varchar as source_id) from observation order by observation_id"
    ).pl()


def test_many_figures_read_as_few_do_in_every_column(home, monkeypatch):
    with duckdb.connect(home / "park.duckdb", read_only=True) as connection:
        assert connection.sql("select count(*) from kept.own").fetchall()[0][0] > 2_900
        many = rows_of(connection)
    monkeypatch.setattr(build, "MANY_OWN_ROWS", 1_000_000)
    with duckdb.connect(":memory:") as connection:
        build.fill_database(connection, SOURCES, batches.get_batch_folders_in_use())
        assert connection.sql("from duckdb_views() where view_name = 'observation'").fetchall() == []
        few = rows_of(connection)
    assert read_storage_version(home / "park.duckdb") == 65
    assert many.columns == few.columns
    assert many.schema == few.schema
    assert many.equals(few)


def asked_of_figures():
    """Answers to questions with and without own figures, asked anew: of places, of definitions, of whole years."""
    observations._get_database_observations.cache_clear()
    observations._derive_observations.cache_clear()
    both, alike = ("published", "own"), peer_groups._select_alike("xiangtan")
    return {
        "a place with own figures": observations.get_observations(parks=["xthtz"], evidence=both),
        "a place without": observations.get_observations(parks=["xiangtan"], evidence=both),
        "all places": observations.get_observations(evidence=both),
        "what was published": observations.get_observations(evidence=("published", "derived")),
        "a definition with": comparison.get_definition_figures("total_revenue"),
        "a definition without": comparison.get_definition_figures("gdp"),
        "years": comparison.get_figure_years(None),
        "latest": profile.get_latest_figures("xiangtan"),
        "latest of own": profile.get_latest_figures("xthtz"),
        "peers": peer_groups._find_of_like_size("xiangtan", alike, "product", "output.gdp", 2023, None),
    }


@pytest.mark.parametrize("lines", ["", "湘潭市,地区生产总值,2030,9999,亿元,,,\n湘潭高新区,工业总产值,2030,7,亿元,,,\n"])
def test_questions_are_answered_the_same_whether_own_figures_stand_apart_or_not(home, monkeypatch, lines):
    if lines:
        known = activation.read_current_vocabulary()
        activation.activate_readings(activation.read_files([("years.csv", (HEADS + lines).encode())], known))
    many = asked_of_figures()
    assert engine.current_database.latest().keeps_printed
    monkeypatch.setattr(build, "MANY_OWN_ROWS", 1_000_000)
    build.build_database()
    few = asked_of_figures()
    assert not engine.current_database.latest().keeps_printed
    for name, answer in many.items():
        same = answer.equals(few[name]) if isinstance(answer, pl.DataFrame) else answer == few[name]
        assert same, name
    assert many["a place with own figures"]["evidence"].unique().sort().to_list() == ["own", "published"]
    assert ("own" in many["a place without"]["evidence"]) == bool(lines)
    assert (2030 in many["latest"]["year"]) == bool(lines)
    assert ("own" in many["a definition with"]["evidence"]) is False  # all of them are of months
    assert ("own" in many["a definition without"]["evidence"]) == bool(lines)


def test_every_text_is_as_it_was_written(home):
    with duckdb.connect(home / "park.duckdb", read_only=True) as connection:
        found = connection.sql(
            "select distinct value_text, value::double from observation where evidence = 'own'"
        ).fetchall()
        grown = connection.sql("select distinct growth_text from observation where evidence = 'own'").fetchall()
    assert {text for text, _ in found} == {text or None for text in NUMBERS}
    assert dict(found)["190余"] == 190
    assert dict(found)["12.50"] == 12.5
    assert {text for (text,) in grown} == {text or None for text in GROWTHS}


def test_a_text_that_says_no_more_than_its_number_is_not_kept():
    texts = ["720.1", "190余", "007", "-0.5", "-0.0", "0.00", "12.50", "-0", None]
    figures = pl.DataFrame({"value_text": texts, "growth_text": ["1.50", *[None] * 8], "note_zh": [None] * 9,
                            "value": [1] * 9}, schema_overrides={"note_zh": pl.String})  # fmt: skip
    kept = remove_derivable_values(figures)
    assert kept["value_text"].to_list() == [None, "190余", "007", None, "-0.0", None, None, "-0", None]
    assert kept["growth_decimals"].to_list() == [2, *[None] * 8]
    assert kept.columns == ["value_text", "value", "growth_decimals"]


def test_the_list_of_tables_names_it_where_it_stands_and_counts_its_rows(home, monkeypatch):
    tables = engine.fetch("tables")
    one = tables.row(by_predicate=pl.col("table_id") == "observation", named=True)
    [batch] = batches.get_batches()
    assert one["rows"] == batch.rows["observation"] + 11371
    assert (len(one["columns"]), one["columns"][:2]) == (21, ["observation_id", "park_id"])
    assert one["comment_en"].startswith("One row: one figure")
    assert all(one["comments_zh"])
    assert all(one["comments_en"])
    names = tables["table_id"].to_list()
    activation.set_batches_in_use(batch.batch_id, use=False)
    assert engine.fetch("tables")["table_id"].to_list() == names


def test_a_query_reads_it_and_cannot_reach_what_stands_behind_it(home):
    answer = run.run_query("select count(*), min(locator_en) from observation where evidence = 'own'")
    assert answer.row(0)[0] > 2_900
    for hidden in ("kept.own", "own", "printed", "kept.printed", "kept.figure"):
        with pytest.raises(run.Refused):
            run.run_query(f"select count(*) from {hidden}")


def test_two_files_with_other_constants_stand_side_by_side(home):
    text = HEADS + "".join(
        f"益阳高新区,工业总产值,{1981 + at // 12}-{at % 12 + 1:02},{at}.25,万元,,,\n" for at in range(1_200)
    )
    [second] = activation.activate_readings(
        activation.read_files([("more.csv", text.encode())], activation.read_current_vocabulary())
    )
    with duckdb.connect(home / "park.duckdb", read_only=True) as connection:
        found = connection.sql(
            "select unit_id, value_text, decimals, locator_zh, bound::varchar, source_id::varchar from observation "
            f"where observation_id = 'own-{second.sha256[:8]}-15'"
        ).fetchall()
        counted = connection.sql("select observations from batch order by observations").fetchall()
        assert connection.sql("select count(*) from observation where evidence = 'own'").fetchall()[0][0] == sum(
            count for (count,) in counted
        )
    assert found == [("wan_cny", "13.25", 2, "第 15 行", "none", f"own_{second.sha256[:8]}")]


def test_figures_stand_in_the_order_of_their_keys(home):
    with duckdb.connect(home / "park.duckdb", read_only=True) as connection:
        columns = "select indicator_id, park_id, period_start, period_end, row from kept.own"
        stored = connection.sql(columns).fetchall()
        assert stored == connection.sql(f"{columns} order by all").fetchall()
    assert len(stored) > 2_900
    assert [row[-1] for row in stored] != sorted(row[-1] for row in stored)


def test_a_column_that_is_empty_here_and_there_says_nothing_there(home):
    rows = [f"{1981 + at // 12}-{at % 12 + 1:02},{'' if at % 7 == 3 else f'{at}.5'},亿元,3.5" for at in range(480)]
    text = HEADS + "".join(f"{place},税收,{row},,\n" for place in ("湘潭市", "长沙市", "株洲市") for row in rows)
    [first] = batches.get_batches()
    read = activation.read_files([("gaps.csv", text.encode())], activation.read_current_vocabulary())
    activation.activate_readings(read, replaced=[first.batch_id])
    with duckdb.connect(home / "park.duckdb", read_only=True) as connection:
        columns = [name for (name,) in connection.sql("select column_name from (describe kept.own)").fetchall()]
        found = connection.sql(
            "select distinct value is null, decimals, value_text is null, growth_text from observation "
            "where evidence = 'own' order by all"
        ).fetchall()
    assert found == [(False, 1, False, "3.5"), (True, None, True, "3.5")]
    assert "decimals" in columns
    assert "growth_decimals" not in columns


def test_a_batch_that_holds_every_text_as_those_of_before_do_is_read_as_it_is(home, monkeypatch):
    with duckdb.connect(home / "park.duckdb", read_only=True) as connection:
        before = rows_of(connection)
    [place] = batches.get_batch_folders_in_use()
    row = pl.col("observation_id").str.extract(r"-(\d+)$").cast(pl.Int32).alias("row")
    texts = before.filter(pl.col("evidence") == "own").select(row, "value_text", "growth_text")
    left = pl.read_parquet(place / "observation.parquet").drop("value_text", "growth_text", "growth_decimals")
    left.join(texts, on="row").write_parquet(place / "observation.parquet")
    digest = hashlib.sha256()
    for table in ("source", "observation"):
        digest.update(table.encode() + b"\0" + (place / f"{table}.parquet").read_bytes())
    about = json.loads((place / "manifest.json").read_text("utf-8"))
    (place / "manifest.json").write_text(json.dumps(about | {"digest": digest.hexdigest()}), "utf-8")
    for many in (1_000, 1_000_000):
        monkeypatch.setattr(build, "MANY_OWN_ROWS", many)
        with duckdb.connect(":memory:") as connection:
            build.fill_database(connection, SOURCES, batches.get_batch_folders_in_use())
            assert rows_of(connection).equals(before)
