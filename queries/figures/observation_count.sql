-- One row: how many figures the filters leave.
-- $theme       text     code of a theme; null: all
-- $indicators  text[]   indicator codes; null: all; an empty list gives none
-- $parks       text[]   place codes; null: all; an empty list gives none
-- $first       date     figures whose period ends on this day or later; null: no limit
-- $last        date     figures whose period starts on this day or earlier; null: no limit
-- $evidence    text[]   kinds of evidence; null: all
-- $asof        date     figures known by this day; null: all
select count(*) as figures,
from figure
inner join indicator using (indicator_id)
where
    ($theme is null or indicator.theme::varchar = $theme)
    and ($indicators is null or figure.indicator_id::varchar in $indicators)
    and ($parks is null or figure.park_id::varchar in $parks)
    and ($first is null or figure.period_end >= $first)
    and ($last is null or figure.period_start <= $last)
    and ($evidence is null or figure.evidence::varchar in $evidence)
    and ($asof is null or figure.known_from <= $asof)
