"""The six mechanisms: what each asks for and carries, a link to each with its count, and what is red in all six."""

from typing import Any

import polars as pl
import streamlit as st

from pages.charts import pictures, ring
from pages.ledger import chain
from pages.ledger.opening import LedgerView
from pages.ui import address, cell_text, device, filters, layout, tables
from pages.wording import figures, ledger_status, plain_text
from pages.wording.language import _, join_items, join_sentences, lang, localize_name

Row = dict[str, Any]
MAX_RED_LINKS = 12
CODES_OF_0_1 = {"leader": "leaders", "supervise": "supervision", "reward": "rewards"}  # in links made with 0.1.0


def describe_work_in_hand(code: str, row: Row) -> str:
    """Return how much a mechanism has in hand, and of how many, in words."""
    values = {"n": row["in_hand"], "every": row["every"]}
    return {
        "preplan": _("在办任务 {n} 项，共 {every} 项", **values),
        "leaders": _("推进中的项目 {n} 个，共 {every} 个", **values),
        "monthly": _("滞后、严重滞后或未完成的目标 {n} 项，共 {every} 项", **values),
        "supervision": _("未办结的督办单 {n} 张，共 {every} 张", **values),
        "efficiency": _("未办结的事项 {n} 件，共 {every} 件", **values),
        "rewards": _("能评分的部门 {n} 个，有办法的 {every} 个", **values),
    }[code]


def describe_summary_title(counts: pl.DataFrame) -> str:
    """Return the title of the page: how many things are red in all six mechanisms."""
    count = int(counts["red"].sum())
    return _("六大机制里有 {n} 处亮红", n=count) if count else _("六大机制没有亮红的事")


def describe_summary_details(counts: pl.DataFrame, six: pl.DataFrame) -> str:
    """Return which mechanisms have red things, and how many, most first."""
    named = {row["mechanism_id"]: localize_name(row, "name") for row in six.iter_rows(named=True)}
    worst = counts.filter(pl.col("red") > 0).sort("red", descending=True)
    said = [f"{named[row['mechanism_id']]} **{row['red']}**" for row in worst.iter_rows(named=True)]
    return _("{mechanisms}。", mechanisms=join_items(said)) if said else ""


def show_mechanism_doors(counts: pl.DataFrame, rows: pl.DataFrame, six: pl.DataFrame, opened: LedgerView) -> None:
    """Show a link to each mechanism, with what it has in hand and how much of it is red.

    counts: one row per mechanism; rows: the red things; both from queries.ledger.summary.
    """
    named = {row["mechanism_id"]: localize_name(row, "name") for row in six.iter_rows(named=True)}
    for row in counts.iter_rows(named=True):
        code = row["mechanism_id"]
        red = f"　:red[■] {row['red']}" if row["red"] else ""
        with st.container(gap=None):
            st.page_link(
                f"{code}.py",
                label=f"{plain_text.format_bold(named[code])}{red}",
                query_params=opened.address,
            )
            st.caption(
                describe_work_in_hand(code, row)
                + "　"
                + describe_red_kinds(rows.filter(pl.col("mechanism_id") == code))
            )


def describe_red_kinds(rows: pl.DataFrame) -> str:
    """Return how many red things of one mechanism there are of each kind and state; empty for none."""
    kinds: dict[str, int] = {}
    for row in rows.iter_rows(named=True):
        said = _describe_red_kind(row)
        kinds[said] = kinds.get(said, 0) + 1
    if not kinds:
        return ""
    # In a line of its own: Babel 2.18 does not find a text inside a call inside a text.
    counted = [_("{kind} {n}", kind=said, n=n) for said, n in kinds.items()]
    return _("亮红的：{kinds}", kinds=join_items(counted))


def _describe_red_kind(row: Row) -> str:
    if row["kind"] == "due":
        return _("该督办而没有督办")
    if row["kind"] == "project":
        return _("没有做到一名领导、一套班子")
    kinds = {"task": _("任务"), "problem": _("问题"), "followup": _("会议交办"), "supervision": _("督办单")}
    if row["kind"] not in kinds:
        return describe_red_reason(row)
    kind, said = kinds[row["kind"]], describe_red_reason(row)
    return f"{kind}{said}" if lang() == "zh" else f"{kind} {said[0].lower()}{said[1:]}"


