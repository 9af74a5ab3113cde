-- One row: how many figures there are of one indicator, place, span of years and kind of evidence.
select
    indicator_id::varchar as indicator_id,
    park_id::varchar as park_id,
    evidence::varchar as evidence,
    year(period_start) as first_year,
    year(period_end) as last_year,
    count(*) as figures,

from observation
group by indicator_id, park_id, evidence, first_year, last_year
