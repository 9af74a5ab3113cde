"""Files that a reader drops: which sheet, which column is what, what is wrong with which row, and the consent."""

from typing import Any

import polars as pl
import streamlit as st

from pages.ui import device, downloads, tables
from pages.upload import columns, upload_guard
from pages.wording import figures, plain_text
from pages.wording.language import _, lang, name
from queries.export import formats

DRAFTS, TURN = (
    "own_drafts",
    "own_turn",
)  # in the state of the session: files that were read, and how often it was emptied
SHOWN = 30  # defects on the page; all are in the file
UPLOADER = "sources_own_files"


def taken(intake: Any, known: list[str]) -> Any:
    """The uploader and, for each file in it, the steps to its report; returned is what the reader consented to load.

    intake: queries.upload; known: digests of the files that are held already.
    """
    state = st.session_state
    turn = state.setdefault(TURN, 0)
    most = device.most_megabytes(intake.most_megabytes())
    upload_guard.ask()
    intake.ready()
    with st.container(key=UPLOADER):
        arrived = st.file_uploader(
            _("放入 CSV 或 XLSX 文件，可以几个一起"), type=["csv", "xlsx", "txt", "tsv"], accept_multiple_files=True,
            key=f"{UPLOADER}_{turn}", max_upload_size=most,
            help=_("编码 UTF-8 或 GB18030 都可以；亿元、万元、中文日期、1—2月、每年一列的宽表都认得。"),
        )  # fmt: skip
        device.told_limit(UPLOADER, most)
    drafts = state.setdefault(DRAFTS, {})
    for gone in set(drafts) - {file.file_id for file in arrived}:
        del drafts[gone]
    for file in arrived:
        found = one(intake, file, drafts, known)
        if found is not None:
            if len(arrived) == 1 or all(
                settled(drafts.get(other.file_id), [*known, found.sha256]) for other in arrived
            ):
                state[TURN] += 1  # another uploader, so that the bytes of this one are let go
            return found
    return None


def settled(draft: Any, known: list[str]) -> bool:
    """Whether nothing is left to do with a file: it could not be read, or is held."""
    return isinstance(draft, str) or (draft is not None and draft.sha256 in known)


def one(intake: Any, file: Any, drafts: dict[str, Any], known: list[str]) -> Any:
    """The steps of one file, and what is to be loaded of it once the reader consents."""
    if file.file_id not in drafts:
        drafts[file.file_id] = read(intake, file)
    draft = drafts[file.file_id]
    if not isinstance(draft, str) and draft.sha256 in known:
        st.caption(_("{name}：已经载入。", name=plain_text.plain(file.name)))
        return None
    st.markdown(plain_text.bold(file.name))
    if isinstance(draft, str):
        st.error(_("没有读入：{problem}。已载入的不受影响。", problem=plain_text.plain(draft)), icon=":material/error:")
        return None
    key = f"sources_own_{file.file_id}"
    mappings = columns.asked(intake, draft, key)
    report = checked(intake, draft, mappings, key)
    if report is None:
        return None
    return consented(intake, report, key)


def read(intake: Any, file: Any) -> Any:
    """A file as sheets, or in words why it cannot be read."""
    with st.spinner(_("正在读取 {name}……", name=plain_text.plain(file.name))):
        try:
            return intake.opened(file.getvalue(), file.name)
        except intake.Unreadable as error:
            return error.flaw.said(lang())


def checked(intake: Any, draft: Any, mappings: dict[int, Any], key: str) -> Any:
    """The report on the chosen sheets, made anew only when they are read in another way; None without any, and where
    they cannot be read so."""
    if not mappings:
        return None
    asked, kept = repr(mappings), st.session_state.get(f"{key}_report")
    if kept is None or kept[0] != asked:
        place = st.empty()

        def going(share: float, zh: str, en: str) -> None:
            place.progress(min(1.0, share), text=plain_text.plain(zh if lang() == "zh" else en))

        try:
            kept = (asked, intake.checked(draft, mappings, going))
        except intake.Unreadable as error:
            kept = (asked, error.flaw.said(lang()))
        st.session_state[f"{key}_report"] = kept
        place.empty()
    if isinstance(kept[1], str):
        st.error(plain_text.plain(kept[1]), icon=":material/error:")
        return None
    return kept[1]