def show_red_items(rows: pl.DataFrame, six: pl.DataFrame, opened: LedgerView) -> None:
    """Show what is red across all six mechanisms: a table, and links to the first MAX_RED_LINKS that have a view."""
    st.subheader(_("亮红的 {n} 处", n=rows.height), anchor=False)
    if rows.is_empty():
        st.caption(_("没有。"))
        return
    named = {row["mechanism_id"]: localize_name(row, "name") for row in six.iter_rows(named=True)}

    def cells(row: Row) -> Row:
        return {
            _("机制"): named[row["mechanism_id"]],
            _("事项"): chain.make_link_cell(
                opened, to_link_kind(row), row["code"], f"{row['code']} {localize_name(row, 'name')}"
            ),
            _("怎么了"): cell_text.format_red(describe_red_reason(row)),
            _("逾期"): "—" if not row["days"] else _("{n} 天", n=row["days"]),
        }

    tables.show_table("mechanisms_red", rows, cells, right=(_("逾期"),))
    st.caption(
        _(
            "同一件事在两个机制里都亮红的，各算一处；共 {n} 件事。逾期从时限或承诺的那天算起，效能事项按工作日。",
            n=rows["code"].n_unique(),
        )
    )
    with st.expander(_("逐件打开"), icon=":material/link:"):
        for row in (
            rows.filter(pl.col("kind").is_in(list(chain.DETAIL_PAGES))).head(MAX_RED_LINKS).iter_rows(named=True)
        ):
            page, parameter = chain.DETAIL_PAGES[row["kind"]]
            st.page_link(
                page, label=f"{chain.label_code_and_name(row, 'code', 'name')}　{describe_red_reason(row)}",
                query_params=opened.address | {parameter: row["code"]},
            )  # fmt: skip


def to_link_kind(row: Row) -> str:
    """Return the kind under which a red thing is linked.

    For something that ought to be ordered, it is the kind of that thing itself: target, task or problem.
    """
    about = {"behind": "target", "overdue": "task", "problem": "problem"}
    return about[row["state"]] if row["kind"] == "due" else str(row["kind"])


def describe_red_reason(row: Row) -> str:
    """Return why a thing is red."""
    if row["kind"] == "project":
        return ledger_status.label_breach(row["state"])
    if row["kind"] == "due":
        return _("{reason}，没有督办", reason=ledger_status.label_order_reason(row["state"]))
    if row["kind"] == "department":
        return _("缺数，不能评分")
    return ledger_status.label_state(row["state"], row["kind"])


def describe_mechanisms(six: pl.DataFrame) -> str:
    """Return what the text says of the six mechanisms, and what was never published."""
    named = [localize_name(row, "name") for row in six.filter(pl.col("stated") == "named").iter_rows(named=True)]
    return join_sentences(
        [
            _(
                "原文说明了其中 {n} 项的做法，{named}只提到名称。",
                n=six.height - len(named),
                named=plain_text.escape_markdown(join_items(named)),
            ),
            _("**没有公布过任何任务台账、月度通报或考核结果**，因此这里只列它们各自管哪些目标和承诺，不评执行情况。"),
        ]
    )


def describe_title_without_ledger(targets: int, promises: int) -> str:
    """Return the title where the park has no ledger: how many targets and commitments the six are to make sure of."""
    return _("六大机制要保 {targets} 项目标、{promises} 项承诺，台账未见公布", targets=targets, promises=promises)


def show_mechanism_ring(six: pl.DataFrame) -> list[pictures.Picture]:
    """Show the six mechanisms as one loop; return its picture. Each row names the text in which the six are listed."""
    heading, source = _("一个闭环"), six.row(0, named=True)
    names = [(row["position"], localize_name(row, "name")) for row in six.iter_rows(named=True)]
    drawn = ring.draw_ring(names, device.get_palette())
    cited = f"{source['source_title']} ({figures.format_date(source['source_published'])}) {source['locator']}"
    link = layout.build_page_address({"lang": lang()})
    picture = layout.show_picture(heading, pictures.Picture(heading, *drawn, cited, link), _("六大机制首尾相接"))
    st.caption(
        _("顺序按原文；连成一圈是本站的画法：先安排，再有人管，按月看，滞后就督，服务跟上，年终算账，来年再安排。")
    )
    return [picture]


