"""Mend refused rows in the page: cells written anew, checked again, put back, and the whole sheet as a file."""

from copy import deepcopy

import polars as pl
import streamlit as st

from pages.ui import device, downloads
from pages.wording import plain_text
from pages.wording.language import _, lang
from queries import upload
from queries.export import formats
from queries.upload import MendedCells, SheetReading, UploadReport

MOST_ROWS = 200  # that are mended at a time
REASON_WIDTH = 280  # pixels


def get_mended_cells(key: str) -> MendedCells:
    """Return the cells of a file that were mended by hand and checked."""
    mended: MendedCells = st.session_state.get(f"{key}_mended", {})
    return mended


def show_repair(report: UploadReport, key: str) -> None:
    """Show the refused rows with cells that can be written anew; the page runs again once they are to be checked."""
    changed = {}
    for read in report.read:
        if read.refused.height:
            place = report.find_place(read.sheet)
            changed[place] = show_editor(read, report.label(read.sheet, lang()), f"{key}_{place}")
    count = sum(map(len, changed.values()))
    with st.container(horizontal=True, vertical_alignment="center"):
        if changed and st.button(
            _("再核对一次"),
            key=f"{key}_check",
            icon=":material/rule:",
            help=_("改好的行并入可载入的；仍有问题的留在表里。"),
        ):
            keep_changes(changed, key)
            st.rerun()
        if report.rows_mended:
            st.button(
                _("恢复成文件里的样子"),
                key=f"{key}_restore",
                icon=":material/undo:",
                on_click=forget_changes,
                args=(key,),
            )
    if count:
        st.caption(":material/edit: " + _("改了 {n} 行，还没有核对。", n=count))
    if report.rows_mended:
        show_mended_files(report, key)


def show_editor(read: SheetReading, label: str, key: str) -> dict[int, dict[int, str | None]]:
    """Show the refused rows of one sheet for editing, and return the cells that were changed: by row and column."""
    height = read.refused.height
    heading = _("在这里改“{sheet}”表", sheet=label) if label else _("在这里改")
    st.markdown(plain_text.format_bold(heading))
    before = make_editable(read)
    heads = [name for name in read.refused.columns if name not in ("row", "reasons_zh", "reasons_en")]
    turn = st.session_state.get(f"{key.rpartition('_')[0]}_turn", 0)
    after = st.data_editor(
        before, hide_index=True, num_rows="fixed", key=f"{key}_editor_{turn}", disabled=["row", "reasons"],
        column_config={
            "row": st.column_config.NumberColumn(_("原行号"), width="small", pinned=True, format="%d"),
            "reasons": st.column_config.TextColumn(_("原因"), width=device.fit_to_screen(REASON_WIDTH, 160)),
            **{f"c{place}": st.column_config.TextColumn(head) for place, head in enumerate(heads)},
        },
    )  # fmt: skip
    st.caption(_("双击单元格改写，改完再核对一次。"))
    if height > MOST_ROWS:
        st.caption(
            _("退回的共 {n} 行，这里是前 {most} 行；改好这些再核对，其余的随后出现。", n=f"{height:,}", most=MOST_ROWS)
        )
    return collect_changes(before, after)


def make_editable(read: SheetReading) -> pl.DataFrame:
    """Return the first refused rows of a sheet: row, reasons, then c0, c1, ... as its columns; empty cells are ""."""
    cells = read.refused.drop("row", "reasons_zh", "reasons_en")
    named = [pl.col(name).fill_null("").alias(f"c{place}") for place, name in enumerate(cells.columns)]
    return read.refused.head(MOST_ROWS).select("row", pl.col(f"reasons_{lang()}").alias("reasons"), *named)


def collect_changes(before: pl.DataFrame, after: pl.DataFrame) -> dict[int, dict[int, str | None]]:
    """Return the cells that differ, by the number of the row and the place of the column."""
    changed: dict[int, dict[int, str | None]] = {}
    names = [name for name in before.columns if name not in ("row", "reasons")]
    for was, now in zip(before.iter_rows(named=True), after.iter_rows(named=True), strict=True):
        cells = {int(name[1:]): now[name] or None for name in names if (now[name] or "") != was[name]}
        if cells:
            changed[was["row"]] = cells
    return changed


def keep_changes(changed: MendedCells, key: str) -> None:
    """Add changed cells to those of the session; their editor begins anew."""
    mended = deepcopy(get_mended_cells(key))
    for place, rows in changed.items():
        for row, cells in rows.items():
            mended.setdefault(place, {}).setdefault(row, {}).update(cells)
    st.session_state[f"{key}_mended"] = mended
    st.session_state[f"{key}_turn"] = st.session_state.get(f"{key}_turn", 0) + 1


def forget_changes(key: str) -> None:
    """Forget what was mended: the rows are again as in the file."""
    st.session_state.pop(f"{key}_mended", None)
    st.session_state[f"{key}_turn"] = st.session_state.get(f"{key}_turn", 0) + 1


def show_mended_files(report: UploadReport, key: str) -> None:
    """Show downloads of each whole sheet that has mended cells."""
    labels = {report.find_place(read.sheet): report.label(read.sheet, lang()) for read in report.read}
    stem = report.draft.name.rpartition(".")[0] or report.draft.name
    called = _("{name}-改好", name=stem)
    suffixes = ["csv", *(["xlsx"] if report.rows["read"] <= formats.XLSX_ROWS else [])]
    with st.container(horizontal=True):
        for place in report.mended:
            what = _("改好的“{sheet}”表", sheet=labels[place]) if labels[place] else _("改好的整张表")
            for suffix in suffixes:
                downloads.show_download_button(
                    f"{plain_text.escape_markdown(what)} · {suffix.upper()}",
                    lambda place=place, suffix=suffix: upload.write_mended_sheet(report, place, suffix, lang()),  # type: ignore[misc]
                    f"{called}.{suffix}", suffix, f"{key}_{place}_mended_{suffix}",
                )  # fmt: skip
