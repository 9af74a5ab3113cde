"""Guess from its heads, its titles and its name what a sheet holds and which column holds what."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from data.layouts import title_places, titles
from data.layouts.columns import ColumnMapping, SpreadColumn
from data.layouts.combining import combine_with_titles
from data.layouts.fields import FIELDS, get_fields
from data.layouts.growths import assign_growths
from data.layouts.heads import YEAR_ON_YEAR, HeadMeaning, describe_head, is_yearless, split_head
from data.tables.sheet import Sheet
from data.values.marks import strip_note_marks
from data.values.periods import is_bare_year, is_part_of_year, parse_period
from data.values.vocabulary import Vocabulary, normalize_name

LOOKED_AT = 200  # rows from which is told what a column holds
MEASURED = ("value", "growth")  # fields whose columns are found by what their heads mean
NUMBER_LIKE = re.compile(r"^\D{0,3}\d")  # 约9000, （90.1）, 9000亿元
LAST_YEAR = re.compile("(上年|去年|上一年)(?![末底])|同期|last year", re.IGNORECASE)
GIVE_PERIODS = {"period", "year", "month"}
AROUND_NAMES = ("", "统计", "计量", "计算", "数据", "数值", "金额", "所属", "报告", "报表", "指标", "名称")


def guess_mapping(sheet: Sheet, known: Vocabulary, table: str | None = None) -> ColumnMapping:
    """Return the likeliest mapping of a sheet from its heads, titles and name. table: if it is known already.

    A column is taken only where its head leaves one meaning. It may be wrong all the same: show it and let the reader
    change it; `lacking` names what is still missing.
    """
    meanings = [_describe_column(head, known) for head in sheet.heads]
    table = table or guess_table(sheet, meanings)
    if table != "observation":
        seen = [place for place in range(len(sheet.heads)) if place not in sheet.hidden_places]
        columns = find_field_columns(sheet, table, seen, [one.name for one in get_fields(table)])
        mapping = ColumnMapping(table, columns, untaken=_name_unknown(sheet, columns.values(), meanings))
        return mapping.changed(fixed=_find_fixed_texts(sheet, known, mapping)) if table == "target" else mapping
    return _guess_figures(sheet, meanings, known)


def _describe_column(head: str, known: Vocabulary) -> HeadMeaning:
    """Return what a head says, also where it is one of the names that values and growths have in files of programs."""
    found = describe_head(head, known)
    if found.role or found.period:
        return found
    return replace(found, role=_find_field(head, "observation", MEASURED, strictly=True)[1])


def guess_table(sheet: Sheet, meanings: Sequence[HeadMeaning]) -> str:
    """Return the table that a sheet most likely holds."""
    for table, words in FIELDS.items():
        if titles.matches_name(sheet.name, [*words.name.values(), table]) and _has_needed_heads(sheet, table):
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
    planned = heads & aims or {one.role for one in meanings} == {"plan", ""}
    return "target" if planned and not any(one.role in MEASURED for one in meanings) else "observation"


def _has_needed_heads(sheet: Sheet, table: str) -> bool:
    needed = [one.name for one in get_fields(table) if one.needed]
    return set(needed) <= set(find_field_columns(sheet, table, range(len(sheet.heads)), needed))


def find_field_columns(sheet: Sheet, table: str, places: Sequence[int], names: Sequence[str]) -> dict[str, int]:
    """Return the columns that hold some fields of a table, by their heads: those that are a name of the field first."""
    columns: dict[str, int] = {}
    for strictly in (True, False):
        found = [(*_find_field(sheet.heads[place], table, names, strictly=strictly), place) for place in places]
        for _rank, name, place in sorted(one for one in found if one[1]):
            if name not in columns and place not in columns.values():
                columns[name] = place
    return columns


def names_field(head: str, field: str) -> bool:
    """Return whether a head is a name of a field of figures."""
    return bool(_find_field(head, "observation", [field], strictly=True)[1])


@cache
def list_field_names(field: str) -> tuple[str, ...]:
    """Return the heads by which a field of figures goes."""
    [one] = [one for one in get_fields("observation") if one.name == field]
    return (one.name, *one.head.values(), *one.aliases)


def measures(head: str, known: Vocabulary) -> bool:
    """Return whether a head is one of values or growths."""
    return _describe_column(head, known).role in MEASURED


def _find_field(head: str, table: str, names: Sequence[str], *, strictly: bool) -> tuple[int, str]:
    """Return the field that a head names, after its rank (0 is surest); "" if it names none."""
    head = strip_note_marks(head)
    base, _unit = split_head(head)
    words = {normalize_name(base), normalize_name(head)}
    best = (1_000, "")
    for one in get_fields(table):
        if one.name not in names:
            continue
        for rank, word in enumerate((one.name, *one.head.values(), *one.aliases)):
            if normalize_name(word) in words:
                best = min(best, (rank, one.name))
            elif not strictly and _contains_name(normalize_name(base), normalize_name(word), one.name):
                best = min(best, (100 - len(word), one.name))
    return best


def _contains_name(head: str, word: str, field: str) -> bool:
    """Return whether a head means a field whose name it contains: 计量单位 is a unit, 责任单位 and 填报日期 are not."""
    if len(word) < 2 or word.isascii() or word not in head:
        return False
    around = "".join(re.findall("[\u4e00-\u9fff]", head.replace(word, "", 1)))
    if field == "park":
        return len(around) <= 2 * len(word)  # 人均地区生产总值 is no place
    return field not in ("unit", *GIVE_PERIODS) or around in AROUND_NAMES


def _name_unknown(sheet: Sheet, taken: Iterable[int], meanings: Sequence[HeadMeaning]) -> dict[int, str]:
    held = set(taken)
    return {
        place: one.role if one.role not in ("", *MEASURED) else "unknown"
        for place, one in enumerate(meanings)
        if place not in held and sheet.heads[place]
    }


def _guess_figures(sheet: Sheet, meanings: Sequence[HeadMeaning], known: Vocabulary) -> ColumnMapping:
    others = [one.name for one in get_fields("observation") if one.name not in MEASURED]
    exact = [place for place in range(len(meanings)) if _find_field(sheet.heads[place], "observation", others,
                                                                   strictly=True)[1]]  # fmt: skip
    silent = [place for place, one in enumerate(meanings) if not one.role]
    columns = find_field_columns(sheet, "observation", sorted({*exact, *silent}), others)
    if "month" in columns and not {"year", "period"} & set(columns) and _has_whole_periods(sheet, columns["month"]):
        columns["period"] = columns.pop("month")
    more = [place for place in exact if place not in columns.values() and names_field(sheet.heads[place], "period")]
    if more and "period" in columns and "year" not in columns:  # 年份 and 报告期
        if _has_bare_years(sheet, {"period": columns["period"]}):
            columns |= {"year": columns["period"], "period": more[0]}
        elif _has_bare_years(sheet, {"period": more[0]}):
            columns["year"] = more[0]
    columns |= _find_headless_field(sheet, columns, known)
    untaken = _name_unknown(sheet, columns.values(), meanings)
    measured = {place: one for place, one in enumerate(meanings) if one.role in MEASURED and place in untaken}
    titled = titles.find_title_indicator((*sheet.above, sheet.name), known)
    for place, one in list(measured.items()):
        reason = _find_conflict(one, columns, titled=titled is not None)
        if reason:
            untaken[place] = reason
            del measured[place]
    if sum(names_field(sheet.heads[place], "unit") for place in exact) > 1:
        for place in [place for place, one in measured.items() if one.role == "value" and not one.unit]:
            untaken[place] = "unclear unit"
            del measured[place]
    texts = titles.find_texts(sheet)
    dated = bool(GIVE_PERIODS & set(columns))
    told = combine_with_titles(measured, sheet.heads, texts, dated=dated, yearly=_has_bare_years(sheet, columns))
    measured = told.measured
    untaken |= told.untaken
    others_between = _find_others(sheet, [*columns.values(), *measured], untaken)
    owners = assign_growths(
        measured, titles.find_title_period(texts), titles.find_title_year(texts), others_between,
        [place for place in measured if re.search(YEAR_ON_YEAR, normalize_name(sheet.heads[place]))], sheet.heads,
    )  # fmt: skip
    for place, one in measured.items():
        untaken.pop(place, None)
        if one.role == "growth" and place not in owners:
            untaken[place] = "ownerless growth"
    untaken |= dict.fromkeys(sheet.hidden_places & set(measured), "hidden")
    untaken |= {
        place: "ownerless growth"
        for place in measured
        if place not in untaken and owners.get(place) in sheet.hidden_places
    }
    parts = [_make_part(place, measured, owners, known) for place in measured if place not in untaken]
    mapping = ColumnMapping("observation", columns, tuple(parts), untaken=untaken)
    if all((part.period, part.indicator, part.span) == (None, None, "") for part in parts) and (
        [part.field for part in parts] in (["value"], ["growth"], ["value", "growth"], ["growth", "value"])
    ):
        mapping = mapping.changed(columns=columns | {part.field: part.place for part in parts}, spread=())
    fixed = _find_fixed_texts(sheet, known, mapping)
    return mapping.changed(fixed=fixed | ({"month": told.month} if told.month else {}))


def _has_whole_periods(sheet: Sheet, place: int) -> bool:
    """Return whether a column called 月份 gives the year as well."""
    cells = sheet.rows[f"c{place}"].head(LOOKED_AT).drop_nulls()
    return any(parse_period(cell).code for cell in cells)


def _find_headless_field(sheet: Sheet, columns: Mapping[str, int], known: Vocabulary) -> dict[str, int]:
    """Return the field of a first column without a head whose cells are all periods, places or indicators."""
    if sheet.heads[0] or len(sheet.heads) < 2:
        return {}
    cells = sheet.rows["c0"].head(LOOKED_AT).drop_nulls().to_list()
    fits = {"period": lambda cell: bool(parse_period(cell).code) and len(cell) > 3, "park": known.find_places,
            "indicator": known.find_indicators}  # fmt: skip
    dated = bool(GIVE_PERIODS & set(columns))
    for name, fit in fits.items():
        if name not in columns and not (name == "period" and dated) and cells and all(map(fit, cells)):
            return {name: 0}
    return {}


def _has_months_alone(sheet: Sheet, mapping: ColumnMapping) -> bool:
    """Return whether the column of the period gives months without their year."""
    if "period" not in mapping.columns:
        return False
    cells = sheet.rows[f"c{mapping.columns['period']}"].head(LOOKED_AT).drop_nulls()
    return any(map(is_part_of_year, cells))


def _has_bare_years(sheet: Sheet, columns: Mapping[str, int]) -> bool:
    """Return whether a column gives the rows a year and no part of it."""
    if "month" in columns:
        return False
    dated = [columns[name] for name in ("year", "period") if name in columns]
    cells = [cell for place in dated for cell in sheet.rows[f"c{place}"].head(LOOKED_AT).drop_nulls()]
    return any(map(is_bare_year, cells))


def _find_others(sheet: Sheet, held: Iterable[int], untaken: Mapping[int, str]) -> dict[int, str]:
    """Return the columns of numbers that are neither read nor hold a field, with the reason; "unknown" without one."""
    known = set(held)
    found = {}
    for place in range(len(sheet.heads)):
        cells = sheet.rows[f"c{place}"].head(LOOKED_AT).drop_nulls() if place not in known else ()
        if any(NUMBER_LIKE.search(cell) for cell in cells):
            last_year = untaken.get(place) == "earlier" and LAST_YEAR.search(sheet.heads[place])
            found[place] = "last year" if last_year else untaken.get(place, "unknown")
    return found


def _find_conflict(one: HeadMeaning, columns: Mapping[str, int], *, titled: bool) -> str:
    """Return why a column is not taken beside the others; "" if it is."""
    if one.indicator and ("indicator" in columns or titled):
        return "other indicator"
    if one.period and set(columns) & GIVE_PERIODS and not (is_yearless(one.period) and "month" not in columns):
        return "other period"
    return ""


def _make_part(
    place: int, measured: Mapping[int, HeadMeaning], owners: Mapping[int, int], known: Vocabulary
) -> SpreadColumn:
    """Return a column of values or growths; a growth says what the value says to which it belongs."""
    of = measured[owners.get(place, place)]
    unit = of.unit if of.role == "value" and known.find_units(of.unit) else None
    field = measured[place].role
    owner = owners.get(place, place)
    return SpreadColumn(
        place, field, of.period or None, of.indicator or None, unit if field == "value" else None, of.span,
        None if owner == place else owner,
    )  # fmt: skip


def _find_fixed_texts(sheet: Sheet, known: Vocabulary, mapping: ColumnMapping) -> dict[str, str]:
    """Return what the titles above the heads and the sheet's name say about every row."""
    texts = titles.find_texts(sheet)
    given, found = set(mapping.columns), dict[str, str | None]()
    dated = "period" if mapping.table == "observation" else "year"
    undated = not mapping.spread or any(part.period is None for part in mapping.spread)
    if not given & GIVE_PERIODS and undated:
        found[dated] = titles.find_title_period(texts)
    yearless = (
        "month" in given
        or _has_months_alone(sheet, mapping)
        or any(is_yearless(part.period or "") for part in mapping.spread)
    )
    if yearless and "year" not in given:
        found["year"] = titles.find_title_year(texts)
    if "park" not in given:
        found["park"] = title_places.find_title_place(texts, known)
    if (
        "indicator" not in given
        and mapping.table == "observation"
        and (titled := titles.find_title_indicator(texts, known))
    ):
        found["indicator"] = titled[0]
        found["unit"] = titled[1] if known.find_units(titled[1]) else None
    if "unit" not in given:
        found["unit"] = found.get("unit") or titles.find_title_unit(texts, known)
        if "value" in mapping.columns:
            unit = describe_head(sheet.heads[mapping.columns["value"]], known).unit
            found["unit"] = (unit if known.find_units(unit) else None) or found["unit"]
    return {name: text for name, text in found.items() if text}
