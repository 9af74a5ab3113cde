-- One row: one published figure with all that a check of consistency needs; the table `figure` of the checks.
-- low, high: the interval that rounding or a bound word leaves open, in the printed unit; base_low, base_high: the same
-- in the base of the unit's dimension; a figure that was only expected has none. An upper end from rounding is not possible itself (high_in is false).
-- growth_low, growth_high: of the printed growth, per cent. year: of a figure of a whole year, else null.
-- growth_basis: what that growth is taken on; is_sum: a sum of zones, whose members may differ from year to year.
-- period_zh, period_en: in words; said_zh, said_en: place, period and name; shown_zh, shown_en: the value as printed with its unit.
with

measured as (

    select
        observation.* exclude (growth_basis),
        indicator.comparable_key,
        coalesce(
            observation.growth_basis, if(park.kind in ('aggregate', 'country') and indicator.growth_basis in ('nominal', 'unknown') and indicator.measure <> 'rate', 'comparable_scope', indicator.growth_basis)
        ) as growth_basis,
        park.kind in ('aggregate', 'country') as is_sum,
        indicator.measure,
        indicator.part_of,
        unit.dimension,
        unit.factor::double as factor,
        unit.dimension = 'count' and unit.factor = 1 as is_count,
        observation.value::double as number,
        (0.5 * power(10, -observation.decimals))::decimal(18, 5) as half,
        (0.5 * power(10, -length(regexp_extract(observation.growth_text, '\.(\d+)', 1))))::decimal(18, 5) as growth_half,
        try_cast(observation.period as integer) as year,
        park.name_zh as park_zh,
        park.name_en as park_en,
        indicator.name_zh as indicator_zh,
        indicator.name_en as indicator_en,
        unit.name_zh as unit_zh,
        unit.scale_en::double as scale_en,
        unit.scaled_name_en,
        coalesce(source.published, '') as published,
        -- A price change of a year within which a nominal and a real growth may both be right: China's producer prices
        -- and deflators of gross product moved between -6% and +24% a year since 1990; half as much again and more is
        -- left for one place or one industry.
        -15 as price_low,
        40 as price_high,
    from observation
    inner join indicator using (indicator_id)
    inner join unit on observation.unit_id = unit.unit_id
    inner join park using (park_id)
    inner join source on observation.source_id = source.source_id
    where observation.evidence = 'published'

)

select
    *,
    case
        when bound in ('about', 'expected') then null
        when is_count or bound <> 'none' then number
        else (value - half)::double
    end as low,
    case
        when bound <> 'none' then null
        when is_count then number
        else (value + half)::double
    end as high,
    is_count as high_in,
    low * factor as base_low,
    high * factor as base_high,
    (growth_pct - growth_half)::double as growth_low,
    (growth_pct + growth_half)::double as growth_high,
    case
        when contains(period, '/')
            then left(period, 4) || '年' || substr(period, 6, 2)::integer || '—' || right(period, 2)::integer || '月'
        when contains(period, '-') then left(period, 4) || '年' || right(period, 2)::integer || '月'
        else period || '年'
    end as period_zh,
    case
        when contains(period, '/')
            then strftime(period_start, '%b') || '–' || strftime(period_end, '%b') || ' ' || left(period, 4)
        when contains(period, '-') then strftime(period_end, '%b %Y')
        else period
    end as period_en,
    park_zh || period_zh || indicator_zh as said_zh,
    park_en || ' ' || period_en || ', ' || if(regexp_matches(indicator_en, '^[A-Z][a-z]'), lower(left(indicator_en, 1)), left(indicator_en, 1)) || substr(indicator_en, 2) as said_en,
    if(bound = 'expected', '预计', '') || regexp_replace(value_text, '(以上|余)$', '') || unit_zh
    || regexp_extract(value_text, '(以上|余)$') as shown_zh,
    regexp_replace(format('{:,.4f}', number * scale_en), '\.?0+$', '') || if(scaled_name_en = '%', '%', ' ' || scaled_name_en)
    || case bound::varchar
        when 'expected' then ' (expected)' when 'at_least' then ' or more' when 'more_than' then ' and more' else ''
    end as shown_en,
from measured
