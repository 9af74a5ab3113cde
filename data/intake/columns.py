"""Find which column of a user's table holds what: guess fields from the heads, also in wide tables."""

import re
from dataclasses import dataclass, field, replace

import polars as pl

from data.intake.fields import FIELDS, get_fields
from data.tables.form import ColumnDefinition
from data.tables.problems import ROW
from data.tables.sheet import Sheet
from data.values.periods import find_period, parse_period
from data.values.vocabulary import Vocabulary, normalize_name

UNIT_IN_HEAD = re.compile(r"[(（\[【]\s*([^()（）\[\]【】]*?)\s*[)）\]】]|[，,、]\s*(?:单位[:：]?)?\s*(\S+)$")
_BASIS_PATTERN = (
    r"(按?(可比价格?|不变价格?|可比口径|同口径|调整后基数|现价|名义|实际)(计算)?的?)?"  # see data.values.growth_basis
)
GROWTH_PATTERN = re.compile(
    _BASIS_PATTERN + r"(比上年|较上年|同比|可比)*(增长率?|增速|增幅|同比)(速度)?|growth|yoy|y/y|±|增减"
)
UNIT_IN_TITLE = re.compile(r"(?:计量)?单位\s*[:：]\s*([^\s，,；;）)]+)|unit\s*[:：]\s*([^,;]+)", re.IGNORECASE)


@dataclass(frozen=True)
class SpreadColumn:
    """One column of a wide table: its place, what its cells are (value or growth), and what its head says about them.

    period, indicator, unit: as written in the head; None if a column of the sheet or `fixed` gives it.
    """

    place: int
    field: str = "value"
    period: str | None = None
    indicator: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class ColumnMapping:
    """How a sheet is read. table: of TABLES. columns: field to the place of its column, from 0 as in sheet.heads.

    spread: the columns of a wide table, one for each period or indicator. fixed: field to a text that holds for
    every row (park, period, unit of a whole table). units: field value to the unit in its head.
    """

    table: str
    columns: dict[str, int] = field(default_factory=dict)
    spread: tuple[SpreadColumn, ...] = ()
    fixed: dict[str, str] = field(default_factory=dict)

    def changed(self, **changes: object) -> "ColumnMapping":
        """Return a copy with other parts."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def lacking(self) -> tuple[ColumnDefinition, ...]:
        """Return the required fields that neither a column, a head nor `fixed` gives: nothing can be read without."""
        given = set(self.columns) | set(self.fixed)
        for part in self.spread:
            given |= {"value", *(["period"] if part.period else []), *(["indicator"] if part.indicator else [])}
        if "year" in given and self.table == "observation":
            given.add("period")
        if "period" in given and self.table == "target":
            given.add("year")
        lacks = [one for one in get_fields(self.table) if one.needed and one.name not in given]
        if self.table == "observation" and not given & {"value", "growth"}:
            lacks.append(next(one for one in get_fields("observation") if one.name == "value"))
        return tuple(lacks)


def split_head(head: str) -> tuple[str, str]:
    """Return a head without the unit in its brackets, and that unit: 产值（亿元） is 产值 in 亿元."""
    match = UNIT_IN_HEAD.search(head)
    if not match:
        return head.strip(), ""
    return (head[: match.start()] + head[match.end() :]).strip(), (match[1] or match[2] or "").removeprefix("单位:")


def guess_mapping(sheet: Sheet, known: Vocabulary, table: str | None = None) -> ColumnMapping:
    """Return the likeliest mapping of a sheet from its heads, titles and name. table: if it is known already.

    It may be wrong: show it and let the reader change it; `lacking` names what is still missing.
    """
    table = table or guess_table(sheet, known)
    columns: dict[str, int] = {}
    for strictly in (True, False):
        found = [
            (rank, place, name)
            for place, head in enumerate(sheet.heads)
            for rank, name in [_find_field(head, table, strictly=strictly)]
            if name and not _parse_spread_head(head, place, known)
        ]
        for _rank, place, name in sorted(found):  # 累计 before 本月, whatever stands first
            if name not in columns and place not in columns.values():
                columns[name] = place
    spread = _find_spread_columns(sheet, known, columns) if table == "observation" else ()
    if spread:
        columns = {name: place for name, place in columns.items() if place not in {part.place for part in spread}}
    mapping = ColumnMapping(table, columns, spread)
    return (
        mapping.changed(fixed=_find_fixed_values(sheet, known, mapping))
        if table in ("observation", "target")
        else mapping
    )


def guess_table(sheet: Sheet, known: Vocabulary) -> str:
    """Return the table that a sheet most likely holds."""
    named = normalize_name(sheet.name)
    for table, words in FIELDS.items():
        if named in {normalize_name(word) for word in words.name.values()} | {table}:
            return table
    heads = {normalize_name(head) for head in sheet.heads}
    for table, telling in {
        "indicator": ("方面", "theme", "统计方式", "measure", "口径", "definition_zh"),
        "park": ("类别", "kind", "全称", "full_name_zh", "英文名称", "name_en"),
    }.items():
        if heads & set(telling) and heads & {"代码", "code", f"{table}_id"}:
            return table
    aims = {
        normalize_name(word)
        for one in get_fields("target")
        if one.name in ("value", "comparator", "strength")
        for word in (*one.head.values(), *one.aliases)
    } - {"数值", "value", "value_text"}
    return "target" if heads & aims and not any(GROWTH_PATTERN.search(head) for head in heads) else "observation"


def _find_field(head: str, table: str, *, strictly: bool) -> tuple[int, str]:
    """Return the field that a head names, after its rank (0 is surest); "" if it names none."""
    base, _unit = split_head(head)
    words = {normalize_name(base), normalize_name(head)}
    best = (1_000, "")
    for one in get_fields(table):
        for rank, word in enumerate((one.name, *one.head.values(), *one.aliases)):
            if normalize_name(word) in words:
                best = min(best, (rank, one.name))
            elif not strictly and len(word) > 1 and not word.isascii() and normalize_name(word) in normalize_name(base):
                best = min(best, (100 - len(word), one.name))
    return best


def _parse_spread_head(head: str, place: int, known: Vocabulary) -> SpreadColumn | None:
    """Return what the head of a wide table's column says: a period, an indicator, or the growth of one; else None."""
    base, unit = split_head(head)
    grown = GROWTH_PATTERN.search(base)
    bare = GROWTH_PATTERN.sub("", base).strip(" 的:：-—_") if grown else base
    if not bare:
        return None
    kind = "growth" if grown else "value"
    if parse_period(bare).code:
        return SpreadColumn(place, kind, period=bare, unit=unit or None)
    within = find_period(bare)
    rest = bare.replace(within, "").strip(" 的:：-—_") if within else bare
    if within and _find_field(rest, "observation", strictly=True)[1] == "value":
        return SpreadColumn(place, kind, period=within, unit=unit or None)
    if known.find_indicators(rest):
        return SpreadColumn(place, kind, period=within or None, indicator=rest, unit=unit or None)
    return None


