-- Rule: weight and cap must not be negative, a condition and its adjustment go together, and it must fit what is scored; correct it | 权重和上限不能为负，加减分条件与分数须成对，且与考核对象相符；请改正
select
    'assessment_rule',
    row,
    case
        when weight < 0 then 'weight'
        when cap < 0 then 'cap'
        when adjust_when is null then 'adjust_when'
        when adjustment is null then 'adjustment'
        else 'adjust_when'
    end,
    rule_id,
from assessment_rule
where
    weight < 0
    or cap < 0
    or (adjust_when is null) <> (adjustment is null)
    or (adjust_when in ('late', 'returned') and task_id is null)
    or (adjust_when in ('met', 'missed') and target_id is null)
