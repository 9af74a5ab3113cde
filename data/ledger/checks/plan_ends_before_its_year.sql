-- Rule: the plan of the year ends early and lacks {}; add its rows once they are approved | 全年计划未到年底，缺 {}；批准后请补上
-- Notice
with

months as (

    select
        *,
        left(month, 4) as year,
        right(month, 2)::integer as number,
        count(*) filter (number > 1) over (partition by indicator_id, year) as held,
    from monthly_plan
    where indicator_id is not null and month is not null

)

-- A plan with a gap is told by month_missing_between_two.
select
    'monthly_plan',
    row,
    'month',
    month,
    if(number = 11, '', format('{}-{:02d}–', year, number + 1)) || format('{}-12', year),
from months
where number < 12 and held = number - 1
qualify number = max(number) over (partition by indicator_id, year)
