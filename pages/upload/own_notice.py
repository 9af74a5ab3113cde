"""The figures that a reader loaded into the session, and the line on every page that says so."""

import streamlit as st

from pages.ui import layout
from pages.wording.language import _, lang
from queries.database.own_figures import OwnFigures


def get_session_figures() -> OwnFigures | None:
    """Return what this reader loaded; None for nothing."""
    held: OwnFigures | None = st.session_state.get(layout.OWN_DATA_KEY)
    return held


def set_session_figures(data: OwnFigures | None) -> None:
    """Set the own figures of this session; None removes them."""
    st.session_state[layout.OWN_DATA_KEY] = data


def show_own_notice(page: str) -> None:
    """Show one quiet line while the session holds own figures. page: the address of the page."""
    data = get_session_figures()
    if data is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        said = _("含您的自有数据 {n} 条，只有您看得到。", n=f"{data.rows:,}")
        st.caption(":material/lock: " + said, width="content")
        if page != "sources":
            query = {"lang": lang(), "show": "own"}
            st.page_link("sources.py", label=_("查看或移除"), query_params=query, width="content")
