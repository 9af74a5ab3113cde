-- One row: one figure in use of some places and indicators, in its base unit; own figures last.
-- $parks       list of texts  codes of the places
-- $indicators  list of texts  codes of the indicators
select
    observation.park_id::varchar as park_id,
    observation.indicator_id::varchar as indicator_id,
    observation.period,
    observation.value::double * unit.factor::double as value,

from observation
inner join unit using (unit_id)
where list_contains($parks, observation.park_id::varchar)
    and list_contains($indicators, observation.indicator_id::varchar)
    and observation.value is not null
order by observation.evidence = 'own'
