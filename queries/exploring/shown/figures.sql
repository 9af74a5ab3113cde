select
    figure.observation_id,
    indicator.name_zh as indicator_zh,
    indicator.name_en as indicator_en,
    park.name_zh as park_zh,
    park.name_en as park_en,
    figure.period,
    figure.value,
    figure.value_text,
    unit.name_zh as unit_zh,
    figure.bound,
    figure.growth_pct,
    figure.source_id,
    figure.locator_zh,

from figure
inner join indicator using (indicator_id)
inner join park using (park_id)
inner join unit on figure.unit_id = unit.unit_id
where
    figure.evidence = 'published'
    and figure.indicator_id in $indicators
    and figure.park_id in $parks
    and figure.period_end >= $first
    and figure.period_start <= $last
    and figure.known_from <= $asof
order by
    indicator.position, figure.park_id, figure.period_start, figure.period_end,
    figure.observation_id
