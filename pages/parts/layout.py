"""What every page is made of: head, key numbers, charts, table, actions, sources."""

import re
from typing import Any
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from pages.parts import charts, downloads, figures, pictures, screen
from pages.parts.words import _, choose, lang, listed, name

Row = dict[str, Any]
UNBROKEN = 22  # letters; a Chinese character is nearly two
JOINER = "\u2060"  # invisible, without width
NO_BREAK = "\u00a0"
CHINESE_PAIR = re.compile(r"(?<=\S)(?=[\u2e80-\uffef—])|(?<=[\u2e80-\uffef—])(?=\S)")
WHOLE_TABLE = 30
SCROLLED = 16
CARDS = 8
LIST = 640
HALF_A_PHONE = 190
REMARKS = 80
LOCATORS = 8
SLASHES = 2  # of http://host, which is an address only with a third


def head(eyebrow: list[str], title: str, paragraph: str) -> None:
    """Eyebrow, the answer as title, and the numbers behind it."""
    st.caption("　".join(part for part in eyebrow if part))
    st.title(title, anchor=False)
    if paragraph:
        st.markdown(paragraph)


def numbers(entries: list[tuple[str, str, str]], columns: int = 2, width: int = 120) -> None:
    """Key numbers, two in a row on a phone: what it is (long names wrap), the value, and a quiet line below."""
    grid = st.grid(columns, min_column_width=width, gap=("xsmall", "medium"))
    for label, value, below in entries:
        # A heading of three lines is one element; label, value and caption apart are five, and a page has twenty.
        lines = [
            f":small[:gray[{plain(label)}]]",
            f"**{plain(value)}**",
            f":small[:gray[{plain(below)}]]" if below else "",
        ]
        grid.markdown("\\\n".join(line for line in lines if line) + "\n---", anchors=False)


def chart(
    page: str,
    drawn: tuple[pl.DataFrame, charts.Spec],
    title: str,
    alt: str,
    rows: pl.DataFrame,
    address: str,
    *,
    small: bool = False,
) -> pictures.Picture:
    """A chart under its title; returned is what a picture of it needs."""
    data, spec = drawn
    if not small:
        st.subheader(title, anchor=False)
    st.vega_lite_chart(data, spec, alt=alt)
    cited = sorted(
        {
            f"{row['source_title']} ({figures.day(row['source_published'])}) {row['locator']}"
            for row in rows.iter_rows(named=True)
        }
    )
    return pictures.Picture(title, data, spec, listed(cited[:4]) + (" …" if len(cited) > 4 else ""), address)


def table(rows: pl.DataFrame, alt: str = "") -> None:
    """The rows as a table: what, where, when, how much as printed, which kind, from where."""
    several = rows["park_id"].n_unique() > 1
    shown = [
        {_("指标"): name(row, "indicator")}
        | ({_("地区"): name(row, "park")} if several else {})
        | {
            _("时期"): figures.period(row["period"]).replace(" ", NO_BREAK),
            _("数值"): figures.number(row, printed=True),
            _("增长"): f"{row['growth_text']}%" if row["growth_text"] else "—",
            _("来源"): figures.cited(row),
            _("性质与依据"): f"{figures.evidence(row['evidence'])} · {row['formula'] or row['locator']}",
        }
        for row in rows.iter_rows(named=True)
    ]
    grid(shown, alt or _("上图各点的数值与来源"), right=(_("数值"), _("增长")))


def noted(rows: pl.DataFrame) -> list[Row]:
    """Rows of which a reader must know more than their cells say."""
    if "note" not in rows.columns or "indicator_id" not in rows.columns:
        return []
    return [row for row in rows.iter_rows(named=True) if row["note"] or row.get("status") == "not_published"]


def remarks(rows: list[Row]) -> None:
    """What a reader must know of single rows."""
    lines = []
    for row in rows[:REMARKS]:
        when = figures.period(row["period"]) if "period" in row else str(row["year"])
        note = row["note"] or _("原文只给增速，数值未公布")
        lines.append(
            _(
                "- **{indicator}**（{where}）：{note}",
                indicator=plain(name(row, "indicator")),
                where=f"{name(row, 'park')} {when}",
                note=plain(note),
            )
        )
    if len(rows) > REMARKS:
        lines.append(_("- 其余 {n} 条见下载文件", n=len(rows) - REMARKS))
    st.markdown("\n".join(lines))


