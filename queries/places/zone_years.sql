-- One row: one zone with figures, and the year in which it became a national zone, where that was printed.
select
    park_id::varchar as park_id,
    left(approved_national, 4)::integer as year,

from zone
where park_id is not null and approved_national is not null
order by zone.park_id
