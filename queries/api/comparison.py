"""Routes of the comparison, below /api: places beside each other within one definition, and how targets were kept."""

from typing import Annotated, Any, ClassVar

import polars as pl
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from queries.api.answers import answer
from queries.api.errors import BadParameter
from queries.api.openapi import LISTS, Columns, as_files
from queries.api.parameters import Suffix, Whole, codes, dated, day, listed, one, single, wanted
from queries.catalogue import catalogue
from queries.figures import comparison
from queries.figures.ranking import rank_places, select_annual_figures
from queries.targets.rules import DEFAULT_RULE, read_rules
from queries.targets.targets import get_judged_targets

router = APIRouter()
COMPARED: dict[str, Any] = {"responses": as_files(), "response_class": Response, "tags": ["figures"]}
COLUMNS: Columns = {
    "/compare.{suffix}": lambda: rank_places(comparison.get_definition_figures(""), 0, catalogue.get_home_park()),
    "/compare-years.{suffix}": lambda: select_annual_figures(comparison.get_definition_figures("")),
    "/records.{suffix}": lambda: comparison.compute_target_records(get_judged_targets(parks=[])),
}  # fmt: skip


class Compared(Whole):
    """What is compared."""

    timeless: ClassVar[bool] = True

    park: str | None = single(None, "code of the place that is compared; none: the park of this installation", "parks")
    indicator: str | None = single(
        None, "an indicator of the definition; none: of that in which the place stands beside most", "indicators"
    )
    measure: str = Field("level", alias="as", description="measured as", json_schema_extra={
        "x-codes": list(comparison.MEASURES), "x-many": False, "x-example": "growth",
    })  # fmt: skip
    of: str | None = single(None, "of shares: the larger place; none: the smallest that can be had", "parks")
    role: str | None = listed("kinds of places beside it", "roles", "hunan_peer")
    asof: str | None = dated("only what had been published by this day; none: all", "2015-09-15")
    lang: str = single("zh", "language of titles, locators and notes", catalogue.LANGUAGES)


class InOneYear(Compared):
    """What is compared, in one year."""

    year: int | None = Field(None, ge=1900, le=2100, description="none: that in which the place stands beside most")


class Kept(Whole):
    """Whose targets, by which rule they are judged, and what was known by which day."""

    park: str | None = listed("codes of places", "parks", "xthtz")
    rule: str = single(DEFAULT_RULE, "code of a rule", "rules")
    asof: str | None = dated("only what had been published by this day; none: by today", "2015-09-15")
    lang: str = single("zh", "language of the workbook", catalogue.LANGUAGES)


def place_of(asked: Compared) -> str:
    """The place that is compared, once it is known to be one."""
    return one("park", asked.park, LISTS["parks"]()) or catalogue.get_home_park()


def measured(asked: Compared) -> pl.DataFrame:
    """Rows of what was asked, all years."""
    home = place_of(asked)
    one("lang", asked.lang, list(catalogue.LANGUAGES))
    one("as", asked.measure, list(comparison.MEASURES))
    one("indicator", asked.indicator, LISTS["indicators"]())
    roles = codes("role", asked.role, LISTS["roles"]()) or []
    known_by = day(asked.asof)
    indicator = asked.indicator or next(iter(comparison.get_compared_definitions(home, known_by)["indicator_id"]), "")
    whole = whole_of(asked, indicator)
    return comparison.get_compared_figures(indicator, asked.measure, whole, roles, home, asked.lang, known_by)


def whole_of(asked: Compared, indicator: str) -> str | None:
    """The larger place of shares, once it is known to hold the place and to have a figure."""
    if asked.measure != "share":
        if asked.of is not None:
            raise BadParameter("of", "of goes with as=share alone", [])
        return None
    known = comparison.find_larger_places(place_of(asked), indicator, day(asked.asof))
    return one("of", asked.of, known) or next(iter(known), None)


@router.get("/compare.{suffix}", **COMPARED)
def get_compare(request: Request, suffix: Suffix, asked: Annotated[InOneYear, Query()]) -> Response:
    """Places beside each other in one year, with their rank, one row each."""
    wanted(suffix, request, asked)
    rows = measured(asked)
    year = comparison.find_default_year(rows, place_of(asked)) if asked.year is None else asked.year
    return answer(rank_places(rows, year, place_of(asked)), suffix, "compare", asked.lang, asked.bom)


@router.get("/compare-years.{suffix}", **COMPARED)
def get_compare_years(request: Request, suffix: Suffix, asked: Annotated[Compared, Query()]) -> Response:
    """Places beside each other over the years, one row for each place and year."""
    wanted(suffix, request, asked)
    return answer(select_annual_figures(measured(asked)), suffix, "compare-years", asked.lang, asked.bom)


@router.get("/records.{suffix}", **COMPARED)
def get_records(request: Request, suffix: Suffix, asked: Annotated[Kept, Query()]) -> Response:
    """How places kept their targets: set, reached, missed, open and unknown, one row each."""
    wanted(suffix, request, asked)
    lang = one("lang", asked.lang, list(catalogue.LANGUAGES)) or "zh"
    one("rule", asked.rule, list(read_rules()))
    parks = codes("park", asked.park, LISTS["parks"]())
    rows = comparison.compute_target_records(
        get_judged_targets(parks=parks, lang=lang, rule=asked.rule, asof=day(asked.asof))
    )
    return answer(rows, suffix, "records", lang, asked.bom)
