"""Rows whose own words say that their number is none of the indicator in its period, and rows longer than the heads."""

import re

import polars as pl

from data.layouts import title_places, titles
from data.layouts.columns import ColumnMapping
from data.layouts.heads import NOT_TAKEN, NOT_THE_VALUE, OF_SPAN, describe_head
from data.tables.problems import ROW, Defects
from data.tables.sheet import NUMERIC, Sheet
from data.values.marks import strip_note_marks
from data.values.parts import BREAKDOWN, NO_PARTS, PARTIAL, find_part_in_title
from data.values.periods import parse_period
from data.values.statements import Statement
from data.values.vocabulary import Vocabulary

SHORT = 8  # letters of a text that says of which kind a row is
DATED = re.compile("日期|时间|更新|发布|date|time", re.IGNORECASE)  # heads of columns that say when a row was written
PERIOD_HEAD = re.compile("(所属|统计|报告|数据)?(月|季|旬|周|半年|日)(度|份|次|期|别)?")
SCOPE_HEAD = re.compile("范围|口径|区域|地域")
UNIT_WORDS = re.compile("^(计量|货币)?单位([为是]|(?=[百千万亿]*美?元$))")  # 单位自报 names none
WHOLE_PLACE = re.compile("全([市省县国])(合计)?")
QUARTER = r"-01/\d{4}-03|-04/\d{4}-06|-07/\d{4}-09|-10/\d{4}-12"
MOST_TEXTS = 500  # different ones, in a column that sorts rows into kinds
DIVIDED = r"\x1f[-+]?\d{1,3}(?:\x1f\d{3})+(?:\.\d+)?%?\x1f"  # a number in two cells of a row that is joined
WHOLE = re.compile(r"合计|总计|全部|总量|全[区市县省]|全行业|total", re.IGNORECASE)
NOT_VALUE = ("这一行写着“{0}”，不是该时期的完成数，没有读取", "the row says {0}, which is no value of its period")
OTHER_SPAN = (
    "这一行写着“{0}”，与它的时期不一致。请改正时期，或删去这个词",
    "the row says {0}, which does not fit its period; correct the period, or remove the word",
)
OTHER_PLACE = (
    "这一行写着“{0}”，与它的地区不一致。请把这一列作为地区，或删去这个词",
    "the row says {0}, which is not its place; make the column one of places, or remove the word",
)
OTHER_UNIT = (
    "这一行写着“{0}”，与它的单位不一致。请把这一列作为单位，或删去这个词",
    "the row says {0}, which is not its unit; make the column one of units, or remove the word",
)
PART = (
    "这一行只是“{0}”的数，不是整个指标的数。请删去这一行，或另设指标",
    "the number is that of {0} alone and not of the whole indicator; remove the row, or add an indicator for it",
)
PART_IN_TITLE = (
    "标题“{0}”里的“{1}”像是只讲一部分，这个指标讲的是整个地区。请改标题，或另设指标",
    "{1} in the title {0} seems to limit the table to a part, while the indicator is that of the whole place; change "
    "the title, or add an indicator",
)
NOTED = (
    "注里说“{0}”，与这一行的理解不一致。请照注改写这一行，或删去注",
    "a note says {0}, which does not fit how the row is understood; write the row as the note says, or remove the note",
)
LONGER = (
    "这一行的格子比表头多，像是数里的千分位逗号把它拆开了。请给数加引号，或去掉逗号",
    "the row has more cells than there are heads, as if a comma within a number had split it; quote the number, or "
    "remove the comma",
)


