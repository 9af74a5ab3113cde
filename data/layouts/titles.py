"""What the titles above a table, and the name of its sheet, say about every row: place, indicator, period and unit."""

import re
from collections.abc import Sequence

from data.layouts.heads import split_head
from data.tables.problems import ROW
from data.tables.sheet import Sheet
from data.values.marks import strip_note_marks
from data.values.period_search import find_periods
from data.values.periods import STARTING, parse_period, resolve_span
from data.values.vocabulary import Vocabulary, normalize_name

# The unit of figures, not the office that made the table.
UNIT_IN_TITLE = re.compile(
    r"(?<![制填编]表)(?<![填编上呈]报)(?<![报发填]送)(?<!发布)(?<!编制)(?<!责任)(?<!牵头)(?<!主管)单位\s*[:：]\s*"
    r"([^\s（）()]+(?:[ \u3000][^\s（）():：]+(?![^\s]*[:：]))*)|unit\s*[:：]\s*([^;)]+)",
    re.IGNORECASE,
)
NAMED_IN_TITLE = re.compile(r"^\s*(地区|指标|园区|region|indicator)\s*[:：]\s*(.+?)\s*$", re.IGNORECASE)
CUMULATED = re.compile("累计|截至|截止|[月季]止|(?<![a-z])ytd(?![a-z])|cumulative", re.IGNORECASE)
SUMS = re.compile("累计|(?<![a-z])ytd(?![a-z])|cumulative", re.IGNORECASE)
MONTHLY = re.compile("[当本单][月季]|及累计|和累计")
MONTH_NAMED = re.compile("[当本单]月(数|完成)?")  # the name of a sheet
OPEN_SPAN = re.compile("(建区|建园|成立|开园|挂牌|历年)(以来|累计)|月(至今|以来)")
PART_NAME = re.compile(r"\d{1,2}\s*[-–—~～至到]\s*\d{1,2}|[Qq][1-4]|[A-Za-z]{3,9}\.?|上半年|下半年")  # of a sheet
NUMBERED = re.compile(r"\d{1,2}([.]\d{1,2})?")  # 9 and 13.9 may be months, or the numbers of the sheets
# What a title ends with, or has in brackets, where the numbers of its table are none of its period.
OTHER_NUMBERS = re.compile(
    r"计划|目标|任务|预算|规划|分解|草案|责任[状书]|平均?每[天日月年人户亩]|每(天|日|人|户)(平均)?|户均"
    r"|(?<![比较与])(上年|去年|前年|上年度|基期|上期)(同期|同月)?(数|实际|完成|情况)*表?(?=$|[)）])"
    r"|(?<![及与和、])(同比增速|增速|增长率|增长速度|增幅|环比|增减额|发展速度|[比较]上年(同期)?增长)(表|一览表|排名)?([(（][^（()）]*[)）])?$"
    r"|指数(表|情况)?$|(?<![及和与])指数.*[=＝为是]100|人均.{0,6}(指标|水平|情况)|^人均|人均$|占.{0,6}比重$|占比$|位次$|排名$|完成率$|月均值?$|平均值?$"
)
FORECAST = re.compile("预计|预测|预期")
# Names that have such a word and speak of no plan.
NO_PLANS = re.compile("(火炬|科技|星火)计划|计划(单列|生育)|公共(财政)?预算(收入|支出)|规划(总)?面积")
# What a growth that does not say on what it is may be in a table so titled.
OTHER_GROWTHS = re.compile("环比|年均|平均增|平均增速|(上年|上一年|年|基期)(同期)?[=＝为是]100")
OPEN_PERIOD = re.compile(r"年中(?=$|[主完各指）)])|年年中|[当本单]月|月度|月报")
# A note below a table that speaks of all of it.
NOTE_ON_ALL = re.compile(
    r"\s*(备?注|说明)\s*[:：]?.*(本表|表[中内]|上表|以上|上述|增速|增长率?|累计数?)[^。；;]{0,8}[为是系]"
)
LAST_ROWS = 10
SERIES = re.compile("_(当期值|累计值|同比增长|累计增长)$")  # which series of the Bureau an indicator is
DONE = re.compile("完成(?!率)|执行|实现|进度|对比|实际(?!$)|实绩")
# Lines about the paper and not about its numbers; notes may say something about these as well.
PAPERWORK = re.compile(r"\s*((资料|数据)?来源|制表|填表|填报|审核|抄送|主送|报送|编制|联系|打印|(单位|统计)负责)")
NOTE = re.compile(r"\s*(备?注|说明)\s*[:：]")
OFFICE = re.compile(
    "[\u4e00-\u9fff]{0,8}?(局|委员?会?|办公?室?|厅|科|处|中心|调查队|人民政府|政府|公司|集团|统计年鉴|年鉴|统计公报)(?![市区县])"
)
LONGER = re.compile(
    r"(?!全[市省区县州])(本级|城区|辖区|[（(](核心|不含|含|除|本级)|民营|非公|国有"
    r"|[^\d\s，、。（(）)：:年月]{0,6}?(?<!全)(区|县|市|旗|镇|乡|街道|园|基地|新城|市州)(?![别情]))"
)
EXCLUDED = re.compile("(除|不含|不包括|扣除)$")
OF_NAME = {"地区": "park", "园区": "park", "region": "park", "指标": "indicator", "indicator": "indicator"}


