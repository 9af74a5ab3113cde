"""Define the fields of each table that a user may load: their heads in both languages, and other heads accepted."""

from dataclasses import dataclass

from data.themes import THEMES


@dataclass(frozen=True)
class Field:
    """One field of a table's rows. needed: a row without it is refused. aliases: other heads it goes by."""

    name: str
    zh: str
    en: str
    needed: bool = False
    aliases: tuple[str, ...] = ()
    note_zh: str = ""
    note_en: str = ""

    def head(self, lang: str) -> str:
        """Return the field's head in the templates."""
        return self.zh if lang == "zh" else self.en

    def note(self, lang: str) -> str:
        """Return the instruction for filling in the field."""
        return self.note_zh if lang == "zh" else self.note_en


def _split_aliases(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PARK = Field(
    "park",
    "地区",
    "Place",
    True,
    _split_aliases(
        "园区 园区名称 单位名称 地区名称 区域 开发区 高新区 名称 填报单位 报送单位 城市 市州 park zone region "
        "area city "
        "park_id place_id park_zh"
    ),
    "园区或地区的名称或代码，例如 湘潭高新区",
    "name or code of the place: Xiangtan High-tech Zone",
)
_INDICATOR = Field(
    "indicator", "指标", "Indicator", True,
    _split_aliases("指标名称 统计指标 项目 指标项 主要指标 指标代码 indicator_id indicator_zh measure_name metric"),
    "指标的名称或代码，例如 技工贸总收入；不在目录里的，先用“指标”表添加",
    "name or code of the indicator; one that is not in the catalogue is added by a table of indicators first",
)  # fmt: skip
_UNIT = Field(
    "unit", "单位", "Unit", False, _split_aliases("计量单位 数值单位 unit_id unit_zh units"),
    "数值的单位：亿元、万元、万平方米、家、%……", "unit of the value: 亿元 (100 million yuan), 家 (enterprises), %",
)  # fmt: skip
_BASIS = Field(
    "basis", "增速口径", "Growth basis", False, _split_aliases("增长口径 同比口径 增速的口径 growth_basis"),
    "可比价格、可比口径、调整后基数、名义、未说明；留空则按该指标的口径",
    "constant price, like for like, adjusted base, nominal, not stated; empty: as of the indicator",
)  # fmt: skip
_NOTE = Field("note", "备注", "Note", False, _split_aliases("说明 注 备注说明 note_zh remark remarks comment"), "", "")

FIELDS: dict[str, tuple[Field, ...]] = {
    "observation": (
        _PARK,
        _INDICATOR,
        Field(
            "period",
            "时期",
            "Period",
            True,
            _split_aliases("年份 年度 时间 期间 日期 统计时间 统计年度 报告期 年月 period_code date time 统计期"),
            "2013、2013-06、2013年1—2月、2013年上半年……",
            "2013, 2013-06, 2013-01/2013-02, 2013 Q1",
        ),
        Field(
            "year",
            "年",
            "Year",
            False,
            _split_aliases("所属年份"),
            "年份另列时用",
            "where the year has a column of its own",
        ),
        Field(
            "month",
            "月",
            "Month",
            False,
            _split_aliases("月份 季度 月度 quarter"),
            "月份另列时用：3、1-2月、一季度",
            "where the month has a column of its own: 3, 1-2, Q1",
        ),
        Field(
            "value",
            "数值",
            "Value",
            False,
            _split_aliases(
                "累计 累计值 本年累计 本月累计 累计完成 本期 实绩 数据 数量 金额 总额 指标值 值 实际 "
                "实际数 完成数 完成值 "
                "完成 完成情况 本期数 本月 本月累计 绝对量 绝对值 总量 value_text amount actual figure"
            ),
            "数；可写 190余、约6、预计1700；没有就留空",
            "a number; 190余, 约6, 预计1700 are understood; or empty",
        ),
        _UNIT,
        Field(
            "growth",
            "同比增速(%)",
            "Growth on the year before (%)",
            False,
            _split_aliases(
                "同比 同比增长 增速 增长 增长率 增幅 同比增幅 同比增速 同比增长率 比上年增长 较上年增长 同比% 增减 "
                "同比(%) 增速% growth_pct growth_text yoy growthrate change"
            ),
            "比上年同期增长百分之几：43.6 就是 43.6%",
            "per cent on the same period a year before: 43.6 is 43.6%",
        ),
        _BASIS,
        Field(
            "bound",
            "界限",
            "Bound",
            False,
            _split_aliases("界限词"),
            "余、以上、约、突破、预计，或留空",
            "more_than, at_least, about, exceeded, expected, or empty",
        ),
        _NOTE,
    ),
    "target": (
        _PARK,
        _INDICATOR,
        Field(
            "year",
            "年度",
            "Year",
            True,
            _split_aliases("年份 目标年度 目标年份 年 period 时期 计划年度"),
            "2014",
            "2014",
        ),
        Field(
            "value",
            "目标值",
            "Target value",
            True,
            _split_aliases(
                "目标 目标数 计划 计划数 计划值 年度目标 年度计划 任务 任务数 数值 目标任务 target "
                "targetvalue value_text"
            ),
            "数；可写 1000、40以上、约6",
            "a number; 1000, 40以上, 约6",
        ),
        _UNIT,
        Field(
            "measure",
            "目标类型",
            "Kind of target",
            False,
            _split_aliases("类型 目标方式 measure_zh kind"),
            "水平 或 增长；单位是 % 而指标不是占比的，按增长",
            "level or growth; % of an indicator that is no share is growth",
        ),
        Field(
            "comparator",
            "比较",
            "Comparator",
            False,
            _split_aliases("比较词 关系"),
            "达到、以上、左右、突破；留空为达到",
            "reach, at_least, about, exceed; empty: reach",
        ),
        Field(
            "strength",
            "措辞",
            "Strength",
            False,
            _split_aliases("力度 表述"),
            "确保、力争、目标；留空为目标",
            "ensure, strive, goal; empty: goal",
        ),
        _NOTE,
    ),
    "park": (
        Field(
            "code",
            "代码",
            "Code",
            True,
            _split_aliases("地区代码 园区代码 park_id id 编码 地区编码"),
            "小写字母、数字和下划线，例如 my_park",
            "lower-case letters, digits and underscores: my_park",
        ),
        Field(
            "name_zh",
            "名称",
            "Name in Chinese",
            True,
            _split_aliases("中文名称 简称 园区名称 地区名称 园区 地区 name 名称(中文) park_zh"),
            "",
            "",
        ),
        Field(
            "name_en",
            "英文名称",
            "Name in English",
            False,
            _split_aliases("英文名 englishname name(english) park_en"),
            "",
            "",
        ),
        Field("full_name_zh", "全称", "Official name in Chinese", False, _split_aliases("正式名称 中文全称"), "", ""),
        Field("full_name_en", "英文全称", "Official name in English", False, _split_aliases("英文正式名称"), "", ""),
        Field(
            "kind",
            "类别",
            "Kind",
            False,
            _split_aliases("类型 地区类别 园区类别 种类"),
            "高新区、经开区、城市、省、合计；留空为高新区",
            "zone, etdz, city, province, aggregate; empty: zone",
        ),
        Field(
            "province_zh", "省份", "Province in Chinese", False, _split_aliases("所属省份 省 所在省 province"), "", ""
        ),
        Field("province_en", "省份英文", "Province in English", False, _split_aliases("英文省份"), "", ""),
    ),
    "indicator": (
        Field(
            "code",
            "代码",
            "Code",
            True,
            _split_aliases("指标代码 indicator_id id 编码 指标编码"),
            "小写字母、数字和下划线，例如 charging_piles",
            "lower-case letters, digits and underscores: charging_piles",
        ),
        Field(
            "name_zh",
            "名称",
            "Name in Chinese",
            True,
            _split_aliases("中文名称 指标 指标名称 name indicator_zh indicator"),
            "",
            "",
        ),
        Field(
            "name_en", "英文名称", "Name in English", False, _split_aliases("英文名 englishname indicator_en"), "", ""
        ),
        Field(
            "theme",
            "方面",
            "Theme",
            True,
            _split_aliases("主题 类别 领域 板块 分类"),
            "、".join(theme.zh for theme in THEMES),
            " or ".join(theme.code for theme in THEMES),
        ),
        Field(
            "unit",
            "单位",
            "Unit",
            True,
            _split_aliases("计量单位 unit_id"),
            "通常所用的单位",
            "the unit it is usually given in",
        ),
        Field(
            "measure",
            "统计方式",
            "Measure",
            True,
            _split_aliases("类型 口径类型 计量方式"),
            "累计、时点、比率",
            "flow, stock or rate",
        ),
        Field(
            "direction",
            "方向",
            "Direction",
            False,
            _split_aliases("好坏方向"),
            "越多越好、越少越好，或留空",
            "up, down or empty",
        ),
        _BASIS,
        Field(
            "definition_zh",
            "口径",
            "Definition in Chinese",
            False,
            _split_aliases("定义 指标解释 口径说明 definition"),
            "统计的是什么",
            "what is counted",
        ),
        Field("definition_en", "英文口径", "Definition in English", False, _split_aliases("英文定义"), "", ""),
        Field(
            "comparable_key",
            "可比口径代码",
            "Comparable with",
            False,
            _split_aliases("可比口径"),
            "留空：不与任何指标同轴",
            "empty: on no axis with any other",
        ),
    ),
}
TABLES = tuple(FIELDS)
TABLE_WORDS = {
    "observation": ("数据", "Figures"),
    "target": ("目标", "Targets"),
    "park": ("地区", "Places"),
    "indicator": ("指标", "Indicators"),
}


def get_fields(table: str) -> tuple[Field, ...]:
    """Return the fields of a table, in the order of its template."""
    return FIELDS[table]
