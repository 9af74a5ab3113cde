"""One place beside others: who stands where, over the years, as shares of larger places, and how targets were kept."""

from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from pages.parts import charts, facets, figures, filters, layout, panels, pictures, screen, tables
from pages.parts.charts import PALETTES
from pages.parts.words import _, lang, listed, name, sentences

Row = dict[str, Any]
SPREAD = 4  # places from which on their spread is worth a chart
YEARS = 8  # columns of years in the table


def kind_of(code: str) -> str:
    """A kind of place in words."""
    return {
        "zone": _("高新区"), "etdz": _("经开区"), "city": _("地市"), "province": _("省"), "aggregate": _("合计"),
        "country": _("全国"),
    }[code]  # fmt: skip


def asked(page: str, door: Any, parks: pl.DataFrame, own: str) -> tuple[str, Row, str, list[str]]:
    """What the reader compares: the place, the definition (a row of door.definitions()), how it is measured, and
    which kinds of places beside it.

    door: queries.compare; parks: places with figures; own: the place of this installation, the default.
    """
    with filters.fold():
        one, two, three = st.columns([3, 4, 5], gap="medium")
        with one:
            park = filters.single(f"{page}_park", "park", _("谁"), filters.named(parks, "park_id"), own)
        offered = door.definitions(park)
        with two:
            options = {row["indicator_id"]: _offer(row) for row in offered.iter_rows(named=True)}
            chosen = filters.single(f"{page}_indicator", "indicator", _("比什么"), options, next(iter(options)))
        with three:
            present = set(parks["role"])
            known = {code: text for code, text in facets.roles().items() if code in present}
            roles = filters.several(st.pills, f"{page}_role", "role", _("和谁比"), known, [], selection_mode="multi")
    definition = offered.filter(pl.col("indicator_id") == chosen).row(0, named=True)
    measure = filters.single_pills(
        f"{page}_as", "as", _("怎么量"), {"level": _("数值"), "growth": _("增速"), "share": _("占比")}, "level"
    )
    return park, definition, measure, roles


def _offer(row: Row) -> str:
    return _("{indicator}（{n} 个地区）", indicator=name(row, "name"), n=row["places"])


def year_of(page: str, rows: pl.DataFrame, default: int) -> int:
    """The year that is compared; how many places have it stands beside it."""
    counts = rows.group_by("period").agg(pl.col("park_id").n_unique()).sort("period", descending=True)
    options = {str(year): _("{year}年（{n} 个地区）", year=year, n=n) for year, n in counts.iter_rows()}
    first = str(default) if str(default) in options else next(iter(options))
    return int(filters.single(f"{page}_year", "year", _("哪一年"), options, first))


def whole_of(page: str, wholes: list[str], rows: pl.DataFrame, parks: pl.DataFrame) -> str | None:
    """The larger place whose part the others are; None where none that holds the place has a figure.

    wholes: of door.wholes(); rows: annual figures of the definition.
    """
    known = parks.filter(pl.col("park_id").is_in(wholes) & pl.col("park_id").is_in(rows["park_id"].to_list()))
    if known.is_empty():
        return None
    options = filters.named(known, "park_id")
    return filters.single(f"{page}_of", "of", _("占哪里"), options, next(iter(options)))


def title(standing: pl.DataFrame, park: Row, indicator: str, year: int) -> str:
    """Where the place stands among those of its kind that published."""
    ranked = standing.filter(pl.col("rank").is_not_null())
    mine = ranked.filter(pl.col("park_id") == park["park_id"])
    called = {"year": year, "indicator": indicator, "kind": kind_of(park["kind"]), "n": ranked.height}
    if ranked.is_empty():
        return _("{year}年没有一个{kind}按这个口径公布过{indicator}", **called)
    if mine.is_empty():
        return _(
            "{year}年按同一口径公布{indicator}的{kind}有 {n} 个，{place}不在其中", place=name(park, "name"), **called
        )
    row = mine.row(0, named=True)
    if (ranked["evidence"] == "derived").all():
        return _("{year}年{indicator}：能算出的{kind}有 {n} 个，{place}居第 {rank}", place=name(park, "name"),
                 rank=row["rank"], **called)  # fmt: skip
    if ranked.height == 1:
        return _("{year}年按这个口径公布{indicator}的{kind}只有{place}", place=name(park, "name"), **called)
    if (ranked["evidence"] == "own").any():
        return _("{year}年同一口径的{indicator}：连同自有的，{n} 个{kind}中{place}居第 {rank}",
                 place=name(park, "name"), rank=row["rank"], **called)  # fmt: skip
    return _("{year}年按同一口径公布{indicator}的{kind}有 {n} 个，{place}居第 {rank}", place=name(park, "name"),
             rank=row["rank"], **called)  # fmt: skip


