"""The vocabulary against which users' words are matched: places, indicators and units by all their names."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, lru_cache

import duckdb
import polars as pl

MOST_SOUGHT = 300
Names = dict[str, dict[str, tuple[str, ...]]]
PLACES = (
    "select park_id::varchar as park_id, name_zh, name_en, full_name_zh, full_name_en, kind::varchar as kind from park"
)
INDICATORS = (
    "select indicator_id::varchar as indicator_id, indicator.name_zh, indicator.name_en, indicator.unit_id, "
    "indicator.measure::varchar as measure, unit.dimension::varchar as dimension, position "
    "from indicator join unit using (unit_id) order by position"
)
UNITS = (
    "select unit_id, name_zh, name_en, scaled_name_en, dimension::varchar as dimension, factor::double as factor "
    "from unit"
)
ALIASES = "select alias, kind::varchar as kind, code, is_wide from alias"
OTHER_UNITS = {
    "亿": "yi_cny", "亿元人民币": "yi_cny", "万": "", "人民币元": "cny", "rmb": "cny", "cny": "cny",
    "万㎡": "wan_sqm", "万平米": "wan_sqm", "万平方": "wan_sqm", "㎡": "sqm", "m2": "sqm", "平米": "sqm",
    "km2": "sqkm", "㎢": "sqkm", "ha": "hectare", "percent": "percent", "百分比": "percent", "百分之": "percent",
    "亿美金": "yi_usd", "万美金": "wan_usd", "位": "rank", "percentagepoints": "", "个百分点": "",
    "billionyuan": "", "millionyuan": "",
}  # fmt: skip


NATIONAL = re.compile("国家级?(?=高新)")  # 湘潭国家高新技术产业开发区


@lru_cache(maxsize=65_536)
def normalize_name(text: str) -> str:
    """Normalize a name for lookup: half width, lower case, no spaces."""
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text)).casefold()


@dataclass(frozen=True)
class Vocabulary:
    """The places, indicators, units and aliases that cells may name.

    parks: park_id, name_zh, name_en, full_name_zh, full_name_en, kind. indicators: indicator_id, name_zh, name_en,
    unit_id, measure, dimension, position. units: unit_id, name_zh, name_en, scaled_name_en, dimension, factor (into the
    base unit of the dimension).
    aliases: alias, kind, code, is_wide.
    """

    parks: pl.DataFrame = field(repr=False)
    indicators: pl.DataFrame = field(repr=False)
    units: pl.DataFrame = field(repr=False)
    aliases: pl.DataFrame = field(repr=False)
    _sought: list[str] = field(default_factory=list, repr=False, compare=False)

    @cached_property
    def _places(self) -> Names:
        """Codes by name, the most reliable names first: own names, aliases, names without 市 or 省."""
        shown = self.parks.select("park_id", "name_zh", "name_en", "full_name_zh", "full_name_en", "kind").rows()
        sure = [(name, row[0]) for row in shown for name in row[:5]]
        short = [
            (re.sub(r"[市省]$", "", row[1]) if row[1] != row[2] else row[1], row[0])
            for row in shown
            if row[5] in ("city", "province")
        ]
        short += [(re.sub(r" (city|province)$", "", row[2]), row[0]) for row in shown if row[5] in ("city", "province")]
        short += [
            (re.sub(r"(高新技术产业开发区|高新技术开发区|国家高新区)$", "高新区", row[3]), row[0]) for row in shown
        ]
        return {"name": _group_codes(sure), "alias": _group_codes(self._aliased("park")), "short": _group_codes(short)}

    @cached_property
    def _indicators(self) -> Names:
        shown = self.indicators.select("indicator_id", "name_zh", "name_en").rows()
        sure = [(name, row[0]) for row in shown for name in row]
        return {"name": _group_codes(sure), "alias": _group_codes(self._aliased("indicator"))}

    def _aliased(self, kind: str) -> list[tuple[str, str]]:
        rows = self.aliases.filter((pl.col("kind") == kind) & ~pl.col("is_wide"))
        return list(rows.select("alias", "code").rows())

    @cached_property
    def _units(self) -> dict[str, tuple[str, ...]]:
        shown = self.units.select("unit_id", "name_zh", "name_en").rows()
        found = _group_codes([(name, row[0]) for row in shown for name in row])
        return {normalize_name(word): (code,) for word, code in OTHER_UNITS.items() if code} | found

    @cached_property
    def place_names(self) -> tuple[str, ...]:
        """The names of the places in Chinese, short and official, the longest first."""
        names = {*self.parks["name_zh"], *self.parks["full_name_zh"]} - {None, ""}
        return tuple(sorted(names, key=lambda name: (-len(name), name)))

    @cached_property
    def short_place_names(self) -> tuple[str, ...]:
        """The names of cities and provinces without 市 and 省, the longest first."""
        names = {name for name in self._places["short"] if re.fullmatch("[\u4e00-\u9fff]{2,8}", name)}
        return tuple(sorted(names - set(self.place_names), key=lambda name: (-len(name), name)))

    @cached_property
    def scaled_units(self) -> frozenset[str]:
        """The codes of the units that count by ten thousands: who writes no unit may as well have counted by ones."""
        counted = self.units.filter(pl.col("dimension") == "count", pl.col("factor") > 1)
        return frozenset(counted["unit_id"])

    def find_places(self, text: str) -> tuple[str, ...]:
        """Find the codes of the places that a text may mean: none if unknown, several if ambiguous."""
        return _find_codes(self._places, normalize_name(text)) or _find_codes(
            self._places, normalize_name(NATIONAL.sub("", text))
        )

    def find_indicators(self, text: str) -> tuple[str, ...]:
        """Find the codes of the indicators that a text may mean: none if unknown, several if ambiguous."""
        return _find_codes(self._indicators, normalize_name(text))

    def is_share(self, text: str) -> bool:
        """Return whether an indicator by this name is measured in per cent."""
        return any(self._dimensions.get(code, "").startswith("share") for code in self.find_indicators(text))

    @cached_property
    def _dimensions(self) -> dict[str, str]:
        return dict(self.indicators.select("indicator_id", "dimension").rows())

    def find_indicator_name(self, text: str) -> str:
        """Find the longest name of an indicator that a text contains, of three letters at least; "" if there is none.

        text: as of normalize_name().
        """
        found = [name for names in self._indicators.values() for name in names if len(name) > 2 and name in text]
        return max(found, key=len, default="")

    def find_search_word(self, text: str, kind: str) -> tuple[str, ...]:
        """Find the codes to which a word leads that is good for searching and too wide for a cell. kind: as aliases."""
        rows = self.aliases.filter(pl.col("is_wide") & (pl.col("kind") == kind)).select("alias", "code").rows()
        return tuple(code for alias, code in rows if normalize_name(alias) == normalize_name(text))

    def find_units(self, text: str) -> tuple[str, ...]:
        """Find the codes of the units that a text may mean: 家 counts enterprises, zones or facilities."""
        return self._units.get(normalize_name(text), ())

    def suggest_names(self, text: str, kind: str, most: int = 3) -> list[str]:
        """Suggest names that a reader may have meant by an unknown one. kind: park or indicator.

        Suggests none after some hundred unknown names: comparing a million would take an hour, and nobody reads so
        many.
        """
        if len(self._sought) > MOST_SOUGHT:
            return []
        self._sought.append(text)
        rows = self.parks if kind == "park" else self.indicators
        column = "name_zh" if re.search("[\u4e00-\u9fff]", text) else "name_en"
        return get_close_matches(text, rows[column].to_list(), most, 0.5)

    def label_codes(self, codes: Iterable[str], kind: str, lang: str) -> str:
        """Label codes with their names, as one text: name (code), joined as in a list. kind: park or indicator."""
        rows, column = (self.parks, "park_id") if kind == "park" else (self.indicators, "indicator_id")
        names = dict(rows.select(column, f"name_{lang}").rows())
        return ("、" if lang == "zh" else ", ").join(f"{names.get(code, code)} ({code})" for code in codes)

    def with_rows(self, table: str, accepted: pl.DataFrame) -> "Vocabulary":
        """Return a vocabulary that also has the places or indicators of a file just read. table: park or indicator.

        For any other table, returns this vocabulary.
        """
        if table == "park":
            return Vocabulary(_append_rows(self.parks, accepted), self.indicators, self.units, self.aliases)
        if table == "indicator":
            of = accepted.join(self.units.select("unit_id", "dimension"), on="unit_id", how="left")
            return Vocabulary(self.parks, _append_rows(self.indicators, of), self.units, self.aliases)
        return self


def _append_rows(rows: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    fitted = more.select(pl.col(name).cast(kind) for name, kind in rows.schema.items())
    return pl.concat([rows, fitted])


def _group_codes(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for name, code in pairs:
        if name:
            found.setdefault(normalize_name(name), {})[code] = None
    return {name: tuple(codes) for name, codes in found.items()}


def _find_codes(names: Names, looked_up: str) -> tuple[str, ...]:
    return next((found[looked_up] for found in names.values() if looked_up in found), ())


def read_vocabulary(connection: duckdb.DuckDBPyConnection) -> Vocabulary:
    """Read the vocabulary of a built database. connection: a connection to it, or a cursor of one."""
    places, indicators, units, aliases = (
        _read_rows(connection.sql(one)) for one in (PLACES, INDICATORS, UNITS, ALIASES)
    )
    return Vocabulary(places, indicators, units, aliases)


def _read_rows(found: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """Read a few rows as a frame, without the tenth of a second that loading Arrow takes."""
    kinds = {name: {"INTEGER": pl.Int32, "DOUBLE": pl.Float64, "BOOLEAN": pl.Boolean}.get(str(kind), pl.String)
             for name, kind in zip(found.columns, found.types, strict=True)}  # fmt: skip
    return pl.DataFrame(found.fetchall(), schema=kinds, orient="row")
