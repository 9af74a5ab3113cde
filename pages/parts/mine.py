"""A reader's own figures in the session: what is held, the line on every page that says so."""

from typing import Any

import streamlit as st

from pages.parts.words import _, lang

KEY = "own_data"  # in the state of the session, and nowhere else


def held() -> Any:
    """What this reader put in (queries.own.Own); None: nothing."""
    return st.session_state.get(KEY)


def keep(data: Any) -> None:
    """Hold it for this session; None: hold nothing."""
    st.session_state[KEY] = data


def told(page: str) -> None:
    """One quiet line while there is something of the reader's own in the figures; page: the address of the page."""
    data = held()
    if data is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(":material/lock: " + _("含您的自有数据 {n} 条，只有您看得到。", n=f"{data.rows:,}"), width="content")
        if page != "sources":
            query = {"lang": lang(), "show": "own"}
            st.page_link("sources.py", label=_("查看或移除"), query_params=query, width="content")
