"""The router: every run starts here with its context (language, own figures, view, data) and menu, then runs a page."""

from pathlib import Path

import streamlit as st

from pages.shell import menu, not_found
from pages.ui import device, embed
from pages.upload import own_notice
from pages.wording import data_notice, language, plain_text
from pages.wording.language import _
from queries.database.engine import get_data_version, pin_database_state
from queries.database.run_context import set_run_context
from queries.database.state import DatabaseMissing, DataDamaged
from queries.service import startup
from queries.targets.rules import BadRule, read_rules

spoken = language.find_language(st.query_params.get("lang"), st.context.locale)
mine = own_notice.get_session_figures()  # what this reader put in, and nothing of another one
set_run_context(embed.PageContext(spoken, mine, view=embed.open_view()))
# A picture of our own: the browser would fetch a named icon from another host.
icon = Path(__file__).parent / "icon.png"
width = 220 if spoken == "zh" else 260  # of the longest name in the menu
st.set_page_config(page_title=_("园区指标浏览器"), page_icon=icon, layout="wide", initial_sidebar_state=width)

groups = menu.make_page_groups()
site_pages = [page for group in groups.values() for page in group]
missing_pages = not_found.make_missing_pages(site_pages)
page = st.navigation(site_pages + missing_pages, position="hidden")
if not st.context.is_embedded:
    menu.show_menu(groups, _("工作机制"), page)
device.apply_styles()
if page in missing_pages:
    page.run()
    st.stop()

problem = startup.wait_for_data()
pin_database_state()
try:
    version = get_data_version()
    read_rules()
except BadRule as error:
    st.error(
        _("评定规则的文件有误，请运维人员改正后刷新本页：{problem}", problem=plain_text.escape_markdown(str(error))),
        icon=":material/rule:",
    )
    st.stop()
except DatabaseMissing as error:
    data_notice.show_no_data_error(problem, damaged=isinstance(error, DataDamaged))
    st.stop()
if problem:
    data_notice.show_stale_data_warning(problem)
own_notice.show_own_notice(page.url_path)
try:
    embed.run_page(page.run, version)
except DataDamaged:  # met by a question of this page; the server builds the database anew
    data_notice.show_no_data_error(problem, damaged=True)
