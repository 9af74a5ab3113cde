"""Formulas of computed figures as English readers see them: in the units that stand beside them."""

import re
from decimal import Decimal
from functools import lru_cache

from queries.catalogue import catalogue
from queries.database.engine import data_version

NUMBER = re.compile(r"(预计)?(-?\d+(?:\.\d+)?)([\u4e00-\u9fff]+)?(%)?")
# Numbers of the formula itself, which nobody printed: (1 + 43.6%), − 1, × 100.
CONSTANT = re.compile(r"(?<=\()1(?= [+−])|(?<=− )1$|(?<=× )100$")


def in_english(formula: str, scale: str = "1") -> str:
    """A formula with its numbers in the units that English readers expect: 720.1亿元 is 72.01 billion yuan.

    formula: as in queries.figures.observations. scale: of the figure's own unit, for numbers that have no unit with
    them. A unit that one Chinese word shares with others, such as 家, is left out.
    """
    constants = {match.start() for match in CONSTANT.finditer(formula)}

    def told(match: re.Match[str]) -> str:
        expected, number, unit, percent = match.groups()
        if percent or match.start() in constants:
            return match[0]
        factor, called = _units(data_version()).get(unit, (scale, "")) if unit else (scale, "")
        shown = f"{(Decimal(number) * Decimal(factor)).normalize():,f}"
        shown = f"{shown}%" if called == "%" else f"{shown} {called}".strip()
        return f"{shown} (expected)" if expected else shown

    return NUMBER.sub(told, formula)


@lru_cache(maxsize=2)
def _units(_version: str) -> dict[str, tuple[str, str]]:
    """Scale and English name of each printed unit; no name where several units are printed alike."""
    found: dict[str, tuple[str, str]] = {}
    for row in catalogue.units().iter_rows(named=True):
        known = found.get(row["name_zh"])
        alike = known is None or known == (row["scale_en"], row["scaled_name_en"])
        found[row["name_zh"]] = (row["scale_en"], row["scaled_name_en"] if alike else "")
    return found
