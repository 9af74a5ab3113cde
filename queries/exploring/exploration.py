"""What there is to explore: figures counted by indicator, place, year and evidence, each count within the others."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from queries.catalogue import catalogue
from queries.database import own_figures
from queries.database.engine import data_version, fetch
from queries.database.memo import once
from queries.exploring import search
from queries.figures.observations import DERIVED_FROM, EVIDENCE, observations
from queries.targets.targets import commitments, targets

FACETS = {"theme": "theme", "indicator": "indicator_id", "role": "role", "park": "park_id", "evidence": "evidence"}
PARAMETERS = ("find", "theme", "indicator", "role", "park", "evidence", "from", "to", "as", "chart", "base", "asof")
MOST_CODES = 12  # in a link, of each kind
MOST = 10_000  # figures that a page draws and lists; beyond them it counts and offers the file
SHOWN_SQL = Path(__file__).parent / "shown" / "figures.sql"
KEYS = ["indicator_id", "park_id", "evidence", "first_year", "last_year"]


@dataclass(frozen=True)
class Choice:
    """What a reader chose, as codes; an empty tuple is all. text: words to find; first, last: years;
    asof: the day by which figures were known, None: all of them."""

    text: str = ""
    themes: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    parks: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ("published",)
    first: int | None = None
    last: int | None = None
    asof: date | None = None

    def without(self, part: str) -> "Choice":
        """The same without one of its parts, a key of EMPTY."""
        return replace(self, **EMPTY[part])

    @property
    def any(self) -> bool:
        """Whether anything narrows the view at all."""
        return self != Choice(evidence=self.evidence, asof=self.asof)


EMPTY: dict[str, dict[str, Any]] = {
    "find": {"text": ""}, "theme": {"themes": ()}, "indicator": {"indicators": ()}, "role": {"roles": ()},
    "park": {"parks": ()}, "evidence": {"evidence": ()}, "year": {"first": None, "last": None},
}  # fmt: skip


def cube(asof: date | None = None) -> pl.DataFrame:
    """How many figures there are. One row per indicator, place, evidence and span of years: the codes, theme, role of
    the place, first_year, last_year, figures.

    asof: figures known by this day; None: all.
    """
    counts = _counted(data_version(), asof)
    mine = own_figures.held()
    if mine is None:
        return counts
    return pl.concat([counts, _placed(_years_of(mine.remember(("cube", asof), lambda: mine.ask("cube", asof=asof))))])


@once(4)
def _counted(version: str, asof: date | None) -> pl.DataFrame:
    """Counts of the database; derived figures are among them where they are computed at all."""
    counts = _years_of(fetch("cube", asof=asof))
    if counts.filter(pl.col("evidence") == "published")["figures"].sum() > DERIVED_FROM:
        return _placed(counts)
    with own_figures.aside():
        return _placed(pl.concat([counts, _by_key(observations(evidence=("derived",), asof=asof))]))


def _years_of(counts: pl.DataFrame) -> pl.DataFrame:
    return counts.with_columns(pl.col("first_year", "last_year").cast(pl.Int32))


def how_many(theme: str, evidence: tuple[str, ...], asof: date | None = None) -> int:
    """How many figures of a theme there are, of some kinds of evidence; asof: as in cube()."""
    rows = cube(asof).filter((pl.col("theme") == theme) & pl.col("evidence").is_in(evidence))
    return int(rows["figures"].sum())


def published() -> int:
    """How many figures were published."""
    return int(cube().filter(pl.col("evidence") == "published")["figures"].sum())


def _by_key(rows: pl.DataFrame) -> pl.DataFrame:
    years = {"first_year": pl.col("period_start").dt.year(), "last_year": pl.col("year")}
    return rows.with_columns(**years).group_by(KEYS).agg(figures=pl.len().cast(pl.Int64))


def _placed(counts: pl.DataFrame) -> pl.DataFrame:
    roles = catalogue.parks().select("park_id", "role")
    return counts.join(_themes(), on="indicator_id").join(roles, on="park_id")


def _themes() -> pl.DataFrame:
    """Theme and code of every indicator, those that follow from others among them."""
    derived = catalogue.derivations().select("theme", indicator_id="derivation_id")
    return pl.concat([catalogue.indicators().select("theme", "indicator_id"), derived])


def counts(choice: Choice) -> dict[str, dict[str, int]]:
    """For each facet, and for year, the figures of each of its codes under all other choices: {facet: {code: n}}.

    A choice within a facet does not count there, so that another can be added. Under "all": {"": n}, all choices.
    """
    whole, counted = cube(choice.asof), {}
    for facet, column in FACETS.items():
        rows = whole.filter(_kept(question(choice.without(facet))))
        sums = rows.group_by(column).agg(pl.col("figures").sum()).sort("figures", column, descending=[True, False])
        counted[facet] = dict(sums.iter_rows())
    counted["year"] = _by_year(whole.filter(_kept(question(choice.without("year")))))
    counted["all"] = {"": _figures_of(choice)}
    return counted


def _figures_of(choice: Choice) -> int:
    return int(cube(choice.asof).filter(_kept(question(choice)))["figures"].sum())


def eased(choice: Choice) -> dict[str, int]:
    """For each part of a choice how many figures there would be without it, where there would be any."""
    left = {part: _figures_of(choice.without(part)) for part in EMPTY if choice.without(part) != choice}
    return {part: n for part, n in left.items() if n}


def aimed(choice: Choice, lang: str = "zh") -> pl.DataFrame:
    """Targets of what a choice asks for. One row per target, columns of targets(); none where words name nothing."""
    asked = question(choice)
    rows = targets(indicators=asked.indicators, parks=asked.parks, lang=lang, asof=choice.asof)
    rows = rows.filter(pl.col("year") >= asked.first) if asked.first else rows
    return rows.filter(pl.col("year") <= asked.last) if asked.last else rows


def promised(choice: Choice, lang: str = "zh") -> pl.DataFrame:
    """Promises without a number whose words hold all that a choice looks for. One row per commitment."""
    words = choice.text.split()
    rows = commitments(lang=lang)
    said = pl.concat_str("name_zh", pl.lit(" "), "name_en").str.to_lowercase()
    for word in words:
        rows = rows.filter(said.str.contains(word.lower(), literal=True))
    return rows if words else rows.clear()


def _by_year(rows: pl.DataFrame) -> dict[str, int]:
    spans = rows.select("figures", year=pl.int_ranges("first_year", pl.col("last_year") + 1)).explode("year")
    return {str(year): n for year, n in spans.group_by("year").agg(pl.col("figures").sum()).sort("year").iter_rows()}


@dataclass(frozen=True)
class Question:
    """A choice as codes and years; None: all."""

    indicators: list[str] | None
    parks: list[str] | None
    evidence: tuple[str, ...]
    first: int | None
    last: int | None


def question(choice: Choice) -> Question:
    """The codes and years that all parts of a choice together leave, its words to find among them."""
    found = search.found(choice.text)
    nothing: tuple[str, ...] | None = () if found.unknown else None  # a word that names nothing finds nothing
    named = [
        None if found.indicators is None else catalogue.with_derived(found.indicators),
        catalogue.with_derived(choice.indicators) if choice.indicators else None,
        _of(_themes(), choice.themes),
        nothing,
    ]
    placed = [found.parks, choice.parks or None, _of(catalogue.parks().select("role", "park_id"), choice.roles)]
    return Question(
        _shared(named),
        _shared(placed),
        choice.evidence or EVIDENCE,
        max((first for first in (choice.first, found.first) if first), default=None),
        min((last for last in (choice.last, found.last) if last), default=None),
    )


def _of(rows: pl.DataFrame, groups: tuple[str, ...]) -> list[str] | None:
    """Codes of the groups chosen; rows: group and code."""
    return rows.filter(rows.to_series(0).is_in(groups)).to_series(1).to_list() if groups else None


def _shared(lists: Sequence[Sequence[str] | None]) -> list[str] | None:
    """Codes that stand in every list, in the order of the first; None where there is no list."""
    given = [codes for codes in lists if codes is not None]
    return [code for code in given[0] if all(code in codes for codes in given[1:])] if given else None


def _kept(asked: Question) -> pl.Expr:
    """Which rows of the cube a question keeps."""
    kept = pl.col("evidence").is_in(asked.evidence)
    kept = kept if asked.indicators is None else kept & pl.col("indicator_id").is_in(asked.indicators)
    kept = kept if asked.parks is None else kept & pl.col("park_id").is_in(asked.parks)
    kept = kept if asked.first is None else kept & (pl.col("last_year") >= asked.first)
    return kept if asked.last is None else kept & (pl.col("first_year") <= asked.last)


def figures(choice: Choice, lang: str = "zh") -> pl.DataFrame:
    """The figures that a choice leaves. One row per figure, columns and order of observations()."""
    asked = question(choice)
    if asked.first and asked.last and asked.first > asked.last:
        return observations(indicators=[], lang=lang)
    return observations(
        indicators=asked.indicators,
        parks=asked.parks,
        first=date(asked.first, 1, 1) if asked.first else None,
        last=date(asked.last, 12, 31) if asked.last else None,
        evidence=asked.evidence,
        lang=lang,
        asof=choice.asof,
    )


def parameters(choice: Choice) -> dict[str, str]:
    """A choice as parameters of the route of observations; one that says nothing is left out."""
    asked = question(choice)
    lists = {"indicator": asked.indicators, "park": asked.parks, "evidence": asked.evidence}
    texts = {name: ",".join(codes) for name, codes in lists.items() if codes is not None}
    years = {"from": asked.first, "to": asked.last}
    known = {"asof": choice.asof.isoformat()} if choice.asof else {}
    return texts | {name: str(year) for name, year in years.items() if year} | known


def coded(choice: Choice, shown: dict[str, str], measure: str) -> dict[str, str]:
    """Parameters of a link to a view. What words found stands there as codes, which outlive a change of names; words
    that find more codes than a link should hold stay.

    shown: the parameters that the address has now; measure: what the figures are shown as, which words may have named.
    """
    if not choice.text:
        return shown
    asked = question(choice)
    printed = set(catalogue.indicators()["indicator_id"])
    codes = tuple(code for code in asked.indicators or () if code in printed) or tuple(asked.indicators or ())
    found = replace(
        choice, text="", indicators=codes, parks=tuple(asked.parks or ()), first=asked.first, last=asked.last
    )
    if _codes(question(found)) != _codes(asked) or max(len(codes), len(found.parks)) > MOST_CODES:
        return shown
    kept = {key: text for key, text in shown.items() if key not in ("find", "indicator", "park", "from", "to")}
    lists = {"indicator": ",".join(codes), "park": ",".join(found.parks)}
    years = {"from": str(asked.first or ""), "to": str(asked.last or "")}
    return kept | {key: text for key, text in (lists | years).items() if text} | {"as": measure}


def _codes(asked: Question) -> tuple[object, ...]:
    """What a question asks for, whatever the order of its codes."""
    lists = (None if codes is None else frozenset(codes) for codes in (asked.indicators, asked.parks))
    return *lists, asked.evidence, asked.first, asked.last


def shown_sql(choice: Choice) -> str:
    """The question behind the printed figures of a choice, to read, to copy and to run over the published tables.

    It is queries/exploring/shown/figures.sql with the codes and days of the choice written in; a line whose parameter
    says nothing is left out.
    """
    asked = question(choice)
    derived = set(catalogue.derivations()["derivation_id"])
    codes = None if asked.indicators is None else [code for code in asked.indicators if code not in derived]
    texts = {
        "indicators": None if codes is None else _listed(codes),
        "parks": None if asked.parks is None else _listed(asked.parks),
        "first": f"date '{asked.first}-01-01'" if asked.first else None,
        "last": f"date '{asked.last}-12-31'" if asked.last else None,
        "asof": f"date '{choice.asof}'" if choice.asof else None,
    }
    lines = []
    for line in SHOWN_SQL.read_text("utf-8").splitlines():
        parameter = line.partition("$")[2].strip()
        if not parameter:
            lines.append(line)
        elif texts[parameter] is not None:
            lines.append(line.replace(f"${parameter}", str(texts[parameter])))
    return "\n".join(lines)


def _listed(codes: Sequence[str]) -> str:
    """Codes as a list of SQL, in lines of a width that a screen shows."""
    quoted = ", ".join("'" + code.replace("'", "''") + "'" for code in codes) or "null"
    return f"({textwrap.fill(quoted, 88, subsequent_indent=' ' * 8, break_long_words=False, break_on_hyphens=False)})"
