-- One row: one unit as printed.
-- scale_en multiplies a printed value into the unit scaled_name_en that English readers expect.
select
    unit.unit_id,
    unit.name_zh,
    unit.name_en,
    unit.dimension::varchar as dimension,
    unit.factor::double as factor,
    unit.scale_en::varchar as scale_en,
    unit.scaled_name_en,

from unit
order by unit.unit_id
