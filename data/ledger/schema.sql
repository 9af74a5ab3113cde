-- The ledger of one park: what its six working mechanisms keep. One statement of sheets, columns, keys and lists.
-- data/ledger/template.py makes the workbook from this file, and data/ledger/ledger.py holds every workbook against it.
-- A comment says the same twice, in English and, after the bar, in Chinese. What stands before its first full stop is
-- the name of the sheet or the head of the column; the words of a list stand after it as: code word, code word.
-- The rules that a key cannot hold are the files of data/ledger/checks/.

create type theme as enum ({theme_codes});

create table park (
    park_id varchar primary key,
    name varchar not null,
    name_en varchar
);
comment on table park is 'Park. One row: whose ledger this is. | 园区。一行：这是谁的台账。';
comment on column park.park_id is 'Park code. Lower case letters, digits and hyphens, as in links; xthtz is Xiangtan High-tech Zone. | 园区代码。小写字母、数字、连字符，与链接里的相同；湘潭高新区为 xthtz。';
comment on column park.name is 'Name. | 名称。';
comment on column park.name_en is 'Name in English. Optional, as all names in English are. | 英文名称。可不填，各表的英文栏都可不填。';

create table department (
    park_id varchar not null,
    department_id varchar primary key,
    name varchar not null unique,
    name_en varchar,
    kind enum ('industry', 'construction', 'other') not null,
    since date not null
);
comment on table department is 'Department. One row: one department that owns tasks, projects or services. | 部门。每行一个承办任务、项目或服务的部门。';
comment on column department.department_id is 'Department code. | 部门代码。';
comment on column department.name is 'Name. | 名称。';
comment on column department.name_en is 'Name in English. | 英文名称。';
comment on column department.kind is 'Kind. industry Industry, construction Construction, other Other. | 类别。industry 产业，construction 建设，other 其他。';
comment on column department.since is 'Since. First day on which it stands in the ledger. | 起始日期。列入台账的第一天。';

create table leader (
    park_id varchar not null,
    leader_id varchar primary key,
    name varchar not null unique,
    name_en varchar,
    since date not null
);
comment on table leader is 'Leader. One row: one leader, by post; a name is shown only if it is written here. | 领导。每行一位领导，可只写职务；这里写了姓名才会显示姓名。';
comment on column leader.leader_id is 'Leader code. | 领导代码。';
comment on column leader.name is 'Post or name. | 职务或姓名。';
comment on column leader.name_en is 'Post in English. | 英文职务。';
comment on column leader.since is 'Since. First day in the post. | 任职日期。任职的第一天。';

create table target (
    park_id varchar not null,
    target_id varchar primary key,
    theme theme not null,
    indicator_id varchar not null,
    year integer not null,
    measure enum ('level', 'growth') not null,
    comparator enum ('reach', 'at_least', 'about', 'exceed') not null,
    value decimal(18, 4) not null,
    department_id varchar references department (department_id),
    set_on date not null
);
comment on table target is 'Target. One row: one number that the park set itself for one year. Targets that were published need no row here. | 目标。每行一项年度目标。已公布过的目标不必再填。';
comment on column target.target_id is 'Target number. | 目标编号。';
comment on column target.theme is 'Theme. {themes_en}. | 方面。{themes_zh}。';
comment on column target.indicator_id is 'Indicator. Name or code as on the page of sources; values stand in its unit. | 指标。名称或代码，见“数据与来源”页；数值用该指标的单位。';
comment on column target.year is 'Year. | 年度。';
comment on column target.measure is 'Form. level Level, growth Growth in per cent. | 形式。level 数值，growth 增长%。';
comment on column target.comparator is 'Wording. reach Reach, at_least Or more, about About, exceed Exceed. | 措辞。reach 达到，at_least 以上，about 左右，exceed 突破。';
comment on column target.value is 'Target value. In the unit of the indicator, or per cent for a growth. | 目标值。用指标的单位；增长填百分数。';
comment on column target.department_id is 'Department responsible. | 责任部门。';
comment on column target.set_on is 'Set on. | 确定日期。';

