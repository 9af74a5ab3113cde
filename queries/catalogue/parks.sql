-- One row: one place. observations and targets are counts over the whole database.
select
    park.park_id::varchar as park_id,
    park.name_zh,
    park.name_en,
    park.kind::varchar as kind,
    park.role::varchar as role,
    park.province_zh,
    park.province_en,
    park.full_name_zh,
    park.full_name_en,
    (select count(*) from observation where observation.park_id = park.park_id) as observations,
    (select count(*) from target where target.park_id = park.park_id) as targets,

from park
order by park.park_id
