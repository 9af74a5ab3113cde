-- One row: one definition, printed name, place and year for which the place has a figure of the whole year.
-- $asof  date  figures known by this day; null: all
select
    figure.comparable_key,
    figure.indicator_id::varchar as indicator_id,
    figure.park_id::varchar as park_id,
    figure.period,
    count(*) as figures,

from figure
inner join indicator using (indicator_id)
where
    figure.span = 'year'
    and length(figure.period) = 4  -- the same, asked of the row itself
    and figure.evidence in ('published', 'own')
    and ($asof is null or figure.known_from <= $asof)
group by figure.comparable_key, figure.indicator_id, figure.park_id, figure.period, indicator.position
order by indicator.position, figure.park_id, figure.period
