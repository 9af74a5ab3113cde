-- One row: one zone of the directory, with its approved area and the city it lies in.
select
    zone.zone_id,
    zone.kind::varchar as kind,
    zone.name_zh,
    zone.name_en,
    zone.short_zh,
    zone.short_en,
    zone.province_zh,
    zone.province_en,
    zone.approved_national,
    try_cast(left(zone.approved_national, 4) as integer) as approved_year,
    zone.catalogue_code,
    area.value::double as approved_area,
    area.value_text as approved_area_text,
    zone.industries_zh,
    zone.industries_en,
    zone.park_id::varchar as park_id,
    zone.host_park_id::varchar as host_park_id,
    host.name_zh as host_zh,
    host.name_en as host_en,
    zone.confidence::varchar as confidence,
    zone.note_zh,
    zone.note_en,

from zone
left join park as host on zone.host_park_id = host.park_id
left join observation as area
    on
        zone.park_id = area.park_id
        and area.indicator_id = 'approved_area'
        and area.source_id = 'CDZ-2018'
order by zone.approved_national nulls last, zone.zone_id
