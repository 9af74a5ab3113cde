-- Rule: fill in what it is about: the number of a task, a target, a problem or a project | 没有写明针对哪件事；请填任务、目标、问题或项目的编号
select 'supervision', row, 'task_id', supervision_id
from supervision
where coalesce(task_id, target_id, problem_id) is null
union all
select 'problem', row, 'project_id', name_of('problem', problem_id)
from problem
where coalesce(task_id, project_id) is null
