-- severity: needs_definition
-- name_zh: 序列下降而没有公布下降
-- name_en: A series falls without a published fall
-- explanation_zh: 两年的数出自不同来源，后一个可能按修订后的口径或剔除重复后重报；合计数还受统计家数变化的影响。
-- explanation_en: The two years come from different sources; the later one may follow a revised definition or leave out double counting. Totals also depend on how many units they cover.
-- Two neighbouring years of a flow, both final, from two sources, of which the later lies below the earlier beyond
-- rounding, while no fall was found printed for the later year or for months of it. A figure at current prices whose
-- growth is taken at comparable ones may fall with prices, so it must fall further than they do: by more than price_low
-- (see view/figure.sql) beyond the growth printed for the year, or beyond none. Any other growth printed for the year
-- leaves room unless it is nominal; that of a sum of zones always does: its members may have changed. A break with a
-- known cause needs no definition.
with

yearly as (

    select *
    from worded as figure
    where span = 'year' and measure = 'flow' and base_low is not null and base_high is not null and bound = 'none'
    qualify row_number() over (
        partition by park_id, comparable_key, year order by precedence
    ) = 1

),

growth as (

    select
        park_id,
        comparable_key,
        year,
        min(growth_low) as least,
        min(growth_low) filter (where span = 'year') as of_year,
        any_value(growth_basis) filter (where span = 'year') as basis,
    from worded as figure
    where growth_low is not null
    group by all

),

fallen as (

    select
        later,
        earlier,
        (earlier.base_low - later.base_high) / later.factor as low,
        (earlier.base_high - later.base_low) / later.factor as high,
    from yearly as later
    inner join yearly as earlier
        on
            later.park_id = earlier.park_id
            and later.comparable_key = earlier.comparable_key
            and later.dimension = earlier.dimension
            and later.year = earlier.year + 1
            and later.source_id <> earlier.source_id
    anti join place_break
        on
            place_break.is_explained
            and later.park_id = place_break.park_id
            and later.comparable_key = place_break.comparable_key
            and later.year = place_break.year
    left join growth
        on later.park_id = growth.park_id and later.comparable_key = growth.comparable_key and later.year = growth.year
    where
        later.base_high <= earlier.base_low
        and coalesce(growth.least, 0) >= 0
        and case
            when growth.of_year is not null and later.is_sum then false
            when coalesce(growth.basis, later.growth_basis) = 'constant_price'
                then
                    later.base_high / earlier.base_low
                    < (1 + coalesce(growth.of_year, 0) / 100) * (1 + later.price_low / 100)
            else growth.of_year is null or growth.basis = 'nominal'
        end

)

select
    later.park_id,
    concat_ws(':', later.park_id, later.comparable_key, later.period) as key,
    list_distinct([earlier.indicator_id, later.indicator_id]) as indicators,
    [earlier.observation_id, later.observation_id] as observations,
    format('{}{}，低于{}年公布的{}，而没有查到公布的下降。', later.said_zh, later.shown_zh, earlier.period, earlier.shown_zh) as sentence_zh,
    format('{}: {}, below the {} published for {}, and no published fall was found.', later.said_en, later.shown_en, earlier.shown_en, earlier.period) as sentence_en,
    low as misfit_low,
    high as misfit_high,
    format('低于上年公布的数，{}', later.unit_zh) as misfit_zh,
    format('below the value published for the year before by, in units of {}', later.unit_zh) as misfit_en,
from fallen
