-- Rule: months before it are missing: {}; add their rows (January and February are one period, written as February) | 之前缺 {}；请补上（1—2月合为一期，填在2月）
with

months as (

    select
        sheet,
        row,
        indicator_id,
        month,
        left(month, 4) as year,
        right(month, 2)::integer as number,
    from (
        select 'monthly_return' as sheet, row, indicator_id, month from monthly_return
        union all
        select 'monthly_plan', row, indicator_id, month from monthly_plan
    )
    where indicator_id is not null and month is not null

),

held as (

    select sheet, indicator_id, year, list(number) as numbers, max(number) as latest
    from months
    group by sheet, indicator_id, year

),

-- A plan is for the whole year; a gap in it is told with all that it lacks.
missing as (

    select *
    from (
        select
            sheet,
            indicator_id,
            year,
            latest,
            unnest(range(2, if(sheet = 'monthly_plan', 13, latest))) as number,
            numbers,
        from held
    )
    where not list_contains(numbers, number)

),

spans as (

    select
        sheet,
        indicator_id,
        year,
        min(number) as first,
        max(number) as last,
    from (
        select
            *,
            number - row_number() over (partition by sheet, indicator_id, year order by number) as island,
        from missing
    )
    group by sheet, indicator_id, year, island

),

lacking as (

    select
        sheet,
        indicator_id,
        year,
        min(first) as first,
        string_agg(
            format('{}-{:02d}', year, first) || if(last > first, format('–{}-{:02d}', year, last), ''),
            ', '
            order by first
        ) as listed,
    from spans
    group by sheet, indicator_id, year

)

select sheet, row, 'month', month, listed
from months
inner join lacking using (sheet, indicator_id, year)
where number > first
qualify row_number() over (partition by sheet, indicator_id, year order by number, row) = 1
