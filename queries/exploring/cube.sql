-- One row: how many figures there are of one indicator, place, span of years and kind of evidence.
-- $asof  date  figures known by this day; null: all
select
    indicator_id::varchar as indicator_id,
    park_id::varchar as park_id,
    evidence::varchar as evidence,
    year(period_start) as first_year,
    figure.year as last_year,
    count(*) as figures,

from figure
where $asof is null or known_from <= $asof
group by indicator_id, park_id, evidence, first_year, last_year
