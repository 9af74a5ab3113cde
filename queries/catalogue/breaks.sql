-- One row: one year from which on the figures of a place and definition must not be compared with those before.
select
    park_id::varchar as park_id,
    comparable_key,
    year,
    years_only,
    reason_zh,
    reason_en,

from place_break
order by place_break.park_id, comparable_key, year
