-- One row: one indicator, place and kind of evidence, with how many figures the filters leave; in the order of figures.
-- $theme       text     economy, innovation or livelihood; null: all
-- $indicators  text[]   indicator codes; null: all; an empty list gives no rows
-- $parks       text[]   place codes; null: all; an empty list gives no rows
-- $first       date     figures whose period ends on this day or later; null: no limit
-- $last        date     figures whose period starts on this day or earlier; null: no limit
-- $asof        date     figures known by this day; null: all
with

counted as (

    select
        indicator.position,
        figure.indicator_id,
        figure.park_id,
        figure.evidence,
        count(*) as figures,
    from figure
    inner join indicator using (indicator_id)
    where
        ($theme is null or indicator.theme::varchar = $theme)
        and ($indicators is null or figure.indicator_id::varchar in $indicators)
        and ($parks is null or figure.park_id::varchar in $parks)
        and ($first is null or figure.period_end >= $first)
        and ($last is null or figure.period_start <= $last)
        and ($asof is null or figure.known_from <= $asof)
    group by indicator.position, figure.indicator_id, figure.park_id, figure.evidence

)

select
    indicator_id::varchar as indicator_id,
    park_id::varchar as park_id,
    evidence::varchar as evidence,
    figures,
from counted
order by position, park_id, evidence