def add_citation(rows: pl.DataFrame, source: Row) -> pl.DataFrame:
    """Add the text in which the mechanisms are listed to what they carry. source: a row of the mechanisms."""
    cited = [pl.lit(source[key]).alias(key) for key in ("source_title", "source_url", "source_published")]
    return rows.with_columns(*cited, locator=pl.col(f"locator_{lang()}"))


def choose_mechanism_filters(six: pl.DataFrame) -> tuple[list[str], list[str]]:
    """Show the filters of what each mechanism carries; return the chosen mechanism codes and themes."""
    address.normalize_parameter("mechanism", CODES_OF_0_1)
    with filters.make_filter_area():
        one, two = st.columns(2, gap="medium")
        with one:
            codes = filters.get_names_by_code(six, "mechanism_id")
            wanted = filters.choose_several(
                st.pills, "mechanisms_mechanism", "mechanism", _("机制"), codes, [], selection_mode="multi"
            )
        with two:
            of_theme = filters.choose_several(
                st.pills, "mechanisms_theme", "theme", _("方面"), figures.label_themes(), [], selection_mode="multi"
            )
    return wanted, of_theme


def show_requirements(six: pl.DataFrame) -> None:
    """Show under a heading what each mechanism asks for, in our own words."""
    st.subheader(_("各自要求什么"), anchor=False)
    lines = []
    for row in six.iter_rows(named=True):
        name = plain_text.format_bold(localize_name(row, "name"))
        if row["stated"] != "full":
            name = _("{mechanism} :gray[（原文仅提名称）]", mechanism=name)
        lines.append(f"{row['position']}. {name}  \n   {plain_text.escape_markdown(localize_name(row, 'asks'))}")
    st.markdown("\n".join(lines))


def show_theme_matrix(rows: pl.DataFrame) -> None:
    """Show a table of mechanism by theme: how many targets and commitments each carries.

    The basis of each assignment is the last column; its reasons are in a box below.
    """
    themes = rows["theme"].unique(maintain_order=True).to_list()
    themes = [theme for theme in figures.label_themes() if theme in themes]
    shown, reasons = [], []
    for (mechanism,), group in rows.group_by(f"mechanism_{lang()}", maintain_order=True):
        cells = {_("机制"): str(mechanism)}
        for theme in themes:
            of_theme = group.filter(pl.col("theme") == theme)
            targets = of_theme.filter(pl.col("kind") == "target").height
            cells[figures.label_theme(theme)] = label_carried_counts(targets, of_theme.height - targets)
        cells[_("依据")] = label_assignment_basis(group["basis"][0])
        reasons.append(
            f"- {plain_text.format_bold(str(mechanism))}　"
            f"{plain_text.escape_markdown(localize_name(group.row(0, named=True), 'reason'))}"
        )
        shown.append(cells)
    tables.show_whole_table(shown)
    with st.expander(_("这样归的理由"), icon=":material/info:"):
        st.markdown("\n".join(reasons))


def label_carried_counts(targets: int, commitments: int) -> str:
    """Return the counts of targets and commitments in one cell; a dash where both are zero."""
    parts = [_("目标 {n}", n=targets)] if targets else []
    parts += [_("承诺 {n}", n=commitments)] if commitments else []
    return cell_text.UnbrokenCell(cell_text.DOT.join(parts) or "—")


def label_assignment_basis(code: str) -> str:
    """Return the basis of an assignment in words: stated by the text, or our reading of it."""
    said = _("原文写明") if code == "stated" else _("本站解读")
    return cell_text.UnbrokenCell(said)


def show_mechanism_links(rows: pl.DataFrame, key: str = "mechanisms_links") -> None:
    """Show every pair of a mechanism and a target or commitment that it carries."""

    def cells(row: Row) -> Row:
        return {
            _("名称"): localize_name(row, "name"),
            _("要求"): figures.describe_target_value(row) if row["kind"] == "target" else _("承诺，没有数字"),
            _("方面"): figures.label_theme(row["theme"]),
            _("机制"): localize_name(row, "mechanism"),
            _("依据"): label_assignment_basis(row["basis"]),
        }

    tables.show_table(key, rows, cells)
