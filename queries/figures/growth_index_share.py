"""The same figures measured otherwise: growth on the year before, index to a base year, share of a whole.

What is computed follows from printed figures alone, by interval arithmetic, never from a derived one; within one
definition, and not across a recorded break of its series. Every row says by which formula, and from which rows.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from queries.catalogue import catalogue
from queries.database.engine import fetch
from queries.figures.derived import PERCENT, decimals_of, in_base, with_facts
from queries.figures.growth import NOMINAL, WORDS
from queries.figures.intervals import Interval, over

MEASURES = ("level", "growth", "index", "share")
Row = dict[str, Any]
Key = tuple[str, str, int, int]  # place, definition, and the months of the year that the period covers
DECIMALS = {"growth": 1, "index": 1, "share": 1}
PRINTED = ("published", "own")
EXACT = ("none",)  # bounds of a figure that is final and a number, not a limit
SEVERAL = {
    "zh": "所用的数出自不同材料，其间可能有过修订。",
    "en": "The figures it follows from are from different texts; there may have been revisions between them.",
}
CITED = ("source_id", "source_title", "locator", "publisher")


def measured(
    rows: pl.DataFrame, measure: str, base: int | None = None, lang: str = "zh", asof: date | None = None
) -> pl.DataFrame:
    """Figures as growth, as an index or as shares; as levels they stay what they are.

    rows: of observations(). measure: one of MEASURES. base: year that is 100 in an index. asof: the day by which
    the rows were known, and by which the wholes of shares are looked up; None: all.

    One row per figure that can be had, in the order of the rows, columns of observations(): value in per cent, or
    in points of an index; the name says what was done. A growth that was printed beside a value stays published and
    goes before a computed one; what is computed is derived, with 约, low, high, formula and inputs. Growth is computed
    of final, nominal figures alone, of places that are no sums of others: see queries.figures.growth. An index of
    other totals
    has a name that says what it holds besides growth. Of a rate nothing is computed: a percentage of a percentage
    misleads.
    Raises ValueError for an unknown measure.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure takes {', '.join(MEASURES)}, got {measure!r}")
    if measure == "level" or rows.is_empty():
        return rows
    printed = [row for row in rows.iter_rows(named=True) if row["evidence"] in PRINTED]
    made: list[Row] = []
    if measure == "growth":
        made = _growths(printed, lang)
    elif measure == "index" and base is not None:
        made = _indices(printed, base, lang)
    elif measure == "share":
        made = _shares(printed, lang, asof)
    return pl.DataFrame(made, schema=rows.schema)


def base_years(rows: pl.DataFrame) -> list[int]:
    """Years that an index can start from: those in which most series of the rows have a figure come first."""
    usable = rows.filter(pl.col("evidence").is_in(PRINTED), pl.col("value").is_not_null(), pl.col("bound").is_in(EXACT))
    usable = usable.filter(pl.col("measure") != "rate")
    years = usable.select("park_id", "comparable_key", "first_month", "last_month", "year").unique()
    several = years.filter(pl.len().over("park_id", "comparable_key", "first_month", "last_month") > 1)
    ordered = several.group_by("year").agg(n=pl.len()).sort("n", "year", descending=[True, False])
    return [int(year) for year in ordered["year"]]


def can_share(rows: pl.DataFrame, asof: date | None = None) -> bool:
    """Whether any of the rows is a part of something whose figure is known; asof: as in measured()."""
    parts = catalogue.indicators().filter(pl.col("part_of").is_not_null())["indicator_id"].to_list()
    return not measured(rows.filter(pl.col("indicator_id").is_in(parts)), "share", asof=asof).is_empty()


def _key(row: Row) -> Key:
    """What a figure is of, without its year: figures of other years with the same key can be set beside it."""
    return row["park_id"], row["comparable_key"], row["first_month"], row["last_month"]


def _nominal(rows: list[Row]) -> list[Row]:
    """Those of which a growth may be computed."""
    sums = catalogue.sums()
    return [row for row in rows if row["growth_basis"] == NOMINAL and row["park_id"] not in sums]


def _series(rows: Any) -> dict[Key, dict[int, Row]]:
    """For each place, definition and part of the year, the version of each year that counts."""
    series: dict[Key, dict[int, Row]] = {}
    for row in rows:
        if row["value"] is None or row["bound"] not in EXACT or row["measure"] == "rate":
            continue
        of_years = series.setdefault(_key(row), {})
        of_years[row["year"]] = min(row, of_years.get(row["year"], row), key=_precedence)
    return series


def _precedence(row: Row) -> str:
    return str(row["precedence"])


def _breaks() -> set[tuple[str, str, int]]:
    return set(catalogue.breaks().select("park_id", "comparable_key", "year").iter_rows())


def _broken(row: Row, other: Row, breaks: set[tuple[str, str, int]]) -> bool:
    """Whether the series of a place changes its definition between two of its figures."""
    first, last = sorted((row["year"], other["year"]))
    return any((row["park_id"], row["comparable_key"], year) in breaks for year in range(first + 1, last + 1))


