"""What lines inside a table say, put into columns; rows of which it is left open are barred."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from data.layouts import title_places, titles
from data.layouts.fields import get_fields
from data.layouts.guessing import find_field_columns, names_field
from data.layouts.heads import describe_head
from data.layouts.section_lines import (
    KINDS,
    NUMBERING,
    OF_KIND,
    Context,
    Line,
    find_codes,
    find_kinds_of_periods,
    find_lines,
    is_year,
    read_line,
)
from data.tables.problems import ROW, Flaw
from data.tables.sheet import BarredRows, Sheet, get_column_letters
from data.values.vocabulary import Vocabulary


def apply_sections(sheet: Sheet, known: Vocabulary, free: int) -> Sheet:
    """Return a table in which what its lines say stands in columns of its own, one for each kind.

    Rows below a line that leaves open what it changes are barred: none of them is loaded. Repeated heads are left out.
    free: the number of the first column of the spreadsheet, from 0, in which nothing stands.
    """
    sheet = _remove_repeated_heads(sheet)
    lines = find_lines(sheet, known)
    if not lines:
        return sheet
    names = [name for names in OF_KIND.values() for name in names] + ["indicator"]
    columns = find_field_columns(sheet, "observation", range(len(sheet.heads)), names)
    texts = titles.list_titles(sheet)
    titled = titles.find_title_indicator(texts, known)
    first = {"park": title_places.find_title_place(texts, known), "period": titles.find_title_period(texts),
             "unit": titles.find_title_unit(texts, known), "indicator": titled[0] if titled else None}  # fmt: skip
    dated = find_kinds_of_periods(sheet, columns)
    contexts, now = list[tuple[int, Context]](), Context(dict(first))
    unchanging = set[tuple[int, str]]()  # so that each text is looked at once: a table may have a million empty rows
    for line in lines:
        changed = None if (line.place, line.text) in unchanging else read_line(line, now, columns, known, dated)
        if changed is None:
            unchanging.add((line.place, line.text))
        else:
            now = changed
            contexts.append((line.row, now))
            unchanging.clear()
    told = {line.row for line in lines if not known.find_indicators(NUMBERING.sub("", line.text))}
    rows = sheet.rows.filter(~pl.col(ROW).is_in([*told]))[ROW]
    ends = [*(row for row, _context in contexts), int(sheet.rows[ROW][-1]) + 1]
    pieces = [Piece(0, ends[0], Context(first))]
    pieces += [Piece(row, end, one) for (row, one), end in zip(contexts, ends[1:], strict=True)]
    # A line with nothing below it, as a note at the end, changes nothing.
    pieces = [piece for piece in pieces if rows.is_between(piece.start, piece.end, closed="left").any()]
    if all(piece.context == Context(first) for piece in pieces):
        return sheet
    return _add_columns(sheet, Context(first), pieces, told, columns, known, free)


def _remove_repeated_heads(sheet: Sheet) -> Sheet:
    """Return a table without rows that repeat its heads, as a print has them on each page."""
    filled = [at for at, head in enumerate(sheet.heads) if head]
    if len(filled) < 2 or sheet.rows[f"c{filled[0]}"].eq(sheet.heads[filled[0]]).sum() == 0:
        return sheet
    again = pl.all_horizontal(pl.col(f"c{at}") == sheet.heads[at] for at in filled)
    return replace(sheet, rows=sheet.rows.filter(~again.fill_null(value=False)))


@dataclass(frozen=True)
class Piece:
    """The rows from `start` to before `end`, for which one context holds."""

    start: int
    end: int
    context: Context


def _add_columns(
    sheet: Sheet, first: Context, pieces: Sequence[Piece], lines: set[int], columns: Mapping[str, int],
    known: Vocabulary, free: int,
) -> Sheet:  # fmt: skip
    """Return a table with a column for each kind of which its pieces say more than its titles, without the lines that
    are understood.

    first: what the titles say. lines: rows of the lines.
    """
    added = dict[str, str]()  # field to kind
    barred = [(piece, line, kind) for piece in pieces for kind, line in piece.context.open.items()]
    for kind in KINDS:
        told = find_codes(kind, first.said[kind], known)
        if all(find_codes(kind, piece.context.said[kind], known) == told for piece in pieces):
            continue
        field = _find_field(kind, pieces, columns)
        if field is None or _is_said_by_heads(kind, sheet, known):
            barred += [(piece, piece.context.by[kind], kind) for piece in pieces if kind in piece.context.by]
        elif field:
            added[field] = kind
    kept = {line.row for _piece, line, _kind in barred}
    # Of the other rows without a number those stay that are not below a line which bars them: nothing is lost.
    ranges = {(piece.start, piece.end) for piece, _line, _kind in barred}
    gone = {row for row in lines if row in {piece.start for piece in pieces} or any(a <= row < b for a, b in ranges)}
    rows = sheet.rows.filter(~pl.col(ROW).is_in([*(gone - kept)]))
    rows = rows.with_columns(
        _fill_down(rows[ROW], pieces, kind).alias(f"c{len(sheet.heads) + at}") for at, kind in enumerate(added.values())
    )
    heads = [next(one.head["zh"] for one in get_fields("observation") if one.name == field) for field in added]
    letters = [get_column_letters(free + at) for at in range(len(added))]
    starts = [piece.start for piece in pieces if piece.context.by or piece.context.open]
    zh = f"表中有 {len(starts)} 行说明其下各行的地区、时期或单位，第一处在第 {starts[0]} 行"
    en = f"lines inside the table give the place, period or unit of rows below them: {len(starts)}, the first in row "
    en += f"{starts[0]}"
    bars = [_bar(start, end, line, kind) for piece, line, kind in barred
            for start, end in ((line.row, line.row + 1), (piece.start, piece.end))]  # fmt: skip
    return replace(
        sheet, heads=(*sheet.heads, *heads), letters=(*sheet.letters, *letters), rows=rows,
        barred=(*sheet.barred, *dict.fromkeys(bars)),
        remarks=(*sheet.remarks, Flaw(sheet.name, starts[0], "", "", zh, en, notice=True)),
        sectioned=tuple((field, len(sheet.heads) + at) for at, field in enumerate(added)),
    )  # fmt: skip


def _find_field(kind: str, pieces: Sequence[Piece], columns: Mapping[str, int]) -> str | None:
    """Return the field in which what lines say of a kind is told; "" where each row says it itself, None where a row
    and its line would say two things.
    """
    if not any(name in columns for name in OF_KIND[kind]):
        return kind
    if kind != "period":
        return ""
    years = [piece for piece in pieces if "period" in piece.context.by]
    return "year" if "year" not in columns and all(is_year(piece.context.said["period"]) for piece in years) else None


def _fill_down(rows: pl.Series, pieces: Sequence[Piece], kind: str) -> pl.Series:
    """Return what the pieces say of a kind, row by row. rows: their numbers."""
    starts = pl.Series([piece.start for piece in pieces], dtype=pl.Int64)
    said = pl.Series([piece.context.said[kind] for piece in pieces], dtype=pl.String)
    return said.gather(starts.search_sorted(rows, side="right").cast(pl.Int64) - 1)


def _is_said_by_heads(kind: str, sheet: Sheet, known: Vocabulary) -> bool:
    """Return whether the heads of the numbers say the period or the unit, which a line below them would contradict."""
    if kind == "park":
        return False
    meanings = [describe_head(head, known) for head in sheet.heads if head]
    said = "period" if kind == "period" else "unit"
    return any(getattr(one, said) for one in meanings if one.role == "value" and not names_field(one.indicator, "unit"))


def _bar(start: int, end: int, line: Line, kind: str) -> BarredRows:
    own = (start, end) == (line.row, line.row + 1)
    zh = "其下各行" if own else f"上面第 {line.row} 行写着“{line.text}”，这里"
    en = "in the rows below it" if own else f"below row {line.row}, which says {line.text},"
    if kind == "value":
        zh += "的数像是计划、上年、增速或一部分，没有读取。请单独成表，或删去那一行"
        en += " numbers may be a plan, last year's, growths or those of a part; put them in a table of their own, or "
        en += "delete that row"
    else:
        name, english = (KINDS | {"indicator": ("指标", "indicator")})[kind]
        zh += f"的{name}看不出来。请单独成表，或加一列{name}"
        en += f" the {english} is open; make them a table of their own, or add a column for the {english}"
    return BarredRows(start, end, line.text, zh, en)
