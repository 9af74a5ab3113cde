"""Lines inside a table that say something about the rows below them: a place, a period, a unit, a plan."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from data.layouts import titles
from data.layouts.fields import get_fields
from data.layouts.guessing import find_field_columns, measures, names_field
from data.layouts.heads import describe_head
from data.tables.problems import ROW, Flaw
from data.tables.sheet import NUMERIC, BarredRows, Sheet, get_column_letters
from data.values.marks import strip_note_marks
from data.values.period_search import find_periods
from data.values.periods import parse_period
from data.values.vocabulary import Vocabulary, normalize_name

KINDS = {"park": ("地区", "place"), "period": ("时期", "period"), "unit": ("单位", "unit")}
OF_KIND = {"park": ("park",), "period": ("period", "year", "month"), "unit": ("unit",)}
NOT_DONE = re.compile(
    r"(年度|全年|预期|主要|工作|发展|经济|社会)*(计划|目标|任务|预算|预测|预计)+(数|值|安排|指标)?"
    r"|(上年|去年|前年|上一年|基期|上期)(同期|同月)?(数|值|实际|完成|情况)*|(同比|比上年(同期)?)?(增长|增速|增幅|增减)率?%?"
)
# What a line says beside a place, a period and a unit without changing them.
FILLING = re.compile(
    r"其中|数据|主要|经济|社会|发展|指标|统计|完成|情况|一览|合计|全[市区县省]|[表值数]$|[（(]续[）)]|续表?|\d+$"
    r"|当月|本月|累计|[\s:：,，、.．·()（）\[\]—-]"
)
NUMBERING = re.compile(
    r"^[（(]?([一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]|^第[一二三四五六七八九十\d]+部分|^表\s*\d*"
)
PAPERWORK = re.compile(r"^\s*(资料|数据)?来源|^\s*(制表|填表|审核|填报|联系|打印|单位负责|统计负责)")


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


def apply_sections(sheet: Sheet, known: Vocabulary, free: int) -> Sheet:
    """Return a table in which what its lines say stands in columns of its own, one for each kind.

    Rows below a line that leaves open what it changes are barred: none of them is loaded. Repeated heads are left out.
    free: the number of the first column of the spreadsheet, from 0, in which nothing stands.
    """
    sheet = _remove_repeated_heads(sheet)
    lines = _find_lines(sheet)
    if not lines:
        return sheet
    names = [name for names in OF_KIND.values() for name in names] + ["indicator"]
    columns = find_field_columns(sheet, "observation", range(len(sheet.heads)), names)
    texts = [*sheet.above, sheet.name]
    first = {"park": titles.find_title_place(texts, known), "period": titles.find_title_period(texts),
             "unit": titles.find_title_unit(texts, known)}  # fmt: skip
    contexts, now = list[tuple[int, Context]](), Context(dict(first))
    for line in lines:
        changed = _read_line(line, now, columns, known, sheet)
        if changed is not None:
            now = changed
            contexts.append((line.row, now))
    if not contexts:
        return sheet
    return _add_columns(sheet, Context(first), contexts, columns, known, free)


def _remove_repeated_heads(sheet: Sheet) -> Sheet:
    """Return a table without rows that repeat its heads, as a print has them on each page."""
    filled = [at for at, head in enumerate(sheet.heads) if head]
    if len(filled) < 2 or sheet.rows[f"c{filled[0]}"].eq(sheet.heads[filled[0]]).sum() == 0:
        return sheet
    again = pl.all_horizontal(pl.col(f"c{at}") == sheet.heads[at] for at in filled)
    return replace(sheet, rows=sheet.rows.filter(~again.fill_null(value=False)))


def _find_lines(sheet: Sheet) -> list[Line]:
    """Return the rows with one cell alone, which is no number."""
    cells = [name for name in sheet.rows.columns if name != ROW]
    gaps = [count for count in sheet.rows.select(pl.col(cells).null_count()).row(0) if count]
    if len(cells) < 2 or len(gaps) < len(cells) - 1:
        return []
    rows = sheet.rows.filter(pl.sum_horizontal(pl.col(cells).is_not_null()) == 1)
    place = pl.coalesce(pl.when(pl.col(name).is_not_null()).then(pl.lit(int(name[1:]))) for name in cells)
    found = rows.select(ROW, place=place, text=pl.coalesce(cells)).rows()
    return [Line(*one) for one in found if not NUMERIC.search(one[2])]


def _read_line(
    line: Line, before: Context, columns: Mapping[str, int], known: Vocabulary, sheet: Sheet
) -> Context | None:
    """Return what holds below a line; None if it changes nothing. columns: of the fields of the table."""
    if PAPERWORK.match(line.text) or measures(sheet.heads[line.place], known):
        return None
    of_cell = {kind for kind, names in OF_KIND.items() if any(columns.get(name) == line.place for name in names)}
    text = NUMBERING.sub("", strip_note_marks(line.text).strip())
    said, rest = _find_said(text, before, known)
    said = {kind: value for kind, value in said.items() if kind not in of_cell}
    bare = FILLING.sub("", NUMBERING.sub("", rest))
    after = Context(dict(before.said), dict(before.by), dict(before.open))
    if NOT_DONE.fullmatch(bare):
        after.open["value"] = line
        return after
    if said.keys() == {"park"} and bare and known.find_indicator_name(normalize_name(rest)):
        return None  # an indicator of a part, whose number is missing
    if re.search("完成|实际|实绩", text) or (said and not bare):
        after.open.pop("value", None)
    for kind, value in said.items():
        same = value is not None and _codes(kind, value, known) == _codes(kind, before.said.get(kind), known)
        if same and kind not in before.open:
            continue
        if bare or value is None:
            after.open[kind] = line
        else:
            after.said[kind], after.by[kind] = value, line
            after.open.pop(kind, None)
    return after if after != before else None


def _find_said(text: str, before: Context, known: Vocabulary) -> tuple[dict[str, str | None], str]:
    """Return what a line says, by kind (None: it leaves it open), and the rest of its words."""
    said: dict[str, str | None] = {}
    rest = text
    if unit := titles.UNIT_IN_TITLE.search(text):
        said["unit"] = titles.find_title_unit([text], known)
        rest = rest.replace(unit[0], " ")
    if place := titles.find_title_place([rest], known):
        said["park"] = place
        rest = rest.replace(place, " ")
    if periods := find_periods(rest):
        year = next((parse_period(one).code[:4] for one in (before.said.get("period"),) if one), "")
        own = titles.find_title_period([rest])
        if own is None and periods != ["?"] and year:
            own = titles.find_title_period([f"{year}年", rest])
        said["period"] = own
        for one in periods:
            rest = rest.replace(one, " ")
    elif span := describe_head(text, known).span if before.said.get("period") and len(text) < 8 else "":
        said["period"] = titles.find_title_period([str(before.said["period"]), "累计"]) if span == "cumulative" else (
            None if span != "month" else _take_month(str(before.said["period"])))  # fmt: skip
    return said, rest


def _take_month(period: str) -> str | None:
    """Return the last month of a period; None of a whole year."""
    code = parse_period(period).code
    return code[-7:] if len(code) > 4 else None


def _codes(kind: str, text: str | None, known: Vocabulary) -> tuple[str, ...]:
    if not text:
        return ()
    if kind == "period":
        return (parse_period(text).code,)
    return known.find_places(text) if kind == "park" else known.find_units(text)


def _add_columns(
    sheet: Sheet, first: Context, contexts: Sequence[tuple[int, Context]], columns: Mapping[str, int],
    known: Vocabulary, free: int,
) -> Sheet:  # fmt: skip
    starts = [row for row, _context in contexts]
    rows = sheet.rows.filter(~pl.col(ROW).is_in(starts))
    ends = [*starts[1:], int(sheet.rows[ROW][-1]) + 1]
    pieces = [(0, starts[0], first), *((row, end, one) for (row, one), end in zip(contexts, ends, strict=True))]
    barred, heads, letters = list[BarredRows](), list(sheet.heads), list(sheet.letters)
    sectioned = list[tuple[str, int]]()
    for start, end, context in pieces:
        for kind, line in context.open.items():
            barred.append(_bar(start, end, line, kind))
    for kind in KINDS:
        if len({_codes(kind, context.said[kind], known) for _start, _end, context in pieces}) == 1:
            continue
        if _is_said_by_heads(kind, sheet, known):
            barred += [_bar(start, end, context.by[kind], kind) for start, end, context in pieces if kind in context.by]
            continue
        if any(name in columns for name in OF_KIND[kind]):
            continue  # each row says it itself
        number = pl.lit(None, pl.String)
        for start, end, context in pieces:
            number = pl.when(pl.col(ROW).is_between(start, end, closed="left")).then(
                pl.lit(context.said[kind], pl.String)
            ).otherwise(number)  # fmt: skip
        rows = rows.with_columns(number.alias(f"c{len(heads)}"))
        heads.append(next(one.head["zh"] for one in get_fields("observation") if one.name == kind))
        letters.append(get_column_letters(free + len(sectioned)))
        sectioned.append((kind, len(heads) - 1))
    zh = f"表中有 {len(starts)} 行说明其下各行的地区、时期或单位，第一处在第 {starts[0]} 行"
    en = f"{len(starts)} lines say of which place, period or unit the rows below are; the first is row {starts[0]}"
    remark = Flaw(sheet.name, starts[0], "", "", zh, en, notice=True)
    return replace(
        sheet, heads=tuple(heads), letters=tuple(letters), rows=rows, barred=(*sheet.barred, *barred),
        remarks=(*sheet.remarks, remark), sectioned=tuple(sectioned),
    )  # fmt: skip


def _is_said_by_heads(kind: str, sheet: Sheet, known: Vocabulary) -> bool:
    """Return whether the heads of the numbers say the period or the unit, which a line below them would contradict."""
    if kind == "park":
        return False
    meanings = [describe_head(head, known) for head in sheet.heads if head]
    said = "period" if kind == "period" else "unit"
    return any(getattr(one, said) for one in meanings if one.role == "value" and not names_field(one.indicator, "unit"))


def _bar(start: int, end: int, line: Line, kind: str) -> BarredRows:
    row, text = line.row, line.text
    if kind == "value":
        zh = f"上面第 {row} 行写着“{text}”，这里的数像是计划、上年或增速，没有读取。请单独成表，或删去那一行"
        en = (
            f"row {row} above says {text}: these may be a plan, last year's numbers or growths; put them in a table of "
            "their own, or delete that row"
        )
    else:
        name, english = KINDS[kind]
        zh = f"上面第 {row} 行写着“{text}”，看不出这里的{name}。请单独成表，或加一列{name}"
        en = (
            f"row {row} above says {text}, so the {english} here is open; make it a table of its own, or add a column "
            f"for the {english}"
        )
    return BarredRows(start, end, line.text, zh, en)
