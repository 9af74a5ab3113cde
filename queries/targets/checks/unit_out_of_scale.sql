-- severity: contradiction
-- name_zh: 单位不合常理
-- name_en: Units that cannot be
-- explanation_zh: 转载时常把“万亿元”印作“亿元”、“万元”印作“亿元”；原始来源的单位可能不同。
-- explanation_en: Reprints often lose a 万 or turn 万元 into 亿元; the original may have another unit.
-- A value of a series a thousand times that of its neighbour, or a share above the whole.
with

neighbour as (

    select
        figure,
        lag(figure) over (partition by park_id, comparable_key, dimension order by period_end, observation_id) as before,
    from worded as figure
    where base_low > 0 and base_high is not null and measure <> 'rate' and span in ('year', 'month', 'date')

),

odd as (

    select
        figure as one,
        before as other,
        figure.base_low / before.base_high as low,
        figure.base_high / before.base_low as high,
        format('{}{}，{}年却是{}，相差上千倍。', figure.said_zh, figure.shown_zh, before.year, before.shown_zh) as sentence_zh,
        format('{}: {}, but {} in {}: a thousandfold apart.', figure.said_en, figure.shown_en, before.shown_en, before.year) as sentence_en,
        '后一个数是前一个的几倍' as misfit_zh,
        'times the value before' as misfit_en,
    from neighbour
    where before is not null and (figure.base_low / before.base_high > 1000 or figure.base_high / before.base_low < 0.001)
    union all
    select
        figure,
        figure,
        low - 100,
        high - 100,
        format('{}为{}，超过了整体。', said_zh, shown_zh),
        format('{}: {}, more than the whole.', said_en, shown_en),
        '超过100%的部分，百分点',
        'above 100%, percentage points',
    from worded as figure
    where dimension = 'share' and contains(comparable_key, 'share') and low > 100

)

select
    one.park_id,
    concat_ws(':', one.park_id, one.indicator_id, one.period, one.observation_id) as key,
    list_distinct([one.indicator_id, other.indicator_id]) as indicators,
    list_distinct([one.observation_id, other.observation_id]) as observations,
    sentence_zh,
    sentence_en,
    low as misfit_low,
    high as misfit_high,
    misfit_zh,
    misfit_en,
from odd