create table commitment (
    park_id varchar not null,
    commitment_id varchar primary key,
    theme theme not null,
    name varchar not null,
    name_en varchar,
    made_on date not null
);
comment on table commitment is 'Commitment. One row: one promise without a number. Commitments that were published need no row here. | 承诺。每行一项没有数字的承诺。已公布过的承诺不必再填。';
comment on column commitment.commitment_id is 'Commitment number. | 承诺编号。';
comment on column commitment.theme is 'Theme. {themes_en}. | 方面。{themes_zh}。';
comment on column commitment.name is 'What was promised. | 承诺内容。';
comment on column commitment.name_en is 'In English. | 英文内容。';
comment on column commitment.made_on is 'Made on. | 作出日期。';

create table monthly_plan (
    park_id varchar not null,
    indicator_id varchar not null,
    month varchar not null,
    value decimal(18, 4) not null,
    approved date not null,
    primary key (indicator_id, month)
);
comment on table monthly_plan is 'Monthly plan. One row: what is to be reached from January to the end of a month, as approved. | 月计划。每行一个指标年初至某月末应完成的累计数，经批准。';
comment on column monthly_plan.indicator_id is 'Indicator. Name or code. | 指标。名称或代码。';
comment on column monthly_plan.month is 'Month. As 2025-03; January and February are one period, written as February. | 月份。写成 2025-03；1—2月合为一期，写2月。';
comment on column monthly_plan.value is 'Planned, cumulative. In the unit of the indicator. | 计划累计数。用指标的单位。';
comment on column monthly_plan.approved is 'Approved on. | 批准日期。';

create table monthly_return (
    park_id varchar not null,
    indicator_id varchar not null,
    month varchar not null,
    value decimal(18, 4) not null,
    growth decimal(9, 4),
    reported date not null,
    note varchar,
    primary key (indicator_id, month)
);
comment on table monthly_return is 'Monthly return. One row: what was reached from January to the end of a month; last year''s months belong here too. | 月报。每行一个指标年初至某月末的累计完成数；上年各月也填在这里，用来对比。';
comment on column monthly_return.indicator_id is 'Indicator. Name or code. | 指标。名称或代码。';
comment on column monthly_return.month is 'Month. As 2025-03; January and February are one period, written as February. | 月份。写成 2025-03；1—2月合为一期，写2月。';
comment on column monthly_return.value is 'Reached, cumulative. In the unit of the indicator. | 累计完成数。用指标的单位。';
comment on column monthly_return.growth is 'Year-to-date growth, %. As the statistics give it; needed where growth is at comparable prices or above designated size, which no two values give. | 累计同比%。统计部门核定的累计增速；按可比价格或只统计规模以上单位的指标须填，两年的数值推不出来。';
comment on column monthly_return.reported is 'Reported on. | 报送日期。';
comment on column monthly_return.note is 'Note. Why a cumulative figure was revised downwards, for instance. | 备注。例如累计数为何调低。';

