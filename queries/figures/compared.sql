-- One row: one definition, printed name, place and year for which the place has a figure of the whole year.
select
    indicator.comparable_key,
    observation.indicator_id::varchar as indicator_id,
    observation.park_id::varchar as park_id,
    observation.period,
    count(*) as figures,

from observation
inner join indicator using (indicator_id)
where length(observation.period) = 4 and observation.evidence in ('published', 'own')
group by indicator.comparable_key, observation.indicator_id, observation.park_id, observation.period, indicator.position
order by indicator.position, observation.park_id, observation.period
