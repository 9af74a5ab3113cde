"""Words that say that numbers are those of a part: of a place, of an indicator, of its enterprises or projects."""

import re
from collections.abc import Sequence

from data.values.marks import strip_note_marks
from data.values.vocabulary import Vocabulary, normalize_name

# Heads of columns that split an indicator into parts.
BREAKDOWN = re.compile(
    "行业|产业|规模|经济成分|经济类型|所有制|控股|企业名称|单位名称|(企业|注册|登记)类型|街道|乡镇|片区|园中园|产品|品种"
)
# Words of a part of a place or of an indicator.
PARTIAL = re.compile(
    "规模以[上下]|规模工业|规[上下]|限额以[上下]|限[上下]|民营|私营|个体|非公|国有|外资|外商|内资|港澳台|不含|不包括|剔除|除.*外"
    "|核心区|托管|本级|其中|人均|在建|新建|新开工|新增|高新技术(产业|企业)|[大中小微]型?(微|型)?企业|小微|样本|亿元以上"
)
# What limits a table whose title, or a line without a number, says it.
SECTOR = re.compile(
    r"\w{0,6}(制造业|采矿业|建筑业|服务业|商贸业?|住宿餐饮业?|房地产业?|物流业?)|孵化器|(重点|骨干|龙头|上市|样本|监测|商贸|工业)企业"
    r"|片区|分行业"
)
COMPANY = re.compile("公司$|集团$|厂$|企业$")
SHORTEST = 4  # letters of a name of an indicator that may be no more than the word of a part: 外商投资
NO_PARTS_IN_TITLE = re.compile("外资(?!企业)|外商(?!投资企业)|国有(?!企业|控股)")  # 外资外贸, 国有建设用地
NO_PARTS = re.compile("其中|新增|人均|(主要|经济|企业)(发展|运行|经济|生产|经营)")  # in a title they limit nothing


def find_part_in_title(text: str, names: Sequence[str], known: Vocabulary) -> str:
    """Return the word by which a title limits its table to a part; "" if there is none.

    names: of places, which may have such a word themselves, as 高新技术产业开发区 does; so may those of indicators.
    """
    rest = re.sub(r"\s", "", strip_note_marks(text))
    for name in names:
        rest = rest.replace(name, " ")
    rest = re.sub("(高新技术产业|经济技术)开发区", " ", rest)
    words = normalize_name(rest)
    while len(named := known.find_indicator_name(words)) > SHORTEST:
        words = words.replace(named, " ")
    words = NO_PARTS.sub(" ", NO_PARTS_IN_TITLE.sub(" ", words))
    topics = [topic for topic in re.split("[及和与、]", words) if topic.strip()]
    found = [PARTIAL.search(topic) or SECTOR.search(topic) for topic in topics]
    first = next(iter(found), None)
    return first[0] if first and all(found) else ""  # 房地产及固定资产投资 are two topics
