-- severity: needs_definition
-- name_zh: 序列下降而没有公布下降
-- name_en: A series falls without a published fall
-- explanation_zh: 两年的数出自不同来源，后一个可能按修订后的口径或剔除重复后重报；合计数还受统计家数变化的影响。
-- explanation_en: The two years come from different sources; the later one may follow a revised definition or leave out double counting. Totals also depend on how many units they cover.
-- Two neighbouring years of a flow, from two sources, of which the later lies below the earlier beyond rounding, while
-- no growth printed for the later year, or for months of it, leaves room for a fall.
with

yearly as (

    select *
    from figure
    where year is not null and measure = 'flow' and base_low is not null and base_high is not null
    qualify row_number() over (
        partition by park_id, comparable_key, year order by (bound = 'none') desc, published desc, observation_id
    ) = 1

),

fallen as (

    select distinct park_id, comparable_key, year(period_end) as year
    from figure
    where growth_low < 0

)

select
    later.park_id,
    concat_ws(':', later.park_id, later.comparable_key, later.period) as key,
    list_distinct([earlier.indicator_id, later.indicator_id]) as indicators,
    [earlier.observation_id, later.observation_id] as observations,
    format('{}{}，低于{}年公布的{}，而没有公布过下降。', later.said_zh, later.shown_zh, earlier.period, earlier.shown_zh) as sentence_zh,
    format('{}: {}, below the {} published for {}, and no fall was published.', later.said_en, later.shown_en, earlier.shown_en, earlier.period) as sentence_en,
    100 * (later.base_low / earlier.base_high - 1) as misfit_low,
    100 * (later.base_high / earlier.base_low - 1) as misfit_high,
    '与上年之比，%' as misfit_zh,
    'change on the year before, per cent' as misfit_en,
from yearly as later
inner join yearly as earlier
    on
        later.park_id = earlier.park_id
        and later.comparable_key = earlier.comparable_key
        and later.dimension = earlier.dimension
        and later.year = earlier.year + 1
        and later.source_id <> earlier.source_id
anti join fallen
    on later.park_id = fallen.park_id and later.comparable_key = fallen.comparable_key and later.year = fallen.year
where later.base_high <= earlier.base_low
