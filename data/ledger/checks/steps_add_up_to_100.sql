-- Rule: the steps of the task add up to more than 100 per cent; lower a share | 同一任务各节点的占比合计超过 100；请调低
select 'step', row, 'share', share
from step
qualify sum(share) over (partition by task_id) > 100.0001
