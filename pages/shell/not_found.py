"""A page for an address that is none of ours: Streamlit would open a box of its own, in English, over the overview."""

from urllib.parse import unquote, urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.ui import embed, layout
from pages.wording.language import _


def page(ours: list[StreamlitPage]) -> list[StreamlitPage]:
    """The page of the last part of this run's address, where none of ours has it; else nothing.

    The first page is at the root, and so is whoever serves the site below a folder.
    """
    path = unquote(urlsplit(str(st.context.url or "")).path).strip("/")
    name = path.rpartition("/")[2].strip()
    folder = str(st.get_option("server.baseUrlPath") or "").strip("/")
    if not name or path == folder or name in {embed.FIRST, *(known.url_path for known in ours)}:
        return []
    return [st.Page(told, title=_("没有这个页面"), url_path=name, visibility="hidden")]


def told() -> None:
    """Say so, and show the way. The address is not repeated: whoever makes a link could write anything in it."""
    st.title(_("没有这个页面"), anchor=False)
    st.markdown(_("地址可能写错了，也可能页面已经改名。"))
    st.page_link("overview.py", label=_("打开总览"), icon=":material/space_dashboard:", query_params=layout.carried())
