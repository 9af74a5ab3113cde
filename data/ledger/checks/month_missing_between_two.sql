-- Rule: the month before it is missing; add its row (January and February are one period, written as February) | 前一个月缺报；请补上（1—2月合为一期，填在2月）
with

months as (

    select 'monthly_return' as sheet, row, indicator_id, month from monthly_return
    union all
    select 'monthly_plan', row, indicator_id, month from monthly_plan

),

numbered as (

    select
        *,
        right(month, 2)::integer as number,
        lag(number) over (partition by sheet, indicator_id, left(month, 4) order by month) as before,
    from months

)

select sheet, row, 'month', month
from numbered
where number > coalesce(before, if(number <= 2, number, 1)) + 1
