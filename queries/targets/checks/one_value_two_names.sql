-- severity: needs_definition
-- name_zh: 同一个数用了两个名称
-- name_en: One value under two names
-- explanation_zh: 两个名称可能在当地指同一口径，也可能有一处写错了名称；以哪个为准要看原始报表。
-- explanation_en: The two names may stand for one definition there, or one text may have used the wrong name; only the original return tells.
-- Five significant digits or more, from two sources: by chance alone two figures do not agree so far.
select
    one.park_id,
    concat_ws(':', one.park_id, one.period, one.indicator_id, other.indicator_id) as key,
    [one.indicator_id, other.indicator_id] as indicators,
    [one.observation_id, other.observation_id] as observations,
    format('{}与{}公布的数相同，都是{}。', one.said_zh, other.indicator_zh, replace(one.shown_zh, '预计', '')) as sentence_zh,
    format('{}, and {} were published with the same value, {}.', one.said_en, if(regexp_matches(other.indicator_en, '^[A-Z][a-z]'), lower(left(other.indicator_en, 1)), left(other.indicator_en, 1)) || substr(other.indicator_en, 2), replace(one.shown_en, ' (expected)', '')) as sentence_en,
    0.0 as misfit_low,
    0.0 as misfit_high,
    format('两数之差，{}', one.unit_zh) as misfit_zh,
    format('difference, in units of {}', one.unit_zh) as misfit_en,
from worded as one
inner join worded as other
    on
        one.park_id = other.park_id
        and one.period = other.period
        and one.unit_id = other.unit_id
        and one.number = other.number
        and one.comparable_key < other.comparable_key
        and one.source_id <> other.source_id
where
    length(ltrim(replace(regexp_extract(one.value_text, '[\d.]+'), '.', ''), '0')) >= 5
    and length(ltrim(replace(regexp_extract(other.value_text, '[\d.]+'), '.', ''), '0')) >= 5
