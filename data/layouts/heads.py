"""What the head of a column says: what its numbers are, of which indicator and period, in which unit."""

import re
import unicodedata
from dataclasses import dataclass, replace

from data.values.marks import strip_note_marks, strip_numbering
from data.values.period_search import find_periods
from data.values.periods import STARTING, parse_period, write_digits
from data.values.vocabulary import Vocabulary, normalize_name

# Heads of numbers that are neither the value of the period nor its growth; in the order in which they are looked for.
NOT_TAKEN = {
    "progress": ("时间进度", "progress of the time"),
    "completion": ("完成率", "rate of completion"),
    "rank": ("位次", "rank"),
    "points": ("百分点之差", "difference in percentage points"),
    "contribution": ("贡献率或拉动", "contribution"),
    "average": ("年均增速", "mean over years"),
    "sequential": ("环比", "growth on the month or quarter before"),
    "based growth": ("比某一年或年初的增速", "growth on a named year or on the end of last year"),
    "planned growth": ("计划增速", "growth that was planned"),
    "plan": ("计划或目标", "plan or target"),
    "earlier growth": ("上年的增速", "growth of an earlier year"),
    "earlier": ("上年或上期的数", "figure of an earlier period"),
    "change": ("增减额", "change in amount"),
    "unclear growth": ("看不出是增速还是增减额", "growth or change in amount, it does not say which"),
    "share": ("占比", "share"),
    "index": ("指数", "index"),
}
ROLE_WORDS = {
    "progress": r"(时间|序时|时序|形象)进度|进度(?!款)",
    "completion": r"(完成|达成|执行|实现|兑现|到位|达标)(率|比例?|程度|百分比|比重)|完成%"
    r"|(占|为|完成|达)(全?年度?|年初|预期|调整后?|本年|当年)*(计划|目标|任务|预算)|completion",
    "rank": r"位次|名次|排名|排位|位居|排序|rank",
    "points": r"百分点|percentagepoints?",
    "contribution": r"贡献|拉动|contribut",
    "average": r"年均|年平均|平均(每年)?(增|递增)|复合(年?增|年均)|cagr|五年增长|averageannual",
    "sequential": r"环比|[比较]上个?(月|季度?|期|周)|monthonmonth|quarteronquarter|mom|qoq",
    "based growth": r"[比较与](\d{4}年?|上?年[初末底]|前年)",
    "plan": r"计划|目标|任务|预算|预期|指导|调控|考核值|期望|target|plan|budget",
    "earlier": r"上年|去年|前年|上一年|同期|基期|基数|上个?(月|季|期)|(?<![自从])年初(?!起|以来|开始|至|到|累计)|期初"
    r"|previous|prior|lastyear|sameperiod",
}
YEAR_ON_YEAR = (
    r"[比较与]?[同比较与](上|去|前一)年(同期|同月|同季|同口径)?(相比)?|[比较]同期|同比|可比口径"
    r"|yoy|yearonyear|(on|over|from)(the|a)?(sameperiod|samemonth|year)?(before|earlier|(of|in)?(the)?(last|previous|prior|preceding)year)"
)
AMOUNT_WORDS = r"(增减|增长|净增|减少)(额|量|数|值)|增加(额|量|数)|增(额|量)|净增加?|差额|增加(?!值)|变化量|change"
RATE_WORDS = r"增速|增长率|增长速度|增长幅度|增幅|涨幅|升降幅|增减(率|速度?|百分比|比例)|[±+]/?-?%|growth(rate)?"
GROWN_WORDS = r"增长|同比|[比较与](上|去)年(同期)?|可比"
UNCLEAR_WORDS = r"增减|升降|变动|变化|涨跌|[±]|[+]/?-"
RATE_COMPARED = (
    r"(增速|增长率|增长速度|增幅|涨幅)(同比|[比较与]|变[化动]|增减|升降|差|提高|回落|回升|加快)"  # of two growths
)
SHARE_WORDS = r"占比|比重|构成|份额|占.*(比例|%)?$"
BASIS_WORDS = (
    r"按?(扣除价格(因素)?(影响)?后?(的?实际)?|可比价格?|不变价格?|可比口径|同口径|调整后基数|现价|名义|实际)(计算)?的?"
)
SPANS = {
    # 累计 behind a month or quarter alone (当月累计, 本季累计) may be cumulated within it, and is none.
    "cumulative": r"(([自从]?年初(起|以来|开始)?[至到]|1[-—~至到])(本|当|报告)?(月|期|今)|[自从]年初(起|以来|开始)?"
    r"|年初(以来)?(?=累计)"
    r"|(截至|截止到?|至)(本|当|报告)(月|期))(止|末|底)?(累计)?"
    r"|((本|报告)(月|期)(止|至|末|底)?|当(月|期)[止至末底]|(本|当|全|今)?年度?[止至末底]?|(?<![本当全月季期]))累计(至?本月)?"
    r"|(今|本|当)年(以来|至今)(累计)?"
    r"|(本|当)[月年期]止|ytd|yeartodate|cumulative",
    "year end": r"(本|当)?年度?[末底]|endoftheyear",
    "end": r"(本|当)?(月|季|期)(末|底)|期末|^[末底]$|endof(the)?(month|period)",
    "month": r"本月|当月|单月|thismonth|currentmonth",
    "quarter": r"本季度?|当季度?|thisquarter",
    "year": r"年报|本年度?|今年|当年|全年|thisyear",
}
VALUE_WORDS = (
    r"(?!报告期$)(实际|实绩|完成|本期|当期|报告期|绝对|达到|实现|执行|决算|快报|初步|核算|统计)*"
    r"(数值|数据|数量|数额|数|值|额|量|金额|总额|总量|情况|余额|余)?"
    r"|(统计|指标|经济)(数值|数据|数|值)"
    r"|values?|valuetext|amounts?|actual|figures?|data"
)
# What a cell may say of the number in its row.
NOT_THE_VALUE = re.compile(
    r"(年度|全年|月度|调整后?|预期)*(计划|目标|任务|预算|预计|预测)(数|值|累计)?|(上年|去年|前年|上期|上月|基期)(同期|同月)?(数|值|实际|完成|累计)*|滞后.{0,6}"
    r"|(累计|当月)?(同比|环比)(增长|增速)?%?|(增速|增长率|增幅|增长|增减|指数|占比|比重|位次|排名)(额|量|数)?%?"
    r"|[年月日人户亩地]均(数|值|水平)?|调整前|平均(数|值)?|[按以]?(\d{4}年)?(不变|可比)价格?(计算)?"
)
OF_SPAN = {
    "cumulative": re.compile(
        r"(1-)?(\d{1,2}月)?[本全当今]?(年|年度|月度|年初)?(以来)?累计(数据|数|值|额|完成)*|[本当]?[年月]止(累计)?|年初至今|自年初累计"
    ),
    "month": re.compile(r"[本当单]月(数|值|完成)*"),
}
NAME = "\ue000"  # stands for the name of an indicator, while the words around it are read
# A name and its English; capitals alone (R&D, GDP) are part of the name.
BILINGUAL = re.compile(r"\s*([^a-zA-Z]*[\u4e00-\u9fff][^a-zA-Z]*?)[\s/]*([a-zA-Z](?=[\x20-\x7e]*[a-z]{2})[\x20-\x7e]*)")
TO_MONTH = re.compile(r"(截至|截止到?)\s*(\d{1,2})月份?[底末止]?")
TO_THIS_MONTH = re.compile(r"1\s*月?\s*[-–—~～－至到]\s*(?=(本|当|报告)(月|期))")
FILLING = re.compile(r"[\s的:：\-—_/、，,·()（）]+")
# What a head of growths may have in brackets, beside % and an indicator.
PLAIN_BRACKET = re.compile(
    rf"({BASIS_WORDS}|{YEAR_ON_YEAR}|{RATE_WORDS}|{GROWN_WORDS}|{UNCLEAR_WORDS}|率|速度|百分比|%|，|,|见?注?\d{{0,2}})*[a-z]?"
)
GROWN_ON_YEAR = re.compile(r"(\d{4})年?[比较与](\d{4})年?")
BRACKET = re.compile(r"[(（\[【〔]\s*([^()（）\[\]【】〔〕]*?)\s*[)）\]】〕]")
BEHIND_COMMA = re.compile(r"[，,、\s]\s*(?:单位[:：]?)?\s*([^\s，,、()（）]+)$")


