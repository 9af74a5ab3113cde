-- One row: how many published figures there are.
-- $parks  text[]  place codes; null: all
select count(*) as figures,
from observation
where evidence = 'published' and ($parks is null or park_id::varchar in $parks)
