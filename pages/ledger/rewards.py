"""The page of rewards and penalties: the declared formula, every input, the scores, and other weights to try."""

from typing import Any

import polars as pl
import streamlit as st

from pages.charts import ledger_groups, pictures
from pages.ledger import listing
from pages.ledger.opening import LedgerView
from pages.ui import device, filters, tables
from pages.wording import figures, ledger_status, plain_text, target_status
from pages.wording.language import _, join_sentences, localize_name
from queries.ledger.rewards import BadWeight, parse_weights

Row = dict[str, Any]


def format_points(value: float | None, decimals: int = 2) -> str:
    """Return points rounded half up, without trailing zeros; a dash for None."""
    return "—" if value is None else figures.format_rounded(value, decimals)


def describe_rewards_title(ranked: pl.DataFrame, weights: dict[str, float]) -> str:
    """Return the title of the page: the best score among the departments shown, its rank, and who has it.

    weights: those that are tried; where there are any, the title says so.
    """
    scored = ranked.filter(pl.col("score").is_not_null())
    title = _describe_best_score(scored) if scored.height else _("没有部门可以评分")
    return _("{title}（试算）", title=title) if weights else title


def _describe_best_score(scored: pl.DataFrame) -> str:
    """Return the best score, its rank, and who has it. scored: departments with a score, at least one."""
    best = scored.filter(pl.col("rank") == pl.col("rank").min())  # of those shown: the first of all need not be there
    first = best.row(0, named=True)
    said = {"n": best.height, "score": format_points(first["score"]), "rank": first["rank"]}
    if best.height > 1 and first["rank"] == 1:
        return _("{n} 个部门并列第一，{score} 分", **said)
    if best.height > 1:
        return _("{n} 个部门并列第 {rank}，{score} 分", **said)
    if first["rank"] == 1:
        return _("{department}第一，{score} 分", department=localize_name(first, "department"), **said)
    return _("{department}第 {rank}，{score} 分", department=localize_name(first, "department"), **said)


def describe_rewards_details(ranked: pl.DataFrame) -> str:
    """Return the numbers behind the title: ranges of scores that lack an input, departments without a formula."""
    none = ranked.filter(pl.col("items") == 0).height
    open_ones = ranked.filter((pl.col("items") > 0) & pl.col("score").is_null())
    parts = []
    for row in open_ones.iter_rows(named=True):
        parts.append(
            _(
                "{department}缺数，不能算分，可能在 {low} 至 {high} 分之间。",
                department=plain_text.format_bold(localize_name(row, "department")), low=format_points(row["low"]),
                high=format_points(row["high"]),
            )
        )  # fmt: skip
    if none:
        parts.append(_("{n} 个部门没有公布考核办法，不评分。", n=none))
    return join_sentences(parts)


def choose_weights(items: pl.DataFrame) -> dict[str, float]:
    """Show the weights to try; return those in the address. The declared ones stay as they are.

    items: the declared ones. Weights in the address that are refused are reported, and the declared ones used.
    """
    raw = st.query_params.get("weights") or ""
    known = items["rule_id"].to_list()
    tried: dict[str, float] = {}
    if raw:
        try:
            tried = parse_weights(raw, known)
        except BadWeight as error:
            st.warning(
                _("链接里的权重用不上，按公布的算：{problem}", problem=plain_text.escape_markdown(str(error))),
                icon=":material/link_off:",
            )
    declared = dict(items.select("rule_id", "declared_weight").iter_rows())

    def write() -> None:
        wanted = {code: st.session_state.get(f"rewards_weight_{code}", declared[code]) for code in known}
        other = {code: value for code, value in wanted.items() if value != declared[code]}
        if other:
            st.query_params["weights"] = ",".join(f"{code}:{value:g}" for code, value in other.items())
        else:
            st.query_params.pop("weights", None)

    with st.expander(_("试试别的权重（不改动公布的办法）"), icon=":material/tune:", expanded=bool(tried)):
        columns = st.columns(4, gap="medium")
        for place, row in enumerate(items.iter_rows(named=True)):
            code, key = row["rule_id"], f"rewards_weight_{row['rule_id']}"
            st.session_state[key] = float(tried[code] if code in tried else declared[code])
            with columns[place % 4]:
                label = plain_text.escape_markdown(f"{code} {localize_name(row, 'about') or row['about']}")
                st.number_input(label, min_value=0.0, max_value=1000.0, step=1.0, key=key, on_change=write, format="%g")
        if tried:
            st.button(
                _("恢复公布的权重"), key="rewards_declared", icon=":material/restart_alt:", type="tertiary",
                on_click=restore_declared_weights,
            )  # fmt: skip
    return tried


def restore_declared_weights() -> None:
    """Remove the weights to try from the address, so that the declared ones are used again."""
    st.query_params.pop("weights", None)


