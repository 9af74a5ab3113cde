"""Stop the calendar of a Python process at GOLDEN_NOW, seconds since 1970: imported by Python itself at its start.

The classes of datetime stay what they are, since libraries in C ask for exactly them; only today() and now() are put
in their place. Clocks that count (time.monotonic, time.time) go on, so that timeouts work.
"""

import ctypes
import datetime
import gc
import os

NOW = float(os.environ.get("GOLDEN_NOW", "nan"))


def put(kind: type, name: str, function: object) -> None:
    """Put a class method into a class written in C."""
    gc.get_referents(kind.__dict__)[0][name] = classmethod(function)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def now(kind: type, tz: datetime.tzinfo | None = None) -> datetime.datetime:
    """Return the moment at which the calendar stands; without a zone that of UTC."""
    moment = kind.fromtimestamp(NOW, tz or datetime.UTC)
    return moment if tz else moment.replace(tzinfo=None)


def today(kind: type) -> datetime.date:
    """Return the day at which the calendar stands."""
    day = datetime.datetime.fromtimestamp(NOW, datetime.UTC)
    return now(kind) if issubclass(kind, datetime.datetime) else kind(day.year, day.month, day.day)


if NOW == NOW:  # noqa: PLR0124 - nan: not told
    put(datetime.date, "today", today)
    put(datetime.datetime, "now", now)
    put(datetime.datetime, "today", today)
