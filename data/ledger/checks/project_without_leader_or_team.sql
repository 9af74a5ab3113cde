-- Rule: one project needs one leader and one team; fill in what is missing | 一个项目须有一名领导、一套班子；请补上所缺的
-- Notice
select 'project', row, if(coalesce(len(leaders), 0) = 0, 'leaders', 'team'), name_of('project', project_id)
from project
where
    coalesce(len(leaders), 0) = 0
    or team is null
