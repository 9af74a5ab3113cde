"""A copy of the database with as many figures as one likes: invented, for measuring only.

The places, indicators and units are the real ones; the numbers follow from their codes, so that every copy is the same.
"""

import shutil
import sys
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parents[2]))
from data.database import figure_table
from tests.tools.figure_view import restore_figure_view

PART = 2_000_000  # rows sorted at a time, which bounds the memory
FIGURES = """
insert into kept.own
select * from observation where indicator_id in (from unnest($indicators)) and $evidence = 'published'
union all
select
    concat_ws('-', 'B', indicator_no, park_no, month) as observation_id,
    park_id,
    indicator_id,
    strftime(first_day, '%Y-%m') as period,
    first_day as period_start,
    last_day(first_day) as period_end,
    printed::decimal(18, 4) as value,
    printed::varchar as value_text,
    1 as decimals,
    unit_id,
    'none' as bound,
    null as growth_pct,
    null as growth_text,
    null as growth_basis,
    $evidence as evidence,
    if($evidence = 'own', 'own', 'high') as confidence,
    (select source_id from source limit 1) as source_id,
    '表' as locator_zh,
    'Table' as locator_en,
    null as note_zh,
    null as note_en,
from (
    select
        park_id,
        indicator_id,
        unit_id,
        month,
        park_no,
        enum_code(indicator_id) as indicator_no,
        (date '1900-01-01' + to_months(month::integer))::date as first_day,
        (100 + (hash(indicator_id, park_id, month) % 100000)::decimal(18, 1) / 10)::decimal(18, 1) as printed,
    from
        indicator,
        (
            select park_id, row_number() over (order by park_id) - 1 as park_no
            from park where park_id::varchar not in (from unnest($spared))
        ),
        range($months) as months (month)
    where indicator_id in (from unnest($indicators))
)
where (indicator_no::bigint * $parks + park_no) * $months + month < $rows
order by indicator_id, park_id, period_start, period_end, observation_id
"""

TOGETHER = ("drop table observation", "create table observation as from kept.own", "drop schema kept cascade")
APART = (
    "create table kept.printed as from observation",
    "drop table observation",
    "create view observation as from kept.printed union all from kept.own",
)


def grown(
    source: Path,
    target: Path,
    rows: int,
    evidence: str = "published",
    memory: str = "4GB",
    spared: tuple[str, ...] = (),
) -> Path:
    """Copy a database and add so many monthly figures to it, in the order in which the build stores them, without keys.

    evidence: published, or own as figures that a file brought. memory: the most that DuckDB may hold. spared: places
    that get no more, so that their pages have as much to draw as before, and only more to search.

    It is laid out as one of so many: what follows from a figure is a view, and own figures stand in a table apart.
    """
    shutil.copyfile(source, target)
    with duckdb.connect(target, config={"memory_limit": memory, "temp_directory": f"{target}.parts"}) as connection:
        connection.execute("set enable_progress_bar = false")
        indicators = [code for (code,) in connection.sql("select indicator_id from indicator order by all").fetchall()]
        [(parks,)] = connection.sql("select count(*) from park").fetchall()
        parks -= len(spared)
        months = -(-rows // (len(indicators) * parks))
        some = max(1, PART // (parks * max(1, months)))
        connection.execute("create schema kept")
        connection.execute("create table kept.own as from observation limit 0")
        for begin in range(0, len(indicators), some):
            codes = indicators[begin : begin + some]
            part = {"indicators": codes, "parks": parks, "months": months, "rows": rows, "evidence": evidence}
            part["spared"] = list(spared)
            connection.execute(FIGURES, part)
        comments = figure_table.make_comment_statements(
            connection, "observation", "view" if evidence == "own" else "table"
        )
        restore_figure_view(connection)
        for statement in (*(APART if evidence == "own" else TOGETHER), *comments):
            connection.execute(statement)
        if evidence == "own":
            figure_table.keep_printed_figures(connection)
        connection.execute("update build set data_version = $version", {"version": f"{rows:012x}"})
    return target
