-- One row: one figure that follows from two published ones; the unit is that of a share.
-- $lang  text  zh or en: the language of definition
select
    derivation.derivation_id,
    derivation.theme::varchar as theme,
    derivation.kind::varchar as kind,
    derivation.first_id::varchar as first_id,
    derivation.second_id::varchar as second_id,
    derivation.name_zh,
    derivation.name_en,
    if($lang = 'en', derivation.definition_en, derivation.definition_zh) as definition,
    unit.name_zh as unit_zh,
    unit.name_en as unit_en,
    unit.scale_en::varchar as unit_scale,
    unit.scaled_name_en as unit_scaled_en,

from derivation
inner join unit on unit.unit_id = 'percent'
order by derivation.derivation_id
