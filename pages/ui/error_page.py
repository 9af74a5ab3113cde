"""What a reader is told when a page fails: one sentence, with a number that stands in the log beside the reason."""

import logging
import secrets
from urllib.parse import urlencode, urlsplit

import streamlit as st

from pages.wording import language
from pages.wording.language import _

log = logging.getLogger("park")
NUMBER = "number_of_session"
LONGEST = 500  # letters of an address in the log
# For readers of English when their catalogue itself cannot be read.
FAILED = "This page failed. Please try again; if it fails again, tell the operators the number {number}."


def told(error: Exception) -> bool:
    """Log an error under a number, and say on the page that it failed, with the same number.

    True: nothing else is to be shown. It is also the last net of the server, for what fails outside a page.
    """
    failure = secrets.token_hex(4)
    log.error("page failed", exc_info=error, extra={"error_id": failure, "path": asked()})
    try:
        # A button's own work runs before the page has chosen its language.
        language.choose(st.query_params.get("lang"), st.context.locale)
        said = _("本页出错了，请重试；若再出错，请把编号 {number} 告诉运维人员。", number=failure)
    except Exception:
        log.exception("no words for a failure", extra={"error_id": failure})
        said = FAILED.format(number=failure)
    st.error(said, icon=":material/error:")
    return True


def number() -> str:
    """The number of this session, for what fails after a run has ended and has told it already."""
    if NUMBER not in st.session_state:
        st.session_state[NUMBER] = secrets.token_hex(4)
    return str(st.session_state[NUMBER])


def asked() -> str:
    """What the address asks for, without the host."""
    query = urlencode(st.query_params.to_dict(), safe=",")
    return (urlsplit(str(st.context.url or "")).path + (f"?{query}" if query else ""))[:LONGEST]
