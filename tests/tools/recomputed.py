"""The figures of data/sources once more, with exact fractions and nothing of the product: read, derived, judged.

Written from the rules: what rounding and bound words leave open, on what a growth is taken, data/rules/*.toml.
"""

import csv
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import ceil, floor
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "data"
SOURCES = DATA / "sources"
SUMS = ("aggregate", "country")
Row = dict[str, Any]


def rows_of(path: Path) -> list[Row]:
    """Rows of a CSV file; what is empty is None."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{key: text or None for key, text in row.items()} for row in csv.DictReader(file)]


def by_code(name: str) -> dict[str, Row]:
    rows = rows_of(IN_USE[0] / f"{name}.csv")
    return {row[f"{name}_id"]: row for row in rows}


@dataclass(frozen=True)
class Span:
    """What a number may be; an end of None is open, low_in and high_in: whether an end itself is possible."""

    low: Fraction | None
    high: Fraction | None
    low_in: bool = True
    high_in: bool = False

    def times(self, factor: Fraction) -> "Span":
        low = None if self.low is None else self.low * factor
        return Span(low, None if self.high is None else self.high * factor, self.low_in, self.high_in)

    def holds(self, number: Fraction) -> bool:
        above = self.low is None or self.low < number or (self.low_in and self.low == number)
        return above and (self.high is None or number < self.high or (self.high_in and number == self.high))

    def below(self, other: "Span") -> bool:
        """Whether nothing of this one reaches the other."""
        if self.high is None or other.low is None:
            return False
        return self.high < other.low or (self.high == other.low and not (self.high_in and other.low_in))

    def apart(self, other: "Span") -> bool:
        return self.below(other) or other.below(self)

    @property
    def known(self) -> bool:
        return self.low is not None and self.high is not None


def decimals_of(text: str | None) -> int:
    found = re.search(r"\d\.(\d+)", text or "")
    return len(found[1]) if found else 0


def rounded(text: str) -> Span:
    """What is rounded to the digits of a text: half up, so the upper end would be the next number."""
    half, number = Fraction(1, 2 * 10 ** decimals_of(text)), Fraction(text)
    return Span(number - half, number + half)


def half_up(number: Fraction, step: Fraction) -> Fraction:
    places = abs(number) / step + Fraction(1, 2)
    return (step * floor(places)) * (1 if number >= 0 else -1)


def outward(span: Span, decimals: int = 4) -> tuple[Fraction, Fraction]:
    scale = 10**decimals
    return Fraction(floor(span.low * scale), scale), Fraction(ceil(span.high * scale), scale)


def shown(span: Span, decimals: int) -> tuple[Fraction, str]:
    """The middle to so many places, or to as many as the width bears: a step is at least a fifth of it."""
    middle, step = (span.low + span.high) / 2, Fraction(1, 10**decimals)
    while 5 * step < span.high - span.low:
        step *= 10
    while not span.holds(half_up(middle, step)):
        step /= 10
    number = half_up(middle, step)
    places = 0 if step >= 1 else len(str(step.denominator)) - 1
    whole = f"{abs(number.numerator * 10**places // number.denominator):0{places + 1}d}"
    text = whole if places == 0 else f"{whole[:-places]}.{whole[-places:]}"
    return number, ("-" if number < 0 else "") + text


def month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def public_day(text: str | None) -> date | None:
    """The day by which a text was surely out: the last of its year or month; None where nobody knows."""
    if text is None:
        return None
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return date(*parts)
    return month_end(parts[0], parts[1] if len(parts) == 2 else 12)


UNITS: dict[str, Row] = {}
PLACES: dict[str, Row] = {}
NAMES: dict[str, Row] = {}
TEXTS: dict[str, Row] = {}
BREAKS: set[tuple[str, str, int]] = set()
EXPLAINED: set[tuple[str, str, int]] = set()  # those of BREAKS of which the cause is known
IN_USE = [SOURCES]


def use(sources: Path) -> None:
    """Read the sources of a folder from now on."""
    IN_USE[0] = sources
    for table, name in ((UNITS, "unit"), (PLACES, "park"), (NAMES, "indicator"), (TEXTS, "source")):
        table.clear()
        table.update(by_code(name))
    BREAKS.clear()
    EXPLAINED.clear()
    for row in rows_of(sources / "series_break.csv"):
        of_kind = [code for code, place in PLACES.items() if place["kind"] == row["park_kind"]]
        for place in [row["park_id"]] if row["park_id"] else of_kind:
            broken = (place, NAMES[row["indicator_id"]]["comparable_key"], int(row["year"]))
            BREAKS.add(broken)
            if row["cause"] != "unknown":
                EXPLAINED.add(broken)
    figures.cache_clear()
    grouped.cache_clear()
    targets.cache_clear()


def basis_of(row: Row) -> str:
    """On what a growth is taken: as its own text says, else its indicator; members of a sum change."""
    name = NAMES[row["indicator_id"]]
    basis = name["growth_basis"]
    changing = PLACES[row["park_id"]]["kind"] in SUMS and name["measure"] != "rate" and basis in ("nominal", "unknown")
    return row["growth_basis"] or ("comparable_scope" if changing else basis)


def span_of(row: Row) -> Span:
    """What a printed value may be."""
    text, number, bound = row["value_text"], row["value"], row["bound"]
    nothing = Span(None, None)
    if number is None or bound in ("about", "expected"):
        return nothing
    if bound in ("at_least", "exceeded"):
        return Span(number, None, bound == "at_least")
    if bound == "more_than":
        digits = re.search(r"\d+", text)[0]
        return Span(number, number + 10 ** (len(digits) - len(digits.rstrip("0"))), False)
    return Span(number, number, True, True) if row["counted"] else rounded(text)


def completed(row: Row) -> Row:
    """A row of the sources with all that is asked of it."""
    name, unit, place = NAMES[row["indicator_id"]], UNITS[row["unit_id"]], PLACES[row["park_id"]]
    row = row | {"value": None if row["value"] is None else Fraction(row["value"])}
    row |= {
        "key": name["comparable_key"], "flow": name["measure"] == "flow", "rate": name["measure"] == "rate",
        "sum": place["kind"] in SUMS, "dimension": unit["dimension"], "factor": Fraction(unit["factor"]),
        "counted": unit["dimension"] == "count" and Fraction(unit["factor"]) == 1,
        "basis": basis_of(row), "published": TEXTS[row["source_id"]]["published"] or "",
        "surer": row["confidence"] != "medium",
        "out": public_day(TEXTS[row["source_id"]]["published"]), "place_in_list": int(name["position"]),
        "direction": name["direction"] or "up",
    }  # fmt: skip
    return row


@cache
def figures() -> tuple[Row, ...]:
    found = []
    for path in sorted((IN_USE[0] / "observation").glob("*.csv")):
        for row in map(completed, rows_of(path)):
            growth = row["growth_text"]
            start, _, end = row["period"].partition("/")
            end = end or start
            row |= {
                "span": span_of(row), "decimals": decimals_of(row["value_text"]),
                "growth": None if growth is None else Fraction(growth),
                "grown": None if growth is None else rounded(growth),
                "end_year": int(end[:4]), "month": int(end[5:7] or 12) if len(end) > 4 else 12,
                "whole_year": len(row["period"]) == 4, "final": row["bound"] != "expected",
                "single": len(row["period"]) == 7,
                "from_january": "/" in row["period"] and start[5:] == "01" and start[:4] == end[:4],
            }  # fmt: skip
            found.append(row)
    return tuple(found)


@cache
def grouped(*parts: str) -> dict[tuple[Any, ...], list[Row]]:
    """The figures that have some parts in common, by those."""
    groups = defaultdict(list)
    for row in figures():
        groups[tuple(row[part] for part in parts)].append(row)
    return groups


def like(row: Row, *parts: str) -> list[Row]:
    """The figures that have some parts in common with one, itself among them."""
    return grouped(*parts)[tuple(row[part] for part in parts)]


@cache
def targets() -> tuple[Row, ...]:
    found = []
    for path in sorted((IN_USE[0] / "target").glob("*.csv")):
        found += [row | {"year": int(row["year"])} for row in map(completed, rows_of(path))]
    return tuple(found)


def latest(rows: list[Row], *first: Any) -> Row | None:
    """Of several figures for one thing that which goes before the others: what `first` say, the last, the surer."""
    if not rows:
        return None
    rows = sorted(rows, key=lambda row: (row["place_in_list"], row["observation_id"]))
    return max(rows, key=lambda row: (*(test(row) for test in first), row["published"], row["surer"]))


# What follows from published figures


def before(period: str) -> str:
    return re.sub(r"\d{4}", lambda year: str(int(year[0]) - 1), period)


def count_text(span: Span) -> str | None:
    """Up to three whole numbers that a count may be."""
    numbers = [number for number in range(ceil(span.low), floor(span.high) + 1) if span.holds(Fraction(number))]
    return "或".join(map(str, numbers)) if 0 < len(numbers) <= 3 else None


def told(span: Span, decimals: int, *, whole: bool) -> Row:
    listed = count_text(span) if whole else None
    number, text = shown(span, decimals)
    number = Fraction(listed.split("或")[0]) if listed else number
    low, high = outward(span)
    text = listed or f"约{text}"
    return {"value": number, "text": text, "low": low, "high": high, "span": span, "about": not listed}


def base_rows() -> dict[str, Row]:
    """Last year's values by level / (1 + growth), where the growth is nominal, or nobody says what it is."""
    valued = [row for row in figures() if row["value"] is not None]
    known = {(row["park_id"], row["key"], row["period"]) for row in valued}
    found = {}
    for row in valued:
        if not row["flow"] or row["growth"] is None or row["bound"] != "none" or row["sum"]:
            continue
        if row["basis"] not in ("nominal", "unknown") or (row["park_id"], row["key"], row["end_year"]) in BREAKS:
            continue
        versions = [other for other in like(row, "park_id", "key", "period", "dimension") if other["value"] is not None]
        if latest(versions, lambda each: each["final"]) is not row:
            continue
        if (row["park_id"], row["key"], before(row["period"])) in known:
            continue
        level, growth = row["span"], row["grown"]
        span = Span(level.low / (1 + growth.high / 100), level.high / (1 + growth.low / 100), False, level.high_in)
        found[f"{row['observation_id']}-base"] = told(span, row["decimals"], whole=row["counted"]) | {
            "conditional": row["basis"] == "unknown",
            "period": before(row["period"]),
            "inputs": row["observation_id"],
            "formula": f"{row['value_text']} ÷ (1 + {row['growth_text']}%)",
        }
    return found