@dataclass(frozen=True)
class HeadMeaning:
    """What a head says.

    role: value, growth, a key of NOT_TAKEN, or "" for a head that says none of them. period: as written, its year may
    be missing. span: of SPANS, how the period of the table is meant. indicator: as written. unit: as written, or %.
    """

    role: str = ""
    period: str = ""
    span: str = ""
    indicator: str = ""
    unit: str = ""


def split_head(head: str) -> tuple[str, str]:
    """Return a head without the unit in its brackets, and that unit: 产值（亿元） is 产值 in 亿元."""
    match = BRACKET.search(head)
    if match:
        return (head[: match.start()] + head[match.end() :]).strip(), match[1].removeprefix("单位:").strip()
    match = re.search(r"[，,、]\s*(?:单位[:：]?)?\s*(\S+)$", head)
    return (head[: match.start()].strip(), match[1]) if match else (head.strip(), "")


def describe_head(head: str, known: Vocabulary) -> HeadMeaning:
    """Return what the head of a column says. known: the indicators and units that it may name."""
    found = _describe_head(head, known)
    if found.role == "value" and found.unit == "%" and found.indicator and not known.is_share(found.indicator):
        return replace(found, role="unclear growth", indicator="")  # 工业总产值 over 亿元 and %
    if (
        found.role == "growth"
        and found.indicator
        and known.is_share(found.indicator)
        and not re.search("增长|增速", head)
    ):
        return replace(found, role="unclear growth", indicator="")  # 占全市比重变化（%） is one of points as likely
    return found


