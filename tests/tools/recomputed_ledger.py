"""The sample ledger once more, with exact fractions and nothing of the product: lights, scores, services."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import ceil

import chinese_calendar

from tests.tools.recomputed import DATA, NAMES, Row, Span, closed, half_up, light, rounded, rows_of, rules

ARRIVED = {
    "target": "set_on", "monthly_plan": "approved", "monthly_return": "reported", "task": "assigned",
    "supervision": "issued", "service_case": "accepted", "assessment_rule": "declared", "department": "since",
}  # fmt: skip
KEPT = ("nominal", "unknown", "restated")  # bases on which an office's own two years may be divided
CENT = Fraction(1, 100)


@cache
def sheet(name: str) -> tuple[Row, ...]:
    return tuple(rows_of(DATA / "sample" / f"{name}.csv"))


def known(name: str, day: date) -> list[Row]:
    """Rows of a sheet that had come in by a day."""
    return [row for row in sheet(name) if date.fromisoformat(row[ARRIVED[name]]) <= day]


def day_of(text: str | None, day: date) -> date | None:
    """When something happened, if that was by the day."""
    found = text and date.fromisoformat(text)
    return found if found and found <= day else None


class Aim:
    """One target of the ledger on a day."""

    def __init__(self, row: Row, day: date, rule: Row) -> None:
        self.row, self.day, self.rule = row, day, rule
        self.year, self.wanted = int(row["year"]), Fraction(row["value"])
        self.growing = row["measure"] == "growth"
        name = NAMES[row["indicator_id"]]
        self.flow, self.basis = name["measure"] == "flow", name["growth_basis"]
        returns = [each for each in known("monthly_return", day) if each["indicator_id"] == row["indicator_id"]]
        self.returned = {each["month"]: Fraction(each["value"]) for each in returns if each["value"]}
        self.reported = {each["month"]: Fraction(each["growth"]) for each in returns if each["growth"]}
        plans = [each for each in known("monthly_plan", day) if each["indicator_id"] == row["indicator_id"]]
        self.plans = {each["month"]: Fraction(each["value"]) for each in plans}
        months = [month for month in (*self.returned, *self.reported) if int(month[:4]) == self.year]
        self.month = max((int(month[5:]) for month in months), default=None)
        at = f"-{self.month or 0:02d}"
        self.actual, self.past = self.returned.get(f"{self.year}{at}"), self.returned.get(f"{self.year - 1}{at}")
        self.growth = self.reported.get(f"{self.year}{at}")
        self.base = self.returned.get(f"{self.year - 1}-12")
        self.over = self.month == 12

    def growth_of_month(self) -> Fraction | None:
        """As the statistics give it; else of two levels where they make one."""
        if self.growth is not None:
            return self.growth
        divided = self.flow and self.basis in KEPT and self.actual is not None and self.past
        return 100 * (self.actual / self.past - 1) if divided else None

    def planned(self) -> Fraction | None:
        """The share of the year, or of the way from the base, that was to be gone by the month."""
        plan = self.plans.get(f"{self.year}-{self.month:02d}")
        for way in self.rule["planned_share"]:
            if way == "plan" and plan is not None and self.flow:
                return plan / self.plans.get(f"{self.year}-12", self.wanted)
            if way == "plan" and plan is not None and self.base is not None:
                return (plan - self.base) / (self.wanted - self.base)
            if way == "own_mean" and self.flow and (shares := self.own_shares()):
                return sum(shares) / len(shares)
            if way == "last_year" and self.flow and self.past is not None and self.base:
                return self.past / self.base
            if way == "linear" and not self.flow:
                return Fraction(self.month, 12)
        return None

    def own_shares(self) -> list[Fraction]:
        years = {int(month[:4]) for month in self.returned if int(month[:4]) < self.year}
        parts = [(self.returned.get(f"{y}-{self.month:02d}"), self.returned.get(f"{y}-12")) for y in years]
        shares = [part / whole for part, whole in parts if part is not None and whole]
        return shares if len(shares) > 1 else []

    def completion(self) -> Fraction | None:
        if self.growing or self.actual is None:
            return None
        if self.flow or self.base is None:
            return self.actual / self.wanted
        return (self.actual - self.base) / (self.wanted - self.base)

    def reason(self) -> str | None:
        if self.month is None:
            return "NO_ACTUAL"
        if not self.over and closed(self.day) - (self.year * 12 + self.month) > self.rule["stale_months"]:
            return "STALE"
        if not self.flow and not self.growing and not self.over and self.base is None:
            return "NO_BASE"
        if self.growing and self.growth_of_month() is None:
            return "NO_PAST" if self.basis in KEPT else "NO_GROWTH"
        return None

    def told(self) -> Row:
        """The light and what stands beside it."""
        found = dict.fromkeys(("completion", "planned_share", "gap_points", "outlook", "needed_per_month"))
        found |= {"growth_of_month": self.growth_of_month() if self.month else None, "status": "cannot_judge"}
        found |= {"reason": self.reason(), "near": False}
        if found["reason"]:
            return found
        done, share = self.completion(), None if self.growing else self.planned()
        if self.over:
            return found | self.verdict(done)
        span = self.grown()
        number = span and self.growth_of_month()
        status, gap = self.running(number, done, share)
        if status == "cannot_judge":
            return found | {"reason": "NO_PLAN" if not self.growing and share is None else "NO_ACTUAL"}
        # A level of a ledger is what it is; a growth is rounded.
        near = self.growing and self.running(span.low, None, None)[0] != self.running(span.high, None, None)[0]
        found |= {"status": status, "near": near, "completion": done, "planned_share": share, "gap_points": gap}
        left = 12 - self.month
        if self.flow and not self.growing:
            carried = self.base * self.actual / self.past if self.base is not None and self.past else None
            found["outlook"] = carried if carried is not None else self.actual / share if share else None
            found["needed_per_month"] = (self.wanted - self.actual) / left
        elif self.growing and self.basis in KEPT and self.base is not None and self.actual is not None:
            found["needed_per_month"] = (self.base * (1 + self.wanted / 100) - self.actual) / left
        return found

    def running(self, grown: Fraction | None, done: Fraction | None, share: Fraction | None) -> tuple[str, Fraction]:
        """The light while the year runs, and the gap in points."""
        if self.growing:
            gap = grown - self.wanted
            of = self.rule if self.fits("growth") else rules()["default"]
            names = {"m": self.month, "g": grown, "t": self.wanted, "d": gap, "peer": None}
            return light(of["growth"], of.get("growth_otherwise", "behind"), names), gap
        gap = None if share is None else 100 * (done - share)
        of = self.rule if self.fits("light") else rules()["default"]
        # Where nothing was to be there yet, nothing is late.
        pace = None if share is None else done / share if share else Fraction(1)
        names = {"m": self.month, "c": done, "p": share, "d": gap, "s": pace}
        return "met" if self.actual >= self.wanted else light(of["light"], of["otherwise"], names), gap

    def grown(self) -> Span | None:
        """What the growth may be that is set against the target."""
        if not self.growing:
            return None
        if self.growth is None:
            number = self.growth_of_month()
            return Span(number, number, True, True)
        month, code = f"{self.year}-{self.month:02d}", self.row["indicator_id"]
        returns = (row for row in sheet("monthly_return") if (row["month"], row["indicator_id"]) == (month, code))
        return rounded(next(returns)["growth"])

    def verdict(self, done: Fraction | None) -> Row:
        """Of a year that is over. Levels of a ledger are exact; a growth is as the statistics round it."""
        if not self.growing:
            status = "met" if self.actual >= self.wanted else "missed"
            return {"status": status, "completion": done, "planned_share": Fraction(1), "gap_points": 100 * (done - 1)}
        span, grown = self.grown(), self.growth_of_month()
        by_digits = self.growth is not None and self.growth == self.wanted
        missed = "missed" if span.below(Span(self.wanted, None)) else "borderline"
        status = "met" if by_digits or span.low >= self.wanted else missed
        return {"status": status, "gap_points": grown - self.wanted, "near": by_digits or status == "borderline"}

    def fits(self, lights: str) -> bool:
        named = self.row["indicator_id"] in self.rule.get("indicators", (self.row["indicator_id"],))
        measured = self.row["measure"] in self.rule.get("measures", ("level", "growth"))
        return bool(named and measured and self.rule.get(lights))


def standing(day: date, rule: str = "default") -> dict[str, Row]:
    return {row["target_id"]: Aim(row, day, rules()[rule]).told() for row in known("target", day)}


# Scores


def task(code: str, day: date) -> tuple[str, Fraction, bool]:
    """How a task stands: crossed_off, crossed_off_late or open; the share done; whether it was ever sent back."""
    row = next(row for row in known("task", day) if row["task_id"] == code)
    finished, assessed = day_of(row["finished"], day), day_of(row["assessed"], day)
    passed = row["verdict"] == "pass" and assessed and finished and row["proof"]
    back = day_of(row["returned"], day) is not None or (row["verdict"] == "return" and assessed is not None)
    if passed and row["assessor_id"] and row["assessor_id"] != row["department_id"]:
        late = finished > date.fromisoformat(row["due"])
        return "crossed_off_late" if late else "crossed_off", Fraction(1), back
    steps = [step for step in sheet("step") if step["task_id"] == code and day_of(step["done"], day)]
    return "open", sum((Fraction(step["share"]) for step in steps), Fraction(0)) / 100, back


def items(day: date) -> dict[str, Row]:
    """Every declared item: weight by completion up to the cap, or less so much a point; and what is added or taken."""
    aims, found = standing(day), {}
    ordered = {row[of] for row in known("supervision", day) for of in ("target_id", "task_id") if row[of]}
    for row in known("assessment_rule", day):
        weight, cap = Fraction(row["weight"]), Fraction(row["cap"] or 100) / 100
        short, completion, state, back = None, None, None, None
        if row["task_id"]:
            state, completion, back = task(row["task_id"], day)
        else:
            aim = aims[row["target_id"]]
            state, completion = aim["status"], aim["completion"]
            if next(a for a in sheet("target") if a["target_id"] == row["target_id"])["measure"] == "growth":
                short = None if aim["gap_points"] is None else max(Fraction(0), -aim["gap_points"])
        counted = None if completion is None else min(max(completion, Fraction(0)), cap)
        if short is not None and row["per_point"]:
            counted = max(Fraction(0), 1 - Fraction(row["per_point"]) * short / weight)
        when = row["adjust_when"]
        holds = when and {
            "late": state == "crossed_off_late", "returned": back, "missed": state == "missed", "met": state == "met",
            "ordered": (row["target_id"] or row["task_id"]) in ordered,
        }[when]  # fmt: skip
        points = None if counted is None else half_up(weight * counted, CENT)
        adjusted = half_up(Fraction(row["adjustment"]), CENT) if holds else Fraction(0)
        may = Fraction(row["adjustment"] or 0) if points is None else Fraction(0)
        low, high = (min(may, 0), max(may, 0)) if may else (adjusted, adjusted)
        found[row["rule_id"]] = {
            "completion": completion, "short": short, "points": points, "holds": holds, "adjusted": adjusted,
            "score": None if points is None else points + adjusted, "department_id": row["department_id"],
            "low": (points or Fraction(0)) + low, "high": (weight * cap if points is None else points) + high,
        }  # fmt: skip
    return found


def scores(day: date) -> dict[str, Row]:
    """Of each department the sum of its items as they are shown, and its place."""
    parts, found = items(day), {}
    for department in known("department", day):
        code = department["department_id"]
        mine = [part for part in parts.values() if part["department_id"] == code]
        whole = mine and all(part["score"] is not None for part in mine)
        found[code] = {
            "items": len(mine), "score": sum(part["score"] for part in mine) if whole else None,
            "low": sum(part["low"] for part in mine) if mine else None,
            "high": sum(part["high"] for part in mine) if mine else None,
        }  # fmt: skip
    for row in found.values():
        ahead = [o for o in found.values() if o["score"] is not None and row["score"] is not None]
        row["rank"] = None if row["score"] is None else 1 + sum(o["score"] > row["score"] for o in ahead)
    return found


# Services


@cache
def working_days(first: date, last: date) -> int:
    """Working days after one day and up to another."""
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(chinese_calendar.is_workday(day) for day in days)


def services(day: date, group: str) -> dict[str, Row]:
    """How promises were kept, by service, department or month of the end."""
    groups = defaultdict(list)
    for row in known("service_case", day):
        end = day_of(row["finished"], day)
        used = working_days(date.fromisoformat(row["accepted"]), end or day)
        case = {"end": end, "used": used, "late": used > int(row["promised_days"]), "said": end and row["satisfaction"]}
        code = {"service": row["service"], "department": row["department_id"], "month": end and f"{end:%Y-%m}"}[group]
        if code:
            groups[code].append(case)
    return {code: _kept(cases) for code, cases in groups.items()}


def _kept(cases: list[Row]) -> Row:
    done = [case for case in cases if case["end"]]
    used = sorted(case["used"] for case in done)
    kept = sum(not case["late"] for case in done)
    said = [Fraction(case["said"]) for case in cases if case["said"]]
    middle = used[(len(used) - 1) // 2 : len(used) // 2 + 1]
    return {
        "cases": len(cases), "closed": len(done), "on_time": kept,
        "share": Fraction(kept, len(done)) if done else None,
        "median": Fraction(sum(middle), len(middle)) if used else None,
        "p90": used[ceil(Fraction(9, 10) * len(used)) - 1] if used else None,
        "open_late": sum(case["late"] for case in cases if not case["end"]),
        "satisfaction": sum(said) / len(said) if said else None,
    }  # fmt: skip
