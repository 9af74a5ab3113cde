-- One row: one national designation that was named with the year it was granted.
-- $parks  text[]  place codes
-- $lang   text    zh or en: the language of source_title and locator
select
    title.title_id,
    title.park_id::varchar as park_id,
    title.name_zh,
    title.name_en,
    title.granted,
    title.source_id::varchar as source_id,
    if($lang = 'en', source.title_en, source.title_zh) as source_title,
    if($lang = 'en', title.locator_en, title.locator_zh) as locator,

from title
inner join source using (source_id)
where title.park_id::varchar in $parks
order by title.granted, title.title_id
