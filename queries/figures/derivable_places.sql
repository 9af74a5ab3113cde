-- One row: a place of whose published figures another may follow; which do follow is judged row by row.
-- $bases  text[]  bases of growth from which the level of the year before may follow
select distinct park_id::varchar as park_id,
from figure
where evidence::varchar = 'published' and growth_pct is not null and growth_basis::varchar in $bases

union distinct

select one.park_id::varchar as park_id,
from derivation
inner join figure as one on derivation.first_id = one.indicator_id
inner join figure as other
    on
        derivation.second_id = other.indicator_id
        and one.park_id = other.park_id
        and one.period = other.period
        and one.source_id = other.source_id
where one.evidence::varchar = 'published' and other.evidence::varchar = 'published'
order by park_id
