"""Show the filters of a theme page, and hold what is chosen in them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from pages.ui import filters
from pages.wording import figures
from pages.wording.language import _, lang


@dataclass(frozen=True)
class ThemeView:
    """The choices of a theme page as codes; an empty list means all.

    first, last: years, None where not limited.
    """

    theme: str
    parks: list[str]
    indicators: list[str]
    evidence: tuple[str, ...]
    first: int | None
    last: int | None
    asof: date | None = None  # the day by which figures had to be published

    @property
    def address(self) -> dict[str, str]:
        """Return the whole view as parameters of an address, defaults included, so that it keeps its meaning."""
        codes = {
            "lang": lang(),
            "park": ",".join(self.parks) or filters.ALL,
            "indicator": ",".join(self.indicators) or filters.ALL,
            "from": str(self.first or ""),
            "to": str(self.last or ""),
            "evidence": ",".join(self.evidence),
            "compare": st.query_params.get("compare", ""),
            "asof": self.asof.isoformat() if self.asof else "",
        }
        return {key: text for key, text in codes.items() if text}

    @property
    def observation_filters(self) -> dict[str, Any]:
        """Return the view as arguments of get_observations()."""
        return self.target_filters | {"evidence": self.evidence}

    @property
    def target_filters(self) -> dict[str, Any]:
        """Return the view as arguments of get_judged_targets()."""
        return {
            "theme": self.theme,
            "parks": self.parks or None,
            "indicators": self.indicators or None,
            "first": date(self.first, 1, 1) if self.first else None,
            "last": date(self.last, 12, 31) if self.last else None,
            "lang": lang(),
            "asof": self.asof,
        }

    @property
    def span(self) -> tuple[str | None, str | None]:
        """Return the first and the last year as text for a file name."""
        return (str(self.first) if self.first else None, str(self.last) if self.last else None)


def choose_theme_view(
    page: str,
    theme: str,
    parks: pl.DataFrame,
    indicators: pl.DataFrame,
    default_parks: list[str],
) -> ThemeView:
    """Show the filters of a page in one bar, folded on a phone, and return the view chosen.

    The filters are place, indicator, period and evidence; the day of publication where the address names one.
    parks, indicators: the rows to choose from, in order, with codes and names in both languages.
    """
    years = (int(indicators["first_year"].drop_nulls().min()), int(indicators["last_year"].drop_nulls().max()))  # type: ignore[arg-type]
    loaded = ("own",) if indicators["own"].sum() else ()
    kinds = {kind: figures.label_evidence(kind) for kind in ("published", "derived", *loaded)}
    with filters.make_filter_area():
        place, what, when, how = st.columns([4, 4, 3, 3], gap="medium")
        with place:
            chosen_parks = filters.choose_from_rows(page, "park", _("地区"), parks, default_parks, _("全部地区"))
        with what:
            chosen = filters.choose_from_rows(page, "indicator", _("指标"), indicators, [], _("全部指标"))
        with when:
            first, last = filters.choose_years(f"{page}_years", years)
        with how:
            told_by = _("公布：来源所印。推算：由公布数按公式算出，附区间。")
            if loaded:
                told_by = _("公布：来源所印。推算：由公布数按公式算出，附区间。自有：由读者放入或运维人员载入。")
            evidence = filters.choose_several(
                st.pills,
                f"{page}_evidence",
                "evidence",
                _("性质"),
                kinds,
                list(kinds),
                selection_mode="multi",
                help=told_by,
            )
        asof = filters.choose_asof_day(page)
    wanted = tuple(kind for kind in kinds if kind in evidence) or tuple(kinds)
    return ThemeView(theme, chosen_parks, chosen, wanted, first, last, asof)
