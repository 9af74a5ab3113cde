"""Periods inside a text: in a title, in the head of a column."""

import re
import unicodedata
from collections.abc import Iterable

from data.values.marks import strip_note_marks
from data.values.periods import MONTH_NAME, parse_period, write_digits

# Years and numbers that say what prices are of, how long something took, or which issue or document this is.
BASE_YEAR = re.compile(
    r"\d{4}年?\s*=\s*100|\d{4}年?(可比|不变)?(价格?|基期|为基)|\d+\s*年(期|以[上下]|内)|最近\d+年"
    r"|[(\[〔【]\d{4}年?[)\]〕】]\s*第?\s*\d+\s*号|\d{4}年?\s*[,，]?\s*第\s*([\d]+|[一二三四五六七八九十]+)\s*[期号]"
    # A yearbook prints the year before its own; a table may be revised in a month of another year.
    r"|年鉴\s*[-—(（]?\s*\d{4}年?[)）]?|\d{4}年?[\u4e00-\u9fff]{0,8}年鉴"
    r"|(\d{4}年)?\d{1,2}月(\d{1,2}日)?\s*"
    r"(修订|修正|调整|更新|公布|发布|印发|印制|出版|编制|制表|填报|整理|制(?=$|[)）])|[\u4e00-\u9fff]{0,8}会议?(材料|通报))"
)
# A part of a year that is not understood, behind the year or, in English, before it.
PART_BEHIND = re.compile(
    r"年?\s*[-–—~～至到/.]?\s*\d|年?\s*[一二三四五六七八九十]{1,2}\s*([-–—~～至到月季]|个月)"
    r"|年?度?\s*(中期|中报|[上下]?半年|[一二三四前]?[一二三四]?季|[前后][一二三四五六七八九十])"
    r"|年?度?\s*[(]\s*\d{1,2}\s*[-–—~～至到]|年?\s*第?[一二三四1-4]\s*[、,]\s*[二三四2-4]\s*季"
)
SPLIT_PART = re.compile(r"[一二三四五六七八九十\d]\s*(季|月|个月)|季报")  # across the end of what is read
PART_BEFORE = re.compile(
    r"(half|quarters?|months?|(?<![a-zA-Z])q[1-4]|(?<![a-zA-Z])[1-4]q|(?<![a-zA-Z])h[12])\s*(of|,)?\s*(the\s+year\s+)?$",
    re.IGNORECASE,
)
BEFORE_YEAR = re.compile(
    rf"(截至|截止到?|(?<![\d年月日季])至|(?<![a-zA-Z]){MONTH_NAME}(\s*([-–—~]|to)\s*{MONTH_NAME})?,?\s+(of\s+)?)\s*$",
    re.IGNORECASE,
)
DATED_LINE = re.compile(
    r"(制表|填表|填报|报送|报出|上报|发布|公布|印发|更新|打印|导出|审核|下载|编制|提供|查询|整理|截稿|有效期|表号|文号)\s*"
    r"(日期|时间|日|至)?\s*[:：]?\s*[A-Za-z]?\d"
)
YEARLESS = (
    r"(?:前\s*)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月?\s*(?:份)?\s*[-–—~～至到]\s*"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月份?|前?(?<![\d.])(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*个?月份?[底末]?"
    r"|[上下]半年|[前第]?[一二三四1-4]季度?[底末]?|全年"
    rf"|(?i:(?<![a-zA-Z]){MONTH_NAME}\s*[-–—~]\s*{MONTH_NAME})(?![a-zA-Z])"
)
UNMARKED = re.compile(
    r"\d{4}(年(\d{1,2}|[一二三四五六七八九十]{1,2})|[.]1)"
)  # 2013年10强, 2013年十大; 2013.1 may be October
LONGEST_PERIOD = 24  # letters


def find_periods(text: str) -> list[str]:
    """Find the periods that a title or a head contains, as they are written: 2013年1—9月, （2013.09）, 9月.

    A year that only says what prices are of, or when the table was made, is none. "?" stands for a year that goes on
    in a way that is not understood: 2012—2013年, 2013年10强.
    """
    if re.fullmatch(r"\s*[（(]?\s*\d{4}年\d{1,2}月\d{1,2}日\s*[)）]?\s*", text):
        return []  # the day on which a table was made
    plain = BASE_YEAR.sub("", unicodedata.normalize("NFKC", write_digits(strip_note_marks(text))))
    if dated := DATED_LINE.search(plain):
        plain = plain[: dated.start()]
    found, at = list[str](), 0
    for match in re.finditer(r"(?<!\d)(?:19[89]\d|20\d\d)(?!\d{3,}|\d(?!\d))", plain):
        if match.start() < at:
            continue
        written, at = _take_longest_period(plain, match.start())
        found.append(written)
    rest = plain
    for written in found:
        rest = rest.replace(written, " ", 1)
    found += [match[0] for match in re.finditer(YEARLESS, rest) if parse_period(match[0], "2000").code]
    return list(dict.fromkeys(found))


def _take_longest_period(text: str, start: int) -> tuple[str, int]:
    """Return the longest period that begins at a place of a text, and where it ends."""
    before = BEFORE_YEAR.search(text[:start])
    for end in range(min(len(text), start + LONGEST_PERIOD), start + 3, -1):
        written = text[start:end].rstrip()
        if text[end : end + 1].isdigit() or not written[-1].strip("-—~./(),， ") or UNMARKED.fullmatch(written):
            continue
        if PART_BEHIND.match(text[end:]) or SPLIT_PART.match(text[end - 1 :]):
            continue
        found = parse_period(whole := (before[0] if before else "") + written)
        if found.code and found.day is None:
            return ("?" if PART_BEFORE.search(text[:start]) else whole), end
    return "?", start + 4


def find_ambiguous_months(texts: Iterable[str]) -> set[str]:
    """Return those texts like 2025.1 that may be January or October: a column of numbers shows its October so.

    2025.1 is January where another text shows a single digit (2025.2 to 2025.9), unless the same year shows a month
    as late as September in that way and no 2025.10.
    """
    asked = {text.strip() for text in texts}
    digits = any(re.fullmatch(r"\d{4}\.[2-9]", text) for text in asked)
    found = set()
    if any(re.fullmatch(r"\d{4}年度?", text) for text in asked):  # 2012年, 2013年1: a month, or the mark of a note
        found = {text for text in asked if re.fullmatch(r"\d{4}年\d{1,2}", text)}
    for text in asked:
        if re.fullmatch(r"\d{4}\.1", text):
            late = any(f"{text[:4]}.{month}" in asked for month in ("9", "11", "12"))
            if not digits or (late and f"{text[:4]}.10" not in asked):
                found.add(text)
    return found
