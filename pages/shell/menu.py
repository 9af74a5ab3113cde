"""The menu: two groups of pages and the data, with language and place kept from page to page."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from data.languages import LANGUAGES
from data.themes import THEMES
from pages.ledger import opening
from pages.shell import search_box
from pages.ui import layout
from pages.wording import figures
from pages.wording.language import _, lang


def make_page_groups() -> dict[str, list[StreamlitPage]]:
    """Make the pages of the site, in the groups of the menu."""
    return {
        _("指标分析"): [
            st.Page("overview.py", title=_("总览"), icon=":material/space_dashboard:", default=True),
            *(st.Page(f"{theme.page}.py", title=figures.label_theme(theme.code), icon=theme.icon) for theme in THEMES),
            st.Page("compare.py", title=_("对比"), icon=":material/compare_arrows:"),
            st.Page("place.py", title=_("地区"), icon=":material/location_on:"),
            st.Page("zones.py", title=_("园区名录"), icon=":material/grid_view:"),
        ],
        _("工作机制"): [
            st.Page("mechanisms.py", title=_("六大机制"), icon=":material/cycle:"),
            st.Page("preplan.py", title=_("预安消号"), icon=":material/checklist:"),
            st.Page("leaders.py", title=_("领导联点"), icon=":material/handshake:"),
            st.Page("monthly.py", title=_("按月调度"), icon=":material/calendar_month:"),
            st.Page("supervision.py", title=_("督查督办"), icon=":material/notification_important:"),
            st.Page("efficiency.py", title=_("效能监查"), icon=":material/timer:"),
            st.Page("rewards.py", title=_("奖惩考核"), icon=":material/leaderboard:"),
        ],
        _("数据"): [
            st.Page("explore.py", title=_("自助查询"), icon=":material/search:"),
            st.Page("coverage.py", title=_("数据覆盖"), icon=":material/view_module:"),
            st.Page("findings.py", title=_("数据核验"), icon=":material/rule:"),
            st.Page("sources.py", title=_("数据与来源"), icon=":material/database:"),
        ],
    }


def show_menu(groups: dict[str, list[StreamlitPage]], working: str, current: StreamlitPage) -> None:
    """Show the search box and links to the pages in the sidebar and, at its foot, a button for the other language that
    keeps the view.

    working: the group of the mechanisms, whose pages pass ledger and day on to each other. current: the open page.
    """
    carried = layout.get_link_parameters()
    mine = st.session_state.get(opening.OWN_LEDGER_KEY)
    ledger_only = ("sample", *([mine.park_id] if mine else []))
    elsewhere = {key: code for key, code in carried.items() if key != "park" or code not in ledger_only}
    among = carried | ({"asof": st.query_params["asof"]} if st.query_params.get("asof") else {})
    with st.sidebar:
        st.markdown("**" + _("园区指标浏览器") + "**")
        search_box.show_search_box([page for pages in groups.values() for page in pages], current)
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
