"""Routes of the comparison, below /api: places side by side within one definition, and how far targets were met."""

from typing import Annotated, Any, ClassVar

import polars as pl
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from data.languages import LANGUAGES
from queries.api.answers import make_rows_response
from queries.api.errors import BadParameter
from queries.api.openapi import LISTS, Columns, describe_file_answers
from queries.api.parameters import (
    FormatParameters,
    Language,
    Suffix,
    check_format,
    code_field,
    codes_field,
    day_field,
    parse_code,
    parse_codes,
    parse_day,
)
from queries.catalogue import catalogue
from queries.figures import comparison
from queries.figures.ranking import rank_places, select_annual_figures
from queries.targets.rules import DEFAULT_RULE, read_rules
from queries.targets.targets import get_judged_targets

router = APIRouter()
COMPARED: dict[str, Any] = {"responses": describe_file_answers(), "response_class": Response, "tags": ["figures"]}
COLUMNS: Columns = {
    "/compare.{suffix}": lambda: rank_places(comparison.get_definition_figures(""), 0, catalogue.get_home_park()),
    "/compare-years.{suffix}": lambda: select_annual_figures(comparison.get_definition_figures("")),
    "/records.{suffix}": lambda: comparison.compute_target_records(get_judged_targets(parks=[])),
}  # fmt: skip


class ComparisonParameters(FormatParameters):
    """What is compared."""

    timeless: ClassVar[bool] = True

    park: str | None = code_field(
        None, "code of the place that is compared; none: the park of this installation", "parks"
    )
    indicator: str | None = code_field(
        None,
        "an indicator of the definition; none: of the one in which the place can be compared with most others",
        "indicators",
    )
    measure: str = Field("level", alias="as", description="measured as", json_schema_extra={
        "x-codes": list(comparison.MEASURES), "x-many": False, "x-example": "growth",
    })  # fmt: skip
    of: str | None = code_field(
        None, "of shares: the larger place; none: the smallest for which there are figures", "parks"
    )
    role: str | None = codes_field("kinds of places to compare it with", "roles", "hunan_peer")
    asof: str | None = day_field("only what had been published by this day; none: all", "2015-09-15")
    lang: Language = code_field("zh", "language of titles, locators and notes", LANGUAGES)
    # An address of the page is one of the route, so that what the page alone draws with is taken here too.
    view: str | None = Field(None, description="of the page: which picture it shows; changes no row")
    peers: str | None = Field(None, description="of the page: which places are lit; changes no row")
    by_hand: str | None = Field(None, alias="with", description="of the page: places lit by hand; changes no row")
    approved: str | None = Field(
        None, description="of the page: the first year of approval of those lit; changes no row"
    )
    until: str | None = Field(None, description="of the page: the last year of approval of those lit; changes no row")
    since: str | None = Field(None, description="of the page: the other year of a slope; changes no row")
    against: str | None = Field(None, description="of the page: the other indicator; changes no row")


class YearComparisonParameters(ComparisonParameters):
    """What is compared, in one year."""

    year: int | None = Field(
        None, ge=1900, le=2100, description="none: the one in which it can be compared with most others"
    )


class RecordParameters(FormatParameters):
    """Whose targets, by which rule they are judged, and what was known by which day."""

    park: str | None = codes_field("codes of places", "parks", "xthtz")
    rule: str = code_field(DEFAULT_RULE, "code of a rule", "rules")
    asof: str | None = day_field("only what had been published by this day; none: by today", "2015-09-15")
    lang: Language = code_field("zh", "language of the workbook", LANGUAGES)


def find_place(asked: ComparisonParameters) -> str:
    """The place that is compared, once it is known to be one."""
    return parse_code("park", asked.park, LISTS["parks"]()) or catalogue.get_home_park()


def convert_measure(asked: ComparisonParameters) -> pl.DataFrame:
    """Rows of what was asked, all years."""
    home = find_place(asked)
    parse_code("lang", asked.lang, list(LANGUAGES))
    parse_code("as", asked.measure, list(comparison.MEASURES))
    parse_code("indicator", asked.indicator, LISTS["indicators"]())
    roles = parse_codes("role", asked.role, LISTS["roles"]()) or []
    known_by = parse_day(asked.asof)
    indicator = asked.indicator or next(iter(comparison.get_compared_definitions(home, known_by)["indicator_id"]), "")
    whole = find_whole(asked, indicator)
    return comparison.get_compared_figures(indicator, asked.measure, whole, roles, home, asked.lang, known_by)


def find_whole(asked: ComparisonParameters, indicator: str) -> str | None:
    """The larger place of shares, once it is known to hold the place and to have a figure."""
    if asked.measure != "share":
        if asked.of is not None:
            raise BadParameter("of", "of goes with as=share alone", [])
        return None
    known = comparison.find_larger_places(find_place(asked), indicator, parse_day(asked.asof))
    return parse_code("of", asked.of, known) or next(iter(known), None)


@router.get("/compare.{suffix}", **COMPARED)
def get_compare(request: Request, suffix: Suffix, asked: Annotated[YearComparisonParameters, Query()]) -> Response:
    """Places side by side in one year, with their rank, one row each."""
    check_format(suffix, request, asked)
    rows = convert_measure(asked)
    year = comparison.find_default_year(rows, find_place(asked)) if asked.year is None else asked.year
    return make_rows_response(rank_places(rows, year, find_place(asked)), suffix, "compare", asked.lang, asked.bom)


@router.get("/compare-years.{suffix}", **COMPARED)
def get_compare_years(request: Request, suffix: Suffix, asked: Annotated[ComparisonParameters, Query()]) -> Response:
    """Places side by side over the years, one row for each place and year."""
    check_format(suffix, request, asked)
    return make_rows_response(
        select_annual_figures(convert_measure(asked)), suffix, "compare-years", asked.lang, asked.bom
    )


@router.get("/records.{suffix}", **COMPARED)
def get_records(request: Request, suffix: Suffix, asked: Annotated[RecordParameters, Query()]) -> Response:
    """How far places met their targets: set, reached, missed, open and unknown, one row each."""
    check_format(suffix, request, asked)
    lang = parse_code("lang", asked.lang, list(LANGUAGES)) or "zh"
    parse_code("rule", asked.rule, list(read_rules()))
    parks = parse_codes("park", asked.park, LISTS["parks"]())
    rows = comparison.compute_target_records(
        get_judged_targets(parks=parks, lang=lang, rule=asked.rule, asof=parse_day(asked.asof))
    )
    return make_rows_response(rows, suffix, "records", lang, asked.bom)
