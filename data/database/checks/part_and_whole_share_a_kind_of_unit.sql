-- Rule: a part is measured in the same kind of unit as its whole, and is not its own whole
-- Mend: correct part_of or unit_id
select part.file, part.line, 'part_of', part.part_of::varchar
from stage_indicator part
inner join stage_indicator whole on part.part_of = whole.indicator_id
inner join stage_unit part_unit on part.unit_id = part_unit.unit_id
inner join stage_unit whole_unit on whole.unit_id = whole_unit.unit_id
where left(part_unit.dimension::varchar, 5) <> left(whole_unit.dimension::varchar, 5) or part.indicator_id = whole.indicator_id
