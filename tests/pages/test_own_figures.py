"""A reader's own figures: what they change for the reader, what they never change for anybody else."""

import contextlib
import contextvars
import gc
import io
import random
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import openpyxl
import polars as pl
import pytest
from starlette.testclient import TestClient

from pages.wording import figures, headlines, language
from queries import upload
from queries.api.routes import api
from queries.catalogue import catalogue, names
from queries.database import own_figures, run_context
from queries.exploring import exploration, search
from queries.export import formats
from queries.figures import comparison, growth_index_share, ranking
from queries.figures.comparison import get_definition_figures
from queries.figures.observations import get_observations
from queries.targets import outcomes
from queries.targets.targets import get_judged_targets
from tests.conftest import HOME, hold, speak
from tests.pages.test_pages import opened
from tests.tools.kept import unwrap

HEAD = "地区,指标,时期,数值,单位,同比增速(%)\n"
REVENUE = HEAD + "湘潭高新区,技工贸总收入,2014,1008.5,亿元,\n"
PLACE = "代码,名称,英文名称,类别\nnew_park,新园高新区,Newpark High-tech Zone,高新区\n"
COUNTED = "代码,名称,英文名称,方面,单位,统计方式,口径\npile_count,充电桩数,Charging piles,民生,个,时点,园区内的充电桩\n"


def put(*texts, name="own.csv"):
    """What the session of a reader holds after these files were dropped one after the other, all of them right."""
    mine = own_figures.OwnFigures()
    for number, text in enumerate(texts):
        content = text if isinstance(text, bytes) else text.encode()
        with holding(mine if mine.files else None):
            draft = upload.read_upload(content, f"{number or ''}{name}")
            places = range(len(draft.sheets))
            report = upload.check_upload(draft, {place: draft.guess(place) for place in places})
            assert report.rows["refused"] == 0, report.defects("zh").rows()
            mine = mine.with_file(upload.make_own_file(report))
    return mine


@contextlib.contextmanager
def holding(mine):
    """A run of a page in a session that holds this."""
    hold(mine)
    try:
        yield
    finally:
        hold(None)


@pytest.fixture
def revenue():
    """The reader has put in that the zone reached 100.85 billion yuan in 2014, which nobody published."""
    return put(REVENUE)


def judgement(code):
    """One target with what it rests on."""
    return get_judged_targets().filter(pl.col("target_id") == code).row(0, named=True)


def test_a_revenue_of_1008_5_meets_the_target_of_1000_for_its_reader_alone(revenue):
    assert judgement("T01")["status"] == "cannot_judge"
    with holding(revenue):
        met = judgement("T01")
        assert (met["status"], met["lit_evidence"], met["actual"]) == ("met", "own", 1008.5)
        assert (met["actual_evidence"], met["base_evidence"], met["evidence"]) == ("own", "published", "published")
    after = judgement("T01")
    assert (after["status"], after["reason"], after["lit_evidence"]) == ("cannot_judge", "NO_ACTUAL", None)


def test_the_growth_target_is_judged_from_an_own_level_over_the_published_base(revenue):
    with holding(revenue):
        grown = judgement("T02")
    assert (grown["status"], grown["basis"], grown["base"], grown["lit_evidence"]) == ("met", "levels", 720.1, "own")
    assert round(grown["measured"], 2) == 40.05


def test_a_target_asked_about_as_of_a_day_before_the_file_was_put_in_does_not_know_it(revenue):
    with holding(revenue):
        rows = get_judged_targets(asof=date(2015, 12, 31))
    assert rows.filter(pl.col("target_id") == "T01")["status"].to_list() == ["cannot_judge"]


def test_what_was_published_goes_before_what_was_put_in():
    mine = put(HEAD + "湘潭高新区,规模工业总产值,2014,600,亿元,60\n湘潭高新区,技工贸总收入,2013,500,亿元,\n")
    before = {code: judgement(code) for code in ("T01", "T04")}
    with holding(mine):
        after = {code: judgement(code) for code in ("T01", "T04")}
    assert [before["T04"][key] for key in ("status", "growth_text")] == ["missed", "18"]
    assert [after["T04"][key] for key in ("status", "growth_text", "lit_evidence")] == ["missed", "18", "published"]
    assert after["T01"]["base"] == 720.1


