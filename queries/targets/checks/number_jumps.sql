-- severity: note
-- name_zh: 统计的家数跳变
-- name_en: The number of units jumps
-- explanation_zh: 家数增加后，合计数包含了更多的园区或单位，前后年份的合计不可直接相比。
-- explanation_en: With more units, totals cover more zones or bodies; totals of different years cannot be compared like for like.
-- Zones in existence: more than a tenth between two neighbouring dates. Other counts at a date: more than threefold.
-- Dates more than three years apart are no neighbours.
with

neighbour as (

    select
        figure,
        lag(figure) over (partition by park_id, comparable_key, unit_id order by period_end, observation_id) as before,
    from worded as figure
    where measure = 'stock' and dimension = 'count' and low is not null and high is not null

),

jump as (

    select
        figure.park_id as park_id,
        figure.comparable_key as comparable_key,
        list(before order by figure.period_end) as befores,
        list(figure order by figure.period_end) as figures,
        max(100 * (figure.number / before.number - 1)) as most,
    from neighbour
    where
        before is not null and before.high > 0 and figure.period_end - before.period_end < 1100
        and (
            figure.low / before.high > if(figure.unit_id = 'zone', 1.1, 3.0)
            or figure.high / before.low < if(figure.unit_id = 'zone', 0.9, 0.33)
        )
    group by figure.park_id, figure.comparable_key

)

select
    park_id,
    concat_ws(':', park_id, comparable_key) as key,
    [figures[1].indicator_id] as indicators,
    list_sort(list_distinct(list_concat(
        list_transform(befores, lambda f: f.observation_id), list_transform(figures, lambda f: f.observation_id)
    ))) as observations,
    format(
        '{}：{}在相邻两次公布之间跳变，{}。', figures[1].park_zh, figures[1].indicator_zh,
        array_to_string(list_transform(list_zip(befores, figures), lambda p: format('{}{}，{}{}', p[1].period_zh, p[1].shown_zh, p[2].period_zh, p[2].shown_zh)), '；')
    ) as sentence_zh,
    format(
        '{}: {} jumps between neighbouring publications: {}.', figures[1].park_en, figures[1].indicator_en,
        array_to_string(list_transform(list_zip(befores, figures), lambda p: format('{} in {} and {} in {}', p[1].shown_en, p[1].period_en, p[2].shown_en, p[2].period_en)), '; ')
    ) as sentence_en,
    most as misfit_low,
    most as misfit_high,
    '最大的一次变化，%' as misfit_zh,
    'the largest change, per cent' as misfit_en,
from jump