create table task (
    park_id varchar not null,
    task_id varchar primary key,
    theme theme not null,
    title varchar not null,
    title_en varchar,
    target_id varchar,
    commitment_id varchar,
    department_id varchar not null references department (department_id),
    leader_id varchar references leader (leader_id),
    assigned date not null,
    start date not null,
    due date not null,
    finished date,
    proof varchar,
    assessor_id varchar references department (department_id),
    assessed date,
    verdict enum ('pass', 'return', 'stop'),
    returned date
);
comment on table task is 'Task. One row: one item of work that is crossed off when it is done and assessed. | 任务。每行一项工作，做完并验收后消号。';
comment on column task.task_id is 'Task number. | 任务编号。';
comment on column task.theme is 'Theme. {themes_en}. | 方面。{themes_zh}。';
comment on column task.title is 'Task. What is to be done. | 任务名称。';
comment on column task.title_en is 'Task in English. | 英文名称。';
comment on column task.target_id is 'Serves target. Number of a target. | 对应目标。目标编号。';
comment on column task.commitment_id is 'Serves commitment. Number of a commitment. | 对应承诺。承诺编号。';
comment on column task.department_id is 'Owner. Department that does it. | 承办部门。';
comment on column task.leader_id is 'Leader. Who answers for it. | 责任领导。';
comment on column task.assigned is 'Assigned on. | 下达日期。';
comment on column task.start is 'Planned start. | 计划开始。';
comment on column task.due is 'Due. | 完成时限。';
comment on column task.finished is 'Finished on. As the owner says. | 报完日期。承办部门报告做完的日期。';
comment on column task.proof is 'Evidence. Name or number of the document that shows it. | 佐证材料。文件名称或文号。';
comment on column task.assessor_id is 'Assessor. A department other than the owner. | 验收部门。不能是承办部门自己。';
comment on column task.assessed is 'Assessed on. | 验收日期。';
comment on column task.verdict is 'Verdict. pass Passed, return Returned, stop Stopped. | 验收结论。pass 通过，return 退回，stop 终止。';
comment on column task.returned is 'Once returned on. Stays filled after a task that was returned has passed, so that past meetings can be reopened. | 曾退回日期。退回后又通过的，保留退回的日期，以便重看当时的会议。';

create table step (
    park_id varchar not null,
    task_id varchar not null references task (task_id),
    number integer not null,
    title varchar not null,
    title_en varchar,
    share decimal(9, 2),
    due date not null,
    done date,
    primary key (task_id, number)
);
comment on table step is 'Step. One row: one step of a task. | 节点。每行任务的一个节点。';
comment on column step.task_id is 'Task number. | 任务编号。';
comment on column step.number is 'Step number. 1, 2, 3 within its task. | 节点序号。在任务内从 1 起。';
comment on column step.title is 'Step. | 节点内容。';
comment on column step.title_en is 'Step in English. | 英文内容。';
comment on column step.share is 'Share, %. How much of the task it is; the steps of a task add up to at most 100. | 占比%。占任务的几成；同一任务合计不超过 100。';
comment on column step.due is 'Due. | 完成时限。';
comment on column step.done is 'Done on. | 完成日期。';

create table project (
    park_id varchar not null,
    project_id varchar primary key,
    name varchar not null,
    name_en varchar,
    kind enum ('project', 'enterprise') not null,
    department_id varchar not null references department (department_id),
    leaders varchar[],
    team varchar,
    team_en varchar,
    target_id varchar,
    assigned date not null,
    start date not null,
    due date not null,
    done date,
    stage enum ('preparing', 'building', 'trial', 'running', 'stopped'),
    stage_since date
);
comment on table project is 'Project. One row: one project or enterprise with its one leader and one team. | 项目。每行一个项目或企业，配一名领导、一套班子。';
comment on column project.project_id is 'Project number. | 项目编号。';
comment on column project.name is 'Name. | 名称。';
comment on column project.name_en is 'Name in English. | 英文名称。';
comment on column project.kind is 'Kind. project Project, enterprise Enterprise. | 类别。project 项目，enterprise 企业。';
comment on column project.department_id is 'Department. Of the kind industry or construction. | 牵头部门。产业或建设类部门。';
comment on column project.leaders is 'Leader. One; where there are several, with a semicolon between them, the page shows it. | 联点领导。一名；写了几名的（用分号隔开）会在页面上标出。';
comment on column project.team is 'Team. | 服务班子。';
comment on column project.team_en is 'Team in English. | 英文班子。';
comment on column project.target_id is 'Serves target. Number of a target. | 对应目标。目标编号。';
comment on column project.assigned is 'Paired on. | 结对日期。';
comment on column project.start is 'Planned start. | 计划开始。';
comment on column project.due is 'Due. | 完成时限。';
comment on column project.done is 'Done on. | 完成日期。';
comment on column project.stage is 'Stage. preparing Preparing, building Building, trial Trial run, running Running, stopped Stopped. | 阶段。preparing 前期，building 在建，trial 试产，running 投产，stopped 停建。';
comment on column project.stage_since is 'Stage since. First day of the stage. | 阶段起始。进入现阶段的日期。';

