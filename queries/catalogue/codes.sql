-- One row: one indicator of one place of which there are figures or targets, those with most first.
select
    indicator_id::varchar as indicator_id,
    park_id::varchar as park_id,
    count(*) as entries,

from (
    select indicator_id, park_id from observation
    union all
    select indicator_id, park_id from target
)
group by indicator_id, park_id
order by entries desc, indicator_id, park_id
