"""Steps from a file that a reader drops to its figures: sheet, columns, defects of rows, and consent."""

import polars as pl
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile as DroppedFile

from pages.ui import device, downloads, tables
from pages.upload import columns, repair, upload_guard
from pages.wording import figures, plain_text
from pages.wording.language import _, lang, localize_name
from queries import upload
from queries.database.own_figures import OwnFile
from queries.export import formats
from queries.upload import ColumnMapping, UnreadableFile, UploadedFile, UploadReport

# In the state of the session: files that were read, and how often the uploader was emptied.
DRAFTS_KEY, TURN_KEY = "own_drafts", "own_turn"
MOST_ITEMS_SHOWN = 30  # defects on the page; all are in the file
UPLOADER_KEY = "sources_own_files"


def choose_file_to_load(known: list[str]) -> OwnFile | None:
    """Show the uploader and the steps of each file, and return the file that the reader consented to load; else None.

    known: digests of the files that are loaded already.
    """
    state = st.session_state
    turn = state.setdefault(TURN_KEY, 0)
    most = device.get_upload_limit(upload.get_upload_megabytes())
    upload_guard.allow_upload()
    upload.start_file_reader()
    with st.container(key=UPLOADER_KEY):
        arrived = st.file_uploader(
            _("放入 CSV 或 Excel 文件，可以几个一起"), type=["csv", "xlsx", "xls", "txt", "tsv"],
            accept_multiple_files=True, key=f"{UPLOADER_KEY}_{turn}", max_upload_size=most,
            help=_("编码 UTF-8 或 GB18030 都可以；亿元、万元、中文日期、1—2月、每年一列的宽表都认得。"),
        )  # fmt: skip
        device.show_upload_limit(UPLOADER_KEY, most)
    drafts = state.setdefault(DRAFTS_KEY, {})
    for gone in set(drafts) - {file.file_id for file in arrived}:
        del drafts[gone]
        forget_file(f"sources_own_{gone}")
    for file in arrived:
        found = show_file_steps(file, drafts, known)
        if found is not None:
            if len(arrived) == 1 or all(
                is_settled(drafts.get(other.file_id), [*known, found.sha256]) for other in arrived
            ):
                state[TURN_KEY] += 1  # another uploader, so that the bytes of this one are let go
            return found
    return None


def is_settled(draft: UploadedFile | str | None, known: list[str]) -> bool:
    """Return whether nothing is left to do with a file: it could not be read, or it is loaded."""
    return isinstance(draft, str) or (draft is not None and draft.sha256 in known)


def show_file_steps(file: DroppedFile, drafts: dict[str, UploadedFile | str], known: list[str]) -> OwnFile | None:
    """Show the steps of one file and return what is to be loaded once the reader consents; else None."""
    if file.file_id not in drafts:
        drafts[file.file_id] = read_dropped_file(file)
    draft = drafts[file.file_id]
    if not isinstance(draft, str) and draft.sha256 in known:
        st.caption(_("{name}：已经载入。", name=plain_text.escape_markdown(file.name)))
        return None
    st.markdown(plain_text.format_bold(file.name))
    if isinstance(draft, str):
        st.error(
            _("没有读入：{problem}。已载入的不受影响。", problem=plain_text.escape_markdown(draft)),
            icon=":material/error:",
        )
        return None
    key = f"sources_own_{file.file_id}"
    mappings = columns.choose_mappings(draft, key)
    report = make_upload_report(draft, mappings, key)
    if report is None:
        return None
    ask_for_units(report, key)
    return confirm_loading(report, key)


def forget_file(key: str) -> None:
    """Forget what the session keeps of a file that is gone: its report, and what was mended in it."""
    for kept in ("report", "mended", "turn"):
        st.session_state.pop(f"{key}_{kept}", None)


def ask_for_units(report: UploadReport, key: str) -> None:
    """Run the page again with a question for the unit, once rows are found that have none."""
    flags = [columns.get_unit_flag(f"{key}_{place}") for place in report.find_places_without_unit()]
    new = [flag for flag in flags if flag not in st.session_state]
    if new:
        st.session_state.update(dict.fromkeys(new, True))
        st.rerun()


def read_dropped_file(file: DroppedFile) -> UploadedFile | str:
    """Read a file into sheets; returns a message where it cannot be read."""
    with st.spinner(_("正在读取 {name}……", name=plain_text.escape_markdown(file.name))):
        try:
            return upload.read_upload(file.getvalue(), file.name)
        except UnreadableFile as error:
            return error.flaw.describe(lang())


def make_upload_report(draft: UploadedFile, mappings: dict[int, ColumnMapping], key: str) -> UploadReport | None:
    """Return the report on the chosen sheets, made again only when they are read in another way.

    None without sheets, and where they cannot be read that way; the error is shown.
    """
    if not mappings:
        return None
    mended = repair.get_mended_cells(key)
    asked, kept = repr((mappings, mended)), st.session_state.get(f"{key}_report")
    if kept is None or kept[0] != asked:
        place = st.empty()

        def going(share: float, zh: str, en: str) -> None:
            place.progress(min(1.0, share), text=plain_text.escape_markdown(zh if lang() == "zh" else en))

        try:
            kept = (asked, upload.check_upload(draft, mappings, going, mended))
        except UnreadableFile as error:
            kept = (asked, error.flaw.describe(lang()))
        st.session_state[f"{key}_report"] = kept
        place.empty()
    if isinstance(kept[1], str):
        st.error(plain_text.escape_markdown(kept[1]), icon=":material/error:")
        return None
    return kept[1]