def _based(row: Row) -> Interval:
    return Interval.of(row, "base_")


def _alike(row: Row, other: Row) -> bool:
    return bool(row["dimension"] == other["dimension"])


def _digits(text: str) -> str:
    return "".join(character for character in text if character in "-0123456789.")


def _growths(rows: list[Row], lang: str) -> list[Row]:
    """Printed growth as it is; where none was printed, the quotient of two years that were."""
    series, breaks, made = _series(_nominal(rows)), _breaks(), list[Row]()
    told = {_year_of(row) for row in rows if row["growth_pct"] is not None}
    for row in rows:
        if row["growth_pct"] is not None:
            made.append(_printed_growth(row))
            continue
        same = series.get(_key(row), {})
        before, year = same.get(row["year"] - 1), row["year"]
        if same.get(year) is not row or before is None or _broken(row, before, breaks) or _year_of(row) in told:
            continue  # a growth that was printed knows of revisions and prices; a quotient does not
        if _alike(row, before):
            quotient = over(_growth, _based(row), _based(before))
            formula = f"{_told(row)} ÷ {_told(before)} − 1"
            made.append(_computed(row, [before], quotient, formula, _grown(row), "growth", lang))
    return made


def _year_of(row: Row) -> tuple[str, str, str]:
    return row["park_id"], row["comparable_key"], row["period"]


def _grown(row: Row) -> dict[str, str]:
    """The names of a growth, with what it is taken on: growth on different bases stands in different lines."""
    zh, en = (WORDS[lang][row["growth_basis"]] for lang in ("zh", "en"))
    return {"zh": f"{{}}，比上年增长（{zh}）", "en": f"{{}}, growth on the year before ({en})"}


def _printed_growth(row: Row) -> Row:
    # The growth becomes the value, and the order of versions stays.
    kept = {"precedence": row["precedence"], "growth_low": None, "growth_high": None}
    ends = {"low": row["growth_low"], "high": row["growth_high"]}
    based = {f"base_{end}": in_base(number, PERCENT) for end, number in (ends | {"value": row["growth_pct"]}).items()}
    return row | _named(row, _grown(row)) | _percent() | kept | ends | based | {
        "value": row["growth_pct"], "value_text": row["growth_text"], "decimals": decimals_of(row["growth_text"]),
        "bound": row["bound"] if row["bound"] == "expected" else "none", "low_in": True,
        "high_in": False, "growth_pct": None, "growth_text": None, "measure": "rate", "status": "published",
        "observation_id": f"{row['observation_id']}-growth",
    }  # fmt: skip


def _indices(rows: list[Row], base: int, lang: str) -> list[Row]:
    """Each figure over that of the base year, which is 100; where that is no growth, under a name that says so."""
    series, breaks, made = _series(rows), _breaks(), list[Row]()
    nominal = {row["observation_id"] for row in _nominal(rows)}
    plain = {"zh": f"{{}}，{base}年=100", "en": f"{{}}, {base} = 100"}
    totals = {
        "zh": f"{{}}，总量之比，{base}年=100（含价格和统计范围的变动）",
        "en": f"{{}}, ratio of totals, {base} = 100 (changes of prices and of coverage included)",
    }
    for row in rows:
        same = series.get(_key(row), {})
        start = same.get(base)
        if start is None or same.get(row["year"]) is not row or _broken(row, start, breaks):
            continue
        if not _alike(row, start) or all(other is start or _broken(other, start, breaks) for other in same.values()):
            continue  # a base alone says nothing
        points = Interval.exact("100") if start is row else over(_percentage, _based(row), _based(start))
        formula = f"{_told(row)} ÷ {_told(start)} × 100"
        names = plain if {row["observation_id"], start["observation_id"]} <= nominal else totals
        made.append(_computed(row, [start], points, formula, names, "index", lang))
    return made


def _shares(rows: list[Row], lang: str, asof: date | None) -> list[Row]:
    """Each part over its whole, of the same place and period."""
    offered = catalogue.indicators()
    wholes = dict(offered.filter(pl.col("part_of").is_not_null()).select("indicator_id", "part_of").iter_rows())
    named = {row["indicator_id"]: row for row in offered.iter_rows(named=True)}
    wanted = sorted({wholes[row["indicator_id"]] for row in rows if row["indicator_id"] in wholes})
    parks = sorted({row["park_id"] for row in rows})
    asked = {"theme": None, "first": None, "last": None, "evidence": None, "lang": lang, "asof": asof}
    known = fetch("observations", indicators=wanted, parks=parks, **asked)
    found: dict[tuple[str, str, str], Row] = {}
    for row in [*known.iter_rows(named=True), *rows]:
        key = (row["park_id"], row["indicator_id"], row["period"])
        if row["value"] is not None and row["bound"] in EXACT:
            found[key] = min(row, found.get(key, row), key=_precedence)
    made = []
    for row in rows:
        whole = found.get((row["park_id"], wholes.get(row["indicator_id"], ""), row["period"]))
        part = found.get((row["park_id"], row["indicator_id"], row["period"]))
        if whole and part is row and _alike(row, whole):
            told = named[whole["indicator_id"]]
            names = {"zh": f"{{}}占{told['name_zh']}", "en": f"{{}} as a share of {told['name_en']}"}
            percent = over(_percentage, _based(row), _based(whole))
            made.append(_computed(row, [whole], percent, f"{_told(row)} ÷ {_told(whole)}", names, "share", lang))
    return made


