-- One row: one figure in use about one of some pairs of place and indicator, in its base unit; own figures last.
-- $parks       list of texts  codes of the places of the pairs
-- $indicators  list of texts  codes of their indicators, in the same order
with about as (select unnest($parks) as park_id, unnest($indicators) as indicator_id)

select
    observation.park_id::varchar as park_id,
    observation.indicator_id::varchar as indicator_id,
    observation.period,
    observation.value::double * unit.factor::double as value,

from observation
inner join unit using (unit_id)
semi join about
    on observation.park_id::varchar = about.park_id
    and observation.indicator_id::varchar = about.indicator_id
where observation.value is not null
order by observation.evidence = 'own'
