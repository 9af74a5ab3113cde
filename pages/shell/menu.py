"""The menu: two groups and the data, with language and place carried from page to page."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.ledger import opening
from pages.ui import layout
from pages.wording.language import LANGUAGES, _, lang


def show(groups: dict[str, list[StreamlitPage]], working: str) -> None:
    """Links to the pages in the sidebar; the other language at its foot, with the view kept.

    working: the group of the mechanisms, whose pages hand ledger and day on to each other.
    """
    carried = layout.carried()
    mine = st.session_state.get(opening.OWN)
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
                    on_click=speak,
                    args=(code,),
                )


def speak(code: str) -> None:
    """Go on in another language; the rest of the address stays, so the view does."""
    st.query_params["lang"] = code
