"""What the first page asks of every reader: asked once beside the start, so that the first one need not wait."""

import contextlib

from queries.database.engine import DatabaseMissing
from queries.targets.findings import BadCheck, findings
from queries.targets.rules import BadRule
from queries.targets.targets import targets


def ask() -> None:
    """Judge all targets and check all figures, as the first page does in Chinese."""
    _ask("zh")


def ask_in_english() -> None:
    """The same in English, which fewer ask for first; most of the work is done by then."""
    _ask("en")


def _ask(lang: str) -> None:
    with contextlib.suppress(DatabaseMissing, BadCheck, BadRule):  # the pages say what stands in the way
        targets(lang=lang)
        findings(lang=lang)