def test_an_own_base_is_used_where_none_was_published():
    mine = put(HEAD + "湘潭高新区,固定资产投资,2013,80,亿元,\n湘潭高新区,固定资产投资,2014,110,亿元,\n")
    with holding(mine):
        rows = get_judged_targets(parks=[HOME], indicators=["fixed_asset_investment"])
    row = rows.filter(pl.col("measure") == "growth").row(0, named=True)
    assert (row["status"], row["measured"], row["base_evidence"], row["lit_evidence"]) == ("met", 37.5, "own", "own")


def test_own_targets_are_judged_by_published_figures_and_stand_beside_the_others():
    mine = put("地区,指标,年度,目标值,单位\n湘潭高新区,技工贸总收入,2013,700,亿元\n")
    count = get_judged_targets().height
    with holding(mine):
        rows = get_judged_targets()
        mine_alone = rows.filter(pl.col("evidence") == "own").row(0, named=True)
        assert rows.height == count + 1
    assert (mine_alone["status"], mine_alone["lit_evidence"], mine_alone["actual"]) == ("met", "published", 720.1)
    assert mine_alone["source_title"] == "own.csv"
    assert get_judged_targets().height == count


def test_figures_carry_file_row_and_evidence_and_stand_in_their_place(revenue):
    asked = {"indicators": ["total_revenue"], "parks": [HOME]}
    with holding(revenue):
        rows = get_observations(**asked, evidence=("published", "derived", "own"))
        assert get_observations(**asked).height == 1
    assert rows.select("period", "value_text", "evidence", "source_title", "locator").rows() == [
        ("2012", "约501.5", "derived", "湘潭高新区确定年度目标，建成千亿园区", "P2"),
        ("2013", "720.1", "published", "湘潭高新区确定年度目标，建成千亿园区", "P2"),
        ("2014", "1008.5", "own", "own.csv", "第 2 行"),
    ]
    assert get_observations(**asked, evidence=("own",)).is_empty()


def test_nothing_is_derived_from_own_figures():
    mine = put(HEAD + "湘潭高新区,工业总产值,2014,700,亿元,20\n湘潭高新区,规模工业总产值,2014,500,亿元,\n")
    derived = get_observations(evidence=("derived",))
    with holding(mine):
        assert get_observations(evidence=("derived",)).equals(derived)


def test_a_growth_computed_from_an_own_figure_is_own():
    mine = put(HEAD + "湘潭高新区,专利申请,2014,453,件,\n")
    with holding(mine):
        rows = get_observations(indicators=["patent_applications"], parks=[HOME], evidence=("published", "own"))
        grown = growth_index_share.convert_to_measure(rows, "growth")
    told = grown.select("period", "value_text", "evidence", "formula").rows()
    assert told == [("2013", "30", "published", None), ("2014", "50.0", "own", "453件 ÷ 302项 − 1")]


def test_no_growth_is_computed_of_an_own_figure_whose_growth_is_not_nominal(revenue):
    with holding(revenue):
        rows = get_observations(indicators=["total_revenue"], parks=[HOME], evidence=("published", "own"))
        grown = growth_index_share.convert_to_measure(rows, "growth")
    assert grown.select("period", "value_text", "evidence").rows() == [("2013", "43.6", "published")]


def test_counts_and_facets_know_own_figures_of_the_session_alone(revenue):
    before = exploration.compute_facet_counts(exploration.Choice(evidence=()))
    with holding(revenue):
        here = exploration.compute_facet_counts(exploration.Choice(evidence=()))
        assert exploration.count_theme_figures("economy", ("own",)) == 1
    assert here["evidence"]["own"] == 1
    assert here["all"][""] == before["all"][""] + 1
    assert exploration.compute_facet_counts(exploration.Choice(evidence=())) == before


