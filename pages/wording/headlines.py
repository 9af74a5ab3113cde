"""Titles and paragraphs of pages, computed from the rows."""

from typing import Any

import polars as pl

from data.states import codes
from pages.wording import figures, target_status
from pages.wording.language import _, join_items, join_sentences, localize_name
from pages.wording.plain_text import escape_markdown, format_bold
from queries.figures import precedence

Row = dict[str, Any]
MOST_NAMED_TARGETS = 3


def get_row_year(row: Row) -> int:
    """Return the year of a row."""
    return int(str(row["year"]))


def select_annual_rows(rows: pl.DataFrame, of: str = "value") -> pl.DataFrame:
    """Return the published and own rows of whole years, months and dates, without spans of months.

    Of several versions, the one that counts. of: the number that is wanted, value or growth_pct.
    """
    single = pl.col("span").is_in(["year", "month", "date"])
    return precedence.select_counting_versions(rows.filter(single & pl.col("evidence").is_in(["published", "own"])), of)


def describe_earlier_versions(row: Row, others: dict[str, list[Row]]) -> str:
    """Describe the earlier versions of a figure: 此前公布：预计1700亿元、1703.1亿元; empty without any.

    others: earlier versions by observation_id, from queries.figures.precedence.
    """
    told = [figures.format_figure(other) for other in others.get(row["observation_id"], [])]
    return _("此前公布：{numbers}", numbers=join_items(told)) if told else ""


def find_result_year(rows: pl.DataFrame, targets: pl.DataFrame) -> int | None:
    """Return the year whose results the page leads with; None without annual rows.

    The year before the first target that has figures, else the year with most figures.
    """
    years = select_annual_rows(rows)["year"]
    if years.is_empty():
        return None
    wanted = [year - 1 for year in targets["year"].unique().sort().to_list()]
    led = [year for year in wanted if year in years.to_list()]
    counts = years.value_counts(sort=True).sort("count", "year", descending=True)
    return led[0] if led else int(counts["year"][0])


def select_year_rows(rows: pl.DataFrame, year: int | None, of: str = "value") -> pl.DataFrame:
    """Return the rows of select_annual_rows() of one year; none for None. of: as there."""
    return rows.clear() if year is None else select_annual_rows(rows, of).filter(pl.col("year") == year)


def find_leading_results(rows: pl.DataFrame, targets: pl.DataFrame) -> tuple[int | None, pl.DataFrame]:
    """Return the year whose results the page leads with, and the rows of these results."""
    year = find_result_year(rows, targets)
    return year, select_year_rows(rows, year)


def describe_results(rows: pl.DataFrame, targets: pl.DataFrame) -> tuple[str, str]:
    """Return title and paragraph of a page of results and targets, for the first place among the rows."""
    _year, given = find_leading_results(rows, targets)
    grown = given.filter(pl.col("growth_text").is_not_null())
    if given.is_empty():
        return _("没有整年的公布数"), _("所选范围内只有年内累计数或推算数，见下表。")
    first = (grown if grown.height else given).row(0, named=True)
    asked = targets.filter(
        (pl.col("indicator_id") == first["indicator_id"]) & (pl.col("year") == get_row_year(first) + 1)
    )
    return _describe_lead(first, asked), join_sentences(
        [_describe_first_results(given, rows), _describe_later_results(rows, targets)]
    )


def _describe_lead(first: Row, asked: pl.DataFrame) -> str:
    known = {
        "indicator": localize_name(first, "indicator"),
        "year": get_row_year(first),
        "place": localize_name(first, "park"),
    }
    growths = asked.filter(pl.col("measure") == "growth")
    if first["growth_text"] and growths.height:
        row = growths.row(0, named=True)
        aim = (
            _("{value}以上", value=figures.format_quantity(row))
            if row["comparator"] == "at_least"
            else figures.format_quantity(row)
        )
        grown = _(
            "{indicator}增长{rate}%，次年目标{aim}", rate=figures.format_minus(first["growth_text"]), aim=aim, **known
        )
        return grown + figures.format_evidence_mark(first["evidence"])
    if first["growth_text"]:
        grown = _("{place}{indicator}{year}年增长{rate}%", rate=figures.format_minus(first["growth_text"]), **known)
        return grown + figures.format_evidence_mark(first["evidence"])
    return _(
        "{place}{indicator}{period}{value}",
        period=figures.format_period(first["period"]),
        value=figures.format_figure(first) + figures.format_evidence_mark(first["evidence"]),
        **known,
    )


