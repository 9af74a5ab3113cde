-- One row: one place and year with the figure that counts, of one definition and a whole year.
-- $key   varchar  comparable_key
-- $asof  date     figures known by this day; null: all
select
    park_id::varchar as park_id,
    year,
    base_value::double as size,

from figure
where
    comparable_key = $key
    and span = 'year'
    and length(period) = 4  -- the same, asked of the row itself
    and base_value is not null
    and evidence in ('published', 'own')
    and ($asof is null or known_from <= $asof)
qualify precedence = min(precedence) over (partition by figure.park_id, figure.year)
order by figure.park_id, figure.year