def find_texts(sheet: Sheet) -> list[str]:
    """Return what holds for a whole table: titles, the name of its sheet, and notes below about all of it."""
    notes = []
    for row in sheet.rows.drop(ROW).tail(LAST_ROWS).rows():
        filled = [cell for cell in row if cell is not None]
        if len(filled) == 1 and NOTE_ON_ALL.match(filled[0]):
            notes.append(re.sub(r"^\s*(备?注|说明)\s*[:：]?", "", filled[0]))
    return [*sheet.above, sheet.name, *notes]


def find_title_unit(texts: Sequence[str], known: Vocabulary) -> str | None:
    """Return the unit of the whole table; None if the titles name none, or several."""
    found = {match[1] or match[2] for text in texts for match in UNIT_IN_TITLE.finditer(text)}
    units = {text for text in found if known.find_units(text)}
    return next(iter(units)) if len(units) == 1 and len(found) == 1 else None


def find_named(texts: Sequence[str], field: str) -> str | None:
    """Return what a line above the heads names: 指标：地区生产总值(亿元), 地区：湖南省. field: park or indicator."""
    found = {
        match[2] for text in texts if (match := NAMED_IN_TITLE.match(text)) and OF_NAME[match[1].casefold()] == field
    }
    return next(iter(found)) if len(found) == 1 else None


def find_title_place(texts: Sequence[str], known: Vocabulary) -> str | None:
    """Return the name of the one place that the titles name; None if they name none, or several.

    An office is no place, and a place with more behind its name is another one: 湘潭市统计局, 湘潭市雨湖区.
    """
    named = find_named(texts, "park")
    if named and known.find_places(named):
        return named
    found = dict[tuple[str, ...], str]()
    for text in texts:
        name, is_open = find_place_in(text, known)
        if is_open:
            return None
        if name:
            found.setdefault(known.find_places(name), name)
    return next(iter(found.values())) if len(found) == 1 else None


def find_place_in(text: str, known: Vocabulary) -> tuple[str | None, bool]:
    """Return the place that one title or line names, and whether it leaves the place open; None and False for none."""
    rest, found = re.sub(r"\s", "", text), dict[tuple[str, ...], str]()
    if PAPERWORK.match(rest) or NOTE.match(rest):
        return None, False
    is_open = False
    for name in (*known.place_names, *known.short_place_names):
        while name in rest:
            before, after = rest.split(name, 1)
            if OFFICE.match(after):
                pass
            elif LONGER.match(after) or EXCLUDED.search(before):
                is_open = True
            elif name in known.place_names or not before.strip(" 、和与及") or found:
                found.setdefault(known.find_places(name), name)
            rest = f"{before} {after}"
    return (next(iter(found.values())) if len(found) == 1 else None), is_open or len(found) > 1


