"""Places compared within one definition: which have a figure, as which measure, and how they kept their targets."""

from datetime import date

import polars as pl

from queries.catalogue import catalogue
from queries.database import run_context
from queries.database.engine import fetch
from queries.database.memo import memoize_per_data_version
from queries.database.printed_figures import choose_fetch
from queries.figures import growth_index_share, ratios
from queries.figures.observations import get_observations

MEASURES = ("level", "growth", "share", *ratios.SIZES)
REACHED, MISSED = ("met",), ("missed",)
RUNNING = ("on_course", "behind", "far_behind", "watching")


@memoize_per_data_version(64)
def get_compared_definitions(park: str, asof: date | None = None) -> pl.DataFrame:
    """Return the definitions under which two places or more have figures for a whole year, or growth rates.

    park: the place that is compared. asof: by the figures known by this day; None: all.

    One row per comparable_key: indicator_id and name of its most used name, names (the codes of all its names),
    places, mine (whether the place has any), peers (most places of its kind in a year in which it has a figure),
    is_amount (whether it can be set in proportion to a size).
    Those of the place come first, among them those of which more or less is wanted, and in which most can be compared.
    """
    kinds = catalogue.get_parks().select("park_id", "kind")
    rows = get_figure_years(asof).join(kinds, on="park_id", maintain_order="left")
    mine = rows.filter(pl.col("park_id") == park).select("comparable_key", "period").unique()
    kind = kinds.filter(pl.col("park_id") == park)["kind"].to_list()[:1]
    beside = rows.filter(pl.col("kind").is_in(kind)).join(mine, on=["comparable_key", "period"], how="semi")
    beside = beside.group_by("comparable_key", "period").agg(peers=pl.col("park_id").n_unique())
    beside = beside.group_by("comparable_key").agg(pl.col("peers").max())
    named = rows.group_by("comparable_key", "indicator_id", maintain_order=True).agg(pl.col("figures").sum())
    named = named.sort("figures", descending=True, maintain_order=True).unique("comparable_key", keep="first")
    keys = rows.group_by("comparable_key", maintain_order=True).agg(
        names=pl.col("indicator_id").unique(maintain_order=True),
        places=pl.col("park_id").n_unique(),
        mine=(pl.col("park_id") == park).any(),
    )
    keys = keys.filter(pl.col("places") > 1).join(named.drop("figures"), on="comparable_key", maintain_order="left")
    keys = keys.join(beside, on="comparable_key", how="left", maintain_order="left")
    names = catalogue.get_indicators().select(
        "indicator_id", "name_zh", "name_en", "unit_id", "direction", is_amount=ratios.is_amount()
    )
    keys = keys.join(names, on="indicator_id", maintain_order="left")
    keys = keys.with_columns(pl.col("peers").fill_null(0))
    order = ["mine", pl.col("direction").is_not_null(), pl.col("unit_id") != "rank", "peers", "places"]
    return keys.sort(order, descending=True, maintain_order=True).drop("unit_id", "direction")


def get_figure_years(asof: date | None) -> pl.DataFrame:
    """Count the figures for whole years by definition, name, place and year, those of the reader too."""
    rows, mine = choose_fetch(whole_years=True)("compared", asof=asof), run_context.find_held_figures()
    if mine is None:
        return rows
    keys = ["comparable_key", "indicator_id", "park_id", "period"]
    both = pl.concat([rows, mine.remember(("compared", asof), lambda: mine.fetch("compared", asof=asof))])
    together: pl.DataFrame = both.group_by(keys, maintain_order=True).agg(pl.col("figures").sum())
    return together


def count_places_with(period: str, parks: list[str], asof: date | None = None) -> pl.DataFrame:
    """Count, for each definition, the places among some that have a figure for a period: comparable_key, shared."""
    rows = get_figure_years(asof).filter((pl.col("period") == period) & pl.col("park_id").is_in(parks))
    return rows.group_by("comparable_key", maintain_order=True).agg(shared=pl.col("park_id").n_unique())


def get_definition_figures(indicator: str, lang: str = "zh", asof: date | None = None) -> pl.DataFrame:
    """Return the printed figures for whole years, published and own, of the definition that an indicator belongs to.

    One row per figure, columns and order of get_observations(). Different names are included together only if the
    key, our grouping, allows it. An unknown indicator gives no rows.
    """
    offered = catalogue.get_indicators()
    keys = offered.filter(pl.col("indicator_id") == indicator)["comparable_key"]
    same = offered.filter(pl.col("comparable_key").is_in(keys.to_list()))["indicator_id"].to_list()
    return get_observations(indicators=same, evidence=("published", "own"), lang=lang, asof=asof, whole_years=True)