def related_rows() -> dict[str, Row]:
    """Shares, rests and wholes of shares of two figures of one text."""
    plain = [row for row in figures() if row["value"] is not None and row["bound"] == "none"]
    found = {}
    for way in rows_of(IN_USE[0] / "derivation.csv"):
        for one in (row for row in plain if row["indicator_id"] == way["first_id"]):
            for other in like(one, "park_id", "period", "source_id"):
                if other["indicator_id"] != way["second_id"] or other["value"] is None or other["bound"] != "none":
                    continue
                if way["kind"] != "whole_of_share" and one["unit_id"] != other["unit_id"]:
                    continue
                found[f"{one['observation_id']}-{way['derivation_id']}"] = _related(way["kind"], one, other) | {
                    "period": one["period"],
                    "inputs": f"{one['observation_id']}; {other['observation_id']}",
                    "conditional": None,
                }
    return found


def _related(kind: str, one: Row, other: Row) -> Row:
    a, b = one["span"], other["span"]
    texts = one["value_text"], other["value_text"]
    if kind == "rest":
        span = Span(a.low - b.high, a.high - b.low, a.low_in and b.high_in, a.high_in and b.low_in)
        places = max(one["decimals"], other["decimals"])
        return told(span, places, whole=False) | {"formula": f"{texts[0]} − {texts[1]}"}
    span = Span(100 * a.low / b.high, 100 * a.high / b.low, a.low_in and b.high_in, a.high_in and b.low_in)
    if kind == "share":
        return told(span, 0, whole=False) | {"formula": f"{texts[0]} ÷ {texts[1]}"}
    return told(span, 0, whole=True) | {"formula": f"{texts[0]} ÷ {texts[1]}%"}


