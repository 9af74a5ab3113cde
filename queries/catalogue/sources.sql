-- One row: one published text. observations, targets, commitments, zones count what rests on it.
select
    source.source_id::varchar as source_id,
    source.title_zh,
    source.title_en,
    source.author,
    source.publisher_zh,
    source.publisher_en,
    source.published,
    source.url,
    source.carrier::varchar as carrier,
    source.note_zh,
    source.note_en,
    (select count(*) from observation where observation.source_id = source.source_id) as observations,
    (select count(*) from target where target.source_id = source.source_id) as targets,
    (select count(*) from commitment where commitment.source_id = source.source_id) as commitments,
    (select count(*) from zone_source where zone_source.source_id = source.source_id) as zones,
    build.data_version,

from source
cross join build
order by observations desc, targets desc, commitments desc, zones desc, source_id
