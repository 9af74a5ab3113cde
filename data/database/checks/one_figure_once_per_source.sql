-- Rule: one source prints one figure for one place, indicator, period and unit; the same figure is entered once
-- Mend: delete the second row, or correct its place, indicator, period or source
select file, line, 'observation_id', observation_id
from stage_observation
qualify count(*) over (partition by park_id, indicator_id, period, unit_id, value, growth_pct, source_id) > 1