# How targets stand


@cache
def rules() -> dict[str, Row]:
    found = [tomllib.loads(path.read_text("utf-8")) for path in sorted((DATA / "rules").glob("*.toml"))]
    return {rule["rule_id"]: rule for rule in found}


def holds(condition: str, names: Row) -> bool | None:
    """Whether a condition holds; None where a number that decides it is not known."""
    either = []
    for part in condition.split(" or "):
        every = [_compared(*each.split(), names) for each in part.split(" and ")]
        either.append(False if False in every else None if None in every else True)
    return True if True in either else None if None in either else False


def _compared(name: str, sign: str, other: str, names: Row) -> bool | None:
    one, two = names[name], names[other] if other in names else Fraction(other)
    if one is None or two is None:
        return None
    return {"<": one < two, "<=": one <= two, ">": one > two, ">=": one >= two, "=": one == two}[sign]


def light(lights: list[Row], otherwise: str, names: Row) -> str:
    """The first light whose condition holds; none where that cannot be said."""
    for each in lights:
        answer = holds(each["when"], names)
        if answer is None:
            return "cannot_judge"
        if answer:
            return each["status"]
    return otherwise


def closed(day: date) -> int:
    """Months that are over by a day."""
    return day.year * 12 + day.month - (0 if month_end(day.year, day.month) == day else 1)


