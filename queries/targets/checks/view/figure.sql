-- One row: one published figure of `figure` in words, for the sentences of the checks; the table `worded` of the checks.
-- $asof  date  figures known by this day; null: all
-- Numbers are doubles. period_zh, period_en: in words; said_zh, said_en: place, period and name; shown_zh, shown_en: the
-- value as printed with its unit.
select
    figure.* replace (
        figure.low::double as low,
        figure.high::double as high,
        figure.base_value::double as base_value,
        figure.base_low::double as base_low,
        figure.base_high::double as base_high,
        figure.growth_low::double as growth_low,
        figure.growth_high::double as growth_high,
        coalesce(figure.published, '') as published
    ),
    unit.factor::double as factor,
    figure.value::double as number,
    park.name_zh as park_zh,
    park.name_en as park_en,
    indicator.name_zh as indicator_zh,
    indicator.name_en as indicator_en,
    unit.name_zh as unit_zh,
    -- A price change of a year within which a nominal and a real growth may both be right: China's producer prices
    -- and deflators of gross product moved between -6% and +24% a year since 1990; half as much again and more is
    -- left for one place or one industry. Where industry made more than two thirds of the product the year before, one
    -- raw material may set its price, and oil lost half of its price within a year twice since 2008.
    if(
        exists(
            from figure as share
            where
                share.park_id = figure.park_id
                and share.indicator_id = 'secondary_industry_gdp_share'
                and share.span = 'year'
                and share.year = figure.year - 1
                and share.low > 66.7
        ),
        -50, -15
    ) as price_low,
    40 as price_high,
    case
        when span in ('to_date', 'quarter', 'months') then year || '年' || first_month || '—' || last_month || '月'
        when span = 'year' then year || '年'
        else year || '年' || last_month || '月'
    end as period_zh,
    case
        when span in ('to_date', 'quarter', 'months')
            then strftime(period_start, '%b') || '–' || strftime(period_end, '%b') || ' ' || year
        when span = 'year' then year::varchar
        else strftime(period_end, '%b %Y')
    end as period_en,
    park_zh || period_zh || indicator_zh as said_zh,
    park_en || ' ' || period_en || ', ' || if(regexp_matches(indicator_en, '^[A-Z][a-z]'), lower(left(indicator_en, 1)), left(indicator_en, 1)) || substr(indicator_en, 2) as said_en,
    if(bound = 'expected', '预计', '') || regexp_replace(value_text, '(以上|余)$', '') || unit_zh
    || regexp_extract(value_text, '(以上|余)$') as shown_zh,
    regexp_replace(format('{:,.4f}', number * unit.scale_en::double), '\.?0+$', '') || if(unit.scaled_name_en = '%', '%', ' ' || unit.scaled_name_en)
    || case bound::varchar
        when 'expected' then ' (expected)' when 'at_least' then ' or more' when 'more_than' then ' and more' else ''
    end as shown_en,
from figure
inner join park using (park_id)
inner join indicator using (indicator_id)
inner join unit on figure.unit_id = unit.unit_id
where figure.evidence = 'published' and ($asof is null or figure.known_from <= $asof)