def shares_of_place(rows: pl.DataFrame, whole: str, parts: dict[str, int | None], lang: str = "zh") -> pl.DataFrame:
    """Figures of places as shares of the figure that a larger place printed for the same definition and period.

    rows: of observations(); whole: code of the larger place; parts: places that it holds, with the year from which on,
    None: always. One row per share, as in measured(). Places that are no parts have none.
    """
    printed = [row for row in rows.iter_rows(named=True) if row["evidence"] in PRINTED]
    series, made = _series(printed), []
    for row in printed:
        year, key = row["year"], _key(row)[1:]
        if row["park_id"] not in parts or year < (parts[row["park_id"]] or 0):
            continue
        of = series.get((whole, *key), {}).get(year)
        mine = series.get((row["park_id"], *key), {}).get(year)
        if of and mine is row and _alike(row, of):
            names = {"zh": f"{{}}占{of['park_zh']}", "en": f"{{}} as a share of {of['park_en']}"}
            percent = over(_percentage, _based(row), _based(of))
            made.append(_computed(row, [of], percent, f"{_told(row)} ÷ {_told(of)}", names, "share", lang))
    return pl.DataFrame(made, schema=rows.schema)


def _percentage(part: Decimal, whole: Decimal) -> Decimal:
    return 100 * part / whole


def _growth(now: Decimal, then: Decimal) -> Decimal:
    return 100 * (now / then - 1)


def _told(row: Row) -> str:
    """A figure in a formula, as the table of its own row has it."""
    return f"{_digits(row['value_text'])}{row['unit_zh']}"


def _computed(
    row: Row, others: list[Row], interval: Interval, formula: str, names: dict[str, str], kind: str, lang: str
) -> Row:
    small = kind == "share" and interval.high < 1
    shown = interval.shown(DECIMALS[kind] + small)
    low, high = interval.outward()
    exact = interval.low == interval.high == Decimal(shown)
    apart = "；" if lang == "zh" else "; "
    cited = {
        column: apart.join(dict.fromkeys(str(part[column]) for part in (row, *others) if part[column] is not None))
        for column in CITED
    }
    # What follows from a figure that somebody loaded is no more than that figure.
    evidence = "own" if any(part["evidence"] == "own" for part in (row, *others)) else "derived"
    one_source = len({part["source_id"] for part in (row, *others)}) == 1
    unit = _points() if kind == "index" else _percent()
    return with_facts(row | _named(row, names) | unit | cited | {
        "value": float(shown), "value_text": shown if exact else f"约{shown}", "decimals": decimals_of(shown),
        "bound": "none" if exact else "about", "low": low, "high": high, "low_in": interval.low_in,
        "high_in": interval.high_in, "growth_pct": None, "growth_text": None,
        "evidence": evidence, "status": "derived", "measure": "rate", "formula": formula,
        "note": _remarks((row, *others), lang),
        "source_url": row["source_url"] if one_source else None,
        "source_published": max((part["source_published"] or "" for part in (row, *others)), default="") or None,
        "inputs": "; ".join(dict.fromkeys(part["observation_id"] for part in (row, *others))),
        "observation_id": f"{row['observation_id']}-{kind}",
    })  # fmt: skip


def _remarks(parts: tuple[Row, ...], lang: str) -> str | None:
    """What was to be known of the figures is to be known of what follows from them."""
    head, apart = ("{}{}年：{}。", "") if lang == "zh" else ("{}, {}: {}.", " ")
    noted = [
        (part[f"park_{lang}"], part["period_end"].year, part["note"].rstrip("。.")) for part in parts if part["note"]
    ]
    said = [head.format(*remark) for remark in noted]
    if len({part["source_id"] for part in parts}) > 1:
        said.append(SEVERAL[lang])
    return apart.join(said) or None


def _named(row: Row, names: dict[str, str]) -> Row:
    return {f"indicator_{lang}": text.format(row[f"indicator_{lang}"]) for lang, text in names.items()}


def _percent() -> Row:
    return {"unit_id": "percent", "unit_zh": "%", "unit_en": "%", "unit_scale": "1", "unit_scaled_en": "%",
            "dimension": "share", "factor": PERCENT}  # fmt: skip


def _points() -> Row:
    return {"unit_id": "index", "unit_zh": "", "unit_en": "", "unit_scale": "1", "unit_scaled_en": "",
            "dimension": None, "factor": 1.0}  # fmt: skip