def confirm_loading(report: UploadReport, key: str) -> OwnFile | None:
    """Show what would be loaded and what not, with the button; return the loaded file once it is clicked.

    None before, and where loading fails; the error is shown.
    """
    rows = report.rows
    refused, skipped = rows["refused"], rows["skipped"]
    said = [describe_loadable_rows(report), _("退回 {n} 行", n=f"{refused:,}")]
    said += [_("没有数 {n} 行", n=f"{skipped:,}")] if skipped else []
    said += [_("手工改过 {n} 行", n=f"{report.rows_mended:,}")] if report.rows_mended else []
    st.markdown(_("{counts} :gray[（表中共 {n} 行）]", counts=" · ".join(said), n=f"{rows['read']:,}"))
    show_remarks(report)
    show_loadable_rows(report.preview())
    if refused or report.defects(lang()).height:
        show_defects(report)
    if refused or report.rows_mended:
        repair.show_repair(report, key)
    if refused:
        show_refused_files(report, key)
    total = report.figures + report.targets + report.places + report.indicators
    load = st.button(
        _("载入 {n} 条", n=f"{total:,}"), key=f"{key}_load", type="primary", icon=":material/download_done:",
        disabled=not total,
    )  # fmt: skip
    if not load:
        return None
    with st.spinner(_("正在载入……")):
        try:
            held = upload.make_own_file(report)
        except UnreadableFile as error:
            st.error(plain_text.escape_markdown(error.flaw.describe(lang())), icon=":material/error:")
            return None
    forget_file(key)
    return held


def describe_loadable_rows(report: UploadReport) -> str:
    """Describe how much can be loaded."""
    counts = [
        (report.figures, _("{n} 条数据", n=f"{report.figures:,}")),
        (report.targets, _("{n} 项目标", n=f"{report.targets:,}")),
        (report.places, _("{n} 个地区", n=f"{report.places:,}")),
        (report.indicators, _("{n} 个指标", n=f"{report.indicators:,}")),
    ]
    said = [text for n, text in counts if n]
    return _("可载入 **{what}**", what=" · ".join(said)) if said else _("**没有可载入的行**")


def show_loadable_rows(rows: pl.DataFrame) -> None:
    """Show the first rows as they would be loaded."""
    if rows.is_empty():
        return
    heads = (_("地区"), _("指标"), _("时期"), _("数值"), _("增长"), _("增速口径"))
    shown = []
    for row in rows.iter_rows(named=True):
        value = f"{row['value_text']}{row['unit_zh']}" if row["value_text"] is not None else "—"
        growth = figures.format_growth_rate(row)
        basis = figures.label_growth_basis(row["growth_basis"]) if row["growth_basis"] else "—"
        cells = (
            localize_name(row, "park"),
            localize_name(row, "indicator"),
            figures.format_period(row["period"]),
            value,
            growth,
            basis,
        )
        shown.append(dict(zip(heads, cells, strict=True)))
    st.caption(_("前 {n} 条将这样载入：", n=len(shown)))
    tables.show_whole_table(shown, right=(heads[3], heads[4]))


def show_remarks(report: UploadReport) -> None:
    """Show what was assumed, and the figures whose size is doubtful; they are loaded all the same."""
    for notice in report.notices(lang())[:MOST_ITEMS_SHOWN]:
        st.caption(f":material/info: {plain_text.escape_markdown(notice)}")
    if report.doubts:
        told = [plain_text.escape_markdown(doubt.describe(lang())) for doubt in report.doubts[:MOST_ITEMS_SHOWN]]
        st.warning("  \n".join(told), icon=":material/straighten:")


def show_defects(report: UploadReport) -> None:
    """Show the first defects with sheet, row, column, value, and rule with correction."""
    rows = report.defects(lang())
    heads = (_("工作表"), _("行"), _("列"), _("内容"), _("问题和改法"))
    shown = [dict(zip(heads, ("" if cell is None else str(cell) for cell in row), strict=True))
             for row in rows.head(MOST_ITEMS_SHOWN).iter_rows()]  # fmt: skip
    if not any(row[heads[0]] for row in shown):
        shown = [{head: row[head] for head in heads[1:]} for row in shown]
    st.markdown(_("**{n} 处问题**，有问题的行整行不载入：", n=f"{rows.height:,}"))
    tables.show_whole_table(shown)
    if rows.height > MOST_ITEMS_SHOWN:
        st.caption(_("只列出前 {n} 处；其余在下载的文件里。", n=MOST_ITEMS_SHOWN))


def show_refused_files(report: UploadReport, key: str) -> None:
    """Show downloads of all refused rows with their reasons."""
    refused, language = report.refused(lang()), lang()
    with st.container(horizontal=True):
        for suffix in ("csv", "xlsx"):
            downloads.show_download_button(
                _("退回的 {n} 行和原因", n=f"{refused.height:,}") + f" · {suffix.upper()}",
                lambda suffix=suffix: formats.as_file(refused, suffix, language),  # type: ignore[misc]
                f"park-refused-rows.{suffix}", suffix, f"{key}_refused_{suffix}",
            )  # fmt: skip
    st.caption(_("也可以在下载的文件里改好这些行，单独放进来，不用重放整份。"))