create table problem (
    park_id varchar not null,
    problem_id varchar primary key,
    project_id varchar references project (project_id),
    task_id varchar references task (task_id),
    title varchar not null,
    title_en varchar,
    department_id varchar references department (department_id),
    raised date not null,
    promised date,
    solved date
);
comment on table problem is 'Problem. One row: one difficulty that a project or task ran into. | 问题。每行一个项目或任务遇到的困难。';
comment on column problem.problem_id is 'Problem number. | 问题编号。';
comment on column problem.project_id is 'Project number. | 项目编号。';
comment on column problem.task_id is 'Task number. | 任务编号。';
comment on column problem.title is 'Problem. | 问题内容。';
comment on column problem.title_en is 'Problem in English. | 英文内容。';
comment on column problem.department_id is 'Department that solves it. | 解决部门。';
comment on column problem.raised is 'Raised on. | 提出日期。';
comment on column problem.promised is 'Promised by. Day by which it is to be solved. | 承诺解决日期。';
comment on column problem.solved is 'Solved on. | 解决日期。';

create table supervision (
    park_id varchar not null,
    supervision_id varchar primary key,
    task_id varchar references task (task_id),
    target_id varchar,
    problem_id varchar references problem (problem_id),
    department_id varchar not null references department (department_id),
    issued date not null,
    reason enum ('behind', 'overdue', 'problem', 'other') not null,
    note varchar,
    due date not null,
    replied date,
    closed date
);
comment on table supervision is 'Supervision order. One row: one order to a department to put right what is behind. | 督办单。每行一张督办单，限期整改。';
comment on column supervision.supervision_id is 'Order number. | 督办编号。';
comment on column supervision.task_id is 'Task number. | 任务编号。';
comment on column supervision.target_id is 'Target number. | 目标编号。';
comment on column supervision.problem_id is 'Problem number. | 问题编号。';
comment on column supervision.department_id is 'To. Department that must answer. | 被督办部门。';
comment on column supervision.issued is 'Issued on. | 下达日期。';
comment on column supervision.reason is 'Reason. behind Behind two months in a row, overdue Task overdue, problem Problem past its promise, other Other. | 事由。behind 连续滞后，overdue 任务逾期，problem 问题超期，other 其他。';
comment on column supervision.note is 'Note. | 说明。';
comment on column supervision.due is 'Reply due. | 回复时限。';
comment on column supervision.replied is 'Replied on. | 回复日期。';
comment on column supervision.closed is 'Closed on. | 办结日期。';

create table followup (
    park_id varchar not null,
    followup_id varchar primary key,
    meeting date not null,
    title varchar not null,
    title_en varchar,
    department_id varchar references department (department_id),
    leader_id varchar references leader (leader_id),
    target_id varchar,
    task_id varchar references task (task_id),
    due date not null,
    done date
);
comment on table followup is 'Follow-up. One row: one thing that a monthly meeting told somebody to do. | 会议交办。每行一件月度会上交办的事。';
comment on column followup.followup_id is 'Follow-up number. | 交办编号。';
comment on column followup.meeting is 'Meeting. Day of the meeting. | 会议日期。';
comment on column followup.title is 'What. | 交办事项。';
comment on column followup.title_en is 'What, in English. | 英文事项。';
comment on column followup.department_id is 'Department. | 承办部门。';
comment on column followup.leader_id is 'Leader. | 责任领导。';
comment on column followup.target_id is 'Target number. | 目标编号。';
comment on column followup.task_id is 'Task number. | 任务编号。';
comment on column followup.due is 'Due. | 完成时限。';
comment on column followup.done is 'Done on. | 完成日期。';

