"""Lines inside a table, and what each says of the rows below it: a place, a period, a unit, a plan."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from data.layouts import title_places, titles
from data.layouts.guessing import measures, names_field
from data.layouts.heads import describe_head, split_head
from data.tables.problems import ROW
from data.tables.sheet import Sheet
from data.values.marks import strip_note_marks
from data.values.parts import COMPANY, PARTIAL, SECTOR
from data.values.period_search import find_periods
from data.values.periods import is_bare_year, is_part_of_year, parse_period
from data.values.vocabulary import Vocabulary, normalize_name

KINDS = {"park": ("地区", "place"), "period": ("时期", "period"), "unit": ("单位", "unit")}
OF_KIND = {"park": ("park",), "period": ("period", "year", "month"), "unit": ("unit",)}
NOT_DONE = re.compile(
    r"(年度|全年|年初|预期|主要|工作|发展|经济|社会|考核|奋斗|责任|上级|下达|调整后?的?|剩余|年)*(计划|目标|任务|预算|预测|预计|规划|安排)+(数|值|安排|指标|情况)?"
    r"|(上年|去年|前年|上一年|基期|上期|上月|上季度?)(同期|同月|末|止)?(数|值|实际|完成|情况|累计)*|年初(数|余额|存量)?|(年报|季度)(数据?|指标)?"
    r"|(同比|环比|[比较](上年|去年|上月)(同期)?)?(增长|增速|增幅|增减|增减额|增量|净增|变动|发展速度)?(率|情况|额|数|%)*|(指数|人均|贡献率?|拉动).*"
    r"|(.*(比重|占比|完成率|位次|排名|平均水平|平均|差距|缺口)|[年月日季户亩地]均.*|构成|结构|(上年|去年)(同期)?=100)%?|.*[上中下]旬.*|按?(不变|可比)价.*"
)
DONE = re.compile(r"(实际|本年|全年|当期|累计)*(完成|实绩|执行)(情况|数|值)?|实际(数|值)?")
# What a line says beside a place, a period and a unit without changing them.
FILLING = re.compile(
    r"其中|数据|主要|经济|社会|发展|指标|统计|完成|情况|一览|[表值数]$|[（(]续[）)]|续表?|\d+$"
    r"|当月|本月|累计|[\s:：,，、.．·()（）\[\]—-]"
)
NUMBERING = re.compile(
    r"^[（(]?([一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]|^第[一二三四五六七八九十\d]+部分|^表\s*\d*"
)
NUMBER_OF_ITEM = re.compile(r"[（(]?([一二三四五六七八九十]{1,3}|\d{1,3})[)）、.．]?")
ALL_TOGETHER = re.compile(r"全[市省区县国州园]|[园市县]?区?合计|总计|小计|各[市州县区]+")
OF_PLACES = re.compile(
    r"([省市县区镇乡州盟旗]|街道|园区?|开发区|高新区|经开区|基地|片区|新城)(合计|小计)?$"  # what places are called
)
TO_DATE = re.compile("年初至今|自年初|今年以来|年初以来")
BARE_UNIT = re.compile(r"以下|均(?=[以为按])|计量|单位|数据|指标|数值|金额|为|是|以|计|[:：（）()\s]")
LOOKED_AT = 200  # rows from which is told what a column holds
SMALL = 20_000  # rows of a table in which every cell is looked at


@dataclass(frozen=True)
class Line:
    """A row of a table with one text alone. place: its column."""

    row: int
    place: int
    text: str


@dataclass
class Context:
    """What holds for the rows below a line. said: by kind, as written. by: by kind, the line that says it.

    open: by kind, the line that leaves it open.
    """

    said: dict[str, str | None]
    by: dict[str, Line] = field(default_factory=dict)
    open: dict[str, Line] = field(default_factory=dict)


def find_lines(sheet: Sheet, known: Vocabulary) -> list[Line]:
    """Return the rows without a number that have one text, beside the number of an item, a unit and a dash."""
    cells = [name for name in sheet.rows.columns if name != ROW]
    numbers = [name for name in cells if measures(sheet.heads[int(name[1:])], known)]
    aside = {at for at, head in enumerate(sheet.heads) if f"c{at}" in numbers or names_field(head, "note")}
    if len(cells) < 2 or not numbers:
        return []
    if sheet.rows.height <= SMALL:
        empty = [~pl.col(name).fill_null("").str.contains(r"\d") for name in numbers]
    else:
        if not all(sheet.rows[name].null_count() for name in numbers):
            return []
        empty = [pl.col(name).is_null() for name in numbers]
    rows = sheet.rows.filter(pl.all_horizontal(empty))
    found = []
    for row, *texts in rows.rows():
        said = {at: text for at, text in enumerate(texts) if text is not None and at not in aside}
        units = [str(texts[at]) for at in sorted(aside) if titles.UNIT_IN_TITLE.search(texts[at] or "")]
        told = {at: text for at, text in said.items() if not NUMBER_OF_ITEM.fullmatch(text)}
        told = {at: text for at, text in told.items() if not known.find_units(text)} or told
        if len(told) == 1 or (units and not told):
            place, text = next(iter(told.items()), (min(aside), ""))
            found.append(Line(row, place, " ".join(filter(None, [text, *units]))))
    return found


def read_line(
    line: Line, before: Context, columns: Mapping[str, int], known: Vocabulary, dated: Mapping[int, str]
) -> Context | None:
    """Return what holds below a line; None if it changes nothing.

    columns: of the fields of the table. dated: those of periods, with what their cells are, of find_kinds_of_periods().
    """
    if titles.PAPERWORK.match(line.text):
        return None
    if "indicator" not in columns and (indicator := _find_indicator(line.text, known)):
        after = Context(dict(before.said), dict(before.by), dict(before.open))
        after.open.pop("indicator", None)
        if indicator != find_codes("indicator", before.said.get("indicator"), known):
            after.open["indicator"] = line
        return after if after != before else None
    of_cell = {kind for kind, names in OF_KIND.items() if any(columns.get(name) == line.place for name in names)}
    if dated.get(line.place) == "months" and is_year(line.text):
        of_cell -= {"period"}  # 2012年 above the rows of its months
    text = NUMBERING.sub("", strip_note_marks(line.text).strip())
    if _says_part_of_rows(text, dated.get(line.place), known):
        after = Context(dict(before.said), dict(before.by), dict(before.open))
        after.open["period"] = line
        return after if after != before else None
    said, rest = _find_said(text, before, known)
    said = {kind: value for kind, value in said.items() if kind not in of_cell}
    bare = FILLING.sub("", NUMBERING.sub("", rest))
    plain = re.sub(r"[\s:：()（）]", "", rest)
    sector = text == line.text.strip() and (SECTOR.fullmatch(plain) or COMPANY.search(plain))  # no theme with a number
    undone = bool(plain) and bool(NOT_DONE.fullmatch(plain) or (bare and PARTIAL.search(plain)) or sector)
    if of_cell and not said and not undone:
        return None  # the place or the period of a row without a number
    if known.find_indicators(text) or (
        set(said) <= {"park"}
        and bare
        and known.find_indicator_name(normalize_name(rest))
        and not (DONE.fullmatch(bare) or NOT_DONE.fullmatch(plain))
    ):
        return None  # an indicator, or one of a part, whose number is missing
    after = Context(dict(before.said), dict(before.by), dict(before.open))
    if DONE.fullmatch(plain):
        after.open.pop("value", None)
    elif undone:
        after.open["value"] = line
    for kind, value in said.items():
        same = value is not None and find_codes(kind, value, known) == find_codes(kind, before.said.get(kind), known)
        if value is None or (bare and not same and kind != "unit") or OF_PLACES.search(bare):
            after.open[kind] = line
        elif not same or kind in before.open:
            after.said[kind], after.by[kind] = value, line
            after.open.pop(kind, None)
            _open_nested(kind, line, before, after, said)
    return after if after != before else None


def _find_indicator(text: str, known: Vocabulary) -> tuple[str, ...]:
    """Return the indicator that a line names, with or without 指标：; one that is not known by its words."""
    named = titles.find_named([text], "indicator")
    return find_codes("indicator", named or text, known) or ((named,) if named else ())


def find_kinds_of_periods(sheet: Sheet, columns: Mapping[str, int]) -> dict[int, str]:
    """Return the columns of periods whose cells are months without their year (months) or years alone (years).

    columns: of the fields of the table. Where there are both, the months count.
    """
    found = {}
    for at in {columns[name] for name in OF_KIND["period"] if name in columns}:
        cells = sheet.rows[f"c{at}"].drop_nulls().head(LOOKED_AT)
        years, months = (sum(map(fits, cells)) for fits in (is_bare_year, is_part_of_year))
        if years or months:
            found[at] = "years" if years > months else "months"
    return found


def _says_part_of_rows(text: str, kind: str | None, known: Vocabulary) -> bool:
    """Return whether a line in a column of periods says of the periods below it which part of a year they are, or that
    they are cumulated. kind: of find_kinds_of_periods().
    """
    if kind is None:
        return False
    part = kind == "years" and is_part_of_year(text)
    return part or describe_head(re.sub(r"[\s:：()（）]|数$", "", text), known).span in ("cumulative", "month")


def _open_nested(kind: str, line: Line, before: Context, after: Context, said: Mapping[str, str | None]) -> None:
    """Leave open the period of a new place, or the place of a new period, that a line below the last one said."""
    other = {"park": "period", "period": "park"}.get(kind, "")
    last, nested = before.by.get(kind), before.by.get(other)
    if last and nested and other not in said and nested.row > last.row:
        after.open[other] = line


def _find_said(text: str, before: Context, known: Vocabulary) -> tuple[dict[str, str | None], str]:
    """Return what a line says, by kind (None: it leaves it open), and the rest of its words."""
    said: dict[str, str | None] = {}
    rest = text
    bare_unit = BARE_UNIT.sub("", text)
    if unit := titles.UNIT_IN_TITLE.search(text):
        said["unit"] = titles.find_title_unit([text], known)
        rest = rest.replace(unit[0], " ")
    elif known.find_units(bare_unit):
        return {"unit": bare_unit}, ""
    elif (unit_behind := titles.find_unit_at_end(text, known)) and unit_behind not in "%％":  # 比上年增长（%）
        said["unit"] = unit_behind
        rest = titles.UNIT_AT_END.sub("", rest)
    place, open_place = title_places.find_place_in(rest, known)
    if place or open_place:
        said["park"] = None if open_place else place
        rest = rest.replace(place or "", " ")
    elif ALL_TOGETHER.fullmatch(text):
        # Above any other place it is that of the title.
        kept = before.said.get("park")
        other = kept is not None and not title_places.covers_whole(kept, [text])
        said |= {"park": None} if "park" in before.by or "park" in before.open or other else {}
        rest = ""
    elif OF_PLACES.search(FILLING.sub("", rest)) and not known.find_indicator_name(normalize_name(rest)):
        said["park"] = None
    periods = find_periods(rest)
    if re.fullmatch(r"\d{4}([.]\d{1,2})?", rest.strip()):
        said["period"] = rest.strip() if not rest.strip().endswith(".1") and parse_period(rest).code else None
        rest = ""
    elif periods:
        year = next((parse_period(one).code[:4] for one in (before.said.get("period"),) if one), "")
        own = titles.find_title_period([rest])
        if own is None and periods != ["?"] and year:
            own = titles.find_title_period([f"{year}年", rest])
        titled = parse_period(before.said.get("period") or "").code
        later = own and "period" not in before.by and len(titled) > 4 and parse_period(own).code[-7:] > titled[-7:]
        said["period"] = None if later else own  # a month that had not ended when the table was made
        for one in periods:
            rest = rest.replace(one, " ")
    else:
        said |= _find_span(rest, before.said.get("period"), known)
        rest = "" if "period" in said else rest
    return said, rest


def _find_span(text: str, period: str | None, known: Vocabulary) -> dict[str, str | None]:
    """Return the period that 累计 or 本月 in a line means in a table of a period; empty if it says neither."""
    core = re.sub(r"完成情况|完成数?|情况|[\s:：()（）]", "", text)
    meaning = describe_head(core, known)
    plain = meaning.role in ("", "value") and not meaning.indicator and len(core) < 10
    if TO_DATE.search(core) or (plain and meaning.span == "cumulative"):
        return {"period": titles.find_title_period([period, "累计"]) if period else None}
    return {"period": _take_month(period) if period else None} if plain and meaning.span == "month" else {}


def _take_month(period: str) -> str | None:
    """Return the last month of a period; None of a whole year."""
    code = parse_period(period).code
    return code[-7:] if len(code) > 4 else None


def is_year(period: str | None) -> bool:
    """Return whether a period as written is a whole year."""
    return len(parse_period(period or "").code) == 4


def find_codes(kind: str, text: str | None, known: Vocabulary) -> tuple[str, ...]:
    """Return the codes of what a line says of a kind, so that two ways to write it are one."""
    if not text:
        return ()
    if kind == "period":
        return (parse_period(text).code,)
    if kind == "indicator":
        return known.find_indicators(text) or known.find_indicators(split_head(text)[0])
    return known.find_places(text) if kind == "park" else known.find_units(text)
