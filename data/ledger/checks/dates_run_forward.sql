-- Rule: the first day must not lie before the second; correct one of the two | 日期倒挂，前一个日期不应早于后一个；请改正其中一个
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

select sheet, row, column_name, later || ' < ' || earlier
from pairs
where later < earlier
