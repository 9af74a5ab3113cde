-- Rule: must not be negative | 不能为负数
select 'service_case', row, 'promised_days', promised_days
from service_case
where promised_days < 0
union all
select 'target', row, 'value', value
from target
where
    measure = 'level'
    and value < 0
