-- severity: contradiction
-- name_zh: 部分大于整体
-- name_en: Part larger than its whole
-- explanation_zh: 部分和整体可能出自不同的统计范围，例如规模以上企业含区外注册的企业。
-- explanation_en: Part and whole may come from different scopes, such as enterprises that are counted here and registered elsewhere.
select
    part.park_id,
    concat_ws(':', part.park_id, part.indicator_id, part.period, part.observation_id, whole.observation_id) as key,
    [part.indicator_id, whole.indicator_id] as indicators,
    [part.observation_id, whole.observation_id] as observations,
    format('{}为{}，大于它所属的{}{}。', part.said_zh, part.shown_zh, whole.indicator_zh, whole.shown_zh) as sentence_zh,
    format('{}: {}, more than its whole, {}: {}.', part.said_en, part.shown_en, whole.indicator_en, whole.shown_en) as sentence_en,
    (part.base_low - whole.base_high) / whole.factor as misfit_low,
    (part.base_high - whole.base_low) / whole.factor as misfit_high,
    format('多出，{}', whole.unit_zh) as misfit_zh,
    format('more than the whole by, in units of {}', whole.unit_zh) as misfit_en,
from worded as part
inner join worded as whole
    on
        part.part_of = whole.indicator_id
        and part.park_id = whole.park_id
        and part.period = whole.period
        and part.dimension = whole.dimension
where part.base_low > whole.base_high or (part.base_low = whole.base_high and not (part.low_in and whole.high_in))
