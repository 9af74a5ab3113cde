"""Parameters of the routes: what each may be, as the description for programs states it, and the checks."""

import re
from datetime import date
from typing import Annotated, Any, ClassVar

from fastapi import Path, Request
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from queries.api.errors import BadParameter
from queries.catalogue import catalogue
from queries.export import formats
from queries.targets.rules import DEFAULT_RULE

YEAR_OR_MONTH = r"^(?!0000)[0-9]{4}(-(0[1-9]|1[0-2]))?$"
DAY = r"^(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}$"
FURTHEST = 1_000_000_000

Suffix = Annotated[str, Path(description="The format", json_schema_extra={"enum": list(formats.ROWS)})]


def listed(what: str, of: tuple[str, ...] | str, example: str = "") -> Any:
    """Codes by comma; of: the codes, or the name of the list of codes that the data give."""
    return Field(
        None, description=f"{what}, several by comma; none: all", json_schema_extra=_of(of, example, many=True)
    )


def single(default: str | None, what: str, of: tuple[str, ...] | str) -> Any:
    """One code; of: as in listed()."""
    return Field(default, description=what, json_schema_extra=_of(of, default or ""))


def written(what: str, form: str, example: str, alias: str | None = None) -> Any:
    """Text of a form: a pattern, or "date"."""
    extra: dict[str, Any] = {"x-form": form, "x-example": example}
    return Field(None, alias=alias, description=what, json_schema_extra=extra)


def dated(what: str, example: str) -> Any:
    """A day."""
    return written(what, "date", example)


def _of(of: tuple[str, ...] | str, example: str, many: bool = False) -> dict[str, Any]:
    return {"x-codes": of if isinstance(of, str) else list(of), "x-many": many, "x-example": example}


class Whole(BaseModel):
    """Parameters of a route without filters."""

    bom: int = Field(1, ge=0, le=1, description="0: CSV without the byte order mark")
    limit: int | None = Field(None, ge=1, le=FURTHEST, description="at most so many rows; none: all")
    offset: int = Field(0, ge=0, le=FURTHEST, description="leave out so many rows first")


class Themed(Whole):
    """Filter of rows of a theme."""

    theme: str | None = single(None, "one theme; none: all", catalogue.THEMES)


class Placed(Themed):
    """Filters of rows that belong to a place."""

    park: str | None = listed("codes of places", "parks", "xthtz")
    lang: str = single("zh", "language of titles, locators and notes", catalogue.LANGUAGES)


class Dated(Placed):
    """Filters of rows of an indicator and a period."""

    indicator: str | None = listed("codes of indicators", "indicators", "total_revenue")
    since: str | None = written("from this year or month on: 2013 or 2013-06", YEAR_OR_MONTH, "2012", alias="from")
    to: str | None = written("up to this year or month: 2014 or 2014-09", YEAR_OR_MONTH, "2014")


class Judged(Dated):
    """Filters of targets, the rule by which they are judged, and what was known by which day."""

    rule: str = single(DEFAULT_RULE, "code of a rule", "rules")
    asof: str | None = dated("only what had been published by this day; none: by today", "2015-09-15")


class Lit(BaseModel):
    """Parameters of the routes of status."""

    theme: str | None = single(None, "one theme; none: all", catalogue.THEMES)
    park: str | None = listed("codes of places", "parks", "xthtz")
    lang: str = single("zh", "language of titles, locators and notes", catalogue.LANGUAGES)
    year: int | None = Field(
        None, description="year of the target", json_schema_extra={"minimum": 1980, "maximum": 2100}
    )
    rule: str = single(DEFAULT_RULE, "code of a rule", "rules")
    asof: str | None = dated("only what had been published by this day; none: by today", "2015-09-15")


class Found(Whole):
    """Filters of findings."""

    timeless: ClassVar[bool] = True

    severity: str | None = listed("severities", ("contradiction", "needs_definition", "note"))
    rule: str | None = listed("codes of rules of findings", "checks")
    park: str | None = listed("codes of places", "parks", "xthtz")
    lang: str = single("zh", "language of titles and caveats", catalogue.LANGUAGES)
    asof: str | None = dated("only what had been published by this day; none: all", "2015-09-15")


class Observed(Dated):
    """Filters of figures."""

    timeless: ClassVar[bool] = True

    evidence: str = Field(
        "published",
        description="kinds of evidence, several by comma",
        json_schema_extra=_of(("published", "derived", "own", "sample"), "published", many=True),
    )
    asof: str | None = dated("only what had been published by this day; none: all", "2015-09-15")


def only(request: Request, asked: BaseModel | None = None) -> None:
    """Refuse a parameter that the route does not have, or that comes twice: a slip would give other rows."""
    known = sorted(field.alias or name for name, field in type(asked).model_fields.items()) if asked else []
    given = request.query_params.multi_items()
    for parameter, _ in given:
        if parameter not in known:
            raise BadParameter(parameter, f"unknown parameter {parameter!r}", known)
        if [name for name, _ in given].count(parameter) > 1:
            raise BadParameter(parameter, f"{parameter} comes twice; write several codes by comma", [])
    # Without a day named the answer is that of today, but for what is the same on every day.
    named = "asof" in request.query_params or getattr(asked, "timeless", False)
    request.state.daily = "asof" in known and not named


def wanted(suffix: str, request: Request, asked: Whole) -> None:
    """404 for a format that there is not, 400 for a parameter that the route does not have."""
    if suffix not in formats.ROWS:
        raise HTTPException(404, f"no format {suffix!r}; there are {', '.join(formats.ROWS)}")
    only(request, asked)


def codes(where: str, text: str | None, legal: list[str]) -> list[str] | None:
    """A list by comma, each one of the legal codes; None when the parameter is not given."""
    if text is None:
        return None
    chosen = [code for code in text.split(",") if code]
    for code in chosen:
        if code not in legal:
            raise BadParameter(where, f"unknown {where} {code!r}", legal)
    return chosen


def one(where: str, text: str | None, legal: list[str]) -> str | None:
    """One of the legal codes, or None when the parameter is not given."""
    if text is not None and text not in legal:
        raise BadParameter(where, f"{where} takes one of these values, got {text!r}", legal)
    return text


def placed(asked: Placed | Lit) -> tuple[str | None, list[str] | None, str]:
    """Theme, places and language, once they are known to exist."""
    return (
        one("theme", asked.theme, list(catalogue.THEMES)),
        codes("park", asked.park, catalogue.get_parks()["park_id"].to_list()),
        one("lang", asked.lang, list(catalogue.LANGUAGES)) or "zh",
    )


def day(text: str | None) -> date | None:
    """A day as 2015-09-15; None when the parameter is not given."""
    if text is None:
        return None
    try:
        if not re.fullmatch(DAY, text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadParameter("asof", f"{text!r} is no day", ["2015-09-15"]) from error
