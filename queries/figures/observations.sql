-- One row: one figure of one indicator, place and period, as one source printed it.
-- $theme       text     code of a theme; null: all
-- $indicators  text[]   indicator codes; null: all; an empty list gives no rows
-- $parks       text[]   place codes; null: all; an empty list gives no rows
-- $first       date     rows whose period ends on this day or later; null: no limit
-- $last        date     rows whose period starts on this day or earlier; null: no limit
-- $evidence    text[]   published or own; null: both; what is not asked for is not read, and own figures may be millions
-- $asof        date     figures known by this day; null: all
-- $lang        text     zh or en: the language of source_title, publisher, locator and note
-- value is in the unit column, never rescaled; null where only a growth rate was printed. What follows from a figure
-- (interval, kind of period, base_value, precedence) is that of the table figure. The columns after observation_id are
-- for programs of this house and stand in no file; see FACTS in observations.py.
select
    figure.park_id::varchar as park_id,
    park.name_zh as park_zh,
    park.name_en as park_en,
    figure.indicator_id::varchar as indicator_id,
    indicator.name_zh as indicator_zh,
    indicator.name_en as indicator_en,
    figure.period,
    figure.value::double as value,
    figure.value_text,
    figure.unit_id,
    unit.name_zh as unit_zh,
    figure.bound::varchar as bound,
    figure.low::double as low,
    figure.high::double as high,
    figure.growth_pct::double as growth_pct,
    figure.evidence::varchar as evidence,
    figure.source_id::varchar as source_id,
    if($lang = 'en', source.title_en, source.title_zh) as source_title,
    if($lang = 'en', figure.locator_en, figure.locator_zh) as locator,
    if($lang = 'en', figure.note_en, figure.note_zh) as note,
    build.data_version,
    if(figure.value is null, 'not_published', 'published') as status,
    unit.name_en as unit_en,
    unit.scale_en::varchar as unit_scale,
    unit.scaled_name_en as unit_scaled_en,
    figure.growth_text,
    figure.growth_basis::varchar as growth_basis,
    figure.low_in,
    figure.high_in,
    figure.confidence::varchar as confidence,
    indicator.theme::varchar as theme,
    indicator.measure::varchar as measure,
    indicator.comparable_key,
    figure.period_start,
    figure.period_end,
    figure.decimals,
    source.url as source_url,
    source.published as source_published,
    if($lang = 'en', source.publisher_en, source.publisher_zh) as publisher,
    null::varchar as formula,
    null::varchar as inputs,
    figure.observation_id,
    figure.year::integer as year,
    figure.span::varchar as span,
    figure.first_month::integer as first_month,
    figure.last_month::integer as last_month,
    figure.dimension::varchar as dimension,
    unit.factor::double as factor,
    figure.base_value::double as base_value,
    figure.base_low::double as base_low,
    figure.base_high::double as base_high,
    figure.growth_low::double as growth_low,
    figure.growth_high::double as growth_high,
    figure.is_sum,
    figure.precedence,

from figure
inner join park using (park_id)
inner join indicator using (indicator_id)
inner join unit on figure.unit_id = unit.unit_id
inner join source using (source_id)
cross join build
where
    ($theme is null or indicator.theme::varchar = $theme)
    and ($parks is null or figure.park_id::varchar in $parks)
    and ($indicators is null or figure.indicator_id::varchar in $indicators)
    and ($evidence is null or figure.evidence::varchar in $evidence)
    and ($first is null or figure.period_end >= $first)
    and ($last is null or figure.period_start <= $last)
    and ($asof is null or figure.known_from <= $asof)
order by indicator.position, figure.park_id, figure.period_start, figure.period_end, figure.observation_id
