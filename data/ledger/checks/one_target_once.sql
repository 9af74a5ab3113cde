-- Rule: two targets for one indicator, year and form; leave one | 同一指标、年度、形式有两项目标；请留一项
select 'target', row, 'indicator_id', name_of('target', target_id)
from target
where indicator_id is not null
qualify count(*) over (partition by indicator_id, year, measure) > 1
