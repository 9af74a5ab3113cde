-- One row: one indicator and place of which the database has own figures: how many, and how many of whole years.
select
    indicator_id::varchar as indicator_id,
    park_id::varchar as park_id,
    count(*) as figures,
    count(*) filter (where length(period) = 4) as whole_years,

from observation
where evidence = 'own'
group by observation.indicator_id, observation.park_id
order by observation.indicator_id, observation.park_id
