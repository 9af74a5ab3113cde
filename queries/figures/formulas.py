"""Formulas of computed figures as English readers see them: in the units shown with the figures."""

import re
from decimal import Decimal
from functools import lru_cache

from queries.catalogue import catalogue
from queries.database.engine import get_data_version

NUMBER = re.compile(r"(预计)?(-?\d+(?:\.\d+)?)([\u4e00-\u9fff]+)?(%)?")
# Numbers of the formula itself, which nobody printed: (1 + 43.6%), − 1, × 100.
CONSTANT = re.compile(r"(?<=\()1(?= [+−])|(?<=− )1$|(?<=× )100$")


def translate_formula(formula: str, scale: str = "1") -> str:
    """Return a formula with its numbers in the units that English readers expect: 720.1亿元 is 72.01 billion yuan.

    formula: as in queries.figures.observations. scale: of the figure's own unit, for numbers printed without a
    unit. A unit is left out if several units share its Chinese word, such as 家.
    """
    constants = {match.start() for match in CONSTANT.finditer(formula)}

    def told(match: re.Match[str]) -> str:
        expected, number, unit, percent = match.groups()
        if percent or match.start() in constants:
            return match[0]
        factor, called = _get_unit_scales(get_data_version()).get(unit, (scale, "")) if unit else (scale, "")
        shown = f"{(Decimal(number) * Decimal(factor)).normalize():,f}"
        shown = f"{shown}%" if called == "%" else f"{shown} {called}".strip()
        return f"{shown} (expected)" if expected else shown

    return NUMBER.sub(told, formula)


@lru_cache(maxsize=2)
def _get_unit_scales(_version: str) -> dict[str, tuple[str, str]]:
    """Return scale and English name of each printed unit; an empty name if several units are printed alike."""
    found: dict[str, tuple[str, str]] = {}
    for row in catalogue.get_units().iter_rows(named=True):
        known = found.get(row["name_zh"])
        alike = known is None or known == (row["scale_en"], row["scaled_name_en"])
        found[row["name_zh"]] = (row["scale_en"], row["scaled_name_en"] if alike else "")
    return found
