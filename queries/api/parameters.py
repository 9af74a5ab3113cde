"""Parameters of the routes: what each may be, as the description for programs states it, and the checks."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, ClassVar, TypeVar

from fastapi import Path, Request
from pydantic import BaseModel, BeforeValidator, Field
from starlette.exceptions import HTTPException

from data.languages import LANGUAGES, find_language_code
from queries.api.errors import BadParameter
from queries.catalogue import catalogue
from queries.export import formats
from queries.targets.rules import DEFAULT_RULE

YEAR_OR_MONTH = r"^(?!0000)[0-9]{4}(-(0[1-9]|1[0-2]))?$"
DAY = r"^(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}$"
FURTHEST = 1_000_000_000

Default = TypeVar("Default", str, str | None)
# A region is taken and left out: en-US is en. Another language is refused where the parameters are checked.
Language = Annotated[str, BeforeValidator(lambda text: find_language_code(text) or text)]
Suffix = Annotated[str, Path(description="The format", json_schema_extra={"enum": list(formats.ROWS)})]


def codes_field(what: str, of: Iterable[str] | str, example: str = "") -> str | None:
    """Codes separated by commas; of: the codes, or the name of the list of codes that the data give."""
    return Field(
        None,
        description=f"{what}, several separated by commas; none: all",
        json_schema_extra=_of(of, example, many=True),
    )


def code_field(default: Default, what: str, of: Iterable[str] | str) -> Default:
    """One code; of: as in codes_field()."""
    return Field(default, description=what, json_schema_extra=_of(of, default or ""))


def text_field(what: str, form: str, example: str, alias: str | None = None) -> str | None:
    """Text of a form: a pattern, or "date"."""
    extra: dict[str, Any] = {"x-form": form, "x-example": example}
    return Field(None, alias=alias, description=what, json_schema_extra=extra)


def day_field(what: str, example: str) -> str | None:
    """A day."""
    return text_field(what, "date", example)


def _of(of: Iterable[str] | str, example: str, many: bool = False) -> dict[str, Any]:
    return {"x-codes": of if isinstance(of, str) else list(of), "x-many": many, "x-example": example}


class FormatParameters(BaseModel):
    """Parameters of a route without filters."""

    bom: int = Field(1, ge=0, le=1, description="0: CSV without the byte order mark")
    limit: int | None = Field(None, ge=1, le=FURTHEST, description="maximum number of rows; none: all")
    offset: int = Field(0, ge=0, le=FURTHEST, description="number of rows to skip")


class ThemeParameters(FormatParameters):
    """Filter of rows of a theme."""

    theme: str | None = code_field(None, "one theme; none: all", catalogue.THEMES)


class PlaceParameters(ThemeParameters):
    """Filters of rows that belong to a place."""

    park: str | None = codes_field("codes of places", "parks", "xthtz")
    lang: Language = code_field("zh", "language of titles, locators and notes", LANGUAGES)


class PeriodParameters(PlaceParameters):
    """Filters of rows of an indicator and a period."""

    indicator: str | None = codes_field("codes of indicators", "indicators", "total_revenue")
    since: str | None = text_field("from this year or month on: 2013 or 2013-06", YEAR_OR_MONTH, "2012", alias="from")
    to: str | None = text_field("up to this year or month: 2014 or 2014-09", YEAR_OR_MONTH, "2014")


class TargetParameters(PeriodParameters):
    """Filters of targets, the rule by which they are judged, and what was known by which day."""

    rule: str = code_field(DEFAULT_RULE, "code of a rule", "rules")
    asof: str | None = day_field("only what had been published by this day; none: by today", "2015-09-15")


class StatusParameters(BaseModel):
    """Parameters of the routes of status."""

    theme: str | None = code_field(None, "one theme; none: all", catalogue.THEMES)
    park: str | None = codes_field("codes of places", "parks", "xthtz")
    lang: Language = code_field("zh", "language of titles, locators and notes", LANGUAGES)
    year: int | None = Field(
        None, description="year of the target", json_schema_extra={"minimum": 1980, "maximum": 2100}
    )
    rule: str = code_field(DEFAULT_RULE, "code of a rule", "rules")
    asof: str | None = day_field("only what had been published by this day; none: by today", "2015-09-15")


class FindingParameters(FormatParameters):
    """Filters of findings."""

    timeless: ClassVar[bool] = True

    severity: str | None = codes_field("severities", ("contradiction", "needs_definition", "note"))
    rule: str | None = codes_field("codes of rules of findings", "checks")
    park: str | None = codes_field("codes of places", "parks", "xthtz")
    lang: Language = code_field("zh", "language of titles and caveats", LANGUAGES)
    asof: str | None = day_field("only what had been published by this day; none: all", "2015-09-15")


class ObservationParameters(PeriodParameters):
    """Filters of figures."""

    timeless: ClassVar[bool] = True

    evidence: str = Field(
        "published",
        description="kinds of evidence, several separated by commas",
        json_schema_extra=_of(("published", "derived", "own", "sample"), "published", many=True),
    )
    asof: str | None = day_field("only what had been published by this day; none: all", "2015-09-15")


def check_parameters(request: Request, asked: BaseModel | None = None) -> None:
    """Refuse a parameter that the route does not have, or that comes twice: a typing error would give other rows."""
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


def check_format(suffix: str, request: Request, asked: FormatParameters) -> None:
    """404 for a format that does not exist, 400 for a parameter that the route does not have."""
    if suffix not in formats.ROWS:
        raise HTTPException(404, f"no format {suffix!r}; there are {', '.join(formats.ROWS)}")
    check_parameters(request, asked)


def parse_codes(where: str, text: str | None, legal: list[str]) -> list[str] | None:
    """A list by comma, each one of the legal codes; None when the parameter is not given."""
    if text is None:
        return None
    chosen = [code for code in text.split(",") if code]
    for code in chosen:
        if code not in legal:
            raise BadParameter(where, f"unknown {where} {code!r}", legal)
    return chosen


def parse_code(where: str, text: str | None, legal: list[str]) -> str | None:
    """One of the legal codes, or None when the parameter is not given."""
    if text is not None and text not in legal:
        raise BadParameter(where, f"{where} takes one of these values, got {text!r}", legal)
    return text


def parse_place_filters(asked: PlaceParameters | StatusParameters) -> tuple[str | None, list[str] | None, str]:
    """Theme, places and language, once they are known to exist."""
    return (
        parse_code("theme", asked.theme, list(catalogue.THEMES)),
        parse_codes("park", asked.park, catalogue.get_parks()["park_id"].to_list()),
        parse_code("lang", asked.lang, list(LANGUAGES)) or "zh",
    )


def parse_day(text: str | None) -> date | None:
    """A day as 2015-09-15; None when the parameter is not given."""
    if text is None:
        return None
    try:
        if not re.fullmatch(DAY, text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadParameter("asof", f"{text!r} is no day", ["2015-09-15"]) from error
