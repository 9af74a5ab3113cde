select
    observation.observation_id,
    indicator.name_zh as indicator_zh,
    indicator.name_en as indicator_en,
    park.name_zh as park_zh,
    park.name_en as park_en,
    observation.period,
    observation.value,
    observation.value_text,
    unit.name_zh as unit_zh,
    observation.bound,
    observation.growth_pct,
    observation.source_id,
    observation.locator_zh,

from observation
inner join indicator using (indicator_id)
inner join park using (park_id)
inner join unit on observation.unit_id = unit.unit_id
where
    observation.evidence = 'published'
    and observation.indicator_id in $indicators
    and observation.park_id in $parks
    and observation.period_end >= $first
    and observation.period_start <= $last
order by
    indicator.position, observation.park_id, observation.period_start, observation.period_end,
    observation.observation_id
