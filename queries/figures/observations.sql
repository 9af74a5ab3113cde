-- One row: one figure of one indicator, place and period, as one source printed it.
-- $theme       text     economy, innovation or livelihood; null: all
-- $indicators  text[]   indicator codes; null: all; an empty list gives no rows
-- $parks       text[]   place codes; null: all; an empty list gives no rows
-- $first       date     rows whose period ends on this day or later; null: no limit
-- $last        date     rows whose period starts on this day or earlier; null: no limit
-- $evidence    text[]   published or own; null: both; what is not asked for is not read, and own figures may be millions
-- $lang        text     zh or en: the language of source_title, publisher, locator and note
-- value is in the unit column, never rescaled; null where only a growth rate was printed.
-- low and high are the rounding interval of value, or what the bound word leaves open; a count of whole things is exact,
-- and a figure that was only expected has no interval. low_in and high_in: whether the end itself is possible.
-- growth_basis: what the growth is taken on, as the figure's source says, else as its indicator; the members of a sum
-- of zones may differ from year to year.
with

chosen as (

    select
        observation.*,
        unit.dimension = 'count' and unit.factor = 1 as is_count,
        case
            when is_count and bound = 'none' then value
            when bound in ('about', 'expected') or value is null then null
            when bound = 'none' then value - 0.5 * power(10, -decimals)::decimal(18, 4)
            else value
        end as low,
        case
            when is_count and bound = 'none' then value
            when bound = 'more_than' and decimals = 0
                then value + power(10, length(regexp_extract(regexp_extract(value_text, '\d+'), '0*$')))::decimal(18, 4)
            when bound = 'none' then value + 0.5 * power(10, -decimals)::decimal(18, 4)
        end as high,
    from observation
    inner join unit using (unit_id)
    where
        ($parks is null or park_id::varchar in $parks)
        and ($indicators is null or indicator_id::varchar in $indicators)
        and ($evidence is null or evidence::varchar in $evidence)
        and ($first is null or period_end >= $first)
        and ($last is null or period_start <= $last)

)

select
    chosen.park_id::varchar as park_id,
    park.name_zh as park_zh,
    park.name_en as park_en,
    chosen.indicator_id::varchar as indicator_id,
    indicator.name_zh as indicator_zh,
    indicator.name_en as indicator_en,
    chosen.period,
    chosen.value::double as value,
    chosen.value_text,
    chosen.unit_id,
    unit.name_zh as unit_zh,
    chosen.bound::varchar as bound,
    chosen.low::double as low,
    chosen.high::double as high,
    chosen.growth_pct::double as growth_pct,
    chosen.evidence::varchar as evidence,
    chosen.source_id::varchar as source_id,
    if($lang = 'en', source.title_en, source.title_zh) as source_title,
    if($lang = 'en', chosen.locator_en, chosen.locator_zh) as locator,
    if($lang = 'en', chosen.note_en, chosen.note_zh) as note,
    build.data_version,
    if(chosen.value is null, 'not_published', 'published') as status,
    unit.name_en as unit_en,
    unit.scale_en::varchar as unit_scale,
    unit.scaled_name_en as unit_scaled_en,
    chosen.growth_text,
    coalesce(
        chosen.growth_basis, if(park.kind in ('aggregate', 'country') and indicator.growth_basis in ('nominal', 'unknown') and indicator.measure <> 'rate', 'comparable_scope', indicator.growth_basis)
    )::varchar as growth_basis,
    if(chosen.low is null, null, chosen.bound not in ('more_than', 'exceeded')) as low_in,
    if(chosen.high is null, null, chosen.is_count and chosen.bound = 'none') as high_in,
    chosen.confidence::varchar as confidence,
    indicator.theme::varchar as theme,
    indicator.measure::varchar as measure,
    indicator.comparable_key,
    chosen.period_start,
    chosen.period_end,
    chosen.decimals,
    source.url as source_url,
    source.published as source_published,
    if($lang = 'en', source.publisher_en, source.publisher_zh) as publisher,
    null::varchar as formula,
    null::varchar as inputs,
    chosen.observation_id,

from chosen
inner join park using (park_id)
inner join indicator using (indicator_id)
inner join unit on chosen.unit_id = unit.unit_id
inner join source using (source_id)
cross join build
where $theme is null or indicator.theme::varchar = $theme
order by indicator.position, chosen.park_id, chosen.period_start, chosen.period_end, chosen.observation_id
