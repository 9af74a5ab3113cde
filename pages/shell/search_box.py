"""The search box of every page: places, indicators, targets, promises and pages, suggested while the reader types."""

from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from data.themes import THEMES_BY_CODE
from pages.wording import plain_text, target_status
from pages.wording.language import _, capture_run_context, lang, localize_name
from queries.catalogue.names import normalize_search_text
from queries.exploring import suggestions
from queries.exploring.search import MOST_LETTERS

KEY, SEEN_KEY = "site_search", "site_search_seen"
MOST_PAGES = 3
PLACE_ICON, INDICATOR_ICON = ":material/location_on:", ":material/show_chart:"
TARGET_ICON, PROMISE_ICON, ALL_ICON = ":material/flag:", ":material/handshake:", ":material/manage_search:"


@dataclass(frozen=True)
class Destination:
    """Where a suggestion leads. path: of the page's address; query: its parameters besides the language."""

    label: str
    icon: str
    path: str
    query: dict[str, str]


def show_search_box(pages: list[StreamlitPage], current: StreamlitPage) -> None:
    """Show the search box, and below it, while it holds a text, what the text may mean.

    pages: those of the site; current: the one that is open. Once another view is open the box is empty again.
    """
    again, at = capture_run_context(), (current.url_path, st.query_params.to_dict())
    if st.session_state.get(SEEN_KEY) != at:
        st.session_state[KEY], st.session_state[SEEN_KEY] = "", at

    @st.fragment  # typing runs this box and not the page
    def show() -> None:
        again()  # a fragment runs without the router
        text = st.text_input(
            _("搜索"), key=KEY, type="search", live="200ms", label_visibility="collapsed",
            placeholder=_("搜索地区、指标"), icon=":material/search:",
        )  # fmt: skip
        if text := (text or "").strip()[:MOST_LETTERS]:
            found = [*_find_pages(text, pages), *_find_destinations(text)]
            if not found:
                st.caption(_("没有叫这个的地区、指标、目标、承诺或页面。"))
            find = Destination(_("在全部的数里查“{words}”", words=text), ALL_ICON, "explore", {"find": text})
            with st.container(key=f"{KEY}_found", gap=None):
                _show_destinations([*found, find], pages, current)

    show()


def _find_pages(text: str, pages: list[StreamlitPage]) -> list[Destination]:
    plain = normalize_search_text(text)
    fits = [page for page in pages if plain in normalize_search_text(f"{page.title} {page.url_path}")]
    return [Destination(page.title, page.icon, page.url_path, {}) for page in fits[:MOST_PAGES]]


def _find_destinations(text: str) -> list[Destination]:
    """Return what the data hold that the text may mean, and where each is shown."""
    found = suggestions.suggest(text, lang())
    return [
        *(
            Destination(localize_name(row, "name"), PLACE_ICON, "place", {"park": row["park_id"]})
            for row in found.parks.iter_rows(named=True)
        ),
        *(
            Destination(localize_name(row, "name"), INDICATOR_ICON, "explore", {"indicator": row["indicator_id"]})
            for row in found.indicators.iter_rows(named=True)
        ),
        *(
            Destination(
                target_status.describe_target_briefly(row), TARGET_ICON, "", {"target": row["target_id"]}
            )
            for row in found.targets.iter_rows(named=True)
        ),
        *(
            Destination(
                target_status.describe_promise_briefly(row), PROMISE_ICON,
                THEMES_BY_CODE[row["theme"]].promises, {"park": row["park_id"]},
            )
            for row in found.promises.iter_rows(named=True)
        ),
    ]  # fmt: skip


def _show_destinations(found: list[Destination], pages: list[StreamlitPage], current: StreamlitPage) -> None:
    by_path = {page.url_path: page for page in pages}
    for number, there in enumerate(found):
        page = by_path["" if there.path == "overview" else there.path]
        label, query = plain_text.escape_markdown(there.label), {"lang": lang()} | there.query
        if page != current:
            st.page_link(page, label=label, icon=there.icon, query_params=query, width="stretch")
        # A link to the page that is open would run it anew and leave the address as it was.
        elif st.button(label, key=f"{KEY}_{number}", icon=there.icon, type="tertiary", width="stretch"):
            st.query_params.from_dict(query)
            st.rerun()
