-- Rule: an item of the formula scores one target or one task; fill in exactly one of the two | 考核项须针对一项目标或一项任务；请只填其中一个
select 'assessment_rule', row, 'target_id', rule_id
from assessment_rule
where (target_id is null) = (task_id is null)
