"""What the figures say, in sentences computed from the rows."""

from typing import Any

import polars as pl

from data.states import codes
from pages.wording import figures, target_status
from pages.wording.language import _, listed, name, sentences
from pages.wording.plain_text import bold, plain
from queries.figures import precedence

Row = dict[str, Any]
FEW = 3


def year_of(row: Row) -> int:
    """The year a row belongs to."""
    return int(str(row["year"]))


def annual(rows: pl.DataFrame, of: str = "value") -> pl.DataFrame:
    """Rows of whole years and dates, without spans of months, published or loaded. Of several versions the one that
    counts.

    of: value or growth_pct, the number that is wanted.
    """
    single = pl.col("span").is_in(["year", "month", "date"])
    return precedence.counting(rows.filter(single & pl.col("evidence").is_in(["published", "own"])), of)


def earlier(row: Row, others: dict[str, list[Row]]) -> str:
    """What was published before of a figure, for the place beside it: 此前公布：预计1700亿元、1703.1亿元; else empty.

    others: of versions.earlier().
    """
    told = [figures.number(other) for other in others.get(row["observation_id"], [])]
    return _("此前公布：{numbers}", numbers=listed(told)) if told else ""


def result_year(rows: pl.DataFrame, targets: pl.DataFrame) -> int | None:
    """The year whose results the page leads with: the one before the first target, else that with most figures."""
    years = annual(rows)["year"]
    if years.is_empty():
        return None
    wanted = [year - 1 for year in targets["year"].unique().sort().to_list()]
    led = [year for year in wanted if year in years.to_list()]
    counts = years.value_counts(sort=True).sort("count", "year", descending=True)
    return led[0] if led else int(counts["year"][0])


def of_year(rows: pl.DataFrame, year: int | None, of: str = "value") -> pl.DataFrame:
    """Published rows of one whole year; of: as in annual()."""
    return rows.clear() if year is None else annual(rows, of).filter(pl.col("year") == year)


def led(rows: pl.DataFrame, targets: pl.DataFrame) -> tuple[int | None, pl.DataFrame]:
    """The year whose results the page leads with, and these results."""
    year = result_year(rows, targets)
    return year, of_year(rows, year)


def results(rows: pl.DataFrame, targets: pl.DataFrame) -> tuple[str, str]:
    """Title and paragraph of a page of results and targets, for the first place among the rows."""
    _year, given = led(rows, targets)
    grown = given.filter(pl.col("growth_text").is_not_null())
    if given.is_empty():
        return _("没有整年的公布数"), _("所选范围内只有年内累计数或推算数，见下表。")
    first = (grown if grown.height else given).row(0, named=True)
    asked = targets.filter((pl.col("indicator_id") == first["indicator_id"]) & (pl.col("year") == year_of(first) + 1))
    return _lead(first, asked), sentences([_said(given, rows), _later(rows, targets)])


def _lead(first: Row, asked: pl.DataFrame) -> str:
    known = {"indicator": name(first, "indicator"), "year": year_of(first), "place": name(first, "park")}
    growths = asked.filter(pl.col("measure") == "growth")
    if first["growth_text"] and growths.height:
        row = growths.row(0, named=True)
        aim = _("{value}以上", value=figures.bare(row)) if row["comparator"] == "at_least" else figures.bare(row)
        grown = _("{indicator}增长{rate}%，次年目标{aim}", rate=figures.minus(first["growth_text"]), aim=aim, **known)
        return grown + figures.mark(first["evidence"])
    if first["growth_text"]:
        grown = _("{place}{indicator}{year}年增长{rate}%", rate=figures.minus(first["growth_text"]), **known)
        return grown + figures.mark(first["evidence"])
    return _(
        "{place}{indicator}{period}{value}",
        period=figures.period(first["period"]),
        value=figures.number(first) + figures.mark(first["evidence"]),
        **known,
    )


