-- One row: one place and year of approval: a national zone, or a city that a national high-tech zone lies in.
select
    park_id::varchar as park_id,
    left(approved_national, 4)::integer as year,

from zone
where park_id is not null and approved_national is not null

union

select
    host_park_id::varchar as park_id,
    left(approved_national, 4)::integer as year,

from zone
where kind = 'zone' and host_park_id is not null and approved_national is not null
order by park_id, year
