"""What the titles above a table, and the name of its sheet, say about every row: place, indicator, period and unit."""

import re
from collections.abc import Sequence

from data.layouts.heads import split_head
from data.tables.problems import ROW
from data.tables.sheet import Sheet
from data.values.marks import strip_note_marks
from data.values.period_search import DATED_LINE, find_periods
from data.values.periods import STARTING, parse_period, resolve_span
from data.values.statements import Statement, find_statements
from data.values.vocabulary import Vocabulary, normalize_name

# The unit of figures, not the office that made the table.
UNIT_IN_TITLE = re.compile(
    r"(?<![制填编]表)(?<![填编上呈]报)(?<![报发填]送)(?<!发布)(?<!编制)(?<!责任)(?<!牵头)(?<!主管)单\s*位\s*[:：]\s*"
    r"([^\s（）()]+(?:[ \u3000][^\s（）():：]+(?![^\s]*[:：]))*)|unit\s*[:：]\s*([^;)]+)",
    re.IGNORECASE,
)
UNIT_AT_END = re.compile(r"[（(]\s*(?:单位\s*[:：]?)?\s*([^（）()]+?)\s*[)）]\s*$")
OTHER_UNIT = re.compile(r"\s*[（(](?!人民币)[^（）()]*(元|家|户|亩|个)[^（）()]*[)）]")  # （进出口为亿美元） behind it
PER_CENT_TOO = re.compile(r"[、,，;；/和及\s]\s*[%％]$|^[%％]\s*[、,，;；/和及\s]")
IN_DOLLARS = re.compile(r"币种\s*[:：]\s*美元|^\s*[（(]?美元[)）]?\s*$")
NAMED_IN_TITLE = re.compile(r"^\s*(地区|指标|园区|region|indicator)\s*[:：]\s*(.+?)\s*$", re.IGNORECASE)
CUMULATED = re.compile("累计|截至|截止|[月季]止|(?<![a-z])ytd(?![a-z])|cumulative", re.IGNORECASE)
SUMS = re.compile("累计|(?<![a-z])ytd(?![a-z])|cumulative", re.IGNORECASE)
MONTHLY = re.compile("[当本单][月季]|及累计|和累计")
MONTH_NAMED = re.compile("[当本单]月(数|完成)?")  # the name of a sheet
OPEN_SPAN = re.compile("(建区|建园|成立|开园|挂牌|历年)(以来|累计)|月(至今|以来)")
PART_NAME = re.compile(r"\d{1,2}\s*[-–—~～至到]\s*\d{1,2}|[Qq][1-4]|[A-Za-z]{3,9}\.?|上半年|下半年")  # of a sheet
NUMBERED = re.compile(r"\d{1,2}([.]\d{1,2})?|(?!19|20)\d{4}")  # 9 and 13.9 may be months, or the numbers of the sheets
# What a title ends with, or has in brackets, where the numbers of its table are none of its period.
OTHER_NUMBERS = re.compile(
    r"计划|目标|任务|预算|规划|分解|草案|责任[状书]|平均?每[天日月年人户亩]|每(天|日|月|季度?|人|户|亩|万人|平方公里)(平均)?"
    r"|[户亩地月日季]均|单位面积|增量|净增|变动额|增减额|增加额|差距|缺口|得分|评分|贡献率|上年基数|平均水平"
    r"|(构成|结构)(情况)?([(（][^（()）]*[)）])?$"
    r"|(?<![比较与])(上年|去年|前年|上年度|基期|上期)(同期|同月)?(数|实际|完成|情况)*表?(?=$|[)）])"
    r"|(?<![及与和、])(同比增速|增速|增长率|增长速度|增幅|环比|增减额|发展速度|[比较]上年(同期)?增长)(表|一览表|排名)?([(（][^（()）]*[)）])?$"
    r"|指数(表|情况)?$|(?<![及和与])指数.*[=＝为是]100|人均.{0,6}(指标|水平|情况)|^人均|人均$|占.{0,6}比重$|占比$|位次$|排名$|完成率$|月均值?$|平均值?$"
)
FORECAST = re.compile("预计|预测|预期|预估|估计|估算|测算|应(达到|完成)")
GROWTHS = re.compile("增长(情况|速度)?([(（][^（()）]*[)）]|%)?$")  # a table of growths, if it has no columns of both
# Names that have such a word and speak of no plan.
NO_PLANS = re.compile("(火炬|科技|星火)计划|计划(单列|生育)|公共(财政)?预算(收入|支出)|规划(总)?面积")
# What a growth that does not say on what it is may be in a table so titled.
OTHER_GROWTHS = re.compile(
    "环比|年均|平均增|平均增速|(上年|上一年|年|基期)(同期)?[=＝为是]100|[与比较为](上个?[月季旬周]|年初|前年)|[两三四五]年平均"
)
OPEN_PERIOD = re.compile(
    r"年中(?=$|[主完各指）)])|年年中|[当本单]月|月度|月报|季度|季报|旬报|周报|[上中下]旬|[上下]半月|首季|[春夏秋冬]季|三个季"
    r"|春节|元旦|五一|国庆|黄金周|春运|暑期|假[日期]|正月|腊月|农历|双过半|双十一|采暖|供暖|[财学]年"
    r"|近\d+个月|第([\d]+|[一二三四五六七八九十]+)[期周]|(月份|季度|报告期|所属期|期间)\s*[:：]|年[\s_＿]*第?[\s_＿]+[月季]"
)
TEN_DAYS = re.compile(
    r"(月|^)[上中下]旬|月[上下]半月|(截至|截止到?|至)[^至]{0,6}月\d{1,2}日|月\d{1,2}日止"
)  # no whole month
# A note below a table that speaks of all of it.
NOTE_ON_ALL = re.compile(
    r"\s*(备?注|说明)\s*[:：]?.*(本表|表[中内]|上表|(?<![模额元])以上|上述|增速|增长率?|累计数?)[^。；;]{0,8}[为是系]"
)
GROWN = re.compile("增速|增长|增幅")
# What a title says in brackets, or a note above the table says, of one year or one indicator: （2013年为前三季度数）.
_NOT_ALL = (
    r"(?!\s*(?:\d*[.、]\s*)?(?:本|表[中内]|上表|以上|上述|数据|全部|指标|单位))"  # what begins so is of the whole table
)
OF_PART = re.compile(
    rf"[（(]{_NOT_ALL}(?![^（()）]*增)[^（()）]*[为是系](?!100)[^（()）]*[)）]"
    rf"|^\s*(?:备?注|说明)\s*[:：]{_NOT_ALL}.+?(?:[为是系]|截至|截止|滞后).*$"
)
LAST_ROWS = 10
SERIES = re.compile("_(当期值|累计值|同比增长|累计增长)$")  # which series of the Bureau an indicator is
DONE = re.compile("完成(?!率)|执行|实现|进度|对比|实际(?!$)|实绩")
# Lines about the paper and not about its numbers; notes may say something about these as well.
PAPERWORK = re.compile(r"\s*((资料|数据)?来源|制表|填表|填报|审核|抄送|主送|报送|编制|联系|打印|(单位|统计)负责)")
NOTE = re.compile(r"\s*(备?注|说明)\s*[:：]")
OF_NAME = {"地区": "park", "园区": "park", "region": "park", "指标": "indicator", "indicator": "indicator"}


