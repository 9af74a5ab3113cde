"""The menu: two groups of pages and the data, with language and place kept from page to page."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from data.languages import LANGUAGES
from pages.ledger import opening
from pages.ui import layout
from pages.wording.language import _, lang


def show_menu(groups: dict[str, list[StreamlitPage]], working: str) -> None:
    """Show links to the pages in the sidebar and, at its foot, a button for the other language that keeps the view.

    working: the group of the mechanisms, whose pages pass ledger and day on to each other.
    """
    carried = layout.get_link_parameters()
    mine = st.session_state.get(opening.OWN_LEDGER_KEY)
    ledger_only = ("sample", *([mine.park_id] if mine else []))
    elsewhere = {key: code for key, code in carried.items() if key != "park" or code not in ledger_only}
    among = carried | ({"asof": st.query_params["asof"]} if st.query_params.get("asof") else {})
    with st.sidebar:
        st.markdown("**" + _("园区指标浏览器") + "**")
        for group, pages in groups.items():
            if group:
                st.caption(group)
            for page in pages:
                st.page_link(page, query_params=among if group == working else elsewhere, width="stretch")
        st.space("small")
        for code, label in LANGUAGES.items():
            if code != lang():
                st.button(
                    label,
                    key=f"language_{code}",
                    icon=":material/translate:",
                    type="tertiary",
                    on_click=switch_language,
                    args=(code,),
                )


def switch_language(code: str) -> None:
    """Switch to another language; the rest of the address stays, and with it the view."""
    st.query_params["lang"] = code
