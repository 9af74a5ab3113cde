"""Panels: the figures of a view, divided into those that may share an axis."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pages.charts import chart_points
from pages.wording import figures
from pages.wording.language import _, join_items, lang, localize_name
from queries.figures import precedence

MOST_NAMES = 3  # of one definition, in a heading
FEWEST_YEARS = 3  # years of one place from which a line says something
FEW_BARS, MOST_BARS, FEW_LINES, MOST_MULTIPLES = 24, 60, 6, 24
MOST_BREAKS = 6  # that are told below a chart
MONTH = "month"  # single months may stand in one row, spans of different months may not
PANEL_KEYS = ["comparable_key", "axis", "months"]
CODE_JOINT = "~"  # stands in no code, and needs no escape in a link


@dataclass(frozen=True)
class Panel:
    """Figures that may share an axis; what a chart needs is made when it is drawn.

    group: their rows with axis, months, at and counts (whether it is the version of its figure that counts); park: the
    place drawn in the accent colour.
    """

    group: pl.DataFrame
    park: str

    @property
    def code(self) -> str:
        """Return the code of the panel in a link: definition, kind of unit and part of the year."""
        return CODE_JOINT.join(filter(None, self.group.select(PANEL_KEYS).row(0)))

    @cached_property
    def rows(self) -> pl.DataFrame:
        """Return rows of get_observations()."""
        return self.group.drop("axis", "months", "at", "counts")

    @cached_property
    def points(self) -> pl.DataFrame:
        """Return points of chart_points.make_points() in one unit, the main place first.

        Further columns: park_id, comparable_key, at, main, counts and best.
        counts: whether it is the version of its figure that counts; best: whether it also holds under no condition, so
        that a line goes through it.
        """
        here = self.park in self.group["park_id"]
        codes = self.group.select(
            "park_id", "comparable_key", "at", "counts",
            best=pl.col("counts") & ~figures.is_conditional(),
            main=pl.col("park_id") == self.park if here else pl.lit(value=True),
        )  # fmt: skip
        points = chart_points.convert_to_one_unit(
            chart_points.make_points(self.rows, by="park").hstack(codes), self.group
        )
        return points.sort(~pl.col("main"), maintain_order=True)

    @cached_property
    def count(self) -> int:
        """Return how many figures there are, each counted once."""
        return int(self.group["counts"].sum())

    @cached_property
    def figures(self) -> pl.DataFrame:
        """Return rows of get_observations(), of each figure the version that counts."""
        return precedence.select_counting_versions(self.rows)

    @cached_property
    def heading(self) -> str:
        """Return the heading: what the figures are, and of which part of the year."""
        months, text, period = self.group["months"][0], list_names(self.group), self.group["period"][0]
        if not months:
            return text
        part = (
            _("各月")
            if months == MONTH
            else figures.format_period(period).replace(figures.format_period(period[:4]), "").strip()
        )
        return _("{indicator}（{months}）", indicator=text, months=part)

    def leaves_out_figures(self, kind: str) -> bool:
        """Return whether a chart of this kind leaves some of the figures out."""
        places = self.group["park_id"].n_unique()
        left_out = {
            "bar": self.count > MOST_BARS, "dot": places > MOST_BARS, "multiples": places > MOST_MULTIPLES,
            "line": places > MOST_MULTIPLES,
        }  # fmt: skip
        return left_out.get(self.kind if kind == "auto" else kind, False)

    @property
    def step(self) -> float:
        """Return the years between two figures that a line joins."""
        return 1 / 12 if self.group["months"][0] == MONTH else 1

    @property
    def kind(self) -> str:
        """Return the kind of chart that says most.

        Lines of a few places, small charts of many places that have series, else bars, or dots.
        """
        years = self.group.group_by("park_id").agg(pl.col("at").n_unique())["at"]
        places, series = len(years), int((years >= FEWEST_YEARS).sum())
        if series and places <= FEW_LINES:
            return "line"
        if series * 2 > places:
            return "multiples"
        return "bar" if self.count <= FEW_BARS else "dot"


def split_into_panels(rows: pl.DataFrame, units: pl.DataFrame, self_park: str) -> list[Panel]:
    """Return panels of the rows that have a value, in their order.

    There is one for each definition, kind of unit and part of the year.
    Values of one kind are drawn in the unit that most of them were printed in.
    self_park: the place drawn in the accent colour; where it has no figure, all are.
    """
    single, stock = pl.col("span").is_in(["month", "date"]), pl.col("measure") == "stock"
    dated = (single | stock) & (pl.col("span") != "year")
    months = pl.when(single).then(pl.lit(MONTH)).otherwise(pl.format("{}-{}", "first_month", "last_month"))
    valued = rows.filter(pl.col("value").is_not_null()).with_columns(
        axis=pl.coalesce("dimension", "unit_id"),
        # Parts of a year are another thing than whole years; a stock stands at its date.
        months=pl.when((pl.col("span") == "year") | stock).then(pl.lit("")).otherwise(months),
        counts=~precedence.is_earlier_version(),
        at=pl.col("year") + pl.when(dated).then((pl.col("last_month") - 1) / 12).otherwise(0.0),
    )
    return [Panel(group, self_park) for _key, group in valued.group_by(PANEL_KEYS, maintain_order=True)]


def describe_breaks(breaks: pl.DataFrame, series: pl.DataFrame) -> list[str]:
    """Return where the definition of a series changes and why, once for all places of which the same holds.

    breaks: of get_series_breaks(); series: park_id, comparable_key and the names of the places drawn.
    """
    keys = ["park_id", "comparable_key"]
    found = breaks.join(series.select(*keys, "park_zh", "park_en").unique(), on=keys, maintain_order="left")
    alike = found.group_by("comparable_key", "year", "reason_zh", "reason_en", maintain_order=True)
    rows = list(alike.agg(f"park_{lang()}").sort("year", maintain_order=True).iter_rows(named=True))
    said = [
        _("{place}从{year}年起换了口径，前后不相连：{reason}", year=row["year"], reason=localize_name(row, "reason"),
          place=_list_places(row[f"park_{lang()}"]))
        for row in rows[:MOST_BREAKS]
    ]  # fmt: skip
    more = len(rows) - MOST_BREAKS
    return said + ([_("另有 {n} 处，见数据表 place_break。", n=more)] if more > 0 else [])


def _list_places(names: list[str]) -> str:
    places = list(dict.fromkeys(names))
    return join_items(places) if len(places) <= MOST_NAMES else _("{n} 个地区", n=len(places))


def list_names(rows: pl.DataFrame) -> str:
    names = rows[f"indicator_{lang()}"].unique(maintain_order=True).to_list()
    listed = join_items(names[:MOST_NAMES])
    return _("{names}等", names=listed) if len(names) > MOST_NAMES else listed
