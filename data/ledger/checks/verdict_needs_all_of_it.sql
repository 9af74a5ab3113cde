-- Rule: a verdict needs the day the task was finished, an assessor and a day, and a pass needs evidence; fill in what is missing | 验收结论须有报完日期、验收部门和验收日期，通过的还须有佐证材料；请补上所缺的
select
    'task',
    row,
    case
        when verdict is null then 'verdict'
        when assessor_id is null then 'assessor_id'
        when assessed is null then 'assessed'
        when finished is null then 'finished'
        else 'proof'
    end,
    name_of('task', task_id),
from task
where
    (verdict is not null and (assessor_id is null or assessed is null))
    or (verdict in ('pass', 'return') and finished is null)
    or (verdict = 'pass' and proof is null)
    or (verdict is null and (assessor_id is not null or assessed is not null))
