"""Make the sample ledger: an invented park and an invented year. Nothing in it is a figure of any real place.

Run: python -m tests.tools.make_sample    writes data/sample/<table>.csv; the same script gives the same bytes
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from data.ledger.definition import get_sheet_definitions
from data.ledger.ledger import SAMPLE_PARK, make_empty_tables

FOLDER = Path(__file__).parents[2] / "data" / "sample"
YEAR = 2025
START = date(YEAR, 1, 6)
DEPARTMENTS = (
    ("D01", "产业发展局", "Industry bureau", "industry"),
    ("D02", "建设管理局", "Construction bureau", "construction"),
    ("D03", "科技创新局", "Science and technology bureau", "other"),
    ("D04", "社会事业局", "Social affairs bureau", "other"),
    ("D05", "财政金融局", "Finance bureau", "other"),
    ("D06", "督查考核办", "Supervision office", "other"),
    ("D07", "行政审批局", "Approvals bureau", "other"),
)
LEADERS = (
    ("L01", "工委书记", "Party secretary"),
    ("L02", "管委会主任", "Director of the committee"),
    ("L03", "分管产业的副主任", "Deputy director for industry"),
    ("L04", "分管建设的副主任", "Deputy director for construction"),
    ("L05", "分管科技的副主任", "Deputy director for science"),
    ("L06", "分管民生的副主任", "Deputy director for livelihood"),
)
# Number, theme, indicator, form, wording, value, department.
TARGETS = (
    ("S01", "economy", "total_revenue", "level", "reach", 520, "D01"),
    ("S02", "economy", "industrial_output_above_scale", "growth", "at_least", 12, "D01"),
    ("S03", "economy", "fixed_asset_investment", "level", "at_least", 96, "D02"),
    ("S04", "economy", "fiscal_revenue", "growth", "at_least", 10, "D05"),
    ("S05", "economy", "investment_attracted", "level", "at_least", 60, "D01"),
    ("S06", "innovation", "hightech_output", "growth", "at_least", 15, "D03"),
    ("S07", "innovation", "patent_applications", "level", "reach", 420, "D03"),
    ("S08", "innovation", "tech_enterprises_introduced", "level", "at_least", 30, "D03"),
    ("S09", "innovation", "hightech_enterprises", "level", "reach", 85, "D03"),
    ("S10", "innovation", "pct_applications", "level", "reach", 20, "D03"),
    ("S11", "livelihood", "resettlement_area_built", "level", "reach", 9, "D02"),
    ("S12", "livelihood", "resettlement_homes_allocated", "level", "reach", 800, "D04"),
)
COMMITMENTS = (
    ("P01", "innovation", "建成中试公共平台", "Open a shared pilot-production platform"),
    ("P02", "livelihood", "失地农民养老保险应保尽保", "Pensions for every farmer who lost land"),
    ("P03", "livelihood", "园区小学当年开学", "Open the park's primary school within the year"),
    ("P04", "economy", "设立产业引导基金", "Set up a guidance fund for industry"),
)
# Cumulative values from February (January and February are one period) to December: the year before, this year.
SERIES: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "total_revenue": (
        (58.1, 96.4, 133.9, 172.6, 214.8, 251.3, 288.7, 329.9, 368.2, 407.5, 450.3),
        (68.0, 113.2, 157.8, 203.5, 252.9, 296.1, 340.6, 389.2, 434.1, 479.8, 527.4),
    ),
    "industrial_output_above_scale": (
        (41.2, 70.3, 98.1, 126.5, 158.9, 186.4, 213.8, 244.6, 272.3, 301.0, 333.5),
        (44.5, 76.1, 106.6, 138.4, 174.9, 206.9, 239.4, 275.4, 307.2, 339.8, 376.9),
    ),
    "fixed_asset_investment": (
        (6.8, 14.1, 21.6, 29.9, 39.2, 46.0, 53.1, 61.5, 68.8, 75.9, 84.2),
        (5.9, 10.2, 15.1, 20.3, 26.9, 33.8, 42.0, 52.6, 63.0, 73.1, 82.5),
    ),
    "fiscal_revenue": (
        (3.1, 4.6, 6.2, 7.6, 9.4, 10.8, 12.0, 13.5, 15.0, 16.3, 17.9),
        (3.4, 5.1, 6.8, 8.4, 10.4, 11.9, 13.2, 14.9, 16.5, 17.9, 19.7),
    ),
    "investment_attracted": (
        (5.2, 9.8, 14.4, 18.9, 24.8, 28.9, 33.6, 39.2, 43.8, 48.1, 53.0),
        (3.1, 5.0, 7.2, 10.1, 13.5, 17.8, 21.9, 27.4, 32.9, 38.6, 45.1),
    ),
    "hightech_output": (
        (22.4, 37.9, 53.0, 68.4, 85.7, 100.8, 115.3, 131.9, 147.0, 162.4, 180.1),
        (26.0, 44.1, 61.9, 80.3, 100.9, 118.6, 136.0, 155.8, 173.9, 192.1, 213.4),
    ),
    "patent_applications": (
        (38, 66, 95, 127, 163, 194, 226, 262, 293, 325, 361),
        (41, 73, 110, 152, 203, 247, 294, 348, 396, 431, 470),
    ),
    "tech_enterprises_introduced": (
        (2, 4, 6, 9, 11, 14, 16, 18, 20, 22, 24),
        (1, 2, 3, 4, 5, 8, 13, 20, 25, 29, 33),
    ),
    "hightech_enterprises": (
        (66, 66, 67, 67, 68, 69, 70, 70, 71, 72, 72),
        (72, 73, 73, 74, 75, 77, 78, 80, 81, 83, 84),
    ),
    "resettlement_area_built": (
        (0.6, 1.2, 1.9, 2.6, 3.4, 4.1, 4.9, 5.7, 6.4, 7.1, 7.8),
        (0.5, 1.0, 1.6, 2.2, 2.9, 3.5, 4.1),  # no return after August
    ),
    "resettlement_homes_allocated": (
        (0, 0, 120, 120, 260, 260, 260, 400, 400, 520, 640),
        (0, 0, 0, 0, 60, 60, 160, 420, 560, 720, 816),
    ),
}  # fmt: skip
# Growth so far as the statistics give it: of firms above designated size two values tell none.
GROWTH: dict[str, dict[tuple[int, int], float]] = {
    "industrial_output_above_scale": {
        (YEAR, month): growth
        for month, growth in enumerate((7.6, 8.0, 8.4, 9.1, 9.8, 10.7, 11.6, 12.2, 12.4, 12.5, 12.6), 2)
    },
}
# The approved plan of the year, for the indicators that have one.
PLANS: dict[str, tuple[float, ...]] = {
    "total_revenue": (66, 110, 154, 199, 247, 290, 333, 381, 425, 471, 520),
    "fixed_asset_investment": (7.5, 15.5, 24, 33, 44, 52, 60, 70, 78, 87, 96),
    "investment_attracted": (6, 11, 16, 21, 28, 33, 38, 44, 50, 55, 60),
    "tech_enterprises_introduced": (2, 5, 7, 10, 13, 16, 19, 22, 25, 28, 30),
    "resettlement_homes_allocated": (0, 0, 100, 150, 250, 300, 350, 450, 550, 700, 800),
    "hightech_enterprises": (72, 73, 74, 75, 76, 77, 78, 80, 82, 84, 85),
}
# What is to be done; which target or commitment it serves; owner and leader.
TASKS = (
    ("排定规模企业月度增产计划", "Monthly output plans with the larger firms", "S01", "D01", "L03"),
    ("上门核实二十家重点企业报表", "Check the returns of twenty key firms on site", "S01", "D01", "L03"),
    ("工业用电异常企业逐户走访", "Visit every firm whose power use dropped", "S02", "D01", "L03"),
    ("推动八家企业升规入统", "Bring eight firms above designated size", "S02", "D01", "L03"),
    ("技改项目贴息申报", "Apply for interest subsidies on upgrading", "S02", "D05", "L03"),
    ("二期路网开工", "Start the roads of phase two", "S03", "D02", "L04"),
    ("标准厂房三号组团封顶", "Top out standard workshops, group three", "S03", "D02", "L04"),
    ("变电站用地交付", "Hand over the site of the substation", "S03", "D02", "L04"),
    ("雨污管网改造", "Rebuild storm and waste water mains", "S03", "D02", "L04"),
    ("专项债项目资金拨付", "Pay out the special bond funds", "S03", "D05", "L02"),
    ("税源企业月度会商", "Monthly talks on the largest taxpayers", "S04", "D05", "L02"),
    ("清理欠缴土地出让收入", "Collect land income in arrears", "S04", "D05", "L02"),
    ("长三角招商小分队驻点", "A team in the Yangtze delta to attract investment", "S05", "D01", "L01"),
    ("两场专题招商会", "Two investment meetings by trade", "S05", "D01", "L01"),
    ("签约项目资金到位核查", "Check that signed capital has arrived", "S05", "D05", "L03"),
    ("外资企业增资协议", "Agreement on added foreign capital", "S05", "D01", "L03"),
    ("高新产品目录动态更新", "Keep the list of high-tech products current", "S06", "D03", "L05"),
    ("高新产值统计口径培训", "Train firms in high-tech output statistics", "S06", "D03", "L05"),
    ("专利申报辅导十二场", "Twelve sessions on filing patents", "S07", "D03", "L05"),
    ("专利奖励资金兑现", "Pay out the patent rewards", "S07", "D05", "L05"),
    ("科技企业孵化器二期招商", "Fill phase two of the incubator", "S08", "D03", "L05"),
    ("与三所高校签订成果转化协议", "Transfer agreements with three universities", "S08", "D03", "L05"),
    ("引进检验检测机构", "Attract a testing laboratory", "S08", "D03", "L05"),
    ("高企培育库入库辅导", "Prepare firms for certification", "S09", "D03", "L05"),
    ("高企复审材料预审", "Check the files for recertification", "S09", "D03", "L05"),
    ("安置区二标段主体施工", "Main structure of resettlement lot two", "S11", "D02", "L04"),
    ("安置区配套道路", "Roads of the resettlement area", "S11", "D02", "L04"),
    ("安置房质量第三方检测", "Independent inspection of resettlement homes", "S11", "D02", "L06"),
    ("安置对象资格复核", "Confirm who is entitled to a home", "S12", "D04", "L06"),
    ("安置房第一批分配", "Allocate the first lot of homes", "S12", "D04", "L06"),
    ("安置房第二批分配", "Allocate the second lot of homes", "S12", "D04", "L06"),
    ("安置小区物业进驻", "Bring in the housing management", "S12", "D04", "L06"),
    ("中试平台设备采购", "Buy the equipment of the pilot platform", "P01", "D03", "L05"),
    ("中试平台试运行", "Trial run of the pilot platform", "P01", "D03", "L05"),
    ("失地农民参保信息比对", "Match the pension records of farmers", "P02", "D04", "L06"),
    ("养老保险补贴发放", "Pay out the pension subsidies", "P02", "D04", "L06"),
    ("园区小学教室验收", "Accept the classrooms of the primary school", "P03", "D02", "L06"),
    ("园区小学师资到位", "Staff the primary school", "P03", "D04", "L06"),
    ("引导基金管理办法", "Rules of the guidance fund", "P04", "D05", "L02"),
    ("引导基金首期募集", "First round of the guidance fund", "P04", "D05", "L02"),
    ("园区宣传片制作", "Make a film about the park", "", "D01", "L01"),
    ("办公楼会议系统升级", "Renew the conference system", "", "D07", "L02"),
)
# Tasks that show a state on the last day of the year, by place in TASKS: what stands in for the dice.
FIXED: dict[int, dict[str, Any]] = {
    3: {"start": date(2026, 2, 2), "due": date(2026, 6, 30)},  # not started
    9: {"start": date(2025, 9, 1), "due": date(2026, 3, 31)},  # in progress
    14: {"due": date(2026, 1, 8)},  # due within three days of the last return
    22: {"due": date(2025, 10, 31)},  # overdue
    7: {"due": date(2025, 8, 29)},  # overdue
    15: {"due": date(2025, 11, 28)},  # overdue
    25: {"due": date(2025, 12, 19)},  # overdue
    33: {"due": date(2025, 12, 26), "finished": date(2025, 12, 24)},  # waits for its assessment
    31: {"due": date(2025, 12, 31), "finished": date(2025, 12, 22), "assessed": date(2026, 1, 5), "verdict": "return"},
    41: {"due": date(2025, 9, 30), "assessed": date(2025, 8, 11), "verdict": "stop"},
}
PROJECTS = (
    ("精密铸件扩建", "Precision castings, extension", "project", "D01", ("L03",), "S02", "running"),
    ("风电主轴生产线", "Wind turbine shafts", "project", "D01", ("L01",), "S01", "building"),
    ("智能泵阀产业园", "Smart pumps and valves", "project", "D01", ("L02",), "S05", "preparing"),
    ("标准厂房三号组团", "Standard workshops, group three", "project", "D02", ("L04",), "S03", "building"),
    ("二期路网", "Roads of phase two", "project", "D02", ("L04",), "S03", "building"),
    ("安置区二标段", "Resettlement area, lot two", "project", "D02", ("L06",), "S11", "building"),
    ("中试公共平台", "Shared pilot platform", "project", "D02", ("L05",), None, "trial"),
    ("甲电机企业", "Electric motor maker A", "enterprise", "D01", ("L03",), "S02", "running"),
    ("乙材料企业", "Materials firm B", "enterprise", "D01", ("L05",), "S06", "running"),
    ("丙装备企业", "Machinery firm C", "enterprise", "D01", ("L01", "L03"), "S01", "running"),
    ("丁软件企业", "Software firm D", "enterprise", "D01", (), "S08", "running"),
    ("戊检测机构", "Testing laboratory E", "enterprise", "D01", ("L05",), "S08", "preparing"),
    ("己物流园", "Logistics park F", "project", "D02", ("L02",), "S03", "stopped"),
    ("变电站", "Substation", "project", "D02", ("L04",), "S03", "preparing"),
)
PROBLEMS = (
    ("用地指标未落实", "No land quota yet"),
    ("专项债未到账", "Bond funds have not arrived"),
    ("高压线迁改未完成", "Power line not moved yet"),
    ("环评批复滞后", "Environmental approval is late"),
    ("设备进口报关受阻", "Imported equipment held at customs"),
    ("技工短缺五十人", "Fifty skilled workers short"),
    ("银行贷款未放款", "Bank loan not paid out"),
    ("施工道路受阻", "Site road is blocked"),
    ("用水压力不足", "Water pressure is too low"),
    ("厂房消防验收未过", "Workshop failed its fire inspection"),
    ("员工子女入学", "School places for workers' children"),
    ("供气管道未接通", "Gas pipe not connected"),
)
SERVICES = (
    ("企业设立登记", "Registration of a firm", "D07", 1),
    ("施工许可", "Building permit", "D07", 7),
    ("环评审批", "Environmental approval", "D07", 15),
    ("人才补贴申领", "Talent subsidy", "D03", 10),
    ("技改备案", "Filing of an upgrade", "D01", 3),
    ("社保待遇核定", "Assessment of social insurance", "D04", 5),
)
# Points off for each percentage point that a growth falls short, by item.
PER_POINT = {"K02": 2.0, "K08": 1.5}
# Item, department, target, task, weight, cap, condition, points.
RULES = (
    ("K01", "D01", "S01", None, 30, 120, "missed", -5),
    ("K02", "D01", "S02", None, 25, 120, None, None),
    ("K03", "D01", "S05", None, 30, 100, "missed", -5),
    ("K04", "D01", None, 1, 15, None, "late", -3),
    ("K05", "D02", "S03", None, 50, 110, "missed", -5),
    ("K06", "D02", "S11", None, 30, 100, None, None),
    ("K07", "D02", None, 6, 20, None, "ordered", -2),
    ("K08", "D03", "S06", None, 30, 110, None, None),
    ("K09", "D03", "S07", None, 30, 110, "met", 2),
    ("K10", "D03", "S08", None, 25, 110, None, None),
    ("K11", "D03", None, 23, 15, None, "late", -3),
    ("K12", "D04", "S12", None, 70, 100, "met", 3),
    ("K13", "D04", None, 29, 30, None, "returned", -2),
)
FOLLOWUPS = (
    ("核实{}完成数", "Check the figure for {}"),
    ("提出{}追赶措施", "Say how {} will catch up"),
    ("会同企业研究{}的差距", "Look into the gap in {} with the firms"),
)


def workday(day: date, step: int = 1) -> date:
    """The day itself, or the next (or last) one from Monday to Friday."""
    while day.weekday() > 4:
        day += timedelta(days=step)
    return day


def months() -> Iterator[int]:
    """Months that have a return: January and February are one."""
    return iter(range(2, 13))


def meeting(month: int) -> date:
    """The meeting on the month before it: about the tenth."""
    year, number = (YEAR + 1, 1) if month == 12 else (YEAR, month + 1)
    return workday(date(year, number, 10))


def returns() -> Iterator[dict[str, Any]]:
    """Monthly returns of this year and the year before."""
    for indicator, years in SERIES.items():
        for year, values in zip((YEAR - 1, YEAR), years, strict=True):
            for month, value in zip(months(), values, strict=False):
                following = (year + 1, 1) if month == 12 else (year, month + 1)
                late = 3 if indicator == "fiscal_revenue" and month == 5 else 0
                reported = workday(date(*following, 6 + late))
                growth = GROWTH.get(indicator, {}).get((year, month))
                yield {
                    "indicator_id": indicator, "month": f"{year}-{month:02}", "value": value, "growth": growth,
                    "reported": reported,
                }  # fmt: skip


def plans() -> Iterator[dict[str, Any]]:
    """The approved monthly plan."""
    for indicator, values in PLANS.items():
        for month, value in zip(months(), values, strict=True):
            yield {"indicator_id": indicator, "month": f"{YEAR}-{month:02}", "value": value, "approved": START}


def tasks(dice: random.Random) -> Iterator[dict[str, Any]]:
    """Tasks: most are crossed off on time, some late; FIXED holds those that show a state at the end of the year."""
    for place, (title, title_en, aim, owner, leader) in enumerate(TASKS):
        theme = {row[0]: row[1] for row in (*TARGETS, *COMMITMENTS)}.get(aim, "economy")
        assigned = START + timedelta(days=dice.choice((3, 3, 3, 24, 60)))
        start = workday(assigned + timedelta(days=dice.randint(3, 40)))
        due = workday(start + timedelta(days=dice.randint(40, 230)))
        row: dict[str, Any] = {
            "task_id": f"R{place + 1:03}", "theme": theme, "title": title, "title_en": title_en,
            "target_id": aim if aim.startswith("S") else None, "commitment_id": aim if aim.startswith("P") else None,
            "department_id": owner, "leader_id": leader, "assigned": assigned, "start": start,
            "due": min(due, date(YEAR, 12, 20)),
        }  # fmt: skip
        if place in FIXED:
            row |= FIXED[place]
            row["start"] = min(row["start"], row["due"]) if "start" not in FIXED[place] else row["start"]
        else:
            slip = dice.choice((-12, -9, -6, -4, -3, -2, -1, 0, 8, 19))
            row["finished"] = workday(row["due"] + timedelta(days=slip), -1)
            if place % 9 == 5:
                row["returned"] = workday(row["finished"] - timedelta(days=12))
            row |= {"assessed": workday(row["finished"] + timedelta(days=dice.randint(2, 6))), "verdict": "pass"}
        if row.get("finished"):
            row["proof"] = f"示例函〔{YEAR}〕{place + 1}号"
        if row.get("verdict"):
            row["assessor_id"] = "D06"
        yield row


def steps(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Three steps for every third task: begun, half way, done."""
    named = (("方案确定", "Plan settled", 20), ("过半", "Half way", 30), ("完成", "Complete", 50))
    for row in rows[::3]:
        start, due = row["start"], row["due"]
        span = (due - start).days
        last = row.get("finished")
        for number, (title, title_en, share) in enumerate(named, start=1):
            planned = start + timedelta(days=span * number // 3)
            done = planned if (last and number < 3) or (number == 1 and planned < date(YEAR, 12, 1)) else None
            done = min(done, last) if done and last else last if number == 3 else done
            yield {
                "task_id": row["task_id"], "number": number, "title": title, "title_en": title_en, "share": share,
                "due": planned, "done": done,
            }  # fmt: skip


def projects(dice: random.Random) -> Iterator[dict[str, Any]]:
    """Projects and enterprises; one has two leaders, one none, one no team."""
    for place, (name, name_en, kind, owner, leaders, target, stage) in enumerate(PROJECTS):
        begin = START + timedelta(days=dice.randint(5, 60))
        end = workday(date(YEAR, 6, 30) + timedelta(days=dice.randint(0, 360)))
        done = stage == "running" and kind == "project"
        yield {
            "project_id": f"X{place + 1:02}", "name": name, "name_en": name_en, "kind": kind, "department_id": owner,
            "leaders": list(leaders) or None,
            "team": None if name_en == "Substation" else f"{name}服务专班",
            "team_en": None if name_en == "Substation" else f"Team for {name_en}",
            "target_id": target, "assigned": begin, "start": begin, "due": end,
            "done": min(end, date(YEAR, 11, 14)) if done else None, "stage": stage,
            "stage_since": workday(begin + timedelta(days=dice.randint(20, 200))),
        }  # fmt: skip


def problems(dice: random.Random) -> Iterator[dict[str, Any]]:
    """Problems of projects: solved in time, solved late, open, past their promise, without a promise."""
    for place, (title, title_en) in enumerate(PROBLEMS * 2):
        raised = workday(START + timedelta(days=70 + place * 11))
        promised = workday(raised + timedelta(days=dice.randint(14, 45)))
        solved = {0: promised - timedelta(days=3), 1: promised + timedelta(days=16), 2: promised}.get(place % 4)
        solved = solved if place < 20 or place == 22 else None
        yield {
            "problem_id": f"W{place + 1:02}", "project_id": f"X{place * 5 % len(PROJECTS) + 1:02}", "title": title,
            "title_en": title_en, "department_id": ("D02", "D05", "D07")[place % 3], "raised": raised,
            "promised": None if place % 12 == 11 else promised, "solved": solved,
        }  # fmt: skip


def orders() -> Iterator[dict[str, Any]]:
    """Supervision orders: closed, replied and open, not replied and past its day; for every reason."""
    listed = (
        ("S03", None, None, "D02", date(2025, 5, 12), "behind", 10, 8, 60),
        ("S05", None, None, "D01", date(2025, 5, 12), "behind", 10, 14, None),
        ("S08", None, None, "D03", date(2025, 6, 10), "behind", 10, 7, 95),
        ("S12", None, None, "D04", date(2025, 8, 11), "behind", 15, 11, 70),
        (None, "R008", None, "D02", date(2025, 9, 10), "overdue", 7, 7, None),
        (None, "R023", None, "D03", date(2025, 11, 10), "overdue", 7, 20, None),
        (None, "R007", None, "D02", date(2025, 9, 12), "other", 10, 5, 21),
        (None, None, "W03", "D07", date(2025, 6, 16), "problem", 5, 4, 30),
        (None, None, "W04", "D02", date(2025, 7, 14), "problem", 5, None, None),
        ("S11", None, None, "D02", date(2025, 12, 10), "other", 10, None, None),
        ("S03", None, None, "D02", date(2025, 10, 13), "behind", 10, 9, None),
        (None, "R026", None, "D02", date(2025, 12, 31), "overdue", 10, None, None),
    )
    for place, (target, task, problem, to, issued, reason, days, replied, closed) in enumerate(listed, start=1):
        yield {
            "supervision_id": f"B{place:02}", "target_id": target, "task_id": task, "problem_id": problem,
            "department_id": to, "issued": issued, "reason": reason, "due": issued + timedelta(days=days),
            "replied": issued + timedelta(days=replied) if replied else None,
            "closed": issued + timedelta(days=closed) if closed else None,
        }  # fmt: skip


def followups(dice: random.Random) -> Iterator[dict[str, Any]]:
    """Two follow-ups of every meeting: on a target, to its department."""
    short = {"S03": ("固定资产投资", "investment"), "S05": ("到位资金", "capital in place"),
             "S08": ("引进科技企业", "firms introduced"), "S11": ("安置区建设", "resettlement building"),
             "S12": ("安置房分配", "homes allocated"), "S02": ("规模工业产值", "industrial output")}  # fmt: skip
    owner = {row[0]: row[6] for row in TARGETS}
    place = 0
    for month in months():
        for target in dice.sample(sorted(short), 2):
            place += 1
            what, what_en = FOLLOWUPS[place % 3]
            met = meeting(month)
            due = workday(met + timedelta(days=20))
            done = {0: None, 1: due + timedelta(days=9)}.get(place % 6, due - timedelta(days=place % 5))
            yield {
                "followup_id": f"H{place:02}", "meeting": met, "title": what.format(short[target][0]),
                "title_en": what_en.format(short[target][1]), "department_id": owner[target], "target_id": target,
                "task_id": "R008" if target == "S03" else None, "due": due,
                "done": done if done and done <= meeting(12) else None,
            }  # fmt: skip


def cases(dice: random.Random) -> Iterator[dict[str, Any]]:
    """Service cases over the year; in September building permits were slow."""
    for place in range(480):
        service, service_en, owner, promised = SERVICES[dice.randrange(len(SERVICES))]
        accepted = workday(date(YEAR, 1, 2) + timedelta(days=dice.randrange(363)))
        slow = 2.6 if service in ("施工许可", "环评审批") and accepted.month == 9 else 1.0
        days = max(0, round(dice.gauss(promised * 0.72, promised * 0.25 + 0.3) * slow))
        last = accepted
        for _ in range(days):
            last = workday(last + timedelta(days=1))
        finished = None if accepted > date(YEAR, 12, 18) and place % 3 == 0 else last
        rated = finished is not None and dice.random() < 0.4
        yield {
            "case_id": f"F{place + 1:04}", "service": service, "service_en": service_en, "department_id": owner,
            "accepted": accepted, "promised_days": promised, "finished": finished,
            "satisfaction": dice.choice((100, 100, 95, 90, 80, 60)) if rated else None,
        }  # fmt: skip


def rules() -> Iterator[dict[str, Any]]:
    """The declared formula of four departments; the others have none."""
    for code, owner, target, task, weight, cap, when, points in RULES:
        yield {
            "rule_id": code, "department_id": owner, "target_id": target, "task_id": f"R{task:03}" if task else None,
            "weight": weight, "cap": cap, "per_point": PER_POINT.get(code), "adjust_when": when, "adjustment": points,
            "declared": date(YEAR, 2, 14),
        }  # fmt: skip


def tables() -> dict[str, pl.DataFrame]:
    """Every table of the sample, each row marked with the park's code."""
    dice = random.Random(YEAR)
    work = list(tasks(dice))
    rows: dict[str, list[dict[str, Any]]] = {
        "park": [{"park_id": SAMPLE_PARK, "name": "示例园区", "name_en": "Sample park"}],
        "department": [
            {"department_id": code, "name": name, "name_en": english, "kind": kind, "since": START}
            for code, name, english, kind in DEPARTMENTS
        ],
        "leader": [
            {"leader_id": code, "name": name, "name_en": english, "since": START} for code, name, english in LEADERS
        ],
        "target": [
            {"target_id": code, "theme": theme, "indicator_id": indicator, "year": YEAR, "measure": measure,
             "comparator": comparator, "value": value, "department_id": owner, "set_on": START}
            for code, theme, indicator, measure, comparator, value, owner in TARGETS
        ],
        "commitment": [
            {"commitment_id": code, "theme": theme, "name": name, "name_en": english, "made_on": START}
            for code, theme, name, english in COMMITMENTS
        ],
        "monthly_plan": list(plans()),
        "monthly_return": list(returns()),
        "task": work,
        "step": list(steps(work)),
        "project": list(projects(dice)),
        "problem": list(problems(dice)),
        "supervision": list(orders()),
        "followup": list(followups(dice)),
        "service_case": list(cases(dice)),
        "assessment_rule": list(rules()),
    }  # fmt: skip
    frames = make_empty_tables()
    for table, sheet in get_sheet_definitions().items():
        marked = [{"park_id": SAMPLE_PARK, **row} for row in rows[table]]
        frames[table] = pl.DataFrame(marked, schema=sheet.schema, orient="row", strict=False)
    return frames


def csv_of(rows: pl.DataFrame) -> bytes:
    """Rows as the files of the sample hold them."""
    flat = rows.with_columns(
        pl.col(column).list.join(";") for column, kind in rows.schema.items() if isinstance(kind, pl.List)
    )
    return flat.write_csv().encode()


def main() -> None:
    """Write the files."""
    for table, rows in tables().items():
        (FOLDER / f"{table}.csv").write_bytes(csv_of(rows))


if __name__ == "__main__":
    main()
