-- Rule: a mechanism carries a target or a commitment once
-- Mend: delete the second row
select file, line, 'mechanism_id', mechanism_id
from stage_mechanism_link
qualify count(*) over (partition by mechanism_id, target_id, commitment_id) > 1
