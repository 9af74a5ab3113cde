-- One row: one place and a larger place that holds it, from a year on, in the order of display, in which a city stands
-- before its province and the nation last. A sum of zones holds nobody: who was counted in it was not published.
-- since is the year of approval where the larger place is the sum of all national zones, else null.
with

held as (

    select
        part.park_id,
        whole.park_id as whole_id,
        null::integer as since,
    from park as part
    inner join park as whole on part.park_id <> whole.park_id
    where
        (whole.role = 'city' and part.role in ('self', 'city_peer'))
        or (whole.kind = 'province' and part.kind in ('zone', 'etdz', 'city') and part.province_zh = whole.province_zh)

    union all

    -- The list of 53 was complete in 1997; of others the year of approval must be known.
    select
        zone.park_id,
        whole.park_id as whole_id,
        coalesce(try_cast(left(zone.approved_national, 4) as integer), 1997) as since,
    from zone
    inner join park as whole on whole.kind = 'country'
    where zone.park_id is not null and (zone.in_list_of_53 or zone.approved_national is not null)

)

select
    held.park_id::varchar as park_id,
    held.whole_id::varchar as whole_id,
    held.since,

from held
order by held.park_id, held.whole_id
