-- severity: needs_definition
-- name_zh: 部分与整体的增速对不上
-- name_en: Part and whole grow apart
-- explanation_zh: 部分与整体可能不是同一范围，或有一个增速按修订后的基数计算；这样由两个增速倒推的其余部分会失真。
-- explanation_en: Part and whole may differ in scope, or one growth may be taken on a revised base; the rest that follows from the two growth rates is then distorted.
-- What is left of the whole must itself have grown; a rest that more than doubled or lost more than half, whatever the
-- rounding, does not go with the two growth rates. The rest of either year is one figure with its own interval. Only
-- nominal growth of final figures says what stood there the year before: a real growth, or one on another list or base,
-- gives no rest of that year.
with

rest as (

    select
        part,
        whole,
        whole.low - part.high as now_low,
        whole.high - part.low as now_high,
        whole.low / (1 + whole.growth_high / 100) - part.high / (1 + part.growth_low / 100) as before_low,
        whole.high / (1 + whole.growth_low / 100) - part.low / (1 + part.growth_high / 100) as before_high,
        before_high <= 0 as impossible,
        100 * (now_low / before_high - 1) as low,
        100 * (now_high / before_low - 1) as high,
        100 * (
            (whole.number - part.number)
            / (whole.number / (1 + whole.growth_pct / 100) - part.number / (1 + part.growth_pct / 100)) - 1
        ) as middle,
    from worded as part
    inner join worded as whole
        on
            part.part_of = whole.indicator_id
            and part.park_id = whole.park_id
            and part.period = whole.period
            and part.unit_id = whole.unit_id
    where
        part.low is not null and part.high is not null and part.growth_low is not null
        and whole.low is not null and whole.high is not null and whole.growth_low is not null
        and part.high < whole.low and part.measure = 'flow' and not part.is_sum
        and part.growth_basis = 'nominal' and whole.growth_basis = 'nominal'

)

select
    part.park_id,
    concat_ws(':', part.park_id, part.indicator_id, part.period, part.observation_id, whole.observation_id) as key,
    [part.indicator_id, whole.indicator_id] as indicators,
    [part.observation_id, whole.observation_id] as observations,
    if(
        impossible,
        format('{}增长{}%，所属的{}增长{}%，倒推上年其余部分不大于零。', part.said_zh, part.growth_text, whole.indicator_zh, whole.growth_text),
        format(
            '{}{}、增长{}%，所属的{}{}、增长{}%，倒推其余部分增长约{:.0f}%（{:.0f}至{:.0f}）。',
            part.said_zh, part.shown_zh, part.growth_text, whole.indicator_zh, whole.shown_zh, whole.growth_text,
            middle, low, high
        )
    ) as sentence_zh,
    if(
        impossible,
        format('{} grew by {}%, its whole, {}, by {}%: the rest of the year before would not be above zero.', part.said_en, part.growth_text, whole.indicator_en, whole.growth_text),
        format(
            '{}: {}, growth of {}%; its whole, {}: {}, growth of {}%. The rest would have grown by about {:.0f}% ({:.0f} to {:.0f}).',
            part.said_en, part.shown_en, part.growth_text, whole.indicator_en, whole.shown_en, whole.growth_text,
            middle, low, high
        )
    ) as sentence_en,
    if(impossible, before_low, low) as misfit_low,
    if(impossible, before_high, high) as misfit_high,
    if(impossible, '上年其余部分，' || whole.unit_zh, '其余部分的增速，%') as misfit_zh,
    if(impossible, 'the rest of the year before, in units of ' || whole.unit_zh, 'growth of the rest, per cent') as misfit_en,
    if(impossible, 'contradiction', 'needs_definition') as severity,
from rest
where impossible or (before_low > 0 and (low > 100 or high < -50))
