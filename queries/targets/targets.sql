-- One row: one number that a place set itself for one year.
-- $lang        text     zh or en: the language of source_title, publisher, locator and note
-- $asof        date     targets known by this day; null: all
-- value is in the unit column: the printed unit of a level, per cent of a growth.
select
    target.target_id,
    target.park_id::varchar as park_id,
    park.name_zh as park_zh,
    park.name_en as park_en,
    target.indicator_id::varchar as indicator_id,
    indicator.name_zh as indicator_zh,
    indicator.name_en as indicator_en,
    target.year,
    target.measure::varchar as measure,
    target.comparator::varchar as comparator,
    target.strength::varchar as strength,
    target.value::double as value,
    target.value_text,
    target.unit_id,
    unit.name_zh as unit_zh,
    target.source_id::varchar as source_id,
    if($lang = 'en', source.title_en, source.title_zh) as source_title,
    if($lang = 'en', target.locator_en, target.locator_zh) as locator,
    if($lang = 'en', target.note_en, target.note_zh) as note,
    build.data_version,
    unit.name_en as unit_en,
    unit.scale_en::varchar as unit_scale,
    unit.scaled_name_en as unit_scaled_en,
    target.base_indicator_id::varchar as base_indicator_id,
    base.name_zh as base_indicator_zh,
    base.name_en as base_indicator_en,
    target.confidence::varchar as confidence,
    indicator.theme::varchar as theme,
    indicator.comparable_key,
    indicator.measure::varchar as indicator_measure,
    indicator.direction::varchar as direction,
    base.comparable_key as base_comparable_key,
    target.base_scope::varchar as base_scope,
    target.decimals,
    coalesce(
        target.growth_basis, if(park.kind in ('aggregate', 'country') and indicator.growth_basis in ('nominal', 'unknown') and indicator.measure <> 'rate', 'comparable_scope', indicator.growth_basis)
    )::varchar as growth_basis,
    source.url as source_url,
    source.published as source_published,
    if($lang = 'en', source.publisher_en, source.publisher_zh) as publisher,
    target.evidence::varchar as evidence,

from target
inner join park using (park_id)
inner join indicator using (indicator_id)
left join indicator as base on target.base_indicator_id = base.indicator_id
inner join unit on target.unit_id = unit.unit_id
inner join source using (source_id)
inner join release using (source_id)
cross join build
where $asof is null or release.known_from <= $asof
order by target.park_id, target.year, regexp_extract(target.target_id, '^\D+'), length(target.target_id), target.target_id
