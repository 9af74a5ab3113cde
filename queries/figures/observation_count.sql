-- One row: how many published figures there are.
-- $parks  text[]  place codes; null: all
-- $asof   date    figures known by this day; null: all
select count(*) as figures,
from figure
where
    evidence = 'published'
    and ($parks is null or park_id::varchar in $parks)
    and ($asof is null or known_from <= $asof)
