-- severity: note
-- name_zh: 同一目标的两种说法不一样严
-- name_en: Two forms of one target ask differently
-- explanation_zh: 数值常取整数，增速常写“以上”；按上年公布的数换算，两者会差一点。
-- explanation_en: Levels are often round numbers and growth is often “or more”; converted by the published base the two differ a little.
select
    level.park_id,
    concat_ws(':', level.park_id, level.target_id, growth.target_id, base.observation_id) as key,
    [level.indicator_id] as indicators,
    [base.observation_id] as observations,
    [level.target_id, growth.target_id] as targets,
    format(
        '{}{}年{}的目标写作{}{}，又写作增长{}%；按{}年的{}，增长{}%是{:.1f}至{:.1f}{}。',
        base.park_zh, level.year, indicator.name_zh, regexp_extract(level.value_text, '[\d.]+'), unit.name_zh,
        regexp_extract(growth.value_text, '[\d.]+'), base.period, base.shown_zh, regexp_extract(growth.value_text, '[\d.]+'),
        base.base_low / unit.factor::double * (1 + growth.value::double / 100),
        base.base_high / unit.factor::double * (1 + growth.value::double / 100), unit.name_zh
    ) as sentence_zh,
    format(
        'The target of {} in {} for {} is put as {} {} and as growth of {}%; from {} in {} that growth gives {:.2f} to {:.2f} {}.',
        base.park_en, level.year, indicator.name_en,
        regexp_replace(format('{:,.4f}', level.value::double * unit.scale_en::double), '\.?0+$', ''), unit.scaled_name_en,
        regexp_extract(growth.value_text, '[\d.]+'), base.shown_en, base.period,
        base.base_low / unit.factor::double * unit.scale_en::double * (1 + growth.value::double / 100),
        base.base_high / unit.factor::double * unit.scale_en::double * (1 + growth.value::double / 100), unit.scaled_name_en
    ) as sentence_en,
    base.base_low / unit.factor::double * (1 + growth.value::double / 100) - level.value::double as misfit_low,
    base.base_high / unit.factor::double * (1 + growth.value::double / 100) - level.value::double as misfit_high,
    format('增速的说法比数值的说法多要，{}', unit.name_zh) as misfit_zh,
    format('the growth asks more than the level by, in units of {}', unit.name_zh) as misfit_en,
from aimed as level
inner join aimed as growth
    on
        level.park_id = growth.park_id
        and level.indicator_id = growth.indicator_id
        and level.year = growth.year
        and level.source_id = growth.source_id
        and level.measure = 'level'
        and growth.measure = 'growth'
inner join indicator on level.indicator_id = indicator.indicator_id
inner join unit on level.unit_id = unit.unit_id
inner join worded as base
    on
        level.park_id = base.park_id
        and indicator.comparable_key = base.comparable_key
        and level.year = base.year + 1
        and base.span = 'year'
        and unit.dimension = base.dimension
where
    level.evidence = 'published'
    and base.bound = 'none'
    and not base.is_sum
    -- A growth at comparable prices, or on another list or base, asks for no level that could be set beside the other.
    and coalesce(growth.growth_basis, indicator.growth_basis) = 'nominal'
    and (
        base.base_low * (1 + growth.value::double / 100) > level.value::double * unit.factor::double
        or base.base_high * (1 + growth.value::double / 100) <= level.value::double * unit.factor::double
    )
