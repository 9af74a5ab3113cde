-- Rule: a figure is in a unit of the same kind as its indicator's; money may be in yuan or in US dollars
-- Mend: correct unit_id, or give the figure an indicator of its own
select row.file, row.line, 'unit_id', row.unit_id
from stage_observation row
inner join stage_indicator indicator using (indicator_id)
inner join stage_unit printed on row.unit_id = printed.unit_id
inner join stage_unit usual on indicator.unit_id = usual.unit_id
where left(printed.dimension::varchar, 5) <> left(usual.dimension::varchar, 5)

union all

select row.file, row.line, 'unit_id', row.unit_id
from stage_target row
inner join stage_indicator indicator using (indicator_id)
inner join stage_unit printed on row.unit_id = printed.unit_id
inner join stage_unit usual on indicator.unit_id = usual.unit_id
where row.measure = 'level' and left(printed.dimension::varchar, 5) <> left(usual.dimension::varchar, 5)
