"""Routes of the comparison, below /api: places beside each other within one definition, and how targets were kept."""

from datetime import date
from typing import Annotated, Any

import polars as pl
from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, JsonValue

from queries import catalogue, compare, files
from queries.api import BadParameter, Whole, answer, api, codes, one, wanted
from queries.ranks import annual, standing
from queries.rules import DEFAULT, rules
from queries.targets import targets

__all__ = ["api"]


class NotAsked(BaseModel):
    """A parameter that cannot be used: which, what was wrong, what is legal."""

    error: str
    parameter: str
    legal: list[str]


ROWS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {files.TYPES[suffix].partition(";")[0]: {} for suffix in ("csv", "json", "parquet", "xlsx")},
        "description": "The rows, in the format of the suffix",
    },
    400: {"model": NotAsked, "description": "A parameter is unknown, or its value is"},
    404: {"description": "There is no such format"},
    422: {"model": NotAsked, "description": "A value is of the wrong type"},
    503: {"description": "There is no database yet"},
}


def code(
    default: str | None, what: str, of: str | list[JsonValue], *, many: bool = False, alias: str | None = None
) -> Any:
    """A parameter of one code, or several by comma; of: the codes, or the name of their list."""
    known: dict[str, JsonValue] = {"x-codes": of, "x-many": many, "x-example": default or ""}
    return Field(default, description=what, json_schema_extra=known, alias=alias)


class Compared(Whole):
    """What is compared."""

    park: str = code(catalogue.SELF, "code of the place that is compared", "parks")
    indicator: str | None = code(
        None,
        "code of an indicator of the definition; none: the one in which the place stands beside most",
        "indicators",
    )
    measure: str = code("level", "level, growth or share", list(compare.MEASURES), alias="as")
    of: str | None = code(None, "of shares: code of the larger place; none: the smallest that can be had", "parks")
    role: str | None = code(None, "kinds of places beside it, by comma; none: all", "roles", many=True)
    lang: str = code("zh", "language of titles, locators and notes", list(catalogue.LANGUAGES))


class InOneYear(Compared):
    """What is compared, in one year."""

    year: int | None = Field(None, ge=1900, le=2100, description="none: that in which the place stands beside most")


class Kept(Whole):
    """Whose targets, and by which rule they are judged."""

    park: str | None = code(None, "codes of places, by comma; none: all", "parks", many=True)
    rule: str = code(DEFAULT, "code of a rule", "rules")
    asof: str | None = Field(None, description="2015-09-15: only what had been published by then")
    lang: str = code("zh", "language of the workbook", list(catalogue.LANGUAGES))


def measured(asked: Compared) -> pl.DataFrame:
    """Rows of what was asked, all years."""
    places = catalogue.parks()
    one("lang", asked.lang, list(catalogue.LANGUAGES))
    one("park", asked.park, places["park_id"].to_list())
    one("as", asked.measure, list(compare.MEASURES))
    one("indicator", asked.indicator, catalogue.indicators()["indicator_id"].to_list())
    roles = codes("role", asked.role, places["role"].unique(maintain_order=True).to_list()) or []
    indicator = asked.indicator or str(compare.definitions(asked.park)["indicator_id"][0])
    return compare.measured(indicator, asked.measure, whole_of(asked, indicator), roles, asked.park, asked.lang)


def whole_of(asked: Compared, indicator: str) -> str | None:
    """The larger place of shares, once it is known to hold the place and to have a figure."""
    if asked.measure != "share":
        if asked.of is not None:
            raise BadParameter("of", "of goes with as=share alone", [])
        return None
    known = compare.wholes(asked.park, indicator)
    return one("of", asked.of, known) or next(iter(known), None)


@api.get("/compare.{suffix}", response_class=Response, responses=ROWS)
def get_compare(request: Request, suffix: str, asked: Annotated[InOneYear, Query()]) -> Response:
    """Places beside each other in one year, with their rank, one row each: csv, json, parquet or xlsx."""
    wanted(suffix, request, asked)
    rows = measured(asked)
    year = compare.default_year(rows, asked.park) if asked.year is None else asked.year
    return answer(standing(rows, year, asked.park), suffix, "compare", asked.lang, asked.bom)


@api.get("/compare-years.{suffix}", response_class=Response, responses=ROWS)
def get_compare_years(request: Request, suffix: str, asked: Annotated[Compared, Query()]) -> Response:
    """Places beside each other over the years, one row for each place and year: csv, json, parquet or xlsx."""
    wanted(suffix, request, asked)
    return answer(annual(measured(asked)), suffix, "compare-years", asked.lang, asked.bom)


@api.get("/records.{suffix}", response_class=Response, responses=ROWS)
def get_records(request: Request, suffix: str, asked: Annotated[Kept, Query()]) -> Response:
    """How places kept their targets: set, reached, missed, open and unknown, one row each: csv, json, parquet, xlsx."""
    wanted(suffix, request, asked)
    lang = one("lang", asked.lang, list(catalogue.LANGUAGES)) or "zh"
    one("rule", asked.rule, list(rules()))
    parks = codes("park", asked.park, catalogue.parks()["park_id"].to_list())
    try:
        asof = date.fromisoformat(asked.asof) if asked.asof else None
    except ValueError as error:
        raise BadParameter("asof", f"{asked.asof!r} is no day", ["2015-09-15"]) from error
    rows = compare.records(targets(parks=parks, lang=lang, rule=asked.rule, asof=asof))
    return answer(rows, suffix, "records", lang, asked.bom)
