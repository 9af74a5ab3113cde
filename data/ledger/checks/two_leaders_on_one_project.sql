-- Rule: two leaders on one project; leave the one who answers for it | 一个项目写了两名领导；请只留一名负责到底的
-- Notice
with

each_one as (

    select row, unnest(leaders) as leader_id, generate_subscripts(leaders, 1) as place
    from project
    where len(leaders) > 1

)

select 'project', row, 'leaders', string_agg(name_of('leader', leader_id), '; ' order by place)
from each_one
group by row