ENDS = ("middle", "low", "high")


def ends(row: Row | None, scale: Fraction = Fraction(1), of: str = "value") -> dict[str, Fraction | None]:
    """A figure's number and the ends of what it may be."""
    if row is None or row[of] is None:
        return dict.fromkeys(ENDS)
    span = row["span"] if of == "value" else row["grown"]
    span = span.times(scale)
    return {"middle": row[of] * scale, "low": span.low, "high": span.high}


def revised(row: Row | None, rows: list[Row]) -> bool:
    """Whether another final number stands beside a figure, beyond rounding."""
    if row is None:
        return False
    final = [each for each in rows if each["bound"] == "none" and each["value"] is not None and _alike(each, row)]
    spans = [each["span"].times(each["factor"]) for each in final]
    return any(one.below(other) for one in spans for other in spans)


def _alike(one: Row, other: Row) -> bool:
    same = ("park_id", "key", "end_year", "month", "dimension")
    return all(one[part] == other[part] for part in same)


def chosen(rows: list[Row], target: Row, year: int) -> Row | None:
    """Of a place's figures of one definition and year the last month's that goes before the others."""
    mine = [r for r in rows if r["park_id"] == target["park_id"] and r["key"] == target["key"]]
    mine = [row for row in mine if row["end_year"] == year]
    if not mine:
        return None
    month = max(row["month"] for row in mine)
    of_month = [row for row in mine if row["month"] == month]
    return latest(of_month, lambda row: row["indicator_id"] == target["indicator_id"])