def choose_scored_departments(ranked: pl.DataFrame, items: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Show the filter by department; return the subjects and the items of the departments chosen."""
    with filters.make_filter_area():
        chosen = listing.choose_codes("rewards", listing.make_department_filter(ranked, _("部门")))
    if not chosen:
        return ranked, items
    of = pl.col("department_id").is_in(chosen)
    return ranked.filter(of), items.filter(of)


def show_score_formula() -> None:
    """Show the formula in words and numbers."""
    st.subheader(_("怎样算分"), anchor=False)
    st.markdown(
        "\n".join(
            f"- {line}"
            for line in (
                _("得分 = 各考核项之和；每项 = 权重 × 完成率（不超过上限）+ 加减分。"),
                _("数值目标的完成率见按月调度。增长目标没有完成率：增速每低于目标1个百分点，按台账写明的分扣。"),
                _("任务消号为 100%，未消号按已完成节点的占比。"),
                _("加减分只在条件成立时计。完成率不明的项不猜，只写出可能的范围。"),
                _("每项得分四舍五入到两位小数，总分是各项之和，同分并列。办法是台账里公布的，本站没有默认的办法。"),
            )
        )
    )


def show_score_chart(ranked: pl.DataFrame, opened: LedgerView, link: str) -> list[pictures.Picture]:
    """Show the scores of the departments that have a formula; return the picture."""
    with_rule = ranked.filter(pl.col("items") > 0)
    if with_rule.is_empty():
        return []
    drawn = ledger_groups.draw_scores(with_rule, device.get_palette(), sample=opened.sample)
    return [listing.show_ledger_chart("rewards", drawn, _("得分与名次"), with_rule, link)]


def show_score_table(ranked: pl.DataFrame) -> None:
    """Show every subject with its score and rank."""

    def cells(row: Row) -> Row:
        rank = "—" if row["rank"] is None else str(row["rank"])
        if row["tied"] and row["rank"] is not None:
            rank = _("{rank}（并列）", rank=rank)
        why = (
            _("没有公布考核办法")
            if not row["items"]
            else _("缺 {items} 的数", items=", ".join(row["missing"]))
            if row["missing"]
            else ""
        )
        return {
            _("部门"): localize_name(row, "department"),
            _("名次"): rank,
            _("得分"): format_points(row["score"]),
            _("满分"): format_points(row["full"]),
            _("可能的范围"): f"{format_points(row['low'])}—{format_points(row['high'])}" if row["missing"] else "—",
            _("说明"): why or "—",
        }  # fmt: skip

    tables.show_table("rewards_scores", ranked, cells, right=(_("名次"), _("得分"), _("满分")))


def show_score_inputs(rows: pl.DataFrame, aims: pl.DataFrame) -> None:
    """Show every item with all that its points come from, and what one point more needs.

    rows: items; aims: targets with their status, from queries.ledger.progress.
    """
    known = {row["target_id"]: row for row in aims.iter_rows(named=True)}
    st.subheader(_("每一分从哪里来"), anchor=False)
    if rows.is_empty():
        st.caption(_("没有公布的考核项。"))
        return

    def lacking(row: Row) -> str:
        return ledger_status.describe_unjudged_reason(known[row["target_id"]] | {"reason": row["missing"]})

    def cells(row: Row) -> Row:
        cap = 100 if row["cap"] is None else row["cap"]
        weight = format_points(row["weight"])
        if row["weight"] != row["declared_weight"]:
            weight = _("{weight}（公布 {n}）", weight=weight, n=format_points(row["declared_weight"]))
        return {
            _("考核项"): f"{row['rule_id']} {localize_name(row, 'about') or row['about']}",
            _("部门"): localize_name(row, "department"),
            _("权重"): weight,
            _("完成率"): target_status.format_percent(None if row["completion"] is None else 100 * row["completion"]),
            _("上限"): f"{format_points(cap)}%",
            _("加减分"): describe_adjustment(row),
            _("得分"): lacking(row) if row["score"] is None else format_points(row["score"]),
            _("再得一分要"): describe_next_point(row),
        }  # fmt: skip

    tables.show_table("rewards_items", rows, cells, right=(_("权重"), _("完成率"), _("上限"), _("得分")))


def describe_adjustment(row: Row) -> str:
    """Return the adjustment of an item and whether it was made; a dash where it has none."""
    if row["adjust_when"] is None:
        return "—"
    when = {
        "late": _("逾期消号"),
        "returned": _("曾被退回"),
        "missed": _("目标未完成"),
        "ordered": _("被督办"),
        "met": _("目标完成"),
    }[row["adjust_when"]]
    points = ("+" if row["adjustment"] > 0 else "") + format_points(row["adjustment"])
    holds = _("已计") if row["holds"] else _("未计")
    return _("{when} {points}，{holds}", when=when, points=points, holds=holds)


def describe_next_point(row: Row) -> str:
    """Return what one point more needs."""
    if row["more"] is None:
        return _("缺数") if row["completion"] is None else _("已近上限")
    share = _("完成率再高 {n} 个百分点", n=format_points(100 * row["more"]))
    if row["more_value"] is None or row["unit_zh"] is None or row["unit_zh"] == "%":
        return share
    text = {"value_text": figures.format_rounded(row["more_value"], 2), "unit_zh": row["unit_zh"]}
    unit = {"unit_scale": row["unit_scale"], "unit_scaled_en": row["unit_scaled_en"]}
    return _("再完成{value}", value=figures.format_quantity(text | unit))
