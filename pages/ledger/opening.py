"""Choose the ledger and the day of a mechanism page, and exchange workbooks."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data.ledger.ledger import Ledger
from pages.ui import device, downloads, embed, filters, layout, tables
from pages.upload import upload_guard
from pages.wording import figures, plain_text
from pages.wording.language import _, lang, localize_name
from queries.export import formats
from queries.ledger import ledgers
from queries.targets.rules import Rule

OWN_LEDGER_KEY = "ledger_own"  # of the session: the ledger that its reader put in
MOST_FLAWS = 500
REPORTING_LAG = timedelta(days=31)  # after its last day a ledger is not behind: the next month is not reported yet


@dataclass(frozen=True)
class LedgerView:
    """What a page shows: the ledger, the day, and the rule by which targets are judged."""

    ledger: Ledger
    asof: date
    given: bool  # whether the address names the day
    park: str
    names: dict[str, str]
    rule: str = "default"
    private: bool = False  # put in by its reader: another tab would not have it

    @property
    def sample(self) -> bool:
        """Return whether the ledger is the invented sample."""
        return bool(self.ledger.evidence == "sample")

    @property
    def address(self) -> dict[str, str]:
        """Return ledger, day and language as query parameters.

        The day is always among them, even where it is the default; the rule only where it is not the default.
        """
        codes = {"lang": lang(), "park": self.park, "asof": self.asof.isoformat()}
        return codes | ({"rule": self.rule} if self.rule != "default" else {})

    @property
    def eyebrow(self) -> list[str]:
        """Return the line above the title: place with the kind of ledger, and the day."""
        place = self.names["park_zh" if lang() == "zh" else "park_en"]
        kind = _("示例，内容为虚构") if self.sample else _("自有台账")
        return [_("{place}（{kind}）", place=place, kind=kind), format_as_of_day(self.asof)]


def describe_ledger_span(first: date, last: date) -> str:
    """Return a sentence with the first and the last day of which a ledger knows something."""
    days = {"first": figures.format_date(first.isoformat()), "last": figures.format_date(last.isoformat())}
    return _("台账所知从{first}到{last}，这一天不在其中。", **days)


def format_as_of_day(day: date) -> str:
    """Return the day in words: 截至2025年10月13日."""
    return _("截至{day}", day=figures.format_date(day.isoformat()))


def choose_ledger(page: str, parks: pl.DataFrame, own: str, rules: dict[str, Rule] | None = None) -> LedgerView | None:
    """Show the choice of ledger, day and rule; return the view that the address asks for.

    Returns None where the park has no ledger. Where its ledger file is damaged, shows an error and stops the page.
    Also says when the day lies outside what the ledger knows, when the ledger is the sample, and when the reader
    put it in, with what to check in it.

    parks: places with their names; own: the place of this installation, the default.
    rules: those to choose from, on a page that judges targets.
    """
    mine: Ledger | None = st.session_state.get(OWN_LEDGER_KEY)
    codes = list(dict.fromkeys([own, *([mine.park_id] if mine else []), *ledgers.get_parks_with_ledger()]))
    named = {row["park_id"]: localize_name(row, "name") for row in parks.iter_rows(named=True)}
    options = {code: _label_ledger_option(code, named, mine) for code in codes}
    columns = st.columns(3 if rules else 2, gap="medium")
    one, two = columns[:2]
    with one:
        park = filters.choose_one(f"{page}_park", "park", _("台账"), options, own)
    ledger = mine if mine and mine.park_id == park else ledgers.find_ledger(park)
    with two:
        asof = filters.choose_day(f"{page}_asof", "asof", _("按这一天所知"))
    rule = "default"
    if rules:
        with columns[2]:
            called = {code: localize_name(rule.texts, "name") for code, rule in rules.items()}
            rule = filters.choose_one(f"{page}_rule", "rule", _("评定规则"), called, rule)
    if ledger is None and ledgers.find_damage(park):
        text = _("{park}的台账文件损坏，读不出来。请运维人员按服务器日志里的办法恢复，再刷新本页。", park=options[park])
        st.error(plain_text.escape_markdown(text), icon=":material/broken_image:")
        layout.stop_page()
    if ledger is None:
        return None
    day = asof or ledgers.get_default_day(ledger)
    first, last = ledgers.get_ledger_span(ledger)
    if not first <= day <= last + REPORTING_LAG:
        st.caption(":material/event_busy: " + describe_ledger_span(first, last))
    if ledger.evidence == "sample":
        st.info(embed.mark_view_as_sample(), icon=":material/science:")
    elif mine is not None and mine is ledger:
        st.info(
            _(
                "这是您放入的台账（{file}），只在本次会话里看得到，没有保存。",
                file=plain_text.escape_markdown(ledger.file_name),
            ),
            icon=":material/visibility:",
        )
        if mine.notices:
            with st.expander(_("{n} 处请核对", n=len(mine.notices)), icon=":material/info:"):
                show_workbook_problems(page, ledgers.get_ledger_defects(list(mine.notices), lang()))
    return LedgerView(ledger, day, asof is not None, park, ledgers.get_ledger_park_names(ledger), rule, mine is ledger)


def _label_ledger_option(code: str, named: dict[str, str], mine: Ledger | None) -> str:
    ledger = mine if mine and mine.park_id == code else ledgers.find_ledger(code)
    if ledger is None and ledgers.find_damage(code):
        return named.get(code, code)
    if ledger is None:
        return _("{park}（没有台账）", park=named.get(code, code))
    called = named.get(code) or ledgers.get_ledger_park_names(ledger)["park_zh" if lang() == "zh" else "park_en"]
    if ledger.evidence == "sample":
        return _("{park}（示例）", park=called)
    return _("{park}（您放入的）", park=called) if mine is ledger else called


def label_current_park(parks: pl.DataFrame) -> str:
    """Return the name of the park that the address asks for, or of this installation."""
    asked = st.query_params.get("park")
    rows = [row for row in parks.iter_rows(named=True) if row["park_id"] == asked]
    return localize_name(rows[0] if rows else parks.row(0, named=True), "name")


def show_sample_link(page: str) -> None:
    """Show a link to the sample ledger on the same page."""
    to = {"lang": lang(), "park": "sample"}
    st.page_link(f"{page}.py", label=_("打开示例园区"), icon=":material/science:", query_params=to)


def show_workbook_exchange(page: str, ledger: Ledger | None, *, folded: bool = True) -> None:
    """Show the downloads of the workbooks (empty, filled sample, current ledger) and the upload of the reader's own.

    folded: whether they are inside a box that the reader opens.
    """
    if folded:
        with downloads.show_popover(_("台账工作簿"), "table_view", f"{page}_exchange") as wanted:
            if wanted:
                _show_workbook_controls(page, ledger)
    else:
        _show_workbook_controls(page, ledger)


def _show_workbook_controls(page: str, ledger: Ledger | None) -> None:
    language = lang()
    with st.container(horizontal=True):
        downloads.show_download_button(
            _("空白工作簿"),
            lambda: ledgers.make_ledger_workbook(None, language),
            "park-ledger-empty.xlsx",
            "xlsx",
            f"{page}_empty",
        )
        sample = ledgers.find_ledger(ledgers.SAMPLE_PARK)
        downloads.show_download_button(
            _("填好的示例"), lambda: ledgers.make_ledger_workbook(sample, language), "park-ledger-sample.xlsx", "xlsx",
            f"{page}_filled",
        )  # fmt: skip
        if ledger is not None and ledger.evidence != "sample":
            downloads.show_download_button(
                _("现在这本台账"),
                lambda: ledgers.make_ledger_workbook(ledger, language),
                f"park-ledger-{ledger.park_id}.xlsx",
                "xlsx",
                f"{page}_current",
            )
    upload_guard.allow_upload()
    dropped = st.file_uploader(
        _("把填好的工作簿放到这里（.xlsx）"),
        key=f"{page}_workbook",
        max_upload_size=device.WORKBOOK_MB,
        help=_(
            "只在本次会话里打开，不改动任何已保存的台账。要长期使用，请在服务器上运行 python -m data.load 文件名.xlsx。"
        ),
    )
    if dropped is not None:
        open_dropped_workbook(page, dropped)
    if st.session_state.get(OWN_LEDGER_KEY) is not None:
        st.button(
            _("移走我放入的台账"),
            key=f"{page}_forget",
            icon=":material/delete:",
            type="tertiary",
            on_click=remove_own_ledger,
        )


def open_dropped_workbook(page: str, dropped: UploadedFile) -> None:
    """Check a workbook that was dropped: open it in the session, or show all that is wrong with it."""
    seen = f"{page}_workbook_seen"
    if st.session_state.get(seen) != dropped.file_id:
        st.session_state[seen], st.session_state[f"{seen}_flaws"] = dropped.file_id, ()
        try:
            with st.spinner(_("正在核对工作簿……")):
                ledger = ledgers.read_uploaded_ledger(dropped.getvalue(), dropped.name)
        except ledgers.BrokenLedger as error:
            st.session_state[f"{seen}_flaws"] = tuple(error.flaws)
        else:
            st.session_state[OWN_LEDGER_KEY] = ledger
            st.query_params["park"] = ledger.park_id
            st.query_params.pop("asof", None)
            st.rerun()
    flaws = st.session_state[f"{seen}_flaws"]
    if flaws:
        show_workbook_problems(page, ledgers.get_ledger_defects(list(flaws), lang()))


def show_workbook_problems(page: str, rows: pl.DataFrame) -> None:
    """Show what is wrong or doubtful in a workbook, cell by cell, and offer the same as a CSV file.

    Lists the first MOST_FLAWS rows; the file has all of them.
    """
    wrong = rows.filter(~pl.col("notice")).height
    if wrong:
        st.error(_("{n} 处有误，没有打开；原来的内容不变。改好后再放一次。", n=wrong), icon=":material/error:")
    heads = (_("工作表"), _("行"), _("列"), _("内容"), _("怎样改"))
    shown = rows.head(MOST_FLAWS).iter_rows()
    tables.show_whole_table(
        [dict(zip(heads, ("" if cell is None else str(cell) for cell in line[:5]), strict=True)) for line in shown]
    )
    if rows.height > MOST_FLAWS:
        st.caption(_("只列出前 {n} 处；其余在下载的清单里。", n=MOST_FLAWS))
    content = formats.as_csv(rows)
    downloads.show_download_button(_("清单 CSV"), lambda: content, "park-ledger-defects.csv", "csv", f"{page}_flaws")


def remove_own_ledger() -> None:
    """Remove the reader's own ledger from the session, and park and day from the address."""
    st.session_state.pop(OWN_LEDGER_KEY, None)
    st.query_params.pop("park", None)
    st.query_params.pop("asof", None)
