-- severity: needs_definition
-- name_zh: 数值与增速对不上
-- name_en: Levels and growth do not fit
-- explanation_zh: 增速可能按可比价格、可比口径，或按修订后的基数计算，所以与两年公布数之比不同。
-- explanation_en: Growth may be at comparable prices, within a comparable scope or on a revised base, and then differs from the quotient of two published values.
-- The last final figure of the year before is the base. Growth of value added is at comparable prices: a note.
with

base as (

    select *
    from figure
    where year is not null and base_low > 0 and base_high is not null and bound = 'none'
    qualify row_number() over (partition by park_id, comparable_key, year order by published desc, observation_id) = 1

),

grown as (

    select
        figure,
        base,
        100 * (figure.base_low / base.base_high - 1) as low,
        100 * (figure.base_high / base.base_low - 1) as high,
    from figure
    inner join base
        on
            figure.park_id = base.park_id
            and figure.comparable_key = base.comparable_key
            and figure.year = base.year + 1
            and figure.dimension = base.dimension
    where figure.growth_low is not null and figure.base_low is not null and figure.base_high is not null and figure.bound = 'none'

),

said as (

    -- No more digits than the interval supports.
    select
        *,
        regexp_replace(round((low + high) / 2, if(high - low > 0.5, 0, 1))::varchar, '\.0$', '') as quotient,
    from grown

)

select
    figure.park_id,
    concat_ws(':', figure.park_id, figure.indicator_id, figure.period, figure.observation_id, base.observation_id) as key,
    list_distinct([figure.indicator_id, base.indicator_id]) as indicators,
    [figure.observation_id, base.observation_id] as observations,
    format(
        '{}{}、公布增长{}%；{}年公布{}{}，按两数相除增长约{}%。',
        figure.said_zh, figure.shown_zh, figure.growth_text, base.period,
        if(figure.indicator_id = base.indicator_id, '', base.indicator_zh), base.shown_zh, quotient
    ) as sentence_zh,
    format(
        '{}: {}, growth printed {}%; {} printed for {}{}: the quotient gives about {}%.',
        figure.said_en, figure.shown_en, figure.growth_text, base.shown_en, base.period,
        if(figure.indicator_id = base.indicator_id, '', ' as ' || base.indicator_en), quotient
    ) as sentence_en,
    low - figure.growth_high as misfit_low,
    high - figure.growth_low as misfit_high,
    '两数之比减去公布的增速，百分点' as misfit_zh,
    'quotient less printed growth, percentage points' as misfit_en,
    if(regexp_matches(figure.comparable_key, 'gdp|value_added'), 'note', 'needs_definition') as severity,
from said
where low >= figure.growth_high or high <= figure.growth_low