def _find_spread_columns(sheet: Sheet, known: Vocabulary, columns: dict[str, int]) -> tuple[SpreadColumn, ...]:
    """Return the columns of a wide table; a bare 增速 belongs to the column before it."""
    found: list[SpreadColumn] = []
    for place, head in enumerate(sheet.heads):
        part = _parse_spread_head(head, place, known)
        if part and not (part.indicator and "indicator" in columns) and not (part.period and "period" in columns):
            found.append(part)
        elif found and found[-1].place == place - 1 and found[-1].field == "value" and _is_bare_growth(head):
            found.append(replace(found[-1], place=place, field="growth", unit=None))
    if not any(part.field == "value" for part in found) and "value" in columns:
        return ()
    return tuple(found)


def _is_bare_growth(head: str) -> bool:
    base, _unit = split_head(head)
    return bool(GROWTH_PATTERN.search(base)) and not GROWTH_PATTERN.sub("", base).strip(" 的:：-—_%")


def _find_fixed_values(sheet: Sheet, known: Vocabulary, mapping: ColumnMapping) -> dict[str, str]:
    """Return what the titles above the heads and the sheet's name say about every row."""
    texts = [*sheet.above, sheet.name]
    fixed: dict[str, str] = {}
    given = set(mapping.columns)
    periods = any(part.period for part in mapping.spread) or given & {"period", "year"}
    for text in texts:
        unit = UNIT_IN_TITLE.search(text)
        if unit and "unit" not in given and known.find_units(unit[1] or unit[2]):
            fixed.setdefault("unit", unit[1] or unit[2])
        if find_period(text) and not periods:
            fixed.setdefault("period" if mapping.table == "observation" else "year", find_period(text))
        if find_period(text) and "month" in given and "year" not in given:
            fixed.setdefault("year", find_period(text))
    if "park" not in given:
        names = sorted(known.parks["name_zh"].to_list() + known.parks["full_name_zh"].to_list(), key=len, reverse=True)
        place = next((name for text in texts for name in names if name and name in text), None)
        if place:
            fixed["park"] = place
    if "unit" not in given and "value" in mapping.columns:
        unit_in_head = split_head(sheet.heads[mapping.columns["value"]])[1]
        if unit_in_head and known.find_units(unit_in_head):
            fixed["unit"] = unit_in_head
    return fixed


def select_fields(sheet: Sheet, mapping: ColumnMapping) -> pl.DataFrame:
    """Return the fields of each row as text, one column per field: from its column, from `fixed`, else null."""
    parts = []
    for one in get_fields(mapping.table):
        if one.name in mapping.columns:
            part = pl.col(f"c{mapping.columns[one.name]}")
            if one.name in mapping.fixed:  # a column that is filled here and there, and a value for the rest
                part = pl.coalesce(part, pl.lit(mapping.fixed[one.name]))
        else:
            part = pl.lit(mapping.fixed.get(one.name), dtype=pl.String)
        parts.append(part.alias(one.name))
    return sheet.rows.select(ROW, *parts)


def get_field_head(sheet: Sheet, mapping: ColumnMapping, name: str, lang: str = "zh") -> str:
    """Return the head of the column that holds a field; the field's own name if no column does."""
    if name in mapping.columns:
        return sheet.head(mapping.columns[name])
    return next((one.head[lang] for one in get_fields(mapping.table) if one.name == name), name)
