"""Fit pages to the reader's screen: a phone or a wide screen, light or dark; and mend Streamlit by style."""

import streamlit as st

from pages.ui import error_page
from pages.wording.language import _

# Eight columns fit at a desk. A table wider than its window moves in its own place; the whole page would. Paper
# shows it whole.
TABLE_STYLE = """
[data-testid=stMarkdownContainer] > table :is(th, td) {padding-inline: 0.4rem}
@media screen {[data-testid=stMarkdownContainer]:has(> table) {overflow-x: auto}}
"""
# What stays together, as pages.wording.plain_text marks it: the only elements without a look of their own. Bold text
# may be such an element too, and a whole sentence.
UNBROKEN_STYLE = """
[data-testid=stMarkdownContainer] :is(td, th, p, li) span:not([class], [style], :has(> strong)) {white-space: nowrap}
"""
# A link to a page would be cut at the edge.
LINK_STYLE = "[data-testid=stMain] [data-testid=stPageLink-NavLink] * {white-space: normal}"
# What the search suggests is a list of links, in which a link to the open page must be a button; none is cut.
SEARCH_STYLE = """
.st-key-site_search_found {border-bottom: 1px solid #8884; padding-bottom: 0.5rem}
.st-key-site_search_found :is(a, button) {
  align-items: start; justify-content: start; min-height: 0; padding: 0.2rem 0.5rem !important; color: inherit
}
.st-key-site_search_found :is(a, button) * {
  align-items: start; line-height: 1.35; text-align: start; white-space: normal
}
.st-key-site_search_found [data-testid=stElementContainer] {margin: 0}
.st-key-site_search_found :is(a, button) p {font-size: 0.875rem}
.st-key-site_search_found button * {justify-content: start}
.st-key-site_search_found button > div > span {gap: 0.5rem}
"""
# SQL is read by its columns; how to run it is said below the box, in the reader's language.
SQL_STYLE = """
.st-key-explore_sql textarea {font-family: 'Source Code Pro', monospace; font-size: 0.875rem}
.st-key-explore_sql [data-testid=InputInstructions] {display: none}
"""
# Paper holds the page and not its menu, which would be a sheet of its own.
PRINT_STYLE = """
@media print {[data-testid=stSidebar], [data-testid=stHeader] {display: none}}
"""
# Streamlit has no words for its uploader but its own, in English.
UPLOADER_STYLE = """
[data-testid=stFileUploaderDropzone] button p, [data-testid=stFileUploaderDropzoneInstructions] span {{font-size: 0}}
[data-testid=stFileUploaderDropzone] button p::after {{content: "{choose}"; font-size: 1rem}}
[data-testid=stFileUploaderDropzoneInstructions] span::after {{content: "{limit}"; font-size: 0.875rem}}
"""
# Nor for a file that could not be made.
DOWNLOAD_STYLE = """
[data-testid=stDownloadButtonError] {{font-size: 0}}
[data-testid=stDownloadButtonError]::after {{content: "{no_file}"; font-size: 0.875rem}}
"""
# Nor for a lost connection, of which it tells how to start a server. While there is none its box is the only one.
CONNECTION_STYLE = """
[data-testid=stConnectionStatus] label {{font-size: 0}}
[data-testid=stConnectionStatus] label::after {{content: "{again}"; font-size: 0.875rem}}
{box} > h2 {{font-size: 0}}
{box} > h2::after {{content: "{lost}"; font-size: 1.25rem}}
{box} > div:last-child > * {{display: none}}
{box} > div:last-child::after {{content: "{wait}"}}
"""
CONNECTION_BOX = (
    "body:has([data-test-connection-state]:not([data-test-connection-state=CONNECTED])) [data-testid=stDialog] section"
)


WORKBOOK_MB = 20  # of a ledger


def apply_styles() -> None:
    """Apply what Streamlit leaves to style, once a run.

    That is what is wider than its place, and texts that Streamlit has in English only.
    """
    texts = {
        "choose": _("选择文件"),
        "limit": _("每个文件不超过 {size} MB", size=WORKBOOK_MB),
        "no_file": _(
            "文件没有生成，请重试；若再出错，请把编号 {number} 告诉运维人员。", number=error_page.get_session_number()
        ),
        "lost": _("与服务器的连接断了"),
        "wait": _("正在自动重连，连上后本页继续可用；若一直连不上，请检查网络，或告诉运维人员。"),
        "again": _("正在重连"),
        "box": CONNECTION_BOX,
    }
    st.html(
        f"<style>{TABLE_STYLE}{UNBROKEN_STYLE}{LINK_STYLE}{SEARCH_STYLE}{SQL_STYLE}{PRINT_STYLE}"
        f"{(UPLOADER_STYLE + DOWNLOAD_STYLE + CONNECTION_STYLE).format(**texts)}</style>"
    )


def get_upload_limit(wanted: int) -> int:
    """Return the megabytes of the largest file that an uploader takes: no more than the server does."""
    return min(wanted, int(st.get_option("server.maxUploadSize")))


def show_upload_limit(key: str, megabytes: int) -> None:
    """Show the limit of one uploader that takes larger files than others, and what to do with a file beyond it.

    key: of the container around the uploader.
    """
    said = _("每个文件不超过 {size} MB", size=megabytes)
    refused = _(
        "没有放入：文件超过 {size} MB，或没有传完。请按年份或指标分成几个，或请运维人员在服务器上载入。", size=megabytes
    )
    drop = f".st-key-{key} [data-testid=stFileUploaderDropzone]"
    place = "[data-testid=stFileUploaderDropzoneInstructions]"
    limit = f'{drop} {place} span::after {{content: "{said}"}}'
    st.html(f'<style>{limit} {drop}:has([role=alert])::after {{content: "{refused}"}}</style>')


def is_phone() -> bool:
    """Return whether the browser says that it is a phone's, or the page is in a frame.

    A frame may be as narrow, and nothing tells how wide it is.
    """
    return bool(st.context.is_embedded) or "Mobi" in (st.context.headers.get("User-Agent") or "")


def fit_to_screen(wide: int, small: int) -> int:
    """Return the measure of a wide screen, or the one of a phone."""
    return small if is_phone() else wide


def compute_text_room(wide: int) -> int:
    """Return the pixels that a chart has for its texts: `wide` on a wide screen, 350 on a phone."""
    return fit_to_screen(wide, 350)


def get_palette() -> str:
    """Return the reader's colour theme: light or dark."""
    return "dark" if st.context.theme.type == "dark" else "light"
