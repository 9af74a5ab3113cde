"""Read rows that add places and indicators to the catalogue."""

import re
from collections.abc import Callable

import polars as pl

from data.layouts.columns import ColumnMapping, get_field_head, select_fields
from data.tables.problems import ROW, Defects, Flaw
from data.tables.sheet import Sheet
from data.themes import THEMES
from data.values.growth_basis import parse_growth_basis
from data.values.vocabulary import Vocabulary

CODE_PATTERN = re.compile(r"[a-z][a-z0-9_]{1,39}")
PLACE_KIND_WORDS = {
    "zone": "zone", "高新区": "zone", "国家高新区": "zone", "高新技术产业开发区": "zone", "etdz": "etdz",
    "经开区": "etdz",
    "经济技术开发区": "etdz", "city": "city", "城市": "city", "市": "city", "市州": "city", "province": "province",
    "省": "province", "aggregate": "aggregate", "合计": "aggregate", "country": "country", "全国": "country",
}  # fmt: skip
THEME_WORDS = {word: theme.code for theme in THEMES for word in (theme.code, theme.zh, theme.en.lower())}
MEASURE_WORDS = {"flow": "flow", "累计": "flow", "流量": "flow", "stock": "stock", "时点": "stock", "存量": "stock",
            "rate": "rate", "比率": "rate", "占比": "rate"}  # fmt: skip
DIRECTION_WORDS = {"up": "up", "越多越好": "up", "正向": "up", "down": "down", "越少越好": "down", "逆向": "down"}
KEY_PATTERN = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")
GENERAL_UNIT = "item"
NO_DEFINITION = ("未附口径说明。", "No definition was given.")
# Why the growth of an own indicator is taken on what: a count has no price, of others nobody said anything.
BASIS_NOTE_PRICELESS = ("按个数或面积统计，没有价格。", "A count or an area has no price.")
BASIS_NOTE_UNSTATED = ("载入时没有说明增速的口径。", "Nothing was said of its growth when it was loaded.")
BASIS_NOTE_STATED = ("载入时由使用者说明。", "As its user said when it was loaded.")
PRICELESS_DIMENSIONS = ("count", "area", "energy")  # dimensions of units
MOST_ROWS = 5_000
Row = dict[str, str | None]
Progress = Callable[[float, str, str], None]


class _Line:
    """One row being read: its fields, and where its defects go."""

    def __init__(self, row: int, texts: Row, sheet: Sheet, mapping: ColumnMapping, defects: Defects) -> None:
        self.row, self.texts, self._sheet, self._mapping, self._defects = row, texts, sheet, mapping, defects
        self.good = True

    def text(self, name: str) -> str:
        return self.texts[name] or ""

    def wrong(self, name: str, zh: str, en: str) -> None:
        self.good = False
        self._defects.add_one(self.row, get_field_head(self._sheet, self._mapping, name), self.text(name), zh, en)

    def choice(self, name: str, words: dict[str, str], default: str | None) -> str | None:
        """Return the code of a word; add a defect if it is none of them."""
        if not self.text(name) and default is not None:
            return default or None
        found = words.get(self.text(name).strip().lower())
        if found is None:
            said = "、".join(word for word in words if not word.isascii())
            self.wrong(name, f"须是其中之一：{said}", f"must be one of {', '.join(dict.fromkeys(words.values()))}")
        return found

    def code(self, taken: set[str]) -> str:
        """Return the code of the row; add a defect if it is malformed or taken."""
        code = self.text("code").strip()
        if not CODE_PATTERN.fullmatch(code):
            self.wrong("code", "代码须以小写字母开头，只用小写字母、数字和下划线，2 至 40 个",
                       "a code begins with a lower-case letter and has 2 to 40 of a-z, 0-9 and _")  # fmt: skip
        elif code in taken:
            self.wrong("code", "这个代码已经有了。请换一个；已在目录里的不必再添加",
                       "this code is taken; choose another. What is in the catalogue need not be added")  # fmt: skip
        taken.add(code)
        return code

    def name(self, name: str, codes: tuple[str, ...], taken: set[str]) -> str:
        """Return the name in a field; add a defect if it is empty or taken."""
        text = self.text(name)
        if not text:
            self.wrong(name, "不能空着", "must not be empty")
        elif codes or text in taken:
            self.wrong(name, "这个名称已经有了。已在目录里的不必再添加",
                       "this name is taken. What is in the catalogue need not be added")  # fmt: skip
        taken.add(text)
        return text


def _read_lines(sheet: Sheet, mapping: ColumnMapping, defects: Defects) -> list[_Line]:
    rows = select_fields(sheet, mapping)
    if rows.height > MOST_ROWS:
        defects.add_one(0, "", "", f"最多添加 {MOST_ROWS} 行", f"at most {MOST_ROWS:,} rows can be added")
        return []
    return [_Line(texts.pop(ROW), texts, sheet, mapping, defects) for texts in rows.iter_rows(named=True)]