def grid(shown: list[Row], alt: str, right: tuple[str, ...] = (), *, wrapped: bool = False) -> None:
    """Rows of text: a plain table whose cells wrap, on a phone a list, or a grid to scroll where the rows are many.

    A plain table costs the browser a third of what a grid costs, and nothing in it is cut.
    right: columns of numbers; wrapped: a plain table however many the rows are, in a window of its own.
    """
    if not shown:
        return
    if wrapped or len(shown) <= WHOLE_TABLE:
        most = CARDS if screen.phone() else WHOLE_TABLE
        with st.container(height=LIST if len(shown) > most else "content"):
            st.markdown(cards(shown, right) if screen.phone() else written(shown, right), anchors=False)
        return
    if screen.phone():
        st.space("small")  # a finger's tools stand above a grid, over whatever is there
    columns: dict[str, Any] = {}
    for place, label in enumerate(shown[0]):
        longest = max(_width(str(row[label] or "")) for row in shown)
        pixels = int(min(460, max(_width(label), longest) * 7.0 + 22))
        side: Any = "right" if label in right else "left"
        held = place == 0 and pixels <= (HALF_A_PHONE if screen.phone() else pixels)
        columns[label] = st.column_config.TextColumn(label, width=pixels, alignment=side, pinned=held)
    frame = pl.DataFrame(shown, infer_schema_length=None)
    height: Any = 600 if len(shown) > SCROLLED else "content"
    st.dataframe(frame, hide_index=True, column_config=columns, alt=alt, height=height)


def cards(shown: list[Row], right: tuple[str, ...] = ()) -> str:
    """Rows of text for a phone, one below the other: what it is, where, when and how much, and the rest in grey."""
    pair, apart = ("{}：{}", "；") if lang() == "zh" else ("{}: {}", "; ")
    numbers = [list(shown[0]).index(label) for label in right]
    first, last = (min(numbers), max(numbers)) if numbers else (1, 0)
    entries = []
    for row in shown:
        called, *others = [(label, str(text or "—")) for label, text in row.items()]
        told = [  # place and period stand before the numbers and need no label
            text if place < first else pair.format(label, text)
            for place, (label, text) in enumerate(others, start=1)
            if place <= last and text != "—"
        ]
        rest = [pair.format(label, text) for label, text in others[last:] if text != "—"]
        lines = [
            f"**{plain(called[1])}**",
            plain(" · ".join(told)),
            f":gray[{plain(apart.join(rest))}]" if rest else "",
        ]
        entries.append("  \n".join(line for line in lines if line))
    return "\n\n".join(entries)


def written(shown: list[Row], right: tuple[str, ...] = ()) -> str:
    """Rows of text as a table in Markdown, the columns of `right` aligned to the right."""
    rules = ["--:" if label in right else ":--" for label in shown[0]]
    cells = [[_cell(str(text or ""), whole=label in right) for label, text in row.items()] for row in shown]
    return "\n".join(f"| {' | '.join(row)} |" for row in [list(map(_cell, shown[0])), rules, *cells])


def catalogued(entries: list[tuple[str, list[str], str]]) -> None:
    """A long list to read: what each is, its facts in one quiet line, and what there is to say of it."""
    lines = [
        "  \n".join(line for line in (f"**{called}**", f":gray[{plain(' · '.join(facts))}]", plain(said)) if line)
        for called, facts, said in entries
    ]
    with st.container(height=LIST if len(entries) > SCROLLED else "content"):
        st.markdown("\n\n".join(lines) or _("没有找到。请换个词，或清空查找。"))


def linked(text: str, url: str | None) -> str:
    """Text in Markdown, with its address where there is one."""
    return f"[{plain(text)}]({url})" if url else plain(text)


def _cell(text: str, *, whole: bool = False) -> str:
    """A cell in Markdown; whole: a short number stays with its unit.

    Short words do not break: Chinese would, after any character, to make room for other columns.
    """
    words = [CHINESE_PAIR.sub(JOINER, word) if _width(word) <= UNBROKEN else word for word in text.split(" ")]
    space = NO_BREAK if whole and _width(text) <= UNBROKEN else " "
    return plain(space.join(words)).replace("|", "\\|").replace("\n", " ")


def _width(text: str) -> float:
    return sum(1.8 if ord(character) > 0x2E80 else 1.0 for character in text)


