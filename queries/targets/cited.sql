-- One row: one figure that a source published: its code, the source, and what must be known of it.
-- $lang  text  zh or en: the language of source_title and note
-- Figures that somebody loaded are not among them: there may be millions, and no finding cites one.
select
    observation_id,
    source_id::varchar as source_id,
    if($lang = 'en', source.title_en, source.title_zh) as source_title,
    if($lang = 'en', figure.note_en, figure.note_zh) as note,
from figure
inner join source using (source_id)
where figure.evidence = 'published'
order by observation_id