def refuse_other_rows(
    rows: pl.DataFrame, sheet: Sheet, mapping: ColumnMapping, known: Vocabulary, defects: Defects
) -> pl.DataFrame:
    """Return the rows without those that say they are a plan, another span, place or unit, or a part, and without
    those that are too long; each of them gets a defect.

    rows: with their park_id, period_code and unit_id. Looked at are the columns that are not read, and the notes.
    """
    held = {*mapping.columns.values(), *(part.place for part in mapping.spread)} - {mapping.columns.get("note", -1)}
    last = max((at for at, head in enumerate(sheet.heads) if head), default=-1)
    found = Defects()
    for place in range(len(sheet.heads)):
        cells = sheet.rows[f"c{place}"]
        chosen = sheet.heads[place] and place not in mapping.untaken and place != mapping.columns.get("note")
        if place in held or chosen or cells.null_count() == cells.len() or DATED.search(sheet.heads[place]):
            continue  # what its reader left out says nothing
        if place > last and not sheet.heads[place]:
            _refuse_long_rows(sheet, place, found)
        if PERIOD_HEAD.fullmatch(sheet.heads[place]) and "month" not in mapping.columns:
            _refuse_parts_of_years(rows, sheet, place, found)
        texts = cells.drop_nulls().unique()
        if texts.len() <= MOST_TEXTS:
            noted = place == mapping.columns.get("note")
            for text in texts:
                _refuse_kind(rows, sheet, place, text, known, found, noted=noted)
    _refuse_parts_of_titles(rows, sheet, known, found)
    for statement in titles.find_statements_of(sheet, known):
        _refuse_by_statement(rows, statement, known, found)
    defects.take(found)
    return rows.filter(~pl.col(ROW).is_in(found.rows().implode()))


def _refuse_parts_of_titles(rows: pl.DataFrame, sheet: Sheet, known: Vocabulary, defects: Defects) -> None:
    """Refuse rows below a title that limits its table to a part, but for those whose indicator is that part."""
    names = (*known.place_names, *known.short_place_names)
    for title in (*sheet.above, sheet.name):
        if titles.PAPERWORK.match(title) or titles.NOTE.match(title):
            continue
        if part := find_part_in_title(title, names, known):
            others = rows.filter(~pl.col("indicator").fill_null("").str.contains(part, literal=True))
            words = (words.format(title, part) for words in PART_IN_TITLE)
            defects.add(others.unique(ROW, maintain_order=True), "", title, *words)


def _refuse_by_statement(rows: pl.DataFrame, said: Statement, known: Vocabulary, defects: Defects) -> None:
    """Refuse the figures of which a note says another unit, period, place or kind than was understood."""
    name, period, true = pl.col("indicator").fill_null(""), pl.col("period_code"), pl.lit(value=True)
    if said.mark:
        texts = [
            pl.col(one).fill_null("").str.contains(said.mark, literal=True) for one in ("indicator", "value", "growth")
        ]
        meant = pl.any_horizontal(texts)
    elif said.about:
        inside = rows["indicator"].unique().drop_nulls()
        words = [text for text in inside if strip_note_marks(text) in said.about or said.about in text]
        meant = name.is_in(words) | pl.col("indicator_id").is_in(said.codes)
    else:
        meant = true
    if said.year:
        meant = meant & (period.str.head(4) == said.year)
    code = parse_period(said.said, "2000").code if said.kind == "period" else ""
    wrong = {
        "unit": ~pl.col("unit_id").is_in(known.find_units(said.said)),
        "period": ~_says_period(code, whole=bool(parse_period(said.said).code)) if code else true,
        "part": ~name.str.contains(said.said[:2], literal=True),
        "place": ~pl.col("park_id").is_in(known.find_places(said.said)),
        "growth": pl.col("growth_number").is_not_null(),
    }.get(said.kind, true)
    found = rows.filter(meant & wrong.fill_null(value=False)).unique(ROW, maintain_order=True)
    defects.add(found, "", said.text, *(words.format(said.text) for words in NOTED))


def _refuse_long_rows(sheet: Sheet, place: int, defects: Defects) -> None:
    """Refuse rows with a number behind the last head; in a column that every row fills, those with a divided number."""
    cell = pl.col(f"c{place}")
    long = sheet.rows.filter(cell.str.contains(NUMERIC.pattern))
    if not sheet.rows[f"c{place}"].null_count():
        whole = pl.concat_str(pl.lit(""), pl.exclude(ROW).fill_null(""), pl.lit(""), separator="\x1f")
        long = long.filter(whole.str.contains(DIVIDED))
    defects.add(long, sheet.letters[place], cell, *LONGER)


