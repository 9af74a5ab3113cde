"""Where published figures do not fit each other, once more, with exact fractions and nothing of the product."""

from collections import defaultdict
from fractions import Fraction

from tests.tools.recomputed import EXPLAINED, NAMES, Row, Span, figures, grouped, latest, like, targets

# Per cent in a year, between which a real growth may stand beside two levels; the first where industry made more than
# so many per cent of the product the year before.
PRICES = (Fraction(-15), Fraction(40))
RAW_PRICES, INDUSTRY = Fraction(-50), Fraction("66.7")
Hits = dict[str, Row]


def level(row: Row) -> Span:
    """What a figure may be, in the base of its unit."""
    return row["span"].times(row["factor"])


def hit(low: Fraction, high: Fraction | None, observations: list[Row], aims: tuple[Row, ...] = ()) -> Row:
    return {
        "low": low, "high": high, "observations": [row["observation_id"] for row in observations],
        "targets": [aim["target_id"] for aim in aims],
    }  # fmt: skip


def price_low(row: Row) -> Fraction:
    """How far prices may have fallen, per cent."""
    shares = grouped("park_id", "indicator_id", "end_year", "whole_year")
    before = shares.get((row["park_id"], "secondary_industry_gdp_share", row["end_year"] - 1, True), [])
    ends = [share["span"].low for share in before]
    return RAW_PRICES if any(end is not None and end > INDUSTRY for end in ends) else PRICES[0]


def yearly() -> list[Row]:
    return [row for row in figures() if row["whole_year"]]


def final(row: Row) -> bool:
    return row["bound"] == "none" and row["value"] is not None


def growth_and_levels() -> Hits:
    """A nominal growth that is not the quotient of two levels; a real one that no change of prices joins with it."""
    known = [row for row in yearly() if final(row) and not row["sum"]]
    same = ("park_id", "key", "period", "dimension")
    single = [row for row in known if not any(level(row).apart(level(o)) for o in like(row, *same) if final(o))]
    by_series = defaultdict(list)
    for row in single:
        by_series[row["park_id"], row["key"], row["dimension"]].append(row)
    found = {}
    for row in single:
        if row["growth"] is None or row["basis"] not in ("nominal", "constant_price"):
            continue
        if (row["park_id"], row["key"], row["end_year"]) in EXPLAINED:
            continue
        bases = by_series[row["park_id"], row["key"], row["dimension"]]
        bases = [o for o in bases if o["end_year"] == row["end_year"] - 1 and level(o).low > 0]
        base = latest(bases, lambda o, of=row: o["indicator_id"] == of["indicator_id"])
        if base is None:
            continue
        up, under, grown = level(row), level(base), row["grown"]
        ratio = Span(up.low / under.high, up.high / under.low, up.low_in and under.high_in, up.high_in and under.low_in)
        if row["basis"] == "nominal":
            quotient = Span(100 * (ratio.low - 1), 100 * (ratio.high - 1), ratio.low_in, ratio.high_in)
            misfit = quotient.low - grown.high, quotient.high - grown.low
            apart = quotient.apart(grown)
        else:
            misfit = tuple(
                100 * (end / (1 + g / 100) - 1) for end, g in ((ratio.low, grown.high), (ratio.high, grown.low))
            )
            apart = misfit[0] > PRICES[1] or misfit[1] < price_low(row)
        if apart:
            key = ":".join(
                (row["park_id"], row["indicator_id"], row["period"], row["observation_id"], base["observation_id"])
            )
            found[key] = hit(*misfit, [row, base])
    return found


def series_falls() -> Hits:
    """A flow that lies below the year before in another text, while nothing says that it fell."""
    by_year = defaultdict(list)
    for row in yearly():
        if final(row) and row["flow"]:
            by_year[row["park_id"], row["key"], row["end_year"]].append(row)
    found = {}
    for (park, key, year), rows in by_year.items():
        later, earlier = latest(rows), latest(by_year.get((park, key, year - 1), []))
        if earlier is None or earlier["source_id"] == later["source_id"] or earlier["dimension"] != later["dimension"]:
            continue
        now, then = level(later), level(earlier)
        if not now.below(then) or (park, key, year) in EXPLAINED:
            continue
        growths = [row for row in like(later, "park_id", "key", "end_year") if row["growth"] is not None]
        of_year = [row for row in growths if row["whole_year"]]
        if any(row["grown"].low < 0 for row in growths):
            continue
        bases = {row["basis"] for row in of_year}
        if (bases or {later["basis"]}) == {"constant_price"}:
            least = min((row["grown"].low for row in of_year), default=Fraction(0))
            fell = now.high / then.low < (1 + least / 100) * (1 + price_low(later) / 100)
        else:
            fell = not of_year or bases == {"nominal"}
        if fell and not (of_year and later["sum"]):
            factor = later["factor"]
            misfit = (then.low - now.high) / factor, (then.high - now.low) / factor
            found[f"{park}:{key}:{later['period']}"] = hit(*misfit, [earlier, later])
    return found