def find_title_period(texts: Sequence[str]) -> str | None:
    """Return the period of the whole table; None if the titles say none, or leave it open.

    The year may stand in one title and the months in another, or in the name of the sheet. What the titles say is
    cumulated begins in January.
    """
    found = [period for text in texts for period in _find_written_periods(text)]
    if not found or "?" in found or any(OPEN_SPAN.search(text) for text in texts):
        return None
    codes = {period: parse_period(period).code for period in found}
    years = {code[:4] for code in codes.values() if code}
    if len(years) != 1:
        return None
    [year] = years
    whole = {parse_period(period, year).code for period in found} - {year}
    if whole and any("全年" in period for period in found):
        return None
    if len(whole) > 1 or (not whole and any(map(_leaves_period_open, texts))):
        return None
    if whole and (span := _find_title_span(texts)) and not any(map(STARTING.search, found)):
        return resolve_span(whole.pop(), span)[0]
    return next((period for period in found if len(codes[period]) > 4), None) or (
        f"{year}年{next(period for period in found if not codes[period])}" if whole else year
    )


def _leaves_period_open(text: str) -> bool:
    """Return whether a title of a year alone may mean a part of it."""
    return bool(NUMBERED.fullmatch(text.strip()) or OPEN_PERIOD.search(text))


def _find_title_span(texts: Sequence[str]) -> str:
    """Return how the titles mean their period: cumulative, month (the name of a sheet), or ""."""
    if any(MONTH_NAMED.fullmatch(text.strip()) for text in texts):
        return "month"
    return "cumulative" if _speak_of_sums(texts, CUMULATED) else ""


def _speak_of_sums(texts: Sequence[str], words: re.Pattern[str]) -> bool:
    return any(words.search(text) for text in texts) and not any(MONTHLY.search(text) for text in texts)


def cumulate_months(texts: Sequence[str]) -> bool:
    """Return whether the titles say that each month of the table is cumulated from January: 各月累计."""
    return _speak_of_sums(texts, SUMS)


def speak_of_other_growths(texts: Sequence[str]) -> bool:
    """Return whether the titles speak of growths on the month before, over several years, or of an index."""
    return any(OTHER_GROWTHS.search(re.sub(r"\s", "", text)) for text in texts)


def _find_written_periods(text: str) -> list[str]:
    """Find the periods in a title, or in the name of a sheet: 1-9, Q3 and Sep are parts of a year."""
    part = PART_NAME.fullmatch(text.strip()) and parse_period(text, "2000").code
    if not part:
        return find_periods(text)
    first, last = int(part[5:7]), int(part[-2:])
    return [f"{first}-{last}月" if first < last else f"{first}月"]


def find_title_part(texts: Sequence[str]) -> str:
    """Return the part of a year that the titles name, as 1-9月; "" if they name none, or several."""
    codes = {parse_period(period, "2000").code[4:] for text in texts for period in _find_written_periods(text)} - {""}
    if len(codes) != 1:
        return ""
    code = codes.pop()
    first, last = int(code[1:3]), int(code[-2:])
    if any(CUMULATED.search(text) and not STARTING.search(text) for text in texts):
        first = 1
    return f"{first}-{last}月" if first < last else f"{first}月"


def speaks_of_other_numbers(texts: Sequence[str]) -> bool:
    """Return whether the titles say that the numbers of the table are no values of its period.

    They are those of a plan, a forecast or the year before, growths, an index, means, or amounts per head.
    """
    for text in texts:
        bare = re.sub(r"\s", "", strip_note_marks(text))
        for period in find_periods(bare):
            bare = bare.replace(re.sub("(完成|合计|累计)+$", "", period), "")
        bare = NO_PLANS.sub("", bare)
        bare = bare.strip("（()） ") if bare.startswith(("(", "（")) else bare
        if FORECAST.search(bare) or (OTHER_NUMBERS.search(bare) and not DONE.search(bare)):
            return True
    return False


def find_title_year(texts: Sequence[str]) -> str | None:
    """Return the year that the titles name; None if they name none, or several."""
    codes = [parse_period(period).code[:4] for text in texts for period in find_periods(text) if period != "?"]
    years = set(filter(None, codes))
    return next(iter(years)) if len(years) == 1 else None


def find_title_indicator(texts: Sequence[str], known: Vocabulary) -> tuple[str, str] | None:
    """Return the indicator of the whole table as a line above its heads names it, and its unit ("" for none)."""
    named = find_named(texts, "indicator")
    if not named:
        return None
    name, unit = split_head(named)
    if known.find_indicators(named):
        return named, ""
    return (name, unit) if known.find_indicators(SERIES.sub("", name)) else None


def matches_name(text: str, words: Sequence[str]) -> bool:
    """Return whether a text is one of some names, however it is written."""
    return normalize_name(text) in {normalize_name(word) for word in words}