def _refuse_parts_of_years(rows: pl.DataFrame, sheet: Sheet, place: int, defects: Defects) -> None:
    """Refuse rows of whole years with a cell in a column of weeks or other parts of a year."""
    said = rows.filter(pl.col("period_code").str.len_bytes() == 4).join(
        sheet.rows.select(ROW, said=pl.col(f"c{place}")).drop_nulls(), on=ROW, how="inner", maintain_order="left"
    )
    head = sheet.head(place)
    reason = (words.format(sheet.heads[place]) for words in OTHER_SPAN)
    defects.add(said.unique(ROW, maintain_order=True), head, pl.col("said"), *reason)


def _refuse_kind(
    rows: pl.DataFrame, sheet: Sheet, place: int, text: str, known: Vocabulary, defects: Defects, *, noted: bool
) -> None:
    told = _judge_text(text, sheet.heads[place], known, noted=noted)
    if told is None:
        return
    reason, fitting = told
    # A kind that is written once holds for the empty cells below it as well.
    found = sheet.rows.select(ROW, said=pl.col(f"c{place}") if noted else pl.col(f"c{place}").forward_fill())
    said = rows.join(found.filter(pl.col("said") == text), on=ROW, how="inner", maintain_order="left")
    wrong = said.filter(~fitting.fill_null(value=True)).unique(ROW, maintain_order=True)
    defects.add(wrong, sheet.head(place), text, *(words.format(text) for words in reason))


def _judge_text(text: str, head: str, known: Vocabulary, *, noted: bool) -> tuple[tuple[str, str], pl.Expr] | None:
    """Return why a row that says a text is refused, and for which rows it is not; None for a text that says nothing."""
    bare, never = re.sub(r"[\s:：()（）。]", "", text), pl.lit(value=False)
    bare = re.sub("(数据|口径|数)$", "", re.sub("^[为是系]", "", bare)) or bare
    if told := _judge_kind(bare, known):
        return told
    if NUMERIC.search(text):
        return None
    if part := parse_period(bare, "2000").code:
        return OTHER_SPAN, _says_period(part, whole=bool(parse_period(bare).code))
    if noted:
        limited = len(bare) <= SHORT and PARTIAL.match(bare) and not NO_PARTS.match(bare)
        return (PART, never) if limited else None
    return _judge_words(text, bare, head, known)


def _judge_kind(bare: str, known: Vocabulary) -> tuple[tuple[str, str], pl.Expr] | None:
    never, period = pl.lit(value=False), pl.col("period_code")
    if NOT_THE_VALUE.fullmatch(bare):
        return NOT_VALUE, never
    if bare in ("季度", "分季度"):
        return OTHER_SPAN, period.str.contains(QUARTER)
    if span := next((span for span, words in OF_SPAN.items() if words.fullmatch(bare)), ""):
        long = period.str.contains(r"^\d{4}$|-01/")
        return OTHER_SPAN, long if span == "cumulative" else period.str.len_bytes() == 7
    if whole := WHOLE_PLACE.fullmatch(bare):
        return OTHER_PLACE, pl.col("park_zh").str.ends_with(whole[1])
    unit = UNIT_WORDS.sub("", bare)
    units = known.find_units(unit)
    return (OTHER_UNIT, pl.col("unit_id").is_in(units)) if units or unit != bare else None


def _judge_words(text: str, bare: str, head: str, known: Vocabulary) -> tuple[tuple[str, str], pl.Expr] | None:
    never, short = pl.lit(value=False), len(bare) <= SHORT
    if places := known.find_places(text):
        return OTHER_PLACE, pl.col("park_id").is_in(places)
    if SCOPE_HEAD.search(head) and title_places.UNKNOWN_DISTRICT.fullmatch(bare):
        return OTHER_PLACE, never
    if short and describe_head(text, known).role in NOT_TAKEN:
        return NOT_VALUE, never
    if (BREAKDOWN.search(head) and not WHOLE.search(text)) or (short and PARTIAL.search(bare)):
        return PART, never
    return None


def _says_period(code: str, *, whole: bool) -> pl.Expr:
    """Return whether a row's period is this one, or a year that it lies in. whole: its year is known."""
    period = pl.col("period_code")
    if not whole:
        return period.str.replace_all(r"\d{4}-?", "") == re.sub(r"\d{4}-?", "", code)
    return (period == code) | (period.str.head(4) == code if len(code) == 4 else pl.lit(value=False))