def paragraph(standing: pl.DataFrame, park: Row, year: int, zones: int) -> str:
    """The number itself, what rounding leaves open, and how few published."""
    ranked = standing.filter(pl.col("rank").is_not_null())
    said = []
    for row in ranked.filter(pl.col("park_id") == park["park_id"]).iter_rows(named=True):
        value = layout.plain(figures.number(row) + figures.mark(row["evidence"]))
        said.append(_("{place}：**{value}**。", place=name(park, "name"), value=value))
        if row["rank_first"] != row["rank_last"]:
            said.append(
                _("原文取整，名次可能是第 {first} 至第 {last}。", first=row["rank_first"], last=row["rank_last"])
            )
    if ranked.is_empty():
        return _("其他类别的地区公布过，列在下面，不排名。")
    loaded = ranked.filter(pl.col("evidence") == "own").height
    if loaded:
        said.append(_("其中 {n} 个是自有的数，没有公布。", n=loaded))
    if park["kind"] == "zone":
        said.append(
            _("名录里的 {zones} 个国家高新区，这一年按这个口径公布了整年数的只有 {n} 个；没有公布的不参加排名。",
              zones=zones, n=ranked.height - loaded)
        )  # fmt: skip
    else:
        said.append(_("只在公布了这个数的 {n} 个{kind}里排名。", n=ranked.height - loaded, kind=kind_of(park["kind"])))
    return sentences(said)


def ranking(page: str, standing: pl.DataFrame, park: str, heading: str, link: str) -> list[pictures.Picture]:
    """The places of one kind by size as bars, the one compared in the accent; larger places in words."""
    ranked = standing.filter(pl.col("rank").is_not_null())
    drawn = []
    if ranked.height > 1:
        points = _points(ranked, park)
        bars = charts.bars(points, screen.palette(), screen.room(charts.ROOM))
        drawn.append(layout.chart(page, bars, heading, heading, ranked, link))
    if ranked.height >= SPREAD:
        st.caption(_("分布：每个点是一个地区，竖线是中位数。"))
        spread = strip(_points(ranked, park), screen.palette())
        drawn.append(layout.chart(page, spread, _("分布"), heading, ranked, link, small=True))
    others = standing.filter(pl.col("rank").is_null() | (ranked.height < 2))
    if others.height:
        st.markdown("**" + (_("其他类别的地区") if ranked.height > 1 else _("公布了这个数的地区")) + "**")
        entries = [
            (name(row, "park"), figures.number(row) + figures.mark(row["evidence"]), figures.growth(row))
            for row in others.iter_rows(named=True)
        ]
        layout.numbers(entries, columns=4, width=150)
    return drawn


def _points(rows: pl.DataFrame, park: str) -> pl.DataFrame:
    """Points of places in one unit, with whether they are the place compared."""
    points = charts.points(rows.drop("kind"), by="park")
    scale = 1.0 if lang() == "zh" else pl.Series(rows["unit_scale"].cast(pl.Float64))
    known = rows.filter(pl.col("compared") == pl.col("value"))
    unit = (known if known.height else rows).row(0, named=True)
    shown = 1.0 if lang() == "zh" else float(unit["unit_scale"])
    ratio = rows["compared"] / rows["value"] / scale * shown
    return points.with_columns(
        *(pl.col(end) * ratio for end in ("value", "low", "high")),
        unit=pl.lit(unit["unit_zh"] if lang() == "zh" else unit["unit_scaled_en"]),
        category=pl.col("place"),
        main=rows["park_id"] == park,
    )


def strip(points: pl.DataFrame, palette: str) -> tuple[pl.DataFrame, charts.Spec]:
    """All places on one axis, the one compared large, the median as a rule."""
    middle = points.select(value=pl.col("value").median(), median=pl.lit(value=True))
    data = pl.concat([points.with_columns(median=pl.lit(value=False)), middle], how="diagonal")
    return data, _strip(charts.one_unit(points), lang(), palette)


