-- One row: one definition with the latest figure of a place for a whole year that counts, and its rank among the
-- places of its kind that have one for the same year; null for sums of places. As queries.figures.ranking ranks.
-- $park  varchar  the place
-- $asof  date     figures known by this day; null: all
with

counting as (

    select
        figure.observation_id,
        figure.park_id,
        figure.comparable_key,
        figure.indicator_id,
        figure.year,
        figure.dimension,
        figure.base_value::double as size,
        coalesce(figure.base_low::double, '-infinity'::double) as low,
        coalesce(figure.base_high::double, 'infinity'::double) as high,
        park.kind,
    from figure
    inner join park using (park_id)
    where
        figure.span = 'year'
        and length(figure.period) = 4  -- the same, asked of the row itself
        and figure.base_value is not null
        and figure.evidence in ('published', 'own')
        and ($asof is null or figure.known_from <= $asof)
    qualify figure.precedence = min(figure.precedence) over (
        partition by figure.park_id, figure.comparable_key, figure.year, figure.dimension
    )

),

mine as (

    select
        counting.*,
        coalesce(indicator.direction = 'down', false) as falling,
        indicator.position,
        indicator.theme,
    from counting
    inner join indicator using (indicator_id)
    where counting.park_id = $park
    qualify
        row_number() over (partition by counting.comparable_key order by counting.year desc, counting.dimension) = 1

)

select
    mine.observation_id,
    mine.comparable_key,
    mine.indicator_id::varchar as indicator_id,
    mine.theme::varchar as theme,
    mine.year,
    1 + count(*) filter (where if(mine.falling, other.size < mine.size, other.size > mine.size)) as rank,
    1 + count(*) filter (
        where
            if(
                mine.falling,
                other.high < mine.low or (other.high = mine.low and mine.low < mine.high),
                other.low > mine.high or (other.low = mine.high and mine.low < mine.high)
            )
    ) as rank_first,
    1 + count(*) filter (where if(mine.falling, other.low < mine.high, other.high > mine.low)) as rank_last,
    1 + count(other.park_id) as ranked,

from mine
left join counting as other
    on
        mine.comparable_key = other.comparable_key
        and mine.year = other.year
        and mine.dimension = other.dimension
        and mine.kind = other.kind
        and mine.park_id <> other.park_id
        and mine.kind not in ('aggregate', 'country')
group by all
order by any_value(mine.position)