def test_own_places_and_indicators_can_be_chosen_and_found_by_their_reader_alone():
    mine = put(PLACE, COUNTED, HEAD + "新园高新区,充电桩数,2024,120,个,\n")
    with holding(mine):
        place = catalogue.get_parks().filter(pl.col("park_id") == "new_park").row(0, named=True)
        thing = catalogue.get_indicators().filter(pl.col("indicator_id") == "pile_count").row(0, named=True)
        found = search.parse_search_text("新园充电桩")
        spelt = search.parse_search_text("chongdianzhuang")
        rows = exploration.get_chosen_figures(exploration.Choice("新园", evidence=("own",)))
    assert (place["role"], place["observations"], place["name_en"]) == ("own", 1, "Newpark High-tech Zone")
    assert (thing["observations"], thing["own"], thing["parks"], thing["first_year"]) == (1, 1, 1, 2024)
    assert (found.indicators, found.parks) == (("pile_count",), ("new_park",))
    assert spelt.indicators == ("pile_count",)
    assert rows["value_text"].to_list() == ["120"]
    assert search.parse_search_text("新园充电桩").unknown == ("充电桩",)
    assert "new_park" not in (search.parse_search_text("新园充电桩").parks or ())
    assert "new_park" not in catalogue.get_parks()["park_id"].to_list()
    assert "pile_count" not in catalogue.get_indicators()["indicator_id"].to_list()


def test_the_counts_of_the_catalogue_add_up_and_a_place_is_counted_once(revenue):
    named = pl.col("indicator_id") == "total_revenue"
    before = catalogue.get_indicators().filter(named).row(0, named=True)
    with holding(revenue):
        here = catalogue.get_indicators().filter(named).row(0, named=True)
        sources = catalogue.get_sources()
    assert (here["observations"], here["parks"], here["own"]) == (before["observations"] + 1, before["parks"], 1)
    assert sources.row(0, named=True)["title_zh"] == "own.csv"
    assert sources.height == catalogue.get_sources().height + 1


def test_places_beside_each_other_take_the_published_figure_first():
    mine = put(HEAD + "湘潭高新区,技工贸总收入,2013,9999,亿元,\n长沙高新区,技工贸总收入,2013,1700,亿元,\n")
    with holding(mine):
        stand = ranking.rank_places(ranking.select_annual_figures(get_definition_figures("total_revenue")), 2013, HOME)
    told = dict(stand.select("park_id", "value_text").rows())
    assert (told[HOME], told["cshtz"]) == ("720.1", "1700")


def test_the_record_of_kept_targets_is_of_published_targets_and_results():
    mine = put(REVENUE, "地区,指标,年度,目标值,单位\n湘潭高新区,技工贸总收入,2013,700,亿元\n")
    kept = comparison.compute_target_records(get_judged_targets())
    with holding(mine):
        assert comparison.compute_target_records(get_judged_targets()).equals(kept)


def test_a_page_leads_with_the_published_figure_and_with_an_own_one_where_there_is_none():
    mine = put(HEAD + "湘潭高新区,技工贸总收入,2013,9999,亿元,\n湘潭高新区,技工贸总收入,2014,1008.5,亿元,\n")
    with holding(mine):
        rows = get_observations(indicators=["total_revenue"], parks=[HOME], evidence=("published", "derived", "own"))
    assert headlines.select_annual_rows(rows)["value_text"].to_list() == ["720.1", "1008.5"]


def test_files_of_a_view_with_own_figures_say_so_in_their_name_and_in_every_row(revenue):
    with holding(revenue):
        rows = get_observations(indicators=["total_revenue"], parks=[HOME], evidence=("published", "own"))
        aims = get_judged_targets(parks=[HOME])
    assert formats.make_file_name("observations", rows, "csv").startswith("park-with-own-observations-all-")
    assert formats.make_file_name("observations", rows.tail(1), "csv").startswith("park-own-observations-all-")
    assert formats.make_file_name("targets", aims, "xlsx").startswith("park-with-own-targets-all-")
    table = pl.read_csv(io.BytesIO(formats.as_csv(rows, bom=False)), infer_schema=False)
    assert table.select("value_text", "evidence", "source_title", "locator").row(-1) == (
        "1008.5", "own", "own.csv", "第 2 行",
    )  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(formats.as_xlsx(aims)))["数据"]
    heads = [cell.value for cell in sheet[1]]
    first = dict(zip(heads, (cell.value for cell in sheet[2]), strict=True))
    assert (first["target_id"], first["status"], first["lit_evidence"]) == ("T01", "met", "own")


