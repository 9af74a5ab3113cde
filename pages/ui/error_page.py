"""Tell a reader in one sentence that a page failed, with a number that the log gives together with the reason."""

import logging
import secrets
from dataclasses import replace
from urllib.parse import urlencode, urlsplit

import streamlit as st

from pages.wording import language
from pages.wording.language import _
from queries.database.run_context import get_run_context, use_run_context

log = logging.getLogger("park")
SESSION_NUMBER_KEY = "number_of_session"
MOST_ADDRESS_LETTERS = 500  # letters of an address in the log
# For readers of English when their catalogue itself cannot be read.
FAILED_IN_ENGLISH = "This page failed. Please try again; if it fails again, tell the operator the number {number}."


def show_failure(error: Exception) -> bool:
    """Log an error under a number and show on the page that it failed, with the same number.

    Return True: nothing else is to be shown. The server also calls it for what fails outside a page.
    """
    failure = secrets.token_hex(4)
    log.error("page failed", exc_info=error, extra={"error_id": failure, "path": get_request_path()})
    try:
        # A button's own work runs before the router has set the context of its run.
        spoken = language.find_language(st.query_params.get("lang"), st.context.locale)
        with use_run_context(replace(get_run_context(), language=spoken)):
            said = _("本页出错了，请重试；若再出错，请把编号 {number} 告诉运维人员。", number=failure)
    except Exception:
        log.exception("no words for a failure", extra={"error_id": failure})
        said = FAILED_IN_ENGLISH.format(number=failure)
    st.error(said, icon=":material/error:")
    return True


def get_session_number() -> str:
    """Return the number of this session, made on the first call.

    It is for what fails after a run has ended, when the page can no longer show a number.
    """
    if SESSION_NUMBER_KEY not in st.session_state:
        st.session_state[SESSION_NUMBER_KEY] = secrets.token_hex(4)
    return str(st.session_state[SESSION_NUMBER_KEY])


def get_request_path() -> str:
    """Return the path and the parameters of the address, without the host; cut at MOST_ADDRESS_LETTERS."""
    query = urlencode(st.query_params.to_dict(), safe=",")
    return (urlsplit(str(st.context.url or "")).path + (f"?{query}" if query else ""))[:MOST_ADDRESS_LETTERS]