def targets_table(rows: pl.DataFrame) -> None:
    """Targets as a table: what, for which year, what was asked, how firmly, from where."""
    several = rows["park_id"].n_unique() > 1
    shown = [
        {_("目标"): name(row, "indicator")}
        | ({_("地区"): name(row, "park")} if several else {})
        | {
            _("年度"): str(row["year"]),
            _("要求"): figures.aim(row),
            _("措辞"): figures.strength(row["strength"]),
            _("来源"): figures.cited(row),
            _("依据"): row["locator"],
        }
        for row in rows.iter_rows(named=True)
    ]
    grid(shown, _("目标、年度、要求与出处"), right=(_("要求"),))


def empty(top: Any) -> None:
    """No row fits: say so in the title's place, say what to change, and stop."""
    top.title(_("没有符合条件的数据"), anchor=False)
    st.info(_("请增加地区或指标，放宽时期，或按“恢复默认”。"), icon=":material/search_off:")
    st.stop()


def address(parameters: dict[str, str]) -> str:
    """The full address of this view; opened anywhere it shows the same."""
    base = str(st.context.url or "").partition("?")[0]
    base = f"{base}/" if base.count("/") == SLASHES else base
    return f"{base}?{urlencode(parameters, safe=',')}"


def actions(
    page: str,
    view: str,
    rows: pl.DataFrame,
    link: str,
    title: str,
    drawn: list[pictures.Picture],
    indicators: pl.DataFrame,
    span: tuple[str | None, str | None] = (None, None),
) -> None:
    """The row of quiet actions: copy link and citation, download, sources, remarks; each made when it is opened."""
    language, key, remarked = lang(), f"{page}_{view}", noted(rows)

    @st.fragment  # to open one runs this row and not the page
    def menus() -> None:
        choose(language, None)  # a fragment runs without the router
        with st.container(horizontal=True):
            with downloads.opened(_("复制链接"), "link", f"{key}_link") as wanted:
                if wanted:
                    quoted(link, citation(title, link, rows))
            downloads.menu(page, view, rows, drawn, span)
            if "source_title" in rows.columns:  # a list of sources has none of its own
                count = rows["source_id"].n_unique()
                with downloads.opened(_("来源 {n} 种", n=count), "menu_book", f"{key}_sources") as wanted:
                    if wanted:
                        sources(rows, indicators)
            if remarked:
                with downloads.opened(_("说明 {n} 条", n=len(remarked)), "info", f"{key}_notes") as wanted:
                    if wanted:
                        remarks(remarked)

    menus()


def quoted(link: str, cited: str) -> None:
    """The link of this view and a ready citation, each to copy with one click."""
    st.code(link, language=None, wrap_lines=True)
    st.caption(_("引用"))
    st.code(cited, language=None, wrap_lines=True)


def citation(title: str, link: str, rows: pl.DataFrame) -> str:
    """A ready citation: title, data version, link."""
    version = rows["data_version"][0] if rows.height and "data_version" in rows.columns else ""
    if lang() == "zh":
        return f"园区指标浏览器．{title}．数据版本 {version}．{link}"
    return f"Park Explorer. {title}. Data version {version}. {link}"


def sources(rows: pl.DataFrame, indicators: pl.DataFrame) -> None:
    """Every source on the screen with its locators, and every definition."""
    said = []
    columns = ["source_id", "source_title", "source_url", "source_published"]
    for source in rows.select(columns).unique(maintain_order=True).iter_rows(named=True):
        here = rows.filter(pl.col("source_id") == source["source_id"])["locator"].unique(maintain_order=True).to_list()
        title = linked(source["source_title"], source["source_url"])
        places = plain(listed(here[:LOCATORS])) + (" …" if len(here) > LOCATORS else "")
        said.append(f"{title}  \n:gray[{figures.day(source['source_published'])} · {places}]")
    if "indicator_id" in rows.columns:
        used = indicators.filter(pl.col("indicator_id").is_in(rows["indicator_id"].unique().to_list()))
        for row in used.iter_rows(named=True):
            said.append(f"**{plain(name(row, 'name'))}**  \n:gray[{plain(name(row, 'definition'))}]")
    st.markdown("\n\n".join(said))


def plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    for mark in "\\`*_[]$~":
        text = text.replace(mark, "\\" + mark)
    return text


def carried() -> dict[str, str]:
    """What a link to another page takes along: language and place."""
    return {key: st.query_params[key] for key in ("lang", "park") if key in st.query_params}
