-- One row: one year from which on the figures of a place and definition must not be compared with those before.
select
    series_break.park_id::varchar as park_id,
    indicator.comparable_key,
    series_break.year,
    series_break.reason_zh,
    series_break.reason_en,

from series_break
inner join indicator using (indicator_id)
order by series_break.park_id, indicator.comparable_key, series_break.year