def find_texts(sheet: Sheet) -> list[str]:
    """Return what holds for a whole table: titles, the name of its sheet, and notes below about all of it."""
    notes = [re.sub(r"^\s*(备?注|说明)\s*[:：]?", "", note) for note in _find_notes(sheet) if NOTE_ON_ALL.match(note)]
    notes = [note for note in notes if not (GROWN.search(note) and find_periods(note))]  # 增速为1-8月数据
    return [*list_titles(sheet), *notes]


def list_titles(sheet: Sheet) -> list[str]:
    """Return the titles of a table and the name of its sheet, without what they say of a part of the figures."""
    return [*(text if UNIT_IN_TITLE.search(text) else OF_PART.sub("", text) for text in sheet.above), sheet.name]


def find_statements_of(sheet: Sheet, known: Vocabulary) -> list[Statement]:
    """Return what the notes below a table, and those above it, say of some of its figures."""
    found = [said for note in _find_notes(sheet) for said in find_statements(note, known)]
    for text in sheet.above:
        for part in [text] if NOTE.match(text) else OF_PART.findall(text):
            found += [said for said in find_statements(part, known) if said.about or said.year or said.mark]
    return found


def _find_notes(sheet: Sheet) -> list[str]:
    rows = sheet.rows.drop(ROW).tail(LAST_ROWS).rows()
    filled = [[cell for cell in row if cell is not None] for row in rows]
    return [str(cells[0]) for cells in filled if len(cells) == 1]


