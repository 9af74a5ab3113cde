-- Rule: the task serves neither a target nor a commitment; fill in one of the two | 任务没有对应的目标或承诺；请填其中一个
-- Notice
select 'task', row, 'target_id', name_of('task', task_id)
from task
where
    target_id is null
    and commitment_id is null