def consented(intake: Any, report: Any, key: str) -> Any:
    """What would be loaded and what not, and the button; returned is what the reader consented to."""
    rows = report.rows
    refused, skipped = rows["refused"], rows["skipped"]
    said = [what(report), _("退回 {n} 行", n=f"{refused:,}")]
    said += [_("没有数 {n} 行", n=f"{skipped:,}")] if skipped else []
    st.markdown(" · ".join(said) + " :gray[" + _("（表中共 {n} 行）", n=f"{rows['read']:,}") + "]")
    previewed(report.preview())
    for notice in report.notices(lang())[:SHOWN]:
        st.caption(f":material/info: {plain_text.plain(notice)}")
    if refused or report.defects(lang()).height:
        defects(report, key)
    total = report.figures + report.targets + report.places + report.indicators
    load = st.button(
        _("载入 {n} 条", n=f"{total:,}"), key=f"{key}_load", type="primary", icon=":material/download_done:",
        disabled=not total,
    )  # fmt: skip
    if not load:
        return None
    with st.spinner(_("正在载入……")):
        try:
            held = intake.loaded(report)
        except intake.Unreadable as error:
            st.error(plain_text.plain(error.flaw.said(lang())), icon=":material/error:")
            return None
    st.session_state.pop(f"{key}_report", None)
    return held


def what(report: Any) -> str:
    """What can be loaded, in words."""
    counts = [
        (report.figures, _("{n} 条数据", n=f"{report.figures:,}")),
        (report.targets, _("{n} 项目标", n=f"{report.targets:,}")),
        (report.places, _("{n} 个地区", n=f"{report.places:,}")),
        (report.indicators, _("{n} 个指标", n=f"{report.indicators:,}")),
    ]
    said = [text for n, text in counts if n]
    return _("可载入 **{what}**", what=" · ".join(said)) if said else _("**没有可载入的行**")


def previewed(rows: pl.DataFrame) -> None:
    """The first rows as they would be loaded."""
    if rows.is_empty():
        return
    heads = (_("地区"), _("指标"), _("时期"), _("数值"), _("增长"), _("增速口径"))
    shown = []
    for row in rows.iter_rows(named=True):
        value = f"{row['value_text']}{row['unit_zh']}" if row["value_text"] is not None else "—"
        growth = figures.percent(row)
        basis = figures.basis(row["growth_basis"]) if row["growth_basis"] else "—"
        cells = (name(row, "park"), name(row, "indicator"), figures.period(row["period"]), value, growth, basis)
        shown.append(dict(zip(heads, cells, strict=True)))
    st.caption(_("前 {n} 条将这样载入：", n=len(shown)))
    tables.whole(shown, right=(heads[3], heads[4]))


def defects(report: Any, key: str) -> None:
    """Every defect with row, column, value, rule and mend; the refused rows with their reasons as files."""
    rows = report.defects(lang())
    heads = (_("工作表"), _("行"), _("列"), _("内容"), _("问题和改法"))
    shown = [dict(zip(heads, ("" if cell is None else str(cell) for cell in row), strict=True))
             for row in rows.head(SHOWN).iter_rows()]  # fmt: skip
    if not any(row[heads[0]] for row in shown):
        shown = [{head: row[head] for head in heads[1:]} for row in shown]
    st.markdown(_("**{n} 处问题**，有问题的行整行不载入：", n=f"{rows.height:,}"))
    tables.whole(shown)
    if rows.height > SHOWN:
        st.caption(_("只列出前 {n} 处；其余在下载的文件里。", n=SHOWN))
    refused, language = report.refused(lang()), lang()
    with st.container(horizontal=True):
        for suffix in ("csv", "xlsx"):
            downloads.button(
                _("退回的 {n} 行和原因", n=f"{refused.height:,}") + f" · {suffix.upper()}",
                lambda suffix=suffix: formats.as_file(refused, suffix, language),  # type: ignore[misc]
                f"park-refused-rows.{suffix}", suffix, f"{key}_refused_{suffix}",
            )  # fmt: skip
    st.caption(_("改好这些行，存成单独的文件，再放进来即可，不用重放整份。"))