def _describe_head(head: str, known: Vocabulary) -> HeadMeaning:
    text = strip_note_marks(head)
    bare = strip_numbering(text)  # 1.工业总产值（亿元）; 一、二季度 has no number
    text = bare if bare != text and known.find_indicators(split_head(bare)[0]) else text
    base, unit = _take_unit(text, known)
    base = TO_THIS_MONTH.sub("年初至", TO_MONTH.sub(r"1-\2月", write_digits(strip_note_marks(base))))
    if found := _describe_name(text, base, unit, known):
        return found
    if both := BILINGUAL.fullmatch(base):
        chinese, english = (f"{part}({unit})" if unit else part for part in both.groups())
        return _describe_both(chinese, english, known)
    base = unicodedata.normalize("NFKC", base)
    compared = GROWN_ON_YEAR.search(base)
    if compared and int(compared[1]) - int(compared[2]) == 1:
        base = base.replace(compared[0], f"{compared[1]}年同比")
    elif compared or re.search(ROLE_WORDS["based growth"], base):
        return HeadMeaning("based growth", unit=unit)
    periods = find_periods(base)
    if len(periods) > 1 or "?" in periods:
        return HeadMeaning()
    period = periods[0] if periods else ""
    rest = base.replace(period, " ", 1).strip(" 的:：-—_/")
    return _describe_words(rest, period, unit, known)


def _describe_name(text: str, base: str, unit: str, known: Vocabulary) -> HeadMeaning | None:
    """Return what a head says that is the name of an indicator, or a period; None for any other."""
    if "百分点" in unit:
        return HeadMeaning("points", unit=unit)
    ranked = re.fullmatch(ROLE_WORDS["rank"], base)  # the name of some indicators too, of none for sure
    named = next((name for name in (text, base) if known.find_indicators(name)), "")
    if ranked or named:
        return HeadMeaning("rank" if ranked else "value", indicator="" if ranked else named, unit=unit)
    if parse_period(base).code:
        running = re.fullmatch(r"(\d{4}年?度?)\s*累计(数|值|完成|实绩)*", base)
        return HeadMeaning("value", running[1] if running else base, "cumulative" if running else "", unit=unit)
    return None


def _describe_both(chinese: str, english: str, known: Vocabulary) -> HeadMeaning:
    """Return what a head in two languages says; nothing where they speak of different indicators."""
    said, also = describe_head(chinese, known), describe_head(english, known)
    if also.role in NOT_TAKEN:
        return also
    codes = [set(known.find_indicators(one.indicator)) for one in (said, also) if one.indicator]
    return said if len(codes) < 2 or codes[0] & codes[1] else HeadMeaning()


def _take_unit(text: str, known: Vocabulary) -> tuple[str, str]:
    """Return a head without its unit, and the unit: in brackets, behind a comma or a space, or %."""
    unit = ""

    def take(match: re.Match[str]) -> str:
        nonlocal unit
        inside = normalize_name(match[1]).removeprefix("单位:")
        if inside in ("%", "％", "百分比") or "百分点" in inside or known.find_units(inside):
            unit = unit or ("%" if inside in ("%", "％", "百分比") else match[1].removeprefix("单位:").strip())
            return ""
        return match[0]

    base = BRACKET.sub(take, text).strip()
    if re.search(r"[(（]\s*[%％]\s*[)）]", text):
        unit = "%"  # a growth under the unit of its group
    if not unit and (match := BEHIND_COMMA.search(base)) and known.find_units(match[1]):
        return base[: match.start()].strip(), match[1]
    return base, unit


