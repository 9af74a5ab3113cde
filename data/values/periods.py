"""Periods as people write them: 2013年, 2013年1—2月, 前三季度, 截至2013年底, 201303."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from data.values.marks import strip_note_marks

YEARS = range(1980, 2101)
PARTS = {
    "上半年": (1, 6), "下半年": (7, 12), "全年": (1, 12), "一季度": (1, 3), "1季度": (1, 3), "二季度": (4, 6),
    "2季度": (4, 6), "三季度": (7, 9), "3季度": (7, 9), "四季度": (10, 12), "4季度": (10, 12), "前三季度": (1, 9),
    "前3季度": (1, 9), "前两季度": (1, 6), "前二季度": (1, 6), "前2季度": (1, 6), "q1": (1, 3), "q2": (4, 6),
    "q3": (7, 9), "q4": (10, 12), "h1": (1, 6), "h2": (7, 12),
    "1st half": (1, 6), "2nd half": (7, 12),
}  # fmt: skip
MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
HAN = {
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十一": 11,
    "十二": 12,
}


DIGITS = str.maketrans("〇○零０一二三四五六七八九", "0000123456789")
ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "Ⅰ": "1", "Ⅱ": "2", "Ⅲ": "3", "Ⅳ": "4"}
CUMULATED = re.compile("累计|(?<!截)止|为止|至今|年初至|cumulative|year to date|ytd")
BARE_YEAR = re.compile(r"\d{4}年?度?(\.0)?\s*(完成|实绩|实际|合计|累计)?(数|值|情况)?")
# A span whose first month is written begins there, cumulated or not: 7-9月累计.
STARTING = re.compile(
    r"(?<![\d一二三四五六七八九十])(\d{1,2}|[一二三四五六七八九十]{1,2})(月份?|季度?)?\s*[-–—~～至到]|下半年"
)
# 2013-1-9 is a day, or January to September as some write it.
DAY_OR_SPAN = re.compile(r"\d{4}([-.])1\1([2-9]|1[0-2])")


@dataclass(frozen=True)
class Period:
    """A period as a code of the schema (2013, 2013-06, 2013-01/2013-02), or what is wrong with the text (zh, en).

    What is cumulated (2013年9月累计, 三季度累计, 截至2013年9月底) begins in January. day: the day, if the text was a
    day of this month. at_end: whether the text says an end: 2013年9月末.
    """

    code: str = ""
    zh: str = ""
    en: str = ""
    day: date | None = None
    at_end: bool = False


def is_bare_year(text: str) -> bool:
    """Return whether a text is a year alone, or with a word of its numbers: 2013年, 2013年完成; not 2013年末, 全年."""
    return BARE_YEAR.fullmatch(text.strip()) is not None


def write_digits(text: str) -> str:
    """Return a text with the years that are written by Chinese digits, and 元月, in figures: 二〇一三年, 元月."""
    text = re.sub(
        "(一九|二[〇○零０0])[〇○零０0一二三四五六七八九]{2}(?=年)", lambda match: match[0].translate(DIGITS), text
    )
    text = re.sub(r"(?:IV|I{1,3}|[ⅠⅡⅢⅣ])(?=\s*季)", lambda match: ROMAN[match[0]], text)
    text = re.sub("头(?=\\d{1,2}个?月|[一二三四五六七八九十]{1,2}个?月|[一二三]个?季)", "前", text)
    return re.sub(r"((?<=年)|(?<![\u4e00-\u9fff]))元(?=月|\s*[-–—~～－至到]\s*[\d一二三四五六七八九十])", "1", text)


def make_period_code(year: int, first: int = 1, last: int = 12) -> str:
    """Make the code of a span of months of one year; for all twelve, the year alone."""
    if (first, last) == (1, 12):
        return str(year)
    start, end = f"{year}-{first:02}", f"{year}-{last:02}"
    return start if first == last else f"{start}/{end}"


def _strip_brackets(text: str) -> str:
    """Return a text without the brackets around the whole of it, and without the points and commas at its ends."""
    text = text.strip(",. ")
    return _strip_brackets(text[1:-1]) if re.fullmatch(r"\([^()]*\)", text) else text


@lru_cache(maxsize=4_096)
def _normalize_period_text(text: str) -> tuple[str, bool, bool]:
    """Return a text in one way of writing, whether it says that the period is cumulated, and whether it says an end."""
    text = _strip_brackets(unicodedata.normalize("NFKC", write_digits(strip_note_marks(text))).strip().casefold())
    text = re.sub(r"\(([^()\d]*|(?<=年\()\d{1,2}(?:-\d{1,2})?月)\)", r"\1", text)
    text = re.sub(r"\s+(?=[年月日季])|(?<=[年月])\s+", "", text)
    text = re.sub(r"^(\d{4})[-/.](\d{1,2})\s*[—–~至到]\s*(\d{1,2})月?$", r"\1年\2—\3月", text)
    found = CUMULATED.search(text) or (re.match("截至|截止|至", text) and not re.search("年[底末]", text))
    found = found and not STARTING.search(text)
    at_end = not found and re.search("[底末]$", text)
    text = re.sub(r"^(截至|截止到?|至|到|—)", "", text)
    text = re.sub(r"\s*[-–—~～至到]\s*|\s+to\s+", "—", text)
    for _again in range(2):
        text = re.sub(r"(底|末|实绩|完成|合计|累计|累计数|为止|止|度)$", "", text)
    text = re.sub(r"^(\d{4})\.0$", r"\1", text)  # as a program writes a whole number
    text = _strip_brackets(re.sub(r"(?<=季)$", "度", re.sub("第(?=[一二三四1-4]季)", "", text)))
    return text, bool(found), bool(at_end)


@lru_cache(maxsize=4_096)
def parse_period(text: str, year: str | None = None) -> Period:
    """Parse a text as a period. year: from another column, or for the whole file, used if the text has no year.

    Returns what is wrong with the text in the Period, if anything is.
    """
    plain, cumulated, at_end = _normalize_period_text(text)
    if DAY_OR_SPAN.fullmatch(text.strip()):
        return Period(
            zh="可能是一天，也可能是从 1 月起的几个月。请写成 2013-01-09 或 2013年1—9月",
            en="may be a day, or some months from January on; write 2013-01-09 or 2013-01/2013-09",
        )
    found = None if re.fullmatch(r"\d{5}(\.\d+)?", plain) else _parse_dated_text(plain)
    if found is None and year:
        of = re.search(r"\d{4}", unicodedata.normalize("NFKC", year))
        found = _parse_year_part(int(of[0]), plain) if of else None
    if found is None:
        return _make_unknown_period(plain)
    of_year, first, last, day = found
    if of_year not in YEARS:
        return Period(zh="年份要在 1980 与 2100 之间", en="the year must lie between 1980 and 2100")
    if not 1 <= first <= last <= 12 or (day is not None and not _is_day(of_year, first, day)):
        return Period(zh="没有这样的日子或月份，或起止颠倒", en="no such day or month, or the span runs backwards")
    if cumulated:
        return _make_sum(of_year, last, day)
    return Period(make_period_code(of_year, first, last), day=date(of_year, first, day) if day else None, at_end=at_end)


def _make_sum(year: int, last: int, day: int | None) -> Period:
    """Make the months of a year up to one of them, or up to a day, which must be the last of its month."""
    if day is not None and (date(year, last, day) + timedelta(days=1)).day > 1:
        return Period(
            zh="不到月末，不是整月的累计。请写明是哪几个月",
            en="ends within a month; write the whole months that it is the sum of",
        )
    return Period(make_period_code(year, 1, last))


def is_part_of_year(text: str) -> bool:
    """Return whether a text is a part of a year without its year: 9月, 1-9月."""
    return not parse_period(text).code and bool(parse_period(text, "2000").code)


def _make_unknown_period(plain: str) -> Period:
    if re.fullmatch(r"\d{1,2}年.*", plain):
        return Period(zh="年份要写四位数，例如 2013年", en="write the year with four digits, 2013 for instance")
    if re.fullmatch(r"\d{5}(\.\d+)?", plain):
        return Period(
            zh="这像表格软件的日期序号。请把这一列设为日期格式再保存，或写成 2013-03",
            en="this looks like the serial number of a date; format the column as a date, or write 2013-03",
        )
    if _parse_year_part(2000, plain):
        return Period(
            zh="只有月份，没有年份。请补上年份，或另设“年份”一列",
            en="a month without a year; add the year, or a column Year",
        )
    return Period(
        zh="认不出的时期。请写成 2013、2013年3月、2013年1—2月、2013年上半年或 2013-03",
        en="no period that is known; write 2013, 2013-03, 2013-01/2013-02 or 2013 Q1",
    )


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


ParsedSpan = tuple[int, int, int, int | None]


# Forms of a text that names its year; each group stands for year, first month, last month, day.
FORMS = (
    r"(?P<year>\d{4})年?",
    r"(?P<year>\d{4})(?P<first>\d{2})(?P<day>\d{2})?",
    r"(?P<year>\d{4})(?P<apart>[—/.])(?P<first>\d{1,2})(?P=apart)(?P<day>\d{1,2})日?( 00:00:00|t00:00:00)?",
    r"(?P<year>\d{4})年(?P<first>\d{1,2})月(?P<day>\d{1,2})日?",
    r"(?P<year>\d{4})[—/.](?P<first>\d{1,2})(?:[/—](?P=year)[—/.](?P<last>\d{1,2}))?",
    r"(?P<year>\d{4})年(?P<first>\d{1,2})月—(?P=year)年(?P<last>\d{1,2})月",
)


def _parse_dated_text(text: str) -> ParsedSpan | None:
    """Parse a text that names its year: year, first and last month, and the day."""
    for form in FORMS:
        if match := re.fullmatch(form, text):
            cells = match.groupdict()
            first = int(cells.get("first") or 1)
            last = int(cells.get("last") or cells.get("first") or 12)
            return int(cells["year"]), first, last, int(cells["day"]) if cells.get("day") else None
    if match := re.fullmatch(r"(\S+?),? (?:of )?(\d{4})", text):
        return _parse_year_part(int(match[2]), match[1])
    match = re.fullmatch(r"(\d{4}),?[年\s.—/]*(.+)", text)
    return _parse_year_part(int(match[1]), match[2]) if match else None


def _parse_year_part(year: int, text: str) -> ParsedSpan | None:
    """Parse a part of a year: 1—2月, 3月, 上半年, 前三季度, Q1, jan—sep."""
    if text in PARTS:
        return (year, *PARTS[text], None)
    if match := re.fullmatch(
        r"(\d{1,2}|[一二三四五六七八九十]{1,2})月?—(\d{1,2}|[一二三四五六七八九十]{1,2})月?份?", text
    ):
        return year, _parse_month_number(match[1]), _parse_month_number(match[2]), None
    if match := re.fullmatch(r"([1-4一二三四])(?:季度?)?—([1-4一二三四])季度", text):
        return year, 3 * _parse_month_number(match[1]) - 2, 3 * _parse_month_number(match[2]), None
    if match := re.fullmatch(rf"({MONTH_NAME})(?:—({MONTH_NAME}))?", text):
        first, last = (MONTHS.index(name[:3]) + 1 for name in (match[1], match[2] or match[1]))
        return year, first, last, None
    if match := re.fullmatch(
        r"前(\d{1,2}|[一二三四五六七八九十]{1,2})个?月|(\d{1,2}|[一二三四五六七八九十]{1,2})(月份?)?", text
    ):
        last = _parse_month_number(match[1] or match[2])
        return year, 1 if match[1] else last, last, None
    return None


def _parse_month_number(text: str) -> int:
    return int(text) if text.isdigit() else HAN.get(text, 0)


OPEN_SPANS = {
    ("year", False): (
        "“本年”可能是本月、本季或累计。请写明，例如“本年累计”",
        "this year may be the month, the quarter or cumulated; say which",
    ),
    ("year end", False): (
        "“年末”不在表的时期里。请写明是哪一年末，例如 2012年末",
        "the end of the year is not in the period of the table; say which year: 2012",
    ),
    **dict.fromkeys(
        (("month", True), ("quarter", True)),
        (
            "标题只有年份，看不出是哪个月或季度。请补上，例如 2013年9月",
            "the title has a year alone, not the month or quarter; add it: 2013-09",
        ),
    ),
}


def resolve_span(code: str, span: str) -> tuple[str | None, str, str]:
    """Return the period that a column means in a table of a period, or what is wrong with it.

    span: of data.layouts.heads.SPANS. 累计 in a table of 2013-09 is 2013-01/2013-09, 本月 in one of 2013-01/2013-09 is
    2013-09.
    """
    year, first, last = int(code[:4]), int(code[5:7] or 1), int(code[-2:] if len(code) > 4 else 12)
    if span == "cumulative":
        return make_period_code(year, 1, last), "", ""
    whole = (first, last) == (1, 12)
    if reason := OPEN_SPANS.get((span, whole)):
        return None, *reason
    if span == "quarter":
        return make_period_code(year, last - 2 if last % 3 == 0 else first, last), "", ""
    if span in ("month", "end") and len(code) > 4:
        return make_period_code(year, last, last), "", ""
    return code, "", ""


def get_period_ends(code: str) -> tuple[date, date]:
    """Return the first and last day of a period given as a code of the schema."""
    first, last = code[:7], code[-7:]
    if len(code) == 4:
        first, last = f"{code}-01", f"{code}-12"
    year, month = int(last[:4]), int(last[5:])
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromisoformat(f"{first}-01"), date.fromordinal(following.toordinal() - 1)
