"""Parse periods as readers write them: a year or a month."""

import calendar
import re
from datetime import date

FORM = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?", re.ASCII)


def parse_first_day(text: str | None) -> date | None:
    """Return the first day of a year (2013) or month (2013-06); None for None.

    Raises ValueError with the expected form.
    """
    if text is None:
        return None
    year, month = _parse_year_and_month(text)
    return date(year, month or 1, 1)


def parse_last_day(text: str | None) -> date | None:
    """Return the last day of a year (2013) or month (2013-06); None for None.

    Raises ValueError with the expected form.
    """
    if text is None:
        return None
    year, month = _parse_year_and_month(text)
    return date(year, month or 12, calendar.monthrange(year, month or 12)[1])


def _parse_year_and_month(text: str) -> tuple[int, int | None]:
    match = FORM.fullmatch(text)
    if not match or not int(match[1]) >= 1:
        raise ValueError(f"not a year or month: {text!r}. Write 2013 or 2013-06.")
    return int(match[1]), int(match[2]) if match[2] else None