class Case:
    """One target on a day, with what had been published."""

    def __init__(self, target: Row, known: list[Row], rule: Row, asof: date) -> None:
        self.target, self.rule, self.asof = target, rule, asof
        self.growing, self.year = target["measure"] == "growth", target["year"]
        self.known = [row for row in known if row["whole_year"] or row["from_january"] or self._dated(row)]
        self.final = [row for row in self.known if row["final"]]
        valued = [row for row in self.final if row["value"] is not None]
        self.base = chosen([row for row in valued if row["month"] == 12], target, self.year - 1)
        self.actual = chosen(valued, target, self.year)
        growths = [row for row in self.final if row["growth"] is not None]
        self.growth = chosen(growths, target, self.year) if self.growing else None
        months = [row["month"] for row in (self.actual, self.growth) if row]
        self.month = max(months, default=None)
        self.actual = self.actual if self.actual and self.actual["month"] == self.month else None
        self.growth = self.growth if self.growth and self.growth["month"] == self.month else None
        self.past = self._past(valued)
        unit = target if not self.growing else self.base or self.actual
        self.unit = unit and (unit["dimension"], unit["factor"])
        self.mismatch = bool(self.actual and self.actual["dimension"] != self.unit[0])
        self.over = self.month == 12
        self.level = self._in_unit(self.actual)
        self.last = self._in_unit(self.base)
        self.then = self._in_unit(self.past)
        self.comparable = self._comparable()

    @staticmethod
    def _dated(row: Row) -> bool:
        return row["single"] and not row["flow"]

    def _past(self, valued: list[Row]) -> Row | None:
        if self.month is None or self.month == 12:
            return None
        rows = [row for row in valued if row["month"] == self.month and row["end_year"] == self.year - 1]
        mine = [r for r in rows if r["park_id"] == self.target["park_id"] and r["key"] == self.target["key"]]
        return latest(mine)

    def _in_unit(self, row: Row | None) -> dict[str, Fraction | None]:
        if row is None or row["dimension"] != self.unit[0]:
            return dict.fromkeys(ENDS)
        return ends(row, row["factor"] / self.unit[1])

    def _comparable(self) -> bool:
        """Whether the quotient of two levels is the growth: nominal, one scope, one version, no break."""
        nominal = self.target["basis"] == "nominal" and not self.target["sum"]
        other = self.base if self.over or self.month is None else self.past
        versions = revised(self.actual, self.final) or revised(other, self.final)
        return nominal and not self.broken and not versions

    @property
    def broken(self) -> bool:
        return (self.target["park_id"], self.target["key"], self.year) in BREAKS

    @property
    def divisor(self) -> dict[str, Fraction | None]:
        return self.last if self.over else self.then

    def held(self) -> tuple[str | None, dict[str, Fraction | None]]:
        """What is set against the target, and whether it was printed or follows from levels."""
        nothing = dict.fromkeys(ENDS)
        if not self.growing:
            return ("printed", self.level) if self.level["middle"] is not None else (None, nothing)
        if self.growth:
            return "printed", ends(self.growth, of="growth")
        under = self.divisor
        if self.level["middle"] is None or not self.comparable or not under["middle"] or under["middle"] <= 0:
            return None, nothing
        pairs = {"middle": "middle", "low": "high", "high": "low"}
        return "levels", {
            end: None if None in (self.level[end], under[other]) else 100 * (self.level[end] / under[other] - 1)
            for end, other in pairs.items()
        }

    def expected(self) -> bool:
        """Whether all that is known of the whole year is what was expected of it."""
        of = "growth" if self.growing else "value"
        rows = [row for row in self.known if not row["final"] and row["month"] == 12 and row[of] is not None]
        return not self.over and chosen(rows, self.target, self.year) is not None

    def reason(self) -> str | None:
        """Why no verdict is possible, as far as the figures tell: the first that holds."""
        judged = self.held()[0] is not None
        late = 0 if self.month is None else closed(self.asof) - (self.year * 12 + self.month)
        stale = self.month is not None and not self.over and late > self.rule["stale_months"]
        cut = self.growing and self.broken and self.target["basis"] == "nominal" and not self.growth
        why = {
            "FUTURE": self.year > self.asof.year,
            "UNIT_MISMATCH": self.mismatch and not judged,
            "SCOPE_MISMATCH": cut and self.actual,
            "EXPECTED": self.expected() and (not judged or stale),
            "STALE": judged and stale,
        }
        missing = {
            "SCOPE_MISMATCH": self.target["base_scope"] == "definition",
            "NO_GROWTH": self.growing and not self.comparable,
            "NO_BASE": self.growing and self.actual and self.over,
            "NO_PAST": self.growing and self.actual,
            "NO_ACTUAL": True,
        }
        first = next((code for code, holds in why.items() if holds), None)
        return first or (None if judged else next(code for code, holds in missing.items() if holds))

    @property
    def stock(self) -> bool:
        return not self.target["flow"] and not self.growing

    @property
    def down(self) -> bool:
        return self.target["direction"] == "down" and not self.growing

    def planned(self) -> tuple[str | None, dict[str, Fraction | None]]:
        """The share of the year planned by the month, from the place's own past alone."""
        for way in self.rule["planned_share"]:
            found = {"own_mean": self._own_mean, "last_year": self._last_year, "linear": self._linear}.get(way)
            share = found() if found else None
            if share is not None:
                return way, share
        return None, dict.fromkeys(ENDS)

    def _own_mean(self) -> dict[str, Fraction | None] | None:
        if self.stock:
            return None
        mine = [r for r in self.final if r["park_id"] == self.target["park_id"] and r["key"] == self.target["key"]]
        mine = [row for row in mine if row["value"] is not None and row["end_year"] < self.year]
        shares = []
        for year in {row["end_year"] for row in mine}:
            part = latest([row for row in mine if row["end_year"] == year and row["month"] == self.month])
            whole = latest([row for row in mine if row["end_year"] == year and row["month"] == 12])
            if part and whole and part["dimension"] == whole["dimension"]:
                shares.append(_quotient(ends(part, part["factor"]), ends(whole, whole["factor"])))
        if len(shares) < 2:
            return None
        return {end: _mean([share[end] for share in shares]) for end in ENDS}

    def _last_year(self) -> dict[str, Fraction | None] | None:
        if self.stock or self.then["middle"] is None or not self.last["middle"]:
            return None
        return _quotient(self.then, self.last)

    def _linear(self) -> dict[str, Fraction | None] | None:
        return dict.fromkeys(ENDS, Fraction(self.month, 12)) if self.stock else None

    def completion(self) -> dict[str, Fraction | None]:
        """Reached over wanted; of what stands at a date the way from its base."""
        wanted, base = self.target["value"], self.last["middle"]
        found = {}
        for end in ENDS:
            actual = self.level[end]
            if actual is None or self.growing:
                found[end] = None
            elif self.stock and base is not None and ((base > wanted) if self.down else (wanted > base)):
                found[end] = (actual - base) / (wanted - base)
            elif self.stock and self.down and actual > 0:
                found[end] = wanted / actual
            else:
                found[end] = actual / wanted
        return found

    def judged(self) -> Row:
        """Status, reason, near, gap in points, what was measured, and the target in its other form."""
        form = self.form()
        numbers = dict.fromkeys(("gap_points", "measured", "completion", "planned_share"))
        nothing = {"status": "cannot_judge", "near": False} | numbers | form
        reason = self.reason()
        if not reason and self.stock and not self.over and self.last["middle"] is None:
            reason = "NO_BASE"
        if reason:
            return nothing | {"reason": reason}
        basis, held = self.held()
        told = {"reason": None, "measured": held["middle"], "completion": self.completion()["middle"]} | form
        if self.over:
            told["planned_share"] = None if self.growing else Fraction(1)
            gap = held["middle"] - self.target["value"] if self.growing else 100 * (self.completion()["middle"] - 1)
            status, near = self.verdict(basis, held)
            return told | {"status": status, "near": near, "gap_points": gap}
        _way, share = self.planned() if not self.growing else (None, dict.fromkeys(ENDS))
        lights = {end: self.running(end, held, share) for end in ENDS}
        status = lights["middle"][0]
        if status == "cannot_judge":
            return nothing | {"reason": "NO_PLAN" if not self.growing and share["middle"] is None else "NO_ACTUAL"}
        near = lights["low"][0] != lights["high"][0]
        told["planned_share"] = share["middle"]
        return told | {"status": status, "near": near, "gap_points": lights["middle"][1]}

    def running(self, end: str, held: dict, share: dict) -> tuple[str, Fraction | None]:
        """The light while the year runs, and the gap in points, at one end of what is known."""
        other = {"middle": "middle", "low": "high", "high": "low"}[end]
        number, wanted = held[end], self.target["value"]
        rule, default = self.rule, rules()["default"]
        fits = self.target["measure"] in rule.get("measures", ("level", "growth", "milestone"))
        fits &= self.target["indicator_id"] in rule.get("indicators", (self.target["indicator_id"],))
        if self.growing:
            names = {"m": self.month, "g": number, "t": wanted, "peer": self.peer()}
            names["d"] = None if number is None else number - wanted
            of = rule if fits and rule.get("growth") else default
            return light(of["growth"], of.get("growth_otherwise", "behind"), names), names["d"]
        c, p = self.completion()[end], share[other]
        pace = None if None in (c, p) else Fraction(1) if p == 0 else c / p
        names = {"m": self.month, "c": c, "p": p, "s": pace, "d": None if None in (c, p) else 100 * (c - p)}
        reached = number is not None and (number <= wanted if self.down else number >= wanted)
        if self.down and self.target["flow"]:
            raise NotImplementedError("no ceiling was ever published")
        of = rule if fits and rule.get("light") else default
        return "met" if reached else light(of["light"], of["otherwise"], names), names["d"]

    def peer(self) -> Fraction | None:
        """Growth of the city that the place lies in."""
        if PLACES[self.target["park_id"]]["role"] not in ("self", "city_peer"):
            return None
        cities = [row for row in self.final if PLACES[row["park_id"]]["role"] == "city" and row["growth"] is not None]
        same = [row for row in cities if row["key"] == self.target["key"] and row["end_year"] == self.year]
        found = latest([row for row in same if row["month"] == self.month])
        return found and found["growth"]

    def verdict(self, basis: str, held: dict[str, Fraction | None]) -> tuple[str, bool]:
        """Of a year that is over: met where all that is possible reaches the target, missed where nothing does."""
        wanted, comparator = self.target["value"], self.target["comparator"]
        places = decimals_of(self.target["value_text"])
        room = Fraction(1, 2 * 10**places) if comparator == "about" else 0
        span = Span(held["low"], held["high"], True, False)
        if not self.growing:
            span = Span(held["low"], held["high"], self.actual["span"].low_in, self.actual["span"].high_in)
        wide = None if not span.known else span.high - span.low
        by_digits = comparator != "exceed" and basis == "printed" and held["middle"] == wanted
        by_digits = by_digits and wide is not None and wide < Fraction(1, 10**places)
        least = wanted - room
        if self.down:
            raise NotImplementedError("no target to fall was ever published")
        good = Span(least, None, comparator != "exceed")
        short = Span(None, least, False, comparator == "exceed")
        if by_digits:
            return "met", not span.high_in
        if short.below(span):
            return "met", False
        return ("missed", False) if span.below(good) else ("borderline", True)

    def form(self) -> Row:
        """What the target asks in its other form, where a growth and two levels are one."""
        span = self.base and self.base["span"].times(self.base["factor"] / self.unit[1])
        usable = self.base and self.base["bound"] == "none" and self.base["dimension"] == self.unit[0]
        if not usable or self.base["value"] <= 0 or not self.comparable:
            return {"form_low": None, "form_high": None}
        wanted = self.target["value"]
        if self.growing:
            return {"form_low": span.low * (1 + wanted / 100), "form_high": span.high * (1 + wanted / 100)}
        return {"form_low": 100 * (wanted / span.high - 1), "form_high": 100 * (wanted / span.low - 1)}


def _quotient(one: dict, other: dict) -> dict[str, Fraction | None]:
    pairs = {"middle": "middle", "low": "high", "high": "low"}
    return {end: None if None in (one[end], other[to]) else one[end] / other[to] for end, to in pairs.items()}


def _mean(numbers: list[Fraction | None]) -> Fraction | None:
    known = [number for number in numbers if number is not None]
    return sum(known) / len(known) if known else None


def standing(rule: str, asof: date) -> dict[str, Row]:
    """All targets that were known on a day."""
    known: dict[str, list[Row]] = {}
    for row in figures():
        if row["out"] and row["out"] <= asof:
            known.setdefault(row["key"], []).append(row)
    aims = [row for row in targets() if row["out"] and row["out"] <= asof]
    return {aim["target_id"]: Case(aim, known.get(aim["key"], []), rules()[rule], asof).judged() for aim in aims}


use(SOURCES)