def _describe_words(rest: str, period: str, unit: str, known: Vocabulary) -> HeadMeaning:
    """Return what the words of a head say. rest: the head without its period and unit."""
    if period and known.find_indicators(rest):
        return HeadMeaning("value", period, indicator=rest, unit=unit)
    words = normalize_name(rest)
    named = known.find_indicator_name(words)  # 一般公共预算收入 speaks of no plan, 增加值 of no change
    words = FILLING.sub("", words.replace(named, NAME) if named else words)
    words = re.sub(BASIS_WORDS + "$|^" + BASIS_WORDS + "(?=.)", "", words) or words
    compared = re.search(YEAR_ON_YEAR, words)
    bare = re.sub(YEAR_ON_YEAR, "", words)
    role = next((name for name, said in ROLE_WORDS.items() if re.search(said, bare)), "")
    role = "points" if "百分点" in unit or (not role and re.search(RATE_COMPARED, normalize_name(rest))) else role
    growth = _find_growth_role(words, bare, unit, compared=bool(compared))
    if growth == "growth" and not all(PLAIN_BRACKET.fullmatch(normalize_name(one)) for one in BRACKET.findall(rest)):
        growth = "unclear growth"  # 增长（倍）, 增长（绝对额）
    if role in ("plan", "earlier") and growth:
        role = {"plan": "planned growth", "earlier": "earlier growth"}[role]
    elif role in ("completion", "plan") and re.search("实际|实绩", bare) and not re.search("率|比|%", bare):
        role = ""
    span, spanless = _take_span(bare)
    if span == "cumulative" and STARTING.search(period):  # 7-9月累计
        span = ""
    if role := role or ("index" if re.search(r"指数|=100", bare) else ""):
        return HeadMeaning(role, period, span, unit=unit)
    if growth:
        of = re.sub(rf"{AMOUNT_WORDS}|{RATE_WORDS}|{GROWN_WORDS}|{UNCLEAR_WORDS}|速度|幅度|%|率", "", spanless).replace(
            NAME, named
        )
        return _describe_growth(growth, of, rest, HeadMeaning("", period, span, unit=unit), known)
    if re.fullmatch(VALUE_WORDS, spanless) and (spanless or period or span):
        return HeadMeaning("value", period, span, unit=unit)
    if re.search(SHARE_WORDS, bare):
        return HeadMeaning("share", period, span, unit=unit)
    name = _find_named(spanless.replace(NAME, named), rest, known)
    return HeadMeaning("value" if name else "", period, span, name, unit)


def _find_growth_role(words: str, bare: str, unit: str, *, compared: bool) -> str:
    """Return growth, change or unclear growth for a head that speaks of a growth; "" for any other."""
    percent = unit == "%" or "%" in words
    if re.search(AMOUNT_WORDS, bare) and not percent:
        return "change"
    if re.search(RATE_WORDS, bare):
        return "change" if unit and not percent else "growth"
    if compared or re.search(GROWN_WORDS, words) or re.search(UNCLEAR_WORDS, bare):
        if unit and not percent:
            return "change"
        if percent or re.search("增长", words) or re.fullmatch("同比|yoy|yearonyear", _take_span(words)[1]):
            return "growth"
        return "unclear growth"
    return ""


def _describe_growth(growth: str, of: str, rest: str, about: HeadMeaning, known: Vocabulary) -> HeadMeaning:
    """Return the meaning of a head of growth; of: what is left of it, an indicator or nothing."""
    if growth != "growth" or re.fullmatch(VALUE_WORDS, of):
        return HeadMeaning(growth, about.period, about.span, unit=about.unit)
    name = _find_named(of, rest, known)
    return HeadMeaning("growth" if name else "", about.period, about.span, name, about.unit)


def _take_span(words: str) -> tuple[str, str]:
    """Return how the period is meant, and the words without those that say so."""
    for span, said in SPANS.items():
        if match := re.search(said, words):
            return span, words[: match.start()] + words[match.end() :]
    return "", words


def _find_named(words: str, rest: str, known: Vocabulary) -> str:
    """Return the name of the indicator in a head, as written or without the words around it; "" if there is none."""
    for name in (words, re.sub(r"(实际)?(完成|实绩)?(绝对|当期|本期)?(数值|数|值|额|量|总量|总额)?$", "", words), rest):
        if name and known.find_indicators(name):
            return name
    return ""


def is_yearless(period: str) -> bool:
    """Return whether a period as written has no year: 9月, 1—9月."""
    return bool(period) and not parse_period(period).code
