-- One row: how many figures there are.
-- $parks  text[]  place codes; null: all
select count(*) as figures,
from observation
where $parks is null or park_id::varchar in $parks