def find_title_unit(texts: Sequence[str], known: Vocabulary) -> str | None:
    """Return the unit of the whole table; None if the titles name none, or several, or another one for a part of it."""
    texts = [text for text in texts if not (NOTE.match(text) and _gives_unit_of_indicator(text, known))]
    told = [(match[1] or match[2], text[match.end() :]) for text in texts for match in UNIT_IN_TITLE.finditer(text)]
    found = {PER_CENT_TOO.sub("", unit) for unit, _behind in told}
    found |= {unit for text in texts if (unit := find_unit_at_end(text, known)) and not (found and unit in "%％")}
    dollars = any(IN_DOLLARS.search(text) for text in texts)
    if any(OTHER_UNIT.match(behind) for _unit, behind in told) or (dollars and not any("美" in one for one in found)):
        return None
    return next(iter(found)) if len(found) == 1 and all(map(known.find_units, found)) else None


def _gives_unit_of_indicator(note: str, known: Vocabulary) -> bool:
    return any(said.kind == "unit" and said.codes for said in find_statements(note, known))


def find_unit_at_end(text: str, known: Vocabulary) -> str:
    """Return the unit in brackets at the end of a title or line, "" if there is none: 二、财政（万元）."""
    match = UNIT_AT_END.search(text)
    return match[1] if match and known.find_units(match[1]) else ""


def find_named(texts: Sequence[str], field: str) -> str | None:
    """Return what a line above the heads names: 指标：地区生产总值(亿元), 地区：湖南省. field: park or indicator."""
    found = {
        match[2] for text in texts if (match := NAMED_IN_TITLE.match(text)) and OF_NAME[match[1].casefold()] == field
    }
    return next(iter(found)) if len(found) == 1 else None


def find_title_period(texts: Sequence[str]) -> str | None:
    """Return the period of the whole table; None if the titles say none, or leave it open.

    The year may stand in one title and the months in another, or in the name of the sheet. What the titles say is
    cumulated begins in January.
    """
    found = [period for text in texts for period in _find_written_periods(text)]
    if (
        not found
        or "?" in found
        or any(OPEN_SPAN.search(text) or TEN_DAYS.search(text) for text in texts if not PAPERWORK.match(text))
    ):
        return None
    codes = {period: parse_period(period).code for period in found}
    years = {code[:4] for code in codes.values() if code}
    if len(years) != 1:
        return None
    [year] = years
    whole = {parse_period(period, year).code for period in found} - {year}
    if whole and any("全年" in period for period in found):
        return None
    if len(whole) > 1 or (not whole and any(_leaves_period_open(text, year) for text in texts)):
        return None
    if whole and (span := _find_title_span(texts)) and not any(map(STARTING.search, found)):
        return resolve_span(whole.pop(), span)[0]
    return next((period for period in found if len(codes[period]) > 4), None) or (
        f"{year}年{next(period for period in found if not codes[period])}" if whole else year
    )


def _leaves_period_open(text: str, year: str) -> bool:
    """Return whether a title beside a year alone says that only a part of it is meant, or had passed."""
    made = DATED_LINE.search(text) is not None and year in text
    text = re.sub(rf"(总|(?!{year})\d{{4}}年?)第\w+?期", "", text)  # an issue of another year, or of all
    return made or bool(NUMBERED.fullmatch(text.strip()) or OPEN_PERIOD.search(text))


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


def speak_of_growths(texts: Sequence[str]) -> bool:
    """Return whether a title ends in 增长情况 or 增长: its numbers are growths, unless its heads tell them apart."""
    return any(GROWTHS.search(re.sub(r"\s", "", text)) for text in texts)


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
        bare = re.sub(r"[(（][%％][)）]$", "", NO_PLANS.sub("", bare))
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