def _describe_first_results(led: pl.DataFrame, rows: pl.DataFrame) -> str:
    """Describe the first six results; rows: all figures of the place, from which earlier versions are named."""
    parts, others = [], precedence.get_earlier_versions(rows)
    for row in led.head(6).iter_rows(named=True):
        value = (
            format_bold(f"{localize_name(row, 'indicator')} {figures.format_figure(row)}")
            if row["value_text"]
            else format_bold(localize_name(row, "indicator"))
        )
        beside = _("；").join(
            filter(
                None, (figures.describe_growth_with_basis(row, bracketed=True), describe_earlier_versions(row, others))
            )
        )
        value = _("{value}（{growth}）", value=value, growth=beside) if beside else value
        parts.append(value + figures.format_evidence_mark(row["evidence"]))
    return _("{period}：{figures}。", period=figures.format_period(led["year"][0]), figures=join_items(parts))


def _describe_later_results(rows: pl.DataFrame, targets: pl.DataFrame) -> str:
    """Describe what was published for the first year of the targets, or say that nothing was; empty without targets."""
    if targets.is_empty():
        return ""
    year = targets["year"].min()
    known = select_year_rows(rows, int(year), "growth_pct") if year else rows.clear()  # type: ignore[arg-type]
    aimed = known.filter(pl.col("indicator_id").is_in(targets["indicator_id"].to_list()))
    # A growth that was printed says more than a level; where there is one the level is not told again.
    grown = pl.col("growth_pct").is_not_null()
    aimed = aimed.filter(grown | ~grown.any().over("indicator_id", "period"))
    if aimed.is_empty():
        return _("这些目标在{year}年的结果未见公布。", year=year)
    said = [
        escape_markdown(
            f"{localize_name(row, 'indicator')} {figures.describe_growth_with_basis(row) or figures.format_figure(row)}"
            f"{figures.format_evidence_mark(row['evidence'])}"
        )
        for row in aimed.iter_rows(named=True)
    ]
    return _("{year}年有目标的指标中，有结果的：{figures}。", year=year, figures=join_items(said))


def find_headline_target(aims: pl.DataFrame, rows: pl.DataFrame) -> tuple[Row, Row] | None:
    """Return the headline target and the published figure that it starts from; None where there is none.

    It is the first level target whose indicator also has a growth target, and whose base and other form are known.
    """
    for goal in aims.filter(pl.col("measure") == "level").iter_rows(named=True):
        twins = aims.filter((pl.col("indicator_id") == goal["indicator_id"]) & (pl.col("measure") == "growth"))
        base = rows.filter(pl.col("observation_id") == (goal["base_observation_id"] or ""))
        # What it asks in its other form is told; a level whose growth is not of two levels has none.
        if twins.height and base.height and goal["form_low"] is not None:
            return goal, base.row(0, named=True)
    return None


def describe_judged_targets(aims: pl.DataFrame, rows: pl.DataFrame) -> tuple[str, str]:
    """Return title and paragraph of the board of targets.

    The title is about the headline target where there is one, else about how many targets have each status.
    """
    first = aims.row(0, named=True)
    counted = [
        _("{n} 项{status}", n=of_status.height, status=target_status.label_status(status))
        for status in codes("target")
        if (of_status := aims.filter(pl.col("status") == status)).height
    ]
    found = find_headline_target(aims, rows)
    known = aims.filter((pl.col("status") != "cannot_judge") & pl.col("gap_points").is_not_null())
    said = [
        _describe_value_and_gap(row) for row in known.sort("gap_points").head(MOST_NAMED_TARGETS).iter_rows(named=True)
    ]
    total = _("{n} 项目标中{counted}。", n=aims.height, counted=join_items(counted))
    worst = _("其中{said}。", said=_("；").join(said)) if said else ""
    if not found:
        title = _(
            "{place}{year}年 {n} 项目标：{counted}",
            place=localize_name(first, "park"),
            year=first["year"],
            n=aims.height,
            counted=join_items(counted),
        )
        return title, worst
    goal, base = found
    needed = 100 * (goal["value"] / goal["base"] - 1)
    told = {"goal": figures.format_quantity(goal), "rate": figures.format_rounded(needed, 2), "year": goal["year"]}
    title = _("{goal}目标须增{rate}%，结果未见公布", **told)
    if goal["status"] != "cannot_judge":
        title = _(
            "{goal}目标：{outcome}，{status}",
            outcome=target_status.format_percent(goal["completion"] * 100),
            status=target_status.label_status(goal["status"]) + figures.format_evidence_mark(goal["lit_evidence"]),
            **told,
        )
    low, high = figures.format_interval_ends(goal["form_low"], goal["form_high"])
    lead = _(
        "{year}年{indicator}{value}，{growth}；{next}年的目标是 {goal}，须增长约{rate}%（推算，{low}—{high}%）。",
        year=get_row_year(base),
        indicator=escape_markdown(localize_name(base, "indicator")),
        value=format_bold(figures.format_figure(base, printed=True)) + figures.format_evidence_mark(base["evidence"]),
        growth=figures.describe_growth_with_basis(base),
        goal=format_bold(figures.format_quantity(goal)),
        next=goal["year"],
        rate=told["rate"],
        low=low,
        high=high,
    )
    return title, join_sentences([lead, total, worst])


