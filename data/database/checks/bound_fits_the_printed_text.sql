-- Rule: a bound word in value_text stands in bound too: 余 and 多 are more_than, 以上 is at_least, 约 and 近 are about, 突破 is exceeded
-- Mend: set bound to the word that is printed
select file, line, 'bound', bound::varchar
from stage_observation
where
    (regexp_matches(value_text, '[余多]$') and bound <> 'more_than')
    or (value_text like '%以上' and bound <> 'at_least')
    or (regexp_matches(value_text, '^[约近]') and bound <> 'about')
    or (value_text like '突破%' and bound <> 'exceeded')
    or (regexp_full_match(value_text, '-?[\d.]+') and bound not in ('none', 'expected'))
