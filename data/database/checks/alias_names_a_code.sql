-- Rule: an alias is another word for an indicator or a place that exists
-- Mend: correct kind or code
select file, line, 'code', code
from stage_alias
where
    (kind = 'indicator' and code not in (select indicator_id::varchar from stage_indicator))
    or (kind = 'park' and code not in (select park_id::varchar from stage_park))
