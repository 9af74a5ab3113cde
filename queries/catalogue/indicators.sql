-- One row: one indicator, one printed name.
-- $theme  text  code of a theme; null: all
-- observations, targets, parks are counts over the whole database; first_year and last_year span its figures; own
-- counts those figures among them that users of this installation loaded.
with

figures as (

    select
        indicator_id,
        count(*) as observations,
        count(*) filter (where evidence = 'own') as own,
        count(distinct park_id) as parks,
        min(year(period_start)) as first_year,
        max(year(period_end)) as last_year,
    from observation
    group by indicator_id

),

aims as (

    select
        indicator_id,
        count(*) as targets,
    from target
    group by indicator_id

)

select
    indicator.indicator_id::varchar as indicator_id,
    indicator.theme::varchar as theme,
    indicator.name_zh,
    indicator.name_en,
    indicator.unit_id,
    unit.name_zh as unit_zh,
    unit.name_en as unit_en,
    indicator.measure::varchar as measure,
    indicator.direction::varchar as direction,
    indicator.part_of::varchar as part_of,
    indicator.definition_zh,
    indicator.definition_en,
    indicator.comparable_key,
    indicator.growth_basis::varchar as growth_basis,
    indicator.growth_basis_zh,
    indicator.growth_basis_en,
    coalesce(figures.observations, 0) as observations,
    coalesce(aims.targets, 0) as targets,
    coalesce(figures.parks, 0) as parks,
    coalesce(figures.own, 0) as own,
    figures.first_year,
    figures.last_year,
    build.data_version,

from indicator
inner join unit using (unit_id)
left join figures using (indicator_id)
left join aims using (indicator_id)
cross join build
where $theme is null or indicator.theme::varchar = $theme
order by indicator.position
