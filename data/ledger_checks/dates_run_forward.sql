-- Rule: the day lies before the one it must follow; correct one of the two | 日期倒挂，早于它应当之后的日期；请改正其中一个
with

pairs as (

    select 'task' as sheet, row, 'due' as column_name, start as earlier, due as later from task
    union all select 'task', row, 'finished', assigned, finished from task
    union all select 'task', row, 'assessed', finished, assessed from task
    union all select 'task', row, 'returned', assigned, returned from task
    union all select 'task', row, 'returned', returned, assessed from task
    union all select 'project', row, 'due', start, due from project
    union all select 'project', row, 'done', assigned, done from project
    union all select 'problem', row, 'promised', raised, promised from problem
    union all select 'problem', row, 'solved', raised, solved from problem
    union all select 'supervision', row, 'due', issued, due from supervision
    union all select 'supervision', row, 'replied', issued, replied from supervision
    union all select 'supervision', row, 'closed', coalesce(replied, issued), closed from supervision
    union all select 'followup', row, 'due', meeting, due from followup
    union all select 'followup', row, 'done', meeting, done from followup
    union all select 'service_case', row, 'finished', accepted, finished from service_case

)

select sheet, row, column_name, later
from pairs
where later < earlier
