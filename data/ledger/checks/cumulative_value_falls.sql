-- Rule: a cumulative figure is lower than the month before; correct it, or say why in the note | 累计数比上月小；请改正，或在备注里写明原因
with

months as (

    select 'monthly_return' as sheet, row, indicator_id, month, value, note from monthly_return
    union all
    select 'monthly_plan', row, indicator_id, month, value, null from monthly_plan

),

beside as (

    select *, lag(value) over (partition by sheet, indicator_id, left(month, 4) order by month) as before
    from months

)

select sheet, row, 'value', value
from beside
inner join indicator using (indicator_id)
where
    indicator.measure = 'flow'
    and value < before
    and note is null
