"""A page for unknown addresses: Streamlit would open an English dialog over the overview."""

from urllib.parse import unquote, urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.ui import embed, layout
from pages.wording.language import _


def make_missing_pages(ours: list[StreamlitPage]) -> list[StreamlitPage]:
    """Return a page for the last part of this run's address if it is none of the site's pages; else an empty list.

    The first page is at the root, as is the site when it is served below a folder.
    """
    path = unquote(urlsplit(str(st.context.url or "")).path).strip("/")
    name = path.rpartition("/")[2].strip()
    folder = str(st.get_option("server.baseUrlPath") or "").strip("/")
    if not name or path == folder or name in {embed.ROOT_PAGE, *(known.url_path for known in ours)}:
        return []
    return [st.Page(show_not_found, title=_("没有这个页面"), url_path=name, visibility="hidden")]


def show_not_found() -> None:
    """Show that there is no such page, and a link to the overview.

    The address is not repeated: whoever makes a link could write anything in it.
    """
    st.title(_("没有这个页面"), anchor=False)
    st.markdown(_("地址可能写错了，也可能页面已经改名。"))
    st.page_link(
        "overview.py", label=_("打开总览"), icon=":material/space_dashboard:", query_params=layout.get_link_parameters()
    )
