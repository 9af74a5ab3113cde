-- Rule: a project is led by a department of the kind industry or construction; correct the department or its kind | 项目由产业或建设类部门牵头；请改正部门，或改正部门的类别
-- Notice
select 'project', project.row, 'department_id', name_of('department', project.department_id)
from project
inner join department using (department_id)
where department.kind = 'other'
