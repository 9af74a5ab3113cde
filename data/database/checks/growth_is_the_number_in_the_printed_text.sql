-- Rule: growth_pct is the number that growth_text prints
-- Mend: copy the digits of growth_text into growth_pct
select file, line, 'growth_text', growth_text
from stage_observation
where
    growth_text is not null
    and try_cast(regexp_extract(growth_text, '-?\d+(\.\d+)?') as decimal(9, 4)) is distinct from growth_pct
