"""What the reader looks at: a phone or a wide screen, light or dark."""

import streamlit as st


def phone() -> bool:
    """Whether the browser says that it is a phone's."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def palette() -> str:
    """light or dark, as the reader has it."""
    return "dark" if st.context.theme.type == "dark" else "light"
