"""The tiny files of tests/broken/own: one for each defect of a file of own figures, in UTF-8 and in GB18030.

Run: python -m tests.tools.make_own. Each file has one good row and the defect; SAID tells where the defect must be
told.
"""

from pathlib import Path

BROKEN = Path(__file__).parent.parent / "broken" / "own"
FIGURES = "地区,指标,时期,数值,单位,同比增速(%),界限,备注"
GOOD = "湘潭高新区,技工贸总收入,2013,720.1,亿元,43.6,,"
TARGETS = "地区,指标,年度,目标值,单位,目标类型,比较,措辞"
TARGET = "湘潭高新区,技工贸总收入,2014,1000,亿元,水平,达到,目标"
PARKS = "代码,名称,类别,省份"
PARK = "my_park,某某高新区,高新区,湖南"
INDICATORS = "代码,名称,方面,单位,统计方式"
INDICATOR = "charging_piles,公共充电桩,民生,个,时点"

# Rows below the heads by file, and what must be told of them: row, column, value, a part of the rule in each language.
FILES: dict[str, tuple[str, list[str]]] = {
    "unknown_place": (FIGURES, [GOOD, "湘谭高新区,技工贸总收入,2013,1,亿元,,,"]),
    "unknown_indicator": (FIGURES, [GOOD, "湘潭高新区,技工贸收人,2013,1,亿元,,,"]),
    "name_of_two_indicators": (FIGURES, [GOOD, "湘潭高新区,技工贸,2014,1,亿元,,,"]),
    "text_in_a_number": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,2014,很多,亿元,,,"]),
    "formula_error": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,2014,#DIV/0!,亿元,,,"]),
    "decimal_comma": (FIGURES, [GOOD, '湘潭高新区,技工贸总收入,2014,"720,1",亿元,,,']),
    "number_too_large": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,2014,123456789012345,亿元,,,"]),
    "two_numbers_in_a_cell": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,2014,12 13,亿元,,,"]),
    "growth_in_points": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,2014,1,亿元,2个百分点,,"]),
    "growth_in_words": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,2014,1,亿元,持平,,"]),
    "unknown_unit": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,2014,1,大洋,,,"]),
    "no_unit": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,2014,1,,,,"]),
    "unit_of_another_kind": (FIGURES, [GOOD, "湘潭高新区,专利申请,2014,1,亿元,,,"]),
    "unit_told_twice": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,2014,5万元,亿元,,,"]),
    "month_13": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,2014年13月,1,亿元,,,"]),
    "year_of_two_digits": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,14年,1,亿元,,,"]),
    "month_without_a_year": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,1-2月,1,亿元,,,"]),
    "span_backwards": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,2014年9-1月,1,亿元,,,"]),
    "serial_number_of_a_date": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,41275,1,亿元,,,"]),
    "no_such_day": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,2014-02-30,1,亿元,,,"]),
    "empty_period": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,,1,亿元,,,"]),
    "unknown_bound": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,2014,1,亿元,,大概,"]),
    "bound_told_twice": (FIGURES, [GOOD, "湘潭高新区,技工贸总收入,2014,190余,亿元,,以上,"]),
    "two_values_of_one_figure": (
        FIGURES,
        [GOOD, "湘潭高新区,技工贸总收入,2014,1,亿元,,,", "湘潭高新区,技工贸总收入,2014年,2,亿元,,,"],
    ),
    "no_value_column": ("地区,指标,时期", ["湘潭高新区,技工贸总收入,2013"]),
    "target_of_a_month": (TARGETS, [TARGET, "湘潭高新区,技工贸总收入,2014-03,1,亿元,,,"]),
    "target_kind_unknown": (TARGETS, [TARGET, "湘潭高新区,工业总产值,2014,1,亿元,翻番,,"]),
    "code_of_a_park_taken": (PARKS, [PARK, "xthtz,新的高新区,高新区,湖南"]),
    "name_of_a_park_taken": (PARKS, [PARK, "new_park,湘潭高新区,高新区,湖南"]),
    "code_of_a_park_misshapen": (PARKS, [PARK, "新园区,新的高新区,高新区,湖南"]),
    "kind_of_a_park_unknown": (PARKS, [PARK, "new_park,新的高新区,游乐园,湖南"]),
    "theme_unknown": (INDICATORS, [INDICATOR, "new_one,新指标,文化,个,时点"]),
}
SAID: dict[str, list[tuple[int, str, str, str, str]]] = {
    "unknown_place": [(3, "地区", "湘谭高新区", "相近的有：湘潭高新区", "near: 湘潭高新区")],
    "unknown_indicator": [(3, "指标", "技工贸收人", "相近的有：技工贸收入", "no such indicator")],
    "name_of_two_indicators": [(3, "指标", "技工贸", "技工贸收入 (tech_industry_trade_revenue)", "write the code")],
    "text_in_a_number": [(3, "数值", "很多", "须是数字", "must be a number")],
    "formula_error": [(3, "数值", "#DIV/0!", "公式错误", "error of a formula")],
    "decimal_comma": [(3, "数值", "720,1", "小数点用“.”", "decimals with a point")],
    "number_too_large": [(3, "数值", "123456789012345", "最多 14 位", "too large")],
    "two_numbers_in_a_cell": [(3, "数值", "12 13", "须是数字", "must be a number")],
    "growth_in_points": [(3, "同比增速(%)", "2个百分点", "百分点之差", "difference in percentage points")],
    "growth_in_words": [(3, "同比增速(%)", "持平", "须是数字", "must be a number")],
    "unknown_unit": [(3, "单位", "大洋", "认不出的单位“大洋”", "no unit that is known: 大洋")],
    "no_unit": [(3, "单位", "", "没有单位", "no unit")],
    "unit_of_another_kind": [(3, "单位", "亿元", "这个指标是个数", "the indicator is a count")],
    "unit_told_twice": [(3, "数值", "5万元", "与单位一栏“亿元”不同", "is not that of the column (亿元)")],
    "month_13": [(3, "时期", "2014年13月", "没有这样的日子或月份", "no such day or month")],
    "year_of_two_digits": [(3, "时期", "14年", "四位数", "four digits")],
    "month_without_a_year": [(3, "时期", "1-2月", "没有年份", "without a year")],
    "span_backwards": [(3, "时期", "2014年9-1月", "起止颠倒", "runs backwards")],
    "serial_number_of_a_date": [(3, "时期", "41275", "日期序号", "serial number of a date")],
    "no_such_day": [(3, "时期", "2014-02-30", "没有这样的日子", "no such day")],
    "empty_period": [(3, "时期", "", "不能空着", "must not be empty")],
    "unknown_bound": [(3, "界限", "大概", "须是余、以上", "must be one of more_than")],
    "bound_told_twice": [(3, "界限", "以上", "不一致", "does not agree")],
    "two_values_of_one_figure": [
        (3, "数值", "1", "D3、D4", "D3, D4"),
        (4, "数值", "2", "D3、D4", "D3, D4"),
    ],
    "no_value_column": [(1, "", "", "缺“数值”", "Value is missing")],
    "target_of_a_month": [(3, "年度", "2014-03", "目标只按年度", "targets are for whole years")],
    "target_kind_unknown": [(3, "目标类型", "翻番", "须是其中之一：水平", "must be one of level, growth")],
    "code_of_a_park_taken": [(3, "代码", "xthtz", "这个代码已经有了", "this code is taken")],
    "name_of_a_park_taken": [(3, "名称", "湘潭高新区", "这个名称已经有了", "this name is taken")],
    "code_of_a_park_misshapen": [(3, "代码", "新园区", "小写字母", "lower-case letter")],
    "kind_of_a_park_unknown": [(3, "类别", "游乐园", "须是其中之一：高新区", "must be one of zone")],
    "theme_unknown": [(3, "方面", "文化", "须是其中之一：经济", "must be one of economy")],
}


def main() -> None:
    """Write the files."""
    BROKEN.mkdir(parents=True, exist_ok=True)
    for name, (heads, rows) in FILES.items():
        text = "\r\n".join([heads, *rows, ""])
        (BROKEN / f"{name}.csv").write_bytes(text.encode())
        (BROKEN / f"{name}.gb18030.csv").write_bytes(text.encode("gb18030"))


if __name__ == "__main__":
    main()
