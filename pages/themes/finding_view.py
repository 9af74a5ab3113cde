"""Show findings: what does not fit, the figures with their sources, by how much, and what would explain it."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from data.themes import THEMES_BY_CODE
from pages.ui import embed, filters, layout, place_links, tables
from pages.wording import figures, plain_text
from pages.wording.language import _, join_items, join_sentences, lang, localize_name

Row = dict[str, Any]
FINDINGS_PER_PAGE = 10  # on one page
MISFIT_DECIMALS = 2  # at most, in the unit printed: half a unit of what most figures are printed to
IN_UNITS = ", in units of "  # what the English text of a check says before the unit of its numbers


def label_severity(code: str) -> str:
    """Return how grave a finding is: its mark and word, without a colour."""
    return {
        "contradiction": _("◆ 矛盾"),
        "needs_definition": _("◎ 待定口径"),
        "note": _("○ 说明"),
    }[code]


def describe_finding_count(rows: pl.DataFrame) -> str:
    """Return the title: how many published figures do not fit each other."""
    return _("公布的数里有 {n} 处互相对不上", n=rows.height)


def describe_severities(rows: pl.DataFrame) -> str:
    """Return how many findings are how grave, and how to read them."""
    counted = [
        f"{label_severity(code)} {of.height}"
        for code in ("contradiction", "needs_definition", "note")
        if (of := rows.filter(pl.col("severity") == code)).height
    ]
    return join_sentences(
        [
            _("{counted}。", counted=join_items(counted)),
            _("只列四舍五入解释不了的。对不上不等于谁错了：多半是口径不同，要等一个定义。"),
        ]
    )


def choose_findings(rows: pl.DataFrame) -> pl.DataFrame:
    """Show the filters (severity, rule and place) and return the findings chosen."""
    with filters.make_filter_area():
        one, two, three = st.columns([3, 4, 4], gap="medium")
        with one:
            grave = {code: label_severity(code) for code in rows["severity"].unique(maintain_order=True)}
            wanted = filters.choose_several(
                st.pills, "findings_severity", "severity", _("程度"), grave, [], selection_mode="multi"
            )
        with two:
            of_rules = rows.unique("rule", maintain_order=True).to_dicts()
            rules = {row["rule"]: localize_name(row, "rule") for row in of_rules}
            chosen = filters.choose_several(
                st.multiselect,
                "findings_rule",
                "rule",
                _("规则"),
                rules,
                [],
                placeholder=_("全部规则"),
                select_all=False,
            )
        with three:
            places = {
                row["park_id"]: localize_name(row, "park")
                for row in rows.unique("park_id", maintain_order=True).to_dicts()
            }
            parks = filters.choose_several(
                st.multiselect,
                "findings_park",
                "park",
                _("地区"),
                places,
                [],
                placeholder=_("全部地区"),
                select_all=False,
            )
    shown = rows
    for column, codes in (("severity", wanted), ("rule", chosen), ("park_id", parks)):
        shown = shown.filter(pl.col(column).is_in(codes)) if codes else shown
    filters.show_filter_summary("findings", shown.height, rows.height)
    return shown


def get_finding_parameters(one: str | None) -> dict[str, str]:
    """Return the view as parameters of an address.

    one: the finding that is shown alone, or None.
    """
    kept = {key: st.query_params[key] for key in ("severity", "rule", "park", "asof") if st.query_params.get(key)}
    return {"lang": lang()} | ({"finding": one} if one else kept)


def show_findings(rows: pl.DataFrame, published: pl.DataFrame, aims: pl.DataFrame) -> None:
    """Show every finding with its figures.

    published, aims: figures and targets of all places.
    """
    few = rows.head(embed.FEW_ROWS)
    if rows.height > 1 and embed.keep_piece(lambda: embed.show_first_rows(rows, show_findings_briefly), lead=True):
        named = published.filter(pl.col("observation_id").is_in(few["observations"].explode().to_list()))
        embed.keep_exports("findings", few, [], sources=layout.describe_sources(named))
        return

    def draw(part: pl.DataFrame) -> None:
        known = _make_lookup(published, "observation_id", part["observations"])
        asked_for = _make_lookup(aims, "target_id", part["targets"])
        told = [_format_finding(row, known, asked_for) for row in part.iter_rows(named=True)]
        st.markdown("\n\n---\n\n".join(told), anchors=False)

    tables.show_in_pages("findings", rows, draw, FINDINGS_PER_PAGE)


def _make_lookup(rows: pl.DataFrame, code: str, wanted: pl.Series) -> dict[str, Row]:
    """Return the rows of which a code is wanted, by that code. wanted: lists of codes."""
    few = rows.filter(pl.col(code).is_in(wanted.explode().to_list()))
    return {row[code]: row for row in few.iter_rows(named=True)}


def _format_finding(row: Row, known: dict[str, Row], asked_for: dict[str, Row]) -> str:
    figures_of = [known[code] for code in row["observations"] if code in known]
    lines = [
        f":gray[{label_severity(row['severity'])} · {plain_text.escape_markdown(localize_name(row, 'rule'))}]  ",
        place_links.link_name_within(plain_text.format_bold(localize_name(row, "sentence")), row),
        "",
        *(f"- {_format_figure(figure)}" for figure in figures_of),
        *(f"- {_format_target(asked_for[code])}" for code in row["targets"] if code in asked_for),
        "",
        _describe_misfit(row, figures_of) + "  ",
        _("可能的解释：{why}", why=plain_text.escape_markdown(localize_name(row, "explanation"))),
    ]
    if row["caveats"]:
        lines += [
            "",
            ":gray["
            + _("原数备注：{notes}", notes=plain_text.escape_markdown(_get_semicolon().join(row["caveats"])))
            + "]",
        ]
    return "\n".join([*lines, "", _format_links(row, figures_of)])


def _get_semicolon() -> str:
    return _("；")


def _describe_misfit(row: Row, figures_of: list[Row]) -> str:
    """Return by how much the figures do not fit.

    It is in the unit in which the page shows them: in English billions, not 亿元.
    """
    told, of, unit = localize_name(row, "misfit").partition(IN_UNITS)
    units = {figure["unit_zh"]: figure for figure in figures_of}
    scale = "1"
    if of and unit in units:
        scale = str(units[unit]["unit_scale"])
        told = f"{told}, {units[unit]['unit_scaled_en']}"
    else:
        told += of + unit
    decimals = max(0, MISFIT_DECIMALS - Decimal(scale).adjusted())  # a billion has a decimal more than 亿
    low, high = (
        _trim_zeros(end) for end in figures.format_interval_ends(row["misfit_low"], row["misfit_high"], decimals, scale)
    )
    span = low if low == high else _("{low} 至 {high}", low=low, high=high)
    return _("超出舍入的差：{span}（{what}）。", span=span, what=plain_text.escape_markdown(told))


def _trim_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _format_figure(row: Row) -> str:
    figure = f"{figures.format_period(row['period'])} {localize_name(row, 'indicator')} {figures.format_figure(row)}"
    growth = figures.describe_growth_with_basis(row)
    told = _("{figure}，{growth}", figure=figure, growth=growth) if growth else figure
    return f"{plain_text.escape_markdown(told)} {_format_source(row)}"


def _format_source(row: Row) -> str:
    link = plain_text.format_link(figures.format_publication(row), row["source_url"])
    return f":gray[{link} {plain_text.escape_markdown(row['locator'])}]"


def _format_target(row: Row) -> str:
    said = _(
        "{year}年目标 {indicator} {aim}",
        year=row["year"],
        indicator=localize_name(row, "indicator"),
        aim=figures.describe_target_value(row),
    )
    return f"{plain_text.escape_markdown(said)} {_format_source(row)}"


def _format_links(row: Row, figures_of: list[Row]) -> str:
    """Return links to the series on the page of its theme, to the targets, and to this finding alone."""
    links = []
    if figures_of:
        codes = {"lang": lang(), "park": row["park_id"], "indicator": ",".join(row["indicators"])}
        links.append((_("查看序列"), f"{THEMES_BY_CODE[figures_of[0]['theme']].page}?{urlencode(codes, safe=',')}"))
    links += [
        (_("目标 {code}", code=code), f"./?{urlencode({'lang': lang(), 'target': code})}") for code in row["targets"]
    ]
    links.append((_("只看这一条"), f"?{urlencode({'lang': lang(), 'finding': row['finding_id']})}"))
    return " · ".join(f"[{label}]({href})" for label, href in links)


def show_findings_briefly(rows: pl.DataFrame) -> None:
    """Show findings, a sentence each."""
    lines = []
    for row in rows.iter_rows(named=True):
        said = place_links.link_name_within(plain_text.escape_markdown(localize_name(row, "sentence")), row)
        lines.append(f"- {said} :gray[{label_severity(row['severity'])}]")
    st.markdown("\n".join(lines))


def show_gravest_findings(rows: pl.DataFrame, most: int = 3) -> None:
    """Show the first findings of a place, which are the gravest, and a link to all of them."""
    if rows.is_empty():
        return
    st.subheader(_("公布的数对不对得上"), anchor=False)
    show_findings_briefly(rows.head(most))
    st.page_link(
        "findings.py",
        label=_("全部 {n} 处", n=rows.height),
        icon=":material/arrow_forward:",
        query_params={"lang": lang(), "park": rows["park_id"][0]},
    )
