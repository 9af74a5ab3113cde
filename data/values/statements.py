"""What a note says of some figures of its table: 注：出口总额单位为万美元, ①1-8月数据, 2013年为预计数."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from data.values.parts import NO_PARTS, PARTIAL
from data.values.periods import parse_period, write_digits
from data.values.vocabulary import Vocabulary, normalize_name

OPENING = re.compile(r"^\s*[（(]?\s*(备?注\s*\d{0,2}|说明|其中|附)?\s*[:：]?\s*")
MARK = re.compile(r"^\s*([①-⑳*＊※])\s*|带\s*([①-⑳*＊※])\s*(?:号|的)*")
NUMBERED = re.compile(r"^\s*(\d{1,2}\s*[.．、)）](?!\d)|[（(]\d{1,2}[)）]|[一二三四五]、)\s*")
VERB = re.compile(r"为|是|系|[:：]|(?=截至|截止|滞后)")
ON_ALL = re.compile(r"本|表[中内]?|上表|以上|上述|全部|所有|均|都|皆|统计|数据|数字|数值|指标|口径|单位|各|的|[、\s]")
BEHIND = re.compile("(完成)?(数据|数值|数字|口径|数)$")
FORECAST = re.compile("(预计|预测|预期|预估|估计|估算|测算|计划|目标)+(完成)?")
GROWTH = re.compile("(增速|增长率?|增幅|同比)")
OTHER_GROWTH = re.compile("环比|上个?月|上季|年初|前年|[两三四五]年平均|年均")
YEAR = re.compile(r"((?:19|20)\d\d)\s*年?")


@dataclass(frozen=True)
class Statement:
    """A clause of a note.

    text: as it stands in the note. kind: unit, period (said: as written), forecast, part, place or growth (it is on
    another period). said: what it says. about: the words for what it speaks of, "" for all of the table; codes: the
    indicators among them. year, mark: of the figures that it speaks of, "" for any.
    """

    text: str
    kind: str
    said: str
    about: str = ""
    codes: tuple[str, ...] = ()
    year: str = ""
    mark: str = ""


def find_statements(note: str, known: Vocabulary) -> Iterator[Statement]:
    """Yield what the clauses of a note say of figures; other clauses say nothing of them."""
    opening = OPENING.match(note)
    opened = bool((opening and opening[0]) or MARK.match(note))
    for sentence in re.split("[。；;]", OPENING.sub("", write_digits(note), count=1)):
        mark = ""  # holds to the end of its sentence
        for clause in re.split("[，,]", sentence):
            shown = text = NUMBERED.sub("", clause).strip(" （()）\u3000")
            if found := MARK.search(text):
                mark = found[1] or found[2]
                text = text.replace(found[0], "")
            if text and (opened or VERB.search(text)) and (said := _read_clause(text, mark, known)):
                yield replace(said, text=shown)


def _read_clause(text: str, mark: str, known: Vocabulary) -> Statement | None:
    *before, said = VERB.split(text)
    about = OPENING.sub("", "".join(before))
    year = found[1] if (found := YEAR.match(about)) else ""
    grown = GROWTH.search(about or text) is not None
    about = ON_ALL.sub("", YEAR.sub("", GROWTH.sub("", about) if grown else about, count=1))
    kind = _judge_growth(said) if grown else _judge(said, known, told=bool(before))
    if not kind:
        return None
    codes, words = list[str](), normalize_name(about)
    while name := known.find_indicator_name(words):
        codes += known.find_indicators(name)
        words = words.replace(name, " ")
    return Statement(text, kind, BEHIND.sub("", said.strip()) or said, about, tuple(codes), year, mark)


def _judge_growth(said: str) -> str:
    part = parse_period(BEHIND.sub("", said.strip()), "2000").code
    return "growth" if OTHER_GROWTH.search(said) or len(part) > 4 else ""  # more than the year


def _judge(said: str, known: Vocabulary, *, told: bool) -> str:
    """Return the kind of a statement by what it says; "" for none. told: it has a verb."""
    bare = BEHIND.sub("", said.strip())
    if FORECAST.fullmatch(bare) or bare.startswith("滞后"):
        return "forecast"
    if len(parse_period(bare, "2000").code) > 4:  # more than the year
        return "period"
    if told and known.find_units(said.strip()):
        return "unit"
    if told and known.find_places(bare):
        return "place"
    return "part" if told and PARTIAL.match(bare) and not NO_PARTS.match(bare) else ""
