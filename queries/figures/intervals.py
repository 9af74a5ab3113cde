"""Interval arithmetic on published numbers. Pure: no database, no page."""

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

OPEN = Decimal("Infinity")
MOST_WHOLE_NUMBERS = 10_000  # so many whole numbers are listed at most


@dataclass(frozen=True)
class Interval:
    """All values that a printed number may stand for. An infinite end is open; low_in and high_in say whether the ends
    themselves are possible.
    """

    low: Decimal
    high: Decimal
    low_in: bool = True
    high_in: bool = True

    @classmethod
    def printed(cls, digits: str, bound: str = "none", *, count: bool = False) -> "Interval":
        """Return the interval that rounding or a bound word leaves.

        digits: the number in the printed text. 720.1 is 720.05 to 720.15, without 720.15, which would be printed 720.2;
        a count of whole things is exact. 以上 (at_least) and 突破 (exceeded) leave the upper side open; 余 (more_than)
        is more than the number and less than the next round one: 190余 lies between 190 and 200.
        Raises ValueError for 约 (about), which has no interval.
        """
        number = Decimal(digits)
        exponent = int(number.as_tuple().exponent)
        if bound == "about":
            raise ValueError(f"约{digits} has no interval: nobody said how far from it the value may be")
        if bound in ("at_least", "exceeded"):
            return cls(number, OPEN, bound == "at_least", False)
        if bound == "more_than":
            zeros = len(digits) - len(digits.rstrip("0")) if "." not in digits else exponent
            return cls(number, number + Decimal(1).scaleb(zeros), False, False)
        if count:
            return cls(number, number)
        half = Decimal(5).scaleb(exponent - 1)
        return cls(number - half, number + half, True, False)

    @classmethod
    def of(cls, row: Mapping[str, Any], kind: str = "") -> "Interval":
        """Return the interval of a row of get_observations(), as the table `figure` has it.

        kind: "" of the value in its unit, "base_" in the base of its dimension, "growth_" of the printed growth.
        Raises ValueError if the row has none.
        """
        low, high = row[f"{kind}low"], row[f"{kind}high"]
        if low is None:
            raise ValueError(f"{row['observation_id']} has no interval")
        printed = kind == "growth_"
        ends = (Decimal(repr(low)), OPEN if high is None else Decimal(repr(high)))
        return cls(*ends, printed or bool(row["low_in"]), not printed and bool(row["high_in"]))

    @classmethod
    def exact(cls, digits: str) -> "Interval":
        """Return the interval of one exact number, such as a decision or a count of months."""
        return cls(Decimal(digits), Decimal(digits))

    def __add__(self, other: "Interval") -> "Interval":
        return compute_range(lambda a, b: a + b, self, other)

    def __sub__(self, other: "Interval") -> "Interval":
        return compute_range(lambda a, b: a - b, self, other)

    def __mul__(self, other: "Interval") -> "Interval":
        return compute_range(lambda a, b: Decimal(0) if 0 in (a, b) else a * b, self, other)

    def __truediv__(self, other: "Interval") -> "Interval":
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError("the divisor may be zero")
        return compute_range(_divide, self, other)

    def plus(self, number: int) -> "Interval":
        """Add an exact number to both ends."""
        return self + Interval.exact(str(number))

    def times(self, number: int) -> "Interval":
        """Multiply both ends by an exact, positive number."""
        return self * Interval.exact(str(number))

    def holds(self, number: Decimal) -> bool:
        """Whether a value lies inside."""
        above = self.low < number or (self.low_in and self.low == number)
        return above and (number < self.high or (self.high_in and self.high == number))

    @property
    def open(self) -> bool:
        """Whether a side has no end."""
        return self.low.is_infinite() or self.high.is_infinite()

    @property
    def middle(self) -> Decimal:
        """The centre of the interval. Raises ValueError if a side is open."""
        if self.open:
            raise ValueError("an interval with an open side has no centre")
        return (self.low + self.high) / 2

    def shown(self, decimals: int) -> str:
        """Return the centre, rounded half up to `decimals` places, or to fewer if the interval is too wide for them.

        A digit is kept as long as its step is at least a fifth of the width:
        501.25 to 501.67 keeps one decimal, 13.95 to 14.81 none, 24798 to 24822 not even the units;
        but never so few that the number shown would lie outside the interval, and more if it would.
        """
        finest, middle = Decimal(1).scaleb(-decimals), self.middle
        step = finest
        while step < (self.high - self.low) / 5:
            step = step.scaleb(1)
        while self.low < self.high and not self.holds(middle.quantize(step, ROUND_HALF_UP)):
            step = step.scaleb(-1)  # a rounder number would lie outside
        return f"{middle.quantize(step, ROUND_HALF_UP):f}"

    def whole_numbers(self) -> list[int]:
        """Return the whole numbers inside: the values that a count can have.

        Raises ValueError if a side is open or the interval is wider than MOST_WHOLE_NUMBERS.
        """
        if self.open or self.high - self.low > MOST_WHOLE_NUMBERS:
            raise ValueError("too many whole numbers to list")
        numbers = range(math.ceil(self.low), math.floor(self.high) + 1)
        return [number for number in numbers if self.holds(Decimal(number))]

    def outward(self, decimals: int = 4) -> tuple[float | None, float | None]:
        """Return both ends, rounded outward so that the printed interval still holds all values; None: open."""
        step = Decimal(10) ** -decimals
        low = None if self.low.is_infinite() else float(self.low.quantize(step, ROUND_FLOOR))
        return low, None if self.high.is_infinite() else float(self.high.quantize(step, ROUND_CEILING))


def compute_range(function: Callable[..., Decimal | None], *inputs: Interval) -> Interval:
    """Compute the range of a function of several intervals. Each enters once, however often the formula names it.

    The function must be monotone in each input while the others are constant, over the whole box of inputs: then
    the ends of its range lie at the ends of the inputs. An end is possible itself if all ends of inputs that give
    it are. If the function returns None, that corner has no value, such as infinity over infinity.
    """
    corners: list[tuple[Decimal, bool]] = []
    ends = [((part.low, part.low_in), (part.high, part.high_in)) for part in inputs]
    for corner in itertools.product(*ends):
        value = function(*(end for end, _ in corner))
        if value is not None and not value.is_nan():
            corners.append((value, all(possible for _, possible in corner) and not value.is_infinite()))
    low, high = min(value for value, _ in corners), max(value for value, _ in corners)
    return Interval(
        low,
        high,
        any(possible for value, possible in corners if value == low),
        any(possible for value, possible in corners if value == high),
    )


def _divide(a: Decimal, b: Decimal) -> Decimal | None:
    if a.is_infinite() and b.is_infinite():
        return None
    return Decimal(0) if b.is_infinite() else a / b