def test_a_link_and_a_route_know_nothing_of_own_figures(revenue):
    with holding(revenue):
        hold(None)  # as in the thread of a request
        reply = TestClient(api).get("/observations.json?park=xthtz&evidence=published,own,derived").json()
    assert {row["evidence"] for row in reply["rows"]} == {"published", "derived"}


def test_a_thread_begins_with_nothing_and_keeps_nothing_for_the_next(revenue):
    with holding(revenue):
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(run_context.find_held_figures).result() is None
        carried = contextvars.copy_context()
    with ThreadPoolExecutor(1) as pool:
        assert (
            pool.submit(carried.run, run_context.find_held_figures).result() is revenue
        )  # as a download takes it along
        assert pool.submit(run_context.find_held_figures).result() is None


def test_forty_sessions_at_once_see_their_own_revenue_and_no_other():
    sessions = [None, *(put(HEAD + f"湘潭高新区,技工贸总收入,2014,{1000 + n}.5,亿元,\n") for n in range(7))]
    wrong, start = [], threading.Barrier(40)

    def run(number):
        mine = sessions[number % len(sessions)]
        expected = [] if mine is None else [f"{1000 + sessions.index(mine) - 1}.5"]
        start.wait()
        for _ in range(random.Random(number).randint(1, 2)):
            hold(mine)  # the router does so at the start of every run
            shown = get_observations(indicators=["total_revenue"], parks=[HOME], evidence=("own",))[
                "value_text"
            ].to_list()
            lit = judgement("T01")["actual_value_text"]
            counted = exploration.count_theme_figures("economy", ("own",))
            if (shown, lit, counted) != (expected, expected[0] if expected else None, len(expected)):
                wrong.append((number, shown, lit, counted))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_answers_that_all_readers_share_are_the_same_after_one_held_something(revenue):
    mine = put(PLACE, COUNTED, HEAD + "新园高新区,充电桩数,2024,120,个,\n湘潭高新区,技工贸总收入,2014,1008.5,亿元,\n")

    def shared():
        kinds = ("published", "derived", "own")
        return [
            get_observations(evidence=kinds),
            get_judged_targets(),
            exploration.get_figure_counts().sort(pl.all()),
            catalogue.get_parks(),
            catalogue.get_indicators(),
            catalogue.get_sources(),
            names.get_search_entries(),
            search.parse_search_text("新园 jgm"),
            comparison.get_compared_definitions(HOME),
        ]

    def cold():
        for function in (exploration._count_database_figures, outcomes._judge_published):
            function.cache_clear()

    before = shared()
    cold()
    with holding(mine):  # the caches are filled while something is held
        shared()
    after = shared()
    for number, (one, other) in enumerate(zip(before, after, strict=True)):
        assert one.equals(other) if isinstance(one, pl.DataFrame) else one == other, number


def test_what_was_put_in_goes_with_the_session_that_held_it():
    mine = put(REVENUE)
    with holding(mine):
        get_judged_targets()
        exploration.compute_facet_counts(exploration.Choice(evidence=()))
        search.parse_search_text("jgm")
    gone = weakref.ref(mine), weakref.ref(mine.files[0])
    del mine
    gc.collect()
    assert [each() for each in gone] == [None, None]


def test_a_file_is_taken_out_and_the_others_stay():
    mine = put(REVENUE, HEAD + "湘潭高新区,工业总产值,2014,700,亿元,\n")
    assert mine.rows == 2
    left = mine.without(0)
    with holding(left):
        assert judgement("T01")["status"] == "cannot_judge"
        assert get_observations(parks=[HOME], evidence=("own",))["value_text"].to_list() == ["700"]
    assert left.without(0) is None


def test_a_fragment_takes_up_language_and_own_figures_where_the_run_left_them(revenue):
    speak("en")
    with holding(revenue):
        again = language.capture_run_context()
    speak("zh")

    def later():
        again()
        return language.lang(), run_context.find_held_figures()

    assert contextvars.Context().run(later) == ("en", revenue)


