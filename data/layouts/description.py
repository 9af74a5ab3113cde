"""Say in both languages how a sheet is read: column by column what it means, or why it is not read."""

from dataclasses import dataclass

from data.languages import LANGUAGES
from data.layouts.columns import ColumnMapping, SpreadColumn
from data.layouts.fields import get_fields
from data.layouts.heads import NOT_TAKEN
from data.tables.sheet import Sheet

OTHER_REASONS = {
    "unknown": ("看不出是什么", "it does not say what it is"),
    "ownerless growth": ("看不出是哪一列的增速", "it does not say of which column it is the growth"),
    "other indicator": ("指标另有一栏", "the indicator has a column of its own"),
    "other period": ("时期另有一栏", "the period has a column of its own"),
    "unclear period": ("看不出是哪一段时期", "it does not say for which months"),
    "unclear unit": ("看不出是哪一列单位", "it does not say which column has its unit"),
    "titled": (
        "标题说的是计划、预计、上年、增速、指数、平均或人均",
        "the title speaks of a plan, a forecast, last year, growth, an index, means or amounts per head",
    ),
    "hidden": ("这一列是隐藏的", "the column is hidden"),
    "chosen": ("您没有选", "you did not choose it"),
}
SPAN_NAMES = {
    "cumulative": ("累计", "cumulated"), "month": ("当月", "the month alone"), "quarter": ("当季", "the quarter alone"),
    "end": ("期末", "at the end"), "year": ("本年", "the year"), "year end": ("年末", "at the end of the year"),
}  # fmt: skip


@dataclass(frozen=True)
class ColumnDescription:
    """How one column is read. letters: as the spreadsheet names it, "" for what holds for the whole table.

    head: the words that decided it. taken: whether it is read. zh, en: its meaning, or why it is not read.
    """

    letters: str
    head: str
    taken: bool
    zh: str
    en: str

    def meaning(self, lang: str) -> str:
        """Return the meaning in a language."""
        return self.zh if lang == "zh" else self.en


def describe_columns(sheet: Sheet, mapping: ColumnMapping) -> list[ColumnDescription]:
    """Return how each column with a head is read, in the order of the sheet; then what holds for every row."""
    fields = {one.name: one.head for one in get_fields(mapping.table)}
    meanings = {place: (fields[name]["zh"], fields[name]["en"]) for name, place in mapping.columns.items()}
    if "month" in mapping.columns and "季" in sheet.heads[mapping.columns["month"]]:
        meanings[mapping.columns["month"]] = ("季度", "Quarter")
    for part in mapping.spread:
        meanings[part.place] = (_describe_part(part, sheet, fields, "zh"), _describe_part(part, sheet, fields, "en"))
    found = []
    for place, head in enumerate(sheet.heads):
        if place in meanings:
            found.append(ColumnDescription(sheet.letters[place], head, True, *meanings[place]))
        elif head:
            reason = (NOT_TAKEN | OTHER_REASONS)[mapping.untaken.get(place, "chosen")]
            found.append(ColumnDescription(sheet.letters[place], head, False, *reason))
        elif sheet.rows[f"c{place}"].null_count() < sheet.rows.height:
            found.append(ColumnDescription(sheet.letters[place], "", False, "没有表头", "it has no head"))
    for name, text in mapping.fixed.items():
        found.append(ColumnDescription("", text, True, fields[name]["zh"], fields[name]["en"]))
    return found


def _describe_part(part: SpreadColumn, sheet: Sheet, fields: dict[str, dict[str, str]], lang: str) -> str:
    span = SPAN_NAMES[part.span][list(LANGUAGES).index(lang)] if part.span else ""
    of = ""
    if part.field == "growth" and part.of is not None:
        letters = sheet.letters[part.of]
        of = f"属于 {letters} 列" if lang == "zh" else f"of column {letters}"
    said = [fields[part.field][lang], *([of] if of else [part.indicator, part.period, span, part.unit])]
    return ("，" if lang == "zh" else ", ").join(text for text in said if text)
