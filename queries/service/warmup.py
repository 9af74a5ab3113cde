"""Compute what the first page needs once while the server starts, so that the first reader need not wait for it."""

import contextlib

from queries.database.state import DatabaseMissing
from queries.targets.findings import BadCheck, get_consistency_findings
from queries.targets.rules import BadRule
from queries.targets.targets import get_judged_targets


def warm_up_in_chinese() -> None:
    """Judge all targets and check all figures, as the first page does in Chinese."""
    _warm_up("zh")


def warm_up_in_english() -> None:
    """Do the same in English, which fewer ask for first; most of the work is done by then."""
    _warm_up("en")


def _warm_up(lang: str) -> None:
    with contextlib.suppress(DatabaseMissing, BadCheck, BadRule):  # the pages say what stands in the way
        get_judged_targets(lang=lang)
        get_consistency_findings(lang=lang)
