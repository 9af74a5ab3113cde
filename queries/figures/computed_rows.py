"""Rows that are computed from published ones: their numbers, names, units, and where they come from."""

from decimal import Decimal
from typing import Any

from queries.figures.derived import PERCENT_FACTOR, add_facts, count_decimals
from queries.figures.intervals import Interval

Row = dict[str, Any]
DECIMALS = {"growth": 1, "index": 1, "share": 1}
TELLING_DIGITS = 3
SEVERAL_SOURCES_NOTE = {
    "zh": "所用的数出自不同材料，其间可能有过修订。",
    "en": "The figures it follows from are from different texts; there may have been revisions between them.",
}
CITED_COLUMNS = ("source_id", "source_title", "locator", "publisher")


def compute_percentage(part: Decimal, whole: Decimal) -> Decimal:
    """Return a part in per cent of a whole."""
    return 100 * part / whole


def compute_growth(now: Decimal, then: Decimal) -> Decimal:
    """Return the growth from then to now in per cent."""
    return 100 * (now / then - 1)


def format_figure(row: Row) -> str:
    """Format a figure for a formula, as the table of its own row shows it."""
    return f"{_extract_digits(row['value_text'])}{row['unit_zh']}"


def make_computed_row(
    row: Row, others: list[Row], interval: Interval, formula: str, names: dict[str, str], kind: str, lang: str
) -> Row:
    """Return one computed row: the number with its interval, formula, sources and remarks.

    kind: a key of DECIMALS; of any other the number stays in the unit of the row, with three digits that count.
    """
    small = kind == "share" and interval.high < 1
    shown = interval.shown(DECIMALS[kind] + small if kind in DECIMALS else _count_telling_decimals(interval.middle))
    low, high = interval.outward()
    exact = interval.low == interval.high == Decimal(shown)
    apart = "；" if lang == "zh" else "; "
    cited = {
        column: apart.join(dict.fromkeys(str(part[column]) for part in (row, *others) if part[column] is not None))
        for column in CITED_COLUMNS
    }
    # What follows from a figure that somebody loaded is no more than that figure.
    evidence = "own" if any(part["evidence"] == "own" for part in (row, *others)) else "derived"
    one_source = len({part["source_id"] for part in (row, *others)}) == 1
    unit = _make_index_unit() if kind == "index" else make_percent_unit() if kind in DECIMALS else {}
    return add_facts(row | make_indicator_names(row, names) | unit | cited | {
        "value": float(shown), "value_text": shown if exact else f"约{shown}", "decimals": count_decimals(shown),
        "bound": "none" if exact else "about", "low": low, "high": high, "low_in": interval.low_in,
        "high_in": interval.high_in, "growth_pct": None, "growth_text": None,
        "evidence": evidence, "status": "derived", "measure": "rate", "formula": formula,
        "note": _describe_remarks((row, *others), lang),
        "source_url": row["source_url"] if one_source else None,
        "source_published": max((part["source_published"] or "" for part in (row, *others)), default="") or None,
        "inputs": "; ".join(dict.fromkeys(part["observation_id"] for part in (row, *others))),
        "observation_id": f"{row['observation_id']}-{kind}",
    })  # fmt: skip


def _count_telling_decimals(number: Decimal) -> int:
    """Count the decimals that show three digits of a number: 48.7, 4.87, 0.487."""
    return max(0, TELLING_DIGITS - 1 - number.adjusted()) if number else 0


def _describe_remarks(parts: tuple[Row, ...], lang: str) -> str | None:
    """Return the notes of the input figures in one text, for a computed figure; None if there are none."""
    head, apart = ("{}{}年：{}。", "") if lang == "zh" else ("{}, {}: {}.", " ")
    noted = [
        (part[f"park_{lang}"], part["period_end"].year, part["note"].rstrip("。.")) for part in parts if part["note"]
    ]
    said = [head.format(*remark) for remark in noted]
    if len({part["source_id"] for part in parts}) > 1:
        said.append(SEVERAL_SOURCES_NOTE[lang])
    return apart.join(said) or None


def make_indicator_names(row: Row, names: dict[str, str]) -> Row:
    """Return the names of an indicator with what was computed of it."""
    return {f"indicator_{lang}": text.format(row[f"indicator_{lang}"]) for lang, text in names.items()}


def make_percent_unit() -> Row:
    """Return the columns of the unit per cent."""
    return {"unit_id": "percent", "unit_zh": "%", "unit_en": "%", "unit_scale": "1", "unit_scaled_en": "%",
            "dimension": "share", "factor": PERCENT_FACTOR}  # fmt: skip


def _make_index_unit() -> Row:
    return {"unit_id": "index", "unit_zh": "", "unit_en": "", "unit_scale": "1", "unit_scaled_en": "",
            "dimension": None, "factor": 1.0}  # fmt: skip


def _extract_digits(text: str) -> str:
    return "".join(character for character in text if character in "-0123456789.")
