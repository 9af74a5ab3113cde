-- One row: one promise without a number.
-- $theme  text    code of a theme; null: all
-- $parks  text[]  place codes; null: all; an empty list gives no rows
-- $lang   text    zh or en: the language of source_title and locator
-- state is announced, or traced where a later figure about the same thing was published (a trace, not proof).
select
    commitment.commitment_id,
    commitment.park_id::varchar as park_id,
    park.name_zh as park_zh,
    park.name_en as park_en,
    commitment.theme::varchar as theme,
    commitment.builds::varchar as builds,
    commitment.name_zh,
    commitment.name_en,
    commitment.year,
    if(commitment.related_indicator_id is null, 'announced', 'traced') as state,
    commitment.related_indicator_id::varchar as related_indicator_id,
    indicator.name_zh as related_indicator_zh,
    indicator.name_en as related_indicator_en,
    commitment.source_id::varchar as source_id,
    if($lang = 'en', source.title_en, source.title_zh) as source_title,
    if($lang = 'en', commitment.locator_en, commitment.locator_zh) as locator,
    build.data_version,
    source.url as source_url,
    source.published as source_published,

from commitment
inner join park using (park_id)
left join indicator on commitment.related_indicator_id = indicator.indicator_id
inner join source using (source_id)
cross join build
where
    ($theme is null or commitment.theme::varchar = $theme)
    and ($parks is null or commitment.park_id::varchar in $parks)
order by commitment.park_id, commitment.commitment_id
