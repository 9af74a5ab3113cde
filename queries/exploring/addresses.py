"""A choice of figures as the address of a route, as a link and as SQL."""

import textwrap
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from queries.catalogue import catalogue
from queries.exploring.exploration import Choice, FigureFilter, make_figure_filter

MOST_CODES = 12  # in a link, of each kind


FIGURES_SQL_PATH = Path(__file__).parent / "shown" / "figures.sql"


def make_route_parameters(choice: Choice) -> dict[str, str]:
    """Return a choice as parameters of the route of observations, without those that say nothing."""
    asked = make_figure_filter(choice)
    lists = {"indicator": asked.indicators, "park": asked.parks, "evidence": asked.evidence}
    texts = {name: ",".join(codes) for name, codes in lists.items() if codes is not None}
    years = {"from": asked.first, "to": asked.last}
    known = {"asof": choice.asof.isoformat()} if choice.asof else {}
    return texts | {name: str(year) for name, year in years.items() if year} | known


def make_link_parameters(choice: Choice, shown: dict[str, str], measure: str) -> dict[str, str]:
    """Return the parameters of a link to a view. Words are replaced by the codes they found, which outlive a change of
    names; words that find more codes than a link should hold (MOST_CODES) stay.

    shown: the parameters that the address has now; measure: what the figures are shown as, which may have been
    named by words.
    """
    if not choice.text:
        return shown
    asked = make_figure_filter(choice)
    printed = set(catalogue.get_indicators()["indicator_id"])
    codes = tuple(code for code in asked.indicators or () if code in printed) or tuple(asked.indicators or ())
    found = replace(
        choice, text="", indicators=codes, parks=tuple(asked.parks or ()), first=asked.first, last=asked.last
    )
    if (
        _make_unordered_key(make_figure_filter(found)) != _make_unordered_key(asked)
        or max(len(codes), len(found.parks)) > MOST_CODES
    ):
        return shown
    kept = {key: text for key, text in shown.items() if key not in ("find", "indicator", "park", "from", "to")}
    lists = {"indicator": ",".join(codes), "park": ",".join(found.parks)}
    years = {"from": str(asked.first or ""), "to": str(asked.last or "")}
    return kept | {key: text for key, text in (lists | years).items() if text} | {"as": measure}


def _make_unordered_key(asked: FigureFilter) -> tuple[object, ...]:
    """Return the content of a filter without the order of its codes, for comparison."""
    lists = (None if codes is None else frozenset(codes) for codes in (asked.indicators, asked.parks))
    return *lists, asked.evidence, asked.first, asked.last


def build_figures_sql(choice: Choice) -> str:
    """Return the SQL of the printed figures of a choice, to read, to copy and to run over the published tables.

    It is queries/exploring/shown/figures.sql with the codes and days of the choice filled in; a line is left out if
    its parameter says nothing.
    """
    asked = make_figure_filter(choice)
    derived = set(catalogue.get_derivations()["derivation_id"])
    codes = None if asked.indicators is None else [code for code in asked.indicators if code not in derived]
    texts = {
        "indicators": None if codes is None else _format_sql_list(codes),
        "parks": None if asked.parks is None else _format_sql_list(asked.parks),
        "first": f"date '{asked.first}-01-01'" if asked.first else None,
        "last": f"date '{asked.last}-12-31'" if asked.last else None,
        "asof": f"date '{choice.asof}'" if choice.asof else None,
    }
    lines = []
    for line in FIGURES_SQL_PATH.read_text("utf-8").splitlines():
        parameter = line.partition("$")[2].strip()
        if not parameter:
            lines.append(line)
        elif texts[parameter] is not None:
            lines.append(line.replace(f"${parameter}", str(texts[parameter])))
    return "\n".join(lines)


def _format_sql_list(codes: Sequence[str]) -> str:
    """Format codes as a list of SQL, in lines that fit on a screen."""
    quoted = ", ".join("'" + code.replace("'", "''") + "'" for code in codes) or "null"
    return f"({textwrap.fill(quoted, 88, subsequent_indent=' ' * 8, break_long_words=False, break_on_hyphens=False)})"