def _strip(unit: str, language: str, palette: str) -> charts.Spec:
    colours = PALETTES[palette]
    x = alt.X("value:Q", title=None, axis=charts.axis_of(colours, unit), scale=alt.Scale(zero=True, nice=True))
    base = alt.Chart().encode(x=x)
    places = base.transform_filter("!datum.median").encode(tooltip=charts.tooltip_of(language))
    layers = alt.layer(
        base.transform_filter("datum.median").mark_rule(color=colours["ink"], strokeWidth=1.5),
        places.transform_filter("!datum.main").mark_point(filled=True, size=70, opacity=0.45, color=colours["quiet"]),
        places.transform_filter("datum.main").mark_point(filled=True, size=140, opacity=1, color=colours["figure"]),
        places.transform_filter("datum.main").mark_text(dy=-14, color=colours["figure"], fontSize=12).encode(
            text="place:N"
        ),
    )  # fmt: skip
    return charts.finished(layers.properties(height=64), unit, colours)


def over_years(
    page: str, rows: pl.DataFrame, units: pl.DataFrame, breaks: pl.DataFrame, park: str, link: str
) -> list[pictures.Picture]:
    """The same figures over the years: a line stops where a year is missing or the definition changes; and a table."""
    if rows["period"].n_unique() < 2:
        return []
    st.subheader(_("历年"), anchor=False)
    years_of = rows.group_by("park_id").agg(pl.col("period").n_unique())
    series = years_of.filter(pl.col("period") >= panels.SERIES)["park_id"].to_list()
    drawn = []
    for panel in panels.split(rows.filter(pl.col("park_id").is_in(series)), units, park):
        kind = "line" if len(series) <= panels.FEW_LINES else "multiples"
        drawn.append(panels.one(page, panel, kind, breaks, link))
    several = rows["unit_id"].n_unique() > 1
    years = sorted(set(rows["period"]), reverse=True)[:YEARS][::-1]
    shown = []
    for _key, group in rows.group_by("park_id", maintain_order=True):
        by_year = {row["period"]: row for row in group.iter_rows(named=True)}
        told = {year: figures.number(row) + figures.mark(row["evidence"]) for year, row in by_year.items()}
        cells = {year: told.get(year, "—") for year in years}
        if any(year in by_year for year in years):
            shown.append({_("地区"): name(group.row(0, named=True), "park")} | cells)
    tables.whole(shown, right=tuple(years))
    broken = breaks.join(rows.select("park_id", "comparable_key").unique(), on=["park_id", "comparable_key"])
    said = [_("“—”：这一年没有公布。")]
    said += [_("单位按原文，各行可能不同。")] if several else []
    said += [
        _("{place}从{year}年起换了口径，线在那里断开：{reason}", place=_place(rows, row["park_id"]), year=row["year"],
          reason=name(row, "reason"))
        for row in broken.iter_rows(named=True)
    ]  # fmt: skip
    st.caption(sentences(said))
    return drawn


def _place(rows: pl.DataFrame, park: str) -> str:
    return name(rows.filter(pl.col("park_id") == park).row(0, named=True), "park")


def records(page: str, rows: pl.DataFrame, link: str, indicators: pl.DataFrame) -> None:
    """How each place kept its targets."""
    st.subheader(_("各地目标的兑现"), anchor=False)
    decided, total, running = rows["decided"].sum(), rows["set"].sum(), rows["open"].sum() > 0
    st.markdown(
        _("{places} 个地区公布过 {total} 项目标，其中 **{decided}** 项能判断：完成 **{reached}**，未完成 **{missed}**；"
          "其余的结果没有公布，不作推断。", places=rows.height, total=total, decided=decided,
          reached=rows["reached"].sum(), missed=rows["missed"].sum())
    )  # fmt: skip

    def cells(row: Row) -> Row:
        years = sorted({row["first_year"], row["last_year"]})
        return {
            _("地区"): name(row, "park"),
            _("年度"): ("—" if lang() == "zh" else "–").join(map(str, years)),
            _("定了"): str(row["set"]),
            _("✔ 完成"): str(row["reached"]),
            _("■ 未完成"): str(row["missed"]),
            **({_("● 进行中"): str(row["open"])} if running else {}),
            _("— 不能判断"): str(row["unknown"]),
        }

    heads = [_("定了"), _("✔ 完成"), _("■ 未完成"), *([_("● 进行中")] if running else []), _("— 不能判断")]
    tables.table(f"{page}_records", rows, cells, right=tuple(heads))
    st.caption(_("没有定目标、或目标没有公布的地区不在表里。"))
    layout.actions(f"{page}_records", "records", rows, link, _("各地目标的兑现"), [], indicators)


def names(rows: pl.DataFrame) -> str:
    """Where several printed names stand together, which, and that the grouping is ours."""
    column = f"indicator_{lang()}"
    known = rows[column].unique(maintain_order=True).to_list()
    if len(known) < 2:
        return ""
    return _("这里合并了几个名称：{names}。按本站归类口径相同，并非公布。", names=listed(known))
