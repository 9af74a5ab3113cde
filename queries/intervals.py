"""Interval arithmetic on published numbers. Pure: no database, no page."""

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Interval:
    """All values that a printed number leaves open, both ends included."""

    low: Decimal
    high: Decimal

    @classmethod
    def printed(cls, digits: str) -> "Interval":
        """What rounding leaves open: 720.1 is 720.05 to 720.15."""
        number = Decimal(digits)
        half = Decimal(5).scaleb(int(number.as_tuple().exponent) - 1)
        return cls(number - half, number + half)

    @classmethod
    def exact(cls, digits: str) -> "Interval":
        """A decision or a count of months: nothing is open."""
        return cls(Decimal(digits), Decimal(digits))

    def __truediv__(self, other: "Interval") -> "Interval":
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError("the divisor may be zero")
        quotients = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(quotients), max(quotients))

    def plus(self, number: int) -> "Interval":
        """Both ends moved by an exact number."""
        return Interval(self.low + number, self.high + number)

    def times(self, number: int) -> "Interval":
        """Both ends multiplied by an exact, positive number."""
        return Interval(self.low * number, self.high * number)

    @property
    def middle(self) -> Decimal:
        """The centre of the interval."""
        return (self.low + self.high) / 2

    def shown(self, decimals: int) -> str:
        """The centre, rounded half up to `decimals` places, or to fewer where the interval is too wide for them.

        A digit is kept as long as its step is at least a fifth of the width:
        501.25 to 501.67 keeps one decimal, 13.95 to 14.81 none, 24798 to 24822 not even the units.
        """
        step = Decimal(1).scaleb(-decimals)
        while step < (self.high - self.low) / 5:
            step = step.scaleb(1)
        return f"{self.middle.quantize(step, ROUND_HALF_UP):f}"

    def whole(self) -> list[int]:
        """The whole numbers inside: what a count can be."""
        return list(range(math.ceil(self.low), math.floor(self.high) + 1))

    def outward(self, decimals: int = 4) -> tuple[float, float]:
        """Both ends rounded away from the centre, so that the interval printed still holds all values."""
        step = Decimal(10) ** -decimals
        return float(self.low.quantize(step, ROUND_FLOOR)), float(self.high.quantize(step, ROUND_CEILING))