create table service_case (
    park_id varchar not null,
    case_id varchar primary key,
    service varchar not null,
    service_en varchar,
    department_id varchar not null references department (department_id),
    accepted date not null,
    promised_days integer not null,
    finished date,
    satisfaction decimal(9, 2)
);
comment on table service_case is 'Service case. One row: one request that a department took in. | 效能事项。每行一件受理的事项。';
comment on column service_case.case_id is 'Case number. | 事项编号。';
comment on column service_case.service is 'Service. | 服务名称。';
comment on column service_case.service_en is 'Service in English. | 英文服务名称。';
comment on column service_case.department_id is 'Department. | 承办部门。';
comment on column service_case.accepted is 'Accepted on. | 受理日期。';
comment on column service_case.promised_days is 'Promised working days. Counted from the working day after acceptance. | 承诺工作日。从受理的次一工作日算起。';
comment on column service_case.finished is 'Finished on. | 办结日期。';
comment on column service_case.satisfaction is 'Satisfaction, %. Empty where nobody was asked. | 满意度%。未评价的不填。';

create table assessment_rule (
    park_id varchar not null,
    rule_id varchar primary key,
    department_id varchar not null references department (department_id),
    target_id varchar,
    task_id varchar references task (task_id),
    weight decimal(9, 2) not null,
    cap decimal(9, 2),
    per_point decimal(9, 2),
    adjust_when enum ('late', 'returned', 'missed', 'ordered', 'met'),
    adjustment decimal(9, 2),
    declared date not null
);
comment on table assessment_rule is 'Assessment rule. One row: one item of the declared formula by which a department is scored. | 考核办法。每行考核办法中的一项。没有公布办法的部门不评分。';
comment on column assessment_rule.rule_id is 'Item number. | 考核项编号。';
comment on column assessment_rule.department_id is 'Subject. Department that is scored. | 被考核部门。';
comment on column assessment_rule.target_id is 'Target number. | 目标编号。';
comment on column assessment_rule.task_id is 'Task number. | 任务编号。';
comment on column assessment_rule.weight is 'Weight. Points for 100 per cent. | 权重。完成 100% 所得的分。';
comment on column assessment_rule.cap is 'Cap, %. Most of the completion that counts; empty: 100. | 上限%。完成率最多按多少计；不填为 100。';
comment on column assessment_rule.per_point is 'Off per point. Points taken off for each percentage point that a growth falls short of its target; a growth has no completion and is scored by this alone. | 每低1个百分点扣分。增速目标每低 1 个百分点扣的分；增速没有完成率，只按这一列计分。';
comment on column assessment_rule.adjust_when is 'Adjusted when. late Crossed off late, returned Once returned, missed Target missed, ordered An order was issued, met Target met. | 加减分条件。late 逾期消号，returned 曾被退回，missed 目标未完成，ordered 被督办，met 目标完成。';
comment on column assessment_rule.adjustment is 'Adjustment. Points added when the condition holds; negative to take off. | 加减分。条件成立时加的分，减分填负数。';
comment on column assessment_rule.declared is 'Declared on. | 公布日期。';

create table ledger (
    version varchar primary key,
    file_name varchar not null,
    loaded timestamp not null
);
comment on table ledger is 'Ledger. One row: which workbook this is. | 台账。一行：来自哪个工作簿。';
comment on column ledger.version is 'Version. First twelve digits of the SHA-256 over the rows. | 版本。各行 SHA-256 的前十二位。';
comment on column ledger.file_name is 'File. | 文件名。';
comment on column ledger.loaded is 'Loaded at. UTC. | 载入时间。世界时。';
