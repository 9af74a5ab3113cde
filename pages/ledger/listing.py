"""What the pages of the mechanisms share: opened on a ledger, filtered, one thing or the list of all, files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.ledger.ledger import Ledger
from pages.charts import ledger, pictures
from pages.ledger import opening, summary
from pages.ui import address, downloads, filters, layout
from pages.wording import figures, plain_text
from pages.wording.language import _, lang, localize_name
from queries.catalogue.catalogue import get_home_park, get_indicators, get_parks
from queries.ledger.mechanisms import get_mechanism_links
from queries.targets.rules import read_rules

Row = dict[str, Any]
MAX_PICKER_OPTIONS = 300  # to open one of them; a longer list would be sent anew with every run


@dataclass(frozen=True)
class ListPage:
    """A page of a mechanism, opened on a ledger. name: of the page; head: the place kept for its title."""

    name: str
    head: DeltaGenerator
    opened: opening.LedgerView

    @property
    def known(self) -> tuple[Ledger, date, str]:
        """Return ledger, day and language, as questions take them."""
        return self.opened.ledger, self.opened.asof, lang()

    @property
    def judged(self) -> tuple[Ledger, date, str, str]:
        """Return ledger, day, rule and language, as questions take them that judge targets."""
        return self.opened.ledger, self.opened.asof, self.opened.rule, lang()

    def find_one(self, parameter: str, rows: pl.DataFrame, code: str) -> Row | None:
        """Return the row that the address asks for; None for the list. code: the column of its code."""
        one = filters.find_requested_code(parameter, rows[code].to_list())
        return rows.row(by_predicate=pl.col(code) == one, named=True) if one else None

    def link(self, *parameters: str, **one: str) -> str:
        """Return the address of this view. parameters: of its filters; one: parameter and code of one thing."""
        return layout.build_page_address(self.opened.address | address.get_address_parameters(*parameters) | one)

    def show_head(self, title: str, details: str) -> None:
        """Show the title and the numbers behind it, in the place kept for them."""
        with self.head:
            layout.show_head(self.opened.eyebrow, title, details)

    def show_found(self, rows: pl.DataFrame, every: pl.DataFrame, *, needed: bool = True) -> None:
        """Show what is filtered and how many rows are left; where none is, stop the page, if rows are needed."""
        filters.show_filter_summary(self.name, rows.height, every.height)
        if needed and rows.is_empty():
            layout.stop_without_rows(self.head)

    def show_actions(
        self, view: str, rows: pl.DataFrame, link: str, title: str, drawn: Sequence[pictures.Picture] = ()
    ) -> None:
        """Show the actions of rows: link, downloads, sources. view: their name in file names and routes."""
        layout.show_actions(self.name, view, rows, link, title, list(drawn), get_indicators())

    def end_with_one(
        self, view: str, rows: pl.DataFrame, title: str, drawn: Sequence[pictures.Picture] = (), **one: str
    ) -> NoReturn:
        """Show the actions of the view of one thing and end the page. one: its parameter and code."""
        self.show_actions(view, rows, self.link(**one), title, drawn)
        layout.stop_page()

    def show_workbook_exchange(self) -> None:
        """Show the downloads and the upload of workbooks."""
        opening.show_workbook_exchange(self.name, self.opened.ledger)


def open_list_page(name: str, *, judges: bool = False) -> ListPage:
    """Show the choice of ledger and day and return the page; where the park has no ledger, say so and stop.

    name: of the page, which is the code of its mechanism.
    judges: whether the page also offers the rules by which targets are judged.
    """
    head = st.container()
    opened = opening.choose_ledger(name, get_parks(), get_home_park(), read_rules() if judges else None)
    if opened is None:
        show_missing_ledger(name, head, get_mechanism_links([name]), opening.label_current_park(get_parks()))
        layout.stop_page()
    return ListPage(name, head, opened)


def show_missing_ledger(page: str, top: DeltaGenerator, carried: pl.DataFrame, place: str) -> None:
    """Show the page of a park without a ledger: that there is none, what the mechanism carries, how to go on.

    carried: targets and commitments of the mechanism, from queries.ledger.mechanisms.
    """
    with top:
        called = localize_name(carried.row(0, named=True), "mechanism")
        layout.show_head([place], _("{mechanism}：没有公布过台账，无从评起", mechanism=called), "")
        st.markdown(
            _(
                "{place}的任务、月报、督办和考核从未公布，这里不猜。可以看**示例园区**怎么用，"
                "也可以下载空白工作簿，填好后放到这里：只在您的会话里打开，不保存。",
                place=plain_text.escape_markdown(place),
            )
        )
        opening.show_sample_link(page)
    opening.show_workbook_exchange(page, None, folded=False)
    if carried.height:
        st.subheader(_("这一机制管哪些目标和承诺"), anchor=False)
        summary.show_mechanism_links(carried, f"{page}_links")
        downloads.show_extra_downloads(page, "mechanism-links", carried)


@dataclass(frozen=True)
class ListFilter:
    """One filter of a list. column: what it filters by; none: what its box says where nothing is chosen.

    Without `none` the options are pills.
    """

    parameter: str
    label: str
    options: dict[str, str]
    column: str
    none: str = ""


def make_department_filter(rows: pl.DataFrame, label: str) -> ListFilter:
    """Return the filter by department."""
    return ListFilter("department", label, make_name_options(rows, "department"), "department_id", _("全部部门"))


def choose_codes(page: str, wanted: ListFilter) -> list[str]:
    """Show one filter; return the codes chosen, none for all."""
    key = f"{page}_{wanted.parameter}"
    if wanted.none:
        return filters.choose_several(
            st.multiselect, key, wanted.parameter, wanted.label, wanted.options, [], placeholder=wanted.none,
            select_all=False,
        )  # fmt: skip
    return filters.choose_several(
        st.pills, key, wanted.parameter, wanted.label, wanted.options, [], selection_mode="multi"
    )


def choose_rows(
    page: str, rows: pl.DataFrame, *wanted: ListFilter, widths: Sequence[int] = (), notes: dict[str, str] | None = None
) -> pl.DataFrame:
    """Show filters side by side; return the rows chosen. A list matches where it holds any of the codes.

    widths: of the filters, where they are not equal; notes: by parameter, what is said of codes that are not known.
    """
    with filters.make_filter_area():
        for place, each in zip(st.columns(widths or len(wanted), gap="medium"), wanted, strict=True):
            with place:
                chosen = choose_codes(page, each)
                if notes and each.parameter in notes and address.get_kept()[f"{page}_{each.parameter}"].unknown:
                    st.caption(notes[each.parameter])
            column = pl.col(each.column)
            if chosen and isinstance(rows.schema[each.column], pl.List):
                rows = rows.filter(pl.any_horizontal(column.list.contains(code) for code in chosen))
            elif chosen:
                rows = rows.filter(column.is_in(chosen))
    return rows


def make_name_options(rows: pl.DataFrame, kind: str) -> dict[str, str]:
    """Return the options of a filter: codes of departments, leaders or aims in the rows, and the name of each.

    kind: department, leader or aim; the columns are kind_id, kind_zh and kind_en. Sorted by code.
    """
    code = f"{kind}_id"
    named = rows.lazy().select(code, f"{kind}_zh", f"{kind}_en").drop_nulls(code).unique(code).sort(code)
    known = named.collect()
    return {row[code]: localize_name(row, kind) for row in known.iter_rows(named=True)}


def show_ledger_chart(
    page: str, drawn: ledger.RowsAndSpec, heading: str, rows: pl.DataFrame, link: str
) -> pictures.Picture:
    """Show a chart of the ledger under its heading; return what a picture of it needs.

    The source of the picture is that of the first row.
    """
    row = rows.row(0, named=True)
    source = f"{row['source_title']}, {figures.format_date(row['source_published'])}"
    return layout.show_picture(heading, pictures.Picture(heading, *drawn, source, link), heading)


def show_back_to_list(page: str, opened: opening.LedgerView) -> None:
    """Show the link from one thing back to the list of all."""
    st.page_link(f"{page}.py", label=_("返回清单"), icon=":material/arrow_back:", query_params=opened.address)


def show_detail_picker(page: str, parameter: str, label: str, rows: pl.DataFrame, code: str, title: str) -> None:
    """Show a box that opens the view of one thing by number or name.

    Offers the first MAX_PICKER_OPTIONS rows. code: the column of the number; title: that of the name, without its
    language; parameter: the query parameter that the choice sets.
    """
    options = {
        row[code]: f"{row[code]} {localize_name(row, title)}"
        for row in rows.head(MAX_PICKER_OPTIONS).iter_rows(named=True)
    }
    if rows.height > MAX_PICKER_OPTIONS:
        label = _("{label}（前 {n} 项，可先筛选）", label=label, n=MAX_PICKER_OPTIONS)

    def go() -> None:
        chosen = st.session_state.get(f"{page}_pick_{parameter}")
        if chosen:
            st.query_params[parameter] = chosen
            st.session_state[f"{page}_pick_{parameter}"] = None

    st.selectbox(
        label, list(options), index=None, key=f"{page}_pick_{parameter}", format_func=options.__getitem__,
        placeholder=_("输入编号或名称"), on_change=go,
    )  # fmt: skip
