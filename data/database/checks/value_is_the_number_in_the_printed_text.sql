-- Rule: value is the number that value_text prints
-- Mend: copy the digits of value_text into value, with all their decimals
select file, line, 'value_text', value_text
from stage_observation
where
    value_text is not null
    and try_cast(regexp_extract(value_text, '-?\d+(\.\d+)?') as decimal(18, 4)) is distinct from value

union all

select file, line, 'value_text', value_text
from stage_target
where try_cast(regexp_extract(value_text, '-?\d+(\.\d+)?') as decimal(18, 4)) is distinct from value
