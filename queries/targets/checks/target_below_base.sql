-- severity: note
-- name_zh: 目标不高于上年实绩
-- name_en: Target not above its base
-- explanation_zh: 目标可能按另一口径制定，也可能预计政策或统计范围有变化。
-- explanation_en: The target may have been set within another definition, or expecting a change of policy or scope.
select
    target.park_id,
    concat_ws(':', target.park_id, target.target_id, base.observation_id) as key,
    list_distinct([target.indicator_id, base.indicator_id]) as indicators,
    [base.observation_id] as observations,
    [target.target_id] as targets,
    format('{}{}年的{}目标是{}{}，而{}年已公布{}。', base.park_zh, target.year, indicator.name_zh, regexp_extract(target.value_text, '[\d.]+'), unit.name_zh, base.period, base.shown_zh) as sentence_zh,
    format(
        'The target for {} of {} in {} is {} {}, while {} was published for {}.', indicator.name_en, base.park_en, target.year,
        regexp_replace(format('{:,.4f}', target.value::double * unit.scale_en::double), '\.?0+$', ''), unit.scaled_name_en, base.shown_en, base.period
    ) as sentence_en,
    base.base_low / unit.factor::double - target.value::double as misfit_low,
    base.base_high / unit.factor::double - target.value::double as misfit_high,
    format('上年比目标多，{}', unit.name_zh) as misfit_zh,
    format('base above the target by, in units of {}', unit.name_zh) as misfit_en,
from aimed as target
inner join indicator using (indicator_id)
inner join unit on target.unit_id = unit.unit_id
inner join worded as base
    on
        target.park_id = base.park_id
        and indicator.comparable_key = base.comparable_key
        and target.year = base.year + 1
        and base.span = 'year'
        and unit.dimension = base.dimension
where
    target.evidence = 'published' and target.measure = 'level' and coalesce(indicator.direction, 'up') = 'up' and base.bound = 'none'
    and base.base_low > target.value::double * unit.factor::double
