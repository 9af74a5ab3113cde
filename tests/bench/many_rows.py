"""A copy of the database with as many figures as one likes: invented, for measuring only."""

import shutil
import sys
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.tools.figure_view import restore_figure_view

FIGURES = """
insert into observation
select
    'B' || row_number() over () as observation_id,
    park.park_id,
    indicator.indicator_id,
    strftime(first_day, '%Y-%m') as period,
    first_day as period_start,
    last_day(first_day) as period_end,
    printed::decimal(18, 4) as value,
    printed::varchar as value_text,
    1 as decimals,
    indicator.unit_id,
    'none' as bound,
    null as growth_pct,
    null as growth_text,
    null as growth_basis,
    'published' as evidence,
    'high' as confidence,
    source.source_id,
    '表' as locator_zh,
    'Table' as locator_en,
    null as note_zh,
    null as note_en,
from indicator, park, range($months) as months (month), (select source_id from source limit 1) as source,
    lateral (select (date '1900-01-01' + to_months(month::integer))::date as first_day) as days,
    lateral (
        select round(100 + (hash(indicator_id, park_id, month) % 100000) / 10.0, 1)::decimal(18, 1) as printed
    ) as numbers
order by indicator.indicator_id, park.park_id, first_day
limit $rows
"""


def grown(source: Path, target: Path, rows: int) -> Path:
    """Copy a database and add so many monthly figures to it, in the order in which the build stores them.

    What follows from a figure is a view in it, as in every database of so many.
    """
    shutil.copyfile(source, target)
    with duckdb.connect(target) as connection:
        [(indicators, parks)] = connection.sql(
            "select (select count(*) from indicator), (select count(*) from park)"
        ).fetchall()
        connection.execute(FIGURES, {"months": -(-rows // (indicators * parks)), "rows": rows})
        restore_figure_view(connection)
        connection.execute("update build set data_version = $version", {"version": f"{rows:012x}"})
    return target
