-- severity: needs_definition
-- name_zh: 同一个数有不同版本
-- name_en: One figure in several versions
-- explanation_zh: 预计数、初次发布数和修订数会先后公布；后来的普查也会修订以前的数。
-- explanation_en: Expected, first and revised figures are published one after the other; a later census also revises earlier figures.
with

-- Most figures have one version: only those that have several are put together.
several as (

    select
        park_id,
        comparable_key,
        period,
        dimension,
    from worded
    where if(bound = 'expected', number, base_low) is not null and if(bound = 'expected', number, base_high) is not null
    group by park_id, comparable_key, period, dimension
    having count(*) > 1

),

valued as (

    -- What was only expected has no interval of its own: it stands for its number.
    select
        figure,
        park_id, comparable_key, period, dimension, bound, factor, unit_zh, observation_id, published,
        if(bound = 'expected', number * factor, base_low) as base_low,
        if(bound = 'expected', number * factor, base_high) as base_high,
    from worded as figure
    semi join several using (park_id, comparable_key, period, dimension)

),

version as (

    select
        park_id,
        comparable_key,
        period,
        dimension,
        list(figure order by published, observation_id) as figures,
        max(base_low) as top_low,
        min(base_high) as bottom_high,
        max(base_high) as top_high,
        min(base_low) as bottom_low,
        count(*) filter (where bound <> 'expected') as final,
        -- In the unit of the version published first.
        first(factor order by published, observation_id) as factor,
        first(unit_zh order by published, observation_id) as unit_zh,
    from valued
    where base_low is not null and base_high is not null
    group by park_id, comparable_key, period, dimension
    having count(*) > 1

)

select
    park_id,
    concat_ws(':', park_id, comparable_key, period) as key,
    list_distinct(list_transform(figures, lambda f: f.indicator_id)) as indicators,
    list_transform(figures, lambda f: f.observation_id) as observations,
    format(
        '{}有 {} 个版本：{}。', figures[1].said_zh, len(figures),
        array_to_string(list_transform(figures, lambda f: f.shown_zh || if(f.published = '', '', '（' || left(f.published, 4) || '年公布）')), '、')
    ) as sentence_zh,
    format(
        '{}, was published in {} versions: {}.', figures[1].said_en, len(figures),
        array_to_string(list_transform(figures, lambda f: f.shown_en || if(f.published = '', '', ' (published ' || left(f.published, 4) || ')')), ', ')
    ) as sentence_en,
    (top_low - bottom_high) / factor as misfit_low,
    (top_high - bottom_low) / factor as misfit_high,
    format('最高与最低之差，{}', unit_zh) as misfit_zh,
    format('highest less lowest, in units of {}', unit_zh) as misfit_en,
    if(final > 1, 'needs_definition', 'note') as severity,
from version
where top_low >= bottom_high