def _said(led: pl.DataFrame, rows: pl.DataFrame) -> str:
    """The first results; rows: all figures of the place, of which the other versions are named."""
    parts, others = [], precedence.earlier(rows)
    for row in led.head(6).iter_rows(named=True):
        value = (
            bold(f"{name(row, 'indicator')} {figures.number(row)}")
            if row["value_text"]
            else bold(name(row, "indicator"))
        )
        beside = _("；").join(filter(None, (figures.growth_on(row, bracketed=True), earlier(row, others))))
        value = _("{value}（{growth}）", value=value, growth=beside) if beside else value
        parts.append(value + figures.mark(row["evidence"]))
    return _("{period}：{figures}。", period=figures.period(led["year"][0]), figures=listed(parts))


def _later(rows: pl.DataFrame, targets: pl.DataFrame) -> str:
    """What was published for the year of the targets, if anything."""
    if targets.is_empty():
        return ""
    year = targets["year"].min()
    known = of_year(rows, int(year), "growth_pct") if year else rows.clear()  # type: ignore[arg-type]
    aimed = known.filter(pl.col("indicator_id").is_in(targets["indicator_id"].to_list()))
    # A growth that was printed says more than a level; where there is one the level is not told again.
    grown = pl.col("growth_pct").is_not_null()
    aimed = aimed.filter(grown | ~grown.any().over("indicator_id", "period"))
    if aimed.is_empty():
        return _("这些目标在{year}年的结果未见公布。", year=year)
    said = [
        plain(
            f"{name(row, 'indicator')} {figures.growth_on(row) or figures.number(row)}{figures.mark(row['evidence'])}"
        )
        for row in aimed.iter_rows(named=True)
    ]
    return _("{year}年有目标的指标中，有结果的：{figures}。", year=year, figures=listed(said))


def headline(aims: pl.DataFrame, rows: pl.DataFrame) -> tuple[Row, Row] | None:
    """The headline target and the published figure it starts from: the first level that is asked for in two forms."""
    for goal in aims.filter(pl.col("measure") == "level").iter_rows(named=True):
        twins = aims.filter((pl.col("indicator_id") == goal["indicator_id"]) & (pl.col("measure") == "growth"))
        base = rows.filter(pl.col("observation_id") == (goal["base_observation_id"] or ""))
        # What it asks in its other form is told; a level whose growth is not of two levels has none.
        if twins.height and base.height and goal["form_low"] is not None:
            return goal, base.row(0, named=True)
    return None


def judged(aims: pl.DataFrame, rows: pl.DataFrame) -> tuple[str, str]:
    """Title and paragraph of the board: the headline where there is one, else how many targets stand how."""
    first = aims.row(0, named=True)
    counted = [
        _("{n} 项{status}", n=of_status.height, status=target_status.word(status))
        for status in codes("target")
        if (of_status := aims.filter(pl.col("status") == status)).height
    ]
    found = headline(aims, rows)
    known = aims.filter((pl.col("status") != "cannot_judge") & pl.col("gap_points").is_not_null())
    said = [
        f"{plain(name(row, 'indicator'))} {bold(_outcome(row))}" + figures.mark(row["lit_evidence"]) + _against(row)
        for row in known.sort("gap_points").head(FEW).iter_rows(named=True)
    ]
    total = _("{n} 项目标中{counted}。", n=aims.height, counted=listed(counted))
    worst = _("其中{said}。", said=_("；").join(said)) if said else ""
    if not found:
        title = _(
            "{place}{year}年 {n} 项目标：{counted}",
            place=name(first, "park"),
            year=first["year"],
            n=aims.height,
            counted=listed(counted),
        )
        return title, worst
    goal, base = found
    needed = 100 * (goal["value"] / goal["base"] - 1)
    told = {"goal": figures.bare(goal), "rate": figures.rounded(needed, 2), "year": goal["year"]}
    title = _("{goal}目标须增{rate}%，结果未见公布", **told)
    if goal["status"] != "cannot_judge":
        title = _(
            "{goal}目标：{outcome}，{status}",
            outcome=target_status.percent(goal["completion"] * 100),
            status=target_status.word(goal["status"]) + figures.mark(goal["lit_evidence"]),
            **told,
        )
    low, high = figures.ends(goal["form_low"], goal["form_high"])
    lead = _(
        "{year}年{indicator}{value}，{growth}；{next}年的目标是 {goal}，须增长约{rate}%（推算，{low}—{high}%）。",
        year=year_of(base), indicator=plain(name(base, "indicator")),
        value=bold(figures.number(base, printed=True)) + figures.mark(base["evidence"]),
        growth=figures.growth_on(base), goal=bold(figures.bare(goal)), next=goal["year"], rate=told["rate"],
        low=low, high=high,
    )  # fmt: skip
    return title, sentences([lead, total, worst])