def two_versions() -> Hits:
    """Numbers for one thing of which no value is all of them; what was expected stands for its number."""
    groups = defaultdict(list)
    for row in figures():
        span = level(row)
        if row["bound"] == "expected" and row["value"] is not None:
            number = row["value"] * row["factor"]
            span = Span(number, number, True, True)
        if span.known:
            groups[row["park_id"], row["key"], row["period"], row["dimension"]].append((row, span))
    found = {}
    for (park, key, period, _), group in groups.items():
        group.sort(key=lambda each: (each[0]["published"], each[0]["observation_id"]))
        spans = [span for _, span in group]
        if not any(one.below(other) for one in spans for other in spans):
            continue
        factor = group[0][0]["factor"]
        low = max(span.low for span in spans) - min(span.high for span in spans)
        high = max(span.high for span in spans) - min(span.low for span in spans)
        finals = sum(row["final"] for row, _ in group)
        found[f"{park}:{key}:{period}"] = hit(low / factor, high / factor, [row for row, _ in group]) | {
            "severity": "needs_definition" if finals > 1 else "note"
        }
    return found


def part_exceeds_whole() -> Hits:
    found = {}
    for part in figures():
        of = NAMES[part["indicator_id"]]["part_of"]
        for whole in like(part, "park_id", "period", "dimension") if of else ():
            if whole["indicator_id"] != of:
                continue
            one, other = level(part), level(whole)
            if one.low is not None and other.below(one):
                key = (part["park_id"], part["indicator_id"], part["period"], part["observation_id"])
                misfit = (one.low - other.high) / whole["factor"], (one.high - other.low) / whole["factor"]
                found[":".join((*key, whole["observation_id"]))] = hit(*misfit, [part, whole])
    return found


def target_below_base() -> Hits:
    """A level that last year's figure already goes beyond."""
    found = {}
    for aim in targets():
        if aim["measure"] != "level" or aim["direction"] != "up":
            continue
        for base in _bases(aim):
            span = base["span"].times(base["factor"] / aim["factor"])
            if span.low > aim["value"]:
                key = f"{aim['park_id']}:{aim['target_id']}:{base['observation_id']}"
                found[key] = hit(span.low - aim["value"], span.high - aim["value"], [base], (aim,))
    return found


def _bases(aim: Row) -> list[Row]:
    rows = [row for row in yearly() if final(row) and row["dimension"] == aim["dimension"]]
    return [r for r in rows if (r["park_id"], r["key"], r["end_year"]) == (aim["park_id"], aim["key"], aim["year"] - 1)]


def two_forms_of_a_target() -> Hits:
    """A level and a nominal growth of one goal, of which the published base makes two numbers."""
    found = {}
    same = ("park_id", "indicator_id", "year", "source_id")
    for aim in targets():
        for other in targets():
            if (aim["measure"], other["measure"]) != ("level", "growth") or any(aim[p] != other[p] for p in same):
                continue
            name = NAMES[other["indicator_id"]]
            nominal = (other["growth_basis"] or name["growth_basis"]) == "nominal"
            for base in _bases(aim) if nominal and not aim["sum"] else ():
                span = base["span"].times(base["factor"] / aim["factor"] * (1 + other["value"] / 100))
                if not span.holds(aim["value"]):
                    key = (aim["park_id"], aim["target_id"], other["target_id"], base["observation_id"])
                    misfit = span.low - aim["value"], span.high - aim["value"]
                    found[":".join(key)] = hit(*misfit, [base], (aim, other))
    return found


def one_value_two_names() -> Hits:
    """One number of five digits or more in two texts under two names."""
    found = {}
    groups = defaultdict(list)
    for row in figures():
        digits = "".join(filter(str.isdigit, row["value_text"] or "")).lstrip("0")
        if len(digits) >= 5:
            groups[row["park_id"], row["period"], row["unit_id"], row["value"]].append(row)
    for (park, period, _, _), rows in groups.items():
        for one in rows:
            for other in rows:
                if one["key"] < other["key"] and one["source_id"] != other["source_id"]:
                    key = f"{park}:{period}:{one['indicator_id']}:{other['indicator_id']}"
                    found[key] = hit(Fraction(0), Fraction(0), [one, other])
    return found


CHECKS = {
    check.__name__: check
    for check in (
        growth_and_levels, series_falls, two_versions, part_exceeds_whole, target_below_base, two_forms_of_a_target,
        one_value_two_names,
    )
}  # fmt: skip