def _describe_judged_value(row: Row) -> str:
    """Describe what a target is judged by: the growth for a growth target, the completion for a level."""
    if row["growth_text"] is not None or row["measure"] != "growth":
        return figures.describe_growth_with_basis(row) or target_status.format_completion(row)
    return _("增长约{rate}%", rate=target_status.format_computed_growth(row))


def _describe_value_and_gap(row: Row) -> str:
    told = {
        "indicator": escape_markdown(localize_name(row, "indicator")),
        "value": format_bold(_describe_judged_value(row)) + figures.format_evidence_mark(row["lit_evidence"]),
        "gap": escape_markdown(target_status.describe_gap(row)),
    }
    if row["over"] or row["measure"] == "growth":
        return _("{indicator} {value}，比目标{gap}", **told)
    return _("{indicator} {value}，比计划进度{gap}", **told)


def describe_changes(place: pl.DataFrame, results: pl.DataFrame) -> tuple[str, str]:
    """Return title and paragraph of a page about change.

    Title: the first indicator with two annual figures among the rows of the place; paragraph: results, the rows of
    the year that the page leads with.
    """
    rows = select_annual_rows(place).filter(pl.col("value").is_not_null())
    if rows.is_empty():
        return _("没有整年的公布数"), _("所选范围内只有年内累计数或推算数，见下表。")
    paragraph = _describe_first_results(results, place) if results.height else ""
    for _code, group in rows.group_by("indicator_id", maintain_order=True):
        if group.height > 1:
            first, last = group.row(0, named=True), group.row(-1, named=True)
            known = {
                "indicator": localize_name(first, "indicator"),
                "first": figures.format_period(first["period"]),
                "last": figures.format_period(last["period"]),
            }
            return _(
                "{indicator}：{first}{a}，{last}{b}",
                a=figures.format_figure(first) + figures.format_evidence_mark(first["evidence"]),
                b=figures.format_figure(last) + figures.format_evidence_mark(last["evidence"]),
                **known,
            ), paragraph
    return _describe_lead(
        rows.row(0, named=True),
        pl.DataFrame(schema={"indicator_id": pl.String, "year": pl.Int64, "measure": pl.String}),
    ), paragraph


def describe_resettlement(homes: pl.DataFrame, rows: pl.DataFrame) -> tuple[str, str]:
    """Return title and paragraph of the page on livelihood: resettlement targets, and whether a result was found."""
    if homes.is_empty():
        return (
            describe_results(
                rows, pl.DataFrame(schema={"indicator_id": pl.String, "year": pl.Int64, "measure": pl.String})
            )
            if rows.height
            else (_("没有找到安置目标"), "")
        )
    year = homes["year"][0]
    asked = [figures.format_quantity(row) for row in homes.iter_rows(named=True)]
    said = [_describe_aim(row) for row in homes.iter_rows(named=True)]
    found = rows.filter(pl.col("indicator_id").is_in(homes["indicator_id"].to_list()))
    title = _("{aims}的安置目标，结果未见公布", aims=join_items(asked))
    if found.height:
        title = _("{year}年的安置目标：{aims}", year=year, aims=join_items(asked))
    return title, _(
        "{place}{year}年{strength}：{aims}。",
        place=escape_markdown(localize_name(homes.row(0, named=True), "park")),
        year=year,
        strength=target_status.label_strength(homes["strength"][0]).lower(),
        aims=join_items(said),
    )


def _describe_aim(row: Row) -> str:
    aim = f"{escape_markdown(localize_name(row, 'indicator'))} {format_bold(figures.format_quantity(row))}"
    return _("{aim}（{note}）", aim=aim, note=escape_markdown(row["note"])) if row["note"] else aim