def _outcome(row: Row) -> str:
    """What a target is judged by: the growth of a growth target, how much of a level is reached."""
    if row["growth_text"] is not None or row["measure"] != "growth":
        return figures.growth_on(row) or target_status.completion(row)
    return _("增长约{rate}%", rate=target_status.growth_of(row))


def _against(row: Row) -> str:
    if row["over"] or row["measure"] == "growth":
        return _("，比目标{gap}", gap=plain(figures.gap(row)))
    return _("，比计划进度{gap}", gap=plain(figures.gap(row)))


def changes(place: pl.DataFrame, results: pl.DataFrame) -> tuple[str, str]:
    """Title and paragraph of a page about change: the first indicator with two whole years, then the year's results."""
    rows = annual(place).filter(pl.col("value").is_not_null())
    if rows.is_empty():
        return _("没有整年的公布数"), _("所选范围内只有年内累计数或推算数，见下表。")
    paragraph = _said(results, place) if results.height else ""
    for _code, group in rows.group_by("indicator_id", maintain_order=True):
        if group.height > 1:
            first, last = group.row(0, named=True), group.row(-1, named=True)
            known = {
                "indicator": name(first, "indicator"),
                "first": figures.period(first["period"]),
                "last": figures.period(last["period"]),
            }
            return _(
                "{indicator}：{first}{a}，{last}{b}",
                a=figures.number(first) + figures.mark(first["evidence"]),
                b=figures.number(last) + figures.mark(last["evidence"]),
                **known,
            ), paragraph
    return _lead(
        rows.row(0, named=True),
        pl.DataFrame(schema={"indicator_id": pl.String, "year": pl.Int64, "measure": pl.String}),
    ), paragraph


def resettled(homes: pl.DataFrame, rows: pl.DataFrame) -> tuple[str, str]:
    """Title and paragraph of the page on livelihood: resettlement first, and whether an outcome was found."""
    if homes.is_empty():
        return (
            results(rows, pl.DataFrame(schema={"indicator_id": pl.String, "year": pl.Int64, "measure": pl.String}))
            if rows.height
            else (_("没有找到安置目标"), "")
        )
    year = homes["year"][0]
    asked = [figures.bare(row) for row in homes.iter_rows(named=True)]
    said = [
        f"{plain(name(row, 'indicator'))} {bold(figures.bare(row))}"
        + (_("（{note}）", note=plain(row["note"])) if row["note"] else "")
        for row in homes.iter_rows(named=True)
    ]
    found = rows.filter(pl.col("indicator_id").is_in(homes["indicator_id"].to_list()))
    title = _("{aims}的安置目标，结果未见公布", aims=listed(asked))
    if found.height:
        title = _("{year}年的安置目标：{aims}", year=year, aims=listed(asked))
    return title, _(
        "{place}{year}年{strength}：{aims}。",
        place=plain(name(homes.row(0, named=True), "park")),
        year=year,
        strength=figures.strength(homes["strength"][0]).lower(),
        aims=listed(said),
    )
