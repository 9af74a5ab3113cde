-- severity: needs_definition
-- name_zh: 数值与增速对不上
-- name_en: Levels and growth do not fit
-- explanation_zh: 增速可能按修订后的基数或另一口径计算，所以与两年公布数之比不同。
-- explanation_en: Growth may be taken on a revised base or another scope, and then differs from the quotient of two published values.
-- Only where the two can be set beside each other: final figures of one place that is no sum of others, of which no
-- other version was printed, and no break with a known cause between. A nominal growth must be the quotient of the two values; a growth at
-- comparable prices may differ from it by the change of prices, and is a finding where no change within price_low to
-- price_high (see view/figure.sql) joins them. Growth on another list or base says nothing of last year's value.
with

broken as (

    select distinct park_id, comparable_key, year
    from place_break
    where is_explained

),

final as (

    select *
    from worded as figure
    where span = 'year' and base_low is not null and base_high is not null and bound = 'none' and not is_sum

),

single as (

    select *
    from final
    anti join final as other
        on
            final.park_id = other.park_id
            and final.comparable_key = other.comparable_key
            and final.year = other.year
            and final.dimension = other.dimension
            and (final.base_high < other.base_low or final.base_low > other.base_high)

),

grown as (

    select
        single as figure,
        base,
        100 * (single.base_low / base.base_high - 1) as quotient_low,
        100 * (single.base_high / base.base_low - 1) as quotient_high,
        single.growth_basis = 'nominal' as nominal,
        -- The prices that would join the two, per cent.
        100 * ((1 + quotient_low / 100) / (1 + single.growth_high / 100) - 1) as prices_low,
        100 * ((1 + quotient_high / 100) / (1 + single.growth_low / 100) - 1) as prices_high,
    from single
    inner join single as base
        on
            single.park_id = base.park_id
            and single.comparable_key = base.comparable_key
            and single.year = base.year + 1
            and single.dimension = base.dimension
    anti join broken
        on single.park_id = broken.park_id and single.comparable_key = broken.comparable_key and single.year = broken.year
    where
        base.base_low > 0 and single.growth_low > -100 and single.growth_basis in ('nominal', 'constant_price')
    qualify row_number() over (
        partition by single.observation_id order by base.indicator_id = single.indicator_id desc, base.precedence
    ) = 1

),

said as (

    -- No more digits than the interval supports.
    select
        *,
        regexp_replace(round((quotient_low + quotient_high) / 2, if(quotient_high - quotient_low > 0.5, 0, 1))::varchar, '\.0$', '') as quotient,
        regexp_replace(round((prices_low + prices_high) / 2, 0)::varchar, '\.0$', '') as prices,
    from grown
    where
        if(nominal, quotient_low >= figure.growth_high or quotient_high <= figure.growth_low, prices_low > figure.price_high or prices_high < figure.price_low)

)

select
    figure.park_id,
    concat_ws(':', figure.park_id, figure.indicator_id, figure.period, figure.observation_id, base.observation_id) as key,
    list_distinct([figure.indicator_id, base.indicator_id]) as indicators,
    [figure.observation_id, base.observation_id] as observations,
    format(
        '{}{}、公布增长{}%；{}年公布{}{}，{}。',
        figure.said_zh, figure.shown_zh, figure.growth_text, base.period,
        if(figure.indicator_id = base.indicator_id, '', base.indicator_zh), base.shown_zh,
        if(nominal, format('按两数相除增长约{}%', quotient), format('价格须变动约{}%，三个数才能同时成立', prices))
    ) as sentence_zh,
    format(
        '{}: {}, growth printed {}%; {} printed for {}{}: {}.',
        figure.said_en, figure.shown_en, figure.growth_text, base.shown_en, base.period,
        if(figure.indicator_id = base.indicator_id, '', ' as ' || base.indicator_en),
        if(nominal, format('the quotient gives about {}%', quotient), format('prices would have changed by about {}% for all three to hold', prices))
    ) as sentence_en,
    if(nominal, quotient_low - figure.growth_high, prices_low) as misfit_low,
    if(nominal, quotient_high - figure.growth_low, prices_high) as misfit_high,
    if(nominal, '两数之比减去公布的增速，百分点', '须有的价格变动，%') as misfit_zh,
    if(nominal, 'quotient less printed growth, percentage points', 'change of prices needed, per cent') as misfit_en,
from said
