"""What the reader looks at: a phone or a wide screen, light or dark."""

import streamlit as st


def phone() -> bool:
    """Whether the browser says that it is a phone's."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def fit(wide: int, small: int) -> int:
    """A measure of a wide screen, or the one of a phone."""
    return small if phone() else wide


def room(wide: int) -> int:
    """Pixels that a chart has for its texts: so many on a wide screen, a phone's width on a phone."""
    return fit(wide, 350)


def palette() -> str:
    """light or dark, as the reader has it."""
    return "dark" if st.context.theme.type == "dark" else "light"
