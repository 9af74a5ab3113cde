-- severity: contradiction
-- name_zh: 占比对应不出整数
-- name_en: A share without a whole number
-- explanation_zh: 占比的分母可能是另一个时点的数，或分子与分母的范围不同。
-- explanation_en: The share may have been taken of a number at another date, or count and whole differ in scope.
-- A count of whole things and the share that it is printed to be: some whole number must give that share.
with

pair as (

    select
        count,
        share,
        count.number / share.high * 100 as low,
        count.number / share.low * 100 as high,
    from (
        values
        ('hightech_enterprises_certified', 'hightech_enterprises_city_share')
    ) as known (count_id, share_id)
    inner join worded as count on known.count_id = count.indicator_id::varchar
    inner join worded as share
        on known.share_id = share.indicator_id::varchar and count.park_id = share.park_id and count.period = share.period
    where count.is_count and count.bound = 'none' and share.bound = 'none' and share.low > 0

)

select
    count.park_id,
    concat_ws(':', count.park_id, count.indicator_id, count.period, count.observation_id, share.observation_id) as key,
    [count.indicator_id, share.indicator_id] as indicators,
    [count.observation_id, share.observation_id] as observations,
    format('{}为{}，又称占{}%，没有一个整数的总数能得出这个占比（{:.2f}至{:.2f}）。', count.said_zh, count.shown_zh, share.number, low, high) as sentence_zh,
    format('{}: {}, said to be {}%: no whole number gives this share ({:.2f} to {:.2f}).', count.said_en, count.shown_en, share.number, low, high) as sentence_en,
    floor(high) - low as misfit_low,
    ceil(low) - high as misfit_high,
    '离最近整数的距离' as misfit_zh,
    'distance to the nearest whole numbers' as misfit_en,
from pair
where ceil(low) > floor(high)