def read_park_rows(
    sheet: Sheet, mapping: ColumnMapping, known: Vocabulary, defects: Defects, _notices: list[Flaw], _told: Progress
) -> tuple[pl.DataFrame, int]:
    """Return the places to add, in the columns of the schema without `role`, and 0 as the number of skipped rows.

    English names, official names and provinces that are left out are taken from the Chinese or the short ones.
    """
    codes, names = set(known.parks["park_id"]), set[str]()
    found: list[tuple[object, ...]] = []
    for line in _read_lines(sheet, mapping, defects):
        code = line.code(codes)
        name = line.name("name_zh", known.find_places(line.text("name_zh")), names)
        kind = line.choice("kind", PLACE_KIND_WORDS, "zone")
        if line.good:
            english = line.text("name_en") or name
            full = line.text("full_name_zh") or name
            found.append(
                (line.row, 0, code, name, english, kind, line.texts["province_zh"],
                 line.texts["province_en"] or line.texts["province_zh"], full, line.text("full_name_en") or english)
            )  # fmt: skip
    text = dict.fromkeys(
        ("park_id", "name_zh", "name_en", "kind", "province_zh", "province_en", "full_name_zh", "full_name_en"),
        pl.String,
    )
    return pl.DataFrame(found, schema={ROW: pl.Int64, "place": pl.Int32, **text}, orient="row"), 0


def read_indicator_rows(
    sheet: Sheet, mapping: ColumnMapping, known: Vocabulary, defects: Defects, _notices: list[Flaw], _told: Progress
) -> tuple[pl.DataFrame, int]:
    """Return the indicators to add, in the columns of the schema, and 0 as the number of skipped rows.

    Their positions follow those of the catalogue.
    """
    codes, names = set(known.indicators["indicator_id"]), set[str]()
    last = int(str(known.indicators["position"].max() or 0))
    dimensions = dict(known.units.select("unit_id", "dimension").iter_rows())
    found: list[tuple[object, ...]] = []
    for line in _read_lines(sheet, mapping, defects):
        code = line.code(codes)
        name = line.name("name_zh", known.find_indicators(line.text("name_zh")), names)
        english = line.text("name_en") or name
        if english != name:
            line.name("name_en", known.find_indicators(english), names)
        theme, measure = line.choice("theme", THEME_WORDS, None), line.choice("measure", MEASURE_WORDS, None)
        direction = line.choice("direction", DIRECTION_WORDS, "")
        units = known.find_units(line.text("unit"))
        if not units:
            line.wrong("unit", "认不出的单位。请写亿元、万元、万平方米、家、项、% 等",
                       "no unit that is known; write 亿元, 万元, 万平方米, 家, 项 or %")  # fmt: skip
        key = line.text("comparable_key") or f"own.{code}"
        if not KEY_PATTERN.fullmatch(key):
            line.wrong("comparable_key", "可比口径代码写成 方面.名称，例如 revenue.total_revenue；不清楚就留空",
                       "a key of comparison is like revenue.total_revenue; leave it empty if in doubt")  # fmt: skip
        told = parse_growth_basis(line.text("basis"))
        if line.text("basis") and told is None:
            line.wrong("basis", "须是可比价格、可比口径、调整后基数、名义、未说明之一，或留空",
                       "must be constant price, like for like, adjusted base, nominal, not stated, or empty",
                       )  # fmt: skip
        if line.good:
            zh = line.text("definition_zh") or NO_DEFINITION[0]
            en = line.text("definition_en") or (line.text("definition_zh") or NO_DEFINITION[1])
            place = last + len(found) + 1
            unit = GENERAL_UNIT if GENERAL_UNIT in units else units[0]  # 个 counts enterprises, projects, items
            priceless = dimensions.get(unit) in PRICELESS_DIMENSIONS and measure != "rate"
            basis = told or ("nominal" if priceless else "unknown")
            why = BASIS_NOTE_STATED if told else BASIS_NOTE_PRICELESS if priceless else BASIS_NOTE_UNSTATED
            found.append(
                (line.row, 0, code, theme, name, english, unit, measure, direction, zh, en, key, basis, *why, place)
            )
    schema = {ROW: pl.Int64, "place": pl.Int32, "indicator_id": pl.String, "theme": pl.String, "name_zh": pl.String,
              "name_en": pl.String, "unit_id": pl.String, "measure": pl.String, "direction": pl.String,
              "definition_zh": pl.String, "definition_en": pl.String, "comparable_key": pl.String,
              "growth_basis": pl.String, "growth_basis_zh": pl.String, "growth_basis_en": pl.String,
              "position": pl.Int32}  # fmt: skip
    return pl.DataFrame(found, schema=schema, orient="row"), 0
