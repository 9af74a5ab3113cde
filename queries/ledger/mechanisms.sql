-- One row: one of the six mechanisms, in the order of the text.
-- $lang  text  zh or en: the language of source_title and locator
-- targets and commitments are the numbers that it carries; stated_links those that the text itself says.
select
    mechanism.mechanism_id,
    mechanism.position,
    mechanism.name_zh,
    mechanism.name_en,
    mechanism.asks_zh,
    mechanism.asks_en,
    mechanism.stated::varchar as stated,
    count(mechanism_link.target_id) as targets,
    count(mechanism_link.commitment_id) as commitments,
    mechanism.source_id::varchar as source_id,
    if($lang = 'en', source.title_en, source.title_zh) as source_title,
    if($lang = 'en', mechanism.locator_en, mechanism.locator_zh) as locator,
    source.url as source_url,
    source.published as source_published,
    if($lang = 'en', source.publisher_en, source.publisher_zh) as publisher,

from mechanism
left join mechanism_link using (mechanism_id)
inner join source using (source_id)
group by all
order by mechanism.position