def get_compared_figures(
    indicator: str, measure: str, whole: str | None, roles: list[str], park: str, lang: str, asof: date | None = None
) -> pl.DataFrame:
    """Return figures of places for whole years, to be compared: as levels, as growth, as shares of a larger place, or
    in proportion to the product or the people of their own place.

    measure: one of MEASURES; whole: the larger place of shares, None: there are no shares. roles: what the places
    are to the park of this installation, [] for all; the compared place is always included.

    One row per figure, columns and order of get_observations(); several versions of a year remain separate rows.
    Shares and growth as in queries.figures.growth_index_share, proportions as in ratios. The growth of a sum of zones
    is not computed: its members differ from year to year.
    """
    rows = get_definition_figures(indicator, lang, asof)
    places = catalogue.get_parks().select("park_id", "kind", "role")
    beside = places if not roles else places.filter(pl.col("role").is_in(roles) | (pl.col("park_id") == park))
    if measure == "share":
        rows = (
            growth_index_share.compute_shares_of_place(rows, whole, get_member_places(whole), lang)
            if whole
            else rows.clear()
        )
    elif measure in ratios.SIZES:
        rows = _get_ratios(indicator, measure, lang, asof)
    else:
        rows = growth_index_share.convert_to_measure(rows, measure, lang=lang, asof=asof)
    computed_sum = pl.col("is_sum") & (pl.col("evidence") == "derived") & (measure == "growth")
    compared = pl.col("park_id").is_in(beside["park_id"].to_list()) & pl.col("value").is_not_null()
    return rows.filter(compared & ~computed_sum)


@memoize_per_data_version(64)
def _get_ratios(indicator: str, measure: str, lang: str, asof: date | None) -> pl.DataFrame:
    return ratios.compute_ratios(get_definition_figures(indicator, lang, asof), measure, lang, asof)


def find_default_year(rows: pl.DataFrame, park: str) -> int:
    """Return the year that is compared unless another is asked for; 0 without rows.

    Among the years in which the place has a figure, the one in which most places of its kind have, the latest of
    several; if the place has none, the latest year of all.
    """
    kinds = catalogue.get_parks().select("park_id", "kind")
    kind = kinds.filter(pl.col("park_id") == park)["kind"].to_list()
    rows = rows.join(kinds, on="park_id")
    mine = rows.filter(pl.col("park_id") == park)["period"].unique().to_list()
    beside = rows.filter(pl.col("kind").is_in(kind) & pl.col("period").is_in(mine))
    best = beside.group_by("period").agg(pl.col("park_id").n_unique()).sort("park_id", "period", descending=True)
    return int(max(rows["period"].to_list(), default="0") if best.is_empty() else best["period"][0])


def count_named_zones() -> int:
    """Count the zones in the directory of national high-tech zones; for most of them there is no figure here."""
    return int(fetch("zone_count")["zones"][0])


def find_larger_places(park: str, indicator: str, asof: date | None = None) -> list[str]:
    """Return the larger places that contain a place and for which shares of a definition can be computed.

    The smallest first.
    """
    rows = get_definition_figures(indicator, asof=asof)
    holding = fetch("parts").filter(pl.col("park_id") == park)["whole_id"]
    return [
        code
        for code in holding
        if growth_index_share.compute_shares_of_place(rows, code, get_member_places(code)).height
    ]


def get_member_places(whole: str) -> dict[str, int | None]:
    """Return the places that a larger place contains, with the year from which on; None: always."""
    return dict(fetch("parts").filter(pl.col("whole_id") == whole).select("park_id", "since").iter_rows())


def compute_target_records(targets: pl.DataFrame) -> pl.DataFrame:
    """Compute how places kept the targets they set: one row per place, most targets first.

    targets: rows of get_judged_targets(); only published ones count, by published results. set, reached, missed,
    open (its year is not over), unknown (no result was published, or rounding leaves it open): counts, of which the
    first is the sum of the others; decided: reached and missed together; first_year, last_year.
    """
    status = pl.when(pl.col("lit_evidence") == "own").then(pl.lit("cannot_judge")).otherwise("status")
    counted = (
        targets.filter(pl.col("evidence") == "published")
        .group_by("park_id", "park_zh", "park_en", maintain_order=True)
        .agg(
            set=pl.len().cast(pl.Int64),
            reached=status.is_in(REACHED).sum().cast(pl.Int64),
            missed=status.is_in(MISSED).sum().cast(pl.Int64),
            open=(status.is_in(RUNNING) | (pl.col("reason") == "FUTURE").fill_null(value=False)).sum().cast(pl.Int64),
            first_year=pl.col("year").min(),
            last_year=pl.col("year").max(),
            source_id=pl.col("source_id").unique().sort().str.join("; "),
            data_version=pl.col("data_version").first(),
        )
    )
    decided = pl.col("reached") + pl.col("missed")
    counted = counted.with_columns(decided=decided, unknown=pl.col("set") - decided - pl.col("open"))
    return counted.sort("set", descending=True, maintain_order=True)
