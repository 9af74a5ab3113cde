"""Findings in words: what does not fit, the figures with their sources, by how much, and what would explain it."""

from typing import Any
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from data.themes import BY_CODE
from pages.ui import embed, filters, layout, tables
from pages.wording import figures, plain_text
from pages.wording.language import _, lang, listed, name, sentences

Row = dict[str, Any]
MOST = 10  # on one page
IN_UNITS = ", in units of "  # what the English text of a check says before the unit of its numbers


def severity(code: str) -> str:
    """How grave a finding is: its mark and word, in no colour."""
    return {
        "contradiction": _("◆ 矛盾"),
        "needs_definition": _("◎ 待定口径"),
        "note": _("○ 说明"),
    }[code]


def title(rows: pl.DataFrame) -> str:
    """How many places do not fit."""
    return _("公布的数里有 {n} 处互相对不上", n=rows.height)


def paragraph(rows: pl.DataFrame) -> str:
    """How grave they are, and how to read them."""
    counted = [
        f"{severity(code)} {of.height}"
        for code in ("contradiction", "needs_definition", "note")
        if (of := rows.filter(pl.col("severity") == code)).height
    ]
    return sentences(
        [
            _("{counted}。", counted=listed(counted)),
            _("只列四舍五入解释不了的。对不上不等于谁错了：多半是口径不同，要等一个定义。"),
        ]
    )


def asked(rows: pl.DataFrame) -> pl.DataFrame:
    """The filters: severity, rule and place."""
    with filters.fold():
        one, two, three = st.columns([3, 4, 4], gap="medium")
        with one:
            grave = {code: severity(code) for code in rows["severity"].unique(maintain_order=True)}
            wanted = filters.several(
                st.pills, "findings_severity", "severity", _("程度"), grave, [], selection_mode="multi"
            )
        with two:
            of_rules = rows.unique("rule", maintain_order=True).to_dicts()
            rules = {row["rule"]: name(row, "rule") for row in of_rules}
            chosen = filters.several(
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
                row["park_id"]: name(row, "park") for row in rows.unique("park_id", maintain_order=True).to_dicts()
            }
            parks = filters.several(
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
    filters.told("findings", shown.height, rows.height)
    return shown


def address(one: str | None) -> dict[str, str]:
    """The view as parameters of an address."""
    kept = {key: st.query_params[key] for key in ("severity", "rule", "park", "asof") if st.query_params.get(key)}
    return {"lang": lang()} | ({"finding": one} if one else kept)


def show(rows: pl.DataFrame, published: pl.DataFrame, aims: pl.DataFrame) -> None:
    """Every finding with its figures. published, aims: figures and targets of all places."""
    few = rows.head(embed.FEW)
    if rows.height > 1 and embed.kept(lambda: embed.beginning(rows, briefly), lead=True):
        named = published.filter(pl.col("observation_id").is_in(few["observations"].explode().to_list()))
        embed.taken("findings", few, [], sources=layout.cited(named))
        return
    known = {row["observation_id"]: row for row in published.iter_rows(named=True)}
    asked_for = {row["target_id"]: row for row in aims.iter_rows(named=True)}

    def draw(part: pl.DataFrame) -> None:
        told = [_told(row, known, asked_for) for row in part.iter_rows(named=True)]
        st.markdown("\n\n---\n\n".join(told), anchors=False)

    tables.paged("findings", rows, draw, MOST)


def _told(row: Row, known: dict[str, Row], asked_for: dict[str, Row]) -> str:
    figures_of = [known[code] for code in row["observations"] if code in known]
    lines = [
        f":gray[{severity(row['severity'])} · {plain_text.plain(name(row, 'rule'))}]  ",
        plain_text.bold(name(row, "sentence")),
        "",
        *(f"- {_figure(figure)}" for figure in figures_of),
        *(f"- {_target(asked_for[code])}" for code in row["targets"] if code in asked_for),
        "",
        _misfit(row, figures_of) + "  ",
        _("可能的解释：{why}", why=plain_text.plain(name(row, "explanation"))),
    ]
    if row["caveats"]:
        lines += [
            "",
            ":gray[" + _("原数备注：{notes}", notes=plain_text.plain(_semicolon().join(row["caveats"]))) + "]",
        ]
    return "\n".join([*lines, "", _links(row, figures_of)])


def _semicolon() -> str:
    return _("；")


def _misfit(row: Row, figures_of: list[Row]) -> str:
    """By how much the figures do not fit, in the unit in which the page shows them: in English billions, not 亿元."""
    told, of, unit = name(row, "misfit").partition(IN_UNITS)
    units = {figure["unit_zh"]: figure for figure in figures_of}
    scale = "1"
    if of and unit in units:
        scale = str(units[unit]["unit_scale"])
        told = f"{told}, {units[unit]['unit_scaled_en']}"
    else:
        told += of + unit
    decimals = 2 + len(scale.partition(".")[2])
    low, high = (_short(end) for end in figures.ends(row["misfit_low"], row["misfit_high"], decimals, scale))
    span = low if low == high else _("{low} 至 {high}", low=low, high=high)
    return _("超出舍入的差：{span}（{what}）。", span=span, what=plain_text.plain(told))


def _short(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _figure(row: Row) -> str:
    parts = [f"{figures.period(row['period'])} {name(row, 'indicator')} {figures.number(row)}", figures.growth_on(row)]
    comma = _("，")
    return f"{plain_text.plain(comma.join(part for part in parts if part))} {_where(row)}"


def _where(row: Row) -> str:
    return f":gray[{plain_text.linked(figures.cited(row), row['source_url'])} {plain_text.plain(row['locator'])}]"


def _target(row: Row) -> str:
    said = _("{year}年目标 {indicator} {aim}", year=row["year"], indicator=name(row, "indicator"), aim=figures.aim(row))
    return f"{plain_text.plain(said)} {_where(row)}"


def _links(row: Row, figures_of: list[Row]) -> str:
    """To the series on the page of its theme, to the targets, and to this finding alone."""
    links = []
    if figures_of:
        codes = {"lang": lang(), "park": row["park_id"], "indicator": ",".join(row["indicators"])}
        links.append((_("查看序列"), f"{BY_CODE[figures_of[0]['theme']].page}?{urlencode(codes, safe=',')}"))
    links += [
        (_("目标 {code}", code=code), f"./?{urlencode({'lang': lang(), 'target': code})}") for code in row["targets"]
    ]
    links.append((_("只看这一条"), f"?{urlencode({'lang': lang(), 'finding': row['finding_id']})}"))
    return " · ".join(f"[{label}]({href})" for label, href in links)


def briefly(rows: pl.DataFrame) -> None:
    """Findings, a sentence each."""
    lines = [
        f"- {plain_text.plain(name(row, 'sentence'))} :gray[{severity(row['severity'])}]"
        for row in rows.iter_rows(named=True)
    ]
    st.markdown("\n".join(lines))


def newest(rows: pl.DataFrame, most: int = 3) -> None:
    """The gravest findings of a place, on the overview."""
    if rows.is_empty():
        return
    st.subheader(_("公布的数对不对得上"), anchor=False)
    briefly(rows.head(most))
    st.page_link(
        "findings.py",
        label=_("全部 {n} 处", n=rows.height),
        icon=":material/arrow_forward:",
        query_params={"lang": lang(), "park": rows["park_id"][0]},
    )
