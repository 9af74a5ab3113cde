-- Rule: two leaders on one project; leave the one who answers for it | 一个项目写了两名领导；请只留一名负责到底的
-- Notice
select 'project', row, 'leaders', array_to_string(leaders, '; ')
from project
where len(leaders) > 1
