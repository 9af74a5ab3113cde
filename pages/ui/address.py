"""Keep the values of widgets in the address: read before each widget, written after it."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import streamlit as st

DRAWN_AFTER = 20  # seconds after which every browser has drawn a widget
SENTENCE_ENDS = "。．.，,、；;：:！!？?）)】]》>」』”’\"'…"  # what a link takes along from its sentence
KEPT_KEY = "kept_in_address"  # of the session: by the key of a widget, what the address and the widget had in common


@dataclass
class Kept:
    """What is known of a widget and its parameters. seen: what the address held; held: the value that this means.

    until: the time up to which the value is told to the browser again; unknown: codes of the address not known here.
    """

    seen: object = None
    held: object = None
    until: float = 0.0
    unknown: list[str] = field(default_factory=list)


def get_kept() -> dict[str, Kept]:
    """Return what this session keeps of its widgets, by key; to be changed in place."""
    kept: dict[str, Kept] | None = st.session_state.get(KEPT_KEY)
    if kept is None:
        kept = st.session_state[KEPT_KEY] = {}
    return kept


def sync_from_address(
    key: str, raw: object, read: Callable[[], tuple[object, list[str]]], *, typed: bool = False
) -> None:
    """Before a widget: take its value from the address when the address changed from outside.

    raw: what the address holds now; read: returns the value it means, and the codes in it that are not known.
    typed: the reader types into the widget.
    """
    state, kept = st.session_state, get_kept()
    known = kept.get(key)
    if known is None or raw != known.seen or key not in state:
        value, unknown = read()
        state[key] = value
        kept[key] = known = Kept(raw, value, time.monotonic() + DRAWN_AFTER, unknown)
    elif not typed and time.monotonic() < known.until and state[key] == known.held:
        # The browser fetches the code of a widget when it first meets one. Where a run came before that code, the
        # widget would show its default and send it with the next run; what the reader types would be lost here.
        state[key] = state[key]


def sync_to_address(key: str, value: object, texts: dict[str, str | None]) -> None:
    """After a widget: write its value to the address once the reader changed it; a default (None) is left out.

    texts: by parameter, the text to write.
    Nothing is written on arrival: that would push an entry into the browser's history and break "back".
    """
    known = get_kept()[key]
    if value == known.held:
        return
    for parameter, text in texts.items():
        if text is None:
            st.query_params.pop(parameter, None)
        else:
            st.query_params[parameter] = text
    known.held, known.unknown, known.until = value, [], 0.0
    known.seen = tuple(texts.values())


def remove_stale_choice(key: str, parameter: str, options: Iterable[str]) -> None:
    """Before a widget: remove its parameter where the code chosen in it is no longer offered under other filters.

    A code of a link that was never known stays, so that the reader is told.
    """
    raw, known = st.query_params.get(parameter), get_kept().get(key)
    if raw is not None and raw not in options and known is not None and raw == known.held:
        st.query_params.pop(parameter)


def normalize_parameter(parameter: str, known_as: dict[str, str]) -> None:
    """Before a widget: replace codes in the address by those that they are other names of.

    known_as: the code to use, by each of its other names.
    """
    raw = st.query_params.get(parameter, "")
    codes = ",".join(known_as.get(code, code) for code in raw.split(","))
    if codes != raw:
        st.query_params[parameter] = codes


def find_parameter(parameter: str, is_known: Callable[[str], bool]) -> str | None:
    """Return the first text of a parameter that is known, without the end of a sentence where it took one along.

    Where none is known, the first; None where the address has none.
    """
    given = st.query_params.get_all(parameter)
    for text in given:
        for meant in (text, strip_sentence_end(text)):
            if is_known(meant):
                return meant
    return given[0] if given else None


def strip_sentence_end(text: str) -> str:
    """Return a text of an address without the full stop or bracket of the sentence that the link stood in."""
    return text.rstrip().rstrip(SENTENCE_ENDS)


def get_address_parameters(*parameters: str) -> dict[str, str]:
    """Return those of the parameters that the address holds, for a link to the same view."""
    return {key: st.query_params[key] for key in parameters if st.query_params.get(key)}