def test_words_mark_what_was_not_published():
    assert [figures.format_evidence_mark(kind) for kind in ("published", "derived", "own", "sample", None)] == [
        "", "", "（自有）", "（示例）", "",
    ]  # fmt: skip
    speak("en")
    assert figures.format_evidence_mark("own") == " (own)"
    speak("zh")


# The page


def dropped(at, *arriving):
    """The page of sources with files in its uploader."""
    at.file_uploader[0].set_value([(name, content, "text/csv") for name, content in arriving]).run()
    assert [error.message for error in at.exception] == []
    return at


def loaded(at):
    """After the consent to load the first report."""
    button = next(button for button in at.button if str(button.key).endswith("_load"))
    button.click().run()
    assert [error.message for error in at.exception] == []
    return at


def said(at):
    """Everything the page says in words."""
    texts = [str(element.value) for kind in ("markdown", "caption", "error", "title") for element in at.get(kind)]
    return unwrap("\n".join(texts)).replace(" （", "（")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_reported_on_loaded_seen_on_other_pages_and_removed(encoding):
    text = REVENUE + "湘潭高新区,财政收人,2014,20,亿元,\n"
    at = dropped(opened("sources", show="own"), ("季报.csv", text.encode(encoding)))
    assert "可载入 **1 条数据** · 退回 1 行" in said(at)
    assert "财政收人" in said(at)
    assert "相近的有：财政收入" in said(at)
    loaded(at)
    assert "含您的自有数据 1 条，只有您看得到。" in said(at)
    at.switch_page("overview.py").run()
    assert at.title[0].value == "1000亿元目标：100.9%，已完成（自有）"
    assert "1008.5亿元（自有）" in said(at)
    at.switch_page("sources.py").run()
    next(button for button in at.button if str(button.key).startswith("sources_own_remove")).click().run()
    assert "含您的自有数据" not in said(at)
    at.switch_page("overview.py").run()
    assert at.title[0].value == "1000亿元目标须增38.87%，结果未见公布"


def test_another_session_of_the_same_server_sees_nothing_of_it():
    loaded(dropped(opened("sources", show="own"), ("own.csv", REVENUE.encode())))
    other = opened("overview")
    assert other.title[0].value == "1000亿元目标须增38.87%，结果未见公布"
    assert "自有" not in said(other)


def test_a_broken_file_keeps_what_was_loaded_before():
    at = loaded(dropped(opened("sources", show="own"), ("own.csv", REVENUE.encode())))
    dropped(at, ("bad.xlsx", b"PK\x03\x04 no workbook"))
    assert "文件已损坏，打不开" in said(at)
    assert "已载入的不受影响" in said(at)
    assert "含您的自有数据 1 条" in said(at)


def test_columns_without_known_heads_are_asked_for_and_then_read():
    at = dropped(
        opened("sources", show="own"),
        ("odd.csv", "谁,啥,哪年,多少,用啥\n湘潭高新区,技工贸总收入,2014,1008.5,亿元\n".encode()),
    )
    assert any("还缺" in warning.value for warning in at.warning)
    assert not any("可载入 **1" in text.value for text in at.markdown)
    boxes = {box.label.rstrip(" *"): box for box in at.selectbox}
    for field, head in {"地区": "A 谁", "指标": "B 啥", "时期": "C 哪年", "数值": "D 多少", "单位": "E 用啥"}.items():
        boxes[field].set_value(head)
    at.run()
    assert "可载入 **1 条数据**" in said(at)


def test_the_same_file_is_not_loaded_twice():
    at = loaded(dropped(opened("sources", show="own"), ("own.csv", REVENUE.encode())))
    dropped(at, ("copy.csv", REVENUE.encode()))
    assert "copy.csv：已经载入。" in said(at)
    assert "含您的自有数据 1 条" in said(at)


def test_english_readers_get_the_report_in_english():
    at = dropped(
        opened("sources", "en", show="own"), ("own.csv", (REVENUE + "湘潭高新区,财政收人,2014,20,亿元,\n").encode())
    )
    assert "**1 figure** can be loaded · 1 row refused" in said(at)
    assert "no such indicator in the catalogue" in said(at)
